//! One request and its reply, as the redactor sees them.
//!
//! Owns: the way of each text through scan and treatment, in both directions, whole and streamed,
//! and what the reply needs to know of its request. Never decides on which thread (`handle.rs`).

mod again;
mod glance;
#[cfg(test)]
mod hostile_tests;
mod messages;
mod plain;
mod reply;
mod running;
mod slots;
mod texts;
mod who;

pub use reply::{Passed, RedactedReply, ReplyRedactor};
pub use who::Who;

pub(crate) use plain::PlainText;
pub(crate) use reply::WholeReply;
pub(crate) use texts::{Texts, rewrite_all};
pub(crate) use who::Party;

//! Stand-ins for values: made for requests, turned back in replies.
//!
//! Owns: their spelling, the key that they are made with, and the values behind them, in memory
//! that is wiped. Never gives a value to another client key than the one it came from.
//!
//! A stand-in is `NENYA_<KIND>_<TAG>`: letters, digits and `_` only, so that no model needs to
//! escape it. The tag is a keyed digest of the client key's id and the value: the same value has
//! the same tag throughout a conversation, so that the provider's prompt cache stays warm, and
//! nobody without the key can relate the tags of two client keys, or try values.

mod restore;
mod spelling;
mod store;

pub(crate) use restore::Restore;
pub(crate) use spelling::{Kind, Tag, spelt};
pub use store::PlaceholderLimits;
pub(crate) use store::{Owner, PlaceholderStore, Secret, StandIns};

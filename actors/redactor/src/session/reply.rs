//! A reply on its way to the client: texts are scanned and stand-ins turned back, whole or event
//! by event.
//!
//! Owns: one running text for each choice, block and tool call, and what of it is held back.
//! Where nothing is held and nothing was found, an event passes as the bytes that it came in.
//! Never ends a stream itself: it says that it must be ended, and why.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use wire::events::{self, Ends, EventTexts, Flow, Group, Slot, SlotKey};
use wire::{JsonLimits, TextKind, reply_texts, sse};

use super::running::Running;
use super::texts::rewrite_all;
use crate::error::RedactError;
use crate::findings::Findings;
use crate::prompt::{Noted, Work};
use crate::redacted::Seed;
use crate::rule_set::RuleSet;

/// What may be passed on.
#[derive(Debug)]
pub enum Passed {
    /// All that is decided; what is held back comes later.
    All(Bytes),
    /// This, and then the reply must be ended, for this reason.
    UpTo(Bytes, RedactError),
}

/// Takes out of one reply what may not pass, and turns stand-ins back into their values.
pub struct ReplyRedactor {
    seed: Seed,
    request: Findings,
    noted: Noted,
    running: Vec<RunningSlot>,
    /// Text without a format, such as `text/plain`.
    plain: Option<PlainText>,
    /// For texts on their way; kept so that a chunk allocates nothing.
    text: String,
}

/// A text that goes on from event to event.
struct RunningSlot {
    key: SlotKey,
    group: Group,
    place: String,
    running: Running,
    /// The last event that carried it, while something is held back: the held text is let go in
    /// a copy of it.
    template: Option<(Bytes, Slot)>,
}

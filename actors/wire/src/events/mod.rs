//! Where the texts of one event of a streamed reply stand, in any of the known formats.
//!
//! Owns: which strings go on in later events and under which key, which texts an event ends, and
//! how an event is written with other texts. Keeps nothing between two events: the keys carry
//! all that connects them.
//!
//! What no format says is still found: every string that `zones` calls text is a slot of its own,
//! so nothing readable passes unseen in formats that we do not know.
//!
//! Half of a surrogate pair (some providers cut an emoji in two) reads as U+FFFD and is written as
//! it was spelt, unless it was held back beyond its event; then it is written as U+FFFD.
//!
//! Called by: the redactor, for each event. Read next: `listener` (the formats), `key`, `rebuild`.

mod few;
mod key;
mod kinds;
mod listener;
mod rebuild;
#[cfg(test)]
mod session_tests;
mod steps;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::error::WireError;
use crate::scanner::{JsonLimits, scan};
use crate::texts::{TextSpan, chosen_edits, decoded, key_of, splice, without_repeats};
use crate::walk;
use few::Few;
pub use key::{End, SlotKey};
use listener::EventListener;
pub use rebuild::only_slot;

/// Whether a text goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// It is whole.
    #[default]
    Whole,
    /// Later events continue it under the same key, and it may continue an earlier one.
    Delta,
}

/// A text of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slot {
    /// Where it stands, and how it is to be read.
    pub span: TextSpan,
    /// Which running text it belongs to; means nothing for a whole one.
    pub key: SlotKey,
    /// Whether it goes on.
    pub flow: Flow,
}

/// The texts of one event.
#[derive(Clone)]
pub struct EventTexts {
    slots: Few<Slot, 4>,
    ends: Few<End, 2>,
    repeats: Few<usize, 2>,
    /// The name of the event that a slot of this one is let go in later, if it is another.
    later_name: Option<&'static str>,
}

/// Nesting and number of values in one event, of which there are thousands.
const LIMITS: JsonLimits = JsonLimits {
    max_depth: 128,
    max_values: 1_000_000,
};

/// Reads the data of one event, or a line of NDJSON.
///
/// # Errors
/// What [`scan`] refuses, except duplicate keys: an event is passed on whatever it says, and all
/// values are looked at. The caller decides what becomes of data that is not JSON.
#[inline]
pub fn event_texts(data: &[u8]) -> Result<EventTexts, WireError> {
    if is_done(data) {
        return Ok(EventTexts::of_done());
    }
    let mut listener = EventListener::new();
    scan(data, &LIMITS, &mut listener)?;
    Ok(listener.finish(data))
}

/// Reads one event of a session in which several replies come mixed, as in OpenAI's Realtime API:
/// what goes on is told apart by response and item, and an event ends nothing of another reply.
///
/// # Errors
/// As [`event_texts`].
pub fn session_event_texts(data: &[u8]) -> Result<EventTexts, WireError> {
    let mut listener = EventListener::mixed();
    scan(data, &LIMITS, &mut listener)?;
    Ok(listener.finish(data))
}

/// The mark that ends a stream and is no JSON.
fn is_done(data: &[u8]) -> bool {
    data.len() < 64 && data.trim_ascii() == b"[DONE]"
}

impl EventTexts {
    fn of_done() -> Self {
        let mut ends = Few::new();
        ends.push(End::Everything);
        Self {
            slots: Few::new(),
            ends,
            repeats: Few::new(),
            later_name: None,
        }
    }

    /// The texts, in order.
    #[inline]
    pub fn slots(&self) -> &[Slot] {
        self.slots.as_slice()
    }

    /// What ends with this event, after its own texts.
    #[inline]
    pub fn ends(&self) -> &[End] {
        self.ends.as_slice()
    }

    /// Whether the running text under `key` ends with this event, after its own texts.
    pub fn ends_key(&self, key: SlotKey) -> bool {
        self.ends().iter().any(|end| end.covers(key))
    }

    /// A text of the event with this data, decoded; empty if there is none of this number.
    pub fn text<'d>(&self, data: &'d [u8], number: usize) -> Cow<'d, str> {
        self.slots()
            .get(number)
            .map_or(Cow::Borrowed(""), |slot| decoded(data, &slot.span))
    }

    /// The key that a text of the event with this data is the value of, decoded.
    pub fn key<'d>(&self, data: &'d [u8], number: usize) -> Option<Cow<'d, str>> {
        key_of(data, &self.slots().get(number)?.span)
    }

    /// The place of a text, as in `choices[0].delta.content`.
    pub fn place(&self, data: &[u8], number: usize) -> String {
        self.slots()
            .get(number)
            .map_or_else(String::new, |slot| walk::place_of(data, slot.span.start))
    }

    /// The data with some texts replaced (decoded, by number); all other bytes are the same, except
    /// that log probabilities, which repeat the text, are emptied where any text changes.
    pub fn with_slots<S: AsRef<str>>(&self, data: &[u8], replacements: &[(usize, S)]) -> Bytes {
        let spans: Vec<_> = self.slots().iter().map(|slot| slot.span).collect();
        let edits = chosen_edits(data, &spans, replacements);
        splice(data, &without_repeats(data, edits, self.repeats.as_slice()))
    }

    /// The `event:` name that goes with [`only_slot`] of this event, where it is not the event's
    /// own.
    pub fn only_slot_name(&self) -> Option<&'static str> {
        self.later_name
    }
}

impl fmt::Debug for EventTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventTexts")
            .field("slots", &self.slots())
            .field("ends", &self.ends())
            .finish_non_exhaustive()
    }
}

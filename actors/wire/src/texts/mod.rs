//! The texts of a document: where they stand, and which of them belong together.
//!
//! Owns: the list of strings that a model or a person reads, and the splice that replaces a few
//! and keeps every other byte. Never decides what to replace: the caller does.
//!
//! Called by: the chat request, the events, and the edge for bodies of other routes. Read next:
//! `chain` (adjacent parts), `splice` (replacing), `document` (whole documents), `unpack`
//! (documents in base64).

mod chain;
mod document;
mod splice;
#[cfg(test)]
mod tests;
mod unpack;

use std::ops::Range;

use bytes::Bytes;

use crate::error::WireError;
use crate::escape::decode_onto;
use crate::named::is_value;
use crate::scanner::{JsonLimits, Listener, Text, Value, scan};
use crate::walk;
pub(crate) use chain::{Chain, Place};
pub use document::{JsonTexts, reply_texts, request_texts};
pub(crate) use document::{decoded, key_of, without_repeats};
pub(crate) use splice::{Edit, chosen_edits, collect_edits, splice};
pub use unpack::{repacked, unpacked};

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextKind {
    /// As it is.
    #[default]
    Plain,
    /// As JSON inside of a string, as the arguments of a tool call are; see
    /// [`Fragment`](crate::Fragment).
    Json,
    /// As the text that it stands for ([`unpacked`]), and as nothing else.
    Base64,
    /// As that, and as it is.
    PlainOrBase64,
}

/// A string that is text: the bytes between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextSpan {
    /// Offset of the first byte after the opening quote.
    pub start: usize,
    /// Offset of the closing quote.
    pub end: usize,
    /// Whether the spelling has escapes.
    pub escaped: bool,
    /// How it is to be read.
    pub kind: TextKind,
    /// Whether it directly continues the text before it: both are adjacent parts of one message.
    pub joins: bool,
    /// Bytes from the key that stands directly before it to the text, counted between their first
    /// ones; 0 if nothing is known, as of a key with escapes. Backwards, so that it stays true where
    /// another text is replaced.
    key_back: u32,
    /// Length of that key.
    key_len: u8,
}

impl TextSpan {
    /// Appends the text to `out`, decoded; `body` is the document that it stands in.
    #[inline]
    pub fn append_to(&self, body: &[u8], out: &mut Vec<u8>) {
        let raw = body.get(self.start..self.end).unwrap_or_default();
        match self.escaped {
            true => decode_onto(raw, out),
            false => out.extend_from_slice(raw),
        }
    }

    /// The key that the text is the value of, or the first in a list of values of, as `body`
    /// spells it; `None` if there is none.
    #[inline]
    pub fn spelt_key<'b>(&self, body: &'b [u8]) -> Option<&'b [u8]> {
        match self.plain_key(body) {
            Some(key) => Some(key),
            None => self.key_before(body),
        }
    }

    /// The same where it stands directly before the text and has no escapes, which most have not;
    /// `None` says nothing.
    #[inline]
    pub fn plain_key<'b>(&self, body: &'b [u8]) -> Option<&'b [u8]> {
        let back = usize::try_from(self.key_back).ok()?;
        let start = self.start.checked_sub(back).filter(|_| back > 0)?;
        let key = body.get(start..start + usize::from(self.key_len))?;
        (!is_value(key)).then_some(key)
    }

    /// The same span with the key at this place, unless that is empty, long or far.
    #[inline]
    fn after(self, key: &Range<usize>) -> Self {
        let back = u32::try_from(self.start - key.start);
        match (back, u8::try_from(key.len())) {
            (Ok(key_back), Ok(key_len @ 1..)) => Self {
                key_back,
                key_len,
                ..self
            },
            _ => self,
        }
    }

    fn key_before<'b>(&self, body: &'b [u8]) -> Option<&'b [u8]> {
        let key = walk::key_before(body, self.start)?;
        body.get(key.start + 1..key.end - 1)
    }

    /// What stands between the quotes.
    pub(crate) fn raw<'a>(&self, body: &'a [u8]) -> &'a str {
        let raw = body.get(self.start..self.end).unwrap_or_default();
        std::str::from_utf8(raw).unwrap_or_default()
    }
}

/// Collects texts while a document is scanned. `UNIQUE` says whether duplicate keys are refused.
#[derive(Debug, Default)]
pub(crate) struct TextCollector<const UNIQUE: bool = true> {
    pub(crate) spans: Vec<TextSpan>,
    /// Decoded length of all of them together.
    pub(crate) bytes: u64,
    /// Where the keys end whose values repeat the text token by token.
    pub(crate) repeats: Vec<usize>,
    chain: Chain,
    /// The key whose value comes next; empty if none does.
    key: Range<usize>,
}

impl<const UNIQUE: bool> TextCollector<UNIQUE> {
    /// The place of the value that follows `key`, which says `name`.
    #[inline]
    pub(crate) fn place(&mut self, object: Place, key: &Text<'_>, name: &[u8]) -> Place {
        self.key = match key.escaped() {
            false => key.start()..key.end(),
            true => 0..0,
        };
        self.chain.member(object, name)
    }

    #[inline(always)]
    pub(crate) fn take(&mut self, place: Place, value: Value<'_>) {
        let key = std::mem::take(&mut self.key);
        match value {
            Value::Text(text) => self.text(place, &text, key),
            Value::Object => self.chain.element(place),
            _ => {}
        }
    }

    #[inline(always)]
    fn text(&mut self, place: Place, text: &Text<'_>, key: Range<usize>) {
        let mut span = self.chain.span(place, text);
        // Replies are converted for clients, who unpack for themselves.
        if UNIQUE && unpack::may_hold(place) {
            span = unpack::marked(text, span);
        }
        if let Some(span) = span {
            self.bytes += text.decoded_len() as u64;
            self.spans.push(span.after(&key));
        }
    }
}

impl<'a, const UNIQUE: bool> Listener<'a> for TextCollector<UNIQUE> {
    type Context = Place;
    const UNIQUE_KEYS: bool = UNIQUE;

    fn root(&mut self) -> Place {
        Place::TOP
    }

    #[inline]
    fn member(&mut self, object: Place, key: &Text<'a>) -> Result<Place, WireError> {
        let name = key.decoded();
        if repeats_text(&name) {
            self.repeats.push(key.end() + 1);
        }
        Ok(self.place(object, key, name.as_bytes()))
    }

    #[inline]
    fn value(&mut self, place: Place, value: Value<'a>) -> Result<(), WireError> {
        self.take(place, value);
        Ok(())
    }
}

/// Whether what follows this key in a reply says the text once more, token by token.
#[inline]
pub(crate) fn repeats_text(key: &str) -> bool {
    matches!(key, "logprobs" | "logprobsResult")
}

/// Every text of a JSON document, in order.
///
/// # Errors
/// What [`scan`] refuses.
pub fn text_spans(body: &[u8], limits: &JsonLimits) -> Result<Vec<TextSpan>, WireError> {
    let mut texts = TextCollector::<true>::default();
    scan(body, limits, &mut texts)?;
    Ok(texts.spans)
}

/// Visits every text of any JSON document; `Ok(None)` if nothing was replaced.
///
/// # Errors
/// Outside: what [`scan`] refuses, before the first visit. Inside: what the visitor returned.
pub fn rewrite_json_texts<E>(
    body: &Bytes,
    limits: &JsonLimits,
    visit: &mut dyn FnMut(&str) -> Result<Option<String>, E>,
) -> Result<Result<Option<Bytes>, E>, WireError> {
    let spans = text_spans(body, limits)?;
    Ok(collect_edits(body, &spans, visit).map(|edits| {
        if edits.is_empty() {
            None
        } else {
            Some(splice(body, &edits))
        }
    }))
}

//! Whole documents: their texts by number, and the same document with other texts.
//!
//! Called by: the redactor, for bodies of routes that are not parsed further, and for replies.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use super::{Edit, TextCollector, TextSpan, chosen_edits, splice};
use crate::error::WireError;
use crate::escape;
use crate::scanner::{JsonLimits, scan};
use crate::walk;

/// A document and where its texts stand.
#[derive(Clone)]
pub struct JsonTexts<'b> {
    body: &'b [u8],
    spans: Vec<TextSpan>,
    repeats: Vec<usize>,
}

/// The texts of any request.
///
/// # Errors
/// What [`scan`] refuses, duplicate keys included.
pub fn request_texts<'b>(body: &'b [u8], limits: &JsonLimits) -> Result<JsonTexts<'b>, WireError> {
    let mut texts = TextCollector::<true>::default();
    scan(body, limits, &mut texts)?;
    Ok(JsonTexts {
        body,
        spans: texts.spans,
        repeats: Vec::new(),
    })
}

/// The texts of a whole reply in any format.
///
/// Duplicate keys are taken: a reply is passed on whatever it says, and all values of both are
/// looked at.
///
/// # Errors
/// What else [`scan`] refuses.
pub fn reply_texts<'b>(body: &'b [u8], limits: &JsonLimits) -> Result<JsonTexts<'b>, WireError> {
    let mut texts = TextCollector::<false>::default();
    scan(body, limits, &mut texts)?;
    Ok(JsonTexts {
        body,
        spans: texts.spans,
        repeats: texts.repeats,
    })
}

impl<'b> JsonTexts<'b> {
    /// The exact bytes.
    pub fn body(&self) -> &'b [u8] {
        self.body
    }

    /// Where the texts stand, in order.
    pub fn texts(&self) -> &[TextSpan] {
        &self.spans
    }

    /// A text, decoded; empty if there is none of this number.
    pub fn text(&self, number: usize) -> Cow<'b, str> {
        self.spans
            .get(number)
            .map_or(Cow::Borrowed(""), |span| decoded(self.body, span))
    }

    /// The key that a text is the value of, or the first in a list of values of, decoded; `None` if
    /// there is none.
    pub fn key(&self, number: usize) -> Option<Cow<'b, str>> {
        key_of(self.body, self.spans.get(number)?)
    }

    /// The place of a text, as in `messages[2].content`.
    pub fn place(&self, number: usize) -> String {
        self.spans
            .get(number)
            .map_or_else(String::new, |span| walk::place_of(self.body, span.start))
    }

    /// The document with some texts replaced (decoded, by number); all other bytes are the same,
    /// except that log probabilities of a reply, which repeat the text token by token, are emptied
    /// (`null`, or `[]` for a list) where any text changes.
    pub fn with_texts<S: AsRef<str>>(&self, replacements: &[(usize, S)]) -> Bytes {
        let edits = chosen_edits(self.body, &self.spans, replacements);
        splice(self.body, &without_repeats(self.body, edits, &self.repeats))
    }
}

impl fmt::Debug for JsonTexts<'_> {
    /// Texts are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonTexts")
            .field("bytes", &self.body.len())
            .field("texts", &self.spans.len())
            .finish_non_exhaustive()
    }
}

/// A text of a document, decoded.
pub(crate) fn decoded<'b>(body: &'b [u8], span: &TextSpan) -> Cow<'b, str> {
    escape::decode_text(span.raw(body), span.escaped)
}

/// The key that a text is the value of.
pub(crate) fn key_of<'b>(body: &'b [u8], span: &TextSpan) -> Option<Cow<'b, str>> {
    let raw = std::str::from_utf8(span.spelt_key(body)?).ok()?;
    Some(escape::decode_text(raw, raw.contains('\\')))
}

/// Adds the edits that empty the values after these keys, if there are edits at all, and drops
/// those that lie inside of them.
pub(crate) fn without_repeats(body: &[u8], edits: Vec<Edit>, repeats: &[usize]) -> Vec<Edit> {
    if edits.is_empty() || repeats.is_empty() {
        return edits;
    }
    let mut all: Vec<Edit> = Vec::with_capacity(edits.len() + repeats.len());
    let mut waiting = edits.into_iter().peekable();
    let mut past = 0;
    for key_end in repeats {
        let at = walk::value_after(body, *key_end);
        if at.start < past {
            continue;
        }
        while let Some(edit) = waiting.next_if(|edit| edit.at.start < at.start) {
            all.push(edit);
        }
        while waiting.next_if(|edit| edit.at.start < at.end).is_some() {}
        past = at.end;
        let spelling: &[u8] = match body.get(at.start) {
            Some(b'[') => b"[]",
            _ => b"null",
        };
        all.push(Edit {
            number: usize::MAX,
            at,
            spelling: spelling.to_vec(),
            lengths: (0, 0),
        });
    }
    all.extend(waiting);
    all
}

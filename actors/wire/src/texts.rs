//! The texts of a document, and how some of them are replaced.
//!
//! Owns: the list of strings that a model or a person reads, and the splice that replaces a few
//! and keeps every other byte. Never decides what to replace: the caller's visitor does.
//!
//! Called by: the chat request, and the edge for bodies of other routes.

use bytes::Bytes;

use crate::error::WireError;
use crate::escape;
use crate::scanner::{JsonLimits, Listener, Text, Value, scan};
use crate::zones::{Zone, is_text, member};

/// A string that is text: the bytes between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextSpan {
    /// Offset of the first byte after the opening quote.
    pub start: usize,
    /// Offset of the closing quote.
    pub end: usize,
    /// Whether the spelling has escapes.
    pub escaped: bool,
}

/// What a visitor may do: nothing, give a replacement, or stop everything.
pub(crate) type Visitor<'v, E> = dyn FnMut(&str) -> Result<Option<String>, E> + 'v;

/// Collects texts while a document is scanned.
#[derive(Debug, Default)]
pub(crate) struct TextCollector {
    pub(crate) spans: Vec<TextSpan>,
    /// Decoded length of all of them together.
    pub(crate) bytes: u64,
}

impl TextCollector {
    #[inline]
    pub(crate) fn take(&mut self, zone: Zone, text: &Text<'_>) {
        if text.raw().is_empty() || !is_text(zone, text.raw()) {
            return;
        }
        self.bytes += text.decoded_len() as u64;
        self.spans.push(TextSpan {
            start: text.start(),
            end: text.start() + text.raw().len(),
            escaped: text.escaped(),
        });
    }
}

impl<'a> Listener<'a> for TextCollector {
    type Context = Zone;

    fn root(&mut self) -> Zone {
        Zone::Top
    }

    fn member(&mut self, object: Zone, key: &Text<'a>) -> Result<Zone, WireError> {
        Ok(member(object, &key.decoded()))
    }

    fn value(&mut self, zone: Zone, value: Value<'a>) -> Result<(), WireError> {
        if let Value::Text(text) = value {
            self.take(zone, &text);
        }
        Ok(())
    }
}

/// Every text of a JSON document, in order.
///
/// # Errors
/// What [`scan`] refuses.
pub fn text_spans(body: &[u8], limits: &JsonLimits) -> Result<Vec<TextSpan>, WireError> {
    let mut texts = TextCollector::default();
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

/// A text that is to be replaced.
#[derive(Debug)]
pub(crate) struct Edit {
    /// Which of the spans.
    pub(crate) number: usize,
    /// Its place in the old body.
    pub(crate) span: TextSpan,
    /// The new spelling, escaped.
    pub(crate) spelling: Vec<u8>,
    /// Decoded lengths before and after.
    pub(crate) lengths: (usize, usize),
}

/// Asks the visitor about each text.
pub(crate) fn collect_edits<E>(
    body: &[u8],
    spans: &[TextSpan],
    visit: &mut Visitor<'_, E>,
) -> Result<Vec<Edit>, E> {
    let mut edits = Vec::new();
    for (number, span) in spans.iter().enumerate() {
        let raw = body.get(span.start..span.end).unwrap_or_default();
        let text = escape::decode_text(std::str::from_utf8(raw).unwrap_or_default(), span.escaped);
        let Some(replacement) = visit(&text)? else {
            continue;
        };
        if replacement == text {
            continue;
        }
        let mut spelling = Vec::with_capacity(replacement.len() + 8);
        escape::escape_json(&replacement, &mut spelling);
        let lengths = (text.len(), replacement.len());
        edits.push(Edit {
            number,
            span: *span,
            spelling,
            lengths,
        });
    }
    Ok(edits)
}

/// The body with the edits in place; every byte outside of them is as it was.
pub(crate) fn splice(body: &[u8], edits: &[Edit]) -> Bytes {
    let grown: usize = edits.iter().map(|edit| edit.spelling.len()).sum();
    let mut out = Vec::with_capacity(body.len() + grown);
    let mut copied = 0;
    for edit in edits {
        out.extend_from_slice(body.get(copied..edit.span.start).unwrap_or_default());
        out.extend_from_slice(&edit.spelling);
        copied = edit.span.end;
    }
    out.extend_from_slice(body.get(copied..).unwrap_or_default());
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn rewrite(body: &str, mut visit: impl FnMut(&str) -> Option<String>) -> Option<String> {
        let body = Bytes::copy_from_slice(body.as_bytes());
        let limits = JsonLimits::default();
        let done = rewrite_json_texts::<Infallible>(&body, &limits, &mut |text| Ok(visit(text)));
        done.unwrap()
            .unwrap()
            .map(|body| String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn only_the_replaced_text_changes() {
        let body = "{ \"n\" : 1.10 , \"a\":\"x\\/y\",\"b\":[\"\\u0041KIA\"],  \"z\":1E2}";
        let out = rewrite(body, |text| (text == "AKIA").then(|| "\"new\"".to_owned()));
        assert_eq!(out.unwrap(), body.replace("\\u0041KIA", "\\\"new\\\""));
    }

    #[test]
    fn a_replacement_that_says_the_same_is_no_change() {
        assert_eq!(rewrite(r#"["\u0041"]"#, |text| Some(text.to_owned())), None);
    }

    #[test]
    fn keys_are_not_visited() {
        assert_eq!(
            rewrite(r#"{"secret":{"x":1}}"#, |_| Some("no".into())),
            None
        );
    }

    #[test]
    fn the_visitors_error_comes_through() {
        let body = Bytes::from_static(b"[\"a\"]");
        let result = rewrite_json_texts(&body, &JsonLimits::default(), &mut |_| Err(7));
        assert_eq!(result, Ok(Err(7)));
    }
}

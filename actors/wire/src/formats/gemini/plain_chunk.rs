//! The chunk that most of a stream is made of, one piece of text, in a single pass.
//!
//! Owns the shape of it and nothing else: whatever has another shape, another name or one member
//! more is for the general reader, which takes members in any spelling.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::canonical::raw::Raw;
use crate::canonical::text::Text;

/// What it says.
pub(super) struct Plain<'a> {
    pub(super) candidate: u32,
    pub(super) text: Text<'a>,
    pub(super) thought: bool,
    pub(super) usage: Option<Raw<'a>>,
}

impl<'a> Plain<'a> {
    /// `None` if the event is of any other shape.
    pub(super) fn of(data: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(data).ok()?;
        let chunk: Chunk<'a> = serde_json::from_str(text).ok()?;
        let (candidate,) = chunk.candidates;
        let (part,) = candidate.content.parts;
        Some(Self {
            candidate: candidate.index,
            text: Text::of_raw(part.text)?,
            thought: part.thought,
            usage: chunk.usage_metadata.filter(|usage| usage.get() != "null"),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Chunk<'a> {
    #[serde(borrow)]
    candidates: (Candidate<'a>,),
    #[serde(borrow, default)]
    usage_metadata: Option<&'a RawValue>,
    #[serde(default, rename = "modelVersion")]
    _model: IgnoredAny,
    #[serde(default, rename = "responseId")]
    _id: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Candidate<'a> {
    #[serde(borrow)]
    content: Content<'a>,
    #[serde(default)]
    index: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content<'a> {
    #[serde(borrow)]
    parts: (Part<'a>,),
    #[serde(default, rename = "role")]
    _role: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part<'a> {
    #[serde(borrow)]
    text: &'a RawValue,
    #[serde(default)]
    thought: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_read_and_all_else_is_left_to_the_general_reader() {
        let plain = br#"{"candidates": [{"content": {"parts": [{"text": "a\nb"}],"role": "model"},
            "index": 1}],"usageMetadata": {"promptTokenCount": 4},"modelVersion": "m"}"#;
        let said = Plain::of(plain).unwrap();
        assert_eq!((said.candidate, said.thought), (1, false));
        assert_eq!(said.text, Text::plain("a\nb"));
        assert!(said.usage.is_some());
        for other in [
            &br#"{"candidates":[{"content":{"parts":[{"text":"a"},{"text":"b"}]}}]}"#[..],
            br#"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}"#,
            br#"{"candidates":[{"content":{"parts":[{"text":"a","thoughtSignature":"x"}]}}]}"#,
            br#"{"candidates":[{"content":{"parts":[{"text":7}]}}]}"#,
            br#"{"candidates":[],"usage_metadata":{}}"#,
        ] {
            assert!(Plain::of(other).is_none());
        }
    }
}

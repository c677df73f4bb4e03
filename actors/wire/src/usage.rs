//! Token counts as providers report them.
//!
//! Owns the reading of `usage`. Never estimates: no record is `None`, and a field that is not
//! there is zero.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Tokens of one reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub prompt_tokens: u64,
    /// Tokens of the answer, reasoning included.
    pub completion_tokens: u64,
    /// Both together.
    pub total_tokens: u64,
    /// Part of the prompt that came from the provider's cache.
    pub cached_tokens: u64,
    /// Part of the answer that is reasoning.
    pub reasoning_tokens: u64,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
}

impl Usage {
    /// Reads the usage of a whole reply.
    pub fn from_reply(body: &[u8]) -> Option<Self> {
        memchr::memmem::find(body, b"\"usage\"")?;
        let reply: Reply<'_> = serde_json::from_slice(body).ok()?;
        Self::from_record(reply.usage?)
    }

    /// Reads the usage of one event's data, in the last chunk of a stream.
    ///
    /// Costs one search for events without usage, which are nearly all.
    pub fn from_event(data: &[u8]) -> Option<Self> {
        Self::from_reply(data)
    }

    pub(crate) fn from_record(record: &RawValue) -> Option<Self> {
        let record: Map<String, Value> = serde_json::from_str(record.get()).ok()?;
        // Embeddings and completions count in the first words, images and audio in the second.
        let either = |one: &str, other: &str| count(&record, one).max(count(&record, other));
        let prompt_tokens = either("prompt_tokens", "input_tokens");
        let completion_tokens = either("completion_tokens", "output_tokens");
        // A transcription may be counted in seconds, which are no tokens.
        if record.get("type").is_some_and(|kind| kind == "duration") {
            return None;
        }
        let sum = prompt_tokens.saturating_add(completion_tokens);
        Some(Self {
            prompt_tokens,
            completion_tokens,
            total_tokens: count(&record, "total_tokens").max(sum),
            cached_tokens: detail(&record, "prompt_tokens_details", "cached_tokens"),
            reasoning_tokens: detail(&record, "completion_tokens_details", "reasoning_tokens"),
        })
    }
}

fn count(record: &Map<String, Value>, key: &str) -> u64 {
    record.get(key).and_then(whole).unwrap_or(0)
}

fn detail(record: &Map<String, Value>, group: &str, key: &str) -> u64 {
    let group = record.get(group).and_then(Value::as_object);
    group.map_or(0, |group| count(group, key))
}

/// More tokens than any context holds: a larger count is a lie that would wrap sums.
const MOST_TOKENS: u64 = 1_000_000_000;

/// Some providers write counts as `12.0`.
fn whole(value: &Value) -> Option<u64> {
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        (number >= 0.0).then_some(number as u64)
    });
    whole.map(|count| count.min(MOST_TOKENS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_read() {
        let body = br#"{"id":"x","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
            "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}"#;
        let usage = Usage::from_reply(body).unwrap();
        assert_eq!(
            (
                usage.prompt_tokens,
                usage.completion_tokens,
                usage.total_tokens
            ),
            (10, 5, 15)
        );
        assert_eq!((usage.cached_tokens, usage.reasoning_tokens), (4, 3));
    }

    #[test]
    fn images_and_audio_count_input_and_output() {
        let image =
            br#"{"data":[],"usage":{"input_tokens":9,"output_tokens":4,"total_tokens":13}}"#;
        let usage = Usage::from_reply(image).unwrap();
        assert_eq!((usage.prompt_tokens, usage.completion_tokens), (9, 4));
        let audio = br#"{"text":"x","usage":{"type":"duration","seconds":7}}"#;
        assert_eq!(Usage::from_reply(audio), None);
    }

    #[test]
    fn chunks_without_usage_have_none() {
        for data in [
            "[DONE]",
            r#"{"usage":null}"#,
            r#"{"choices":[]}"#,
            r#"{"x":"\"usage\""}"#,
        ] {
            assert_eq!(Usage::from_event(data.as_bytes()), None, "{data}");
        }
    }

    #[test]
    fn odd_records_count_what_they_say() {
        let usage =
            Usage::from_event(br#"{"usage":{"prompt_tokens":7.0,"completion_tokens":"x"}}"#);
        assert_eq!(
            usage.unwrap(),
            Usage {
                prompt_tokens: 7,
                total_tokens: 7,
                ..Usage::default()
            }
        );
    }
}

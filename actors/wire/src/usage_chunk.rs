//! Takes the chunk with the usage out of a Chat Completions stream whose client did not ask for it.
//!
//! The gateway asks for it, to count what was spent; a client that indexes `choices` in every chunk
//! must not see one without.
//!
//! # Source
//! OpenAI API reference, Chat Completions, `stream_options.include_usage`: one more chunk before
//! `[DONE]`, its `choices` an empty array (read 22 Nov 2026).

use std::sync::LazyLock;

use bytes::Bytes;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::sse::events;

/// Made once: it is searched for in every chunk of a stream.
static USAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"usage\""));

#[derive(Deserialize)]
struct Chunk {
    choices: Vec<IgnoredAny>,
    usage: Option<IgnoredAny>,
}

/// Whole events without that chunk; the same bytes if it is not among them.
pub fn without_usage_chunk(whole: Bytes) -> Bytes {
    if USAGE.find(&whole).is_none() {
        return whole;
    }
    let hidden = |data: &[u8]| {
        serde_json::from_slice::<Chunk>(data)
            .is_ok_and(|chunk| chunk.choices.is_empty() && chunk.usage.is_some())
    };
    let mut out = Vec::with_capacity(whole.len());
    for event in events(&whole) {
        if !event.data.as_deref().is_some_and(hidden) {
            out.extend_from_slice(event.raw);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_chunk_without_choices_goes() {
        let text =
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\"\"}}],\"usage\":null}\n\n";
        let last = "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n";
        let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
        let done = "data: [DONE]\n\n";
        let whole = Bytes::from([text, last, usage, done].concat());
        assert_eq!(without_usage_chunk(whole), [text, last, done].concat());
    }
}

//! How much text passes, without reading the events.
//!
//! Owns where each format has it. What it gives is for an estimate alone: a member's name that
//! stands in an unusual place counts too, and an escape counts as it is spelt.

use memchr::memchr2;
use memchr::memmem::Finder;

use crate::format::ApiFormat;

/// See the module's text. One per stream.
pub(super) struct TextMeter {
    /// Names of members, quoted, the usual one first.
    names: Vec<Finder<'static>>,
}

impl TextMeter {
    pub(super) fn new(format: ApiFormat) -> Self {
        let names: &[&str] = match format {
            ApiFormat::OpenAiChat => &[
                "\"content\"",
                "\"arguments\"",
                "\"reasoning_content\"",
                "\"reasoning\"",
            ],
            ApiFormat::OpenAiResponses => &["\"delta\""],
            ApiFormat::Anthropic => &["\"text\"", "\"partial_json\"", "\"thinking\""],
            ApiFormat::Gemini => &["\"text\""],
            ApiFormat::Cohere => &["\"text\"", "\"arguments\"", "\"thinking\""],
            ApiFormat::Bedrock => &["\"text\"", "\"input\""],
            ApiFormat::Ollama => &["\"content\"", "\"thinking\""],
        };
        let names = names.iter().map(|name| Finder::new(*name)).collect();
        Self { names }
    }

    /// Bytes of text in the data of an event: of the first name that has some.
    pub(super) fn of(&self, data: &[u8]) -> usize {
        let all = self.names.iter().map(|name| {
            let places = name.find_iter(data);
            let lengths = places.map(|at| {
                let value = data.get(at + name.needle().len()..).unwrap_or_default();
                length_of_string(value)
            });
            lengths.sum()
        });
        all.into_iter().find(|length| *length > 0).unwrap_or(0)
    }
}

/// The length of the string behind a colon; 0 if there is none.
fn length_of_string(rest: &[u8]) -> usize {
    let value = rest.trim_ascii_start().strip_prefix(b":");
    let inside = value.and_then(|value| value.trim_ascii_start().strip_prefix(b"\""));
    let inside = inside.unwrap_or_default();
    let mut at = 0;
    while let Some(found) = memchr2(b'"', b'\\', inside.get(at..).unwrap_or_default()) {
        at += found;
        if inside.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(format: ApiFormat, data: &str) -> usize {
        TextMeter::new(format).of(data.as_bytes())
    }

    #[test]
    fn text_thinking_and_input_are_measured_and_nothing_else() {
        for (format, data, length_of_it) in [
            (
                ApiFormat::OpenAiChat,
                r#"{"delta":{"role":"assistant","content":""}}"#,
                0,
            ),
            (
                ApiFormat::OpenAiChat,
                r#"{"delta":{"content" : "a\"b"}}"#,
                4,
            ),
            (
                ApiFormat::OpenAiChat,
                r#"{"delta":{"content":null,"reasoning_content":"abc"}}"#,
                3,
            ),
            (
                ApiFormat::OpenAiChat,
                r#"{"choices":[{"delta":{"content":"ab"}},{"delta":{"content":"c"}}]}"#,
                3,
            ),
            (
                ApiFormat::Anthropic,
                r#"{"delta":{"type":"text_delta","text":"abcd"}}"#,
                4,
            ),
            (
                ApiFormat::Anthropic,
                r#"{"delta":{"type":"input_json_delta","partial_json":"{"}}"#,
                1,
            ),
            (
                ApiFormat::OpenAiResponses,
                r#"{"type":"response.output_text.delta","delta":"ab"}"#,
                2,
            ),
            (
                ApiFormat::Bedrock,
                r#"{"delta":{"toolUse":{"input":"{}"}}}"#,
                2,
            ),
            (ApiFormat::Cohere, r#"{"text":"torn"#, 0),
        ] {
            assert_eq!(length(format, data), length_of_it, "{data}");
        }
    }
}

//! Which API a path belongs to, and what it says that other APIs have in the body. Pure.
//!
//! Base paths of providers may stand before everything: it is the end of a path that counts.

use crate::formats::Format;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Chat,
    /// How many tokens a request has.
    Count,
    /// An answer that was given before.
    Stored,
    /// What one model is: Ollama's `show`.
    Show,
}

/// A path's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) format: Format,
    pub(crate) endpoint: Endpoint,
    /// The model, where the path names it.
    pub(crate) model: Option<String>,
    /// Whole or streamed, where the path says it.
    pub(crate) stream: Option<bool>,
    /// Gemini without `alt=sse`.
    pub(crate) array: bool,
}

impl Place {
    /// Reads a request's target; what is not known is OpenAI's chat.
    pub(crate) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut ends = path.rsplit('/');
        let mut next = || ends.next().unwrap_or_default();
        let (last, second, third, fourth) = (next(), next(), next(), next());
        Self::google(last, second, third, query)
            .or_else(|| Self::amazon(last, second, third))
            .or_else(|| Self::azure(last, second, third, fourth))
            .or_else(|| Self::fixed(last, second))
            .unwrap_or_else(|| Self::plain(Format::OpenAiChat, Endpoint::Chat))
    }

    fn plain(format: Format, endpoint: Endpoint) -> Self {
        Self {
            format,
            endpoint,
            model: None,
            stream: None,
            array: false,
        }
    }

    fn named(self, model: &str) -> Self {
        Self {
            model: Some(decoded(model)),
            ..self
        }
    }

    fn streamed(self, stream: bool) -> Self {
        Self {
            stream: Some(stream),
            ..self
        }
    }

    /// `models/{model}:{verb}`, of Gemini and of what others serve on Vertex.
    fn google(last: &str, second: &str, third: &str, query: &str) -> Option<Self> {
        if second != "models" {
            return None;
        }
        let last = decoded(last);
        let (model, verb) = last.rsplit_once(':')?;
        let publisher = match third {
            "anthropic" => Format::Anthropic,
            _ => Format::OpenAiChat,
        };
        let chat = Self::plain(Format::Gemini, Endpoint::Chat);
        let place = match verb {
            "generateContent" => chat.streamed(false),
            "streamGenerateContent" => Self {
                array: !query.split('&').any(|field| field == "alt=sse"),
                ..chat.streamed(true)
            },
            "countTokens" => Self::plain(Format::Gemini, Endpoint::Count),
            "rawPredict" => Self::plain(publisher, Endpoint::Chat).streamed(false),
            "streamRawPredict" => Self::plain(publisher, Endpoint::Chat).streamed(true),
            _ => return None,
        };
        // Encoded no more: a second decoding could change it.
        Some(Self {
            model: Some(model.to_owned()),
            ..place
        })
    }

    /// `model/{model}/{verb}`.
    fn amazon(last: &str, second: &str, third: &str) -> Option<Self> {
        if third != "model" {
            return None;
        }
        let chat = Self::plain(Format::Bedrock, Endpoint::Chat).named(second);
        Some(match last {
            "converse" => chat.streamed(false),
            "converse-stream" => chat.streamed(true),
            "count-tokens" => Self::plain(Format::Bedrock, Endpoint::Count).named(second),
            _ => return None,
        })
    }

    /// `deployments/{name}/chat/completions`.
    fn azure(last: &str, second: &str, third: &str, fourth: &str) -> Option<Self> {
        let known = (fourth, second, last) == ("deployments", "chat", "completions");
        known.then(|| Self::plain(Format::OpenAiChat, Endpoint::Chat).named(third))
    }

    fn fixed(last: &str, second: &str) -> Option<Self> {
        Some(match (second, last) {
            (_, "responses") => Self::plain(Format::OpenAiResponses, Endpoint::Chat),
            ("responses", "input_tokens") => Self::plain(Format::OpenAiResponses, Endpoint::Count),
            ("responses", id) => Self::plain(Format::OpenAiResponses, Endpoint::Stored).named(id),
            (_, "messages") => Self::plain(Format::Anthropic, Endpoint::Chat),
            ("messages", "count_tokens") => Self::plain(Format::Anthropic, Endpoint::Count),
            ("v2", "chat") => Self::plain(Format::Cohere, Endpoint::Chat),
            ("api", "chat") => Self::plain(Format::Ollama, Endpoint::Chat),
            ("api", "show") => Self::plain(Format::Ollama, Endpoint::Show),
            _ => return None,
        })
    }
}

/// Takes percent signs out; what is no escape stays.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| byte == b'%');
        let digits = escape.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) => {
                bytes.push(escaped);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told<'a> = (Format, Endpoint, Option<&'a str>, Option<bool>);

    #[test]
    fn every_path_of_the_providers_is_known() {
        use Endpoint::{Chat, Count, Show, Stored};
        use Format::{Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat, OpenAiResponses};
        let vertex = "/v1/projects/p/locations/l/publishers";
        let table: &[(&str, Told<'_>)] = &[
            ("/v1/chat/completions", (OpenAiChat, Chat, None, None)),
            (
                "/openai/v1/chat/completions",
                (OpenAiChat, Chat, None, None),
            ),
            (
                "/openai/deployments/d%2Bx/chat/completions?api-version=1",
                (OpenAiChat, Chat, Some("d+x"), None),
            ),
            (
                "/v1beta/openai/chat/completions",
                (OpenAiChat, Chat, None, None),
            ),
            ("/anything/else", (OpenAiChat, Chat, None, None)),
            ("/openai/v1/responses", (OpenAiResponses, Chat, None, None)),
            (
                "/v1/responses/resp_1?x=1",
                (OpenAiResponses, Stored, Some("resp_1"), None),
            ),
            (
                "/v1/responses/input_tokens",
                (OpenAiResponses, Count, None, None),
            ),
            ("/anthropic/v1/messages", (Anthropic, Chat, None, None)),
            ("/v1/messages/count_tokens", (Anthropic, Count, None, None)),
            (
                "/v1beta/models/golden-plain+chunks=1:generateContent",
                (Gemini, Chat, Some("golden-plain+chunks=1"), Some(false)),
            ),
            (
                "/v1beta/models/m%3AstreamGenerateContent?alt=sse",
                (Gemini, Chat, Some("m"), Some(true)),
            ),
            (
                "/v1beta/models/m:countTokens",
                (Gemini, Count, Some("m"), None),
            ),
            (
                &format!("{vertex}/google/models/m:generateContent"),
                (Gemini, Chat, Some("m"), Some(false)),
            ),
            (
                &format!("{vertex}/anthropic/models/m@1:streamRawPredict"),
                (Anthropic, Chat, Some("m@1"), Some(true)),
            ),
            (
                &format!("{vertex}/mistralai/models/m:rawPredict"),
                (OpenAiChat, Chat, Some("m"), Some(false)),
            ),
            ("/v2/chat", (Cohere, Chat, None, None)),
            (
                "/model/a%3Ab%2Fc/converse",
                (Bedrock, Chat, Some("a:b/c"), Some(false)),
            ),
            (
                "/x/model/m/converse-stream",
                (Bedrock, Chat, Some("m"), Some(true)),
            ),
            ("/model/m/count-tokens", (Bedrock, Count, Some("m"), None)),
            ("/api/chat", (Ollama, Chat, None, None)),
            ("/api/show", (Ollama, Show, None, None)),
        ];
        for (target, told) in table {
            let place = Place::of(target);
            let found = (
                place.format,
                place.endpoint,
                place.model.as_deref(),
                place.stream,
            );
            assert_eq!(found, *told, "{target}");
        }
    }

    #[test]
    fn a_stream_of_gemini_is_an_array_unless_asked_for_as_events() {
        let stream = "/v1beta/models/m:streamGenerateContent";
        assert!(Place::of(stream).array);
        assert!(!Place::of(&format!("{stream}?key=k&alt=sse")).array);
    }
}

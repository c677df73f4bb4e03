//! Requests that only ask how many tokens a prompt has.
//!
//! Owns how the four APIs that have such a request wrap a chat request in it, which fields of the
//! chat request they take, and how they say the number. The chat request within is read, redacted
//! and converted like any other. Never counts by itself.
//!
//! Called by the edge ([`chat_within`], [`write_count`]) and the providers
//! ([`convert_count_request`], [`read_count`]).
//!
//! # Source
//! `anthropic` 2.12.0, `message_count_tokens_params.py`; `openai` 3.54.0,
//! `input_token_count_params.py`; `google-genai` 3.4.0, `models.py`; `botocore` 1.44.5, shapes
//! CountTokensRequest and ConverseTokensRequest; all of November 2026.

use bytes::Bytes;

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::chat_request::ChatRequest;
use crate::convert::{Converted, Unconvertible, carries_foreign_seals, convert_request};
use crate::format::ApiFormat;
use crate::formats::Target;

/// How many tokens a prompt has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenCount {
    /// All of them.
    pub input: u64,
    /// Those that lie in a cache; only Gemini says it.
    pub cached: Option<u64>,
}

/// Where Gemini's API is spoken: the two places take different documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GeminiPlace {
    /// Google's own: the chat request stands under `generateContentRequest`.
    #[default]
    Developer,
    /// Vertex AI: its fields stand at the top.
    Vertex,
}

/// Fields of a chat request that count, by API.
const ANTHROPIC: [&str; 8] = [
    "model",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
    "cache_control",
];
const RESPONSES: [&str; 12] = [
    "model",
    "input",
    "instructions",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning",
    "text",
    "truncation",
    "conversation",
    "previous_response_id",
    "personality",
];
const VERTEX: [&str; 4] = ["contents", "systemInstruction", "tools", "generationConfig"];
const CONVERSE: [&str; 4] = [
    "messages",
    "system",
    "toolConfig",
    "additionalModelRequestFields",
];

/// Fields that do not count, whatever they say: how to answer, who asks, what is kept.
const COUNTS_NOTHING: [&str; 30] = [
    "stream",
    "stream_options",
    "max_tokens",
    "max_output_tokens",
    "max_tool_calls",
    "temperature",
    "top_p",
    "top_k",
    "top_logprobs",
    "stop_sequences",
    "metadata",
    "user",
    "safety_identifier",
    "service_tier",
    "speed",
    "inference_geo",
    "store",
    "background",
    "include",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "safetySettings",
    "toolConfig",
    "labels",
    "inferenceConfig",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "additionalModelResponseFieldPaths",
];

/// Whether an API can be asked for a count.
pub fn can_count(format: ApiFormat) -> bool {
    match format {
        ApiFormat::Anthropic
        | ApiFormat::OpenAiResponses
        | ApiFormat::Gemini
        | ApiFormat::Bedrock => true,
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama => false,
    }
}

/// The chat request in a request for a count, as bytes of the same buffer.
///
/// # Errors
/// A document that is not JSON; Bedrock's `invokeModel`, whose body is of no format that we know;
/// an API that has no such request.
pub fn chat_within(format: ApiFormat, body: &Bytes) -> Result<Bytes, FormatError> {
    let whole = raw::document(body)?;
    let within = match format {
        ApiFormat::Anthropic | ApiFormat::OpenAiResponses => whole,
        ApiFormat::Gemini => raw::member(whole, "generateContentRequest").unwrap_or(whole),
        ApiFormat::Bedrock => {
            let input = raw::member(whole, "input")
                .ok_or_else(|| FormatError::missing_in("input", whole))?;
            raw::member(input, "converse")
                .ok_or_else(|| FormatError::cannot_hold(format, "input.invokeModel", Some(input)))?
        }
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama => {
            return Err(FormatError::cannot_hold(format, "count_tokens", None));
        }
    };
    Ok(body.slice_ref(within.get().as_bytes()))
}

/// The request for a count in the format `to`, of the chat request that the client wants counted.
/// Also where `to` is the client's own format, if anything else than the model changes. With
/// `strict`, what would be noted is refused.
///
/// # Errors
/// As [`convert_request`]; an API that cannot be asked.
pub fn convert_count_request(
    request: &ChatRequest,
    to: ApiFormat,
    target: &Target<'_>,
    place: GeminiPlace,
    strict: bool,
) -> Result<Converted, Unconvertible> {
    let refused = |error: FormatError| Unconvertible {
        path: String::new(),
        field: error.field().to_owned(),
        cause: error.cause(),
    };
    if !can_count(to) {
        return Err(refused(FormatError::cannot_hold(to, "count_tokens", None)));
    }
    // In its own format a chat passes as it came, and leaves nothing out that a count could.
    let passes = request.format() == to && !carries_foreign_seals(request);
    let chat = convert_request(request, to, target, strict && !passes)?;
    let (body, lost) = wrapped(to, &chat.body, target.model, place).map_err(refused)?;
    let mut notes = chat.notes;
    notes.extend(lost);
    match notes.iter().find(|field| strict && counts(field)) {
        Some(field) => Err(Unconvertible::not_counted(field.as_str())),
        None => Ok(Converted {
            body: body.into(),
            notes,
        }),
    }
}

/// Whether a field may change the count.
fn counts(field: &str) -> bool {
    !COUNTS_NOTHING.contains(&field)
}

/// A chat request as a request for a count, and the names of what it takes no notice of though it
/// may count. Fields that do not count are left out, since the APIs refuse them.
fn wrapped(
    format: ApiFormat,
    chat: &[u8],
    model: &str,
    place: GeminiPlace,
) -> Result<(Vec<u8>, Vec<String>), FormatError> {
    let chat = raw::document(chat)?;
    let (mut out, mut lost) = (Out::default(), Vec::new());
    out.open();
    match (format, place) {
        (ApiFormat::Anthropic, _) => write_members(&mut out, chat, &ANTHROPIC, &mut lost)?,
        (ApiFormat::OpenAiResponses, _) => write_members(&mut out, chat, &RESPONSES, &mut lost)?,
        (ApiFormat::Bedrock, _) => {
            out.key("input").open().key("converse").open();
            write_members(&mut out, chat, &CONVERSE, &mut lost)?;
            out.close().close();
        }
        (ApiFormat::Gemini, GeminiPlace::Vertex) => {
            write_members(&mut out, chat, &VERTEX, &mut lost)?;
        }
        _ => {
            out.key("generateContentRequest").open();
            let name = model.strip_prefix("models/").unwrap_or(model);
            out.key("model").plain(&format!("models/{name}"));
            raw::each_member(chat, |key, value| {
                if key != "model" {
                    out.key(key).raw(value);
                }
                Ok(())
            })?;
            out.close();
        }
    }
    out.close();
    Ok((out.into_bytes(), lost))
}

fn write_members(
    out: &mut Out,
    chat: Raw<'_>,
    names: &[&str],
    lost: &mut Vec<String>,
) -> Result<(), FormatError> {
    raw::each_member(chat, |key, value| {
        if names.contains(&key) {
            out.key(key).raw(value);
        } else if counts(key) && key != "model" && !raw::is_null(value) {
            lost.push(key.to_owned());
        }
        Ok(())
    })
}

/// The count that a provider answers with.
///
/// # Errors
/// A document without it; an API that cannot be asked.
pub fn read_count(format: ApiFormat, body: &[u8]) -> Result<TokenCount, FormatError> {
    let field = match format {
        ApiFormat::Anthropic | ApiFormat::OpenAiResponses => "input_tokens",
        ApiFormat::Gemini => "totalTokens",
        ApiFormat::Bedrock => "inputTokens",
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama => {
            return Err(FormatError::cannot_hold(format, "count_tokens", None));
        }
    };
    let whole = raw::document(body)?;
    let input = raw::member(whole, field).and_then(raw::count);
    Ok(TokenCount {
        input: input.ok_or_else(|| FormatError::missing_in(field, whole))?,
        cached: raw::member(whole, "cachedContentTokenCount").and_then(raw::count),
    })
}

/// The count in a client's format; `None` for an API that has no such answer.
pub fn write_count(format: ApiFormat, count: TokenCount) -> Option<Bytes> {
    let mut out = Out::default();
    out.open();
    match format {
        ApiFormat::Anthropic => out.key("input_tokens").number(count.input),
        ApiFormat::OpenAiResponses => {
            out.key("object").plain("response.input_tokens");
            out.key("input_tokens").number(count.input)
        }
        ApiFormat::Gemini => {
            out.key("totalTokens").number(count.input);
            out.maybe_number("cachedContentTokenCount", count.cached)
        }
        ApiFormat::Bedrock => out.key("inputTokens").number(count.input),
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama => return None,
    };
    out.close();
    Some(out.into_bytes().into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::*;
    use crate::formats::golden::{differences, target};
    use crate::scanner::JsonLimits;

    fn golden(format: ApiFormat, file: &str) -> Bytes {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let path = folder.join(format.label()).join(file);
        std::fs::read(path).unwrap().into()
    }

    fn counting() -> impl Iterator<Item = ApiFormat> {
        ApiFormat::ALL
            .into_iter()
            .filter(|format| can_count(*format))
    }

    fn chat_request(format: ApiFormat) -> ChatRequest {
        let body = golden(format, "count-tokens.request.json");
        let chat = chat_within(format, &body).unwrap();
        let request = ChatRequest::parse_as(format, chat, &JsonLimits::default());
        request.unwrap().addressed("m", false).unwrap()
    }

    fn converted(from: ApiFormat, to: ApiFormat, place: GeminiPlace) -> Value {
        let request = chat_request(from);
        let converted = convert_count_request(&request, to, &target(), place, false);
        let converted = converted.unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
        serde_json::from_slice(&converted.body).unwrap()
    }

    #[test]
    fn a_count_request_comes_back_as_it_was() {
        for format in counting() {
            let original: Value =
                serde_json::from_slice(&golden(format, "count-tokens.request.json")).unwrap();
            let again = converted(format, format, GeminiPlace::Developer);
            let mut different = differences(&original, &again);
            // The model is the target's.
            different.retain(|path| !path.contains("/model:"));
            assert!(different.is_empty(), "{format}: {different:?}");
        }
    }

    #[test]
    fn every_api_can_ask_every_other() {
        const QUESTION: &str = "Why is the sky blue?";
        for from in counting() {
            for to in counting() {
                let body = converted(from, to, GeminiPlace::Developer).to_string();
                for word in [QUESTION, "one short sentence", "get_weather"] {
                    assert!(body.contains(word), "{from} to {to}: {word} in {body}");
                }
                for word in ["max_tokens", "maxTokens", "max_output_tokens", "store"] {
                    assert!(!body.contains(word), "{from} to {to}: {word} in {body}");
                }
            }
        }
    }

    fn count(body: &'static str, to: ApiFormat, strict: bool) -> Result<Converted, Unconvertible> {
        let body = Bytes::from_static(body.as_bytes());
        let request =
            ChatRequest::parse_as(ApiFormat::Anthropic, body, &JsonLimits::default()).unwrap();
        convert_count_request(&request, to, &target(), GeminiPlace::Developer, strict)
    }

    #[test]
    fn what_a_count_leaves_out_is_noted_or_refused_by_name() {
        const ASKED: &str = r#"{"model":"m","max_tokens":5,"temperature":1,"x_unknown":{"a":1},
            "messages":[{"role":"user","content":"hello"}]}"#;
        let own = "is no part of a count of tokens".to_owned();
        let other = ApiFormat::OpenAiResponses;
        let foreign = format!("cannot be said in the format {other}");
        for (to, why) in [(ApiFormat::Anthropic, own), (other, foreign)] {
            let noted = count(ASKED, to, false).unwrap();
            assert_eq!(noted.notes, ["x_unknown"], "{to}");
            let refused = count(ASKED, to, true).unwrap_err();
            assert_eq!(refused.path, "x_unknown", "{to}");
            let said = format!("`x_unknown` {why}; `formats.strict` refuses to leave it out");
            assert_eq!(refused.to_string(), said);
        }
    }

    #[test]
    fn how_to_answer_does_not_count_and_is_no_loss() {
        const ASKED: &str = r#"{"model":"m","max_tokens":5,"temperature":1,"stream":true,
            "metadata":{"user_id":"u"},"messages":[{"role":"user","content":"hello"}]}"#;
        let counted = count(ASKED, ApiFormat::Anthropic, true).unwrap();
        assert!(counted.notes.is_empty(), "{:?}", counted.notes);
    }

    #[test]
    fn vertex_has_the_fields_at_the_top() {
        let body = converted(ApiFormat::Anthropic, ApiFormat::Gemini, GeminiPlace::Vertex);
        assert!(body["contents"].is_array() && body["tools"].is_array());
        assert!(body.get("model").is_none());
    }

    #[test]
    fn every_count_can_be_told_to_every_client() {
        for from in counting() {
            let body = golden(from, "count-tokens.response.json");
            let count = read_count(from, &body).unwrap();
            assert!(count.input > 0);
            for to in counting() {
                let told = write_count(to, count).unwrap();
                assert_eq!(read_count(to, &told).unwrap().input, count.input);
            }
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let chat = Bytes::from_static(b"{}");
        assert!(chat_within(ApiFormat::Cohere, &chat).is_err());
        assert!(write_count(ApiFormat::Ollama, TokenCount::default()).is_none());
        let request = chat_request(ApiFormat::Anthropic);
        let place = GeminiPlace::Developer;
        let to = ApiFormat::OpenAiChat;
        let refused = convert_count_request(&request, to, &target(), place, false);
        assert_eq!(refused.unwrap_err().field, "count_tokens");
        let raw = Bytes::from_static(br#"{"input":{"invokeModel":{"body":"e30="}}}"#);
        let refused = chat_within(ApiFormat::Bedrock, &raw).unwrap_err();
        assert_eq!(refused.field(), "input.invokeModel");
        assert!(read_count(ApiFormat::Gemini, b"{}").is_err());
    }
}

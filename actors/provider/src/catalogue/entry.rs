//! One entry of a list: the model's name, and what the provider says of it. Pure.
//!
//! APIs agree on names only; limits and abilities go by many words, which are all looked for. What
//! an entry does not say stays unknown, and what it says in another type than expected too.
//!
//! # Source
//! The references of `page.rs`; for lists in OpenAI's shape the documents of OpenRouter ("List
//! available models"), Groq, Mistral ("List Available Models"), Together, vLLM (`max_model_len`),
//! LM Studio and llama.cpp (`meta.n_ctx_train`); read 2026-11-22.

use serde_json::Value;
use wire::ApiFormat;

use crate::facts::{ModelFacts, Price};

/// Beyond this a number of tokens is a mistake, and of no use.
const MOST_TOKENS: u64 = 1_000_000_000;

/// The name by which the model is asked for.
pub(super) fn name(format: ApiFormat, entry: &Value) -> Option<String> {
    let names: &[&str] = match format {
        ApiFormat::Bedrock => &["/modelId"],
        ApiFormat::Ollama => &["/model", "/name"],
        _ => &["/id", "/name"],
    };
    let own = entry.as_str().or_else(|| text(entry, names))?;
    // Gemini and Vertex AI give the name of the resource.
    let bare = match format {
        ApiFormat::Gemini => own.rsplit_once("models/").map_or(own, |(_, name)| name),
        _ => own,
    };
    Some(bare.to_owned())
}

/// What the entry says of the model.
pub(super) fn facts(format: ApiFormat, entry: &Value) -> ModelFacts {
    ModelFacts {
        max_context: tokens(entry, CONTEXT),
        max_output: tokens(entry, OUTPUT),
        vision: flag(entry, VISION)
            .or_else(|| lists(entry, MODALITIES, &["image", "IMAGE"]))
            .or_else(|| has(entry, "/features", &["vision"])),
        tools: flag(entry, TOOLS)
            .or_else(|| lists(entry, &["/supported_parameters"], &["tools"]))
            .or_else(|| has(entry, "/features", &["tools"])),
        reasoning: flag(entry, REASONING)
            .or_else(|| lists(entry, &["/supported_parameters"], &["reasoning"]))
            .or_else(|| has(entry, "/features", &["reasoning"])),
        input_price: price(format, entry, "prompt", "input"),
        output_price: price(format, entry, "completion", "output"),
    }
}

/// What Ollama shows of one model.
///
/// # Source
/// Ollama, docs/api.md, "Show Model Information": `model_info` has the context's length under the
/// name of the architecture, `capabilities` is a list of words.
pub(super) fn shown(body: &[u8]) -> Option<ModelFacts> {
    let shown: Value = serde_json::from_slice(body).ok()?;
    let info = shown.get("model_info").and_then(Value::as_object);
    let lengths = info.into_iter().flatten();
    let lengths = lengths.filter(|(name, _)| name.ends_with(".context_length"));
    let able = |word: &str| lists(&shown, &["/capabilities"], &[word]);
    Some(ModelFacts {
        max_context: lengths.filter_map(|(_, length)| count(length)).max(),
        vision: able("vision"),
        tools: able("tools"),
        reasoning: able("thinking"),
        ..ModelFacts::default()
    })
}

const CONTEXT: &[&str] = &[
    "/context_length",
    "/context_window",
    "/max_input_tokens",
    "/inputTokenLimit",
    "/max_context_length",
    "/max_model_len",
    "/limits/max_input_tokens",
    "/top_provider/context_length",
    "/meta/n_ctx_train",
];
const OUTPUT: &[&str] = &[
    "/max_completion_tokens",
    "/max_output_tokens",
    "/max_tokens",
    "/outputTokenLimit",
    "/limits/max_output_tokens",
    "/top_provider/max_completion_tokens",
];
const VISION: &[&str] = &[
    "/supports_vision",
    "/capabilities/vision",
    "/capabilities/image_input/supported",
];
const MODALITIES: &[&str] = &[
    "/architecture/input_modalities",
    "/input_modalities",
    "/inputModalities",
    "/supported_input_modalities",
];
const TOOLS: &[&str] = &[
    "/supports_tool_calls",
    "/supports_tools",
    "/capabilities/function_calling",
    "/capabilities/tools",
];
const REASONING: &[&str] = &[
    "/supports_reasoning",
    "/thinking",
    "/capabilities/reasoning",
    "/capabilities/thinking/supported",
];

fn text<'v>(entry: &'v Value, names: &[&str]) -> Option<&'v str> {
    names.iter().find_map(|name| entry.pointer(name)?.as_str())
}

fn tokens(entry: &Value, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| count(entry.pointer(name)?))
}

/// Cohere writes numbers of tokens with a fraction.
fn count(value: &Value) -> Option<u64> {
    let whole = || {
        let number = value.as_f64().filter(|number| (1.0..=1e9).contains(number));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and 10^9, as just compared"
        )]
        number.map(|number| number as u64)
    };
    value
        .as_u64()
        .or_else(whole)
        .filter(|count| (1..=MOST_TOKENS).contains(count))
}

fn flag(entry: &Value, names: &[&str]) -> Option<bool> {
    names.iter().find_map(|name| entry.pointer(name)?.as_bool())
}

/// Whether a list that is complete where it stands names one of these words.
fn lists(entry: &Value, names: &[&str], words: &[&str]) -> Option<bool> {
    let list = names
        .iter()
        .find_map(|name| entry.pointer(name)?.as_array())?;
    let named = |word: &Value| word.as_str().is_some_and(|word| words.contains(&word));
    Some(list.iter().any(named))
}

/// The same for a list that may leave things out: what it does not name stays unknown.
fn has(entry: &Value, name: &str, words: &[&str]) -> Option<bool> {
    lists(entry, &[name], words).filter(|named| *named)
}

/// OpenRouter writes dollars for one token as text, Together dollars for a million as numbers.
fn price(format: ApiFormat, entry: &Value, per_token: &str, per_million: &str) -> Option<Price> {
    if !matches!(
        format,
        ApiFormat::OpenAiChat | ApiFormat::OpenAiResponses | ApiFormat::Anthropic
    ) {
        return None;
    }
    let own = entry.get(format!("{per_million}_cost_per_1m"));
    let pricing = entry.get("pricing");
    let million = own.or_else(|| pricing?.get(per_million));
    if let Some(dollars) = million.and_then(Value::as_f64) {
        return Price::per_million(dollars);
    }
    let token = pricing?.get(per_token)?.as_str()?.parse::<f64>().ok()?;
    Price::per_million(token * 1e6)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn openrouters_words_are_understood() {
        let entry = json!({
            "id": "org/m", "context_length": 200_000,
            "architecture": {"input_modalities": ["text", "image"]},
            "supported_parameters": ["tools", "max_tokens"],
            "top_provider": {"max_completion_tokens": 64_000},
            "pricing": {"prompt": "0.000003", "completion": "0.000015"}
        });
        let facts = facts(ApiFormat::OpenAiChat, &entry);
        assert_eq!(facts.max_context, Some(200_000));
        assert_eq!(facts.max_output, Some(64_000));
        assert_eq!(
            (facts.vision, facts.tools, facts.reasoning),
            (Some(true), Some(true), Some(false))
        );
        assert_eq!(facts.input_price, Some(Price(3_000_000)));
        assert_eq!(facts.output_price, Some(Price(15_000_000)));
    }

    #[test]
    fn each_list_has_its_words() {
        let told = |format, entry: Value| {
            let facts = facts(format, &entry);
            (
                name(format, &entry).unwrap(),
                facts.max_context,
                facts.vision,
            )
        };
        assert_eq!(
            told(
                ApiFormat::Gemini,
                json!({"name": "models/g", "inputTokenLimit": 9, "thinking": true})
            ),
            ("g".to_owned(), Some(9), None)
        );
        assert_eq!(
            told(
                ApiFormat::Gemini,
                json!({"name": "publishers/google/models/g"})
            ),
            ("g".to_owned(), None, None)
        );
        assert_eq!(
            told(
                ApiFormat::Anthropic,
                json!({"id": "c", "max_input_tokens": 5, "capabilities": {"image_input": {"supported": true}}})
            ),
            ("c".to_owned(), Some(5), Some(true))
        );
        assert_eq!(
            told(
                ApiFormat::Cohere,
                json!({"name": "r", "context_length": 4096.0, "features": ["vision"]})
            ),
            ("r".to_owned(), Some(4096), Some(true))
        );
        assert_eq!(
            told(
                ApiFormat::Bedrock,
                json!({"modelId": "b:0", "inputModalities": ["TEXT"]})
            ),
            ("b:0".to_owned(), None, Some(false))
        );
    }

    #[test]
    fn odd_values_stay_unknown() {
        for entry in [
            json!({"id": "m", "context_length": 0, "max_tokens": -1, "capabilities": ["x"]}),
            json!({"id": "m", "context_length": "big", "thinking": "yes", "pricing": 7}),
            json!({"id": "m", "context_length": 1e30, "pricing": {"prompt": "-1"}}),
            json!("m"),
            json!(null),
        ] {
            let facts = facts(ApiFormat::OpenAiChat, &entry);
            assert_eq!(facts, ModelFacts::default(), "{entry}");
        }
    }

    #[test]
    fn what_ollama_shows_is_understood() {
        let body = json!({
            "model_info": {"general.architecture": "x", "x.context_length": 32_768, "y.context_length": 7},
            "capabilities": ["completion", "tools"]
        });
        let facts = shown(body.to_string().as_bytes()).unwrap();
        assert_eq!(facts.max_context, Some(32_768));
        assert_eq!(
            (facts.vision, facts.tools, facts.reasoning),
            (Some(false), Some(true), Some(false))
        );
    }
}

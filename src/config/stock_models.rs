//! The models that are known by name, so that an agent can name one without its provider.
//!
//! Owns plain data: name, provider, and, where the maker's own page was read, the largest prompt
//! and the largest answer in tokens. A prompt that is longer than the one is not sent to an agent's
//! target, and the other stands in requests that must name a limit: so a number that rests on
//! somebody's word is not here, and a model without one loses nothing. What a configuration and a
//! provider's list say of a model goes before it.
//!
//! # Source
//! Which provider a name belongs to: the model registry of the system whose configuration files are
//! read here, at its commit 90e4a92, but for `gpt-4o`, which was at `github`, and for what Google
//! put in the place of its previews. Limits, read on 2026-11-22 in the copies that were to be had:
//! - Anthropic: platform.claude.com, the overview page of each model; `claude-opus-4-7`:
//!   docs.aws.amazon.com, Bedrock, its model card. Gone: model deprecations there, and
//!   anthropic-sdk-python at 009b035, `DEPRECATED_MODELS`.
//! - DeepSeek: api-docs.deepseek.com, models & pricing.
//! - Google: docs.cloud.google.com, Gemini 3 Flash and Gemini 2.5 Flash. Gone:
//!   ai.google.dev/gemini-api/docs/deprecations.
//! - Mistral: mistralai/platform-docs-public at 222f4ba, `src/schema/models`, which knows no limit
//!   for answers.
//! - OpenAI: developers.openai.com, the page of `gpt-5.4`.
//! - Perplexity, gone: docs.perplexity.ai, pricing: its chat completions ended on 2026-09-27.
//! - xAI: docs.x.ai, models, Grok 4.3 and Grok 4.20 (a million, once two; no limit for answers).
//!   Gone: docs.x.ai, migration, retirement on 2026-05-15.
//! - Z.AI: docs.z.ai, guides, GLM-5.1 and GLM-4-32B-0414-128K.

/// A model that is known by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct StockModel {
    pub(super) name: &'static str,
    pub(super) provider: &'static str,
    pub(super) max_context: Option<u64>,
    pub(super) max_output: Option<u64>,
    /// Whether the provider serves it no more. Its name stands here still, so that configurations
    /// that have it load, and the provider says what became of it.
    gone: bool,
}

/// The known model of this name; letter case does not matter.
pub(super) fn stock_model(name: &str) -> Option<&'static StockModel> {
    STOCK_MODELS
        .iter()
        .find(|model| model.name.eq_ignore_ascii_case(name))
}

/// All known models that a provider serves, in a fixed order.
pub(super) fn stock_models_of(provider: &str) -> impl Iterator<Item = &'static StockModel> {
    STOCK_MODELS
        .iter()
        .filter(move |model| model.provider == provider && !model.gone)
}

/// The names of all known models that are still served.
pub fn stock_model_names<'a>() -> impl Iterator<Item = &'a str> {
    let served = STOCK_MODELS.iter().filter(|model| !model.gone);
    served.map(|model| model.name)
}

/// The known model of this name as `(provider, model)`; letter case does not matter.
pub fn provider_of_stock_model(name: &str) -> Option<(&'static str, &'static str)> {
    stock_model(name).map(|model| (model.provider, model.name))
}

/// Only its provider is known.
const fn named(provider: &'static str, name: &'static str) -> StockModel {
    StockModel {
        name,
        provider,
        max_context: None,
        max_output: None,
        gone: false,
    }
}

/// Its maker says no limit for answers.
const fn context(provider: &'static str, name: &'static str, tokens: u64) -> StockModel {
    StockModel {
        max_context: Some(tokens),
        ..named(provider, name)
    }
}

const fn model(
    provider: &'static str,
    name: &'static str,
    max_context: u64,
    max_output: u64,
) -> StockModel {
    StockModel {
        max_output: Some(max_output),
        ..context(provider, name, max_context)
    }
}

/// Its provider has turned it off.
const fn gone(provider: &'static str, name: &'static str) -> StockModel {
    StockModel {
        gone: true,
        ..named(provider, name)
    }
}

/// All known models.
pub(super) const STOCK_MODELS: &[StockModel] = &[
    model("anthropic", "claude-fable-5-1", 1_000_000, 128_000),
    model("anthropic", "claude-opus-5-5", 1_000_000, 128_000),
    model("anthropic", "claude-opus-5", 1_000_000, 128_000),
    model("anthropic", "claude-sonnet-5-5", 1_000_000, 128_000),
    model("anthropic", "claude-haiku-5-5", 1_000_000, 128_000),
    model("anthropic", "claude-opus-4-5", 200_000, 64_000),
    named("anthropic", "claude-opus-4-1-20250805"),
    gone("anthropic", "claude-opus-4-0"),
    model("anthropic", "claude-sonnet-4-5", 200_000, 64_000),
    gone("anthropic", "claude-sonnet-4-0"),
    model("anthropic", "claude-haiku-4-5", 200_000, 64_000),
    model("anthropic", "claude-opus-4-7", 1_000_000, 128_000),
    model("anthropic", "claude-opus-4-8", 1_000_000, 128_000),
    model("anthropic", "claude-fable-5", 1_000_000, 128_000),
    model("anthropic", "claude-sonnet-5", 1_000_000, 128_000),
    model("anthropic", "claude-opus-4-6", 1_000_000, 128_000),
    model("anthropic", "claude-sonnet-4-6", 1_000_000, 128_000),
    gone("anthropic", "claude-3-7-sonnet-20250219"),
    gone("anthropic", "claude-3-5-sonnet-20241022"),
    gone("anthropic", "claude-3-5-haiku-latest"),
    named("cerebras", "llama-3.3-70b"),
    model("deepseek", "deepseek-flash", 1_000_000, 384_000),
    model("deepseek", "deepseek-v4-pro", 1_000_000, 384_000),
    model("deepseek", "deepseek-v4-flash", 1_000_000, 384_000),
    named("gemini", "gemini-3.1-flash-lite"),
    gone("gemini", "gemini-3.1-flash-lite-preview"),
    model("gemini", "gemini-3-flash-preview", 1_048_576, 65_536),
    named("gemini", "gemini-3.5-flash"),
    named("gemini", "gemini-2.5-flash-lite"),
    model("gemini", "gemini-2.5-flash", 1_048_576, 65_535),
    named("gemini", "gemini-2.5-pro"),
    named("gemini", "gemini-3.1-pro-preview"),
    gone("gemini", "gemini-3-pro-preview"),
    named("gemini", "gemini-3.1-flash-image"),
    gone("gemini", "gemini-3.1-flash-image-preview"),
    named("gemini", "gemini-3-pro-image"),
    gone("gemini", "gemini-3-pro-image-preview"),
    named("github", "phi-3.5-mini-instruct"),
    named("groq", "llama-3.3-70b-versatile"),
    named("groq", "mixtral-8x7b-32768"),
    named("minimax_free", "minimax-m2.5"),
    context("mistral", "mistral-large-latest", 256_000),
    context("mistral", "mistral-small-latest", 256_000),
    context("mistral", "mistral-medium-latest", 256_000),
    context("mistral", "codestral-latest", 128_000),
    gone("mistral", "devstral-medium-latest"),
    gone("mistral", "magistral-medium-latest"),
    gone("mistral", "pixtral-large-latest"),
    named("moonshot", "kimi-k2"),
    named("moonshot", "kimi-k2.7-code"),
    named("moonshot", "kimi-k2.7-code-highspeed"),
    named("nvidia_free", "nemotron-3-super"),
    named("openai", "gpt-4o"),
    named("openai", "gpt-5.2"),
    named("openai", "gpt-5.3-codex"),
    named("openai", "gpt-5.3-codex-spark"),
    model("openai", "gpt-5.4", 1_050_000, 128_000),
    named("openai", "gpt-5.4-mini"),
    named("openai", "gpt-5.5"),
    named("openai", "gpt-5.4-nano"),
    named("openai", "gpt-5.5-pro"),
    named("openai", "codex-auto-review"),
    gone("perplexity", "sonar-pro"),
    gone("perplexity", "sonar-reasoning-pro"),
    gone("perplexity", "sonar-deep-research"),
    named("perplexity", "sonar"),
    named("qwen_free", "qwen-3.6-plus"),
    named("sambanova", "llama-3.1-405b-instruct"),
    named("together", "qwen2.5-72b-turbo"),
    gone("xai", "grok-4"),
    gone("xai", "grok-4-fast"),
    gone("xai", "grok-3"),
    named("xai", "grok-3-fast"),
    named("xai", "grok-3-mini"),
    context("xai", "grok-4.3", 1_000_000),
    named("xai", "grok-build-0.1"),
    context("xai", "grok-4.20-0309-reasoning", 1_000_000),
    named("xai", "grok-4.20-0309-non-reasoning"),
    named("xai", "grok-4.20-multi-agent-0309"),
    model("zai", "glm-5.1", 200_000, 128_000),
    named("zai", "glm-5.2"),
    named("zai", "glm-5-turbo"),
    named("zai", "glm-5v-turbo"),
    named("zai", "glm-5"),
    named("zai", "glm-4.7"),
    named("zai", "glm-4.7-flash"),
    named("zai", "glm-4.7-flashx"),
    named("zai", "glm-4.6"),
    named("zai", "glm-4.6v"),
    named("zai", "glm-4.5"),
    named("zai", "glm-4.5-air"),
    named("zai", "glm-4.5-flash"),
    named("zai", "glm-4.5v"),
    named("zai", "glm-4.5-airx"),
    named("zai", "glm-4.5-x"),
    named("zai", "glm-4.6v-flash"),
    named("zai", "glm-4.6v-flashx"),
    model("zai", "glm-4-32b-0414-128k", 128_000, 16_000),
    named("zen", "qwen3.5-plus"),
    named("zen", "minimax-m2.7"),
    named("zen", "minimax-m2.5-free"),
    named("zen", "kimi-k2.6"),
    named("zen", "kimi-k2.5"),
    named("zen", "kimi-k2-thinking"),
    named("zen", "big-pickle"),
    named("zen", "ling-2.6-flash-free"),
    named("zen", "hy3-preview-free"),
    named("zen", "nemotron-3-super-free"),
    named("zen", "gpt-5-nano"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::stock::stock;

    #[test]
    fn every_known_model_has_a_built_in_provider_and_a_name_of_its_own() {
        for model in STOCK_MODELS {
            assert!(stock(model.provider).is_some(), "{}", model.name);
            assert_eq!(
                STOCK_MODELS
                    .iter()
                    .filter(|other| other.name == model.name)
                    .count(),
                1,
                "{}",
                model.name
            );
        }
    }

    #[test]
    fn letter_case_does_not_matter() {
        assert_eq!(
            stock_model("GPT-4o").map(|model| model.provider),
            Some("openai")
        );
        assert!(stock_model("gpt-unknown").is_none());
    }

    #[test]
    fn a_model_that_is_gone_is_found_by_name_and_in_no_list() {
        for name in ["grok-3", "claude-3-7-sonnet-20250219", "sonar-pro"] {
            let model = stock_model(name).unwrap();
            assert_eq!((model.max_context, model.max_output), (None, None));
            assert!(stock_models_of(model.provider).all(|other| other.name != name));
        }
    }

    #[test]
    fn every_provider_of_a_model_serves_one() {
        for model in STOCK_MODELS {
            assert!(
                stock_models_of(model.provider).next().is_some(),
                "{}",
                model.provider
            );
        }
    }

    #[test]
    fn no_limit_is_that_of_a_free_tariff() {
        for model in STOCK_MODELS {
            assert!(model.max_context.is_none_or(|tokens| tokens >= 128_000));
            assert!(model.max_output.is_none_or(|tokens| tokens >= 16_000));
        }
    }
}

//! The models that are known by name, so that an agent can name one without its provider.
//!
//! Owns plain data: name, provider, largest prompt and largest answer in tokens. Anything that a
//! configuration says about a model goes before it.
//!
//! # Source
//! The model registry of the system whose configuration files are read here, at its commit
//! 90e4a92; models of Anthropic from 5 on and those of DeepSeek: the makers' own pages
//! (platform.claude.com, models; api-docs.deepseek.com, models & pricing), read on 2026-11-22.

/// A model that is known by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct StockModel {
    pub(super) name: &'static str,
    pub(super) provider: &'static str,
    pub(super) max_context: u64,
    pub(super) max_output: u64,
}

/// The known model of this name; letter case does not matter.
pub(super) fn stock_model(name: &str) -> Option<&'static StockModel> {
    STOCK_MODELS
        .iter()
        .find(|model| model.name.eq_ignore_ascii_case(name))
}

/// All known models of a provider, in a fixed order.
pub(super) fn stock_models_of(provider: &str) -> impl Iterator<Item = &'static StockModel> {
    STOCK_MODELS
        .iter()
        .filter(move |model| model.provider == provider)
}

const fn model(
    provider: &'static str,
    name: &'static str,
    max_context: u64,
    max_output: u64,
) -> StockModel {
    StockModel {
        name,
        provider,
        max_context,
        max_output,
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
    model("anthropic", "claude-opus-4-1-20250805", 200_000, 32_000),
    model("anthropic", "claude-opus-4-0", 200_000, 32_000),
    model("anthropic", "claude-sonnet-4-5", 200_000, 64_000),
    model("anthropic", "claude-sonnet-4-0", 200_000, 64_000),
    model("anthropic", "claude-haiku-4-5", 200_000, 64_000),
    model("anthropic", "claude-opus-4-7", 1_000_000, 128_000),
    model("anthropic", "claude-opus-4-8", 1_000_000, 128_000),
    model("anthropic", "claude-fable-5", 1_000_000, 128_000),
    model("anthropic", "claude-sonnet-5", 1_000_000, 128_000),
    model("anthropic", "claude-opus-4-6", 1_000_000, 128_000),
    model("anthropic", "claude-sonnet-4-6", 200_000, 64_000),
    model("anthropic", "claude-3-7-sonnet-20250219", 128_000, 8192),
    model("anthropic", "claude-3-5-sonnet-20241022", 200_000, 64_000),
    model("anthropic", "claude-3-5-haiku-latest", 200_000, 8192),
    model("cerebras", "llama-3.3-70b", 8192, 8192),
    model("deepseek", "deepseek-flash", 1_000_000, 384_000),
    model("deepseek", "deepseek-v4-pro", 1_000_000, 384_000),
    model("deepseek", "deepseek-v4-flash", 1_000_000, 384_000),
    model("gemini", "gemini-3.1-flash-lite-preview", 1_048_576, 65_536),
    model("gemini", "gemini-3-flash-preview", 1_048_576, 65_536),
    model("gemini", "gemini-3.5-flash", 1_048_576, 65_536),
    model("gemini", "gemini-2.5-flash-lite", 1_048_576, 65_536),
    model("gemini", "gemini-2.5-flash", 1_048_576, 65_536),
    model("gemini", "gemini-2.5-pro", 1_048_576, 65_536),
    model("gemini", "gemini-3.1-pro-preview", 1_048_576, 65_536),
    model("gemini", "gemini-3-pro-preview", 1_048_576, 65_536),
    model(
        "gemini",
        "gemini-3.1-flash-image-preview",
        1_048_576,
        65_536,
    ),
    model("gemini", "gemini-3-pro-image-preview", 1_048_576, 65_536),
    model("github", "gpt-4o", 8000, 4096),
    model("github", "phi-3.5-mini-instruct", 128_000, 4096),
    model("groq", "llama-3.3-70b-versatile", 131_072, 8192),
    model("groq", "mixtral-8x7b-32768", 32_768, 8192),
    model("minimax_free", "minimax-m2.5", 8000, 4096),
    model("mistral", "mistral-large-latest", 256_000, 262_144),
    model("mistral", "mistral-small-latest", 256_000, 256_000),
    model("mistral", "mistral-medium-latest", 256_000, 16_384),
    model("mistral", "codestral-latest", 128_000, 4096),
    model("mistral", "devstral-medium-latest", 256_000, 262_144),
    model("mistral", "magistral-medium-latest", 128_000, 16_384),
    model("mistral", "pixtral-large-latest", 128_000, 128_000),
    model("moonshot", "kimi-k2", 131_072, 32_768),
    model("moonshot", "kimi-k2.7-code", 262_144, 65_536),
    model("moonshot", "kimi-k2.7-code-highspeed", 262_144, 65_536),
    model("nvidia_free", "nemotron-3-super", 4000, 1024),
    model("openai", "gpt-5.2", 400_000, 128_000),
    model("openai", "gpt-5.3-codex", 400_000, 128_000),
    model("openai", "gpt-5.3-codex-spark", 128_000, 128_000),
    model("openai", "gpt-5.4", 1_050_000, 128_000),
    model("openai", "gpt-5.4-mini", 400_000, 128_000),
    model("openai", "gpt-5.5", 272_000, 128_000),
    model("openai", "gpt-5.4-nano", 400_000, 128_000),
    model("openai", "gpt-5.5-pro", 1_050_000, 128_000),
    model("openai", "codex-auto-review", 272_000, 128_000),
    model("perplexity", "sonar-pro", 200_000, 8192),
    model("perplexity", "sonar-reasoning-pro", 128_000, 4096),
    model("perplexity", "sonar-deep-research", 128_000, 32_768),
    model("perplexity", "sonar", 128_000, 4096),
    model("qwen_free", "qwen-3.6-plus", 8000, 8192),
    model("sambanova", "llama-3.1-405b-instruct", 128_000, 4096),
    model("together", "qwen2.5-72b-turbo", 32_768, 4096),
    model("xai", "grok-4", 256_000, 64_000),
    model("xai", "grok-4-fast", 2_000_000, 32_000),
    model("xai", "grok-3", 131_072, 8192),
    model("xai", "grok-3-fast", 131_072, 8192),
    model("xai", "grok-3-mini", 131_072, 8192),
    model("xai", "grok-4.3", 1_000_000, 65_536),
    model("xai", "grok-build-0.1", 256_000, 256_000),
    model("xai", "grok-4.20-0309-reasoning", 2_000_000, 65_536),
    model("xai", "grok-4.20-0309-non-reasoning", 2_000_000, 65_536),
    model("xai", "grok-4.20-multi-agent-0309", 2_000_000, 65_536),
    model("zai", "glm-5.1", 200_000, 128_000),
    model("zai", "glm-5.2", 1_000_000, 128_000),
    model("zai", "glm-5-turbo", 200_000, 128_000),
    model("zai", "glm-5v-turbo", 200_000, 128_000),
    model("zai", "glm-5", 200_000, 128_000),
    model("zai", "glm-4.7", 200_000, 128_000),
    model("zai", "glm-4.7-flash", 200_000, 128_000),
    model("zai", "glm-4.7-flashx", 200_000, 128_000),
    model("zai", "glm-4.6", 200_000, 128_000),
    model("zai", "glm-4.6v", 128_000, 32_768),
    model("zai", "glm-4.5", 128_000, 96_000),
    model("zai", "glm-4.5-air", 128_000, 96_000),
    model("zai", "glm-4.5-flash", 128_000, 96_000),
    model("zai", "glm-4.5v", 64_000, 16_384),
    model("zai", "glm-4.5-airx", 128_000, 96_000),
    model("zai", "glm-4.5-x", 128_000, 96_000),
    model("zai", "glm-4.6v-flash", 200_000, 128_000),
    model("zai", "glm-4.6v-flashx", 200_000, 128_000),
    model("zai", "glm-4-32b-0414-128k", 128_000, 16_000),
    model("zen", "qwen3.5-plus", 131_072, 8192),
    model("zen", "minimax-m2.7", 200_000, 8192),
    model("zen", "minimax-m2.5-free", 200_000, 8192),
    model("zen", "kimi-k2.6", 262_144, 65_536),
    model("zen", "kimi-k2.5", 131_072, 32_768),
    model("zen", "kimi-k2-thinking", 131_072, 32_768),
    model("zen", "big-pickle", 200_000, 8192),
    model("zen", "ling-2.6-flash-free", 200_000, 8192),
    model("zen", "hy3-preview-free", 131_072, 8192),
    model("zen", "nemotron-3-super-free", 4000, 1024),
    model("zen", "gpt-5-nano", 200_000, 8192),
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
            Some("github")
        );
        assert!(stock_model("gpt-unknown").is_none());
    }
}

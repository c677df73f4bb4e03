//! What is built in of models beyond their limits: what they can do, and what they cost.
//!
//! Owns plain data. A family that does not stand here is unknown, and what is unknown forbids
//! nothing. What a provider says of its models, and what the configuration says, goes before it.
//!
//! # Source
//! Prices: the makers' own pages for Anthropic (platform.claude.com, models; `claude-opus-4-8` as
//! its successor, whose page compares them) and DeepSeek (api-docs.deepseek.com, models & pricing:
//! those of peak hours; `deepseek-v4-flash` is served by `deepseek-flash`), read on 2026-11-22; for
//! Gemini (prompts up to 200,000 tokens), OpenAI (`gpt-5.5`), Mistral and `grok-4` from others'
//! copies of the makers' pages, of 2026. All the rest: the model registry of the system whose
//! configuration files are read here, at its commit 90e4a92, not checked since. They are for
//! listings; a provider's own list of prices goes before them. Abilities: the
//! model pages of the makers (Anthropic, Google, OpenAI, DeepSeek, Z.AI, Mistral, xAI, Perplexity),
//! as far as they hold for a whole family.

use provider::{ModelFacts, Price};

use super::stock_models::stock_model;

/// What is built in of a model at a provider. Prices are those of the model's own provider alone.
pub(super) fn stock_facts(provider: &str, model: &str) -> ModelFacts {
    let (vision, tools, reasoning) = abilities(model);
    let known = stock_model(model);
    let priced = known.filter(|known| known.provider == provider);
    let price = priced.and_then(|known| PRICES.iter().find(|(name, ..)| *name == known.name));
    ModelFacts {
        max_context: known.map(|known| known.max_context),
        max_output: known.map(|known| known.max_output),
        vision,
        tools,
        reasoning,
        input_price: price.map(|(_, input, _)| Price(*input)),
        output_price: price.map(|(_, _, output)| Price(*output)),
    }
}

type Abilities = (Option<bool>, Option<bool>, Option<bool>);

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

/// Some providers write the maker before the name.
fn abilities(model: &str) -> Abilities {
    let name = model
        .rsplit('/')
        .next()
        .unwrap_or(model)
        .to_ascii_lowercase();
    let family = FAMILIES.iter().find(|(family, _)| name.starts_with(family));
    family.map_or((None, None, None), |(_, abilities)| *abilities)
}

/// Beginnings of names, with images, tools and reasoning; the first that fits decides.
const FAMILIES: &[(&str, Abilities)] = &[
    ("claude-3-7", (YES, YES, YES)),
    ("claude-3", (YES, YES, NO)),
    ("claude-", (YES, YES, YES)),
    ("gemini-3-pro-image", (YES, None, None)),
    ("gemini-3.1-flash-image", (YES, None, None)),
    ("gemini-2.5-flash-image", (YES, None, None)),
    ("gemini-3", (YES, YES, YES)),
    ("gemini-2.5", (YES, YES, YES)),
    ("gemini-2.0", (YES, YES, None)),
    ("gpt-5.3-codex-spark", (NO, YES, YES)),
    ("gpt-5", (YES, YES, YES)),
    ("gpt-4.1", (YES, YES, NO)),
    ("gpt-4o-audio", (None, None, NO)),
    ("gpt-4o", (YES, YES, NO)),
    ("gpt-4-turbo", (YES, YES, NO)),
    ("o3-mini", (NO, YES, YES)),
    ("o3", (YES, YES, YES)),
    ("o4-mini", (YES, YES, YES)),
    ("deepseek-v4-flash", (YES, YES, YES)),
    ("deepseek-v4", (NO, YES, YES)),
    ("deepseek-flash", (YES, YES, YES)),
    ("deepseek-r1", (NO, None, YES)),
    ("glm-4.5v", (YES, YES, YES)),
    ("glm-4.6v", (YES, YES, YES)),
    ("glm-5v", (YES, YES, YES)),
    ("glm-4.5", (NO, YES, YES)),
    ("glm-4.6", (NO, YES, YES)),
    ("glm-4.7", (NO, YES, YES)),
    ("glm-5", (None, YES, YES)),
    ("kimi-k2", (None, YES, None)),
    ("codestral", (NO, YES, NO)),
    ("devstral", (None, YES, NO)),
    ("magistral", (None, YES, YES)),
    ("pixtral", (YES, YES, NO)),
    ("mistral-large", (None, YES, None)),
    ("grok-4.20-0309-non-reasoning", (None, YES, NO)),
    ("grok-4", (None, YES, None)),
    ("grok-3-mini", (NO, YES, YES)),
    ("grok-3", (NO, YES, NO)),
    ("sonar-reasoning", (None, None, YES)),
    ("sonar-deep-research", (None, None, YES)),
];

/// Name, and millionths of a US dollar for a million tokens sent and answered.
const PRICES: &[(&str, u64, u64)] = &[
    ("claude-3-5-haiku-latest", 250000, 1250000),
    ("claude-3-5-sonnet-20241022", 3000000, 15000000),
    ("claude-3-7-sonnet-20250219", 3000000, 15000000),
    ("claude-fable-5", 10000000, 50000000),
    ("claude-haiku-4-5", 1000000, 5000000),
    ("claude-fable-5-1", 10000000, 50000000),
    ("claude-opus-4-0", 15000000, 75000000),
    ("claude-opus-4-1-20250805", 15000000, 75000000),
    ("claude-opus-4-5", 5000000, 25000000),
    ("claude-opus-4-6", 5000000, 25000000),
    ("claude-opus-4-7", 5000000, 25000000),
    ("claude-opus-4-8", 5000000, 25000000),
    ("claude-opus-5", 5000000, 25000000),
    ("claude-opus-5-5", 4000000, 20000000),
    ("claude-sonnet-4-0", 3000000, 15000000),
    ("claude-sonnet-4-5", 3000000, 15000000),
    ("claude-sonnet-4-6", 3000000, 15000000),
    ("claude-sonnet-5", 2000000, 10000000),
    ("claude-sonnet-5-5", 2000000, 10000000),
    ("deepseek-flash", 300000, 1200000),
    ("gpt-5.5", 5000000, 30000000),
    ("llama-3.3-70b", 100000, 100000),
    ("deepseek-v4-flash", 300000, 1200000),
    ("deepseek-v4-pro", 1320000, 3960000),
    ("gemini-2.5-flash", 300000, 2500000),
    ("gemini-2.5-flash-lite", 100000, 400000),
    ("gemini-2.5-pro", 1250000, 10000000),
    ("gemini-3-pro-image-preview", 2000000, 12000000),
    ("gemini-3.1-flash-image-preview", 500000, 3000000),
    ("gemini-3.1-pro-preview", 2000000, 12000000),
    ("gemini-3.5-flash", 1500000, 9000000),
    ("gpt-4o", 2500000, 10000000),
    ("phi-3.5-mini-instruct", 100000, 100000),
    ("llama-3.3-70b-versatile", 590000, 790000),
    ("mixtral-8x7b-32768", 270000, 270000),
    ("minimax-m2.5", 100000, 100000),
    ("codestral-latest", 300000, 900000),
    ("devstral-medium-latest", 400000, 2000000),
    ("magistral-medium-latest", 2000000, 5000000),
    ("mistral-medium-latest", 1500000, 7500000),
    ("pixtral-large-latest", 2000000, 6000000),
    ("kimi-k2.7-code-highspeed", 1900000, 8000000),
    ("nemotron-3-super", 100000, 100000),
    ("gpt-5.5-pro", 30000000, 180000000),
    ("sonar", 1000000, 1000000),
    ("sonar-deep-research", 2000000, 8000000),
    ("sonar-pro", 3000000, 15000000),
    ("sonar-reasoning-pro", 2000000, 8000000),
    ("qwen-3.6-plus", 100000, 100000),
    ("llama-3.1-405b-instruct", 100000, 100000),
    ("qwen2.5-72b-turbo", 900000, 900000),
    ("grok-3", 3000000, 12000000),
    ("grok-3-fast", 500000, 5000000),
    ("grok-3-mini", 500000, 5000000),
    ("grok-4", 3000000, 15000000),
    ("grok-4-fast", 500000, 5000000),
    ("grok-4.20-0309-non-reasoning", 1250000, 2500000),
    ("grok-4.20-0309-reasoning", 1250000, 2500000),
    ("grok-4.20-multi-agent-0309", 1250000, 2500000),
    ("grok-4.3", 1250000, 2500000),
    ("grok-build-0.1", 1000000, 2000000),
    ("glm-4-32b-0414-128k", 100000, 100000),
    ("glm-4.5", 600000, 2200000),
    ("glm-4.5-air", 200000, 1100000),
    ("glm-4.5-airx", 1100000, 4500000),
    ("glm-4.5-x", 2200000, 8900000),
    ("glm-4.5v", 600000, 1800000),
    ("glm-4.6", 600000, 2200000),
    ("glm-4.6v", 300000, 900000),
    ("glm-4.6v-flashx", 40000, 400000),
    ("glm-4.7", 600000, 2200000),
    ("glm-4.7-flashx", 70000, 400000),
    ("glm-5", 1000000, 3200000),
    ("glm-5-turbo", 1200000, 4000000),
    ("glm-5.1", 1400000, 4400000),
    ("glm-5.2", 1400000, 4400000),
    ("glm-5v-turbo", 1200000, 4000000),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_price_belongs_to_a_known_model() {
        for (name, ..) in PRICES {
            assert!(stock_model(name).is_some(), "{name}");
        }
    }

    #[test]
    fn prices_are_those_of_the_models_own_provider() {
        let own = stock_facts("gemini", "gemini-2.5-pro");
        assert!(own.input_price.is_some() && own.vision == Some(true));
        let other = stock_facts("elsewhere", "gemini-2.5-pro");
        assert_eq!(other.input_price, None);
        assert_eq!(other.max_context, own.max_context);
    }

    #[test]
    fn an_unknown_model_has_no_facts() {
        assert_eq!(
            stock_facts("openai", "never-heard-of"),
            ModelFacts::default()
        );
    }

    #[test]
    fn no_family_is_hidden_by_a_shorter_name_before_it() {
        for (at, (family, _)) in FAMILIES.iter().enumerate() {
            let before = FAMILIES.iter().take(at);
            assert!(
                before
                    .clone()
                    .all(|(earlier, _)| !family.starts_with(earlier)),
                "{family}"
            );
        }
    }
}

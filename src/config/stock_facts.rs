//! What is built in of models beyond their limits: what they can do, and what they cost.
//!
//! Owns plain data. A family that does not stand here is unknown, and what is unknown forbids
//! nothing. What a provider says of its models, and what the configuration says, goes before it.
//!
//! Nothing here refuses a request: prices are for listings, and so are abilities.
//!
//! # Source
//! Prices: the makers' own pages where [`PRICES`] says so, others' copies of them in [`COPIED`].
//! Abilities, as far as they hold for a whole family: the makers' model pages (Anthropic, Google,
//! OpenAI, DeepSeek, Z.AI, Mistral, xAI, Perplexity); Mistral's and Grok 4.3's and 4.20's were read
//! again on 2026-11-22.

use provider::{ModelFacts, Price};

use super::stock_models::stock_model;

/// What is built in of a model at a provider. Prices are those of the model's own provider alone.
pub(super) fn stock_facts(provider: &str, model: &str) -> ModelFacts {
    let (vision, tools, reasoning) = abilities(model);
    let known = stock_model(model);
    let priced = known.filter(|known| known.provider == provider);
    let price = priced.and_then(|known| {
        let mut prices = PRICES.iter().chain(COPIED);
        prices.find(|(name, ..)| *name == known.name)
    });
    ModelFacts {
        max_context: known.and_then(|known| known.max_context),
        max_output: known.and_then(|known| known.max_output),
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
    ("mistral-large", (YES, YES, None)),
    ("mistral-medium", (YES, YES, YES)),
    ("mistral-small", (YES, YES, None)),
    ("grok-4.20-0309-non-reasoning", (None, YES, NO)),
    ("grok-4.20-0309-reasoning", (YES, YES, YES)),
    ("grok-4.3", (YES, YES, YES)),
    ("grok-4", (None, YES, None)),
    ("grok-3-mini", (NO, YES, YES)),
    ("grok-3", (NO, YES, NO)),
    ("sonar-reasoning", (None, None, YES)),
    ("sonar-deep-research", (None, None, YES)),
];

/// Name, and millionths of a US dollar for a million tokens sent and answered.
///
/// # Source
/// Read on 2026-11-22 in the copies that were to be had. Anthropic: platform.claude.com, the page
/// of each model. DeepSeek: api-docs.deepseek.com, models & pricing, those of peak hours;
/// `deepseek-v4-flash` is served by `deepseek-flash`. Mistral: mistralai/platform-docs-public at
/// 222f4ba, `src/schema/models`. OpenAI: developers.openai.com, the page of `gpt-5.4` (prompts up to
/// 272,000 tokens). xAI: docs.x.ai, the page of each (prompts below 200,000 tokens). Z.AI: docs.z.ai,
/// the page of the model.
const PRICES: &[(&str, u64, u64)] = &[
    ("claude-fable-5", 10000000, 50000000),
    ("claude-fable-5-1", 10000000, 50000000),
    ("claude-haiku-4-5", 1000000, 5000000),
    ("claude-haiku-5-5", 100000, 500000),
    ("claude-opus-4-5", 5000000, 25000000),
    ("claude-opus-4-6", 5000000, 25000000),
    ("claude-opus-4-7", 5000000, 25000000),
    ("claude-opus-4-8", 5000000, 25000000),
    ("claude-opus-5", 5000000, 25000000),
    ("claude-opus-5-5", 4000000, 20000000),
    ("claude-sonnet-4-5", 3000000, 15000000),
    ("claude-sonnet-4-6", 3000000, 15000000),
    ("claude-sonnet-5", 2000000, 10000000),
    ("claude-sonnet-5-5", 2000000, 10000000),
    ("deepseek-flash", 300000, 1200000),
    ("deepseek-v4-flash", 300000, 1200000),
    ("deepseek-v4-pro", 1320000, 3960000),
    ("codestral-latest", 300000, 900000),
    ("mistral-large-latest", 500000, 1500000),
    ("mistral-medium-latest", 1500000, 7500000),
    ("mistral-small-latest", 150000, 600000),
    ("gpt-5.4", 2500000, 15000000),
    ("grok-4.20-0309-reasoning", 1250000, 2500000),
    ("grok-4.3", 1250000, 2500000),
    ("glm-4-32b-0414-128k", 100000, 100000),
];

/// The same, from others' copies of the makers' pages, of 2026: the pages themselves were not to be
/// had. For prompts up to 200,000 tokens (Gemini, xAI) or 272,000 (OpenAI).
const COPIED: &[(&str, u64, u64)] = &[
    ("gemini-2.5-flash", 300000, 2500000),
    ("gemini-2.5-flash-lite", 100000, 400000),
    ("gemini-2.5-pro", 1250000, 10000000),
    ("gemini-3.1-pro-preview", 2000000, 12000000),
    ("gemini-3.5-flash", 1500000, 9000000),
    ("gpt-4o", 2500000, 10000000),
    ("gpt-5.2", 1750000, 14000000),
    ("gpt-5.3-codex", 1750000, 14000000),
    ("gpt-5.4-mini", 750000, 4500000),
    ("gpt-5.4-nano", 200000, 1250000),
    ("gpt-5.5", 5000000, 30000000),
    ("gpt-5.5-pro", 30000000, 180000000),
    ("grok-4.20-0309-non-reasoning", 1250000, 2500000),
    ("grok-4.20-multi-agent-0309", 1250000, 2500000),
    ("grok-build-0.1", 1000000, 2000000),
    ("glm-4.6", 600000, 2200000),
    ("glm-4.7", 600000, 2200000),
    ("glm-5", 1000000, 3200000),
    ("glm-5-turbo", 1200000, 4000000),
    ("glm-5.1", 1400000, 4400000),
    ("glm-5.2", 1400000, 4400000),
    ("glm-5v-turbo", 1200000, 4000000),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::stock_models::stock_models_of;

    #[test]
    fn every_price_belongs_to_a_model_that_is_served_and_is_given_once() {
        let all = || PRICES.iter().chain(COPIED);
        for (name, ..) in all() {
            let known = stock_model(name).unwrap();
            let mut served = stock_models_of(known.provider);
            assert!(served.any(|model| model.name == *name), "{name}");
            assert_eq!(all().filter(|(other, ..)| other == name).count(), 1);
        }
    }

    #[test]
    fn a_model_whose_page_nobody_read_has_no_limits() {
        for (provider, model) in [
            ("openai", "gpt-4o"),
            ("openai", "gpt-5.5"),
            ("groq", "llama-3.3-70b-versatile"),
        ] {
            let facts = stock_facts(provider, model);
            assert_eq!((facts.max_context, facts.max_output), (None, None));
        }
        let read = stock_facts("xai", "grok-4.20-0309-reasoning");
        assert_eq!((read.max_context, read.max_output), (Some(1_000_000), None));
    }

    #[test]
    fn prices_are_those_of_the_models_own_provider() {
        let own = stock_facts("anthropic", "claude-haiku-4-5");
        assert!(own.input_price.is_some() && own.vision == Some(true));
        let other = stock_facts("elsewhere", "claude-haiku-4-5");
        assert_eq!(other.input_price, None);
        assert_eq!(
            (other.max_context, own.max_context),
            (Some(200_000), Some(200_000))
        );
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

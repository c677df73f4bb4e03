//! How hard a model of Gemini's is told to think: the level or the budget that it takes.
//!
//! Owns what is known of single models. Called where a request is written, and by the provider
//! crate for requests that pass in the client's own words.
//!
//! # Source
//! Gemini API docs, "Thinking" and "What's new in Gemini 3.5 Flash"; Vertex AI docs, developer's
//! guide of Gemini 3.5 Flash (levels of 3.5 Flash, 3.1 Pro and 3.1 Flash-Lite); refusals with 400
//! told in issues: `MINIMAL` by 3.7 Flash (fishjar/kiss-translator#1048) and 3.8 Flash
//! (BerriAI/litellm-docs#1505), `MEDIUM` by 3 Pro (heyhuynhgiabuu/proxypal#170), `LOW` by 3.1
//! Flash Image (maximhq/bifrost#6280). Read 22 Nov 2026.

use crate::canonical::effort::Effort;

/// Most tokens of thinking that all models with a budget take (Flash; Pro takes more).
const MOST_BUDGET: u64 = 24_576;

/// Least tokens of thinking that 2.5 Pro takes; it refuses 0.
const LEAST_BUDGET_OF_PRO: u64 = 128;

const ALL: &[Effort] = &[Effort::Minimal, Effort::Low, Effort::Medium, Effort::High];
const FROM_LOW: &[Effort] = &[Effort::Low, Effort::Medium, Effort::High];
const LOW_OR_HIGH: &[Effort] = &[Effort::Low, Effort::High];
const MINIMAL_OR_HIGH: &[Effort] = &[Effort::Minimal, Effort::High];

/// The `thinkingLevel` for a model: of those that it takes the nearest, and of two the higher.
///
/// Thinking cannot be turned off from Gemini 3 on: no effort is the least level.
#[must_use]
pub fn gemini_level(effort: Effort, model: &str) -> &'static str {
    let wanted = effort.clamp(Effort::Minimal, Effort::High);
    let distance = |level: &&Effort| (**level as u8).abs_diff(wanted as u8);
    // Of several that are as near, `min_by_key` takes the first.
    match levels(model).iter().rev().min_by_key(distance) {
        Some(Effort::Minimal) => "MINIMAL",
        Some(Effort::Low) => "LOW",
        Some(Effort::Medium) => "MEDIUM",
        _ => "HIGH",
    }
}

/// The `thinkingBudget` for a model, in tokens. Pro cannot stop thinking.
#[must_use]
pub fn gemini_budget(effort: Effort, model: &str) -> u64 {
    let is_pro = model.contains("-pro");
    let least = if is_pro { LEAST_BUDGET_OF_PRO } else { 0 };
    effort.budget().clamp(least, MOST_BUDGET)
}

/// The levels that a model takes, in order. Of models that came later only those are known that
/// all of the latest take.
fn levels(model: &str) -> &'static [Effort] {
    let is = |part: &str| model.contains(part);
    let version = version(model);
    if is("-image") && is("-flash") {
        MINIMAL_OR_HIGH
    } else if is("-image") || (is("-pro") && version == Some((3, 0))) {
        LOW_OR_HIGH
    } else if is("-flash-lite") || (is("-flash") && version.is_some_and(|it| it < (3, 7))) {
        ALL
    } else {
        FROM_LOW
    }
}

/// Generation and version, from names such as `gemini-3.1-pro-preview`.
fn version(model: &str) -> Option<(u32, u32)> {
    let (_, name) = model.split_once("gemini-")?;
    let number = name.split('-').next()?;
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_model_is_told_a_level_that_it_takes() {
        let words = [Effort::None, Effort::Low, Effort::Medium, Effort::Max];
        for (model, told) in [
            (
                "gemini-3-flash-preview",
                ["MINIMAL", "LOW", "MEDIUM", "HIGH"],
            ),
            ("gemini-3.6-flash", ["MINIMAL", "LOW", "MEDIUM", "HIGH"]),
            ("gemini-3.7-flash", ["LOW", "LOW", "MEDIUM", "HIGH"]),
            ("gemini-flash-latest", ["LOW", "LOW", "MEDIUM", "HIGH"]),
            (
                "gemini-3.5-flash-lite",
                ["MINIMAL", "LOW", "MEDIUM", "HIGH"],
            ),
            (
                "google/gemini-3-pro-preview",
                ["LOW", "LOW", "HIGH", "HIGH"],
            ),
            ("gemini-3.1-pro-preview", ["LOW", "LOW", "MEDIUM", "HIGH"]),
            ("gemini-3-pro-image", ["LOW", "LOW", "HIGH", "HIGH"]),
            (
                "gemini-3.1-flash-image",
                ["MINIMAL", "MINIMAL", "HIGH", "HIGH"],
            ),
            ("an-alias", ["LOW", "LOW", "MEDIUM", "HIGH"]),
        ] {
            let levels = words.map(|effort| gemini_level(effort, model));
            assert_eq!(levels, told, "{model}");
        }
    }

    #[test]
    fn a_budget_is_one_that_all_models_take() {
        for (model, least) in [("gemini-2.5-flash", 0), ("gemini-2.5-pro", 128)] {
            assert_eq!(gemini_budget(Effort::None, model), least);
            assert_eq!(gemini_budget(Effort::Medium, model), 8192);
            assert_eq!(gemini_budget(Effort::Max, model), 24_576);
        }
    }
}

//! How hard to think, put into a request that is passed on as the client wrote it.
//!
//! Owns the member of each API that says it. Called only where the operator has set an effort and
//! the client said none; requests in another API than the provider's get theirs in conversion.
//!
//! # Source
//! OpenAI, "Reasoning models"; Claude docs, "Effort" and "Adaptive thinking"; read 2026-11-22.
//! Gemini's levels and budgets are those of the conversion.

use wire::{ApiFormat, Effort, ThinkingForm};

use super::{Call, Change, json};

/// Says that there was no place for it.
const LEFT_OUT: &str = "reasoning_effort left out";

/// Adds the effort. Models that know only a budget of tokens get one from Gemini alone: with
/// Anthropic's API a budget changes what earlier turns must hold, which only conversion can see to.
pub(super) fn with_effort(change: &mut Change, call: Call<'_>) {
    let Some(effort) = call.effort else { return };
    match (call.format, call.thinking) {
        (ApiFormat::OpenAiChat, _) => {
            let word = known_to_openai(effort);
            change.insert(format!(r#""reasoning_effort":"{word}""#));
        }
        (ApiFormat::OpenAiResponses, _) => {
            let word = known_to_openai(effort);
            within(change, "reasoning", &format!(r#""effort":"{word}""#));
        }
        (ApiFormat::Anthropic, ThinkingForm::Effort) if effort == Effort::None => {
            change.insert(r#""thinking":{"type":"disabled"}"#);
        }
        (ApiFormat::Anthropic, ThinkingForm::Effort) => {
            let word = effort.max(Effort::Low).word();
            change.insert(r#""thinking":{"type":"adaptive"}"#);
            within(change, "output_config", &format!(r#""effort":"{word}""#));
        }
        (ApiFormat::Gemini, form) => {
            let said = gemini_config(effort, form, call.model);
            within(change, "generationConfig", &said);
        }
        _ => change.notes.push(LEFT_OUT),
    }
}

fn gemini_config(effort: Effort, form: ThinkingForm, model: &str) -> String {
    let said = match form {
        ThinkingForm::Effort => {
            format!(r#""thinkingLevel":"{}""#, wire::gemini_level(effort, model))
        }
        ThinkingForm::Budget => {
            format!(r#""thinkingBudget":{}"#, wire::gemini_budget(effort, model))
        }
    };
    format!(r#""thinkingConfig":{{{said}}}"#)
}

/// Adds a member to an object of the top level, which is made if it is not there.
fn within(change: &mut Change, object: &str, member: &str) {
    match change.member(object) {
        Some(found) if change.body.get(found.value.start) == Some(&b'{') => {
            let inner = member.split('"').nth(1).unwrap_or_default();
            if json::member(&change.body, found.value.start, inner).is_some() {
                return change.notes.push(LEFT_OUT);
            }
            change.edits.insert(&change.body, found.value.start, member);
        }
        Some(_) => change.notes.push(LEFT_OUT),
        None => change.insert(format!(r#""{object}":{{{member}}}"#)),
    }
}

/// `max` is newer than what many of those that speak this API know.
fn known_to_openai(effort: Effort) -> &'static str {
    effort.min(Effort::XHigh).word()
}

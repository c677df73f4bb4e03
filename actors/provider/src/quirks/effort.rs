//! How hard to think, put into a request that is passed on as the client wrote it.
//!
//! Owns the member of each API that says it. Called only where the operator has set an effort and
//! the client said none; requests in another API than the provider's get theirs in conversion.
//!
//! # Source
//! OpenAI, "Reasoning models"; Claude docs, "Effort" and "Adaptive thinking"; Gemini API, "Thinking"
//! (levels from 3 on, budgets before); read 2026-11-22.

use wire::{ApiFormat, ThinkingForm};

use super::{Change, json};

/// Says that there was no place for it.
const LEFT_OUT: &str = "reasoning_effort left out";

/// Adds the effort. Models that know only a budget of tokens get one from Gemini alone: with
/// Anthropic's API a budget changes what earlier turns must hold, which only conversion can see to.
pub(super) fn with_effort(
    change: &mut Change,
    format: ApiFormat,
    form: ThinkingForm,
    effort: Option<&str>,
) {
    let Some(effort) = effort else { return };
    match (format, form) {
        (ApiFormat::OpenAiChat, _) => {
            change.insert(format!(
                r#""reasoning_effort":"{}""#,
                known_to_openai(effort)
            ));
        }
        (ApiFormat::OpenAiResponses, _) => {
            let word = known_to_openai(effort);
            within(change, "reasoning", &format!(r#""effort":"{word}""#));
        }
        (ApiFormat::Anthropic, ThinkingForm::Effort) if effort == "none" => {
            change.insert(r#""thinking":{"type":"disabled"}"#);
        }
        (ApiFormat::Anthropic, ThinkingForm::Effort) => {
            let word = if effort == "minimal" { "low" } else { effort };
            change.insert(r#""thinking":{"type":"adaptive"}"#);
            within(change, "output_config", &format!(r#""effort":"{word}""#));
        }
        (ApiFormat::Gemini, form) => {
            let said = match form {
                ThinkingForm::Effort => format!(r#""thinkingLevel":"{}""#, level(effort)),
                ThinkingForm::Budget => format!(r#""thinkingBudget":{}"#, budget(effort)),
            };
            let said = format!(r#""thinkingConfig":{{{said}}}"#);
            within(change, "generationConfig", &said);
        }
        _ => change.notes.push(LEFT_OUT),
    }
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

fn known_to_openai(effort: &str) -> &str {
    if effort == "max" { "xhigh" } else { effort }
}

fn level(effort: &str) -> &'static str {
    match effort {
        "none" | "minimal" => "MINIMAL",
        "low" => "LOW",
        "medium" => "MEDIUM",
        _ => "HIGH",
    }
}

/// Gemini's own table for OpenAI's words; more than the last takes no model.
fn budget(effort: &str) -> u32 {
    match effort {
        "none" => 0,
        "minimal" => 512,
        "low" => 1024,
        "medium" => 8192,
        _ => 24_576,
    }
}

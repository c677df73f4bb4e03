//! Changes to the assistant messages of a chat.

use super::{Change, json};

/// The word that Gemini takes in the place of a signature for calls that it did not make.
///
/// # Source
/// Gemini API, "Thought signatures", questions and answers, read 2026-11-22. It says that there is
/// no signature; it is not one that we made up.
const NO_SIGNATURE: &str =
    r#""extra_content":{"google":{"thought_signature":"skip_thought_signature_validator"}}"#;

/// Adds an empty `reasoning_content` where an assistant message has none.
pub(super) fn with_reasoning_content(change: &mut Change, model: &str) {
    if !model
        .rsplit('/')
        .next()
        .unwrap_or(model)
        .starts_with("deepseek")
    {
        return;
    }
    for message in assistants(change) {
        if json::member(&change.body, message, "reasoning_content").is_none() {
            change
                .edits
                .insert(&change.body, message, r#""reasoning_content":"""#);
        }
    }
}

/// Marks the first call of an assistant message that comes without a signature.
pub(super) fn with_signatures(change: &mut Change, model: &str) {
    let name = model.rsplit('/').next().unwrap_or(model);
    let generation = name
        .strip_prefix("gemini-")
        .and_then(|rest| rest.bytes().next());
    // `gemini-flash-latest` and the like are of the newest generation.
    if generation.is_none_or(|first| matches!(first, b'1' | b'2')) {
        return;
    }
    for message in assistants(change) {
        let Some(calls) = json::member(&change.body, message, "tool_calls") else {
            continue;
        };
        let calls = json::elements(&change.body, calls.value.start);
        let signed = |call: &std::ops::Range<usize>| {
            json::member(&change.body, call.start, "extra_content").is_some()
        };
        if let Some(first) = calls.first().filter(|_| !calls.iter().any(signed)) {
            change.edits.insert(&change.body, first.start, NO_SIGNATURE);
        }
    }
}

/// Where the assistant messages begin.
fn assistants(change: &Change) -> Vec<usize> {
    let Some(messages) = change.member("messages") else {
        return Vec::new();
    };
    let is_assistant = |at: &usize| {
        json::member(&change.body, *at, "role")
            .is_some_and(|role| json::text(&change.body, &role.value) == Some("assistant"))
    };
    json::elements(&change.body, messages.value.start)
        .into_iter()
        .map(|message| message.start)
        .filter(is_assistant)
        .collect()
}

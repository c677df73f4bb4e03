//! Changes to the top level of a request.

use wire::json_string;

use super::{Change, Thinking, json};

/// The version of Anthropic's API that Vertex AI serves.
///
/// # Source
/// Vertex AI, "Request predictions with Claude models", read 2026-11-22.
const VERTEX_VERSION: &str = r#""anthropic_version":"vertex-2023-10-16""#;

/// Leaves out `stream_options`; the usage that it asks for comes without it. What else it asks for
/// is lost, and named instead of the whole.
pub(super) fn without_stream_options(change: &mut Change) {
    let Some(member) = change.member("stream_options") else {
        return;
    };
    let mut lost = Vec::new();
    for option in json::members(&change.body, member.value.start) {
        let asks = change.body.get(option.value.clone()) != Some(b"null");
        // A name with escapes is none that we know.
        let name = json::text(&change.body, &option.key).unwrap_or("?");
        if asks && name != "include_usage" {
            lost.push(format!("stream_options.{name}"));
        }
    }
    change.remove(&member, lost.is_empty().then_some("stream_options"));
    change.lost.extend(lost);
}

/// Adds the operator's salt, unless the client has its own.
pub(super) fn with_cache_salt(change: &mut Change, salt: Option<&str>) {
    let Some(salt) = salt.filter(|salt| !salt.is_empty()) else {
        return;
    };
    if change.member("cache_salt").is_none() {
        change.insert(format!(r#""cache_salt":{}"#, json_string(salt)));
    }
}

/// Adds the name of the client's prompt cache, unless the client has its own.
///
/// # Source
/// OpenAI, "Prompt caching"; Mistral, "Prompt caching"; xAI, "Maximizing cache hits" (in Responses):
/// requests with the same prefix and the same key meet the same cache more often. Read 2026-11-22.
pub(super) fn with_cache_key(change: &mut Change, key: Option<&str>) {
    let Some(key) = key else { return };
    if change.member("prompt_cache_key").is_none() {
        change.insert(format!(r#""prompt_cache_key":{}"#, json_string(key)));
    }
}

/// Adds the operator's wish about thinking, unless the client has its own.
pub(super) fn with_thinking(change: &mut Change, thinking: Option<Thinking>) {
    let Some(Thinking { enabled, clear }) = thinking else {
        return;
    };
    let taken = change.member("thinking").is_some() || change.member("reasoning_effort").is_some();
    if taken || (enabled.is_none() && clear.is_none()) {
        return;
    }
    let word = if enabled.unwrap_or(true) {
        "enabled"
    } else {
        "disabled"
    };
    let clear = clear.map_or_else(String::new, |clear| format!(r#","clear_thinking":{clear}"#));
    change.insert(format!(r#""thinking":{{"type":"{word}"{clear}}}"#));
}

/// Vertex AI wants its version and refuses `model`, which is in the path.
pub(super) fn for_vertex(change: &mut Change) {
    if change.member("anthropic_version").is_none() {
        change.insert(VERTEX_VERSION);
    }
    if let Some(model) = change.member("model") {
        change.remove(&model, None);
    }
}

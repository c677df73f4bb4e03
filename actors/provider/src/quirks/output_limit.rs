//! The two names of the output limit in OpenAI's chat format.

use super::Change;

const OLD: &str = "max_tokens";
const NEW: &str = "max_completion_tokens";

/// For providers that know only the old name.
pub(super) fn as_max_tokens(change: &mut Change) {
    rename(change, NEW, OLD, "max_completion_tokens sent as max_tokens");
}

/// For OpenAI's reasoning models, which refuse the old name; older models take both.
pub(super) fn as_max_completion_tokens(change: &mut Change, model: &str) {
    if reasons(model) {
        rename(change, OLD, NEW, "max_tokens sent as max_completion_tokens");
    }
}

/// If both stand there, the client knows what it does.
fn rename(change: &mut Change, from: &str, to: &str, note: &'static str) {
    let Some(member) = change.member(from) else {
        return;
    };
    if change.member(to).is_none() {
        change.edits.replace(member.key, format!("\"{to}\""));
        change.notes.push(note);
    }
}

/// The families of OpenAI that reason: `o1` and its like, and `gpt-5` and later.
///
/// # Source
/// OpenAI, "Models", read 2026-11-22. Azure's deployments have names of their own, which mostly
/// hold the model's; a dated or provider prefix is passed over.
fn reasons(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let digit = |rest: &str| rest.bytes().next().filter(u8::is_ascii_digit);
    let series_o = name.strip_prefix('o').and_then(digit).is_some();
    let series_gpt = name.strip_prefix("gpt-").and_then(digit);
    series_o || series_gpt.is_some_and(|first| first >= b'5')
}

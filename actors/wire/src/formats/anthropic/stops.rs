//! Why a reply ended: Anthropic's words.

use crate::canonical::reply::StopReason;

const WORDS: [(&str, StopReason); 7] = [
    ("end_turn", StopReason::End),
    ("stop_sequence", StopReason::Sequence),
    ("max_tokens", StopReason::OutputLimit),
    ("model_context_window_exceeded", StopReason::ContextFull),
    ("tool_use", StopReason::ToolCalls),
    ("pause_turn", StopReason::Pause),
    ("refusal", StopReason::Refusal),
];

/// What a word means.
pub(super) fn reason(word: &str) -> Option<StopReason> {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map(|(_, reason)| *reason)
}

/// The word for a reason. Replies that cannot be read have none: they are errors.
pub(super) fn word(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Filtered => "refusal",
        StopReason::Malformed | StopReason::Failed => "end_turn",
        _ => {
            let found = WORDS.iter().find(|(_, known)| *known == reason);
            found.map_or("end_turn", |(word, _)| word)
        }
    }
}

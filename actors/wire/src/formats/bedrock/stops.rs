//! Why a reply ended: Bedrock's words.

use crate::canonical::reply::StopReason;

/// Each reason's first word is the one that is written.
const WORDS: [(&str, StopReason); 9] = [
    ("end_turn", StopReason::End),
    ("tool_use", StopReason::ToolCalls),
    ("max_tokens", StopReason::OutputLimit),
    ("stop_sequence", StopReason::Sequence),
    ("content_filtered", StopReason::Filtered),
    ("guardrail_intervened", StopReason::Filtered),
    ("malformed_model_output", StopReason::Malformed),
    ("malformed_tool_use", StopReason::Malformed),
    ("model_context_window_exceeded", StopReason::ContextFull),
];

/// What a word means.
pub(super) fn reason(word: &str) -> Option<StopReason> {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map(|(_, reason)| *reason)
}

/// The word for a reason.
pub(super) fn word(reason: StopReason) -> &'static str {
    let reason = match reason {
        StopReason::Refusal => StopReason::Filtered,
        StopReason::Pause => StopReason::End,
        StopReason::Failed => StopReason::Malformed,
        other => other,
    };
    let found = WORDS.iter().find(|(_, known)| *known == reason);
    found.map_or("end_turn", |(word, _)| word)
}

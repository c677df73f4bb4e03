//! Why a choice ended, in this format's words.

use crate::canonical::reply::StopReason;
use crate::canonical::text::Text;

/// What came before the end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before {
    pub(super) text: bool,
    pub(super) calls: bool,
    pub(super) refusal: bool,
}

/// The reason that a word gives. A forced call ends with `stop`, and so does a refusal.
pub(super) fn reason(word: &Text<'_>, before: Before) -> StopReason {
    match word.decoded().as_ref() {
        "stop" | "eos" | "end_turn" => ended(before),
        "length" | "max_tokens" | "model_length" => StopReason::OutputLimit,
        "tool_calls" | "function_call" => StopReason::ToolCalls,
        "content_filter" => StopReason::Filtered,
        "error" | "insufficient_system_resource" => StopReason::Failed,
        _ if before.text || before.calls || before.refusal => ended(before),
        _ => StopReason::Failed,
    }
}

/// Whether some document names the word; others count as the end of an answer that has content.
pub(super) fn is_known(word: &Text<'_>) -> bool {
    const WORDS: [&str; 11] = [
        "stop",
        "eos",
        "end_turn",
        "length",
        "max_tokens",
        "model_length",
        "tool_calls",
        "function_call",
        "content_filter",
        "error",
        "insufficient_system_resource",
    ];
    WORDS.iter().any(|known| word.is(known))
}

fn ended(before: Before) -> StopReason {
    match before {
        Before { calls: true, .. } => StopReason::ToolCalls,
        Before { refusal: true, .. } => StopReason::Refusal,
        _ => StopReason::End,
    }
}

/// The word for a reason; `None` if the answer is no answer.
pub(super) fn word(reason: StopReason) -> Option<&'static str> {
    Some(match reason {
        StopReason::End | StopReason::Sequence | StopReason::Pause | StopReason::Refusal => "stop",
        StopReason::OutputLimit | StopReason::ContextFull => "length",
        StopReason::ToolCalls => "tool_calls",
        StopReason::Filtered => "content_filter",
        StopReason::Malformed | StopReason::Failed => return None,
    })
}

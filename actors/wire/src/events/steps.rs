//! The shapes of events: which key leads from which place to which.
//!
//! Owns one decision: what a place is to a stream. Whether a string there is text at all says
//! `zones`, for all formats alike.
//!
//! # Source
//! OpenAI "Chat completion chunk" and "Responses streaming events", Anthropic "Streaming messages",
//! Amazon Bedrock "ConverseStream", Gemini `streamGenerateContent`, Cohere v2 "Streaming", Ollama "Chat" and "Generate"; Mistral for
//! content in parts, OpenRouter for `reasoning_details` (22 Nov 2026).

/// What a place is to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Top,
    /// A string that nothing is known of.
    Other,
    /// `type` of the event.
    Type,
    /// `index`, `output_index` and the like of the event.
    TopIndex,
    PartIndex,
    ItemId,
    /// `response_id` of the event, or the `id` of its `response`.
    ResponseId,
    /// `delta` of the event: a string, or an object.
    TopDelta,
    /// `error` of the event.
    Error,
    /// `item` and its `type`.
    Item,
    ItemType,
    /// `id` of the item.
    ItemOwnId,
    /// `content_block` and its `type`.
    Block,
    BlockType,
    /// A text of a content block.
    BlockText,
    BlockJson,
    StopReason,
    /// Bedrock's `contentBlockIndex`, and the `start` of a block.
    BlockIndex,
    BlockStart,
    /// Cohere's message inside of a delta, and what it leads to; Bedrock's deltas have the same.
    Message,
    MessageContent,
    MessageCalls,
    MessageFunction,
    /// Ollama's message.
    Line,
    LineText,
    LineCalls,
    LineDone,
    /// A choice or a candidate, its number, its end.
    Choice,
    ChoiceIndex,
    Finish,
    /// `delta` of a choice, a string in it, parts of such a string.
    Delta,
    DeltaText,
    DeltaAudio,
    Details,
    DetailIndex,
    DetailText,
    /// A tool call of a choice.
    Call,
    CallIndex,
    CallId,
    CallFunction,
    CallName,
    CallJson,
    CallText,
    LegacyCall,
    /// Gemini's content, a part of it, its text and whether that is a thought.
    Content,
    Part,
    PartText,
    Thought,
    PartCall,
}

impl Step {
    /// All of them, in order.
    const ALL: [Self; 49] = [
        Self::Top,
        Self::Other,
        Self::Type,
        Self::TopIndex,
        Self::PartIndex,
        Self::ItemId,
        Self::ResponseId,
        Self::TopDelta,
        Self::Error,
        Self::Item,
        Self::ItemType,
        Self::ItemOwnId,
        Self::Block,
        Self::BlockType,
        Self::BlockText,
        Self::BlockJson,
        Self::StopReason,
        Self::BlockIndex,
        Self::BlockStart,
        Self::Message,
        Self::MessageContent,
        Self::MessageCalls,
        Self::MessageFunction,
        Self::Line,
        Self::LineText,
        Self::LineCalls,
        Self::LineDone,
        Self::Choice,
        Self::ChoiceIndex,
        Self::Finish,
        Self::Delta,
        Self::DeltaText,
        Self::DeltaAudio,
        Self::Details,
        Self::DetailIndex,
        Self::DetailText,
        Self::Call,
        Self::CallIndex,
        Self::CallId,
        Self::CallFunction,
        Self::CallName,
        Self::CallJson,
        Self::CallText,
        Self::LegacyCall,
        Self::Content,
        Self::Part,
        Self::PartText,
        Self::Thought,
        Self::PartCall,
    ];

    /// Its number.
    #[inline]
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// The step of this number.
    #[inline]
    pub(super) fn of(number: u8) -> Self {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .unwrap_or(Self::Other)
    }
}

/// The step to the value of `key`.
pub(super) fn step(from: Step, key: &str) -> Step {
    match from {
        Step::Other | Step::Type => Step::Other,
        Step::Top => top(key),
        Step::Choice => choice(key),
        Step::Delta => delta(key),
        Step::Call => match key {
            "index" => Step::CallIndex,
            "id" => Step::CallId,
            "function" | "custom" => Step::CallFunction,
            _ => Step::Other,
        },
        Step::CallFunction | Step::LegacyCall => match key {
            "name" => Step::CallName,
            "arguments" => Step::CallJson,
            "input" => Step::CallText,
            _ => Step::Other,
        },
        Step::DeltaText if matches!(key, "text" | "thinking") => Step::DeltaText,
        Step::DeltaAudio if key == "transcript" => Step::DeltaText,
        Step::Details => match key {
            "index" => Step::DetailIndex,
            "text" | "summary" => Step::DetailText,
            _ => Step::Other,
        },
        Step::Content if key == "parts" => Step::Part,
        Step::Part => match key {
            "text" => Step::PartText,
            "thought" => Step::Thought,
            "functionCall" => Step::PartCall,
            _ => Step::Other,
        },
        Step::TopDelta => match key {
            "text" | "thinking" => Step::BlockText,
            "partial_json" => Step::BlockJson,
            "stop_reason" => Step::StopReason,
            "message" => Step::Message,
            "toolUse" => Step::MessageFunction,
            "reasoningContent" => Step::MessageContent,
            _ => Step::Other,
        },
        Step::Block => match key {
            "type" => Step::BlockType,
            "text" | "thinking" => Step::BlockText,
            _ => Step::Other,
        },
        Step::Item => match key {
            "type" => Step::ItemType,
            "id" => Step::ItemOwnId,
            _ => Step::Other,
        },
        Step::LineText if key == "id" => Step::ResponseId,
        Step::Message => match key {
            "content" => Step::MessageContent,
            "tool_plan" => Step::BlockText,
            "tool_calls" => Step::MessageCalls,
            _ => Step::Other,
        },
        Step::MessageContent if matches!(key, "text" | "thinking") => Step::BlockText,
        Step::MessageCalls if key == "function" => Step::MessageFunction,
        Step::MessageFunction if matches!(key, "arguments" | "input") => Step::BlockJson,
        Step::Line => match key {
            "content" | "thinking" => Step::LineText,
            "tool_calls" => Step::LineCalls,
            _ => Step::Other,
        },
        _ => Step::Other,
    }
}

fn top(key: &str) -> Step {
    match key {
        "choices" | "candidates" => Step::Choice,
        "type" => Step::Type,
        "delta" => Step::TopDelta,
        "index" | "output_index" => Step::TopIndex,
        "content_index" | "summary_index" => Step::PartIndex,
        "item_id" => Step::ItemId,
        "response_id" => Step::ResponseId,
        "content_block" => Step::Block,
        "item" => Step::Item,
        "message" => Step::Line,
        "response" | "thinking" => Step::LineText,
        "done" => Step::LineDone,
        "error" => Step::Error,
        "contentBlockIndex" => Step::BlockIndex,
        "start" => Step::BlockStart,
        "stopReason" => Step::StopReason,
        _ => Step::Other,
    }
}

fn choice(key: &str) -> Step {
    match key {
        "index" => Step::ChoiceIndex,
        "delta" => Step::Delta,
        "text" => Step::DeltaText,
        "finish_reason" | "finishReason" => Step::Finish,
        "content" => Step::Content,
        _ => Step::Other,
    }
}

fn delta(key: &str) -> Step {
    match key {
        "role" => Step::Other,
        "tool_calls" => Step::Call,
        "function_call" => Step::LegacyCall,
        "audio" => Step::DeltaAudio,
        "reasoning_details" => Step::Details,
        // Whatever a provider calls it, a string here goes on in the next chunk.
        _ => Step::DeltaText,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_the_numbers_of_their_places() {
        for (number, step) in Step::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(step.number()), number);
            assert_eq!(Step::of(step.number()), step);
        }
    }
}

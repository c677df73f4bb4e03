//! What the `type` of an event says of the whole event.
//!
//! # Source
//! Anthropic "Streaming messages", OpenAI "Responses streaming events", Cohere v2 "Streaming", as
//! the project's facts list them (22 Nov 2026).

use super::key::name_number;

/// The kind of an event that has a `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// None, or none that we know.
    #[default]
    None,
    /// A piece of a content block begins or goes on, as in `content_block_start`.
    Block {
        /// The name of the event that says more of it, where this one begins it.
        later: Option<&'static str>,
    },
    /// A content block is over.
    BlockEnd,
    /// A tool call begins.
    CallStart,
    /// A tool call is over.
    CallEnd,
    /// What is said up to here is over.
    TextEnd,
    /// A string goes on: the number of the type without its last word.
    Delta {
        base: u32,
        call: bool,
        media: bool,
        arguments: bool,
    },
    /// That string is over, and this event repeats it.
    Done { base: u32, call: bool },
    /// An item or part of the reply is over.
    PartEnd { whole_item: bool },
    /// The reply is over.
    End,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        if let Some(rest) = name.strip_prefix("response.") {
            return Self::of_response(rest);
        }
        match name {
            "content_block_delta" | "content-delta" | "tool-plan-delta" | "tool-call-delta" => {
                Self::Block { later: None }
            }
            "content_block_start" => Self::Block {
                later: Some("content_block_delta"),
            },
            "content-start" => Self::Block {
                later: Some("content-delta"),
            },
            "content_block_stop" => Self::BlockEnd,
            "content-end" => Self::TextEnd,
            "tool-call-start" => Self::CallStart,
            "tool-call-end" => Self::CallEnd,
            "message_stop" | "message-end" | "error" => Self::End,
            _ => Self::of_string(name),
        }
    }

    fn of_response(rest: &str) -> Self {
        match rest {
            "completed" | "incomplete" | "failed" | "cancelled" | "done" => Self::End,
            "content_part.done" | "reasoning_summary_part.done" => {
                Self::PartEnd { whole_item: false }
            }
            "output_item.done" => Self::PartEnd { whole_item: true },
            _ => Self::of_string(rest),
        }
    }

    /// A type that ends in `.delta` or `.done`, or as other APIs write it.
    fn of_string(name: &str) -> Self {
        let cut = name.rfind(['.', '-', '_']).unwrap_or(0);
        let (base, last) = name.split_at_checked(cut).unwrap_or((name, ""));
        let number = name_number(base);
        let call = base.contains("call") || base.contains("arguments");
        match last.get(1..) {
            Some("delta") => Self::Delta {
                base: number,
                call,
                media: name.ends_with("audio.delta"),
                arguments: base.contains("arguments"),
            },
            Some("done" | "completed" | "failed") => Self::Done { base: number, call },
            _ => Self::None,
        }
    }
}

//! One event of a stream: its type, and the few members that any of them has.

use crate::canonical::error::FormatError;
use crate::canonical::raw::{self, Raw};
use crate::canonical::text::Text;
use crate::sse;

/// What a stream's event may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `response.created` and the like: the response so far.
    Begun,
    ItemAdded,
    ItemDone,
    PartAdded,
    PartDone,
    /// A piece of the text, refusal, arguments or input of an item.
    Delta(Stream),
    /// The same as a whole.
    Done(Stream),
    Annotation,
    /// The final event.
    Final,
    Error,
    /// Something goes on that has no text.
    Progress,
    Unknown,
}

/// Which of an item's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// Of a content part.
    Content,
    /// Of reasoning, by part.
    Summary,
    Thought,
    /// Of a call.
    Input,
}

impl Kind {
    fn of(name: &str) -> Self {
        let Some(rest) = name.strip_prefix("response.") else {
            return match name {
                "error" => Self::Error,
                "keepalive" => Self::Progress,
                _ => Self::Unknown,
            };
        };
        match rest {
            "output_text.delta" | "refusal.delta" => Self::Delta(Stream::Content),
            "function_call_arguments.delta" | "custom_tool_call_input.delta" => {
                Self::Delta(Stream::Input)
            }
            "reasoning_summary_text.delta" => Self::Delta(Stream::Summary),
            "reasoning_text.delta" => Self::Delta(Stream::Thought),
            "output_text.done" | "refusal.done" => Self::Done(Stream::Content),
            "function_call_arguments.done" | "custom_tool_call_input.done" => {
                Self::Done(Stream::Input)
            }
            "reasoning_summary_text.done" => Self::Done(Stream::Summary),
            "reasoning_text.done" => Self::Done(Stream::Thought),
            "output_item.added" => Self::ItemAdded,
            "output_item.done" => Self::ItemDone,
            "content_part.added" => Self::PartAdded,
            "content_part.done" => Self::PartDone,
            "output_text.annotation.added" => Self::Annotation,
            "created" | "queued" | "in_progress" => Self::Begun,
            "completed" | "incomplete" | "failed" | "cancelled" => Self::Final,
            "reasoning_summary_part.added" | "reasoning_summary_part.done" => Self::Progress,
            _ if is_progress(rest) => Self::Progress,
            _ => Self::Unknown,
        }
    }
}

/// Steps of tools that the provider runs; their outcome comes with the item's end.
fn is_progress(rest: &str) -> bool {
    const TOOLS: [&str; 8] = [
        "web_search_call.",
        "file_search_call.",
        "code_interpreter_call",
        "image_generation_call.",
        "mcp_call",
        "mcp_list_tools.",
        "shell_call_",
        "compaction.",
    ];
    TOOLS.iter().any(|tool| rest.starts_with(tool))
}

/// An event's members.
#[derive(Debug)]
pub(super) struct Data<'a> {
    pub(super) kind: Kind,
    pub(super) output_index: u64,
    /// Of the part or the summary.
    pub(super) index: u64,
    pub(super) delta: Option<Raw<'a>>,
    /// The whole text of an event that ends in `done`.
    pub(super) whole: Option<Raw<'a>>,
    pub(super) logprobs: Option<Raw<'a>>,
    /// Item, part, annotation or response.
    pub(super) inner: Option<Raw<'a>>,
    /// Members that no document names, and the event itself if none does.
    pub(super) unknown: Vec<String>,
    /// All of it.
    pub(super) raw: Raw<'a>,
}

impl<'a> Data<'a> {
    /// # Errors
    /// Data that are no JSON object.
    pub(super) fn of(event: &sse::Event<'a>) -> Result<Self, FormatError> {
        let raw = raw::document(event.data)?;
        let mut data = Self {
            kind: Kind::Unknown,
            output_index: 0,
            index: 0,
            delta: None,
            whole: None,
            logprobs: None,
            inner: None,
            unknown: Vec::new(),
            raw,
        };
        let mut type_ = None;
        raw::each_member(raw, |name, value| {
            match name {
                "type" => {
                    type_ = Text::of_raw(value);
                }
                "output_index" => data.output_index = raw::count(value).unwrap_or(0),
                "content_index" | "summary_index" => data.index = raw::count(value).unwrap_or(0),
                "delta" => data.delta = Some(value),
                "text" | "refusal" | "arguments" | "input" => data.whole = Some(value),
                "logprobs" => data.logprobs = Some(value),
                "item" | "part" | "annotation" | "response" => data.inner = Some(value),
                _ if is_known(name) || raw::is_null(value) => {}
                _ => data.unknown.push(name.to_owned()),
            }
            Ok(())
        })?;
        let name = match &type_ {
            Some(name) => name.decoded(),
            None => String::from_utf8_lossy(event.name),
        };
        data.kind = Kind::of(&name);
        if data.kind == Kind::Unknown {
            data.unknown = vec![name.into_owned()];
        }
        // What else an error says is read with it.
        if matches!(data.kind, Kind::Error | Kind::Progress) {
            data.unknown.clear();
        }
        Ok(data)
    }
}

/// Members that say where an event belongs, or what others say again.
fn is_known(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "sequence_number",
        "item_id",
        "annotation_index",
        "obfuscation",
        "call_id",
        "name",
        "status",
    ];
    NAMES.contains(&name)
}

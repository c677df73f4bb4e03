//! What a block of a stream is here, and the JSON of its item or part.
//!
//! Owns the shapes; `write_block` decides when they are sent.

use super::write_stream::write_event;
use crate::canonical::out::Out;
use crate::canonical::step::Block;
use crate::canonical::text::Text;

/// What a block is written as.
#[derive(Debug)]
pub(super) enum Kind {
    Text,
    Refusal,
    Thought {
        redacted: bool,
        begun: bool,
    },
    Call {
        custom: bool,
        call_id: String,
        name: Text<'static>,
    },
    Image {
        coding: String,
    },
    Nothing,
}

/// A block that is open.
#[derive(Debug)]
pub(super) struct OpenBlock {
    pub(super) at: Block,
    pub(super) kind: Kind,
    /// Of the item.
    pub(super) index: usize,
    pub(super) id: String,
    pub(super) part: usize,
    /// As the inside of a JSON string.
    pub(super) text: Vec<u8>,
    pub(super) annotations: Out,
    pub(super) cited: u64,
    pub(super) logprobs: Vec<u8>,
    pub(super) seal: Option<Text<'static>>,
}

impl Kind {
    pub(super) fn delta_event(&self) -> Option<&'static str> {
        match self {
            Self::Text => Some("response.output_text.delta"),
            Self::Refusal => Some("response.refusal.delta"),
            Self::Thought { .. } => Some("response.reasoning_summary_text.delta"),
            Self::Call { custom: false, .. } => Some("response.function_call_arguments.delta"),
            Self::Call { custom: true, .. } => Some("response.custom_tool_call_input.delta"),
            Self::Image { .. } | Self::Nothing => None,
        }
    }

    /// The event that repeats the text, and the member that does.
    fn done_event(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Text => Some(("response.output_text.done", "text")),
            Self::Refusal => Some(("response.refusal.done", "refusal")),
            Self::Thought { begun: true, .. } => {
                Some(("response.reasoning_summary_text.done", "text"))
            }
            Self::Call { custom: false, .. } => {
                Some(("response.function_call_arguments.done", "arguments"))
            }
            Self::Call { custom: true, .. } => {
                Some(("response.custom_tool_call_input.done", "input"))
            }
            Self::Thought { .. } | Self::Image { .. } | Self::Nothing => None,
        }
    }
}

impl OpenBlock {
    /// A block that has said nothing yet.
    pub(super) fn new(at: Block, kind: Kind, index: usize, id: String, part: usize) -> Self {
        Self {
            at,
            kind,
            index,
            id,
            part,
            text: Vec::new(),
            annotations: Out::default(),
            cited: 0,
            logprobs: Vec::new(),
            seal: None,
        }
    }

    /// Which item and part an event of this block is about.
    pub(super) fn place(&self, out: &mut Out) {
        let part = matches!(self.kind, Kind::Text | Kind::Refusal).then_some(self.part);
        place(out, &self.id, self.index, part);
        if matches!(self.kind, Kind::Thought { .. }) {
            out.key("summary_index").number(0);
        }
    }

    /// The events that repeat the text as a whole.
    pub(super) fn write_done(&self, sequence: &mut u64, out: &mut Vec<u8>) {
        let Some((name, member)) = self.kind.done_event() else {
            return;
        };
        let text = spelt(&self.text);
        write_event(out, sequence, name, |out| {
            self.place(out);
            out.key(member).text(&text);
            match &self.kind {
                Kind::Text => {
                    out.key("logprobs").open_list();
                    self.write_logprobs(out);
                    out.close_list();
                }
                Kind::Call { name, .. } => {
                    out.key("name").text(name);
                }
                _ => {}
            }
        });
        if let Kind::Thought { .. } = self.kind {
            let name = "response.reasoning_summary_part.done";
            write_event(out, sequence, name, |out| {
                self.place(out);
                out.key("part");
                write_summary(out, &String::from_utf8_lossy(&self.text));
            });
        }
    }

    fn write_logprobs(&self, out: &mut Out) {
        if !self.logprobs.is_empty() {
            out.json(&String::from_utf8_lossy(&self.logprobs));
        }
    }

    /// A content part as it is in the end.
    pub(super) fn part_json(&self) -> String {
        let mut part = Out::default();
        let annotations = self.annotations.as_text();
        let logprobs = String::from_utf8_lossy(&self.logprobs);
        write_part(&mut part, &self.kind, &self.text, &annotations, &logprobs);
        String::from_utf8(part.into_bytes()).unwrap_or_default()
    }
}

fn spelt(inside: &[u8]) -> Text<'_> {
    Text::Spelt(String::from_utf8_lossy(inside))
}

/// Which item an event is about, and which part.
pub(super) fn place(out: &mut Out, id: &str, index: usize, part: Option<usize>) {
    out.key("item_id").plain(id);
    out.key("output_index").number(index as u64);
    out.maybe_number("content_index", part.map(|part| part as u64));
}

/// A part of a thought's summary.
pub(super) fn write_summary(out: &mut Out, text: &str) {
    out.open().key("type").plain("summary_text");
    out.key("text").text(&Text::Spelt(text.into())).close();
}

/// A content part; lists as JSON with commas between.
pub(super) fn write_part(
    out: &mut Out,
    kind: &Kind,
    text: &[u8],
    annotations: &str,
    logprobs: &str,
) {
    out.open();
    if matches!(kind, Kind::Refusal) {
        out.key("type").plain("refusal");
        out.key("refusal").text(&spelt(text)).close();
        return;
    }
    out.key("type").plain("output_text");
    for (member, list) in [("annotations", annotations), ("logprobs", logprobs)] {
        out.key(member).open_list();
        if !list.is_empty() {
            out.json(list);
        }
        out.close_list();
    }
    out.key("text").text(&spelt(text)).close();
}

/// A message item; its parts as JSON with commas between.
pub(super) fn write_message(out: &mut Out, id: &str, status: &str, parts: &str) {
    out.open().key("id").plain(id).key("type").plain("message");
    out.key("status").plain(status);
    out.key("content").open_list();
    if !parts.is_empty() {
        out.json(parts);
    }
    out.close_list().key("role").plain("assistant").close();
}

/// An item that is no message.
pub(super) fn write_item(
    out: &mut Out,
    kind: &Kind,
    id: &str,
    status: &str,
    text: &[u8],
    seal: Option<&Text<'_>>,
) {
    out.open().key("id").plain(id).key("type");
    match kind {
        Kind::Thought { redacted, .. } => {
            out.plain("reasoning").key("summary").open_list();
            let left_out = seal.is_some() && !redacted;
            if !text.is_empty() || left_out {
                write_summary(out, &String::from_utf8_lossy(text));
            }
            out.close_list().maybe_text("encrypted_content", seal);
        }
        Kind::Call {
            custom,
            call_id,
            name,
        } => {
            let (word, input) = if *custom {
                ("custom_tool_call", "input")
            } else {
                ("function_call", "arguments")
            };
            out.plain(word).key("status").plain(status);
            out.key("call_id").plain(call_id).key("name").text(name);
            out.key(input).text(&spelt(text));
        }
        Kind::Image { coding } => {
            out.plain("image_generation_call")
                .key("status")
                .plain(status);
            out.key("output_format").plain(coding).key("result");
            if text.is_empty() {
                out.null();
            } else {
                out.text(&spelt(text));
            }
        }
        Kind::Text | Kind::Refusal | Kind::Nothing => {
            out.null();
        }
    }
    out.close();
}

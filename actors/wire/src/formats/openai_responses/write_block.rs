//! The events of one item or part of a stream.
//!
//! Owns when an item begins and ends: texts that follow each other are parts of one message, a
//! thought or a call is an item of its own. What other formats have and this one has not (sound)
//! is left out.

use super::block::{Kind, OpenBlock, place, write_item, write_message, write_part, write_summary};
use super::ids;
use super::read_citation::write_citation;
use super::write_parts::write_logprobs;
use super::write_stream::{Writer, write_event};
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::reply::TokenLogprob;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead};
use crate::canonical::text::Text;
use crate::format::ApiFormat;

/// A message item that may still get parts.
#[derive(Debug)]
pub(super) struct OpenMessage {
    index: usize,
    id: String,
    /// Its parts as JSON, empty while they are open.
    parts: Vec<String>,
    open: usize,
    /// Whether another item has begun since: then no further part is added.
    left: bool,
}

impl Writer {
    pub(super) fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        match head {
            BlockHead::Text => self.open_part(at, Kind::Text, out),
            BlockHead::Refusal => {
                self.refused = true;
                self.open_part(at, Kind::Refusal, out);
            }
            BlockHead::Thinking { id, redacted } => {
                let kind = Kind::Thought {
                    redacted: *redacted,
                    begun: false,
                };
                let id = id.as_ref().filter(|_| self.own);
                self.open_item(at, kind, id.map(|id| id.decoded().into_owned()), out);
            }
            BlockHead::Call { id, name, custom } => {
                let id = id.as_ref().map_or("".into(), |id| id.decoded());
                let kind = Kind::Call {
                    custom: *custom,
                    call_id: ids::of_call(&id),
                    name: name.clone().into_owned(),
                };
                self.open_item(at, kind, None, out);
            }
            BlockHead::Image { mime } => {
                let mime = mime.as_ref().map_or("".into(), |mime| mime.decoded());
                let coding = mime.strip_prefix("image/").unwrap_or("png").to_owned();
                self.open_item(at, Kind::Image { coding }, None, out);
            }
            BlockHead::Other(raw) if self.own => {
                self.leave_messages(out);
                let index = self.items.len();
                self.item_added(out, |out| {
                    out.raw(raw);
                });
                self.item_done(index, raw.get().as_bytes().to_vec(), out);
                self.push_block(at, Kind::Nothing, 0, String::new(), 0);
            }
            BlockHead::Other(_) | BlockHead::Audio { .. } => {
                self.push_block(at, Kind::Nothing, 0, String::new(), 0);
            }
        }
    }

    fn push_block(&mut self, at: Block, kind: Kind, index: usize, id: String, part: usize) {
        let block = OpenBlock::new(at, kind, index, id, part);
        self.blocks.push(block);
    }

    /// The next item begins.
    fn item_added(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut Out)) {
        let index = self.items.len() as u64;
        self.items.push(Vec::new());
        let name = "response.output_item.added";
        write_event(out, &mut self.sequence, name, |out| {
            out.key("output_index").number(index).key("item");
            write(out);
        });
    }

    fn open_part(&mut self, at: Block, kind: Kind, out: &mut Vec<u8>) {
        if self.messages.last().is_none_or(|message| message.left) {
            self.open_message(out);
        }
        let Some(message) = self.messages.last_mut() else {
            return;
        };
        let (index, id, part) = (message.index, message.id.clone(), message.parts.len());
        message.parts.push(String::new());
        message.open += 1;
        write_event(
            out,
            &mut self.sequence,
            "response.content_part.added",
            |out| {
                place(out, &id, index, Some(part));
                out.key("part");
                write_part(out, &kind, b"", "", "");
            },
        );
        self.push_block(at, kind, index, id, part);
    }

    fn open_message(&mut self, out: &mut Vec<u8>) {
        let index = self.items.len();
        let id = self.item_id("msg_", index);
        self.item_added(out, |out| write_message(out, &id, "in_progress", ""));
        self.messages.push(OpenMessage {
            index,
            id,
            parts: Vec::new(),
            open: 0,
            left: false,
        });
    }

    fn open_item(&mut self, at: Block, kind: Kind, id: Option<String>, out: &mut Vec<u8>) {
        self.leave_messages(out);
        let index = self.items.len();
        let id = id.unwrap_or_else(|| match &kind {
            Kind::Call {
                custom, call_id, ..
            } => ids::derived(if *custom { "ctc_" } else { "fc_" }, call_id),
            Kind::Image { .. } => self.item_id("ig_", index),
            _ => self.item_id("rs_", index),
        });
        self.item_added(out, |out| {
            write_item(out, &kind, &id, "in_progress", b"", None);
        });
        self.push_block(at, kind, index, id, 0);
    }

    /// No message gets further parts: those without an open one are over.
    fn leave_messages(&mut self, out: &mut Vec<u8>) {
        self.messages
            .iter_mut()
            .for_each(|message| message.left = true);
        self.end_messages("completed", out);
    }

    fn end_messages(&mut self, status: &str, out: &mut Vec<u8>) {
        while let Some(at) = self
            .messages
            .iter()
            .position(|message| message.left && message.open == 0)
        {
            let message = self.messages.remove(at);
            let mut item = Out::default();
            let parts = message.parts.iter().map(String::as_str);
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let parts = parts.join(",");
            write_message(&mut item, &message.id, status, &parts);
            self.item_done(message.index, item.into_bytes(), out);
        }
    }

    /// The reply is over: so are all messages, the last one with the reply's own status.
    pub(super) fn finish_messages(&mut self, status: &str, out: &mut Vec<u8>) {
        self.messages
            .iter_mut()
            .for_each(|message| (message.left, message.open) = (true, 0));
        let status = match status {
            "completed" => status,
            _ => "incomplete",
        };
        self.end_messages(status, out);
    }

    fn item_done(&mut self, index: usize, item: Vec<u8>, out: &mut Vec<u8>) {
        write_event(
            out,
            &mut self.sequence,
            "response.output_item.done",
            |out| {
                out.key("output_index").number(index as u64);
                out.key("item").json(&String::from_utf8_lossy(&item));
            },
        );
        if let Some(place) = self.items.get_mut(index) {
            *place = item;
        }
    }

    pub(super) fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        self.begin_thought(at, out);
        let Some(block) = self.blocks.iter_mut().rev().find(|block| block.at == at) else {
            return;
        };
        text.write_inside(&mut block.text);
        let Some(name) = block.kind.delta_event() else {
            return;
        };
        write_event(out, &mut self.sequence, name, |out| {
            block.place(out);
            out.key("delta").text(text);
            if matches!(block.kind, Kind::Text) {
                out.key("logprobs").open_list().close_list();
            }
        });
    }

    /// A thought's text begins: it is one part of a summary.
    fn begin_thought(&mut self, at: Block, out: &mut Vec<u8>) {
        let Some(block) = self.blocks.iter_mut().rev().find(|block| block.at == at) else {
            return;
        };
        let Kind::Thought { begun, .. } = &mut block.kind else {
            return;
        };
        if std::mem::replace(begun, true) {
            return;
        }
        write_event(
            out,
            &mut self.sequence,
            "response.reasoning_summary_part.added",
            |out| {
                block.place(out);
                out.key("part");
                write_summary(out, "");
            },
        );
    }

    pub(super) fn seal(&mut self, at: Block, seal: &Seal<'_>) {
        if let Some(block) = self.block(at) {
            let sealed = seal.for_client(ApiFormat::OpenAiResponses);
            block.seal = Some(sealed.into_owned());
        }
    }

    pub(super) fn cite(&mut self, at: Block, citation: &Citation<'_>, out: &mut Vec<u8>) {
        let own = self.own;
        let Some(block) = self.blocks.iter_mut().rev().find(|block| block.at == at) else {
            return;
        };
        let mut written = Out::default();
        let length = Text::Spelt(String::from_utf8_lossy(&block.text))
            .decoded()
            .chars()
            .count();
        let known = write_citation(&mut written, citation, own, length as u64);
        if !known || !matches!(block.kind, Kind::Text) {
            return;
        }
        let json = String::from_utf8(written.into_bytes()).unwrap_or_default();
        write_event(
            out,
            &mut self.sequence,
            "response.output_text.annotation.added",
            |out| {
                block.place(out);
                out.key("annotation_index").number(block.cited);
                out.key("annotation").json(&json);
            },
        );
        block.annotations.json(&json);
        block.cited += 1;
    }

    /// Log probabilities come with an empty piece of text behind the one they are about.
    pub(super) fn logprobs(&mut self, at: Block, tokens: &[TokenLogprob<'_>], out: &mut Vec<u8>) {
        let Some(block) = self.blocks.iter_mut().rev().find(|block| block.at == at) else {
            return;
        };
        if !matches!(block.kind, Kind::Text) {
            return;
        }
        let mut list = Out::default();
        write_logprobs(&mut list, tokens, true);
        let list = list.into_bytes();
        let inside = list.get(1..list.len().saturating_sub(1)).unwrap_or(&[]);
        if !block.logprobs.is_empty() {
            block.logprobs.push(b',');
        }
        block.logprobs.extend_from_slice(inside);
        write_event(
            out,
            &mut self.sequence,
            "response.output_text.delta",
            |out| {
                block.place(out);
                out.key("delta").plain("").key("logprobs");
                write_logprobs(out, tokens, false);
            },
        );
    }

    pub(super) fn close(&mut self, at: Block, out: &mut Vec<u8>) {
        let Some(at) = self.blocks.iter().rposition(|block| block.at == at) else {
            return;
        };
        let block = self.blocks.remove(at);
        block.write_done(&mut self.sequence, out);
        match &block.kind {
            Kind::Text | Kind::Refusal => self.close_part(&block, out),
            Kind::Nothing => {}
            _ => {
                let mut item = Out::default();
                let seal = block.seal.as_ref();
                write_item(
                    &mut item,
                    &block.kind,
                    &block.id,
                    "completed",
                    &block.text,
                    seal,
                );
                self.item_done(block.index, item.into_bytes(), out);
                self.seal_of_call(&block, out);
            }
        }
    }

    fn close_part(&mut self, block: &OpenBlock, out: &mut Vec<u8>) {
        let part = block.part_json();
        write_event(
            out,
            &mut self.sequence,
            "response.content_part.done",
            |out| {
                block.place(out);
                out.key("part").json(&part);
            },
        );
        let mine = |message: &&mut OpenMessage| message.index == block.index;
        if let Some(message) = self.messages.iter_mut().find(mine) {
            message.open = message.open.saturating_sub(1);
            if let Some(place) = message.parts.get_mut(block.part) {
                *place = part;
            }
        }
        self.end_messages("completed", out);
    }

    /// What the call's provider sealed travels in an item of its own right behind the call.
    fn seal_of_call(&mut self, block: &OpenBlock, out: &mut Vec<u8>) {
        let (Kind::Call { call_id, .. }, Some(seal)) = (&block.kind, &block.seal) else {
            return;
        };
        let kind = Kind::Thought {
            redacted: true,
            begun: false,
        };
        let index = self.items.len();
        let id = ids::derived("rs_", call_id);
        self.item_added(out, |out| {
            write_item(out, &kind, &id, "in_progress", b"", None);
        });
        let mut item = Out::default();
        write_item(&mut item, &kind, &id, "completed", b"", Some(seal));
        self.item_done(index, item.into_bytes(), out);
    }
}

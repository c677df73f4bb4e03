//! Steps, written as the events that a client of this API waits for.
//!
//! A block is opened as soon as there is something in it: text with its first letters, a redacted
//! thought with its seal. So indexes have no gaps and no block is empty. The reason of the end goes
//! out with the last counts, for other formats tell those later.

use super::write_reply::tier_word;
use super::{citations, failure, stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::raw::Raw;
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::seal::Seal;
use crate::canonical::side::Side;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Asked, StreamWriter};

/// See the module.
#[derive(Debug)]
pub(super) struct Writer {
    model: String,
    id: String,
    own: bool,
    ended: bool,
    open: Vec<Open>,
    next: u32,
    counts: Counts,
    stop: Option<Stop<'static>>,
}

/// A block that is not closed yet.
#[derive(Debug)]
struct Open {
    at: Block,
    kind: Kind,
    /// The index under which it was announced.
    index: Option<u32>,
    /// What only another provider can read of a call; it follows the call.
    seal: Option<Text<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    Redacted,
    /// A call, or a block of this format's own with input.
    Input,
    /// It has no place here.
    Lost,
}

impl Kind {
    fn of(head: &BlockHead<'_>, own: bool) -> Self {
        match head {
            BlockHead::Text | BlockHead::Refusal => Self::Text,
            BlockHead::Thinking { redacted: true, .. } => Self::Redacted,
            BlockHead::Thinking { .. } => Self::Thinking,
            BlockHead::Call { .. } => Self::Input,
            BlockHead::Other(_) if own => Self::Input,
            BlockHead::Other(_) | BlockHead::Audio { .. } | BlockHead::Image { .. } => Self::Lost,
        }
    }
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        Self {
            model: asked.model.clone(),
            id: format!("msg_{}", asked.request_id),
            own: false,
            ended: false,
            open: Vec::new(),
            next: 0,
            counts: Counts::default(),
            stop: None,
        }
    }

    fn start(&mut self, start: &Start<'_>, out: &mut Vec<u8>) {
        self.own = start.from == Some(ApiFormat::Anthropic);
        self.counts = start.usage.unwrap_or_default();
        event("message_start", out, |json| {
            json.key("message").open().key("id");
            match &start.id {
                Some(id) => json.text(id),
                None => json.plain(&self.id),
            };
            json.key("type").plain("message");
            json.key("role").plain("assistant").key("model");
            match &start.model {
                Some(model) => json.text(model),
                None => json.plain(&self.model),
            };
            json.key("content").open_list().close_list();
            json.key("stop_reason").null().key("stop_sequence").null();
            json.key("usage").open();
            let nothing = Side::of(&[], false);
            usage::write(&self.counts, nothing, json);
            usage::write_cache_creation(&self.counts, nothing, json);
            let tier = start.tier.as_ref();
            let tier = tier.and_then(|tier| tier_word(tier, self.own));
            json.maybe_text("service_tier", tier.as_ref());
            json.close().close();
        });
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        let kind = Kind::of(head, self.own);
        let mut block = Open {
            at,
            kind,
            index: None,
            seal: None,
        };
        match head {
            BlockHead::Call { id, name, .. } => {
                let made = Text::plain(format!("toolu_{}_{}", self.id, at.number));
                let id = id.as_ref().unwrap_or(&made);
                self.announce(&mut block, out, |json| {
                    json.key("type").plain("tool_use").key("id").text(id);
                    json.key("name").text(name);
                    json.key("input").open().close();
                });
            }
            BlockHead::Other(raw) if self.own => {
                let index = self.numbered(&mut block);
                event("content_block_start", out, |json| {
                    json.key("index").number(u64::from(index));
                    json.key("content_block").json(&one_line(raw));
                });
            }
            _ => {}
        }
        self.open.push(block);
    }

    fn numbered(&mut self, block: &mut Open) -> u32 {
        let index = self.next;
        block.index = Some(index);
        self.next = self.next.saturating_add(1);
        index
    }

    fn announce(&mut self, block: &mut Open, out: &mut Vec<u8>, head: impl FnOnce(&mut Out)) {
        let index = self.numbered(block);
        event("content_block_start", out, |json| {
            json.key("index").number(u64::from(index));
            json.key("content_block").open();
            head(json);
            json.close();
        });
    }

    /// The index of the block, which is announced now if it was not.
    fn index(&mut self, at: Block, out: &mut Vec<u8>) -> Option<(u32, Kind)> {
        let place = self.open.iter().position(|open| open.at == at)?;
        let found = self.open.get(place)?;
        if let Some(index) = found.index {
            return Some((index, found.kind));
        }
        let kind = found.kind;
        let mut block = self.open.swap_remove(place);
        match kind {
            Kind::Text => self.announce(&mut block, out, |json| {
                json.key("type").plain("text").key("text").plain("");
            }),
            Kind::Thinking => self.announce(&mut block, out, |json| {
                json.key("type").plain("thinking").key("thinking").plain("");
                json.key("signature").plain("");
            }),
            Kind::Redacted | Kind::Input | Kind::Lost => {}
        }
        let index = block.index;
        self.open.push(block);
        index.map(|index| (index, kind))
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        let Some((index, kind)) = self.index(at, out) else {
            return;
        };
        let head: &[u8] = match kind {
            Kind::Text => br#","delta":{"type":"text_delta","text":""#,
            Kind::Thinking => br#","delta":{"type":"thinking_delta","thinking":""#,
            Kind::Input => br#","delta":{"type":"input_json_delta","partial_json":""#,
            Kind::Redacted | Kind::Lost => return,
        };
        out.extend_from_slice(b"event: content_block_delta\n");
        out.extend_from_slice(br#"data: {"type":"content_block_delta","index":"#);
        out.extend_from_slice(index.to_string().as_bytes());
        out.extend_from_slice(head);
        text.write_inside(out);
        out.extend_from_slice(b"\"}}\n\n");
    }

    fn seal(&mut self, at: Block, seal: &Seal<'_>, out: &mut Vec<u8>) {
        let Some(place) = self.open.iter().position(|open| open.at == at) else {
            return;
        };
        let value = seal.for_client(ApiFormat::Anthropic);
        match self.open.get(place).map(|open| open.kind) {
            Some(Kind::Thinking) => {
                let Some((index, _)) = self.index(at, out) else {
                    return;
                };
                event("content_block_delta", out, |json| {
                    json.key("index").number(u64::from(index));
                    json.key("delta").open();
                    json.key("type").plain("signature_delta");
                    json.key("signature").text(&value).close();
                });
            }
            Some(Kind::Redacted) => {
                let mut block = self.open.swap_remove(place);
                if block.index.is_none() {
                    self.redacted(&mut block, &value, out);
                }
                self.open.push(block);
            }
            Some(Kind::Input) if seal.format != ApiFormat::Anthropic => {
                if let Some(open) = self.open.get_mut(place) {
                    open.seal = Some(value.into_owned());
                }
            }
            _ => {}
        }
    }

    fn redacted(&mut self, block: &mut Open, data: &Text<'_>, out: &mut Vec<u8>) {
        self.announce(block, out, |json| {
            json.key("type").plain("redacted_thinking");
            json.key("data").text(data);
        });
    }

    fn cite(&mut self, at: Block, citation: &Citation<'_>, out: &mut Vec<u8>) {
        let mut json = Out::default();
        let written = match citation.origin.filter(|_| self.own) {
            Some(raw) => {
                json.json(&one_line(raw));
                true
            }
            None => citations::write(citation, &mut json),
        };
        let is_text = self
            .open
            .iter()
            .any(|open| open.at == at && open.kind == Kind::Text);
        if !written || !is_text {
            return;
        }
        let Some((index, _)) = self.index(at, out) else {
            return;
        };
        let citation = String::from_utf8(json.into_bytes()).unwrap_or_default();
        event("content_block_delta", out, |json| {
            json.key("index").number(u64::from(index));
            json.key("delta").open();
            json.key("type").plain("citations_delta");
            json.key("citation").json(&citation).close();
        });
    }

    fn close(&mut self, at: Block, out: &mut Vec<u8>) {
        let Some(place) = self.open.iter().position(|open| open.at == at) else {
            return;
        };
        let block = self.open.swap_remove(place);
        self.closed(&block, out);
    }

    fn closed(&mut self, block: &Open, out: &mut Vec<u8>) {
        if let Some(index) = block.index {
            stopped(index, out);
        }
        if let Some(seal) = &block.seal {
            let mut carrier = Open {
                at: block.at,
                kind: Kind::Redacted,
                index: None,
                seal: None,
            };
            self.redacted(&mut carrier, seal, out);
            carrier
                .index
                .into_iter()
                .for_each(|index| stopped(index, out));
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        for block in std::mem::take(&mut self.open) {
            self.closed(&block, out);
        }
        let stop = self.stop.take().unwrap_or_default();
        event("message_delta", out, |json| {
            json.key("delta").open();
            json.key("stop_reason").plain(stops::word(stop.reason));
            json.key("stop_sequence");
            match &stop.sequence {
                Some(sequence) => json.text(sequence),
                None => json.null(),
            };
            if let Some(details) = &stop.details {
                json.key("stop_details").open();
                json.key("type").plain("refusal");
                json.key("explanation").text(details).close();
            }
            json.close().key("usage").open();
            usage::write(&self.counts, Side::of(&[], false), json);
            json.close();
        });
        event("message_stop", out, |_| {});
        self.ended = true;
    }

    fn fail(&mut self, failure: &Failure<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"event: error\ndata: ");
        let mut json = Out::onto(std::mem::take(out));
        failure::document(failure, &mut json);
        json.line(b"\n\n");
        *out = json.into_bytes();
        self.ended = true;
    }

    fn stopping(&mut self, stop: &Stop<'_>, out: &mut Vec<u8>) {
        if matches!(stop.reason, StopReason::Malformed | StopReason::Failed) {
            let message = "the model's answer could not be read";
            return self.fail(&Failure::new(FailureKind::Failed, message), out);
        }
        let refused = matches!(stop.reason, StopReason::Refusal | StopReason::Filtered);
        let owned = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
        self.stop = Some(Stop {
            reason: stop.reason,
            sequence: owned(&stop.sequence),
            details: owned(&stop.details).filter(|_| refused),
        });
    }
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.ended {
            return Ok(());
        }
        match step {
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Start(start) => self.start(start, out),
            Step::Open { at, head } if at.choice == 0 => self.open(*at, head, out),
            Step::Seal { at, seal } => self.seal(*at, seal, out),
            Step::Cite { at, citation } => self.cite(*at, citation, out),
            Step::Close { at } => self.close(*at, out),
            Step::Usage(counts) => self.counts.update(counts),
            Step::Stop { choice: 0, stop } => self.stopping(stop, out),
            Step::End => self.end(out),
            Step::Fail(failure) => self.fail(failure, out),
            Step::Alive => event("ping", out, |_| {}),
            Step::Open { .. }
            | Step::Stop { .. }
            | Step::Logprobs { .. }
            | Step::Unknown { .. } => {}
        }
        Ok(())
    }

    fn one_block_at_a_time(&self) -> bool {
        true
    }
}

fn stopped(index: u32, out: &mut Vec<u8>) {
    event("content_block_stop", out, |json| {
        json.key("index").number(u64::from(index));
    });
}

/// One event of this type, with more members.
fn event(kind: &str, out: &mut Vec<u8>, members: impl FnOnce(&mut Out)) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(b"\ndata: ");
    let mut json = Out::onto(std::mem::take(out));
    json.open().key("type").plain(kind);
    members(&mut json);
    json.close().line(b"\n\n");
    *out = json.into_bytes();
}

/// A value may have been spelt over several lines; an event's data may not.
fn one_line(raw: Raw<'_>) -> String {
    raw.get().replace(['\r', '\n'], " ")
}

//! Steps, written as events of this API: the name of the event and its payload. Frames are made of
//! them at the end.
//!
//! Only calls and images are announced; a block of text or thinking begins with its first delta and
//! gets its index then, so indexes have no gaps.

use super::write_reply::{blob, tier_word};
use super::{citations, failure, stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::mimes::name_of;
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::seal::Seal;
use crate::canonical::side::Side;
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::StreamWriter;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Writer {
    own: bool,
    ended: bool,
    open: Vec<Open>,
    next: u32,
    counts: Counts,
    tier: Option<Text<'static>>,
    stopped: bool,
}

/// A block that is not closed yet.
#[derive(Debug)]
struct Open {
    at: Block,
    kind: Kind,
    index: Option<u32>,
    /// What only another provider can read of a call; it follows the call.
    seal: Option<Text<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    Redacted,
    Call,
    Image,
    /// It has no place here.
    Lost,
}

impl Writer {
    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        let kind = match head {
            BlockHead::Text | BlockHead::Refusal => Kind::Text,
            BlockHead::Thinking { redacted: true, .. } => Kind::Redacted,
            BlockHead::Thinking { .. } => Kind::Thinking,
            BlockHead::Call { .. } => Kind::Call,
            BlockHead::Image { .. } => Kind::Image,
            BlockHead::Audio { .. } | BlockHead::Other(_) => Kind::Lost,
        };
        let mut block = Open {
            at,
            kind,
            index: None,
            seal: None,
        };
        if matches!(kind, Kind::Call | Kind::Image) {
            let index = self.numbered(&mut block);
            event("contentBlockStart", out, |json| {
                json.key("start").open();
                announced(at, head, json);
                json.close();
                json.key("contentBlockIndex").number(u64::from(index));
            });
        }
        self.open.push(block);
    }

    fn numbered(&mut self, block: &mut Open) -> u32 {
        let index = self.next;
        block.index = Some(index);
        self.next = self.next.saturating_add(1);
        index
    }

    /// Index and kind of an open block.
    fn index(&mut self, at: Block) -> Option<(u32, Kind)> {
        let place = self.open.iter().position(|open| open.at == at)?;
        let next = self.next;
        let open = self.open.get_mut(place)?;
        if open.kind == Kind::Lost {
            return None;
        }
        let index = *open.index.get_or_insert(next);
        if index == next {
            self.next = next.saturating_add(1);
        }
        Some((index, open.kind))
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        let Some((index, kind)) = self.index(at) else {
            return;
        };
        let (head, tail): (&[u8], &[u8]) = match kind {
            Kind::Text => (br#"{"delta":{"text":""#, br#""},"#),
            Kind::Thinking => (br#"{"delta":{"reasoningContent":{"text":""#, br#""}},"#),
            Kind::Call => (br#"{"delta":{"toolUse":{"input":""#, br#""}},"#),
            Kind::Image => (br#"{"delta":{"image":{"source":{"bytes":""#, br#""}}},"#),
            Kind::Redacted | Kind::Lost => return,
        };
        out.extend_from_slice(b"event: contentBlockDelta\ndata: ");
        out.extend_from_slice(head);
        text.write_inside(out);
        out.extend_from_slice(tail);
        out.extend_from_slice(br#""contentBlockIndex":"#);
        out.extend_from_slice(index.to_string().as_bytes());
        out.extend_from_slice(b"}\n\n");
    }

    fn seal(&mut self, at: Block, seal: &Seal<'_>, out: &mut Vec<u8>) {
        let Some((index, kind)) = self.index(at) else {
            return;
        };
        let foreign = seal.format != ApiFormat::Bedrock;
        match kind {
            Kind::Redacted => redacted_delta(index, &blob(seal), out),
            Kind::Thinking => delta_event(index, out, |json| {
                json.key("reasoningContent").open();
                let value = seal.for_client(ApiFormat::Bedrock);
                json.key("signature").text(&value).close();
            }),
            Kind::Call if foreign => {
                let open = self.open.iter_mut().find(|open| open.at == at);
                if let Some(open) = open {
                    open.seal = Some(blob(seal));
                }
            }
            _ => {}
        }
    }

    fn cite(&mut self, at: Block, citation: &Citation<'_>, out: &mut Vec<u8>) {
        let mut json = Out::default();
        match citation.origin.filter(|_| self.own) {
            Some(raw) => {
                json.json(&raw.get().replace(['\r', '\n'], " "));
            }
            None if citations::write(citation, &mut json) => {}
            None => return,
        }
        let Some((index, Kind::Text)) = self.index(at) else {
            return;
        };
        let citation = String::from_utf8(json.into_bytes()).unwrap_or_default();
        delta_event(index, out, |json| {
            json.key("citation").json(&citation);
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
            block_stop(index, out);
        }
        if let Some(seal) = &block.seal {
            let index = self.next;
            self.next = self.next.saturating_add(1);
            redacted_delta(index, seal, out);
            block_stop(index, out);
        }
    }

    fn stop(&mut self, stop: &Stop<'_>, out: &mut Vec<u8>) {
        for block in std::mem::take(&mut self.open) {
            self.closed(&block, out);
        }
        if stop.reason == StopReason::Failed {
            let message = "the provider failed in its reply";
            return self.fail(&Failure::new(FailureKind::Failed, message), out);
        }
        self.stopped = true;
        event("messageStop", out, |json| {
            json.key("stopReason").plain(stops::word(stop.reason));
            if let Some(sequence) = &stop.sequence {
                json.key("additionalModelResponseFields").open();
                json.key("stop_sequence").text(sequence).close();
            }
        });
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if !self.stopped {
            self.stop(&Stop::default(), out);
        }
        event("metadata", out, |json| {
            usage::write(&self.counts, Side::of(&[], false), json);
            json.key("metrics").open();
            json.key("latencyMs").number(0).close();
            if let Some(tier) = &self.tier {
                json.key("serviceTier").open();
                json.key("type").text(tier).close();
            }
        });
        self.ended = true;
    }

    fn fail(&mut self, failure: &Failure<'_>, out: &mut Vec<u8>) {
        event(failure::exception(failure.kind), out, |json| {
            json.key("message").plain(&failure.message);
        });
        self.ended = true;
    }
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        if self.ended {
            return Ok(());
        }
        match step {
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Start(start) => {
                self.own = start.from == Some(ApiFormat::Bedrock);
                self.counts = start.usage.unwrap_or_default();
                let tier = start.tier.as_ref();
                let tier = tier.and_then(|tier| tier_word(tier, self.own));
                self.tier = tier.map(Text::into_owned);
                event("messageStart", out, |json| {
                    json.key("role").plain("assistant");
                });
            }
            Step::Open { at, head } if at.choice == 0 => self.open(*at, head, out),
            Step::Seal { at, seal } => self.seal(*at, seal, out),
            Step::Cite { at, citation } => self.cite(*at, citation, out),
            Step::Close { at } => self.close(*at, out),
            Step::Usage(counts) => self.counts.update(counts),
            Step::Stop { choice: 0, stop } => self.stop(stop, out),
            Step::End => self.end(out),
            Step::Fail(failure) => self.fail(failure, out),
            Step::Open { .. }
            | Step::Stop { .. }
            | Step::Logprobs { .. }
            | Step::Alive
            | Step::Unknown { .. } => {}
        }
        Ok(())
    }

    fn one_block_at_a_time(&self) -> bool {
        true
    }
}

fn announced(at: Block, head: &BlockHead<'_>, json: &mut Out) {
    match head {
        BlockHead::Call { id, name, .. } => {
            let made = Text::plain(format!("tooluse_{}", at.number));
            let id = id.as_ref().unwrap_or(&made);
            json.key("toolUse").open();
            json.key("toolUseId").text(id);
            json.key("name").text(name).close();
        }
        BlockHead::Image { mime } => {
            let mime = mime.as_ref().map(Text::decoded).unwrap_or_default();
            json.key("image").open();
            json.key("format").plain(name_of(&mime).unwrap_or("png"));
            json.close();
        }
        _ => {}
    }
}

fn redacted_delta(index: u32, data: &Text<'_>, out: &mut Vec<u8>) {
    delta_event(index, out, |json| {
        json.key("reasoningContent").open();
        json.key("redactedContent").text(data).close();
    });
}

fn delta_event(index: u32, out: &mut Vec<u8>, delta: impl FnOnce(&mut Out)) {
    event("contentBlockDelta", out, |json| {
        json.key("delta").open();
        delta(json);
        json.close();
        json.key("contentBlockIndex").number(u64::from(index));
    });
}

fn block_stop(index: u32, out: &mut Vec<u8>) {
    event("contentBlockStop", out, |json| {
        json.key("contentBlockIndex").number(u64::from(index));
    });
}

/// One event of this name.
fn event(name: &str, out: &mut Vec<u8>, members: impl FnOnce(&mut Out)) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\ndata: ");
    let mut json = Out::onto(std::mem::take(out));
    json.open();
    members(&mut json);
    json.close().line(b"\n\n");
    *out = json.into_bytes();
}

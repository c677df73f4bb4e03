//! A stream, written: steps become events.
//!
//! Owns the items of the response. This API says every text four times: in pieces, with its part,
//! with its item, and with the whole response in the final event, which clients take for the
//! answer. So what was said is kept until the end, once and as it was spelt; the limit on the
//! upstream's stream (`server.max_stream_bytes`) bounds it.

use super::block::OpenBlock;
use super::failure::{code, write_response_error};
use super::ids;
use super::write_block::OpenMessage;
use super::write_reply::{Head, known_tier, refusal, response_id, status};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, Weight};
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Asked, StreamWriter};

type Result = std::result::Result<(), FormatError>;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Writer {
    asked: Asked,
    id: String,
    model: Text<'static>,
    created: u64,
    tier: Option<Text<'static>>,
    usage: Option<Counts>,
    stop: Stop<'static>,
    started: bool,
    /// Whether the model's words of refusal were a part.
    pub(super) refused: bool,
    /// Whether the stream comes from this format.
    pub(super) own: bool,
    pub(super) sequence: u64,
    pub(super) blocks: Vec<OpenBlock>,
    pub(super) messages: Vec<OpenMessage>,
    /// Items that are over, as JSON; empty for those that are not.
    pub(super) items: Vec<Vec<u8>>,
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        Self {
            id: response_id(None, asked),
            model: Text::plain(asked.model.clone()),
            created: asked.now,
            asked: asked.clone(),
            tier: None,
            usage: None,
            stop: Stop::default(),
            started: false,
            refused: false,
            own: false,
            sequence: 0,
            blocks: Vec::new(),
            messages: Vec::new(),
            items: Vec::new(),
        }
    }

    fn start(&mut self, start: &Start<'_>, out: &mut Vec<u8>) {
        self.started = true;
        self.own = start.from == Some(ApiFormat::OpenAiResponses);
        if start.id.is_some() {
            self.id = response_id(start.id.as_ref(), &self.asked);
        }
        if let Some(model) = &start.model {
            self.model = model.clone().into_owned();
        }
        self.created = start.created.unwrap_or(self.created);
        self.tier = start
            .tier
            .as_ref()
            .and_then(|tier| known_tier(tier, self.own));
        for name in ["response.created", "response.in_progress"] {
            let head = self.head("in_progress", None);
            let event = |out: &mut Out| {
                out.key("response").open();
                head.write(out, &[]);
                out.key("output").open_list().close_list().close();
            };
            let mut sequence = self.sequence;
            write_event(out, &mut sequence, name, event);
            self.sequence = sequence;
        }
    }

    fn head<'h>(&'h self, status: &'h str, stop: Option<&'h Stop<'h>>) -> Head<'h> {
        Head {
            id: &self.id,
            model: &self.model,
            created: self.created,
            completed: (status == "completed").then_some(self.asked.now.max(self.created)),
            status,
            stop,
            tier: self.tier.as_ref(),
            usage: self.usage.as_ref().filter(|_| stop.is_some()),
        }
    }

    fn stop(&mut self, choice: u32, stop: &Stop<'_>, out: &mut Vec<u8>) {
        self.stop = owned(stop);
        if stop.reason == StopReason::Refusal && !self.refused {
            let number = u32::MAX;
            let at = Block { choice, number };
            self.open(at, &BlockHead::Refusal, out);
            self.delta(at, &refusal(stop), out);
            self.close(at, out);
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        let status = status(self.stop.reason);
        self.finish_messages(status, out);
        let name = match status {
            "completed" => "response.completed",
            "incomplete" => "response.incomplete",
            _ => "response.failed",
        };
        let mut sequence = self.sequence;
        write_event(out, &mut sequence, name, |out| {
            out.key("response").open();
            self.head(status, Some(&self.stop)).write(out, &[]);
            self.write_output(out);
            out.close();
        });
        self.sequence = sequence;
    }

    fn write_output(&self, out: &mut Out) {
        out.key("output").open_list();
        for item in self.items.iter().filter(|item| !item.is_empty()) {
            out.json(&String::from_utf8_lossy(item));
        }
        out.close_list();
    }

    /// The error event, and the response as it was then if it has begun.
    fn fail(&mut self, failure: &Failure<'_>, out: &mut Vec<u8>) {
        write_error(failure, &mut self.sequence, out);
        if !self.started {
            return;
        }
        let mut error = Out::default();
        write_response_error(&mut error, failure);
        let error = String::from_utf8(error.into_bytes()).unwrap_or_default();
        let stop = Stop::of(StopReason::Failed);
        let mut sequence = self.sequence;
        write_event(out, &mut sequence, "response.failed", |out| {
            out.key("response").open();
            let error = crate::canonical::raw::parse(&error)
                .map(|raw| Extra::new("error", raw, Weight::Nothing));
            self.head("failed", Some(&stop))
                .write(out, error.as_slice());
            self.write_output(out);
            out.close();
        });
        self.sequence = sequence;
    }

    /// An id for the item at this index.
    pub(super) fn item_id(&self, prefix: &str, index: usize) -> String {
        let seed = self.id.strip_prefix("resp_").unwrap_or(&self.id);
        ids::derived(prefix, &format!("{seed}_{index}"))
    }

    pub(super) fn block(&mut self, at: Block) -> Option<&mut OpenBlock> {
        self.blocks.iter_mut().rev().find(|block| block.at == at)
    }
}

/// The event that says what went wrong.
pub(super) fn write_error(failure: &Failure<'_>, sequence: &mut u64, out: &mut Vec<u8>) {
    write_event(out, sequence, "error", |out| {
        out.key("code")
            .plain(code(failure).unwrap_or("server_error"));
        out.key("message").plain(&failure.message).key("param");
        match failure.param.as_deref() {
            Some(param) => out.plain(param),
            None => out.null(),
        };
    });
}

/// One event; `write` gives the members behind type and number.
pub(super) fn write_event(
    out: &mut Vec<u8>,
    sequence: &mut u64,
    name: &str,
    write: impl FnOnce(&mut Out),
) {
    let mut event = Out::onto(std::mem::take(out));
    event.line(b"event: ").line(name.as_bytes());
    event.line(b"\ndata: ").open().key("type").plain(name);
    event.key("sequence_number").number(*sequence);
    *sequence += 1;
    write(&mut event);
    event.close().line(b"\n\n");
    *out = event.into_bytes();
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result {
        match step {
            Step::Start(start) => self.start(start, out),
            Step::Open { at, head } => self.open(*at, head, out),
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Seal { at, seal } => self.seal(*at, seal),
            Step::Cite { at, citation } => self.cite(*at, citation, out),
            Step::Logprobs { at, tokens } => self.logprobs(*at, tokens, out),
            Step::Close { at } => self.close(*at, out),
            Step::Usage(counts) => self.usage = Some(*counts),
            Step::Stop { choice, stop } => self.stop(*choice, stop, out),
            Step::End => self.end(out),
            Step::Fail(failure) => self.fail(failure, out),
            Step::Alive => out.extend_from_slice(b": keep-alive\n\n"),
            Step::Unknown { .. } => {}
        }
        Ok(())
    }
}

fn owned(stop: &Stop<'_>) -> Stop<'static> {
    let own = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
    Stop {
        reason: stop.reason,
        sequence: own(&stop.sequence),
        details: own(&stop.details),
    }
}

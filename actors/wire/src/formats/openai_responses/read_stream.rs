//! A stream, read: events become steps.
//!
//! Owns which parts are open and what was already told of them. Every text comes up to four times
//! (piece by piece, with its part, with its item and with the response): the first time counts,
//! and what a server leaves out of the earlier ones is taken from the later.

use super::counts::read_counts;
use super::event::{Data, Kind, Stream};
use super::failure::read_error;
use super::fields::Fields;
use super::open_items::OpenItems;
use super::read_citation::read_citation;
use super::read_items::{Item, ItemReader};
use super::read_reply::{completed, read_logprobs, reason, searches, weigh};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::parts::{CallInput, Part, PartKind};
use crate::canonical::raw::{self, Raw};
use crate::canonical::reply::{Stop, StopReason};
use crate::canonical::request::Role;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Steps, StreamReader, told_extras};
use crate::sse::Event;

type Result = std::result::Result<(), FormatError>;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Reader {
    provider: String,
    started: bool,
    ended: bool,
    called: bool,
    refused: bool,
    /// Whether the start named the tier.
    told_tier: bool,
    items: OpenItems,
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            started: false,
            ended: false,
            called: false,
            refused: false,
            told_tier: false,
            items: OpenItems::default(),
        }
    }

    fn open(
        &mut self,
        item: u64,
        part: Option<u64>,
        head: BlockHead<'_>,
        steps: &mut Steps<'_>,
    ) -> Result {
        let Some(at) = self.items.open(item, part)? else {
            return Ok(());
        };
        self.called |= matches!(head, BlockHead::Call { .. });
        self.refused |= matches!(head, BlockHead::Refusal);
        steps(Step::Open { at, head })
    }

    fn begun(&mut self, response: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        if std::mem::replace(&mut self.started, true) {
            return steps(Step::Alive);
        }
        let mut fields = Fields::of(response)?;
        let tier = fields.text("service_tier")?;
        self.told_tier = tier.as_ref().is_some_and(|tier| !tier.is("auto"));
        steps(Step::Start(Start {
            from: Some(ApiFormat::OpenAiResponses),
            id: fields.text("id")?,
            model: fields.text("model")?,
            created: fields.take("created_at").and_then(raw::count),
            tier: tier.filter(|tier| !tier.is("auto")),
            usage: None,
        }))
    }

    fn item_added(&mut self, index: u64, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let mut fields = Fields::of(raw)?;
        let Some(kind) = fields.text("type")? else {
            return Ok(());
        };
        let (custom, call) = match kind.decoded().as_ref() {
            "function_call" => (false, true),
            "custom_tool_call" => (true, true),
            "reasoning" => (false, false),
            _ => return Ok(()),
        };
        let id = fields.text(if call { "call_id" } else { "id" })?;
        if !call {
            let redacted = false;
            return self.open(index, None, BlockHead::Thinking { id, redacted }, steps);
        }
        let name = fields.needed_text("name")?;
        self.open(index, None, BlockHead::Call { id, name, custom }, steps)
    }

    fn part_added(&mut self, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let kind = data.inner.and_then(|part| raw::member(part, "type"));
        let Some(kind) = kind.and_then(Text::of_raw) else {
            return Ok(());
        };
        match kind.decoded().as_ref() {
            "output_text" => self.content(data, BlockHead::Text, steps),
            "refusal" => self.content(data, BlockHead::Refusal, steps),
            _ => Ok(()),
        }
    }

    fn content(&mut self, data: &Data<'_>, head: BlockHead<'_>, steps: &mut Steps<'_>) -> Result {
        self.open(data.output_index, Some(data.index), head, steps)
    }

    fn delta(&mut self, stream: Stream, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let Some(delta) = data.delta else {
            return Err(FormatError::missing_in("delta", data.raw));
        };
        self.tell(stream, data, raw::text(delta)?, steps)
    }

    /// A text as a whole: told only if its pieces were not.
    fn done(&mut self, stream: Stream, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let part = (stream == Stream::Content).then_some(data.index);
        let told = self
            .items
            .find(data.output_index, part)
            .is_none_or(|open| match stream {
                Stream::Summary | Stream::Thought => open.last == Some((stream, data.index)),
                Stream::Content | Stream::Input => open.told,
            });
        match data.whole.filter(|_| !told) {
            Some(whole) => self.tell(stream, data, raw::text(whole)?, steps),
            None => Ok(()),
        }
    }

    fn tell(
        &mut self,
        stream: Stream,
        data: &Data<'_>,
        text: Text<'_>,
        steps: &mut Steps<'_>,
    ) -> Result {
        let part = (stream == Stream::Content).then_some(data.index);
        if self.items.find(data.output_index, part).is_none() {
            self.open_late(stream, data, steps)?;
        }
        let Some(open) = self.items.find(data.output_index, part) else {
            return steps(Step::Unknown {
                field: "delta".into(),
            });
        };
        let at = open.block;
        let now = Some((stream, data.index));
        let another = part.is_none() && open.last.is_some() && open.last != now;
        if stream != Stream::Input {
            open.last = now;
        }
        if !text.is_empty() {
            open.told = true;
            if another && stream != Stream::Input {
                let text = Text::Spelt("\\n\\n".into());
                steps(Step::Delta { at, text })?;
            }
            steps(Step::Delta { at, text })?;
        }
        match data.logprobs {
            Some(list) if list.get() != "[]" => {
                open.spelt |= has_bytes(list);
                told_logprobs(at, list, steps)
            }
            _ => Ok(()),
        }
    }

    /// Opens what the server never said to begin.
    fn open_late(&mut self, stream: Stream, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let (id, redacted) = (None, false);
        match stream {
            Stream::Content => self.content(data, BlockHead::Text, steps),
            Stream::Summary | Stream::Thought => {
                let head = BlockHead::Thinking { id, redacted };
                self.open(data.output_index, None, head, steps)
            }
            Stream::Input => Ok(()),
        }
    }

    fn annotation(&mut self, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let Some(raw) = data.inner.filter(|raw| !raw::is_null(raw)) else {
            return Ok(());
        };
        let Some(open) = self.items.find(data.output_index, Some(data.index)) else {
            return steps(Step::Unknown {
                field: "annotation".into(),
            });
        };
        open.citations += 1;
        let (at, citation) = (open.block, read_citation(raw)?);
        steps(Step::Cite { at, citation })
    }

    fn part_done(&mut self, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        let Some(part) = data.inner else {
            return Ok(());
        };
        let known = raw::member(part, "type").and_then(Text::of_raw);
        if !known.is_some_and(|kind| kind.is("output_text") || kind.is("refusal")) {
            return Ok(());
        }
        let part = super::read_items::read_part(part, Role::Assistant)?;
        self.whole_part(data.output_index, data.index, &part, steps)
    }

    /// A part as it is in the end: what was not told yet, and its close.
    fn whole_part(
        &mut self,
        item: u64,
        index: u64,
        part: &Part<'_>,
        steps: &mut Steps<'_>,
    ) -> Result {
        let (head, text) = match &part.kind {
            PartKind::Text(text) => (BlockHead::Text, text),
            PartKind::Refusal(text) => (BlockHead::Refusal, text),
            _ => {
                return steps(Step::Unknown {
                    field: "content".into(),
                });
            }
        };
        self.open(item, Some(index), head, steps)?;
        let Some(open) = self.items.close(item, index)? else {
            return Ok(());
        };
        let at = open.block;
        if !open.told {
            tell_whole(at, part, text, steps)?;
        } else if !open.spelt && logprobs_of(part).is_some_and(has_bytes) {
            let field = "logprobs.bytes".into();
            steps(Step::Unknown { field })?;
        }
        for citation in part.citations.iter().skip(open.citations) {
            let citation = citation.clone();
            steps(Step::Cite { at, citation })?;
        }
        steps(Step::Close { at })
    }

    fn item_done(&mut self, index: u64, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        if self.items.is_done(index) {
            return Ok(());
        }
        let provider = self.provider.clone();
        let reader = ItemReader {
            provider: Some(&provider),
        };
        let parts = match reader.item(raw)? {
            Item::Said(parts) => parts,
            Item::Result(part) => vec![part],
            Item::Turn(turn) => turn.parts,
        };
        for (number, part) in parts.iter().enumerate() {
            told_part(part, steps)?;
            match &part.kind {
                PartKind::Text(_) | PartKind::Refusal(_) => {
                    self.whole_part(index, number as u64, part, steps)?;
                }
                PartKind::Call(_) | PartKind::Thinking(_) => {
                    self.whole_item(index, part, steps)?;
                }
                _ => self.own_item(raw, steps)?,
            }
        }
        while let Some(at) = self.items.close_any(index) {
            steps(Step::Close { at })?;
        }
        self.items.set_done(index)
    }

    fn whole_item(&mut self, index: u64, part: &Part<'_>, steps: &mut Steps<'_>) -> Result {
        let borrowed = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
        let (head, texts, seal) = match &part.kind {
            PartKind::Thinking(thought) => (
                BlockHead::Thinking {
                    id: borrowed(&thought.id),
                    redacted: thought.redacted,
                },
                thought.texts.clone(),
                thought.seal.clone(),
            ),
            PartKind::Call(call) => (
                BlockHead::Call {
                    id: borrowed(&call.id),
                    name: call.name.clone(),
                    custom: matches!(call.input, CallInput::Free(_)),
                },
                vec![call.input.as_text()],
                None,
            ),
            _ => return Ok(()),
        };
        self.open(index, None, head, steps)?;
        let Some(open) = self.items.find(index, None) else {
            return Ok(());
        };
        let (at, told) = (open.block, open.told);
        let text = Text::joined(texts.iter().map(Text::borrowed), "\n\n");
        if !told && !text.is_empty() {
            steps(Step::Delta { at, text })?;
        }
        match seal {
            Some(seal) => steps(Step::Seal { at, seal }),
            None => Ok(()),
        }
    }

    /// An item that only this format has, told when it is whole.
    fn own_item(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let at = self.items.number();
        let head = BlockHead::Other(raw);
        steps(Step::Open { at, head })?;
        steps(Step::Close { at })
    }

    fn finish(&mut self, response: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        self.begun_silently(response, steps)?;
        let mut fields = Fields::of(response)?;
        if let Some(usage) = fields.take("usage") {
            let (mut counts, more) = read_counts(usage)?;
            counts.searches = searches(&fields);
            steps(Step::Usage(counts))?;
            if more {
                let field = "usage".into();
                steps(Step::Unknown { field })?;
            }
        }
        if let Some(error) = fields.take("error") {
            self.ended = true;
            return steps(Step::Fail(
                read_error(error).unwrap_or_else(unknown_failure),
            ));
        }
        if let Some(output) = fields.take("output") {
            self.rest_of_output(output, steps)?;
        }
        self.ended = true;
        let status = fields.text("status")?;
        let stop = self.stop(status.as_ref(), fields.take("incomplete_details"));
        self.rest_of_response(fields, steps)?;
        if stop.reason == StopReason::Failed {
            return steps(Step::Fail(unknown_failure()));
        }
        steps(Step::Stop { choice: 0, stop })?;
        steps(Step::End)
    }

    /// What was said at the beginning, is no answer, or has no place elsewhere. The tier that was
    /// used is known only now.
    fn rest_of_response(&mut self, mut fields: Fields<'_>, steps: &mut Steps<'_>) -> Result {
        for said in ["id", "object", "model", "created_at"] {
            fields.take(said);
        }
        if let Some(tier) = fields.text("service_tier")?
            && !(tier.is("auto") || tier.is("default") || self.told_tier)
        {
            let field = "service_tier".into();
            steps(Step::Unknown { field })?;
        }
        told_extras(&fields.rest("", weigh), steps)
    }

    fn begun_silently(&mut self, response: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        if self.started {
            return Ok(());
        }
        self.begun(response, steps)
    }

    /// Items that came with no event of their own.
    fn rest_of_output(&mut self, output: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        for (index, item) in (0_u64..).zip(raw::items(output)?) {
            if !self.items.is_done(index) {
                self.item_done(index, item, steps)?;
            }
        }
        Ok(())
    }

    fn stop<'a>(&self, status: Option<&Text<'_>>, details: Option<Raw<'a>>) -> Stop<'a> {
        if status.is_some_and(|status| status.is("cancelled")) {
            return Stop::of(StopReason::Failed);
        }
        let (reason, known) = reason(status, details, &[]);
        let mut stop = Stop::of(match reason {
            StopReason::End => completed(self.called, self.refused),
            other => other,
        });
        // A word that we do not know is handed on for people to read.
        let word = details.and_then(|details| raw::member(details, "reason"));
        stop.details = word.filter(|_| !known).and_then(Text::of_raw);
        stop
    }

    fn fail(&mut self, data: &Data<'_>, steps: &mut Steps<'_>) -> Result {
        self.ended = true;
        let nested = raw::member(data.raw, "error").and_then(read_error);
        let failure = nested
            .or_else(|| read_error(data.raw))
            .unwrap_or_else(unknown_failure);
        steps(Step::Fail(failure))
    }
}

/// What only this format says of a part; log probabilities are told with its text.
fn told_part(part: &Part<'_>, steps: &mut Steps<'_>) -> Result {
    let mut extras = part.extras.iter();
    extras.try_for_each(|extra| match &*extra.field {
        "logprobs" => Ok(()),
        _ => told_extras(std::slice::from_ref(extra), steps),
    })
}

fn unknown_failure<'f>() -> Failure<'f> {
    Failure::new(
        FailureKind::Failed,
        "the provider failed without saying why",
    )
}

fn told_logprobs(at: Block, list: Raw<'_>, steps: &mut Steps<'_>) -> Result {
    let mut tokens = Vec::new();
    read_logprobs(list, &mut tokens)?;
    steps(Step::Logprobs { at, tokens })
}

fn tell_whole(at: Block, part: &Part<'_>, text: &Text<'_>, steps: &mut Steps<'_>) -> Result {
    if !text.is_empty() {
        let text = text.borrowed();
        steps(Step::Delta { at, text })?;
    }
    match logprobs_of(part) {
        Some(list) if list.get() != "[]" => told_logprobs(at, list, steps),
        _ => Ok(()),
    }
}

fn logprobs_of<'a>(part: &Part<'a>) -> Option<Raw<'a>> {
    let mut extras = part.extras.iter();
    let found = extras.find(|extra| extra.field == "logprobs");
    found.map(|extra| extra.raw)
}

/// The pieces of OpenAI's streams have no bytes of tokens, the whole parts have.
fn has_bytes(logprobs: Raw<'_>) -> bool {
    let said = |token: Raw<'_>| {
        let bytes = raw::member(token, "bytes");
        bytes.is_some_and(|bytes| !raw::is_null(bytes))
    };
    raw::items(logprobs).is_ok_and(|tokens| tokens.into_iter().any(said))
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result {
        if self.ended || event.data.is_empty() || event.data == b"[DONE]" {
            return Ok(());
        }
        let data = Data::of(event)?;
        let index = data.output_index;
        for name in &data.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        match (data.kind, data.inner) {
            (Kind::Delta(stream), _) => self.delta(stream, &data, steps),
            (Kind::Done(stream), _) => self.done(stream, &data, steps),
            (Kind::Begun, Some(response)) => self.begun(response, steps),
            (Kind::ItemAdded, Some(item)) => self.item_added(index, item, steps),
            (Kind::ItemDone, Some(item)) => self.item_done(index, item, steps),
            (Kind::PartAdded, _) => self.part_added(&data, steps),
            (Kind::PartDone, _) => self.part_done(&data, steps),
            (Kind::Annotation, _) => self.annotation(&data, steps),
            (Kind::Final, Some(response)) => self.finish(response, steps),
            (Kind::Error, _) => self.fail(&data, steps),
            (Kind::Progress, _) => steps(Step::Alive),
            (Kind::Begun | Kind::ItemAdded | Kind::ItemDone | Kind::Final, None) => {
                Err(FormatError::missing_in("item", data.raw))
            }
            (Kind::Unknown, _) => Ok(()),
        }
    }

    fn end(&mut self, steps: &mut Steps<'_>) -> Result {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        let message = "the provider's stream ended before its final event";
        steps(Step::Fail(Failure::new(FailureKind::Failed, message)))
    }
}

//! The events of one stream, read as steps.
//!
//! State: which of their block indexes are open and under which of our numbers, the counts that the
//! start told, and whether the end came. No text is kept.

use super::usage::Spent;
use super::{citations, failure, read_parts, stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::raw::{self, Raw, count, each_member, is_null, maybe_text, member, text};
use crate::canonical::reply::{Counts, Stop};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Steps, StreamReader, told_extras};
use crate::sse::Event;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// See the module.
#[derive(Debug)]
pub(super) struct Reader {
    provider: String,
    /// Their index and our number of each open block.
    open: Vec<(u64, Block)>,
    next: u32,
    counts: Counts,
    ended: bool,
}

/// The members of an event.
#[derive(Default)]
struct Members<'a> {
    kind: Option<Raw<'a>>,
    index: Option<Raw<'a>>,
    delta: Option<Raw<'a>>,
    block: Option<Raw<'a>>,
    message: Option<Raw<'a>>,
    usage: Option<Raw<'a>>,
    /// Those that no document names.
    unknown: Vec<String>,
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            open: Vec::new(),
            next: 0,
            counts: Counts::default(),
            ended: false,
        }
    }

    fn block(&self, index: Option<Raw<'_>>, event: Raw<'_>) -> Result<Block> {
        let index = index.and_then(count);
        let found = self.open.iter().find(|(open, _)| Some(*open) == index);
        found
            .map(|(_, block)| *block)
            .ok_or_else(|| FormatError::expected("an event of an open block", event))
    }

    fn message_start(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let mut start = Start {
            from: Some(ApiFormat::Anthropic),
            ..Start::default()
        };
        let (mut spent, mut unknown) = (Spent::default(), Vec::new());
        each_member(raw, |key, value| {
            match key {
                "id" => start.id = Some(text(value)?),
                "model" => start.model = Some(text(value)?),
                "usage" => spent = usage::read(value)?,
                "type" | "role" | "stop_reason" | "stop_sequence" => {}
                // Blocks come in events of their own.
                "content" if value.get() == "[]" => {}
                _ if is_null(value) => {}
                _ => unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        self.counts = spent.counts;
        start.usage = Some(spent.counts);
        start.tier = spent.tier.take();
        steps(Step::Start(start))?;
        noticed(&spent, steps)?;
        told(unknown, steps)
    }

    fn block_start(
        &mut self,
        members: &Members<'_>,
        event: Raw<'_>,
        steps: &mut Steps<'_>,
    ) -> Result {
        let index = members.index.and_then(count);
        let index = index.ok_or_else(|| FormatError::missing_in("index", event))?;
        let raw = members
            .block
            .ok_or_else(|| FormatError::missing_in("content_block", event))?;
        let at = Block {
            choice: 0,
            number: self.next,
        };
        self.next = self.next.saturating_add(1);
        self.open.retain(|(open, _)| *open != index);
        self.open.push((index, at));
        opened(at, raw, &self.provider, steps)
    }

    fn message_delta(&mut self, members: &Members<'_>, steps: &mut Steps<'_>) -> Result {
        if let Some(raw) = members.usage.filter(|raw| !is_null(raw)) {
            let mut spent = usage::read(raw)?;
            self.split_of_cache(&mut spent.counts);
            noticed(&spent, steps)?;
            self.counts.update(&spent.counts);
            steps(Step::Usage(self.counts))?;
        }
        match members.delta {
            Some(delta) => stopped(delta, steps),
            None => Ok(()),
        }
    }

    /// The end says only the sum of what was written to caches; the start said how it is split.
    fn split_of_cache(&self, later: &mut Counts) {
        let Some(long) = self.counts.cache_write_long else {
            return;
        };
        if let (Some(all), None) = (later.cache_write_short, later.cache_write_long) {
            later.cache_write_short = Some(all.saturating_sub(long));
        }
    }
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result {
        if self.ended || event.data.is_empty() {
            return Ok(());
        }
        let raw = raw::document(event.data)?;
        let mut members = members_of(raw)?;
        let kind = members.kind.map(text).transpose()?;
        let kind = kind.as_ref().map(Text::decoded).unwrap_or_default();
        told(std::mem::take(&mut members.unknown), steps)?;
        match &*kind {
            "content_block_delta" => {
                let at = self.block(members.index, raw)?;
                let delta = members.delta;
                let delta = delta.ok_or_else(|| FormatError::missing_in("delta", raw))?;
                delta_of(at, delta, &self.provider, steps)
            }
            "content_block_start" => self.block_start(&members, raw, steps),
            "content_block_stop" => {
                let at = self.block(members.index, raw)?;
                self.open.retain(|(_, open)| *open != at);
                steps(Step::Close { at })
            }
            "message_start" => {
                let message = members.message;
                let message = message.ok_or_else(|| FormatError::missing_in("message", raw))?;
                self.message_start(message, steps)
            }
            "message_delta" => self.message_delta(&members, steps),
            "message_stop" => {
                self.ended = true;
                steps(Step::End)
            }
            "ping" => steps(Step::Alive),
            "error" => {
                self.ended = true;
                match failure::of_document(raw) {
                    Some(failure) => steps(Step::Fail(failure)),
                    None => steps(Step::Fail(unexplained())),
                }
            }
            other => steps(Step::Unknown {
                field: other.to_owned().into(),
            }),
        }
    }

    fn end(&mut self, steps: &mut Steps<'_>) -> Result {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        let message = "the provider ended its stream before the reply was whole";
        steps(Step::Fail(Failure::new(FailureKind::Failed, message)))
    }
}

fn unexplained() -> Failure<'static> {
    Failure::new(FailureKind::Failed, "the provider failed in its stream")
}

fn members_of<'a>(raw: Raw<'a>) -> Result<Members<'a>> {
    let mut members = Members::default();
    each_member(raw, |key, value| {
        match key {
            "type" => members.kind = Some(value),
            "index" => members.index = Some(value),
            "delta" => members.delta = Some(value),
            "content_block" => members.block = Some(value),
            "message" => members.message = Some(value),
            "usage" => members.usage = Some(value),
            // They are read with the error.
            "error" | "request_id" => {}
            _ if is_null(value) => {}
            _ => members.unknown.push(key.to_owned()),
        }
        Ok(())
    })?;
    Ok(members)
}

/// Tells of what a record of usage has beside the counts.
fn noticed(spent: &Spent<'_>, steps: &mut Steps<'_>) -> Result {
    told_extras(&spent.extras, steps)
}

fn told(unknown: Vec<String>, steps: &mut Steps<'_>) -> Result {
    let mut names = unknown.into_iter();
    names.try_for_each(|name| steps(Step::Unknown { field: name.into() }))
}

fn opened(at: Block, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result {
    let kind = member(raw, "type").ok_or_else(|| FormatError::missing_in("type", raw))?;
    match &*text(kind)?.decoded() {
        "text" => opened_text(at, raw, steps),
        "thinking" => opened_thinking(at, raw, provider, steps),
        "redacted_thinking" => opened_redacted(at, raw, provider, steps),
        "tool_use" => opened_call(at, raw, steps),
        _ => steps(Step::Open {
            at,
            head: BlockHead::Other(raw),
        }),
    }
}

fn delta(at: Block, text: Text<'_>, steps: &mut Steps<'_>) -> Result {
    if text.is_empty() {
        return Ok(());
    }
    steps(Step::Delta { at, text })
}

fn opened_text(at: Block, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
    let head = BlockHead::Text;
    steps(Step::Open { at, head })?;
    each_member(raw, |key, value| match key {
        "text" => delta(at, text(value)?, steps),
        "type" => Ok(()),
        "citations" if matches!(value.get(), "[]" | "null") => Ok(()),
        _ if is_null(value) => Ok(()),
        _ => steps(Step::Unknown {
            field: key.to_owned().into(),
        }),
    })
}

fn opened_thinking(at: Block, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result {
    let head = BlockHead::Thinking {
        id: None,
        redacted: false,
    };
    steps(Step::Open { at, head })?;
    each_member(raw, |key, value| match key {
        "thinking" => delta(at, text(value)?, steps),
        "signature" => sealed(at, value, provider, steps),
        "type" => Ok(()),
        _ if is_null(value) => Ok(()),
        _ => steps(Step::Unknown {
            field: key.to_owned().into(),
        }),
    })
}

fn opened_redacted(at: Block, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result {
    let head = BlockHead::Thinking {
        id: None,
        redacted: true,
    };
    steps(Step::Open { at, head })?;
    let data = member(raw, "data").ok_or_else(|| FormatError::missing_in("data", raw))?;
    sealed(at, data, provider, steps)
}

fn sealed(at: Block, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result {
    match maybe_text(raw)?.filter(|value| !value.is_empty()) {
        Some(value) => {
            let seal = read_parts::seal(value, read_parts::Maker::provider(provider));
            steps(Step::Seal { at, seal })
        }
        None => Ok(()),
    }
}

fn opened_call(at: Block, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
    let (mut id, mut name, mut input, mut unknown) = (None, None, None, Vec::new());
    each_member(raw, |key, value| {
        match key {
            "id" => id = Some(text(value)?),
            "name" => name = Some(text(value)?),
            "input" => input = Some(value),
            "type" => {}
            "caller" if member(value, "type").is_some_and(|kind| kind.get() == r#""direct""#) => {}
            _ if is_null(value) => {}
            _ => unknown.push(key.to_owned()),
        }
        Ok(())
    })?;
    let head = BlockHead::Call {
        id: Some(id.ok_or_else(|| FormatError::missing_in("id", raw))?),
        name: name.ok_or_else(|| FormatError::missing_in("name", raw))?,
        custom: false,
    };
    steps(Step::Open { at, head })?;
    told(unknown, steps)?;
    // Official streams open with `{}` and send the input in pieces; some servers send it whole.
    match input.map(|input| input.get()) {
        Some(whole) if whole.len() > 2 && whole.contains(':') => {
            delta(at, Text::plain(whole), steps)
        }
        _ => Ok(()),
    }
}

fn delta_of(at: Block, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result {
    let (mut kind, mut value, mut unknown) = (None, None, Vec::new());
    each_member(raw, |key, found| {
        match key {
            "type" => kind = Some(found),
            "text" | "partial_json" | "thinking" | "signature" | "citation" => value = Some(found),
            _ => unknown.push(format!("delta.{key}")),
        }
        Ok(())
    })?;
    told(unknown, steps)?;
    let kind = kind.ok_or_else(|| FormatError::missing_in("type", raw))?;
    let value = value.ok_or_else(|| FormatError::expected("a known delta", raw));
    match &*text(kind)?.decoded() {
        "text_delta" | "input_json_delta" | "thinking_delta" => delta(at, text(value?)?, steps),
        "signature_delta" => sealed(at, value?, provider, steps),
        "citations_delta" => {
            let citation = citations::read(value?)?;
            steps(Step::Cite { at, citation })
        }
        other => steps(Step::Unknown {
            field: other.to_owned().into(),
        }),
    }
}

/// What of the details has no place but in the format itself.
fn told_details(raw: Raw<'_>, unknown: &mut Vec<String>) -> Result {
    if is_null(raw) {
        return Ok(());
    }
    each_member(raw, |key, value| {
        if !matches!(key, "type" | "explanation") && !is_null(value) {
            unknown.push(format!("stop_details.{key}"));
        }
        Ok(())
    })
}

fn stopped(raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
    let (mut reason, mut unknown) = (None, Vec::new());
    let mut stop = Stop::default();
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "stop_reason" => reason = Some(text(value)?),
            "stop_sequence" => stop.sequence = maybe_text(value)?,
            "stop_details" => {
                stop.details = member(value, "explanation")
                    .map(maybe_text)
                    .transpose()?
                    .flatten();
                told_details(value, &mut unknown)?;
            }
            _ => unknown.push(format!("delta.{key}")),
        }
        Ok(())
    })?;
    told(unknown, steps)?;
    let Some(word) = reason else { return Ok(()) };
    match stops::reason(&word.decoded()) {
        Some(reason) => stop.reason = reason,
        None => steps(Step::Unknown {
            field: "stop_reason".into(),
        })?,
    }
    steps(Step::Stop { choice: 0, stop })
}

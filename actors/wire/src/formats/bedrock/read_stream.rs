//! The events of one stream, read as steps.
//!
//! A frame's event type is the event's name. Blocks of text and of thinking are not announced: the
//! first delta opens them. The reply ends with `metadata`, which follows `messageStop`.

use super::read_parts::{Maker, blob, seal};
use super::{citations, failure, read_reply, usage};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::mimes::mime_of;
use crate::canonical::parts::Weight;
use crate::canonical::raw::{self, Raw, count, each_member, member, text};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{Steps, StreamReader};
use crate::sse::Event;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// See the module.
#[derive(Debug)]
pub(super) struct Reader {
    provider: String,
    open: Vec<Open>,
    next: u32,
    stopped: bool,
    ended: bool,
}

/// An open block: their index, our number, and what it holds.
#[derive(Debug, Clone, Copy)]
struct Open {
    index: u64,
    at: Block,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    Redacted,
    Call,
    Image,
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            open: Vec::new(),
            next: 0,
            stopped: false,
            ended: false,
        }
    }

    /// The open block of this index and kind; a new one if there is none.
    fn block(
        &mut self,
        index: u64,
        kind: Kind,
        head: BlockHead<'_>,
        steps: &mut Steps<'_>,
    ) -> Result<Block> {
        let found = self.open.iter().position(|open| open.index == index);
        if let Some(open) = found.and_then(|place| self.open.get(place).copied()) {
            if open.kind == kind {
                return Ok(open.at);
            }
            self.close(index, steps)?;
        }
        let at = Block {
            choice: 0,
            number: self.next,
        };
        self.next = self.next.saturating_add(1);
        self.open.push(Open { index, at, kind });
        steps(Step::Open { at, head })?;
        Ok(at)
    }

    fn close(&mut self, index: u64, steps: &mut Steps<'_>) -> Result {
        let Some(place) = self.open.iter().position(|open| open.index == index) else {
            return Ok(());
        };
        let at = self.open.swap_remove(place).at;
        steps(Step::Close { at })
    }

    fn block_start(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let (index, start, unknown) = indexed(raw, "start")?;
        told(unknown, steps)?;
        let mut known = false;
        each_member(start, |key, value| {
            match key {
                "toolUse" if member(value, "type").is_none() => {
                    let field = |name: &'static str| {
                        let found = member(value, name).map(text).transpose()?;
                        found.ok_or_else(|| FormatError::missing_in(name, value))
                    };
                    let head = BlockHead::Call {
                        id: Some(field("toolUseId")?),
                        name: field("name")?,
                        custom: false,
                    };
                    self.block(index, Kind::Call, head, steps)?;
                    known = true;
                }
                "image" => {
                    let format = member(value, "format").map(text).transpose()?;
                    let mime = format.and_then(|format| mime_of(&format.decoded()));
                    let mime = mime.map(Text::plain);
                    self.block(index, Kind::Image, BlockHead::Image { mime }, steps)?;
                    known = true;
                }
                _ => {}
            }
            Ok(())
        })?;
        if known {
            return Ok(());
        }
        steps(Step::Unknown {
            field: "contentBlockStart".into(),
        })
    }

    fn block_delta(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let (index, delta, unknown) = indexed(raw, "delta")?;
        told(unknown, steps)?;
        each_member(delta, |key, value| match key {
            "text" => {
                let at = self.block(index, Kind::Text, BlockHead::Text, steps)?;
                said(at, text(value)?, steps)
            }
            "toolUse" => self.input(index, value, steps),
            "reasoningContent" => self.reasoning(index, value, steps),
            "citation" => {
                let at = self.block(index, Kind::Text, BlockHead::Text, steps)?;
                let citation = citations::read(value)?;
                steps(Step::Cite { at, citation })
            }
            "image" => {
                let head = BlockHead::Image { mime: None };
                let at = self.block(index, Kind::Image, head, steps)?;
                let bytes = member(value, "source").and_then(|source| member(source, "bytes"));
                match bytes {
                    Some(bytes) => said(at, text(bytes)?, steps),
                    None => Ok(()),
                }
            }
            _ => steps(Step::Unknown {
                field: format!("delta.{key}").into(),
            }),
        })
    }

    /// Input of a call that was announced; of other blocks it is not ours.
    fn input(&mut self, index: u64, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let open = self
            .open
            .iter()
            .find(|open| open.index == index && open.kind == Kind::Call);
        let Some(at) = open.map(|open| open.at) else {
            return steps(Step::Unknown {
                field: "contentBlockDelta".into(),
            });
        };
        match member(raw, "input") {
            Some(input) => said(at, text(input)?, steps),
            None => Err(FormatError::missing_in("input", raw)),
        }
    }

    fn reasoning(&mut self, index: u64, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        each_member(raw, |key, value| {
            let redacted = key == "redactedContent";
            let kind = if redacted {
                Kind::Redacted
            } else {
                Kind::Thinking
            };
            let head = BlockHead::Thinking { id: None, redacted };
            let at = self.block(index, kind, head, steps)?;
            let value = text(value)?;
            let seal = match key {
                "text" => return said(at, value, steps),
                "signature" => seal(value, Maker::provider(&self.provider)),
                "redactedContent" => blob(value, Maker::provider(&self.provider)),
                _ => {
                    return steps(Step::Unknown {
                        field: "reasoningContent".into(),
                    });
                }
            };
            steps(Step::Seal { at, seal })
        })
    }

    /// A frame that no document names: an error says a sentence and nothing else.
    fn unnamed(&mut self, name: &str, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        if let Some(failure) = failure::read(502, raw.get().as_bytes()) {
            self.ended = true;
            return steps(Step::Fail(failure));
        }
        let field = name.to_owned().into();
        steps(Step::Unknown { field })
    }

    fn message_stop(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        for open in std::mem::take(&mut self.open) {
            steps(Step::Close { at: open.at })?;
        }
        let (stop, known) = read_reply::streamed_stop(raw)?;
        self.stopped = true;
        if !known {
            steps(Step::Unknown {
                field: "messageStop".into(),
            })?;
        }
        steps(Step::Stop { choice: 0, stop })
    }

    fn metadata(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result {
        let mut unknown = Vec::new();
        each_member(raw, |key, value| {
            match key {
                "usage" => {
                    let (counts, extras) = usage::read(value)?;
                    let heavy = extras
                        .iter()
                        .filter(|extra| extra.weight != Weight::Nothing);
                    unknown.extend(heavy.map(|extra| extra.field.clone().into_owned()));
                    steps(Step::Usage(counts))?;
                }
                "metrics" | "p" => {}
                _ => unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        told(unknown, steps)?;
        if self.stopped {
            self.ended = true;
            steps(Step::End)?;
        }
        Ok(())
    }
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result {
        if self.ended {
            return Ok(());
        }
        let name = str::from_utf8(event.name).unwrap_or_default();
        if is_failure(name) {
            self.ended = true;
            let data = raw::document(event.data).ok();
            return steps(Step::Fail(failure::of_exception(name, data)));
        }
        let raw = raw::document(event.data)?;
        match name {
            "contentBlockDelta" => self.block_delta(raw, steps),
            "contentBlockStart" => self.block_start(raw, steps),
            "contentBlockStop" => {
                let index = member(raw, "contentBlockIndex").and_then(count);
                self.close(index.unwrap_or(0), steps)
            }
            "messageStart" => {
                steps(Step::Start(Start {
                    from: Some(ApiFormat::Bedrock),
                    ..Start::default()
                }))?;
                only(raw, &["role"], steps)
            }
            "messageStop" => self.message_stop(raw, steps),
            "metadata" => self.metadata(raw, steps),
            _ => self.unnamed(name, raw, steps),
        }
    }

    /// A stream without its last event, which tells only counts, is whole.
    fn end(&mut self, steps: &mut Steps<'_>) -> Result {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        if self.stopped {
            return steps(Step::End);
        }
        let message = "the provider ended its stream before the reply was whole";
        steps(Step::Fail(Failure::new(FailureKind::Failed, message)))
    }
}

fn is_failure(name: &str) -> bool {
    failure::kind_of_type(name).is_some() || name.ends_with("xception")
}

fn said(at: Block, text: Text<'_>, steps: &mut Steps<'_>) -> Result {
    if text.is_empty() {
        return Ok(());
    }
    steps(Step::Delta { at, text })
}

/// Tells of members that no document names. `p` is padding.
fn only(raw: Raw<'_>, known: &[&str], steps: &mut Steps<'_>) -> Result {
    let mut unknown = Vec::new();
    each_member(raw, |key, _| {
        if key != "p" && !known.contains(&key) {
            unknown.push(key.to_owned());
        }
        Ok(())
    })?;
    told(unknown, steps)
}

fn told(unknown: Vec<String>, steps: &mut Steps<'_>) -> Result {
    let mut names = unknown.into_iter();
    names.try_for_each(|name| steps(Step::Unknown { field: name.into() }))
}

/// The index of the block, what is said of it, and the names of what else is said.
fn indexed<'a>(raw: Raw<'a>, name: &'static str) -> Result<(u64, Raw<'a>, Vec<String>)> {
    let (mut index, mut found, mut unknown) = (None, None, Vec::new());
    each_member(raw, |key, value| {
        match key {
            "contentBlockIndex" => index = count(value),
            "p" => {}
            _ if key == name => found = Some(value),
            _ => unknown.push(key.to_owned()),
        }
        Ok(())
    })?;
    let index = index.ok_or_else(|| FormatError::missing_in("contentBlockIndex", raw))?;
    let found = found.ok_or_else(|| FormatError::missing_in(name, raw))?;
    Ok((index, found, unknown))
}

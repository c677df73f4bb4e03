//! Events of a streamed chat as steps.
//!
//! Citations of a text come after its end: a block of content closes when the next block or the end
//! of the message comes.

use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::raw::{self, Raw, count, each_member, is_null, member, text};
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Steps, StreamReader};
use crate::sse::Event;

use super::failure;
use super::read_message::read_citation;
use super::read_reply::{UNITS, is_known, read_logprob, read_usage, reason, units_left_out};
use super::side::OWN;

type Result<T> = std::result::Result<T, FormatError>;

/// Most calls that are open at a time.
const MOST_CALLS: usize = 1024;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Reader {
    started: bool,
    over: bool,
    failed: bool,
    called: bool,
    next: u32,
    open: Option<Open>,
    /// Number of the call in the stream, and its block.
    calls: Vec<(u64, Block)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open {
    at: Block,
    /// The content's number in the stream; the plan has none.
    index: Option<u64>,
    plan: bool,
}

/// What an event says.
#[derive(Default)]
struct Said<'a> {
    type_: Option<Text<'a>>,
    id: Option<Raw<'a>>,
    index: Option<u64>,
    delta: Option<Raw<'a>>,
    logprobs: Option<Raw<'a>>,
    unknown: Vec<String>,
}

impl<'a> Said<'a> {
    fn of(raw: Raw<'a>) -> Result<Self> {
        let mut said = Self::default();
        each_member(raw, |key, value| {
            match key {
                _ if is_null(value) => {}
                "type" => said.type_ = Some(text(value)?),
                "id" => said.id = Some(value),
                "index" => said.index = count(value),
                "delta" => said.delta = Some(value),
                "logprobs" => said.logprobs = Some(value),
                _ => said.unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        Ok(said)
    }

    /// A member of the message in the delta.
    fn message(&self, name: &str) -> Option<Raw<'a>> {
        member(member(self.delta?, "message")?, name).filter(|value| !is_null(value))
    }
}

impl Reader {
    fn document(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let said = Said::of(raw)?;
        for name in &said.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        if said.type_.is_none()
            && let Some(failure) = failure::read(502, raw.get().as_bytes())
        {
            self.failed = true;
            return steps(Step::Fail(failure));
        }
        let type_ = said.type_.clone();
        let type_ = type_.ok_or_else(|| FormatError::missing_in("type", raw))?;
        match type_.decoded().as_ref() {
            "content-delta" => self.content_delta(&said, steps),
            "tool-call-delta" => self.call_delta(&said, steps),
            "message-start" => self.start(&said, steps),
            "content-start" => self.content_start(&said, steps),
            "content-end" | "citation-end" => Ok(()),
            "tool-plan-delta" => self.plan(&said, steps),
            "tool-call-start" => self.call_start(&said, steps),
            "tool-call-end" => self.call_end(&said, steps),
            "citation-start" => self.cite(&said, steps),
            "message-end" => self.message_end(&said, steps),
            other => steps(Step::Unknown {
                field: other.to_owned().into(),
            }),
        }
    }

    fn start(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if std::mem::replace(&mut self.started, true) {
            return Ok(());
        }
        steps(Step::Start(Start {
            from: Some(OWN),
            id: said.id.map(text).transpose()?,
            ..Start::default()
        }))?;
        // Its pieces come in events of their own; here the places for them are empty.
        for name in ["content", "tool_plan", "tool_calls", "citations"] {
            let value = said.message(name).map(|value| value.get());
            if value.is_some_and(|value| !matches!(value, "[]" | "\"\"" | "{}")) {
                let field = format!("message-start.{name}").into();
                steps(Step::Unknown { field })?;
            }
        }
        Ok(())
    }

    fn block(&mut self, head: BlockHead<'_>, steps: &mut Steps<'_>) -> Result<Block> {
        let at = Block {
            choice: 0,
            number: self.next,
        };
        self.next = self.next.saturating_add(1);
        steps(Step::Open { at, head })?;
        Ok(at)
    }

    fn close_content(&mut self, steps: &mut Steps<'_>) -> Result<()> {
        match self.open.take() {
            Some(open) => steps(Step::Close { at: open.at }),
            None => Ok(()),
        }
    }

    fn content_start(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        self.close_content(steps)?;
        let content = said.message("content");
        let type_ = content.and_then(|content| member(content, "type"));
        let type_ = type_.map(text).transpose()?;
        let head = match type_.as_ref().map(Text::decoded).as_deref() {
            Some("thinking") => BlockHead::Thinking {
                id: None,
                redacted: false,
            },
            _ => BlockHead::Text,
        };
        let at = self.block(head, steps)?;
        let other = type_.filter(|type_| !type_.is("text") && !type_.is("thinking"));
        if let Some(other) = other {
            let field = format!("content[].{}", other.decoded()).into();
            steps(Step::Unknown { field })?;
        }
        self.open = Some(Open {
            at,
            index: said.index,
            plan: false,
        });
        self.content_delta(said, steps)
    }

    fn content_delta(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let Some(content) = said.message("content") else {
            return Ok(());
        };
        let Some(open) = self.open.filter(|open| !open.plan) else {
            let field = "content-delta";
            return steps(Step::Unknown {
                field: field.into(),
            });
        };
        let at = open.at;
        each_member(content, |key, value| {
            match key {
                _ if is_null(value) => return Ok(()),
                "type" => return Ok(()),
                "text" | "thinking" => {}
                _ => {
                    let field = format!("content[].{key}").into();
                    return steps(Step::Unknown { field });
                }
            }
            let text = text(value)?;
            if text.is_empty() {
                return Ok(());
            }
            steps(Step::Delta { at, text })
        })?;
        let tokens = said.logprobs.map(read_logprob).unwrap_or_default();
        if tokens.is_empty() {
            return Ok(());
        }
        steps(Step::Logprobs { at, tokens })
    }

    fn plan(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let Some(plan) = said.message("tool_plan") else {
            return Ok(());
        };
        let text = text(plan)?;
        let at = match self.open.filter(|open| open.plan) {
            Some(open) => open.at,
            None => {
                self.close_content(steps)?;
                let at = self.block(BlockHead::Text, steps)?;
                self.open = Some(Open {
                    at,
                    index: None,
                    plan: true,
                });
                at
            }
        };
        steps(Step::Delta { at, text })
    }

    fn call_start(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        self.close_content(steps)?;
        let call = said.message("tool_calls");
        let function = call.and_then(|call| member(call, "function"));
        let name = function.and_then(|function| member(function, "name"));
        let name = name.ok_or_else(|| FormatError::missing("name"))?;
        let id = call.and_then(|call| member(call, "id"));
        let head = BlockHead::Call {
            id: id.map(raw::maybe_text).transpose()?.flatten(),
            name: text(name)?,
            custom: false,
        };
        if self.calls.len() == MOST_CALLS {
            return Err(FormatError::too_much_held());
        }
        let at = self.block(head, steps)?;
        self.called = true;
        self.calls.push((said.index.unwrap_or(0), at));
        self.call_delta(said, steps)
    }

    fn call_delta(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let call = said.message("tool_calls");
        let function = call.and_then(|call| member(call, "function"));
        let input = function.and_then(|function| member(function, "arguments"));
        let input = input.map(raw::maybe_text).transpose()?.flatten();
        let Some(text) = input.filter(|input| !input.is_empty()) else {
            return Ok(());
        };
        match self.call_of(said.index) {
            Some(at) => steps(Step::Delta { at, text }),
            None => steps(Step::Unknown {
                field: "tool-call-delta".into(),
            }),
        }
    }

    fn call_of(&self, index: Option<u64>) -> Option<Block> {
        let index = index.unwrap_or(0);
        let open = self.calls.iter().rev();
        let mut found = open.filter(|(number, _)| *number == index);
        found.next().map(|(_, at)| *at)
    }

    fn call_end(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let Some(at) = self.call_of(said.index) else {
            return Ok(());
        };
        self.calls.retain(|(_, own)| *own != at);
        steps(Step::Close { at })
    }

    fn cite(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let raw = said.message("citations");
        let index = raw
            .and_then(|raw| member(raw, "content_index"))
            .and_then(count);
        let own = |open: &Open| open.plan || index.is_none() || open.index == index;
        let (Some(raw), Some(open)) = (raw, self.open.filter(own)) else {
            let field = "citation-start";
            return steps(Step::Unknown {
                field: field.into(),
            });
        };
        for citation in read_citation(raw)? {
            steps(Step::Cite {
                at: open.at,
                citation,
            })?;
        }
        Ok(())
    }

    fn message_end(&mut self, said: &Said<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let delta = said.delta;
        let of = |name| {
            delta
                .and_then(|delta| member(delta, name))
                .filter(|value| !is_null(value))
        };
        if let Some(usage) = of("usage") {
            let counts: Counts = read_usage(usage)?;
            steps(Step::Usage(counts))?;
            if units_left_out(usage).is_some() {
                let field = UNITS.into();
                steps(Step::Unknown { field })?;
            }
        }
        let word = of("finish_reason").map(text).transpose()?;
        let why = word.as_ref().map_or(StopReason::End, reason);
        if word.as_ref().is_some_and(|word| !is_known(word)) {
            let field = "finish_reason".into();
            steps(Step::Unknown { field })?;
        }
        if why == StopReason::Failed {
            let late = word.is_some_and(|word| word.is("TIMEOUT"));
            let kind = if late {
                FailureKind::TooLate
            } else {
                FailureKind::Failed
            };
            let told = of("error").and_then(Text::of_raw);
            let told = told.map(|told| told.decoded().into_owned());
            let message = told.unwrap_or_else(|| "the upstream failed".to_owned());
            self.failed = true;
            return steps(Step::Fail(Failure::new(kind, message)));
        }
        self.close_content(steps)?;
        for (_, at) in std::mem::take(&mut self.calls) {
            steps(Step::Close { at })?;
        }
        self.over = true;
        let called = why == StopReason::End && self.called;
        let why = if called { StopReason::ToolCalls } else { why };
        steps(Step::Stop {
            choice: 0,
            stop: Stop::of(why),
        })
    }
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let data = event.data.trim_ascii();
        if self.failed || self.over || data.is_empty() || event.is_done() {
            return Ok(());
        }
        self.document(raw::document(data)?, steps)
    }

    fn end(&mut self, steps: &mut Steps<'_>) -> Result<()> {
        if self.failed {
            return Ok(());
        }
        if self.over {
            return steps(Step::End);
        }
        self.failed = true;
        let message = "the upstream ended before its answer did";
        steps(Step::Fail(Failure::new(FailureKind::Failed, message)))
    }
}

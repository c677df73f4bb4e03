//! Reads a stream. Each line of it is the data of one event.

use super::read_message::{self, seal};
use super::read_reply::{Last, is_known};
use super::{Outcome, clock, failure};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::logprobs::tokens;
use crate::canonical::parts::PartKind;
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::reply::Stop;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Steps, StreamReader};
use crate::sse::Event;

/// One stream of one provider.
pub(super) struct Reader {
    provider: String,
    started: bool,
    ended: bool,
    called: bool,
    next: u32,
    open: Option<(Block, Opened)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Text,
    Thinking,
}

/// The members of one line.
#[derive(Default)]
struct Line<'a> {
    model: Option<Text<'a>>,
    created: Option<Text<'a>>,
    message: Option<Raw<'a>>,
    logprobs: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
    done: bool,
    last: Last<'a>,
    unknown: Vec<String>,
}

impl<'a> Line<'a> {
    fn read(document: Raw<'a>) -> Outcome<Self> {
        let mut line = Line::default();
        raw::each_member(document, |key, value| {
            match key {
                _ if raw::is_null(value) => {}
                "model" => line.model = Some(raw::text(value)?),
                "created_at" => line.created = Some(raw::text(value)?),
                "message" => line.message = Some(value),
                "logprobs" => line.logprobs = Some(value),
                "error" => line.error = Some(value),
                "done" => line.done = raw::boolean(value)?,
                "total_duration" | "load_duration" | "prompt_eval_duration" | "eval_duration" => {}
                "done_reason" if !is_known(value) => {
                    line.unknown.push(key.to_owned());
                    line.last.member(key, value)?;
                }
                _ if line.last.member(key, value)? => {}
                _ => line.unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        Ok(line)
    }
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            started: false,
            ended: false,
            called: false,
            next: 0,
            open: None,
        }
    }

    fn line(&mut self, line: &Line<'_>, steps: &mut Steps<'_>) -> Outcome {
        if !std::mem::replace(&mut self.started, true) {
            let created = line.created.as_ref();
            steps(Step::Start(Start {
                from: Some(crate::format::ApiFormat::Ollama),
                id: None,
                model: line.model.clone(),
                created: created.and_then(|at| clock::seconds(&at.decoded())),
                tier: None,
                usage: None,
            }))?;
        }
        for name in &line.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        if let Some(message) = line.message {
            self.message(message, steps)?;
        }
        if let Some(logprobs) = line.logprobs {
            let tokens = tokens(logprobs)?;
            if !tokens.is_empty() {
                let at = self.block(Opened::Text, BlockHead::Text, steps)?;
                steps(Step::Logprobs { at, tokens })?;
            }
        }
        if line.done {
            return self.done(&line.last, steps);
        }
        Ok(())
    }

    fn message(&mut self, message: Raw<'_>, steps: &mut Steps<'_>) -> Outcome {
        let (mut content, mut calls, mut images) = (None, None, None);
        let mut thinking = None;
        let mut unknown = Vec::new();
        raw::each_member(message, |key, value| {
            match key {
                _ if raw::is_null(value) => {}
                "role" => {}
                "content" => content = Some(raw::text(value)?),
                "thinking" => thinking = Some(raw::text(value)?),
                "tool_calls" => calls = Some(value),
                "images" => images = Some(value),
                _ => unknown.push(format!("message.{key}")),
            }
            Ok(())
        })?;
        if let Some(text) = thinking {
            let head = BlockHead::Thinking {
                id: None,
                redacted: false,
            };
            self.text(Opened::Thinking, head, text, steps)?;
        }
        if let Some(text) = content {
            self.text(Opened::Text, BlockHead::Text, text, steps)?;
        }
        if let Some(images) = images {
            raw::each_item(images, |item| self.image(raw::text(item)?, steps))?;
        }
        if let Some(calls) = calls {
            raw::each_item(calls, |item| self.call(item, steps))?;
        }
        for field in unknown {
            let field = field.into();
            steps(Step::Unknown { field })?;
        }
        Ok(())
    }

    fn text(
        &mut self,
        kind: Opened,
        head: BlockHead<'_>,
        text: Text<'_>,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        if text.is_empty() {
            return Ok(());
        }
        let at = self.block(kind, head, steps)?;
        steps(Step::Delta { at, text })
    }

    fn block(
        &mut self,
        kind: Opened,
        head: BlockHead<'_>,
        steps: &mut Steps<'_>,
    ) -> Outcome<Block> {
        if let Some((at, open)) = self.open
            && open == kind
        {
            return Ok(at);
        }
        let at = self.begin(head, steps)?;
        self.open = Some((at, kind));
        Ok(at)
    }

    fn begin(&mut self, head: BlockHead<'_>, steps: &mut Steps<'_>) -> Outcome<Block> {
        self.close(steps)?;
        let at = Block {
            choice: 0,
            number: self.next,
        };
        self.next = self.next.saturating_add(1);
        steps(Step::Open { at, head })?;
        Ok(at)
    }

    fn close(&mut self, steps: &mut Steps<'_>) -> Outcome {
        let Some((at, kind)) = self.open.take() else {
            return Ok(());
        };
        if kind == Opened::Thinking {
            let seal = seal(Some(&self.provider));
            steps(Step::Seal { at, seal })?;
        }
        steps(Step::Close { at })
    }

    fn image(&mut self, text: Text<'_>, steps: &mut Steps<'_>) -> Outcome {
        let at = self.begin(BlockHead::Image { mime: None }, steps)?;
        steps(Step::Delta { at, text })?;
        steps(Step::Close { at })
    }

    fn call(&mut self, item: Raw<'_>, steps: &mut Steps<'_>) -> Outcome {
        let part = read_message::call(item)?;
        let PartKind::Call(call) = &part.kind else {
            return Ok(());
        };
        self.called = true;
        let head = BlockHead::Call {
            id: call.id.as_ref().map(Text::borrowed),
            name: call.name.borrowed(),
            custom: false,
        };
        let at = self.begin(head, steps)?;
        let text = call.input.as_text();
        if !text.is_empty() {
            steps(Step::Delta { at, text })?;
        }
        steps(Step::Close { at })
    }

    fn done(&mut self, last: &Last<'_>, steps: &mut Steps<'_>) -> Outcome {
        self.ended = true;
        self.close(steps)?;
        let stop = Stop::of(last.stop(self.called));
        steps(Step::Stop { choice: 0, stop })?;
        if let Some(counts) = last.counts() {
            steps(Step::Usage(counts))?;
        }
        steps(Step::End)
    }

    fn fail(&mut self, error: Raw<'_>, steps: &mut Steps<'_>) -> Outcome {
        self.ended = true;
        let text = match raw::kind(error) {
            Kind::Object => raw::member(error, "message").and_then(Text::of_raw),
            _ => Text::of_raw(error),
        };
        let text = text.unwrap_or(Text::plain("the provider failed"));
        let failure = Failure::new(FailureKind::Failed, failure::plain(&text));
        steps(Step::Fail(failure))
    }
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Outcome {
        if self.ended || event.data.trim_ascii().is_empty() {
            return Ok(());
        }
        let document: Raw<'_> =
            serde_json::from_slice(event.data).map_err(|_| FormatError::not_json())?;
        let line = Line::read(document)?;
        match line.error {
            Some(error) => self.fail(error, steps),
            None => self.line(&line, steps),
        }
    }

    fn end(&mut self, steps: &mut Steps<'_>) -> Outcome {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        let text = "the provider's stream ended before its final line";
        steps(Step::Fail(Failure::new(FailureKind::Failed, text)))
    }
}

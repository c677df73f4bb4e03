//! What is open in one choice of a stream that is read.
//!
//! Owns where blocks begin and end, since this format does not say so: text, refusal, thinking and
//! sound end where something else begins; calls end with the choice, since their pieces may come
//! in any order. Keeps no text.

use super::Outcome;
use super::chunk;
use super::node::member;
use super::read_message;
use super::read_reply::{citation, image, image_data};
use super::stops::{self, Before};
use super::stream_calls::Call;
use super::thinking::{self, Detail};
use crate::canonical::logprobs::tokens;
use crate::canonical::parts::{Part, PartKind};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::reply::{Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;
use crate::formats::Steps;

/// One choice of a stream.
pub(super) struct Choice {
    pub(super) number: u32,
    pub(super) stopped: bool,
    next: u32,
    open: Option<(Block, Opened)>,
    pub(super) calls: Vec<Call>,
    pub(super) before: Before,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Text,
    Refusal,
    Audio,
    Thinking(Thinking),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Thinking {
    /// The dialect that goes into the seal if none comes.
    dialect: &'static str,
    index: Option<u64>,
    redacted: bool,
    sealed: bool,
}

impl Choice {
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            stopped: false,
            next: 0,
            open: None,
            calls: Vec::new(),
            before: Before::default(),
        }
    }

    pub(super) fn read(
        &mut self,
        said: &chunk::Choice<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        if self.stopped {
            return late(said, steps);
        }
        if let Some(delta) = &said.delta {
            self.delta(delta, provider, steps)?;
        }
        if let Some(logprobs) = said.logprobs {
            self.logprobs(logprobs, provider, steps)?;
        }
        let Some(word) = said.finish.map(raw::text).transpose()? else {
            return Ok(());
        };
        if !stops::is_known(&word) {
            let field = "finish_reason".into();
            steps(Step::Unknown { field })?;
        }
        self.stop(stops::reason(&word, self.before), provider, steps)
    }

    fn delta(
        &mut self,
        delta: &chunk::Delta<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        self.thinking(delta, provider, steps)?;
        if let Some(content) = delta.content {
            self.content(content, provider, steps)?;
        }
        if let Some(refusal) = delta.refusal {
            let text = raw::text(refusal)?;
            self.before.refusal |= !text.is_empty();
            self.text(Opened::Refusal, BlockHead::Refusal, text, provider, steps)?;
        }
        self.seldom(delta, provider, steps)
    }

    /// What most events do not have.
    fn seldom(
        &mut self,
        delta: &chunk::Delta<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        if let Some(list) = delta.annotations {
            self.annotations(list, steps)?;
        }
        if let Some(audio) = delta.audio {
            self.audio(audio, provider, steps)?;
        }
        if let Some(list) = delta.images {
            raw::each_item(list, |item| self.image(item, provider, steps))?;
        }
        if let Some(list) = delta.tool_calls {
            raw::each_item(list, |item| self.call(item, provider, steps))?;
        }
        match delta.function_call {
            Some(legacy) => self.legacy_call(legacy, provider, steps),
            None => Ok(()),
        }
    }

    fn content(&mut self, content: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        if let Some(text) = Text::of_raw(content) {
            self.before.text |= !text.is_empty();
            return self.text(Opened::Text, BlockHead::Text, text, provider, steps);
        }
        for part in read_message::parts(content, Some(provider))? {
            self.part(&part, provider, steps)?;
        }
        Ok(())
    }

    /// A part of a content list, as Mistral streams it.
    fn part(&mut self, part: &Part<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        match &part.kind {
            PartKind::Text(text) => {
                self.before.text |= !text.is_empty();
                let text = text.borrowed();
                self.text(Opened::Text, BlockHead::Text, text, provider, steps)
            }
            PartKind::Thinking(thought) => {
                for text in &thought.texts {
                    self.thought("thinking", text.borrowed(), provider, steps)?;
                }
                Ok(())
            }
            _ => steps(Step::Unknown {
                field: "content".into(),
            }),
        }
    }

    fn text(
        &mut self,
        kind: Opened,
        head: BlockHead<'_>,
        text: Text<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        if text.is_empty() {
            return Ok(());
        }
        let at = match self.open {
            Some((at, open)) if open == kind => at,
            _ => self.begin(kind, head, provider, steps)?,
        };
        steps(Step::Delta { at, text })
    }

    fn begin(
        &mut self,
        kind: Opened,
        head: BlockHead<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome<Block> {
        self.close_open(provider, steps)?;
        let at = self.new_block();
        self.open = Some((at, kind));
        steps(Step::Open { at, head })?;
        Ok(at)
    }

    pub(super) fn new_block(&mut self) -> Block {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        Block {
            choice: self.number,
            number,
        }
    }

    pub(super) fn close_open(&mut self, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        let Some((at, kind)) = self.open.take() else {
            return Ok(());
        };
        if let Opened::Thinking(Thinking {
            dialect,
            sealed: false,
            ..
        }) = kind
        {
            let seal = thinking::dialect_seal(Some(provider), dialect);
            steps(Step::Seal { at, seal })?;
        }
        steps(Step::Close { at })
    }

    fn thinking(
        &mut self,
        delta: &chunk::Delta<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        let plain = match (delta.reasoning_content, delta.reasoning) {
            (Some(raw), _) => Some(("reasoning_content", raw)),
            (None, Some(raw)) if raw::kind(raw) == Kind::Text => Some(("reasoning", raw)),
            _ => None,
        };
        let plain = match plain {
            Some((name, raw)) => Some((name, raw::text(raw)?)).filter(|(_, text)| !text.is_empty()),
            None => None,
        };
        let Some(details) = delta.details else {
            return match plain {
                Some((name, text)) => self.thought(name, text, provider, steps),
                None => Ok(()),
            };
        };
        let mut repeated = false;
        let dialect = plain.as_ref().map_or("reasoning.text", |(name, _)| *name);
        let mut all = Vec::new();
        raw::each_item(details, |item| {
            let detail = Detail::read(item)?;
            repeated |= detail.text.as_ref().is_some_and(|text| !text.is_empty());
            all.push(detail);
            Ok(())
        })?;
        if let Some((name, text)) = plain.filter(|_| !repeated) {
            self.thought(name, text, provider, steps)?;
        }
        all.iter()
            .try_for_each(|detail| self.detail(detail, dialect, provider, steps))
    }

    fn thought(
        &mut self,
        dialect: &'static str,
        text: Text<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        let at = match self.open {
            Some((at, Opened::Thinking(open))) if !open.redacted && !open.sealed => at,
            _ => {
                let kind = Thinking {
                    dialect,
                    index: None,
                    redacted: false,
                    sealed: false,
                };
                self.begin(Opened::Thinking(kind), head(None, false), provider, steps)?
            }
        };
        steps(Step::Delta { at, text })
    }

    fn detail(
        &mut self,
        detail: &Detail<'_>,
        dialect: &'static str,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome {
        let text = detail.text.as_ref().filter(|text| !text.is_empty());
        if text.is_none() && detail.sealed.is_none() {
            return Ok(());
        }
        let at = match self.open {
            Some((at, Opened::Thinking(open))) if open.goes_on(detail) => at,
            _ => self.new_detail(detail, dialect, provider, steps)?,
        };
        if let Some(text) = text {
            let text = text.borrowed();
            steps(Step::Delta { at, text })?;
        }
        let seal = detail
            .sealed
            .as_ref()
            .and_then(|_| detail.seal(Some(provider)));
        let Some(seal) = seal else { return Ok(()) };
        if let Some((_, Opened::Thinking(open))) = &mut self.open {
            open.sealed = true;
        }
        steps(Step::Seal { at, seal })
    }

    fn new_detail(
        &mut self,
        detail: &Detail<'_>,
        dialect: &'static str,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Outcome<Block> {
        let kind = Thinking {
            dialect,
            index: detail.index,
            redacted: detail.redacted,
            sealed: false,
        };
        let id = detail.id.as_ref().map(Text::borrowed);
        let head = head(id, detail.redacted);
        self.begin(Opened::Thinking(kind), head, provider, steps)
    }

    fn annotations(&mut self, list: Raw<'_>, steps: &mut Steps<'_>) -> Outcome {
        let Some((at, Opened::Text)) = self.open else {
            return steps(Step::Unknown {
                field: "annotations".into(),
            });
        };
        raw::each_item(list, |item| {
            let citation = citation(item)?;
            steps(Step::Cite { at, citation })
        })
    }

    /// What is said in the sound has no place of its own in other formats.
    fn audio(&mut self, audio: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        raw::each_member(audio, |name, value| {
            if matches!(name, "id" | "data") || raw::is_null(value) {
                return Ok(());
            }
            let field = format!("audio.{name}").into();
            steps(Step::Unknown { field })
        })?;
        let id = member(audio, "id").and_then(Text::of_raw);
        let data = member(audio, "data").and_then(Text::of_raw);
        let at = match self.open {
            Some((at, Opened::Audio)) => at,
            _ if id.is_none() && data.is_none() => return Ok(()),
            _ => self.begin(Opened::Audio, BlockHead::Audio { id }, provider, steps)?,
        };
        match data {
            Some(text) => steps(Step::Delta { at, text }),
            None => Ok(()),
        }
    }

    fn image(&mut self, item: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        let part = image(item)?;
        let Some((mime, text)) = image_data(&part) else {
            return steps(Step::Unknown {
                field: "images".into(),
            });
        };
        self.close_open(provider, steps)?;
        let at = self.new_block();
        let head = BlockHead::Image { mime };
        steps(Step::Open { at, head })?;
        steps(Step::Delta { at, text })?;
        steps(Step::Close { at })
    }

    fn logprobs(&mut self, value: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        let lists = [
            ("content", Opened::Text, BlockHead::Text),
            ("refusal", Opened::Refusal, BlockHead::Refusal),
        ];
        for (name, kind, head) in lists {
            let list = member(value, name).map(tokens).transpose()?;
            let Some(tokens) = list.filter(|tokens| !tokens.is_empty()) else {
                continue;
            };
            let at = match self.open {
                Some((at, open)) if open == kind => at,
                _ => self.begin(kind, head, provider, steps)?,
            };
            steps(Step::Logprobs { at, tokens })?;
        }
        Ok(())
    }

    fn stop(&mut self, reason: StopReason, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        self.stopped = true;
        self.close_open(provider, steps)?;
        for at in self.calls.drain(..).filter_map(|call| call.at) {
            steps(Step::Close { at })?;
        }
        let stop = Stop::of(reason);
        let choice = self.number;
        steps(Step::Stop { choice, stop })
    }

    /// The stream came to its end; some servers give no reason.
    pub(super) fn finish(&mut self, provider: &str, steps: &mut Steps<'_>) -> Outcome {
        if self.stopped {
            return Ok(());
        }
        let reason = stops::reason(&Text::plain("stop"), self.before);
        self.stop(reason, provider, steps)
    }
}

impl Thinking {
    /// Whether a detail belongs to this block. One that was opened by `reasoning_content` takes
    /// the first signature that comes.
    fn goes_on(&self, detail: &Detail<'_>) -> bool {
        let index = self.index.is_none() || detail.index.is_none() || self.index == detail.index;
        index && !self.sealed && self.redacted == detail.redacted
    }
}

fn head(id: Option<Text<'_>>, redacted: bool) -> BlockHead<'_> {
    BlockHead::Thinking { id, redacted }
}

/// OpenRouter's last event has an empty text; anything else after the end is told.
fn late(said: &chunk::Choice<'_>, steps: &mut Steps<'_>) -> Outcome {
    let Some(delta) = &said.delta else {
        return Ok(());
    };
    let all = [
        ("delta.content", delta.content),
        ("delta.refusal", delta.refusal),
        ("delta.reasoning_content", delta.reasoning_content),
        ("delta.reasoning", delta.reasoning),
        ("delta.reasoning_details", delta.details),
        ("delta.tool_calls", delta.tool_calls),
        ("delta.function_call", delta.function_call),
        ("delta.annotations", delta.annotations),
        ("delta.audio", delta.audio),
        ("delta.images", delta.images),
    ];
    let empty = |raw: &str| matches!(raw, "\"\"" | "[]" | "{}" | "null");
    let mut late = all
        .into_iter()
        .filter(|(_, value)| value.is_some_and(|value| !empty(value.get())));
    late.try_for_each(|(field, _)| {
        let field = field.into();
        steps(Step::Unknown { field })
    })
}

//! Reads a stream.

use super::chunk::{Chunk, each_unknown};
use super::stream_state::Choice;
use super::{Outcome, failure, usage};
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::raw::{self, Raw};
use crate::canonical::step::{Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Steps, StreamReader, told_extras};
use crate::sse::Event;

/// One stream of one provider.
pub(super) struct Reader {
    provider: String,
    started: bool,
    ended: bool,
    choices: Vec<Choice>,
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            started: false,
            ended: false,
            choices: Vec::new(),
        }
    }

    fn chunk(&mut self, chunk: &Chunk<'_>, steps: &mut Steps<'_>) -> Outcome {
        self.start(chunk, steps)?;
        for said in chunk.choices.iter().flatten() {
            let number = said.index.and_then(raw::count).unwrap_or(0);
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let at = self.choice(number);
            if let Some(choice) = self.choices.get_mut(at) {
                choice.read(said, &self.provider, steps)?;
            }
        }
        match chunk.usage {
            Some(counts) => {
                let mut extras = Vec::new();
                steps(Step::Usage(usage::read(counts, &mut extras)?))?;
                told_extras(&extras, steps)
            }
            None => Ok(()),
        }
    }

    /// Azure's first event has neither id nor choices.
    fn start(&mut self, chunk: &Chunk<'_>, steps: &mut Steps<'_>) -> Outcome {
        let empty = chunk.choices.as_ref().is_none_or(Vec::is_empty);
        let id = chunk.id.and_then(named);
        if self.started || (empty && id.is_none()) {
            return Ok(());
        }
        self.started = true;
        steps(Step::Start(Start {
            from: Some(crate::format::ApiFormat::OpenAiChat),
            id,
            model: chunk.model.and_then(named),
            created: chunk.created.and_then(raw::count),
            tier: chunk.tier.and_then(named),
            usage: None,
        }))
    }

    fn choice(&mut self, number: u32) -> usize {
        let known = self
            .choices
            .iter()
            .position(|choice| choice.number == number);
        known.unwrap_or_else(|| {
            self.choices.push(Choice::new(number));
            self.choices.len() - 1
        })
    }

    fn finish(&mut self, steps: &mut Steps<'_>) -> Outcome {
        self.ended = true;
        for choice in &mut self.choices {
            choice.finish(&self.provider, steps)?;
        }
        steps(Step::End)
    }

    fn fail(&mut self, failure: Failure<'_>, steps: &mut Steps<'_>) -> Outcome {
        self.ended = true;
        steps(Step::Fail(failure))
    }
}

fn named(raw: Raw<'_>) -> Option<Text<'_>> {
    Text::of_raw(raw).filter(|text| !text.is_empty())
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Outcome {
        if self.ended || event.data.trim_ascii().is_empty() {
            return Ok(());
        }
        if event.is_done() {
            return self.finish(steps);
        }
        let chunk: Chunk<'_> =
            serde_json::from_slice(event.data).map_err(|_| FormatError::not_json())?;
        if chunk.error.is_some() || event.name == b"error" {
            let record = raw::document(event.data)?;
            let unreadable = || Failure::new(FailureKind::Failed, "the provider failed");
            let failure = failure::of_record(None, record).unwrap_or_else(unreadable);
            return self.fail(failure, steps);
        }
        if chunk.has_unknown() {
            let document = raw::document(event.data)?;
            each_unknown(document, &mut |name| {
                let field = name.into();
                steps(Step::Unknown { field })
            })?;
        }
        self.chunk(&chunk, steps)
    }

    /// Some servers leave `[DONE]` out; that every choice came to its end is enough.
    fn end(&mut self, steps: &mut Steps<'_>) -> Outcome {
        if self.ended {
            return Ok(());
        }
        let whole = !self.choices.is_empty() && self.choices.iter().all(|choice| choice.stopped);
        if whole {
            return self.finish(steps);
        }
        let text = "the provider's stream ended before its final event";
        self.fail(Failure::new(FailureKind::Failed, text), steps)
    }
}

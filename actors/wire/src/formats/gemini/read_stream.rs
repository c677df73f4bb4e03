//! Chunks of `streamGenerateContent` as steps.
//!
//! Every chunk is a reply of its own. Nothing says that a part ends, so a block closes when one of
//! another kind comes. A reason to stop may stand in any chunk, and older models repeat it in each:
//! the stops go out when the upstream closes the stream.

use std::borrow::Cow;

use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::raw::{self, Kind, Raw, each_item, each_member, is_null, kind, text};
use crate::canonical::reply::Stop;
use crate::canonical::step::{Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Steps, StreamReader};
use crate::sse::Event;

use super::plain_chunk::Plain;
use super::read_choice::{Candidate, Choice};
use super::read_reply::block_stop;
use super::words::{OWN, camel};
use super::{failure, usage};

type Result<T> = std::result::Result<T, FormatError>;

/// Most candidates of a stream.
const MOST_CHOICES: usize = 64;

/// See the module's text.
pub(super) struct Reader {
    provider: String,
    started: bool,
    failed: bool,
    /// `usageMetadata` as it was spelt last: most chunks repeat it.
    usage: Vec<u8>,
    /// The tier that the start told.
    tier: Option<String>,
    choices: Vec<Choice>,
    /// The prompt was blocked.
    blocked: Option<Stop<'static>>,
}

/// The members of one chunk.
#[derive(Default)]
struct Chunk<'a> {
    candidates: Option<Raw<'a>>,
    usage: Option<Raw<'a>>,
    model: Option<Raw<'a>>,
    id: Option<Raw<'a>>,
    feedback: Option<Raw<'a>>,
    error: Option<Raw<'a>>,
    unknown: Vec<String>,
}

impl<'a> Chunk<'a> {
    fn of(raw: Raw<'a>) -> Result<Self> {
        let mut chunk = Self::default();
        each_member(raw, |key, value| {
            let slot = match camel(key).as_ref() {
                "candidates" => &mut chunk.candidates,
                "usageMetadata" => &mut chunk.usage,
                "modelVersion" => &mut chunk.model,
                "responseId" => &mut chunk.id,
                "promptFeedback" => &mut chunk.feedback,
                "error" => &mut chunk.error,
                "createTime" => return Ok(()),
                _ => {
                    if !is_null(value) {
                        chunk.unknown.push(key.to_owned());
                    }
                    return Ok(());
                }
            };
            *slot = Some(value).filter(|value| !is_null(value));
            Ok(())
        })?;
        Ok(chunk)
    }
}

impl Reader {
    pub(super) fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            started: false,
            failed: false,
            usage: Vec::new(),
            tier: None,
            choices: Vec::new(),
            blocked: None,
        }
    }

    fn document(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if kind(raw) == Kind::Array {
            return each_item(raw, |item| match kind(item) {
                Kind::Array => Err(FormatError::expected("an object", item)),
                _ => self.document(item, steps),
            });
        }
        let chunk = Chunk::of(raw)?;
        if let Some(error) = chunk.error {
            return self.fail(failure::of_error(error, None), steps);
        }
        if !std::mem::replace(&mut self.started, true) {
            self.start(&chunk, steps)?;
        }
        if let Some(usage) = chunk.usage {
            self.count(usage, steps)?;
        }
        if let Some(candidates) = chunk.candidates {
            each_item(candidates, |candidate| self.candidate(candidate, steps))?;
        }
        if let Some(feedback) = chunk.feedback {
            self.feedback(feedback, steps)?;
        }
        for name in &chunk.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        Ok(())
    }

    fn start(&mut self, chunk: &Chunk<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let tier = match chunk.usage {
            Some(raw) => usage::read(raw)?.1,
            None => None,
        };
        self.tier = tier.as_ref().map(|tier| tier.decoded().into_owned());
        steps(Step::Start(Start {
            from: Some(OWN),
            id: chunk.id.map(text).transpose()?,
            model: chunk.model.map(text).transpose()?,
            tier,
            ..Start::default()
        }))
    }

    fn fail(&mut self, failure: Option<Failure<'_>>, steps: &mut Steps<'_>) -> Result<()> {
        self.failed = true;
        let unsaid = || Failure::new(FailureKind::Failed, "the upstream failed");
        steps(Step::Fail(failure.unwrap_or_else(unsaid)))
    }

    fn count(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let bytes = raw.get().as_bytes();
        if self.usage == bytes {
            return Ok(());
        }
        self.usage.clear();
        self.usage.extend_from_slice(bytes);
        let (counts, tier) = usage::read(raw)?;
        self.later_tier(tier.as_ref(), steps)?;
        steps(Step::Usage(counts))
    }

    /// What the start told is told. A tier that only a later chunk names has no place there.
    fn later_tier(&mut self, tier: Option<&Text<'_>>, steps: &mut Steps<'_>) -> Result<()> {
        let tier = tier.map(Text::decoded);
        let usual = |word: &str| word == "standard" || self.tier.as_deref() == Some(word);
        match tier.is_none_or(|tier| usual(&tier)) {
            true => Ok(()),
            false => steps(Step::Unknown {
                field: "service_tier".into(),
            }),
        }
    }

    fn feedback(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if raw::member(raw, "safetyRatings").is_some() {
            let field = "promptFeedback.safetyRatings".into();
            steps(Step::Unknown { field })?;
        }
        if raw::member(raw, "blockReason").is_none() {
            return steps(Step::Unknown {
                field: "promptFeedback".into(),
            });
        }
        let stop = block_stop(raw);
        self.blocked = Some(Stop {
            reason: stop.reason,
            sequence: None,
            details: stop.details.map(Text::into_owned),
        });
        Ok(())
    }

    fn plain(&mut self, said: Plain<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if let Some(usage) = said.usage {
            self.count(usage, steps)?;
        }
        let choice = choice_of(&mut self.choices, said.candidate)?;
        choice.map_or(Ok(()), |choice| {
            choice.text(said.text, said.thought, None, steps)
        })
    }

    fn candidate(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let said = Candidate::of(raw)?;
        let number = u32::try_from(said.index).unwrap_or(u32::MAX);
        let choice = choice_of(&mut self.choices, number)?;
        choice.map_or(Ok(()), |choice| {
            choice.candidate(&said, &self.provider, steps)
        })
    }
}

/// The candidate of this number; a new one if it is the first time.
fn choice_of(choices: &mut Vec<Choice>, number: u32) -> Result<Option<&mut Choice>> {
    let found = choices.iter().position(|own| own.number() == number);
    if found.is_none() {
        if choices.len() == MOST_CHOICES {
            return Err(FormatError::too_much_held());
        }
        choices.push(Choice::new(number));
    }
    let at = found.unwrap_or(choices.len() - 1);
    Ok(choices.get_mut(at))
}

impl StreamReader for Reader {
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result<()> {
        let data = event.data.trim_ascii();
        if self.failed || data.is_empty() || event.is_done() {
            return Ok(());
        }
        match Plain::of(data).filter(|_| self.started) {
            Some(said) => self.plain(said, steps),
            None => self.document(raw::document(data)?, steps),
        }
    }

    fn end(&mut self, steps: &mut Steps<'_>) -> Result<()> {
        if self.failed {
            return Ok(());
        }
        let blocked = self.blocked.take();
        let over = !self.choices.is_empty() && self.choices.iter().all(Choice::is_over);
        if !over && blocked.is_none() {
            let message = Cow::Borrowed("the upstream ended before its answer did");
            return self.fail(Some(Failure::new(FailureKind::Failed, message)), steps);
        }
        for choice in &mut self.choices {
            choice.finish(blocked.as_ref(), steps)?;
        }
        if let (true, Some(stop)) = (self.choices.is_empty(), blocked) {
            steps(Step::Stop { choice: 0, stop })?;
        }
        steps(Step::End)
    }
}

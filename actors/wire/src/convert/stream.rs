//! One streamed reply on its way from an upstream's format to a client's.
//!
//! Owns: the cut into events, and what has been seen of them. Everything that comes out is
//! server-sent events; what Ollama and Bedrock speak instead is made of them at the last step
//! (`framing`), so that redaction and the end of a broken stream are the same for all.
//!
//! Where both sides speak the same format the bytes pass, and are only watched.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;

use super::kept::{self, Keeping};
use super::sequence::Sequence;
use super::stream_notes::StreamNotes;
use super::watch::Watch;
use crate::canonical::error::FormatError;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::step::Step;
use crate::error::WireError;
use crate::format::ApiFormat;
use crate::formats::{Asked, StreamReader, codec};
use crate::framing::Unframer;
use crate::sse::EventScanner;
use crate::usage::Usage;

/// See the module's text. One per stream.
pub struct ReplyTranslator {
    unframer: Option<Unframer>,
    scanner: EventScanner,
    way: Way,
    progress: Progress,
}

/// What has been seen of a stream.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Usage as it was reported last.
    pub usage: Option<Usage>,
    /// Id of the reply, where the provider keeps it and may be asked for it later (Responses).
    pub stored_id: Option<String>,
    /// Events, the last one included.
    pub events: u64,
    /// Whether the final event came.
    pub done: bool,
    /// The error that the upstream sent within the stream.
    pub failure: Option<Failure<'static>>,
    /// Bytes of text, of thinking and of the input of calls: what a count is guessed from where
    /// the provider gives none.
    pub text_bytes: u64,
    /// Bytes behind the final event. They are not passed on.
    pub after_end: u64,
    /// Whether the client has seen that error already, since the events pass as they came.
    pub failure_shown: bool,
}

enum Way {
    Pass(Box<Watch>),
    /// Of equal formats, behind the final event: nothing passes.
    Over,
    Convert {
        reader: Box<dyn StreamReader>,
        told: Box<Telling>,
    },
}

/// What the steps of a converted stream go through.
struct Telling {
    sequence: Sequence,
    notes: StreamNotes,
}

impl ReplyTranslator {
    /// A translator for one stream.
    pub fn new(from: ApiFormat, to: ApiFormat, asked: &Asked) -> Self {
        let way = if from == to {
            Way::Pass(Box::new(Watch::new(from)))
        } else {
            let writer = codec(to).stream_writer(asked);
            let memory = asked.seals.as_ref().filter(|_| kept::loses_seals(to));
            let keeps_seals = memory.is_some();
            let writer = match memory {
                Some(memory) => Box::new(Keeping::new(writer, Arc::clone(memory))),
                None => writer,
            };
            Way::Convert {
                reader: codec(from).stream_reader(&asked.provider),
                told: Box::new(Telling {
                    sequence: Sequence::new(to, writer, asked.request_id.clone()),
                    notes: StreamNotes::new(to, keeps_seals),
                }),
            }
        };
        Self {
            unframer: Unframer::of(from),
            scanner: EventScanner::new(),
            way,
            progress: Progress::default(),
        }
    }

    /// What has been seen so far.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What of the stream had no place in the client's format, as far as it was read.
    pub fn notes(&self) -> &[String] {
        match &self.way {
            Way::Convert { told, .. } => told.notes.fields(),
            Way::Pass(_) | Way::Over => &[],
        }
    }

    /// Whether the final event was seen, of a stream whose format has one: what follows is nothing
    /// of it.
    pub fn is_over(&self) -> bool {
        matches!(self.way, Way::Over)
    }

    /// Whether what was received ends between two events.
    pub fn at_boundary(&self) -> bool {
        self.scanner.at_boundary() && self.unframer.as_ref().is_none_or(Unframer::at_boundary)
    }

    /// Takes the upstream's next bytes and gives what the client gets of them.
    ///
    /// # Errors
    /// An event too long, or not of the upstream's format. The translator is of no use after it.
    pub fn push(&mut self, chunk: Bytes) -> Result<Bytes, TranslateError> {
        if self.is_over() {
            self.progress.after_end += weight(&chunk);
            return Ok(Bytes::new());
        }
        let events = match &mut self.unframer {
            Some(unframer) => unframer.push(&chunk)?,
            None => chunk,
        };
        self.events(events)
    }

    fn events(&mut self, chunk: Bytes) -> Result<Bytes, TranslateError> {
        match &mut self.way {
            Way::Over => Ok(Bytes::new()),
            Way::Pass(watch) => {
                let progress = &mut self.progress;
                let end = self
                    .scanner
                    .push_until(&chunk, |event| watch.see(&event, progress))?;
                if watch.is_over() {
                    self.way = Way::Over;
                }
                progress.after_end += weight(chunk.get(end..).unwrap_or_default());
                Ok(chunk.slice(..end))
            }
            Way::Convert { reader, told } => {
                let (mut out, mut failed) = (Vec::with_capacity(chunk.len()), None);
                let progress = &mut self.progress;
                self.scanner.push(&chunk, |event| {
                    if progress.done && !event.is_done() {
                        progress.after_end += weight(event.data);
                    }
                    progress.events += 1;
                    if failed.is_none() && !progress.done && progress.failure.is_none() {
                        let steps = &mut |step: Step<'_>| take(step, told, progress, &mut out);
                        failed = reader.event(&event, steps).err();
                        progress.done = told.sequence.ended();
                    }
                })?;
                settle(progress, told);
                failed.map_or_else(|| Ok(out.into()), |error| Err(error.into()))
            }
        }
    }

    /// The upstream closed its stream: what is still due to the client. Afterwards
    /// [`Progress::done`] says whether the stream came to its end.
    ///
    /// # Errors
    /// As [`ReplyTranslator::push`].
    pub fn end(&mut self) -> Result<Bytes, TranslateError> {
        let last = self.unframer.as_mut().map(Unframer::end);
        let last = last.filter(|last| !last.is_empty());
        let last = last.map_or(Ok(Bytes::new()), |last| self.events(last))?;
        match &mut self.way {
            Way::Pass(watch) => {
                watch.end(&mut self.progress);
                Ok(last)
            }
            Way::Over => Ok(last),
            Way::Convert { .. } if self.progress.done || self.progress.failure.is_some() => {
                Ok(last)
            }
            Way::Convert { reader, told } => {
                let mut out = Vec::from(last);
                let progress = &mut self.progress;
                // That the final event is missing is the caller's to tell, in one way for all.
                reader.end(&mut |step: Step<'_>| match step {
                    Step::Fail(_) => Ok(()),
                    step => take(step, told, progress, &mut out),
                })?;
                settle(progress, told);
                Ok(out.into())
            }
        }
    }
}

/// Bytes that are more than empty lines.
fn weight(bytes: &[u8]) -> u64 {
    bytes.trim_ascii().len() as u64
}

/// An error is not written here: the edge ends the stream, as it does for errors of its own.
fn take(
    step: Step<'_>,
    told: &mut Telling,
    progress: &mut Progress,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    if progress.failure.is_some() {
        return Ok(());
    }
    let Telling { sequence, notes } = told;
    match &step {
        Step::Delta { text, .. } => progress.text_bytes += text.spelt_len() as u64,
        Step::End if !sequence.ended() => notes.end(sequence.usage(), out),
        _ => notes.see(&step),
    }
    progress.failure = failure_of(&step);
    match progress.failure {
        Some(_) => Ok(()),
        None => sequence.step(&step, out),
    }
}

/// A reason to stop may be one to say that there is no answer.
fn failure_of(step: &Step<'_>) -> Option<Failure<'static>> {
    match step {
        Step::Fail(failure) => Some(owned(failure)),
        Step::Stop { stop, .. } if stop.reason.is_failure() => {
            let unsaid = || Cow::Borrowed("the upstream's answer cannot be read");
            let details = stop.details.as_ref();
            let message = details.map_or_else(unsaid, |text| text.decoded().into_owned().into());
            Some(Failure::new(FailureKind::Failed, message))
        }
        _ => None,
    }
}

fn settle(progress: &mut Progress, told: &Telling) {
    progress.done = told.sequence.ended();
    progress.usage = told.sequence.usage().map(Usage::of_counts);
}

/// The same failure with its own memory.
pub(super) fn owned(failure: &Failure<'_>) -> Failure<'static> {
    let own = |text: &Option<Cow<'_, str>>| {
        text.as_ref()
            .map(|text| Cow::Owned(text.clone().into_owned()))
    };
    Failure {
        kind: failure.kind,
        status: failure.status,
        message: Cow::Owned(failure.message.clone().into_owned()),
        code: own(&failure.code),
        param: own(&failure.param),
        retry_after: failure.retry_after,
        request_id: own(&failure.request_id),
    }
}

/// Why a stream cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TranslateError {
    /// Its events or frames are broken or too long.
    Wire(WireError),
    /// Its events are not of the format that the provider speaks.
    Format(FormatError),
}

impl From<WireError> for TranslateError {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<FormatError> for TranslateError {
    fn from(error: FormatError) -> Self {
        Self::Format(error)
    }
}

impl std::fmt::Display for TranslateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wire(error) => error.fmt(f),
            Self::Format(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TranslateError {}

impl std::fmt::Debug for ReplyTranslator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyTranslator")
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

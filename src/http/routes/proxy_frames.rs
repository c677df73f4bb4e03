//! Streams of JSON in another frame than events: lines, frames of AWS, and the array of Gemini.
//!
//! Owns the step to events and back, so that the redactor sees all of them alike: a secret that a
//! provider cuts over two lines is found as one that it cuts over two events. Lines and an array in
//! which nothing was found pass as they came; frames are written anew, with the same documents.

use bytes::{Bytes, BytesMut};
use memchr::memrchr;
use redactor::{Findings, Passed, RedactError, ReplyRedactor};
use serde_json::value::RawValue;
use wire::{ApiFormat, Framer, Unframer, as_event, ndjson};

use super::proxy_reply::ended;
use crate::http::relay::LONGEST_EVENT;

/// A stream of documents on its way.
pub(super) struct Framed {
    source: Source,
    framer: Framer,
    redactor: ReplyRedactor,
}

enum Source {
    /// Holds the torn last line.
    Lines(BytesMut),
    Frames(Unframer),
}

impl Framed {
    pub(super) fn lines(redactor: ReplyRedactor) -> Self {
        Self {
            source: Source::Lines(BytesMut::new()),
            framer: Framer::Lines,
            redactor,
        }
    }

    pub(super) fn frames(redactor: ReplyRedactor) -> Self {
        Self {
            source: Unframer::of(ApiFormat::Bedrock)
                .map_or_else(|| Source::Lines(BytesMut::new()), Source::Frames),
            framer: Framer::Frames,
            redactor,
        }
    }

    /// Takes a piece and gives what may go.
    pub(super) fn push(&mut self, piece: Bytes) -> Passed {
        match &mut self.source {
            Source::Lines(torn) => {
                torn.extend_from_slice(&piece);
                let end = memrchr(b'\n', torn).map_or(0, |at| at + 1);
                let whole = torn.split_to(end).freeze();
                if torn.len() > LONGEST_EVENT {
                    return Passed::UpTo(Bytes::new(), RedactError::TooLong);
                }
                self.pass_lines(whole)
            }
            Source::Frames(unframer) => match unframer.push(&piece) {
                Ok(events) => self.pass(events, None),
                Err(error) => Passed::UpTo(Bytes::new(), RedactError::Json(error)),
            },
        }
    }

    /// Nothing follows.
    pub(super) fn finish(&mut self) -> Passed {
        let torn = match &mut self.source {
            Source::Lines(torn) => torn.split().freeze(),
            Source::Frames(_) => Bytes::new(),
        };
        let open = !torn.is_empty();
        match self.pass_lines(torn) {
            Passed::All(last) => {
                let rest = self.redactor.finish();
                let rest = rest.map(|events| self.framer.frame(events));
                let ends_line = !open || rest.as_ref().is_ok_and(|rest| !rest.is_empty());
                ended(with_end(last, ends_line), rest)
            }
            stopped @ Passed::UpTo(..) => stopped,
        }
    }

    /// Nothing came for a while: what is held back and is part of no secret yet.
    pub(super) fn stalled(&mut self) -> Option<Bytes> {
        let events = self.redactor.stalled()?;
        Some(self.framer.frame(events))
    }

    /// Whether text is held back.
    pub(super) fn holds(&self) -> bool {
        self.redactor.holds()
    }

    /// What was found so far.
    pub(super) fn findings(&self) -> &Findings {
        self.redactor.findings()
    }

    /// What ends an answer that may not go on; frames have no place for it.
    pub(super) fn last(&self, body: &[u8]) -> Option<Bytes> {
        let is_lines = matches!(self.framer, Framer::Lines);
        is_lines.then(|| Bytes::from([body, b"\n"].concat()))
    }

    fn pass_lines(&mut self, whole: Bytes) -> Passed {
        let documents = ndjson::lines(&whole).map(|line| line.data);
        let documents = documents.filter(|line| !line.trim_ascii().is_empty());
        let events = documents.fold(BytesMut::new(), |mut events, document| {
            events.extend_from_slice(&as_event(document));
            events
        });
        self.pass(events.freeze(), Some(whole))
    }

    /// `before` is what the events were made of, if it may pass where they did not change.
    fn pass(&mut self, events: Bytes, before: Option<Bytes>) -> Passed {
        match self.redactor.events(events.clone()) {
            Passed::All(clean) => Passed::All(match before {
                Some(before) if clean == events => before,
                _ => self.framer.frame(clean),
            }),
            Passed::UpTo(clean, error) => Passed::UpTo(self.framer.frame(clean), error),
        }
    }
}

/// The last line as it came had no end, unless it must have one.
fn with_end(last: Bytes, ends_line: bool) -> Bytes {
    match last.last() {
        Some(b'\n') if !ends_line => last.slice(..last.len() - 1),
        Some(byte) if *byte != b'\n' && ends_line => Bytes::from([last.as_ref(), b"\n"].concat()),
        _ => last,
    }
}

/// The elements of an array as events; `None` if it is none.
pub(super) fn elements(body: &[u8]) -> Option<Bytes> {
    let elements: Vec<&RawValue> = serde_json::from_slice(body).ok()?;
    let mut events = BytesMut::with_capacity(body.len() + 64);
    for element in elements {
        events.extend_from_slice(&as_event(element.get().as_bytes()));
    }
    Some(events.freeze())
}

/// The array that these events were made of, with what may not pass taken out; `None` if that is
/// nothing.
///
/// # Errors
/// Why it may not be passed on.
pub(super) fn redact_elements(
    redactor: &mut ReplyRedactor,
    events: Bytes,
) -> Result<Option<Bytes>, RedactError> {
    let clean = match redactor.events(events.clone()) {
        Passed::All(clean) => clean,
        Passed::UpTo(_, error) => return Err(error),
    };
    let last = redactor.finish()?;
    if last.is_empty() && clean == events {
        return Ok(None);
    }
    let mut framer = Framer::of(ApiFormat::Gemini, true);
    let parts = [framer.frame(clean), framer.frame(last), framer.finish()];
    Ok(Some(Bytes::from(parts.concat())))
}

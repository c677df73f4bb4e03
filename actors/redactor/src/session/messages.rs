//! A session: events of both sides come for as long as it is open, each in a message of its own.
//!
//! Owns what a session has beyond a streamed reply: it goes on from request to request, so it
//! learns the stand-ins and the rules of each, and its findings are told as they come. The running
//! texts are those of a stream, and so is what is held back.

use std::sync::Arc;

use bytes::Bytes;
use wire::{session_event_texts, sse};

use super::reply::ReplyRedactor;
use super::slots::Event;
use crate::error::RedactError;
use crate::findings::Findings;
use crate::redacted::Redacted;

/// Stand-ins that a session keeps itself; those beyond are in the store for as long as it has room.
const MOST_STAND_INS: usize = 4096;

impl ReplyRedactor {
    /// Takes one event of a session, and adds to `out` what may be passed on, event by event.
    ///
    /// Texts are told apart by response and item; an error ends nothing.
    ///
    /// # Errors
    /// Why the session must be ended. What `out` holds may still go.
    pub fn message(&mut self, data: Bytes, out: &mut Vec<Bytes>) -> Result<(), RedactError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let rules = Arc::clone(&self.seed.rules);
        let side = rules.replies();
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let Ok(texts) = session_event_texts(&data) else {
            // No JSON: one text.
            let new = side.rewrite_bytes("", &data, &mut treatment);
            treatment.findings.placed(|| "event".to_owned());
            out.push(new?.map_or(data, Bytes::from));
            return Ok(());
        };
        if texts.slots().is_empty() && texts.ends().is_empty() {
            out.push(data);
            return Ok(());
        }
        let mut step = Event::new(b"", &data, &texts);
        let outcome = self.slots.step(&mut step, side, &mut treatment);
        out.extend(step.before().iter().map(|(_, event)| event.clone()));
        outcome.map_err(|error| error.with_findings(treatment.findings))?;
        out.push(if step.changed() { step.data() } else { data });
        Ok(())
    }

    /// The session is over: what is still held back.
    ///
    /// # Errors
    /// Why it may not go.
    pub fn last_messages(&mut self, out: &mut Vec<Bytes>) -> Result<(), RedactError> {
        let events = self.finish()?;
        out.extend(in_messages(&events));
        Ok(())
    }

    /// Nothing came for a while: what was held back and is part of no secret yet. What must end the
    /// session ends it with the next event.
    pub fn stalled_messages(&mut self, out: &mut Vec<Bytes>) {
        if let Some(events) = self.stalled() {
            out.extend(in_messages(&events));
        }
    }

    /// Learns of another request of the same session, or of the query of the same request: its
    /// stand-ins, and the rules that are in service by now, unless text is held back that the
    /// former ones judge.
    pub fn learn<T>(&mut self, request: &Redacted<T>) {
        let seed = &request.seed;
        self.noted.stand_ins.absorb(&seed.stand_ins, MOST_STAND_INS);
        if !self.holds() {
            self.seed.rules = Arc::clone(&seed.rules);
        }
    }

    /// What was found since the last call.
    pub fn take_findings(&mut self) -> Findings {
        std::mem::take(&mut self.noted.findings)
    }
}

/// Events of a stream as messages.
fn in_messages(events: &[u8]) -> Vec<Bytes> {
    let data = sse::events(events).filter_map(|event| event.data.map(|data| data.into_owned()));
    data.map(Bytes::from).collect()
}

//! A reply on its way to the client: texts are scanned and stand-ins turned back, whole or event
//! by event.
//!
//! Owns: one running text for each choice, block and tool call, and what of it is held back.
//! Where nothing is held and nothing was found, an event passes as the bytes that it came in.
//! Never ends a stream itself: it says that it must be ended, and why.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use wire::sse::{self, WholeEvent};
use wire::{JsonLimits, event_texts, reply_texts};

use super::plain::PlainText;
use super::slots::{Event, RunningSlots};
use super::texts::rewrite_all;
use crate::error::RedactError;
use crate::findings::Findings;
use crate::prompt::{Noted, Work};
use crate::redacted::Seed;
use crate::rule_set::RuleSet;

/// What may be passed on.
pub enum Passed {
    /// All that is decided; what is held back comes later.
    All(Bytes),
    /// This, and then the reply must be ended, for this reason.
    UpTo(Bytes, RedactError),
}

/// Takes out of one reply what may not pass, and turns stand-ins back into their values.
pub struct ReplyRedactor {
    pub(super) seed: Seed,
    request: Findings,
    pub(super) noted: Noted,
    pub(super) slots: RunningSlots,
    plain: PlainText,
    /// Why the reply must be ended, found while nothing came.
    pub(super) failed: Option<RedactError>,
}

impl ReplyRedactor {
    /// For the reply to a request with this seed; `None` if replies to it pass as they are.
    pub(crate) fn new(seed: &Seed, request: &Findings) -> Option<Self> {
        if !seed.rules.checks_replies(seed.party.agent.as_deref()) {
            return None;
        }
        let noted = Noted {
            stand_ins: seed.stand_ins.clone(),
            findings: Findings::default(),
        };
        Some(Self {
            seed: seed.clone(),
            request: request.clone(),
            noted,
            slots: RunningSlots::default(),
            plain: PlainText::default(),
            failed: None,
        })
    }

    /// What was found in the reply so far.
    pub fn findings(&self) -> &Findings {
        &self.noted.findings
    }

    /// Whether text is held back.
    pub fn holds(&self) -> bool {
        self.slots.held() > 0
    }

    /// Takes whole server-sent events.
    pub fn events(&mut self, whole: Bytes) -> Passed {
        if let Some(error) = self.failed.take() {
            return Passed::UpTo(Bytes::new(), error);
        }
        let mut out: Option<Vec<u8>> = None;
        for event in sse::events(&whole) {
            let kept = out.as_ref().map_or(0, Vec::len);
            match self.event(&event, &mut out, &whole) {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(out) = &mut out {
                        out.extend_from_slice(event.raw);
                    }
                }
                Err(error) => {
                    let passed = match out {
                        Some(out) => Bytes::from(out),
                        None => whole.slice(..event.range.start),
                    };
                    debug_assert!(passed.len() >= kept);
                    return Passed::UpTo(passed, error.with_findings(&self.noted.findings));
                }
            }
        }
        Passed::All(out.map_or(whole, Bytes::from))
    }

    /// Takes one event; true if it was written to `out`, false if it may pass as it came.
    ///
    /// `out` is made, with all that came before in `whole`, when an event changes.
    fn event(
        &mut self,
        event: &WholeEvent<'_>,
        out: &mut Option<Vec<u8>>,
        whole: &[u8],
    ) -> Result<bool, RedactError> {
        let Some(data) = event.data.as_deref() else {
            return Ok(false);
        };
        let rules = Arc::clone(&self.seed.rules);
        let side = rules.replies();
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let Ok(texts) = event_texts(data) else {
            // No JSON: one text.
            let new = side.rewrite_bytes("", data, &mut treatment)?;
            treatment.findings.placed(|| "event".to_owned());
            return Ok(new.is_some_and(|new| {
                event.write_with(&new, started(out, whole, event));
                true
            }));
        };
        if texts.slots().is_empty() && texts.ends().is_empty() {
            return Ok(false);
        }
        let mut step = Event::new(event.name, data, &texts);
        let outcome = self.slots.step(&mut step, side, &mut treatment);
        let changed = step.changed();
        if changed {
            let out = started(out, whole, event);
            for (name, data) in step.before() {
                event.write_extra(name.as_deref(), data, out);
            }
            if outcome.is_ok() {
                event.write_with(&step.data(), out);
            }
        }
        outcome.map(|()| changed)
    }

    /// Nothing follows: what is still held back.
    ///
    /// # Errors
    /// Why the reply must be ended with an error instead.
    pub fn finish(&mut self) -> Result<Bytes, RedactError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let rules = Arc::clone(&self.seed.rules);
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let mut out = Vec::new();
        self.slots
            .finish(rules.replies(), &mut treatment, &mut out)
            .and_then(|()| {
                let finished = self.plain.finish(rules.replies(), &mut treatment, &mut out);
                treatment.findings.placed(|| "body".to_owned());
                finished.map_err(|error| error.at_place(|| "body".to_owned()))
            })
            .map_err(|error| error.with_findings(treatment.findings))?;
        Ok(Bytes::from(out))
    }

    /// Nothing came for a while: what was held back and is part of no secret yet. What must end
    /// the reply ends it when the next event comes, or nothing more.
    pub fn stalled(&mut self) -> Option<Bytes> {
        let rules = Arc::clone(&self.seed.rules);
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let mut out = Vec::new();
        let stalled = self.slots.stall(rules.replies(), &mut treatment, &mut out);
        self.failed = stalled
            .map_err(|error| error.with_findings(treatment.findings))
            .err();
        (!out.is_empty()).then(|| Bytes::from(out))
    }

    /// What the provider says of the request instead of answering it, whole.
    ///
    /// # Errors
    /// Why it may not be passed on.
    pub fn sentence(&mut self, said: &str) -> Result<String, RedactError> {
        const PLACE: &str = "error.message";
        let rules = Arc::clone(&self.seed.rules);
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let new = rules.replies().rewrite("", said, &mut treatment);
        treatment.findings.placed(|| PLACE.to_owned());
        let new = new.map_err(|error| {
            let error = error.at_place(|| PLACE.to_owned());
            error.with_findings(treatment.findings)
        })?;
        Ok(new.unwrap_or_else(|| said.to_owned()))
    }

    /// Takes a piece of text without a format.
    pub fn text(&mut self, piece: &[u8]) -> Passed {
        let rules = Arc::clone(&self.seed.rules);
        let mut treatment = rules.reply_treatment(&self.seed.party, &mut self.noted);
        let mut out = Vec::with_capacity(piece.len());
        let pushed = self
            .plain
            .push(rules.replies(), &mut treatment, piece, &mut out);
        treatment.findings.placed(|| "body".to_owned());
        match pushed {
            Ok(()) => Passed::All(Bytes::from(out)),
            Err(error) => {
                let error = error.at_place(|| "body".to_owned());
                Passed::UpTo(Bytes::from(out), error.with_findings(treatment.findings))
            }
        }
    }
}

/// The output, begun with what came before this event.
fn started<'o>(
    out: &'o mut Option<Vec<u8>>,
    whole: &[u8],
    event: &WholeEvent<'_>,
) -> &'o mut Vec<u8> {
    out.get_or_insert_with(|| {
        let mut begun = Vec::with_capacity(whole.len() + 64);
        begun.extend_from_slice(whole.get(..event.range.start).unwrap_or_default());
        begun
    })
}

impl fmt::Debug for ReplyRedactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyRedactor")
            .field("findings", &self.noted.findings)
            .field("held", &self.slots.held())
            .finish_non_exhaustive()
    }
}

/// A whole reply that may be passed on.
pub struct RedactedReply {
    body: Bytes,
    request: Findings,
    findings: Findings,
}

impl RedactedReply {
    /// The reply.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// What was found in it.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// What was found in its request.
    pub fn request_findings(&self) -> &Findings {
        &self.request
    }
}

/// A whole JSON reply, to be done by whichever thread.
pub(crate) struct WholeReply {
    pub(crate) redactor: ReplyRedactor,
    pub(crate) body: Bytes,
}

impl Work for WholeReply {
    type Done = RedactedReply;

    fn size(&self) -> usize {
        self.body.len()
    }

    /// With the rules of the request, whatever is in service by now.
    fn done(mut self, _: &Arc<RuleSet>) -> Result<RedactedReply, RedactError> {
        let rules = Arc::clone(&self.redactor.seed.rules);
        let (party, noted) = (&self.redactor.seed.party, &mut self.redactor.noted);
        let mut treatment = rules.reply_treatment(party, noted);
        let texts = reply_texts(&self.body, &JsonLimits::default()).map_err(RedactError::Json)?;
        let changed = rewrite_all(rules.replies(), &mut treatment, &texts)
            .map_err(|error| error.with_findings(treatment.findings))?;
        let body = match changed.is_empty() {
            true => self.body.clone(),
            false => texts.with_texts(&changed),
        };
        Ok(RedactedReply {
            body,
            request: self.redactor.request,
            findings: self.redactor.noted.findings,
        })
    }

    fn unscanned(&self, _: &Arc<RuleSet>) -> RedactedReply {
        RedactedReply {
            body: self.body.clone(),
            request: self.redactor.request.clone(),
            findings: Findings::failed_open(),
        }
    }

    fn passed(self, _: &Arc<RuleSet>) -> RedactedReply {
        RedactedReply {
            body: self.body,
            request: self.redactor.request,
            findings: Findings::default(),
        }
    }
}

crate::says_no_text!(WholeReply);
crate::says_no_text!(RedactedReply);
crate::says_no_text!(Passed);

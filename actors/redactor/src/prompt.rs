//! The kinds of body that can be redacted, and how each is.
//!
//! Owns the step from a body to its texts and back. Never decides on which thread.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use wire::{ChatRequest, JsonLimits, JsonTexts, TextSpan, request_texts};

use crate::error::RedactError;
use crate::findings::Findings;
use crate::redacted::{Redacted, Seed};
use crate::rule_set::RuleSet;
use crate::session::{Party, Texts, rewrite_all};
use crate::treat::placeholder::StandIns;

/// Something to do for a thread that has the rules.
pub(crate) trait Work: Send + 'static {
    /// What it comes to.
    type Done: Send + 'static;

    /// Length of the whole body in bytes.
    fn size(&self) -> usize;

    /// Does it.
    fn done(self, rules: &Arc<RuleSet>) -> Result<Self::Done, RedactError>;

    /// What passes where `fail_open` is set and it cannot be done.
    fn unscanned(&self, rules: &Arc<RuleSet>) -> Self::Done;

    /// What passes where nothing is to be looked for.
    fn passed(self, rules: &Arc<RuleSet>) -> Self::Done;
}

/// A body on its way to a provider.
#[derive(Debug)]
pub(crate) struct Prompt<P> {
    pub(crate) body: P,
    pub(crate) party: Party,
}

/// A body with texts that can be replaced.
pub(crate) trait Body: Clone + Send + 'static {
    fn size(&self) -> usize;

    /// The body with everything replaced that must not leave.
    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError>;
}

/// What a scan leaves behind beside the new text.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) findings: Findings,
    pub(crate) stand_ins: StandIns,
}

impl<P: Body> Work for Prompt<P> {
    type Done = Redacted<P>;

    fn size(&self) -> usize {
        self.body.size()
    }

    fn done(self, rules: &Arc<RuleSet>) -> Result<Redacted<P>, RedactError> {
        let mut noted = Noted::default();
        let body = self.body.redacted(rules, &self.party, &mut noted);
        let body = body.map_err(|error| error.with_findings(&noted.findings))?;
        let seed = Seed::new(rules, self.party, noted.stand_ins);
        Ok(Redacted::new(body, noted.findings, seed))
    }

    fn unscanned(&self, rules: &Arc<RuleSet>) -> Redacted<P> {
        let seed = Seed::new(rules, self.party.clone(), StandIns::default());
        Redacted::new(self.body.clone(), Findings::failed_open(), seed)
    }

    fn passed(self, rules: &Arc<RuleSet>) -> Redacted<P> {
        let seed = Seed::new(rules, self.party, StandIns::default());
        Redacted::new(self.body, Findings::default(), seed)
    }
}

impl Body for ChatRequest {
    fn size(&self) -> usize {
        self.body().len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let mut treatment = rules.request_treatment(party, noted);
        let changed = rewrite_all(rules.requests(), &mut treatment, &self)?;
        if changed.is_empty() {
            return Ok(self);
        }
        Ok(self.with_texts(&changed))
    }
}

impl Texts for ChatRequest {
    fn body(&self) -> &[u8] {
        self.body()
    }

    fn spans(&self) -> &[TextSpan] {
        self.texts()
    }

    fn text(&self, number: usize) -> Cow<'_, str> {
        self.text(number)
    }

    fn key(&self, number: usize) -> Option<Cow<'_, str>> {
        self.key(number)
    }

    fn place(&self, number: usize) -> String {
        self.place(number)
    }
}

/// A JSON document of any kind.
#[derive(Clone)]
pub(crate) struct JsonBody {
    pub(crate) body: Bytes,
    pub(crate) limits: JsonLimits,
}

impl Body for JsonBody {
    fn size(&self) -> usize {
        self.body.len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let mut treatment = rules.request_treatment(party, noted);
        let texts = request_texts(&self.body, &self.limits).map_err(RedactError::Json)?;
        let changed = rewrite_all(rules.requests(), &mut treatment, &texts)?;
        if changed.is_empty() {
            return Ok(self);
        }
        let body = texts.with_texts(&changed);
        Ok(Self { body, ..self })
    }
}

impl Texts for JsonTexts<'_> {
    fn body(&self) -> &[u8] {
        self.body()
    }

    fn spans(&self) -> &[TextSpan] {
        self.texts()
    }

    fn text(&self, number: usize) -> Cow<'_, str> {
        self.text(number)
    }

    fn key(&self, number: usize) -> Option<Cow<'_, str>> {
        self.key(number)
    }

    fn place(&self, number: usize) -> String {
        self.place(number)
    }
}

/// Whether a lenient reader could take this for JSON.
pub(crate) fn begins_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

/// Bytes of any kind, as they are.
#[derive(Clone)]
pub(crate) struct PlainBody {
    pub(crate) bytes: Bytes,
    /// The name of the field that they are the value of; empty if they are a body.
    pub(crate) name: String,
}

impl Body for PlainBody {
    fn size(&self) -> usize {
        self.bytes.len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let mut treatment = rules.request_treatment(party, noted);
        let side = rules.requests();
        let rewritten = side.rewrite_bytes(&self.name, &self.bytes, &mut treatment);
        let place = || match self.name.as_str() {
            "" => "body".to_owned(),
            name => side.shown(name.to_owned()),
        };
        treatment.findings.placed(place);
        let rewritten = rewritten.map_err(|error| error.at_place(place))?;
        Ok(match rewritten {
            Some(new) => Self {
                bytes: Bytes::from(new),
                ..self
            },
            None => self,
        })
    }
}

crate::says_no_text!(PlainBody);
crate::says_no_text!(JsonBody);

//! The kinds of body that can be redacted, and how each is.
//!
//! Owns the step from a body to its texts and back. Never decides on which thread.

use bytes::Bytes;
use wire::{ChatRequest, JsonLimits, rewrite_json_texts};

use crate::engine::RuleSet;
use crate::error::RedactError;
use crate::findings::Findings;
use crate::redacted::Redacted;

/// Something with texts in it.
pub(crate) trait Prompt: Clone + Send + 'static {
    /// Length of the whole body in bytes.
    fn size(&self) -> usize;

    /// The body with everything replaced that is found.
    fn redacted(self, rules: &RuleSet) -> Result<Redacted<Self>, RedactError>;
}

impl Prompt for ChatRequest {
    fn size(&self) -> usize {
        self.body().len()
    }

    fn redacted(self, rules: &RuleSet) -> Result<Redacted<Self>, RedactError> {
        let mut findings = Findings::default();
        let rewritten = self.rewrite_texts(&mut |text| rules.redact(text, &mut findings))?;
        Ok(Redacted::new(rewritten.unwrap_or(self), findings))
    }
}

/// A JSON document of any kind.
#[derive(Debug, Clone)]
pub(crate) struct JsonBody {
    pub(crate) body: Bytes,
    pub(crate) limits: JsonLimits,
}

impl Prompt for JsonBody {
    fn size(&self) -> usize {
        self.body.len()
    }

    fn redacted(self, rules: &RuleSet) -> Result<Redacted<Self>, RedactError> {
        let mut findings = Findings::default();
        let visit = &mut |text: &str| rules.redact(text, &mut findings);
        let rewritten =
            rewrite_json_texts(&self.body, &self.limits, visit).map_err(RedactError::Json)??;
        let body = rewritten.unwrap_or(self.body);
        Ok(Redacted::new(Self { body, ..self }, findings))
    }
}

/// Bytes of any kind, as they are.
#[derive(Debug, Clone)]
pub(crate) struct PlainBody(pub(crate) Bytes);

impl Prompt for PlainBody {
    fn size(&self) -> usize {
        self.0.len()
    }

    fn redacted(self, rules: &RuleSet) -> Result<Redacted<Self>, RedactError> {
        let mut findings = Findings::default();
        let rewritten = rules.redact_bytes(&self.0, &mut findings)?.map(Bytes::from);
        Ok(Redacted::new(Self(rewritten.unwrap_or(self.0)), findings))
    }
}

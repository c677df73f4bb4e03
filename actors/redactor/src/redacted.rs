//! The proof that a text has been through the redactor.

use std::fmt;
use std::sync::Arc;

use crate::findings::Findings;
use crate::rule_set::RuleSet;
use crate::session::{Party, ReplyRedactor};
use crate::treat::placeholder::StandIns;

/// A text that may leave: the redactor has seen it.
///
/// Only this crate makes one, so what takes a `Redacted<T>` cannot be given anything else:
///
/// ```compile_fail
/// use nenya_redactor::{Findings, Redacted};
/// let forged = Redacted { value: "secret", findings: Findings::default() };
/// ```
///
/// ```compile_fail
/// use nenya_redactor::{Findings, Redacted};
/// let forged = Redacted::new("secret", Findings::default());
/// ```
#[must_use = "it is the only thing that may be sent"]
pub struct Redacted<T> {
    value: T,
    findings: Findings,
    pub(crate) seed: Seed,
}

/// What the reply to a request needs to know of it.
#[derive(Clone)]
pub(crate) struct Seed {
    pub(crate) rules: Arc<RuleSet>,
    pub(crate) party: Party,
    pub(crate) stand_ins: StandIns,
}

impl Seed {
    pub(crate) fn new(rules: &Arc<RuleSet>, party: Party, stand_ins: StandIns) -> Self {
        Self {
            rules: Arc::clone(rules),
            party,
            stand_ins,
        }
    }
}

impl<T> Redacted<T> {
    pub(crate) fn new(value: T, findings: Findings, seed: Seed) -> Self {
        Self {
            value,
            findings,
            seed,
        }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Redacted<U> {
        Redacted {
            value: change(self.value),
            findings: self.findings,
            seed: self.seed,
        }
    }

    /// The text.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The text, without its proof.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// What was found in it.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// What the reply to it has to go through; `None` if replies pass as they are.
    pub fn reply(&self) -> Option<ReplyRedactor> {
        ReplyRedactor::new(&self.seed, &self.findings)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    /// Prompts are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted")
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

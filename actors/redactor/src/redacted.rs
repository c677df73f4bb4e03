//! The proof that a text has been through the redactor.

use std::fmt;

use crate::findings::Findings;

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
}

impl<T> Redacted<T> {
    pub(crate) fn new(value: T, findings: Findings) -> Self {
        Self { value, findings }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Redacted<U> {
        Redacted {
            value: change(self.value),
            findings: self.findings,
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
}

impl<T> fmt::Debug for Redacted<T> {
    /// Prompts are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted")
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

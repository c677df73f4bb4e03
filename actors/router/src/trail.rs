//! What happened on the way to an answer: one setback per target that did not give it.
//!
//! Owns the record that goes into the log. Empty for a request that went well at once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider::ProviderError;

/// One target that gave no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Setback {
    /// The provider's configured name.
    pub provider: Arc<str>,
    /// The model's name at that provider.
    pub model: Arc<str>,
    /// Why.
    pub cause: SetbackCause,
}

/// Why a target gave no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum SetbackCause {
    /// Its circuit was open, so it was not called.
    Shut {
        /// How long it stays so.
        retry_after: Duration,
    },
    /// It was called and failed.
    Failed {
        /// How.
        error: ProviderError,
        /// From the start of the attempt.
        took: Duration,
    },
}

impl Setback {
    /// Short name of the cause for logs and metric labels; the set is fixed.
    pub fn label(&self) -> &'static str {
        match &self.cause {
            SetbackCause::Shut { .. } => "shut",
            SetbackCause::Failed { error, .. } => error.label(),
        }
    }

    /// Whether the provider was called, and not passed by because its circuit was open.
    pub fn was_called(&self) -> bool {
        matches!(self.cause, SetbackCause::Failed { .. })
    }

    /// When this target wants to be asked again, if it said so.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match &self.cause {
            SetbackCause::Shut { retry_after } => Some(*retry_after),
            SetbackCause::Failed { error, .. } => error.retry_after(),
        }
    }
}

impl fmt::Display for Setback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ", self.provider, self.model)?;
        match &self.cause {
            SetbackCause::Shut { retry_after } => write!(f, "shut for {retry_after:?}"),
            SetbackCause::Failed { error, took } => write!(f, "{error} after {took:?}"),
        }
    }
}

/// The earliest time at which one of the targets wants to be asked again.
///
/// `None` if none said so: a target that merely broke may be well at once, or never.
pub(crate) fn earliest_retry(trail: &[Setback]) -> Option<Duration> {
    trail.iter().filter_map(Setback::retry_after).min()
}

pub(crate) fn trail_text(trail: &[Setback]) -> String {
    let setbacks: Vec<String> = trail.iter().map(Setback::to_string).collect();
    setbacks.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setback(cause: SetbackCause) -> Setback {
        Setback {
            provider: "openai".into(),
            model: "gpt".into(),
            cause,
        }
    }

    fn limited(seconds: u64) -> Setback {
        let error = ProviderError::Status {
            status: 429,
            retry_after: Some(Duration::from_secs(seconds)),
            body: None,
        };
        let took = Duration::from_millis(3);
        setback(SetbackCause::Failed { error, took })
    }

    fn shut(seconds: u64) -> Setback {
        let retry_after = Duration::from_secs(seconds);
        setback(SetbackCause::Shut { retry_after })
    }

    #[test]
    fn the_earliest_of_all_waits_is_the_one_to_tell() {
        let trail = [limited(9), shut(4), limited(30)];
        assert_eq!(earliest_retry(&trail), Some(Duration::from_secs(4)));
    }

    #[test]
    fn a_broken_target_says_nothing_about_waiting() {
        let broken = setback(SetbackCause::Failed {
            error: ProviderError::Truncated,
            took: Duration::ZERO,
        });
        assert_eq!(earliest_retry(&[broken]), None);
    }

    #[test]
    fn a_trail_reads_in_the_order_of_the_attempts() {
        let text = trail_text(&[limited(9), shut(4)]);
        assert_eq!(
            text,
            "openai/gpt answered with status 429 after 3ms; openai/gpt shut for 4s"
        );
    }
}

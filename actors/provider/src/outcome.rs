//! How one call ended, as far as the provider's health is concerned.
//!
//! Workers gather outcomes and tell them to the actor in batches; the breaker reads nothing else.

use std::time::Duration;

use crate::error::ProviderError;

/// What a failure says about the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No connection, or no answer on it: worth a probe.
    Unreachable,
    /// It answered, but with a server error, or badly.
    Broken,
    /// It asked us to slow down (429).
    Limited {
        /// For how long, if it said so.
        retry_after: Option<Duration>,
    },
    /// It rejected our key or account (401, 402, 403).
    Denied,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The provider did its part; also when it refused the request as wrong (other 4xx).
    Answered,
    /// The provider failed.
    Failed(Failure),
    /// Nothing was learnt: the client left, or the call never reached the network.
    Abandoned,
}

/// One verdict about one model of one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Upstream model name.
    pub model: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Set if the call was the one trial of a half-open breaker: the breaker's generation.
    pub trial: Option<u64>,
}

impl Outcome {
    /// Tells whether the actor should hear of it at once and not with the next batch.
    pub fn is_urgent(&self) -> bool {
        self.trial.is_some() || matches!(self.verdict, Verdict::Failed(_))
    }
}

impl Verdict {
    /// Judges an error by the breaker's rules.
    pub fn of_error(error: &ProviderError) -> Self {
        if !error.counts_for_breaker() {
            return match error {
                ProviderError::Status { .. } | ProviderError::TooLarge { .. } => Self::Answered,
                _ => Self::Abandoned,
            };
        }
        Self::Failed(match error {
            ProviderError::Status {
                status: 429,
                retry_after,
                ..
            } => Failure::Limited {
                retry_after: *retry_after,
            },
            ProviderError::Status {
                status: 401..=403, ..
            } => Failure::Denied,
            ProviderError::Connect { .. }
            | ProviderError::FirstByteTimeout
            | ProviderError::AddressRefused { .. } => Failure::Unreachable,
            _ => Failure::Broken,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> ProviderError {
        ProviderError::Status {
            status,
            retry_after: Some(Duration::from_secs(7)),
            body: None,
        }
    }

    #[test]
    fn wrong_requests_do_not_count_against_the_provider() {
        for code in [400, 404, 413, 422] {
            assert_eq!(
                Verdict::of_error(&status(code)),
                Verdict::Answered,
                "{code}"
            );
        }
    }

    #[test]
    fn rate_limit_carries_its_wait() {
        let wait = Some(Duration::from_secs(7));
        let expected = Verdict::Failed(Failure::Limited { retry_after: wait });
        assert_eq!(Verdict::of_error(&status(429)), expected);
    }

    #[test]
    fn rejected_key_is_a_denial() {
        for code in [401, 402, 403] {
            assert_eq!(
                Verdict::of_error(&status(code)),
                Verdict::Failed(Failure::Denied)
            );
        }
    }

    #[test]
    fn missing_key_says_nothing_about_the_provider() {
        assert_eq!(
            Verdict::of_error(&ProviderError::NotConfigured),
            Verdict::Abandoned
        );
    }
}

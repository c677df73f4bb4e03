//! Why a request is not admitted, and why a configuration is not accepted.

use std::fmt;
use std::time::Duration;

use crate::admission::RateHeaders;

/// Why a request is refused by the limits of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitError {
    /// The key's requests per minute are used up.
    Requests {
        /// Requests per minute.
        limit: u64,
        /// When the same request would pass, if nothing else is sent meanwhile.
        retry_after: Duration,
        /// What the answer says about the key's limits.
        headers: RateHeaders,
    },
    /// The key's tokens per minute are used up.
    Tokens {
        /// Tokens per minute.
        limit: u64,
        /// When the same request would pass, if nothing else is sent meanwhile.
        retry_after: Duration,
        /// What the answer says about the key's limits.
        headers: RateHeaders,
    },
    /// The request is larger than the key's tokens per minute: waiting would not help.
    TokensNeverFit {
        /// Tokens per minute.
        limit: u64,
        /// Tokens that the request was estimated to need.
        asked: u64,
        /// What the answer says about the key's limits.
        headers: RateHeaders,
    },
    /// As many requests of the key are open as may be.
    Concurrency {
        /// Requests open at a time.
        limit: u32,
    },
    /// A limit of the key is 0, so nothing can pass.
    Zero {
        /// The field of [`crate::KeyLimits`].
        field: &'static str,
    },
    /// The limiter could not be asked. Limits fail closed.
    Unavailable,
}

impl LimitError {
    /// When the same request would pass, exact; `None` if waiting would not help.
    ///
    /// # Units
    /// Wall-clock time from now, not rounded. `Retry-After` takes whole seconds: round up.
    ///
    /// For [`LimitError::Concurrency`] and [`LimitError::Unavailable`] nobody knows: one second,
    /// the least that the header can say.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Requests { retry_after, .. } | Self::Tokens { retry_after, .. } => {
                Some(*retry_after)
            }
            Self::Concurrency { .. } | Self::Unavailable => Some(Duration::from_secs(1)),
            Self::TokensNeverFit { .. } | Self::Zero { .. } => None,
        }
    }

    /// What the answer says about the key's limits, where a rate is the reason.
    pub fn headers(&self) -> Option<&RateHeaders> {
        match self {
            Self::Requests { headers, .. }
            | Self::Tokens { headers, .. }
            | Self::TokensNeverFit { headers, .. } => Some(headers),
            Self::Concurrency { .. } | Self::Zero { .. } | Self::Unavailable => None,
        }
    }

    /// A short fixed name, for metrics and logs.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Requests { .. } => "requests",
            Self::Tokens { .. } => "tokens",
            Self::TokensNeverFit { .. } => "tokens_never_fit",
            Self::Concurrency { .. } => "concurrency",
            Self::Zero { .. } => "zero",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests {
                limit, retry_after, ..
            } => {
                write!(
                    f,
                    "limit of `{limit}` requests per minute reached, free in {retry_after:?}"
                )
            }
            Self::Tokens {
                limit, retry_after, ..
            } => {
                write!(
                    f,
                    "limit of `{limit}` tokens per minute reached, free in {retry_after:?}"
                )
            }
            Self::TokensNeverFit { limit, asked, .. } => write!(
                f,
                "request of about `{asked}` tokens is larger than the limit of `{limit}` per minute \
                 and can never pass"
            ),
            Self::Concurrency { limit } => {
                write!(f, "limit of `{limit}` open requests reached")
            }
            Self::Zero { field } => write!(f, "limit `{field}` is 0, so no request can pass"),
            Self::Unavailable => f.write_str("limiter could not be asked"),
        }
    }
}

impl std::error::Error for LimitError {}

/// Why a setting of this crate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// A limit of 0, which could mean "off" as well as "nothing".
    ZeroLimit {
        /// The field that is 0.
        field: &'static str,
    },
    /// A number or a time below the least or above the most that makes sense.
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The least that is accepted.
        lowest: &'static str,
        /// The most that is accepted.
        highest: &'static str,
    },
    /// The longest block is shorter than the first.
    BlockMaxBelowBlock,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroLimit { field } => {
                write!(
                    f,
                    "`{field}` is 0: leave it out for no limit, or disable the key"
                )
            }
            Self::OutOfRange {
                field,
                lowest,
                highest,
            } => {
                write!(f, "`{field}` must lie between `{lowest}` and `{highest}`")
            }
            Self::BlockMaxBelowBlock => f.write_str("`block_max` must not be less than `block`"),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wait_that_helps_is_named() {
        let headers = RateHeaders::default();
        let never = LimitError::TokensNeverFit {
            limit: 5,
            asked: 9,
            headers,
        };
        assert_eq!(never.retry_after(), None);
        assert!(never.to_string().contains("can never pass"));
        assert_eq!(
            LimitError::Unavailable.retry_after(),
            Some(Duration::from_secs(1))
        );
    }
}

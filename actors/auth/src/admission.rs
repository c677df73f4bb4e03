//! The proof that a request is within the limits of its key.
//!
//! Owns: [`Admission`], and what an answer says about the limits. It is made in `meter.rs`
//! and for keys without limits in [`crate::WorkerLimits`], nowhere else, and cannot be made or
//! copied outside this crate. The router asks for it, so a route that forgets the limits does not
//! compile.

use std::sync::Arc;
use std::time::Duration;

use crate::buckets::{Reading, Taken};
use crate::error::LimitError;
use crate::meter::Meter;

/// Proof that a request may be served now; holds its place among the key's open requests.
///
/// Keep it until the answer's last byte: dropping it gives the place back.
///
/// ```
/// use nenya_auth::{Admission, LimitError, WorkerLimits};
///
/// async fn serve(limits: &WorkerLimits) -> Result<(), LimitError> {
///     let mut admission: Admission = limits.admit("ci", 1_200).await?;
///     // ... the answer is sent ...
///     admission.settle(840);
///     Ok(())
/// }
/// ```
///
/// Another crate can neither make nor copy one:
///
/// ```compile_fail,E0451
/// let forged = nenya_auth::Admission { place: None };
/// ```
///
/// ```compile_fail,E0624
/// let forged = nenya_auth::Admission::unlimited();
/// ```
///
/// ```compile_fail,E0599
/// fn twice(admission: nenya_auth::Admission) -> (nenya_auth::Admission, nenya_auth::Admission) {
///     (admission.clone(), admission)
/// }
/// ```
#[must_use = "dropping it gives the request's place back to the key"]
#[derive(Debug)]
pub struct Admission {
    place: Option<Place>,
}

/// What an admitted request holds of its key's limits.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) meter: Arc<Meter>,
    pub(crate) requests: Option<Reading>,
    pub(crate) tokens: Option<Reading>,
    pub(crate) taken: Option<Taken>,
}

impl Admission {
    /// For a key without limits: nothing is held and nothing is counted.
    pub(crate) fn unlimited() -> Self {
        Self { place: None }
    }

    pub(crate) fn holding(place: Place) -> Self {
        Self { place: Some(place) }
    }

    /// The state of the key's rates just after this request, or `None` if it has none.
    pub fn headers(&self) -> Option<RateHeaders> {
        let place = self.place.as_ref()?;
        RateHeaders::of(place.requests, place.tokens)
    }

    /// Says whether any limit applied to the request.
    pub fn is_limited(&self) -> bool {
        self.place.is_some()
    }

    /// Counts tokens that were used beside the estimate, as a long session does now and then.
    ///
    /// All of them are counted; what is beyond the limit is a debt.
    ///
    /// # Errors
    /// [`LimitError::Tokens`] if nothing is left for another token now.
    pub fn charge(&self, tokens: u64) -> Result<(), LimitError> {
        match &self.place {
            Some(place) => place.meter.charge(tokens),
            None => Ok(()),
        }
    }

    /// Replaces the estimate by what the request really used; only the first call counts.
    ///
    /// A request that is never settled keeps its estimate. Tokens above the estimate are a debt
    /// that the key's next requests wait for.
    pub fn settle(&mut self, actual_tokens: u64) {
        let Some(place) = self.place.as_mut() else {
            return;
        };
        if let Some(taken) = place.taken.take() {
            place.meter.settle(&taken, actual_tokens);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.meter.leave();
    }
}

/// What an answer says about the limits of its key, for the `X-RateLimit-*` headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateHeaders {
    /// Requests per minute, if they are limited.
    pub requests: Option<RateState>,
    /// Tokens per minute, if they are limited.
    pub tokens: Option<RateState>,
}

/// One rate: its limit, what is left of it, and when it is whole again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateState {
    /// Units per minute.
    pub limit: u64,
    /// Whole units that could be used at once now.
    pub remaining: u64,
    /// Time until all of `limit` could be used at once, exact.
    pub reset: Duration,
}

impl RateHeaders {
    pub(crate) fn of(requests: Option<Reading>, tokens: Option<Reading>) -> Option<Self> {
        let headers = Self {
            requests: requests.map(RateState::from),
            tokens: tokens.map(RateState::from),
        };
        (headers != Self::default()).then_some(headers)
    }

    /// The header lines: lower-case names, and values in whole units and seconds (rounded up).
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let requests = self.requests.map(|rate| {
            [
                ("x-ratelimit-limit-requests", rate.limit),
                ("x-ratelimit-remaining-requests", rate.remaining),
                ("x-ratelimit-reset-requests", whole_seconds(rate.reset)),
            ]
        });
        let tokens = self.tokens.map(|rate| {
            [
                ("x-ratelimit-limit-tokens", rate.limit),
                ("x-ratelimit-remaining-tokens", rate.remaining),
                ("x-ratelimit-reset-tokens", whole_seconds(rate.reset)),
            ]
        });
        requests.into_iter().chain(tokens).flatten()
    }
}

impl From<Reading> for RateState {
    fn from(reading: Reading) -> Self {
        Self {
            limit: reading.limit(),
            remaining: reading.remaining(),
            reset: reading.until_full(),
        }
    }
}

/// Rounds a wait up to whole seconds, as `Retry-After` and the reset headers need it.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs()
        .saturating_add(u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up_to_whole_seconds() {
        assert_eq!(whole_seconds(Duration::ZERO), 0);
        assert_eq!(whole_seconds(Duration::from_nanos(1)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(1)), 1);
        assert_eq!(whole_seconds(Duration::new(1, 1)), 2);
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
    }

    #[test]
    fn header_lines_name_only_the_rates_that_are_limited() {
        let rate = RateState {
            limit: 9,
            remaining: 3,
            reset: Duration::from_millis(1500),
        };
        let headers = RateHeaders {
            requests: None,
            tokens: Some(rate),
        };
        let lines: Vec<_> = headers.lines().collect();
        assert_eq!(
            lines,
            [
                ("x-ratelimit-limit-tokens", 9),
                ("x-ratelimit-remaining-tokens", 3),
                ("x-ratelimit-reset-tokens", 2),
            ]
        );
        assert_eq!(RateHeaders::of(None, None), None);
    }

    #[test]
    fn unlimited_admission_has_no_headers_and_settles_nothing() {
        let mut admission = Admission::unlimited();
        admission.settle(5);
        assert_eq!(admission.charge(u64::MAX), Ok(()));
        assert_eq!(admission.headers(), None);
        assert!(!admission.is_limited());
    }
}

//! The counts of one key: its requests, its tokens, and its open requests.
//!
//! Owns: what a key has used, behind a lock of its own. It never decides which limits apply; the
//! ledger in [`crate::shares`] makes and changes meters, and workers spend from them.
//!
//! The three limits are checked and taken together: a request that finds requests but no tokens
//! must not take a request, not even for a moment, or another worker could be refused what nobody
//! uses. That rules out one atomic number per limit, and 128-bit arithmetic does not fit one
//! anyway, so a meter is a mutex around plain numbers. It is held for some ten nanoseconds, never
//! across an await, and only requests of the same key ever meet at it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runtime::Clock;

use crate::admission::{Admission, Place, RateHeaders};
use crate::buckets::{Bucket, Fit, Taken};
use crate::error::LimitError;
use crate::key_limits::KeyLimits;

/// What a key has used. Workers hold it as a share; see [`crate::shares`].
#[derive(Debug)]
pub(crate) struct Meter {
    clock: Clock,
    gauges: Mutex<Gauges>,
}

/// What came of an attempt to spend.
#[derive(Debug)]
pub(crate) enum Spent {
    Admitted(Admission),
    Refused(LimitError),
    /// The share was taken back: nothing can be spent here, ask for another.
    Withdrawn,
}

#[derive(Debug)]
struct Gauges {
    open: bool,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
    places: Option<u32>,
    in_flight: u32,
}

impl Meter {
    /// A meter on which nothing is used yet.
    pub(crate) fn new(limits: &KeyLimits, clock: Clock) -> Self {
        let now = clock.now();
        let gauges = Gauges {
            open: true,
            requests: limits
                .requests_per_minute
                .map(|limit| Bucket::full(limit, now)),
            tokens: limits
                .tokens_per_minute
                .map(|limit| Bucket::full(limit, now)),
            places: limits.concurrent_requests,
            in_flight: 0,
        };
        Self {
            clock,
            gauges: Mutex::new(gauges),
        }
    }

    /// Takes one request, `tokens` and one place, or nothing at all.
    pub(crate) fn admit(self: &Arc<Self>, tokens: u64) -> Spent {
        let now = self.clock.now();
        let mut gauges = self.gauges();
        if !gauges.open {
            return Spent::Withdrawn;
        }
        gauges.refill(now);
        if let Some(refusal) = gauges.refusal(tokens) {
            return Spent::Refused(refusal);
        }
        gauges.in_flight = gauges.in_flight.saturating_add(1);
        if let Some(bucket) = &mut gauges.requests {
            let _counted_for_good = bucket.take(1);
        }
        let taken = gauges.tokens.as_mut().map(|bucket| bucket.take(tokens));
        let requests = gauges.requests.as_ref().map(Bucket::reading);
        let tokens = gauges.tokens.as_ref().map(Bucket::reading);
        drop(gauges);
        let meter = Arc::clone(self);
        Spent::Admitted(Admission::holding(Place {
            meter,
            requests,
            tokens,
            taken,
        }))
    }

    /// Corrects an estimate to what was used.
    pub(crate) fn settle(&self, taken: &Taken, actual_tokens: u64) {
        let now = self.clock.now();
        if let Some(bucket) = &mut self.gauges().tokens {
            bucket.refill(now);
            bucket.settle(taken, actual_tokens);
        }
    }

    /// Counts tokens without asking first; says whether another one would have to wait.
    pub(crate) fn charge(&self, tokens: u64) -> Result<(), LimitError> {
        let now = self.clock.now();
        let mut gauges = self.gauges();
        let Some(bucket) = &mut gauges.tokens else {
            return Ok(());
        };
        bucket.refill(now);
        let _counted_for_good = bucket.take(tokens);
        match bucket.fit(1) {
            Fit::Now => Ok(()),
            Fit::After(wait) => Err(gauges.refusal_by_tokens(wait)),
            Fit::Never => Err(gauges.tokens_never_fit(1)),
        }
    }

    /// Gives an open request's place back.
    pub(crate) fn leave(&self) {
        let mut gauges = self.gauges();
        gauges.in_flight = gauges.in_flight.saturating_sub(1);
    }

    /// Changes the limits and opens the meter; what is used, and who is inside, stays counted.
    pub(crate) fn retune(&self, limits: &KeyLimits) {
        let now = self.clock.now();
        let mut gauges = self.gauges();
        gauges.open = true;
        retune_bucket(&mut gauges.requests, limits.requests_per_minute, now);
        retune_bucket(&mut gauges.tokens, limits.tokens_per_minute, now);
        gauges.places = limits.concurrent_requests;
    }

    /// Takes all shares of this meter back.
    pub(crate) fn withdraw(&self) {
        self.gauges().open = false;
    }

    /// Takes all shares back if a new meter would be the same as this one, and says whether.
    pub(crate) fn withdraw_if_idle(&self) -> bool {
        let now = self.clock.now();
        let mut gauges = self.gauges();
        gauges.refill(now);
        let idle = gauges.is_idle();
        gauges.open &= !idle;
        idle
    }

    /// Requests that are open now.
    pub(crate) fn in_flight(&self) -> u32 {
        self.gauges().in_flight
    }

    /// The numbers are whole after every single step, so a panic elsewhere cannot spoil them.
    fn gauges(&self) -> MutexGuard<'_, Gauges> {
        self.gauges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gauges {
    fn refill(&mut self, now: Instant) {
        for bucket in [&mut self.requests, &mut self.tokens].into_iter().flatten() {
            bucket.refill(now);
        }
    }

    /// Why the request may not pass now; of two waits the longer, since both must be over.
    fn refusal(&self, tokens: u64) -> Option<LimitError> {
        let for_requests = self
            .requests
            .as_ref()
            .map_or(Fit::Now, |bucket| bucket.fit(1));
        let for_tokens = self
            .tokens
            .as_ref()
            .map_or(Fit::Now, |bucket| bucket.fit(tokens));
        match (for_requests, for_tokens) {
            (Fit::Now, Fit::Now) => self.refusal_by_places(),
            (Fit::Never, _) => Some(LimitError::Zero {
                field: "requests_per_minute",
            }),
            (_, Fit::Never) => Some(self.tokens_never_fit(tokens)),
            (Fit::After(wait), Fit::Now) => Some(self.refusal_by_requests(wait)),
            (Fit::Now, Fit::After(wait)) => Some(self.refusal_by_tokens(wait)),
            (Fit::After(wait), Fit::After(longer)) if longer > wait => {
                Some(self.refusal_by_tokens(longer))
            }
            (Fit::After(wait), Fit::After(_)) => Some(self.refusal_by_requests(wait)),
        }
    }

    fn refusal_by_places(&self) -> Option<LimitError> {
        match self.places {
            Some(0) => Some(LimitError::Zero {
                field: "concurrent_requests",
            }),
            Some(limit) if self.in_flight >= limit => Some(LimitError::Concurrency { limit }),
            _ => None,
        }
    }

    fn refusal_by_requests(&self, retry_after: Duration) -> LimitError {
        let limit = limit_of(self.requests.as_ref());
        LimitError::Requests {
            limit,
            retry_after,
            headers: self.headers(),
        }
    }

    fn refusal_by_tokens(&self, retry_after: Duration) -> LimitError {
        let limit = limit_of(self.tokens.as_ref());
        LimitError::Tokens {
            limit,
            retry_after,
            headers: self.headers(),
        }
    }

    fn tokens_never_fit(&self, asked: u64) -> LimitError {
        match limit_of(self.tokens.as_ref()) {
            0 => LimitError::Zero {
                field: "tokens_per_minute",
            },
            limit => LimitError::TokensNeverFit {
                limit,
                asked,
                headers: self.headers(),
            },
        }
    }

    fn headers(&self) -> RateHeaders {
        let requests = self.requests.as_ref().map(Bucket::reading);
        let tokens = self.tokens.as_ref().map(Bucket::reading);
        RateHeaders::of(requests, tokens).unwrap_or_default()
    }

    fn is_idle(&self) -> bool {
        let mut buckets = [&self.requests, &self.tokens].into_iter().flatten();
        self.in_flight == 0 && buckets.all(Bucket::is_full)
    }
}

fn limit_of(bucket: Option<&Bucket>) -> u64 {
    bucket.map_or(0, Bucket::limit)
}

fn retune_bucket(bucket: &mut Option<Bucket>, limit: Option<u64>, now: Instant) {
    match (bucket.as_mut(), limit) {
        (Some(bucket), Some(limit)) => bucket.retune(limit, now),
        (None, Some(limit)) => *bucket = Some(Bucket::full(limit, now)),
        (_, None) => *bucket = None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use runtime::ClockHand;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limits(requests: u64, tokens: u64, places: u32) -> KeyLimits {
        KeyLimits {
            requests_per_minute: Some(requests),
            tokens_per_minute: Some(tokens),
            concurrent_requests: Some(places),
        }
    }

    fn meter(limits: &KeyLimits) -> (Arc<Meter>, ClockHand) {
        let (clock, hand) = Clock::manual();
        (Arc::new(Meter::new(limits, clock)), hand)
    }

    fn admitted(spent: Spent) -> Admission {
        let Spent::Admitted(admission) = spent else {
            panic!("refused: {spent:?}")
        };
        admission
    }

    fn refused(spent: Spent) -> LimitError {
        let Spent::Refused(error) = spent else {
            panic!("not refused: {spent:?}")
        };
        error
    }

    #[test]
    fn request_refused_for_tokens_takes_no_request_and_no_place() {
        let (meter, _hand) = meter(&limits(2, 100, 2));
        let first = admitted(meter.admit(80));
        assert_eq!(refused(meter.admit(50)).label(), "tokens");
        assert_eq!(meter.in_flight(), 1);
        let headers = admitted(meter.admit(20)).headers().unwrap();
        assert_eq!(headers.requests.unwrap().remaining, 0);
        drop(first);
    }

    #[test]
    fn of_two_waits_the_longer_is_named_and_after_it_the_request_passes() {
        let (meter, hand) = meter(&limits(60, 60, 9));
        for _ in 0..3 {
            drop(admitted(meter.admit(20)));
        }
        let wait = refused(meter.admit(30)).retry_after().unwrap();
        assert_eq!(wait, 30 * SECOND);
        hand.advance(wait - Duration::from_nanos(1));
        assert_eq!(
            refused(meter.admit(30)).retry_after(),
            Some(Duration::from_nanos(1))
        );
        hand.advance(Duration::from_nanos(1));
        drop(admitted(meter.admit(30)));
    }

    #[test]
    fn place_is_given_back_when_the_admission_is_dropped() {
        let (meter, _hand) = meter(&limits(100, 100, 1));
        let first = admitted(meter.admit(1));
        assert_eq!(
            refused(meter.admit(1)),
            LimitError::Concurrency { limit: 1 }
        );
        drop(first);
        drop(admitted(meter.admit(1)));
        assert_eq!(meter.in_flight(), 0);
    }

    #[test]
    fn request_larger_than_the_whole_limit_is_told_that_it_can_never_pass() {
        let (meter, _hand) = meter(&limits(9, 100, 9));
        let error = refused(meter.admit(101));
        assert!(matches!(
            error,
            LimitError::TokensNeverFit {
                limit: 100,
                asked: 101,
                ..
            }
        ));
        assert_eq!(error.retry_after(), None);
    }

    #[test]
    fn limit_of_zero_lets_nothing_pass_and_says_which() {
        for (limits, field) in [
            (limits(0, 9, 9), "requests_per_minute"),
            (limits(9, 0, 9), "tokens_per_minute"),
            (limits(9, 9, 0), "concurrent_requests"),
        ] {
            let (meter, _hand) = meter(&limits);
            assert_eq!(refused(meter.admit(1)), LimitError::Zero { field });
        }
    }

    #[test]
    fn settled_request_gives_unused_tokens_back_once() {
        let (meter, _hand) = meter(&limits(9, 100, 9));
        let mut admission = admitted(meter.admit(100));
        assert_eq!(refused(meter.admit(10)).label(), "tokens");
        admission.settle(90);
        admission.settle(0);
        drop(admitted(meter.admit(10)));
        assert_eq!(refused(meter.admit(1)).label(), "tokens");
    }

    #[test]
    fn unsettled_request_keeps_its_estimate() {
        let (meter, _hand) = meter(&limits(9, 100, 9));
        drop(admitted(meter.admit(100)));
        assert_eq!(refused(meter.admit(1)).label(), "tokens");
    }

    #[test]
    fn withdrawn_meter_spends_nothing_until_it_is_tuned_again() {
        let (meter, _hand) = meter(&limits(9, 9, 9));
        let inside = admitted(meter.admit(1));
        assert!(!meter.withdraw_if_idle());
        meter.withdraw();
        assert!(matches!(meter.admit(1), Spent::Withdrawn));
        meter.retune(&limits(9, 9, 1));
        assert_eq!(
            refused(meter.admit(1)),
            LimitError::Concurrency { limit: 1 }
        );
        drop(inside);
        drop(admitted(meter.admit(1)));
    }

    #[test]
    fn meter_is_idle_once_it_is_refilled_and_everybody_has_left() {
        let (meter, hand) = meter(&limits(60, 60, 9));
        let inside = admitted(meter.admit(1));
        hand.advance(SECOND);
        assert!(!meter.withdraw_if_idle());
        drop(inside);
        assert!(meter.withdraw_if_idle());
        assert!(matches!(meter.admit(1), Spent::Withdrawn));
    }

    #[test]
    fn limit_that_is_added_later_counts_those_already_inside() {
        let only_requests = KeyLimits {
            requests_per_minute: Some(9),
            ..KeyLimits::default()
        };
        let (meter, _hand) = meter(&only_requests);
        let _inside = admitted(meter.admit(1));
        meter.retune(&limits(9, 9, 1));
        assert_eq!(
            refused(meter.admit(1)),
            LimitError::Concurrency { limit: 1 }
        );
    }
}

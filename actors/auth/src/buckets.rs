//! One token bucket: so many units a minute, full at the start, and as large as the limit.
//!
//! Owns: the arithmetic of one limit. No clock, no lock and no notion of keys: the caller passes
//! the time in, and [`crate::shares`] decides who may call.
//!
//! The bucket is written down as what has been *used* and not yet refilled, in parts of a unit. A
//! minute has 60 000 000 000 ns, so with that many parts to a unit a limit of `n` units a minute
//! refills exactly `n` parts per nanosecond: no division, no rounding, no drift, and a wait that
//! is exact to the nanosecond. It is refilled when read, so an idle bucket costs nothing.

use std::time::{Duration, Instant};

/// Parts of one unit: the nanoseconds of a minute.
const PARTS: u128 = 60_000_000_000;

/// A limit per minute and what of it is used.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    limit: u64,
    used: u128,
    /// All that was ever refilled; tells a late refund how much of it time has already given back.
    refilled: u128,
    at: Instant,
}

/// When an amount will fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Now,
    After(Duration),
    /// More than the bucket holds when full.
    Never,
}

/// Something taken from a bucket, some of which may be given back later.
#[derive(Debug)]
pub(crate) struct Taken {
    amount: u64,
    /// The value of `refilled` at which time will have given all of it back.
    mark: u128,
}

/// A bucket's state at one moment, cheap to take and turned into figures only if somebody asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    limit: u64,
    used: u128,
}

impl Bucket {
    pub(crate) fn full(limit: u64, now: Instant) -> Self {
        Self {
            limit,
            used: 0,
            refilled: 0,
            at: now,
        }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Refills for the time that has passed. A clock that went back refills nothing.
    pub(crate) fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_nanos();
        let parts = passed.saturating_mul(u128::from(self.limit));
        self.used = self.used.saturating_sub(parts);
        self.refilled = self.refilled.saturating_add(parts);
        self.at = self.at.max(now);
    }

    /// Says when `amount` will fit if nothing else is taken; exact after [`Bucket::refill`].
    pub(crate) fn fit(&self, amount: u64) -> Fit {
        if amount > self.limit {
            return Fit::Never;
        }
        let room = (u128::from(self.limit) - u128::from(amount)) * PARTS;
        match self.used.checked_sub(room) {
            None | Some(0) => Fit::Now,
            // An empty limit has no room and no refill: only an amount of 0 gets this far.
            Some(_) if self.limit == 0 => Fit::Never,
            Some(missing) => Fit::After(nanoseconds(missing.div_ceil(u128::from(self.limit)))),
        }
    }

    /// Takes `amount`; the caller has seen that it fits, under the same lock.
    pub(crate) fn take(&mut self, amount: u64) -> Taken {
        self.used = self.used.saturating_add(u128::from(amount) * PARTS);
        Taken {
            amount,
            mark: self.used.saturating_add(self.refilled),
        }
    }

    /// Corrects what was taken to what was needed, after [`Bucket::refill`].
    ///
    /// More than was taken becomes a debt that later callers wait for. Less is given back, but
    /// only what time has not given back already: the bucket refills while a stream runs, and a
    /// stream that ends after an hour must not hand out its estimate a second time.
    pub(crate) fn settle(&mut self, taken: &Taken, needed: u64) {
        if let Some(more) = needed.checked_sub(taken.amount) {
            self.used = self.used.saturating_add(u128::from(more) * PARTS);
        } else {
            let unused = u128::from(taken.amount - needed) * PARTS;
            let not_refilled = taken.mark.saturating_sub(self.refilled);
            self.used = self.used.saturating_sub(unused.min(not_refilled));
        }
    }

    /// Changes the limit; what is used already counts against the new one.
    pub(crate) fn retune(&mut self, limit: u64, now: Instant) {
        self.refill(now);
        self.limit = limit;
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used == 0
    }

    pub(crate) fn reading(&self) -> Reading {
        Reading {
            limit: self.limit,
            used: self.used,
        }
    }
}

impl Reading {
    pub(crate) fn limit(self) -> u64 {
        self.limit
    }

    /// Whole units that could be taken now.
    pub(crate) fn remaining(self) -> u64 {
        let room = (u128::from(self.limit) * PARTS).saturating_sub(self.used);
        u64::try_from(room / PARTS).unwrap_or(self.limit)
    }

    /// How long until the bucket is full again if nothing is taken.
    pub(crate) fn until_full(self) -> Duration {
        match u128::from(self.limit) {
            0 => Duration::ZERO,
            limit => nanoseconds(self.used.div_ceil(limit)),
        }
    }
}

fn nanoseconds(count: u128) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    let seconds = u64::try_from(count / SECOND).unwrap_or(u64::MAX);
    let rest = u32::try_from(count % SECOND).unwrap_or(0);
    Duration::new(seconds, rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn take_if_fits(bucket: &mut Bucket, amount: u64, now: Instant) -> Fit {
        bucket.refill(now);
        let fit = bucket.fit(amount);
        if fit == Fit::Now {
            let _taken = bucket.take(amount);
        }
        fit
    }

    #[test]
    fn new_bucket_lets_the_whole_limit_pass_at_once_and_no_more() {
        let now = Instant::now();
        let mut bucket = Bucket::full(3, now);
        for _ in 0..3 {
            assert_eq!(take_if_fits(&mut bucket, 1, now), Fit::Now);
        }
        assert_eq!(take_if_fits(&mut bucket, 1, now), Fit::After(20 * SECOND));
    }

    #[test]
    fn wait_is_exact_to_the_nanosecond() {
        let now = Instant::now();
        let mut bucket = Bucket::full(7, now);
        assert_eq!(take_if_fits(&mut bucket, 7, now), Fit::Now);
        let Fit::After(wait) = bucket.fit(1) else {
            panic!("must wait")
        };
        assert_eq!(wait, Duration::from_nanos(60_000_000_000_u64.div_ceil(7)));
        let just_before = now + wait - Duration::from_nanos(1);
        assert_eq!(
            take_if_fits(&mut bucket, 1, just_before),
            Fit::After(Duration::from_nanos(1))
        );
        assert_eq!(take_if_fits(&mut bucket, 1, now + wait), Fit::Now);
    }

    #[test]
    fn refused_attempts_do_not_refill_twice() {
        let now = Instant::now();
        let mut bucket = Bucket::full(60, now);
        assert_eq!(take_if_fits(&mut bucket, 60, now), Fit::Now);
        for step in 1..1000 {
            let later = now + Duration::from_micros(step * 999);
            assert_ne!(take_if_fits(&mut bucket, 1, later), Fit::Now);
        }
        assert_eq!(take_if_fits(&mut bucket, 1, now + SECOND), Fit::Now);
    }

    #[test]
    fn clock_that_steps_back_gives_nothing() {
        let now = Instant::now() + 60 * SECOND;
        let mut bucket = Bucket::full(60, now);
        assert_eq!(take_if_fits(&mut bucket, 60, now), Fit::Now);
        assert_eq!(
            take_if_fits(&mut bucket, 1, now - 30 * SECOND),
            Fit::After(SECOND)
        );
        assert_eq!(take_if_fits(&mut bucket, 1, now), Fit::After(SECOND));
    }

    #[test]
    fn more_than_the_bucket_holds_never_fits() {
        let now = Instant::now();
        assert_eq!(Bucket::full(100, now).fit(101), Fit::Never);
        assert_eq!(Bucket::full(100, now).fit(100), Fit::Now);
        assert_eq!(Bucket::full(0, now).fit(1), Fit::Never);
        assert_eq!(Bucket::full(0, now).fit(0), Fit::Now);
        assert_eq!(Bucket::full(u64::MAX, now).fit(u64::MAX), Fit::Now);
    }

    #[test]
    fn unused_part_of_an_estimate_can_be_used_again() {
        let now = Instant::now();
        let mut bucket = Bucket::full(100, now);
        let taken = bucket.take(100);
        bucket.settle(&taken, 30);
        assert_eq!(bucket.reading().remaining(), 70);
    }

    #[test]
    fn more_than_the_estimate_becomes_a_debt() {
        let now = Instant::now();
        let mut bucket = Bucket::full(60, now);
        let taken = bucket.take(60);
        bucket.settle(&taken, 90);
        assert_eq!(bucket.reading().remaining(), 0);
        assert_eq!(bucket.fit(0), Fit::After(30 * SECOND));
        assert_eq!(bucket.fit(1), Fit::After(31 * SECOND));
    }

    #[test]
    fn late_refund_gives_back_nothing_that_time_has_given_back() {
        let now = Instant::now();
        let mut bucket = Bucket::full(60, now);
        let stream = bucket.take(60);
        let later = now + 60 * SECOND;
        assert_eq!(take_if_fits(&mut bucket, 50, later), Fit::Now);
        bucket.settle(&stream, 1);
        assert_eq!(bucket.reading().remaining(), 10);
    }

    #[test]
    fn changed_limit_keeps_what_is_used() {
        let now = Instant::now();
        let mut bucket = Bucket::full(60, now);
        let _taken = bucket.take(40);
        bucket.retune(100, now);
        assert_eq!(bucket.reading().remaining(), 60);
        bucket.retune(30, now);
        assert_eq!(bucket.fit(1), Fit::After(22 * SECOND));
        bucket.retune(0, now);
        assert_eq!(bucket.fit(0), Fit::Never);
        assert_eq!(bucket.reading().until_full(), Duration::ZERO);
    }

    #[test]
    fn reading_tells_remaining_and_time_until_full() {
        let now = Instant::now();
        let mut bucket = Bucket::full(60, now);
        let _taken = bucket.take(15);
        bucket.refill(now + Duration::from_millis(500));
        let reading = bucket.reading();
        assert_eq!((reading.limit(), reading.remaining()), (60, 45));
        assert_eq!(reading.until_full(), Duration::from_millis(14_500));
    }

    proptest! {
        /// In any stretch of time no more passes than the limit plus what is refilled meanwhile.
        #[test]
        fn no_stretch_of_time_passes_more_than_limit_and_refill(
            limit in 1_u64..200,
            steps in prop::collection::vec((0_u64..5_000, 0_u64..60), 1..120),
        ) {
            let start = Instant::now();
            let mut bucket = Bucket::full(limit, start);
            let mut at = Duration::ZERO;
            let mut passed = Vec::new();
            for (pause, amount) in steps {
                at += Duration::from_millis(pause);
                if take_if_fits(&mut bucket, amount, start + at) == Fit::Now {
                    passed.push((at, amount));
                }
            }
            for (first, (from, _)) in passed.iter().enumerate() {
                let mut sum = 0_u128;
                for (until, amount) in passed.iter().skip(first) {
                    sum += u128::from(*amount);
                    let refill = (*until - *from).as_nanos() * u128::from(limit);
                    prop_assert!(sum * PARTS <= u128::from(limit) * PARTS + refill);
                }
            }
        }

        /// Kept as what is left instead of what is used, and by the textbook: the same passes.
        #[test]
        fn passes_exactly_what_a_plain_bucket_of_what_is_left_would(
            limit in 1_u64..200,
            steps in prop::collection::vec((0_u64..5_000, 0_u64..60), 1..120),
        ) {
            let start = Instant::now();
            let mut bucket = Bucket::full(limit, start);
            let whole = u128::from(limit) * PARTS;
            let (mut left, mut at) = (whole, Duration::ZERO);
            for (pause, amount) in steps {
                let pause = Duration::from_millis(pause);
                at += pause;
                left = whole.min(left + pause.as_nanos() * u128::from(limit));
                let fits = left >= u128::from(amount) * PARTS && amount <= limit;
                prop_assert_eq!(take_if_fits(&mut bucket, amount, start + at) == Fit::Now, fits);
                if fits {
                    left -= u128::from(amount) * PARTS;
                }
            }
        }

        /// What is refused passes at the time that the refusal named, and not before.
        #[test]
        fn refusal_names_the_first_moment_at_which_the_same_would_pass(
            limit in 1_u64..1_000_000,
            first in 1_u64..1_000_000,
            second in 1_u64..1_000_000,
            pause in 0_u64..120_000_000_000,
        ) {
            prop_assume!(first <= limit && second <= limit);
            let start = Instant::now();
            let mut bucket = Bucket::full(limit, start);
            prop_assert_eq!(take_if_fits(&mut bucket, first, start), Fit::Now);
            let asked = start + Duration::from_nanos(pause);
            let mut twin = bucket.clone();
            if let Fit::After(wait) = take_if_fits(&mut twin, second, asked) {
                let nanosecond = Duration::from_nanos(1);
                let early = take_if_fits(&mut twin.clone(), second, asked + wait - nanosecond);
                prop_assert_ne!(early, Fit::Now);
                prop_assert_eq!(take_if_fits(&mut twin, second, asked + wait), Fit::Now);
            }
        }
    }
}

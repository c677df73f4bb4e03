//! What a worker keeps back before it wakes the actors.
//!
//! Owns the grouping and the rules of when to flush. Pure: the time is passed in, and the program
//! drives the timer.
//! Waking another thread costs more than a request's whole share of bookkeeping (42 µs against
//! 25 µs measured on an idle machine), so what can wait is told together. What cannot wait, a
//! failure or the end of a trial, takes along whatever was kept.

use std::time::{Duration, Instant};

use provider::{Outcome, ProviderHandle};
use runtime::Handle;

use crate::actor::Router;
use crate::latency::LatencySample;
use crate::messages::RecordLatency;
use crate::sink::Happened;

/// When a batch is flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlushRules {
    /// Items that are kept at most; at least 1. Default: 64.
    pub items: usize,
    /// How long the oldest item is kept at most. Default: 100 ms.
    pub age: Duration,
}

impl Default for FlushRules {
    fn default() -> Self {
        Self {
            items: 64,
            age: Duration::from_millis(100),
        }
    }
}

/// One worker's batch of what happened.
///
/// Bounded by its rules: the item that fills it comes back with all others as a [`Flush`].
#[derive(Debug, Default)]
pub struct OutcomeBatch {
    rules: FlushRules,
    kept: Flush,
    items: usize,
    oldest: Option<Instant>,
}

impl OutcomeBatch {
    /// An empty batch.
    pub fn new(rules: FlushRules) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    /// Keeps `happened`; gives all back if it is time to tell.
    #[must_use = "what comes back is no longer in the batch"]
    pub fn add(&mut self, happened: Happened, now: Instant) -> Option<Flush> {
        let urgent = happened.is_urgent();
        self.oldest.get_or_insert(now);
        self.items += 1;
        self.kept.keep(happened);
        if urgent || self.items >= self.rules.items || self.is_old(now) {
            return self.take();
        }
        None
    }

    /// When the batch is due, for the program's timer; `None` while it is empty.
    pub fn due_at(&self) -> Option<Instant> {
        Some(self.oldest? + self.rules.age)
    }

    /// Gives all back if the oldest item is old enough.
    #[must_use = "what comes back is no longer in the batch"]
    pub fn take_if_due(&mut self, now: Instant) -> Option<Flush> {
        if self.is_old(now) { self.take() } else { None }
    }

    /// Gives all back, as at the end of a worker; `None` if there is nothing.
    #[must_use = "what comes back is no longer in the batch"]
    pub fn take(&mut self) -> Option<Flush> {
        self.oldest.take()?;
        self.items = 0;
        Some(std::mem::take(&mut self.kept))
    }

    fn is_old(&self, now: Instant) -> bool {
        self.due_at().is_some_and(|due| due <= now)
    }
}

/// What is to be told, grouped by who should hear it.
#[derive(Debug, Default)]
pub struct Flush {
    /// Per provider, how its calls ended, oldest first.
    pub reports: Vec<(ProviderHandle, Vec<Outcome>)>,
    /// For the Router, oldest first.
    pub latencies: Vec<LatencySample>,
}

impl Flush {
    /// Tells everybody; never waits.
    ///
    /// Gives the number of tells that were refused. The handles count them too, and nothing is
    /// lost but what a breaker or a window would have remembered.
    pub fn tell(self, router: &Handle<Router>) -> usize {
        let refused = |(provider, outcomes): (ProviderHandle, Vec<Outcome>)| {
            usize::from(provider.report(outcomes).is_err())
        };
        let reports: usize = self.reports.into_iter().map(refused).sum();
        if self.latencies.is_empty() {
            return reports;
        }
        reports + usize::from(router.tell(RecordLatency(self.latencies)).is_err())
    }

    fn keep(&mut self, happened: Happened) {
        match happened {
            Happened::Measured(sample) => self.latencies.push(sample),
            Happened::Ended { provider, outcome } => self.report(provider, outcome),
        }
    }

    /// Few providers per batch, so a search in line is cheaper than a map.
    fn report(&mut self, provider: ProviderHandle, outcome: Outcome) {
        let name = provider.name();
        let mut reports = self.reports.iter_mut();
        match reports.find(|(known, _)| known.name() == name) {
            Some((_, outcomes)) => outcomes.push(outcome),
            None => self.reports.push((provider, vec![outcome])),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use provider::{Failure, Verdict};

    use super::*;
    use crate::fixtures::keyed_provider;
    use crate::latency::ReplyShape;

    fn ended(provider: &str, verdict: Verdict, trial: Option<u64>) -> Happened {
        Happened::Ended {
            provider: keyed_provider(provider),
            outcome: Outcome {
                model: "m".to_owned(),
                verdict,
                trial,
            },
        }
    }

    fn answered(provider: &str) -> Happened {
        ended(provider, Verdict::Answered, None)
    }

    fn measured(now: Instant) -> Happened {
        Happened::Measured(LatencySample {
            provider: "a".into(),
            model: "m".into(),
            shape: ReplyShape::Whole,
            first_byte: Duration::from_millis(1),
            at: now,
        })
    }

    fn items(flush: &Flush) -> usize {
        let reports = flush.reports.iter().map(|(_, outcomes)| outcomes.len());
        reports.sum::<usize>() + flush.latencies.len()
    }

    #[test]
    fn the_item_that_fills_the_batch_takes_all_along() {
        let now = Instant::now();
        let mut batch = OutcomeBatch::new(FlushRules {
            items: 3,
            ..FlushRules::default()
        });
        assert!(batch.add(answered("a"), now).is_none());
        assert!(batch.add(measured(now), now).is_none());
        let flush = batch.add(answered("b"), now).unwrap();
        assert_eq!(items(&flush), 3);
        assert!(batch.take().is_none());
        assert_eq!(batch.due_at(), None);
    }

    #[test]
    fn a_failure_is_told_at_once_with_what_was_kept() {
        let now = Instant::now();
        let mut batch = OutcomeBatch::default();
        assert!(batch.add(answered("a"), now).is_none());
        let broken = Verdict::Failed(Failure::Broken);
        let flush = batch.add(ended("a", broken, None), now).unwrap();
        let [(provider, outcomes)] = flush.reports.as_slice() else {
            panic!("one provider expected");
        };
        assert_eq!(provider.name(), "a");
        assert_eq!(outcomes[0].verdict, Verdict::Answered);
        assert_eq!(outcomes[1].verdict, broken);
    }

    #[test]
    fn the_end_of_a_trial_is_told_at_once() {
        let now = Instant::now();
        let mut batch = OutcomeBatch::default();
        let trial = ended("a", Verdict::Answered, Some(4));
        assert!(batch.add(trial, now).is_some());
    }

    #[test]
    fn the_oldest_item_sets_the_time_to_flush() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut batch = OutcomeBatch::default();
        assert!(batch.add(answered("a"), start).is_none());
        assert!(batch.add(answered("a"), at(60)).is_none());
        assert_eq!(batch.due_at(), Some(at(100)));
        assert!(batch.take_if_due(at(99)).is_none());
        assert_eq!(items(&batch.take_if_due(at(100)).unwrap()), 2);
        assert!(batch.take_if_due(at(200)).is_none());
    }

    #[test]
    fn an_item_that_comes_after_the_time_takes_the_old_ones_along() {
        let start = Instant::now();
        let mut batch = OutcomeBatch::default();
        assert!(batch.add(answered("a"), start).is_none());
        let late = start + Duration::from_millis(150);
        assert_eq!(items(&batch.add(answered("b"), late).unwrap()), 2);
    }

    #[test]
    fn telling_actors_that_are_gone_counts_and_does_not_wait() {
        let now = Instant::now();
        let mut batch = OutcomeBatch::default();
        for happened in [answered("a"), answered("b"), measured(now)] {
            assert!(batch.add(happened, now).is_none());
        }
        let router = Handle::detached("router");
        assert_eq!(batch.take().unwrap().tell(&router), 3);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_bound_holds(
            events in prop::collection::vec((0_u8..4, 0_u64..40), 0..300),
            bound in 1_usize..20,
        ) {
            let mut now = Instant::now();
            let rules = FlushRules { items: bound, age: Duration::from_millis(100) };
            let mut batch = OutcomeBatch::new(rules);
            let mut told = 0;
            for (kind, ms) in &events {
                now += Duration::from_millis(*ms);
                let happened = match kind {
                    0 => ended("a", Verdict::Failed(Failure::Unreachable), None),
                    1 => measured(now),
                    2 => answered("a"),
                    _ => answered("b"),
                };
                told += batch.add(happened, now).as_ref().map_or(0, items);
                prop_assert!(batch.items < bound);
                prop_assert!(batch.due_at().is_none_or(|due| due > now));
            }
            told += batch.take().as_ref().map_or(0, items);
            prop_assert_eq!(told, events.len());
        }
    }
}

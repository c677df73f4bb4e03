//! Who may be called now: the snapshot that the actor publishes and every call reads.
//!
//! A model that is not in the snapshot is open to all. A gate that is shut says until when; after
//! that it is half-open, and exactly one caller at a time gets through, decided by one atomic
//! that all workers share, so that no worker has to ask the actor.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use runtime::Clock;

use crate::{
    error::ProviderError,
    outcome::{Outcome, Verdict},
};

/// How long a settled trial keeps its place while its outcome travels to the actor. If the
/// outcome is lost (a full mailbox, an actor being rebuilt), the next caller may try after this.
const SETTLE: Duration = Duration::from_secs(5);
/// What a caller is told to wait while somebody else's trial is under way.
const TRIAL_WAIT: Duration = Duration::from_secs(1);

const FREE: u64 = 0;
const HELD: u64 = u64::MAX;

/// The place of the one trial of a half-open breaker.
#[derive(Debug)]
pub(crate) struct TrialSlot {
    born: Instant,
    /// [`FREE`], [`HELD`], or the millisecond since `born` at which it becomes free.
    busy_until: AtomicU64,
}

impl TrialSlot {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            born: now,
            busy_until: AtomicU64::new(FREE),
        }
    }

    fn millis(&self, now: Instant) -> u64 {
        let millis = now.saturating_duration_since(self.born).as_millis();
        u64::try_from(millis).unwrap_or(HELD - 1).clamp(1, HELD - 1)
    }

    fn take(&self, now: Instant) -> bool {
        let seen = self.busy_until.load(Ordering::Acquire);
        seen <= self.millis(now)
            && self
                .busy_until
                .compare_exchange(seen, HELD, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }

    fn give_back(&self) {
        self.busy_until.store(FREE, Ordering::Release);
    }

    fn settle(&self, now: Instant) {
        self.busy_until
            .store(self.millis(now + SETTLE), Ordering::Release);
    }
}

/// Why a gate is shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutCause {
    /// Failures in a row.
    Failures,
    /// The provider asked us to slow down.
    Limited,
    /// The provider rejected our key or account.
    Denied,
    /// The operator takes the provider out of service.
    Draining,
}

impl ShutCause {
    /// Short name for logs and metric labels.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::Limited => "limited",
            Self::Denied => "denied",
            Self::Draining => "draining",
        }
    }
}

/// One model's gate; only models whose breaker is not closed have one.
#[derive(Debug, Clone)]
pub struct Gate {
    pub(crate) until: Instant,
    pub(crate) cause: ShutCause,
    pub(crate) level: u32,
    pub(crate) generation: u64,
    pub(crate) trial: Arc<TrialSlot>,
}

/// The published snapshot of one provider.
#[derive(Debug, Clone, Default)]
pub struct Gates {
    pub(crate) models: HashMap<String, Gate>,
    pub(crate) draining: bool,
}

impl Gates {
    /// Every model may be called.
    pub fn open() -> Self {
        Self::default()
    }

    /// The given model is shut until then; for tests of callers.
    #[must_use]
    pub fn with_shut(mut self, model: &str, until: Instant, now: Instant) -> Self {
        let gate = Gate {
            until,
            cause: ShutCause::Failures,
            level: 0,
            generation: 0,
            trial: Arc::new(TrialSlot::new(now)),
        };
        self.models.insert(model.to_owned(), gate);
        self
    }

    /// Says how long the model is shut, without taking a trial; `None` if it can be entered.
    pub fn shut_for(&self, model: &str, now: Instant) -> Option<Duration> {
        if self.draining {
            return Some(TRIAL_WAIT);
        }
        let wait = self.models.get(model)?.until.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    pub(crate) fn enter(&self, model: &str, clock: &Clock) -> Result<Pass, Shut> {
        if self.draining {
            return Err(Shut {
                retry_after: TRIAL_WAIT,
                cause: ShutCause::Draining,
            });
        }
        let Some(gate) = self.models.get(model) else {
            return Ok(Pass {
                model: model.to_owned(),
                trial: None,
            });
        };
        let now = clock.now();
        let wait = gate.until.saturating_duration_since(now);
        if !wait.is_zero() {
            return Err(Shut {
                retry_after: wait,
                cause: gate.cause,
            });
        }
        if !gate.trial.take(now) {
            return Err(Shut {
                retry_after: TRIAL_WAIT,
                cause: gate.cause,
            });
        }
        let trial = Trial {
            slot: Some(Arc::clone(&gate.trial)),
            generation: gate.generation,
            clock: clock.clone(),
        };
        Ok(Pass {
            model: model.to_owned(),
            trial: Some(trial),
        })
    }
}

/// The provider may not be called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shut {
    /// How long to wait; never zero.
    pub retry_after: Duration,
    /// Why.
    pub cause: ShutCause,
}

impl fmt::Display for Shut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "circuit is open ({}) for {:?}",
            self.cause.label(),
            self.retry_after
        )
    }
}

impl std::error::Error for Shut {}

/// Permission for one call; consumed by the outcome that it leads to.
///
/// Dropped without an outcome (the client left), it gives the trial of a half-open breaker back,
/// and nothing is counted.
#[must_use = "a pass that is dropped at once gives the trial back"]
#[derive(Debug)]
pub struct Pass {
    model: String,
    trial: Option<Trial>,
}

impl Pass {
    /// The upstream model that may be called.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Tells whether this call decides if the circuit closes again.
    pub fn is_trial(&self) -> bool {
        self.trial.is_some()
    }

    /// The provider answered.
    pub fn answered(self) -> Outcome {
        self.settle(Verdict::Answered)
    }

    /// The call failed; what that says about the provider is judged here.
    pub fn failed(self, error: &ProviderError) -> Outcome {
        self.settle(Verdict::of_error(error))
    }

    fn settle(self, verdict: Verdict) -> Outcome {
        let generation = self.trial.as_ref().map(|trial| trial.generation);
        if let Some(trial) = self.trial.filter(|_| verdict != Verdict::Abandoned) {
            trial.settle();
        }
        Outcome {
            model: self.model,
            verdict,
            trial: generation,
        }
    }
}

/// The one trial of a half-open breaker, held until it is settled or dropped.
#[derive(Debug)]
struct Trial {
    /// Taken out when the trial is settled, so that the drop has nothing to give back.
    slot: Option<Arc<TrialSlot>>,
    generation: u64,
    clock: Clock,
}

impl Trial {
    fn settle(mut self) {
        if let Some(slot) = self.slot.take() {
            slot.settle(self.clock.now());
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            slot.give_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "some-model";

    fn half_open(clock: &Clock) -> Gates {
        Gates::open().with_shut(MODEL, clock.now(), clock.now())
    }

    #[test]
    fn unknown_model_is_open() {
        let (clock, _hand) = Clock::manual();
        assert!(Gates::open().enter("anything", &clock).is_ok());
    }

    #[test]
    fn shut_gate_names_the_exact_wait() {
        let (clock, hand) = Clock::manual();
        let until = clock.now() + Duration::from_secs(10);
        let gates = Gates::open().with_shut(MODEL, until, clock.now());
        hand.advance(Duration::from_secs(4));
        let shut = gates.enter(MODEL, &clock).unwrap_err();
        assert_eq!(shut.retry_after, Duration::from_secs(6));
    }

    #[test]
    fn half_open_gate_lets_one_through() {
        let (clock, _hand) = Clock::manual();
        let gates = half_open(&clock);
        let pass = gates.enter(MODEL, &clock).unwrap();
        assert!(pass.is_trial());
        assert!(gates.enter(MODEL, &clock).is_err());
    }

    #[test]
    fn dropped_pass_gives_the_trial_back() {
        let (clock, _hand) = Clock::manual();
        let gates = half_open(&clock);
        drop(gates.enter(MODEL, &clock).unwrap());
        assert!(gates.enter(MODEL, &clock).is_ok());
    }

    #[test]
    fn call_that_never_reached_the_network_gives_the_trial_back() {
        let (clock, _hand) = Clock::manual();
        let gates = half_open(&clock);
        let outcome = gates
            .enter(MODEL, &clock)
            .unwrap()
            .failed(&ProviderError::NotConfigured);
        assert_eq!(outcome.verdict, Verdict::Abandoned);
        assert!(gates.enter(MODEL, &clock).is_ok());
    }

    #[test]
    fn settled_trial_keeps_its_place_until_the_outcome_must_have_arrived() {
        let (clock, hand) = Clock::manual();
        let gates = half_open(&clock);
        let outcome = gates.enter(MODEL, &clock).unwrap().answered();
        assert_eq!(outcome.trial, Some(0));
        assert!(gates.enter(MODEL, &clock).is_err());
        hand.advance(SETTLE + Duration::from_millis(1));
        assert!(gates.enter(MODEL, &clock).is_ok());
    }

    #[test]
    fn half_open_lets_exactly_one_through_under_concurrency() {
        let (clock, _hand) = Clock::manual();
        let gates = half_open(&clock);
        let start = std::sync::Barrier::new(8);
        let passes = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..200 {
                        if let Ok(pass) = gates.enter(MODEL, &clock) {
                            passes.lock().unwrap().push(pass);
                        }
                    }
                });
            }
        });
        assert_eq!(passes.into_inner().unwrap().len(), 1);
    }

    #[test]
    fn draining_shuts_every_model() {
        let (clock, _hand) = Clock::manual();
        let gates = Gates {
            draining: true,
            ..Gates::open()
        };
        assert_eq!(
            gates.enter(MODEL, &clock).unwrap_err().cause,
            ShutCause::Draining
        );
    }
}

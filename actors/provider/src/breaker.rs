//! The circuit breaker: pure state per model; time and chance are passed in.
//!
//! Closed, it counts failures in a row. Open, its gate names the time until which nobody is let
//! through. After that it is half-open without any message or timer: the gate lets one trial
//! through (see `gates.rs`), whose outcome closes or reopens it. Only that outcome counts while
//! it is open: calls that began before say nothing new, except that a provider may still ask to
//! be left alone for longer.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    config::LONGEST_WAIT,
    gates::{Gate, Gates, ShutCause, TrialSlot},
    outcome::{Failure, Outcome, Verdict},
};

/// When circuits open, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakerConfig {
    /// Failures in a row that open the circuit. Default 5, at least 1.
    pub failures_to_open: u32,
    /// First time open after failures; doubles with each failed trial. Default 60 s.
    pub cooldown: Duration,
    /// Longest time open after failures. Default 10 min.
    pub cooldown_max: Duration,
    /// Time open after a 429 that names no wait; doubles likewise. Default 5 s.
    pub limited: Duration,
    /// Longest time open after a 429, whatever it says. Default 10 min.
    pub limited_max: Duration,
    /// Time open after a rejected key. Default 2 min.
    pub denied: Duration,
    /// Models remembered at once; beyond it the one unused for longest is forgotten. Default 1000.
    pub tracked: usize,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failures_to_open: 5,
            cooldown: Duration::from_secs(60),
            cooldown_max: Duration::from_secs(600),
            limited: Duration::from_secs(5),
            limited_max: Duration::from_secs(600),
            denied: Duration::from_secs(120),
            tracked: 1000,
        }
    }
}

/// A number from 0 (shortest) to 1 (longest) that spreads waits, so that replicas and models do
/// not all come back in the same instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jitter(f64);

impl Jitter {
    /// Takes any number; what is not between 0 and 1 is brought there.
    pub fn new(value: f64) -> Self {
        Self(if value.is_nan() {
            0.5
        } else {
            value.clamp(0.0, 1.0)
        })
    }

    /// Makes one from a random byte.
    pub fn from_byte(byte: u8) -> Self {
        Self(f64::from(byte) / 255.0)
    }

    /// Stretches or shrinks a wait by up to a tenth.
    pub fn spread(self, wait: Duration) -> Duration {
        wait.min(LONGEST_WAIT).mul_f64(0.9 + 0.2 * self.0)
    }
}

/// All breakers of one provider.
#[derive(Debug)]
pub struct Breakers {
    config: BreakerConfig,
    models: HashMap<String, Breaker>,
    generation: u64,
    /// Counts records; the smallest `touched` is the model unused for longest.
    touches: u64,
}

#[derive(Debug)]
struct Breaker {
    state: State,
    touched: u64,
}

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open(Gate),
}

impl Breakers {
    /// All circuits closed.
    pub fn new(config: BreakerConfig) -> Self {
        Self {
            config,
            models: HashMap::new(),
            generation: 0,
            touches: 0,
        }
    }

    /// Takes up the circuits that an earlier actor published before it was rebuilt.
    pub fn from_gates(config: BreakerConfig, gates: &Gates) -> Self {
        let mut breakers = Self::new(config);
        for (model, gate) in &gates.models {
            breakers.generation = breakers.generation.max(gate.generation);
            let breaker = Breaker {
                state: State::Open(gate.clone()),
                touched: 0,
            };
            breakers.models.insert(model.clone(), breaker);
        }
        breakers
    }

    /// Takes new rules; circuits stay as they are.
    pub fn adopt(&mut self, config: BreakerConfig) {
        self.config = config;
    }

    /// Takes one outcome in and tells whether the gates changed.
    pub fn record(&mut self, outcome: &Outcome, now: Instant, jitter: Jitter) -> bool {
        self.touches += 1;
        match self
            .models
            .get(&outcome.model)
            .map(|breaker| &breaker.state)
        {
            Some(State::Open(gate)) => {
                let is_trial = outcome.trial == Some(gate.generation);
                let gate = gate.clone();
                if is_trial {
                    self.end_trial(outcome, &gate, now, jitter)
                } else {
                    self.extend(outcome, gate, now)
                }
            }
            Some(State::Closed { failures }) => {
                let failures = *failures;
                self.count(outcome, failures, now, jitter)
            }
            None => self.count(outcome, 0, now, jitter),
        }
    }

    /// Somebody answered a probe: circuits that opened for failures become half-open now.
    pub fn answered_probe(&mut self, now: Instant) -> bool {
        let mut changed = false;
        for breaker in self.models.values_mut() {
            if let State::Open(gate) = &mut breaker.state
                && gate.cause == ShutCause::Failures
                && gate.until > now
            {
                gate.until = now;
                changed = true;
            }
        }
        changed
    }

    /// Tells whether a probe could bring a circuit back sooner.
    pub fn wants_probe(&self, now: Instant) -> bool {
        self.gates_held()
            .any(|gate| gate.cause == ShutCause::Failures && gate.until > now)
    }

    /// The snapshot to publish.
    pub fn gates(&self, draining: bool) -> Gates {
        let models = self
            .models
            .iter()
            .filter_map(|(model, breaker)| match &breaker.state {
                State::Open(gate) => Some((model.clone(), gate.clone())),
                State::Closed { .. } => None,
            })
            .collect();
        Gates { models, draining }
    }

    /// How many circuits are open, and how many half-open.
    pub fn open_and_half_open(&self, now: Instant) -> (usize, usize) {
        let open = self.gates_held().filter(|gate| gate.until > now).count();
        (open, self.gates_held().count() - open)
    }

    /// How many models are remembered.
    pub fn tracked(&self) -> usize {
        self.models.len()
    }

    fn gates_held(&self) -> impl Iterator<Item = &Gate> {
        self.models
            .values()
            .filter_map(|breaker| match &breaker.state {
                State::Open(gate) => Some(gate),
                State::Closed { .. } => None,
            })
    }

    fn count(&mut self, outcome: &Outcome, failures: u32, now: Instant, jitter: Jitter) -> bool {
        match outcome.verdict {
            Verdict::Abandoned => false,
            Verdict::Answered => {
                self.models.remove(&outcome.model);
                false
            }
            Verdict::Failed(Failure::Unreachable | Failure::Broken)
                if failures + 1 < self.config.failures_to_open =>
            {
                self.put(
                    &outcome.model,
                    State::Closed {
                        failures: failures + 1,
                    },
                );
                false
            }
            Verdict::Failed(failure) => {
                self.open(&outcome.model, failure, 0, now, jitter);
                true
            }
        }
    }

    fn end_trial(&mut self, outcome: &Outcome, gate: &Gate, now: Instant, jitter: Jitter) -> bool {
        match outcome.verdict {
            // The pass gave its place back by itself.
            Verdict::Abandoned => false,
            Verdict::Answered => {
                self.models.remove(&outcome.model);
                true
            }
            Verdict::Failed(failure) => {
                self.open(
                    &outcome.model,
                    failure,
                    gate.level.saturating_add(1),
                    now,
                    jitter,
                );
                true
            }
        }
    }

    fn extend(&mut self, outcome: &Outcome, mut gate: Gate, now: Instant) -> bool {
        let (wait, cause) = match outcome.verdict {
            Verdict::Failed(Failure::Limited {
                retry_after: Some(wait),
            }) => (wait.min(self.config.limited_max), ShutCause::Limited),
            Verdict::Failed(Failure::Denied) => (self.config.denied, ShutCause::Denied),
            _ => return false,
        };
        let until = now + wait.min(LONGEST_WAIT);
        if until <= gate.until {
            return false;
        }
        (gate.until, gate.cause) = (until, cause);
        self.put(&outcome.model, State::Open(gate));
        true
    }

    fn open(&mut self, model: &str, failure: Failure, level: u32, now: Instant, jitter: Jitter) {
        let (wait, cause) = self.wait_for(failure, level, jitter);
        let wait = wait.min(LONGEST_WAIT);
        self.generation += 1;
        let gate = Gate {
            until: now + wait,
            cause,
            level,
            generation: self.generation,
            trial: Arc::new(TrialSlot::new(now)),
        };
        self.put(model, State::Open(gate));
    }

    fn wait_for(&self, failure: Failure, level: u32, jitter: Jitter) -> (Duration, ShutCause) {
        let doubled = |first: Duration, most: Duration| {
            let factor = 1_u32 << level.min(20);
            jitter.spread(first.saturating_mul(factor).min(most))
        };
        let config = &self.config;
        match failure {
            Failure::Unreachable | Failure::Broken => (
                doubled(config.cooldown, config.cooldown_max),
                ShutCause::Failures,
            ),
            // An exact wait is kept exactly: sooner is refused again, later wastes the provider.
            Failure::Limited {
                retry_after: Some(wait),
            } => (wait.min(config.limited_max), ShutCause::Limited),
            Failure::Limited { retry_after: None } => (
                doubled(config.limited, config.limited_max),
                ShutCause::Limited,
            ),
            Failure::Denied => (config.denied, ShutCause::Denied),
        }
    }

    fn put(&mut self, model: &str, state: State) {
        let breaker = Breaker {
            state,
            touched: self.touches,
        };
        if self.models.insert(model.to_owned(), breaker).is_none() {
            self.forget_beyond_bound();
        }
    }

    /// Model names may come from clients (`provider/model`), so what is remembered is bounded.
    fn forget_beyond_bound(&mut self) {
        while self.models.len() > self.config.tracked.max(1) {
            let oldest = self.models.iter().min_by_key(|(_, breaker)| {
                (matches!(breaker.state, State::Open(_)), breaker.touched)
            });
            let Some(oldest) = oldest.map(|(model, _)| model.clone()) else {
                return;
            };
            self.models.remove(&oldest);
        }
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;

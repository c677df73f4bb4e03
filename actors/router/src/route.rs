//! One resolved name: its targets, its strategy, and whose turn it is.
//!
//! Owns the round-robin counter, which all workers share; a table that is replaced begins anew.
//! Called by the table (makes them) and the plan (reads them).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider::ProviderHandle;
use runtime::Clock;
use wire::Effort;

use crate::latency::{LatencyTable, ReplyShape};
use crate::order::{Candidate, Rule};
use crate::spec::Strategy;

/// One provider and one of its models.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) provider: ProviderHandle,
    pub(crate) provider_name: Arc<str>,
    pub(crate) model: Arc<str>,
    pub(crate) max_context: Option<u64>,
    pub(crate) max_output: Option<u64>,
    pub(crate) effort: Option<Effort>,
    /// Whether the configuration names this pair; else the model's name is the client's.
    pub(crate) configured: bool,
}

impl Target {
    fn is_same_as(&self, other: &Self) -> bool {
        self.provider_name == other.provider_name && self.model == other.model
    }
}

/// How one name is served.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) strategy: Strategy,
    pub(crate) by_latency: bool,
    pub(crate) max_retries: Option<u32>,
    targets: Box<[Target]>,
    /// Per target, the first one that names the same provider and model.
    first_of_its_name: Box<[usize]>,
    turn: AtomicUsize,
}

impl Route {
    pub(crate) fn new(
        strategy: Strategy,
        by_latency: bool,
        max_retries: Option<u32>,
        targets: Vec<Target>,
    ) -> Self {
        let first_of = |(index, target): (usize, &Target)| {
            let first = targets.iter().position(|other| other.is_same_as(target));
            first.unwrap_or(index)
        };
        let first_of_its_name = targets.iter().enumerate().map(first_of).collect();
        Self {
            strategy,
            by_latency,
            max_retries,
            targets: targets.into(),
            first_of_its_name,
            turn: AtomicUsize::new(0),
        }
    }

    /// A route to models by their own name: in the configured order, none left out.
    pub(crate) fn direct(targets: Vec<Target>) -> Self {
        Self::new(Strategy::Fallback, false, None, targets)
    }

    pub(crate) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The rule for the next request. Counts a turn only where turns matter, so that workers do
    /// not pass a cache line around for nothing.
    pub(crate) fn next_rule(&self, needed: u64) -> Rule {
        let takes_turns = self.strategy == Strategy::RoundRobin || self.by_latency;
        let turn = if takes_turns && self.targets.len() > 1 {
            self.turn.fetch_add(1, Ordering::Relaxed)
        } else {
            0
        };
        Rule {
            strategy: self.strategy,
            by_latency: self.by_latency,
            turn,
            needed,
        }
    }

    /// What is known of the targets now.
    pub(crate) fn candidates(
        &self,
        shape: ReplyShape,
        latency: &LatencyTable,
        clock: &Clock,
    ) -> Vec<Candidate> {
        let candidate = |(target, first): (&Target, &usize)| Candidate {
            max_context: target.max_context,
            median: self
                .by_latency
                .then(|| latency.median(&target.provider_name, &target.model, shape))
                .flatten(),
            open_for: target.provider.shut_for(&target.model, clock),
            first_of_its_name: *first,
        };
        let firsts = self.first_of_its_name.iter();
        self.targets.iter().zip(firsts).map(candidate).collect()
    }
}

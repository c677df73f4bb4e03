//! The limiter itself: a thin shell around the failure table and the ledger.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use runtime::Role;

use crate::failures::FailureTable;
use crate::handle::Shared;
use crate::state::AuthState;

/// Counts failures per address and lends out the limits of keys. See the crate's header.
pub struct AuthLimiter {
    pub(crate) failures: FailureTable,
    pub(crate) shared: Arc<Shared>,
}

impl AuthLimiter {
    /// Builds a limiter that goes on where the one before it stopped.
    ///
    /// Blocks are read back from what was published, and counts of keys are in the ledger; only
    /// failures that had not yet led to a block are forgotten. The table of limits is gone through
    /// once more, in case the one before stopped half-way through it.
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let mut failures = FailureTable::new(**shared.failure_rules.load());
        failures.restore(shared.board.in_force(shared.clock.now()));
        shared.ledger.adopt(&shared.limits.load());
        Self { failures, shared }
    }
}

impl Role for AuthLimiter {
    type State = AuthState;

    fn observe(&self) -> AuthState {
        let shared = &self.shared;
        AuthState {
            tracked_addresses: self.failures.len(),
            blocked_addresses: shared.board.count(shared.clock.now()),
            failures_total: shared.failures_total.load(Ordering::Relaxed),
            blocks_total: shared.blocks_total.load(Ordering::Relaxed),
            listed_keys: shared.limits.load().listed(),
            metered_keys: shared.ledger.len(),
            requests_in_flight: shared.ledger.in_flight(),
        }
    }
}

impl fmt::Debug for AuthLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthLimiter")
            .field("state", &self.observe())
            .finish()
    }
}

//! How the rest of the program speaks to the limiter.
//!
//! Owns: the handle, and what lives longer than one limiter: published blocks and tables, the
//! ledger, the totals. It decides nothing itself. The edge, the command line and the reload hold
//! clones of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runtime::{ChildSpec, Clock, Handle, Published, Tree};

use crate::actor::AuthLimiter;
use crate::blocks::BlockBoard;
use crate::client_address::ClientAddress;
use crate::config::FailureConfig;
use crate::key_limits::LimitTable;
use crate::messages::RecordFailure;
use crate::shares::Ledger;

/// How long anybody waits for the limiter.
///
/// An answer takes some 60 µs and a rebuild about 1 ms, so half a second means that something is
/// wrong, and a client need not wait longer to be told so.
pub(crate) const ASK_DEADLINE: Duration = Duration::from_millis(500);

/// Speaks to the limiter and reads what it publishes. Cheap to clone, usable from every thread.
#[derive(Clone, Debug)]
pub struct AuthHandle {
    handle: Handle<AuthLimiter>,
    shared: Arc<Shared>,
}

/// What the limiter works on and a rebuilt limiter finds again.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) limits: Published<LimitTable>,
    pub(crate) failure_rules: Published<FailureConfig>,
    pub(crate) ledger: Ledger,
    pub(crate) board: BlockBoard,
    pub(crate) failures_total: AtomicU64,
    pub(crate) blocks_total: AtomicU64,
}

impl Shared {
    fn new(clock: Clock, failures: FailureConfig, limits: Arc<LimitTable>) -> Self {
        Self {
            ledger: Ledger::new(clock.clone()),
            clock,
            limits: Published::new_arc(limits),
            failure_rules: Published::new(failures),
            board: BlockBoard::new(),
            failures_total: AtomicU64::new(0),
            blocks_total: AtomicU64::new(0),
        }
    }
}

impl AuthHandle {
    /// Declares the limiter as the next child of the tree and gives the handle to it.
    ///
    /// `clock` must be the tree's.
    pub fn declare(
        tree: &mut Tree,
        spec: ChildSpec,
        clock: Clock,
        failures: FailureConfig,
        limits: Arc<LimitTable>,
    ) -> Self {
        let shared = Arc::new(Shared::new(clock, failures, limits));
        let for_factory = Arc::clone(&shared);
        let handle = tree.declare(spec, move |_birth| {
            Ok(AuthLimiter::new(Arc::clone(&for_factory)))
        });
        Self { handle, shared }
    }

    /// A handle whose limiter never runs, for tests of what happens then.
    pub fn detached(clock: Clock, limits: Arc<LimitTable>) -> Self {
        let shared = Arc::new(Shared::new(clock, FailureConfig::default(), limits));
        Self {
            handle: Handle::detached("auth-limiter"),
            shared,
        }
    }

    /// The actor, for messages that have no method here.
    pub fn handle(&self) -> &Handle<AuthLimiter> {
        &self.handle
    }

    /// How long this address is still shut out; `None` if it may try. Asks nobody.
    ///
    /// The wait is exact: at its end the address may try again.
    pub fn blocked(&self, address: &ClientAddress) -> Option<Duration> {
        self.shared
            .board
            .left(&address.key(), self.shared.clock.now())
    }

    /// Counts a failed login and says how long the address is shut out now, if it is.
    ///
    /// The caller refuses the request whatever the answer is. If the limiter does not answer, the
    /// failure is left in its mailbox, so that it counts once the limiter is back; only a full
    /// mailbox loses it, and then the limiter is busy counting others.
    ///
    /// # Cancellation
    /// Safe to drop, but then the failure may not be counted.
    pub async fn record_failure(&self, address: &ClientAddress) -> Option<Duration> {
        self.shared.failures_total.fetch_add(1, Ordering::Relaxed);
        let message = RecordFailure { address: *address };
        match self.handle.ask(message, ASK_DEADLINE).await {
            Ok(verdict) => verdict.blocked_for,
            Err(_) => {
                // A refusal here is counted by the handle, and there is nothing else to be done.
                let _counted = self.handle.tell(message).is_ok();
                None
            }
        }
    }

    /// How many addresses are shut out now.
    pub fn blocked_count(&self) -> usize {
        self.shared.board.count(self.shared.clock.now())
    }

    /// Failed logins since the program started, also those that the limiter could not count.
    pub fn failures_total(&self) -> u64 {
        self.shared.failures_total.load(Ordering::Relaxed)
    }

    /// Blocks pronounced since the program started.
    pub fn blocks_total(&self) -> u64 {
        self.shared.blocks_total.load(Ordering::Relaxed)
    }

    /// Open requests of the keys that are limited.
    pub fn requests_in_flight(&self) -> u64 {
        self.shared.ledger.in_flight()
    }

    /// The table in force.
    pub fn limits(&self) -> &Published<LimitTable> {
        &self.shared.limits
    }
}

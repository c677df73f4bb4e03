//! What can be said to the limiter.

use std::sync::Arc;
use std::time::Duration;

use runtime::Message;

use crate::client_address::ClientAddress;
use crate::config::FailureConfig;
use crate::key_limits::LimitTable;
use crate::shares::Share;

/// Counts a failed login of this address. Use [`crate::AuthHandle::record_failure`], which also
/// says what to do when the limiter does not answer.
#[derive(Clone, Copy, Debug)]
pub struct RecordFailure {
    /// Who failed.
    pub address: ClientAddress,
}

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureVerdict {
    /// How long the address is shut out from now on, if it is.
    pub blocked_for: Option<Duration>,
}

impl Message for RecordFailure {
    type Reply = FailureVerdict;
}

/// Lifts the block of an address and forgets its failures; answers whether it was blocked.
#[derive(Clone, Copy, Debug)]
pub struct Unblock {
    /// Whom to let in again.
    pub address: ClientAddress,
}

impl Message for Unblock {
    type Reply = bool;
}

/// Asks for a share of a key's limits; answers `None` if the key has no limits.
///
/// A worker that holds a share spends from it without asking. [`crate::WorkerLimits`] is the only
/// one to send this.
#[derive(Clone, Debug)]
pub struct LeaseShare {
    /// The key's id.
    pub key_id: String,
}

impl Message for LeaseShare {
    type Reply = Option<Share>;
}

/// Puts a new table of limits into force. What is used already, and who is inside, stays counted.
#[derive(Clone, Debug)]
pub struct AdoptLimits(pub Arc<LimitTable>);

impl Message for AdoptLimits {
    type Reply = ();
}

/// Puts new rules for failures into force. Blocks already pronounced run to their end.
#[derive(Clone, Copy, Debug)]
pub struct AdoptFailureRules(pub FailureConfig);

impl Message for AdoptFailureRules {
    type Reply = ();
}

//! What a worker lends to a plan while it is sent.
//!
//! Owns the two traits that the program implements per HTTP worker. Neither is `Send`, nor are
//! the futures that use them: an upstream client never leaves its worker's thread.

use std::rc::Rc;

use provider::{Outcome, ProviderHandle, Upstream};

use crate::latency::LatencySample;

/// This worker's upstream clients.
pub trait Upstreams {
    /// The client of this provider; `None` counts as not configured, and the next target is
    /// tried.
    fn upstream(&self, provider: &str) -> Option<Rc<Upstream>>;
}

/// Takes in what happened, to be told to the actors later; see [`crate::OutcomeBatch`].
pub trait OutcomeSink {
    /// Called within the request; must not wait.
    fn record(&self, happened: Happened);
}

/// Something that an actor should hear of.
#[derive(Debug)]
pub enum Happened {
    /// A call ended: for the provider's breaker.
    Ended {
        /// Whose call.
        provider: ProviderHandle,
        /// How it ended.
        outcome: Outcome,
    },
    /// An answer came: for the Router's windows.
    Measured(LatencySample),
}

impl Happened {
    /// Whether the actor should hear of it at once and not with the next batch.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::Ended { outcome, .. } => outcome.is_urgent(),
            Self::Measured(_) => false,
        }
    }
}

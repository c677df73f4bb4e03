//! `AuthLimiter`: who has failed too often, and who has used up what they may use.
//!
//! Two jobs that have one thing in common: they must be exact over all workers and must cost a
//! request that does nothing wrong next to nothing. Failures are counted here and blocks are
//! *published*, so that asking "may this address try?" is a look at a snapshot. Limits per key are
//! *lent*, so that a worker asks once per key and then spends without asking.
//!
//! | actor card | |
//! |---|---|
//! | owns | failures and blocks per client address; requests, tokens and open requests per key |
//! | never does | looks at a token, a body or a route; speaks HTTP; waits for anything |
//! | messages | [`RecordFailure`], [`Unblock`], [`LeaseShare`], [`AdoptLimits`], [`AdoptFailureRules`] |
//! | mailbox bound | set by the tree (1024 by default); beyond it limits say [`LimitError::Unavailable`], and a failure that was not counted is refused all the same |
//! | work in flight | none: every handler is plain and takes microseconds |
//! | timeouts | half a second for an ask; no timers, everything is refilled and dropped when read |
//! | survives a restart | blocks, limits, what keys have used, open requests, totals; failures that had not led to a block do not |
//! | fails | closed |
//! | observable state | [`AuthState`]: counts, no address and no key |
//! | metrics | totals and gauges on [`AuthHandle`]; the program exports them |
//!
//! Read next: [`ClientAddress`] for who counts as one client, `failures.rs` for the counting,
//! `shares.rs` for why shares are what they are.

#![forbid(unsafe_code)]

mod actor;
mod admission;
mod blocks;
mod buckets;
mod client_address;
mod config;
mod error;
mod failures;
mod forwarded;
mod handle;
mod handlers;
mod key_limits;
mod messages;
mod meter;
mod shares;
mod state;
mod worker_limits;

pub use actor::AuthLimiter;
pub use admission::{Admission, RateHeaders, RateState, whole_seconds};
pub use client_address::{AddressKey, ClientAddress, ProxyHeader, TrustedProxies};
pub use config::FailureConfig;
pub use error::{ConfigError, LimitError};
pub use handle::AuthHandle;
pub use key_limits::{KeyLimits, LimitTable};
pub use messages::{
    AdoptFailureRules, AdoptLimits, FailureVerdict, LeaseShare, RecordFailure, Unblock,
};
pub use shares::Share;
pub use state::AuthState;
pub use worker_limits::WorkerLimits;

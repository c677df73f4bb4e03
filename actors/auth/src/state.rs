//! What an operator sees of the limiter: counts, and no address and no key.

use serde::Serialize;

/// The limiter's state as [`runtime::Observe`] shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuthState {
    /// Addresses whose failures are remembered.
    pub tracked_addresses: usize,
    /// Addresses that are shut out now.
    pub blocked_addresses: usize,
    /// Failed logins since the program started.
    pub failures_total: u64,
    /// Blocks pronounced since the program started.
    pub blocks_total: u64,
    /// Keys that have limits by name.
    pub listed_keys: usize,
    /// Keys whose use is being counted.
    pub metered_keys: usize,
    /// Open requests of the keys that are counted.
    pub requests_in_flight: u64,
}

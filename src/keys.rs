//! Gives the provider clients the keys of one generation of secrets.
//!
//! A client is made for one generation of addresses and keys, so a request that began before a
//! reload never sends a new key to an old address. A lease is taken in the moment in which a
//! request's head is written; the pages of old keys are wiped when the last client and the last
//! lease of their generation are gone.

use std::sync::Arc;

use provider::KeySource;
use vault::{Lease, Sealed};

/// Leases from one vault.
#[derive(Debug)]
pub struct WorldKeys(Arc<Sealed>);

impl WorldKeys {
    /// Leases from `sealed`.
    #[must_use]
    pub const fn new(sealed: Arc<Sealed>) -> Self {
        Self(sealed)
    }
}

impl KeySource for WorldKeys {
    fn lease(&self, provider: &str) -> Option<Lease> {
        self.0.lease(provider)
    }
}

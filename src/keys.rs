//! Gives the provider clients the keys of the secrets that are in force.
//!
//! A lease is taken in the moment in which a request's head is written, so a rotated key is used
//! by the very next request, and the pages of the old one are wiped when its last lease ends.

use provider::KeySource;
use vault::{Lease, VaultHandle};

/// Leases from the vault in force.
#[derive(Debug)]
pub struct VaultKeys(VaultHandle);

impl VaultKeys {
    /// Leases from what `vault` publishes.
    #[must_use]
    pub const fn new(vault: VaultHandle) -> Self {
        Self(vault)
    }
}

impl KeySource for VaultKeys {
    fn lease(&self, provider: &str) -> Option<Lease> {
        self.0.sealed().lease(provider)
    }
}

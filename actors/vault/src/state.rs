//! What can be seen of the vault from outside.

use serde::Serialize;

use crate::facts::VaultFacts;

/// The vault's observable state. No secrets, and nothing that grows.
#[derive(Debug, Clone, Serialize)]
pub struct VaultState {
    /// The vault in service.
    pub vault: VaultFacts,
    /// How often a vault was put into service since this actor was built.
    pub reloads: u64,
    /// How often a reload failed and left the old vault in service.
    pub reloads_failed: u64,
    /// Why the last reload failed, if it did.
    pub last_error: Option<String>,
}

//! What an operator can see of a provider. No prompts, no keys, no model names from clients.

use serde::Serialize;

/// Observable state of a [`crate::ProviderActor`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderState {
    /// Name in the configuration.
    pub provider: String,
    /// Host and port, for people who wonder which of two it is.
    pub host: String,
    /// Taken out of service by the operator.
    pub draining: bool,
    /// Whether the last that was heard of the provider was an answer; `None` before the first.
    pub reachable: Option<bool>,
    /// Open circuits.
    pub circuits_open: usize,
    /// Circuits that wait for the outcome of a trial.
    pub circuits_half_open: usize,
    /// Models that the breaker remembers.
    pub models_tracked: usize,
    /// Calls that the provider answered, since this actor was built.
    pub answered: u64,
    /// Calls that failed, since then.
    pub failed: u64,
    /// Calls that said nothing about the provider, since then.
    pub abandoned: u64,
    /// Probes sent, since then.
    pub probes: u64,
    /// Whether a probe is under way.
    pub probing: bool,
    /// Models of the list that was read last.
    pub models_found: usize,
    /// Why the list could not be read last; `None` if it could, or was not asked for.
    pub listing_failure: Option<&'static str>,
}

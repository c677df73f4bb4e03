//! What the actor can be told. All of it is short and on this crate's own state.

use std::sync::Arc;

use runtime::Message;

use crate::{catalogue::Catalogue, config::ProviderSpec, outcome::Outcome};

/// How calls of one worker ended, oldest first.
#[derive(Debug)]
pub struct Report(pub Vec<Outcome>);

/// Probe the provider without waiting for the back-off.
#[derive(Debug, Clone, Copy)]
pub struct ProbeNow;

/// Shut every gate (true), or open them again (false).
#[derive(Debug, Clone, Copy)]
pub struct Drain(pub bool);

/// A new configuration and, since its authorities may differ, a new TLS configuration.
#[derive(Debug, Clone)]
pub struct AdoptSpec {
    /// The new configuration; its name must be that of the old one.
    pub spec: Arc<ProviderSpec>,
    /// TLS configuration for the probe, made by [`crate::tls_config`].
    pub tls: Arc<rustls::ClientConfig>,
}

/// Read the provider's list of models now, if it is to be read at all.
#[derive(Debug, Clone, Copy)]
pub struct Discover;

/// To oneself: the list is old.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DiscoveryTick {
    /// Ticks of an earlier round are ignored.
    pub(crate) round: u64,
}

/// To oneself: the list was read, or could not be.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// Whom it was asked of.
    pub(crate) spec: Arc<ProviderSpec>,
    pub(crate) outcome: Result<Arc<Catalogue>, &'static str>,
}

/// To oneself: the back-off is over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProbeTick {
    /// Ticks of an earlier round are ignored.
    pub(crate) round: u64,
}

/// To oneself: the probe ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probed {
    pub(crate) alive: bool,
}

impl Message for Report {
    type Reply = ();
}
impl Message for ProbeNow {
    type Reply = ();
}
impl Message for Drain {
    type Reply = ();
}
impl Message for AdoptSpec {
    type Reply = ();
}
impl Message for ProbeTick {
    type Reply = ();
}
impl Message for Probed {
    type Reply = ();
}
impl Message for Discover {
    type Reply = ();
}
impl Message for DiscoveryTick {
    type Reply = ();
}
impl Message for Listed {
    type Reply = ();
}

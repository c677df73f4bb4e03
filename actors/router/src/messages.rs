//! What the Router can be told and asked. All of it is short and on its own state.

use std::sync::Arc;

use runtime::Message;

use crate::latency::LatencySample;
use crate::table::RoutingTable;

/// What one worker measured, oldest first. Told, in batches.
#[derive(Debug)]
pub struct RecordLatency(
    /// The samples.
    pub Vec<LatencySample>,
);

impl Message for RecordLatency {
    type Reply = ();
}

/// Publishes a routing table that was built from a configuration that is valid as a whole.
#[derive(Debug, Clone)]
pub struct ReloadRoutes(
    /// The table.
    pub Arc<RoutingTable>,
);

impl Message for ReloadRoutes {
    type Reply = RoutesReloaded;
}

/// The table that is now in service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoutesReloaded {
    /// How many agents it knows.
    pub agents: usize,
    /// How many models it lists by name.
    pub models: usize,
}

/// To oneself: look for samples that are too old.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AgeTick;

impl Message for AgeTick {
    type Reply = ();
}

//! What the Router shows of itself.
//!
//! Owns the observable state; every name in it comes from the configuration.

use serde::Serialize;

use crate::latency::LatencyWindows;
use crate::table::RoutingTable;

/// The Router's answer to `Observe`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouterState {
    /// Agents of the table in service.
    pub agents: usize,
    /// Models that it lists by name.
    pub models: usize,
    /// Providers that it knows.
    pub providers: usize,
    /// What an operator should know of it.
    pub warnings: Vec<String>,
    /// Tables taken into service in this life of the actor.
    pub reloads: u64,
    /// Samples taken in, in this life of the actor.
    pub samples: u64,
    /// Provider, model and shape triples with recent samples.
    pub latency_keys: usize,
    /// Keys dropped to make room.
    pub latency_evicted: u64,
}

impl RouterState {
    pub(crate) fn of(
        table: &RoutingTable,
        windows: &LatencyWindows,
        reloads: u64,
        samples: u64,
    ) -> Self {
        Self {
            agents: table.agent_count(),
            models: table.model_count(),
            providers: table.providers().count(),
            warnings: table.warnings().iter().map(ToString::to_string).collect(),
            reloads,
            samples,
            latency_keys: windows.keys(),
            latency_evicted: windows.evicted(),
        }
    }
}

//! The actor: latency windows, and the two snapshots that every worker reads.
//!
//! Owns the windows and both publications. Never sees a request: planning and sending happen on
//! the worker that accepted it, from the snapshots.

use std::sync::Arc;

use runtime::{Ctx, Fault, Handle, Handles, Published, Role};

use crate::latency::{LatencyTable, LatencyWindows, WindowRules};
use crate::messages::{AgeTick, RecordLatency, ReloadRoutes, RoutesReloaded};
use crate::state::RouterState;
use crate::table::RoutingTable;

/// What outlives one life of the Router: its publications and its rules.
#[derive(Clone, Debug, Default)]
pub struct RouterParts {
    routes: Published<RoutingTable>,
    latency: Published<LatencyTable>,
    rules: WindowRules,
}

impl RouterParts {
    /// Publishes the first table.
    pub fn new(table: RoutingTable, rules: WindowRules) -> Self {
        Self {
            routes: Published::new(table),
            latency: Published::default(),
            rules,
        }
    }

    /// The table in service.
    pub fn routes(&self) -> Published<RoutingTable> {
        self.routes.clone()
    }

    /// The medians.
    pub fn latency(&self) -> Published<LatencyTable> {
        self.latency.clone()
    }
}

/// The actor that owns what routing learns.
#[derive(Debug)]
pub struct Router {
    parts: RouterParts,
    windows: LatencyWindows,
    reloads: u64,
    samples: u64,
}

impl Router {
    /// A Router with empty windows over publications that may be older than itself.
    pub fn new(parts: RouterParts) -> Self {
        Self {
            windows: LatencyWindows::new(parts.rules),
            parts,
            reloads: 0,
            samples: 0,
        }
    }

    fn publish_latency(&self) {
        self.parts.latency.publish(self.windows.table().clone());
    }

    /// After a rebuild the published medians are older than the windows; they go with the first
    /// samples or the first look, whichever comes first.
    fn is_stale(&self) -> bool {
        self.parts.latency.load().len() != self.windows.table().len()
    }
}

impl Role for Router {
    type State = RouterState;

    fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        ctx.tell_every(self.parts.rules.look_every, AgeTick);
        Ok(())
    }

    fn observe(&self) -> RouterState {
        let table = self.parts.routes.load();
        RouterState::of(&table, &self.windows, self.reloads, self.samples)
    }
}

impl Handles<RecordLatency> for Router {
    fn handle(&mut self, message: RecordLatency, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let RecordLatency(samples) = message;
        let count = u64::try_from(samples.len()).unwrap_or(u64::MAX);
        self.samples = self.samples.saturating_add(count);
        self.windows.record(samples, ctx.clock().now());
        self.publish_latency();
        Ok(())
    }
}

impl Handles<ReloadRoutes> for Router {
    fn handle(
        &mut self,
        message: ReloadRoutes,
        _ctx: &mut Ctx<'_, Self>,
    ) -> Result<RoutesReloaded, Fault> {
        let ReloadRoutes(table) = message;
        let reloaded = RoutesReloaded {
            agents: table.agent_count(),
            models: table.model_count(),
        };
        self.parts.routes.publish_arc(table);
        self.reloads = self.reloads.saturating_add(1);
        Ok(reloaded)
    }
}

impl Handles<AgeTick> for Router {
    fn handle(&mut self, _: AgeTick, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        if self.windows.age(ctx.clock().now()) || self.is_stale() {
            self.publish_latency();
        }
        Ok(())
    }
}

/// What the edge and the workers hold of the Router.
#[derive(Clone, Debug)]
pub struct RouterHandle {
    handle: Handle<Router>,
    routes: Published<RoutingTable>,
    latency: Published<LatencyTable>,
}

impl RouterHandle {
    /// Joins the parts of a Router with the handle of its actor.
    pub fn new(parts: &RouterParts, handle: Handle<Router>) -> Self {
        Self {
            handle,
            routes: parts.routes(),
            latency: parts.latency(),
        }
    }

    /// A handle without an actor behind it, for tests: the table is as given, tells are refused.
    pub fn detached(table: RoutingTable) -> Self {
        let parts = RouterParts::new(table, WindowRules::default());
        Self::new(&parts, Handle::detached("router"))
    }

    /// The table in service; keep it for one request.
    pub fn routes(&self) -> Arc<RoutingTable> {
        self.routes.load_full()
    }

    /// The medians; keep them for one request.
    pub fn latency(&self) -> Arc<LatencyTable> {
        self.latency.load_full()
    }

    /// The actor's handle, for asks, batches and the supervisor.
    pub fn actor(&self) -> &Handle<Router> {
        &self.handle
    }
}

//! Router: which providers in which order, and what moves on to the next.
//!
//! Owns the routing table, the order of targets, the rules of fallback, and what was learnt of
//! latency.
//! Never speaks HTTP to anybody (that is `provider`), never opens or shuts a circuit (it asks the
//! gates), never reads a prompt beyond its length and model, and never sleeps.
//! Called by the edge, once per request: plan, then send.
//!
//! # Actor card
//!
//! | row | answer |
//! |---|---|
//! | owns | latency windows; publishes [`RoutingTable`] and [`LatencyTable`] |
//! | never does | a request: those are planned and sent on the worker that accepted them |
//! | messages | [`RecordLatency`] (told in batches), [`ReloadRoutes`] (asked) |
//! | mailbox bound | that of its child specification; a refused batch loses its samples only |
//! | work in flight | none |
//! | timeouts | none; those of an attempt are the provider's |
//! | survives a restart | both publications; the windows fill anew |
//! | observable state | [`RouterState`] |
//! | metrics | the handle's counters, [`RouterState::samples`], [`RouterState::latency_evicted`] |
//!
//! # Life of a request
//!
//! 1. [`RoutingTable::plan`] takes the three proofs, resolves the model and puts the targets in
//!    order; [`Plan::explain`] says why they stand as they do.
//! 2. [`Plan::send`] tries them, and gives the first answer as [`Routed`].
//! 3. What happened goes to the worker's [`OutcomeSink`], usually an [`OutcomeBatch`], and from
//!    there to the providers' actors and the Router.
//!
//! Read next: `table` for how a name is resolved, `order` for the order, `fallback` for what moves
//! on, `send` for the loop.
#![forbid(unsafe_code)]

mod actor;
mod assemble;
mod batch;
mod direct;
mod error;
mod explain;
mod fallback;
#[cfg(test)]
mod fixtures;
mod latency;
mod listing;
mod messages;
mod order;
mod plan;
mod route;
mod send;
mod sink;
mod spec;
mod state;
mod table;
mod trail;

pub use actor::{Router, RouterHandle, RouterParts};
pub use assemble::only_open_provider;
pub use batch::{Flush, FlushRules, OutcomeBatch};
pub use direct::DirectTarget;
pub use error::{RouteError, RouteTableError, RouteWarning};
pub use explain::{ExplainedTarget, Explanation};
pub use latency::{LatencySample, LatencyTable, LatencyWindows, ReplyShape, WindowRules};
pub use listing::{AGENT_OWNER, ListedModel};
pub use messages::{RecordLatency, ReloadRoutes, RoutesReloaded};
pub use plan::{Plan, PlanChat};
pub use send::{AnswerPass, Routed};
pub use sink::{Happened, OutcomeSink, Upstreams};
pub use spec::{AgentSpec, ModelSpec, Strategy, TargetSpec};
pub use state::RouterState;
pub use table::RoutingTable;
pub use trail::{Setback, SetbackCause};

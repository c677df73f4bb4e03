//! What one HTTP worker owns: its provider clients, its shares of the limits, its batch of outcomes.
//!
//! A request is served on one worker from first byte to last. Everything here is for that one
//! thread, so nothing is locked. What all workers share is [`Shared`], made of handles and
//! snapshots.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use auth::{AuthHandle, WorkerLimits};
use provider::{ProviderSpec, Upstream};
use redactor::RedactorHandle;
use router::{FlushRules, Happened, OutcomeBatch, OutcomeSink, RouterHandle, Upstreams};
use runtime::{Aside, Clock, Overseer, Published};

use super::closing::Closing;
use super::connections::Connections;
pub use super::cost::{Cost, Counted};
use super::exchange::{Ending, Exchange};
use super::notes;
use super::routes::Surface;
use super::seal_store::SealStore;
use super::whereabouts::{Kind, Whereabouts};
use crate::keys::WorldKeys;
use crate::telemetry::metrics::Metrics;
use crate::world::World;

/// How often what a worker gathered is told to the actors.
pub const FLUSH_PERIOD: Duration = Duration::from_millis(100);

/// What all workers share.
pub struct Shared {
    /// The rules in force.
    pub world: Published<World>,
    /// The time.
    pub clock: Clock,
    /// When the program started.
    pub started: Instant,
    /// Failed logins, blocks and limits.
    pub auth: AuthHandle,
    /// Takes secrets out of prompts.
    pub redactor: RedactorHandle,
    /// Latencies and routes.
    pub router: RouterHandle,
    /// The supervisor of all actors.
    pub overseer: Overseer,
    /// Everything that is counted.
    pub metrics: Metrics,
    /// The log.
    pub log: slog::Logger,
    /// Open connections.
    pub connections: Connections,
    /// Whether the program is going down.
    pub closing: Closing,
    /// Which provider holds which stored object.
    pub whereabouts: Whereabouts,
    /// What clients of some APIs cannot send back.
    pub seals: Arc<SealStore>,
    /// Does what is done with all of a large body at once.
    pub aside: Aside,
}

impl Shared {
    /// Time since the start.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// Brings the gauges up to date before they are read.
    pub fn refresh_gauges(&self) {
        let metrics = &self.metrics;
        metrics
            .uptime
            .set(i64::try_from(self.uptime().as_secs()).unwrap_or(i64::MAX));
        let (open, reaped) = self.connections.counts();
        metrics.connections.set(open as i64);
        metrics.connections_reaped.set(reaped as i64);
        metrics
            .large_bodies_on_workers
            .set(self.aside.done_by_callers() as i64);
        metrics
            .blocked_addresses
            .set(self.auth.blocked_count() as i64);
        for child in self.overseer.children() {
            metrics
                .actor_queued
                .with_label_values(&[&child.name])
                .set(child.queued as i64);
            metrics
                .actor_refused
                .with_label_values(&[&child.name])
                .set(child.refused as i64);
        }
        self.refresh_breakers();
    }

    fn refresh_breakers(&self) {
        let world = self.world.load();
        for (provider, model) in &world.configured {
            let Some(handle) = world.providers.get(provider) else {
                continue;
            };
            let shut = handle.shut_for(model, &self.clock).is_some();
            self.metrics
                .breaker_state
                .with_label_values(&[provider, model])
                .set(i64::from(shut));
        }
    }
}

/// One worker's own things.
pub struct Worker {
    /// What it shares with the others.
    pub shared: Arc<Shared>,
    /// Its shares of the keys' limits.
    pub limits: WorkerLimits,
    upstreams: RefCell<HashMap<String, (u64, Rc<Upstream>)>>,
    batch: RefCell<OutcomeBatch>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

impl Worker {
    /// Notes which provider holds a stored response, so that it is asked for there.
    pub fn note_response(&self, id: &str, provider: &str, key_id: &str) {
        let whereabouts = &self.shared.whereabouts;
        whereabouts.note(Kind::Response, id, provider, Some(key_id), Instant::now());
    }

    /// A worker for the calling thread.
    #[must_use]
    pub fn new(shared: Arc<Shared>) -> Rc<Self> {
        let limits = WorkerLimits::new(shared.auth.clone());
        let batch = RefCell::new(OutcomeBatch::new(FlushRules::default()));
        Rc::new(Self {
            shared,
            limits,
            upstreams: RefCell::default(),
            batch,
        })
    }

    /// The worker and the listener of a request.
    #[expect(
        clippy::expect_used,
        reason = "`http::server` gives both to every app that it builds"
    )]
    pub fn of(request: &HttpRequest) -> (Rc<Self>, Surface) {
        let worker = request
            .app_data::<Rc<Self>>()
            .map(Rc::clone)
            .expect("every app has its worker");
        let surface = request
            .app_data::<Surface>()
            .copied()
            .expect("every app has its surface");
        (worker, surface)
    }

    /// The client for a provider, one for each generation of addresses and keys.
    pub fn upstream(&self, spec: &Arc<ProviderSpec>, world: &World) -> Rc<Upstream> {
        let mut upstreams = self.upstreams.borrow_mut();
        if let Some((generation, upstream)) = upstreams.get(&spec.name)
            && *generation == world.generation
        {
            return Rc::clone(upstream);
        }
        let keys = Arc::new(WorldKeys::new(Arc::clone(&world.sealed)));
        let (tls, aside) = (world.tls_of(&spec.name), self.shared.aside.clone());
        let upstream = Rc::new(Upstream::new(Arc::clone(spec), keys, tls, aside));
        let entry = (world.generation, Rc::clone(&upstream));
        upstreams.insert(spec.name.clone(), entry);
        upstream
    }

    /// Lets go of clients of earlier generations, and with them of earlier keys.
    fn forget_old_upstreams(&self) {
        let generation = self.shared.world.load().generation;
        let mut upstreams = self.upstreams.borrow_mut();
        if upstreams.values().any(|(of, _)| *of != generation) {
            upstreams.retain(|_, (of, _)| *of == generation);
        }
    }

    /// Tells the actors what was gathered. A refusal loses statistics only, and is counted by the handle.
    pub fn flush(&self) {
        self.forget_old_upstreams();
        let flush = self.batch.borrow_mut().take_if_due(self.shared.clock.now());
        if let Some(flush) = flush {
            flush.tell(self.shared.router.actor());
        }
    }

    /// Writes the request's line and counts it; called once, when its answer has ended.
    pub fn report(&self, exchange: &Exchange, status: u16, bytes: u64, ending: Ending) {
        let took = exchange.started.elapsed();
        self.count(exchange, status, took, ending);
        let log = &self.shared.log;
        let (prompt, completion) = exchange.tokens.get();
        let client = exchange
            .client
            .get()
            .map(|ip| ip.to_string())
            .unwrap_or_default();
        let line = slog::o!(
            "request_id" => exchange.id.clone(),
            "key_name" => exchange.key_name.borrow().clone(),
            "agent" => exchange.agent.borrow().clone(),
            "model" => exchange.model.borrow().clone(),
            "provider" => exchange.provider.borrow().clone(),
            "method" => exchange.method.to_string(),
            "route" => exchange.route.get(),
            "client" => client,
            "status" => status,
            "duration_us" => u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "bytes" => bytes,
            "attempts" => exchange.attempts.get(),
            "prompt_tokens" => prompt,
            "completion_tokens" => completion,
            "tokens_estimated" => exchange.tokens_estimated.get(),
            "redactions" => exchange.redactions.get(),
            "notes" => notes::logged(exchange),
            "ending" => exchange.closed_by.get().unwrap_or(match ending {
                Ending::ClientGone => "client_gone",
                Ending::Whole if status == 200 && exchange.error.get().is_some() => "broken",
                Ending::Whole => "whole",
            }),
        );
        let cause = exchange.cause.borrow();
        let cause = cause.as_deref().unwrap_or_default();
        match exchange.error.get() {
            None => slog::info!(log, "request served"; line),
            // A stream that broke off had promised 200.
            Some(code) if status >= 500 || status == 200 || status == 101 => {
                slog::warn!(log, "request failed"; line, "error_code" => code, "cause" => cause);
            }
            Some(code) => {
                slog::info!(log, "request refused"; line, "error_code" => code, "cause" => cause);
            }
        }
    }

    fn count(&self, exchange: &Exchange, status: u16, took: Duration, ending: Ending) {
        let metrics = &self.shared.metrics;
        let route = exchange.route.get();
        metrics.inflight.dec();
        metrics
            .http_requests
            .with_label_values(&[method_label(&exchange.method), route, status_label(status)])
            .inc();
        metrics
            .http_duration
            .with_label_values(&[route])
            .observe(took.as_secs_f64());
        if ending == Ending::ClientGone {
            metrics.client_gone.inc();
        }
        if !exchange.notes.borrow().is_empty() {
            let labels = [&*exchange.provider.borrow(), exchange.format.get().label()];
            metrics.noted.with_label_values(&labels).inc();
        }
    }
}

/// A method as a label; what clients invent is one label, not many.
fn method_label(method: &actix_web::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

macro_rules! status_labels {
    ($($status:literal),*) => {
        fn status_label(status: u16) -> &'static str {
            match status { $($status => stringify!($status),)* 100..=199 => "1xx", 200..=299 => "2xx", 300..=399 => "3xx", 400..=499 => "4xx", _ => "5xx" }
        }
    };
}
status_labels!(
    101, 200, 201, 202, 204, 400, 401, 403, 404, 405, 408, 413, 415, 422, 426, 429, 499, 500, 502,
    503, 504
);

/// The worker's clients, as the router asks for them.
#[derive(Debug)]
pub struct WorkerUpstreams<'a> {
    /// The worker.
    pub worker: &'a Worker,
    /// The rules of the request.
    pub world: &'a World,
}

impl Upstreams for WorkerUpstreams<'_> {
    fn upstream(&self, provider: &str) -> Option<Rc<Upstream>> {
        let spec = self.world.provider_spec(provider)?;
        Some(self.worker.upstream(spec, self.world))
    }
}

impl OutcomeSink for Worker {
    fn record(&self, happened: Happened) {
        let flush = self
            .batch
            .borrow_mut()
            .add(happened, self.shared.clock.now());
        if let Some(flush) = flush {
            flush.tell(self.shared.router.actor());
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

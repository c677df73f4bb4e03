//! The running program: its actors, its doors, and the generation of rules in service.
//!
//! Owns what `main` would otherwise keep in local variables. Called by `serve.rs`, which decides
//! when, and by `reload`, which swaps generations.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use notifier::{Notifier, Ready};
use router::ReloadRoutes;
use runtime::{
    Aside, AskError, Clock, Escalation, Handle, Overseer, Published, StartError, StopReport, Tree,
    TreeEvent,
};
use slog::{Logger, error, info, warn};
use vault::{MemoryKind, Sealed};

use crate::blueprint::BlueprintError;
use crate::config::{Config, Listen as ListenAddress};
use crate::http::closing::Closing;
use crate::http::connections::Connections;
use crate::http::routes::Surface;
use crate::http::seal_store::SealStore;
use crate::http::server::{self, Door, ServerLimits};
use crate::http::whereabouts::Whereabouts;
use crate::http::worker::Shared;
use crate::listen::{self, Inherited, ListenError};
use crate::settings::Settings;
use crate::telemetry::metrics::Metrics;
use crate::tls::Certificate;
use crate::tree::{self, Seeds, Staff};
use crate::world::World;

/// Longest wait for an actor to take a message of the program's life cycle.
pub const ASK: Duration = Duration::from_secs(2);

/// Why the program could not start.
#[derive(Debug)]
pub enum GatewayError {
    /// No socket.
    Listen(ListenError),
    /// A server could not use its socket.
    Server(io::Error),
    /// An actor did not start.
    Actor(StartError),
    /// An actor could not be asked.
    Ask(&'static str, AskError),
    /// The routes.
    Blueprint(BlueprintError),
    /// Metrics with one name, which a test rules out.
    Metrics(String),
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(error) => error.fmt(f),
            Self::Server(error) => write!(f, "cannot serve: {error}"),
            Self::Actor(error) => error.fmt(f),
            Self::Ask(whom, error) => write!(f, "`{whom}` could not be asked: {error}"),
            Self::Blueprint(error) => error.fmt(f),
            Self::Metrics(cause) => write!(f, "metrics: {cause}"),
        }
    }
}

impl std::error::Error for GatewayError {}

/// The program while it runs.
pub struct Gateway {
    pub(crate) shared: Arc<Shared>,
    pub(crate) staff: Staff,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) config: Published<Config>,
    pub(crate) reloads: AtomicU64,
    pub(crate) place: crate::cli::Place,
    pub(crate) embedded: bool,
    limits: ServerLimits,
    servers: Vec<ServerHandle>,
    addresses: Vec<SocketAddr>,
}

/// What the watchdog's loop needs.
#[derive(Debug)]
pub struct Pulse {
    /// Asks everybody.
    pub overseer: Overseer,
    /// Tells systemd.
    pub notifier: Handle<Notifier>,
    /// Counts rounds.
    pub shared: Arc<Shared>,
}

impl Gateway {
    /// Starts actors, then servers. Nothing listens before every actor is up.
    ///
    /// # Errors
    /// [`GatewayError`]; what was started is stopped again.
    pub async fn start(
        settings: Settings,
        place: &crate::cli::Place,
        inherited: Inherited,
        log: Logger,
        started: Instant,
    ) -> Result<Self, GatewayError> {
        let clock = Clock::system();
        let metrics = Metrics::new().map_err(|error| GatewayError::Metrics(error.to_string()))?;
        announce(&settings, &log);
        count_plain_memory(&settings.sealed, &metrics);
        crate::reload::forget_old_verdict();
        let embedded = settings.embedded;
        let Settings {
            config,
            sealed,
            vault,
            blueprint,
            ..
        } = settings;
        let configured = blueprint.configured();
        let doors = doors(&config, inherited, blueprint.certificate.as_ref())?;
        let seeds = Seeds {
            vault,
            sealed,
            failures: crate::assemble::failures(&config),
            limits: blueprint.limits,
            policy: blueprint.policy,
            rules: blueprint.rules,
            specs: blueprint.specs,
            tls: blueprint.tls.clone(),
        };
        let mut tree = Tree::new(clock.clone());
        let staff = tree::declare(&mut tree, &clock, seeds);
        let overseer = tree
            .start(listener(&log, &metrics))
            .await
            .map_err(GatewayError::Actor)?;
        let sealed = Arc::clone(&staff.vault.sealed());
        let written = Arc::new(blueprint.written);
        let routes = written
            .routes(&staff.providers, &blueprint.filters, &sealed)
            .map_err(|error| GatewayError::Blueprint(BlueprintError::Routes(error)))?;
        let routes = Arc::new(routes);
        staff
            .router
            .actor()
            .ask(ReloadRoutes(Arc::clone(&routes)), ASK)
            .await
            .map_err(|error| GatewayError::Ask("router", error))?;
        let world = World {
            generation: 1,
            sealed,
            policy: staff.rbac.policy().load_full(),
            routes,
            written,
            providers: staff.providers.clone(),
            configured,
            filters: blueprint.filters,
            tls: blueprint.tls,
            proxies: blueprint.proxies,
            body: blueprint.body,
            json: blueprint.json,
            realtime: blueprint.realtime,
            strictness: blueprint.strictness,
        };
        let shared = Arc::new(Shared {
            world: Published::new(world),
            clock,
            started,
            auth: staff.auth.clone(),
            redactor: staff.redactor.clone(),
            router: staff.router.clone(),
            overseer,
            metrics,
            log,
            connections: Connections::default(),
            closing: Closing::default(),
            whereabouts: Whereabouts::default(),
            seals: Arc::new(SealStore::new(crate::assemble::seal_limits(&config))),
            aside: Aside::one_per_core(),
        });
        let limits = crate::assemble::server_limits(&config);
        let addresses = doors
            .iter()
            .flat_map(|door| &door.sockets)
            .filter_map(|socket| socket.local_addr().ok())
            .collect();
        let mut servers = Vec::new();
        for door in doors {
            let server =
                server::server(Arc::clone(&shared), door, &limits).map_err(GatewayError::Server)?;
            servers.push(server.handle());
            actix_web::rt::spawn(server);
        }
        Ok(Self {
            shared,
            staff,
            certificate: blueprint.certificate,
            config: Published::new(config),
            reloads: AtomicU64::new(0),
            place: place.clone(),
            embedded,
            limits,
            servers,
            addresses,
        })
    }

    /// Tells systemd that the program serves, and the log where.
    pub async fn announce_ready(&self) {
        let status = self.status();
        info!(self.shared.log, "ready"; "status" => &status, "took_ms" => self.shared.uptime().as_millis() as u64);
        self.staff.notifier.ask(Ready { status }, ASK).await.ok();
    }

    /// The line that `systemctl status` shows.
    #[must_use]
    pub fn status(&self) -> String {
        let world = self.shared.world.load();
        let at: Vec<String> = self.addresses.iter().map(ToString::to_string).collect();
        format!(
            "Serving on {}; {} provider(s), {} key(s), generation {}",
            at.join(" and "),
            world.providers.len(),
            world.sealed.identities().len(),
            world.generation
        )
    }

    /// Where the public listener is.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.addresses.first().copied()
    }

    /// What the watchdog's loop needs.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        Pulse {
            overseer: self.shared.overseer.clone(),
            notifier: self.staff.notifier.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// Resolves when an actor failed too often.
    pub async fn escalated(&self) -> Escalation {
        self.shared.overseer.escalated().await
    }

    /// Requests whose answer is not finished.
    #[must_use]
    pub fn in_flight(&self) -> i64 {
        self.shared.metrics.inflight.get()
    }

    /// How the servers treat connections.
    #[must_use]
    pub const fn limits(&self) -> &ServerLimits {
        &self.limits
    }

    /// What all workers share.
    #[must_use]
    pub const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Handles of all actors.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.staff
    }

    /// The servers.
    #[must_use]
    pub fn servers(&self) -> &[ServerHandle] {
        &self.servers
    }

    /// Stops the actors in reverse order, and wipes the secrets.
    pub async fn stop_actors(self) -> Vec<StopReport> {
        self.staff.vault.handle().ask(vault::Wipe, ASK).await.ok();
        self.shared.overseer.stop().await
    }

    /// Counts an attempt to reload.
    pub(crate) fn next_attempt(&self) -> u64 {
        self.reloads.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

fn announce(settings: &Settings, log: &Logger) {
    let facts = settings.sealed.facts();
    info!(log, "starting"; "version" => env!("CARGO_PKG_VERSION"), "config" => &settings.origin,
        "secrets" => facts.source.as_deref().unwrap_or("made at start"),
        "secret_memory" => facts.memory.map(|kind| kind.to_string()).unwrap_or_default());
    for warning in &settings.warnings {
        warn!(log, "{}", warning);
    }
}

fn count_plain_memory(sealed: &Sealed, metrics: &Metrics) {
    if sealed.facts().memory == Some(MemoryKind::Plain) {
        metrics.secure_mem_failures.inc();
    }
}

fn doors(
    config: &Config,
    mut inherited: Inherited,
    certificate: Option<&Certificate>,
) -> Result<Vec<Door>, GatewayError> {
    let bind = |address: &ListenAddress| -> Result<TcpListener, GatewayError> {
        listen::bind(&address.socket_addr().to_string()).map_err(GatewayError::Listen)
    };
    let mut doors = Vec::new();
    let admin = match inherited.admin() {
        Some(socket) => Some(socket),
        None => config.server.admin_listen.as_ref().map(bind).transpose()?,
    };
    let mut public = inherited.public();
    let protected = certificate.is_some() || config.server.behind_proxy;
    for socket in public.iter().filter(|_| !protected).chain(&admin) {
        listen::refuse_exposed(socket).map_err(GatewayError::Listen)?;
    }
    if public.is_empty() {
        public.push(bind(&config.server.listen_addr)?);
    }
    doors.push(Door {
        surface: Surface::Public,
        sockets: public,
        certificate: certificate.cloned(),
    });
    if let Some(socket) = admin {
        doors.push(Door {
            surface: Surface::Admin,
            sockets: vec![socket],
            certificate: None,
        });
    }
    Ok(doors)
}

fn listener(log: &Logger, metrics: &Metrics) -> impl Fn(TreeEvent) + Send + Sync + 'static {
    let (log, metrics) = (log.clone(), metrics.clone());
    move |event| match &event {
        TreeEvent::Down { name, cause } => {
            metrics
                .actor_restarts
                .with_label_values(&[name.as_str(), cause.label()])
                .inc();
            warn!(log, "{}", event; "actor" => name);
        }
        TreeEvent::Frozen { children } => warn!(log, "{}", event; "actor" => children.join(",")),
        TreeEvent::GaveUp { name } => warn!(log, "{}", event; "actor" => name),
        TreeEvent::Escalated { name } => error!(log, "{}", event; "actor" => name),
        TreeEvent::Rebuilt { name, .. } => info!(log, "{}", event; "actor" => name),
        TreeEvent::Started { name } | TreeEvent::Stopped { name, .. } => {
            slog::debug!(log, "{}", event; "actor" => name)
        }
    }
}

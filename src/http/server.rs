//! Starts and stops the HTTP servers on their sockets.
//!
//! Each server runs worker threads; a worker makes its [`Worker`] once and answers the
//! supervisor's pings from its own thread, so the watchdog sees a worker that is stuck.

use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::net::TcpListener;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_http::HttpService;
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, map_config};
use actix_web::dev::{AppConfig, Extensions, Server, ServerHandle};
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer, web};

use super::connections::{Connections, PhaseLimits};
use super::dispatch::entry;
use super::routes::Surface;
use super::worker::{FLUSH_PERIOD, Shared, Worker};
use crate::tls::Certificate;

/// How the servers treat their connections.
#[derive(Debug, Clone)]
pub struct ServerLimits {
    /// Worker threads of the public server.
    pub workers: usize,
    /// Connections open at once; more wait in the kernel's queue.
    pub max_connections: usize,
    /// For a request's head.
    pub header_timeout: Duration,
    /// Between two pieces of a body.
    pub body_timeout: Duration,
    /// Between two requests on one connection.
    pub idle_timeout: Duration,
    /// For requests in flight when the program stops.
    pub shutdown_timeout: Duration,
}

impl ServerLimits {
    /// The admin listener answers people and scrapers; one thread is enough.
    fn workers_of(&self, surface: Surface) -> usize {
        if surface == Surface::Public {
            self.workers.max(1)
        } else {
            1
        }
    }

    fn connections_per_worker(&self, workers: usize) -> usize {
        (self.max_connections / workers).max(1)
    }
}

/// How long a closing connection may take to say good-bye.
const DISCONNECT: Duration = Duration::from_secs(2);

/// What a server listens on.
#[derive(Debug)]
pub struct Door {
    /// Which routes it serves.
    pub surface: Surface,
    /// Its sockets.
    pub sockets: Vec<TcpListener>,
    /// Its certificate, if it speaks TLS.
    pub certificate: Option<Certificate>,
}

thread_local! {
    static WORKER: RefCell<Option<Rc<Worker>>> = const { RefCell::new(None) };
}

static WORKERS: AtomicUsize = AtomicUsize::new(0);

/// Builds a server; it runs when it is awaited or spawned.
///
/// # Errors
/// If a socket cannot be used or the certificate cannot be served.
pub fn server(shared: Arc<Shared>, door: Door, limits: &ServerLimits) -> io::Result<Server> {
    for socket in &door.sockets {
        socket.set_nonblocking(true)?;
    }
    match door.certificate.clone() {
        None => plain_server(shared, door, limits),
        Some(certificate) => tls_server(shared, door, &certificate, limits),
    }
}

fn plain_server(shared: Arc<Shared>, door: Door, limits: &ServerLimits) -> io::Result<Server> {
    let surface = door.surface;
    let workers = limits.workers_of(surface);
    let connections = shared.connections.clone();
    let app = move || {
        let worker = worker_of_this_thread(&shared);
        App::new()
            .app_data(worker)
            .app_data(surface)
            .default_service(web::to(entry))
    };
    let mut server = HttpServer::new(app)
        .on_connect(move |io, data| register(&connections, io, data))
        .workers(workers)
        .h1_allow_half_closed(false)
        .client_request_timeout(limits.header_timeout)
        .client_disconnect_timeout(DISCONNECT)
        .keep_alive(limits.idle_timeout)
        .max_connections(limits.connections_per_worker(workers))
        .tcp_nodelay(true)
        .shutdown_timeout(limits.shutdown_timeout.as_secs().max(1))
        .disable_signals();
    for socket in door.sockets {
        server = server.listen(socket)?;
    }
    Ok(server.run())
}

/// As the plain one, built from its parts: actix-web offers HTTP/2 by ALPN before anything that
/// it is told, and over HTTP/2 a client that leaves would go unnoticed.
fn tls_server(
    shared: Arc<Shared>,
    door: Door,
    certificate: &Certificate,
    limits: &ServerLimits,
) -> io::Result<Server> {
    let surface = door.surface;
    let workers = limits.workers_of(surface);
    let tls = certificate.server_config().map_err(io::Error::other)?;
    let mut server = Server::build()
        .workers(workers)
        .max_concurrent_connections(limits.connections_per_worker(workers))
        .shutdown_timeout(limits.shutdown_timeout.as_secs().max(1))
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    for (number, socket) in door.sockets.into_iter().enumerate() {
        let (shared, tls, limits, stopping) = (
            Arc::clone(&shared),
            tls.clone(),
            limits.clone(),
            stopping.clone(),
        );
        server = server.listen(format!("tls-{number}"), socket, move || {
            let worker = worker_of_this_thread(&shared);
            let connections = shared.connections.clone();
            let stopping = stopping.clone();
            let app = App::new()
                .app_data(worker)
                .app_data(surface)
                .app_data(OverTls)
                .default_service(web::to(entry));
            let app = app
                .into_factory()
                .map_err(|error: actix_web::Error| error.error_response());
            HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .keep_alive(limits.idle_timeout)
                .client_request_timeout(limits.header_timeout)
                .client_disconnect_timeout(DISCONNECT)
                .h1_allow_half_closed(false)
                .tcp_nodelay(true)
                .on_connect_ext(move |io: &TlsStream, data| register(&connections, io, data))
                .h1(map_config(app, |()| AppConfig::default()))
                .rustls_0_23(tls.clone())
        })?;
    }
    Ok(server.run())
}

/// Marks requests that came over TLS.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

type TlsStream = actix_tls::accept::rustls_0_23::TlsStream<TcpStream>;

/// The app factory runs once per worker and socket; a worker has one [`Worker`] all the same.
fn worker_of_this_thread(shared: &Arc<Shared>) -> Rc<Worker> {
    WORKER.with_borrow_mut(|slot| {
        if let Some(worker) = slot {
            return Rc::clone(worker);
        }
        let worker = Worker::new(Arc::clone(shared));
        let name = format!("http-worker-{}", WORKERS.fetch_add(1, Ordering::Relaxed));
        actix_web::rt::spawn(shared.overseer.watch_worker(name).beat());
        actix_web::rt::spawn(flush_now_and_then(Rc::downgrade(&worker)));
        *slot = Some(Rc::clone(&worker));
        worker
    })
}

async fn flush_now_and_then(worker: std::rc::Weak<Worker>) {
    let mut timer = tokio::time::interval(FLUSH_PERIOD);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        let Some(worker) = worker.upgrade() else {
            return;
        };
        worker.flush();
    }
}

fn register(connections: &Connections, io: &dyn Any, data: &mut Extensions) {
    let plain = io.downcast_ref::<TcpStream>();
    let Some(socket) = plain.or_else(|| io.downcast_ref::<TlsStream>().map(|tls| tls.get_ref().0))
    else {
        return;
    };
    let Ok(peer) = socket.peer_addr() else { return };
    if let Some(connection) = connections.register(socket, peer.ip()) {
        data.insert(connection);
    }
}

/// Shuts down connections that are too slow, until the program ends.
pub async fn reap_slow_connections(connections: Connections, limits: ServerLimits) {
    // Idle connections are closed by the server itself; the margin lets it do so first.
    let head = limits.header_timeout.max(limits.idle_timeout) + Duration::from_secs(1);
    let limits = PhaseLimits {
        head,
        body: limits.body_timeout + Duration::from_secs(2),
        sending: limits.idle_timeout,
    };
    let mut timer = tokio::time::interval(Duration::from_millis(500));
    loop {
        timer.tick().await;
        connections.reap(&limits);
    }
}

/// Lets clients go before the servers stop: nothing new is accepted, every answer closes its
/// connection, and connections that still have to speak get `patience`.
///
/// The library closes what is idle and drops what was just accepted the moment that it is told to
/// stop, so a request on its way would get no answer. New connections wait in the kernel's queue,
/// which a socket unit keeps for the next process.
pub async fn let_go(handles: &[ServerHandle], connections: &Connections, patience: Duration) {
    futures_util::future::join_all(handles.iter().map(ServerHandle::pause)).await;
    let end = tokio::time::Instant::now() + patience;
    let mut timer = tokio::time::interval(Duration::from_millis(10));
    while connections.counts().0 > 0 && tokio::time::Instant::now() < end {
        timer.tick().await;
    }
}

/// Stops servers: no new connections; if `gracefully`, requests in flight get their time.
pub async fn stop(handles: &[ServerHandle], gracefully: bool) {
    futures_util::future::join_all(handles.iter().map(|handle| handle.stop(gracefully))).await;
}

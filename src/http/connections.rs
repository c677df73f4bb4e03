//! Connections: how many there are, and which of them are too slow.
//!
//! actix-web limits the time of a connection's first head only. The second head, every body and
//! a reader that stops reading have no limit there, so each connection carries a phase and the
//! time of its last progress, and one reaper per process shuts down those past their time.
//! Called by: the server set-up (`on_connect`), the middleware (phases) and the body reader
//! (progress). Never does: answer; a connection that is reaped is closed and counted.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::io::Interest;

/// How long a client may take its last bytes.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Turns that the server's task gets to write them.
const FLUSHES: usize = 4;

/// What a connection is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// The client owes a request head, or is idle between requests.
    Head = 0,
    /// The client owes body bytes.
    Body = 1,
    /// The gateway works, or waits for a provider.
    Busy = 2,
    /// The client owes room for bytes that are ready.
    Sending = 3,
}

/// One accepted connection, shared by its requests and the reaper.
#[derive(Debug)]
pub struct Connection {
    socket: OwnedFd,
    peer: IpAddr,
    phase: AtomicU8,
    since_ms: AtomicU64,
    started: Instant,
}

impl Connection {
    fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        self.progress();
    }

    fn progress(&self) {
        self.since_ms
            .store(self.started.elapsed().as_millis() as u64, Relaxed);
    }

    /// The request head is complete.
    pub fn head_done(&self, has_body: bool) {
        self.enter(if has_body { Phase::Body } else { Phase::Busy });
    }

    /// Body bytes came.
    pub fn body_progress(&self) {
        self.progress();
    }

    /// The body is complete, or nobody reads it any more.
    pub fn body_done(&self) {
        self.enter(Phase::Busy);
    }

    /// A piece of the answer was handed to the connection.
    pub fn sending(&self) {
        self.enter(Phase::Sending);
    }

    /// Everything that there is was handed over; the provider has the next word.
    pub fn waiting(&self) {
        self.enter(Phase::Busy);
    }

    /// The answer is out; the next head may come.
    pub fn answered(&self) {
        self.enter(Phase::Head);
    }

    /// The other end of the socket.
    #[must_use]
    pub const fn peer(&self) -> IpAddr {
        self.peer
    }

    fn overdue(&self, limits: &PhaseLimits) -> bool {
        let limit = match self.phase.load(Relaxed) {
            0 => limits.head,
            1 => limits.body,
            3 => limits.sending,
            _ => return false,
        };
        let waited =
            (self.started.elapsed().as_millis() as u64).saturating_sub(self.since_ms.load(Relaxed));
        u128::from(waited) > limit.as_millis()
    }

    /// Tells the client that nothing more comes, once what was written is on its way.
    ///
    /// The server waits for the client to close the connection, and the client of a WebSocket waits
    /// for the server.
    pub async fn say_no_more(self: Arc<Self>) {
        if let Some(socket) = self.watched() {
            let writable = tokio::time::timeout(LAST_WORDS, socket.writable()).await;
            drop(writable);
        }
        // The server's task flushes what it still has when the socket takes more.
        for _ in 0..FLUSHES {
            tokio::task::yield_now().await;
        }
        let socket = SockRef::from(&self.socket);
        socket.shutdown(std::net::Shutdown::Write).ok();
    }

    /// Resolves when the client has closed the connection or broken it off, also behind bytes that
    /// nobody has read yet; never if the system has no descriptor left for the look.
    ///
    /// For those who stop reading and so would not hear of it. A client that closes behind more bytes
    /// than the system takes is noticed only when something is written to it.
    ///
    /// # Cancellation
    /// Safe.
    pub async fn until_gone(&self) {
        let Some(socket) = self.watched() else {
            return std::future::pending().await;
        };
        while let Ok(ready) = socket.ready(Interest::READABLE).await {
            if ready.is_read_closed() {
                return;
            }
            // The bytes are another's to read; only what comes after them is news here.
            let none: io::Result<()> =
                socket.try_io(Interest::READABLE, || Err(io::ErrorKind::WouldBlock.into()));
            debug_assert!(none.is_err());
        }
    }

    /// The socket once more, for the readiness of a descriptor of its own.
    fn watched(&self) -> Option<tokio::net::TcpStream> {
        let socket = self.socket.try_clone().ok()?;
        tokio::net::TcpStream::from_std(std::net::TcpStream::from(socket)).ok()
    }

    fn shut(&self) {
        // The peer may have gone already; then there is nothing left to shut.
        SockRef::from(&self.socket)
            .shutdown(std::net::Shutdown::Both)
            .ok();
    }
}

/// How long a connection may stay in a phase without progress.
#[derive(Debug, Clone, Copy)]
pub struct PhaseLimits {
    /// Between two requests, and for a head that trickles in.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body: Duration,
    /// For a client that stops reading a streamed answer.
    pub sending: Duration,
}

/// All open connections of the process.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    open: Arc<Mutex<Vec<Weak<Connection>>>>,
    reaped: Arc<AtomicU64>,
}

impl Connections {
    /// Registers an accepted socket; `None` if the descriptor cannot be duplicated.
    pub fn register(&self, socket: &impl AsFd, peer: IpAddr) -> Option<Arc<Connection>> {
        let connection = Arc::new(Connection {
            socket: socket.as_fd().try_clone_to_owned().ok()?,
            peer,
            phase: AtomicU8::new(Phase::Head as u8),
            since_ms: AtomicU64::new(0),
            started: Instant::now(),
        });
        self.lock().push(Arc::downgrade(&connection));
        Some(connection)
    }

    /// Shuts down what is past its time and forgets what is closed; returns how many were shut.
    pub fn reap(&self, limits: &PhaseLimits) -> u64 {
        let mut shut = 0;
        self.lock().retain(|weak| {
            let Some(connection) = weak.upgrade() else {
                return false;
            };
            if connection.overdue(limits) {
                connection.shut();
                shut += 1;
                return false;
            }
            true
        });
        self.reaped.fetch_add(shut, Relaxed);
        shut
    }

    /// Connections open now, and connections shut for slowness since the start.
    #[must_use]
    pub fn counts(&self) -> (usize, u64) {
        let open = self
            .lock()
            .iter()
            .filter(|weak| weak.strong_count() > 0)
            .count();
        (open, self.reaped.load(Relaxed))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write as _};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind");
        let client = TcpStream::connect(listener.local_addr().expect("address")).expect("connect");
        (client, listener.accept().expect("accept").0)
    }

    const NOW: PhaseLimits = PhaseLimits {
        head: Duration::ZERO,
        body: Duration::from_secs(60),
        sending: Duration::ZERO,
    };

    fn age(connection: &mut Arc<Connection>, by: Duration) {
        if let Some(connection) = Arc::get_mut(connection) {
            connection.started -= by;
        }
    }

    #[test]
    fn a_connection_that_owes_its_head_too_long_is_shut() {
        let (mut client, server) = pair();
        let connections = Connections::default();
        let connection = connections
            .register(&server, client.local_addr().expect("a").ip())
            .expect("registered");
        connection.since_ms.store(0, Relaxed);
        while connection.started.elapsed() < Duration::from_millis(2) {
            std::hint::spin_loop();
        }
        assert_eq!(connections.reap(&NOW), 1);
        assert_eq!(client.read(&mut [0; 1]).expect("end of stream"), 0);
    }

    #[test]
    fn a_busy_connection_is_left_alone() {
        let (client, server) = pair();
        let connections = Connections::default();
        let connection = connections
            .register(&server, client.local_addr().expect("a").ip())
            .expect("registered");
        connection.head_done(false);
        assert_eq!(connections.reap(&NOW), 0);
        assert_eq!(connections.counts(), (1, 0));
    }

    #[test]
    fn a_closed_connection_is_forgotten() {
        let (client, server) = pair();
        let connections = Connections::default();
        let mut connection = connections
            .register(&server, client.local_addr().expect("a").ip())
            .expect("registered");
        age(&mut connection, Duration::from_secs(1));
        drop(connection);
        assert_eq!(connections.reap(&NOW), 0);
        assert_eq!(connections.counts(), (0, 0));
    }

    /// A client, its connection here, and our side of the socket, which must stay open.
    fn registered() -> (TcpStream, Arc<Connection>, TcpStream) {
        let (client, server) = pair();
        server.set_nonblocking(true).expect("a socket");
        let address = client.local_addr().expect("address").ip();
        let connection = Connections::default().register(&server, address);
        (client, connection.expect("registered"), server)
    }

    async fn is_gone(connection: &Connection, within: Duration) -> bool {
        let gone = connection.until_gone();
        tokio::time::timeout(within, gone).await.is_ok()
    }

    const SOON: Duration = Duration::from_millis(20);
    const PATIENCE: Duration = Duration::from_secs(30);

    #[actix_web::test]
    async fn a_client_that_closes_behind_unread_bytes_is_gone() {
        let (mut client, connection, _server) = registered();
        assert!(!is_gone(&connection, SOON).await);
        client.write_all(b"nobody reads this").expect("sent");
        assert!(!is_gone(&connection, SOON).await);
        drop(client);
        assert!(is_gone(&connection, PATIENCE).await);
        assert!(is_gone(&connection, PATIENCE).await, "and stays so");
    }

    #[actix_web::test]
    async fn a_client_that_leaves_while_it_is_watched_is_gone() {
        for resets in [false, true] {
            let (mut client, connection, _server) = registered();
            let mut gone = Box::pin(connection.until_gone());
            for _ in 0..3 {
                client.write_all(b"more").expect("sent");
                assert!(tokio::time::timeout(SOON, &mut gone).await.is_err());
            }
            if resets {
                let linger = SockRef::from(&client).set_linger(Some(Duration::ZERO));
                linger.expect("a socket");
            }
            drop(client);
            let seen = tokio::time::timeout(PATIENCE, gone).await;
            assert!(seen.is_ok(), "resets: {resets}");
        }
    }
}

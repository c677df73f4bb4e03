//! The load generator: a fixed number of connections, each with one request at a time.
//!
//! Owns its connections and the counts of one window. Never talks to anything but loopback, never
//! runs longer than its warm-up, window and a short farewell, and takes no wrong answer for an
//! answer. It runs on one thread, on the core of the upstream: what it costs is in no gateway's
//! figures, but it bounds the requests per second; the direct line shows that bound.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, LocalSet};

use super::reply::Reply;
use super::wrong;

const BUFFER: usize = 16 << 10;
/// How long a reply may take to end after the window.
const FAREWELL: Duration = Duration::from_secs(10);

/// What to send where.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) address: SocketAddr,
    pub(super) request: Vec<u8>,
    pub(super) connections: usize,
    pub(super) warm_up: Duration,
    pub(super) window: Duration,
}

/// What happened within the window. Times are in nanoseconds, in ascending order.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) wall: Duration,
    pub(super) replies: u64,
    pub(super) events: u64,
    pub(super) reads: u64,
    /// All replies since the connections were opened: what an access log must have a line for.
    pub(super) replies_ever: u64,
    pub(super) latencies: Vec<u32>,
    pub(super) first_bytes: Vec<u32>,
}

/// The connections' common notebook; all of them live on one thread.
#[derive(Debug, Default)]
struct Notes {
    open: Cell<bool>,
    ended: Cell<bool>,
    window: RefCell<Window>,
}

/// Runs `job` and takes `sample` at both ends of its window.
///
/// # Errors
/// The first connection that could not be made, broke, or was answered wrongly.
pub(super) fn run<S>(job: &Job, sample: impl Fn() -> io::Result<S>) -> io::Result<(Window, S, S)> {
    on_this_thread(async {
        let notes = Rc::new(Notes::default());
        let connections = connect(job).await?;
        let tasks: Vec<_> = connections
            .into_iter()
            .map(|stream| {
                tokio::task::spawn_local(ask_again_and_again(
                    stream,
                    job.request.clone(),
                    notes.clone(),
                ))
            })
            .collect();
        tokio::time::sleep(job.warm_up).await;
        let (before, began) = (sample()?, Instant::now());
        notes.open.set(true);
        tokio::time::sleep(job.window).await;
        notes.open.set(false);
        let (after, wall) = (sample()?, began.elapsed());
        notes.ended.set(true);
        farewell(tasks).await?;
        let mut window = notes.window.take();
        window.wall = wall;
        window.latencies.sort_unstable();
        window.first_bytes.sort_unstable();
        Ok((window, before, after))
    })
}

/// Opens streams that stall, waits for the first event of each, and calls `look` while all are open.
///
/// # Errors
/// As for [`run`].
pub(super) fn hold<T>(job: &Job, look: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    on_this_thread(async {
        let mut connections = connect(job).await?;
        for stream in &mut connections {
            stream.write_all(&job.request).await?;
            let first = tokio::time::timeout(FAREWELL, until_event(stream)).await;
            first.map_err(|_| wrong("a stream never had its first event"))??;
        }
        tokio::time::sleep(job.warm_up).await;
        look()
    })
}

fn on_this_thread<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, work)
}

async fn connect(job: &Job) -> io::Result<Vec<TcpStream>> {
    if !job.address.ip().is_loopback() {
        return Err(wrong("load goes to this machine only"));
    }
    let mut connections = Vec::with_capacity(job.connections);
    for _ in 0..job.connections {
        let stream = TcpStream::connect(job.address).await?;
        stream.set_nodelay(true)?;
        connections.push(stream);
    }
    Ok(connections)
}

async fn ask_again_and_again(
    mut stream: TcpStream,
    request: Vec<u8>,
    notes: Rc<Notes>,
) -> io::Result<()> {
    let (mut reply, mut buffer) = (Reply::new(), vec![0; BUFFER]);
    while !notes.ended.get() {
        // What began before the window waited for the sample too, which is not the gateway's doing.
        let (counts, began) = (notes.open.get(), Instant::now());
        stream.write_all(&request).await?;
        reply.clear();
        while !reply.is_whole() {
            let (body, events) = (reply.body(), reply.events());
            read_some(&mut stream, &mut buffer, &mut reply).await?;
            notes.read(reply.events() - events);
            if counts && body == 0 && reply.body() > 0 {
                notes.first_byte(began);
            }
        }
        notes.reply(counts.then_some(began));
    }
    Ok(())
}

async fn until_event(stream: &mut TcpStream) -> io::Result<()> {
    let (mut reply, mut buffer) = (Reply::new(), vec![0; BUFFER]);
    while reply.events() == 0 {
        read_some(stream, &mut buffer, &mut reply).await?;
    }
    Ok(())
}

async fn read_some(stream: &mut TcpStream, buffer: &mut [u8], reply: &mut Reply) -> io::Result<()> {
    let length = stream.read(buffer).await?;
    if length == 0 {
        return Err(wrong(
            "the connection was closed before the reply was whole",
        ));
    }
    let bytes = buffer.get(..length).unwrap_or_default();
    reply
        .push(bytes)
        .map_err(|bad| wrong(format!("{bad}\n{}", String::from_utf8_lossy(bytes))))
}

async fn farewell(tasks: Vec<JoinHandle<io::Result<()>>>) -> io::Result<()> {
    let all = async {
        for task in tasks {
            task.await.map_err(io::Error::other)??;
        }
        Ok(())
    };
    tokio::time::timeout(FAREWELL, all)
        .await
        .map_err(|_| wrong("a reply never ended"))?
}

impl Notes {
    fn read(&self, events: u64) {
        if self.open.get() {
            let mut window = self.window.borrow_mut();
            window.reads += 1;
            window.events += events;
        }
    }

    fn first_byte(&self, began: Instant) {
        if self.open.get() {
            self.window
                .borrow_mut()
                .first_bytes
                .push(nanoseconds(began.elapsed()));
        }
    }

    fn reply(&self, began: Option<Instant>) {
        let mut window = self.window.borrow_mut();
        window.replies_ever += 1;
        if self.open.get() {
            window.replies += 1;
            window
                .latencies
                .extend(began.map(|began| nanoseconds(began.elapsed())));
        }
    }
}

/// Up to 4.2 seconds; a reply that takes longer is as bad as one that takes 4.2.
fn nanoseconds(time: Duration) -> u32 {
    u32::try_from(time.as_nanos()).unwrap_or(u32::MAX)
}

//! Many clients at once, and what became of each of their requests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::http::{Client, Connection, Failure, Reply, Request};
use super::service::USER;

/// Clients that run until they are told to stop.
#[derive(Debug)]
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Outcome>>,
}

/// What became of the requests.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) answered: usize,
    pub(crate) failures: BTreeMap<String, usize>,
    pub(crate) slowest: Duration,
}

impl Outcome {
    pub(crate) fn failed(&self) -> usize {
        self.failures.values().sum()
    }

    /// Requests that found nobody listening.
    pub(crate) fn refused(&self) -> usize {
        self.failures
            .get(&Failure::Refused.to_string())
            .copied()
            .unwrap_or(0)
    }

    fn merge(mut self, other: Self) -> Self {
        self.answered += other.answered;
        for (failure, count) in other.failures {
            *self.failures.entry(failure).or_default() += count;
        }
        self.slowest = self.slowest.max(other.slowest);
        self
    }
}

impl Load {
    /// Starts `clients` clients in four kinds: whole and streamed answers, each on a connection
    /// of its own or on one that is kept.
    pub(crate) fn start(client: Client, clients: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let clients = (0..clients).map(|number| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || run(client, number % 2 == 0, number % 4 < 2, &stop))
        });
        let clients = clients.collect();
        Self { stop, clients }
    }

    /// Lets the requests that are under way come to their end.
    pub(crate) fn finish(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        self.clients
            .into_iter()
            .map(|client| client.join().expect("clients do not panic"))
            .fold(Outcome::default(), Outcome::merge)
    }
}

fn run(client: Client, stream: bool, keep: bool, stop: &AtomicBool) -> Outcome {
    let request = Request::to_model("build", stream).key(USER);
    let request = if keep {
        request
    } else {
        request.header("connection", "close")
    };
    let (mut outcome, mut kept) = (Outcome::default(), None);
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        let ended = send(client, &request.bytes(), &mut kept);
        outcome.slowest = outcome.slowest.max(began.elapsed());
        if !keep {
            kept = None;
        }
        let failure = match ended {
            Ok(reply) if reply.status == 200 && whole(&reply.text(), stream) => {
                outcome.answered += 1;
                continue;
            }
            Ok(reply) => format!("status {}: {}", reply.status, reply.text()),
            Err(failure) => failure.to_string(),
        };
        *outcome.failures.entry(failure).or_default() += 1;
    }
    outcome
}

/// A server may close an idle connection at any moment, so every client of HTTP tries once more
/// on a new one if nothing came back on one that was used before.
///
/// # Source
/// RFC 9112 section 9.3.1.
fn send(client: Client, request: &[u8], kept: &mut Option<Connection>) -> Result<Reply, Failure> {
    if let Some(mut connection) = kept.take() {
        match connection.write(request).and_then(|()| connection.reply()) {
            Err(Failure::Unanswered) => {}
            ended => return keep_if_open(connection, ended, kept),
        }
    }
    let mut connection = client.connect()?;
    let ended = connection.write(request).and_then(|()| connection.reply());
    keep_if_open(connection, ended, kept)
}

fn keep_if_open(
    connection: Connection,
    ended: Result<Reply, Failure>,
    kept: &mut Option<Connection>,
) -> Result<Reply, Failure> {
    let reply = ended?;
    if reply.header("connection") != Some("close") {
        *kept = Some(connection);
    }
    Ok(reply)
}

fn whole(text: &str, stream: bool) -> bool {
    if stream {
        text.ends_with("data: [DONE]\n\n") && !text.contains("\"error\"")
    } else {
        text.contains("Hello from the dummy.")
    }
}

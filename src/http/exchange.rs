//! One request and its answer, as the log and the metrics will know them.
//!
//! Owns: the id, who asked, what was chosen, how it ended. Written to from every step of the
//! request's life on its own worker; reported exactly once, when the answer's body ends or is
//! dropped. Never holds: a prompt, a reply, a key, a header value.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::Method;
use bytes::Bytes;
use wire::ApiFormat;

use super::connections::Connection;
use super::error::ApiError;
use super::request_id;
use super::worker::Worker;

/// The facts of one request, filled in as they become known.
#[derive(Debug)]
pub struct Exchange {
    /// On every answer and log line.
    pub id: String,
    /// When the head was complete.
    pub started: Instant,
    /// The request's method.
    pub method: Method,
    /// The route's name in metrics: from the route table, never from the client.
    pub route: Cell<&'static str>,
    /// The format that the client speaks, and reads errors in.
    pub format: Cell<ApiFormat>,
    /// Fields that had no place in the format of the provider or of the client.
    pub notes: RefCell<Vec<String>>,
    /// The client's address, after trusted proxies.
    pub client: Cell<Option<IpAddr>>,
    /// The name of the key, once known.
    pub key_name: RefCell<String>,
    /// The agent, if the model named one.
    pub agent: RefCell<String>,
    /// The model that the provider was asked for.
    pub model: RefCell<String>,
    /// The provider that answered last.
    pub provider: RefCell<String>,
    /// Providers tried.
    pub attempts: Cell<u32>,
    /// Findings of the redactor that changed something.
    pub redactions: Cell<u64>,
    /// Findings of the redactor by class, in the order of `redactor::Class::ALL`.
    pub found: Cell<[u64; 4]>,
    /// Prompt and completion tokens.
    pub tokens: Cell<(u64, u64)>,
    /// Whether some of them are guessed, since the provider did not count them.
    pub tokens_estimated: Cell<bool>,
    /// Time to the provider's first byte.
    pub upstream_time: Cell<Option<Duration>>,
    /// The client may still be sending a form that nobody reads any more.
    pub upload_open: Cell<bool>,
    /// The client's connection ended in mid-request: an answer is written for nobody.
    pub left: Cell<bool>,
    /// `error.code` of the answer, or of the event that ended a stream.
    pub error: Cell<Option<&'static str>>,
    /// Who ended a session; nobody yet, or it is none.
    pub closed_by: Cell<Option<&'static str>>,
    /// The cause in the operator's words.
    pub cause: RefCell<Option<String>>,
}

impl Exchange {
    /// Opens the record of a request whose head has arrived; `hides` says which id may stand on
    /// nothing.
    #[must_use]
    pub fn begin(request: &HttpRequest, hides: impl FnOnce(&str) -> bool) -> Rc<Self> {
        let offered = request
            .headers()
            .get("x-request-id")
            .map(|value| value.as_bytes());
        Rc::new(Self {
            id: request_id::take_or_make(offered, hides),
            started: Instant::now(),
            method: request.method().clone(),
            route: Cell::new("other"),
            format: Cell::new(ApiFormat::OpenAiChat),
            notes: RefCell::default(),
            client: Cell::new(None),
            key_name: RefCell::default(),
            agent: RefCell::default(),
            model: RefCell::default(),
            provider: RefCell::default(),
            attempts: Cell::new(0),
            redactions: Cell::new(0),
            found: Cell::new([0; 4]),
            tokens: Cell::new((0, 0)),
            tokens_estimated: Cell::new(false),
            upstream_time: Cell::new(None),
            upload_open: Cell::new(false),
            left: Cell::new(false),
            error: Cell::new(None),
            closed_by: Cell::new(None),
            cause: RefCell::new(None),
        })
    }

    /// Notes the refusal or failure that the caller is told about.
    pub fn fail(&self, error: &ApiError) {
        self.error.set(Some(error.code().wire()));
        if let Some(cause) = error.cause() {
            *self.cause.borrow_mut() = Some(cause.to_owned());
        }
    }
}

/// A request that has no answer yet. Dropped before [`Open::answered`], it reports a client that
/// did not wait: without it such a request would leave no trace.
#[derive(Debug)]
pub struct Open {
    worker: Rc<Worker>,
    exchange: Rc<Exchange>,
    answered: bool,
}

/// The status in the log of a request whose client left before the answer's head, also in the
/// middle of the request.
///
/// # Source
/// Not a status of HTTP; the number that reverse proxies use for it in their logs.
const CLIENT_LEFT: u16 = 499;

impl Open {
    /// Counts a request as in flight.
    #[must_use]
    pub fn begin(worker: &Rc<Worker>, exchange: &Rc<Exchange>) -> Self {
        worker.shared.metrics.inflight.inc();
        Self {
            worker: Rc::clone(worker),
            exchange: Rc::clone(exchange),
            answered: false,
        }
    }

    /// From here on the answer's body reports.
    pub fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.answered {
            self.worker
                .report(&self.exchange, CLIENT_LEFT, 0, Ending::ClientGone);
        }
    }
}

/// How the sending of an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every byte was handed to the connection.
    Whole,
    /// The client left, or the connection broke.
    ClientGone,
}

/// The largest piece that is handed to a connection at once.
const SLICE: usize = 64 * 1024;

/// After so many bytes in a row others get their turn. A connection that takes all that it is
/// given, as one on the same machine does, would be given all there is; handing over this much
/// takes some 100 us.
const TURN: usize = 4 * SLICE;

/// Bytes handed over since others had their turn.
#[derive(Debug, Default)]
struct InARow(usize);

impl InARow {
    /// Lets others of the thread go first if it has been long enough; what their sockets have by
    /// then is looked at before whoever gives way is polled again.
    fn gives_way(&mut self, cx: &mut Context<'_>) -> bool {
        if self.0 < TURN {
            return false;
        }
        self.0 = 0;
        // Its first poll asks to be woken behind the others, and that is all of it.
        let turn = std::pin::pin!(tokio::task::yield_now());
        turn.poll(cx).is_pending()
    }
}

type BodyError = <BoxBody as MessageBody>::Error;

/// The body of an answer; reports the exchange when it ends, whichever way.
#[derive(Debug)]
pub struct Tracked {
    body: BoxBody,
    /// What is left of a large piece.
    rest: Bytes,
    size: BodySize,
    sent: u64,
    in_a_row: InARow,
    finished: bool,
    status: u16,
    exchange: Rc<Exchange>,
    worker: Rc<Worker>,
    connection: Option<Arc<Connection>>,
}

impl Tracked {
    /// Wraps the body of the answer to `exchange`.
    #[must_use]
    pub fn new(
        body: BoxBody,
        status: u16,
        exchange: Rc<Exchange>,
        worker: Rc<Worker>,
        connection: Option<Arc<Connection>>,
    ) -> Self {
        let size = body.size();
        Self {
            body,
            rest: Bytes::new(),
            size,
            sent: 0,
            in_a_row: InARow::default(),
            finished: false,
            status,
            exchange,
            worker,
            connection,
        }
    }

    /// Large pieces go out in slices, so that a slow reader shows progress.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if self.rest.is_empty() {
            let next = std::task::ready!(Pin::new(&mut self.body).poll_next(cx));
            let Some(Ok(piece)) = next else {
                return Poll::Ready(next);
            };
            self.rest = piece;
        }
        let length = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }

    /// A body of known size is dropped by the server without a last poll, so its count decides.
    fn ending(&self) -> Ending {
        let complete = match self.size {
            BodySize::None => true,
            BodySize::Sized(size) => self.sent >= size,
            BodySize::Stream => self.finished,
        };
        // A HEAD request's body is never polled, and is whole all the same.
        if complete || self.exchange.method == Method::HEAD {
            Ending::Whole
        } else {
            Ending::ClientGone
        }
    }
}

impl MessageBody for Tracked {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.in_a_row.gives_way(cx) {
            return Poll::Pending;
        }
        let Poll::Ready(next) = self.poll_piece(cx) else {
            self.in_a_row = InARow::default();
            if let Some(connection) = &self.connection {
                connection.waiting();
            }
            return Poll::Pending;
        };
        match &next {
            Some(Ok(piece)) => {
                self.sent += piece.len() as u64;
                self.in_a_row.0 += piece.len();
                if let Some(connection) = &self.connection {
                    connection.sending();
                }
            }
            Some(Err(_)) => {}
            None => self.finished = true,
        }
        Poll::Ready(next)
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.answered();
        }
        // What the body settles when it is dropped belongs into the report.
        drop(std::mem::replace(&mut self.body, BoxBody::new(())));
        let (status, ending) = match self.exchange.left.get() {
            true => (CLIENT_LEFT, Ending::ClientGone),
            false => (self.status, self.ending()),
        };
        self.worker
            .report(&self.exchange, status, self.sent, ending);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_body_that_is_taken_as_fast_as_it_is_given_gives_way_and_goes_on() {
        let (mut in_a_row, mut slices, mut pauses) = (InARow::default(), 0, 0);
        std::future::poll_fn(|cx| {
            while slices < 4 * TURN / SLICE {
                if in_a_row.gives_way(cx) {
                    pauses += 1;
                    return Poll::Pending;
                }
                in_a_row.0 += SLICE;
                slices += 1;
            }
            Poll::Ready(())
        })
        .await;
        assert_eq!(pauses, 3);
    }
}

//! The body of a forwarded answer: the first piece, then the rest as it comes.
//!
//! Keeps the key's place among its open requests until the body has ended, notes a provider that
//! breaks off, and settles what the answer cost by its size, since its format is unknown. What
//! may not pass is taken out on the way (`proxy_reply.rs`).

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use provider::{ProviderError, RawStream};
use redactor::{Direction, Passed, RedactError};
use tokio::time::Sleep;
use wire::Usage;
use wire::sse::EventScanner;

use crate::http::dispatch::Call;
use crate::http::exchange::Exchange;
use crate::http::findings;
use crate::http::refusals::{reply_error, stream_error};
use crate::http::relay::STALL;
use crate::http::worker::{Cost, Worker};

use super::proxy_reply::Cleaner;

/// See the module's text.
pub(super) struct ProxyBody {
    first: Option<Bytes>,
    rest: RawStream,
    cleaner: Cleaner,
    ended: bool,
    /// Runs while something is held back and nothing comes.
    stall: Option<Silence>,
    worker: Rc<Worker>,
    exchange: Rc<Exchange>,
    cost: Cost,
    bytes: u64,
    counter: Option<UsageCounter>,
    /// Bytes stand for a token, where the provider counts none; `None`: they stand for nothing.
    bytes_per_token: Option<u64>,
}

/// Reads what a provider says in its events that an answer cost.
#[derive(Default)]
struct UsageCounter {
    events: EventScanner,
    usage: Option<Usage>,
    /// An event was longer than can be read.
    lost: bool,
}

impl UsageCounter {
    fn see(&mut self, piece: &[u8]) {
        if self.lost {
            return;
        }
        let usage = &mut self.usage;
        let scanned = self.events.push(piece, |event| {
            *usage = Usage::from_event(event.data).or(*usage);
        });
        self.lost = scanned.is_err();
    }
}

type Piece = Result<Bytes, ProviderError>;

/// A wait for the provider while something is held back.
struct Silence {
    due: Pin<Box<Sleep>>,
    /// What it could let go is gone; the rest is part of a secret.
    over: bool,
}

impl ProxyBody {
    pub(super) fn new(
        first: Option<Bytes>,
        rest: RawStream,
        cleaner: Cleaner,
        call: &Call,
        cost: Cost,
    ) -> Self {
        Self {
            first,
            rest,
            cleaner,
            ended: false,
            stall: None,
            worker: Rc::clone(&call.worker),
            exchange: Rc::clone(&call.exchange),
            cost,
            bytes: 0,
            counter: None,
            bytes_per_token: Some(4),
        }
    }

    /// The answer is no text that a model wrote: sound, pictures, files.
    pub(super) fn without_tokens(mut self) -> Self {
        self.bytes_per_token = None;
        self
    }

    /// The answer is a stream of events, in which the provider may say what it cost.
    pub(super) fn counting(mut self) -> Self {
        self.counter = Some(UsageCounter::default());
        self
    }

    fn broke_off(&self, error: &ProviderError) -> io::Error {
        self.exchange.fail(&stream_error(error));
        let provider = self.exchange.provider.borrow();
        let labels = [provider.as_str(), error.label()];
        let interrupts = &self.worker.shared.metrics.stream_interrupts;
        interrupts.with_label_values(&labels).inc();
        io::Error::other(error.to_string())
    }

    /// An answer that may not go on: an event says so where there are events, else the connection
    /// breaks off.
    fn stopped(&mut self, passed: &[u8], error: &RedactError) -> Result<Bytes, io::Error> {
        self.ended = true;
        if !matches!(error, RedactError::Blocked { .. }) {
            self.worker.shared.metrics.redaction_failures.inc();
        }
        let told = reply_error(error);
        self.exchange.fail(&told);
        match self.cleaner.last_event(&told, &self.exchange.id) {
            Some(event) => Ok(Bytes::from([passed, &event].concat())),
            None => Err(io::Error::other("the reply may not be passed on")),
        }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => Pin::new(&mut self.rest).poll_next(cx),
        }
    }

    /// What is let go while the provider is silent.
    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<Bytes> {
        if !self.cleaner.holds() {
            self.stall = None;
            return Poll::Pending;
        }
        let stall = self.stall.get_or_insert_with(|| Silence {
            due: Box::pin(tokio::time::sleep(STALL)),
            over: false,
        });
        if stall.over {
            return Poll::Pending;
        }
        std::task::ready!(stall.due.as_mut().poll(cx));
        stall.over = true;
        match self.cleaner.stalled() {
            Some(released) => Poll::Ready(released),
            None => Poll::Pending,
        }
    }

    fn clean(&mut self, piece: Option<Bytes>) -> Result<Bytes, io::Error> {
        let passed = match piece {
            Some(piece) => {
                self.stall = None;
                self.bytes += piece.len() as u64;
                if let Some(counter) = &mut self.counter {
                    counter.see(&piece);
                }
                self.cleaner.push(piece)
            }
            None => {
                self.ended = true;
                self.cleaner.finish()
            }
        };
        match passed {
            Passed::All(bytes) => Ok(bytes),
            Passed::UpTo(bytes, error) => self.stopped(&bytes, &error),
        }
    }
}

impl Stream for ProxyBody {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.ended {
            let cleaned = match self.poll_piece(cx) {
                Poll::Pending => return self.poll_stall(cx).map(|released| Some(Ok(released))),
                Poll::Ready(Some(Err(error))) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(self.broke_off(&error))));
                }
                Poll::Ready(Some(Ok(piece))) => self.clean(Some(piece)),
                Poll::Ready(None) => self.clean(None),
            };
            match cleaned {
                // Nothing may go yet.
                Ok(bytes) if bytes.is_empty() => {}
                cleaned => return Poll::Ready(Some(cleaned)),
            }
        }
        Poll::Ready(None)
    }
}

impl Drop for ProxyBody {
    fn drop(&mut self) {
        if let Some(found) = self.cleaner.findings() {
            findings::note(&self.worker, &self.exchange, found, Direction::Reply);
        }
        let (worker, exchange) = (Rc::clone(&self.worker), Rc::clone(&self.exchange));
        let estimate = self.bytes_per_token.map_or(0, |length| self.bytes / length);
        let usage = self.counter.as_ref().and_then(|counter| counter.usage);
        self.cost.settle(&worker, &exchange, usage, estimate);
    }
}

//! The body of a forwarded answer: the first piece, then the rest as it comes.
//!
//! Keeps the key's place among its open requests until the body has ended, notes a provider that
//! breaks off, and settles what the answer cost by its size, since its format is unknown. What
//! may not pass is taken out on the way (`proxy_reply.rs`).

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use provider::RawStream;
use redactor::{Direction, RedactError};

use crate::http::dispatch::Call;
use crate::http::exchange::Exchange;
use crate::http::findings;
use crate::http::refusals::{reply_error, stream_error};
use crate::http::worker::{Cost, Worker};

use super::proxy_reply::Cleaner;

/// See the module's text.
pub(super) struct ProxyBody {
    first: Option<Bytes>,
    rest: RawStream,
    cleaner: Cleaner,
    ended: bool,
    worker: Rc<Worker>,
    exchange: Rc<Exchange>,
    cost: Cost,
    bytes: u64,
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
            worker: Rc::clone(&call.worker),
            exchange: Rc::clone(&call.exchange),
            cost,
            bytes: 0,
        }
    }

    fn broke_off(&self, error: &provider::ProviderError) -> io::Error {
        self.exchange.fail(&stream_error(error));
        let provider = self.exchange.provider.borrow();
        let labels = [provider.as_str(), error.label()];
        let interrupts = &self.worker.shared.metrics.stream_interrupts;
        interrupts.with_label_values(&labels).inc();
        io::Error::other(error.to_string())
    }

    /// An answer that may not go on: an event says so where there are events, else the connection
    /// breaks off.
    fn stopped(&self, error: &RedactError) -> Result<Bytes, io::Error> {
        let told = reply_error(error);
        self.exchange.fail(&told);
        match self.cleaner.last_event(&told, &self.exchange.id) {
            Some(event) => Ok(event),
            None => Err(io::Error::other("the reply may not be passed on")),
        }
    }
}

impl Stream for ProxyBody {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.ended {
            let next = match self.first.take() {
                Some(first) => Some(Ok(first)),
                None => std::task::ready!(Pin::new(&mut self.rest).poll_next(cx)),
            };
            let cleaned = match next {
                Some(Ok(piece)) => {
                    self.bytes += piece.len() as u64;
                    self.cleaner.push(piece)
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(self.broke_off(&error)))),
                None => {
                    self.ended = true;
                    self.cleaner.finish()
                }
            };
            match cleaned {
                // Nothing may go yet.
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Poll::Ready(Some(Ok(bytes))),
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(self.stopped(&error)));
                }
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
        let estimate = self.bytes / 4;
        self.cost.settle(&worker, &exchange, None, estimate);
    }
}

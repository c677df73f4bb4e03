//! The body of a forwarded answer: the first piece, then the rest as it comes.
//!
//! Keeps the key's place among its open requests until the body has ended, notes a provider that
//! breaks off, and settles what the answer cost by its size, since its format is unknown.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use provider::RawStream;

use crate::http::dispatch::Call;
use crate::http::exchange::Exchange;
use crate::http::refusals::stream_error;
use crate::http::worker::{Cost, Worker};

/// See the module's text.
pub(super) struct ProxyBody {
    first: Option<Bytes>,
    rest: RawStream,
    worker: Rc<Worker>,
    exchange: Rc<Exchange>,
    cost: Cost,
    bytes: u64,
}

impl ProxyBody {
    pub(super) fn new(first: Option<Bytes>, rest: RawStream, call: &Call, cost: Cost) -> Self {
        Self {
            first,
            rest,
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
}

impl Stream for ProxyBody {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => std::task::ready!(Pin::new(&mut self.rest).poll_next(cx)),
        };
        Poll::Ready(next.map(|piece| match piece {
            Ok(bytes) => {
                self.bytes += bytes.len() as u64;
                Ok(bytes)
            }
            Err(error) => Err(self.broke_off(&error)),
        }))
    }
}

impl Drop for ProxyBody {
    fn drop(&mut self) {
        let (worker, exchange) = (Rc::clone(&self.worker), Rc::clone(&self.exchange));
        let estimate = self.bytes / 4;
        self.cost.settle(&worker, &exchange, None, estimate);
    }
}

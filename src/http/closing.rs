//! The two signals that end a server politely.
//!
//! `drain`: no new work is wanted, what runs may finish. `end`: time is up, every open stream
//! closes with a final event now, since actix-web would cut it without one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

const OPEN: u8 = 0;
const DRAINING: u8 = 1;
const ENDING: u8 = 2;

/// Shared by the program, which gives the signals, and all open streams.
#[derive(Debug, Clone, Default)]
pub struct Closing {
    state: Arc<AtomicU8>,
    ended: Arc<Notify>,
}

/// Resolves when open streams must end.
pub type Ended = Pin<Box<dyn Future<Output = ()>>>;

impl Closing {
    /// From now on the program is going down.
    pub fn drain(&self) {
        self.state.fetch_max(DRAINING, Ordering::AcqRel);
    }

    /// Open streams end now.
    pub fn end(&self) {
        self.state.store(ENDING, Ordering::Release);
        self.ended.notify_waiters();
    }

    /// Whether the program is going down.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.state.load(Ordering::Acquire) != OPEN
    }

    /// A future for one stream.
    #[must_use]
    pub fn ended(&self) -> Ended {
        let (state, notified) = (
            Arc::clone(&self.state),
            Arc::clone(&self.ended).notified_owned(),
        );
        Box::pin(async move {
            let mut notified = std::pin::pin!(notified);
            // Registered before the state is read, so that a signal in between is not lost.
            notified.as_mut().enable();
            if state.load(Ordering::Acquire) != ENDING {
                notified.await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[actix_web::test]
    async fn streams_end_when_told_and_not_before() {
        let closing = Closing::default();
        let mut open = closing.ended();
        assert!((&mut open).now_or_never().is_none());
        closing.drain();
        assert!((&mut open).now_or_never().is_none());
        closing.end();
        open.await;
    }

    #[actix_web::test]
    async fn a_stream_that_opens_late_ends_at_once() {
        let closing = Closing::default();
        closing.end();
        closing.ended().await;
        assert!(closing.is_draining());
    }
}

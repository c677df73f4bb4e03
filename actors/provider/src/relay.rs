//! A body on its way through: passed on chunk by chunk, never longer and never quieter than allowed.
//!
//! Knows nothing of what the bytes mean. One timer per body: progress is only noted, and the
//! timer is set again when it fires too early, so a chunk costs no timer work.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_http::error::PayloadError;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep};

use crate::{
    config::LONGEST_WAIT,
    error::{ProviderError, ReplyLimit},
};

/// Where the chunks come from: awc's payload, or the echo provider.
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// The bounds of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) idle: Duration,
    pub(crate) limit: u64,
    pub(crate) which: ReplyLimit,
}

/// See the module's text. Dropping it closes the connection unless the body was read to its end.
pub(crate) struct Relay {
    chunks: Option<Chunks>,
    bounds: Bounds,
    received: u64,
    last_progress: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Relay {
    pub(crate) fn new(chunks: Chunks, mut bounds: Bounds) -> Self {
        bounds.idle = bounds.idle.min(LONGEST_WAIT);
        Self {
            chunks: Some(chunks),
            bounds,
            received: 0,
            last_progress: Instant::now(),
            timer: Box::pin(sleep(bounds.idle)),
        }
    }

    /// Bytes passed on so far.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// From now on silence is borne for this long only.
    pub(crate) fn be_impatient(&mut self, idle: Duration) {
        self.bounds.idle = idle.min(self.bounds.idle);
        self.timer
            .as_mut()
            .reset(self.last_progress + self.bounds.idle);
    }

    /// Drops the source, which closes the connection unless its body ended.
    pub(crate) fn close(&mut self) {
        self.chunks = None;
    }

    /// The next chunk; after an error or the end there is nothing more, and the source is gone.
    pub(crate) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, ProviderError>>> {
        let item = ready!(self.poll_any(cx));
        if !matches!(item, Some(Ok(_))) {
            self.close();
        }
        Poll::Ready(item)
    }

    fn poll_any(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, ProviderError>>> {
        let Some(chunks) = &mut self.chunks else {
            return Poll::Ready(None);
        };
        loop {
            match chunks.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(chunk))) if chunk.is_empty() => {}
                Poll::Ready(Some(Ok(chunk))) => return Poll::Ready(Some(self.counted(chunk))),
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Some(Err(broken_body(&error))));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => break,
            }
        }
        ready!(self.poll_silence(cx));
        Poll::Ready(Some(Err(ProviderError::Stalled {
            idle: self.bounds.idle,
        })))
    }

    fn counted(&mut self, chunk: Bytes) -> Result<Bytes, ProviderError> {
        self.last_progress = Instant::now();
        self.received = self.received.saturating_add(chunk.len() as u64);
        let Bounds { limit, which, .. } = self.bounds;
        if self.received > limit {
            Err(ProviderError::TooLarge { limit, which })
        } else {
            Ok(chunk)
        }
    }

    /// Ready once nothing has come for too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.timer.as_mut().poll(cx));
            let due = self.last_progress + self.bounds.idle;
            if Instant::now() >= due {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(due);
        }
    }

    /// Reads the rest of the body into one piece; a body of one chunk is not copied. A large one
    /// that comes faster than it is read lets others of the thread have their turn.
    pub(crate) async fn collect(mut self, expected: u64) -> Result<Bytes, ProviderError> {
        let Some(first) = self.next().await else {
            return Ok(Bytes::new());
        };
        let first = first?;
        let Some(second) = self.next().await else {
            return Ok(first);
        };
        let expected = usize::try_from(expected.min(self.bounds.limit)).unwrap_or(0);
        let mut whole = BytesMut::with_capacity(expected.min(LARGEST_RESERVE).max(first.len()));
        whole.extend_from_slice(&first);
        whole.extend_from_slice(&second?);
        let mut turn = whole.len() + TURN;
        while let Some(chunk) = self.next().await {
            whole.extend_from_slice(&chunk?);
            if whole.len() >= turn {
                tokio::task::yield_now().await;
                turn = whole.len() + TURN;
            }
        }
        Ok(whole.freeze())
    }
}

/// What a `content-length` is believed before the bytes are here.
const LARGEST_RESERVE: usize = 1 << 20;

/// After so many bytes others get their turn: some 30 reads of a socket.
const TURN: usize = 256 << 10;

impl Stream for Relay {
    type Item = Result<Bytes, ProviderError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(cx)
    }
}

fn broken_body(error: &PayloadError) -> ProviderError {
    match error {
        PayloadError::Incomplete(_) | PayloadError::Io(_) => ProviderError::Truncated,
        _ => ProviderError::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const BOUNDS: Bounds = Bounds {
        idle: Duration::from_secs(10),
        limit: 100,
        which: ReplyLimit::Whole,
    };

    fn run<F: Future>(future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(future)
    }

    fn paced(pauses: &'static [u64]) -> Chunks {
        Box::pin(stream::iter(pauses).then(|pause| async move {
            sleep(Duration::from_secs(*pause)).await;
            Ok(Bytes::from_static(b"chunk"))
        }))
    }

    #[test]
    fn slow_but_steady_body_is_passed() {
        let body = run(async { Relay::new(paced(&[9, 9, 9, 9]), BOUNDS).collect(0).await });
        assert_eq!(body.unwrap().len(), 20);
    }

    #[test]
    fn silence_ends_the_body_exactly_at_its_bound() {
        run(async {
            let mut relay = Relay::new(paced(&[3, 3, 3600]), BOUNDS);
            let start = Instant::now();
            assert!(relay.next().await.unwrap().is_ok());
            assert!(relay.next().await.unwrap().is_ok());
            let end = relay.next().await.unwrap().unwrap_err();
            assert_eq!(end, ProviderError::Stalled { idle: BOUNDS.idle });
            let passed = start.elapsed();
            assert!(passed >= Duration::from_secs(16) && passed < Duration::from_secs(17));
            assert!(relay.next().await.is_none(), "an error is the end");
        });
    }

    #[test]
    fn silence_without_a_bound_is_no_overflow() {
        let bounds = Bounds {
            idle: Duration::MAX,
            ..BOUNDS
        };
        let body = run(async {
            Relay::new(paced(&[86_400, 86_400]), bounds)
                .collect(0)
                .await
        });
        assert_eq!(body.unwrap().len(), 10);
    }

    #[test]
    fn body_beyond_its_limit_is_an_error() {
        let chunks: Chunks = Box::pin(stream::repeat_with(|| {
            Ok(Bytes::from_static(b"0123456789"))
        }));
        let error = run(async { Relay::new(chunks, BOUNDS).collect(u64::MAX).await });
        assert_eq!(
            error,
            Err(ProviderError::TooLarge {
                limit: 100,
                which: ReplyLimit::Whole
            })
        );
    }

    #[test]
    fn body_of_one_chunk_is_not_copied() {
        let body = Bytes::from_static(b"one chunk");
        let address = body.as_ptr();
        let chunks: Chunks = Box::pin(stream::iter([Ok(body)]));
        let whole = run(async { Relay::new(chunks, BOUNDS).collect(9).await }).unwrap();
        assert_eq!(whole.as_ptr(), address);
    }

    #[test]
    fn others_have_their_turn_while_a_large_body_is_read() {
        let turns = std::cell::Cell::new(0);
        let others = async {
            loop {
                turns.set(turns.get() + 1);
                tokio::task::yield_now().await;
            }
        };
        let chunk = Bytes::from(vec![b'x'; TURN / 4]);
        let chunks: Chunks = Box::pin(stream::repeat_with(move || Ok(chunk.clone())).take(32));
        let bounds = Bounds {
            limit: u64::MAX,
            ..BOUNDS
        };
        let read = run(async {
            tokio::select! {
                body = Relay::new(chunks, bounds).collect(0) => body.unwrap().len(),
                () = others => 0,
            }
        });
        assert_eq!(read, 8 * TURN);
        assert!(turns.get() >= 7, "{} turns", turns.get());
    }

    #[test]
    fn source_is_dropped_at_the_end() {
        let held = std::rc::Rc::new(());
        let seen = std::rc::Rc::downgrade(&held);
        let chunks: Chunks = Box::pin(stream::once(async move {
            let _held = held;
            Err(PayloadError::Incomplete(None))
        }));
        run(async {
            let mut relay = Relay::new(chunks, BOUNDS);
            assert_eq!(relay.next().await, Some(Err(ProviderError::Truncated)));
            assert!(seen.upgrade().is_none());
        });
    }
}

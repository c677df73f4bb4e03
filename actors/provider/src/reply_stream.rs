//! A streamed reply: the provider's bytes untouched, watched as they pass.
//!
//! What is watched: the last usage record, whether `[DONE]` came, and whether the stream stands
//! between two events, so that the edge can end it well-formed at any time. A chunk costs one scan
//! for line ends; JSON is parsed only where an event has a usage object.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use memchr::memmem;
use tokio::time::{Instant, timeout_at};
use wire::{Usage, sse::EventScanner};

use crate::{
    answer::ReplyHeaders,
    error::ProviderError,
    relay::{Bounds, Chunks, Relay},
};

/// How long the end of the connection's body is awaited after `[DONE]`. With it the connection can
/// be used again; without it the client has everything all the same.
const AFTER_DONE: Duration = Duration::from_secs(1);

/// A stream of server-sent events whose first chunk has arrived.
///
/// Ends with `None` after `[DONE]`. Ends with one error, and then `None`, if the provider falls
/// silent, closes early or passes a bound. Poll it to `None`, also after `[DONE]`, or the upstream
/// connection is closed instead of used again. Dropping it closes the connection at once.
pub struct ReplyStream {
    headers: ReplyHeaders,
    first: Option<Bytes>,
    relay: Relay,
    watch: Watch,
    ended: bool,
}

/// What has been seen of the events.
struct Watch {
    scanner: EventScanner,
    usage: Option<Usage>,
    events: u64,
    done: bool,
}

impl ReplyStream {
    /// Waits for the first chunk.
    pub(crate) async fn open(
        chunks: Chunks,
        bounds: Bounds,
        headers: ReplyHeaders,
        deadline: Instant,
    ) -> Result<Self, ProviderError> {
        let mut relay = Relay::new(chunks, bounds);
        let first = timeout_at(deadline, relay.next()).await;
        let first = first.map_err(|_| ProviderError::FirstByteTimeout)?;
        let first = first.ok_or(ProviderError::EmptyStream)??;
        let watch = Watch {
            scanner: EventScanner::new(),
            usage: None,
            events: 0,
            done: false,
        };
        let mut stream = Self {
            headers,
            first: None,
            relay,
            watch,
            ended: false,
        };
        stream.see(&first)?;
        stream.first = Some(first);
        Ok(stream)
    }

    /// Allow-listed headers of the provider.
    pub fn headers(&self) -> &ReplyHeaders {
        &self.headers
    }

    /// The usage that was reported last.
    pub fn usage(&self) -> Option<Usage> {
        self.watch.usage
    }

    /// Bytes received from the provider so far.
    pub fn bytes(&self) -> u64 {
        self.relay.received()
    }

    /// Complete events received so far, `[DONE]` included.
    pub fn events(&self) -> u64 {
        self.watch.events
    }

    /// Tells whether `[DONE]` was received.
    pub fn saw_done(&self) -> bool {
        self.watch.done
    }

    /// Tells whether what was received ends between two events.
    pub fn at_boundary(&self) -> bool {
        self.watch.scanner.at_boundary()
    }

    fn see(&mut self, chunk: &[u8]) -> Result<(), ProviderError> {
        let was_done = self.watch.done;
        self.watch.see(chunk)?;
        if self.watch.done && !was_done {
            self.relay.be_impatient(AFTER_DONE);
        }
        Ok(())
    }

    /// What the end of the upstream body, good or bad, means for the client.
    fn conclude(&self, error: Option<ProviderError>) -> Option<Result<Bytes, ProviderError>> {
        if self.watch.done {
            return None;
        }
        let without_error = if self.watch.events == 0 {
            ProviderError::EmptyStream
        } else {
            ProviderError::Truncated
        };
        Some(Err(error.unwrap_or(without_error)))
    }
}

impl Watch {
    fn see(&mut self, chunk: &[u8]) -> Result<(), ProviderError> {
        let Self {
            scanner,
            usage,
            events,
            done,
        } = self;
        let seen = scanner.push(chunk, |event| {
            *events += 1;
            if event.is_done() {
                *done = true;
            } else if has_usage_object(event.data)
                && let Some(found) = Usage::from_event(event.data)
            {
                *usage = Some(found);
            }
        });
        seen.map_err(|_| ProviderError::Protocol)
    }
}

/// Some providers write `"usage":null` into every event; those need no parser.
fn has_usage_object(data: &[u8]) -> bool {
    memmem::find_iter(data, b"\"usage\"").any(|at| {
        let rest = data
            .get(at + b"\"usage\"".len()..)
            .unwrap_or_default()
            .trim_ascii_start();
        rest.strip_prefix(b":")
            .is_some_and(|value| value.trim_ascii_start().starts_with(b"{"))
    })
}

impl Stream for ReplyStream {
    type Item = Result<Bytes, ProviderError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if this.ended {
            return Poll::Ready(None);
        }
        let item = match ready!(this.relay.poll_chunk(cx)) {
            Some(Ok(chunk)) => match this.see(&chunk) {
                Ok(()) => return Poll::Ready(Some(Ok(chunk))),
                Err(error) => Some(Err(error)),
            },
            Some(Err(error)) => this.conclude(Some(error)),
            None => this.conclude(None),
        };
        this.ended = true;
        this.relay.close();
        Poll::Ready(item)
    }
}

impl fmt::Debug for ReplyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyStream")
            .field("bytes", &self.bytes())
            .field("events", &self.watch.events)
            .field("done", &self.watch.done)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use actix_http::error::PayloadError;
    use futures_util::stream;

    use super::*;
    use crate::error::ReplyLimit;

    const BOUNDS: Bounds = Bounds {
        idle: Duration::from_secs(10),
        limit: 10_000,
        which: ReplyLimit::Stream,
    };
    const TEXT: &[u8] =
        b"data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\"}}],\"usage\":null}\n\n";
    const USAGE: &[u8] =
        b"data: {\"choices\":[],\"usage\" : {\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n";
    const DONE: &[u8] = wire::sse::DONE;

    fn run<F: Future>(future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(future)
    }

    fn chunks(parts: Vec<Result<Vec<u8>, PayloadError>>, then_hang: bool) -> Chunks {
        let parts = stream::iter(parts).map(|part| part.map(Bytes::from));
        if then_hang {
            Box::pin(parts.chain(stream::pending()))
        } else {
            Box::pin(parts)
        }
    }

    async fn open(chunks: Chunks) -> Result<ReplyStream, ProviderError> {
        let deadline = Instant::now() + Duration::from_secs(5);
        ReplyStream::open(chunks, BOUNDS, Vec::new(), deadline).await
    }

    /// Everything that a client would get, and how it ended.
    async fn read(mut stream: ReplyStream) -> (Vec<u8>, Option<ProviderError>, ReplyStream) {
        let mut seen = Vec::new();
        while let Some(item) = stream.next().await {
            match item {
                Ok(chunk) => seen.extend_from_slice(&chunk),
                Err(error) => return (seen, Some(error), stream),
            }
        }
        (seen, None, stream)
    }

    #[test]
    fn bytes_pass_untouched_and_usage_is_known_at_the_end() {
        run(async {
            let all = [TEXT, USAGE, DONE].concat();
            for step in [1, 2, 3, 10, 1000] {
                let parts = all.chunks(step).map(|part| Ok(part.to_vec())).collect();
                let stream = open(chunks(parts, false)).await.unwrap();
                let (seen, error, stream) = read(stream).await;
                assert_eq!((seen.as_slice(), error), (all.as_slice(), None));
                assert_eq!(stream.usage().unwrap().total_tokens, 7);
                assert!(stream.saw_done() && stream.at_boundary());
                assert_eq!(stream.bytes(), all.len() as u64);
            }
        });
    }

    #[test]
    fn stream_without_done_is_cut_off() {
        run(async {
            let stream = open(chunks(vec![Ok(TEXT.to_vec())], false)).await.unwrap();
            let (seen, error, mut stream) = read(stream).await;
            assert_eq!(
                (seen.as_slice(), error),
                (TEXT, Some(ProviderError::Truncated))
            );
            assert!(stream.next().await.is_none());
        });
    }

    #[test]
    fn stream_cut_inside_an_event_is_not_at_a_boundary() {
        run(async {
            let stream = open(chunks(vec![Ok(TEXT[..20].to_vec())], false))
                .await
                .unwrap();
            assert!(!stream.at_boundary());
        });
    }

    #[test]
    fn stream_without_a_chunk_is_empty() {
        run(async {
            let error = open(chunks(vec![], false)).await.unwrap_err();
            assert_eq!(error, ProviderError::EmptyStream);
        });
    }

    #[test]
    fn stream_of_comments_only_is_empty() {
        run(async {
            let stream = open(chunks(vec![Ok(b": wait\n\n".to_vec())], false))
                .await
                .unwrap();
            assert_eq!(read(stream).await.1, Some(ProviderError::EmptyStream));
        });
    }

    #[test]
    fn first_chunk_is_awaited_to_its_deadline_only() {
        run(async {
            let error = open(Box::pin(stream::pending())).await.unwrap_err();
            assert_eq!(error, ProviderError::FirstByteTimeout);
        });
    }

    #[test]
    fn silence_in_mid_stream_is_a_stall() {
        run(async {
            let stream = open(chunks(vec![Ok(TEXT.to_vec())], true)).await.unwrap();
            let (seen, error, _) = read(stream).await;
            assert_eq!(seen, TEXT);
            assert_eq!(error, Some(ProviderError::Stalled { idle: BOUNDS.idle }));
        });
    }

    #[test]
    fn silence_after_done_is_the_end() {
        run(async {
            let start = Instant::now();
            let stream = open(chunks(vec![Ok([TEXT, DONE].concat())], true))
                .await
                .unwrap();
            assert_eq!(read(stream).await.1, None);
            assert!(start.elapsed() <= Duration::from_secs(2));
        });
    }

    #[test]
    fn connection_that_breaks_after_done_is_the_end() {
        run(async {
            let broken = Err(PayloadError::Incomplete(None));
            let stream = open(chunks(vec![Ok([TEXT, DONE].concat()), broken], false))
                .await
                .unwrap();
            assert_eq!(read(stream).await.1, None);
        });
    }

    #[test]
    fn endless_stream_ends_at_its_bound() {
        run(async {
            let parts = std::iter::repeat_with(|| Ok(TEXT.to_vec()))
                .take(1000)
                .collect();
            let (seen, error, _) = read(open(chunks(parts, false)).await.unwrap()).await;
            let expected = ProviderError::TooLarge {
                limit: 10_000,
                which: ReplyLimit::Stream,
            };
            assert_eq!(error, Some(expected));
            assert!(seen.len() <= 10_000);
        });
    }

    #[test]
    fn null_usage_needs_no_parser() {
        assert!(!has_usage_object(TEXT));
        assert!(has_usage_object(USAGE));
    }
}

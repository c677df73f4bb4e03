//! A streamed reply: the provider's events on their way into the client's format, watched as they
//! pass.
//!
//! Where both speak the same format the bytes are untouched: a chunk costs one scan for line ends,
//! and JSON is parsed only where an event may tell of usage or the end. What is watched is the same
//! for all: the last usage, whether the final event came, and whether the stream stands between two
//! events, so that the edge can end it well-formed at any time.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};
use wire::{ApiFormat, Asked, ErrorBody, Failure, ReplyTranslator, Usage};

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
/// Ends with `None` after the final event. Ends with one error, and then `None`, if the provider
/// falls silent, closes early, sends an error or passes a bound. Poll it to `None`, also after the
/// final event, or the upstream connection is closed instead of used again. Dropping it closes the
/// connection at once.
pub struct ReplyStream {
    headers: ReplyHeaders,
    first: Option<Bytes>,
    relay: Relay,
    translator: Box<ReplyTranslator>,
    ended: bool,
}

/// Which formats a reply is between.
#[derive(Debug, Clone)]
pub(crate) struct Languages {
    /// What the provider speaks.
    pub(crate) from: ApiFormat,
    /// What the client reads.
    pub(crate) to: ApiFormat,
    pub(crate) asked: Asked,
}

impl ReplyStream {
    /// Waits for the first chunk.
    pub(crate) async fn open(
        chunks: Chunks,
        bounds: Bounds,
        headers: ReplyHeaders,
        deadline: Instant,
        languages: &Languages,
    ) -> Result<Self, ProviderError> {
        let mut relay = Relay::new(chunks, bounds);
        let first = timeout_at(deadline, relay.next()).await;
        let first = first.map_err(|_| ProviderError::FirstByteTimeout)?;
        let first = first.ok_or(ProviderError::EmptyStream)??;
        let mut stream = Self {
            headers,
            first: None,
            relay,
            translator: Box::new(ReplyTranslator::new(
                languages.from,
                languages.to,
                &languages.asked,
            )),
            ended: false,
        };
        let first = stream.see(first)?;
        stream.refuse_early_failure(&first)?;
        stream.first = Some(first);
        Ok(stream)
    }

    /// Allow-listed headers of the provider.
    pub fn headers(&self) -> &ReplyHeaders {
        &self.headers
    }

    /// The usage that was reported last.
    pub fn usage(&self) -> Option<Usage> {
        self.translator.progress().usage
    }

    /// Id of the reply, if the provider may keep it.
    pub fn stored_id(&self) -> Option<&str> {
        self.translator.progress().stored_id.as_deref()
    }

    /// Bytes received from the provider so far.
    pub fn bytes(&self) -> u64 {
        self.relay.received()
    }

    /// Complete events received so far, the final one included.
    pub fn events(&self) -> u64 {
        self.translator.progress().events
    }

    /// Bytes of text, thinking and input of calls received so far, before redaction.
    pub fn text_bytes(&self) -> u64 {
        self.translator.progress().text_bytes
    }

    /// Fields of the stream that have no place in the client's format.
    pub fn notes(&self) -> &[String] {
        self.translator.notes()
    }

    /// Bytes that the provider sent behind its final event; the client does not get them.
    pub fn after_end(&self) -> u64 {
        self.translator.progress().after_end
    }

    /// Tells whether what passed ends with the final event, so that nothing may follow.
    pub fn is_over(&self) -> bool {
        self.translator.is_over()
    }

    /// Tells whether the final event was received.
    pub fn saw_done(&self) -> bool {
        self.translator.progress().done
    }

    /// Tells whether the provider's own error has been passed on to the client as it came.
    pub fn failure_shown(&self) -> bool {
        self.translator.progress().failure_shown
    }

    /// Tells whether what was received ends between two events.
    pub fn at_boundary(&self) -> bool {
        self.translator.at_boundary()
    }

    fn see(&mut self, chunk: Bytes) -> Result<Bytes, ProviderError> {
        let was_done = self.saw_done();
        let seen = self.translator.push(chunk);
        let seen = seen.map_err(|_| ProviderError::Protocol)?;
        if self.saw_done() && !was_done {
            self.relay.be_impatient(AFTER_DONE);
        }
        Ok(seen)
    }

    /// An error as the very first thing is the answer, and another target may do better.
    fn refuse_early_failure(&self, first: &[u8]) -> Result<(), ProviderError> {
        let progress = self.translator.progress();
        match &progress.failure {
            Some(failure) if first.is_empty() || progress.events == 1 => Err(told(failure)),
            _ => Ok(()),
        }
    }

    /// What the end of the upstream body, good or bad, means for the client.
    fn conclude(&self, error: Option<ProviderError>) -> Option<Result<Bytes, ProviderError>> {
        let progress = self.translator.progress();
        if progress.done {
            return None;
        }
        if let Some(failure) = &progress.failure {
            return Some(Err(told(failure)));
        }
        let without_error = if progress.events == 0 {
            ProviderError::EmptyStream
        } else {
            ProviderError::Truncated
        };
        Some(Err(error.unwrap_or(without_error)))
    }

    /// The provider closed its stream: what that still gives, and what it means.
    fn close(&mut self) -> Option<Result<Bytes, ProviderError>> {
        match self.translator.end() {
            Ok(rest) if rest.is_empty() => self.finish(None),
            Ok(rest) => Some(Ok(rest)),
            Err(_) => self.finish(Some(ProviderError::Protocol)),
        }
    }

    fn finish(&mut self, error: Option<ProviderError>) -> Option<Result<Bytes, ProviderError>> {
        self.ended = true;
        self.relay.close();
        self.conclude(error)
    }
}

/// An error event of the provider, as the error that the edge knows.
fn told(failure: &Failure<'_>) -> ProviderError {
    ProviderError::Status {
        status: failure.status.unwrap_or_else(|| failure.kind.status()),
        retry_after: failure.retry_after.map(Duration::from_secs),
        body: Some(ErrorBody {
            message: failure.message.clone().into_owned(),
            type_: String::new(),
            code: failure.code.clone().map(std::borrow::Cow::into_owned),
            param: None,
        }),
    }
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
        if this.translator.progress().failure.is_some() {
            return Poll::Ready(this.finish(None));
        }
        Poll::Ready(match ready!(this.relay.poll_chunk(cx)) {
            Some(Ok(chunk)) => match this.see(chunk) {
                Ok(seen) => Some(Ok(seen)),
                Err(error) => this.finish(Some(error)),
            },
            Some(Err(error)) => this.finish(Some(error)),
            None => this.close(),
        })
    }
}

impl fmt::Debug for ReplyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyStream")
            .field("bytes", &self.bytes())
            .field("progress", self.translator.progress())
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

    /// Chat Completions on both sides.
    fn chat() -> Languages {
        let asked = Asked {
            model: "m".to_owned(),
            provider: "p".to_owned(),
            include_usage: true,
            now: 0,
            request_id: "r".to_owned(),
            seals: None,
        };
        let format = ApiFormat::OpenAiChat;
        Languages {
            from: format,
            to: format,
            asked,
        }
    }

    async fn open(chunks: Chunks) -> Result<ReplyStream, ProviderError> {
        let deadline = Instant::now() + Duration::from_secs(5);
        ReplyStream::open(chunks, BOUNDS, Vec::new(), deadline, &chat()).await
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
    fn what_follows_the_end_is_not_passed_and_changes_no_count() {
        run(async {
            let all = [TEXT, USAGE, DONE].concat();
            let more = [all.as_slice(), TEXT, DONE].concat();
            let stream = open(chunks(vec![Ok(more)], false)).await.unwrap();
            let (seen, error, stream) = read(stream).await;
            assert_eq!((seen.as_slice(), error), (all.as_slice(), None));
            assert_eq!(
                (stream.usage().unwrap().total_tokens, stream.events()),
                (7, 3)
            );
            assert!(stream.is_over() && stream.after_end() > 0);
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
}

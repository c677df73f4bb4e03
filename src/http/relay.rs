//! Passes a provider's stream on to the client, and ends it well whatever happens.
//!
//! Owns: comment heartbeats while the provider is silent, the one final event when the stream
//! breaks, the client's own framing as the last step, and the settling of what the stream cost, exactly once, also when the client left.
//! Never does: parse or change what it passes; the provider crate watches the events, and the
//! redactor changes them where replies are redacted or hold stand-ins.

use std::future::Future as _;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use futures_util::Stream as _;
use provider::{ProviderError, ReplyStream};
use redactor::{Direction, Passed, RedactError, ReplyRedactor};
use router::AnswerPass;
use tokio::time::{Instant, Sleep};
use wire::{ApiFormat, Asked, Failure, Framer};

use super::closing::Ended;
use super::error::{ApiError, ErrorCode};
use super::event_gate::EventGate;
use super::exchange::Exchange;
use super::findings;
use super::refusals::{reply_error, stream_error};
use super::remembered::Remembered;
use super::worker::{Cost, Counted, Worker};

/// Silence after which a comment tells middle boxes that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Silence after which text that is held back, since it could be the beginning of a secret and
/// holds nothing of one yet, is let go.
pub const STALL: Duration = Duration::from_secs(2);

/// Bytes of text that count as a token where the provider does not say.
const BYTES_PER_TOKEN: u64 = 4;

/// An event as large as this that never ends is not an event.
pub const LONGEST_EVENT: usize = wire::sse::DEFAULT_LIMIT;

/// The streamed answer to one request.
pub struct Relay {
    upstream: Option<ReplyStream>,
    gate: EventGate,
    redactor: Option<ReplyRedactor>,
    last_progress: Instant,
    heartbeat: Pin<Box<Sleep>>,
    ended: Ended,
    settlement: Settlement,
    client: Client,
    remembered: Remembered,
    /// Whether the frame was closed.
    closed: bool,
}

/// Who reads the stream.
#[derive(Debug)]
pub struct Client {
    /// Makes of events what the client's format has instead.
    pub framer: Framer,
    /// What the events that we write ourselves depend on.
    pub asked: Asked,
    /// Whether the chunk with the usage was asked for by us alone.
    pub hides_usage: bool,
}

/// What is settled when the stream ends.
pub struct Settlement {
    /// The worker that serves the request.
    pub worker: Rc<Worker>,
    /// The record of the request.
    pub exchange: Rc<Exchange>,
    /// The limits' proof; gives back its place and takes the real count.
    pub cost: Cost,
    /// The client key's id, to which a reply that the provider keeps belongs.
    pub key_id: String,
    /// The breaker's pass; says how the call ended.
    pub pass: Option<AnswerPass>,
}

impl Relay {
    /// Takes over a stream whose first chunk has arrived.
    #[must_use]
    pub fn new(
        upstream: ReplyStream,
        settlement: Settlement,
        redactor: Option<ReplyRedactor>,
        client: Client,
    ) -> Self {
        let now = Instant::now();
        let ended = settlement.worker.shared.closing.ended();
        let remembered = Remembered::for_client(settlement.exchange.format.get());
        Self {
            upstream: Some(upstream),
            gate: EventGate::default(),
            redactor,
            last_progress: now,
            heartbeat: Box::pin(tokio::time::sleep_until(now + HEARTBEAT)),
            ended,
            settlement,
            client,
            remembered,
            closed: false,
        }
    }

    fn on_chunk(&mut self, chunk: Bytes) -> Option<Bytes> {
        self.last_progress = Instant::now();
        let whole = self.gate.push(chunk);
        if self.gate.held() > LONGEST_EVENT {
            return Some(self.break_off(&ProviderError::Protocol));
        }
        let passed = self.redacted(self.shown(whole));
        self.remembered.keep(&passed);
        self.watch_what_is_held();
        (!passed.is_empty()).then_some(passed)
    }

    fn on_end(&mut self) -> Option<Bytes> {
        // Behind the final event there is only the beginning of what does not belong to it.
        let over = self.upstream.as_ref().is_some_and(ReplyStream::is_over);
        let torn = self.gate.finish().filter(|_| !over).unwrap_or_default();
        let last = self.redacted(self.shown(torn));
        if self.upstream.is_none() {
            // The redactor ended it.
            return Some(last);
        }
        self.remembered.keep(&last);
        let rest = match self.rest() {
            Ok(rest) => rest,
            Err(error) => self.stopped(&error),
        };
        if let Some(stream) = self.upstream.take() {
            self.settlement.close(&stream, None);
        }
        self.note_findings();
        let end = Bytes::from([last, rest].concat());
        (!end.is_empty()).then_some(end)
    }

    fn shown(&self, whole: Bytes) -> Bytes {
        if self.client.hides_usage {
            wire::without_usage_chunk(whole)
        } else {
            whole
        }
    }

    /// What was held back and may go, now that nothing follows.
    fn rest(&mut self) -> Result<Bytes, RedactError> {
        let redactor = self.redactor.as_mut();
        redactor.map_or_else(|| Ok(Bytes::new()), ReplyRedactor::finish)
    }

    /// Whole events, with what may not pass taken out.
    fn redacted(&mut self, whole: Bytes) -> Bytes {
        let Some(redactor) = self.redactor.as_mut().filter(|_| !whole.is_empty()) else {
            return whole;
        };
        match redactor.events(whole) {
            Passed::All(events) => events,
            Passed::UpTo(events, error) => {
                self.remembered.keep(&events);
                let end = self.stopped(&error);
                Bytes::from([events, end].concat())
            }
        }
    }

    /// Ends a stream that may not go on. It says nothing about the provider.
    fn stopped(&mut self, error: &RedactError) -> Bytes {
        if let Some(stream) = self.upstream.take() {
            self.settlement.abandon(&stream);
        }
        if !matches!(error, RedactError::Blocked { .. }) {
            let metrics = &self.settlement.worker.shared.metrics;
            metrics.redaction_failures.inc();
        }
        self.note_findings();
        self.final_event(&reply_error(error))
    }

    /// Tells what was found in the reply, once; nothing of it is redacted after that.
    fn note_findings(&mut self) {
        if let Some(redactor) = self.redactor.take() {
            let (worker, exchange) = (&self.settlement.worker, &self.settlement.exchange);
            findings::note(worker, exchange, redactor.findings(), Direction::Reply);
        }
    }

    /// While text is held back, silence is noticed sooner.
    fn watch_what_is_held(&mut self) {
        let due = self.last_progress + STALL;
        if self.holds() && self.heartbeat.deadline() > due {
            self.heartbeat.as_mut().reset(due);
        }
    }

    fn holds(&self) -> bool {
        self.redactor.as_ref().is_some_and(ReplyRedactor::holds)
    }

    /// Ends the stream with one event that says what happened.
    fn break_off(&mut self, error: &ProviderError) -> Bytes {
        let told = stream_error(error);
        let mut shown = false;
        if let Some(stream) = self.upstream.take() {
            shown = stream.failure_shown();
            self.settlement.close(&stream, Some(error));
        }
        if shown {
            self.after_their_error(&told)
        } else {
            self.last_words(&told)
        }
    }

    /// What follows an error that the provider told the client itself, in the client's own format.
    fn after_their_error(&mut self, told: &ApiError) -> Bytes {
        let rest = self.rest().unwrap_or_default();
        self.note_findings();
        self.remembered.keep(&rest);
        let exchange = &self.settlement.exchange;
        exchange.fail(told);
        match exchange.format.get() {
            ApiFormat::OpenAiChat | ApiFormat::Cohere => {
                Bytes::from([rest.as_ref(), wire::sse::DONE].concat())
            }
            ApiFormat::OpenAiResponses => {
                let failure = told.failure(&exchange.id);
                let end = self.broken_off(&failure, ApiFormat::OpenAiResponses);
                Bytes::from([rest, end].concat())
            }
            _ => rest,
        }
    }

    fn shut_down(&mut self) -> Bytes {
        if let Some(stream) = self.upstream.take() {
            self.settlement.abandon(&stream);
        }
        self.last_words(&ApiError::new(ErrorCode::ShuttingDown))
    }

    /// What was held back until here, and the event that says why no more comes.
    fn last_words(&mut self, told: &ApiError) -> Bytes {
        let rest = self.rest().unwrap_or_default();
        self.note_findings();
        self.remembered.keep(&rest);
        Bytes::from([rest, self.final_event(told)].concat())
    }

    fn broken_off(&self, failure: &Failure<'_>, format: ApiFormat) -> Bytes {
        let shown = self.remembered.shown();
        wire::write_stream_failure(failure, format, &self.client.asked, &shown)
    }

    fn final_event(&self, told: &ApiError) -> Bytes {
        let exchange = &self.settlement.exchange;
        exchange.fail(told);
        let format = exchange.format.get();
        if format != ApiFormat::OpenAiChat {
            let failure = told.failure(&exchange.id);
            return self.broken_off(&failure, format);
        }
        let body = told.body(&exchange.id);
        [b"data: ".as_slice(), &body, b"\n\n", wire::sse::DONE]
            .concat()
            .into()
    }

    /// Google's SDK takes a comment for data.
    fn reads_comments(&self) -> bool {
        self.settlement.exchange.format.get() != ApiFormat::Gemini
    }

    fn poll_heartbeat(&mut self, cx: &mut Context<'_>) -> Option<Bytes> {
        // Re-armed only when it fires, so that a busy stream pays nothing for it.
        while self.heartbeat.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let silent = now.saturating_duration_since(self.last_progress);
            if silent >= HEARTBEAT {
                self.heartbeat.as_mut().reset(now + HEARTBEAT);
                if self.reads_comments() {
                    return Some(Bytes::from_static(wire::sse::KEEP_ALIVE));
                }
                continue;
            }
            let stalled = silent >= STALL && self.holds();
            let due = self.last_progress
                + if stalled || !self.holds() {
                    HEARTBEAT
                } else {
                    STALL
                };
            self.heartbeat.as_mut().reset(due);
            let released = stalled.then(|| self.redactor.as_mut()?.stalled()).flatten();
            if let Some(released) = released {
                self.remembered.keep(&released);
                return Some(released);
            }
        }
        None
    }

    fn poll_upstream(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            let Some(stream) = &mut self.upstream else {
                return Poll::Ready(None);
            };
            match Pin::new(stream).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(chunk))) => {
                    if let Some(whole) = self.on_chunk(chunk) {
                        return Poll::Ready(Some(whole));
                    }
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(self.break_off(&error))),
                Poll::Ready(None) => return Poll::Ready(self.on_end()),
            }
        }
    }
}

impl Relay {
    /// The next events, whole.
    fn poll_events(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.upstream.is_none() {
            return Poll::Ready(None);
        }
        if self.ended.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(self.shut_down()));
        }
        match self.poll_upstream(cx) {
            Poll::Pending => match self.poll_heartbeat(cx) {
                Some(comment) => Poll::Ready(Some(comment)),
                None => Poll::Pending,
            },
            ready => ready,
        }
    }

    /// What closes the client's frame, once.
    fn close_frame(&mut self) -> Option<Bytes> {
        if std::mem::replace(&mut self.closed, true) {
            return None;
        }
        Some(self.client.framer.finish()).filter(|end| !end.is_empty())
    }
}

impl MessageBody for Relay {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        loop {
            let Poll::Ready(next) = self.poll_events(cx) else {
                return Poll::Pending;
            };
            let Some(events) = next else {
                return Poll::Ready(self.close_frame().map(Ok));
            };
            let framed = self.client.framer.frame(events);
            if !framed.is_empty() {
                return Poll::Ready(Some(Ok(framed)));
            }
        }
    }
}

impl Drop for Relay {
    /// The client left before the end: what came so far is settled, and dropping the stream
    /// closes the provider's connection.
    fn drop(&mut self) {
        self.note_findings();
        if let Some(stream) = self.upstream.take() {
            self.settlement.abandon(&stream);
        }
    }
}

impl Settlement {
    fn close(&mut self, stream: &ReplyStream, error: Option<&ProviderError>) {
        self.count(stream);
        let Some(pass) = self.pass.take() else { return };
        let Some(error) = error else {
            return pass.ended(&*self.worker);
        };
        let provider = self.exchange.provider.borrow();
        let labels = [provider.as_str(), error.label()];
        self.worker
            .shared
            .metrics
            .stream_interrupts
            .with_label_values(&labels)
            .inc();
        pass.failed(error, &*self.worker);
    }

    /// Ended by the client or by us: says nothing about the provider.
    fn abandon(&mut self, stream: &ReplyStream) {
        self.count(stream);
        self.pass = None;
    }

    fn count(&mut self, stream: &ReplyStream) {
        if let Some(id) = stream.stored_id() {
            let (worker, provider) = (&self.worker, self.exchange.provider.borrow());
            worker.note_response(id, &provider, &self.key_id);
        }
        let counted = Counted {
            usage: stream.usage(),
            complete: stream.saw_done(),
            // What cannot be measured comes in chunks of about a token.
            estimate: match stream.text_bytes() {
                0 => stream.events(),
                bytes => bytes.div_ceil(BYTES_PER_TOKEN),
            },
        };
        self.cost.settle_chat(&self.worker, &self.exchange, counted);
        self.note_losses(stream);
    }

    /// What the client cannot be told in a header any more.
    fn note_losses(&self, stream: &ReplyStream) {
        let mut notes = self.exchange.notes.borrow_mut();
        for note in stream.notes() {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        if stream.after_end() > 0 {
            notes.push("events after the end".to_owned());
        }
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay")
            .field("request", &self.settlement.exchange.id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Settlement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settlement")
            .field("request", &self.exchange.id)
            .finish_non_exhaustive()
    }
}

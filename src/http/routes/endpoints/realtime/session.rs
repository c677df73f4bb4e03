//! An open session: what both directions share, and the task that runs until one side ends it.
//!
//! The answer's body only hands over what waits for the client. So a client that does not read stops
//! what comes from the provider, and what the client says still goes its way.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Payload;
use auth::{Admission, LimitError};
use bytes::Bytes;
use provider::{ProviderSpec, Realtime, RealtimeFrame};
use redactor::{Direction, ReplyRedactor, Who};
use tokio::time::Instant;
use wire::realtime::{ErrorEvent, Step};
use wire::websocket::{FrameKind, frame};
use zeroize::Zeroizing;

use super::end::{End, finish};
use super::outbox::Outbox;
use super::uncounted::{Charge, Uncounted};
use super::{client_side, provider_side, watch};
use crate::http::connections::Connection;
use crate::http::error::ApiError;
use crate::http::exchange::Exchange;
use crate::http::findings;
use crate::http::refusals::limit_label;
use crate::http::worker::Worker;
use crate::world::World;

/// What both directions share.
pub(super) struct Session {
    pub(super) worker: Rc<Worker>,
    pub(super) exchange: Rc<Exchange>,
    pub(super) connection: Option<Arc<Connection>>,
    pub(super) key_id: String,
    /// The client's key, to be looked up again after a reload.
    pub(super) key: Zeroizing<Vec<u8>>,
    /// The agent or model, as the client called it.
    pub(super) asked: String,
    /// What the provider calls the model; none where it only transcribes.
    pub(super) model: Option<Arc<str>>,
    pub(super) agent: Option<Arc<str>>,
    /// Who serves it.
    pub(super) spec: Arc<ProviderSpec>,
    /// The configuration in force.
    pub(super) world: RefCell<Arc<World>>,
    /// The session's place among the key's open requests, until it ends.
    pub(super) admission: RefCell<Option<Admission>>,
    /// What the provider's events go through; none if they pass as they are.
    pub(super) reply: RefCell<Option<ReplyRedactor>>,
    /// Frames for the client.
    pub(super) to_client: Outbox<Bytes>,
    /// Frames for the provider.
    pub(super) to_provider: Outbox<RealtimeFrame>,
    pub(super) heard_client: Cell<Instant>,
    pub(super) heard_provider: Cell<Instant>,
    /// When the provider's last event came.
    pub(super) said: Cell<Instant>,
    /// Events of our own, for their ids.
    pub(super) events: Cell<u64>,
    /// What has come and is not counted.
    pub(super) uncounted: RefCell<Uncounted>,
}

impl Session {
    /// For whom events are redacted.
    pub(super) fn who(&self) -> Who<'_> {
        Who {
            key_id: &self.key_id,
            agent: self.agent.as_deref(),
        }
    }

    /// Counts what an event of the provider's costs.
    ///
    /// # Errors
    /// If the key has nothing left.
    pub(super) fn charge_for(&self, step: Step) -> Result<(), LimitError> {
        let charge = self.uncounted.borrow_mut().heard(step);
        charge.map_or(Ok(()), |charge| self.charge(charge))
    }

    /// Counts what came and will not be counted by the provider any more; once.
    pub(super) fn charge_rest(&self) {
        let rest = self.uncounted.borrow_mut().rest();
        if let Some(rest) = rest {
            // The session is over, whatever the key has left.
            self.charge(rest).ok();
        }
    }

    fn charge(&self, charge: Charge) -> Result<(), LimitError> {
        let (prompt, completion, total) = match charge {
            Charge::Told(usage) => (
                usage.prompt_tokens,
                usage.completion_tokens,
                usage.total_tokens,
            ),
            Charge::Guessed(prompt, completion) => {
                self.exchange.tokens_estimated.set(true);
                (prompt, completion, prompt.saturating_add(completion))
            }
        };
        let before = self.exchange.tokens.get();
        self.exchange.tokens.set((
            before.0.saturating_add(prompt),
            before.1.saturating_add(completion),
        ));
        self.note_tokens(charge, [prompt, completion]);
        let admission = self.admission.borrow();
        let charged = admission.as_ref().map_or(Ok(()), |open| open.charge(total));
        charged.inspect_err(|error| {
            let rejected = &self.worker.shared.metrics.ratelimit_rejected;
            rejected.with_label_values(&[limit_label(error)]).inc();
        })
    }

    fn note_tokens(&self, charge: Charge, tokens: [u64; 2]) {
        let metrics = &self.worker.shared.metrics;
        let counter = match charge {
            Charge::Told(_) => &metrics.tokens,
            Charge::Guessed(..) => &metrics.tokens_estimated,
        };
        let agent = self.agent.as_deref().unwrap_or_default();
        for (direction, count) in ["input", "output"].into_iter().zip(tokens) {
            let labels = [direction, self.spec.name.as_str(), agent];
            if count > 0 {
                counter.with_label_values(&labels).inc_by(count);
            }
        }
    }

    /// An error in the words of the API, as a frame for the client.
    pub(super) fn error_frame(&self, error: &ApiError, about: Option<&str>) -> Bytes {
        let number = self.events.get() + 1;
        self.events.set(number);
        let event_id = format!("event_{}_{number}", self.exchange.id);
        let message = error.message();
        let event = ErrorEvent {
            event_id: &event_id,
            kind: error.code().kind(),
            code: error.code().wire(),
            message: &message,
            param: error.named_param(),
            about,
        };
        frame(FrameKind::Text, &event.to_bytes(), None)
    }

    /// Tells metrics and journal what was found in the provider's events.
    pub(super) fn note_found(&self) {
        let found = self
            .reply
            .borrow_mut()
            .as_mut()
            .map(ReplyRedactor::take_findings);
        if let Some(found) = found.filter(|found| !found.is_empty() || found.unscanned()) {
            findings::note(&self.worker, &self.exchange, &found, Direction::Reply);
        }
    }

    /// The session is over for the limits of its key.
    pub(super) fn give_back(&self) {
        drop(self.admission.borrow_mut().take());
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("request", &self.exchange.id)
            .finish_non_exhaustive()
    }
}

/// A session that is counted as open. Dropped, however that comes, it ends the client's side.
#[derive(Debug)]
pub(super) struct OpenSession(Rc<Session>);

impl OpenSession {
    pub(super) fn begin(session: &Rc<Session>) -> Self {
        session.worker.shared.metrics.realtime_sessions.inc();
        Self(Rc::clone(session))
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.0.worker.shared.metrics.realtime_sessions.dec();
        self.0.charge_rest();
        self.0.give_back();
        self.0.to_client.end();
    }
}

/// Runs a session to its end.
pub(super) async fn run(open: OpenSession, payload: Payload, provider: Realtime) {
    let session = &*open.0;
    let Realtime {
        mut reader,
        mut writer,
        ..
    } = provider;
    let end = {
        let writing = provider_side::write(session, &mut writer);
        let hearing = provider_side::hear(session, &mut reader);
        let listening = client_side::listen(session, payload);
        let watching = watch::watch(session);
        tokio::select! {
            biased;
            () = session.to_client.until_left() => End::ClientGone,
            end = listening => end,
            end = hearing => end,
            end = writing => end,
            end = watching => end,
        }
    };
    finish(session, end, &mut reader, &mut writer).await;
}

/// Hands over what waits for the client.
pub(super) struct SessionBody {
    session: Rc<Session>,
    ended: bool,
}

impl SessionBody {
    pub(super) fn new(session: Rc<Session>) -> Self {
        Self {
            session,
            ended: false,
        }
    }

    /// The client closes its side only when it hears that ours is closed.
    fn say_no_more(&mut self) {
        let Some(connection) = &self.session.connection else {
            return;
        };
        if !std::mem::replace(&mut self.ended, true) {
            actix_web::rt::spawn(Arc::clone(connection).say_no_more());
        }
    }
}

impl MessageBody for SessionBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let next = ready!(self.session.to_client.poll_take(cx));
        if next.is_none() {
            self.say_no_more();
        }
        Poll::Ready(next.map(Ok))
    }
}

impl Drop for SessionBody {
    fn drop(&mut self) {
        self.session.to_client.leave();
        // Nothing that is settled later would be in the log.
        self.session.charge_rest();
    }
}

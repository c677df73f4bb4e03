//! From the client to the provider: whole messages, each an event that is judged, redacted and
//! passed on.
//!
//! An event that may not pass is answered with an error event and left out; the session goes on. A
//! frame that cannot be read ends it. While an event waits for room on the provider's side nothing
//! more is read of the client, so its connection is watched then.

use std::pin::{Pin, pin};

use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::StreamExt as _;
use provider::RealtimeFrame;
use redactor::{Direction, Redacted};
use tokio::time::Instant;
use wire::realtime::{EventHead, transcription_models, with_session_model};
use wire::text_spans;
use wire::websocket::{FrameKind, Message, Reader, Sender, frame};

use super::end::End;
use super::session::Session;
use super::watch::{entered, judged};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::findings;
use crate::http::refusals::redact_error;

/// Listens until the client ends the session.
pub(super) async fn listen(session: &Session, mut payload: Payload) -> End {
    let longest = session.world.borrow().body.bytes;
    let mut frames = Reader::new(Sender::Client, longest);
    let mut gone = pin!(client_gone(session));
    loop {
        match frames.next_message() {
            Err(error) => return End::unreadable(error),
            Ok(Some(message)) => {
                if let Some(end) = take(session, message, gone.as_mut()).await {
                    return end;
                }
                continue;
            }
            Ok(None) => {}
        }
        match payload.next().await {
            Some(Ok(bytes)) => {
                session.heard_client.set(Instant::now());
                frames.push(&bytes);
            }
            Some(Err(_)) | None => return End::ClientGone,
        }
    }
}

/// Resolves when the client has closed its connection or broken it off.
async fn client_gone(session: &Session) {
    match &session.connection {
        Some(connection) => connection.until_gone().await,
        None => std::future::pending().await,
    }
}

async fn take(
    session: &Session,
    message: Message,
    gone: Pin<&mut impl Future<Output = ()>>,
) -> Option<End> {
    match message {
        Message::Text(event) => pass(session, event, gone).await,
        // The API has none, and nobody could look into one.
        Message::Binary(_) => {
            let error = ApiError::new(ErrorCode::InvalidMessage).detail("Send events as text.");
            Some(End::Refused(error, 1003))
        }
        Message::Ping(payload) => {
            let pong = frame(FrameKind::Pong, &payload, None);
            session.to_client.put_control(pong);
            None
        }
        Message::Pong => None,
        Message::Close(close) => Some(End::ClientClosed(close)),
    }
}

async fn pass(
    session: &Session,
    event: Bytes,
    gone: Pin<&mut impl Future<Output = ()>>,
) -> Option<End> {
    let Some(head) = EventHead::of(&event) else {
        let error = ApiError::new(ErrorCode::InvalidJson).detail("An event is a JSON object.");
        refuse(session, &error, None).await;
        return None;
    };
    let clean = match judged_event(session, &head, event) {
        Ok(event) => redacted(session, event).await,
        Err(error) => Err(error),
    };
    match clean {
        Err(error) => refuse(session, &error, head.event_id.as_deref()).await,
        Ok(clean) => {
            learn(session, &clean);
            measure(session, &head, clean.get());
            let Some(frame) = RealtimeFrame::event(&clean) else {
                return Some(End::without_randomness());
            };
            tokio::select! {
                biased;
                () = session.to_provider.put(frame) => {}
                () = gone => return Some(End::ClientGone),
            }
        }
    }
    None
}

/// Remembers how much text the client says, for replies that are not counted.
fn measure(session: &Session, head: &EventHead, event: &[u8]) {
    if head.brings_sound() {
        return;
    }
    let limits = session.world.borrow().json;
    let texts = text_spans(event, &limits).unwrap_or_default();
    let length: usize = texts.iter().map(|text| text.end - text.start).sum();
    session.uncounted.borrow_mut().said(length as u64);
}

/// The event with the session's own model, if it may use the others that it names.
fn judged_event(session: &Session, head: &EventHead, event: Bytes) -> Result<Bytes, ApiError> {
    if !head.sets_up_session() {
        return Ok(event);
    }
    for model in transcription_models(&event) {
        may_transcribe(session, &model)?;
    }
    let model = session.model.as_deref();
    let named = model.and_then(|model| with_session_model(&event, model));
    Ok(named.unwrap_or(event))
}

/// A model that a session's sound is transcribed by is a model that the key uses.
fn may_transcribe(session: &Session, model: &str) -> Result<(), ApiError> {
    let world = std::sync::Arc::clone(&session.world.borrow());
    let provider = session.spec.name.as_str();
    let known =
        || ApiError::new(ErrorCode::ModelNotFound).param("session.audio.input.transcription.model");
    if !world.allows_model(provider, model) {
        return Err(known());
    }
    let plain = judged(session, entered(session, &world)?, &world, model);
    let named = format!("{provider}/{model}");
    plain.or_else(|_| judged(session, entered(session, &world)?, &world, &named))
}

async fn redacted(session: &Session, event: Bytes) -> Result<Redacted<Bytes>, ApiError> {
    let (shared, limits) = (&session.worker.shared, session.world.borrow().json);
    let clean = shared
        .redactor
        .redact_json(event, &limits, session.who())
        .await;
    clean.map_err(|error| {
        let (worker, exchange) = (&session.worker, &session.exchange);
        findings::note_error(worker, exchange, &error, Direction::Request);
        redact_error(&error)
    })
}

/// What was found in the event, and what its reply has to know.
fn learn(session: &Session, clean: &Redacted<Bytes>) {
    let found = clean.findings();
    if !found.is_empty() || found.unscanned() {
        findings::note(
            &session.worker,
            &session.exchange,
            found,
            Direction::Request,
        );
    }
    let mut reply = session.reply.borrow_mut();
    match reply.as_mut() {
        Some(reply) => reply.learn(clean),
        None => *reply = clean.reply(),
    }
}

async fn refuse(session: &Session, error: &ApiError, about: Option<&str>) {
    let event = session.error_frame(error, about);
    session.to_client.put(event).await;
}

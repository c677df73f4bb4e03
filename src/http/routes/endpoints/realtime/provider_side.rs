//! From the provider to the client: events that are counted, redacted and passed on; and the
//! writing of what waits for the provider.

use bytes::Bytes;
use provider::{RealtimeFrame, RealtimeReader, RealtimeWriter};
use redactor::RedactError;
use tokio::time::Instant;
use wire::realtime::{ProviderEvent, tells_of_account, without_account};
use wire::websocket::{FrameKind, Message, frame};

use super::end::End;
use super::session::Session;
use crate::http::refusals::{limit_error, reply_error};

/// Hears the provider until it ends the session, or it may not go on.
pub(super) async fn hear(session: &Session, reader: &mut RealtimeReader) -> End {
    loop {
        let message = match reader.next().await {
            Ok(message) => message,
            Err(error) => return End::ProviderBroke(error),
        };
        session.heard_provider.set(Instant::now());
        match message {
            Message::Text(event) => {
                session.said.set(Instant::now());
                if let Err(end) = pass(session, event).await {
                    return end;
                }
            }
            Message::Ping(payload) => match RealtimeFrame::pong(&payload) {
                Some(pong) => session.to_provider.put_control(pong),
                None => return End::without_randomness(),
            },
            Message::Pong => {}
            Message::Close(close) => return End::ProviderClosed(close),
            // The API has none, and nobody could look into one.
            Message::Binary(_) => return End::ProviderBroke(provider::ProviderError::Protocol),
        }
    }
}

async fn pass(session: &Session, event: Bytes) -> Result<(), End> {
    let told = ProviderEvent::of(&event);
    if tells_of_account(&told.kind) {
        return Ok(());
    }
    let charged = session.charge_for(told.step);
    let event = without_account(&event).unwrap_or(event);
    let mut passed = Vec::new();
    let checked = checked(session, event, &mut passed);
    session.note_found();
    for event in passed {
        let event = frame(FrameKind::Text, &event, None);
        session.to_client.put(event).await;
    }
    checked.map_err(|error| blocked(session, &error))?;
    charged.map_err(|error| End::Refused(limit_error(&error), 1008))
}

fn checked(session: &Session, event: Bytes, passed: &mut Vec<Bytes>) -> Result<(), RedactError> {
    match session.reply.borrow_mut().as_mut() {
        Some(reply) => reply.message(event, passed),
        None => {
            passed.push(event);
            Ok(())
        }
    }
}

/// Why a session may not go on.
pub(super) fn blocked(session: &Session, error: &RedactError) -> End {
    if !matches!(error, RedactError::Blocked { .. }) {
        session.worker.shared.metrics.redaction_failures.inc();
    }
    End::Refused(reply_error(error), 1008)
}

/// Writes what waits for the provider.
pub(super) async fn write(session: &Session, writer: &mut RealtimeWriter) -> End {
    loop {
        let Some(frame) = session.to_provider.take().await else {
            return End::ClientGone;
        };
        writer.load(frame);
        if writer.write().await.is_err() {
            return End::ProviderBroke(provider::ProviderError::Truncated);
        }
    }
}

//! How a session ends: what each side is told, and what the log says of it.
//!
//! The client gets what was held back and may go, an error event where something went wrong, and a
//! close with a code; the provider gets a close. Nobody is waited for long.

use std::time::Duration;

use bytes::Bytes;
use provider::{ProviderError, RealtimeFrame, RealtimeReader, RealtimeWriter};
use tokio::time::timeout;
use wire::websocket::{Close, FrameError, FrameKind, close_payload, frame};

use super::provider_side::blocked;
use super::session::Session;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::refusals::stream_error;

/// How long a provider may take to say good-bye.
const GOODBYE: Duration = Duration::from_secs(1);

/// The same where the client has gone without one.
const SHORT_GOODBYE: Duration = Duration::from_millis(200);

/// Why a session ends.
#[derive(Debug)]
pub(super) enum End {
    /// The client closed it.
    ClientClosed(Option<Close>),
    /// The client's connection is gone.
    ClientGone,
    /// The provider closed it.
    ProviderClosed(Option<Close>),
    /// The provider's connection broke, or what came on it cannot be read.
    ProviderBroke(ProviderError),
    /// It may not go on, with the code of the close.
    Refused(ApiError, u16),
}

impl End {
    /// The client's frames cannot be read.
    pub(super) fn unreadable(error: FrameError) -> Self {
        let code = match error {
            FrameError::TooLarge => ErrorCode::MessageTooLarge,
            _ => ErrorCode::InvalidMessage,
        };
        let told = ApiError::new(code).detail(format!("({error})"));
        Self::Refused(told, error.close_code())
    }

    /// The system gives no randomness for a mask.
    pub(super) fn without_randomness() -> Self {
        let error = ApiError::new(ErrorCode::Internal).operator("no randomness for a mask");
        Self::Refused(error, 1011)
    }

    const fn by(&self) -> &'static str {
        match self {
            Self::ClientClosed(_) => "client_closed",
            Self::ClientGone => "client_gone",
            Self::ProviderClosed(_) => "provider_closed",
            Self::ProviderBroke(_) => "provider_broke",
            Self::Refused(..) => "gateway_closed",
        }
    }
}

/// Ends a session on both sides.
pub(super) async fn finish(
    session: &Session,
    end: End,
    reader: &mut RealtimeReader,
    writer: &mut RealtimeWriter,
) {
    session.charge_rest();
    session.give_back();
    note(session, &end);
    let end = release(session, end);
    let (to_client, to_provider) = last_frames(session, &end).await;
    for frame in to_client {
        session.to_client.put_now(frame);
    }
    session.to_client.end();
    let patience = match end {
        End::ClientGone => SHORT_GOODBYE,
        _ => GOODBYE,
    };
    let to_provider = unsent(session, &end).into_iter().chain(to_provider);
    let goodbye = say_goodbye(to_provider, reader, writer);
    // Whoever does not listen hears it from the connection.
    drop(timeout(patience, goodbye).await);
}

fn note(session: &Session, end: &End) {
    let (exchange, metrics) = (&session.exchange, &session.worker.shared.metrics);
    exchange.closed_by.set(Some(end.by()));
    metrics.realtime_closed.with_label_values(&[end.by()]).inc();
    match end {
        End::Refused(error, _) => exchange.fail(error),
        End::ProviderBroke(error) => {
            exchange.fail(&stream_error(error));
            let labels = [session.spec.name.as_str(), error.label()];
            metrics.stream_interrupts.with_label_values(&labels).inc();
        }
        End::ClientClosed(_) | End::ClientGone | End::ProviderClosed(_) => {}
    }
}

/// Lets what was held back go, where the client still reads; it may be what ends the session.
fn release(session: &Session, end: End) -> End {
    let reads = match &end {
        End::ProviderClosed(_) | End::ProviderBroke(_) => true,
        End::Refused(error, _) => !is_about_the_reply(error.code()),
        End::ClientClosed(_) | End::ClientGone => false,
    };
    let mut events = Vec::new();
    let released = match session.reply.borrow_mut().as_mut().filter(|_| reads) {
        Some(reply) => reply.last_messages(&mut events),
        None => Ok(()),
    };
    session.note_found();
    for event in events {
        session
            .to_client
            .put_now(frame(FrameKind::Text, &event, None));
    }
    match released {
        Ok(()) => end,
        Err(error) => {
            let end = blocked(session, &error);
            if let End::Refused(error, _) = &end {
                session.exchange.fail(error);
            }
            end
        }
    }
}

/// The reply itself may not go on, so nothing more of it is let go.
const fn is_about_the_reply(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::ReplyBlocked
            | ErrorCode::ReplyUnchecked
            | ErrorCode::RedactorBusy
            | ErrorCode::GuardUnavailable
    )
}

/// What each side is told last.
async fn last_frames(session: &Session, end: &End) -> (Vec<Bytes>, Option<RealtimeFrame>) {
    let close = |code: u16, reason: &str| {
        let reason = reason.to_owned();
        frame(
            FrameKind::Close,
            &close_payload(&Close { code, reason }),
            None,
        )
    };
    match end {
        End::ClientClosed(said) => {
            let code = said.as_ref().map_or(1005, |close| close.code);
            let to_provider = passed_on(session, said.as_ref()).await;
            (vec![close(code, "")], to_provider)
        }
        End::ClientGone => (Vec::new(), RealtimeFrame::close_silently(1001)),
        End::ProviderClosed(said) => {
            let code = said.as_ref().map_or(1005, |close| close.code);
            let reason = said.as_ref().map(|close| close.reason.as_str());
            let reason = checked(session, reason.unwrap_or_default());
            (
                vec![close(code, &reason)],
                RealtimeFrame::close_silently(code),
            )
        }
        End::ProviderBroke(error) => {
            let told = stream_error(error);
            let event = session.error_frame(&told, None);
            let code = match error {
                ProviderError::TooLarge { .. } => 1009,
                ProviderError::Protocol => 1002,
                _ => 1001,
            };
            (
                vec![event, close(1011, told.code().wire())],
                RealtimeFrame::close_silently(code),
            )
        }
        End::Refused(error, code) => {
            let event = session.error_frame(error, None);
            let close = close(*code, error.code().wire());
            (vec![event, close], RealtimeFrame::close_silently(1000))
        }
    }
}

/// The client's close as the provider gets it: its code, and its reason after the redactor.
async fn passed_on(session: &Session, said: Option<&Close>) -> Option<RealtimeFrame> {
    let Some(Close { code, reason }) = said else {
        return RealtimeFrame::close_silently(1005);
    };
    let reason = Bytes::copy_from_slice(reason.as_bytes());
    let redactor = &session.worker.shared.redactor;
    match redactor.redact_text(reason, session.who()).await {
        Ok(reason) => RealtimeFrame::close(*code, &reason),
        Err(_) => RealtimeFrame::close_silently(*code),
    }
}

/// The provider's reason as the client gets it; none if it may not pass.
fn checked(session: &Session, reason: &str) -> String {
    let mut reply = session.reply.borrow_mut();
    let Some(reply) = reply.as_mut() else {
        return reason.to_owned();
    };
    let event = format!("{{\"message\":{}}}", wire::json_string(reason));
    let mut passed = Vec::new();
    let clean = reply.message(Bytes::from(event), &mut passed);
    let text = passed.first().filter(|_| clean.is_ok());
    text.and_then(|event| wire::field_str(event, "message"))
        .unwrap_or_default()
}

/// What the client said before it closed and is not written yet.
fn unsent(session: &Session, end: &End) -> Vec<RealtimeFrame> {
    match end {
        End::ClientClosed(_) => session.to_provider.take_all(),
        _ => Vec::new(),
    }
}

/// Writes what was begun and the last frames, and hears the provider's own.
async fn say_goodbye(
    last: impl Iterator<Item = RealtimeFrame>,
    reader: &mut RealtimeReader,
    writer: &mut RealtimeWriter,
) -> std::io::Result<()> {
    writer.write().await?;
    for frame in last {
        writer.load(frame);
        writer.write().await?;
    }
    writer.shutdown().await?;
    reader.drained().await;
    Ok(())
}

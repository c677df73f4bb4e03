//! Realtime sessions: `GET /v1/realtime?model=...` as a WebSocket, to a provider of OpenAI's
//! Realtime API.
//!
//! Owns the steps of an opening in order: judge, choose, admit, ask the provider, and only then
//! agree to the client's handshake. From there on the session is a task of its own (`session.rs`):
//! events pass both ways, each redacted, until one side ends it or may not go on.
//!
//! Read next: `offer.rs` (the client's handshake), `session.rs` (an open session), `client_side.rs`
//! and `provider_side.rs` (the two directions), `watch.rs` (time and rights), `uncounted.rs` (the cost
//! of what breaks off), `end.rs`.

mod client_side;
mod end;
mod offer;
mod outbox;
mod provider_side;
mod session;
mod uncounted;
mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::MessageBody as _;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use provider::OpenRealtime;
use provider::realtime::SUBPROTOCOL;
use redactor::{ReplyRedactor, Who};
use tokio::time::Instant;
use zeroize::Zeroizing;

use self::offer::Offer;
use self::outbox::Outbox;
use self::session::{OpenSession, Session, SessionBody, run};
use self::uncounted::Uncounted;
use super::choose::Chooser;
use super::send::Sender;
use super::table::Endpoint;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::{Entered, presented_key};
use crate::http::refusals::rate_headers;
use crate::http::routes::proxy::admit;
use crate::http::routes::query::redact_rest;

/// Tokens that a session takes before it has used any; given back at once. A key that has none
/// left opens none.
const FIRST_TOKEN: u64 = 1;

/// Opens a session.
///
/// # Cancellation
/// Dropping the future closes the provider's connection; dropping the answer ends the session.
pub(super) async fn open_session(
    call: &Call,
    entered: Entered,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let offer = Offer::of(request)?;
    let Entered {
        world,
        permit,
        key_id,
    } = entered;
    if call.worker.shared.closing.is_draining() {
        return Err(ApiError::new(ErrorCode::ShuttingDown));
    }
    let chooser = Chooser {
        call,
        world: &world,
        endpoint: Endpoint::Realtime,
        request,
        key_id: &key_id,
    };
    let chosen = chooser.by_model(permit, &offer.model)?;
    let mut admission = admit(call, &key_id, FIRST_TOKEN).await?;
    admission.settle(0);
    let agent = chosen.agent().map(Arc::<str>::from);
    let reply = opening(call, &key_id, agent.as_deref()).await?;
    let sender = Sender {
        call,
        world: &world,
        chosen: &chosen,
        method: request.method(),
        endpoint: "/realtime",
        query: None,
        headers: &[],
        longest_reply: None,
        may_repeat: Endpoint::Realtime.may_repeat(),
    };
    let query = match offer.query.clone() {
        Some(query) => {
            let who = Who {
                key_id: &key_id,
                agent: agent.as_deref(),
            };
            Some(redact_rest(call, query, who).await?)
        }
        None => None,
    };
    let asked = OpenRealtime {
        model: None,
        query: query.as_ref(),
        headers: &offer.headers,
        subprotocol: offer.subprotocol,
        request_id: &call.exchange.id,
        trace: &call.trace,
    };
    let opened = sender.session(&admission, asked, !offer.transcribes).await;
    let (provider, target) = match opened {
        Ok(opened) => opened,
        Err(error) => return Err(call.check_refusal(reply, error)),
    };
    let rate = admission.headers();
    let mut answer = agreed(&offer);
    for (name, value) in rate.iter().flat_map(rate_headers) {
        answer.insert_header((name, value));
    }
    let now = Instant::now();
    let session = Rc::new(Session {
        worker: Rc::clone(&call.worker),
        exchange: Rc::clone(&call.exchange),
        connection: call.connection.clone(),
        key_id,
        key: Zeroizing::new(presented_key(request).unwrap_or_default().to_vec()),
        asked: offer.model,
        model: target.model.clone().filter(|_| !offer.transcribes),
        agent,
        spec: Arc::clone(target.provider.spec()),
        world: RefCell::new(world),
        admission: RefCell::new(Some(admission)),
        reply: RefCell::new(reply),
        to_client: Outbox::default(),
        to_provider: Outbox::default(),
        heard_client: Cell::new(now),
        heard_provider: Cell::new(now),
        said: Cell::new(now),
        events: Cell::new(0),
        uncounted: RefCell::new(Uncounted::default()),
    });
    let open = OpenSession::begin(&session);
    actix_web::rt::spawn(run(open, payload, provider));
    Ok(answer.body(SessionBody::new(session).boxed()))
}

/// What the provider's events go through; judged as the reply to an empty request.
async fn opening(
    call: &Call,
    key_id: &str,
    agent: Option<&str>,
) -> Result<Option<ReplyRedactor>, ApiError> {
    let redactor = &call.worker.shared.redactor;
    let nothing = redactor
        .redact_text(Bytes::new(), Who { key_id, agent })
        .await;
    let nothing = nothing.map_err(|error| call.note_redact_error(&error))?;
    Ok(nothing.reply())
}

/// The answer that makes a WebSocket of the connection.
fn agreed(offer: &Offer) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::build(StatusCode::SWITCHING_PROTOCOLS);
    answer
        .upgrade("websocket")
        .insert_header((SEC_WEBSOCKET_ACCEPT, offer.accept.as_str()));
    if offer.subprotocol {
        answer.insert_header((SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL));
    }
    answer
}

/// What a client is told that speaks another version, or none.
fn upgrade_required() -> ApiError {
    ApiError::new(ErrorCode::UpgradeRequired)
        .header(UPGRADE, HeaderValue::from_static("websocket"))
        .header(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
}

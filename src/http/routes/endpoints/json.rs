//! A call with a JSON body, or without a body.
//!
//! Owns the steps of such a call in order: read, judge, choose, admit, redact, send.

use actix_web::http::Method;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use redactor::{Redacted, ReplyRedactor, Who};
use wire::CallHead;

use super::choose::{Chooser, Chosen};
use super::reply::Passage;
use super::send::Sender;
use super::table::{Asked, Endpoint};
use crate::http::body;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::Entered;
use crate::http::refusals::{rate_headers, wire_error};
use crate::http::routes::proxy::{BodyKind, admit, kind_of, passed_headers, redact};
use crate::http::routes::query::{learning, redact_query};
use crate::http::whereabouts::Kind;
use crate::http::worker::Cost;

/// Passes a call on.
///
/// # Cancellation
/// Dropping the future or the answer closes the provider's connection.
pub(super) async fn call_with_json(
    call: &Call,
    entered: Entered,
    request: &HttpRequest,
    payload: Payload,
    endpoint: Endpoint,
) -> Result<HttpResponse, ApiError> {
    let Entered {
        world,
        permit,
        key_id,
    } = entered;
    let asked = Asked::of(request.path(), endpoint);
    let bytes = body::read(request, payload, &world.body, call.connection.as_ref()).await?;
    call.body_done();
    let kind = kind_of(request, &bytes)?;
    let head = match &kind {
        BodyKind::None => CallHead::default(),
        BodyKind::Json(_) => {
            let head = |bytes: &Bytes, limits| CallHead::parse(bytes, &limits);
            let head = call.read_whole(&bytes, world.json, head).await;
            head.map_err(|error| wire_error(&error))?
        }
        BodyKind::Text(_) | BodyKind::Form(_) => {
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType)
                .detail("Send JSON as `application/json`."));
        }
    };
    let chooser = Chooser {
        call,
        world: &world,
        endpoint,
        request,
        key_id: &key_id,
    };
    let object = endpoint.stores().zip(asked.object);
    let source = head.input_file_id.as_deref().map(|id| (Kind::File, id));
    let chosen = match (object.or(source), &head.model) {
        (Some((kind, id)), _) => chooser.of_object(permit, kind, id)?,
        (None, Some(model)) => chooser.by_model(permit, model)?,
        (None, None) => chooser.without_model(permit)?,
    };
    let estimate = bytes.len() as u64 / 4 + 1;
    let admission = admit(call, &key_id, estimate).await?;
    let rate = admission.headers();
    let clean = match kind {
        BodyKind::None => None,
        _ => {
            let who = who(&key_id, &chosen);
            Some(redact(call, &kind, bytes, &world.json, who).await?)
        }
    };
    let query = redact_query(call, request, who(&key_id, &chosen)).await?;
    let reply = reply_to(call, clean.as_ref(), &key_id, &chosen).await?;
    let reply = learning(reply, query.as_ref());
    let headers = passed_headers(request, kind, reply.is_some());
    let is_content = asked.part == Some("content");
    let sender = Sender {
        call,
        world: &world,
        chosen: &chosen,
        method: request.method(),
        endpoint: asked.below,
        query: query.as_ref(),
        headers: &headers,
        longest_reply: is_content.then_some(world.body.upload),
        may_repeat: endpoint.may_repeat(),
    };
    let sends = !matches!(*request.method(), Method::GET | Method::HEAD);
    let body = clean.as_ref().filter(|_| sends);
    let sent = match sender.whole(&admission, body).await {
        Ok(sent) => sent,
        Err(error) => return Err(call.check_refusal(reply, error)),
    };
    let passage = Passage {
        call,
        endpoint,
        asked,
        key_id: &key_id,
        sent_at: sent.spec,
        cost: Cost::new(admission, estimate),
        reply,
        method: request.method(),
    };
    let mut answer = passage.respond(sent.answer).await?;
    for (name, value) in rate.iter().flat_map(rate_headers) {
        answer.headers_mut().insert(name, value);
    }
    Ok(answer)
}

fn who<'w>(key_id: &'w str, chosen: &'w Chosen) -> Who<'w> {
    Who {
        key_id,
        agent: chosen.agent(),
    }
}

/// What the reply goes through; that to a request without a body is judged by the same rules.
async fn reply_to(
    call: &Call,
    clean: Option<&Redacted<Bytes>>,
    key_id: &str,
    chosen: &Chosen,
) -> Result<Option<ReplyRedactor>, ApiError> {
    if let Some(clean) = clean {
        return Ok(clean.reply());
    }
    let redactor = &call.worker.shared.redactor;
    let nothing = redactor
        .redact_text(Bytes::new(), who(key_id, chosen))
        .await;
    let nothing = nothing.map_err(|error| call.note_redact_error(&error))?;
    Ok(nothing.reply())
}

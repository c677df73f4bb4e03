//! `POST /v1/chat/completions`: creates a chat completion, whole or streamed.
//!
//! Steps 6 to 13 of the life of a request, in order; see `docs/life-of-a-request.md`.

use std::rc::Rc;

use actix_web::body::MessageBody as _;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use auth::Admission;
use provider::Answer;
use redactor::{Redacted, ReplyRedactor, Who};
use router::{PlanChat, Routed};
use wire::ChatRequest;

use crate::http::body;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::{Entered, denied};
use crate::http::refusals::{limit_error, limit_label, rate_headers, route_error, wire_error};
use crate::http::relay::{Relay, Settlement};
use crate::http::worker::{Cost, WorkerUpstreams};

/// Creates a chat completion.
///
/// # Cancellation
/// Dropping the future closes the provider's connection and gives back what was taken.
pub(crate) async fn create_chat_completion(
    call: &Call,
    entered: Entered,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let Entered {
        world,
        permit,
        key_id,
    } = entered;
    let bytes = body::read(request, payload, &world.body, call.connection.as_ref()).await?;
    call.body_done();
    let chat = ChatRequest::parse(bytes, &world.json).map_err(|error| wire_error(&error))?;
    let permit = world
        .policy
        .use_model(permit, chat.model())
        .map_err(|denial| denied(&call.worker, &denial))?;
    if !world.allows(chat.model()) {
        return Err(ApiError::new(ErrorCode::ModelNotFound).param("model"));
    }
    let estimate = chat.estimated_tokens();
    let admission = admit(call, &key_id, estimate).await?;
    let agent = world.agent_label(chat.model());
    let prompt = redact(call, chat, &key_id, &agent).await?;
    let reply = prompt.reply();
    let rate = admission.headers();
    let ask = PlanChat {
        admission: &admission,
        permit,
        prompt,
        request_id: call.exchange.id.clone(),
        trace: call.trace.clone(),
        clock: &call.worker.shared.clock,
    };
    let plan = world
        .routes
        .plan(ask, &call.worker.shared.router.latency())
        .map_err(|error| route_error(&error))?;
    let upstreams = WorkerUpstreams {
        worker: &call.worker,
        world: &world,
    };
    let routed = plan.send(&upstreams, &*call.worker).await;
    let routed = routed.map_err(|error| call.note_route_error(&error, &agent, &world))?;
    call.note_routed(&routed, &agent);
    let cost = Cost::new(admission, estimate);
    let mut answer = respond(call, routed, cost, reply).await?;
    if let Some(rate) = rate {
        for (name, value) in rate_headers(&rate) {
            answer.headers_mut().insert(name, value);
        }
    }
    Ok(answer)
}

async fn admit(call: &Call, key_id: &str, estimate: u64) -> Result<Admission, ApiError> {
    call.worker
        .limits
        .admit(key_id, estimate)
        .await
        .map_err(|error| {
            call.worker
                .shared
                .metrics
                .ratelimit_rejected
                .with_label_values(&[limit_label(&error)])
                .inc();
            limit_error(&error)
        })
}

async fn redact(
    call: &Call,
    chat: ChatRequest,
    key_id: &str,
    agent: &str,
) -> Result<Redacted<ChatRequest>, ApiError> {
    let agent = Some(agent).filter(|agent| !agent.is_empty());
    let redactor = &call.worker.shared.redactor;
    let prompt = redactor.redact_chat(chat, Who { key_id, agent }).await;
    let prompt = prompt.map_err(|error| call.note_redact_error(&error))?;
    call.note_findings(prompt.findings());
    Ok(prompt)
}

async fn respond(
    call: &Call,
    routed: Routed,
    mut cost: Cost,
    reply: Option<ReplyRedactor>,
) -> Result<HttpResponse, ApiError> {
    Ok(match routed.answer {
        Answer::Whole {
            status,
            headers,
            body,
            usage,
        } => {
            routed.pass.ended(&*call.worker);
            let estimate = body.len() as u64 / 4;
            cost.settle(&call.worker, &call.exchange, usage, estimate);
            let body = call.check_reply(reply, body).await?;
            call.upstream_answer(status, &headers).body(body)
        }
        Answer::Stream(stream) => {
            let settlement = Settlement {
                worker: Rc::clone(&call.worker),
                exchange: Rc::clone(&call.exchange),
                cost,
                pass: Some(routed.pass),
            };
            let mut answer = HttpResponse::Ok();
            answer
                .insert_header((CONTENT_TYPE, "text/event-stream; charset=utf-8"))
                .insert_header(("x-accel-buffering", "no"));
            answer.body(Relay::new(stream, settlement, reply).boxed())
        }
        Answer::Raw { .. } => return Err(ApiError::new(ErrorCode::ProviderBadReply)),
    })
}

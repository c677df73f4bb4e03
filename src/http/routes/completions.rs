//! Creates a chat completion, whole or streamed, for a client of any API.
//!
//! Steps 6 to 13 of the life of a request, in order; see `docs/life-of-a-request.md`. A large body is
//! parsed aside, so that the worker's other clients do not wait for it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody as _;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use auth::Admission;
use bytes::Bytes;
use provider::{Answer, Ties};
use rbac::{Permit, RoutePermit};
use redactor::{Redacted, ReplyRedactor, Who};
use router::{PlanChat, Routed};
use runtime::Work;
use wire::{ApiFormat, Asked, ChatRequest, Framer, JsonLimits, SealMemory, WireError};

use crate::http::body;
use crate::http::client_api::ClientApi;
use crate::http::dispatch::Call;
use crate::http::earlier;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::{Entered, denied};
use crate::http::refusals::{limit_error, limit_label, rate_headers, route_error, wire_error};
use crate::http::relay::{Client, Relay, Settlement};
use crate::http::whereabouts::Kind;
use crate::http::worker::{Cost, Counted, WorkerUpstreams};
use crate::world::World;

/// Creates a chat completion in the client's own format.
///
/// # Cancellation
/// Dropping the future closes the provider's connection and gives back what was taken.
pub(crate) async fn complete(
    call: &Call,
    entered: Entered,
    api: ClientApi,
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
    let chat = read_chat(call, &api, bytes, &world.json).await?;
    let ties = ties(call, &world, &chat, &key_id, permit.is_admin())?;
    let permit = may_use(call, &world, permit, chat.model())?;
    let estimate = estimate(&api, &chat);
    let admission = admit(call, &key_id, estimate).await?;
    let rate = admission.headers();
    let agent = world.agent_label(chat.model());
    let conversation = chat.conversation().map(str::to_owned);
    let prompt = redact(call, chat, &key_id, &agent).await?;
    let client = client(&api, prompt.get(), &call.exchange.id);
    let reply = prompt.reply();
    let ask = PlanChat {
        admission: &admission,
        permit,
        strict: world.strictness.of(prompt.get().model()),
        prompt,
        request_id: call.exchange.id.clone(),
        trace: call.trace.clone(),
        api_headers: api_headers(request),
        ties,
        clock: &call.worker.shared.clock,
    };
    let routed = match send(call, &world, ask, &agent).await {
        Ok(routed) => routed,
        Err(error) => return Err(call.check_refusal(reply, error)),
    };
    if let Some(id) = conversation {
        note_conversation(call, &id, &routed.provider, &key_id);
    }
    let cost = Cost::new(admission, estimate);
    let mut answer = respond(call, routed, cost, reply, client, key_id).await?;
    for (name, value) in rate.iter().flat_map(rate_headers) {
        answer.headers_mut().insert(name, value);
    }
    Ok(answer)
}

async fn read_chat(
    call: &Call,
    api: &ClientApi,
    bytes: Bytes,
    limits: &JsonLimits,
) -> Result<ChatRequest, ApiError> {
    let aside = &call.worker.shared.aside;
    if !aside.takes(Work::Reading, bytes.len()) {
        return chat_in(api, bytes, limits);
    }
    let (api, limits) = (api.clone(), *limits);
    aside.run(move || chat_in(&api, bytes, &limits)).await
}

fn chat_in(api: &ClientApi, bytes: Bytes, limits: &JsonLimits) -> Result<ChatRequest, ApiError> {
    let bytes = chat_of(api, bytes)?;
    parse(api, bytes, limits).map_err(|error| wire_error(&error))
}

/// What the request goes on from, and what is kept for its client.
fn ties(
    call: &Call,
    world: &World,
    chat: &ChatRequest,
    key_id: &str,
    is_admin: bool,
) -> Result<Ties, ApiError> {
    let known = &call.worker.shared.whereabouts;
    Ok(Ties {
        kept_by: earlier::keeper(known, chat, key_id, is_admin, Instant::now())?,
        seals: kept_for(call, chat, key_id),
        client: Some(key_id.into()),
        cache_salt: world.written.salts.find(key_id, chat.model()),
    })
}

fn may_use(
    call: &Call,
    world: &World,
    permit: RoutePermit,
    model: &str,
) -> Result<Permit, ApiError> {
    let permit = world.policy.use_model(permit, model);
    let permit = permit.map_err(|denial| denied(&call.worker, &denial))?;
    match world.allows(model) {
        true => Ok(permit),
        false => Err(ApiError::new(ErrorCode::ModelNotFound).param("model")),
    }
}

/// Tokens of the prompt; counting them costs none.
fn estimate(api: &ClientApi, chat: &ChatRequest) -> u64 {
    match api.counts_only {
        true => 0,
        false => chat.estimated_tokens(),
    }
}

/// Who reads the answer, should it be a stream.
fn client(api: &ClientApi, chat: &ChatRequest, request_id: &str) -> Client {
    Client {
        framer: Framer::of(api.format, api.array),
        asked: asked(chat, request_id),
        hides_usage: hides_usage(chat),
    }
}

async fn send(
    call: &Call,
    world: &World,
    ask: PlanChat<'_>,
    agent: &str,
) -> Result<Routed, ApiError> {
    let latency = call.worker.shared.router.latency();
    let plan = world.routes.plan(ask, &latency);
    let plan = plan.map_err(|error| route_error(&error))?;
    let upstreams = WorkerUpstreams {
        worker: &call.worker,
        world,
    };
    let routed = plan.send(&upstreams, &*call.worker).await;
    let routed = routed.map_err(|error| call.note_route_error(&error, agent, world))?;
    call.note_routed(&routed, agent);
    Ok(routed)
}

/// The conversation is at this provider from now on.
fn note_conversation(call: &Call, id: &str, provider: &Arc<str>, key_id: &str) {
    let known = &call.worker.shared.whereabouts;
    known.note(
        Kind::Conversation,
        id,
        provider,
        Some(key_id),
        Instant::now(),
    );
}

/// The chat request itself, where a request for a count has it inside.
fn chat_of(api: &ClientApi, body: Bytes) -> Result<Bytes, ApiError> {
    if !api.counts_only {
        return Ok(body);
    }
    let chat = wire::count_tokens::chat_within(api.format, &body);
    chat.map_err(|error| ApiError::new(ErrorCode::InvalidField).detail(format!("({error})")))
}

fn parse(api: &ClientApi, body: Bytes, limits: &JsonLimits) -> Result<ChatRequest, WireError> {
    let chat = ChatRequest::parse_as(api.format, body, limits)?;
    let chat = match &api.addressed {
        Some((model, stream)) => chat.addressed(model, *stream)?,
        None => chat,
    };
    Ok(if api.counts_only {
        chat.counted_only()
    } else {
        chat
    })
}

/// What is kept for this client, if its API cannot carry it.
fn kept_for(call: &Call, chat: &ChatRequest, key_id: &str) -> Option<Arc<dyn SealMemory>> {
    let seals = &call.worker.shared.seals;
    wire::loses_seals(chat.format())
        .then(|| seals.of_client(key_id, chat.model()))
        .flatten()
}

/// What the events that we write ourselves depend on.
fn asked(chat: &ChatRequest, request_id: &str) -> Asked {
    Asked {
        model: chat.model().to_owned(),
        provider: String::new(),
        include_usage: chat.wants_usage(),
        now: 0,
        request_id: request_id.to_owned(),
        seals: None,
    }
}

/// Whether the gateway alone asks for the usage of this stream, to count it.
fn hides_usage(chat: &ChatRequest) -> bool {
    let chats = chat.format() == ApiFormat::OpenAiChat;
    chats && chat.stream() && !chat.has_stream_options()
}

/// Headers of the client's API that mean something to a provider.
fn api_headers(request: &HttpRequest) -> Vec<(HeaderName, HeaderValue)> {
    let names = [
        "idempotency-key",
        "openai-beta",
        "anthropic-beta",
        "anthropic-version",
    ];
    let found = names.into_iter().flat_map(|name| {
        let values = request.headers().get_all(name);
        values.map(move |value| (HeaderName::from_static(name), value.clone()))
    });
    found.collect()
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
    client: Client,
    key_id: String,
) -> Result<HttpResponse, ApiError> {
    Ok(match routed.answer {
        Answer::Whole {
            status,
            headers,
            body,
            usage,
            notes,
            stored_id,
        } => {
            if let Some(id) = stored_id {
                call.worker.note_response(&id, &routed.provider, &key_id);
            }
            *call.exchange.notes.borrow_mut() = notes;
            routed.pass.ended(&*call.worker);
            let counted = Counted {
                usage,
                complete: true,
                estimate: body.len() as u64 / 4,
            };
            cost.settle_chat(&call.worker, &call.exchange, counted);
            let body = call.check_reply(reply, body).await?;
            call.upstream_answer(status, &headers).body(body)
        }
        Answer::Stream { stream, notes } => {
            *call.exchange.notes.borrow_mut() = notes;
            let settlement = Settlement {
                worker: Rc::clone(&call.worker),
                exchange: Rc::clone(&call.exchange),
                cost,
                key_id,
                pass: Some(routed.pass),
            };
            let mut answer = HttpResponse::Ok();
            answer
                .insert_header((CONTENT_TYPE, client.framer.content_type()))
                .insert_header(("x-accel-buffering", "no"));
            answer.body(Relay::new(stream, settlement, reply, client).boxed())
        }
        Answer::Raw { .. } => return Err(ApiError::new(ErrorCode::ProviderBadReply)),
    })
}

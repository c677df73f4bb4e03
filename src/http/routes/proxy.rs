//! `/proxy/{provider}/{path}`: a provider's own endpoint, with the gateway's key.
//!
//! Body and query are checked for secrets like every other prompt. What cannot be checked (a content
//! type that is neither JSON nor text nor a form spelt like a query) is refused and not passed on in
//! clear. A key that is limited to some agents may only POST, and must hold `provider/model` for
//! the model in the body: an agent's name means nothing to the provider.

use actix_web::body::{BodyStream, MessageBody as _};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use auth::Admission;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use provider::{Answer, Forward, RawStream, ReplyHeaders};
use rbac::RoutePermit;
use redactor::{Direction, Redacted, ReplyRedactor, Who};
use runtime::Work;
use wire::query::decoded;

use super::proxy_body::ProxyBody;
use super::proxy_frames::{elements, redact_elements};
use super::proxy_reply::{Check, Cleaner, check};
use super::query::{learning, redact_query};
use crate::http::body;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::findings;
use crate::http::guard::{Entered, denied};
use crate::http::refusals::{limit_error, limit_label, provider_error, reply_error};
use crate::http::worker::Cost;
use crate::world::World;

/// What Gemini streams; without `alt=sse` as one array.
const STREAM: &str = ":streamGenerateContent";

/// Passes a request on to a provider.
///
/// # Cancellation
/// Dropping the future or the answer closes the provider's connection.
pub(crate) async fn forward(
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
    let (provider, path) =
        split(request.path()).ok_or_else(|| ApiError::new(ErrorCode::ProviderNotFound))?;
    if !is_plain(path) {
        return Err(ApiError::new(ErrorCode::InvalidPath));
    }
    let spec = world
        .provider_spec(provider)
        .ok_or_else(|| ApiError::new(ErrorCode::ProviderNotFound))?;
    call.exchange.provider.borrow_mut().push_str(provider);
    let bytes = body::read(request, payload, &world.body, call.connection.as_ref()).await?;
    call.body_done();
    let kind = kind_of(request, &bytes);
    let is_form = matches!(kind, Ok(BodyKind::Form(_)));
    let model = call.read_whole(&bytes, is_form, model_of).await?;
    permit_model(call, &world, permit, request.method(), provider, model)?;
    let estimate = bytes.len() as u64 / 4 + 1;
    let admission = admit(call, &key_id, estimate).await?;
    let kind = kind?;
    let who = Who {
        key_id: &key_id,
        agent: None,
    };
    let clean = redact(call, &kind, bytes, &world.json, who).await?;
    let query = redact_query(call, request, who).await?;
    let reply = learning(clean.reply(), query.as_ref());
    let headers = passed_headers(request, kind, reply.is_some());
    let forward = Forward {
        method: request.method(),
        path,
        query: query.as_ref(),
        headers: &headers,
        body: &clean,
        request_id: &call.exchange.id,
        trace: &call.trace,
    };
    let labels = [provider, ""];
    let metrics = &call.worker.shared.metrics;
    metrics.upstream_requests.with_label_values(&labels).inc();
    let upstream = call.worker.upstream(spec, &world);
    let answer = upstream.forward(forward).await;
    let answer = answer.map_err(|error| failed(call, provider, &error))?;
    let cost = Cost::new(admission, estimate);
    let passage = Passage {
        call,
        provider,
        cost,
        reply,
        largest: spec.max_reply_bytes,
        is_stream: path.ends_with(STREAM),
    };
    passage.respond(answer).await
}

/// The model that a body names.
fn model_of(bytes: &Bytes, is_form: bool) -> Result<Option<String>, ApiError> {
    match is_form {
        true => model_of_fields(bytes),
        false => Ok(wire::field_str(bytes, "model")),
    }
}

/// The field `model` of a form. One that is named twice, or by a name or behind a `;` that only
/// some readers take for it, could be read as another model than the one that is permitted.
fn model_of_fields(bytes: &Bytes) -> Result<Option<String>, ApiError> {
    let form = String::from_utf8_lossy(bytes);
    let name_of = |pair: &str| decoded(pair.split('=').next().unwrap_or_default()).into_owned();
    let loose = form
        .split(['&', ';'])
        .filter(|pair| is_like_model(&name_of(pair)));
    let mut plain = form.split('&').filter(|pair| name_of(pair) == "model");
    let model = plain.next();
    if loose.take(2).count() > usize::from(model.is_some()) {
        let refused = ApiError::new(ErrorCode::DuplicateKey).param("model");
        return Err(refused.detail("Write the field as `model`, once."));
    }
    let value = model.map(|pair| pair.split_once('=').map_or("", |(_, value)| value));
    Ok(value.map(|value| decoded(value).into_owned()))
}

/// Whether some reader takes this name for `model`: in other letters, among blanks, or as the
/// head of `model[]`, `model.a` or a name with a zero byte.
fn is_like_model(name: &str) -> bool {
    let head = name.split(['[', '.', '\0']).next().unwrap_or_default();
    head.trim().eq_ignore_ascii_case("model")
}

/// May this key use this model of this provider, or the provider without naming a model?
fn permit_model(
    call: &Call,
    world: &World,
    permit: RoutePermit,
    method: &Method,
    provider: &str,
    model: Option<String>,
) -> Result<(), ApiError> {
    let listed = match &model {
        Some(model) => world.allows_model(provider, model),
        None => !world.restricts_models(provider),
    };
    if !listed {
        return Err(ApiError::new(ErrorCode::ModelNotFound).param("model"));
    }
    let permitted = match model {
        Some(model) if method == Method::POST => {
            let name = format!("{provider}/{model}");
            world.policy.use_model(permit, &name).map(drop)
        }
        _ => world.policy.use_no_model(permit).map(drop),
    };
    permitted.map_err(|denial| denied(&call.worker, &denial))
}

pub(super) async fn admit(call: &Call, key_id: &str, estimate: u64) -> Result<Admission, ApiError> {
    let admitted = call.worker.limits.admit(key_id, estimate).await;
    admitted.map_err(|error| {
        let rejected = &call.worker.shared.metrics.ratelimit_rejected;
        rejected.with_label_values(&[limit_label(&error)]).inc();
        limit_error(&error)
    })
}

fn failed(call: &Call, provider: &str, error: &provider::ProviderError) -> ApiError {
    let errors = &call.worker.shared.metrics.upstream_errors;
    errors
        .with_label_values(&[provider, "", error.label()])
        .inc();
    provider_error(error)
}

/// Whether two readers of the path would agree on it: no dot segments, no empty ones, nothing
/// encoded that could become one of them behind the provider's door.
pub(super) fn is_plain(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let encoded = ["%2e", "%2f", "%5c", "%25", "%00", "\\", ";"];
    let inner = path.strip_suffix('/').unwrap_or(path);
    let climbs = |segment: &str| matches!(segment, "" | "." | "..");
    !encoded.iter().any(|part| lower.contains(part)) && !inner.split('/').skip(1).any(climbs)
}

fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/proxy/")?;
    let slash = rest.find('/')?;
    Some((rest.get(..slash)?, rest.get(slash..)?))
}

pub(super) async fn redact(
    call: &Call,
    kind: &BodyKind,
    bytes: Bytes,
    limits: &wire::JsonLimits,
    who: Who<'_>,
) -> Result<Redacted<Bytes>, ApiError> {
    let redactor = &call.worker.shared.redactor;
    let clean = match kind {
        BodyKind::Json(_) => redactor.redact_json(bytes, limits, who).await,
        BodyKind::Form(_) => redactor.redact_fields(bytes, limits, who).await,
        BodyKind::Text(_) | BodyKind::None => redactor.redact_text(bytes, who).await,
    };
    let clean = clean.map_err(|error| call.note_redact_error(&error))?;
    call.note_findings(clean.findings());
    Ok(clean)
}

/// How a body is read for secrets, with the content type that says so.
pub(super) enum BodyKind {
    None,
    Json(HeaderValue),
    Text(HeaderValue),
    /// A form that is spelt like a query.
    Form(HeaderValue),
}

pub(super) fn kind_of(request: &HttpRequest, bytes: &Bytes) -> Result<BodyKind, ApiError> {
    if bytes.is_empty() {
        return Ok(BodyKind::None);
    }
    let refused = |why: &str| ApiError::new(ErrorCode::UnsupportedMediaType).detail(why);
    let mut all = request.headers().get_all(CONTENT_TYPE);
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(refused("Send exactly one `Content-Type`."));
    };
    let full = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = full.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_owned();
    let utf8 = |part: &str| {
        matches!(
            part.trim_matches('"'),
            "charset=utf-8" | "charset=\"utf-8" | "charset=us-ascii"
        )
    };
    if parts.any(|part| part.starts_with("charset") && !utf8(part)) {
        return Err(refused("Send text in UTF-8."));
    }
    if kind == "application/json" || kind.ends_with("+json") {
        return Ok(BodyKind::Json(value.clone()));
    }
    if kind.starts_with("text/") {
        return text_kind(value, bytes).ok_or_else(|| refused("Send JSON as `application/json`."));
    }
    if kind == "application/x-www-form-urlencoded" {
        return form_kind(value, bytes).map_err(refused);
    }
    Err(refused(
        "Send `application/json`, `text/*` or `application/x-www-form-urlencoded`.",
    ))
}

/// Text that a lenient provider could take for JSON is judged as JSON, and text with escapes that
/// could hide a secret from us is not text to us.
fn text_kind(value: &HeaderValue, bytes: &Bytes) -> Option<BodyKind> {
    if begins_json(bytes) {
        return Some(BodyKind::Json(value.clone()));
    }
    (!has_escapes(bytes)).then(|| BodyKind::Text(value.clone()))
}

/// The same for forms: some providers read JSON whatever its type says. Whoever spells a form
/// right writes none of `{`, `"` and `\`.
fn form_kind(value: &HeaderValue, bytes: &Bytes) -> Result<BodyKind, &'static str> {
    if begins_json(bytes) {
        return Ok(BodyKind::Json(value.clone()));
    }
    if has_escapes(bytes) {
        return Err("Send JSON as `application/json`.");
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(BodyKind::Form(value.clone())),
        Err(_) => Err("Send text in UTF-8."),
    }
}

fn begins_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

fn has_escapes(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\\u").is_some()
}

/// The client's headers, with the one content type that the body was judged by. Where the reply
/// is checked, the provider is not offered an encoding that hides it.
pub(super) fn passed_headers(
    request: &HttpRequest,
    kind: BodyKind,
    reply_is_checked: bool,
) -> Vec<(HeaderName, HeaderValue)> {
    let passes = |name: &HeaderName| {
        *name != CONTENT_TYPE && !(reply_is_checked && *name == ACCEPT_ENCODING)
    };
    let others = request.headers().iter().filter(|(name, _)| passes(name));
    let mut headers: Vec<_> = others
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let BodyKind::Json(value) | BodyKind::Text(value) | BodyKind::Form(value) = kind {
        headers.push((CONTENT_TYPE, value));
    }
    headers
}

/// What an answer goes through on its way.
struct Passage<'a> {
    call: &'a Call,
    provider: &'a str,
    cost: Cost,
    reply: Option<ReplyRedactor>,
    /// The largest answer that is read whole.
    largest: u64,
    /// If it is an array, its elements continue each other.
    is_stream: bool,
}

impl Passage<'_> {
    async fn respond(mut self, answer: Answer) -> Result<HttpResponse, ApiError> {
        match answer {
            Answer::Whole {
                status,
                headers,
                body,
                ..
            } => {
                let body = self.check_whole(body).await?;
                Ok(self.call.upstream_answer(status, &headers).body(body))
            }
            Answer::Raw {
                status,
                headers,
                body,
            } => self.raw(status, &headers, body).await,
            Answer::Stream { .. } => Err(ApiError::new(ErrorCode::ProviderBadReply)),
        }
    }

    async fn raw(
        mut self,
        status: u16,
        headers: &ReplyHeaders,
        mut body: RawStream,
    ) -> Result<HttpResponse, ApiError> {
        let cleaner = match check(self.reply.take(), headers) {
            Check::OnTheWay(cleaner) => cleaner,
            Check::Unknown(_) => Cleaner::Nothing,
            Check::Impossible => return Err(self.unreadable()),
            Check::Whole(redactor) => {
                self.reply = Some(*redactor);
                let whole = self.read_whole(body).await?;
                let whole = self.check_whole(whole).await?;
                return Ok(self.call.upstream_answer(status, headers).body(whole));
            }
        };
        // The status goes out with the first piece, so that a provider that breaks before it
        // is answered with an error and not with a closed connection.
        let first = match body.next().await {
            Some(Err(error)) => return Err(failed(self.call, self.provider, &error)),
            other => other.and_then(Result::ok),
        };
        let body = ProxyBody::new(first, body, cleaner, self.call, self.cost);
        Ok(self
            .call
            .upstream_answer(status, headers)
            .body(BodyStream::new(body).boxed()))
    }

    async fn read_whole(&self, mut body: RawStream) -> Result<Bytes, ApiError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| failed(self.call, self.provider, &error))?;
            whole.extend_from_slice(&piece);
            if whole.len() as u64 > self.largest {
                return Err(ApiError::new(ErrorCode::StreamTooLarge));
            }
        }
        Ok(whole.freeze())
    }

    /// A whole answer, with what may not pass taken out.
    async fn check_whole(&mut self, body: Bytes) -> Result<Bytes, ApiError> {
        let call = self.call;
        let estimate = body.len() as u64 / 4;
        self.cost
            .settle(&call.worker, &call.exchange, None, estimate);
        // An answer to HEAD, or one without content.
        let reply = self.reply.take().filter(|_| !body.is_empty());
        match (reply, elements(&body).filter(|_| self.is_stream)) {
            (Some(reply), Some(elements)) => self.check_elements(reply, body, elements).await,
            (reply, _) => call.check_reply(reply, body).await,
        }
    }

    /// A stream that came as one array, whose elements continue each other.
    async fn check_elements(
        &self,
        mut reply: ReplyRedactor,
        body: Bytes,
        elements: Bytes,
    ) -> Result<Bytes, ApiError> {
        let (worker, exchange) = (&self.call.worker, &self.call.exchange);
        let job = move || {
            let checked = redact_elements(&mut reply, elements);
            (reply, checked)
        };
        let aside = &worker.shared.aside;
        let (reply, checked) = match aside.takes(Work::Rewriting, body.len()) {
            true => aside.run(job).await,
            false => job(),
        };
        let checked = checked.map_err(|error| {
            findings::note_error(worker, exchange, &error, Direction::Reply);
            reply_error(&error)
        })?;
        findings::note(worker, exchange, reply.findings(), Direction::Reply);
        Ok(checked.unwrap_or(body))
    }

    /// An answer that should be checked and is compressed, though nobody asked for that.
    fn unreadable(&self) -> ApiError {
        self.call.worker.shared.metrics.redaction_failures.inc();
        ApiError::new(ErrorCode::ReplyUnchecked).operator("the provider compressed its answer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_climb_or_hide_are_not_plain() {
        for path in ["/v1/files", "/", "/v1/files/a.b/", "/v1/a%20b"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "/../x",
            "/v1/./x",
            "/v1//x",
            "/v1/%2E%2e/x",
            "/v1/..%2fx",
            "/v1/a%5cb",
            "/v1/..",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }

    #[test]
    fn provider_and_path_are_split_at_the_third_slash() {
        assert_eq!(
            split("/proxy/openai/v1/files/a"),
            Some(("openai", "/v1/files/a"))
        );
        assert_eq!(split("/proxy/openai/"), Some(("openai", "/")));
        assert_eq!(split("/proxy/openai"), None);
    }
}

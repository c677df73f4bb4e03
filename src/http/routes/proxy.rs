//! `ANY /proxy/{provider}/{path}`: a provider's own endpoint, with the gateway's key.
//!
//! The body is checked for secrets like every other prompt. What cannot be checked (a content
//! type that is neither JSON nor text) is refused and not passed on in clear. A key that is
//! limited to some agents must name one of them in the body's `model`.

use actix_web::body::{BodyStream, MessageBody as _};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::StreamExt as _;
use provider::{Answer, Forward};
use redactor::Redacted;

use crate::http::body;
use crate::http::dispatch::Call;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::guard::{Entered, denied};
use crate::http::refusals::{limit_error, limit_label, provider_error, redact_error};
use crate::http::worker::Cost;

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
    let permitted = match wire::field_str(&bytes, "model") {
        Some(model) => world.policy.use_model(permit, &model).map(drop),
        None => world.policy.use_no_model(permit).map(drop),
    };
    permitted.map_err(|denial| denied(&call.worker, &denial))?;
    let admission = call
        .worker
        .limits
        .admit(&key_id, bytes.len() as u64 / 4 + 1)
        .await
        .map_err(|error| {
            call.worker
                .shared
                .metrics
                .ratelimit_rejected
                .with_label_values(&[limit_label(&error)])
                .inc();
            limit_error(&error)
        })?;
    let clean = redact(call, request, bytes, &world.json).await?;
    let upstream = call.worker.upstream(spec, &world);
    let headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let forward = Forward {
        method: request.method(),
        path,
        query: Some(request.query_string()).filter(|query| !query.is_empty()),
        headers: &headers,
        body: &clean,
        request_id: &call.exchange.id,
        trace: &call.trace,
    };
    call.worker
        .shared
        .metrics
        .upstream_requests
        .with_label_values(&[provider, ""])
        .inc();
    let answer = upstream.forward(forward).await.map_err(|error| {
        call.worker
            .shared
            .metrics
            .upstream_errors
            .with_label_values(&[provider, "", error.label()])
            .inc();
        provider_error(&error)
    })?;
    Ok(respond(call, answer, Cost::new(admission)))
}

/// Whether two readers of the path would agree on it: no dot segments, no empty ones, nothing
/// encoded that could become one of them behind the provider's door.
fn is_plain(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let encoded = ["%2e", "%2f", "%5c", "%00", "\\"];
    let inner = path.strip_suffix('/').unwrap_or(path);
    let climbs = |segment: &str| matches!(segment, "" | "." | "..");
    !encoded.iter().any(|part| lower.contains(part)) && !inner.split('/').skip(1).any(climbs)
}

fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/proxy/")?;
    let slash = rest.find('/')?;
    Some((rest.get(..slash)?, rest.get(slash..)?))
}

async fn redact(
    call: &Call,
    request: &HttpRequest,
    bytes: Bytes,
    limits: &wire::JsonLimits,
) -> Result<Redacted<Bytes>, ApiError> {
    let redactor = &call.worker.shared.redactor;
    let clean = match kind_of(request, &bytes)? {
        BodyKind::Json => redactor.redact_json(bytes, limits).await,
        BodyKind::Text => redactor.redact_text(bytes).await,
    };
    let clean = clean.map_err(|error| {
        call.worker.shared.metrics.redaction_failures.inc();
        redact_error(&error)
    })?;
    call.note_findings(clean.findings());
    Ok(clean)
}

enum BodyKind {
    Json,
    Text,
}

fn kind_of(request: &HttpRequest, bytes: &Bytes) -> Result<BodyKind, ApiError> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match kind.as_str() {
        _ if bytes.is_empty() => Ok(BodyKind::Text),
        "application/json" => Ok(BodyKind::Json),
        json if json.ends_with("+json") => Ok(BodyKind::Json),
        text if text.starts_with("text/") => Ok(BodyKind::Text),
        _ => Err(ApiError::new(ErrorCode::UnsupportedMediaType)
            .detail("Send `application/json` or `text/*`.")),
    }
}

fn respond(call: &Call, answer: Answer, cost: Cost) -> HttpResponse {
    match answer {
        Answer::Whole {
            status,
            headers,
            body,
            ..
        } => call.upstream_answer(status, &headers).body(body),
        Answer::Raw {
            status,
            headers,
            body,
        } => {
            let held = body.map(move |piece| {
                // The place among the key's open requests is kept until the body has ended.
                let _held = &cost;
                piece.map_err(|error| std::io::Error::other(error.to_string()))
            });
            call.upstream_answer(status, &headers)
                .body(BodyStream::new(Box::pin(held)).boxed())
        }
        Answer::Stream(_) => ApiError::new(ErrorCode::ProviderBadReply).response(&call.exchange.id),
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

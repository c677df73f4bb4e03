//! Judges what a provider sent back: from the head on to an answer or an error.
//!
//! Nothing passes on trust: a success must have the type that was asked for, a whole reply must be
//! one complete JSON object, and an error in the clothes of a success is an error.

use std::time::{Duration, SystemTime};

use awc::ClientResponse;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use memchr::memmem;
use tokio::time::{Instant, timeout_at};
use wire::{ErrorBody, Usage};

use crate::{
    answer::Answer,
    config::ProviderSpec,
    error::{ProviderError, ReplyLimit},
    forward::RawStream,
    headers,
    relay::{Bounds, Relay},
    reply_stream::ReplyStream,
    retry_after::retry_after,
};

/// Longest error body that is read; what is longer is no error object.
const LONGEST_ERROR: u64 = 64 << 10;
/// Longest wait for the rest of an error body: its status says nearly all.
const ERROR_TIME: Duration = Duration::from_secs(5);

/// Passes 2xx and turns everything else into its error.
pub(crate) async fn successful(response: ClientResponse) -> Result<ClientResponse, ProviderError> {
    let status = response.status().as_u16();
    match status {
        200..300 if is_encoded(&response) => Err(ProviderError::Protocol),
        200..300 => Ok(response),
        300..400 => Err(ProviderError::Redirect { status }),
        400.. => {
            let retry_after = retry_after(|name| text_of(&response, name), SystemTime::now());
            let body = error_body(response).await;
            Err(ProviderError::Status {
                status,
                retry_after,
                body,
            })
        }
        _ => Err(ProviderError::Protocol),
    }
}

/// Reads a reply that was not streamed, until `deadline` if there is one.
pub(crate) async fn whole(
    response: ClientResponse,
    spec: &ProviderSpec,
    deadline: Option<Instant>,
) -> Result<Answer, ProviderError> {
    if !is_json(&response) {
        return Err(unexpected_type(&response));
    }
    let (limit, which) = (spec.max_reply_bytes, ReplyLimit::Whole);
    let expected = content_length(&response).unwrap_or(0);
    if expected > limit {
        return Err(ProviderError::TooLarge { limit, which });
    }
    let status = response.status().as_u16();
    let headers = headers::shown(response.headers());
    let bounds = Bounds {
        idle: spec.idle_timeout,
        limit,
        which,
    };
    let reading = Relay::new(Box::pin(response), bounds).collect(expected);
    let body = read_until(deadline, reading).await?;
    judge_reply(&body)?;
    let usage = Usage::from_reply(&body);
    Ok(Answer::Whole {
        status,
        headers,
        body,
        usage,
    })
}

async fn read_until(
    deadline: Option<Instant>,
    reading: impl Future<Output = Result<Bytes, ProviderError>>,
) -> Result<Bytes, ProviderError> {
    match deadline {
        Some(deadline) => timeout_at(deadline, reading)
            .await
            .map_err(|_| ProviderError::TotalTimeout)?,
        None => reading.await,
    }
}

/// Waits for the first chunk of a streamed reply.
pub(crate) async fn streamed(
    response: ClientResponse,
    spec: &ProviderSpec,
    deadline: Instant,
) -> Result<Answer, ProviderError> {
    if media_type(&response) != b"text/event-stream" {
        return Err(not_a_stream(response).await);
    }
    let headers = headers::shown(response.headers());
    let stream = ReplyStream::open(Box::pin(response), stream_bounds(spec), headers, deadline);
    stream.await.map(Answer::Stream)
}

/// Passes the answer to a forwarded request, whatever its status; only redirects are refused.
pub(crate) fn raw(response: ClientResponse, spec: &ProviderSpec) -> Result<Answer, ProviderError> {
    let status = response.status().as_u16();
    match status {
        ..200 => Err(ProviderError::Protocol),
        300..400 => Err(ProviderError::Redirect { status }),
        _ => {
            let headers = headers::shown_raw(response.headers());
            let length = content_length(&response);
            let relay = Relay::new(Box::pin(response), stream_bounds(spec));
            Ok(Answer::Raw {
                status,
                headers,
                body: RawStream::new(relay, length),
            })
        }
    }
}

/// Some providers answer a stream request with status 200 and an error object.
async fn not_a_stream(response: ClientResponse) -> ProviderError {
    let unexpected = unexpected_type(&response);
    if !is_json(&response) {
        return unexpected;
    }
    match error_body(response).await {
        Some(body) => status_inside(body),
        None => unexpected,
    }
}

pub(crate) fn stream_bounds(spec: &ProviderSpec) -> Bounds {
    Bounds {
        idle: spec.idle_timeout,
        limit: spec.max_stream_bytes,
        which: ReplyLimit::Stream,
    }
}

/// A reply must be one whole JSON object, and not an error in the clothes of a success.
fn judge_reply(body: &[u8]) -> Result<(), ProviderError> {
    if !wire::is_json_object(body) {
        return Err(ProviderError::BadJson);
    }
    let looks_like_reply = memmem::find(body, b"\"choices\"").is_some();
    if looks_like_reply || memmem::find(body, b"\"error\"").is_none() {
        return Ok(());
    }
    ErrorBody::parse(body).map_or(Ok(()), |error| Err(status_inside(error)))
}

/// An error object inside a 200 counts as the status that it names, else as 502.
fn status_inside(body: ErrorBody) -> ProviderError {
    let named = body.code.as_deref().and_then(|code| code.parse().ok());
    let status = named
        .filter(|status| (400..600).contains(status))
        .unwrap_or(502);
    ProviderError::Status {
        status,
        retry_after: None,
        body: Some(body),
    }
}

async fn error_body(response: ClientResponse) -> Option<ErrorBody> {
    let bounds = Bounds {
        idle: ERROR_TIME,
        limit: LONGEST_ERROR,
        which: ReplyLimit::Whole,
    };
    let expected = content_length(&response).unwrap_or(0);
    let reading = Relay::new(Box::pin(response), bounds).collect(expected);
    let body = timeout_at(Instant::now() + ERROR_TIME, reading)
        .await
        .ok()?
        .ok()?;
    ErrorBody::parse(&body)
}

fn text_of<'r>(response: &'r ClientResponse, name: &HeaderName) -> Option<&'r str> {
    response.headers().get(name)?.to_str().ok()
}

fn content_length(response: &ClientResponse) -> Option<u64> {
    text_of(response, &CONTENT_LENGTH)?.trim().parse().ok()
}

fn is_encoded(response: &ClientResponse) -> bool {
    text_of(response, &CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity"))
}

/// The content type in lower case, without parameters.
fn media_type(response: &ClientResponse) -> Vec<u8> {
    let value = response
        .headers()
        .get(CONTENT_TYPE)
        .map_or(&[][..], HeaderValue::as_bytes);
    let end = memchr::memchr(b';', value).unwrap_or(value.len());
    value
        .get(..end)
        .unwrap_or_default()
        .trim_ascii()
        .to_ascii_lowercase()
}

fn is_json(response: &ClientResponse) -> bool {
    let media = media_type(response);
    media == b"application/json"
        || (media.starts_with(b"application/") && media.ends_with(b"+json"))
}

fn unexpected_type(response: &ClientResponse) -> ProviderError {
    let media = media_type(response);
    let shown = media.get(..media.len().min(100)).unwrap_or_default();
    ProviderError::NotJson {
        content_type: String::from_utf8_lossy(shown).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_inside_a_success_is_an_error() {
        let reply = br#"{"error":{"message":"slow down","code":429}}"#;
        let error = judge_reply(reply).unwrap_err();
        assert!(
            matches!(error, ProviderError::Status { status: 429, .. }),
            "{error:?}"
        );
        let nameless = br#"{"error":{"message":"no"}}"#;
        assert!(matches!(
            judge_reply(nameless),
            Err(ProviderError::Status { status: 502, .. })
        ));
    }

    #[test]
    fn reply_with_a_null_error_is_a_reply() {
        assert_eq!(judge_reply(br#"{"choices":[],"error":null}"#), Ok(()));
        assert_eq!(judge_reply(br#"{"id":"x","error":null}"#), Ok(()));
    }

    #[test]
    fn cut_off_json_is_bad() {
        assert_eq!(judge_reply(br#"{"choices":["#), Err(ProviderError::BadJson));
        assert_eq!(judge_reply(b"[]"), Err(ProviderError::BadJson));
    }
}

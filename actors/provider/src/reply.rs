//! Judges what a provider sent back: from the head on to an answer or an error.
//!
//! Nothing passes on trust: a success must have the type that was asked for, a whole reply must be
//! one complete JSON object, and an error in the clothes of a success is an error.
//!
//! A whole reply is read on the worker's own thread, in the pieces that come. What is then done
//! with all of it at once (judged, counted, put into the client's format) is one pure function
//! from bytes to a [`Reading`]; a large reply is handed to other threads for it, see
//! [`runtime::Aside`], so that the worker's other clients do not wait meanwhile. A large reply is
//! not copied for that. The call's deadline holds over both.

use std::time::{Duration, SystemTime};

use awc::ClientResponse;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use memchr::memmem;
use runtime::{Aside, Work};
use tokio::time::{Instant, timeout_at};
use wire::{ApiFormat, ErrorBody, FailureKind, Usage};

use crate::{
    answer::{Answer, ReplyHeaders},
    config::ProviderSpec,
    error::{ProviderError, ReplyLimit},
    forward::RawStream,
    headers,
    quirks::{Quirk, WithIndexes},
    relay::{Bounds, Chunks, Relay},
    reply_stream::{Languages, ReplyStream},
    retry_after::retry_after,
};

/// Longest error body that is read; what is longer is no error object.
const LONGEST_ERROR: u64 = 64 << 10;
/// Longest wait for the rest of an error body: its status says nearly all.
const ERROR_TIME: Duration = Duration::from_secs(5);

/// Passes 2xx and turns everything else into its error.
///
/// A format may say by its own words what its status does not: Gemini refuses a wrong key with 400,
/// Cohere with 498. That is the operator's matter, so it counts as 401.
pub(crate) async fn successful(
    response: ClientResponse,
    format: Option<ApiFormat>,
) -> Result<ClientResponse, ProviderError> {
    let status = response.status().as_u16();
    match status {
        200..300 if is_encoded(&response) => Err(ProviderError::Protocol),
        200..300 => Ok(response),
        300..400 => Err(ProviderError::Redirect { status }),
        400.. => {
            let retry_after = retry_after(|name| text_of(&response, name), SystemTime::now());
            let bytes = error_bytes(response).await.unwrap_or_default();
            let body = ErrorBody::parse(&bytes);
            let failure = format.and_then(|format| wire::read_failure(&bytes, format, status));
            let about_key = failure.is_some_and(|failure| failure.kind == FailureKind::Key);
            let status = if about_key { 401 } else { status };
            Err(ProviderError::Status {
                status,
                retry_after,
                body,
            })
        }
        _ => Err(ProviderError::Protocol),
    }
}

/// Reads a reply that was not streamed, until `deadline` if there is one; a large one is judged
/// and converted by `aside`.
pub(crate) async fn whole(
    response: ClientResponse,
    spec: &ProviderSpec,
    deadline: Option<Instant>,
    languages: &Languages,
    aside: &Aside,
) -> Result<Answer, ProviderError> {
    let status = response.status().as_u16();
    let headers = headers::shown(response.headers());
    let body = json(response, spec, deadline).await?;
    let reading = if aside.takes(Work::Rewriting, body.len()) {
        let languages = languages.clone();
        let job = aside.run(move || Reading::judged(body, &languages));
        in_time(deadline, job).await?
    } else {
        Reading::judged(body, languages)?
    };
    Ok(reading.answer(status, headers))
}

/// Reads a whole JSON body, until `deadline` if there is one.
pub(crate) async fn json(
    response: ClientResponse,
    spec: &ProviderSpec,
    deadline: Option<Instant>,
) -> Result<Bytes, ProviderError> {
    if !is_json(&response) {
        return Err(unexpected_type(&response));
    }
    let (limit, which) = (spec.max_reply_bytes, ReplyLimit::Whole);
    let expected = content_length(&response).unwrap_or(0);
    if expected > limit {
        return Err(ProviderError::TooLarge { limit, which });
    }
    let bounds = Bounds {
        idle: spec.idle_timeout,
        limit,
        which,
    };
    let reading = Relay::new(Box::pin(response), bounds).collect(expected);
    in_time(deadline, reading).await
}

/// What a whole reply comes to for the client.
#[derive(Debug)]
pub(crate) struct Reading {
    body: Bytes,
    usage: Option<Usage>,
    notes: Vec<String>,
    stored_id: Option<String>,
}

impl Reading {
    fn judged(body: Bytes, languages: &Languages) -> Result<Self, ProviderError> {
        judge_reply(&body, languages.from)?;
        Self::of(body, languages)
    }

    /// The reply in the client's format: as it is, if the provider speaks it too.
    pub(crate) fn of(body: Bytes, languages: &Languages) -> Result<Self, ProviderError> {
        let Languages { from, to, asked } = languages;
        if from == to {
            let keeps = *from == ApiFormat::OpenAiResponses;
            return Ok(Self {
                usage: wire::usage_of_reply(&body, *from),
                stored_id: keeps.then(|| wire::field_str(&body, "id")).flatten(),
                notes: Vec::new(),
                body,
            });
        }
        let converted = wire::convert_reply(&body, *from, *to, asked);
        let (converted, usage) = converted.map_err(|_| ProviderError::BadJson)?;
        Ok(Self {
            body: converted.body,
            usage,
            notes: converted.notes,
            stored_id: None,
        })
    }

    pub(crate) fn answer(self, status: u16, headers: ReplyHeaders) -> Answer {
        Answer::Whole {
            status,
            headers,
            body: self.body,
            usage: self.usage,
            notes: self.notes,
            stored_id: self.stored_id,
        }
    }
}

async fn in_time<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T, ProviderError>>,
) -> Result<T, ProviderError> {
    match deadline {
        Some(deadline) => timeout_at(deadline, work)
            .await
            .map_err(|_| ProviderError::TotalTimeout)?,
        None => work.await,
    }
}

/// Waits for the first chunk of a streamed reply.
pub(crate) async fn streamed(
    response: ClientResponse,
    spec: &ProviderSpec,
    deadline: Instant,
    languages: &Languages,
) -> Result<Answer, ProviderError> {
    if !is_stream_of(languages.from, &media_type(&response)) {
        return Err(not_a_stream(response).await);
    }
    let headers = headers::shown(response.headers());
    let chunks: Chunks = Box::pin(response);
    let indexed =
        languages.from == ApiFormat::OpenAiChat && spec.quirks.contains(&Quirk::CallsWithoutIndex);
    let chunks = match indexed {
        true => Box::pin(WithIndexes::new(chunks)),
        false => chunks,
    };
    let stream = ReplyStream::open(chunks, stream_bounds(spec), headers, deadline, languages);
    let (stream, notes) = (stream.await?, Vec::new());
    Ok(Answer::Stream { stream, notes })
}

/// # Source
/// Ollama API, "Streaming responses" (`application/x-ndjson`); Amazon Bedrock `ConverseStream`
/// (`application/vnd.amazon.eventstream`); 22 Nov 2026. All others send server-sent events.
fn is_stream_of(format: ApiFormat, media: &[u8]) -> bool {
    match format {
        ApiFormat::Ollama => matches!(media, b"application/x-ndjson" | b"application/ndjson"),
        ApiFormat::Bedrock => media == b"application/vnd.amazon.eventstream",
        _ => media == b"text/event-stream",
    }
}

/// Passes the answer to a forwarded request, whatever its status; only redirects are refused.
pub(crate) fn raw(response: ClientResponse, spec: &ProviderSpec) -> Result<Answer, ProviderError> {
    bounded(response, stream_bounds(spec))
}

/// Passes an answer of any type within these bounds.
pub(crate) fn bounded(response: ClientResponse, bounds: Bounds) -> Result<Answer, ProviderError> {
    let status = response.status().as_u16();
    match status {
        ..200 => Err(ProviderError::Protocol),
        300..400 => Err(ProviderError::Redirect { status }),
        _ => {
            let headers = headers::shown_raw(response.headers());
            let length = content_length(&response);
            let relay = Relay::new(Box::pin(response), bounds);
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
fn judge_reply(body: &[u8], format: ApiFormat) -> Result<(), ProviderError> {
    if !wire::is_json_object(body) {
        return Err(ProviderError::BadJson);
    }
    let looks_like_reply = memmem::find(body, marker(format)).is_some();
    // Errors of Cohere and Bedrock are a sentence and nothing else; the message of a reply is an
    // object.
    let object = matches!(format, ApiFormat::Cohere | ApiFormat::Ollama);
    if (object || !looks_like_reply) && wire::field_str(body, "message").is_some() {
        return ErrorBody::parse(body).map_or(Ok(()), |error| Err(status_inside(error)));
    }
    if looks_like_reply || memmem::find(body, b"\"error\"").is_none() {
        return Ok(());
    }
    ErrorBody::parse(body).map_or(Ok(()), |error| Err(status_inside(error)))
}

/// A member that every reply of the format has, and no error.
fn marker(format: ApiFormat) -> &'static [u8] {
    match format {
        ApiFormat::OpenAiChat => b"\"choices\"",
        ApiFormat::OpenAiResponses | ApiFormat::Bedrock => b"\"output\"",
        ApiFormat::Anthropic => b"\"content\"",
        ApiFormat::Gemini => b"\"candidates\"",
        ApiFormat::Cohere | ApiFormat::Ollama => b"\"message\"",
    }
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
    ErrorBody::parse(&error_bytes(response).await?)
}

async fn error_bytes(response: ClientResponse) -> Option<Bytes> {
    let bounds = Bounds {
        idle: ERROR_TIME,
        limit: LONGEST_ERROR,
        which: ReplyLimit::Whole,
    };
    let expected = content_length(&response).unwrap_or(0);
    let reading = Relay::new(Box::pin(response), bounds).collect(expected);
    timeout_at(Instant::now() + ERROR_TIME, reading)
        .await
        .ok()?
        .ok()
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
        let error = judge_reply(reply, ApiFormat::OpenAiChat).unwrap_err();
        assert!(
            matches!(error, ProviderError::Status { status: 429, .. }),
            "{error:?}"
        );
        let nameless = br#"{"error":{"message":"no"}}"#;
        assert!(matches!(
            judge_reply(nameless, ApiFormat::OpenAiChat),
            Err(ProviderError::Status { status: 502, .. })
        ));
    }

    #[test]
    fn a_sentence_alone_is_an_error_and_a_message_is_a_reply() {
        let sentence = br#"{"message":"too many tokens"}"#;
        for format in ApiFormat::ALL {
            let error = judge_reply(sentence, format).unwrap_err();
            let ProviderError::Status { status, body, .. } = error else {
                panic!("{format}: {error:?}");
            };
            assert_eq!(
                (status, body.unwrap().message),
                (502, "too many tokens".to_owned())
            );
        }
        for (format, reply) in [
            (
                ApiFormat::Cohere,
                r#"{"id":"1","message":{"role":"assistant","content":[]}}"#,
            ),
            (
                ApiFormat::Ollama,
                r#"{"message":{"content":"{\"message\":\"x\"}"},"done":true}"#,
            ),
            (
                ApiFormat::Bedrock,
                r#"{"output":{"message":{}},"message":"beside it"}"#,
            ),
        ] {
            assert_eq!(judge_reply(reply.as_bytes(), format), Ok(()), "{format}");
        }
    }

    #[test]
    fn reply_with_a_null_error_is_a_reply() {
        assert_eq!(
            judge_reply(br#"{"choices":[],"error":null}"#, ApiFormat::OpenAiChat),
            Ok(())
        );
        assert_eq!(
            judge_reply(br#"{"id":"x","error":null}"#, ApiFormat::OpenAiChat),
            Ok(())
        );
    }

    #[test]
    fn cut_off_json_is_bad() {
        assert_eq!(
            judge_reply(br#"{"choices":["#, ApiFormat::OpenAiChat),
            Err(ProviderError::BadJson)
        );
        assert_eq!(
            judge_reply(b"[]", ApiFormat::OpenAiChat),
            Err(ProviderError::BadJson)
        );
    }
}

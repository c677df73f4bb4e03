//! The one table of errors that a caller can see, and how each looks on the wire.
//!
//! Owns: code, type, kind, status and public sentence of every refusal. Never does: decide
//! whether something is an error; that is the business of the crates below, which know nothing
//! of HTTP. Each of their errors is mapped here, without a catch-all arm, so that a new
//! condition does not compile until somebody chose its answer.
//!
//! An error has two voices: the public sentence goes to the caller, `operator` goes to the log.
//! Neither holds a secret, a prompt or an upstream's body. See `docs/errors.md`.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use bytes::Bytes;
use serde::Serialize;
use wire::{ApiFormat, Failure, FailureKind};

macro_rules! error_table {
    ($($code:ident, $wire:literal, $kind:literal, $class:literal, $status:literal, $sentence:literal;)*) => {
        /// Every condition that a caller can be told about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode {
            $(#[doc = $sentence] $code,)*
        }

        impl ErrorCode {
            /// All codes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            const fn row(self) -> Row {
                match self {
                    $(Self::$code => Row { wire: $wire, kind: $kind, class: $class, status: $status, sentence: $sentence },)*
                }
            }
        }
    };
}

struct Row {
    wire: &'static str,
    kind: &'static str,
    class: &'static str,
    status: u16,
    sentence: &'static str,
}

// Columns: variant, `error.code`, `error.type`, `error_kind`, status, public sentence.
error_table! {
    MissingApiKey, "missing_api_key", "authentication_error", "auth_failed", 401, "No API key was given. Send `Authorization: Bearer <key>`, `x-api-key`, `api-key` or `x-goog-api-key`.";
    InvalidApiKey, "invalid_api_key", "authentication_error", "auth_failed", 401, "The API key is not known.";
    AddressBlocked, "address_blocked", "rate_limit_error", "rate_limited", 429, "Too many failed logins came from this address. Wait for the time in `Retry-After`.";
    KeyDisabled, "key_disabled", "permission_error", "auth_failed", 403, "This API key is disabled.";
    KeyExpired, "key_expired", "permission_error", "auth_failed", 403, "This API key has expired.";
    EndpointNotAllowed, "endpoint_not_allowed", "permission_error", "auth_failed", 403, "This API key may not use this endpoint.";
    RoleNotAllowed, "role_not_allowed", "permission_error", "auth_failed", 403, "The role of this API key does not allow this request.";
    AgentNotAllowed, "agent_not_allowed", "permission_error", "auth_failed", 403, "This API key may not use this agent or model.";
    RouteNotFound, "not_found", "invalid_request_error", "invalid_request", 404, "There is no such endpoint.";
    MethodNotAllowed, "method_not_allowed", "invalid_request_error", "invalid_request", 405, "This endpoint does not take this method.";
    BodyTimeout, "body_timeout", "invalid_request_error", "invalid_request", 408, "The request body did not arrive in time.";
    BodyTooLarge, "body_too_large", "invalid_request_error", "payload_too_large", 413, "The request body is larger than the gateway allows.";
    BodyIncomplete, "body_incomplete", "invalid_request_error", "invalid_request", 400, "The request body ended before it was complete.";
    UnsupportedMediaType, "unsupported_media_type", "invalid_request_error", "invalid_request", 415, "This content type cannot be checked for secrets, so it is not passed on.";
    InvalidForm, "invalid_form", "invalid_request_error", "invalid_request", 400, "The multipart form of the request cannot be read.";
    InvalidJson, "invalid_json", "invalid_request_error", "invalid_request", 400, "The request body is not valid JSON.";
    DuplicateKey, "duplicate_key", "invalid_request_error", "invalid_request", 400, "The request body names a key twice.";
    InvalidField, "invalid_field", "invalid_request_error", "invalid_request", 400, "A field of the request has the wrong type or value.";
    MissingField, "missing_field", "invalid_request_error", "invalid_request", 400, "A field that is needed is missing.";
    UnsupportedByProvider, "unsupported_by_provider", "invalid_request_error", "invalid_request", 400, "The request asks for something that the API of the provider cannot say.";
    UpgradeRequired, "upgrade_required", "invalid_request_error", "invalid_request", 426, "This endpoint speaks WebSocket only. Open it with a handshake of version 13.";
    SocketOnly, "realtime_by_websocket_only", "permission_error", "invalid_request", 403, "The gateway gives out no keys for sessions and passes on no calls that it could not see. Open a WebSocket at `/v1/realtime?model=...` with your own key.";
    InvalidMessage, "invalid_message", "invalid_request_error", "invalid_request", 400, "A WebSocket message cannot be read.";
    MessageTooLarge, "message_too_large", "invalid_request_error", "payload_too_large", 413, "A WebSocket message is larger than the gateway allows.";
    ClientSilent, "client_silent", "invalid_request_error", "invalid_request", 408, "The client has answered no ping for too long.";
    InvalidPath, "invalid_path", "invalid_request_error", "invalid_request", 400, "The path holds parts that are not allowed.";
    ModelNotFound, "model_not_found", "invalid_request_error", "model_not_found", 404, "There is no agent or model of this name. `GET /v1/models` lists those that this key may use.";
    ObjectNotFound, "object_not_found", "invalid_request_error", "invalid_request", 404, "There is no such object, or it belongs to another API key.";
    KeptElsewhere, "kept_elsewhere", "invalid_request_error", "invalid_request", 400, "The earlier response or conversation is kept by a provider that does not serve this model.";
    ProviderNotFound, "provider_not_found", "invalid_request_error", "model_not_found", 404, "There is no provider of this name.";
    ContextTooLarge, "context_length_exceeded", "invalid_request_error", "context_exceeded", 413, "The request is longer than the context of every model that could serve it.";
    RequestLimit, "request_limit", "rate_limit_error", "rate_limited", 429, "This API key has used up its requests per minute. Wait for the time in `Retry-After`.";
    TokenLimit, "token_limit", "rate_limit_error", "rate_limited", 429, "This API key has used up its tokens per minute. Wait for the time in `Retry-After`.";
    TokenLimitTooSmall, "token_limit_too_small", "rate_limit_error", "rate_limited", 413, "The request needs more tokens than this API key may ever use in a minute. Send a shorter one, or have the limit raised.";
    ConcurrencyLimit, "concurrency_limit", "rate_limit_error", "rate_limited", 429, "This API key has as many requests open as it may. Wait until one ends.";
    RedactionFailed, "redaction_failed", "server_error", "bouncer_error", 500, "The request could not be checked for secrets, so it was not sent.";
    RequestBlocked, "request_blocked", "invalid_request_error", "bouncer_error", 400, "The request holds something that must not leave, so it was not sent.";
    ReplyBlocked, "reply_blocked", "permission_error", "bouncer_error", 403, "The reply held something that is not allowed, so it was ended.";
    ReplyUnchecked, "reply_unchecked", "server_error", "bouncer_error", 500, "The reply could not be checked for secrets, so it was not passed on.";
    RedactorBusy, "redactor_busy", "server_error", "bouncer_error", 503, "The check for secrets is overloaded. Try again shortly.";
    ProvidersUnavailable, "providers_unavailable", "server_error", "provider_error", 503, "No provider for this model can take requests now. Wait for the time in `Retry-After`.";
    ProviderNotConfigured, "provider_not_configured", "server_error", "provider_error", 503, "The provider has no key or address in the gateway's configuration.";
    ProviderUnreachable, "provider_unreachable", "server_error", "network_error", 502, "The provider could not be reached.";
    ProviderTimeout, "provider_timeout", "server_error", "provider_timeout", 504, "The provider did not answer in time.";
    ProviderRefused, "provider_refused", "server_error", "provider_error", 502, "The provider refused the gateway's credentials or address.";
    ProviderError, "provider_error", "server_error", "provider_error", 502, "The provider failed.";
    ProviderRateLimited, "provider_rate_limited", "rate_limit_error", "rate_limited", 429, "The provider is limiting requests. Wait for the time in `Retry-After`.";
    ProviderRejected, "provider_rejected", "invalid_request_error", "invalid_request", 400, "The provider did not accept the request.";
    ProviderBadReply, "provider_bad_reply", "server_error", "provider_error", 502, "The provider's reply was not what its API promises.";
    StreamInterrupted, "stream_interrupted", "server_error", "provider_error", 502, "The provider's stream ended early. What came before is incomplete.";
    StreamStalled, "stream_stalled", "server_error", "provider_timeout", 504, "The provider's stream went silent for too long. What came before is incomplete.";
    StreamTooLarge, "stream_too_large", "server_error", "payload_too_large", 502, "The provider's reply is larger than the gateway allows.";
    ShuttingDown, "shutting_down", "server_error", "internal_error", 503, "The gateway is stopping. Send the request again.";
    GuardUnavailable, "guard_unavailable", "server_error", "internal_error", 503, "A part of the gateway that must check this request is restarting. Try again shortly.";
    Internal, "internal_error", "server_error", "internal_error", 500, "Something went wrong in the gateway. The request id finds it in the log.";
}

impl ErrorCode {
    /// The code as callers see it in `error.code`.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        self.row().wire
    }

    /// The class of error, `error.type` in OpenAI's words.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        self.row().kind
    }

    /// The value of `error_kind`, kept from the gateway that this one replaces.
    #[must_use]
    pub const fn class(self) -> &'static str {
        self.row().class
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The sentence for the caller.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.row().sentence
    }
}

/// A refusal or failure on its way to the caller.
#[derive(Debug)]
pub struct ApiError {
    code: ErrorCode,
    status: Option<StatusCode>,
    detail: Option<String>,
    param: Option<String>,
    retry_after: Option<Duration>,
    operator: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    client_left: bool,
}

impl ApiError {
    /// An error with the table's own sentence.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            status: None,
            detail: None,
            param: None,
            retry_after: None,
            operator: None,
            headers: Vec::new(),
            client_left: false,
        }
    }

    /// Adds to the public sentence what exactly is wrong; the text must hold no content.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// What the provider says of the request, if that is what the detail is.
    #[must_use]
    pub fn providers_words(&self) -> Option<&str> {
        let is_theirs = self.code == ErrorCode::ProviderRejected;
        self.detail.as_deref().filter(|_| is_theirs)
    }

    /// Names the field of the request.
    #[must_use]
    pub fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// Says when the same request would be worth another try.
    #[must_use]
    pub fn retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// Replaces the table's status, for a provider's own 4xx that the caller must see as it is.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = StatusCode::from_u16(status).ok();
        self
    }

    /// What the operator reads in the log.
    #[must_use]
    pub fn operator(mut self, cause: impl Into<String>) -> Self {
        self.operator = Some(cause.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Says that nobody waits for the answer: the connection ended in mid-request.
    #[must_use]
    pub const fn client_left(mut self) -> Self {
        self.client_left = true;
        self
    }

    /// Whether nobody waits for the answer.
    #[must_use]
    pub const fn is_departure(&self) -> bool {
        self.client_left
    }

    /// The row of the table.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The field at fault, if one is.
    #[must_use]
    pub fn named_param(&self) -> Option<&str> {
        self.param.as_deref()
    }

    /// The text for the log, if there is more to say than the code.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.operator.as_deref()
    }

    /// The JSON body: OpenAI's `error` object, `error_kind` and the request id.
    #[must_use]
    pub fn body(&self, request_id: &str) -> Vec<u8> {
        let message = self.message();
        let shape = Shape {
            error: Inner {
                message: &message,
                kind: self.code.kind(),
                code: self.code.wire(),
                param: self.param.as_deref(),
            },
            error_kind: self.code.class(),
            request_id,
        };
        serde_json::to_vec(&shape).unwrap_or_default()
    }

    /// The public sentence with what exactly is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} {detail}", self.code.sentence()),
            None => self.code.sentence().to_owned(),
        }
    }

    /// The same in words of no format, for formats that have a shape of their own.
    #[must_use]
    pub fn failure(&self, request_id: &str) -> Failure<'static> {
        let status = self.status.unwrap_or_else(|| self.code.status()).as_u16();
        Failure {
            status: Some(status),
            code: Some(self.code.wire().into()),
            param: self.param.clone().map(Into::into),
            retry_after: self.retry_after.map(whole_seconds),
            request_id: Some(request_id.to_owned().into()),
            ..Failure::new(FailureKind::of_status(status), self.message())
        }
    }

    /// Status and body in the client's format.
    fn in_format(&self, format: ApiFormat, request_id: &str) -> (StatusCode, Bytes) {
        let own = self.status.unwrap_or_else(|| self.code.status());
        if matches!(format, ApiFormat::OpenAiChat | ApiFormat::OpenAiResponses) {
            return (own, self.body(request_id).into());
        }
        let (status, body) = wire::write_failure(&self.failure(request_id), format);
        (StatusCode::from_u16(status).unwrap_or(own), body)
    }

    /// The whole answer, to a client of this format.
    #[must_use]
    pub fn response(&self, format: ApiFormat, request_id: &str) -> HttpResponse {
        let (status, body) = self.in_format(format, request_id);
        let mut answer = HttpResponse::build(status);
        answer.insert_header((header::CONTENT_TYPE, "application/json"));
        if let Some(wait) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, whole_seconds(wait)));
        }
        if status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        for (name, value) in &self.headers {
            answer.insert_header((name.clone(), value.clone()));
        }
        if format == ApiFormat::Bedrock
            && let Some(name) = wire::field_str(&body, "__type")
        {
            answer.insert_header(("x-amzn-errortype", name));
        }
        answer.body(body)
    }
}

/// Rounds a wait up to whole seconds, at least one, as `Retry-After` needs it.
///
/// # Source
/// RFC 9110 section 10.2.3: a non-negative decimal number of seconds.
#[must_use]
pub fn whole_seconds(wait: Duration) -> u64 {
    let up = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(up).max(1)
}

#[derive(Serialize)]
struct Shape<'a> {
    error: Inner<'a>,
    error_kind: &'a str,
    request_id: &'a str,
}

#[derive(Serialize)]
struct Inner<'a> {
    message: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    code: &'a str,
    param: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_on_the_wire_are_unique() {
        let mut seen: Vec<_> = ErrorCode::ALL.iter().map(|c| c.wire()).collect();
        seen.sort_unstable();
        let before = seen.len();
        seen.dedup();
        assert_eq!(before, seen.len());
    }

    #[test]
    fn every_status_is_a_client_or_server_error() {
        for code in ErrorCode::ALL {
            assert!(
                code.status().is_client_error() || code.status().is_server_error(),
                "{code:?}"
            );
        }
    }

    #[test]
    fn the_body_has_openais_shape_and_the_kept_kind() {
        let body = ApiError::new(ErrorCode::ModelNotFound)
            .param("model")
            .body("r1");
        let value: serde_json::Value = serde_json::from_slice(&body).expect("json");
        assert_eq!(value["error"]["code"], "model_not_found");
        assert_eq!(value["error"]["type"], "invalid_request_error");
        assert_eq!(value["error"]["param"], "model");
        assert_eq!(value["error_kind"], "model_not_found");
        assert_eq!(value["request_id"], "r1");
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_millis(1_001)), 2);
        assert_eq!(whole_seconds(Duration::from_secs(30)), 30);
        assert_eq!(whole_seconds(Duration::ZERO), 1);
    }

    #[test]
    fn every_code_stands_in_the_document() {
        let text = include_str!("../../docs/errors.md");
        for code in ErrorCode::ALL {
            let row = format!(
                "| `{}` | {} | `{}` | `{}` |",
                code.wire(),
                code.status().as_u16(),
                code.kind(),
                code.class()
            );
            assert!(text.contains(&row), "docs/errors.md lacks: {row}");
        }
        let rows = text.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(
            rows,
            ErrorCode::ALL.len(),
            "docs/errors.md has rows that no code stands for"
        );
    }
}

//! Error bodies and error events.
//!
//! # Source
//! openai/openai-openapi at f85dbe2, schemas Error and ErrorResponse; guide on error codes
//! (21 August 2026). Statuses: ADR 0009.

use std::borrow::Cow;

use super::fields::Fields;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::text::Text;

/// An error body; `None` if it is none of this format.
pub(super) fn read_failure(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let error = raw::member(raw::document(body).ok()?, "error")?;
    let mut failure = read_error(error)?;
    failure.status = Some(status);
    failure.kind = kind(Some(status), &failure, type_of(error).as_deref());
    Some(failure)
}

/// The object under `error`, or an event's own fields.
pub(super) fn read_error(error: Raw<'_>) -> Option<Failure<'_>> {
    if raw::kind(error) == Kind::Text {
        let message = owned(&Text::of_raw(error)?);
        return Some(Failure::new(FailureKind::Failed, message));
    }
    let mut fields = Fields::of(error).ok()?;
    let mut take = |name: &str| fields.take(name).and_then(word);
    let message = take("message")?;
    let mut failure = Failure::new(FailureKind::Failed, message);
    failure.code = take("code");
    failure.param = take("param");
    let kind_word = take("type");
    failure.kind = kind(None, &failure, kind_word.as_deref());
    Some(failure)
}

fn type_of(error: Raw<'_>) -> Option<Cow<'_, str>> {
    raw::member(error, "type").and_then(word)
}

fn word(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    match raw::kind(raw) {
        Kind::Text => Text::of_raw(raw).map(|text| owned(&text)),
        Kind::Number => Some(Cow::Borrowed(raw.get())),
        _ => None,
    }
}

fn owned<'a>(text: &Text<'a>) -> Cow<'a, str> {
    match text {
        Text::Spelt(Cow::Borrowed(spelt)) if !spelt.contains('\\') => Cow::Borrowed(spelt),
        text => Cow::Owned(text.decoded().into_owned()),
    }
}

/// What went wrong: the code says it best, then the status, then the type.
fn kind(status: Option<u16>, failure: &Failure<'_>, type_word: Option<&str>) -> FailureKind {
    let of_word = |word: &str| match word {
        "insufficient_quota" | "billing_hard_limit_reached" => Some(FailureKind::Money),
        "invalid_api_key" | "authentication_error" => Some(FailureKind::Key),
        "model_not_found" | "not_found_error" => Some(FailureKind::NotFound),
        "rate_limit_exceeded" | "rate_limit_error" => Some(FailureKind::Rate),
        "server_is_overloaded" | "slow_down" | "service_unavailable_error" => {
            Some(FailureKind::Overloaded)
        }
        "context_length_exceeded" | "invalid_prompt" | "invalid_value" => {
            Some(FailureKind::Invalid)
        }
        "server_error" => Some(FailureKind::Failed),
        _ => None,
    };
    let by_code = failure.code.as_deref().and_then(of_word);
    let by_type = || match type_word {
        Some("invalid_request_error") => Some(FailureKind::Invalid),
        Some(word) => of_word(word),
        None => None,
    };
    match (by_code, status) {
        (Some(kind), _) => kind,
        (None, Some(status)) => FailureKind::of_status(status),
        (None, None) => by_type().unwrap_or(FailureKind::Failed),
    }
}

/// Status and body.
pub(super) fn write_failure(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let status = match (failure.kind, failure.status) {
        (FailureKind::Money, _) => 429,
        (_, Some(status)) if is_usual(status) => status,
        (kind, _) => kind.status(),
    };
    let mut out = Out::default();
    out.open().key("error").open();
    out.key("message").plain(&failure.message);
    out.key("type").plain(type_word(failure.kind));
    out.key("param");
    write_maybe(&mut out, failure.param.as_deref());
    out.key("code");
    write_maybe(&mut out, code(failure));
    out.close().close();
    (status, out.into_bytes())
}

/// Statuses that the API has; others (402, 424, 498, 529) become that of their kind.
fn is_usual(status: u16) -> bool {
    matches!(
        status,
        400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504
    )
}

fn write_maybe(out: &mut Out, word: Option<&str>) {
    match word {
        Some(word) => out.plain(word),
        None => out.null(),
    };
}

fn type_word(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Invalid | FailureKind::Key | FailureKind::NotFound | FailureKind::TooLarge => {
            "invalid_request_error"
        }
        FailureKind::Money => "insufficient_quota",
        FailureKind::Forbidden => "request_forbidden",
        FailureKind::Rate => "rate_limit_error",
        FailureKind::Overloaded => "service_unavailable_error",
        FailureKind::Failed | FailureKind::TooLate => "server_error",
    }
}

/// The failure's own word, or the one that the API has for its kind.
pub(super) fn code<'f>(failure: &'f Failure<'_>) -> Option<&'f str> {
    let usual = match failure.kind {
        FailureKind::Key => Some("invalid_api_key"),
        FailureKind::Money => Some("insufficient_quota"),
        FailureKind::NotFound => Some("model_not_found"),
        FailureKind::Rate => Some("rate_limit_exceeded"),
        FailureKind::Overloaded => Some("server_is_overloaded"),
        _ => None,
    };
    failure.code.as_deref().or(usual)
}

/// The object under `error` of a response that failed: its code is one of a closed list.
pub(super) fn write_response_error(out: &mut Out, failure: &Failure<'_>) {
    let code = match failure.kind {
        FailureKind::Rate => "rate_limit_exceeded",
        FailureKind::Invalid => "invalid_prompt",
        _ => "server_error",
    };
    out.open().key("code").plain(code);
    out.key("message").plain(&failure.message).close();
}

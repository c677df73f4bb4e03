//! Errors.
//!
//! # Source
//! OpenAI's guide on error codes and the schema `Error` of openai/openai-openapi at f85dbe2
//! (21 Aug 2026). Imitators write `{"error": "..."}`, a list of one, or `message` at the top.

use std::borrow::Cow;

use super::node::member;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::text::Text;

/// Words of `code` and `type` that say more than the status.
const WORDS: [(&str, FailureKind); 21] = [
    ("insufficient_quota", FailureKind::Money),
    ("billing_hard_limit_reached", FailureKind::Money),
    ("billing_not_active", FailureKind::Money),
    ("invalid_api_key", FailureKind::Key),
    ("authentication_error", FailureKind::Key),
    ("permission_error", FailureKind::Forbidden),
    ("permission_denied", FailureKind::Forbidden),
    ("request_forbidden", FailureKind::Forbidden),
    (
        "unsupported_country_region_territory",
        FailureKind::Forbidden,
    ),
    ("model_not_found", FailureKind::NotFound),
    ("not_found_error", FailureKind::NotFound),
    ("rate_limit_exceeded", FailureKind::Rate),
    ("rate_limit_error", FailureKind::Rate),
    ("server_is_overloaded", FailureKind::Overloaded),
    ("overloaded_error", FailureKind::Overloaded),
    ("service_unavailable_error", FailureKind::Overloaded),
    ("engine_overloaded_error", FailureKind::Overloaded),
    ("timeout", FailureKind::TooLate),
    ("timeout_error", FailureKind::TooLate),
    ("server_error", FailureKind::Failed),
    ("invalid_request_error", FailureKind::Invalid),
];

pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let document = raw::document(body).ok()?;
    let record = match raw::kind(document) {
        Kind::Array => *raw::items(document).ok()?.first()?,
        _ => document,
    };
    of_record(Some(status), record)
}

/// An error in the midst of a stream: a document with `error`, or the error itself.
pub(super) fn of_record(status: Option<u16>, record: Raw<'_>) -> Option<Failure<'_>> {
    match member(record, "error") {
        Some(error) if raw::kind(error) == Kind::Object => of_error(status, error),
        Some(error) => {
            let message = decoded(raw::text(error).ok()?);
            let kind = FailureKind::of_status(status.unwrap_or(500));
            Some(Failure {
                status,
                ..Failure::new(kind, message)
            })
        }
        None => of_error(status, record),
    }
}

fn of_error(status: Option<u16>, error: Raw<'_>) -> Option<Failure<'_>> {
    let message = decoded(member(error, "message").and_then(Text::of_raw)?);
    let code = member(error, "code");
    let word = member(error, "type").and_then(Text::of_raw).map(decoded);
    // OpenRouter's code is the status, as a number.
    let status = status.or_else(|| u16::try_from(code.and_then(raw::count)?).ok());
    let code = code.and_then(scalar);
    let kind = kind_of(status, code.as_deref(), word.as_deref());
    let strange = word.filter(|word| !WORDS.iter().any(|(known, _)| known == word));
    Some(Failure {
        status,
        code: code.or(strange),
        param: member(error, "param").and_then(Text::of_raw).map(decoded),
        ..Failure::new(kind, message)
    })
}

fn kind_of(status: Option<u16>, code: Option<&str>, word: Option<&str>) -> FailureKind {
    let known = |word: &str| WORDS.iter().find(|(known, _)| *known == word);
    let by_status = FailureKind::of_status(status.unwrap_or(500));
    let said = code.and_then(known).or_else(|| word.and_then(known));
    match said {
        // OpenAI says so of keys, models and sizes too; there the status says more.
        Some((_, FailureKind::Invalid)) if status.is_some() => by_status,
        Some((_, kind)) => *kind,
        None => by_status,
    }
}

fn scalar(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    match raw::kind(raw) {
        Kind::Number => Some(Cow::Borrowed(raw.get())),
        _ => Text::of_raw(raw).map(decoded),
    }
}

fn decoded(text: Text<'_>) -> Cow<'_, str> {
    match text {
        Text::Plain(plain) => plain,
        Text::Spelt(Cow::Borrowed(spelt)) if !spelt.contains('\\') => Cow::Borrowed(spelt),
        spelt => Cow::Owned(spelt.decoded().into_owned()),
    }
}

pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let mut out = Out::default();
    body(&mut out, failure);
    (status(failure), out.into_bytes())
}

/// Statuses stay, but for those that are of other APIs.
fn status(failure: &Failure<'_>) -> u16 {
    match (failure.kind, failure.status) {
        (FailureKind::Money, _) => 429,
        (kind, None | Some(498 | 529) | Some(..400)) => kind.status(),
        (_, Some(status)) => status,
    }
}

/// The body, which is also the data of an error in a stream.
pub(super) fn body(out: &mut Out, failure: &Failure<'_>) {
    let (kind, code) = words(failure.kind);
    out.open().key("error").open();
    out.key("message").plain(&failure.message);
    out.key("type").plain(kind).key("param");
    match &failure.param {
        Some(param) => out.plain(param),
        None => out.null(),
    };
    out.key("code");
    match failure.code.as_deref().or(code) {
        Some(code) => out.plain(code),
        None => out.null(),
    };
    out.close().close();
}

/// `type` and, where nothing else is known, `code`.
fn words(kind: FailureKind) -> (&'static str, Option<&'static str>) {
    match kind {
        FailureKind::Invalid | FailureKind::TooLarge => ("invalid_request_error", None),
        FailureKind::Key => ("invalid_request_error", Some("invalid_api_key")),
        FailureKind::Money => ("insufficient_quota", Some("insufficient_quota")),
        FailureKind::Forbidden => ("request_forbidden", None),
        FailureKind::NotFound => ("invalid_request_error", Some("model_not_found")),
        FailureKind::Rate => ("rate_limit_error", Some("rate_limit_exceeded")),
        FailureKind::Overloaded => ("service_unavailable_error", Some("server_is_overloaded")),
        FailureKind::Failed => ("server_error", None),
        FailureKind::TooLate => ("server_error", Some("timeout")),
    }
}

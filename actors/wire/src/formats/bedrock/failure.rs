//! Errors: bodies say only a sentence, the type stands in the header `x-amzn-errortype`; in a
//! stream the frame's exception type says it.

use std::borrow::Cow;

use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw, member};
use crate::canonical::text::Text;

const TYPES: [(&str, FailureKind); 17] = [
    ("ValidationException", FailureKind::Invalid),
    ("UnrecognizedClientException", FailureKind::Key),
    ("InvalidSignatureException", FailureKind::Key),
    ("ExpiredTokenException", FailureKind::Key),
    ("MissingAuthenticationTokenException", FailureKind::Key),
    ("AccessDeniedException", FailureKind::Forbidden),
    ("ResourceNotFoundException", FailureKind::NotFound),
    ("ThrottlingException", FailureKind::Rate),
    ("ServiceQuotaExceededException", FailureKind::Rate),
    ("ServiceUnavailableException", FailureKind::Overloaded),
    ("ModelNotReadyException", FailureKind::Overloaded),
    ("InternalServerException", FailureKind::Failed),
    ("ModelErrorException", FailureKind::Failed),
    ("ModelStreamErrorException", FailureKind::Failed),
    ("InternalFailure", FailureKind::Failed),
    ("InternalError", FailureKind::Failed),
    ("ModelTimeoutException", FailureKind::TooLate),
];

/// The kind of an exception, by its type in any letter case.
pub(super) fn kind_of_type(name: &str) -> Option<FailureKind> {
    let found = TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, kind)| *kind)
}

/// The value of `x-amzn-errortype` for an error.
pub(crate) fn error_type(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Money => "AccessDeniedException",
        FailureKind::TooLarge => "ValidationException",
        kind => {
            let found = TYPES.iter().find(|(_, known)| *known == kind);
            found.map_or("InternalServerException", |(name, _)| *name)
        }
    }
}

pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let raw = raw::document(body).ok()?;
    let message = message_of(raw)?;
    let kind = match member(raw, "__type").and_then(decoded) {
        Some(name) => kind_of_type(name.rsplit('#').next().unwrap_or_default()),
        None => None,
    };
    let kind = kind.unwrap_or_else(|| of_status(status, &message));
    let mut failure = Failure::new(kind, message);
    failure.status = Some(status);
    Some(failure)
}

/// Two statuses stand for two things each, which only the sentence tells apart.
fn of_status(status: u16, message: &str) -> FailureKind {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match status {
        403 if says(&["security token", "signature", "expired", "credential"]) => FailureKind::Key,
        429 if says(&["not ready"]) => FailureKind::Overloaded,
        424 => FailureKind::Failed,
        _ => FailureKind::of_status(status),
    }
}

fn message_of(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let named = |name| member(raw, name).and_then(decoded);
    named("message").or_else(|| named("Message"))
}

fn decoded(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    match Text::of_raw(raw)? {
        Text::Spelt(Cow::Borrowed(spelt)) => {
            Some(crate::escape::decode_text(spelt, spelt.contains('\\')))
        }
        other => Some(Cow::Owned(other.decoded().into_owned())),
    }
}

/// An exception within a stream.
pub(super) fn of_exception<'a>(name: &str, data: Option<Raw<'a>>) -> Failure<'a> {
    let kind = kind_of_type(name).unwrap_or(FailureKind::Failed);
    let message = data.and_then(message_of);
    let message = message.unwrap_or(Cow::Borrowed("the provider failed in its stream"));
    let message = match data.and_then(original) {
        Some(original) => Cow::Owned(format!("{message} ({original})")),
        None => message,
    };
    Failure::new(kind, message)
}

/// What the model itself answered, where the service says it: `500: Overloaded`.
fn original(data: Raw<'_>) -> Option<String> {
    let status = member(data, "originalStatusCode").and_then(raw::count);
    let status = status.map(|status| status.to_string());
    let message = member(data, "originalMessage").and_then(decoded);
    let both = [status, message.map(Cow::into_owned)];
    let said: Vec<String> = both.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(": "))
}

/// The type also stands in the body, where SDKs look for it if the header is not there.
pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let status = match (failure.kind, failure.status) {
        (FailureKind::Key, _) => 403,
        (FailureKind::TooLate, _) => 408,
        (FailureKind::Failed, Some(status @ (424 | 500..=599))) => status,
        (FailureKind::Overloaded, _) => 503,
        (kind, Some(status)) if FailureKind::of_status(status) == kind => status,
        (kind, _) => kind.status(),
    };
    let mut out = Out::default();
    out.open().key("__type").plain(error_type(failure.kind));
    out.key("message").plain(&failure.message).close();
    (status, out.into_bytes())
}

/// The exception types that a stream may have.
pub(super) fn exception(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Rate | FailureKind::Money => "throttlingException",
        FailureKind::Overloaded => "serviceUnavailableException",
        FailureKind::Failed => "internalServerException",
        FailureKind::TooLate => "modelStreamErrorException",
        _ => "validationException",
    }
}

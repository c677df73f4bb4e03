//! Error bodies, and the event that ends a stream with one.

use std::borrow::Cow;

use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw, member};
use crate::canonical::text::Text;

const WORDS: [(&str, FailureKind); 10] = [
    ("invalid_request_error", FailureKind::Invalid),
    ("authentication_error", FailureKind::Key),
    ("billing_error", FailureKind::Money),
    ("permission_error", FailureKind::Forbidden),
    ("not_found_error", FailureKind::NotFound),
    ("request_too_large", FailureKind::TooLarge),
    ("rate_limit_error", FailureKind::Rate),
    ("overloaded_error", FailureKind::Overloaded),
    ("api_error", FailureKind::Failed),
    ("timeout_error", FailureKind::TooLate),
];

/// The status that stands for "overloaded" in this API alone.
const OVERLOADED: u16 = 529;

pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let raw = raw::document(body).ok()?;
    let mut failure = of_document(raw)?;
    failure.status = Some(status);
    if failure.code.is_some() {
        failure.kind = FailureKind::of_status(status);
    }
    Some(failure)
}

/// An error document, which is also the data of an `error` event.
pub(super) fn of_document<'a>(raw: Raw<'a>) -> Option<Failure<'a>> {
    let error = member(raw, "error")?;
    let word = decoded(member(error, "type")?)?;
    let message = decoded(member(error, "message")?)?;
    let known = WORDS.iter().find(|(known, _)| *known == word);
    let kind = known.map_or(FailureKind::Failed, |(_, kind)| *kind);
    let mut failure = Failure::new(kind, message);
    failure.code = known.is_none().then_some(word);
    failure.request_id = member(raw, "request_id").and_then(decoded);
    Some(failure)
}

fn decoded(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    match Text::of_raw(raw)? {
        Text::Spelt(Cow::Borrowed(spelt)) => {
            Some(crate::escape::decode_text(spelt, spelt.contains('\\')))
        }
        other => Some(Cow::Owned(other.decoded().into_owned())),
    }
}

pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let status = match (failure.kind, failure.status) {
        (FailureKind::Overloaded, _) => OVERLOADED,
        (kind, Some(status)) if FailureKind::of_status(status) == kind => status,
        (kind, _) => kind.status(),
    };
    let mut out = Out::default();
    document(failure, &mut out);
    (status, out.into_bytes())
}

/// The body, which is also the data of an `error` event.
pub(super) fn document(failure: &Failure<'_>, out: &mut Out) {
    let found = WORDS.iter().find(|(_, kind)| *kind == failure.kind);
    let word = found.map_or("api_error", |(word, _)| word);
    out.open().key("type").plain("error").key("error").open();
    out.key("type").plain(word);
    out.key("message").plain(&failure.message).close();
    if let Some(id) = &failure.request_id {
        out.key("request_id").plain(id);
    }
    out.close();
}

//! Errors: a sentence, and nothing else.

use std::borrow::Cow;

use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Kind};
use crate::canonical::text::Text;

pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let error = raw::member(raw::document(body).ok()?, "error")?;
    // Its OpenAI-compatible side, and proxies before it, write an object.
    let message = match raw::kind(error) {
        Kind::Object => raw::member(error, "message").and_then(Text::of_raw)?,
        _ => Text::of_raw(error)?,
    };
    let failure = Failure::new(FailureKind::of_status(status), plain(&message));
    Some(Failure {
        status: Some(status),
        ..failure
    })
}

pub(super) fn plain<'a>(text: &Text<'a>) -> Cow<'a, str> {
    match text {
        Text::Plain(plain) => plain.clone(),
        Text::Spelt(Cow::Borrowed(spelt)) if !spelt.contains('\\') => Cow::Borrowed(spelt),
        spelt => Cow::Owned(spelt.decoded().into_owned()),
    }
}

/// Statuses stay, but for those that are of other APIs.
pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let status = match failure.status {
        None | Some(..400 | 498 | 529) => failure.kind.status(),
        Some(status) => status,
    };
    let mut out = Out::default();
    body(&mut out, &failure.message);
    (status, out.into_bytes())
}

/// The body, which is also the line of an error in a stream.
pub(super) fn body(out: &mut Out, message: &str) {
    out.open().key("error").plain(message).close();
}

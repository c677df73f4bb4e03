//! Error bodies: `{id, message}`; all that is known of the kind is the status.

use std::borrow::Cow;

use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw, member};
use crate::canonical::text::Text;

/// An error body.
pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let document = raw::document(body).ok()?;
    let message = string(document, "message")?;
    let kind = match status {
        // Tokens of the text that are blocked, not those of the account.
        498 => FailureKind::Invalid,
        // The client went away.
        499 => FailureKind::Failed,
        status => FailureKind::of_status(status),
    };
    Some(Failure {
        status: Some(status),
        request_id: string(document, "id"),
        ..Failure::new(kind, message)
    })
}

fn string<'a>(object: Raw<'a>, name: &str) -> Option<Cow<'a, str>> {
    match Text::of_raw(member(object, name)?)? {
        Text::Spelt(Cow::Borrowed(spelt)) => {
            Some(crate::escape::decode_text(spelt, spelt.contains('\\')))
        }
        other => Some(Cow::Owned(other.decoded().into_owned())),
    }
}

/// Status and body.
pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let mut out = Out::default();
    out.open();
    if let Some(id) = &failure.request_id {
        out.key("id").plain(id);
    }
    out.key("message").plain(&failure.message).close();
    (status_of(failure), out.into_bytes())
}

fn status_of(failure: &Failure<'_>) -> u16 {
    match (failure.status, failure.kind) {
        (Some(status @ (422 | 498 | 499)), _) => status,
        (Some(status @ 500..=504), FailureKind::Failed) => status,
        (_, kind) => kind.status(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ApiFormat;
    use crate::formats::golden;

    #[test]
    fn every_golden_error_is_read_and_comes_out_as_it_went_in() {
        for (name, body) in golden::files(ApiFormat::Cohere, ".response.json") {
            let Some(status) = name.strip_prefix("error-") else {
                continue;
            };
            let failure = read(status.parse().unwrap(), &body).unwrap();
            let (written, again) = write(&failure);
            assert_eq!(written.to_string(), status, "{name}");
            let wanted: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let again: serde_json::Value = serde_json::from_slice(&again).unwrap();
            assert_eq!(again, wanted, "{name}");
        }
    }

    #[test]
    fn what_is_no_error_of_cohere_is_none() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"message":null}"#,
            r#"{"error":{"message":"x"}}"#,
        ] {
            assert_eq!(read(500, body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn a_status_that_cohere_lacks_becomes_one_that_it_has() {
        let failure = Failure {
            status: Some(529),
            ..Failure::new(FailureKind::Overloaded, "busy")
        };
        assert_eq!(write(&failure).0, 503);
    }
}

//! Errors in Google's RPC form (`google.rpc.Status` in JSON), read and written.

use std::borrow::Cow;

use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Kind, Raw, count, items, kind, member};
use crate::canonical::text::Text;

/// An error body; also as the only element of a list, which streams without `alt=sse` send.
pub(super) fn read(status: u16, body: &[u8]) -> Option<Failure<'_>> {
    let document = raw::document(body).ok()?;
    let record = match kind(document) {
        Kind::Array => items(document).ok()?.first().copied()?,
        _ => document,
    };
    of_error(member(record, "error")?, Some(status))
}

/// The failure that an `error` object tells of.
pub(super) fn of_error(error: Raw<'_>, http: Option<u16>) -> Option<Failure<'_>> {
    if kind(error) != Kind::Object {
        return None;
    }
    let code = member(error, "code").and_then(count);
    let code = code.and_then(|code| u16::try_from(code).ok());
    let status = http.filter(|http| *http >= 400).or(code);
    let word = string(error, "status");
    let details = Details::of(error);
    let message = string(error, "message").unwrap_or_default();
    Some(Failure {
        kind: kind_of(word.as_deref(), details.reason.as_deref(), status, &message),
        status,
        message,
        code: details.reason.or(word),
        param: details.field,
        retry_after: details.retry_after,
        request_id: details.request_id,
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

/// What the typed `details` say.
#[derive(Default)]
struct Details<'a> {
    reason: Option<Cow<'a, str>>,
    field: Option<Cow<'a, str>>,
    retry_after: Option<u64>,
    request_id: Option<Cow<'a, str>>,
}

impl<'a> Details<'a> {
    fn of(error: Raw<'a>) -> Self {
        let mut all = Self::default();
        let list = member(error, "details").and_then(|list| items(list).ok());
        for detail in list.unwrap_or_default() {
            all.take(detail);
        }
        all
    }

    fn take(&mut self, detail: Raw<'a>) {
        let type_ = string(detail, "@type").unwrap_or_default();
        match type_.rsplit('.').next() {
            Some("ErrorInfo") => self.reason = string(detail, "reason"),
            Some("RequestInfo") => self.request_id = string(detail, "requestId"),
            Some("RetryInfo") => {
                self.retry_after = string(detail, "retryDelay").and_then(|delay| seconds(&delay));
            }
            Some("BadRequest") => {
                let violations = member(detail, "fieldViolations");
                let violations = violations.and_then(|list| items(list).ok());
                let first = violations.and_then(|list| list.first().copied());
                self.field = first.and_then(|first| string(first, "field"));
            }
            _ => {}
        }
    }
}

/// Whole seconds of a duration as protobuf spells it (`12.5s`), rounded up.
fn seconds(duration: &str) -> Option<u64> {
    let number: f64 = duration.strip_suffix('s')?.parse().ok()?;
    (number >= 0.0).then(|| number.ceil() as u64)
}

fn kind_of(
    word: Option<&str>,
    reason: Option<&str>,
    status: Option<u16>,
    message: &str,
) -> FailureKind {
    match (word, reason) {
        (_, Some("API_KEY_INVALID" | "API_KEY_EXPIRED" | "ACCESS_TOKEN_EXPIRED")) => {
            FailureKind::Key
        }
        (_, Some("BILLING_DISABLED" | "CONSUMER_SUSPENDED")) => FailureKind::Money,
        (Some("RESOURCE_EXHAUSTED"), _) if message.contains("credits") => FailureKind::Money,
        (Some("RESOURCE_EXHAUSTED"), _) => FailureKind::Rate,
        (Some("INVALID_ARGUMENT"), _) if status == Some(413) => FailureKind::TooLarge,
        (Some("INVALID_ARGUMENT" | "FAILED_PRECONDITION" | "OUT_OF_RANGE"), _) => {
            FailureKind::Invalid
        }
        (Some("UNAUTHENTICATED"), _) => FailureKind::Key,
        (Some("PERMISSION_DENIED"), _) => FailureKind::Forbidden,
        (Some("NOT_FOUND"), _) => FailureKind::NotFound,
        (Some("UNAVAILABLE"), _) => FailureKind::Overloaded,
        (Some("DEADLINE_EXCEEDED"), _) => FailureKind::TooLate,
        (Some("INTERNAL" | "UNKNOWN" | "DATA_LOSS" | "ABORTED" | "CANCELLED"), _) => {
            FailureKind::Failed
        }
        _ => status.map_or(FailureKind::Failed, FailureKind::of_status),
    }
}

/// Status and body.
pub(super) fn write(failure: &Failure<'_>) -> (u16, Vec<u8>) {
    let mut out = Out::default();
    write_object(&mut out, failure);
    (status_of(failure), out.into_bytes())
}

/// Writes `{"error": ..}`.
pub(super) fn write_object(out: &mut Out, failure: &Failure<'_>) {
    out.open().key("error").open();
    out.key("code").number(u64::from(status_of(failure)));
    out.key("message").plain(&failure.message);
    out.key("status").plain(word_of(failure.kind));
    write_details(out, failure);
    out.close().close();
}

/// Statuses that Google's API does not have become those that it has.
fn status_of(failure: &Failure<'_>) -> u16 {
    match failure.kind {
        FailureKind::Money => 429,
        FailureKind::Failed => {
            let server = |status: &u16| (500..600).contains(status) && *status != 529;
            failure.status.filter(server).unwrap_or(500)
        }
        kind => kind.status(),
    }
}

fn word_of(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Invalid | FailureKind::TooLarge => "INVALID_ARGUMENT",
        FailureKind::Key => "UNAUTHENTICATED",
        FailureKind::Money | FailureKind::Rate => "RESOURCE_EXHAUSTED",
        FailureKind::Forbidden => "PERMISSION_DENIED",
        FailureKind::NotFound => "NOT_FOUND",
        FailureKind::Overloaded => "UNAVAILABLE",
        FailureKind::Failed => "INTERNAL",
        FailureKind::TooLate => "DEADLINE_EXCEEDED",
    }
}

fn write_details(out: &mut Out, failure: &Failure<'_>) {
    let code = failure.code.as_deref();
    let code = code.filter(|code| *code != word_of(failure.kind));
    let said = [
        code,
        failure.param.as_deref(),
        failure.request_id.as_deref(),
    ];
    if said.iter().all(Option::is_none) && failure.retry_after.is_none() {
        return;
    }
    out.key("details").open_list();
    if let Some(code) = code {
        open_detail(out, "ErrorInfo")
            .key("reason")
            .plain(code)
            .close();
    }
    if let Some(param) = &failure.param {
        open_detail(out, "BadRequest")
            .key("fieldViolations")
            .open_list();
        out.open().key("field").plain(param);
        out.key("description").plain(&failure.message).close();
        out.close_list().close();
    }
    if let Some(after) = failure.retry_after {
        let delay = format!("{after}s");
        open_detail(out, "RetryInfo")
            .key("retryDelay")
            .plain(&delay)
            .close();
    }
    if let Some(id) = &failure.request_id {
        open_detail(out, "RequestInfo")
            .key("requestId")
            .plain(id)
            .close();
    }
    out.close_list();
}

fn open_detail<'o>(out: &'o mut Out, type_: &str) -> &'o mut Out {
    let type_ = format!("type.googleapis.com/google.rpc.{type_}");
    out.open().key("@type").plain(&type_)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ApiFormat;
    use crate::formats::golden;

    fn golden_failures() -> Vec<(String, u16, Vec<u8>)> {
        let files = golden::files(ApiFormat::Gemini, ".response.json").into_iter();
        let errors = files.filter(|(name, _)| name.starts_with("error-"));
        let numbered = errors.map(|(name, body)| {
            let status = name.split('-').nth(1).unwrap().parse().unwrap();
            (name, status, body)
        });
        numbered.collect()
    }

    #[test]
    fn every_golden_error_is_read_as_its_kind() {
        for (name, status, body) in golden_failures() {
            let failure = read(status, &body).unwrap();
            let wanted = match name.as_str() {
                "error-400-key" => FailureKind::Key,
                _ => FailureKind::of_status(status),
            };
            assert_eq!(
                (failure.kind, failure.status),
                (wanted, Some(status)),
                "{name}"
            );
            assert!(!failure.message.is_empty());
        }
    }

    #[test]
    fn a_written_error_is_read_as_the_same() {
        for (name, status, body) in golden_failures() {
            let failure = read(status, &body).unwrap();
            let (status, written) = write(&failure);
            let again = read(status, &written).unwrap();
            assert_eq!(again.kind, failure.kind, "{name}");
            assert_eq!(again.message, failure.message);
            assert_eq!(again.code, failure.code);
            assert_eq!(again.retry_after, failure.retry_after);
        }
    }

    #[test]
    fn the_wait_is_rounded_up() {
        let (_, _, body) = golden_failures()
            .into_iter()
            .find(|(name, ..)| name == "error-429")
            .unwrap();
        assert_eq!(read(429, &body).unwrap().retry_after, Some(13));
        assert_eq!(seconds("-1s"), None);
        assert_eq!(seconds("3"), None);
    }

    #[test]
    fn what_is_no_error_of_google_is_none() {
        for body in [
            "",
            "<html>",
            "{}",
            r#"{"error":"no"}"#,
            "[]",
            r#"{"error":null}"#,
        ] {
            assert_eq!(read(500, body.as_bytes()), None, "{body}");
        }
        assert!(read(500, br#"[{"error":{"message":"no"}}]"#).is_some());
    }

    #[test]
    fn a_status_that_google_lacks_becomes_one_that_it_has() {
        let failure = |kind, status| Failure {
            status: Some(status),
            ..Failure::new(kind, "no")
        };
        assert_eq!(write(&failure(FailureKind::Overloaded, 529)).0, 503);
        assert_eq!(write(&failure(FailureKind::Invalid, 422)).0, 400);
        assert_eq!(write(&failure(FailureKind::Money, 402)).0, 429);
        assert_eq!(write(&failure(FailureKind::Failed, 502)).0, 502);
    }
}

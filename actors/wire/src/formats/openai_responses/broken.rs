//! How a stream ends that breaks off: behind the events that the client has.
//!
//! Owns the number that follows the last one shown, and the response as the client knows it, failed:
//! SDKs compare its id with that of the first event (`openai` 3.54.0 for Python,
//! `lib/streaming/responses/_responses.py`, 17 November 2026). What was shown may be a provider's
//! own events or ours, redacted or not.

use super::event::{Data, Kind};
use super::failure::write_response_error;
use super::write_stream::{write_error, write_event};
use crate::canonical::failure::Failure;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::formats::Shown;
use crate::sse::{Event, events};

/// What a client saw last.
struct Last {
    number: u64,
    kind: Kind,
}

/// The error, and the response as it failed if it had begun; nothing behind the final event.
pub(super) fn write(failure: &Failure<'_>, shown: &Shown<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let last = last_of(shown.latest);
    if last.as_ref().is_some_and(|last| last.kind == Kind::Final) {
        return out;
    }
    let mut sequence = last
        .as_ref()
        .map_or(0, |last| last.number.saturating_add(1));
    if last.is_none_or(|last| last.kind != Kind::Error) {
        write_error(failure, &mut sequence, &mut out);
    }
    if let Some(response) = failed(shown.opening, failure) {
        write_event(&mut out, &mut sequence, "response.failed", |out| {
            out.key("response").json(&response);
        });
    }
    out
}

fn last_of(latest: &[u8]) -> Option<Last> {
    let mut last: Option<Last> = None;
    each_event(latest, &mut |data| {
        let number = raw::member(data.raw, "sequence_number").and_then(raw::count);
        // Numbers of events that a redactor put in may be lower.
        let highest = last.as_ref().map_or(0, |last| last.number);
        if let Some(number) = number {
            let (number, kind) = (number.max(highest), data.kind);
            last = Some(Last { number, kind });
        }
    });
    last
}

fn each_event(shown: &[u8], see: &mut dyn FnMut(&Data<'_>)) {
    for whole in events(shown) {
        let Some(data) = whole.data.as_deref() else {
            continue;
        };
        let name = whole.name;
        if let Ok(data) = Data::of(&Event { name, data }) {
            see(&data);
        }
    }
}

/// The response as it began, but failed; on one line.
fn failed(opening: &[u8], failure: &Failure<'_>) -> Option<String> {
    let mut found = None;
    each_event(opening, &mut |data| {
        let begun = data.inner.filter(|_| data.kind == Kind::Begun);
        if let (None, Some(response)) = (&found, begun) {
            found = as_failed(response, failure);
        }
    });
    found
}

fn as_failed(response: Raw<'_>, failure: &Failure<'_>) -> Option<String> {
    let mut out = Out::default();
    out.open();
    let copied = raw::each_member(response, |name, value| {
        if !matches!(name, "status" | "error") {
            out.key(name).raw(value);
        }
        Ok(())
    });
    copied.ok()?;
    out.key("status").plain("failed").key("error");
    write_response_error(&mut out, failure);
    out.close();
    // Line breaks stand between values only: inside of strings they are escaped.
    let mut bytes = out.into_bytes();
    bytes.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::canonical::failure::FailureKind;

    const CREATED: &str = "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\ndata: \"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"error\":null,\"x\":1.50,\"output\":[]}}\n\n";
    const DELTA: &str = "data: {\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"delta\":\"a\"}\n\n: alive\n\n";

    fn told(opening: &str, latest: &str) -> Vec<Value> {
        let failure = Failure::new(FailureKind::TooLate, "silent");
        let shown = Shown {
            opening: opening.as_bytes(),
            latest: latest.as_bytes(),
        };
        let out = write(&failure, &shown);
        let all = events(&out).map(|event| {
            let data: Value = serde_json::from_slice(&event.data.unwrap()).unwrap();
            assert_eq!(data["type"].as_str().unwrap().as_bytes(), event.name);
            data
        });
        all.collect()
    }

    #[test]
    fn numbers_go_on_and_the_response_fails_under_its_own_id() {
        let all = told(CREATED, DELTA);
        let numbers: Vec<_> = all.iter().map(|event| &event["sequence_number"]).collect();
        assert_eq!(numbers, [8, 9]);
        assert_eq!(
            (&all[0]["type"], &all[0]["message"]),
            (&"error".into(), &"silent".into())
        );
        let response = &all[1]["response"];
        assert_eq!(
            (&response["id"], &response["status"]),
            (&"resp_1".into(), &"failed".into())
        );
        assert_eq!(response["error"]["message"], "silent");
        assert_eq!(
            response["x"].to_string(),
            "1.50".parse::<f64>().unwrap().to_string()
        );
    }

    #[test]
    fn a_response_that_never_began_ends_with_the_error_alone() {
        let all = told("", "");
        assert_eq!(all.len(), 1);
        assert_eq!(
            (&all[0]["type"], &all[0]["sequence_number"]),
            (&"error".into(), &0.into())
        );
    }

    #[test]
    fn what_the_provider_said_is_not_said_again() {
        let error =
            "event: error\ndata: {\"type\":\"error\",\"sequence_number\":3,\"message\":\"x\"}\n\n";
        let all = told(CREATED, error);
        assert_eq!(all.len(), 1);
        assert_eq!(
            (&all[0]["type"], &all[0]["sequence_number"]),
            (&"response.failed".into(), &4.into())
        );
        let failed = "data: {\"type\":\"response.failed\",\"sequence_number\":4,\"response\":{\"id\":\"resp_1\"}}\n\n";
        assert!(told(CREATED, &[error, failed].concat()).is_empty());
    }
}

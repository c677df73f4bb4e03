//! The golden files, read and written again.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::canonical::raw;
use crate::format::ApiFormat;
use crate::formats::perturbed::perturbed;
use crate::formats::{golden, proof};

/// A block that may hold blocks, around a star.
const INSIDE: &str = r#"{"document":{"name":"a","source":{"content":[*]}}}"#;

const FORMAT: ApiFormat = ApiFormat::Bedrock;

type Events = Vec<(Vec<u8>, Vec<u8>)>;

/// The golden streams as events.
fn streams() -> Vec<(String, Events)> {
    let files = golden::files(FORMAT, ".stream.events.ndjson");
    files
        .into_iter()
        .map(|(case, file)| {
            let lines = String::from_utf8(file).unwrap();
            (case, lines.lines().map(event_of).collect())
        })
        .collect()
}

fn event_of(line: &str) -> (Vec<u8>, Vec<u8>) {
    let raw = raw::parse(line).unwrap();
    let name = raw::member(raw, ":event-type").or_else(|| raw::member(raw, ":exception-type"));
    let name = raw::text(name.unwrap()).unwrap().decoded().into_owned();
    let payload = raw::member(raw, "payload").unwrap().get();
    (name.into_bytes(), payload.as_bytes().to_vec())
}

fn replies() -> Vec<(String, Vec<u8>)> {
    let mut files = golden::files(FORMAT, ".response.json");
    files.retain(|(case, _)| !case.starts_with("error") && case != "count-tokens");
    files
}

fn requests() -> Vec<(String, Vec<u8>)> {
    let mut files = golden::files(FORMAT, ".request.json");
    files.retain(|(case, _)| case != "count-tokens");
    files
}

#[test]
fn requests_are_the_same_when_written_again() {
    for (case, body) in requests() {
        let (written, notes) = golden::rewritten_request(FORMAT, &body, false);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let found = golden::differences(&before, &written);
        assert!(found.is_empty(), "{case}: {found:?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn replies_are_the_same_when_written_again() {
    for (case, body) in replies() {
        let (written, notes) = golden::rewritten_reply(FORMAT, &body);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let found = golden::differences(&before, &written);
        assert!(found.is_empty(), "{case}: {found:?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn streams_are_read_as_the_same_steps_when_written_again() {
    for (case, events) in streams() {
        let steps = |events: &Events| {
            let mut steps = golden::steps_of(&mut *Bedrock.stream_reader("upstream"), events);
            steps.retain(|step| !step.starts_with("Unknown"));
            steps
        };
        let written = golden::rewritten_stream(FORMAT, &events);
        let after = golden::events_of(&written, false);
        let text = String::from_utf8_lossy(&written);
        assert_eq!(steps(&events), steps(&after), "{case}: {text}");
    }
}

#[test]
fn a_stream_says_what_the_whole_reply_says() {
    for (case, events) in streams() {
        let streamed = proof::told_by_stream(&mut *Bedrock.stream_reader("upstream"), &events);
        let whole = replies().into_iter().find(|(name, _)| *name == case);
        let Some((_, whole)) = whole else {
            assert!(streamed.failed, "{case}");
            continue;
        };
        let whole = Bedrock
            .read_reply(raw::document(&whole).unwrap(), "upstream")
            .unwrap();
        assert_eq!(proof::told(&whole), streamed, "{case}");
    }
}

#[test]
fn errors_say_the_same_when_written_again() {
    for (case, body) in golden::files(FORMAT, ".response.json") {
        let Some(status) = case.strip_prefix("error-") else {
            continue;
        };
        let status: u16 = status.get(..3).unwrap().parse().unwrap();
        let failure = Bedrock.read_failure(status, &body).unwrap();
        let (again_status, again) = Bedrock.write_failure(&failure);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let after: Value = serde_json::from_slice(&again).unwrap();
        assert_eq!(before["message"], after["message"], "{case}");
        // A model that is not ready is an overloaded one: 503.
        let expected = if case.ends_with("not-ready") {
            503
        } else {
            status
        };
        assert_eq!(again_status, expected, "{case}");
        let read_again = Bedrock.read_failure(again_status, &again).unwrap();
        assert_eq!(read_again.kind, failure.kind, "{case}");
    }
}

#[test]
fn no_leaf_of_a_request_is_dropped() {
    let rewritten = |document: &Value| {
        let body = serde_json::to_vec(document).unwrap();
        let source = Source {
            body: raw::document(&body).unwrap(),
            stream: false,
        };
        let request = Bedrock.read_request(&source).ok()?;
        let mut notes = Notes::new(FORMAT, false);
        let written = Bedrock.write_request(&request, &golden::target(), &mut notes);
        let written: Value = serde_json::from_slice(&written.ok()?).unwrap();
        Some((written, notes.into_fields()))
    };
    let mut hidden = Vec::new();
    for (case, body) in requests() {
        let document = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&document);
        for (place, changed) in perturbed(&document) {
            if rewritten(&changed) == before {
                hidden.push(format!("{case}: {place}"));
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

/// Members of a reply that the writer puts back: a constant, the default reason, and sums.
const PUT_BACK: [&str; 4] = [
    "/output/message/role -",
    "/stopReason -",
    "/usage/totalTokens -",
    "/usage/cacheWriteInputTokens -",
];

#[test]
fn no_leaf_of_a_reply_is_dropped() {
    let rewritten = |document: &Value| {
        let body = serde_json::to_vec(document).unwrap();
        let reply = Bedrock
            .read_reply(raw::document(&body).unwrap(), "upstream")
            .ok()?;
        let mut notes = Notes::new(FORMAT, false);
        let written = Bedrock.write_reply(&reply, &golden::asked(), &mut notes);
        serde_json::from_slice::<Value>(&written.ok()?).ok()
    };
    let mut hidden = Vec::new();
    for (case, body) in replies() {
        let document = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&document);
        for (place, changed) in perturbed(&document) {
            // A usage of zeros is what is written where none is known.
            let zeros = case == "refusal" && place.starts_with("/usage");
            let put_back = zeros || PUT_BACK.contains(&&*place);
            if rewritten(&changed) == before && !put_back {
                hidden.push(format!("{case}: {place}"));
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let files = golden::files(FORMAT, ".json");
    let read = |(_, file): &(String, Vec<u8>)| serde_json::from_slice(file).unwrap();
    files.iter().map(read).collect()
});

static STREAMS: LazyLock<Vec<(String, Events)>> = LazyLock::new(streams);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_document_makes_it_panic((which, changes) in proof::mutations()) {
        let changed = proof::mutated(&DOCUMENTS[which % DOCUMENTS.len()], &changes);
        proof::survives(FORMAT, &serde_json::to_vec(&changed).unwrap());
    }

    #[test]
    fn no_event_makes_it_panic((which, changes) in proof::mutations()) {
        let (_, mut events) = STREAMS[which % STREAMS.len()].clone();
        for (which, other) in changes {
            let at = which % events.len();
            let event: Value = serde_json::from_slice(&events[at].1).unwrap_or_default();
            let changed = proof::mutated(&event, &[(which / events.len(), other)]);
            events[at].1 = serde_json::to_vec(&changed).unwrap();
        }
        proof::survives_stream(FORMAT, &events);
    }
}

#[test]
fn depth_is_refused_and_not_followed() {
    let (open, close) = INSIDE.split_once('*').unwrap();
    let deep = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
    let body = format!(r#"{{"messages":[{{"role":"user","content":[{deep}]}}]}}"#);
    proof::survives(FORMAT, body.as_bytes());
    proof::survives(FORMAT, "[".repeat(1 << 20).as_bytes());
    proof::survives(FORMAT, r#"{"a":"#.repeat(1 << 18).as_bytes());
}

#[test]
fn no_leaf_of_an_event_is_dropped() {
    let mut hidden = Vec::new();
    for (case, events) in &*STREAMS {
        let before = proof::steps_of(FORMAT, events);
        let counted = |at: usize| {
            let steps = before.as_ref().unwrap();
            steps[at].iter().any(|step| step.starts_with("Unknown"))
        };
        for (at, (_, data)) in events.iter().enumerate().filter(|(at, _)| !counted(*at)) {
            let document: Value = serde_json::from_slice(data).unwrap();
            for (place, changed) in perturbed(&document) {
                let mut events = events.clone();
                events[at].1 = serde_json::to_vec(&changed).unwrap();
                if proof::steps_of(FORMAT, &events) == before && !says_nothing(&place) {
                    hidden.push(format!("{case} {at}: {place}"));
                }
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

/// Leaves of events that mean nothing to the other side.
fn says_nothing(place: &str) -> bool {
    // Padding, time, a constant, numbers of blocks that only have to differ, a sum, the default
    // reason, and what a provider says of its own errors.
    const SILENT: [&str; 9] = [
        "/p",
        "/role",
        "/metrics",
        "/metrics/latencyMs",
        "/contentBlockIndex",
        "/usage/totalTokens",
        "/usage/cacheWriteInputTokens",
        "/originalStatusCode",
        "/originalMessage",
    ];
    let bare = place.trim_end_matches(" -");
    place == "/stopReason -" || SILENT.contains(&bare)
}

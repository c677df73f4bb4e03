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
const INSIDE: &str = r#"{"type":"document","source":{"type":"content","content":[*]}}"#;

const FORMAT: ApiFormat = ApiFormat::Anthropic;

type Events = Vec<(Vec<u8>, Vec<u8>)>;

/// The golden streams as events.
fn streams() -> Vec<(String, Events)> {
    let files = golden::files(FORMAT, ".stream.sse");
    let events = |file: &[u8]| golden::events_of(file, false);
    files
        .into_iter()
        .map(|(case, file)| (case, events(&file)))
        .collect()
}

#[test]
fn requests_are_the_same_when_written_again() {
    for (case, body) in golden::files(FORMAT, "request.json") {
        let stream = String::from_utf8_lossy(&body).contains("\"stream\": true");
        let (written, notes) = golden::rewritten_request(FORMAT, &body, stream);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let mut found = golden::differences(&before, &written);
        // The model becomes the target's; counting tokens needs no limit, an answer does.
        found.retain(|path| !path.starts_with("/model:"));
        found.retain(|path| case != "count-tokens." || !path.starts_with("/max_tokens:"));
        assert!(found.is_empty(), "{case}: {found:?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn replies_are_the_same_when_written_again() {
    for (case, body) in golden::files(FORMAT, ".response.json") {
        if case.starts_with("error") || case == "count-tokens" {
            continue;
        }
        let (written, notes) = golden::rewritten_reply(FORMAT, &body);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let found = golden::differences(&before, &written);
        assert!(found.is_empty(), "{case}: {found:?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn streams_are_read_as_the_same_steps_when_written_again() {
    for (case, file) in golden::files(FORMAT, ".stream.sse") {
        let events = golden::events_of(&file, false);
        let steps = |events: &[(Vec<u8>, Vec<u8>)]| {
            let mut reader = Anthropic.stream_reader("upstream");
            let mut steps = golden::steps_of(&mut *reader, events);
            // A text opens with its first letters, so a ping may come before it.
            steps.retain(|step| !step.starts_with("Unknown") && step != "Alive");
            steps
        };
        let written = golden::rewritten_stream(FORMAT, &events);
        let before = steps(&events);
        let after = steps(&golden::events_of(&written, false));
        let text = String::from_utf8_lossy(&written);
        assert_eq!(before, after, "{case}: {text}");
    }
}

#[test]
fn errors_are_the_same_when_written_again() {
    for (case, body) in golden::files(FORMAT, ".response.json") {
        let Some(status) = case.strip_prefix("error-") else {
            continue;
        };
        let status = status.get(..3).unwrap().parse().unwrap();
        let failure = Anthropic.read_failure(status, &body).unwrap();
        let (written_status, written) = Anthropic.write_failure(&failure);
        let before: Value = serde_json::from_slice(&body).unwrap();
        let after: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!((status, before), (written_status, after), "{case}");
    }
}

#[test]
fn a_stream_says_what_the_whole_reply_says() {
    for (case, file) in golden::files(FORMAT, ".stream.sse") {
        let whole = case.trim_end_matches(".interleaved");
        let whole = golden::files(FORMAT, ".response.json")
            .into_iter()
            .find(|(name, _)| name == whole);
        let events = golden::events_of(&file, false);
        let streamed = proof::told_by_stream(&mut *Anthropic.stream_reader("upstream"), &events);
        let Some((_, whole)) = whole else {
            assert!(streamed.failed, "{case}");
            continue;
        };
        let whole = Anthropic
            .read_reply(raw::document(&whole).unwrap(), "upstream")
            .unwrap();
        assert_eq!(proof::told(&whole), streamed, "{case}");
    }
}

/// Changes of a request that need not show.
fn may_hide(place: &str) -> bool {
    // The model becomes the target's; whether it streams is said by the caller.
    let by_caller = ["/model", "/stream"];
    // Found by the first bytes again, or the only one there is.
    let made = place.ends_with("/source/media_type -");
    made || by_caller.contains(&place.trim_end_matches(" -"))
}

/// Members of a reply that the writer puts back: constants, a sequence that was not met, a reason
/// that is the default, and a sum.
const PUT_BACK: [&str; 6] = [
    "/type -",
    "/role -",
    "/stop_sequence -",
    "/stop_reason -",
    "/stop_details/type -",
    "/usage/cache_creation_input_tokens -",
];

#[test]
fn no_leaf_of_a_request_is_dropped() {
    let rewritten = |document: &Value| {
        let body = serde_json::to_vec(document).unwrap();
        let source = Source {
            body: raw::document(&body).unwrap(),
            stream: false,
        };
        let request = Anthropic.read_request(&source).ok()?;
        let mut notes = Notes::new(FORMAT, false);
        let written = Anthropic
            .write_request(&request, &golden::target(), &mut notes)
            .ok()?;
        let written: Value = serde_json::from_slice(&written).unwrap();
        Some((written, notes.into_fields()))
    };
    let mut hidden = Vec::new();
    for (case, body) in golden::files(FORMAT, "request.json") {
        let document = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&document);
        for (place, changed) in perturbed(&document) {
            if rewritten(&changed) == before && !may_hide(&place) {
                hidden.push(format!("{case}: {place}"));
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

#[test]
fn no_leaf_of_a_reply_is_dropped() {
    let rewritten = |document: &Value| {
        let body = serde_json::to_vec(document).unwrap();
        let reply = Anthropic
            .read_reply(raw::document(&body).unwrap(), "upstream")
            .ok()?;
        let mut notes = Notes::new(FORMAT, false);
        let written = Anthropic
            .write_reply(&reply, &golden::asked(), &mut notes)
            .ok()?;
        serde_json::from_slice::<Value>(&written).ok()
    };
    let mut hidden = Vec::new();
    for (case, body) in golden::files(FORMAT, ".response.json") {
        if case.starts_with("error") || case == "count-tokens" {
            continue;
        }
        let document = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&document);
        for (place, changed) in perturbed(&document) {
            if rewritten(&changed) == before && !PUT_BACK.contains(&&*place) {
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
                // An empty delta is of no block.
                let empty = before.as_ref().unwrap()[at].is_empty() && place == "/index";
                if proof::steps_of(FORMAT, &events) == before && !says_nothing(&place) && !empty {
                    hidden.push(format!("{case} {at}: {place}"));
                }
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

/// Leaves of events that mean nothing to the other side.
fn says_nothing(place: &str) -> bool {
    // Constants, values that are not known yet, echoes, and sums and zeros that are told elsewhere.
    const ECHOES: [&str; 15] = [
        "/message/type",
        "/message/role",
        "/message/content",
        "/message/stop_sequence",
        "/message/stop_reason",
        "/message/usage/inference_geo",
        "/message/usage/speed",
        "/message/usage/cache_creation_input_tokens",
        "/usage/cache_creation_input_tokens",
        "/usage/cache_read_input_tokens",
        "/usage/input_tokens",
        "/delta/stop_sequence",
        "/content_block/text",
        "/content_block/thinking",
        "/content_block/input",
    ];
    const PUT_BACK: [&str; 3] = [
        "/content_block/citations -",
        "/content_block/signature -",
        "/content_block/caller",
    ];
    let bare = place.trim_end_matches(" -");
    ECHOES.contains(&bare) || PUT_BACK.iter().any(|known| place.starts_with(known))
}

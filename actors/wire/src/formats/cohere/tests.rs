//! The golden files, read and written again; and what only some of them show.

use serde_json::{Value, json};

use crate::canonical::raw;
use crate::format::ApiFormat;
use crate::formats::gemini::check::{self, Said, unseen_changes};
use crate::formats::{codec, golden};

const COHERE: ApiFormat = ApiFormat::Cohere;

fn replies() -> Vec<(String, Vec<u8>)> {
    let all = golden::files(COHERE, ".response.json").into_iter();
    all.filter(|(name, _)| !name.starts_with("error-"))
        .collect()
}

fn same(name: &str, body: &[u8], (written, notes): (Value, Vec<String>), allowed: &[&str]) {
    let read: Value = serde_json::from_slice(body).unwrap();
    let mut differences = golden::differences(&read, &written);
    differences.retain(|path| !allowed.iter().any(|allowed| path.starts_with(allowed)));
    assert!(differences.is_empty(), "{name}: {differences:#?}");
    assert!(notes.is_empty(), "{name}: {notes:?}");
}

#[test]
fn every_request_comes_out_as_it_went_in() {
    let files = golden::files(COHERE, ".request.json");
    let streamed = golden::files(COHERE, ".stream-request.json");
    for (name, body) in files.into_iter().chain(streamed) {
        let stream = raw::member(raw::document(&body).unwrap(), "stream");
        let stream = stream.is_some_and(|stream| stream.get() == "true");
        let written = golden::rewritten_request(COHERE, &body, stream);
        // The model becomes the target's.
        same(&name, &body, written, &["/model"]);
    }
}

#[test]
fn every_reply_comes_out_as_it_went_in() {
    for (name, body) in replies() {
        same(&name, &body, golden::rewritten_reply(COHERE, &body), &[]);
    }
}

#[test]
fn no_change_of_a_request_goes_unseen() {
    for (name, body) in golden::files(COHERE, ".request.json") {
        let mut unseen = unseen_changes(&body, &|body| check::request(COHERE, body));
        // The model becomes the target's; whether to stream is told beside the body; a schema is
        // one of JSON.
        unseen.retain(|path| path != "/response_format/type removed");
        unseen.retain(|path| !path.starts_with("/model ") && !path.starts_with("/stream changed"));
        assert!(unseen.is_empty(), "{name}: {unseen:#?}");
    }
}

#[test]
fn no_change_of_a_reply_goes_unseen() {
    for (name, body) in replies() {
        let unseen = unseen_changes(&body, &|body| check::reply(COHERE, body));
        assert!(unseen.is_empty(), "{name}: {unseen:#?}");
    }
}

#[test]
fn every_stream_says_the_same_when_it_is_written_again() {
    for (name, file) in golden::files(COHERE, ".stream.sse") {
        let events = golden::events_of(&file, false);
        let before = check::said(COHERE, &events);
        let written = golden::rewritten_stream(COHERE, &events);
        let after = check::said(COHERE, &golden::events_of(&written, false));
        assert_eq!(before.lines(), after.lines(), "{name}");
        assert_eq!(before.stops, after.stops, "{name}");
        assert_eq!(before.failed, after.failed, "{name}");
        assert_eq!(before.usage, after.usage, "{name}");
    }
}

#[test]
fn every_stream_says_what_the_whole_reply_says() {
    let streams = golden::files(COHERE, ".stream.sse");
    for (name, body) in replies() {
        let Some((_, file)) = streams.iter().find(|(other, _)| *other == name) else {
            continue;
        };
        let body = raw::document(&body).unwrap();
        let reply = codec(COHERE).read_reply(body, "upstream").unwrap();
        let whole = Said::of_reply(&reply);
        let streamed = check::said(COHERE, &golden::events_of(file, false));
        assert_eq!(whole.lines(), streamed.lines(), "{name}");
        assert_eq!(whole.usage, streamed.usage, "{name}");
        // A stream that fails says so instead of a reason to stop.
        match streamed.failed {
            Some(_) => assert!(
                whole.stops.iter().all(|stop| stop.contains("Failed")),
                "{name}"
            ),
            None => assert_eq!(whole.stops, streamed.stops, "{name}"),
        }
    }
}

#[test]
fn a_stream_ends_with_one_final_event_and_done() {
    for (name, file) in golden::files(COHERE, ".stream.sse") {
        let events = golden::events_of(&file, false);
        let written = golden::rewritten_stream(COHERE, &events);
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written.matches("event: message-end").count(), 1, "{name}");
        assert!(written.ends_with("data: [DONE]\n\n"), "{name}");
    }
}

#[test]
fn the_documents_of_a_request_are_the_users() {
    let body = json!({
        "model": "m",
        "messages": [{"role": "user", "content": "How many?"}],
        "documents": ["One.", {"id": "d2", "data": {"title": "two", "snippet": "Two."}}]
    });
    let body = serde_json::to_vec(&body).unwrap();
    let source = crate::formats::Source {
        body: raw::document(&body).unwrap(),
        stream: false,
    };
    let request = codec(COHERE).read_request(&source).unwrap();
    assert_eq!(request.turns[0].parts.len(), 3);
    assert!(super::documents::is_document(&request.turns[0].parts[1]));
    assert_eq!(super::documents::said(&request.turns[0].parts[1]), "Two.");
}

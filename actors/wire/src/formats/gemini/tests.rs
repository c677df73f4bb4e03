//! The golden files, read and written again; and what only some of them show.

use serde_json::{Value, json};

use super::check::{self, Said, unseen_changes};
use crate::canonical::raw;
use crate::format::ApiFormat;
use crate::formats::{codec, golden};

const GEMINI: ApiFormat = ApiFormat::Gemini;

/// Golden requests that are of `generateContent`.
fn requests() -> Vec<(String, Vec<u8>)> {
    let all = golden::files(GEMINI, ".request.json").into_iter();
    all.filter(|(name, _)| name != "count-tokens").collect()
}

fn replies() -> Vec<(String, Vec<u8>)> {
    let all = golden::files(GEMINI, ".response.json").into_iter();
    all.filter(|(name, _)| name != "count-tokens" && !name.starts_with("error-"))
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
    // Snake case is read, camel case is written.
    let snake = ["/generation_config", "/generationConfig"];
    for (name, body) in requests() {
        let allowed: &[&str] = if name == "spelling" { &snake } else { &[] };
        same(
            &name,
            &body,
            golden::rewritten_request(GEMINI, &body, false),
            allowed,
        );
    }
}

#[test]
fn every_reply_comes_out_as_it_went_in() {
    for (name, body) in replies() {
        same(&name, &body, golden::rewritten_reply(GEMINI, &body), &[]);
    }
}

#[test]
fn no_change_of_a_request_goes_unseen() {
    for (name, body) in requests() {
        let mut unseen = unseen_changes(&body, &|body| check::request(GEMINI, body));
        // A message without a role is the user's, an answer with a schema is JSON, and no mode but
        // VALIDATED takes names without forcing a call.
        let meant = ["/role", "/responseMimeType", "/mode"];
        unseen.retain(|path| {
            let removed = path.strip_suffix(" removed");
            !removed.is_some_and(|path| meant.iter().any(|member| path.ends_with(member)))
        });
        assert!(unseen.is_empty(), "{name}: {unseen:#?}");
    }
}

#[test]
fn no_change_of_a_reply_goes_unseen() {
    for (name, body) in replies() {
        let mut unseen = unseen_changes(&body, &|body| check::reply(GEMINI, body));
        // A signature alone is one on an empty text.
        unseen.retain(|path| path != "/candidates/0/content/parts/2/text removed");
        // What is always the same, or counted from 0, is written even where it was left out.
        unseen
            .retain(|path| !path.ends_with("/role removed") && !path.ends_with("/0/index removed"));
        assert!(unseen.is_empty(), "{name}: {unseen:#?}");
    }
}

/// The members of a stream that have no step: they are counted, and the client does not get them.
#[test]
fn every_stream_says_the_same_when_it_is_written_again() {
    for (name, file) in golden::files(GEMINI, ".stream.sse") {
        let events = golden::events_of(&file, false);
        let before = check::said(GEMINI, &events);
        let written = golden::rewritten_stream(GEMINI, &events);
        let again = golden::events_of(&written, false);
        let after = check::said(GEMINI, &again);
        assert_eq!(before.lines(), after.lines(), "{name}");
        assert_eq!(before.stops, after.stops, "{name}");
        assert_eq!(before.failed, after.failed, "{name}");
        assert_eq!(before.usage, after.usage, "{name}");
    }
}

#[test]
fn every_stream_says_what_the_whole_reply_says() {
    let streams = golden::files(GEMINI, ".stream.sse");
    for (name, body) in replies() {
        let Some((_, file)) = streams.iter().find(|(other, _)| *other == name) else {
            continue;
        };
        let reply = codec(GEMINI)
            .read_reply(raw::document(&body).unwrap(), "upstream")
            .unwrap();
        let whole = Said::of_reply(&reply);
        let streamed = check::said(GEMINI, &golden::events_of(file, false));
        // A stream that is blocked on the way has some text before that.
        if !name.starts_with("stop-") && name != "spelling" {
            assert_eq!(whole.lines(), streamed.lines(), "{name}");
        }
        assert_eq!(whole.stops, streamed.stops, "{name}");
        assert_eq!(whole.usage, streamed.usage, "{name}");
    }
}

#[test]
fn the_stream_as_one_list_is_read_too() {
    let (_, file) = golden::files(GEMINI, ".stream-array.json").remove(0);
    let said = check::said(GEMINI, &[(Vec::new(), file)]);
    let sse = golden::files(GEMINI, ".stream.sse");
    let (_, plain) = sse.iter().find(|(name, _)| name == "plain").unwrap();
    assert_eq!(said, check::said(GEMINI, &golden::events_of(plain, false)));
}

#[test]
fn a_stream_without_an_end_has_failed() {
    let chunk = br#"{"candidates":[{"content":{"parts":[{"text":"Air"}]}}]}"#.to_vec();
    let said = check::said(GEMINI, &[(Vec::new(), chunk)]);
    assert!(said.failed.is_some() && said.stops.is_empty());
}

#[test]
fn a_reason_to_stop_in_every_chunk_stops_once() {
    let chunk = |text: &str| {
        let chunk = json!({"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP"}]});
        (Vec::new(), serde_json::to_vec(&chunk).unwrap())
    };
    let said = check::said(GEMINI, &[chunk("a"), chunk("b")]);
    assert_eq!(said.lines(), [r#"0 text "ab"  [] 0"#]);
    assert_eq!(said.stops, ["0 End None"]);
}

#[test]
fn pieces_without_an_id_belong_to_the_last_call() {
    let chunk = |call: Value, end: bool| {
        let mut candidate = json!({"content": {"parts": [{"functionCall": call}]}});
        if end {
            candidate["finishReason"] = "STOP".into();
        }
        let chunk = json!({"candidates": [candidate]});
        (Vec::new(), serde_json::to_vec(&chunk).unwrap())
    };
    let piece = json!([{"jsonPath": "$.a", "numberValue": 1}]);
    let said = check::said(
        GEMINI,
        &[
            chunk(json!({"name": "f", "willContinue": true}), false),
            chunk(json!({"partialArgs": piece, "willContinue": true}), false),
            chunk(json!({}), true),
        ],
    );
    assert_eq!(said.lines(), [r#"0 call None f "{\"a\":1}"  [] 0"#]);
    assert_eq!(said.stops, ["0 ToolCalls None"]);
}

#[test]
fn citations_are_told_in_characters() {
    let reply = json!({"candidates": [{
        "content": {"parts": [{"text": "née à Oslo"}], "role": "model"},
        "groundingMetadata": {
            "groundingChunks": [{"web": {"uri": "https://example.org/a", "title": "a"}}],
            "groundingSupports": [{"segment": {"startIndex": 5, "endIndex": 12}, "groundingChunkIndices": [0]}]
        },
        "finishReason": "STOP"
    }]});
    let body = serde_json::to_vec(&reply).unwrap();
    let read = codec(GEMINI)
        .read_reply(raw::document(&body).unwrap(), "upstream")
        .unwrap();
    assert_eq!(read.choices[0].parts[0].citations[0].span, Some((4, 10)));
    let streamed = check::said(GEMINI, &[(Vec::new(), body.clone())]);
    assert_eq!(streamed.lines(), Said::of_reply(&read).lines());
}

/// A request of another format as Gemini gets it.
fn from_anthropic(body: &Value) -> Value {
    let body = serde_json::to_vec(body).unwrap();
    let source = crate::formats::Source {
        body: raw::document(&body).unwrap(),
        stream: false,
    };
    let request = codec(ApiFormat::Anthropic).read_request(&source).unwrap();
    let mut notes = crate::canonical::notes::Notes::new(GEMINI, false);
    let written = codec(GEMINI).write_request(&request, &golden::target(), &mut notes);
    serde_json::from_slice(&written.unwrap()).unwrap()
}

#[test]
fn a_call_that_another_model_made_says_that_it_has_no_signature() {
    let written = from_anthropic(&json!({"model": "m", "max_tokens": 9, "messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [
            {"type": "tool_use", "id": "t1", "name": "f", "input": {}},
            {"type": "tool_use", "id": "t2", "name": "f", "input": {}}
        ]},
        {"role": "user", "content": "b"}
    ]}));
    let parts = &written["contents"][1]["parts"];
    assert_eq!(
        parts[0]["thoughtSignature"],
        "skip_thought_signature_validator"
    );
    assert_eq!(parts[1].get("thoughtSignature"), None);
}

#[test]
fn a_seal_that_a_client_carried_before_a_call_goes_back_onto_the_call() {
    let written = from_anthropic(&json!({"model": "m", "max_tokens": 9, "messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [
            {"type": "redacted_thinking", "data": "nenya1.gemini.upstream.c2lnbmVk"},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
        ]},
        {"role": "user", "content": "b"}
    ]}));
    let parts = written["contents"][1]["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0]["thoughtSignature"], "c2lnbmVk");
}

#[test]
fn foreign_thinking_is_text_without_its_signature() {
    let written = from_anthropic(&json!({"model": "m", "max_tokens": 9, "messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "c2ln"},
            {"type": "text", "text": "b"}
        ]},
        {"role": "user", "content": "c"}
    ]}));
    let wanted = json!([{"text": "hm", "thought": true}, {"text": "b"}]);
    assert_eq!(written["contents"][1]["parts"], wanted);
}

#[test]
fn another_format_gets_a_json_schema_for_one_in_the_dialect() {
    for name in ["tools-schema", "structured-output-schema"] {
        let (_, body) = requests()
            .into_iter()
            .find(|(other, _)| other == name)
            .unwrap();
        let source = crate::formats::Source {
            body: raw::document(&body).unwrap(),
            stream: false,
        };
        let read = codec(GEMINI).read_request(&source).unwrap();
        let schemas = codec(GEMINI).json_schemas(&read).unwrap();
        let mut request = read;
        codec(GEMINI).replace_schemas(&mut request, &schemas);
        let mut notes = crate::canonical::notes::Notes::new(ApiFormat::Cohere, false);
        let written = codec(ApiFormat::Cohere)
            .write_request(&request, &golden::target(), &mut notes)
            .unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(
            written.contains(r#""type":"object""#) && !written.contains("OBJECT"),
            "{name}"
        );
    }
}

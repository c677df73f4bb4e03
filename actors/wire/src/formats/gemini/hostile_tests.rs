//! Documents that are wrong somewhere: they are refused or read, and nothing else.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::check;
use crate::canonical::raw;
use crate::format::ApiFormat;
use crate::formats::{Source, codec, golden};
use crate::sse::Event;

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!("")),
        Just(json!("\u{1F642} \" \\ \n")),
        Just(json!([])),
        Just(json!([null, 1, "a", {}, []])),
        Just(json!({})),
        Just(json!({"type": 1, "text": null, "parts": {}})),
    ]
}

/// Every place of a document that can be replaced.
fn places(path: &str, value: &Value, found: &mut Vec<String>) {
    let mut deeper = |key: &str, value: &Value| {
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(path.clone());
        places(&path, value, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| deeper(key, value)),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(number, value)| deeper(&number.to_string(), value));
        }
        _ => {}
    }
}

fn spoilt(document: &Value, spots: &[(prop::sample::Index, Value)]) -> Vec<u8> {
    let mut document = document.clone();
    for (spot, value) in spots {
        let mut found = Vec::new();
        places("", &document, &mut found);
        if let Some(place) = found.get(spot.index(found.len().max(1))) {
            *document.pointer_mut(place).unwrap() = value.clone();
        }
    }
    serde_json::to_vec(&document).unwrap()
}

/// What the golden files of a format hold.
struct Files {
    format: ApiFormat,
    requests: Vec<Value>,
    replies: Vec<Value>,
    events: Vec<Value>,
}

static FILES: LazyLock<[Files; 2]> = LazyLock::new(|| {
    let documents = |format, ending| {
        let files = golden::files(format, ending).into_iter();
        let parsed = files.filter_map(|(_, body)| serde_json::from_slice(&body).ok());
        parsed.collect()
    };
    let events = |format| {
        let streams = golden::files(format, ".stream.sse").into_iter();
        let events = streams.flat_map(|(_, file)| golden::events_of(&file, false));
        let parsed = events.filter_map(|(_, data)| serde_json::from_slice(&data).ok());
        parsed.collect()
    };
    [ApiFormat::Gemini, ApiFormat::Cohere].map(|format| Files {
        format,
        requests: documents(format, ".request.json"),
        replies: documents(format, ".response.json"),
        events: events(format),
    })
});

fn read_stream(format: ApiFormat, data: &[u8]) {
    let mut reader = codec(format).stream_reader("upstream");
    let mut writer = codec(format).stream_writer(&golden::asked());
    let mut out = Vec::new();
    let event = Event { name: b"", data };
    let read = reader.event(&event, &mut |step| writer.step(&step, &mut out));
    let ended = reader.end(&mut |step| writer.step(&step, &mut out));
    let events = golden::events_of(&out, false).into_iter();
    for (_, data) in events.filter(|(_, data)| data != b"[DONE]") {
        assert!(raw::document(&data).is_ok(), "{read:?} {ended:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_spoilt_document_is_read_or_refused(
        file in any::<prop::sample::Index>(),
        spots in proptest::collection::vec((any::<prop::sample::Index>(), odd()), 1..4),
    ) {
        for files in FILES.iter() {
            let _ = check::request(files.format, &spoilt(file.get(&files.requests), &spots));
            let body = spoilt(file.get(&files.replies), &spots);
            let _ = check::reply(files.format, &body);
            let _ = codec(files.format).read_failure(400, &body);
            read_stream(files.format, &body);
        }
    }

    #[test]
    fn a_spoilt_event_is_read_or_refused(
        number in any::<prop::sample::Index>(),
        spots in proptest::collection::vec((any::<prop::sample::Index>(), odd()), 1..4),
    ) {
        for files in FILES.iter() {
            read_stream(files.format, &spoilt(number.get(&files.events), &spots));
        }
    }
}

#[test]
fn endless_depth_is_refused() {
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    for (format, asked, told) in [
        (ApiFormat::Gemini, "contents", "candidates"),
        (ApiFormat::Cohere, "messages", "message"),
    ] {
        let body = format!(r#"{{"{asked}":{deep}}}"#);
        let source = Source {
            body: raw::document(body.as_bytes()).unwrap(),
            stream: false,
        };
        assert!(codec(format).read_request(&source).is_err());
        let body = format!(r#"{{"{told}":{deep}}}"#);
        let reply = raw::document(body.as_bytes()).unwrap();
        assert!(codec(format).read_reply(reply, "upstream").is_err());
        read_stream(format, body.as_bytes());
    }
}

#[test]
fn a_schema_that_is_too_deep_is_refused() {
    let deep = format!("{}1{}", r#"{"items":"#.repeat(1 << 16), "}".repeat(1 << 16));
    let schema = raw::parse(&deep).unwrap();
    assert!(super::schema::json_schema(schema).is_err());
}

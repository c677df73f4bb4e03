//! Documents that are wrong on purpose: refused, never a panic.

use proptest::prelude::*;
use serde_json::Value;

use super::{FORMAT, replies, requests};
use crate::canonical::notes::Notes;
use crate::canonical::raw;
use crate::formats::golden::{asked, events_of, files, target};
use crate::formats::{Source, codec};
use crate::sse::Event;

fn try_request(body: &[u8]) {
    let Ok(body) = raw::document(body) else {
        return;
    };
    let source = Source {
        body,
        stream: false,
    };
    if let Ok(request) = codec(FORMAT).read_request(&source) {
        let mut notes = Notes::new(FORMAT, false);
        if let Ok(written) = codec(FORMAT).write_request(&request, &target(), &mut notes) {
            let _: Value = serde_json::from_slice(&written).unwrap();
        }
    }
}

fn try_reply(body: &[u8]) {
    let Ok(body) = raw::document(body) else {
        return;
    };
    if let Ok(reply) = codec(FORMAT).read_reply(body, "upstream") {
        let mut notes = Notes::new(FORMAT, false);
        if let Ok(written) = codec(FORMAT).write_reply(&reply, &asked(), &mut notes) {
            let _: Value = serde_json::from_slice(&written).unwrap();
        }
    }
}

fn try_stream(events: &[(Vec<u8>, Vec<u8>)]) {
    let mut reader = codec(FORMAT).stream_reader("upstream");
    let mut writer = codec(FORMAT).stream_writer(&asked());
    let mut out = Vec::new();
    for (name, data) in events {
        let event = Event { name, data };
        if reader
            .event(&event, &mut |step| writer.step(&step, &mut out))
            .is_err()
        {
            return;
        }
    }
    reader
        .end(&mut |step| writer.step(&step, &mut out))
        .unwrap();
    for (_, data) in events_of(&out, false) {
        let _: Value = serde_json::from_slice(&data).unwrap();
    }
}

/// Replaces the value at one place in the tree.
fn replace(value: &mut Value, at: &mut usize, with: &Value) {
    if *at == 0 {
        *value = with.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Object(members) => members
            .values_mut()
            .for_each(|inner| replace(inner, at, with)),
        Value::Array(items) => items.iter_mut().for_each(|inner| replace(inner, at, with)),
        _ => {}
    }
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::Bool(true)),
        Just(Value::from(-1.5)),
        Just(Value::from(u64::MAX)),
        Just(Value::from("")),
        Just(Value::from("data:;base64,\"\\")),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!([[null]])),
        Just(serde_json::json!({"type": 1})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_odd_request_panics(file in 0_usize..200, at in 0_usize..80, with in odd()) {
        let all = requests();
        let mut value: Value = serde_json::from_slice(&all[file % all.len()].1).unwrap();
        replace(&mut value, &mut at.clone(), &with);
        try_request(&serde_json::to_vec(&value).unwrap());
    }

    #[test]
    fn no_odd_reply_panics(file in 0_usize..200, at in 0_usize..120, with in odd()) {
        let all = replies();
        let mut value: Value = serde_json::from_slice(&all[file % all.len()].1).unwrap();
        replace(&mut value, &mut at.clone(), &with);
        try_reply(&serde_json::to_vec(&value).unwrap());
    }

    #[test]
    fn no_odd_stream_panics(
        file in 0_usize..200,
        event in 0_usize..40,
        at in 0_usize..40,
        with in odd(),
        dropped in 0_usize..40,
    ) {
        let all = files(FORMAT, ".stream.sse");
        let mut events = events_of(&all[file % all.len()].1, false);
        let number = event % events.len();
        let mut value: Value = serde_json::from_slice(&events[number].1).unwrap();
        replace(&mut value, &mut at.clone(), &with);
        events[number].1 = serde_json::to_vec(&value).unwrap();
        if dropped < events.len() {
            events.remove(dropped);
        }
        try_stream(&events);
    }
}

#[test]
fn bottomless_nesting_is_refused() {
    let deep = format!(r#"{{"input":{}"#, "[".repeat(1 << 20));
    assert!(raw::document(deep.as_bytes()).is_err());
    let arguments = "[".repeat(1 << 20);
    let body = serde_json::json!({"input": [
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": arguments},
    ]});
    try_request(&serde_json::to_vec(&body).unwrap());
}

#[test]
fn a_server_that_opens_without_end_is_refused() {
    let events: Vec<_> = (0..5000)
        .map(|index| {
            let data = serde_json::json!({
                "type": "response.content_part.added", "output_index": index,
                "content_index": 0, "part": {"type": "output_text", "text": ""},
            });
            (Vec::new(), data.to_string().into_bytes())
        })
        .collect();
    let mut reader = codec(FORMAT).stream_reader("upstream");
    let refused = events.iter().any(|(name, data)| {
        let event = Event { name, data };
        reader.event(&event, &mut |_| Ok(())).is_err()
    });
    assert!(refused);
}

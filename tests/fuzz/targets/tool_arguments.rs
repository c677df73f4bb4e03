//! `redactor::ReplyRedactor`, arguments of tool calls: JSON or what is said to be, in pieces, is
//! redacted as a whole one; JSON stays JSON, but for a number that is all of it.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::redaction::{now, parts, redactor, reply};
use redactor::Passed;
use serde_json::{Value, json};

fn whole(redactor: &redactor::RedactorHandle, arguments: &str) -> String {
    let body = json!({"choices": [{"index": 0, "message": {"tool_calls": [
        {"index": 0, "function": {"arguments": arguments}}]}}]});
    let redact = redactor.redact_reply(reply(redactor), Bytes::from(body.to_string()));
    let body = now(redact).expect("nothing blocks").into_body();
    let body: Value = serde_json::from_slice(&body).expect("it stays JSON");
    let call = &body["choices"][0]["message"]["tool_calls"][0];
    call["function"]["arguments"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fuzz_target!(|input: (bool, &str, Vec<u8>)| {
    let (patterns, arguments, cuts) = input;
    let redactor = redactor(patterns);
    let mut stream = reply(redactor);
    let mut out = Vec::new();
    for part in parts(arguments, &cuts) {
        let delta = json!({"tool_calls": [{"index": 0, "function": {"arguments": part}}]});
        let chunk = json!({"choices": [{"index": 0, "delta": delta}]});
        let Passed::All(bytes) = stream.events(Bytes::from(format!("data: {chunk}\n\n"))) else {
            panic!("nothing blocks");
        };
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(&stream.finish().expect("nothing blocks"));
    let text = String::from_utf8_lossy(&out).into_owned();
    let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let events = data.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok());
    let read: String = events
        .filter_map(|event| {
            let call = &event["choices"][0]["delta"]["tool_calls"][0];
            call["function"]["arguments"].as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(
        read,
        whole(redactor, arguments),
        "{arguments:?} at {cuts:?}"
    );
    // What stands in no object or array and is no string is text: a number may be a card's.
    let begun = arguments.trim_start().starts_with(['{', '[', '"']);
    if begun && nenya_fuzz::is_json(arguments.as_bytes()) {
        assert!(nenya_fuzz::is_json(read.as_bytes()), "{read:?}");
    }
});

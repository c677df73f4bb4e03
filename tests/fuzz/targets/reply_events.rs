//! `redactor::ReplyRedactor`, events: a text in deltas is redacted as the whole text, and a stream
//! of any bytes panics nowhere.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use nenya_fuzz::redaction::{parts, redactor, reply, whole};
use redactor::Passed;
use serde_json::Value;

fn event(piece: &str, arguments: bool) -> String {
    let delta = if arguments {
        serde_json::json!({"reasoning_content": piece})
    } else {
        serde_json::json!({"content": piece})
    };
    let chunk = serde_json::json!({"choices": [{"index": 0, "delta": delta}]});
    format!("data: {chunk}\n\n")
}

fn read(stream: &[u8]) -> String {
    let text = String::from_utf8_lossy(stream).into_owned();
    let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
    data.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok())
        .filter_map(|event| {
            let delta = &event["choices"][0]["delta"];
            let piece = delta["content"]
                .as_str()
                .or(delta["reasoning_content"].as_str());
            piece.map(str::to_owned)
        })
        .collect()
}

fuzz_target!(|input: (bool, bool, &str, Vec<u8>, &[u8])| {
    let (patterns, arguments, text, cuts, any) = input;
    let redactor = redactor(patterns);
    let mut stream = reply(redactor);
    let mut out = Vec::new();
    for part in parts(text, &cuts) {
        let Passed::All(bytes) = stream.events(Bytes::from(event(part, arguments))) else {
            panic!("nothing blocks");
        };
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(&stream.finish().expect("nothing blocks"));
    let whole = whole(redactor, text).expect("these rules never give up");
    assert_eq!(read(&out), whole, "{text:?} at {cuts:?}");

    let mut stream = reply(redactor);
    let _ = stream.events(Bytes::copy_from_slice(any));
    let _ = stream.stalled();
    let _ = stream.finish();
});

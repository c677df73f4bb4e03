//! Documents that nobody should send, by which the tests of all formats show that readers give
//! errors and never panic.

use proptest::prelude::*;
use serde_json::Value;

use super::perturbed::places;

/// What a value is put in the place of.
pub(crate) fn wrong_values() -> Vec<Value> {
    vec![
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(1e300),
        Value::String(String::new()),
        Value::String("\u{0}\u{fffd}é".into()),
        Value::Array(vec![]),
        Value::Array(vec![Value::Null]),
        Value::Array(vec![Value::Array(vec![]), Value::from(1)]),
        Value::Object(serde_json::Map::new()),
        serde_json::json!({"type": "text", "function": [], "": null}),
    ]
}

/// Documents that have a wrong value in the place of one of `whole`'s values, for each of them.
pub(crate) fn spoilt(whole: &Value) -> Vec<Vec<u8>> {
    let all_of_it = std::iter::once(String::new());
    let mut all = Vec::new();
    for (number, place) in all_of_it.chain(places(whole)).enumerate() {
        // A few at each place; neighbours get the others.
        for wrong in wrong_values().into_iter().skip(number % 3).step_by(3) {
            let mut document = whole.clone();
            if let Some(value) = document.pointer_mut(&place) {
                *value = wrong;
                all.push(serde_json::to_vec(&document).unwrap());
            }
        }
    }
    all
}

/// A megabyte of brackets that are opened and never closed.
pub(crate) fn deep() -> Vec<u8> {
    let mut deep = br#"{"messages":"#.to_vec();
    deep.extend(std::iter::repeat_n(b'[', 1 << 20));
    deep
}

/// A megabyte of nesting that is whole.
pub(crate) fn deep_and_whole() -> Vec<u8> {
    let mut deep = br#"{"messages":"#.to_vec();
    deep.extend(std::iter::repeat_n(b'[', 1 << 19));
    deep.extend(std::iter::repeat_n(b']', 1 << 19));
    deep.push(b'}');
    deep
}

/// Bytes with some of them changed, left out or doubled.
pub(crate) fn mutated(files: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    let changes = prop::collection::vec(change, 1..6);
    (prop::sample::select(files), changes).prop_map(|(mut bytes, changes)| {
        for (at, byte, what) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => {
                    bytes.remove(at);
                }
                2 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

/// Reads the bytes in every way that a format has, and writes what could be read.
pub(crate) fn read_all(format: crate::format::ApiFormat, bytes: &[u8]) {
    use super::{Source, codec, golden};
    use crate::canonical::{notes::Notes, raw};
    let codec = codec(format);
    let _nothing = codec
        .read_failure(400, bytes)
        .map(|failure| codec.write_failure(&failure));
    let mut reader = codec.stream_reader("upstream");
    let mut writer = codec.stream_writer(&golden::asked());
    let mut out = Vec::new();
    let event = crate::sse::Event {
        name: b"",
        data: bytes,
    };
    let mut write = |step: crate::canonical::step::Step<'_>| writer.step(&step, &mut out);
    let outcome = reader.event(&event, &mut write);
    let _either = outcome.and_then(|()| reader.end(&mut write));
    let Ok(body) = raw::document(bytes) else {
        return;
    };
    let mut notes = Notes::new(format, false);
    if let Ok(request) = codec.read_request(&Source { body, stream: true })
        && let Ok(written) = codec.write_request(&request, &golden::target(), &mut notes)
    {
        assert!(
            raw::document(&written).is_ok(),
            "{}",
            String::from_utf8_lossy(&written)
        );
    }
    if let Ok(reply) = codec.read_reply(body, "upstream")
        && let Ok(written) = codec.write_reply(&reply, &golden::asked(), &mut notes)
    {
        assert!(
            raw::document(&written).is_ok(),
            "{}",
            String::from_utf8_lossy(&written)
        );
    }
}

/// Requests, replies and events of a format's golden files.
pub(crate) fn documents(format: crate::format::ApiFormat, stream: &str) -> Vec<Vec<u8>> {
    use super::golden;
    let mut all: Vec<Vec<u8>> = [".request.json", ".response.json"]
        .iter()
        .flat_map(|ending| golden::files(format, ending))
        .map(|(_, body)| body)
        .collect();
    for (_, file) in golden::files(format, stream) {
        let events = golden::events_of(&file, stream.ends_with("ndjson"));
        all.extend(events.into_iter().map(|(_, data)| data));
    }
    all
}

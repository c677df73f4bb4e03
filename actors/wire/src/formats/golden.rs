//! What the tests of all formats share: the golden files, and the two checks that hold for each.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Asked, Source, StreamReader, Target, ThinkingForm, codec};
use crate::canonical::notes::Notes;
use crate::canonical::raw;
use crate::canonical::step::Step;
use crate::format::ApiFormat;
use crate::sse;

/// The files of a format whose names end so, by case name, sorted.
pub(crate) fn files(format: ApiFormat, ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format.label());
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let named = paths.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_suffix(ending)?.to_owned();
        Some((name, fs::read(path).unwrap()))
    });
    let found: Vec<_> = named.collect();
    assert!(!found.is_empty(), "{format} has no *{ending}");
    found
}

/// A target that takes everything.
pub(crate) fn target() -> Target<'static> {
    Target {
        model: "upstream-model",
        provider: "upstream",
        max_output: Some(4096),
        takes_sampling: true,
        thinking: ThinkingForm::Effort,
        wants_usage: false,
        effort: None,
        seals: None,
    }
}

/// A client that asked for everything.
pub(crate) fn asked() -> Asked {
    Asked {
        model: "asked-model".into(),
        provider: "upstream".into(),
        include_usage: true,
        now: 1_795_305_600,
        request_id: "req-1".into(),
        seals: None,
    }
}

/// A request read and written in one format again, and what was noted.
pub(crate) fn rewritten_request(
    format: ApiFormat,
    body: &[u8],
    stream: bool,
) -> (Value, Vec<String>) {
    let body = raw::document(body).unwrap();
    let request = codec(format)
        .read_request(&Source { body, stream })
        .unwrap();
    let mut notes = Notes::new(format, false);
    let written = codec(format)
        .write_request(&request, &target(), &mut notes)
        .unwrap();
    (
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    )
}

/// A whole reply read and written in one format again.
pub(crate) fn rewritten_reply(format: ApiFormat, body: &[u8]) -> (Value, Vec<String>) {
    let reply = codec(format)
        .read_reply(raw::document(body).unwrap(), "upstream")
        .unwrap();
    let mut notes = Notes::new(format, false);
    let written = codec(format)
        .write_reply(&reply, &asked(), &mut notes)
        .unwrap();
    (
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    )
}

/// The events of a stream file as the readers get them: `.sse` as it is, `.ndjson` line by line.
/// (For Bedrock use `.stream.events.ndjson` and make events of its lines.)
pub(crate) fn events_of(file: &[u8], lines: bool) -> Vec<(Vec<u8>, Vec<u8>)> {
    if lines {
        let all = crate::ndjson::lines(file).filter(|line| !line.data.trim_ascii().is_empty());
        return all.map(|line| (Vec::new(), line.data.to_vec())).collect();
    }
    let mut found = Vec::new();
    let mut scanner = sse::EventScanner::new();
    scanner
        .push(file, |event| {
            found.push((event.name.to_vec(), event.data.to_vec()))
        })
        .unwrap();
    found
}

/// All steps of a stream, as text (their `Debug` form), end included.
pub(crate) fn steps_of(
    reader: &mut dyn StreamReader,
    events: &[(Vec<u8>, Vec<u8>)],
) -> Vec<String> {
    let mut seen = Vec::new();
    for (name, data) in events {
        let event = sse::Event { name, data };
        reader
            .event(&event, &mut |step| {
                seen.push(format!("{step:?}"));
                Ok(())
            })
            .unwrap();
    }
    reader
        .end(&mut |step| {
            seen.push(format!("{step:?}"));
            Ok(())
        })
        .unwrap();
    seen
}

/// A stream read and written in one format again.
pub(crate) fn rewritten_stream(format: ApiFormat, events: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut reader = codec(format).stream_reader("upstream");
    let mut writer = codec(format).stream_writer(&asked());
    let mut out = Vec::new();
    for (name, data) in events {
        let event = sse::Event { name, data };
        reader
            .event(&event, &mut |step: Step<'_>| writer.step(&step, &mut out))
            .unwrap();
    }
    reader
        .end(&mut |step: Step<'_>| writer.step(&step, &mut out))
        .unwrap();
    out
}

/// The paths at which two documents differ, as in `/choices/0/index: 0 -> null`.
pub(crate) fn differences(left: &Value, right: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", left, right, &mut found);
    found
}

fn compare(path: &str, left: &Value, right: &Value, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            for key in left
                .keys()
                .chain(right.keys().filter(|key| !left.contains_key(*key)))
            {
                let (a, b) = (left.get(key), right.get(key));
                compare(
                    &format!("{path}/{key}"),
                    a.unwrap_or(&Value::Null),
                    b.unwrap_or(&Value::Null),
                    found,
                );
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for at in 0..left.len().max(right.len()) {
                let (a, b) = (left.get(at), right.get(at));
                compare(
                    &format!("{path}/{at}"),
                    a.unwrap_or(&Value::Null),
                    b.unwrap_or(&Value::Null),
                    found,
                );
            }
        }
        _ if left == right => {}
        _ => found.push(format!("{path}: {left} -> {right}")),
    }
}

//! The golden documents of a format, by case.

use std::fs;
use std::path::Path;

use nenya_wire::{ApiFormat, ndjson, sse};
use serde_json::Value;

use crate::event::Event;

fn documents(format: ApiFormat, ending: &str) -> Vec<(String, Value)> {
    let parsed = |bytes: Vec<u8>| serde_json::from_slice(&bytes).unwrap();
    let all = files(format, ending).into_iter();
    all.map(|(case, bytes)| (case, parsed(bytes))).collect()
}

fn files(format: ApiFormat, ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format.label());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(case) = name.strip_suffix(ending) else {
            continue;
        };
        found.push((case.to_owned(), fs::read(&path).unwrap()));
    }
    assert!(!found.is_empty(), "{format} has no *{ending}");
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Requests for completions. What only counts tokens has another shape.
pub(crate) fn requests(format: ApiFormat) -> Vec<(String, Value)> {
    let mut all = documents(format, ".request.json");
    all.retain(|(case, _)| case != "count-tokens");
    all
}

/// Whole replies of a model that are no errors.
pub(crate) fn replies(format: ApiFormat) -> Vec<(String, Value)> {
    let mut all = documents(format, ".response.json");
    let other = ["count-tokens", "tags", "show"];
    all.retain(|(case, _)| !other.contains(&case.as_str()) && !case.starts_with("error-"));
    all
}

/// Streams, event by event. Comments are no events.
pub(crate) fn streams(format: ApiFormat) -> Vec<(String, Vec<Event>)> {
    let ending = match format {
        ApiFormat::Bedrock => ".stream.events.ndjson",
        ApiFormat::Ollama => ".stream.ndjson",
        _ => ".stream.sse",
    };
    let all = files(format, ending).into_iter();
    all.map(|(case, bytes)| (case, events(format, &bytes)))
        .collect()
}

fn events(format: ApiFormat, whole: &[u8]) -> Vec<Event> {
    match format {
        ApiFormat::Bedrock => of_frames(whole),
        ApiFormat::Ollama => of_lines(whole),
        _ => of_events(whole),
    }
}

fn of_events(whole: &[u8]) -> Vec<Event> {
    let all = sse::events(whole).filter_map(|event| {
        let data = event.data.filter(|data| !data.trim_ascii().is_empty())?;
        Some(Event::new(event.name, &data))
    });
    all.collect()
}

fn lines(whole: &[u8]) -> impl Iterator<Item = &[u8]> {
    let all = ndjson::lines(whole).map(|line| line.data);
    all.filter(|line| !line.trim_ascii().is_empty())
}

fn of_lines(whole: &[u8]) -> Vec<Event> {
    lines(whole).map(|line| Event::new(b"", line)).collect()
}

/// A line has the headers of a frame that name the event, and its payload.
fn of_frames(whole: &[u8]) -> Vec<Event> {
    let all = lines(whole).map(|line| {
        let frame: Value = serde_json::from_slice(line).unwrap();
        let names = [":event-type", ":exception-type"];
        let name = names.iter().find_map(|name| frame[*name].as_str());
        Event::new(
            name.unwrap().as_bytes(),
            frame["payload"].to_string().as_bytes(),
        )
    });
    all.collect()
}

//! Every leaf of every golden file changed: the change must come through, or be told.

use serde_json::Value;

use super::{FORMAT, replies, requests, stream_of};
use crate::canonical::notes::Notes;
use crate::canonical::raw;
use crate::formats::golden::{asked, differences, events_of, files, steps_of, target};
use crate::formats::perturbed::{changed, places, removed};
use crate::formats::{Source, codec};

fn request_again(body: &[u8], stream: bool) -> Option<(Value, Vec<String>)> {
    let body = raw::document(body).unwrap();
    let request = codec(FORMAT).read_request(&Source { body, stream }).ok()?;
    let mut notes = Notes::new(FORMAT, false);
    let written = codec(FORMAT)
        .write_request(&request, &target(), &mut notes)
        .ok()?;
    Some((
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    ))
}

fn reply_again(body: &[u8]) -> Option<(Value, Vec<String>)> {
    let reply = codec(FORMAT)
        .read_reply(raw::document(body).unwrap(), "upstream")
        .ok()?;
    let mut notes = Notes::new(FORMAT, false);
    let written = codec(FORMAT)
        .write_reply(&reply, &asked(), &mut notes)
        .ok()?;
    Some((
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    ))
}

#[test]
fn a_change_anywhere_in_a_request_comes_through_or_is_refused() {
    let mut lost = Vec::new();
    for (case, body) in requests() {
        let value: Value = serde_json::from_slice(&body).unwrap();
        for path in places(&value) {
            // The model is the target's; whether to stream is the source's.
            if path == "/model" || path == "/stream" {
                continue;
            }
            let others = [changed(&value, &path), removed(&value, &path)];
            for other in others.into_iter().flatten() {
                let bytes = serde_json::to_vec(&other).unwrap();
                let Some((written, _)) = request_again(&bytes, stream_of(&body)) else {
                    continue;
                };
                let mut different = differences(&other, &written);
                // What has no members says nothing, there or not.
                let says = |path: &String| {
                    let empty = path.ends_with(": {} -> null") || path.ends_with(": null -> []");
                    !empty && !path.starts_with("/model:")
                };
                different.retain(says);
                if !different.is_empty() {
                    lost.push(format!("{case} {path}: {different:?}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn a_change_anywhere_in_a_reply_comes_through_or_is_refused() {
    let mut lost = Vec::new();
    for (case, body) in replies() {
        let value: Value = serde_json::from_slice(&body).unwrap();
        for path in places(&value) {
            if path == "/object" {
                // A constant.
                continue;
            }
            let Some(other) = changed(&value, &path) else {
                continue;
            };
            let bytes = serde_json::to_vec(&other).unwrap();
            let Some((written, _)) = reply_again(&bytes) else {
                continue;
            };
            let mut different = differences(&other, &written);
            // What the file lacks and the SDK's types need.
            different.retain(|path| !path.contains(": null -> "));
            if !different.is_empty() {
                lost.push(format!("{case} {path}: {different:?}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// Members of events that say nothing by themselves: numbers and ids of events and items, padding,
/// what the client asked for, and what an earlier event told already.
fn is_idle(kind: &str, path: &str) -> bool {
    const EVERYWHERE: [&str; 4] = ["/type", "/sequence_number", "/item_id", "/obfuscation"];
    if EVERYWHERE.contains(&path) {
        return true;
    }
    match kind {
        "response.queued" | "response.in_progress" => true,
        "response.created" => {
            !["/response/id", "/response/model", "/response/created_at"].contains(&path)
        }
        "response.completed" | "response.incomplete" | "response.failed" => {
            let told = [
                "/response/usage/",
                "/response/error/",
                "/response/incomplete_details/",
            ];
            let sums = ["/total_tokens", "/cache_write_tokens"];
            sums.iter().any(|sum| path.ends_with(sum))
                || !told.iter().any(|part| path.starts_with(part))
        }
        // Pieces came before; the whole says the same.
        "response.content_part.done"
        | "response.output_text.done"
        | "response.refusal.done"
        | "response.function_call_arguments.done"
        | "response.custom_tool_call_input.done"
        | "response.reasoning_text.done"
        | "response.reasoning_summary_text.done" => true,
        "response.output_item.done" => !path.ends_with("encrypted_content"),
        "response.output_item.added" => {
            let told = ["/item/call_id", "/item/name"];
            !told.contains(&path)
        }
        // Only the provider's own tools, whose item tells all at its end.
        other => {
            other.contains("_call.")
                || other.contains("_part.")
                || other.ends_with("annotation.added") && path.ends_with("_index")
                || other == "keepalive"
        }
    }
}

#[test]
fn a_change_in_an_event_changes_a_step() {
    let mut lost = Vec::new();
    for (case, file) in files(FORMAT, ".stream.sse") {
        if case == "spelling" {
            // Its item comes whole, and its events are told in two ways.
            continue;
        }
        let events = events_of(&file, false);
        let steps = steps_of(&mut *codec(FORMAT).stream_reader("upstream"), &events);
        for at in 0..events.len() {
            let value: Value = serde_json::from_slice(&events[at].1).unwrap();
            let kind = value["type"].as_str().unwrap().to_owned();
            let mut paths = places(&value);
            paths.retain(|path| !is_idle(&kind, path));
            for path in paths {
                let Some(other) = changed(&value, &path) else {
                    continue;
                };
                let mut events = events.clone();
                events[at].1 = serde_json::to_vec(&other).unwrap();
                let mut reader = codec(FORMAT).stream_reader("upstream");
                if steps_of(&mut *reader, &events) == steps {
                    lost.push(format!("{case} {kind} {path}"));
                }
            }
        }
    }
    lost.sort();
    lost.dedup();
    assert!(lost.is_empty(), "{lost:#?}");
}

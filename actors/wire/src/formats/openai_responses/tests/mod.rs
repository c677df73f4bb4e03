//! The golden files read and written again, and what is different then and why.

mod foreign;
mod hostile;
mod perturbed;
mod streams;

use serde_json::Value;

use crate::canonical::raw;
use crate::canonical::reply::StopReason;
use crate::canonical::step::{BlockHead, Step};
use crate::format::ApiFormat;
use crate::formats::golden::{
    differences, events_of, files, rewritten_reply, rewritten_request, rewritten_stream, steps_of,
};
use crate::formats::{Codec, Source, codec};
use crate::sse::Event;

const FORMAT: ApiFormat = ApiFormat::OpenAiResponses;

/// Cases that are no chat request.
fn is_chat(case: &str) -> bool {
    case != "count-tokens"
}

fn requests() -> Vec<(String, Vec<u8>)> {
    let mut all = files(FORMAT, ".request.json");
    all.extend(files(FORMAT, ".stream-request.json"));
    all.retain(|(case, _)| is_chat(case));
    all
}

fn replies() -> Vec<(String, Vec<u8>)> {
    let mut all = files(FORMAT, ".response.json");
    all.retain(|(case, _)| is_chat(case) && !case.starts_with("error-"));
    all
}

fn stream_of(body: &[u8]) -> bool {
    let value: Value = serde_json::from_slice(body).unwrap();
    value["stream"] == true
}

/// What a rewritten document may differ in.
fn unexpected(original: &Value, written: &Value, allowed: &[&str]) -> Vec<String> {
    let all = differences(original, written);
    let kept = |difference: &String| !allowed.iter().any(|path| difference.starts_with(path));
    all.into_iter().filter(kept).collect()
}

#[test]
fn every_request_comes_back_as_it_was() {
    for (case, body) in requests() {
        let (written, notes) = rewritten_request(FORMAT, &body, stream_of(&body));
        let original = serde_json::from_slice(&body).unwrap();
        // The model is the target's.
        let different = unexpected(&original, &written, &["/model"]);
        assert!(different.is_empty(), "{case}: {different:#?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn every_reply_comes_back_as_it_was() {
    for (case, body) in replies() {
        let (written, notes) = rewritten_reply(FORMAT, &body);
        let original: Value = serde_json::from_slice(&body).unwrap();
        let mut different = unexpected(&original, &written, &[]);
        if case == "spelling" {
            // The hostile case leaves out fields that the SDK's types need: they are written.
            different.retain(|path| !path.contains(": null -> "));
        }
        assert!(different.is_empty(), "{case}: {different:#?}");
        assert!(notes.is_empty(), "{case}: {notes:?}");
    }
}

#[test]
fn every_stream_comes_back_with_the_same_steps() {
    for (case, file) in files(FORMAT, ".stream.sse") {
        let events = events_of(&file, false);
        let written = rewritten_stream(FORMAT, &events);
        let steps = |events: &[(Vec<u8>, Vec<u8>)]| {
            let mut reader = codec(FORMAT).stream_reader("upstream");
            let mut steps = steps_of(&mut *reader, events);
            steps.retain(|step| !step.starts_with("Alive") && !step.starts_with("Unknown"));
            steps
        };
        let (first, again) = (steps(&events), steps(&events_of(&written, false)));
        assert_eq!(first, again, "{case}");
    }
}

/// What a stream or a reply says, in short.
#[derive(Debug, Default, PartialEq)]
struct Said {
    texts: Vec<String>,
    thoughts: Vec<String>,
    calls: Vec<String>,
    seals: Vec<String>,
    citations: usize,
    logprobs: usize,
    stop: Option<StopReason>,
    usage: Option<crate::canonical::reply::Counts>,
    failed: bool,
}

fn said_in_stream(file: &[u8]) -> Said {
    let mut said = Said::default();
    let mut open: Vec<(u32, &'static str, String)> = Vec::new();
    let mut reader = codec(FORMAT).stream_reader("upstream");
    let mut take = |step: Step<'_>| {
        match step {
            Step::Open { at, head } => {
                let (kind, start) = match head {
                    BlockHead::Text => ("text", String::new()),
                    BlockHead::Refusal => ("text", String::new()),
                    BlockHead::Thinking { .. } => ("thought", String::new()),
                    BlockHead::Call { id, name, .. } => {
                        let id = id.unwrap();
                        ("call", format!("{} {} ", id.decoded(), name.decoded()))
                    }
                    _ => ("other", String::new()),
                };
                open.push((at.number, kind, start));
            }
            Step::Delta { at, text } => {
                let block = open.iter_mut().find(|block| block.0 == at.number);
                block.unwrap().2.push_str(&text.decoded());
            }
            Step::Seal { seal, .. } => said.seals.push(seal.value.decoded().into_owned()),
            Step::Cite { .. } => said.citations += 1,
            Step::Logprobs { tokens, .. } => said.logprobs += tokens.len(),
            Step::Close { at } => {
                let place = open.iter().position(|block| block.0 == at.number).unwrap();
                let (_, kind, text) = open.remove(place);
                match kind {
                    "text" => said.texts.push(text),
                    "thought" => said.thoughts.push(text),
                    "call" => said.calls.push(text),
                    _ => {}
                }
            }
            Step::Usage(counts) => said.usage = Some(counts),
            Step::Stop { stop, .. } => said.stop = Some(stop.reason),
            Step::Fail(_) => said.failed = true,
            _ => {}
        }
        Ok(())
    };
    for (name, data) in events_of(file, false) {
        let event = Event {
            name: &name,
            data: &data,
        };
        reader.event(&event, &mut take).unwrap();
    }
    reader.end(&mut take).unwrap();
    assert!(said.failed || open.is_empty(), "{open:?}");
    said
}

fn said_in_reply(body: &[u8]) -> Said {
    use crate::canonical::parts::PartKind;
    let reply = codec(FORMAT)
        .read_reply(raw::document(body).unwrap(), "upstream")
        .unwrap();
    let choice = &reply.choices[0];
    let mut said = Said {
        logprobs: choice.logprobs.len(),
        usage: reply.usage,
        failed: choice.stop.reason == StopReason::Failed,
        ..Said::default()
    };
    said.stop = (!said.failed).then_some(choice.stop.reason);
    for part in &choice.parts {
        said.citations += part.citations.len();
        match &part.kind {
            PartKind::Text(text) | PartKind::Refusal(text) => {
                said.texts.push(text.decoded().into_owned());
            }
            PartKind::Thinking(thought) => {
                let texts: Vec<_> = thought.texts.iter().map(|text| text.decoded()).collect();
                said.thoughts.push(texts.join("\n\n"));
                let seal = thought.seal.as_ref();
                said.seals
                    .extend(seal.map(|seal| seal.value.decoded().into_owned()));
            }
            PartKind::Call(call) => said.calls.push(format!(
                "{} {} {}",
                call.id.as_ref().unwrap().decoded(),
                call.name.decoded(),
                call.input.as_text().decoded()
            )),
            _ => {}
        }
    }
    said
}

#[test]
fn every_stream_says_what_its_whole_reply_says() {
    let wholes = replies();
    for (case, file) in files(FORMAT, ".stream.sse") {
        let Some((_, whole)) = wholes.iter().find(|(name, _)| *name == case) else {
            continue;
        };
        assert_eq!(said_in_stream(&file), said_in_reply(whole), "{case}");
    }
}

#[test]
fn every_rewritten_stream_says_the_same_and_ends_with_the_whole_response() {
    for (case, file) in files(FORMAT, ".stream.sse") {
        let written = rewritten_stream(FORMAT, &events_of(&file, false));
        assert_eq!(said_in_stream(&written), said_in_stream(&file), "{case}");
        let events = events_of(&written, false);
        let (name, data) = events.last().unwrap();
        let last: Value = serde_json::from_slice(data).unwrap();
        if name == b"response.completed" || name == b"response.incomplete" {
            let response = last["response"].to_string();
            assert_eq!(
                said_in_reply(response.as_bytes()),
                said_in_stream(&file),
                "{case}"
            );
        }
    }
}

#[test]
fn written_events_are_numbered_without_gaps_and_name_their_items() {
    for (case, file) in files(FORMAT, ".stream.sse") {
        let written = rewritten_stream(FORMAT, &events_of(&file, false));
        let mut items: Vec<Option<String>> = Vec::new();
        for (number, (name, data)) in events_of(&written, false).iter().enumerate() {
            let data: Value = serde_json::from_slice(data).unwrap();
            assert_eq!(data["sequence_number"], number, "{case}");
            assert_eq!(data["type"].as_str().unwrap().as_bytes(), name, "{case}");
            let index = data["output_index"].as_u64().unwrap_or(0) as usize;
            if name == b"response.output_item.added" {
                assert_eq!(index, items.len(), "{case}");
                items.push(data["item"]["id"].as_str().map(str::to_owned));
            } else if let Some(id) = data["item_id"].as_str() {
                assert_eq!(items[index].as_deref(), Some(id), "{case}");
            }
        }
    }
}

#[test]
fn every_error_keeps_its_words() {
    for (case, body) in files(FORMAT, ".response.json") {
        let Some(status) = case.strip_prefix("error-") else {
            continue;
        };
        let status: u16 = status.parse().unwrap();
        let failure = codec(FORMAT).read_failure(status, &body).unwrap();
        assert_eq!(failure.kind.status(), status, "{case}");
        let (again, written) = codec(FORMAT).write_failure(&failure);
        assert_eq!(again, status, "{case}");
        let original = serde_json::from_slice(&body).unwrap();
        let written = serde_json::from_slice(&written).unwrap();
        // The type follows from the kind; the code is what programs read.
        let different = unexpected(&original, &written, &["/error/type"]);
        assert!(different.is_empty(), "{case}: {different:?}");
    }
}

#[test]
fn an_event_within_a_stream_says_what_failed() {
    let (_, file) = files(FORMAT, "midstream-error.stream.sse").remove(0);
    let said = said_in_stream(&file);
    assert!(said.failed && said.stop.is_none());
    let body = br#"{"error":{"message":"no","type":"x","param":null,"code":null}}"#;
    assert!(super::OpenAiResponses.read_failure(500, body).is_some());
    assert!(
        super::OpenAiResponses
            .read_failure(500, b"<html>")
            .is_none()
    );
}

#[test]
fn what_the_body_says_of_the_stream_is_the_sources_to_decide() {
    let body = raw::document(br#"{"model":"m","input":"x"}"#).unwrap();
    let request = codec(FORMAT)
        .read_request(&Source { body, stream: true })
        .unwrap();
    assert!(request.stream);
}

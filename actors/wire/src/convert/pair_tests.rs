//! Streams of every format told in every other: a stream says what the whole reply says, however
//! it is cut, and what comes out is well-formed.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use serde_json::Value;

use super::ReplyTranslator;
use crate::canonical::error::FormatCause;
use crate::canonical::parts::PartKind;
use crate::canonical::raw;
use crate::canonical::reply::StopReason;
use crate::canonical::step::{BlockHead, Step};
use crate::format::ApiFormat;
use crate::formats::{codec, golden::asked};
use crate::sse::{Event, EventScanner};

/// What a reply says, whatever its form.
#[derive(Debug, Default, PartialEq)]
struct Said {
    /// Text and refusals of the first candidate.
    text: String,
    thinking: String,
    /// Name and input of each call.
    calls: Vec<(String, Value)>,
    stop: Option<StopReason>,
    output_tokens: Option<u64>,
    failed: bool,
}

fn input(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// What a whole reply says.
fn said_by_reply(format: ApiFormat, body: &[u8]) -> Said {
    let reply = codec(format)
        .read_reply(raw::document(body).unwrap(), "upstream")
        .unwrap();
    let mut said = Said {
        output_tokens: reply.usage.and_then(|usage| usage.output()),
        ..Said::default()
    };
    for choice in reply.choices.iter().filter(|choice| choice.index == 0) {
        for part in &choice.parts {
            match &part.kind {
                PartKind::Text(text) | PartKind::Refusal(text) => said.text += &text.decoded(),
                PartKind::Thinking(thought) => {
                    thought
                        .texts
                        .iter()
                        .for_each(|text| said.thinking += &text.decoded());
                }
                PartKind::Call(call) => {
                    let name = call.name.decoded().into_owned();
                    said.calls
                        .push((name, input(&call.input.as_text().decoded())));
                }
                _ => {}
            }
        }
        said.stop = Some(choice.stop.reason);
        said.failed |= choice.stop.reason.is_failure();
    }
    said
}

/// What the steps of a stream say.
#[derive(Default)]
struct Listener {
    said: Said,
    open: Vec<(u32, &'static str, String, String)>,
    ended: bool,
}

impl Listener {
    fn step(&mut self, step: &Step<'_>) {
        assert!(!self.ended, "nothing may follow the end: {step:?}");
        match step {
            Step::Open { at, head } if at.choice == 0 => self.open(at.number, head),
            Step::Delta { at, text } if at.choice == 0 => {
                let block = self
                    .open
                    .iter_mut()
                    .find(|(number, ..)| *number == at.number);
                block.expect("a delta needs its block").3 += &text.decoded();
            }
            Step::Close { at } if at.choice == 0 => self.close(at.number),
            Step::Usage(counts) => {
                self.said.output_tokens = counts.output().or(self.said.output_tokens)
            }
            Step::Stop { choice: 0, stop } => {
                self.said.stop = Some(stop.reason);
                self.said.failed |= stop.reason.is_failure();
            }
            Step::End => self.ended = true,
            Step::Fail(_) => (self.said.failed, self.ended) = (true, true),
            _ => {}
        }
    }

    fn open(&mut self, number: u32, head: &BlockHead<'_>) {
        let (kind, name) = match head {
            BlockHead::Text | BlockHead::Refusal => ("text", String::new()),
            BlockHead::Thinking { .. } => ("thinking", String::new()),
            BlockHead::Call { name, .. } => ("call", name.decoded().into_owned()),
            _ => ("other", String::new()),
        };
        self.open.push((number, kind, name, String::new()));
    }

    fn close(&mut self, number: u32) {
        let at = self.open.iter().position(|(open, ..)| *open == number);
        let (_, kind, name, text) = self.open.remove(at.expect("a close needs its block"));
        match kind {
            "text" => self.said.text += &text,
            "thinking" => self.said.thinking += &text,
            "call" => self
                .said
                .calls
                .push((name, input(if text.is_empty() { "{}" } else { &text }))),
            _ => {}
        }
    }
}

/// What a stream of events in `format` says; it must come to its end.
fn said_by_events(format: ApiFormat, events: &[u8], context: &str) -> Said {
    let mut reader = codec(format).stream_reader("upstream");
    let mut sequence = Sequenced::default();
    let mut scanner = EventScanner::new();
    scanner
        .push(events, |event: Event<'_>| {
            let read = reader.event(&event, &mut |step| sequence.take(&step));
            assert!(
                read.is_ok(),
                "{context}: {read:?}: {}",
                String::from_utf8_lossy(event.data)
            );
        })
        .unwrap();
    reader.end(&mut |step| sequence.take(&step)).unwrap();
    assert!(
        sequence.0.ended,
        "{context}: no end: {}",
        String::from_utf8_lossy(events)
    );
    sequence.0.said
}

/// Closes what a format leaves open before it listens, as `Sequence` does for writers.
#[derive(Default)]
struct Sequenced(Listener);

impl Sequenced {
    fn take(&mut self, step: &Step<'_>) -> Result<(), crate::FormatError> {
        if self.0.ended {
            return Ok(());
        }
        if matches!(step, Step::Stop { choice: 0, .. } | Step::End) {
            let open: Vec<u32> = self.0.open.iter().map(|(number, ..)| *number).collect();
            open.into_iter().for_each(|number| self.0.close(number));
        }
        self.0.step(step);
        Ok(())
    }
}

/// Streams of a format with the whole reply of the same case, as they are on the wire.
pub(super) fn streams(format: ApiFormat) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format.label());
    let ending = match format {
        ApiFormat::Bedrock => ".stream.bin",
        ApiFormat::Ollama => ".stream.ndjson",
        _ => ".stream.sse",
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(case) = name.strip_suffix(ending) else {
            continue;
        };
        let Ok(whole) = fs::read(folder.join(format!("{case}.response.json"))) else {
            continue;
        };
        found.push((case.to_owned(), fs::read(&path).unwrap(), whole));
    }
    found.sort();
    assert!(!found.is_empty(), "{format}");
    found
}

/// The events of a file as it is on the wire.
fn events_of(format: ApiFormat, stream: &[u8]) -> Vec<u8> {
    match crate::framing::Unframer::of(format) {
        Some(mut unframer) => [unframer.push(stream).unwrap(), unframer.end()].concat(),
        None => stream.to_vec(),
    }
}

fn translated(
    from: ApiFormat,
    to: ApiFormat,
    stream: &[u8],
    size: usize,
) -> Result<Vec<u8>, String> {
    let mut translator = ReplyTranslator::new(from, to, &asked());
    let mut out = Vec::new();
    for chunk in stream.chunks(size) {
        let pushed = translator.push(Bytes::copy_from_slice(chunk));
        out.extend_from_slice(&pushed.map_err(|error| error.to_string())?);
    }
    out.extend_from_slice(&translator.end().map_err(|error| error.to_string())?);
    match &translator.progress().failure {
        Some(failure) => Err(failure.message.clone().into_owned()),
        None => Ok(out),
    }
}

pub(super) fn pairs() -> impl Iterator<Item = (ApiFormat, ApiFormat)> {
    let others = |from| ApiFormat::ALL.into_iter().filter(move |to| *to != from);
    ApiFormat::ALL
        .into_iter()
        .flat_map(move |from| others(from).map(move |to| (from, to)))
}

/// Takes out what the two golden files of a case do not say alike in their own format already: the
/// streams of `stop-*` of Gemini begin with a word that the whole replies do not have, and the
/// stream of `spelling` in Chat Completions has no usage.
fn without_inequality(mut said: Said, format: ApiFormat, case: &str) -> Said {
    match format {
        ApiFormat::Gemini if case.starts_with("stop-") && said.text == "Once" => said.text.clear(),
        ApiFormat::OpenAiChat if case == "spelling" => said.output_tokens = None,
        _ => {}
    }
    said
}

#[test]
fn golden_pairs_say_the_same_but_for_what_is_listed() {
    let mut unequal = Vec::new();
    for format in ApiFormat::ALL {
        for (case, stream, whole) in streams(format) {
            let events = events_of(format, &stream);
            let streamed = said_by_events(format, &events, &case);
            let at_once = said_by_reply(format, &whole);
            let streamed = without_inequality(streamed, format, &case);
            let at_once = without_inequality(at_once, format, &case);
            let failed = streamed.failed && at_once.failed;
            if !failed && streamed != at_once {
                unequal.push(format!(
                    "{format}: {case}:\n   streamed {streamed:?}\n   whole    {at_once:?}"
                ));
            }
        }
    }
    assert!(unequal.is_empty(), "{}", unequal.join("\n"));
}

fn is_none(cause: FormatCause) -> bool {
    matches!(cause, FormatCause::NoAnswer | FormatCause::CannotHold(_))
}

#[test]
fn a_stream_told_in_another_format_says_what_the_whole_reply_says_there() {
    let mut wrong = Vec::new();
    for (from, to) in pairs() {
        for (case, stream, whole) in streams(from) {
            let context = format!("{from} -> {to}: {case}");
            let reply = super::convert_reply(&whole, from, to, &asked());
            let (reply, events) = match (reply, translated(from, to, &stream, usize::MAX)) {
                (Ok((reply, _)), Ok(events)) => (reply, events),
                // What is no answer, or no answer to a client of this format, is none either way.
                (Err(why), Err(_)) if is_none(why.cause()) => continue,
                (reply, events) => {
                    let (reply, events) = (reply.map(|_| ()), events.map(|_| ()));
                    wrong.push(format!("{context}: cannot be told: {reply:?}, {events:?}"));
                    continue;
                }
            };
            let (streamed, at_once) = (
                said_by_events(to, &events, &context),
                said_by_reply(to, &reply.body),
            );
            // A format that must have a count says 0 where there was none.
            let (streamed, at_once) = (
                without_inequality(streamed, from, &case),
                without_inequality(at_once, from, &case),
            );
            if streamed != at_once {
                wrong.push(format!(
                    "{context}:\n   streamed {streamed:?}\n   whole    {at_once:?}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_stream_is_the_same_however_it_is_cut() {
    for (from, to) in pairs() {
        for (case, stream, _) in streams(from) {
            let whole = translated(from, to, &stream, usize::MAX);
            for size in [1, 7, 64] {
                assert_eq!(
                    translated(from, to, &stream, size),
                    whole,
                    "{from} -> {to}: {case}: {size}"
                );
            }
        }
    }
}

#[test]
fn a_stream_that_is_cut_off_is_a_failure_in_every_pair() {
    for (from, to) in pairs() {
        let (case, stream, _) = streams(from)
            .into_iter()
            .find(|(case, ..)| case == "plain")
            .unwrap();
        let half = stream.get(..stream.len() / 2).unwrap();
        let mut translator = ReplyTranslator::new(from, to, &asked());
        let pushed = translator.push(Bytes::copy_from_slice(half));
        let ended = translator.end();
        let progress = translator.progress();
        let told = pushed.is_err() || ended.is_err() || !progress.done;
        assert!(told, "{from} -> {to}: {case}: {progress:?}");
    }
}

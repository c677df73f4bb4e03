//! What the tests of a format prove with the golden files: what a reply says, however it came, and
//! that no document makes a reader fail.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::perturbed::places;
use super::{Source, StreamReader, codec, golden};
use crate::canonical::notes::Notes;
use crate::canonical::parts::{Part, PartKind};
use crate::canonical::raw;
use crate::canonical::reply::{Counts, Reply, Stop};
use crate::canonical::seal::Seal;
use crate::canonical::step::{BlockHead, Step};
use crate::format::ApiFormat;
use crate::sse;

/// What a reply says, in a form in which a whole one and a streamed one are equal.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Told {
    pub(crate) blocks: Vec<String>,
    pub(crate) stop: String,
    pub(crate) usage: Counts,
    pub(crate) failed: bool,
}

fn stop_told(stop: &Stop<'_>) -> String {
    let text = |text: &Option<crate::canonical::text::Text<'_>>| {
        text.as_ref().map(|text| text.decoded().into_owned())
    };
    let (sequence, details) = (text(&stop.sequence), text(&stop.details));
    format!("{:?} {sequence:?} {details:?}", stop.reason)
}

fn seal_told(seal: &Seal<'_>) -> String {
    format!(" sealed {} {:?}", seal.value.decoded(), seal.provider)
}

/// What a whole reply says in its first choice.
pub(crate) fn told(reply: &Reply<'_>) -> Told {
    let choice = reply.choices.first().unwrap();
    Told {
        blocks: choice.parts.iter().map(part_told).collect(),
        stop: stop_told(&choice.stop),
        usage: reply.usage.unwrap_or_default(),
        failed: false,
    }
}

fn part_told(part: &Part<'_>) -> String {
    let mut told = match &part.kind {
        PartKind::Text(text) => format!("text {}", text.decoded()),
        PartKind::Refusal(text) => format!("refusal {}", text.decoded()),
        PartKind::Call(call) => format!(
            "call {} {} {}",
            call.id.as_ref().unwrap().decoded(),
            call.name.decoded(),
            json(&call.input.as_text().decoded()),
        ),
        PartKind::Thinking(thought) => {
            let texts: Vec<_> = thought.texts.iter().map(|text| text.decoded()).collect();
            let seal = thought.seal.as_ref().map(seal_told).unwrap_or_default();
            format!("thought {}{seal}", texts.join("\n\n"))
        }
        PartKind::Other(raw) => other(raw.get()),
        kind => format!("{kind:?}"),
    };
    for citation in &part.citations {
        let quoted = citation
            .quoted
            .as_ref()
            .map(|text| text.decoded().into_owned());
        write!(told, " cited {quoted:?} {:?}", citation.place).unwrap();
    }
    told
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn other(spelt: &str) -> String {
    let kind = json(spelt).get("type").cloned().unwrap_or_default();
    format!("other {kind}")
}

/// What a stream says in its first choice.
pub(crate) fn told_by_stream(reader: &mut dyn StreamReader, events: &[(Vec<u8>, Vec<u8>)]) -> Told {
    let mut hearing = Hearing::default();
    for (name, data) in events {
        let event = sse::Event { name, data };
        reader
            .event(&event, &mut |step| {
                hearing.hear(step);
                Ok(())
            })
            .unwrap();
    }
    reader
        .end(&mut |step| {
            hearing.hear(step);
            Ok(())
        })
        .unwrap();
    assert!(
        hearing.open == 0 || hearing.told.failed,
        "a block is left open"
    );
    hearing.finish()
}

#[derive(Default)]
struct Hearing {
    told: Told,
    /// Head, text, and what hangs on each block, in order of opening.
    blocks: Vec<(u32, String, String, String)>,
    open: usize,
}

impl Hearing {
    fn hear(&mut self, step: Step<'_>) {
        match step {
            Step::Start(start) => self.told.usage.update(&start.usage.unwrap_or_default()),
            Step::Usage(counts) => self.told.usage.update(&counts),
            Step::Open { at, head } if at.choice == 0 => {
                self.open += 1;
                let head = match head {
                    BlockHead::Text => "text ".to_owned(),
                    BlockHead::Refusal => "refusal ".to_owned(),
                    BlockHead::Call { id, name, .. } => {
                        format!("call {} {} ", id.unwrap().decoded(), name.decoded())
                    }
                    BlockHead::Thinking { .. } => "thought ".to_owned(),
                    BlockHead::Other(raw) => other(raw.get()),
                    head => format!("{head:?}"),
                };
                self.blocks
                    .push((at.number, head, String::new(), String::new()));
            }
            Step::Delta { at, text } => self.of(at.number).2.push_str(&text.decoded()),
            Step::Seal { at, seal } => self.of(at.number).3.push_str(&seal_told(&seal)),
            Step::Cite { at, citation } => {
                let quoted = citation.quoted.map(|text| text.decoded().into_owned());
                let cited = format!(" cited {quoted:?} {:?}", citation.place);
                self.of(at.number).3.push_str(&cited);
            }
            Step::Close { .. } => self.open -= 1,
            Step::Stop { choice: 0, stop } => self.told.stop = stop_told(&stop),
            Step::Fail(_) => self.told.failed = true,
            _ => {}
        }
    }

    fn of(&mut self, number: u32) -> &mut (u32, String, String, String) {
        let found = self.blocks.iter_mut().find(|block| block.0 == number);
        found.expect("a step of a block that was never opened")
    }

    fn finish(mut self) -> Told {
        let told = self.blocks.into_iter().map(|(_, head, text, rest)| {
            if head.starts_with("call ") {
                let input = if text.trim().is_empty() { "{}" } else { &text };
                format!("{head}{}{rest}", json(input))
            } else if head.starts_with("other ") {
                head
            } else {
                format!("{head}{text}{rest}")
            }
        });
        self.told.blocks = told.collect();
        self.told
    }
}

/// Reads a document as everything that this format has, and writes what could be read. What is
/// written is JSON, whatever was read.
pub(crate) fn survives(format: ApiFormat, document: &[u8]) {
    let is_json = |bytes: &[u8]| raw::document(bytes).is_ok();
    let codec = codec(format);
    if let Some(failure) = codec.read_failure(400, document) {
        assert!(is_json(&codec.write_failure(&failure).1));
    }
    let Ok(body) = raw::document(document) else {
        return;
    };
    let mut notes = Notes::new(format, false);
    let source = Source {
        body,
        stream: false,
    };
    if let Ok(request) = codec.read_request(&source)
        && let Ok(written) = codec.write_request(&request, &golden::target(), &mut notes)
    {
        assert!(is_json(&written), "{}", String::from_utf8_lossy(&written));
    }
    if let Ok(reply) = codec.read_reply(body, "upstream")
        && let Ok(written) = codec.write_reply(&reply, &golden::asked(), &mut notes)
    {
        assert!(is_json(&written), "{}", String::from_utf8_lossy(&written));
    }
}

/// Reads events and writes their steps. What is written is events of JSON.
pub(crate) fn survives_stream(format: ApiFormat, events: &[(Vec<u8>, Vec<u8>)]) {
    let mut reader = codec(format).stream_reader("upstream");
    let mut writer = codec(format).stream_writer(&golden::asked());
    let mut out = Vec::new();
    for (name, data) in events {
        let event = sse::Event { name, data };
        let read = reader.event(&event, &mut |step| writer.step(&step, &mut out));
        if read.is_err() {
            break;
        }
    }
    let _ended = reader.end(&mut |step| writer.step(&step, &mut out));
    for (_, data) in golden::events_of(&out, false) {
        let json = raw::document(&data).is_ok() || data == b"[DONE]";
        assert!(json, "{}", String::from_utf8_lossy(&data));
    }
}

/// Which of some documents, and which of its nodes becomes what.
pub(crate) fn mutations() -> impl Strategy<Value = (usize, Vec<(usize, Value)>)> {
    let other = prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(0)),
        Just(json!(-1.5e300)),
        Just(json!("")),
        Just(json!("text")),
        Just(json!("nenya1.gemini.other.\n\"")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"type": "text"}, {"text": 1}, 7])),
        Just(json!({"type": "document", "source": {"type": "content", "content": []}})),
    ];
    let changes = proptest::collection::vec((any::<usize>(), other), 1..4);
    (any::<usize>(), changes)
}

/// The document with these nodes changed.
pub(crate) fn mutated(document: &Value, changes: &[(usize, Value)]) -> Value {
    let mut changed = document.clone();
    for (which, other) in changes {
        let places = places(&changed);
        if let Some(place) = places.get(which % places.len().max(1)) {
            *changed.pointer_mut(place).unwrap() = other.clone();
        }
    }
    changed
}

/// What the steps of each event say; `None` if they cannot be read.
pub(crate) fn steps_of(
    format: ApiFormat,
    events: &[(Vec<u8>, Vec<u8>)],
) -> Option<Vec<Vec<String>>> {
    let (mut reader, mut seen) = (codec(format).stream_reader("upstream"), Vec::new());
    for (name, data) in events {
        let event = sse::Event { name, data };
        let mut steps = Vec::new();
        let read = reader.event(&event, &mut |step| {
            steps.push(format!("{step:?}"));
            Ok(())
        });
        read.ok()?;
        seen.push(steps);
    }
    Some(seen)
}

//! Checks that the tests of this format and of Cohere's share.

use serde_json::Value;

use crate::canonical::notes::Notes;
use crate::canonical::parts::{Citation, PartKind};
use crate::canonical::raw;
use crate::canonical::reply::Reply;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Step};
use crate::format::ApiFormat;
use crate::formats::{Source, codec, golden};
use crate::sse;

/// A document rewritten in its format, with notes; `None` if it was refused.
pub(crate) type Rewritten = Option<(Value, Vec<String>)>;

pub(crate) fn request(format: ApiFormat, body: &[u8]) -> Rewritten {
    let body = raw::document(body).ok()?;
    let source = Source {
        body,
        stream: false,
    };
    let request = codec(format).read_request(&source).ok()?;
    let mut notes = Notes::new(format, false);
    let written = codec(format)
        .write_request(&request, &golden::target(), &mut notes)
        .ok()?;
    Some((
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    ))
}

pub(crate) fn reply(format: ApiFormat, body: &[u8]) -> Rewritten {
    let reply = codec(format)
        .read_reply(raw::document(body).ok()?, "upstream")
        .ok()?;
    let mut notes = Notes::new(format, false);
    let written = codec(format)
        .write_reply(&reply, &golden::asked(), &mut notes)
        .ok()?;
    Some((
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    ))
}

/// The paths of all leaves and members whose change the rewriting does not show.
pub(crate) fn unseen_changes(body: &[u8], rewrite: &dyn Fn(&[u8]) -> Rewritten) -> Vec<String> {
    let document: Value = serde_json::from_slice(body).unwrap();
    let before = rewrite(body);
    let mut unseen = Vec::new();
    for (path, changed) in changed(&document) {
        let body = serde_json::to_vec(&changed).unwrap();
        if rewrite(&body).is_some_and(|after| Some(after) == before) {
            unseen.push(path);
        }
    }
    unseen
}

/// Every document that differs from this one in one leaf or one member.
pub(crate) fn changed(document: &Value) -> Vec<(String, Value)> {
    let mut paths = Vec::new();
    collect("", document, &mut paths);
    let mut all = Vec::new();
    for path in paths {
        let mut other = document.clone();
        if let Some(leaf) = other.pointer_mut(&path)
            && change(leaf)
        {
            all.push((format!("{path} changed"), other));
        }
        let mut other = document.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = other.pointer_mut(parent).and_then(Value::as_object_mut);
        let key = key.replace("~1", "/").replace("~0", "~");
        if parent.is_some_and(|parent| parent.remove(&key).is_some()) {
            all.push((format!("{path} removed"), other));
        }
    }
    all
}

fn collect(path: &str, value: &Value, paths: &mut Vec<String>) {
    let mut deeper = |key: String, value: &Value| {
        let path = format!("{path}/{key}");
        paths.push(path.clone());
        collect(&path, value, paths);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            deeper(key.replace('~', "~0").replace('/', "~1"), value);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(number, value)| {
            deeper(number.to_string(), value);
        }),
        _ => {}
    }
}

fn change(leaf: &mut Value) -> bool {
    *leaf = match leaf {
        Value::String(text) => Value::from(format!("{text}x")),
        Value::Number(number) => Value::from(number.as_f64().unwrap() + 1.0),
        Value::Bool(value) => Value::from(!*value),
        _ => return false,
    };
    true
}

/// What a reply says, as lines: blocks in order, stops, counts.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    blocks: Vec<Said1>,
    pub(crate) stops: Vec<String>,
    pub(crate) usage: String,
    pub(crate) failed: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
struct Said1 {
    choice: u32,
    number: u32,
    kind: String,
    text: String,
    seal: String,
    citations: Vec<String>,
    logprobs: usize,
}

impl Said {
    /// The blocks, those of one kind that follow each other as one.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<(String, String, String)> = Vec::new();
        let mut blocks: Vec<_> = self.blocks.iter().collect();
        blocks.sort_by_key(|block| (block.choice, block.number));
        for block in blocks {
            let kind = format!("{} {}", block.choice, block.kind);
            let joins = ["text", "thinking"].contains(&block.kind.as_str());
            let spoken = match serde_json::from_str::<Value>(&block.text) {
                Ok(input) if block.kind.starts_with("call") => input.to_string(),
                _ => block.text.clone(),
            };
            let rest = format!("{} {:?} {}", block.seal, block.citations, block.logprobs);
            match lines.last_mut() {
                Some((before, text, end)) if joins && *before == kind && end == " [] 0" => {
                    text.push_str(&spoken);
                    *end = rest;
                }
                _ => lines.push((kind, spoken, rest)),
            }
        }
        let lines = lines.into_iter();
        lines
            .map(|(kind, text, end)| format!("{kind} {text:?} {end}"))
            .collect()
    }

    fn block(&mut self, at: Block) -> &mut Said1 {
        let found = self
            .blocks
            .iter()
            .position(|own| (own.choice, own.number) == (at.choice, at.number));
        &mut self.blocks[found.unwrap()]
    }

    pub(crate) fn take(&mut self, step: &Step<'_>) {
        match step {
            Step::Open { at, head } => self.blocks.push(Said1 {
                choice: at.choice,
                number: at.number,
                kind: kind_of(head),
                ..Said1::default()
            }),
            Step::Delta { at, text } => {
                let text = text.decoded().into_owned();
                self.block(*at).text.push_str(&text);
            }
            Step::Seal { at, seal } => self.block(*at).seal = seal_line(Some(seal)),
            Step::Cite { at, citation } => {
                let line = citation_line(citation);
                self.block(*at).citations.push(line);
            }
            Step::Logprobs { at, tokens } => self.block(*at).logprobs += tokens.len(),
            Step::Stop { choice, stop } => self.stops.push(stop_line(*choice, stop)),
            Step::Usage(counts) => self.usage = format!("{counts:?}"),
            Step::Fail(failure) => self.failed = Some(failure.message.clone().into_owned()),
            _ => {}
        }
    }

    /// What a whole reply says.
    pub(crate) fn of_reply(reply: &Reply<'_>) -> Self {
        let mut said = Self::default();
        for choice in &reply.choices {
            let number = choice.index as u32;
            let mut logprobs = choice.logprobs.len();
            for (at, part) in choice.parts.iter().enumerate() {
                let mut block = said_by(&part.kind);
                (block.choice, block.number) = (number, at as u32);
                block.citations = part.citations.iter().map(citation_line).collect();
                if block.kind == "text" {
                    block.logprobs = std::mem::take(&mut logprobs);
                }
                said.blocks.push(block);
            }
            said.stops.push(stop_line(number, &choice.stop));
        }
        said.usage = reply
            .usage
            .map_or_else(String::new, |counts| format!("{counts:?}"));
        said
    }
}

fn said_by(kind: &PartKind<'_>) -> Said1 {
    let mut block = Said1::default();
    (block.kind, block.text) = match kind {
        PartKind::Text(text) => ("text".to_owned(), text.decoded().into_owned()),
        PartKind::Thinking(thought) => {
            block.seal = seal_line(thought.seal.as_ref());
            let texts: Vec<_> = thought.texts.iter().map(|text| text.decoded()).collect();
            let kind = if thought.redacted {
                "sealed"
            } else {
                "thinking"
            };
            (kind.to_owned(), texts.concat())
        }
        PartKind::Call(call) => {
            block.seal = seal_line(call.seal.as_ref());
            let id = call.id.as_ref().map(|id| id.decoded().into_owned());
            let kind = format!("call {id:?} {}", call.name.decoded());
            (kind, call.input.as_text().decoded().into_owned())
        }
        PartKind::Other(_) => ("other".to_owned(), String::new()),
        PartKind::Media(media) => {
            let data = match &media.source {
                crate::canonical::parts::MediaSource::Base64(data) => data.decoded().into_owned(),
                _ => String::new(),
            };
            ("media".to_owned(), data)
        }
        other => panic!("{other:?}"),
    };
    block
}

fn kind_of(head: &BlockHead<'_>) -> String {
    match head {
        BlockHead::Text => "text".into(),
        BlockHead::Refusal => "refusal".into(),
        BlockHead::Thinking { redacted, .. } => {
            if *redacted { "sealed" } else { "thinking" }.into()
        }
        BlockHead::Call { id, name, .. } => {
            let id = id.as_ref().map(|id| id.decoded().into_owned());
            format!("call {id:?} {}", name.decoded())
        }
        BlockHead::Audio { .. } | BlockHead::Image { .. } => "media".into(),
        BlockHead::Other(_) => "other".into(),
    }
}

fn seal_line(seal: Option<&Seal<'_>>) -> String {
    seal.map_or_else(String::new, |seal| seal.value.decoded().into_owned())
}

fn citation_line(citation: &Citation<'_>) -> String {
    let said = |text: &Option<crate::canonical::text::Text<'_>>| {
        text.as_ref().map(|text| text.decoded().into_owned())
    };
    format!(
        "{:?} {:?} {:?}",
        said(&citation.url),
        said(&citation.title),
        citation.span
    )
}

fn stop_line(choice: u32, stop: &crate::canonical::reply::Stop<'_>) -> String {
    let details = stop
        .details
        .as_ref()
        .map(|details| details.decoded().into_owned());
    format!("{choice} {:?} {details:?}", stop.reason)
}

/// What a stream says.
pub(crate) fn said(format: ApiFormat, events: &[(Vec<u8>, Vec<u8>)]) -> Said {
    let mut said = Said::default();
    let mut reader = codec(format).stream_reader("upstream");
    for (name, data) in events {
        let event = sse::Event { name, data };
        reader
            .event(&event, &mut |step| {
                said.take(&step);
                Ok(())
            })
            .unwrap();
    }
    reader
        .end(&mut |step| {
            said.take(&step);
            Ok(())
        })
        .unwrap();
    said
}

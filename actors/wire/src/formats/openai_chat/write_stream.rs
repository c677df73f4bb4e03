//! Writes a stream.
//!
//! What all events share is written once, when the stream starts; a piece of text costs two
//! copies. Texts are never kept, only how many characters went out, by which citations count.

use super::thinking::{self, Spelt};
use super::write_deltas::{
    SealedDetail, broken, call_head, call_piece, characters, error_event, image, is_annotation,
    push_number, push_text, thought,
};
use super::write_reply::{tokens, url_citation};
use super::{OWN, Outcome, stops, usage};
use crate::canonical::media;
use crate::canonical::out::{Out, on_one_line};
use crate::canonical::parts::Citation;
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Asked, StreamWriter};
use crate::sse::{DONE, KEEP_ALIVE};

/// One stream to one client.
pub(super) struct Writer {
    asked: Asked,
    /// `data: {` and the members of every event, up to the choices.
    head: Vec<u8>,
    usage: Option<Counts>,
    failed: bool,
    choices: Vec<Choice>,
}

struct Choice {
    number: u32,
    /// Characters of text that went out.
    characters: u64,
    calls: u64,
    thoughts: u64,
    refused: bool,
    open: Vec<Opened>,
}

struct Opened {
    at: Block,
    kind: Kind,
    /// Characters before it.
    start: u64,
    /// Address and title of what all of the block rests on.
    cited: Vec<Citation<'static>>,
}

enum Kind {
    Text,
    Refusal,
    Thinking {
        index: u64,
        redacted: bool,
        id: Option<Text<'static>>,
        begun: bool,
    },
    Call {
        index: u64,
        custom: bool,
        begun: bool,
    },
    Audio,
    Image {
        mime: Option<Text<'static>>,
    },
    Other,
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        Self {
            asked: asked.clone(),
            head: Vec::new(),
            usage: None,
            failed: false,
            choices: Vec::new(),
        }
    }

    fn start(&mut self, start: &Start<'_>) {
        let mut head = Out::onto(b"data: ".to_vec());
        head.open().key("id");
        match &start.id {
            Some(id) => head.text(id),
            None => head.plain(&format!("chatcmpl-{}", self.asked.request_id)),
        };
        head.key("object").plain("chat.completion.chunk");
        head.key("created")
            .number(start.created.unwrap_or(self.asked.now));
        let asked = Text::plain(self.asked.model.as_str());
        head.key("model")
            .text(start.model.as_ref().unwrap_or(&asked));
        head.maybe_text("service_tier", start.tier.as_ref());
        head.key("choices").open_list();
        self.head = head.into_bytes();
    }

    /// An event with what `delta` writes between the braces of the delta.
    fn event(&self, choice: u32, out: &mut Vec<u8>, delta: impl FnOnce(&mut Vec<u8>)) {
        self.event_with(
            choice,
            out,
            delta,
            |out| out.extend_from_slice(b"null"),
            None,
        );
    }

    fn event_with(
        &self,
        choice: u32,
        out: &mut Vec<u8>,
        delta: impl FnOnce(&mut Vec<u8>),
        logprobs: impl FnOnce(&mut Vec<u8>),
        finish: Option<&str>,
    ) {
        out.extend_from_slice(&self.head);
        out.extend_from_slice(b"{\"index\":");
        push_number(out, choice.into());
        out.extend_from_slice(b",\"delta\":{");
        delta(out);
        out.extend_from_slice(b"},\"logprobs\":");
        logprobs(out);
        out.extend_from_slice(b",\"finish_reason\":");
        match finish {
            Some(word) => {
                out.push(b'"');
                out.extend_from_slice(word.as_bytes());
                out.extend_from_slice(b"\"}]");
            }
            None => out.extend_from_slice(b"null}]"),
        }
        // With usage asked for, every event has the member (OpenAI API reference).
        if self.asked.include_usage {
            out.extend_from_slice(b",\"usage\":null");
        }
        out.extend_from_slice(b"}\n\n");
    }

    /// An event with a delta that is written as an object is.
    fn event_of(&self, choice: u32, out: &mut Vec<u8>, delta: impl FnOnce(&mut Out)) {
        self.event(choice, out, |bytes| {
            let from = bytes.len();
            let mut inner = Out::onto(std::mem::take(bytes));
            delta(&mut inner);
            *bytes = inner.into_bytes();
            on_one_line(bytes, from);
        });
    }

    /// The choice; its first event says who speaks.
    fn choice(&mut self, number: u32, content: &str, out: &mut Vec<u8>) -> usize {
        if let Some(known) = self.position(number) {
            return known;
        }
        self.event(number, out, |out| {
            out.extend_from_slice(b"\"role\":\"assistant\",\"content\":");
            out.extend_from_slice(content.as_bytes());
            out.extend_from_slice(b",\"refusal\":null");
        });
        self.choices.push(Choice {
            number,
            characters: 0,
            calls: 0,
            thoughts: 0,
            refused: false,
            open: Vec::new(),
        });
        self.choices.len() - 1
    }

    fn position(&self, number: u32) -> Option<usize> {
        self.choices
            .iter()
            .position(|choice| choice.number == number)
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        let content = if matches!(head, BlockHead::Text) {
            "\"\""
        } else {
            "null"
        };
        let choice = self.choice(at.choice, content, out);
        let Some(choice) = self.choices.get_mut(choice) else {
            return;
        };
        let opened = Opened {
            at,
            kind: choice.kind(head),
            start: choice.characters,
            cited: Vec::new(),
        };
        let call = match opened.kind {
            Kind::Call { index, .. } => Some(index),
            _ => None,
        };
        choice.open.push(opened);
        match (head, call) {
            (BlockHead::Call { id, name, custom }, Some(index)) => {
                self.event_of(at.choice, out, |out| {
                    call_head(out, index, id.as_ref(), name, *custom)
                });
            }
            (BlockHead::Audio { id: Some(id) }, _) => self.event_of(at.choice, out, |out| {
                out.key("audio").open().key("id").text(id).close();
            }),
            _ => {}
        }
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        let Some(choice) = self.position(at.choice) else {
            return;
        };
        let Some(opened) = self
            .choices
            .get_mut(choice)
            .and_then(|choice| choice.take(at))
        else {
            return;
        };
        let opened = self.piece(opened, text, out);
        if let Some(choice) = self.choices.get_mut(choice) {
            if matches!(opened.kind, Kind::Text) {
                choice.characters += characters(text);
            }
            choice.open.push(opened);
        }
    }

    fn piece(&self, mut opened: Opened, text: &Text<'_>, out: &mut Vec<u8>) -> Opened {
        let choice = opened.at.choice;
        match &mut opened.kind {
            Kind::Text => self.event(choice, out, |out| push_text(out, b"\"content\":", text)),
            Kind::Refusal => self.event(choice, out, |out| push_text(out, b"\"refusal\":", text)),
            Kind::Thinking { index, begun, .. } => {
                // Thoughts are parted by a blank line, where they are one string.
                let parted = *index > 0 && !std::mem::replace(begun, true);
                let index = *index;
                self.event(choice, out, |out| thought(out, index, parted, text));
            }
            Kind::Call {
                index,
                custom,
                begun,
            } => {
                *begun = true;
                let (index, custom) = (*index, *custom);
                self.event(choice, out, |out| call_piece(out, index, custom, text));
            }
            Kind::Audio => self.event(choice, out, |out| {
                push_text(out, b"\"audio\":{\"data\":", text);
                out.push(b'}');
            }),
            Kind::Image { mime } => {
                let sniffed = || Text::plain(media::sniffed(text).unwrap_or("image/png"));
                let mime = mime.as_ref().map_or_else(sniffed, Text::borrowed);
                let url = media::data_url(&mime, text);
                self.event_of(choice, out, |out| image(out, &url));
            }
            Kind::Other => {}
        }
        opened
    }

    fn seal(&self, at: Block, seal: &Seal<'_>, out: &mut Vec<u8>) {
        let Some(opened) = self.opened(at) else {
            return;
        };
        match &opened.kind {
            Kind::Call { index, .. } => self.event_of(at.choice, out, |out| {
                out.key("tool_calls").open_list().open();
                out.key("index").number(*index);
                // Clients with a schema of their own want a function in every part of a call.
                out.key("function").open();
                out.key("arguments").plain("").close();
                thinking::write_call_seal(out, seal);
                out.close().close_list();
            }),
            Kind::Thinking {
                index,
                redacted,
                id,
                ..
            } => {
                let detail = SealedDetail {
                    index: *index,
                    redacted: *redacted,
                    id: id.as_ref(),
                };
                self.thought_seal(at.choice, &detail, seal, out);
            }
            _ => {}
        }
    }

    fn thought_seal(
        &self,
        choice: u32,
        detail: &SealedDetail<'_>,
        seal: &Seal<'_>,
        out: &mut Vec<u8>,
    ) {
        if seal.format != OWN {
            return self.event_of(choice, out, |out| {
                out.key("reasoning_details").open_list();
                detail.write(out, &seal.for_client(OWN));
                out.close_list();
            });
        }
        // A dialect without a signature has nothing to say here.
        if let Some(Spelt::Detail(skeleton)) = Spelt::of(&seal.value) {
            self.event_of(choice, out, |out| {
                out.key("reasoning_details").open_list();
                thinking::write_own_detail(out, &skeleton, &Text::plain(""));
                out.close_list();
            });
        }
    }

    fn opened(&self, at: Block) -> Option<&Opened> {
        let choice = self.choices.get(self.position(at.choice)?)?;
        choice.open.iter().find(|opened| opened.at == at)
    }

    fn cite(&mut self, at: Block, citation: &Citation<'_>, out: &mut Vec<u8>) {
        let Some(start) = self.opened(at).map(|opened| opened.start) else {
            return;
        };
        if let Some(origin) = citation.origin.filter(|_| is_annotation(citation)) {
            return self.event_of(at.choice, out, |out| {
                out.key("annotations").open_list().raw(origin).close_list();
            });
        }
        // A source without an address cannot be named in this format.
        if citation.url.is_none() {
            return;
        }
        match citation.span {
            Some((from, to)) => {
                self.annotation(at.choice, citation, (start + from, start + to), out)
            }
            None => self.keep(at, citation),
        }
    }

    /// Keeps a citation of the whole block until its length is known.
    fn keep(&mut self, at: Block, citation: &Citation<'_>) {
        let owned = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
        let kept = Citation {
            url: owned(&citation.url),
            title: owned(&citation.title),
            ..Citation::default()
        };
        let choice = self
            .choices
            .iter_mut()
            .find(|choice| choice.number == at.choice);
        let opened = choice.and_then(|choice| choice.open.iter_mut().find(|open| open.at == at));
        if let Some(opened) = opened {
            opened.cited.push(kept);
        }
    }

    fn annotation(
        &self,
        choice: u32,
        citation: &Citation<'_>,
        span: (u64, u64),
        out: &mut Vec<u8>,
    ) {
        self.event_of(choice, out, |out| {
            out.key("annotations").open_list();
            url_citation(out, citation, span);
            out.close_list();
        });
    }

    fn close(&mut self, at: Block, out: &mut Vec<u8>) {
        let choice = self
            .choices
            .iter_mut()
            .find(|choice| choice.number == at.choice);
        let Some(choice) = choice else { return };
        let end = choice.characters;
        let Some(opened) = choice.take(at) else {
            return;
        };
        for citation in &opened.cited {
            self.annotation(at.choice, citation, (opened.start, end), out);
        }
        // Clients parse the arguments, and an empty string is no JSON.
        if let Kind::Call {
            index,
            custom: false,
            begun: false,
        } = opened.kind
        {
            let nothing = Text::plain("{}");
            self.event(at.choice, out, |out| {
                call_piece(out, index, false, &nothing)
            });
        }
    }

    fn stop(&mut self, number: u32, stop: &Stop<'_>, out: &mut Vec<u8>) {
        let Some(word) = stops::word(stop.reason) else {
            self.failed = true;
            return broken(out);
        };
        let choice = self.choice(number, "\"\"", out);
        let refused = self
            .choices
            .get(choice)
            .is_some_and(|choice| choice.refused);
        let details = stop
            .details
            .as_ref()
            .filter(|_| stop.reason == StopReason::Refusal);
        if let Some(details) = details.filter(|_| !refused) {
            self.event(number, out, |out| push_text(out, b"\"refusal\":", details));
        }
        let null = |out: &mut Vec<u8>| out.extend_from_slice(b"null");
        self.event_with(number, out, |_| {}, null, Some(word));
    }

    fn end(&self, out: &mut Vec<u8>) {
        if self.failed {
            return;
        }
        if let Some(counts) = self.usage.as_ref().filter(|_| self.asked.include_usage) {
            out.extend_from_slice(&self.head);
            out.push(b']');
            let mut event = Out::onto(std::mem::take(out));
            usage::write(event.key("usage"), counts);
            event.close().line(b"\n\n");
            *out = event.into_bytes();
        }
        out.extend_from_slice(DONE);
    }
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        match step {
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Start(start) => self.start(start),
            Step::Open { at, head } => self.open(*at, head, out),
            Step::Seal { at, seal } => self.seal(*at, seal, out),
            Step::Cite { at, citation } => self.cite(*at, citation, out),
            Step::Logprobs { at, tokens: all } => {
                let refusal =
                    matches!(self.opened(*at).map(|open| &open.kind), Some(Kind::Refusal));
                let list = |out: &mut Vec<u8>| {
                    let from = out.len();
                    let mut inner = Out::onto(std::mem::take(out));
                    let (list, other) = if refusal {
                        ("refusal", "content")
                    } else {
                        ("content", "refusal")
                    };
                    inner.open().key(list);
                    tokens(&mut inner, all);
                    inner.key(other).null().close();
                    *out = inner.into_bytes();
                    on_one_line(out, from);
                };
                self.event_with(at.choice, out, |_| {}, list, None);
            }
            Step::Close { at } => self.close(*at, out),
            Step::Usage(counts) => self.usage.get_or_insert_default().update(counts),
            Step::Stop { choice, stop } => self.stop(*choice, stop, out),
            Step::End => self.end(out),
            Step::Fail(failure) => error_event(failure, out),
            Step::Alive => out.extend_from_slice(KEEP_ALIVE),
            Step::Unknown { .. } => {}
        }
        Ok(())
    }

    /// The stream helper of OpenAI's SDK for Python takes a call for ended when another begins, and
    /// fails at the next piece of the first one (`openai` 3.54.0,
    /// `lib/streaming/chat/_completions.py`, 17 November 2026).
    fn one_call_at_a_time(&self) -> bool {
        true
    }
}

impl Choice {
    fn kind(&mut self, head: &BlockHead<'_>) -> Kind {
        let owned = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
        match head {
            BlockHead::Text => Kind::Text,
            BlockHead::Refusal => {
                self.refused = true;
                Kind::Refusal
            }
            BlockHead::Thinking { id, redacted } => {
                let index = self.thoughts;
                self.thoughts += 1;
                Kind::Thinking {
                    index,
                    redacted: *redacted,
                    id: owned(id),
                    begun: false,
                }
            }
            BlockHead::Call { custom, .. } => {
                let index = self.calls;
                self.calls += 1;
                Kind::Call {
                    index,
                    custom: *custom,
                    begun: false,
                }
            }
            BlockHead::Audio { .. } => Kind::Audio,
            BlockHead::Image { mime } => Kind::Image { mime: owned(mime) },
            BlockHead::Other(_) => Kind::Other,
        }
    }

    fn take(&mut self, at: Block) -> Option<Opened> {
        let position = self.open.iter().position(|opened| opened.at == at)?;
        Some(self.open.swap_remove(position))
    }
}

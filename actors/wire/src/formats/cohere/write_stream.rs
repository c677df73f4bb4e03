//! Steps as events of a streamed chat.
//!
//! A text that comes before calls is content and no plan: when it begins nobody knows what follows.
//! Citations come after the end of their text, as Cohere sends them.

use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::reply::{Counts, StopReason, TokenLogprob};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Asked, StreamWriter};
use crate::sse;

use super::write_reply::{word, write_logprob, write_source, write_usage};

type Result<T> = std::result::Result<T, FormatError>;

/// Most citations of one block.
const MOST_CITATIONS: usize = 4096;

/// See the module's text.
pub(super) struct Writer {
    id: String,
    started: bool,
    usage: Option<Counts>,
    stop: StopReason,
    contents: u64,
    calls: u64,
    citations: u64,
    open: Vec<Opened>,
}

struct Opened {
    at: Block,
    kind: Kind,
    /// Its number among the contents or the calls; none until it is shown.
    index: Option<u64>,
    characters: u64,
    citations: Vec<Citation<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    Call,
    /// Nothing of it is shown.
    Hidden,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Thinking => "thinking",
            _ => "text",
        }
    }
}

/// Begins an event: its name, and `{"type": ..`.
fn begin(out: &mut Vec<u8>, name: &str) -> Out {
    let mut event = Out::onto(std::mem::take(out));
    event.line(b"event: ").line(name.as_bytes());
    event.line(b"\ndata: ").open();
    event.key("type").plain(name);
    event
}

fn end(mut event: Out, out: &mut Vec<u8>) {
    event.close().line(b"\n\n");
    *out = event.into_bytes();
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        Self {
            id: asked.request_id.clone(),
            started: false,
            usage: None,
            stop: StopReason::End,
            contents: 0,
            calls: 0,
            citations: 0,
            open: Vec::new(),
        }
    }

    fn start(&mut self, start: &Start<'_>, out: &mut Vec<u8>) {
        if std::mem::replace(&mut self.started, true) {
            return;
        }
        if let Some(id) = &start.id {
            self.id = id.decoded().into_owned();
        }
        if start.usage.is_some() {
            self.usage = start.usage;
        }
        let mut event = begin(out, "message-start");
        event.key("id").plain(&self.id);
        event.key("delta").open().key("message").open();
        event.key("role").plain("assistant");
        event.key("content").open_list().close_list();
        event.key("tool_plan").plain("");
        event.key("tool_calls").open_list().close_list();
        event.key("citations").open_list().close_list();
        event.close().close();
        end(event, out);
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        let kind = match head {
            BlockHead::Text | BlockHead::Refusal => Kind::Text,
            BlockHead::Thinking {
                redacted: false, ..
            } => Kind::Thinking,
            BlockHead::Call { .. } => Kind::Call,
            _ => Kind::Hidden,
        };
        let mut opened = Opened {
            at,
            kind,
            index: None,
            characters: 0,
            citations: Vec::new(),
        };
        if let BlockHead::Call { id, name, .. } = head {
            opened.index = Some(self.calls);
            self.calls += 1;
            write_call_start(out, opened.index, id.as_ref(), name);
        }
        self.open.push(opened);
    }

    /// The number of a content; it is told to the client when its first text comes.
    fn shown(&mut self, at: Block, out: &mut Vec<u8>) -> Option<(Kind, u64)> {
        let opened = self.open.iter_mut().find(|opened| opened.at == at)?;
        if let Some(index) = opened.index {
            return Some((opened.kind, index));
        }
        if opened.kind == Kind::Hidden {
            return None;
        }
        let index = self.contents;
        self.contents += 1;
        opened.index = Some(index);
        let word = opened.kind.word();
        let mut event = begin(out, "content-start");
        event.key("index").number(index);
        open_content(&mut event);
        event.key("type").plain(word).key(word).plain("");
        event.close().close().close();
        end(event, out);
        Some((opened.kind, index))
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        let Some((kind, index)) = self.shown(at, out) else {
            return;
        };
        if kind == Kind::Call {
            return write_call_delta(out, index, text);
        }
        self.count(at, text);
        let mut event = begin(out, "content-delta");
        event.key("index").number(index);
        open_content(&mut event);
        event.key(kind.word()).text(text);
        event.close().close().close();
        end(event, out);
    }

    fn count(&mut self, at: Block, text: &Text<'_>) {
        let opened = self.open.iter_mut().find(|opened| opened.at == at);
        if let Some(opened) = opened {
            let text = text.decoded();
            let more = if text.is_ascii() {
                text.len()
            } else {
                text.chars().count()
            };
            opened.characters += more as u64;
        }
    }

    fn logprobs(&mut self, at: Block, tokens: &[TokenLogprob<'_>], out: &mut Vec<u8>) {
        for token in tokens {
            let Some((Kind::Text, index)) = self.shown(at, out) else {
                return;
            };
            let mut event = begin(out, "content-delta");
            event.key("index").number(index);
            open_content(&mut event);
            event.key("text").plain("");
            event.close().close().close();
            event.key("logprobs");
            write_logprob(&mut event, &token.token, token.logprob);
            end(event, out);
        }
    }

    fn cite(&mut self, at: Block, citation: &Citation<'_>) -> Result<()> {
        let opened = self.open.iter_mut().find(|opened| opened.at == at);
        let Some(opened) = opened else {
            return Ok(());
        };
        if opened.citations.len() == MOST_CITATIONS {
            return Err(FormatError::too_much_held());
        }
        let own = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
        opened.citations.push(Citation {
            url: own(&citation.url),
            title: own(&citation.title),
            quoted: own(&citation.quoted),
            id: own(&citation.id),
            document: citation.document,
            span: citation.span,
            ..Citation::default()
        });
        Ok(())
    }

    fn close(&mut self, at: Block, out: &mut Vec<u8>) {
        let found = self.open.iter().position(|opened| opened.at == at);
        let Some(opened) = found.map(|found| self.open.remove(found)) else {
            return;
        };
        let Some(index) = opened.index else {
            return;
        };
        let name = match opened.kind {
            Kind::Call => "tool-call-end",
            _ => "content-end",
        };
        write_index(out, name, index);
        for citation in &opened.citations {
            self.write_citation(out, citation, &opened);
        }
    }

    fn write_citation(&mut self, out: &mut Vec<u8>, citation: &Citation<'_>, of: &Opened) {
        let (start, finish) = citation.span.unwrap_or((0, of.characters));
        let number = self.citations;
        self.citations += 1;
        let mut event = begin(out, "citation-start");
        event.key("index").number(number);
        event.key("delta").open().key("message").open();
        event.key("citations").open();
        event.key("start").number(start).key("end").number(finish);
        write_source(&mut event, citation);
        event.maybe_number("content_index", of.index);
        event.key("type").plain("TEXT_CONTENT");
        event.close().close().close();
        end(event, out);
        write_index(out, "citation-end", number);
    }

    fn finish(&mut self, failure: Option<&Failure<'_>>, out: &mut Vec<u8>) {
        let mut event = begin(out, "message-end");
        event.key("id").plain(&self.id).key("delta").open();
        match failure {
            Some(failure) => {
                event.key("error").plain(&failure.message);
                event.key("finish_reason").plain("ERROR");
            }
            None => _ = event.key("finish_reason").plain(word(self.stop)),
        }
        if let Some(counts) = &self.usage {
            event.key("usage");
            write_usage(&mut event, counts);
        }
        event.close();
        end(event, out);
        out.extend_from_slice(sse::DONE);
    }
}

fn open_content(event: &mut Out) {
    event.key("delta").open().key("message").open();
    event.key("content").open();
}

fn write_index(out: &mut Vec<u8>, name: &str, index: u64) {
    let mut event = begin(out, name);
    event.key("index").number(index);
    end(event, out);
}

fn write_call_start(out: &mut Vec<u8>, index: Option<u64>, id: Option<&Text<'_>>, name: &Text<'_>) {
    let mut event = begin(out, "tool-call-start");
    event.maybe_number("index", index);
    event.key("delta").open().key("message").open();
    event.key("tool_calls").open();
    event.maybe_text("id", id);
    event.key("type").plain("function").key("function").open();
    event.key("name").text(name).key("arguments").plain("");
    event.close().close().close().close();
    end(event, out);
}

fn write_call_delta(out: &mut Vec<u8>, index: u64, text: &Text<'_>) {
    let mut event = begin(out, "tool-call-delta");
    event.key("index").number(index);
    event.key("delta").open().key("message").open();
    event.key("tool_calls").open().key("function").open();
    event.key("arguments").text(text);
    event.close().close().close().close();
    end(event, out);
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<()> {
        // A message has one choice: what others say is not shown.
        let shown = |at: &Block| at.choice == 0;
        match step {
            Step::Start(start) => self.start(start, out),
            Step::Open { at, head } if shown(at) => self.open(*at, head, out),
            Step::Delta { at, text } if shown(at) => self.delta(*at, text, out),
            Step::Cite { at, citation } if shown(at) => self.cite(*at, citation)?,
            Step::Logprobs { at, tokens } if shown(at) => self.logprobs(*at, tokens, out),
            Step::Close { at } if shown(at) => self.close(*at, out),
            Step::Usage(counts) => self.usage = Some(*counts),
            Step::Stop { choice: 0, stop } => self.stop = stop.reason,
            Step::End => self.finish(None, out),
            Step::Fail(failure) => self.finish(Some(failure), out),
            Step::Alive => out.extend_from_slice(sse::KEEP_ALIVE),
            _ => {}
        }
        Ok(())
    }

    fn one_block_at_a_time(&self) -> bool {
        true
    }
}

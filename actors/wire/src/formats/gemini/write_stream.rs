//! Steps as chunks of `streamGenerateContent`.
//!
//! Each chunk is a reply of its own. Calls go out whole; the reasons to stop go out with the usage
//! in the last chunk, since Google's SDKs look for both there.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::Citation;
use crate::canonical::reply::{Counts, Stop, TokenLogprob};
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Asked, StreamWriter};

use super::citations::Grounding;
use super::widths::Widths;
use super::words::OWN;
use super::write_reply::word;
use super::{base64, failure, logprobs, usage};

type Result<T> = std::result::Result<T, FormatError>;

/// Most citations of one block.
const MOST_CITATIONS: u64 = 4096;

/// See the module's text.
pub(super) struct Writer {
    model: String,
    id: String,
    /// Whether the steps come from this format: then its own parts are written as they are.
    own: bool,
    tier: Option<Text<'static>>,
    usage: Option<Counts>,
    /// Whether the counts changed since they were written.
    counted: bool,
    open: Vec<Opened>,
    stops: Vec<(u32, Stop<'static>)>,
    /// What every chunk ends with.
    tail: Vec<u8>,
}

struct Opened {
    at: Block,
    kind: Kind,
    widths: Widths,
    citations: Vec<Citation<'static>>,
}

enum Kind {
    Text,
    Thinking,
    Redacted,
    Call(Call),
    Media(String),
    /// Nothing of it is shown.
    Hidden,
}

struct Call {
    id: Option<Text<'static>>,
    name: Text<'static>,
    /// Spelt as the inside of a JSON string.
    input: Vec<u8>,
    seal: Option<Seal<'static>>,
    custom: bool,
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        let mut writer = Self {
            model: asked.model.clone(),
            id: asked.request_id.clone(),
            own: false,
            tier: None,
            usage: None,
            counted: false,
            open: Vec::new(),
            stops: Vec::new(),
            tail: Vec::new(),
        };
        writer.make_tail();
        writer
    }

    fn make_tail(&mut self) {
        let mut out = Out::default();
        out.open();
        out.key("modelVersion").plain(&self.model);
        out.key("responseId").plain(&self.id).close();
        let whole = out.into_bytes();
        self.tail.clear();
        self.tail.push(b',');
        self.tail
            .extend_from_slice(whole.get(1..).unwrap_or_default());
        self.tail.extend_from_slice(b"\n\n");
    }

    fn start(&mut self, start: &Start<'_>) {
        self.own = start.from == Some(OWN);
        if let Some(id) = &start.id {
            self.id = id.decoded().into_owned();
        }
        if let Some(model) = &start.model {
            self.model = model.decoded().into_owned();
        }
        self.tier = start
            .tier
            .clone()
            .filter(|_| self.own)
            .map(Text::into_owned);
        if let Some(counts) = start.usage {
            (self.usage, self.counted) = (Some(counts), true);
        }
        self.make_tail();
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) {
        let kind = match head {
            BlockHead::Text | BlockHead::Refusal => Kind::Text,
            BlockHead::Thinking { redacted: true, .. } => Kind::Redacted,
            BlockHead::Thinking { .. } => Kind::Thinking,
            BlockHead::Call { id, name, custom } => Kind::Call(Call {
                id: id.clone().map(Text::into_owned),
                name: name.clone().into_owned(),
                input: Vec::new(),
                seal: None,
                custom: *custom,
            }),
            BlockHead::Audio { .. } => Kind::Media("audio/L16;codec=pcm;rate=24000".to_owned()),
            BlockHead::Image { mime } => Kind::Media(match mime {
                Some(mime) => mime.decoded().into_owned(),
                None => "image/png".to_owned(),
            }),
            BlockHead::Other(raw) => {
                if self.own {
                    self.part(at.choice, out, |out| {
                        out.extend_from_slice(raw.get().as_bytes())
                    });
                }
                Kind::Hidden
            }
        };
        self.open.push(Opened {
            at,
            kind,
            widths: Widths::default(),
            citations: Vec::new(),
        });
    }

    fn opened(&mut self, at: Block) -> Option<&mut Opened> {
        self.open.iter_mut().find(|opened| opened.at == at)
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) {
        let Some(opened) = self.open.iter_mut().find(|opened| opened.at == at) else {
            return;
        };
        let (head, end): (&[u8], &[u8]) = match &mut opened.kind {
            Kind::Text => {
                opened.widths.add(text);
                (b"{\"text\":\"", b"\"}")
            }
            Kind::Thinking | Kind::Redacted => (b"{\"text\":\"", b"\",\"thought\":true}"),
            Kind::Call(call) => return text.write_inside(&mut call.input),
            Kind::Media(mime) => {
                let mut head = Out::onto(b"{\"inlineData\":{".to_vec());
                head.key("mimeType").plain(mime);
                let mut head = head.into_bytes();
                head.extend_from_slice(b",\"data\":\"");
                return self.part(at.choice, out, |out| {
                    out.extend_from_slice(&head);
                    text.write_inside(out);
                    out.extend_from_slice(b"\"}}");
                });
            }
            Kind::Hidden => return,
        };
        self.part(at.choice, out, |out| {
            out.extend_from_slice(head);
            text.write_inside(out);
            out.extend_from_slice(end);
        });
    }

    /// A chunk with one part.
    fn part(&mut self, choice: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
        out.extend_from_slice(b"data: {\"candidates\":[{\"content\":{\"parts\":[");
        write(out);
        out.extend_from_slice(b"],\"role\":\"model\"},\"index\":");
        out.extend_from_slice(choice.to_string().as_bytes());
        out.extend_from_slice(b"}]");
        self.end_chunk(out);
    }

    /// A chunk with an empty text and something that is said of the text.
    fn beside(&mut self, choice: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Out)) {
        let mut chunk = Out::onto(std::mem::take(out));
        chunk.line(b"data: ").open().key("candidates").open_list();
        open_candidate(&mut chunk, choice);
        write(&mut chunk);
        chunk.close().close_list();
        *out = chunk.into_bytes();
        self.end_chunk(out);
    }

    fn end_chunk(&mut self, out: &mut Vec<u8>) {
        if let (true, Some(counts)) = (self.counted, &self.usage) {
            let mut chunk = Out::onto(std::mem::take(out));
            chunk.key("usageMetadata");
            usage::write(&mut chunk, counts, self.tier.as_ref());
            *out = chunk.into_bytes();
            self.counted = false;
        }
        out.extend_from_slice(&self.tail);
    }

    fn seal(&mut self, at: Block, seal: &Seal<'_>, out: &mut Vec<u8>) {
        let Some(opened) = self.opened(at) else {
            return;
        };
        let thought = match &mut opened.kind {
            Kind::Call(call) => {
                call.seal = Some(seal.clone().into_owned());
                return;
            }
            Kind::Thinking => true,
            _ => false,
        };
        let value = base64::for_client(seal);
        self.part(at.choice, out, |out| {
            let mut part = Out::onto(std::mem::take(out));
            part.line(b"{").key("text").plain("");
            if thought {
                part.key("thought").boolean(true);
            }
            part.key("thoughtSignature").text(&value).close();
            *out = part.into_bytes();
        });
    }

    fn logprobs(&mut self, at: Block, tokens: &[TokenLogprob<'_>], out: &mut Vec<u8>) {
        self.beside(at.choice, out, |out| {
            out.key("logprobsResult");
            logprobs::write(out, tokens);
        });
    }

    fn cite(&mut self, at: Block, citation: &Citation<'_>) -> Result<()> {
        let Some(opened) = self.opened(at) else {
            return Ok(());
        };
        if opened.citations.len() as u64 == MOST_CITATIONS {
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
        match opened.kind {
            Kind::Call(call) => self.part(at.choice, out, |out| write_call(&call, out)),
            _ if opened.citations.is_empty() => {}
            _ => {
                let mut grounding = Grounding::default();
                for citation in &opened.citations {
                    grounding.add(citation, 0, &opened.widths);
                }
                self.beside(at.choice, out, |out| grounding.write(out));
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.counted |= self.usage.is_some();
        let mut chunk = Out::onto(std::mem::take(out));
        chunk.line(b"data: ").open().key("candidates").open_list();
        for (choice, stop) in std::mem::take(&mut self.stops) {
            open_candidate(&mut chunk, choice);
            chunk.key("finishReason").plain(word(stop.reason));
            chunk.maybe_text("finishMessage", stop.details.as_ref());
            chunk.close();
        }
        chunk.close_list();
        *out = chunk.into_bytes();
        self.end_chunk(out);
    }
}

/// SDKs drop a message from their history if it has no part.
fn open_candidate(out: &mut Out, choice: u32) {
    out.open().key("content").open().key("parts").open_list();
    out.open().key("text").plain("").close().close_list();
    out.key("role").plain("model").close();
    out.key("index").number(u64::from(choice));
}

/// Arguments that are no object are shown as what they are: the client can still see them.
fn write_call(call: &Call, out: &mut Vec<u8>) {
    let spelt = std::str::from_utf8(&call.input).unwrap_or_default();
    let input = Text::Spelt(spelt.into());
    let json = crate::canonical::parts::CallInput::Spelt(input.borrowed());
    let json = json.object_json().filter(|_| !call.custom);
    let mut part = Out::onto(std::mem::take(out));
    part.line(b"{").key("functionCall").open();
    part.maybe_text("id", call.id.as_ref());
    part.key("name").text(&call.name).key("args");
    match json {
        Some(json) => part.json(&json),
        None => part.open().key("input").text(&input).close(),
    };
    part.close();
    let seal = call.seal.as_ref().map(base64::for_client);
    part.maybe_text("thoughtSignature", seal.as_ref()).close();
    *out = part.into_bytes();
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<()> {
        match step {
            Step::Start(start) => self.start(start),
            Step::Open { at, head } => self.open(*at, head, out),
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Seal { at, seal } => self.seal(*at, seal, out),
            Step::Cite { at, citation } => self.cite(*at, citation)?,
            Step::Logprobs { at, tokens } => self.logprobs(*at, tokens, out),
            Step::Close { at } => self.close(*at, out),
            Step::Usage(counts) => (self.usage, self.counted) = (Some(*counts), true),
            Step::Stop { choice, stop } => self.stops.push((
                *choice,
                Stop {
                    reason: stop.reason,
                    sequence: None,
                    details: stop.details.clone().map(Text::into_owned),
                },
            )),
            Step::End => self.end(out),
            Step::Fail(failure) => {
                let mut event = Out::onto(std::mem::take(out));
                event.line(b"data: ");
                failure::write_object(&mut event, failure);
                event.line(b"\n\n");
                *out = event.into_bytes();
            }
            // Google's SDK reads a comment as data.
            Step::Alive => {}
            Step::Unknown { .. } => {}
        }
        Ok(())
    }

    fn whole_inputs(&self) -> bool {
        true
    }
}

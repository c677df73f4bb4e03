//! Writes a stream: one document for each step that says something, and a last one.

use super::write_reply::{counts, created, tokens, word};
use super::{Outcome, failure};
use crate::canonical::error::FormatError;
use crate::canonical::out::{Out, on_one_line};
use crate::canonical::parts::CallInput;
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::{Asked, StreamWriter};

/// What clients get instead of an answer that nobody can read.
const BROKEN: &str = "the model gave an answer that cannot be read";

/// One stream to one client.
pub(super) struct Writer {
    asked: Asked,
    /// `data: {` and the members that all lines share.
    head: Vec<u8>,
    usage: Option<Counts>,
    stop: StopReason,
    said: bool,
    failed: bool,
    calls: u64,
    thoughts: u64,
    open: Vec<Opened>,
}

struct Opened {
    at: Block,
    kind: Kind,
}

enum Kind {
    Text,
    Thinking {
        /// Whether a blank line is due, since another thought came before.
        parted: bool,
    },
    Call {
        id: Option<Text<'static>>,
        name: Text<'static>,
        written: bool,
    },
    Image,
    Other,
}

impl Writer {
    pub(super) fn new(asked: &Asked) -> Self {
        let mut writer = Self {
            asked: asked.clone(),
            head: Vec::new(),
            usage: None,
            stop: StopReason::End,
            said: false,
            failed: false,
            calls: 0,
            thoughts: 0,
            open: Vec::new(),
        };
        writer.start(&Start::default());
        writer
    }

    fn start(&mut self, start: &Start<'_>) {
        let mut head = Out::onto(b"data: ".to_vec());
        let asked = Text::plain(self.asked.model.as_str());
        head.open().key("model");
        head.text(start.model.as_ref().unwrap_or(&asked));
        created(&mut head, start.created.unwrap_or(self.asked.now));
        self.head = head.into_bytes();
    }

    /// A line with what `more` writes into its message, after the content.
    fn line(&self, out: &mut Vec<u8>, content: &Text<'_>, more: impl FnOnce(&mut Vec<u8>)) {
        self.message(out, content, more);
        out.extend_from_slice(b",\"done\":false}\n\n");
    }

    fn message(&self, out: &mut Vec<u8>, content: &Text<'_>, more: impl FnOnce(&mut Vec<u8>)) {
        out.extend_from_slice(&self.head);
        out.extend_from_slice(b",\"message\":{\"role\":\"assistant\",\"content\":\"");
        content.write_inside(out);
        out.push(b'"');
        more(out);
        out.push(b'}');
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>) {
        let kind = match head {
            BlockHead::Text | BlockHead::Refusal => Kind::Text,
            BlockHead::Thinking { .. } => {
                self.thoughts += 1;
                let parted = self.thoughts > 1;
                Kind::Thinking { parted }
            }
            BlockHead::Call { id, name, .. } => Kind::Call {
                id: id.clone().map(Text::into_owned),
                name: name.clone().into_owned(),
                written: false,
            },
            BlockHead::Image { .. } => Kind::Image,
            BlockHead::Audio { .. } | BlockHead::Other(_) => Kind::Other,
        };
        // There is but one choice.
        if at.choice == 0 {
            self.open.push(Opened { at, kind });
        }
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some(mut opened) = self.take(at) else {
            return Ok(());
        };
        self.said = true;
        let nothing = Text::plain("");
        match &mut opened.kind {
            Kind::Text => self.line(out, text, |_| {}),
            Kind::Thinking { parted } => {
                let parted = std::mem::take(parted);
                self.line(out, &nothing, |out| thought(out, parted, text));
            }
            Kind::Call { id, name, written } => {
                *written = true;
                let input = CallInput::Spelt(text.borrowed());
                let Some(input) = input.object_json() else {
                    return self.broken(out);
                };
                let index = self.calls;
                self.calls += 1;
                self.line(out, &nothing, |out| {
                    call(out, index, id.as_ref(), name, &input);
                });
            }
            Kind::Image => self.line(out, &nothing, |out| {
                out.extend_from_slice(b",\"images\":[\"");
                text.write_inside(out);
                out.extend_from_slice(b"\"]");
            }),
            Kind::Other => {}
        }
        self.open.push(opened);
        Ok(())
    }

    fn take(&mut self, at: Block) -> Option<Opened> {
        let position = self.open.iter().position(|opened| opened.at == at)?;
        Some(self.open.swap_remove(position))
    }

    fn close(&mut self, at: Block, out: &mut Vec<u8>) -> Outcome {
        let unwritten = self.open.iter().any(|opened| {
            opened.at == at && matches!(opened.kind, Kind::Call { written: false, .. })
        });
        if unwritten {
            self.delta(at, &Text::plain("{}"), out)?;
        }
        self.take(at);
        Ok(())
    }

    fn stop(&mut self, stop: &Stop<'_>, out: &mut Vec<u8>) -> Outcome {
        if word(stop.reason).is_none() {
            return self.broken(out);
        }
        self.stop = stop.reason;
        // A refusal that is only a reason to stop has its explanation in the details.
        if let Some(details) = stop.details.as_ref().filter(|_| !self.said) {
            self.line(out, details, |_| {});
        }
        Ok(())
    }

    fn broken(&mut self, out: &mut Vec<u8>) -> Outcome {
        if !std::mem::replace(&mut self.failed, true) {
            error_line(BROKEN, out);
        }
        Ok(())
    }

    fn end(&self, out: &mut Vec<u8>) -> Outcome {
        let reason = word(self.stop).ok_or_else(|| FormatError::missing("a whole answer"))?;
        self.message(out, &Text::plain(""), |_| {});
        let mut last = Out::onto(std::mem::take(out));
        last.key("done").boolean(true);
        last.key("done_reason").plain(reason);
        counts(&mut last, self.usage.as_ref());
        last.close().line(b"\n\n");
        *out = last.into_bytes();
        Ok(())
    }
}

impl StreamWriter for Writer {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        if self.failed {
            return Ok(());
        }
        match step {
            Step::Delta { at, text } => self.delta(*at, text, out)?,
            Step::Start(start) => self.start(start),
            Step::Open { at, head } => self.open(*at, head),
            Step::Close { at } => self.close(*at, out)?,
            Step::Logprobs { at, tokens: all } if at.choice == 0 => {
                let from = out.len();
                self.message(out, &Text::plain(""), |_| {});
                let mut line = Out::onto(std::mem::take(out));
                line.key("done").boolean(false).key("logprobs");
                tokens(&mut line, all);
                line.close();
                *out = line.into_bytes();
                on_one_line(out, from);
                out.extend_from_slice(b"\n\n");
            }
            Step::Usage(counts) => self.usage.get_or_insert_default().update(counts),
            Step::Stop { choice: 0, stop } => self.stop(stop, out)?,
            Step::End => self.end(out)?,
            Step::Fail(failure) => error_line(&failure.message, out),
            _ => {}
        }
        Ok(())
    }

    fn whole_inputs(&self) -> bool {
        true
    }
}

fn thought(out: &mut Vec<u8>, parted: bool, text: &Text<'_>) {
    out.extend_from_slice(b",\"thinking\":\"");
    if parted {
        out.extend_from_slice(b"\\n\\n");
    }
    text.write_inside(out);
    out.push(b'"');
}

fn call(out: &mut Vec<u8>, index: u64, id: Option<&Text<'_>>, name: &Text<'_>, input: &str) {
    let mut line = Out::onto(std::mem::take(out));
    line.key("tool_calls").open_list().open();
    line.maybe_text("id", id);
    line.key("function").open();
    line.key("index").number(index);
    line.key("name").text(name);
    // Models break their arguments over several lines, and a line is a document here.
    line.key("arguments")
        .json(&input.replace(['\n', '\r'], " "));
    line.close().close().close_list();
    *out = line.into_bytes();
}

fn error_line(message: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    let mut line = Out::onto(std::mem::take(out));
    failure::body(&mut line, message);
    line.line(b"\n\n");
    *out = line.into_bytes();
}

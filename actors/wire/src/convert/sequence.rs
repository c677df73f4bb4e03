//! Brings the steps of any upstream into the order that every writer relies on.
//!
//! Owns, per stream: which blocks are open, what waits for its turn, and that start, stops and end
//! come once. Keeps no text but that of blocks which must wait, within `MOST_HELD`.

use std::collections::VecDeque;

use super::calls::derived_id;
use super::held::Held;
use crate::canonical::error::FormatError;
use crate::canonical::reply::Counts;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::StreamWriter;

/// Most bytes that wait for an earlier block to close, or for the end of a call's input.
pub(super) const MOST_HELD: usize = 1 << 20;

/// Most candidates, and most blocks of one candidate that are open or wait at a time. More is no
/// reply but an attack on our memory.
const MOST_OPEN: usize = 1024;

/// See the module's text.
pub(super) struct Sequence {
    to: ApiFormat,
    writer: Box<dyn StreamWriter>,
    /// What ids that we make follow from.
    seed: String,
    started: bool,
    ended: bool,
    usage: Option<Counts>,
    choices: Vec<Choice>,
    held: usize,
}

#[derive(Debug, Default)]
struct Choice {
    number: u32,
    stopped: bool,
    open: Vec<Opened>,
    waiting: VecDeque<Held>,
}

#[derive(Debug)]
struct Opened {
    at: Block,
    call: bool,
    /// The input of a call that must go out in one piece.
    collected: Option<Vec<u8>>,
}

type Outcome = Result<(), FormatError>;

impl Sequence {
    pub(super) fn new(to: ApiFormat, writer: Box<dyn StreamWriter>, seed: String) -> Self {
        Self {
            to,
            writer,
            seed,
            started: false,
            ended: false,
            usage: None,
            choices: Vec::new(),
            held: 0,
        }
    }

    /// The counts seen so far.
    pub(super) fn usage(&self) -> Option<&Counts> {
        self.usage.as_ref()
    }

    /// Whether the end was written, good or bad.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Takes a step of the upstream and writes what may go out.
    ///
    /// # Errors
    /// A step of a block that was never opened; too much that must wait; what the writer returns.
    pub(super) fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        if self.ended {
            return Ok(());
        }
        match step {
            Step::Alive | Step::Unknown { .. } => self.writer.step(step, out),
            Step::Start(start) => self.start(start, out),
            Step::Usage(counts) => self.count(counts, out),
            Step::Fail(_) => {
                self.ended = true;
                self.writer.step(step, out)
            }
            Step::End => self.end(out),
            other => {
                self.start(&Start::default(), out)?;
                self.inside(other, out)
            }
        }
    }

    fn start(&mut self, start: &Start<'_>, out: &mut Vec<u8>) -> Outcome {
        if let Some(counts) = &start.usage {
            self.usage.get_or_insert_default().update(counts);
        }
        if std::mem::replace(&mut self.started, true) {
            return Ok(());
        }
        self.writer.step(&Step::Start(start.clone()), out)
    }

    fn count(&mut self, counts: &Counts, out: &mut Vec<u8>) -> Outcome {
        let all = self.usage.get_or_insert_default();
        all.update(counts);
        let all = *all;
        self.start(&Start::default(), out)?;
        self.writer.step(&Step::Usage(all), out)
    }

    fn inside(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        match step {
            Step::Open { at, head } => self.open(*at, head, out),
            Step::Delta { at, text } => self.delta(*at, text, out),
            Step::Seal { at, .. } | Step::Cite { at, .. } | Step::Logprobs { at, .. } => {
                self.pass_or_hold(*at, step, out)
            }
            Step::Close { at } => self.close(*at, out),
            Step::Stop { choice, .. } => {
                self.check_room(*choice)?;
                self.stop(*choice, step, out)
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>, out: &mut Vec<u8>) -> Outcome {
        super::unheld::refuse_block(head, self.to)?;
        let head = self.with_id(at, head);
        self.check_room(at.choice)?;
        if self.is_busy(at.choice, &head) {
            let held = Held::new(at, &head)?;
            self.choice(at.choice).waiting.push_back(held);
            return Ok(());
        }
        self.note_open(at, &head);
        self.writer.step(&Step::Open { at, head }, out)
    }

    /// Whether a block like this must wait for another one to close.
    fn is_busy(&mut self, choice: u32, head: &BlockHead<'_>) -> bool {
        let (blocks, calls) = (
            self.writer.one_block_at_a_time(),
            self.writer.one_call_at_a_time(),
        );
        let open = &self.choice(choice).open;
        let call = matches!(head, BlockHead::Call { .. });
        blocks && !open.is_empty() || calls && call && open.iter().any(|opened| opened.call)
    }

    fn check_room(&mut self, choice: u32) -> Outcome {
        let own = self.choice(choice);
        let blocks = own.open.len() + own.waiting.len();
        if blocks >= MOST_OPEN || self.choices.len() > MOST_OPEN {
            return Err(FormatError::too_much_held());
        }
        Ok(())
    }

    fn note_open(&mut self, at: Block, head: &BlockHead<'_>) {
        let call = matches!(head, BlockHead::Call { .. });
        let whole = self.writer.whole_inputs() && call;
        let collected = whole.then(Vec::new);
        let opened = Opened {
            at,
            call,
            collected,
        };
        self.choice(at.choice).open.push(opened);
    }

    fn with_id<'a>(&self, at: Block, head: &BlockHead<'a>) -> BlockHead<'a> {
        match head {
            BlockHead::Call {
                id: None,
                name,
                custom,
            } => BlockHead::Call {
                id: Some(Text::plain(derived_id((
                    &self.seed,
                    u64::from(at.choice),
                    u64::from(at.number),
                )))),
                name: name.clone(),
                custom: *custom,
            },
            other => other.clone(),
        }
    }

    fn delta(&mut self, at: Block, text: &Text<'_>, out: &mut Vec<u8>) -> Outcome {
        let collecting = self.opened(at).and_then(|opened| opened.collected.as_mut());
        let Some(collected) = collecting else {
            let text = text.borrowed();
            return self.pass_or_hold(at, &Step::Delta { at, text }, out);
        };
        let before = collected.len();
        text.write_inside(collected);
        let more = collected.len() - before;
        self.hold(more)
    }

    fn pass_or_hold(&mut self, at: Block, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        if self.opened(at).is_some() {
            return self.writer.step(step, out);
        }
        let more = match self.waiting(at) {
            Some(held) => held.take(step)?,
            None => return Err(FormatError::missing("start of the block")),
        };
        self.hold(more)
    }

    fn hold(&mut self, more: usize) -> Outcome {
        self.held += more;
        if self.held > MOST_HELD {
            Err(FormatError::too_much_held())
        } else {
            Ok(())
        }
    }

    fn close(&mut self, at: Block, out: &mut Vec<u8>) -> Outcome {
        if let Some(held) = self.waiting(at) {
            return held.take(&Step::Close { at }).map(|_| ());
        }
        self.close_opened(at, out)?;
        self.release(at.choice, out)
    }

    fn close_opened(&mut self, at: Block, out: &mut Vec<u8>) -> Outcome {
        let open = &mut self.choice(at.choice).open;
        let Some(number) = open.iter().position(|opened| opened.at == at) else {
            return Ok(());
        };
        let collected = open
            .remove(number)
            .collected
            .filter(|input| !input.is_empty());
        if let Some(input) = collected {
            self.held = self.held.saturating_sub(input.len());
            let text = Text::Spelt(String::from_utf8(input).unwrap_or_default().into());
            self.writer.step(&Step::Delta { at, text }, out)?;
        }
        self.writer.step(&Step::Close { at }, out)
    }

    /// Lets the next waiting blocks out, up to and including the first that is not closed yet.
    fn release(&mut self, choice: u32, out: &mut Vec<u8>) -> Outcome {
        while let Some(held) = self.choice(choice).waiting.pop_front() {
            if self.is_busy(choice, held.head()) {
                self.choice(choice).waiting.push_front(held);
                return Ok(());
            }
            let (at, closed) = (held.at, held.closed);
            held.release(&mut |step| self.let_go(step, out))?;
            if closed {
                self.close_opened(at, out)?;
            }
        }
        Ok(())
    }

    fn let_go(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        match step {
            Step::Open { at, head } => self.open(*at, head, out),
            Step::Delta { at, text } => {
                let mut spelt = Vec::new();
                text.write_inside(&mut spelt);
                self.held = self.held.saturating_sub(spelt.len());
                self.delta(*at, text, out)
            }
            other => self.writer.step(other, out),
        }
    }

    fn stop(&mut self, choice: u32, step: &Step<'_>, out: &mut Vec<u8>) -> Outcome {
        self.close_all(choice, out)?;
        if std::mem::replace(&mut self.choice(choice).stopped, true) {
            return Ok(());
        }
        self.writer.step(step, out)
    }

    fn close_all(&mut self, choice: u32, out: &mut Vec<u8>) -> Outcome {
        let own = self.choice(choice);
        own.waiting.iter_mut().for_each(|held| held.closed = true);
        let open: Vec<Block> = own.open.iter().map(|opened| opened.at).collect();
        for at in open {
            self.close_opened(at, out)?;
        }
        self.release(choice, out)
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Outcome {
        self.start(&Start::default(), out)?;
        let choices: Vec<u32> = self.choices.iter().map(|choice| choice.number).collect();
        for choice in choices {
            self.close_all(choice, out)?;
        }
        self.ended = true;
        self.writer.step(&Step::End, out)
    }

    fn choice(&mut self, number: u32) -> &mut Choice {
        let known = self
            .choices
            .iter()
            .position(|choice| choice.number == number);
        let at = known.unwrap_or_else(|| {
            self.choices.push(Choice {
                number,
                ..Choice::default()
            });
            self.choices.len() - 1
        });
        // The index was found or made on the lines above.
        #[expect(
            clippy::indexing_slicing,
            reason = "the position was just found or pushed"
        )]
        &mut self.choices[at]
    }

    fn opened(&mut self, at: Block) -> Option<&mut Opened> {
        self.choice(at.choice)
            .open
            .iter_mut()
            .find(|opened| opened.at == at)
    }

    fn waiting(&mut self, at: Block) -> Option<&mut Held> {
        self.choice(at.choice)
            .waiting
            .iter_mut()
            .find(|held| held.at == at)
    }
}

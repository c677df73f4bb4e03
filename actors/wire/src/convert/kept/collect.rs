//! What is kept of an answer, whole or streamed.
//!
//! Owns the choice of the block that a seal is kept under: a call keeps its own; what belongs to
//! no visible block is kept under the next one, or under the last if nothing follows. A thought
//! with words is kept under its words too, since most clients send those back.

use std::sync::Arc;

use super::{BlockDigest, Kept, KeptThought, LONGEST, SealMemory, digests_of_call, words};
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Part, PartKind, Thought};
use crate::canonical::reply::Reply;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;
use crate::formats::StreamWriter;

/// Most blocks of a stream that are looked at at a time. More is no answer of a model.
const MOST_BLOCKS: usize = 1024;

/// Keeps what a client of a whole reply will lose.
pub(in crate::convert) fn of_reply(reply: &Reply<'_>, memory: &dyn SealMemory) {
    for choice in &reply.choices {
        let mut row = Row::default();
        for part in &choice.parts {
            row.take(Said::of(part), memory);
        }
        row.end(memory);
    }
}

/// What one block of an answer says, as far as it matters here.
enum Said {
    Thought {
        words: String,
        kept: KeptThought,
    },
    Anchor {
        digests: Vec<BlockDigest>,
        seal: Option<String>,
    },
    Nothing,
}

impl Said {
    fn of(part: &Part<'_>) -> Self {
        match &part.kind {
            PartKind::Thinking(thought) => Self::thought(thought),
            PartKind::Call(call) => Self::Anchor {
                digests: super::digests_of(call),
                seal: call.seal.as_ref().and_then(Seal::wrapped),
            },
            PartKind::Text(text) if !text.is_empty() => Self::Anchor {
                digests: vec![BlockDigest::of_text(&text.decoded())],
                seal: None,
            },
            _ => Self::Nothing,
        }
    }

    fn thought(thought: &Thought<'_>) -> Self {
        match KeptThought::of(thought) {
            Some(kept) => Self::Thought {
                words: words(thought),
                kept,
            },
            None => Self::Nothing,
        }
    }
}

/// The blocks of one candidate, in order.
#[derive(Debug, Default)]
struct Row {
    /// Thoughts that wait for the next block.
    waiting: Vec<KeptThought>,
    last: Option<(Vec<BlockDigest>, Kept)>,
}

impl Row {
    fn take(&mut self, said: Said, memory: &dyn SealMemory) {
        match said {
            Said::Thought { words, kept } => {
                if !words.is_empty() {
                    let seal = Some(kept.seal.clone());
                    let own = Kept {
                        seal,
                        ..Kept::default()
                    };
                    memory.keep(BlockDigest::of_thought(&words), &own.bytes());
                }
                self.waiting.push(kept);
            }
            Said::Anchor { digests, seal } => {
                let before = std::mem::take(&mut self.waiting);
                let kept = Kept {
                    seal,
                    before,
                    behind: Vec::new(),
                };
                keep(&digests, &kept, memory);
                self.last = Some((digests, kept));
            }
            Said::Nothing => {}
        }
    }

    /// What stands behind the last block is kept with it.
    fn end(&mut self, memory: &dyn SealMemory) {
        let behind = std::mem::take(&mut self.waiting);
        if let Some((digests, mut kept)) = self.last.take()
            && !behind.is_empty()
        {
            kept.behind = behind;
            keep(&digests, &kept, memory);
        }
    }
}

fn keep(digests: &[BlockDigest], kept: &Kept, memory: &dyn SealMemory) {
    if kept.is_empty() {
        return;
    }
    let bytes = kept.bytes();
    for digest in digests {
        memory.keep(*digest, &bytes);
    }
}

/// A writer of a stream that keeps what the client will lose, and passes all steps on.
pub(in crate::convert) struct Keeping {
    inner: Box<dyn StreamWriter>,
    memory: Arc<dyn SealMemory>,
    rows: Vec<(u32, Row)>,
    open: Vec<Opened>,
}

/// A block that is not closed yet.
struct Opened {
    at: Block,
    head: BlockHead<'static>,
    /// `None` if it became too long.
    text: Option<String>,
    seal: Option<Seal<'static>>,
}

impl Keeping {
    pub(in crate::convert) fn new(
        inner: Box<dyn StreamWriter>,
        memory: Arc<dyn SealMemory>,
    ) -> Self {
        Self {
            inner,
            memory,
            rows: Vec::new(),
            open: Vec::new(),
        }
    }

    fn watch(&mut self, step: &Step<'_>) {
        match step {
            Step::Open { at, head } => self.opened(*at, head),
            Step::Delta { at, text } => self.grow(*at, text),
            Step::Seal { at, seal } => {
                if let Some(open) = self.find(*at) {
                    open.seal = Some(seal.clone().into_owned());
                }
            }
            Step::Close { at } => self.closed(*at),
            Step::Stop { choice, .. } => {
                let memory = Arc::clone(&self.memory);
                self.row(*choice).end(&*memory);
            }
            _ => {}
        }
    }

    fn opened(&mut self, at: Block, head: &BlockHead<'_>) {
        let head = match head {
            BlockHead::Text => BlockHead::Text,
            BlockHead::Thinking { redacted, .. } => BlockHead::Thinking {
                id: None,
                redacted: *redacted,
            },
            BlockHead::Call { id, name, custom } => BlockHead::Call {
                id: id.clone().map(Text::into_owned),
                name: name.clone().into_owned(),
                custom: *custom,
            },
            _ => return,
        };
        if self.open.len() < MOST_BLOCKS {
            self.open.push(Opened {
                at,
                head,
                text: Some(String::new()),
                seal: None,
            });
        }
    }

    fn grow(&mut self, at: Block, more: &Text<'_>) {
        let Some(open) = self.find(at) else { return };
        let Some(text) = &mut open.text else { return };
        let more = more.decoded();
        if text.len() + more.len() > LONGEST {
            open.text = None;
        } else {
            text.push_str(&more);
        }
    }

    fn closed(&mut self, at: Block) {
        let Some(place) = self.open.iter().position(|open| open.at == at) else {
            return;
        };
        let said = self.open.remove(place).said();
        let memory = Arc::clone(&self.memory);
        self.row(at.choice).take(said, &*memory);
    }

    fn find(&mut self, at: Block) -> Option<&mut Opened> {
        self.open.iter_mut().find(|open| open.at == at)
    }

    fn row(&mut self, choice: u32) -> &mut Row {
        let known = self.rows.iter().position(|(number, _)| *number == choice);
        let place = known.unwrap_or_else(|| {
            self.rows.push((choice, Row::default()));
            self.rows.len() - 1
        });
        #[expect(
            clippy::indexing_slicing,
            reason = "the position was just found or pushed"
        )]
        &mut self.rows[place].1
    }
}

impl Opened {
    fn said(self) -> Said {
        let Some(text) = self.text else {
            return Said::Nothing;
        };
        match self.head {
            BlockHead::Thinking { redacted, .. } => {
                let texts = Some(text).filter(|text| !text.is_empty());
                Said::thought(&Thought {
                    id: None,
                    texts: texts.into_iter().map(Text::plain).collect(),
                    seal: self.seal,
                    redacted,
                })
            }
            BlockHead::Call { id, name, .. } => {
                let id = id.as_ref().map(Text::decoded);
                Said::Anchor {
                    digests: digests_of_call(id.as_deref(), &name.decoded(), &text),
                    seal: self.seal.as_ref().and_then(Seal::wrapped),
                }
            }
            _ if text.is_empty() => Said::Nothing,
            _ => Said::Anchor {
                digests: vec![BlockDigest::of_text(&text)],
                seal: None,
            },
        }
    }
}

impl StreamWriter for Keeping {
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        self.watch(step);
        self.inner.step(step, out)
    }

    fn one_block_at_a_time(&self) -> bool {
        self.inner.one_block_at_a_time()
    }

    fn one_call_at_a_time(&self) -> bool {
        self.inner.one_call_at_a_time()
    }

    fn whole_inputs(&self) -> bool {
        self.inner.whole_inputs()
    }
}

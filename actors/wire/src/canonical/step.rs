//! What happens in a streamed reply, step by step.
//!
//! A reader of any format turns events into steps, a writer turns steps into events. The order
//! that a writer may rely on, whatever the upstream sends (`convert` sees to it):
//! `Start` once and first; per choice each block `Open`, then any number of `Delta`, `Seal`,
//! `Cite`, `Logprobs`, then `Close`; `Stop` once per choice after its blocks; `Usage` at any time,
//! cumulative; at last `End`, or `Fail`, once. After that nothing.

use std::borrow::Cow;

use super::failure::Failure;
use super::parts::Citation;
use super::raw::Raw;
use super::reply::{Counts, Stop, TokenLogprob};
use super::seal::Seal;
use super::text::Text;
use crate::format::ApiFormat;

/// One step of a stream.
#[derive(Debug, Clone)]
pub(crate) enum Step<'a> {
    Start(Start<'a>),
    Open {
        at: Block,
        head: BlockHead<'a>,
    },
    /// A piece of the block's text, of its thinking, or of a call's input (JSON text in pieces;
    /// a reader whose format has whole inputs sends it in one piece).
    Delta {
        at: Block,
        text: Text<'a>,
    },
    Seal {
        at: Block,
        seal: Seal<'a>,
    },
    Cite {
        at: Block,
        citation: Citation<'a>,
    },
    Logprobs {
        at: Block,
        tokens: Vec<TokenLogprob<'a>>,
    },
    Close {
        at: Block,
    },
    Usage(Counts),
    Stop {
        choice: u32,
        stop: Stop<'a>,
    },
    End,
    Fail(Failure<'a>),
    /// The upstream shows that it lives.
    Alive,
    /// An event or field of the upstream that has no place here: counted, for it is not passed.
    Unknown {
        field: Cow<'a, str>,
    },
}

/// Which block: choice, and a number that is unique within the choice and grows with each `Open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Block {
    pub(crate) choice: u32,
    pub(crate) number: u32,
}

/// What is known of a reply before its first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Start<'a> {
    /// The format of the stream: only its writer knows what is spelt raw.
    pub(crate) from: Option<ApiFormat>,
    pub(crate) id: Option<Text<'a>>,
    pub(crate) model: Option<Text<'a>>,
    /// Unix seconds.
    pub(crate) created: Option<u64>,
    pub(crate) tier: Option<Text<'a>>,
    /// Counts that come with the start (Anthropic).
    pub(crate) usage: Option<Counts>,
}

/// What a block is.
#[derive(Debug, Clone)]
pub(crate) enum BlockHead<'a> {
    Text,
    Refusal,
    Thinking {
        id: Option<Text<'a>>,
        redacted: bool,
    },
    Call {
        id: Option<Text<'a>>,
        name: Text<'a>,
        custom: bool,
    },
    /// Sound; deltas are base64.
    Audio {
        id: Option<Text<'a>>,
    },
    /// An image; one delta, base64.
    Image {
        mime: Option<Text<'a>>,
    },
    /// A block that only its own format has, as it was opened.
    Other(Raw<'a>),
}

//! One candidate of a stream, as steps.
//!
//! Owns which block is open, calls whose arguments come in pieces, and the reason to stop. Keeps no
//! text: of the open one only where its characters start.

use crate::canonical::error::FormatError;
use crate::canonical::parts::MediaKind;
use crate::canonical::raw::{Raw, boolean, count, each_item, each_member, is_null, member, text};
use crate::canonical::reply::Stop;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;
use crate::formats::Steps;

use super::citations::{self, Found};
use super::partial_args::Args;
use super::read_parts::{Writer, object};
use super::read_reply::{FINISH, is_known, reason};
use super::read_settings::each_of;
use super::widths::Widths;
use super::words::camel;
use super::{base64, logprobs, media};

type Result<T> = std::result::Result<T, FormatError>;

/// Most calls of a candidate that come in pieces at a time.
const MOST_PENDING: usize = 64;

/// What the open block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
    Audio,
}

/// A call whose arguments come in pieces.
#[derive(Debug)]
struct Pending {
    id: Option<String>,
    at: Block,
    args: Args,
}

/// See the module's text.
#[derive(Debug)]
pub(super) struct Choice {
    number: u32,
    next: u32,
    open: Option<(Block, Open)>,
    pending: Vec<Pending>,
    widths: Widths,
    called: bool,
    said: bool,
    word: Option<String>,
    details: Option<Text<'static>>,
}

/// What a candidate of a chunk says.
#[derive(Default)]
pub(super) struct Candidate<'a> {
    pub(super) index: u64,
    content: Option<Raw<'a>>,
    finish: Option<Raw<'a>>,
    details: Option<Raw<'a>>,
    /// What is said of the text.
    behind: Vec<Raw<'a>>,
    unknown: Vec<String>,
}

impl<'a> Candidate<'a> {
    /// # Errors
    /// A value that is no object.
    pub(super) fn of(raw: Raw<'a>) -> Result<Self> {
        let mut said = Self::default();
        each_member(raw, |key, value| {
            match camel(key).as_ref() {
                _ if is_null(value) => {}
                "content" => said.content = Some(value),
                "index" => said.index = count(value).unwrap_or(0),
                FINISH => said.finish = Some(value),
                "finishMessage" => said.details = Some(value),
                "logprobsResult" => said.behind.push(value),
                name @ ("groundingMetadata" | "citationMetadata") => {
                    said.behind.push(value);
                    said.unknown.push(name.to_owned());
                    said.unknown.extend(citations::left_out(value));
                }
                "tokenCount" => {}
                _ => said.unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        Ok(said)
    }
}

/// What a part of a chunk says.
#[derive(Default)]
struct Part<'a> {
    text: Option<Text<'a>>,
    thought: bool,
    signature: Option<Text<'a>>,
    call: Option<Raw<'a>>,
    inline: Option<Raw<'a>>,
    own: bool,
    unknown: Vec<String>,
}

impl<'a> Part<'a> {
    fn of(raw: Raw<'a>) -> Result<Self> {
        let mut part = Self::default();
        each_member(raw, |key, value| {
            match camel(key).as_ref() {
                _ if is_null(value) => {}
                "text" => part.text = Some(text(value)?),
                "thought" => part.thought = boolean(value)?,
                "thoughtSignature" => part.signature = Some(text(value)?),
                "functionCall" => part.call = Some(value),
                "inlineData" => part.inline = Some(value),
                "executableCode"
                | "codeExecutionResult"
                | "toolCall"
                | "toolResponse"
                | "fileData"
                | "functionResponse" => part.own = true,
                _ => part.unknown.push(key.to_owned()),
            }
            Ok(())
        })?;
        Ok(part)
    }
}

/// What a piece of a call says.
#[derive(Default)]
struct Piece<'a> {
    id: Option<Text<'a>>,
    name: Option<Text<'a>>,
    args: Option<Raw<'a>>,
    partial: Option<Raw<'a>>,
    continues: bool,
}

impl<'a> Piece<'a> {
    fn of(raw: Raw<'a>) -> Result<Self> {
        let mut piece = Self::default();
        each_member(raw, |key, value| {
            match camel(key).as_ref() {
                _ if is_null(value) => {}
                "id" => piece.id = Some(text(value)?),
                "name" => piece.name = Some(text(value)?).filter(|name| !name.is_empty()),
                "args" => piece.args = Some(object(value)?),
                "partialArgs" => piece.partial = Some(value),
                "willContinue" => piece.continues = boolean(value)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(piece)
    }
}

impl Choice {
    pub(super) fn new(number: u32) -> Self {
        Self {
            number,
            next: 0,
            open: None,
            pending: Vec::new(),
            widths: Widths::default(),
            called: false,
            said: false,
            word: None,
            details: None,
        }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Whether a reason to stop came.
    pub(super) fn is_over(&self) -> bool {
        self.word.is_some()
    }

    /// Takes a candidate of a chunk.
    ///
    /// # Errors
    /// A member of another type than the format says; what `steps` returns.
    pub(super) fn candidate(
        &mut self,
        said: &Candidate<'_>,
        provider: &str,
        steps: &mut Steps<'_>,
    ) -> Result<()> {
        if let Some(content) = said.content {
            self.content(content, provider, steps)?;
        }
        if let Some(word) = said.finish {
            let word = text(word)?.decoded().into_owned();
            if !is_known(&word) {
                let field = FINISH.into();
                steps(Step::Unknown { field })?;
            }
            self.word = Some(word);
        }
        if let Some(details) = said.details {
            self.details = Some(text(details)?.into_owned());
        }
        for value in &said.behind {
            self.behind(value, steps)?;
        }
        for name in &said.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        Ok(())
    }

    fn content(&mut self, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result<()> {
        each_member(raw, |key, value| match key {
            "parts" => each_of(Some(value), |part| self.part(part, provider, steps)),
            _ => Ok(()),
        })
    }

    /// What is said of the text, wherever in the candidate it stands.
    fn behind(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if member(raw, "chosenCandidates").is_some() {
            let tokens = logprobs::read(raw)?;
            let at = self.ensure(Open::Text, steps)?;
            return steps(Step::Logprobs { at, tokens });
        }
        let mut found = citations::of_grounding(raw)?;
        found.extend(citations::of_citations(raw)?);
        self.cite(found, steps)
    }

    fn cite(&mut self, found: Vec<Found<'_>>, steps: &mut Steps<'_>) -> Result<()> {
        let Some((at, Open::Text)) = self.open else {
            let field = "groundingMetadata";
            return steps(Step::Unknown {
                field: field.into(),
            });
        };
        if found.is_empty() {
            let field = "groundingMetadata";
            return steps(Step::Unknown {
                field: field.into(),
            });
        }
        for found in found {
            let citation = found.placed(&self.widths, 0);
            steps(Step::Cite { at, citation })?;
        }
        Ok(())
    }

    fn part(&mut self, raw: Raw<'_>, provider: &str, steps: &mut Steps<'_>) -> Result<()> {
        let part = Part::of(raw)?;
        let writer = Writer::Provider(provider);
        let seal = part.signature.clone().map(|value| writer.seal(value));
        if let Some(call) = part.call {
            self.call(Piece::of(call)?, seal, steps)?;
        } else if let Some(inline) = part.inline {
            self.media(inline, steps)?;
        } else if part.own || (part.text.is_none() && seal.is_none()) {
            self.other(raw, steps)?;
        } else {
            let said = part.text.unwrap_or(Text::plain(""));
            self.text(said, part.thought, seal, steps)?;
        }
        for name in &part.unknown {
            steps(Step::Unknown { field: name.into() })?;
        }
        Ok(())
    }

    /// Takes a piece of text or of thinking.
    ///
    /// # Errors
    /// What `steps` returns.
    pub(super) fn text(
        &mut self,
        said: Text<'_>,
        thought: bool,
        seal: Option<Seal<'_>>,
        steps: &mut Steps<'_>,
    ) -> Result<()> {
        if !said.is_empty() {
            self.said = true;
            let kind = if thought { Open::Thinking } else { Open::Text };
            let at = self.ensure(kind, steps)?;
            if !thought {
                self.widths.add(&said);
            }
            steps(Step::Delta { at, text: said })?;
        }
        match seal {
            Some(seal) if thought => {
                let at = self.ensure(Open::Thinking, steps)?;
                steps(Step::Seal { at, seal })
            }
            Some(seal) => {
                let redacted = true;
                let head = BlockHead::Thinking { id: None, redacted };
                let at = self.begin(head, steps)?;
                steps(Step::Seal { at, seal })?;
                steps(Step::Close { at })
            }
            None => Ok(()),
        }
    }

    /// The open block if it is of this kind, else a new one.
    fn ensure(&mut self, kind: Open, steps: &mut Steps<'_>) -> Result<Block> {
        if let Some((at, open)) = self.open
            && open == kind
        {
            return Ok(at);
        }
        let head = match kind {
            Open::Text => BlockHead::Text,
            Open::Thinking => BlockHead::Thinking {
                id: None,
                redacted: false,
            },
            Open::Audio => BlockHead::Audio { id: None },
        };
        let at = self.begin(head, steps)?;
        self.open = Some((at, kind));
        self.widths = Widths::default();
        Ok(at)
    }

    /// Opens a block after the open one is closed; the caller closes it.
    fn begin(&mut self, head: BlockHead<'_>, steps: &mut Steps<'_>) -> Result<Block> {
        self.close(steps)?;
        let at = Block {
            choice: self.number,
            number: self.next,
        };
        self.next = self.next.saturating_add(1);
        steps(Step::Open { at, head })?;
        Ok(at)
    }

    fn close(&mut self, steps: &mut Steps<'_>) -> Result<()> {
        match self.open.take() {
            Some((at, _)) => steps(Step::Close { at }),
            None => Ok(()),
        }
    }

    fn other(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        self.said = true;
        let at = self.begin(BlockHead::Other(raw), steps)?;
        steps(Step::Close { at })
    }

    fn media(&mut self, raw: Raw<'_>, steps: &mut Steps<'_>) -> Result<()> {
        self.said = true;
        let mime = member(raw, "mimeType").or_else(|| member(raw, "mime_type"));
        let mime = mime.map(text).transpose()?;
        let data = member(raw, "data").ok_or_else(|| FormatError::missing_in("data", raw))?;
        let text = base64::standard(text(data)?);
        match mime.as_ref().map(|mime| media::kind_of(&mime.decoded())) {
            Some(MediaKind::Audio) => {
                let at = self.ensure(Open::Audio, steps)?;
                steps(Step::Delta { at, text })
            }
            Some(MediaKind::Image) => {
                let at = self.begin(BlockHead::Image { mime }, steps)?;
                steps(Step::Delta { at, text })?;
                steps(Step::Close { at })
            }
            _ => {
                let field = "inlineData";
                steps(Step::Unknown {
                    field: field.into(),
                })
            }
        }
    }

    fn call(
        &mut self,
        piece: Piece<'_>,
        seal: Option<Seal<'_>>,
        steps: &mut Steps<'_>,
    ) -> Result<()> {
        let id = piece.id.as_ref().map(|id| id.decoded().into_owned());
        let known = match &id {
            Some(_) => self.pending.iter().position(|own| own.id == id),
            None if piece.name.is_none() => self.pending.len().checked_sub(1),
            None => None,
        };
        if let Some(known) = known {
            return self.go_on(known, &piece, steps);
        }
        let Some(name) = piece.name else {
            let field = "functionCall";
            return steps(Step::Unknown {
                field: field.into(),
            });
        };
        (self.called, self.said) = (true, true);
        let head = BlockHead::Call {
            id: piece.id,
            name,
            custom: false,
        };
        let at = self.begin(head, steps)?;
        if let Some(seal) = seal {
            steps(Step::Seal { at, seal })?;
        }
        if !piece.continues && piece.partial.is_none() {
            let json = piece.args.map_or("{}", |args| args.get());
            let text = Text::plain(json);
            steps(Step::Delta { at, text })?;
            return steps(Step::Close { at });
        }
        if self.pending.len() == MOST_PENDING {
            return Err(FormatError::too_much_held());
        }
        let mut args = Args::default();
        each_of(piece.partial, |partial| args.take(partial))?;
        self.pending.push(Pending { id, at, args });
        match piece.continues {
            true => Ok(()),
            false => self.settle(self.pending.len() - 1, steps),
        }
    }

    fn go_on(&mut self, number: usize, piece: &Piece<'_>, steps: &mut Steps<'_>) -> Result<()> {
        if let (Some(pending), Some(partial)) = (self.pending.get_mut(number), piece.partial) {
            each_item(partial, |partial| pending.args.take(partial))?;
        }
        match piece.continues {
            true => Ok(()),
            false => self.settle(number, steps),
        }
    }

    /// Gives out the arguments of a call that has all its pieces.
    fn settle(&mut self, number: usize, steps: &mut Steps<'_>) -> Result<()> {
        if number >= self.pending.len() {
            return Ok(());
        }
        let Pending { at, args, .. } = self.pending.remove(number);
        let text = Text::plain(args.json());
        steps(Step::Delta { at, text })?;
        steps(Step::Close { at })
    }

    /// The stream is over: what is open closes, and the stop goes out.
    ///
    /// # Errors
    /// What `steps` returns.
    pub(super) fn finish(
        &mut self,
        blocked: Option<&Stop<'static>>,
        steps: &mut Steps<'_>,
    ) -> Result<()> {
        while !self.pending.is_empty() {
            self.settle(0, steps)?;
        }
        self.close(steps)?;
        let stop = match (self.word.take(), blocked) {
            (None, Some(blocked)) => blocked.clone(),
            (word, _) => Stop {
                reason: reason(word.as_deref(), self.called, self.said),
                sequence: None,
                details: self.details.take(),
            },
        };
        let choice = self.number;
        steps(Step::Stop { choice, stop })
    }
}

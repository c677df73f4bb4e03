//! What a stream says and the client's format has no field for.
//!
//! Owns which steps leave something out, by the client's format; the rest of the rules are those of
//! whole replies (`unheld`). The headers of a stream are gone when it is read, so where the client
//! reads server-sent events a comment before the final event tells it.

use crate::canonical::notes::{Notes, shown_notes};
use crate::canonical::parts::Citation;
use crate::canonical::reply::{Counts, TokenLogprob};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::format::ApiFormat::{
    self, Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat, OpenAiResponses,
};

use super::unheld;

/// Most names that are kept: a stream may have very many members that nobody knows.
const MOST: usize = 64;

/// See the module's text. One per stream.
pub(super) struct StreamNotes {
    to: ApiFormat,
    notes: Notes,
    /// The block that was opened last, if its thinking is redacted.
    redacted: Option<Block>,
    /// Whether no text came.
    wordless: bool,
    /// Whether the gateway keeps the seals that the client's format has no field for.
    keeps_seals: bool,
}

impl StreamNotes {
    pub(super) fn new(to: ApiFormat, keeps_seals: bool) -> Self {
        Self {
            to,
            notes: Notes::new(to, false),
            redacted: None,
            wordless: true,
            keeps_seals,
        }
    }

    /// What was noted until now.
    pub(super) fn fields(&self) -> &[String] {
        self.notes.fields()
    }

    /// Looks at a step that is no text and not the end.
    pub(super) fn see(&mut self, step: &Step<'_>) {
        if self.fields().len() >= MOST {
            return;
        }
        match step {
            Step::Start(start) => self.start(start),
            Step::Open { at, head } => self.open(*at, head),
            Step::Seal { at, .. } => self.seal(*at),
            Step::Cite { citation, .. } => self.cite(citation),
            Step::Logprobs { tokens, .. } => self.logprobs(tokens),
            Step::Stop { choice, stop } => {
                self.choice(*choice);
                unheld::of_stop(stop, self.wordless, self.to, &mut self.notes);
            }
            Step::Unknown { field } => self.notes.left_out(field.as_ref()),
            _ => {}
        }
    }

    /// The stream is whole: what its counts say, and the comment that tells all of it.
    pub(super) fn end(&mut self, counts: Option<&Counts>, out: &mut Vec<u8>) {
        if let Some(counts) = counts {
            unheld::of_counts(counts, self.to, &mut self.notes);
        }
        let told = shown_notes(self.fields());
        if reads_comments(self.to) && !told.is_empty() {
            out.extend_from_slice(b": nenya-notes: ");
            out.extend_from_slice(told.as_bytes());
            out.extend_from_slice(b"\n\n");
        }
    }

    fn start(&mut self, start: &Start<'_>) {
        unheld::of_tier(start.tier.as_ref(), self.to, &mut self.notes);
    }

    fn open(&mut self, at: Block, head: &BlockHead<'_>) {
        self.choice(at.choice);
        self.redacted = None;
        if let (BlockHead::Audio { id: Some(_) }, false) = (head, self.to == OpenAiChat) {
            self.notes.left_out("audio.id");
        }
        let field = match (head, self.to) {
            (BlockHead::Text | BlockHead::Refusal, _) => {
                self.wordless = false;
                return;
            }
            (BlockHead::Thinking { redacted: true, .. }, _) => {
                self.redacted = Some(at);
                return;
            }
            (BlockHead::Audio { .. }, OpenAiChat | Gemini) => return,
            (BlockHead::Image { .. }, OpenAiChat | Gemini | Bedrock | Ollama) => return,
            (BlockHead::Audio { .. }, _) => "audio".to_owned(),
            (BlockHead::Image { .. }, _) => "image".to_owned(),
            (BlockHead::Other(raw), _) => format!("content[].{}", unheld::type_of(raw)),
            _ => return,
        };
        self.notes.left_out(field);
    }

    /// Formats with one candidate only.
    fn choice(&mut self, choice: u32) {
        if choice > 0 && !matches!(self.to, OpenAiChat | Gemini) {
            self.notes
                .left_out(if self.to == Cohere { "n" } else { "choices" });
        }
    }

    fn seal(&mut self, at: Block) {
        if matches!(self.to, Cohere | Ollama) && !self.keeps_seals {
            let redacted = self.redacted == Some(at);
            self.notes.left_out(match redacted {
                true => "redacted_thinking",
                false => "signature",
            });
        }
    }

    fn cite(&mut self, citation: &Citation<'_>) {
        let page = citation.url.is_some();
        let document = citation.document.is_some();
        let fits = match self.to {
            OpenAiChat => page,
            Ollama => false,
            Anthropic => page || (document && citation.place.is_some()),
            Bedrock => page || document,
            _ => true,
        };
        if !fits {
            self.notes.left_out("citations");
        }
        if self.to == OpenAiResponses && citation.place.is_some() {
            self.notes.left_out("citations.location");
        }
        for extra in &citation.extras {
            self.notes.leave_out(extra);
        }
        unheld::of_citation(citation, self.to, &mut self.notes);
    }

    fn logprobs(&mut self, tokens: &[TokenLogprob<'_>]) {
        if matches!(self.to, Anthropic | Bedrock) {
            self.notes.left_out("logprobs");
        }
        if self.to == Cohere && tokens.iter().any(|token| !token.top.is_empty()) {
            self.notes.left_out("top_logprobs");
        }
        unheld::of_logprobs(tokens, self.to, &mut self.notes);
    }
}

/// Google's SDK takes a comment for data (google-genai 3.4.0, 16 Nov 2026);
/// the frames of Bedrock and the lines of Ollama have none.
fn reads_comments(format: ApiFormat) -> bool {
    matches!(format, OpenAiChat | OpenAiResponses | Anthropic | Cohere)
}

//! A block that waits until the one before it is closed.
//!
//! Owns what came of it meanwhile: its head, its text as one piece, its seal. Never more than the
//! sequence allows.

use crate::canonical::error::FormatError;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Step};
use crate::canonical::text::Text;

/// See the module's text.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) at: Block,
    head: BlockHead<'static>,
    /// Spelt as the inside of a JSON string.
    text: Vec<u8>,
    seal: Option<Seal<'static>>,
    pub(super) closed: bool,
}

impl Held {
    /// # Errors
    /// A block that only its own format has: it cannot be kept.
    pub(super) fn new(at: Block, head: &BlockHead<'_>) -> Result<Self, FormatError> {
        let head = owned(head).ok_or_else(FormatError::too_much_held)?;
        Ok(Self {
            at,
            head,
            text: Vec::new(),
            seal: None,
            closed: false,
        })
    }

    /// What it is.
    pub(super) fn head(&self) -> &BlockHead<'static> {
        &self.head
    }

    /// Takes a step of this block; gives how many bytes it holds more.
    ///
    /// # Errors
    /// A step that cannot be kept.
    pub(super) fn take(&mut self, step: &Step<'_>) -> Result<usize, FormatError> {
        let before = self.text.len();
        match step {
            Step::Delta { text, .. } => text.write_inside(&mut self.text),
            Step::Seal { seal, .. } => self.seal = Some(seal.clone().into_owned()),
            Step::Close { .. } => self.closed = true,
            _ => return Err(FormatError::too_much_held()),
        }
        Ok(self.text.len() - before)
    }

    /// Lets go of all that came, but not of the end.
    ///
    /// # Errors
    /// What `pass` returns.
    pub(super) fn release(
        self,
        pass: &mut dyn FnMut(&Step<'_>) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let at = self.at;
        pass(&Step::Open {
            at,
            head: self.head,
        })?;
        if !self.text.is_empty() {
            let text = Text::Spelt(String::from_utf8(self.text).unwrap_or_default().into());
            pass(&Step::Delta { at, text })?;
        }
        match self.seal {
            Some(seal) => pass(&Step::Seal { at, seal }),
            None => Ok(()),
        }
    }
}

fn owned(head: &BlockHead<'_>) -> Option<BlockHead<'static>> {
    let own = |text: &Option<Text<'_>>| text.clone().map(Text::into_owned);
    Some(match head {
        BlockHead::Text => BlockHead::Text,
        BlockHead::Refusal => BlockHead::Refusal,
        BlockHead::Thinking { id, redacted } => BlockHead::Thinking {
            id: own(id),
            redacted: *redacted,
        },
        BlockHead::Call { id, name, custom } => BlockHead::Call {
            id: own(id),
            name: name.clone().into_owned(),
            custom: *custom,
        },
        BlockHead::Audio { id } => BlockHead::Audio { id: own(id) },
        BlockHead::Image { mime } => BlockHead::Image { mime: own(mime) },
        BlockHead::Other(_) => return None,
    })
}

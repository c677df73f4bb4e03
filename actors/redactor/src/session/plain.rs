//! Text without a format that comes in pieces of bytes.
//!
//! Owns the character that a piece may end in the middle of. Bytes that are no text pass, and end
//! the text before them.

use super::running::Running;
use crate::error::RedactError;
use crate::side::Side;
use crate::treat::treatment::Treatment;

/// Room that is kept for a text on its way.
const ROOM: usize = 1024;

/// See the module's text.
pub(crate) struct PlainText {
    running: Running,
    torn: Vec<u8>,
    text: String,
}

impl Default for PlainText {
    fn default() -> Self {
        Self {
            running: Running::plain(),
            torn: Vec::new(),
            text: String::new(),
        }
    }
}

impl PlainText {
    /// Takes a piece, and adds to `out` what may go.
    pub(crate) fn push(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        piece: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), RedactError> {
        let mut bytes = std::mem::take(&mut self.torn);
        bytes.extend_from_slice(piece);
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let pushed = self
                .running
                .push(side, treatment, chunk.valid(), &mut self.text);
            self.flush(out);
            pushed?;
            let invalid = chunk.invalid();
            // At the end it may be the beginning of a character.
            if chunks.peek().is_none() && invalid.len() < 4 && may_go_on(invalid) {
                self.torn = invalid.to_vec();
            } else if !invalid.is_empty() {
                self.end(side, treatment, out)?;
                out.extend_from_slice(invalid);
            }
        }
        Ok(())
    }

    /// Nothing follows.
    pub(crate) fn finish(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), RedactError> {
        self.end(side, treatment, out)?;
        out.append(&mut self.torn);
        Ok(())
    }

    fn end(
        &mut self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), RedactError> {
        let finished = self.running.finish(side, treatment, &mut self.text);
        self.flush(out);
        finished
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.as_bytes());
        self.text.clear();
        self.text.shrink_to(ROOM);
    }
}

/// Whether these bytes are the beginning of a character that more bytes could complete.
fn may_go_on(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

crate::says_no_text!(PlainText);

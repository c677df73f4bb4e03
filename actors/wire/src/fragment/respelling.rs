//! The spelling of a text that is read decoded and let go later.
//!
//! Owns the exceptions: the places where escaping the text anew would give other bytes than it
//! came in (`\/`, `\u00e9`, a raw line feed). Between them the text is escaped as everywhere, so
//! for most texts nothing is remembered at all.

use std::collections::VecDeque;

use crate::escape::{escape_onto, is_our_spelling};

/// Exceptions for which room is kept while nothing is held.
const ROOM: usize = 32;

/// A character that came in another spelling than we would give it.
#[derive(Debug, Clone, Copy)]
struct Exception {
    /// Where it begins in the decoded text.
    at: u64,
    /// Its length there.
    decoded: u8,
    /// The spelling.
    raw: [u8; 12],
    len: u8,
}

/// Turns decoded text back into its spelling, piece by piece and in order.
#[derive(Debug)]
pub struct Respelling {
    /// Whether the text is the inside of a JSON string; else it is plain.
    quoted: bool,
    /// How much of the decoded text came.
    read: u64,
    /// How much of it was let go.
    gone: u64,
    exceptions: VecDeque<Exception>,
}

impl Default for Respelling {
    fn default() -> Self {
        Self {
            quoted: true,
            read: 0,
            gone: 0,
            exceptions: VecDeque::new(),
        }
    }
}

impl Respelling {
    /// Lets the next `text` (decoded) go as it came.
    pub fn keep(&mut self, text: &str, out: &mut String) {
        if !self.quoted {
            return out.push_str(text);
        }
        let mut rest = text;
        while let Some(next) = self.exceptions.front().copied() {
            let ahead = usize::try_from(next.at.saturating_sub(self.gone)).unwrap_or(usize::MAX);
            if ahead >= rest.len() {
                break;
            }
            let (plain, after) = rest.split_at_checked(ahead).unwrap_or((rest, ""));
            escape_onto(plain, out);
            let raw = next.raw.get(..usize::from(next.len)).unwrap_or_default();
            out.push_str(std::str::from_utf8(raw).unwrap_or_default());
            rest = after.get(usize::from(next.decoded)..).unwrap_or_default();
            self.gone = next.at + u64::from(next.decoded);
            self.exceptions.pop_front();
        }
        escape_onto(rest, out);
        self.gone += rest.len() as u64;
    }

    /// Lets `replacement` go instead of the next `decoded_len` bytes of text.
    pub fn replace(&mut self, decoded_len: usize, replacement: &str, out: &mut String) {
        self.gone += decoded_len as u64;
        while let Some(next) = self.exceptions.front()
            && next.at < self.gone
        {
            self.exceptions.pop_front();
        }
        if self.quoted {
            escape_onto(replacement, out);
        } else {
            out.push_str(replacement);
        }
    }

    /// Whether a text is plain here, not the inside of a JSON string.
    pub fn is_plain(&self) -> bool {
        !self.quoted
    }

    /// Exceptions that are remembered, and for how many there is room.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> (usize, usize) {
        (self.exceptions.len(), self.exceptions.capacity())
    }

    /// Text that stood there as it is.
    #[inline]
    pub(super) fn note_plain(&mut self, text: &str) {
        if text.bytes().fold(false, |any, byte| any | (byte < 0x20)) {
            self.note_controls(text);
        }
        self.read += text.len() as u64;
    }

    /// Control characters that should have been escaped and were not.
    #[cold]
    fn note_controls(&mut self, text: &str) {
        for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| *byte < 0x20) {
            self.except(self.read + at as u64, 1, &[byte]);
        }
    }

    /// A character that stood there as `raw`.
    pub(super) fn note_escape(&mut self, char: char, raw: &str) {
        if !is_our_spelling(char, raw) {
            self.except(self.read, char.len_utf8(), raw.as_bytes());
        }
        self.read += char.len_utf8() as u64;
    }

    fn except(&mut self, at: u64, decoded: usize, spelling: &[u8]) {
        let mut raw = [0; 12];
        for (place, byte) in raw.iter_mut().zip(spelling) {
            *place = *byte;
        }
        self.exceptions.push_back(Exception {
            at,
            decoded: u8::try_from(decoded).unwrap_or(u8::MAX),
            raw,
            len: u8::try_from(spelling.len().min(raw.len())).unwrap_or(0),
        });
    }

    /// A new text begins.
    pub(super) fn reset(&mut self, quoted: bool) {
        self.quoted = quoted;
        (self.read, self.gone) = (0, 0);
        self.exceptions.clear();
        self.trim();
    }

    /// Gives memory back that a long chunk needed.
    pub(super) fn trim(&mut self) {
        if self.exceptions.is_empty() && self.exceptions.capacity() > ROOM {
            self.exceptions = VecDeque::new();
        }
    }
}

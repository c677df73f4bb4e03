//! JSON inside of a string, as it comes: the arguments of a tool call.
//!
//! Owns: which bytes of such a text are the inside of string values, and what those say. It hands
//! everything else on as it is, at once. It never refuses: what is no JSON is plain text, from the
//! byte on where that shows, so nothing readable passes unseen. Keys, numbers and words of JSON
//! are structure and pass.
//!
//! Forces: the text comes in any chunks, a whole one is one chunk, and both must be treated alike;
//! what is let go unchanged must keep its spelling, also if it is held back for a while. So the
//! reader waits for the end of a torn escape, and [`Respelling`] remembers the spellings that
//! escaping anew would not give.
//!
//! Called by: the redactor. Read next: `respelling`, `grammar`.

mod grammar;
mod respelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::escape::{Escape, take_escape};
use crate::named::{LastName, is_value};
use grammar::{Grammar, Token};
pub use respelling::Respelling;

/// Hears what a [`Fragment`] reads, in order.
pub trait FragmentSink {
    /// Why the sink may stop.
    type Error;

    /// Structure: passes as it is.
    ///
    /// # Errors
    /// The sink's own; the reader stops.
    fn raw(&mut self, text: &str) -> Result<(), Self::Error>;

    /// A text begins: a string value, or what is no JSON. `key` is what it is the value of, or
    /// stands in a list of values of, or the name of a value that is named elsewhere; empty if
    /// there is none.
    ///
    /// # Errors
    /// The sink's own; the reader stops.
    fn open(&mut self, key: &str) -> Result<(), Self::Error>;

    /// More of the open text, decoded. What is let go must be let go through the respelling, in
    /// order, now or later.
    ///
    /// # Errors
    /// The sink's own; the reader stops.
    fn text(&mut self, decoded: &str, spelling: &mut Respelling) -> Result<(), Self::Error>;

    /// The open text is complete: all that is held back of it must be let go now.
    ///
    /// # Errors
    /// The sink's own; the reader stops.
    fn close(&mut self, spelling: &mut Respelling) -> Result<(), Self::Error>;
}

/// Longest escape: a pair of surrogates.
const LONGEST_ESCAPE: usize = 12;

/// Reads one text that is said to be JSON, in chunks.
#[derive(Debug, Default)]
pub struct Fragment {
    grammar: Grammar,
    /// The beginning of an escape at the end of the last chunk.
    torn: Torn,
    respelling: Respelling,
    names: LastName,
}

impl Fragment {
    /// A reader at the beginning of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// What the sink returned; the reader is of no use after it.
    pub fn push<S: FragmentSink>(&mut self, chunk: &str, sink: &mut S) -> Result<(), S::Error> {
        let mut rest = chunk;
        while !rest.is_empty() {
            let used = match self.grammar.token() {
                Token::Structure => self.structure(rest, sink)?,
                Token::String => self.string(rest, sink)?,
                Token::Plain => {
                    sink.text(rest, &mut self.respelling)?;
                    rest.len()
                }
            };
            rest = rest.get(used..).unwrap_or_default();
        }
        self.respelling.trim();
        Ok(())
    }

    /// Nothing follows. The reader is at the beginning of a new text afterwards.
    ///
    /// # Errors
    /// What the sink returned; the reader is of no use after it.
    pub fn finish<S: FragmentSink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        if self.torn.len > 0 {
            let mut decoded = String::new();
            self.release_torn(&mut decoded);
            sink.text(&decoded, &mut self.respelling)?;
        }
        if self.grammar.token() != Token::Structure {
            sink.close(&mut self.respelling)?;
        }
        self.grammar = Grammar::default();
        self.names = LastName::default();
        self.respelling.reset(true);
        Ok(())
    }

    /// Bytes of an escape that is torn: they were read and not handed on.
    pub fn torn(&self) -> usize {
        self.torn.len
    }

    /// Whether a text is open and may go on.
    pub fn in_text(&self) -> bool {
        self.grammar.token() != Token::Structure
    }

    fn structure<S: FragmentSink>(&mut self, rest: &str, sink: &mut S) -> Result<usize, S::Error> {
        let used = self.grammar.pass(rest);
        let passed = rest.get(..used).unwrap_or_default();
        if !passed.is_empty() {
            self.names.structure(passed);
            sink.raw(passed)?;
        }
        match self.grammar.token() {
            Token::Structure => {}
            Token::String => {
                self.respelling.reset(true);
                let key = self.grammar.key();
                self.names.open(&key);
                sink.open(&self.named(key))?;
            }
            Token::Plain => {
                self.respelling.reset(false);
                sink.open("")?;
            }
        }
        Ok(used)
    }

    /// The key of a value; of one that is named elsewhere its name.
    fn named<'k>(&'k self, key: Cow<'k, str>) -> Cow<'k, str> {
        if !is_value(key.as_bytes()) {
            return key;
        }
        let parent = || Some(self.grammar.parent()).filter(|parent| !parent.is_empty());
        let name = self.names.known().map(Cow::Borrowed);
        name.or_else(parent).unwrap_or(key)
    }

    /// Reads on in a string value; stops after its closing quote.
    fn string<S: FragmentSink>(&mut self, chunk: &str, sink: &mut S) -> Result<usize, S::Error> {
        let mut decoded = String::new();
        let mut at = self.mend(chunk, &mut decoded);
        let run = |at: usize| {
            let bytes = chunk.as_bytes().get(at..).unwrap_or_default();
            let len = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
            chunk.get(at..at + len).unwrap_or_default()
        };
        let first = run(at);
        if decoded.is_empty() && at + first.len() == chunk.len() {
            // The common case: a piece without escapes, which is not copied.
            self.respelling.note_plain(first);
            self.names.text(first);
            sink.text(first, &mut self.respelling)?;
            return Ok(chunk.len());
        }
        if decoded.is_empty() && chunk.as_bytes().get(at + first.len()) == Some(&b'"') {
            // As common: a whole one.
            if !first.is_empty() {
                self.respelling.note_plain(first);
                self.names.text(first);
                sink.text(first, &mut self.respelling)?;
            }
            self.end_string(sink)?;
            return Ok(at + first.len() + 1);
        }
        let mut closed = false;
        while at < chunk.len() {
            let plain = run(at);
            self.respelling.note_plain(plain);
            decoded.push_str(plain);
            at += plain.len();
            match chunk.as_bytes().get(at) {
                Some(b'"') => {
                    closed = true;
                    break;
                }
                Some(_) => at += self.escape(chunk.get(at..).unwrap_or_default(), &mut decoded),
                None => break,
            }
        }
        if !decoded.is_empty() {
            self.names.text(&decoded);
            sink.text(&decoded, &mut self.respelling)?;
        }
        if closed {
            self.end_string(sink)?;
            at += 1;
        }
        Ok(at)
    }

    /// Passes the closing quote of a string value.
    fn end_string<S: FragmentSink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        sink.close(&mut self.respelling)?;
        sink.raw("\"")?;
        self.grammar.string_closed();
        Ok(())
    }

    /// Reads the escape at the start of `rest`, or keeps it if it is torn.
    fn escape(&mut self, rest: &str, decoded: &mut String) -> usize {
        match take_escape(rest.as_bytes()) {
            Escape::Torn => {
                self.torn.set(rest.as_bytes());
                rest.len()
            }
            Escape::Whole { char, used } => {
                let raw = rest.get(..used).unwrap_or_default();
                self.respelling.note_escape(char, raw);
                decoded.push(char);
                used
            }
        }
    }

    /// Completes the torn escape with the first bytes of a chunk; says how many it took.
    fn mend(&mut self, chunk: &str, decoded: &mut String) -> usize {
        let mut at = 0;
        while self.torn.len > 0 {
            match chunk.as_bytes().get(at) {
                // An escape is ASCII, so anything else ends it.
                Some(&byte) if byte.is_ascii() => {
                    let mut longer = self.torn;
                    longer.push(byte);
                    match take_escape(longer.bytes()) {
                        Escape::Torn => {
                            self.torn = longer;
                            at += 1;
                        }
                        Escape::Whole { used, .. } if used == longer.len => {
                            self.torn = longer;
                            at += 1;
                            self.release_first(decoded);
                        }
                        // It was whole without this byte, which is read again.
                        Escape::Whole { .. } => self.release_first(decoded),
                    }
                }
                Some(_) => self.release_torn(decoded),
                None => break,
            }
        }
        at
    }

    /// Lets the first escape of the torn bytes go, which is certain by now.
    fn release_first(&mut self, decoded: &mut String) {
        let torn = std::mem::take(&mut self.torn);
        let text = std::str::from_utf8(torn.bytes()).unwrap_or_default();
        let (char, used) = match take_escape(torn.bytes()) {
            Escape::Whole { char, used } => (char, used),
            Escape::Torn => whole_as_it_is(torn.bytes()),
        };
        self.respelling
            .note_escape(char, text.get(..used).unwrap_or_default());
        decoded.push(char);
        let rest = text.get(used..).unwrap_or_default();
        if rest.starts_with('\\') {
            self.torn.set(rest.as_bytes());
        } else {
            self.respelling.note_plain(rest);
            decoded.push_str(rest);
        }
    }

    fn release_torn(&mut self, decoded: &mut String) {
        while self.torn.len > 0 {
            self.release_first(decoded);
        }
    }
}

/// What a torn escape is if nothing follows that could complete it: half of a surrogate pair, or
/// a backslash that stands for itself.
fn whole_as_it_is(bytes: &[u8]) -> (char, usize) {
    let mut closed = bytes.to_vec();
    closed.push(b'"');
    match take_escape(&closed) {
        Escape::Whole { char, used } if used <= bytes.len() => (char, used),
        _ => ('\\', 1),
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Torn {
    bytes: [u8; LONGEST_ESCAPE],
    len: usize,
}

impl Torn {
    fn set(&mut self, bytes: &[u8]) {
        self.len = 0;
        for byte in bytes {
            self.push(*byte);
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

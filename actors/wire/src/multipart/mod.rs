//! Reads `multipart/form-data` as it passes, whole or cut into pieces anywhere.
//!
//! Owns: where one part ends and the next begins, and what its head says. Every byte that comes in
//! goes out again, in a frame, as a head or as data of a part, so who changes nothing passes the
//! same bytes.
//!
//! Never does: keep a body. Held back are an unfinished head, at most [`LONGEST_HEAD`] bytes, and
//! the end of a piece that may be the beginning of a delimiter.
//!
//! Strict where two readers could differ: text before the first delimiter or behind the last one,
//! white space behind a delimiter, a delimiter that goes on as something else, a part without a
//! name, and encodings that hide a text are refused. All common clients write none of these.
//!
//! Called by: the edge for fields that decide where a request goes, the redactor for the rest.
//!
//! # Source
//! RFC 7578 (form data) and RFC 2046 section 5.1.1 (delimiters).

mod head;
#[cfg(test)]
mod tests;
mod texts;

use std::fmt;

use bytes::{Bytes, BytesMut};
use memchr::memmem;

pub use head::PartHead;
pub use texts::{HeadPart, HeadText};

/// Longest head of one part.
pub const LONGEST_HEAD: usize = 8 << 10;
/// Most parts of one form; the largest forms of the known APIs have some thirty.
pub const MOST_PARTS: usize = 256;
/// RFC 2046 section 5.1.1.
const LONGEST_BOUNDARY: usize = 70;

/// What a piece of a form is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes between the parts: delimiters, the end. To be passed on as they are.
    Frame(Bytes),
    /// A part begins, with these bytes; its data follows.
    Part(PartHead),
    /// Data of the part that is open.
    Data(Bytes),
    /// The part that was open has ended.
    End,
}

/// Why a form cannot be read. None of them says anything about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormError {
    /// The content type has no boundary, or one that is not allowed.
    Boundary,
    /// What stands where a delimiter must be is none.
    Delimiter,
    /// A part's head is longer than [`LONGEST_HEAD`].
    HeadTooLong,
    /// A part's head cannot be read, or two readers could read it in two ways.
    Head,
    /// A part is encoded, so that nobody could look for secrets in it.
    Encoded,
    /// There are more than [`MOST_PARTS`] parts.
    TooManyParts,
    /// The form ended before its last delimiter.
    Incomplete,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boundary => "the content type names no usable boundary",
            Self::Delimiter => "a delimiter between two parts is not well-formed",
            Self::HeadTooLong => "the head of a part is longer than 8 KiB",
            Self::Head => "the head of a part is not well-formed",
            Self::Encoded => "a part has a content-transfer-encoding or another charset than utf-8",
            Self::TooManyParts => "there are more than 256 parts",
            Self::Incomplete => "the form ended before its last delimiter",
        })
    }
}

impl std::error::Error for FormError {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first delimiter comes, which has no line end before it.
    Beginning,
    /// The two bytes behind a delimiter.
    AfterDelimiter,
    Head,
    Data,
    /// A line end at most.
    Epilogue,
}

/// See the module's text.
#[derive(Debug)]
pub struct FormReader {
    /// `\r\n--` and the boundary.
    delimiter: Vec<u8>,
    state: State,
    held: BytesMut,
    parts: usize,
    /// The line end behind the last delimiter has been.
    ended: bool,
}

impl FormReader {
    /// A reader for the form that this content type announces.
    ///
    /// # Errors
    /// [`FormError::Boundary`].
    pub fn new(content_type: &str) -> Result<Self, FormError> {
        let boundary = head::boundary_of(content_type).ok_or(FormError::Boundary)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
        let usable = (1..=LONGEST_BOUNDARY).contains(&boundary.len())
            && boundary.bytes().all(allowed)
            && !boundary.ends_with(' ');
        if !usable {
            return Err(FormError::Boundary);
        }
        Ok(Self {
            delimiter: [b"\r\n--", boundary.as_bytes()].concat(),
            state: State::Beginning,
            held: BytesMut::new(),
            parts: 0,
            ended: false,
        })
    }

    /// Takes what came and adds what it is to `out`.
    ///
    /// # Errors
    /// [`FormError`]; nothing may be passed on after it.
    pub fn push(&mut self, bytes: Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        let mut rest = self.joined(bytes);
        while !rest.is_empty() {
            let before = (rest.len(), self.state);
            self.step(&mut rest, out)?;
            if (rest.len(), self.state) == before {
                // Not enough of it is here.
                self.held.extend_from_slice(&rest);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Nothing follows.
    ///
    /// # Errors
    /// [`FormError::Incomplete`] unless the last delimiter has passed.
    pub fn finish(&self) -> Result<(), FormError> {
        match self.state {
            State::Epilogue if self.held.is_empty() => Ok(()),
            _ => Err(FormError::Incomplete),
        }
    }

    /// Bytes held back now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// What was held back, with what came. Nothing is copied where nothing was held.
    fn joined(&mut self, bytes: Bytes) -> Bytes {
        if self.held.is_empty() {
            return bytes;
        }
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(&bytes);
        held.freeze()
    }

    fn step(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        match self.state {
            State::Beginning => self.beginning(rest, out),
            State::AfterDelimiter => self.after_delimiter(rest, out),
            State::Head => self.head(rest, out),
            State::Data => {
                self.data(rest, out);
                Ok(())
            }
            State::Epilogue => self.epilogue(rest, out),
        }
    }

    fn beginning(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        let first = self.delimiter.get(2..).unwrap_or_default();
        let known = rest.len().min(first.len());
        if rest.get(..known) != first.get(..known) {
            return Err(FormError::Delimiter);
        }
        if rest.len() >= first.len() {
            out.push(Piece::Frame(rest.split_to(first.len())));
            self.state = State::AfterDelimiter;
        }
        Ok(())
    }

    fn after_delimiter(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        let next = match rest.get(..2) {
            None => return Ok(()),
            Some(b"\r\n") => State::Head,
            Some(b"--") => State::Epilogue,
            Some(_) => return Err(FormError::Delimiter),
        };
        out.push(Piece::Frame(rest.split_to(2)));
        self.state = next;
        Ok(())
    }

    fn head(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        let seen = rest.get(..rest.len().min(LONGEST_HEAD)).unwrap_or_default();
        let Some(end) = memmem::find(seen, b"\r\n\r\n").map(|at| at + 4) else {
            return if rest.len() >= LONGEST_HEAD {
                Err(FormError::HeadTooLong)
            } else {
                Ok(())
            };
        };
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(FormError::TooManyParts);
        }
        out.push(Piece::Part(PartHead::parse(rest.split_to(end))?));
        self.state = State::Data;
        Ok(())
    }

    fn data(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) {
        match memmem::find(rest, &self.delimiter) {
            Some(at) => {
                add_data(rest.split_to(at), out);
                out.push(Piece::End);
                out.push(Piece::Frame(rest.split_to(self.delimiter.len())));
                self.state = State::AfterDelimiter;
            }
            None => {
                let kept = begun(rest, &self.delimiter);
                add_data(rest.split_to(rest.len() - kept), out);
            }
        }
    }

    fn epilogue(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), FormError> {
        match rest.as_ref() {
            _ if self.ended => Err(FormError::Delimiter),
            b"\r" => Ok(()),
            b"\r\n" => {
                out.push(Piece::Frame(std::mem::take(rest)));
                self.ended = true;
                Ok(())
            }
            _ => Err(FormError::Delimiter),
        }
    }
}

fn add_data(data: Bytes, out: &mut Vec<Piece>) {
    if !data.is_empty() {
        out.push(Piece::Data(data));
    }
}

/// How many bytes at the end of `bytes` may be the beginning of `delimiter`.
fn begun(bytes: &[u8], delimiter: &[u8]) -> usize {
    let longest = bytes.len().min(delimiter.len().saturating_sub(1));
    let tail = bytes.get(bytes.len() - longest..).unwrap_or_default();
    // A delimiter begins with the only `\r` that it can have.
    let starts = memchr::memchr_iter(b'\r', tail);
    let mut suffixes = starts.filter_map(|at| tail.get(at..));
    let fits = |suffix: &&[u8]| delimiter.starts_with(suffix);
    suffixes.find(fits).map_or(0, <[u8]>::len)
}

//! Server-sent events: a scanner over any chunking, and the few events that we write.
//!
//! Owns: lines, comments, fields, and the bound on both. Never looks into the data. For a buffer of
//! whole events there is [`events`], which also writes one again with other data.
//! One scanner belongs to one stream. An event that lies within one chunk is handed on as a slice
//! of that chunk; only what a cut tears apart is copied.
//!
//! # Source
//! WHATWG HTML, section 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream",
//! except that `id` and `retry` are not kept: no provider API uses them.

mod whole;

use std::cell::Cell;
use std::ops::Range;

use bytes::Bytes;

use crate::error::WireError;
pub use whole::{Events, WholeEvent, events};

/// The event that ends a Chat Completions stream.
pub const DONE: &[u8] = b"data: [DONE]\n\n";

/// A comment, which clients skip: shows them that the connection lives.
pub const KEEP_ALIVE: &[u8] = b": keep-alive\n\n";

/// Longest line, and longest data of one event, in bytes. Images come in one event (Gemini's
/// `inlineData`, the final event of a response), and so do whole replies.
pub const DEFAULT_LIMIT: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event with this data.
///
/// Data with line breaks is written as several `data:` lines, which a reader joins again.
pub fn data_event(json: impl AsRef<[u8]>) -> Bytes {
    let json = json.as_ref();
    let mut out = Vec::with_capacity(json.len() + 16);
    for line in json.split(|byte| *byte == b'\n') {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.push(b'\n');
    Bytes::from(out)
}

/// An event as the scanner hands it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// Value of the `event:` field; empty if there was none.
    pub name: &'a [u8],
    /// All `data:` lines, joined with line feeds.
    pub data: &'a [u8],
}

impl Event<'_> {
    /// Whether this is the event that ends a Chat Completions stream.
    pub fn is_done(&self) -> bool {
        self.data.trim_ascii() == b"[DONE]"
    }
}

/// Whether a stream goes on behind an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// It does.
    Goes,
    /// The event is its last.
    EndsAfter,
    /// The event is none of the stream any more.
    EndedBefore,
}

/// Finds the events of a stream, however it is cut into chunks.
#[derive(Debug)]
pub struct EventScanner {
    limit: usize,
    /// The torn line at the end of the last chunk.
    line: Vec<u8>,
    /// Data of the event that is open, as far as it had to be copied.
    data: Vec<u8>,
    has_data: bool,
    name: Vec<u8>,
    /// Whether a line of an event was read since the last empty line.
    event_open: bool,
    /// Whether the last byte was `\r`, so that `\n` belongs to it.
    after_return: bool,
    /// Whether no line was complete yet, so that a byte order mark may come.
    first_line: bool,
}

impl Default for EventScanner {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the data of the open event stands while a chunk is scanned.
enum Held {
    Nowhere,
    /// In the chunk, as one slice.
    InChunk(Range<usize>),
    /// In the scanner's own buffer.
    Copied,
}

impl EventScanner {
    /// A scanner with the default limit of 1 MiB.
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// A scanner that refuses a line, or the data of an event, longer than `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            data: Vec::new(),
            has_data: false,
            name: Vec::new(),
            event_open: false,
            after_return: false,
            first_line: true,
        }
    }

    /// Whether the stream stands between two events: nothing was begun and left open.
    ///
    /// A stream that ends elsewhere was cut off, and a gateway that has something to add must
    /// close the open event first.
    pub fn at_boundary(&self) -> bool {
        self.line.is_empty() && !self.event_open
    }

    /// Takes the next chunk and hands on each event that it completes.
    ///
    /// # Errors
    /// [`WireError::EventTooLong`]; the scanner is of no use after it.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(Event<'_>)) -> Result<(), WireError> {
        let all = |event: Event<'_>| {
            each(event);
            Onward::Goes
        };
        self.push_until(chunk, all).map(|_| ())
    }

    /// As [`push`](Self::push), until an event is said to be the last. Gives the length of what of
    /// this chunk belongs to the stream: all of it, if none was. The scanner is of no use after the
    /// last event.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_until(
        &mut self,
        chunk: &[u8],
        mut each: impl FnMut(Event<'_>) -> Onward,
    ) -> Result<usize, WireError> {
        let onward = Cell::new(Onward::Goes);
        let mut each = |event: Event<'_>| onward.set(each(event));
        let mut held = if self.has_data {
            Held::Copied
        } else {
            Held::Nowhere
        };
        let mut at = self.skip_torn_return(chunk);
        // Where the events that were handed on end.
        let mut passed = 0;
        while let Some(len) = find_line_end(chunk.get(at..).unwrap_or_default()) {
            let line = at..at + len;
            at = self.past_line_end(chunk, line.end);
            self.check(self.line.len() + len)?;
            if self.line.is_empty() {
                self.whole_line(chunk, line, &mut held, &mut each)?;
            } else {
                self.torn_line(chunk, line, &mut held, &mut each)?;
            }
            match onward.get() {
                Onward::Goes if self.event_open => {}
                Onward::Goes => passed = at,
                Onward::EndsAfter => return Ok(at),
                Onward::EndedBefore => return Ok(passed),
            }
        }
        self.keep_rest(chunk.get(at..).unwrap_or_default())?;
        if let Held::InChunk(range) = held {
            self.copy_data(chunk, range);
        }
        Ok(chunk.len())
    }

    /// A `\n` at the start of a chunk whose forerunner ended with `\r`.
    fn skip_torn_return(&mut self, chunk: &[u8]) -> usize {
        if chunk.is_empty() {
            return 0;
        }
        let torn = self.after_return && chunk.first() == Some(&b'\n');
        self.after_return = false;
        usize::from(torn)
    }

    fn past_line_end(&mut self, chunk: &[u8], end: usize) -> usize {
        match (chunk.get(end), chunk.get(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => end + 2,
            (Some(b'\r'), None) => {
                self.after_return = true;
                end + 1
            }
            _ => end + 1,
        }
    }

    fn keep_rest(&mut self, rest: &[u8]) -> Result<(), WireError> {
        self.check(self.line.len() + rest.len())?;
        self.line.extend_from_slice(rest);
        Ok(())
    }

    fn whole_line(
        &mut self,
        chunk: &[u8],
        line: Range<usize>,
        held: &mut Held,
        each: &mut impl FnMut(Event<'_>),
    ) -> Result<(), WireError> {
        let mut line = line;
        let bytes = chunk.get(line.clone()).unwrap_or_default();
        if std::mem::take(&mut self.first_line) && bytes.starts_with(BYTE_ORDER_MARK) {
            line.start += BYTE_ORDER_MARK.len();
        }
        let bytes = chunk.get(line.clone()).unwrap_or_default();
        match field_of(bytes) {
            Field::End => self.dispatch(chunk, held, each),
            Field::Data(value) => {
                let range = line.end - value.len()..line.end;
                self.event_open = true;
                match held {
                    Held::Nowhere => *held = Held::InChunk(range),
                    _ => self.append_data(chunk, held, value)?,
                }
            }
            Field::Name(value) => self.set_name(value),
            Field::Other => self.event_open = true,
            Field::Comment => {}
        }
        Ok(())
    }

    fn torn_line(
        &mut self,
        chunk: &[u8],
        line: Range<usize>,
        held: &mut Held,
        each: &mut impl FnMut(Event<'_>),
    ) -> Result<(), WireError> {
        let mut torn = std::mem::take(&mut self.line);
        torn.extend_from_slice(chunk.get(line).unwrap_or_default());
        let mut bytes = torn.as_slice();
        if std::mem::take(&mut self.first_line) {
            bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        }
        match field_of(bytes) {
            Field::End => self.dispatch(chunk, held, each),
            Field::Data(value) => {
                self.event_open = true;
                self.append_data(chunk, held, value)?;
            }
            Field::Name(value) => self.set_name(value),
            Field::Other => self.event_open = true,
            Field::Comment => {}
        }
        torn.clear();
        self.line = torn;
        Ok(())
    }

    fn set_name(&mut self, name: &[u8]) {
        self.event_open = true;
        self.name.clear();
        self.name.extend_from_slice(name);
    }

    fn append_data(
        &mut self,
        chunk: &[u8],
        held: &mut Held,
        value: &[u8],
    ) -> Result<(), WireError> {
        if let Held::InChunk(range) = std::mem::replace(held, Held::Copied) {
            self.copy_data(chunk, range);
        }
        if self.has_data {
            self.data.push(b'\n');
        }
        self.check(self.data.len() + value.len())?;
        self.data.extend_from_slice(value);
        self.has_data = true;
        Ok(())
    }

    fn copy_data(&mut self, chunk: &[u8], range: Range<usize>) {
        self.data
            .extend_from_slice(chunk.get(range).unwrap_or_default());
        self.has_data = true;
    }

    fn dispatch(&mut self, chunk: &[u8], held: &mut Held, each: &mut impl FnMut(Event<'_>)) {
        let data = match std::mem::replace(held, Held::Nowhere) {
            Held::Nowhere => None,
            Held::InChunk(range) => chunk.get(range),
            Held::Copied => Some(self.data.as_slice()),
        };
        if let Some(data) = data {
            each(Event {
                name: &self.name,
                data,
            });
        }
        self.data.clear();
        self.name.clear();
        self.has_data = false;
        self.event_open = false;
    }

    fn check(&self, len: usize) -> Result<(), WireError> {
        if len > self.limit {
            return Err(WireError::EventTooLong { limit: self.limit });
        }
        Ok(())
    }
}

enum Field<'a> {
    End,
    Comment,
    Data(&'a [u8]),
    Name(&'a [u8]),
    Other,
}

fn field_of(line: &[u8]) -> Field<'_> {
    if let Some(value) = value_of(line, b"data") {
        return Field::Data(value);
    }
    if let Some(value) = value_of(line, b"event") {
        return Field::Name(value);
    }
    match line.first() {
        None => Field::End,
        Some(b':') => Field::Comment,
        Some(_) => Field::Other,
    }
}

/// The value of a line that has this field name: after the colon and one space, if there are any.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

fn find_line_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', bytes)
}

#[cfg(test)]
mod tests;

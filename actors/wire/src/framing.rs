//! What stands around the events of a stream, where it is not server-sent events.
//!
//! Owns both directions: [`Unframer`] makes events of a provider's lines or frames, [`Framer`]
//! makes lines, frames or a JSON array of events. In between everything in the gateway sees
//! events only. Never looks into the documents.

use bytes::Bytes;
use memchr::memchr;

use crate::aws_event_stream::{FrameReader, write_frame};
use crate::canonical::raw;
use crate::error::WireError;
use crate::format::ApiFormat;
use crate::sse::{DEFAULT_LIMIT, events};

/// Makes events of what a provider sends.
#[derive(Debug)]
pub struct Unframer(Source);

#[derive(Debug)]
enum Source {
    /// Ollama: a document a line. Holds the torn last line.
    Lines(Vec<u8>),
    /// Bedrock.
    Frames(FrameReader),
}

impl Unframer {
    /// For formats that need one.
    pub fn of(format: ApiFormat) -> Option<Self> {
        match format {
            ApiFormat::Ollama => Some(Self(Source::Lines(Vec::new()))),
            ApiFormat::Bedrock => Some(Self(Source::Frames(FrameReader::new()))),
            _ => None,
        }
    }

    /// Whether nothing was begun and left open.
    pub fn at_boundary(&self) -> bool {
        match &self.0 {
            Source::Lines(torn) => torn.is_empty(),
            Source::Frames(frames) => frames.at_boundary(),
        }
    }

    /// The event that the end of the stream completes: a last line may have no line end.
    pub fn end(&mut self) -> Bytes {
        let mut out = Vec::new();
        if let Source::Lines(torn) = &mut self.0 {
            let document = torn.trim_ascii();
            if raw::document(document).is_ok() {
                push_event(b"", document, &mut out);
                torn.clear();
            }
        }
        out.into()
    }

    /// The events that this chunk completes.
    ///
    /// # Errors
    /// A line or frame that is broken or too long.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Bytes, WireError> {
        let mut out = Vec::with_capacity(chunk.len() + 64);
        match &mut self.0 {
            Source::Lines(torn) => push_lines(torn, chunk, &mut out)?,
            Source::Frames(frames) => {
                frames.push(chunk, |frame| {
                    push_event(frame.event.as_bytes(), frame.payload, &mut out)
                })?;
            }
        }
        Ok(out.into())
    }
}

fn push_lines(torn: &mut Vec<u8>, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), WireError> {
    let mut rest = chunk;
    while let Some(end) = memchr(b'\n', rest) {
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        torn.extend_from_slice(line);
        let document = torn.trim_ascii();
        if !document.is_empty() {
            push_event(b"", document, out);
        }
        torn.clear();
    }
    torn.extend_from_slice(rest);
    if torn.len() > DEFAULT_LIMIT {
        return Err(WireError::EventTooLong {
            limit: DEFAULT_LIMIT,
        });
    }
    Ok(())
}

/// A document as the data of an event without a name.
pub fn as_event(document: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(document.len() + 16);
    push_event(b"", document, &mut out);
    out.into()
}

/// A document on one line is one `data:` line; one with line breaks is several. A name with a line
/// break is none.
fn push_event(name: &[u8], document: &[u8], out: &mut Vec<u8>) {
    let breaks = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !name.is_empty() && !name.iter().any(breaks) {
        out.extend_from_slice(b"event: ");
        out.extend_from_slice(name);
        out.push(b'\n');
    }
    for line in document.split(breaks) {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// Makes of events what a client's format has instead.
#[derive(Debug)]
pub enum Framer {
    /// Events as they are.
    Events,
    /// Ollama: a document a line.
    Lines,
    /// Bedrock: binary frames.
    Frames,
    /// Gemini without `alt=sse`: one JSON array. Says whether an element was written.
    Array {
        /// Whether the array was opened.
        opened: bool,
    },
}

impl Framer {
    /// For a client of this format. `array` if a Gemini client did not ask for events.
    pub fn of(format: ApiFormat, array: bool) -> Self {
        match format {
            ApiFormat::Ollama => Self::Lines,
            ApiFormat::Bedrock => Self::Frames,
            ApiFormat::Gemini if array => Self::Array { opened: false },
            _ => Self::Events,
        }
    }

    /// The content type of the stream.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Events => "text/event-stream; charset=utf-8",
            Self::Lines => "application/x-ndjson",
            Self::Frames => "application/vnd.amazon.eventstream",
            Self::Array { .. } => "application/json; charset=utf-8",
        }
    }

    /// Whole events in the client's frame. Comments, which only events have, are left out.
    pub fn frame(&mut self, whole: Bytes) -> Bytes {
        if matches!(self, Self::Events) {
            return whole;
        }
        let mut out = Vec::with_capacity(whole.len() + 64);
        for event in events(&whole) {
            if let Some(data) = event.data.as_deref().filter(|data| !data.is_empty()) {
                self.document(event.name, data, &mut out);
            }
        }
        out.into()
    }

    /// What ends the stream.
    pub fn finish(&mut self) -> Bytes {
        match self {
            Self::Array { opened: true } => Bytes::from_static(b"\n]\n"),
            Self::Array { opened: false } => Bytes::from_static(b"[]\n"),
            _ => Bytes::new(),
        }
    }

    fn document(&mut self, name: &[u8], data: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Events => {}
            Self::Lines => push_line(data, out),
            Self::Frames => {
                let name = std::str::from_utf8(name).unwrap_or_default();
                write_frame(name, data, name.ends_with("xception"), out);
            }
            Self::Array { opened } => {
                let before: &[u8] = if *opened { b",\n" } else { b"[" };
                *opened = true;
                out.extend_from_slice(before);
                out.extend_from_slice(data);
            }
        }
    }
}

/// A document on one line. Two characters that JSON allows as they are, U+2028 and U+2029, end a
/// line for some readers (Ollama's SDK for Python), so they are escaped, as Ollama itself does.
fn push_line(data: &[u8], out: &mut Vec<u8>) {
    let mut rest = data;
    while let Some(&byte) = rest.first() {
        let (spelling, length): (&[u8], usize) = match rest {
            [0xe2, 0x80, 0xa8, ..] => (b"\\u2028", 3),
            [0xe2, 0x80, 0xa9, ..] => (b"\\u2029", 3),
            [b'\n' | b'\r', ..] => (b"", 1),
            _ => (std::slice::from_ref(&byte), 1),
        };
        out.extend_from_slice(spelling);
        rest = rest.get(length..).unwrap_or_default();
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_events_however_they_are_cut() {
        let whole = b"{\"a\":1}\r\n\n{\"b\":2}\n";
        for cut in 0..whole.len() {
            let mut unframer = Unframer::of(ApiFormat::Ollama).unwrap();
            let (first, second) = whole.split_at(cut);
            let out = [
                unframer.push(first).unwrap(),
                unframer.push(second).unwrap(),
            ]
            .concat();
            assert_eq!(out, b"data: {\"a\":1}\n\ndata: {\"b\":2}\n\n", "{cut}");
            assert!(unframer.at_boundary());
        }
    }

    #[test]
    fn what_some_readers_take_for_the_end_of_a_line_is_escaped() {
        let event = Bytes::from("data: {\"a\":\"x\u{2028}y\u{2029}\u{e9}\"}\n\n");
        let line = Framer::Lines.frame(event);
        assert_eq!(line, "{\"a\":\"x\\u2028y\\u2029\u{e9}\"}\n");
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut unframer = Unframer::of(ApiFormat::Ollama).unwrap();
        let long = vec![b'x'; DEFAULT_LIMIT + 1];
        assert!(unframer.push(&long).is_err());
    }

    #[test]
    fn events_become_lines_and_arrays() {
        let events =
            Bytes::from_static(b"data: {\"a\":1}\n\n: alive\n\ndata: {\"b\":\ndata: 2}\n\n");
        assert_eq!(
            Framer::Lines.frame(events.clone()),
            "{\"a\":1}\n{\"b\":2}\n"
        );
        let mut array = Framer::of(ApiFormat::Gemini, true);
        let whole = [array.frame(events), array.finish()].concat();
        let read: Vec<serde_json::Value> = serde_json::from_slice(&whole).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(Framer::of(ApiFormat::Gemini, true).finish(), "[]\n");
    }
}

//! Binary event streams of AWS, which Bedrock speaks instead of server-sent events.
//!
//! Owns: frames over any chunking, their checksums, the bound on their size, and writing one.
//! Never looks into a payload. One reader belongs to one stream; a frame that lies within one chunk
//! is handed on as slices of that chunk, only what a cut tears apart is copied.
//!
//! # Source
//! Smithy, "Amazon Event Stream Specification" (application/vnd.amazon.eventstream), read
//! 22 Nov 2026; checked against `botocore` 1.44.5, which wrote the golden frames. A frame is
//! the prelude (length of all, length of headers, CRC-32 of both), headers, payload and the CRC-32
//! of everything before it; numbers are big-endian.

use std::str;

use crate::error::WireError;
use crate::sse::DEFAULT_LIMIT;

/// Two lengths and their checksum.
const PRELUDE: usize = 12;
/// The checksum at the end.
const CHECKSUM: usize = 4;
/// Type of a header whose value is a string.
const STRING: u8 = 7;

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// `:event-type`, or for an exception `:exception-type` or `:error-code`; may be empty.
    pub event: &'a str,
    /// Whether the frame is an error of the service and not an event.
    pub exception: bool,
    /// The document.
    pub payload: &'a [u8],
}

/// Finds the frames of a stream, however it is cut into chunks.
#[derive(Debug)]
pub struct FrameReader {
    limit: usize,
    /// The frame that the last chunk left open.
    torn: Vec<u8>,
}

impl Default for FrameReader {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameReader {
    /// A reader that takes frames of up to 1 MiB, as much as the events of other streams.
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// A reader that refuses a frame longer than `limit` bytes, before it holds any of it.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            torn: Vec::new(),
        }
    }

    /// Whether the stream stands between two frames.
    pub fn at_boundary(&self) -> bool {
        self.torn.is_empty()
    }

    /// Takes the next bytes and hands on each frame that they complete.
    ///
    /// # Errors
    /// A frame that is too long or whose checksums or lengths are wrong. The reader is of no use
    /// after it, since the place of the next frame is not known.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(Frame<'_>)) -> Result<(), WireError> {
        let mut rest = self.complete_torn(chunk, &mut each)?;
        while let Some(total) = self.frame_length(rest)? {
            let Some((frame, after)) = rest.split_at_checked(total) else {
                break;
            };
            each(parse(frame)?);
            rest = after;
        }
        self.torn.extend_from_slice(rest);
        Ok(())
    }

    /// Adds to the torn frame until it is whole; what is left of the chunk.
    fn complete_torn<'c>(
        &mut self,
        chunk: &'c [u8],
        each: &mut impl FnMut(Frame<'_>),
    ) -> Result<&'c [u8], WireError> {
        let mut rest = chunk;
        while !self.torn.is_empty() {
            let wanted = self.frame_length(&self.torn)?.unwrap_or(PRELUDE);
            let missing = wanted.saturating_sub(self.torn.len());
            let (more, after) = rest.split_at(missing.min(rest.len()));
            self.torn.extend_from_slice(more);
            rest = after;
            if more.len() < missing {
                break;
            }
            if wanted > PRELUDE {
                each(parse(&self.torn)?);
                self.torn.clear();
            }
        }
        Ok(rest)
    }

    /// The length of the frame that begins here; `None` if its prelude is not whole.
    fn frame_length(&self, bytes: &[u8]) -> Result<Option<usize>, WireError> {
        let Some(prelude) = bytes.first_chunk::<PRELUDE>() else {
            return Ok(None);
        };
        let (lengths, checksum) = prelude.split_at(8);
        if crc32(lengths).to_be_bytes() != checksum {
            return Err(WireError::BrokenFrame("the prelude's checksum"));
        }
        let (total, headers) = (number(bytes, 0), number(bytes, 4));
        if headers.saturating_add(PRELUDE + CHECKSUM) > total {
            return Err(WireError::BrokenFrame("the lengths"));
        }
        if total > self.limit {
            return Err(WireError::EventTooLong { limit: self.limit });
        }
        Ok(Some(total))
    }
}

/// The four bytes at this place; 0 if they are not there.
fn number(bytes: &[u8], at: usize) -> usize {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    found.map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize)
}

/// A whole frame whose prelude was checked.
fn parse(frame: &[u8]) -> Result<Frame<'_>, WireError> {
    let broken = WireError::BrokenFrame("the lengths");
    let (content, checksum) = frame.split_last_chunk::<CHECKSUM>().ok_or(broken.clone())?;
    if crc32(content).to_be_bytes() != *checksum {
        return Err(WireError::BrokenFrame("the checksum"));
    }
    let after_prelude = content.get(PRELUDE..).ok_or(broken.clone())?;
    let (headers, payload) = after_prelude
        .split_at_checked(number(content, 4))
        .ok_or(broken)?;
    let mut found = Frame {
        event: "",
        exception: false,
        payload,
    };
    let mut rest = headers;
    while !rest.is_empty() {
        let (header, after) = header(rest).ok_or(WireError::BrokenFrame("a header"))?;
        rest = after;
        match header {
            (b":event-type" | b":exception-type" | b":error-code", Some(name)) => {
                found.event = name;
            }
            (b":message-type", Some(kind)) => found.exception = kind != "event",
            _ => {}
        }
    }
    Ok(found)
}

/// Name and value of a header, the value only if it is a string.
type Header<'a> = (&'a [u8], Option<&'a str>);

/// The first header, and what comes after it.
fn header(bytes: &[u8]) -> Option<(Header<'_>, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*length))?;
    let (kind, rest) = rest.split_first()?;
    let (length, rest) = match kind {
        // True and false are in the type itself.
        0 | 1 => (0, rest),
        2 => (1, rest),
        3 => (2, rest),
        4 => (4, rest),
        5 | 8 => (8, rest),
        6 | &STRING => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        9 => (16, rest),
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    let text = match *kind {
        STRING => Some(str::from_utf8(value).ok()?),
        _ => None,
    };
    Some(((name, text), rest))
}

/// Appends a frame with a JSON document.
///
/// `event` is the type of the event or of the exception; it is cut at 64 KiB.
pub fn write_frame(event: &str, payload: &[u8], exception: bool, out: &mut Vec<u8>) {
    let (name, kind) = if exception {
        (":exception-type", "exception")
    } else {
        (":event-type", "event")
    };
    let mut headers = Vec::with_capacity(96);
    write_header(name, event, &mut headers);
    write_header(":content-type", "application/json", &mut headers);
    write_header(":message-type", kind, &mut headers);
    let start = out.len();
    let total = PRELUDE + headers.len() + payload.len() + CHECKSUM;
    out.reserve(total);
    out.extend_from_slice(&length_of(total));
    out.extend_from_slice(&length_of(headers.len()));
    push_checksum(start, out);
    out.extend_from_slice(&headers);
    out.extend_from_slice(payload);
    push_checksum(start, out);
}

fn length_of(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn push_checksum(start: usize, out: &mut Vec<u8>) {
    let checksum = crc32(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&checksum.to_be_bytes());
}

fn write_header(name: &str, value: &str, out: &mut Vec<u8>) {
    out.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(name.as_bytes());
    out.push(STRING);
    let most = value.floor_char_boundary(usize::from(u16::MAX));
    let value = value.get(..most).unwrap_or_default();
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(value.as_bytes());
}

/// CRC-32 as in IEEE 802.3, reflected; eight bytes at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let [t0, t1, t2, t3, t4, t5, t6, t7] = &TABLES;
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut sum = u32::MAX;
    for [a, b, c, d, e, f, g, h] in eights {
        let [low, second, third, high] = sum.to_le_bytes();
        sum = entry(t7, a ^ low) ^ entry(t6, b ^ second) ^ entry(t5, c ^ third);
        sum ^= entry(t4, d ^ high) ^ entry(t3, *e) ^ entry(t2, *f) ^ entry(t1, *g) ^ entry(t0, *h);
    }
    for byte in rest {
        let [low, ..] = sum.to_le_bytes();
        sum = (sum >> 8) ^ entry(t0, low ^ byte);
    }
    !sum
}

fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// What each value of a byte adds, if none to seven bytes follow it.
static TABLES: [[u32; 256]; 8] = tables();

#[expect(
    clippy::indexing_slicing,
    reason = "the indexes count to the arrays' lengths, when it is compiled"
)]
const fn tables() -> [[u32; 256]; 8] {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut tables = [[0; 256]; 8];
    let mut at = 0;
    while at < 256 {
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                (value >> 1) ^ POLYNOMIAL
            } else {
                value >> 1
            };
            bit += 1;
        }
        tables[0][at] = value;
        at += 1;
    }
    let mut follow = 1;
    while follow < 8 {
        let mut at = 0;
        while at < 256 {
            let before: u32 = tables[follow - 1][at];
            tables[follow][at] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            at += 1;
        }
        follow += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    type Owned = (String, bool, Vec<u8>);

    fn read(chunks: &[&[u8]]) -> Result<Vec<Owned>, WireError> {
        let (mut reader, mut seen) = (FrameReader::new(), Vec::new());
        for chunk in chunks {
            reader.push(chunk, |frame| {
                let payload = frame.payload.to_vec();
                seen.push((frame.event.to_owned(), frame.exception, payload));
            })?;
        }
        assert!(reader.at_boundary());
        Ok(seen)
    }

    /// Each golden stream with frames: the frames, and the events as lines.
    fn golden() -> Vec<(Vec<u8>, Vec<Owned>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/bedrock-converse");
        let mut all = Vec::new();
        for entry in fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(case) = name.strip_suffix(".stream.bin") else {
                continue;
            };
            let lines = folder.join(format!("{case}.stream.events.ndjson"));
            let lines = fs::read_to_string(lines).unwrap();
            let events = lines.lines().map(event_of).collect();
            all.push((fs::read(folder.join(&name)).unwrap(), events));
        }
        assert!(all.len() >= 4);
        all
    }

    fn event_of(line: &str) -> Owned {
        let line: Value = serde_json::from_str(line).unwrap();
        let exception = line[":message-type"] == "exception";
        let name = if exception {
            &line[":exception-type"]
        } else {
            &line[":event-type"]
        };
        let payload = serde_json::to_vec(&line["payload"]).unwrap();
        (name.as_str().unwrap().to_owned(), exception, payload)
    }

    fn value_of(payload: &[u8]) -> Value {
        serde_json::from_slice(payload).unwrap()
    }

    #[test]
    fn golden_frames_are_read() {
        for (file, events) in golden() {
            let seen = read(&[&file]).unwrap();
            assert_eq!(seen.len(), events.len());
            for (seen, event) in seen.iter().zip(&events) {
                assert_eq!((&seen.0, seen.1), (&event.0, event.1));
                assert_eq!(value_of(&seen.2), value_of(&event.2));
            }
        }
    }

    #[test]
    fn written_frames_are_those_of_the_official_library() {
        for (file, _) in golden() {
            let mut written = Vec::new();
            for (event, exception, payload) in read(&[&file]).unwrap() {
                write_frame(&event, &payload, exception, &mut written);
            }
            assert_eq!(written, file);
        }
    }

    #[test]
    fn a_cut_at_any_place_changes_nothing() {
        for (file, _) in golden() {
            let whole = read(&[&file]).unwrap();
            for cut in 0..=file.len() {
                let (first, second) = file.split_at(cut);
                assert_eq!(read(&[first, second]).unwrap(), whole, "{cut}");
            }
            let single: Vec<&[u8]> = file.chunks(1).collect();
            assert_eq!(read(&single).unwrap(), whole);
        }
    }

    proptest! {
        #[test]
        fn no_chunking_changes_anything(cuts in proptest::collection::vec(1_usize..400, 1..60)) {
            for (file, _) in golden() {
                let (mut chunks, mut rest) = (Vec::new(), file.as_slice());
                for cut in cuts.iter().cycle() {
                    if rest.is_empty() {
                        break;
                    }
                    let (chunk, after) = rest.split_at((*cut).min(rest.len()));
                    chunks.push(chunk);
                    rest = after;
                }
                prop_assert_eq!(read(&chunks).unwrap(), read(&[&file]).unwrap());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = FrameReader::new();
            let taken = reader.push(&bytes, |_| ()).is_ok();
            prop_assert!(taken || bytes.len() >= PRELUDE);
            prop_assert!(header(&bytes).is_none_or(|(_, rest)| rest.len() < bytes.len()));
        }
    }

    #[test]
    fn a_changed_byte_is_found() {
        let mut frame = Vec::new();
        write_frame(
            "messageStop",
            br#"{"stopReason":"end_turn"}"#,
            false,
            &mut frame,
        );
        for at in 0..frame.len() {
            let mut changed = frame.clone();
            changed[at] ^= 1;
            let mut reader = FrameReader::new();
            assert!(reader.push(&changed, |_| ()).is_err(), "{at}");
        }
    }

    #[test]
    fn a_long_frame_is_refused_by_its_prelude() {
        let mut prelude = Vec::new();
        prelude.extend_from_slice(&u32::MAX.to_be_bytes());
        prelude.extend_from_slice(&0_u32.to_be_bytes());
        push_checksum(0, &mut prelude);
        let mut reader = FrameReader::new();
        let refused = reader.push(&prelude, |_| ());
        let limit = DEFAULT_LIMIT;
        assert_eq!(refused, Err(WireError::EventTooLong { limit }));
        assert!(reader.at_boundary());
    }

    #[test]
    fn headers_of_all_types_are_skipped() {
        let mut headers = Vec::new();
        let lengths = [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 2),
            (4, 4),
            (5, 8),
            (8, 8),
            (9, 16),
        ];
        for (kind, length) in lengths {
            headers.extend_from_slice(&[1, b'x', kind]);
            headers.extend(std::iter::repeat_n(7, length));
        }
        headers.extend_from_slice(&[1, b'b', 6, 0, 2, 1, 2]);
        write_header(":error-code", "InternalError", &mut headers);
        write_header(":message-type", "error", &mut headers);
        let mut frame = Vec::new();
        frame.extend_from_slice(&length_of(PRELUDE + headers.len() + CHECKSUM));
        frame.extend_from_slice(&length_of(headers.len()));
        push_checksum(0, &mut frame);
        frame.extend_from_slice(&headers);
        push_checksum(0, &mut frame);
        let seen = read(&[&frame]).unwrap();
        assert_eq!(seen, [("InternalError".to_owned(), true, Vec::new())]);
    }
}

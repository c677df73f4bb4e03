//! Reads one HTTP/1.1 reply as it arrives and counts what is in it. Pure.
//!
//! Just enough HTTP for the load generator, and strict: a reply that is cut short, has another
//! status, no framing, or bytes behind its end is an error and not a fast answer.

use std::fmt;

const LONGEST_HEAD: usize = 16 << 10;

/// Why a reply is not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BadReply {
    Status(String),
    Head,
    Framing,
    MoreThanOne,
}

impl fmt::Display for BadReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(text) => write!(f, "answered `{text}`"),
            Self::Head => write!(f, "the head is not one of HTTP/1.1"),
            Self::Framing => write!(f, "neither content-length nor good chunks"),
            Self::MoreThanOne => write!(f, "bytes behind the end of the reply"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    Body { left: u64 },
    Size,
    Data { left: u64 },
    DataEnd,
    Trailer,
    Done,
}

/// A reply that is being read.
#[derive(Debug)]
pub(super) struct Reply {
    state: State,
    /// The head so far, later the line so far.
    text: Vec<u8>,
    body: u64,
    line_ends: u64,
}

impl Reply {
    pub(super) fn new() -> Self {
        Self {
            state: State::Head,
            text: Vec::new(),
            body: 0,
            line_ends: 0,
        }
    }

    /// Forgets the reply that was read, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        (self.state, self.body, self.line_ends) = (State::Head, 0, 0);
    }

    pub(super) fn is_whole(&self) -> bool {
        self.state == State::Done
    }

    /// Bytes of the body so far, without their framing.
    pub(super) fn body(&self) -> u64 {
        self.body
    }

    /// Events of a stream so far: each ends with an empty line and has one line of data.
    pub(super) fn events(&self) -> u64 {
        self.line_ends / 2
    }

    /// Takes what arrived.
    ///
    /// # Errors
    /// [`BadReply`]; the connection is of no use then.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<(), BadReply> {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Head => self.head(bytes)?,
                State::Body { left } => {
                    let (rest, left) = self.data(bytes, left);
                    self.state = if left == 0 {
                        State::Done
                    } else {
                        State::Body { left }
                    };
                    rest
                }
                State::Data { left } => {
                    let (rest, left) = self.data(bytes, left);
                    self.state = if left == 0 {
                        State::DataEnd
                    } else {
                        State::Data { left }
                    };
                    rest
                }
                State::Size | State::DataEnd | State::Trailer => self.line(bytes)?,
                State::Done => return Err(BadReply::MoreThanOne),
            };
        }
        Ok(())
    }

    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], BadReply> {
        let before = self.text.len();
        self.text.extend_from_slice(bytes);
        let from = before.saturating_sub(3);
        let found = self
            .text
            .get(from..)
            .and_then(|tail| tail.windows(4).position(|four| four == b"\r\n\r\n"));
        let Some(at) = found else {
            return if self.text.len() > LONGEST_HEAD {
                Err(BadReply::Head)
            } else {
                Ok(&[])
            };
        };
        let end = from + at + 4;
        self.state = framing(self.text.get(..end).unwrap_or_default())?;
        self.text.clear();
        Ok(bytes.get(end - before..).unwrap_or_default())
    }

    fn data<'a>(&mut self, bytes: &'a [u8], left: u64) -> (&'a [u8], u64) {
        let fits = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (data, rest) = bytes.split_at_checked(fits).unwrap_or((bytes, &[]));
        self.body += data.len() as u64;
        self.line_ends += data.iter().filter(|&&byte| byte == b'\n').count() as u64;
        (rest, left - data.len() as u64)
    }

    fn line<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], BadReply> {
        let Some(at) = bytes.iter().position(|&byte| byte == b'\n') else {
            self.text.extend_from_slice(bytes);
            return if self.text.len() > LONGEST_HEAD {
                Err(BadReply::Framing)
            } else {
                Ok(&[])
            };
        };
        let (line, rest) = bytes.split_at_checked(at + 1).unwrap_or((bytes, &[]));
        self.text.extend_from_slice(line);
        self.state = after_line(self.state, self.text.trim_ascii_end())?;
        self.text.clear();
        Ok(rest)
    }
}

fn after_line(state: State, line: &[u8]) -> Result<State, BadReply> {
    match (state, line.is_empty()) {
        (State::DataEnd, true) => Ok(State::Size),
        (State::Trailer, true) => Ok(State::Done),
        (State::Trailer, false) => Ok(State::Trailer),
        (State::Size, false) => Ok(match hexadecimal(line)? {
            0 => State::Trailer,
            left => State::Data { left },
        }),
        _ => Err(BadReply::Framing),
    }
}

fn hexadecimal(line: &[u8]) -> Result<u64, BadReply> {
    let digits = std::str::from_utf8(line).map_err(|_| BadReply::Framing)?;
    u64::from_str_radix(digits, 16).map_err(|_| BadReply::Framing)
}

/// How the body behind `head` is delimited; only good answers have one that is read.
fn framing(head: &[u8]) -> Result<State, BadReply> {
    let text = std::str::from_utf8(head).map_err(|_| BadReply::Head)?;
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .ok_or(BadReply::Head)?;
    if !status.starts_with("200") {
        return Err(BadReply::Status(status.to_owned()));
    }
    let fields = lines.filter_map(|line| line.split_once(':'));
    for (name, value) in fields {
        if name.eq_ignore_ascii_case("content-length") {
            let length = value.trim().parse().map_err(|_| BadReply::Framing)?;
            return Ok(if length == 0 {
                State::Done
            } else {
                State::Body { left: length }
            });
        }
        if name.eq_ignore_ascii_case("transfer-encoding") && value.trim() == "chunked" {
            return Ok(State::Size);
        }
    }
    Err(BadReply::Framing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: {}\n\r\n10\r\n\ndata: [DONE]\n\n\x20\r\n0\r\n\r\n";

    fn read(bytes: &[u8], step: usize) -> Result<Reply, BadReply> {
        let mut reply = Reply::new();
        bytes.chunks(step).try_for_each(|part| reply.push(part))?;
        Ok(reply)
    }

    #[test]
    fn a_stream_is_whole_however_it_arrives() {
        for step in 1..=STREAM.len() {
            let reply = read(STREAM, step).unwrap();
            assert!(reply.is_whole(), "step {step}");
            assert_eq!((reply.body(), reply.events()), (25, 2), "step {step}");
        }
    }

    #[test]
    fn a_body_with_its_length_is_whole_with_its_last_byte() {
        let text = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcde";
        for step in 1..=text.len() {
            assert!(read(text, step).unwrap().is_whole(), "step {step}");
            assert!(
                !read(&text[..text.len() - 1], step).unwrap().is_whole(),
                "step {step}"
            );
        }
    }

    #[test]
    fn a_second_reply_can_be_read_after_the_first() {
        let mut reply = read(STREAM, 7).unwrap();
        reply.clear();
        assert_eq!(reply.push(STREAM), Ok(()));
        assert!(reply.is_whole());
    }

    #[test]
    fn an_error_is_told_with_its_status() {
        let refused = read(b"HTTP/1.1 429 Too Many\r\ncontent-length: 0\r\n\r\n", 9).unwrap_err();
        assert_eq!(refused, BadReply::Status("429 Too Many".into()));
    }

    #[test]
    fn what_is_no_good_reply_is_refused() {
        for (text, error) in [
            (&b"HTTP/1.0 200 OK\r\n\r\n"[..], BadReply::Head),
            (b"HTTP/1.1 200 OK\r\n\r\n", BadReply::Framing),
            (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
                BadReply::Framing,
            ),
            (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
                BadReply::Framing,
            ),
            (
                b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab",
                BadReply::MoreThanOne,
            ),
        ] {
            assert_eq!(read(text, text.len()).unwrap_err(), error);
        }
    }
}

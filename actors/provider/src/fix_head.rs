//! Between awc and the socket: cures what awc 3.11 gets wrong about answers by itself.
//!
//! Interim heads (`103`) are dropped instead of taken for the answer. A head without any framing
//! is marked so that awc reads the body to the end of the connection. Any other end of the
//! connection is an error and not a complete body. An answer that is sent before the upload is
//! finished is read, and the connection is not used again.
//!
//! Owns nothing but the head that is being read. Never looks into bodies, in either direction.
//! Called by awc only; `key_injection.rs` is the next layer down.
//!
//! # Source
//! RFC 9112 section 6.3 (how long a body is) and section 9.5 (answers before the end of the
//! request); RFC 9110 section 15.2 (interim answers).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::upload_turn::UploadTurn;

/// Bytes of one head, and of all interim heads before it. awc itself stops at 128 KiB.
const LONGEST_HEAD: usize = 64 << 10;

/// See the module's text.
#[derive(Debug)]
pub struct FixHead<S> {
    io: S,
    phase: Phase,
    /// The head that is being read, then what came along with it.
    head: Vec<u8>,
    /// How much of `head` was given to awc.
    given: usize,
    /// How much of `head` is known to hold no end of a head.
    searched: usize,
    interim: usize,
    /// The peer will not read any more of this request.
    stopped: bool,
    /// Whose upload is written while this connection is written to.
    turn: UploadTurn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was sent yet, or the last answer's head was given to awc.
    Relaying { until_end: bool },
    /// A request is going out or is out; a head comes next.
    Asking {
        head_only: bool,
        head_complete: bool,
    },
}

impl<S> FixHead<S> {
    /// Wraps a fresh connection.
    pub fn new(io: S) -> Self {
        Self::of(io, UploadTurn::default())
    }

    /// Wraps a fresh connection of a client that says whose upload it writes.
    pub(crate) fn of(io: S, turn: UploadTurn) -> Self {
        Self {
            io,
            phase: Phase::Relaying { until_end: false },
            head: Vec::new(),
            given: 0,
            searched: 0,
            interim: 0,
            stopped: false,
            turn,
        }
    }

    /// Nothing more of this request is written; an upload hears of it and ends.
    fn stop(&mut self) {
        self.stopped = true;
        self.turn.stop();
    }

    /// A write while no request is under way begins one.
    fn begin_request(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Phase::Relaying { .. } = self.phase {
            if self.stopped {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.phase = Phase::Asking {
                head_only: bytes.starts_with(b"HEAD "),
                head_complete: false,
            };
            self.interim = 0;
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> FixHead<S> {
    /// Reads until the final head is complete; it is then at the start of `head`.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.take_final_head()? {
            let mut space = [0_u8; 4096];
            let mut space = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut space))?;
            if space.filled().is_empty() {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
            self.head.extend_from_slice(space.filled());
        }
        Poll::Ready(Ok(()))
    }

    /// Drops interim heads; true once a final one is complete.
    fn take_final_head(&mut self) -> io::Result<bool> {
        if let Phase::Asking {
            head_complete: true,
            ..
        } = self.phase
        {
            return Ok(true);
        }
        loop {
            let from = self.searched.saturating_sub(3);
            let unseen = self.head.get(from..).unwrap_or_default();
            let Some(end) = end_of_head(unseen).map(|end| from + end) else {
                self.searched = self.head.len();
                let too_long = self.interim + self.head.len() > LONGEST_HEAD;
                return if too_long {
                    Err(io::ErrorKind::InvalidData.into())
                } else {
                    Ok(false)
                };
            };
            self.searched = 0;
            if !is_interim(&self.head) {
                if let Phase::Asking { head_complete, .. } = &mut self.phase {
                    *head_complete = true;
                }
                return Ok(true);
            }
            self.interim += end;
            self.head.drain(..end);
            if self.interim > LONGEST_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    /// Says whether a refusal is already here while the upload cannot go on. What is not a refusal
    /// waits: the peer may well answer 200 and go on reading.
    fn is_refused_early(&mut self, cx: &mut Context<'_>) -> bool {
        match self.poll_head(cx) {
            Poll::Ready(Ok(())) => status_of(&self.head).is_none_or(|status| status >= 300),
            // Closed or broken: awc must come to read to be told so.
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        }
    }

    /// Makes the head say what awc must know, and lets it out.
    fn release_head(&mut self, head_only: bool) {
        let until_end = !head_only && ends_with_connection(&self.head);
        if until_end && let Some(minor) = self.head.get_mut(7) {
            // As HTTP/1.0 the missing length is read as it is meant.
            *minor = b'0';
        }
        if (until_end || self.stopped)
            && let Some(line) = memchr::memchr(b'\n', &self.head)
        {
            self.head
                .splice(line + 1..line + 1, *b"connection: close\r\n");
        }
        self.phase = Phase::Relaying { until_end };
        (self.given, self.searched) = (0, 0);
    }

    fn give(&mut self, out: &mut ReadBuf<'_>) {
        let left = self.head.get(self.given..).unwrap_or_default();
        let length = left.len().min(out.remaining());
        out.put_slice(left.get(..length).unwrap_or_default());
        self.given += length;
        if self.given == self.head.len() {
            self.head.clear();
            self.given = 0;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FixHead<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Phase::Asking { head_only, .. } = this.phase {
            ready!(this.poll_head(cx))?;
            this.release_head(head_only);
        }
        if !this.head.is_empty() {
            this.give(out);
            return Poll::Ready(Ok(()));
        }
        let (room, before) = (out.remaining(), out.filled().len());
        ready!(Pin::new(&mut this.io).poll_read(cx, out))?;
        let ended = room > 0 && out.filled().len() == before;
        if ended && this.phase != (Phase::Relaying { until_end: true }) {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> FixHead<S> {
    /// Turns the end of the upload into success, so that awc goes on to read the answer.
    fn or_stopped<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
        all: T,
    ) -> Poll<io::Result<T>> {
        let stop = match &written {
            Poll::Ready(Err(error)) => is_closed_by_peer(error),
            Poll::Pending => self.is_refused_early(cx),
            Poll::Ready(Ok(_)) => false,
        };
        if !stop {
            return written;
        }
        self.stop();
        Poll::Ready(Ok(all))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for FixHead<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.begin_request(bytes)?;
        // A refusal may be here long before the buffers to the peer are full.
        if !this.stopped && this.turn.is_taken() && this.is_refused_early(cx) {
            this.stop();
        }
        if this.stopped {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut this.io).poll_write(cx, bytes);
        this.or_stopped(cx, written, bytes.len())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.stopped {
            return Poll::Ready(Ok(()));
        }
        let flushed = Pin::new(&mut this.io).poll_flush(cx);
        if let Phase::Relaying { .. } = this.phase {
            return flushed;
        }
        this.or_stopped(cx, flushed, ())
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}

fn is_closed_by_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionReset | ConnectionAborted
    )
}

/// The place after the empty line that ends a head. Bare line feeds end lines too, as awc's parser
/// has it: a head that awc would take for complete must not be waited for here.
pub(crate) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| {
        let rest = bytes.get(at + 1..)?;
        if rest.starts_with(b"\n") {
            Some(at + 2)
        } else {
            rest.starts_with(b"\r\n").then_some(at + 3)
        }
    })
}

/// The status, if the head begins with a status line. Never looks past that line, since what
/// follows may not be here yet.
pub(crate) fn status_of(head: &[u8]) -> Option<u16> {
    let [minor, b' ', digits @ ..] = head.strip_prefix(b"HTTP/1.")? else {
        return None;
    };
    let digits = digits.get(..3)?;
    let numeric = minor.is_ascii_digit() && digits.iter().all(u8::is_ascii_digit);
    let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
    numeric.then_some(status)
}

fn is_interim(head: &[u8]) -> bool {
    status_of(head).is_some_and(|status| (100..200).contains(&status) && status != 101)
}

/// Tells whether the end of the connection is the only end that this answer's body has.
fn ends_with_connection(head: &[u8]) -> bool {
    let bodiless = status_of(head).is_none_or(|status| matches!(status, 101 | 204 | 304));
    !bodiless && !has_header(head, "content-length") && !has_header(head, "transfer-encoding")
}

fn has_header(head: &[u8], name: &str) -> bool {
    let end = end_of_head(head).unwrap_or(head.len());
    head.get(..end)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n')
        .skip(1)
        .filter_map(|line| line.get(..memchr::memchr(b':', line)?))
        .any(|found| found.eq_ignore_ascii_case(name.as_bytes()))
}

// awc asks for it, and never calls it.
impl<S: AsyncRead + AsyncWrite + Unpin> actix_rt::net::ActixStream for FixHead<S> {
    fn poll_read_ready(&self, _: &mut Context<'_>) -> Poll<io::Result<actix_rt::net::Ready>> {
        Poll::Ready(Ok(actix_rt::net::Ready::READABLE))
    }

    fn poll_write_ready(&self, _: &mut Context<'_>) -> Poll<io::Result<actix_rt::net::Ready>> {
        Poll::Ready(Ok(actix_rt::net::Ready::WRITABLE))
    }
}

#[cfg(test)]
#[path = "fix_head_tests.rs"]
mod tests;

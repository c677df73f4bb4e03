//! Writes the provider key into the head of a request as it passes, and nowhere else.
//!
//! awc is given a placeholder as the key, since whatever it is given stays in its write buffer for
//! as long as the answer streams, and in freed memory after that. Here the head is held until it
//! is complete, cut at the placeholders of its auth lines, and written with one vectored write
//! whose middle part points into the secret pages. So the key is in no buffer of this process but
//! the kernel's (and, encrypted in place, that of TLS).
//!
//! Owns the head on its way out and the lease while that lasts. Never looks at a body: the end of
//! each request is counted from its `content-length` or its chunks, so a body cannot pass for a head,
//! wherever its pieces are cut and whatever it holds. A request whose end cannot be counted is
//! refused.
//!
//! Called by `fix_head.rs` above; below is the socket or TLS.

use std::{
    fmt,
    io::{self, IoSlice},
    ops::Range,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use memchr::memmem;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{chunk_count::ChunkCount, fix_head::end_of_head};

/// Header lines in which a placeholder is replaced.
const AUTH_LINES: [&str; 5] = [
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-amz-security-token",
];
/// Heads of ours are below 2 KiB; what is longer was not built here.
const LONGEST_HEAD: usize = 64 << 10;

/// A key that can be looked at for as long as it is held.
pub trait Exposed {
    /// The key's bytes.
    fn expose(&self) -> &[u8];
}

impl Exposed for vault::Lease {
    fn expose(&self) -> &[u8] {
        Self::expose(self)
    }
}

/// Gives the key for the head that is about to go out.
pub type LeaseKey<L> = Rc<dyn Fn() -> Option<L>>;

/// See the module's text.
pub struct KeyInjection<S, L> {
    io: S,
    lease: LeaseKey<L>,
    placeholder: &'static str,
    phase: Phase,
    /// The head that is being gathered, then the one on its way out. Never holds a key.
    head: Vec<u8>,
    outgoing: Option<Outgoing<L>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Head,
    Body { left: u64 },
    Chunks(ChunkCount),
}

/// A complete head that is not yet written.
struct Outgoing<L> {
    lease: Option<L>,
    /// Where the placeholders are in the head, in order.
    cuts: Vec<Range<usize>>,
    written: usize,
    total: usize,
}

impl<S, L: Exposed> KeyInjection<S, L> {
    /// Wraps a fresh connection. `lease` is asked once per request that has the placeholder.
    pub fn new(io: S, placeholder: &'static str, lease: LeaseKey<L>) -> Self {
        Self {
            io,
            lease,
            placeholder,
            phase: Phase::Head,
            head: Vec::new(),
            outgoing: None,
        }
    }

    /// What is below, once a head is out and the connection speaks another protocol.
    pub(crate) fn into_inner(self) -> S {
        self.io
    }

    /// Takes bytes up to the end of the head and says how many those were.
    fn gather(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let from = self.head.len().saturating_sub(3);
        let before = self.head.len();
        self.head.extend_from_slice(bytes);
        match end_of_head(self.head.get(from..).unwrap_or_default()) {
            Some(end) => {
                self.head.truncate(from + end);
                self.prepare()?;
                Ok(self.head.len() - before)
            }
            None if self.head.len() > LONGEST_HEAD => Err(io::ErrorKind::InvalidData.into()),
            None => Ok(bytes.len()),
        }
    }

    fn prepare(&mut self) -> io::Result<()> {
        self.phase = body_of(&self.head)?;
        let cuts = placeholders(&self.head, self.placeholder.as_bytes());
        let lease = if cuts.is_empty() {
            None
        } else {
            Some(self.checked_lease()?)
        };
        let key_length = lease.as_ref().map_or(0, |lease| lease.expose().len());
        let cut_length: usize = cuts.iter().map(ExactSizeIterator::len).sum();
        let total = self.head.len() - cut_length + cuts.len() * key_length;
        self.outgoing = Some(Outgoing {
            lease,
            cuts,
            written: 0,
            total,
        });
        Ok(())
    }

    /// A key with a line end in it would write headers of its own.
    fn checked_lease(&self) -> io::Result<L> {
        let lease = (self.lease)().ok_or(io::ErrorKind::PermissionDenied)?;
        let key = lease.expose();
        let sendable = !key.is_empty() && key.iter().all(u8::is_ascii_graphic);
        if sendable {
            Ok(lease)
        } else {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
}

impl<S: AsyncWrite + Unpin, L: Exposed> KeyInjection<S, L> {
    /// Writes what is left of the head, and `body` in the same call if there is room for it; says
    /// how much of the body went out.
    fn poll_head(&mut self, cx: &mut Context<'_>, body: &[u8]) -> Poll<io::Result<usize>> {
        while let Some(outgoing) = &mut self.outgoing {
            let slices = outgoing.slices(&self.head, body);
            let count = ready!(Pin::new(&mut self.io).poll_write_vectored(cx, &slices))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let left = outgoing.total - outgoing.written;
            if count < left {
                outgoing.written += count;
                continue;
            }
            // The lease ends here: from now on nothing points at the key.
            self.outgoing = None;
            self.head.clear();
            return Poll::Ready(Ok(count - left));
        }
        Poll::Ready(Ok(0))
    }

    fn poll_body(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mine = self.of_this_body(bytes)?;
        let count = ready!(Pin::new(&mut self.io).poll_write(cx, mine))?;
        self.count_body(mine.get(..count).unwrap_or(mine))?;
        Poll::Ready(Ok(count))
    }

    fn of_this_body<'b>(&self, bytes: &'b [u8]) -> io::Result<&'b [u8]> {
        let length = match self.phase {
            Phase::Head => 0,
            Phase::Body { left } => usize::try_from(left).unwrap_or(usize::MAX),
            Phase::Chunks(mut count) => count.advance(bytes)?,
        };
        Ok(bytes.get(..length.min(bytes.len())).unwrap_or_default())
    }

    fn count_body(&mut self, written: &[u8]) -> io::Result<()> {
        match &mut self.phase {
            Phase::Head => {}
            Phase::Body { left } => {
                *left = left.saturating_sub(written.len() as u64);
                if *left == 0 {
                    self.phase = Phase::Head;
                }
            }
            Phase::Chunks(count) => {
                count.advance(written)?;
                if count.is_over() {
                    self.phase = Phase::Head;
                }
            }
        }
        Ok(())
    }
}

impl<L: Exposed> Outgoing<L> {
    /// Head parts and keys in turn, then the body, without what was written already.
    fn slices<'a>(&'a self, head: &'a [u8], body: &'a [u8]) -> Vec<IoSlice<'a>> {
        let key = self.lease.as_ref().map_or(&[][..], Exposed::expose);
        let mut parts = Vec::with_capacity(2 * self.cuts.len() + 2);
        let mut from = 0;
        for cut in &self.cuts {
            parts.push(head.get(from..cut.start).unwrap_or_default());
            parts.push(key);
            from = cut.end;
        }
        parts.push(head.get(from..).unwrap_or_default());
        parts.push(body);
        let mut skip = self.written;
        parts
            .into_iter()
            .filter_map(|part| {
                let skipped = skip.min(part.len());
                skip -= skipped;
                part.get(skipped..)
                    .filter(|rest| !rest.is_empty())
                    .map(IoSlice::new)
            })
            .collect()
    }
}

impl<S: AsyncWrite + Unpin, L: Exposed + Unpin> AsyncWrite for KeyInjection<S, L> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_head(cx, &[]))?;
        if this.phase != Phase::Head {
            return this.poll_body(cx, bytes);
        }
        let gathered = this.gather(bytes)?;
        let body = this.of_this_body(bytes.get(gathered..).unwrap_or_default())?;
        match this.poll_head(cx, body) {
            Poll::Ready(sent) => {
                let sent = sent?;
                this.count_body(body.get(..sent).unwrap_or(body))?;
                Poll::Ready(Ok(gathered + sent))
            }
            // The head is ours now; the next write or flush goes on with it.
            Poll::Pending => Poll::Ready(Ok(gathered)),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_head(cx, &[]))?;
        Pin::new(&mut this.io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_head(cx, &[]))?;
        Pin::new(&mut this.io).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + Unpin, L: Unpin> AsyncRead for KeyInjection<S, L> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_read(cx, out)
    }
}

impl<S: fmt::Debug, L> fmt::Debug for KeyInjection<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyInjection")
            .field("io", &self.io)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

/// The lines of a head as name and value with their place; the request line is not one.
fn header_lines(head: &[u8]) -> impl Iterator<Item = (&[u8], Range<usize>)> {
    let ends = memchr::memchr_iter(b'\n', head).map(|at| at + 1);
    let starts = ends.clone();
    starts.zip(ends.skip(1)).filter_map(|(start, end)| {
        let line = head.get(start..end)?;
        let colon = memchr::memchr(b':', line)?;
        Some((line.get(..colon)?, start + colon + 1..end))
    })
}

fn placeholders(head: &[u8], placeholder: &[u8]) -> Vec<Range<usize>> {
    header_lines(head)
        .filter(|(name, _)| {
            AUTH_LINES
                .iter()
                .any(|auth| name.eq_ignore_ascii_case(auth.as_bytes()))
        })
        .flat_map(|(_, value)| {
            let text = head.get(value.clone()).unwrap_or_default();
            memmem::find_iter(text, placeholder)
                .map(move |at| value.start + at..value.start + at + placeholder.len())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What follows this head.
///
/// # Errors
/// If the end of the body cannot be told for certain: two framings, one that is not awc's, or a
/// length that is no single number.
fn body_of(head: &[u8]) -> io::Result<Phase> {
    let mut framed = None;
    for (name, value) in header_lines(head) {
        let text = head.get(value).unwrap_or_default().trim_ascii();
        let phase = if name.eq_ignore_ascii_case(b"transfer-encoding") {
            (text == b"chunked").then_some(Phase::Chunks(ChunkCount::BEGINNING))
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let number = std::str::from_utf8(text).ok();
            let number = number.and_then(|text| text.parse::<u64>().ok());
            number.map(|left| match left {
                0 => Phase::Head,
                left => Phase::Body { left },
            })
        } else {
            continue;
        };
        let phase = phase.ok_or(io::ErrorKind::InvalidData)?;
        if framed.replace(phase).is_some() {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    Ok(framed.unwrap_or(Phase::Head))
}

#[cfg(test)]
#[path = "key_injection_tests.rs"]
mod tests;

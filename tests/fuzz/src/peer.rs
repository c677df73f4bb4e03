//! The other end of a connection, without a connection: bytes come and go in planned pieces.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Sizes of the pieces, one after the other and then from the start again; 0 means "not now", and
/// is never said twice in a row.
///
/// An empty plan, and one without progress in it, means everything at once.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    sizes: Vec<u8>,
    turn: usize,
    waited: bool,
}

impl Plan {
    /// Takes the sizes as the fuzzer made them.
    pub fn new(sizes: &[u8]) -> Self {
        let stuck = sizes.iter().all(|size| *size == 0);
        Self {
            sizes: if stuck { Vec::new() } else { sizes.to_vec() },
            ..Self::default()
        }
    }

    /// The most bytes that may pass now.
    pub fn next(&mut self) -> usize {
        let size = self.sizes.get(self.turn % self.sizes.len().max(1)).copied();
        self.turn += 1;
        let size = size
            .map_or(usize::MAX, usize::from)
            .max(usize::from(self.waited));
        self.waited = size == 0;
        size
    }
}

/// A peer that has its answer ready and takes what is sent.
#[derive(Debug, Default)]
pub struct Peer {
    /// What arrived.
    pub wire: Vec<u8>,
    answer: Vec<u8>,
    given: usize,
    reads: Plan,
    writes: Plan,
}

impl Peer {
    /// A peer that answers with these bytes and then closes its side.
    pub fn new(answer: &[u8], reads: &[u8], writes: &[u8]) -> Self {
        Self {
            answer: answer.to_vec(),
            reads: Plan::new(reads),
            writes: Plan::new(writes),
            ..Self::default()
        }
    }
}

impl AsyncRead for Peer {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let room = this.reads.next().min(out.remaining());
        if room == 0 && out.remaining() > 0 {
            return Poll::Pending;
        }
        let left = &this.answer[this.given..];
        let piece = &left[..room.min(left.len())];
        out.put_slice(piece);
        this.given += piece.len();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Peer {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let room = this.writes.next();
        if room == 0 {
            return Poll::Pending;
        }
        let before = this.wire.len();
        let bytes = parts.iter().flat_map(|part| part.iter().copied());
        this.wire.extend(bytes.take(room));
        Poll::Ready(Ok(this.wire.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Polls of one call before it is called stuck; more than any input has bytes.
const PATIENCE: usize = 1_000_000;

/// Offers the bytes in planned pieces, as an HTTP client does: what is refused is offered again.
///
/// # Errors
/// What the layer under test answered.
pub fn send(layer: &mut (impl AsyncWrite + Unpin), bytes: &[u8], cuts: &[u8]) -> io::Result<()> {
    let mut cx = Context::from_waker(Waker::noop());
    let (mut left, mut cuts, mut idle) = (bytes, Plan::new(cuts), 0);
    while !left.is_empty() {
        let offered = &left[..cuts.next().clamp(1, left.len())];
        match Pin::new(&mut *layer).poll_write(&mut cx, offered)? {
            Poll::Ready(0) | Poll::Pending => idle += 1,
            Poll::Ready(count) => left = &left[count..],
        }
        assert!(idle < PATIENCE, "writing makes no progress");
    }
    while Pin::new(&mut *layer).poll_flush(&mut cx)?.is_pending() {
        idle += 1;
        assert!(idle < PATIENCE, "flushing makes no progress");
    }
    Ok(())
}

/// Reads to the end, or to an error, into buffers of planned sizes.
pub fn drain(
    layer: &mut (impl AsyncRead + Unpin),
    sizes: &[u8],
) -> (Vec<u8>, Option<io::ErrorKind>) {
    let mut cx = Context::from_waker(Waker::noop());
    let (mut seen, mut sizes, mut idle) = (Vec::new(), Plan::new(sizes), 0);
    let mut space = [0_u8; 4096];
    loop {
        let size = sizes.next().clamp(1, space.len());
        let mut out = ReadBuf::new(&mut space[..size]);
        match Pin::new(&mut *layer).poll_read(&mut cx, &mut out) {
            Poll::Pending => idle += 1,
            Poll::Ready(Err(error)) => return (seen, Some(error.kind())),
            Poll::Ready(Ok(())) if out.filled().is_empty() => return (seen, None),
            Poll::Ready(Ok(())) => {
                seen.extend_from_slice(out.filled());
            }
        }
        assert!(idle < PATIENCE, "reading makes no progress");
    }
}

//! The two halves of an open session towards a provider.
//!
//! Owns the frames that may leave: an event only after the redactor, and control frames. Both
//! halves may be dropped at any await and lose nothing of what they had begun.

use std::{fmt, io};

use bytes::{Buf as _, Bytes, BytesMut};
use redactor::Redacted;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use wire::websocket::{
    Close, FrameError, FrameKind, Mask, Message, Reader, Sender, close_payload, frame,
};

use crate::{
    error::{ProviderError, ReplyLimit},
    transport::Wire,
};

/// Bytes that are read at once.
const PIECE: usize = 16 << 10;

/// An open session.
pub struct Realtime {
    /// What the provider says.
    pub reader: RealtimeReader,
    /// What is said to it.
    pub writer: RealtimeWriter,
    /// Whether it chose the subprotocol that was offered.
    pub subprotocol: bool,
}

impl Realtime {
    pub(super) fn new(wire: Wire, early: BytesMut, longest: usize, subprotocol: bool) -> Self {
        let (read, write) = tokio::io::split(wire);
        let mut frames = Reader::new(Sender::Server, longest);
        frames.push(&early);
        Self {
            reader: RealtimeReader {
                io: read,
                frames,
                piece: BytesMut::with_capacity(PIECE),
                longest,
            },
            writer: RealtimeWriter {
                io: write,
                left: Bytes::new(),
            },
            subprotocol,
        }
    }
}

/// Reads a provider's messages.
pub struct RealtimeReader {
    io: ReadHalf<Wire>,
    frames: Reader,
    piece: BytesMut,
    longest: usize,
}

impl RealtimeReader {
    /// The next message.
    ///
    /// # Errors
    /// [`ProviderError::Truncated`] if the connection ended without a close,
    /// [`ProviderError::TooLarge`], or [`ProviderError::Protocol`].
    ///
    /// # Cancellation
    /// Safe: what has come is kept.
    pub async fn next(&mut self) -> Result<Message, ProviderError> {
        loop {
            let message = self.frames.next_message();
            if let Some(message) = message.map_err(|error| self.refused(error))? {
                return Ok(message);
            }
            self.piece.clear();
            self.piece.reserve(PIECE);
            match self.io.read_buf(&mut self.piece).await {
                Ok(1..) => self.frames.push(&self.piece),
                Ok(0) | Err(_) => return Err(ProviderError::Truncated),
            }
        }
    }

    fn refused(&self, error: FrameError) -> ProviderError {
        match error {
            FrameError::TooLarge => ProviderError::TooLarge {
                limit: self.longest as u64,
                which: ReplyLimit::Stream,
            },
            _ => ProviderError::Protocol,
        }
    }

    /// Reads until the provider has closed its side; what it says is nobody's any more.
    pub async fn drained(&mut self) {
        loop {
            self.piece.clear();
            self.piece.reserve(PIECE);
            match self.io.read_buf(&mut self.piece).await {
                Ok(1..) => {}
                Ok(0) | Err(_) => return,
            }
        }
    }
}

/// A frame that may leave.
///
/// Only here is one made, and an event only of what the redactor has seen:
///
/// ```compile_fail
/// nenya_provider::RealtimeFrame::event(&bytes::Bytes::from_static(b"{}"));
/// ```
#[must_use = "it does nothing until it is sent"]
pub struct RealtimeFrame(Bytes);

impl RealtimeFrame {
    /// An event of the client's; `None` if the system gives no randomness for the mask.
    pub fn event(event: &Redacted<Bytes>) -> Option<Self> {
        Self::of(FrameKind::Text, event.get())
    }

    /// Is anybody there? Always without a payload.
    pub fn ping() -> Option<Self> {
        Self::of(FrameKind::Ping, &[])
    }

    /// The answer to a provider's ping.
    pub fn pong(payload: &[u8]) -> Option<Self> {
        Self::of(FrameKind::Pong, payload)
    }

    /// The last frame, with a reason that the redactor has seen.
    pub fn close(code: u16, reason: &Redacted<Bytes>) -> Option<Self> {
        let reason = String::from_utf8_lossy(reason.get()).into_owned();
        Self::of(FrameKind::Close, &close_payload(&Close { code, reason }))
    }

    /// The last frame, with a code alone.
    pub fn close_silently(code: u16) -> Option<Self> {
        let reason = String::new();
        Self::of(FrameKind::Close, &close_payload(&Close { code, reason }))
    }

    fn of(kind: FrameKind, payload: &[u8]) -> Option<Self> {
        let mut mask: Mask = [0; 4];
        getrandom::fill(&mut mask).ok()?;
        Some(Self(frame(kind, payload, Some(mask))))
    }

    /// Its bytes on the wire.
    #[expect(clippy::len_without_is_empty, reason = "no frame is empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Writes to a provider.
pub struct RealtimeWriter {
    io: WriteHalf<Wire>,
    /// Of the frame that is on its way.
    left: Bytes,
}

impl RealtimeWriter {
    /// Takes a frame to be written; the one before must be out.
    pub fn load(&mut self, frame: RealtimeFrame) {
        debug_assert!(self.left.is_empty());
        self.left = frame.0;
    }

    /// Writes what is left of the frame.
    ///
    /// # Errors
    /// If the connection is broken.
    ///
    /// # Cancellation
    /// Safe: the next call goes on where this one was.
    pub async fn write(&mut self) -> io::Result<()> {
        while self.left.has_remaining() {
            let count = self.io.write(&self.left).await?;
            if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.left.advance(count);
        }
        self.io.flush().await
    }

    /// Says that nothing more comes.
    ///
    /// # Errors
    /// If the connection is broken.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        self.io.shutdown().await
    }
}

impl fmt::Debug for Realtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realtime").finish_non_exhaustive()
    }
}

impl fmt::Debug for RealtimeReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealtimeReader").finish_non_exhaustive()
    }
}

impl fmt::Debug for RealtimeWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealtimeWriter").finish_non_exhaustive()
    }
}

impl fmt::Debug for RealtimeFrame {
    /// Without what is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RealtimeFrame({} bytes)", self.0.len())
    }
}

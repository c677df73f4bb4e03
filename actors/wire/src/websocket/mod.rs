//! WebSocket on the wire: frames to messages and back, for either side.
//!
//! Owns: the reading of frames, however they are cut, into whole messages within a bound, and the
//! writing of frames. Strict: what RFC 6455 forbids is an error with its close code, and no
//! extension is known. Never does I/O and never makes random numbers: masks are given.
//!
//! Called by: the HTTP edge towards clients, the provider crate towards providers. Read next:
//! `write`.
//!
//! # Source
//! RFC 6455, sections 5 (frames), 7.4 (close codes) and 8.1 (text).

#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use bytes::{Buf as _, Bytes, BytesMut};

pub use write::{FrameKind, Mask, close_payload, frame};

/// Which side's frames are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A client's, which are masked.
    Client,
    /// A server's, which are not.
    Server,
}

/// What the other side said.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// A whole text, checked to be UTF-8.
    Text(Bytes),
    /// A whole message of bytes.
    Binary(Bytes),
    /// A ping, to be answered with the same bytes.
    Ping(Bytes),
    /// A pong.
    Pong,
    /// The last that comes.
    Close(Option<Close>),
}

/// Why a side closes.
#[derive(Clone, PartialEq, Eq)]
pub struct Close {
    /// A code that may stand on the wire.
    pub code: u16,
    /// For people; may be empty.
    pub reason: String,
}

/// What may not be on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// A client's frame without a mask, or a server's with one.
    Mask,
    /// A bit that only an extension may set.
    Reserved,
    /// An opcode that there is not.
    Opcode,
    /// A control frame that is cut in parts or longer than 125 bytes.
    Control,
    /// A part that continues nothing, or a message within another.
    Continuation,
    /// A length beyond 63 bits.
    Length,
    /// More than the bound.
    TooLarge,
    /// Text that is not UTF-8.
    NotUtf8,
    /// A close code that may not be sent.
    CloseCode,
}

impl FrameError {
    /// The close code that tells it to the other side.
    pub const fn close_code(self) -> u16 {
        match self {
            Self::NotUtf8 => 1007,
            Self::TooLarge => 1009,
            _ => 1002,
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mask => "a frame is masked that may not be, or the other way round",
            Self::Reserved => "a frame uses an extension that was not agreed on",
            Self::Opcode => "a frame has an unknown opcode",
            Self::Control => "a control frame is too long or cut in parts",
            Self::Continuation => "the parts of two messages are mixed",
            Self::Length => "a frame has no possible length",
            Self::TooLarge => "a message is too large",
            Self::NotUtf8 => "a text is not UTF-8",
            Self::CloseCode => "a close code is not allowed",
        })
    }
}

impl std::error::Error for FrameError {}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// Longest payload of a control frame.
const LONGEST_CONTROL: u64 = 125;

/// A frame whose payload is still coming.
#[derive(Debug, Clone, Copy)]
struct Head {
    last: bool,
    opcode: u8,
    left: usize,
    mask: Option<Mask>,
}

impl Head {
    const fn is_control(&self) -> bool {
        self.opcode >= CLOSE
    }
}

/// Reads the frames of one side.
///
/// Holds the message that is being put together, at most `limit` bytes, and what was pushed and
/// not taken yet. After an error nothing more may be asked of it.
pub struct Reader {
    sender: Sender,
    limit: usize,
    inbox: BytesMut,
    head: Option<Head>,
    /// The opcode of the message whose parts are coming.
    open: Option<u8>,
    message: BytesMut,
    control: BytesMut,
}

impl Reader {
    /// A reader of messages up to `limit` bytes.
    pub fn new(sender: Sender, limit: usize) -> Self {
        Self {
            sender,
            limit,
            inbox: BytesMut::new(),
            head: None,
            open: None,
            message: BytesMut::new(),
            control: BytesMut::new(),
        }
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.inbox.extend_from_slice(bytes);
    }

    /// Bytes that are held, of whatever.
    pub fn held(&self) -> usize {
        self.inbox.len() + self.message.len() + self.control.len()
    }

    /// The next message; `None` until more bytes come.
    ///
    /// # Errors
    /// [`FrameError`]; a length that is too large is refused before its bytes are waited for.
    pub fn next_message(&mut self) -> Result<Option<Message>, FrameError> {
        loop {
            let Some(mut head) = self
                .head
                .take()
                .map_or_else(|| self.read_head(), |head| Ok(Some(head)))?
            else {
                return Ok(None);
            };
            self.take_payload(&mut head);
            if head.left > 0 {
                self.head = Some(head);
                return Ok(None);
            }
            if let Some(message) = self.end_frame(head)? {
                return Ok(Some(message));
            }
        }
    }

    fn read_head(&mut self) -> Result<Option<Head>, FrameError> {
        let [first, second, rest @ ..] = &*self.inbox else {
            return Ok(None);
        };
        let (first, second) = (*first, *second);
        self.check_first(first, second)?;
        let extended = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let masked = second & 0x80 != 0;
        let Some(length) = rest.get(..extended) else {
            return Ok(None);
        };
        let length = match extended {
            0 => u64::from(second & 0x7f),
            _ => length
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        };
        self.check_length(first & 0x0f, length)?;
        let mask = rest.get(extended..extended + 4);
        if masked && mask.is_none() {
            return Ok(None);
        }
        let mask = mask
            .filter(|_| masked)
            .and_then(|mask| mask.try_into().ok());
        let head = Head {
            last: first & 0x80 != 0,
            opcode: first & 0x0f,
            left: usize::try_from(length).map_err(|_| FrameError::TooLarge)?,
            mask,
        };
        self.inbox
            .advance(2 + extended + if masked { 4 } else { 0 });
        self.begin_frame(head)?;
        Ok(Some(head))
    }

    fn check_first(&self, first: u8, second: u8) -> Result<(), FrameError> {
        let (masked, opcode) = (second & 0x80 != 0, first & 0x0f);
        if first & 0x70 != 0 {
            return Err(FrameError::Reserved);
        }
        if masked != (self.sender == Sender::Client) {
            return Err(FrameError::Mask);
        }
        match opcode {
            CONTINUATION | TEXT | BINARY => Ok(()),
            CLOSE | PING | PONG if first & 0x80 != 0 => Ok(()),
            CLOSE | PING | PONG => Err(FrameError::Control),
            _ => Err(FrameError::Opcode),
        }
    }

    fn check_length(&self, opcode: u8, length: u64) -> Result<(), FrameError> {
        if opcode >= CLOSE {
            return match length {
                0..=LONGEST_CONTROL => Ok(()),
                _ => Err(FrameError::Control),
            };
        }
        if length >> 63 != 0 {
            return Err(FrameError::Length);
        }
        let room = self.limit.saturating_sub(self.message.len()) as u64;
        if length > room {
            return Err(FrameError::TooLarge);
        }
        Ok(())
    }

    fn begin_frame(&mut self, head: Head) -> Result<(), FrameError> {
        if head.is_control() {
            self.control.clear();
            return Ok(());
        }
        match (head.opcode, self.open) {
            (CONTINUATION, Some(_)) => Ok(()),
            (CONTINUATION, None) | (_, Some(_)) => Err(FrameError::Continuation),
            (opcode, None) => {
                self.open = Some(opcode);
                Ok(())
            }
        }
    }

    /// Moves what has come of a payload to where it belongs.
    fn take_payload(&mut self, head: &mut Head) {
        let length = head.left.min(self.inbox.len());
        let mut piece = self.inbox.split_to(length);
        if let Some(mask) = &mut head.mask {
            write::apply(mask, &mut piece);
            mask.rotate_left(length % 4);
        }
        head.left -= length;
        let place = if head.is_control() {
            &mut self.control
        } else {
            &mut self.message
        };
        if place.is_empty() {
            *place = piece;
        } else {
            place.extend_from_slice(&piece);
        }
    }

    fn end_frame(&mut self, head: Head) -> Result<Option<Message>, FrameError> {
        match head.opcode {
            CLOSE => return closing(&self.control).map(|close| Some(Message::Close(close))),
            PING => return Ok(Some(Message::Ping(self.control.split().freeze()))),
            PONG => return Ok(Some(Message::Pong)),
            _ if !head.last => return Ok(None),
            _ => {}
        }
        let whole = std::mem::take(&mut self.message).freeze();
        if self.open.take() == Some(BINARY) {
            return Ok(Some(Message::Binary(whole)));
        }
        match std::str::from_utf8(&whole) {
            Ok(_) => Ok(Some(Message::Text(whole))),
            Err(_) => Err(FrameError::NotUtf8),
        }
    }
}

/// What a close frame says.
fn closing(payload: &[u8]) -> Result<Option<Close>, FrameError> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [_] => return Err(FrameError::CloseCode),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !may_be_sent(code) {
        return Err(FrameError::CloseCode);
    }
    let reason = std::str::from_utf8(reason).map_err(|_| FrameError::NotUtf8)?;
    let reason = reason.to_owned();
    Ok(Some(Close { code, reason }))
}

/// Whether a close code may stand on the wire; 1004 to 1006 and 1015 are for other uses.
pub const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("sender", &self.sender)
            .field("held", &self.held())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Message {
    /// Without what is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Binary(bytes) => write!(f, "Binary({} bytes)", bytes.len()),
            Self::Ping(_) => f.write_str("Ping"),
            Self::Pong => f.write_str("Pong"),
            Self::Close(close) => write!(f, "Close({close:?})"),
        }
    }
}

impl fmt::Debug for Close {
    /// Without the reason, which is somebody's text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Close({})", self.code)
    }
}

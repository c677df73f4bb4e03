//! Frames on their way out.

use bytes::{BufMut as _, Bytes, BytesMut};

use super::{Close, may_be_sent};

/// Four bytes that a client's payload is combined with, new for each frame.
pub type Mask = [u8; 4];

/// Longest reason of a close frame: a control frame has 125 bytes, the code takes two.
const LONGEST_REASON: usize = 123;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// A whole text.
    Text,
    /// A close.
    Close,
    /// A ping.
    Ping,
    /// A pong.
    Pong,
}

impl FrameKind {
    const fn first_byte(self) -> u8 {
        0x80 | match self {
            Self::Text => super::TEXT,
            Self::Close => super::CLOSE,
            Self::Ping => super::PING,
            Self::Pong => super::PONG,
        }
    }
}

/// One whole frame; a client's has a mask, a server's has none.
pub fn frame(kind: FrameKind, payload: &[u8], mask: Option<Mask>) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 14);
    out.put_u8(kind.first_byte());
    let bit = if mask.is_some() { 0x80 } else { 0 };
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => out.put_u8(bit | short),
        (_, Ok(length)) => {
            out.put_u8(bit | 126);
            out.put_u16(length);
        }
        _ => {
            out.put_u8(bit | 127);
            out.put_u64(payload.len() as u64);
        }
    }
    if let Some(mask) = mask {
        out.put_slice(&mask);
        let mut masked = out.split_off(out.len());
        masked.extend_from_slice(payload);
        apply(&mask, &mut masked);
        out.unsplit(masked);
    } else {
        out.put_slice(payload);
    }
    out.freeze()
}

/// The payload of a close frame: nothing for a code that may not be sent, the reason as far as it
/// fits.
pub fn close_payload(close: &Close) -> Vec<u8> {
    if !may_be_sent(close.code) {
        return Vec::new();
    }
    let end = close.reason.floor_char_boundary(LONGEST_REASON);
    let reason = close.reason.get(..end).unwrap_or_default();
    [&close.code.to_be_bytes(), reason.as_bytes()].concat()
}

/// Puts a mask on, or takes it off.
pub(super) fn apply(mask: &Mask, bytes: &mut [u8]) {
    let [a, b, c, d] = *mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut words = bytes.chunks_exact_mut(8);
    for word in &mut words {
        let mut eight = [0; 8];
        eight.copy_from_slice(word);
        word.copy_from_slice(&(u64::from_ne_bytes(eight) ^ wide).to_ne_bytes());
    }
    for (byte, key) in words.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

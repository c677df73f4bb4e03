//! WebSocket frames, as a server has them: by hand, so that a wrong one can be sent. Pure.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// Combined with a handshake's key; RFC 6455 section 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The digest that agrees to a handshake.
pub(super) fn accept(key: &str) -> String {
    let text = format!("{key}{GUID}");
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    BASE64_STANDARD.encode(digest)
}

/// One whole frame.
pub(super) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![0x80 | opcode];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..126), _) => out.push(length),
        (_, Ok(length)) => {
            out.push(126);
            out.extend(length.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend((payload.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}

/// A close with a code and a reason.
pub(super) fn close(code: u16, reason: &str) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat())
}

/// Takes the first whole frame, which must be masked and not cut in parts; `None` until it is here.
pub(super) fn take(inbox: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (first, second) = (*inbox.first()?, *inbox.get(1)?);
    let extended = match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let length = match extended {
        0 => usize::from(second & 0x7f),
        _ => inbox
            .get(2..2 + extended)?
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
    };
    let start = 2 + extended + 4;
    let mask: [u8; 4] = inbox.get(2 + extended..start)?.try_into().ok()?;
    let payload = inbox.get(start..start + length)?;
    let plain = payload.iter().zip(mask.iter().cycle());
    let plain = plain.map(|(byte, key)| byte ^ key).collect();
    inbox.drain(..start + length);
    Some((first & 0x0f, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        assert_eq!(
            accept("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        assert_eq!(frame(TEXT, b"Hello"), b"\x81\x05Hello");
        let mut inbox = vec![
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58, 9,
        ];
        assert_eq!(take(&mut inbox), Some((TEXT, b"Hello".to_vec())));
        assert_eq!(take(&mut inbox), None);
        assert_eq!(inbox, [9]);
    }
}

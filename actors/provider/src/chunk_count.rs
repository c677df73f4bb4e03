//! Where a chunked request body of ours ends.
//!
//! Owns the position in the framing that awc writes, and nothing of the data: an upload whose
//! length is not known goes out in chunks, and what follows it on the connection is a head again.
//! Strict: awc writes no extensions and no trailers, so anything else is an error.
//!
//! # Source
//! RFC 9112 section 7.1.

use std::io;

/// Digits of a chunk's size: awc writes as many as needed, and no chunk of ours is 4 GiB long.
const MOST_DIGITS: u8 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Size { digits: u8 },
    SizeFeed,
    Data,
    DataReturn,
    DataFeed,
    EndReturn,
    EndFeed,
    Over,
}

/// A position in a chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkCount {
    at: At,
    left: u64,
}

impl ChunkCount {
    /// The beginning of a body.
    pub(crate) const BEGINNING: Self = Self {
        at: At::Size { digits: 0 },
        left: 0,
    };

    /// Whether the body has ended.
    pub(crate) fn is_over(self) -> bool {
        self.at == At::Over
    }

    /// Moves on over bytes that were written, and says how many of them belong to the body.
    ///
    /// # Errors
    /// `InvalidData` if it is not framed as awc frames.
    pub(crate) fn advance(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut used = 0;
        while let Some(byte) = bytes.get(used) {
            if self.is_over() {
                break;
            }
            if self.at == At::Data {
                let here = (bytes.len() - used) as u64;
                let taken = self.left.min(here);
                self.left -= taken;
                used += usize::try_from(taken).unwrap_or(usize::MAX);
                if self.left == 0 {
                    self.at = At::DataReturn;
                }
                continue;
            }
            self.at = self.after(*byte)?;
            used += 1;
        }
        Ok(used)
    }

    fn after(&mut self, byte: u8) -> io::Result<At> {
        Ok(match (self.at, byte) {
            (At::Size { digits }, b'\r') if digits > 0 => At::SizeFeed,
            (At::Size { digits }, _) if digits < MOST_DIGITS => {
                let digit = char::from(byte).to_digit(16);
                let digit = digit.ok_or(io::ErrorKind::InvalidData)?;
                self.left = self.left << 4 | u64::from(digit);
                At::Size { digits: digits + 1 }
            }
            (At::SizeFeed, b'\n') if self.left == 0 => At::EndReturn,
            (At::SizeFeed, b'\n') => At::Data,
            (At::DataReturn, b'\r') => At::DataFeed,
            (At::DataFeed, b'\n') => At::Size { digits: 0 },
            (At::EndReturn, b'\r') => At::EndFeed,
            (At::EndFeed, b'\n') => At::Over,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"3\r\nabc\r\n1A\r\n0\r\n\r\nPOST / HTTP/1.1\r\n\r\nxx\r\n0\r\n\r\n";

    #[test]
    fn the_end_is_found_however_the_body_is_cut() {
        let stream = [BODY, b"GET /"].concat();
        for step in 1..stream.len() {
            let (mut count, mut used) = (ChunkCount::BEGINNING, 0);
            for piece in stream.chunks(step) {
                used += count.advance(piece).unwrap();
            }
            assert!(count.is_over(), "{step}");
            assert_eq!(used, BODY.len(), "{step}");
        }
    }

    #[test]
    fn other_framing_is_refused() {
        for body in [
            &b"\r\n"[..],
            b"x\r\n",
            b"3;a=b\r\n",
            b"3\n",
            b"3\r\nabcd",
            b"0\r\na: b\r\n",
            b"123456789\r\n",
            b" 3\r\n",
        ] {
            let moved = ChunkCount::BEGINNING.clone().advance(body);
            assert_eq!(moved.unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}

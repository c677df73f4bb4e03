//! Client tokens: making them, showing them once, and their plain hash.
//!
//! Never keeps a token; what the vault knows of one is its keyed digest ([`crate::digest`]).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

const PREFIX: &str = "nk-";
const RANDOM_BYTES: usize = 24;
const HASH_PREFIX: &str = "sha256:";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// A token that was just made and is shown to its owner once.
///
/// # Security
/// Wiped on drop. Neither `Clone` nor readable through `Debug`; [`OneTimeToken::reveal`] consumes
/// it.
pub struct OneTimeToken(Zeroizing<String>);

impl OneTimeToken {
    /// Gives the token to `show`, then wipes it.
    pub fn reveal<T>(self, show: impl FnOnce(&str) -> T) -> T {
        show(&self.0)
    }

    /// What a secrets file may carry in place of the token.
    #[must_use]
    pub fn hash(&self) -> String {
        token_hash(self.as_bytes())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Makes a client token: `nk-` and 48 hexadecimal digits, from 192 random bits.
///
/// # Panics
/// If the kernel gives no random bytes, which it always does once the machine is up; a token
/// must never be made without them.
#[must_use]
#[expect(clippy::panic, reason = "there is no safe way on without randomness")]
pub fn new_client_token() -> OneTimeToken {
    let mut random = Zeroizing::new([0_u8; RANDOM_BYTES]);
    if getrandom::fill(&mut *random).is_err() {
        panic!("the kernel gave no random bytes");
    }
    let mut token = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * RANDOM_BYTES));
    token.push_str(PREFIX);
    push_hex(&mut token, &*random);
    OneTimeToken(token)
}

/// The plain hash of a token as a secrets file carries it: `sha256:` and 64 hexadecimal digits.
///
/// # Security
/// Only for tokens as [`new_client_token`] makes them. A token that a person thought up can be
/// guessed from its hash.
#[must_use]
pub fn token_hash(token: &[u8]) -> String {
    let mut text = String::with_capacity(HASH_PREFIX.len() + 64);
    text.push_str(HASH_PREFIX);
    push_hex(&mut text, Sha256::digest(token).as_slice());
    text
}

/// Reads what [`token_hash`] writes, in either case; `None` if it is something else.
pub(crate) fn parse_token_hash(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix(HASH_PREFIX)?.as_bytes();
    let mut hash = [0_u8; 32];
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            *byte = *byte << 4 | u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
        }
    }
    Some(hash)
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for half in [byte >> 4, byte & 0xF] {
            text.push(
                HEX.get(usize::from(half))
                    .map_or('0', |digit| char::from(*digit)),
            );
        }
    }
}

/// Wipes bytes that came with a message when it is dropped.
#[derive(Default)]
pub(crate) struct Presented(Vec<u8>);

impl Presented {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Presented {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_prefix_and_forty_eight_hex_digits_and_is_never_the_same() {
        let (first, second) = (new_client_token(), new_client_token());
        first.reveal(|first| {
            let digits = first.strip_prefix("nk-").unwrap();
            assert_eq!(digits.len(), 48);
            assert!(
                digits
                    .bytes()
                    .all(|digit| b"0123456789abcdef".contains(&digit))
            );
            second.reveal(|second| assert_ne!(first, second));
        });
    }

    #[test]
    fn a_token_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", new_client_token()), "***");
        assert_eq!(format!("{:?}", Presented::new(b"nk-mark".to_vec())), "***");
    }

    #[test]
    fn the_hash_is_plain_sha256_and_is_read_back() {
        let hash = token_hash(b"abc");
        let known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash, known);
        let bytes: [u8; 32] = Sha256::digest(b"abc").into();
        assert_eq!(parse_token_hash(&hash), Some(bytes));
        let digits = hash.trim_start_matches("sha256:").to_uppercase();
        assert_eq!(parse_token_hash(&format!("sha256:{digits}")), Some(bytes));
        let token = new_client_token();
        assert_eq!(token.hash(), token_hash(token.as_bytes()));
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let long = format!("sha256:{}", "a".repeat(65));
        let letter = format!("sha256:{}g", "a".repeat(63));
        for text in ["", "sha256:", "sha256:abc", "md5:00", &long, &letter] {
            assert_eq!(parse_token_hash(text), None, "{text}");
        }
    }
}

//! Base64 and the CRC-32 that several vendors end their tokens with.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Base64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = sixes(bytes, STANDARD);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Base64 as it stands in links and JWTs: other letters, no padding.
pub(super) fn base64_for_urls(bytes: &[u8]) -> String {
    sixes(bytes, FOR_URLS)
}

fn sixes(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for shift in [18, 12, 6, 0].iter().take(chunk.len() + 1) {
            text.push(letter(alphabet, bits >> shift & 63));
        }
    }
    text
}

fn letter(alphabet: &[u8], at: u32) -> char {
    let index = usize::try_from(at).unwrap_or(0);
    char::from(alphabet.get(index).copied().unwrap_or(b'A'))
}

/// Base64 in lines of `width` letters.
pub(super) fn base64_lines(bytes: &[u8], width: usize) -> String {
    let text = base64(bytes);
    let mut lines = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at.is_multiple_of(width) {
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines
}

/// The CRC-32 of IEEE 802.3, bit by bit: nothing here is in a hurry.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let odd = sum & 1 == 1;
            sum >>= 1;
            if odd {
                sum ^= 0xedb8_8320;
            }
        }
    }
    !sum
}

/// Six letters of base 62, as GitHub and npm end a token.
pub(super) fn base62(mut number: u32) -> String {
    let mut letters = Vec::new();
    for _ in 0..6 {
        letters.push(letter(BASE62, number % 62));
        number /= 62;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
        assert_eq!(base64_for_urls(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64_lines(b"foobar", 4), "Zm9v\nYmFy");
    }

    #[test]
    fn the_crc_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    /// A revoked token that the change note of npm shows as an example.
    #[test]
    fn base_62_has_digits_first_then_capitals() {
        let entropy = concat!("qkJaB6MffYVzZXWq", "mcoF49yrUxP3wf");
        assert_eq!(base62(crc32(entropy.as_bytes())), "0LsakP");
    }
}

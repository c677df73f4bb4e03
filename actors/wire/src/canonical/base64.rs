//! Base64 (RFC 4648) of small things: text documents that a format wants as text, and opaque values
//! in fields that hold bytes. Media are never decoded beyond their first bytes.

use super::text::Text;

/// So many letters show of most media that they are no text.
const HEAD: usize = 64;

/// The text that base64 stands for, if it is UTF-8.
pub(crate) fn decoded_text(base64: &Text<'_>) -> Option<String> {
    text_in(&base64.decoded())
}

/// The same of base64 that is not spelt as JSON.
pub(crate) fn text_in(base64: &str) -> Option<String> {
    let letters = base64.as_bytes();
    let head = bytes_in(letters.get(..HEAD.min(letters.len()))?)?;
    let begins = std::str::from_utf8(&head).err();
    if begins.is_some_and(|error| error.error_len().is_some()) {
        return None;
    }
    String::from_utf8(bytes_in(letters)?).ok()
}

fn bytes_in(letters: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &letter in letters {
        let Some(value) = value_of(letter) else {
            if letter == b'=' || letter.is_ascii_whitespace() {
                continue;
            }
            return None;
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn value_of(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The base64 of bytes, with padding.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let mut spelt = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| three.get(at).copied().map_or(0, u32::from);
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4_usize {
            let sixth = (bits >> (18 - 6 * place)) & 63;
            let letter = LETTERS.get(sixth as usize).copied().unwrap_or(b'=');
            spelt.push(char::from(if place > three.len() { b'=' } else { letter }));
        }
    }
    spelt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_text_is_text_again() {
        assert_eq!(decoded_text(&Text::plain("aMOp")).as_deref(), Some("hé"));
        assert_eq!(decoded_text(&Text::plain("aGk=")).as_deref(), Some("hi"));
        assert_eq!(decoded_text(&Text::plain("/w==")), None);
        assert_eq!(decoded_text(&Text::plain("a!")), None);
    }

    #[test]
    fn a_character_in_the_middle_of_the_head_is_no_end_of_text() {
        for letters in 40..56 {
            let text = "x".repeat(letters) + "\u{1f642}" + "y";
            let spelt = Text::plain(encoded(text.as_bytes()));
            assert_eq!(decoded_text(&spelt), Some(text));
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        assert_eq!(encoded(b"hi"), "aGk=");
        assert_eq!(encoded(b"nenya"), "bmVueWE=");
        for text in ["", "a", "ab", "abc", "abcd", "h\u{e9}llo\u{1f642}"] {
            let spelt = encoded(text.as_bytes());
            assert_eq!(decoded_text(&Text::plain(spelt)).as_deref(), Some(text));
        }
    }
}

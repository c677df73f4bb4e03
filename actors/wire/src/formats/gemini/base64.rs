//! Base64 as Gemini has it: bytes go out in the plain alphabet, the one for addresses is read too.
//!
//! Google's Python SDK writes bytes in the alphabet for addresses (`-`, `_`); protobuf's JSON
//! takes both, padded or not. Checked 22 Nov 2026 against protobuf's JSON guide.

use std::borrow::Cow;

use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

use super::words::OWN;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How a wrapped seal of another provider begins once it is encoded.
const WRAPPED: &str = "bmVueWEx";

/// The same bytes in the alphabet and with the padding of RFC 4648, section 4.
pub(super) fn standard(data: Text<'_>) -> Text<'_> {
    let plain = match &data {
        Text::Spelt(text) | Text::Plain(text) => text.as_bytes(),
    };
    let odd = plain.iter().any(|byte| matches!(byte, b'-' | b'_' | b'\\'));
    if !odd && plain.len().is_multiple_of(4) {
        return data;
    }
    let mut text = data.decoded().replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    Text::Plain(Cow::Owned(text))
}

/// Base64 of a text.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for three in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4_u32 {
            let letter = (bits >> (18 - 6 * digit)) as usize & 63;
            let letter = LETTERS.get(letter).copied().unwrap_or(b'A');
            let filled = digit as usize <= three.len();
            out.push(if filled { char::from(letter) } else { '=' });
        }
    }
    out
}

/// The text that was encoded, in either alphabet, if it is one.
pub(super) fn decoded(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut bits, mut known) = (0_u32, 0);
    for byte in encoded.trim_end_matches('=').bytes() {
        bits = bits << 6 | digit(byte)?;
        known += 6;
        if known >= 8 {
            known -= 8;
            bytes.push((bits >> known) as u8);
            bits &= (1 << known) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u32> {
    let byte = match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let found = LETTERS.iter().position(|letter| *letter == byte)?;
    u32::try_from(found).ok()
}

/// The seal in a client's `thoughtSignature`.
pub(super) fn carried(value: Text<'_>) -> Seal<'_> {
    let wrapped = match &value {
        Text::Spelt(text) | Text::Plain(text) => text.starts_with(WRAPPED),
    };
    let inner = wrapped.then(|| decoded(&value.decoded())).flatten();
    Seal::carried(OWN, inner.map_or(value, Text::plain))
}

/// What `thoughtSignature` says to a client: Gemini's own value, or another's, wrapped and
/// encoded, since the SDKs take bytes only.
pub(super) fn for_client<'s>(seal: &'s Seal<'_>) -> Text<'s> {
    let value = seal.for_client(OWN);
    if seal.format == OWN {
        return value;
    }
    Text::plain(encoded(&value.decoded()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ApiFormat;

    #[test]
    fn every_length_comes_back_in_both_alphabets() {
        for text in ["", "a", "ab", "abc", "nenya1.x.y.z", "ÿþ~?>é"] {
            let there = encoded(text);
            assert_eq!(there.len() % 4, 0);
            assert_eq!(decoded(&there).as_deref(), Some(text));
            let other = there.replace('+', "-").replace('/', "_");
            assert_eq!(decoded(other.trim_end_matches('=')).as_deref(), Some(text));
        }
        assert_eq!(encoded("Man"), "TWFu");
        assert_eq!(decoded("*"), None);
    }

    #[test]
    fn the_alphabet_of_addresses_becomes_the_plain_one() {
        assert_eq!(standard(Text::plain("-_8")), Text::plain("+/8="));
        assert_eq!(standard(Text::plain("AAAA")), Text::plain("AAAA"));
    }

    #[test]
    fn a_foreign_seal_is_bytes_to_the_client_and_comes_back() {
        let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("Ab.c=="));
        let shown = for_client(&seal).decoded().into_owned();
        assert!(shown.starts_with(WRAPPED));
        let back = carried(Text::plain(shown));
        assert_eq!(
            back.for_upstream(ApiFormat::Anthropic, "claude"),
            Some(Text::plain("Ab.c=="))
        );
    }
}

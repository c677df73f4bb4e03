//! Whether a value has a disorder that no code, no template and no prose has.
//!
//! Generators of passwords and of keys use every sign there is: `${`, `()` and `;` in such a value
//! say nothing. Only what has few words, many kinds of signs and no repetition is taken for that,
//! so values of letters and digits are none: others judge them.
//!
//! Called by: `plausible.rs`, `rest_of_line.rs`.

use super::shannon::has_entropy;
use super::value::{Kind, Value};
use super::wordy::is_wordy;

/// Fewest bytes.
pub(crate) const SHORTEST: usize = 12;

/// Fewest bytes of a value with blanks: the keys and salts of WordPress have 64.
const SHORTEST_WITH_BLANKS: usize = 32;

/// Fewest letters of a word.
const WORD: usize = 4;

/// Whether a value is one that only a machine writes.
pub(crate) fn is_scrambled(value: Value<'_>) -> bool {
    let len = value.bytes.len();
    let has_blanks = value.has(Kind::SPACE);
    let (least, kinds, entropy) = match (has_blanks, len) {
        (true, _) => (SHORTEST_WITH_BLANKS, 4, 4.2),
        (false, ..20) => (SHORTEST, 3, 2.9),
        (false, _) => (SHORTEST, 3, 3.3),
    };
    len >= least
        && value.has(Kind::SYMBOL)
        && value.variety() >= kinds
        && value.bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
        && !(has_blanks && value.has(Kind::BACKSLASH))
        && (!has_blanks || signs(value.bytes) * 8 >= len)
        && has_entropy(value.bytes, entropy)
        && letters_in_words(value.bytes) * 3 < len
        && !is_expression(value.bytes)
}

/// How many bytes are neither letters, nor digits, nor blanks.
fn signs(value: &[u8]) -> usize {
    value
        .iter()
        .filter(|byte| byte.is_ascii_punctuation())
        .count()
}

/// How many letters stand in words.
fn letters_in_words(value: &[u8]) -> usize {
    let stretches = value.split(|byte| !byte.is_ascii_alphabetic());
    let words = stretches.filter(|word| word.len() >= WORD && has_humps(word) && is_wordy(word));
    words.map(<[u8]>::len).sum()
}

/// Whether letters change their case as in names: all the same, or a capital before three small
/// ones and more.
fn has_humps(word: &[u8]) -> bool {
    let rest = word.get(1..).unwrap_or_default();
    let mut humps = rest.chunk_by(|_, next| next.is_ascii_lowercase());
    let is_hump = |hump: &[u8]| hump.len() >= 3;
    word.iter().all(u8::is_ascii_uppercase) || humps.all(is_hump)
}

/// Whether it is a regular expression: `[A-Za-z0-9]{32}`.
fn is_expression(value: &[u8]) -> bool {
    let signs = value.iter().enumerate();
    let mut signs = signs.filter(|(_, byte)| matches!(byte, b'-' | b'(' | b']' | b')'));
    signs.any(|(at, _)| is_of_expression(value, at))
}

/// Whether the sign at `at` is part of a range, of a group or of a repetition.
fn is_of_expression(value: &[u8], at: usize) -> bool {
    const RANGES: &[&[u8]] = &[b"0-9", b"a-z", b"A-Z", b"a-f", b"A-F"];
    let around = at
        .checked_sub(1)
        .and_then(|before| value.get(before..=at + 1));
    match value.get(at..) {
        Some([b'-', ..]) => around.is_some_and(|three| RANGES.contains(&three)),
        Some([b'(', b'?', kind, ..]) => matches!(kind, b':' | b'P' | b'i'),
        Some([b']' | b')', b'{', digit, ..]) => digit.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_generators_write_is_scrambled() {
        for value in [
            concat!("k9$(v!q@x2=", "+f&&z_7w"),
            concat!("Xk9#),vb", "Qz7Lm;{"),
            concat!("*Tq${8hB", "]z<Lw2&&p"),
            concat!(
                "|h`3 T{Kz8-w;q]Rv5 (B>m^L2/",
                "X9:c~D+y[s=F_4}g<P.0uJ,nEZ1$aWi7"
            ),
        ] {
            assert!(is_scrambled(Value::of(value.as_bytes())), "{value}");
        }
    }

    #[test]
    fn code_and_templates_and_prose_are_not() {
        for value in [
            "${DATABASE_PASSWORD1}",
            "$.data[0].accessToken",
            "[A-Za-z0-9_-]{20,40}",
            "getToken(user1)->value",
            "Enter the 12 characters of your Key, please.",
            "{{ .Values.Database1.password | quote }}",
            "aB1cD2eF3gH4iJ5k",
            "SomeClass::getPassword9()",
            "short#1A",
        ] {
            assert!(!is_scrambled(Value::of(value.as_bytes())), "{value}");
        }
    }
}

//! JSON string escaping and its inverse.
//!
//! Owns the spelling of strings. Never checks a document: what is decoded here has passed the
//! scanner. Called by the scanner (keys), the text visitor and the reply builders.

use std::borrow::Cow;

use crate::scanner::plain_run;

/// Appends `text` to `out`, escaped as the inside of a JSON string (without the quotes).
///
/// Only what RFC 8259 section 7 requires is escaped; everything else stays as it is.
pub fn escape_json(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut plain_from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if !needs_escape(byte) {
            continue;
        }
        out.extend_from_slice(bytes.get(plain_from..at).unwrap_or_default());
        push_escape(byte, out);
        plain_from = at + 1;
    }
    out.extend_from_slice(bytes.get(plain_from..).unwrap_or_default());
}

/// As [`escape_json`], onto text.
pub(crate) fn escape_onto(text: &str, out: &mut String) {
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_run(rest.as_bytes()));
        out.push_str(plain);
        let Some(&byte) = special.as_bytes().first() else {
            return;
        };
        match short_escape(byte) {
            Some(letter) => out.extend(['\\', char::from(letter)]),
            None => out.push_str(&format!("\\u{byte:04x}")),
        }
        rest = special.get(1..).unwrap_or_default();
    }
}

/// `text` as a JSON string with its quotes.
pub fn json_string(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'"');
    escape_json(text, &mut out);
    out.push(b'"');
    String::from_utf8(out).unwrap_or_default()
}

/// Whether a byte may not stand in a JSON string as it is.
pub(crate) const fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// The letter after the backslash, for bytes that have one.
const fn short_escape(byte: u8) -> Option<u8> {
    Some(match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => return None,
    })
}

fn push_escape(byte: u8, out: &mut Vec<u8>) {
    match short_escape(byte) {
        Some(letter) => out.extend_from_slice(&[b'\\', letter]),
        None => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
    }
}

/// Whether escaping `char` gives `raw`.
pub(crate) fn is_our_spelling(char: char, raw: &str) -> bool {
    let Ok(byte) = u8::try_from(char) else {
        return false;
    };
    match (needs_escape(byte), short_escape(byte)) {
        (false, _) => false,
        (true, Some(letter)) => raw.as_bytes() == [b'\\', letter],
        (true, None) => raw == format!("\\u{byte:04x}"),
    }
}

/// The text of a scanned string (`raw` is what stands between its quotes).
///
/// A lone surrogate, which JSON allows and Unicode text does not, is read as U+FFFD.
pub(crate) fn decode_text(raw: &str, escaped: bool) -> Cow<'_, str> {
    if !escaped {
        return Cow::Borrowed(raw);
    }
    let mut text = Vec::new();
    decode_onto(raw.as_bytes(), &mut text);
    // One check at the end is cheaper than one per piece; it cannot fail, since pieces of text
    // are cut at backslashes.
    Cow::Owned(String::from_utf8(text).unwrap_or_default())
}

/// Appends the text of a scanned string, whose spelling has escapes, as [`decode_text`] reads it.
pub(crate) fn decode_onto(raw: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + raw.len() + WORD, 0);
    let length = decode_into(raw, out.get_mut(from..).unwrap_or_default());
    out.truncate(from + length);
}

/// Decodes into what is eight bytes longer than the spelling, and says how much of it is filled: no
/// escape is shorter than what it stands for.
///
/// Eight bytes at a time, which begin at places that do not depend on the escapes before them, so
/// that the processor reads ahead: source code has an escape every eight bytes.
fn decode_into(raw: &[u8], text: &mut [u8]) -> usize {
    let whole = text.len();
    let (mut rest, mut free) = (raw, text);
    // Bytes of the next eight that belong to an escape before them.
    let mut taken = 0;
    while let Some((word, after)) = rest.split_first_chunk::<WORD>() {
        let number = u64::from_le_bytes(*word);
        let mut marks = backslashes(number) >> (8 * taken) << (8 * taken);
        let mut start = std::mem::take(&mut taken);
        rest = loop {
            let Some((place, _)) = free.split_first_chunk_mut::<WORD>() else {
                break after;
            };
            *place = (number >> (8 * start)).to_le_bytes();
            if marks == 0 {
                skip(WORD - start, &mut free);
                break after;
            }
            let at = (marks.trailing_zeros() / 8) as usize;
            skip(at - start, &mut free);
            let escape = rest.get(at..).unwrap_or_default();
            let letter = escape.get(1).copied().unwrap_or(0);
            match short(letter) {
                0 => {
                    let (after, left) = decode_one(escape, free);
                    free = left;
                    break after;
                }
                byte => put(&[byte], &mut free),
            }
            start = at + 2;
            if start >= WORD {
                taken = start - WORD;
                break after;
            }
            marks &= !(0xffff << (8 * at));
        };
    }
    rest = rest.get(taken..).unwrap_or_default();
    while let Some(byte) = rest.first() {
        rest = match byte {
            b'\\' => {
                let (after, left) = decode_one(rest, free);
                free = left;
                after
            }
            _ => {
                put(&[*byte], &mut free);
                rest.get(1..).unwrap_or_default()
            }
        };
    }
    whole - free.len()
}

#[inline]
fn skip(count: usize, free: &mut &mut [u8]) {
    *free = std::mem::take(free).get_mut(count..).unwrap_or_default();
}

/// Puts bytes at the beginning of what is free, which has room for them.
#[inline]
fn put(bytes: &[u8], free: &mut &mut [u8]) {
    if let Some((place, rest)) = std::mem::take(free).split_at_mut_checked(bytes.len()) {
        place.copy_from_slice(bytes);
        *free = rest;
    }
}

const WORD: usize = 8;

/// Sets the high bit of each byte that is a backslash.
#[inline]
fn backslashes(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differing = word ^ (0x0101_0101_0101_0101 * u64::from(b'\\'));
    !(((differing & LOW) + LOW) | differing | LOW)
}

/// Decodes the escape at the beginning, and says what follows it and what is free then; where four
/// digits say a character, also the escapes like it that follow.
#[inline]
fn decode_one<'a, 't>(escape: &'a [u8], free: &'t mut [u8]) -> (&'a [u8], &'t mut [u8]) {
    let (mut rest, mut free) = (escape, free);
    while let Some((unit, after)) = unit(rest) {
        free = put_unit(unit, free);
        rest = after;
    }
    match rest.len() < escape.len() {
        true => (rest, free),
        false => decode_rare(escape, free),
    }
}

/// The character of an escape of four digits at the beginning, and what follows it; `None` if
/// there is none, or half of a surrogate pair.
#[inline]
pub(crate) fn unit(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (escape, rest) = bytes.split_first_chunk::<6>()?;
    let [b'\\', b'u', digits @ ..] = escape else {
        return None;
    };
    let unit = four_digits(digits)?;
    (unit & 0xf800 != 0xd800).then_some((unit, rest))
}

/// Puts a character at the beginning of what is free, which is longer than it by a few bytes; says
/// what is free then.
#[inline]
fn put_unit(unit: u16, free: &mut [u8]) -> &mut [u8] {
    let low = |shift: u32| 0x80 | (unit >> shift & 0x3f) as u8;
    let (bytes, length) = match unit {
        0..0x80 => ([unit as u8, 0, 0, 0], 1),
        0x80..0x800 => ([0xc0 | (unit >> 6) as u8, low(0), 0, 0], 2),
        _ => ([0xe0 | (unit >> 12) as u8, low(6), low(0), 0], 3),
    };
    if let Some((place, _)) = free.split_first_chunk_mut::<4>() {
        *place = bytes;
    }
    free.get_mut(length..).unwrap_or_default()
}

/// Decodes any other escape: of one letter, a pair of surrogates, or half of one.
#[inline(never)]
fn decode_rare<'a, 't>(escape: &'a [u8], free: &'t mut [u8]) -> (&'a [u8], &'t mut [u8]) {
    let (piece, used) = read_escape(escape);
    let char = match piece {
        Piece::Char(char) => char,
        _ => char::REPLACEMENT_CHARACTER,
    };
    let mut free = free;
    put(char.encode_utf8(&mut [0; 4]).as_bytes(), &mut free);
    (escape.get(used..).unwrap_or_default(), free)
}

/// Whether a backslash and this letter stand for one byte.
#[inline]
pub(crate) fn is_short_escape(letter: u8) -> bool {
    short(letter) != 0
}

/// What a backslash and this letter stand for; 0 if that is not one byte.
#[inline]
fn short(letter: u8) -> u8 {
    DECODED.get(usize::from(letter)).copied().unwrap_or(0)
}

/// What a letter after a backslash stands for: a table, since which one comes next nobody foresees.
static DECODED: [u8; 256] = decoded();

#[expect(
    clippy::indexing_slicing,
    reason = "256 for all bytes; `get` is not const"
)]
const fn decoded() -> [u8; 256] {
    let mut table = [0; 256];
    let mut pairs: &[(u8, u8)] = &[
        (b'"', b'"'),
        (b'\\', b'\\'),
        (b'/', b'/'),
        (b'n', b'\n'),
        (b'r', b'\r'),
        (b't', b'\t'),
        (b'b', 0x08),
        (b'f', 0x0c),
    ];
    while let [(letter, byte), others @ ..] = pairs {
        table[*letter as usize] = *byte;
        pairs = others;
    }
    table
}

/// Where in the spelling `raw` the decoded byte number `decoded` begins.
pub(crate) fn raw_offset(raw: &str, decoded: usize) -> usize {
    let bytes = raw.as_bytes();
    let (mut at, mut left) = (0, decoded);
    while left > 0 && at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let plain = plain_run(rest);
        if plain > 0 {
            at += plain.min(left);
            left -= plain.min(left);
            continue;
        }
        let (piece, used) = read_escape(rest);
        at += used;
        left = left.saturating_sub(match piece {
            Piece::Char(char) => char.len_utf8(),
            _ => char::REPLACEMENT_CHARACTER.len_utf8(),
        });
    }
    at.min(bytes.len())
}

/// The identity of a key: equal exactly for two spellings of the same key.
///
/// Lone surrogates stay distinct here, each as the three bytes that UTF-8 would give it if it
/// allowed them; as U+FFFD two different keys would look like one.
pub(crate) fn decode_key(raw: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(raw.len());
    each_piece(raw, |piece| match piece {
        Piece::Plain(bytes) => key.extend_from_slice(bytes),
        Piece::Char(char) => push_char(char, &mut key),
        Piece::Lone(unit) => key.extend_from_slice(&three_bytes(unit)),
    });
    key
}

#[inline]
fn push_char(char: char, out: &mut Vec<u8>) {
    match u8::try_from(char) {
        Ok(byte) if byte.is_ascii() => out.push(byte),
        _ => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn three_bytes(unit: u16) -> [u8; 3] {
    let [high, low] = unit.to_be_bytes();
    [
        0xe0 | high >> 4,
        0x80 | (high & 0x0f) << 2 | low >> 6,
        0x80 | low & 0x3f,
    ]
}

enum Piece<'a> {
    Plain(&'a [u8]),
    Char(char),
    Lone(u16),
}

/// Cuts a scanned string into plain runs and decoded escapes.
fn each_piece<'a>(raw: &'a [u8], mut take: impl FnMut(Piece<'a>)) {
    let mut rest = raw;
    loop {
        // In a scanned string nothing but a backslash ends a plain run before the end.
        let (plain, escape) = rest.split_at(plain_run(rest));
        if !plain.is_empty() {
            take(Piece::Plain(plain));
        }
        if escape.is_empty() {
            return;
        }
        let (piece, used) = read_escape(escape);
        take(piece);
        rest = escape.get(used..).unwrap_or_default();
    }
}

#[inline]
fn read_escape(escape: &[u8]) -> (Piece<'_>, usize) {
    let char = match escape.get(1) {
        Some(b'u') => return read_unicode(escape),
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(&other) => char::from(other),
        None => char::REPLACEMENT_CHARACTER,
    };
    (Piece::Char(char), 2)
}

fn read_unicode(escape: &[u8]) -> (Piece<'_>, usize) {
    let unit = escape.get(2..6).and_then(hex4).unwrap_or(0xfffd);
    let follower = match escape.get(6..12) {
        Some([b'\\', b'u', digits @ ..]) => hex4(digits),
        _ => None,
    };
    let units = [unit, follower.unwrap_or(0)];
    match char::decode_utf16(units).next() {
        Some(Ok(char)) => (
            Piece::Char(char),
            if char.len_utf16() == 2 { 12 } else { 6 },
        ),
        _ => (Piece::Lone(unit), 6),
    }
}

/// An escape that may be torn or wrong, as [`take_escape`] reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// More bytes are needed to say what it is.
    Torn,
    /// It stands for this character and is this long. A backslash that begins no escape stands
    /// for itself, half of a surrogate pair for U+FFFD.
    Whole { char: char, used: usize },
}

/// Reads the escape at the start of `bytes`, which nobody has checked.
pub(crate) fn take_escape(bytes: &[u8]) -> Escape {
    match bytes.get(1) {
        None => Escape::Torn,
        Some(b'u') => take_unicode(bytes),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => whole(bytes),
        Some(_) => BACKSLASH,
    }
}

const BACKSLASH: Escape = Escape::Whole {
    char: '\\',
    used: 1,
};

fn whole(bytes: &[u8]) -> Escape {
    match read_escape(bytes) {
        (Piece::Char(char), used) => Escape::Whole { char, used },
        (_, used) => Escape::Whole {
            char: char::REPLACEMENT_CHARACTER,
            used,
        },
    }
}

fn take_unicode(bytes: &[u8]) -> Escape {
    let digits = bytes.get(2..bytes.len().min(6)).unwrap_or_default();
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return BACKSLASH;
    }
    if digits.len() < 4 {
        return Escape::Torn;
    }
    let high = hex4(digits).is_some_and(|unit| (0xd800..0xdc00).contains(&unit));
    let follower = bytes.get(6..bytes.len().min(12)).unwrap_or_default();
    if high && follower.len() < 6 && may_be_unicode(follower) {
        return Escape::Torn;
    }
    whole(bytes)
}

/// Whether this is the beginning of an escape such as `\u0041`.
fn may_be_unicode(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match at {
        0 => *byte == b'\\',
        1 => *byte == b'u',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// The value of four hexadecimal digits.
pub(crate) fn hex4(digits: &[u8]) -> Option<u16> {
    four_digits(digits.try_into().ok()?)
}

#[inline]
fn four_digits(digits: &[u8; 4]) -> Option<u16> {
    let value = digits.iter().fold(0_u32, |value, digit| {
        let nibble = NIBBLES.get(usize::from(*digit)).copied();
        value << 4 | nibble.unwrap_or(NO_NIBBLE)
    });
    // One that is none leaves a bit that no four digits have.
    u16::try_from(value).ok()
}

/// As large that it shows also as the last digit of four.
const NO_NIBBLE: u32 = 1 << 16;

/// The values of hexadecimal digits.
static NIBBLES: [u32; 256] = nibbles();

#[expect(
    clippy::indexing_slicing,
    reason = "256 for all bytes; `get` is not const"
)]
const fn nibbles() -> [u32; 256] {
    let mut table = [NO_NIBBLE; 256];
    let mut digit = 0;
    while digit < 16 {
        let byte = b"0123456789abcdef"[digit];
        table[byte as usize] = digit as u32;
        table[byte.to_ascii_uppercase() as usize] = digit as u32;
        digit += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_become_one_character() {
        assert_eq!(decode_text(r"a\ud83d\ude00b", true), "a😀b");
    }

    #[test]
    fn lone_surrogates_do_not_stop_decoding() {
        assert_eq!(
            decode_text(r"a\ud83db\ude00\ud83d\ud83d\ude00", true),
            "a\u{fffd}b\u{fffd}\u{fffd}😀"
        );
    }

    #[test]
    fn lone_surrogates_are_distinct_keys() {
        assert_ne!(decode_key(br"\ud800"), decode_key(br"\ud801"));
        assert_eq!(decode_key(br"\u0061b"), b"ab");
    }

    /// The same, a piece at a time.
    fn slowly_decoded(raw: &str) -> String {
        let mut text = String::new();
        each_piece(raw.as_bytes(), |piece| match piece {
            Piece::Plain(bytes) => text.push_str(std::str::from_utf8(bytes).unwrap()),
            Piece::Char(char) => text.push(char),
            Piece::Lone(_) => text.push(char::REPLACEMENT_CHARACTER),
        });
        text
    }

    #[test]
    fn json_in_strings_in_strings_is_decoded_one_level_at_a_time() {
        let mut text = "a \"b\"\t\u{0}\\é😀".to_owned();
        for _ in 0..8 {
            let inner = text.clone();
            text = json_string(&inner);
            let inside = text.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            assert_eq!(decode_text(inside, true), inner);
        }
    }

    proptest! {
        #[test]
        fn escapes_at_any_place_decode_as_one_by_one(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "a", "some words ", "é😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9", "\\u20ac",
                "\\ud83d", "\\ude00", "\\ud83d\\ude00",
            ]), 0..30),
        ) {
            let raw = pieces.concat();
            prop_assert_eq!(decode_text(&raw, true), slowly_decoded(&raw));
        }

        #[test]
        fn what_is_escaped_decodes_to_itself(text in any::<String>()) {
            let quoted = json_string(&text);
            prop_assert_eq!(&serde_json::from_str::<String>(&quoted).unwrap(), &text);
            let inside = quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
            prop_assert_eq!(decode_text(inside, inside.contains('\\')), text);
        }
    }
}

//! Reads JSON in place: objects as borrowed parts, strings without a copy on the heap.
//!
//! A secret stands in locked pages as JSON text. serde_json checks the grammar and says where
//! each value begins and ends ([`Members`]); [`Text`] takes the escapes out piece by piece, so
//! that a value goes from the file's pages straight to a hash or to the sealed pages. Only names
//! (of fields, providers and keys) become ordinary strings.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroize;

/// The members of one object, in order, duplicates included.
pub(crate) struct Members<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads a whole document that is an object.
    ///
    /// # Errors
    /// Line and column of what is not JSON; `None` if it is JSON but no object.
    pub(crate) fn of_document(text: &'a str) -> Result<Self, Option<(usize, usize)>> {
        // Asked first, because serde_json's error for another type would quote the value.
        let raw: &RawValue =
            serde_json::from_str(text).map_err(|error| Some((error.line(), error.column())))?;
        Self::of(raw).ok_or(None)
    }

    /// Reads a value that is an object; `None` if it is something else.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        raw.get()
            .starts_with('{')
            .then(|| serde_json::from_str(raw.get()).ok())?
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// A member's name, borrowed unless it has escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Take;

        impl<'de> Visitor<'de> for Take {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(Take)
    }
}

/// The elements of an array; `None` if the value is no array.
pub(crate) fn elements(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get()
        .starts_with('[')
        .then(|| serde_json::from_str(raw.get()).ok())?
}

/// An escape that JSON does not have, or half of a surrogate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadEscape;

/// A string as it stands in the file: without its quotes, with its escapes.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a>(&'a [u8]);

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'a> Text<'a> {
    /// Takes a value that is a string; `None` if it is something else.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        match raw.get().as_bytes() {
            [b'"', inner @ .., b'"'] => Some(Self(inner)),
            _ => None,
        }
    }

    /// Gives the decoded bytes, piece by piece, in order.
    ///
    /// # Errors
    /// [`BadEscape`], possibly after some pieces.
    pub(crate) fn pieces(self, mut take: impl FnMut(&[u8])) -> Result<(), BadEscape> {
        let mut rest = self.0;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
            let (plain, escape) = rest.split_at(at);
            take(plain);
            let (decoded, after) = unescape(escape)?;
            let mut utf8 = [0_u8; 4];
            take(decoded.encode_utf8(&mut utf8).as_bytes());
            utf8.zeroize();
            rest = after;
        }
        take(rest);
        Ok(())
    }

    /// How many bytes it has once decoded.
    ///
    /// # Errors
    /// [`BadEscape`].
    pub(crate) fn decoded_len(self) -> Result<usize, BadEscape> {
        let mut len = 0;
        self.pieces(|piece| len += piece.len())?;
        Ok(len)
    }

    /// Copies the decoded bytes to the front of `room` and gives the rest of it back.
    ///
    /// # Errors
    /// [`BadEscape`], also if `room` is too small, which [`Text::decoded_len`] rules out.
    pub(crate) fn copy_to(self, room: &mut [u8]) -> Result<&mut [u8], BadEscape> {
        let mut left = Some(room);
        self.pieces(|piece| left = left.take().and_then(|room| put(piece, room)))?;
        left.ok_or(BadEscape)
    }

    /// The decoded text on the heap, for names and other things that are not secret.
    ///
    /// # Errors
    /// [`BadEscape`].
    pub(crate) fn to_name(self) -> Result<String, BadEscape> {
        let mut bytes = Vec::with_capacity(self.0.len());
        self.pieces(|piece| bytes.extend_from_slice(piece))?;
        String::from_utf8(bytes).map_err(|_| BadEscape)
    }
}

fn put<'r>(piece: &[u8], room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let (front, rest) = room.split_at_mut_checked(piece.len())?;
    front.copy_from_slice(piece);
    Some(rest)
}

/// Decodes the escape that `text` begins with and gives what follows it.
fn unescape(text: &[u8]) -> Result<(char, &[u8]), BadEscape> {
    match text {
        [b'\\', b'u', digits @ ..] => unicode_escape(digits),
        [b'\\', short, rest @ ..] => Ok((short_escape(*short)?, rest)),
        _ => Err(BadEscape),
    }
}

fn short_escape(letter: u8) -> Result<char, BadEscape> {
    match letter {
        b'"' | b'\\' | b'/' => Ok(char::from(letter)),
        b'b' => Ok('\u{8}'),
        b'f' => Ok('\u{c}'),
        b'n' => Ok('\n'),
        b'r' => Ok('\r'),
        b't' => Ok('\t'),
        _ => Err(BadEscape),
    }
}

/// Four digits, or twice four with `\u` between them for what is beyond the first 65,536.
fn unicode_escape(digits: &[u8]) -> Result<(char, &[u8]), BadEscape> {
    let (first, rest) = four_digits(digits)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Ok((char::from_u32(first).ok_or(BadEscape)?, rest));
    }
    let [b'\\', b'u', digits @ ..] = rest else {
        return Err(BadEscape);
    };
    let (second, rest) = four_digits(digits)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(BadEscape);
    }
    let both = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    Ok((char::from_u32(both).ok_or(BadEscape)?, rest))
}

fn four_digits(text: &[u8]) -> Result<(u32, &[u8]), BadEscape> {
    let (digits, rest) = text.split_at_checked(4).ok_or(BadEscape)?;
    let mut value = 0;
    for digit in digits {
        value = value * 16 + char::from(*digit).to_digit(16).ok_or(BadEscape)?;
    }
    Ok((value, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(json: &str) -> Option<String> {
        let raw: &RawValue = serde_json::from_str(json).ok()?;
        Text::of(raw)?.to_name().ok()
    }

    #[test]
    fn each_escape_is_taken_out() {
        let json = r#""a\"\\\/\b\f\n\r\tz\u0041\u00e9\ud83d\ude00""#;
        assert_eq!(
            decoded(json).unwrap(),
            "a\"\\/\u{8}\u{c}\n\r\tzA\u{e9}\u{1f600}"
        );
    }

    #[test]
    fn half_a_pair_is_refused() {
        for json in [
            r#""\ud83d""#,
            r#""\ude00""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
        ] {
            assert_eq!(decoded(json), None, "{json}");
        }
    }

    #[test]
    fn members_keep_order_and_duplicates() {
        let members = Members::of_document(r#" {"a": 1, "b\n": [2], "a": "x"} "#).unwrap();
        let seen: Vec<_> = members
            .0
            .iter()
            .map(|(name, raw)| (&**name, raw.get()))
            .collect();
        assert_eq!(seen, [("a", "1"), ("b\n", "[2]"), ("a", "\"x\"")]);
    }

    #[test]
    fn what_is_no_object_is_told_from_what_is_no_json() {
        assert_eq!(Members::of_document("\"sk-mark\"").err(), Some(None));
        assert_eq!(
            Members::of_document("{\"a\": 1,\n }").err(),
            Some(Some((2, 2)))
        );
        assert!(Members::of_document("{} {}").is_err());
        assert!(Members::of_document("// no\n{}").is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_or_a_value_but_no_crash() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        drop(Members::of_document(&deep));
    }

    #[test]
    fn too_little_room_is_noticed() {
        let raw: &RawValue = serde_json::from_str("\"abc\"").unwrap();
        assert!(Text::of(raw).unwrap().copy_to(&mut [0; 2]).is_err());
    }

    proptest! {
        #[test]
        fn any_text_survives_as_serde_writes_it(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(decoded(&json), Some(text));
        }

        #[test]
        fn any_text_survives_when_every_unit_is_escaped(text in any::<String>()) {
            let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(decoded(&format!("\"{units}\"")), Some(text));
        }

        #[test]
        fn what_serde_refuses_is_refused(
            inner in r#"([a-zé ]|\\[u"\\/bfnrtx]|\\u[dD][89cCfF][0-9a-fx]{2}|[0-9a-f]{1,4}){0,12}"#,
        ) {
            let json = format!("\"{inner}\"");
            prop_assert_eq!(decoded(&json), serde_json::from_str::<String>(&json).ok());
        }

        #[test]
        fn copying_writes_exactly_what_was_measured(text in any::<String>(), spare in 0_usize..9) {
            let json = serde_json::to_string(&text).unwrap();
            let raw: &RawValue = serde_json::from_str(&json).unwrap();
            let value = Text::of(raw).unwrap();
            prop_assert_eq!(value.decoded_len(), Ok(text.len()));
            let mut room = vec![0xEE; text.len() + spare];
            let left = value.copy_to(&mut room).unwrap().len();
            prop_assert_eq!(left, spare);
            prop_assert_eq!(&room[..text.len()], text.as_bytes());
        }
    }
}

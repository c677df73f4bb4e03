//! Reading JSON member by member, with every value left as it was spelt.
//!
//! Owns the walk over one level. Never builds a tree and never decides what a member means: that
//! is each format's reader. Called by all of them.

use std::fmt;

use serde::de::{
    Deserialize as _, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::error::FormatError;
use super::text::Text;

/// A value as it was spelt.
pub(crate) type Raw<'a> = &'a RawValue;

type Result<T> = std::result::Result<T, FormatError>;

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// What a value is.
pub(crate) fn kind(raw: Raw<'_>) -> Kind {
    match raw.get().as_bytes().first() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::Text,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'n') | None => Kind::Null,
        Some(_) => Kind::Number,
    }
}

/// Whether a value is `null`, which most APIs take for absent.
pub(crate) fn is_null(raw: Raw<'_>) -> bool {
    kind(raw) == Kind::Null
}

/// A whole document.
///
/// # Errors
/// [`FormatError::not_json`].
pub(crate) fn document(body: &[u8]) -> Result<Raw<'_>> {
    serde_json::from_slice(body).map_err(|_| FormatError::not_json())
}

/// Hands on each member of an object, in order, decoded key first.
///
/// # Errors
/// That the value is no object; what `each` returns.
pub(crate) fn each_member<'a>(
    raw: Raw<'a>,
    mut each: impl FnMut(&str, Raw<'a>) -> Result<()>,
) -> Result<()> {
    if kind(raw) != Kind::Object {
        return Err(FormatError::expected("an object", raw));
    }
    let mut failed = None;
    let walk = Members {
        each: &mut each,
        failed: &mut failed,
    };
    let outcome = serde_json::Deserializer::from_str(raw.get()).deserialize_map(walk);
    settle(outcome, failed)
}

/// Hands on each element of an array, in order.
///
/// # Errors
/// That the value is no array; what `each` returns.
pub(crate) fn each_item<'a>(
    raw: Raw<'a>,
    mut each: impl FnMut(Raw<'a>) -> Result<()>,
) -> Result<()> {
    if kind(raw) != Kind::Array {
        return Err(FormatError::expected("an array", raw));
    }
    let mut failed = None;
    let walk = Items {
        each: &mut each,
        failed: &mut failed,
    };
    let outcome = serde_json::Deserializer::from_str(raw.get()).deserialize_seq(walk);
    settle(outcome, failed)
}

/// The member of this name, if the value is an object that has one. For few members of small
/// objects: each call walks anew.
pub(crate) fn member<'a>(raw: Raw<'a>, name: &str) -> Option<Raw<'a>> {
    let mut found = None;
    let walked = each_member(raw, |key, value| {
        if key == name {
            found = Some(value);
        }
        Ok(())
    });
    walked.ok().and(found)
}

/// The elements of an array.
///
/// # Errors
/// That the value is no array.
pub(crate) fn items<'a>(raw: Raw<'a>) -> Result<Vec<Raw<'a>>> {
    let mut all = Vec::new();
    each_item(raw, |item| {
        all.push(item);
        Ok(())
    })?;
    Ok(all)
}

/// A string.
///
/// # Errors
/// That the value is none.
pub(crate) fn text<'a>(raw: Raw<'a>) -> Result<Text<'a>> {
    Text::of_raw(raw).ok_or_else(|| FormatError::expected("a string", raw))
}

/// A string, or nothing for `null`.
///
/// # Errors
/// That the value is neither.
pub(crate) fn maybe_text<'a>(raw: Raw<'a>) -> Result<Option<Text<'a>>> {
    if is_null(raw) {
        Ok(None)
    } else {
        text(raw).map(Some)
    }
}

/// `true` or `false`.
///
/// # Errors
/// That the value is neither.
pub(crate) fn boolean(raw: Raw<'_>) -> Result<bool> {
    match raw.get() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(FormatError::expected("true or false", raw)),
    }
}

/// A number, as it was spelt; nothing for `null`.
///
/// # Errors
/// That the value is neither.
pub(crate) fn maybe_number<'a>(raw: Raw<'a>) -> Result<Option<Raw<'a>>> {
    match kind(raw) {
        Kind::Null => Ok(None),
        Kind::Number => Ok(Some(raw)),
        _ => Err(FormatError::expected("a number", raw)),
    }
}

/// A count of tokens or the like; `None` if it is none. Some providers write `12.0`.
pub(crate) fn count(raw: Raw<'_>) -> Option<u64> {
    let text = raw.get();
    let float = || text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    text.parse()
        .ok()
        .or_else(|| float().map(|number| number as u64))
}

fn settle(outcome: serde_json::Result<()>, failed: Option<FormatError>) -> Result<()> {
    match (outcome, failed) {
        (_, Some(error)) => Err(error),
        (Err(_), None) => Err(FormatError::not_json()),
        (Ok(()), None) => Ok(()),
    }
}

struct Members<'f, F> {
    each: &'f mut F,
    failed: &'f mut Option<FormatError>,
}

impl<'a, F: FnMut(&str, Raw<'a>) -> Result<()>> Visitor<'a> for Members<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let value: Raw<'a> = map.next_value()?;
            if let Err(error) = (self.each)(&key, value) {
                *self.failed = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

struct Items<'f, F> {
    each: &'f mut F,
    failed: &'f mut Option<FormatError>,
}

impl<'a, F: FnMut(Raw<'a>) -> Result<()>> Visitor<'a> for Items<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        while let Some(item) = seq.next_element::<Raw<'a>>()? {
            if let Err(error) = (self.each)(item) {
                *self.failed = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

/// A key without a copy, unless it is escaped. For readers that take members apart by themselves.
pub(crate) struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = std::borrow::Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(
        self,
        from: D,
    ) -> std::result::Result<Self::Value, D::Error> {
        from.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'a> Visitor<'a> for KeyVisitor {
    type Value = std::borrow::Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'a str) -> std::result::Result<Self::Value, E> {
        Ok(std::borrow::Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> std::result::Result<Self::Value, E> {
        Ok(std::borrow::Cow::Owned(key.to_owned()))
    }
}

/// JSON text as a value, if it is one.
pub(crate) fn parse(json: &str) -> Option<Raw<'_>> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let raw = <Raw<'_>>::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order_and_as_they_were_spelt() {
        let raw = parse(r#"{"a" : 1.50, "b\u0063":[ 1 ,2]}"#).unwrap();
        let mut seen = Vec::new();
        each_member(raw, |key, value| {
            seen.push((key.to_owned(), value.get().to_owned()));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            seen,
            [("a".into(), "1.50".into()), ("bc".into(), "[ 1 ,2]".into())]
        );
    }

    #[test]
    fn a_refusal_inside_ends_the_walk() {
        let raw = parse(r#"{"a":1,"b":2}"#).unwrap();
        let mut seen = 0;
        let outcome = each_member(raw, |_, value| {
            seen += 1;
            Err(FormatError::expected("nothing", value))
        });
        assert_eq!((seen, outcome.is_err()), (1, true));
    }

    #[test]
    fn another_type_is_told() {
        let raw = parse("[1]").unwrap();
        assert!(each_member(raw, |_, _| Ok(())).is_err());
        assert!(text(raw).is_err());
        assert_eq!(items(raw).unwrap().len(), 1);
    }
}

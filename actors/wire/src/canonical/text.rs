//! Strings that keep their spelling on the way from one document to another.
//!
//! Owns the two ways a string can be at hand: as it stood between quotes, or as text that is
//! still to be escaped. Most strings are only passed on, and are never decoded.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::escape::{decode_text, escape_json};

/// A string of a document.
#[derive(Debug, Clone)]
pub(crate) enum Text<'a> {
    /// What stands between the quotes, escapes included.
    Spelt(Cow<'a, str>),
    /// Text that is not escaped.
    Plain(Cow<'a, str>),
}

impl<'a> Text<'a> {
    /// The string that a value is, if it is one.
    pub(crate) fn of_raw(raw: &'a RawValue) -> Option<Self> {
        let inside = raw.get().strip_prefix('"')?.strip_suffix('"')?;
        Some(Self::Spelt(Cow::Borrowed(inside)))
    }

    /// Text that is not escaped.
    pub(crate) fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Plain(text.into())
    }

    /// The text itself.
    pub(crate) fn decoded(&self) -> Cow<'_, str> {
        match self {
            Self::Spelt(spelt) => decode_text(spelt, spelt.contains('\\')),
            Self::Plain(text) => Cow::Borrowed(text),
        }
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Spelt(text) | Self::Plain(text) => text.is_empty(),
        }
    }

    /// Its length in bytes as it is held, escapes included.
    pub(crate) fn spelt_len(&self) -> usize {
        match self {
            Self::Spelt(text) | Self::Plain(text) => text.len(),
        }
    }

    /// Whether it says exactly this.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.decoded() == text
    }

    /// Appends the escaped form, without quotes.
    pub(crate) fn write_inside(&self, out: &mut Vec<u8>) {
        match self {
            Self::Spelt(spelt) => out.extend_from_slice(spelt.as_bytes()),
            Self::Plain(text) => escape_json(text, out),
        }
    }

    /// The same, with its own memory.
    pub(crate) fn into_owned(self) -> Text<'static> {
        match self {
            Self::Spelt(spelt) => Text::Spelt(Cow::Owned(spelt.into_owned())),
            Self::Plain(text) => Text::Plain(Cow::Owned(text.into_owned())),
        }
    }

    /// A second handle on the same bytes.
    pub(crate) fn borrowed(&self) -> Text<'_> {
        match self {
            Self::Spelt(spelt) => Text::Spelt(Cow::Borrowed(spelt)),
            Self::Plain(text) => Text::Plain(Cow::Borrowed(text)),
        }
    }

    /// Several texts as one, with `between` between them.
    pub(crate) fn joined<'t>(
        texts: impl IntoIterator<Item = Text<'t>>,
        between: &str,
    ) -> Text<'static> {
        let mut whole = Vec::new();
        for (number, text) in texts.into_iter().enumerate() {
            if number > 0 {
                escape_json(between, &mut whole);
            }
            text.write_inside(&mut whole);
        }
        Text::Spelt(Cow::Owned(String::from_utf8(whole).unwrap_or_default()))
    }
}

impl PartialEq for Text<'_> {
    /// Two spellings of one text are equal.
    fn eq(&self, other: &Text<'_>) -> bool {
        self.decoded() == other.decoded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_survives_and_meaning_is_compared() {
        let raw: &RawValue = serde_json::from_str(r#""a\u00e9\/""#).unwrap();
        let text = Text::of_raw(raw).unwrap();
        let mut out = Vec::new();
        text.write_inside(&mut out);
        assert_eq!(out, br"a\u00e9\/");
        assert_eq!(text, Text::plain("aé/"));
    }

    #[test]
    fn joined_texts_are_escaped_once() {
        let joined = Text::joined([Text::plain("a\"b"), Text::plain("c")], "\n\n");
        assert_eq!(joined.decoded(), "a\"b\n\nc");
    }
}

//! The texts of a query: names and values, decoded, and the same query with others.
//!
//! Owns the spelling of both. What is not replaced stays as it came, byte for byte. What is no
//! UTF-8 after decoding reads as U+FFFD, so that what stands beside it can be judged all the same.
//!
//! Called by: the redactor, for the queries of calls that are no chats.
//!
//! # Source
//! WHATWG URL, section 5.1 (`application/x-www-form-urlencoded` parsing: `&` divides, `+` is a
//! blank), read 22 Nov 2026.

use std::borrow::Cow;
use std::ops::Range;

use crate::{WireError, percent};

/// One name or value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct QueryText {
    range: Range<usize>,
    /// Where its name stands, if it is a value.
    name: Option<Range<usize>>,
}

/// The texts of one query.
#[derive(Debug, Clone)]
pub struct QueryTexts<'q> {
    query: &'q str,
    texts: Vec<QueryText>,
}

impl<'q> QueryTexts<'q> {
    /// Takes a query apart, as it stands behind the `?`.
    #[must_use]
    pub fn of(query: &'q str) -> Self {
        let mut texts = Vec::new();
        let mut at = 0;
        for pair in query.split('&') {
            let name = at..at + pair.find('=').unwrap_or(pair.len());
            let end = at + pair.len();
            let value = (name.end + 1 < end).then(|| QueryText {
                range: name.end + 1..end,
                name: Some(name.clone()),
            });
            let name = (!name.is_empty()).then_some(QueryText {
                range: name,
                name: None,
            });
            texts.extend(name.into_iter().chain(value));
            at = end + 1;
        }
        Self { query, texts }
    }

    /// Takes pairs apart that a client may send any number of.
    ///
    /// # Errors
    /// [`WireError::TooManyValues`], if there are more pairs than that.
    pub fn within(limit: u32, query: &'q str) -> Result<Self, WireError> {
        let pairs = query.split('&').take(limit as usize + 1).count();
        match pairs > limit as usize {
            true => Err(WireError::TooManyValues { limit }),
            false => Ok(Self::of(query)),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// One of them, decoded.
    #[must_use]
    pub fn text(&self, number: usize) -> Cow<'q, str> {
        self.texts
            .get(number)
            .map_or(Cow::Borrowed(""), |text| self.decoded(&text.range))
    }

    /// The name that a text is the value of, decoded; `None` for a name.
    #[must_use]
    pub fn name_of(&self, number: usize) -> Option<Cow<'q, str>> {
        let name = self.texts.get(number)?.name.as_ref()?;
        Some(self.decoded(name))
    }

    /// The query with some texts replaced, by number and in order.
    #[must_use]
    pub fn with_texts(&self, changed: &[(usize, String)]) -> String {
        let mut out = String::with_capacity(self.query.len());
        let mut copied = 0;
        for (number, text) in changed {
            let Some(known) = self.texts.get(*number) else {
                continue;
            };
            out.push_str(
                self.query
                    .get(copied..known.range.start)
                    .unwrap_or_default(),
            );
            out.push_str(&percent::encoded(text));
            copied = known.range.end;
        }
        out.push_str(self.query.get(copied..).unwrap_or_default());
        out
    }

    fn decoded(&self, range: &Range<usize>) -> Cow<'q, str> {
        decoded(self.query.get(range.clone()).unwrap_or_default())
    }
}

/// A name or a value, decoded.
#[must_use]
pub fn decoded(raw: &str) -> Cow<'_, str> {
    if !raw.contains('+') {
        return percent::decoded(raw);
    }
    Cow::Owned(percent::decoded(&raw.replace('+', " ")).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Vec<(Option<String>, String)> {
        let texts = QueryTexts::of(query);
        (0..texts.len())
            .map(|number| {
                let name = texts.name_of(number).map(Cow::into_owned);
                (name, texts.text(number).into_owned())
            })
            .collect()
    }

    #[test]
    fn names_and_values_are_decoded() {
        let name = |name: &str| (None, name.to_owned());
        let value = |name: &str, value: &str| (Some(name.to_owned()), value.to_owned());
        assert_eq!(
            read("a=b&%61b=x+y%3D%26&flag&=z&c=&=&&d=1=2&e=%ff%"),
            [
                name("a"),
                value("a", "b"),
                name("ab"),
                value("ab", "x y=&"),
                name("flag"),
                value("", "z"),
                name("c"),
                name("d"),
                value("d", "1=2"),
                name("e"),
                value("e", "\u{fffd}%"),
            ]
        );
    }

    #[test]
    fn more_pairs_than_may_be_are_refused() {
        assert_eq!(
            QueryTexts::within(2, "a=1&b=2").map(|texts| texts.len()),
            Ok(4)
        );
        for many in ["a&b&c", "&&"] {
            let refused = QueryTexts::within(2, many).map(|texts| texts.len());
            assert_eq!(refused, Err(WireError::TooManyValues { limit: 2 }));
        }
    }

    #[test]
    fn only_what_changes_is_written_anew() {
        let texts = QueryTexts::of("a=%41&b=%42+c&d");
        let changed = [(3, "[x] & y".to_owned()), (4, "e".to_owned())];
        assert_eq!(texts.with_texts(&changed), "a=%41&b=%5Bx%5D%20%26%20y&e");
        assert_eq!(texts.with_texts(&[]), "a=%41&b=%42+c&d");
    }

    proptest! {
        #[test]
        fn a_new_value_is_read_as_it_was_meant(query in "([a-z]|&|=|%41|\\+){0,20}", value in ".{1,12}") {
            let texts = QueryTexts::of(&query);
            prop_assume!(!texts.is_empty());
            let last = texts.len() - 1;
            let new = texts.with_texts(&[(last, value.clone())]);
            let again = QueryTexts::of(&new);
            prop_assert_eq!(again.len(), texts.len());
            prop_assert_eq!(again.text(last), value);
        }
    }
}

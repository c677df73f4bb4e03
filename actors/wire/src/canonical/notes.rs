//! What a conversion left out, and whether it may.
//!
//! Owns the list of notes and the rule that nothing is dropped without one. Where the operator is
//! strict (`formats.strict`), every note is a refusal.

use std::borrow::Cow;

use super::error::FormatError;
use super::parts::{Extra, Weight};
use super::raw::Raw;
use crate::format::ApiFormat;

/// Most names that are shown; more than that is no hint any more.
const MOST_SHOWN: usize = 32;
/// Longest name that is shown, in bytes.
const LONGEST_SHOWN: usize = 64;

/// A note as it may stand in a header or a comment. A field's name may be anybody's text, so only
/// plain names are shown, and `?` for others.
pub fn shown_note(note: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.[] ".contains(&byte);
    let fits = (1..=LONGEST_SHOWN).contains(&note.len()) && note.bytes().all(plain);
    if fits { note } else { "?" }
}

/// Notes on one line, as they may stand in a header or a comment; empty if there are none.
pub fn shown_notes(notes: &[String]) -> String {
    let shown = notes.iter().map(|note| shown_note(note));
    shown.take(MOST_SHOWN).collect::<Vec<_>>().join(", ")
}

/// Fields that a conversion left out since they cannot change what the answer means.
#[derive(Debug)]
pub(crate) struct Notes {
    /// The format that could not hold them.
    format: ApiFormat,
    strict: bool,
    fields: Vec<String>,
}

impl Notes {
    pub(crate) fn new(format: ApiFormat, strict: bool) -> Self {
        Self {
            format,
            strict,
            fields: Vec::new(),
        }
    }

    /// Leaves a hint out.
    ///
    /// # Errors
    /// If the operator wants to be told by a refusal.
    pub(crate) fn note(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        at: Option<Raw<'_>>,
    ) -> Result<(), FormatError> {
        let field = field.into();
        if self.strict {
            return Err(FormatError::must_be_said(self.format, field, at));
        }
        if !self.fields.iter().any(|noted| *noted == field) {
            self.fields.push(field.into_owned());
        }
        Ok(())
    }

    /// The refusal of something that cannot be left out.
    pub(crate) fn refuse(
        &self,
        field: impl Into<Cow<'static, str>>,
        at: Option<Raw<'_>>,
    ) -> FormatError {
        FormatError::cannot_hold(self.format, field, at)
    }

    /// Decides over a field that only its own format knows.
    ///
    /// # Errors
    /// If it changes what the answer means, or the operator is strict.
    pub(crate) fn extra(&mut self, extra: &Extra<'_>) -> Result<(), FormatError> {
        if extra.used.get() || extra.weight == Weight::Nothing {
            return Ok(());
        }
        let (field, at) = (extra.field.clone().into_owned(), Some(extra.raw));
        match extra.weight {
            Weight::Meaning => Err(self.refuse(field, at)),
            _ => self.note(field, at),
        }
    }

    /// Leaves a field of a reply out: there is nobody left to refuse it to.
    pub(crate) fn leave_out(&mut self, extra: &Extra<'_>) {
        if !extra.used.get() && extra.weight != Weight::Nothing {
            self.left_out(extra.field.clone());
        }
    }

    /// The same for a field that has a place among the canonical ones.
    pub(crate) fn left_out<'f>(&mut self, field: impl Into<Cow<'f, str>>) {
        let field = field.into();
        if !self.fields.iter().any(|noted| *noted == field) {
            self.fields.push(field.into_owned());
        }
    }

    /// Takes notes back of what was kept at the gateway instead.
    pub(crate) fn take_back(&mut self, fields: &[&str]) {
        self.fields
            .retain(|field| !fields.contains(&field.as_str()));
    }

    /// What was left out until now, in order.
    pub(crate) fn fields(&self) -> &[String] {
        &self.fields
    }

    /// What was left out, in order.
    pub(crate) fn into_fields(self) -> Vec<String> {
        self.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_shown() {
        for name in ["messages[1].name", "order of text and images"] {
            assert_eq!(shown_note(name), name);
        }
        for text in ["a, b: c\r\n", "", "a\ndata: x"] {
            assert_eq!(shown_note(text), "?");
        }
    }
}

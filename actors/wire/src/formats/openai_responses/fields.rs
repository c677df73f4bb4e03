//! The members of one object, taken out by name until only what nobody knows is left.
//!
//! Owns the rule that nothing is dropped: what is not taken becomes an extra. One walk per object.

use std::borrow::Cow;

use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::{self, Raw};
use crate::canonical::text::Text;

type Result<T> = std::result::Result<T, FormatError>;

/// Names that need no memory of their own.
const KNOWN: [&str; 34] = [
    "type",
    "role",
    "content",
    "id",
    "status",
    "phase",
    "text",
    "image_url",
    "file_id",
    "file_data",
    "file_url",
    "filename",
    "detail",
    "annotations",
    "logprobs",
    "refusal",
    "call_id",
    "name",
    "arguments",
    "output",
    "input",
    "summary",
    "encrypted_content",
    "model",
    "instructions",
    "tools",
    "tool_choice",
    "parameters",
    "strict",
    "description",
    "reasoning",
    "include",
    "store",
    "stream",
];

/// See the module's text.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub(super) whole: Raw<'a>,
    members: Vec<(Cow<'static, str>, Raw<'a>)>,
}

impl<'a> Fields<'a> {
    /// All members but those that are `null`, which this API takes for absent.
    ///
    /// # Errors
    /// That the value is no object.
    pub(super) fn of(whole: Raw<'a>) -> Result<Self> {
        let mut members = Vec::with_capacity(8);
        raw::each_member(whole, |name, value| {
            if !raw::is_null(value) {
                members.push((known(name), value));
            }
            Ok(())
        })?;
        Ok(Self { whole, members })
    }

    /// The same, nulls included, for documents whose nulls say something to whom they are echoed.
    ///
    /// # Errors
    /// That the value is no object.
    pub(super) fn with_nulls(whole: Raw<'a>) -> Result<Self> {
        let mut members = Vec::with_capacity(32);
        raw::each_member(whole, |name, value| {
            members.push((known(name), value));
            Ok(())
        })?;
        Ok(Self { whole, members })
    }

    /// Takes a member out.
    pub(super) fn take(&mut self, name: &str) -> Option<Raw<'a>> {
        let at = self.members.iter().position(|(own, _)| own == name)?;
        Some(self.members.swap_remove(at).1)
    }

    /// Takes a member out unless it is `null`.
    pub(super) fn take_some(&mut self, name: &str) -> Option<Raw<'a>> {
        let is_some = self.peek(name).is_some_and(|raw| !raw::is_null(raw));
        is_some.then(|| self.take(name)).flatten()
    }

    /// Takes out a string.
    ///
    /// # Errors
    /// That the member is something else.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<Text<'a>>> {
        self.take(name)
            .map(raw::maybe_text)
            .transpose()
            .map(Option::flatten)
    }

    /// Takes out a string that must be there.
    ///
    /// # Errors
    /// That it is not.
    pub(super) fn needed_text(&mut self, name: &'static str) -> Result<Text<'a>> {
        let whole = self.whole;
        self.text(name)?
            .ok_or_else(|| FormatError::missing_in(name, whole))
    }

    /// Takes out a number as it was spelt.
    ///
    /// # Errors
    /// That the member is something else.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<Raw<'a>>> {
        self.take(name)
            .map(raw::maybe_number)
            .transpose()
            .map(Option::flatten)
    }

    /// Takes out `true` or `false`.
    ///
    /// # Errors
    /// That the member is something else.
    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>> {
        self.take_some(name).map(raw::boolean).transpose()
    }

    /// Looks at a member.
    pub(super) fn peek(&self, name: &str) -> Option<Raw<'a>> {
        let found = self.members.iter().find(|(own, _)| own == name);
        found.map(|(_, raw)| *raw)
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What is left, as extras whose names start with `prefix`.
    pub(super) fn rest(self, prefix: &str, weigh: impl Fn(&str, Raw<'a>) -> Weight) -> Extras<'a> {
        let extra = |(name, raw): (Cow<'static, str>, Raw<'a>)| {
            let weight = weigh(&name, raw);
            let name = if prefix.is_empty() {
                name
            } else {
                Cow::Owned(format!("{prefix}{name}"))
            };
            Extra::new(name, raw, weight)
        };
        self.members.into_iter().map(extra).collect()
    }
}

fn known(name: &str) -> Cow<'static, str> {
    match KNOWN.iter().find(|known| **known == name) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(name.to_owned()),
    }
}

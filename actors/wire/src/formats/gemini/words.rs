//! Names as Gemini's JSON has them: camel case is written, snake case is read too.

use std::borrow::Cow;

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::Extras;
use crate::canonical::raw::{Raw, is_null, member};
use crate::format::ApiFormat;

/// The format of this folder.
pub(super) const OWN: ApiFormat = ApiFormat::Gemini;

/// A member's name in camel case.
pub(super) fn camel(key: &str) -> Cow<'_, str> {
    if !key.contains('_') {
        return Cow::Borrowed(key);
    }
    let mut name = String::with_capacity(key.len());
    let mut raised = false;
    for letter in key.chars() {
        if letter == '_' {
            raised = !name.is_empty();
        } else if std::mem::take(&mut raised) {
            name.push(letter.to_ascii_uppercase());
        } else {
            name.push(letter);
        }
    }
    Cow::Owned(name)
}

/// A member's name in camel case, of a member of `object`.
///
/// # Errors
/// That the member stands there in its other spelling too: one of the two would be lost, and
/// Google's own servers do not say which.
pub(super) fn named<'k>(
    key: &'k str,
    value: Raw<'_>,
    object: Raw<'_>,
) -> Result<Cow<'k, str>, FormatError> {
    let name = camel(key);
    let twin = match &name {
        Cow::Owned(name) if !is_null(value) => member(object, name),
        _ => None,
    };
    match twin.is_some_and(|twin| !is_null(twin)) {
        true => Err(FormatError::twin(name.into_owned(), value)),
        false => Ok(name),
    }
}

/// The extra of this name.
pub(super) fn extra<'a>(extras: &Extras<'a>, field: &str) -> Option<Raw<'a>> {
    let found = extras.iter().find(|extra| extra.field == field);
    found.map(|extra| extra.raw)
}

/// Writes the extras that stood inside the member `inside` (as in `inlineData`).
pub(super) fn write_inner(out: &mut Out, extras: &Extras<'_>, inside: &str) {
    for extra in extras {
        let name = extra.field.strip_prefix(inside);
        if let Some(name) = name.and_then(|rest| rest.strip_prefix('.')) {
            out.key(name).raw(extra.raw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_names_are_read_as_camel_names() {
        assert_eq!(camel("generation_config"), "generationConfig");
        assert_eq!(camel("topP"), "topP");
        assert_eq!(camel("_x"), "x");
        assert_eq!(camel("__"), "");
    }
}

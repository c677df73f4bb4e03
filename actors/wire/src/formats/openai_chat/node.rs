//! The side-car of a node: extras of an object and of the objects directly inside it.
//!
//! Owns the naming: an extra of the object itself has its key as field, one of an object inside
//! has that object's key and a dot before it. A writer names the inner objects that it writes
//! itself, so a key with a dot in it is not mistaken for one of theirs.

use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::{self, Raw};

/// An extra of an object inside: `inner` with its dot.
pub(super) fn inside<'a>(inner: &str, key: &str, raw: Raw<'a>, weight: Weight) -> Extra<'a> {
    Extra::new(format!("{inner}{key}"), raw, weight)
}

/// The raw value of an extra.
pub(super) fn find<'a>(extras: &Extras<'a>, field: &str) -> Option<Raw<'a>> {
    let found = extras.iter().find(|extra| extra.field == field);
    found.map(|extra| extra.raw)
}

/// Keeps a value as it was spelt, for writers of this format. Its meaning was taken in elsewhere.
pub(super) fn keep_spelling<'a>(extras: &mut Extras<'a>, field: &'static str, raw: Raw<'a>) {
    extras.push(Extra::new(field, raw, Weight::Nothing));
}

/// Writes the extras of the object itself, all but those whose field begins with one of `not`.
pub(super) fn write_outer(out: &mut Out, extras: &Extras<'_>, not: &[&str]) {
    for extra in extras {
        let elsewhere = not.iter().any(|start| extra.field.starts_with(start));
        if !elsewhere {
            out.key(&extra.field).raw(extra.raw);
        }
    }
}

/// Writes the extras of the object inside whose key, with its dot, is `inner`.
pub(super) fn write_inner(out: &mut Out, extras: &Extras<'_>, inner: &str) {
    for extra in extras {
        if let Some(key) = extra.field.strip_prefix(inner) {
            out.key(key).raw(extra.raw);
        }
    }
}

/// A member of an object, `null` taken for absent.
pub(super) fn member<'a>(object: Raw<'a>, name: &str) -> Option<Raw<'a>> {
    raw::member(object, name).filter(|value| !raw::is_null(value))
}

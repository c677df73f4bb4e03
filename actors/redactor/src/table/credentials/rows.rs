//! Short ways to write rows about credentials.
//!
//! Owns: what rows have in common, so that a row says only what is its own. Used by the files of
//! rows beside it.

use super::harmless;
use crate::table::row::{Action, Check, Class, Edge, How, Rule};

/// An example and the part of it that must go: `example!["piece", "piece"]` where all of it must
/// go, `example!("before" ["piece", "piece"] "after")` where it stands in a text.
macro_rules! example {
    ($($piece:literal),+ $(,)?) => {
        (concat!($($piece),+), concat!($($piece),+))
    };
    ($before:literal [$($piece:literal),+ $(,)?] $after:literal) => {
        (concat!($before, $($piece,)+ $after), concat!($($piece),+))
    };
}
pub(crate) use example;

/// The pattern of a UUID as services write their keys: in lower case.
macro_rules! uuid {
    () => {
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    };
}
pub(crate) use uuid;

/// Fewest bits per byte of any credential unless its row says otherwise: what a generator made
/// has more, a run of one character or a repeated word has less.
const FLOOR: f32 = 2.5;

/// Texts with a finding, each with the part that must go.
type Examples = &'static [(&'static str, &'static str)];
/// Texts that must stay.
type NearMisses = &'static [&'static str];

/// A token with a short beginning, which counts only where no word goes on.
pub(crate) const fn token(
    id: &'static str,
    what: &'static str,
    source: &'static str,
    pattern: &'static str,
    examples: Examples,
    near_misses: NearMisses,
) -> Rule {
    let how = How::Token { left: Edge::Word };
    credential((id, what, source), how, pattern, examples, near_misses)
}

/// A token whose beginning is like nothing else, and counts wherever it stands.
pub(crate) const fn token_anywhere(
    id: &'static str,
    what: &'static str,
    source: &'static str,
    pattern: &'static str,
    examples: Examples,
    near_misses: NearMisses,
) -> Rule {
    let how = How::Token { left: Edge::Any };
    credential((id, what, source), how, pattern, examples, near_misses)
}

/// A value without a beginning of its own, known by the name that it is assigned to.
pub(crate) const fn assigned(
    id: &'static str,
    what: &'static str,
    source: &'static str,
    names: &'static [&'static str],
    pattern: &'static str,
    examples: Examples,
    near_misses: NearMisses,
) -> Rule {
    let how = How::Assigned { names };
    credential((id, what, source), how, pattern, examples, near_misses)
}

const fn credential(
    (id, what, source): (&'static str, &'static str, &'static str),
    how: How,
    pattern: &'static str,
    examples: Examples,
    near_misses: NearMisses,
) -> Rule {
    Rule {
        id,
        what,
        class: Class::Credential,
        source,
        how,
        pattern,
        entropy: FLOOR,
        check: Some(Check(harmless::is_not_made_up)),
        action: Action::Redact,
        examples,
        near_misses,
    }
}

impl Rule {
    /// The same row for findings with at least so many bits of entropy per byte.
    pub(crate) const fn floor(self, entropy: f32) -> Self {
        Self { entropy, ..self }
    }

    /// The same row for findings that pass a second look instead of the usual one, which is
    /// [`harmless::is_not_made_up`].
    pub(crate) const fn checked(self, check: fn(&[u8]) -> bool) -> Self {
        let check = Some(Check(check));
        Self { check, ..self }
    }
}

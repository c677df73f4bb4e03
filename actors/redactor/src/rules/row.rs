//! How a row of the table of credentials is written.

use super::checks;
use crate::rule::{Class, Reach, Rule};

macro_rules! edge {
    ($secret:literal) => {
        concat!(r"(?:^|[^0-9A-Za-z_]|\\[bfnrt])(?<secret>", $secret, ")")
    };
}

/// A row for a token that is replaced as a whole.
pub(super) const fn token(
    (id, what): (&'static str, &'static str),
    keywords: &'static [&'static str],
    (pattern, least): (&'static str, usize),
    example: &'static str,
    near_miss: &'static str,
    source: &'static str,
) -> Rule {
    Rule {
        id,
        what,
        class: Class::Credential,
        keywords,
        pattern,
        least,
        reach: Reach::Whole,
        check: None,
        example: (example, example),
        near_miss,
        source,
    }
}

/// A row for something that is a secret only in its context, which stays.
pub(super) const fn in_context(
    (id, what): (&'static str, &'static str),
    keywords: &'static [&'static str],
    (pattern, least): (&'static str, usize),
    example: (&'static str, &'static str),
    near_miss: &'static str,
    source: &'static str,
) -> Rule {
    Rule {
        id,
        what,
        class: Class::Credential,
        keywords,
        pattern,
        least,
        reach: Reach::Secret,
        check: Some(checks::not_a_placeholder),
        example,
        near_miss,
        source,
    }
}

pub(super) use edge;

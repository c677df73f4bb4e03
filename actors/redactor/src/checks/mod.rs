//! Second looks at numbers that a pattern cannot take: check digits, dates and ranges.
//!
//! Owns: one pure function per kind of number; each takes the bytes as they stand in the text,
//! separators and all, and says whether they may be such a number. Never does: look at what
//! stands around the number, remember anything, answer for values longer than it knows.
//!
//! Called by: the rows of the table, through their `check`.
//!
//! Read next: `digits.rs` (taking a number apart), `sums.rs` (the algorithms), then a country.

pub(crate) mod america;
pub(crate) mod asia;
pub(crate) mod bank;
pub(crate) mod britain;
pub(crate) mod card;
pub(crate) mod central_europe;
pub(crate) mod digits;
pub(crate) mod north_europe;
pub(crate) mod south;
pub(crate) mod south_europe;
pub(crate) mod sums;
pub(crate) mod verhoeff;

/// A check, a published number that is right, and one that is not.
#[cfg(test)]
type Published = (fn(&[u8]) -> bool, &'static str, &'static str);

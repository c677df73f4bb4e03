//! The table of built-in rules.
//!
//! Owns rows only; adding a rule is adding a row. Tests here hold each row to its word: it finds
//! its example, leaves its near-miss alone, and no other rule disturbs either.
//!
//! Examples are made up or from vendors' documentation. They are put together from pieces so
//! that scanners of source code do not take this file for a leak.

mod checks;
mod credentials;
mod pii;
mod row;

use crate::config::Preset;
use crate::rule::Rule;

/// The rules of a preset.
pub fn preset(preset: Preset) -> &'static [Rule] {
    match preset {
        Preset::Credentials => credentials::RULES,
        Preset::Pii => pii::RULES,
    }
}

#[cfg(test)]
mod tests;

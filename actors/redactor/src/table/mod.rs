//! The table of built-in rules, new form; see `row.rs` for what a row is.
//!
//! Owns rows only: adding a rule is adding a row. Tests here hold each row to its word: it finds
//! each of its examples, and leaves each of its near-misses alone.
//!
//! Examples are made up. They are put together from pieces with `concat!` so that scanners of
//! source code do not take this file for a leak.

pub(crate) mod credentials;
pub(crate) mod kill;
pub(crate) mod pii;
pub(crate) mod row;

use row::{Action, Class, Rule};

use crate::config::Preset;
use crate::findings::RuleId;

/// The rows of a preset.
pub(crate) fn rows(preset: Preset) -> impl Iterator<Item = &'static Rule> {
    let groups = match preset {
        Preset::Credentials => credentials::RULES,
        Preset::Pii => pii::RULES,
    };
    groups.iter().flat_map(|group| group.iter())
}

/// What is known of a built-in rule, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its id.
    pub id: &'static str,
    /// What it finds.
    pub what: &'static str,
    /// Its class.
    pub class: Class,
    /// What is done unless the configuration says otherwise.
    pub action: Action,
    /// Where the format is described.
    pub source: &'static str,
    /// Texts that look like it and stay.
    pub near_misses: &'static [&'static str],
    examples: &'static [(&'static str, &'static str)],
    commands: &'static [&'static str],
}

impl RuleInfo {
    /// Made-up texts with a finding, each with the part that goes; for commands that is all of it.
    pub fn examples(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let commands = self.commands.iter().map(|text| (*text, *text));
        self.examples.iter().copied().chain(commands)
    }
}

/// All built-in rules, those for commands last.
pub fn rules() -> impl Iterator<Item = RuleInfo> {
    let all = rows(Preset::Credentials).chain(rows(Preset::Pii));
    let all = all.map(|rule| RuleInfo {
        id: rule.id,
        what: rule.what,
        class: rule.class,
        action: rule.action,
        source: rule.source,
        near_misses: rule.near_misses,
        examples: rule.examples,
        commands: &[],
    });
    all.chain(kill::KILL.iter().map(|rule| RuleInfo {
        id: rule.id,
        what: rule.what,
        class: kill::KillRule::CLASS,
        action: kill::KillRule::ACTION,
        source: "the list of the gateway that this one replaces",
        near_misses: rule.near_misses,
        examples: &[],
        commands: rule.examples,
    }))
}

/// What is known of a rule; `None` for the operator's own patterns.
pub fn rule(id: RuleId) -> Option<RuleInfo> {
    rules().find(|rule| id == RuleId::BuiltIn(rule.id))
}

#[cfg(test)]
mod tests;

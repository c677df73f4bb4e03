//! What was found, counted. Never the text itself, and never where the text came from.

use std::collections::BTreeMap;

use crate::rule::Class;

/// Which rule found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// A built-in rule.
    BuiltIn(&'static str),
    /// The operator's pattern of this index.
    Configured(usize),
}

impl RuleId {
    /// The id in metrics and logs.
    pub fn label(self) -> String {
        match self {
            Self::BuiltIn(id) => id.to_owned(),
            Self::Configured(index) => format!("configured-{index}"),
        }
    }
}

/// Counts of findings by rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    by_rule: BTreeMap<RuleId, (Class, u64)>,
    unscanned: bool,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: RuleId, class: Class) {
        self.by_rule.entry(rule).or_insert((class, 0)).1 += 1;
    }

    /// Says that scanning failed and the text passed all the same, as `fail_open` allows.
    pub(crate) fn failed_open() -> Self {
        Self {
            by_rule: BTreeMap::new(),
            unscanned: true,
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.by_rule.is_empty()
    }

    /// All findings together.
    pub fn total(&self) -> u64 {
        self.by_rule.values().map(|(_, count)| count).sum()
    }

    /// Findings of one rule.
    pub fn count(&self, rule: RuleId) -> u64 {
        self.by_rule.get(&rule).map_or(0, |(_, count)| *count)
    }

    /// Each rule that found something: id, class and count, in the order of ids.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, Class, u64)> + '_ {
        self.by_rule
            .iter()
            .map(|(rule, (class, count))| (*rule, *class, *count))
    }

    /// Whether the text passed although it could not be scanned.
    pub fn unscanned(&self) -> bool {
        self.unscanned
    }
}

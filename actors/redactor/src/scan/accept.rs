//! What every rule asks of a finding after its format: entropy, and a second look.

use std::fmt;

use super::family::RuleNumber;
use super::shannon::has_entropy;
use crate::table::row::{Check, Rule};

/// The number of a rule, with what its findings must pass.
///
/// What the rule says is copied: rules are large, and texts full of secrets need many.
#[derive(Clone, Copy)]
pub(crate) struct Accept {
    pub(crate) number: RuleNumber,
    floor: f32,
    check: Option<Check>,
}

impl fmt::Debug for Accept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accept({})", self.number)
    }
}

impl Accept {
    pub(crate) fn new(number: RuleNumber, rule: &'static Rule) -> Self {
        Self {
            number,
            floor: rule.entropy,
            check: rule.check,
        }
    }

    /// Whether a finding has enough entropy and stands the second look.
    pub(crate) fn passes(&self, finding: &[u8]) -> bool {
        (self.floor <= 0.0 || has_entropy(finding, self.floor))
            && self.check.is_none_or(|check| check.0(finding))
    }

    /// The rule called `id`, if it is one of the set.
    pub(crate) fn find(rows: &[(RuleNumber, &'static Rule)], id: &str) -> Option<Self> {
        let mut own = rows.iter().filter(|(_, rule)| rule.id == id);
        own.next().map(|(number, rule)| Self::new(*number, rule))
    }
}

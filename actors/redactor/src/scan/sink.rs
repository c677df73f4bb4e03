//! Where the outcome of a scan goes.

use std::ops::Range;

use super::family::RuleNumber;

/// Says that nothing more is wanted of this text: the scan forgets the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

/// Takes the outcome of a scan, in the order of the text.
pub(crate) trait Sink {
    /// This text passes as it is.
    fn keep(&mut self, text: &str) -> Result<(), Stop>;

    /// This text must be replaced. `rules` are all that found a part of it; the first one is that
    /// which reaches furthest.
    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop>;

    /// A rule that replaces nothing found something at these bytes of the whole text. It is said
    /// after the text of the finding.
    fn observed(&mut self, rule: RuleNumber, range: Range<usize>);
}

/// Which rules replace what they find, by number; the others only count it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Replaces(Vec<u64>);

impl Replaces {
    /// The rules below `count` of which `is_so` says that they replace.
    pub(crate) fn those(count: usize, is_so: impl Fn(RuleNumber) -> bool) -> Self {
        let mut words = vec![0; count.div_ceil(64)];
        for rule in (0..count).filter_map(|rule| RuleNumber::try_from(rule).ok()) {
            if let Some(word) = words.get_mut(usize::from(rule / 64))
                && is_so(rule)
            {
                *word |= 1 << (rule % 64);
            }
        }
        Self(words)
    }

    /// Whether this rule does.
    pub(crate) fn has(&self, rule: RuleNumber) -> bool {
        let word = self.0.get(usize::from(rule / 64));
        word.is_some_and(|word| word >> (rule % 64) & 1 == 1)
    }
}

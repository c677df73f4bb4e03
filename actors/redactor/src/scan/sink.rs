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
pub(crate) struct Replaces {
    replacing: Rules,
    /// Those that say nothing about what another one covers.
    yielding: Rules,
    covering: Rules,
}

/// A set of rules, a bit for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rules(Vec<u64>);

impl Replaces {
    /// The rules below `count` of which `is_so` says that they replace.
    pub(crate) fn those(count: usize, is_so: impl Fn(RuleNumber) -> bool) -> Self {
        Self {
            replacing: Rules::those(count, is_so),
            ..Self::default()
        }
    }

    /// Lets some rules say nothing about what a covering one replaces as a whole: they know a value
    /// by its name, and others by its format.
    pub(crate) fn yielding(
        self,
        yielding: &[RuleNumber],
        count: usize,
        covers: impl Fn(RuleNumber) -> bool,
    ) -> Self {
        let covers = |rule| self.has(rule) && !yielding.contains(&rule) && covers(rule);
        Self {
            covering: Rules::those(count, covers),
            yielding: Rules::those(count, |rule| yielding.contains(&rule)),
            ..self
        }
    }

    /// Whether this rule does.
    #[inline]
    pub(crate) fn has(&self, rule: RuleNumber) -> bool {
        self.replacing.has(rule)
    }

    /// Whether a rule says nothing about what a covering one replaces.
    #[inline]
    pub(crate) fn yields(&self, rule: RuleNumber) -> bool {
        self.yielding.has(rule)
    }

    /// Whether a rule's findings say more than those that yield.
    #[inline]
    pub(crate) fn covers(&self, rule: RuleNumber) -> bool {
        self.covering.has(rule)
    }
}

impl Rules {
    fn those(count: usize, is_so: impl Fn(RuleNumber) -> bool) -> Self {
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

    #[inline]
    fn has(&self, rule: RuleNumber) -> bool {
        let word = self.0.get(usize::from(rule / 64));
        word.is_some_and(|word| word >> (rule % 64) & 1 == 1)
    }
}

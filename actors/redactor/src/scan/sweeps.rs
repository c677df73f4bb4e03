//! Families that read all of a text instead of looking at triggers: patterns and entropy.
//!
//! Owns nothing but the step between those engines, which know no rule numbers, and the scan.

use super::entropy::{self, Entropy};
use super::family::{Family, Looks, RuleNumber, SweepPlace, Trigger};
use super::patterns::{self, Letters, PatternSet};
use super::view::View;

/// The operator's patterns, or the commands that end a reply.
#[derive(Debug)]
pub(crate) struct SweepPatterns {
    set: PatternSet,
    letters: Letters,
    /// The number of its first pattern.
    first: RuleNumber,
}

impl SweepPatterns {
    /// `letters` is what the patterns were compiled for.
    pub(crate) fn new(set: PatternSet, letters: Letters, first: RuleNumber) -> Self {
        Self {
            set,
            letters,
            first,
        }
    }
}

impl Family for SweepPatterns {
    fn triggers(&self) -> Vec<Trigger> {
        Vec::new()
    }

    fn look(&self, _at: usize, _payload: u16, _view: &mut View<'_>, _looks: &mut Looks) {}

    fn sweeps(&self) -> bool {
        true
    }

    fn reads_all_letters(&self) -> bool {
        self.letters == Letters::Unicode
    }

    fn sweep(&self, place: &mut SweepPlace, text: &str, view: &mut View<'_>, looks: &mut Looks) {
        let mut progress = patterns::Progress::at(place.from, place.later, place.ahead.take());
        let mut found = Vec::new();
        let held = self
            .set
            .find(text, &mut progress, view.complete, &mut found);
        let Ok(held) = held else {
            looks.gave_up = true;
            return;
        };
        for (index, range) in found {
            let number = RuleNumber::try_from(index).unwrap_or(RuleNumber::MAX);
            looks.found(self.first.saturating_add(number), range);
        }
        (place.from, place.later, place.ahead) = progress.places();
        looks.open(held, held);
    }
}

/// Strings that look random.
#[derive(Debug)]
pub(crate) struct SweepEntropy {
    entropy: Entropy,
    rule: RuleNumber,
}

impl SweepEntropy {
    pub(crate) fn new(entropy: Entropy, rule: RuleNumber) -> Self {
        Self { entropy, rule }
    }
}

impl Family for SweepEntropy {
    fn triggers(&self) -> Vec<Trigger> {
        Vec::new()
    }

    fn look(&self, _at: usize, _payload: u16, _view: &mut View<'_>, _looks: &mut Looks) {}

    fn sweeps(&self) -> bool {
        true
    }

    fn sweep(&self, place: &mut SweepPlace, _text: &str, view: &mut View<'_>, looks: &mut Looks) {
        let mut progress = entropy::Progress::at(place.from, place.later, place.flag);
        let mut found = Vec::new();
        let held = self
            .entropy
            .find(view.text, &mut progress, view.complete, &mut found);
        for range in found {
            looks.found(self.rule, range);
        }
        (place.from, place.later, place.flag) = progress.places();
        looks.open(held, held);
    }
}

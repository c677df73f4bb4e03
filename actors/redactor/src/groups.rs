//! What was found in a text: stretches of it, and the rules that found them.
//!
//! Owns how such findings are joined that were found in more than one reading of a text.

use std::ops::Range;

use crate::fold::Folded;
use crate::scan::family::RuleNumber;
use crate::scan::sink::Replaces;

/// A stretch of text and the rules that found it, the one that reaches furthest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) range: Range<usize>,
    pub(crate) rules: Vec<RuleNumber>,
}

impl Group {
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }

    /// Whether both say the same of what is the same place to a reader.
    fn says_of(&self, other: &Self) -> bool {
        let overlap = self.range.start < other.range.end && other.range.start < self.range.end;
        overlap && self.rules == other.rules
    }
}

/// What was found in a text, with what was found in the same text folded. What is only counted is
/// not counted twice.
pub(crate) fn with_folded(
    found: Vec<Group>,
    more: Vec<Group>,
    folded: &Folded,
    replaces: &Replaces,
) -> Vec<Group> {
    let changes = |group: &Group| group.rules.iter().any(|rule| replaces.has(*rule));
    let more = more.into_iter().map(|group| Group {
        range: folded.back(&group.range),
        ..group
    });
    let (mut replaced, mut observed): (Vec<_>, Vec<_>) = found.into_iter().partition(changes);
    for group in more {
        if changes(&group) {
            replaced.push(group);
        } else if !observed.iter().any(|known| known.says_of(&group)) {
            observed.push(group);
        }
    }
    replaced.sort_by_key(|group| group.range.start);
    let mut all = without_overlaps(replaced);
    all.append(&mut observed);
    all.sort_by_key(|group| group.range.start);
    all
}

/// Groups in order; those that overlap become one, with the rules of the one that reaches further
/// first.
pub(crate) fn without_overlaps(sorted: Vec<Group>) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::with_capacity(sorted.len());
    for mut group in sorted {
        match all.last_mut() {
            Some(last) if group.range.start < last.range.end => {
                if group.range.end > last.range.end {
                    last.range.end = group.range.end;
                    std::mem::swap(&mut last.rules, &mut group.rules);
                }
                group.rules.retain(|rule| !last.rules.contains(rule));
                last.rules.append(&mut group.rules);
            }
            _ => all.push(group),
        }
    }
    all
}

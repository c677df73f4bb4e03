//! What was found in a text: stretches of it, and the rules that found them.
//!
//! Owns how such findings are joined that were found in two readings of a text, the near one and
//! the far one: all at once, or as far as both readings have come.

use std::collections::VecDeque;
use std::ops::Range;

use crate::fold::Folded;
use crate::scan::family::RuleNumber;
use crate::scan::sink::Replaces;

/// A stretch of text and the rules that found it, the one that reaches furthest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Group {
    pub(crate) range: Range<usize>,
    pub(crate) rules: Vec<RuleNumber>,
}

impl Group {
    /// Whether one of its rules replaces what it finds.
    pub(crate) fn changes(&self, replaces: &Replaces) -> bool {
        self.rules.iter().any(|rule| replaces.has(*rule))
    }

    /// Whether it is at least all that the other one is.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.range.start <= other.range.start && other.range.end <= self.range.end
    }

    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }

    /// Makes one of two that overlap; the other one begins no earlier.
    fn join(&mut self, mut other: Self) {
        if other.range.end > self.range.end {
            self.range.end = other.range.end;
            std::mem::swap(&mut self.rules, &mut other.rules);
        }
        other.rules.retain(|rule| !self.rules.contains(rule));
        self.rules.append(&mut other.rules);
    }
}

/// What the near reading of a text found, with what its far one found; `folded` is that. What is
/// only counted is not counted twice.
pub(crate) fn with_folded(
    found: Vec<Group>,
    more: Vec<Group>,
    folded: &Folded,
    replaces: &Replaces,
) -> Vec<Group> {
    let mut merging = Merging::default();
    let changes = |group: &Group| group.rules.iter().any(|rule| replaces.has(*rule));
    for group in found {
        merging.near.take(changes(&group), group, usize::MAX);
    }
    for group in more {
        let (replaced, length) = (changes(&group), group.range.len());
        let range = folded.back(&group.range);
        merging.far.take(replaced, Group { range, ..group }, length);
    }
    let mut all: Vec<Group> = std::iter::from_fn(|| merging.found(usize::MAX)).collect();
    all.extend(std::iter::from_fn(|| merging.observed(usize::MAX)));
    all.sort_by_key(|group| group.range.start);
    all
}

/// Groups in order; those that overlap become one, with the rules of the one that reaches further
/// first.
pub(crate) fn without_overlaps(sorted: Vec<Group>) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::with_capacity(sorted.len());
    for group in sorted {
        match all.last_mut() {
            Some(last) if group.range.start < last.range.end => last.join(group),
            _ => all.push(group),
        }
    }
    all
}

/// So many near findings that are only counted wait at most for the same far one.
const REMEMBERED: usize = 16;

/// Findings of both readings of one text, until they are taken as one list. All places are those
/// of the text as it is near.
#[derive(Debug, Default)]
pub(crate) struct Merging {
    pub(crate) near: Found,
    pub(crate) far: Found,
    /// The next group to be taken, as far as it is known.
    next: Option<Group>,
    /// Rules of the last near findings that were only counted, and their ends, unless the far
    /// reading found the same.
    told: VecDeque<(RuleNumber, usize)>,
}

/// What one reading has found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// By their places; they do not overlap.
    found: VecDeque<Group>,
    /// What replaces nothing, by their ends; each with its length in this reading.
    observed: VecDeque<(Group, usize)>,
}

impl Found {
    /// Takes a finding, which `replaced` something or was only counted, and its length as it was
    /// read.
    pub(crate) fn take(&mut self, replaced: bool, group: Group, length: usize) {
        match replaced {
            true => self.found.push_back(group),
            false => self.observed.push_back((group, length)),
        }
    }
}

impl Merging {
    /// Takes the next stretch to be replaced, if both readings, which have come to `known`, have
    /// said all of it.
    pub(crate) fn found(&mut self, known: usize) -> Option<Group> {
        loop {
            let end = self.next.as_ref().map(|next| next.range.end);
            let joins = |start: usize| start < known && end.is_none_or(|end| start < end);
            match self.begins().filter(|start| joins(*start)) {
                Some(_) => self.join_first(),
                None if end.is_some_and(|end| end <= known) => return self.next.take(),
                None => return None,
            }
        }
    }

    /// Takes the next finding that is only counted, if both readings have come to its end.
    pub(crate) fn observed(&mut self, known: usize) -> Option<Group> {
        loop {
            let end = |reading: &Found| Some(reading.observed.front()?.0.range.end);
            let (near, far) = (end(&self.near), end(&self.far));
            let is_near = far.is_none_or(|far| near.is_some_and(|end| end <= far));
            if near.into_iter().chain(far).min()? > known {
                return None;
            }
            if is_near {
                let (group, _) = self.near.observed.pop_front()?;
                self.tell(&group);
                return Some(group);
            }
            let (group, length) = self.far.observed.pop_front()?;
            if !self.was_told(&group, length) {
                return Some(group);
            }
        }
    }

    /// Where the next stretch to be replaced begins.
    pub(crate) fn next_begins(&self) -> Option<usize> {
        let next = self.next.as_ref().map(|next| next.range.start);
        next.or_else(|| self.begins())
    }

    /// Whether nothing waits to be taken.
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = |reading: &Found| reading.found.is_empty() && reading.observed.is_empty();
        self.next.is_none() && nothing(&self.near) && nothing(&self.far)
    }

    fn begins(&self) -> Option<usize> {
        let start = |reading: &Found| reading.found.front().map(|group| group.range.start);
        let starts = start(&self.near).into_iter().chain(start(&self.far));
        starts.min()
    }

    fn join_first(&mut self) {
        let start = |reading: &Found| reading.found.front().map(|group| group.range.start);
        let (near, far) = (start(&self.near), start(&self.far));
        let is_near = far.is_none_or(|far| near.is_some_and(|start| start <= far));
        let reading = match is_near {
            true => &mut self.near,
            false => &mut self.far,
        };
        match (&mut self.next, reading.found.pop_front()) {
            (Some(next), Some(group)) => next.join(group),
            (next, group) => *next = group,
        }
    }

    fn tell(&mut self, group: &Group) {
        let end = group.range.end;
        self.told
            .extend(group.rules.iter().map(|rule| (*rule, end)));
        let more = self.told.len().saturating_sub(REMEMBERED);
        self.told.drain(..more);
    }

    /// Whether the same was said of what is the same place to a reader. That is said once of each.
    fn was_told(&mut self, group: &Group, length: usize) -> bool {
        let (end, start) = (group.range.end, group.range.end.saturating_sub(length));
        let same_rule = |rule: &RuleNumber| group.rules.contains(rule);
        let is_it = |(rule, told): &(RuleNumber, usize)| same_rule(rule) && *told == end;
        let overlaps = |(rule, told): &(RuleNumber, usize)| same_rule(rule) && *told > start;
        let known = self.told.iter().position(is_it);
        let known = known.or_else(|| self.told.iter().position(overlaps));
        known.and_then(|known| self.told.remove(known)).is_some()
    }

    /// Whether a finding that begins at `at` or later might be one that was told already.
    pub(crate) fn may_have_told(&self, at: usize) -> bool {
        self.told.iter().any(|(_, end)| *end > at)
    }
}

//! Findings that are not out yet, and how those that overlap become one.

use super::family::RuleNumber;
use super::sink::{Replaces, Sink, Stop};

/// A stretch of the text that a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rule: RuleNumber,
}

/// So many findings may come before one that stands behind them, and still be sorted in at once.
const NEAR: usize = 16;

/// Findings that are not out yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    replaced: Vec<Finding>,
    /// Whether they may be out of order, or the same twice.
    is_mixed: bool,
    /// The first of them, as far as they are known to overlap.
    chain: Chain,
    /// Their starts count from the beginning of the whole text: it may be dropped before they end.
    observed: Vec<Finding>,
}

/// What of the text goes out now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Release<'t> {
    pub(super) text: &'t str,
    /// Bytes of the whole text that stood before `text`.
    pub(super) gone: usize,
    /// What is out already.
    pub(super) from: usize,
    /// Findings to come begin here or later.
    pub(super) until: usize,
    pub(super) replaces: &'t Replaces,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.replaced.is_empty() && self.observed.is_empty()
    }

    /// Notes a finding, unless all of it is out already: a look that is taken again finds again.
    /// Says whether it is to be replaced.
    #[inline]
    pub(super) fn add(
        &mut self,
        finding: Finding,
        replaces: &Replaces,
        released: usize,
        gone: usize,
    ) -> bool {
        if finding.end <= released || finding.end <= finding.start {
            return false;
        }
        let is_replaced = replaces.has(finding.rule);
        if is_replaced {
            let start = finding.start.max(released);
            self.insert(Finding { start, ..finding });
        } else {
            let start = gone + finding.start;
            self.observe(Finding { start, ..finding });
        }
        is_replaced
    }

    #[inline(never)]
    fn observe(&mut self, finding: Finding) {
        self.observed.push(finding);
    }

    /// Findings come nearly in order: most belong at the end, others a few places before it.
    #[inline]
    fn insert(&mut self, finding: Finding) {
        if self.replaced.last().is_none_or(|last| *last < finding) {
            self.replaced.push(finding);
        } else {
            self.insert_before(finding);
        }
    }

    #[cold]
    fn insert_before(&mut self, finding: Finding) {
        let later = self.replaced.iter().rev().take(NEAR);
        let later = later.take_while(|other| **other > finding).count();
        let place = self.replaced.len() - later;
        let before = place.checked_sub(1).and_then(|at| self.replaced.get(at));
        if before != Some(&finding) {
            self.is_mixed |= before.is_some_and(|before| *before > finding);
            if place < self.chain.count {
                self.chain = Chain::default();
            }
            self.replaced.insert(place, finding);
        }
    }

    pub(super) fn shift(&mut self, gone: usize) {
        self.is_mixed = true;
        for finding in &mut self.replaced {
            finding.start = finding.start.saturating_sub(gone);
            finding.end = finding.end.saturating_sub(gone);
        }
        for finding in &mut self.observed {
            finding.end = finding.end.saturating_sub(gone);
        }
    }

    /// Lets out what is decided, and says where it ends.
    pub(super) fn release(
        &mut self,
        release: Release<'_>,
        sink: &mut dyn Sink,
    ) -> Result<usize, Stop> {
        sort_by_end(&mut self.observed);
        let mut out = Out {
            text: release.text,
            gone: release.gone,
            at: release.from,
            observed: &self.observed,
            replaces: release.replaces,
            sink,
        };
        if self.replaced.is_empty() {
            out.keep(release.until)?;
        } else {
            if std::mem::take(&mut self.is_mixed) {
                self.replaced.sort_unstable();
                self.replaced.dedup();
                self.chain = Chain::default();
            }
            let done = groups(&self.replaced, release.until, &mut self.chain, &mut out)?;
            self.replaced.drain(..done);
        }
        let (at, left) = (out.at, out.observed.len());
        let reported = self.observed.len() - left;
        self.observed.drain(..reported);
        Ok(at)
    }
}

fn sort_by_end(findings: &mut Vec<Finding>) {
    if findings.len() > 1 {
        findings.sort_unstable_by_key(|finding| (finding.end, finding.start, finding.rule));
        findings.dedup();
    }
}

/// Lets out all groups that end at `until` or before it, and the text before and after them; says
/// how many findings that were. `chain` is what is known of the first group, and then of the first
/// that is left.
fn groups(
    sorted: &[Finding],
    until: usize,
    chain: &mut Chain,
    out: &mut Out<'_, '_>,
) -> Result<usize, Stop> {
    let mut rest = sorted;
    while let Some(first) = rest.first() {
        if !chain.is_whole(rest, until) {
            out.keep(until.min(first.start))?;
            return Ok(sorted.len() - rest.len());
        }
        let Chain { count, end } = std::mem::take(chain);
        let (group, others) = rest.split_at(count);
        out.keep(first.start)?;
        out.found(group, end)?;
        rest = others;
    }
    out.keep(until)?;
    Ok(sorted.len())
}

/// So many of the first findings overlap, and end here. A stream asks after each chunk whether
/// that is all of a group, and must not read the others again: there may be very many.
#[derive(Debug, Clone, Copy, Default)]
struct Chain {
    count: usize,
    end: usize,
}

impl Chain {
    /// Goes on behind those that are known, and says whether none that overlaps them ends beyond
    /// `until`.
    fn is_whole(&mut self, sorted: &[Finding], until: usize) -> bool {
        for finding in sorted.iter().skip(self.count) {
            if self.count > 0 && finding.start >= self.end {
                break;
            }
            if finding.end > until {
                return false;
            }
            self.end = self.end.max(finding.end);
            self.count += 1;
        }
        self.end <= until
    }
}

struct Out<'t, 's> {
    text: &'t str,
    gone: usize,
    at: usize,
    observed: &'t [Finding],
    replaces: &'t Replaces,
    sink: &'s mut dyn Sink,
}

impl Out<'_, '_> {
    fn keep(&mut self, until: usize) -> Result<(), Stop> {
        if let Some(text) = self
            .text
            .get(self.at..until)
            .filter(|text| !text.is_empty())
        {
            self.sink.keep(text)?;
            self.moved_to(until);
        }
        Ok(())
    }

    fn found(&mut self, group: &[Finding], end: usize) -> Result<(), Stop> {
        let text = self.text.get(self.at..end).unwrap_or_default();
        match group {
            [one] => self.sink.found(&[one.rule], text)?,
            several => self.sink.found(&rules_of(several, self.replaces), text)?,
        }
        self.moved_to(end);
        Ok(())
    }

    fn moved_to(&mut self, at: usize) {
        self.at = at;
        while let Some((first, rest)) = self.observed.split_first()
            && first.end <= at
        {
            let range = first.start..self.gone + first.end;
            self.sink.observed(first.rule, range);
            self.observed = rest;
        }
    }
}

/// The rules of a group, the one that reaches furthest first; without those that yield to another.
fn rules_of(sorted: &[Finding], replaces: &Replaces) -> Vec<RuleNumber> {
    let mut covering = sorted
        .iter()
        .filter(|one| replaces.covers(one.rule))
        .peekable();
    let mut covered = 0;
    let says_more = |one: &&Finding| {
        while let Some(next) = covering.next_if(|next| next.start <= one.start) {
            covered = covered.max(next.end);
        }
        one.end > covered || !replaces.yields(one.rule)
    };
    let mut group: Vec<_> = sorted.iter().filter(says_more).copied().collect();
    group.sort_unstable_by(|a, b| b.end.cmp(&a.end).then(a.cmp(b)));
    let mut rules: Vec<RuleNumber> = Vec::new();
    for finding in group {
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
    }
    rules
}

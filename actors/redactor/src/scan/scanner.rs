//! The pass over a text that has come so far: triggers, looks, and findings in order.
//!
//! Owns: which looks are taken, when they are taken again, and how far the text is decided. Never
//! keeps a text: `stream.rs` does, and calls this with each chunk. Whole texts are one call.
//!
//! Looks that are open are taken again in the order of what they hold, and only up to the first
//! that stays open: before it nothing could be let go anyway. And one that has waited for long is
//! taken again only when the text has grown by a part of what it waits with. So a text of many
//! beginnings costs no more than its length times a constant.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::classes::Runs;
use super::compiled::{Compiled, MOST_SWEEPS};
use super::family::{KEPT_CONTEXT, Looks, Open, SweepPlace};
use super::found::{Finding, Found, Release};
use super::gate::{Asker, Unfinished};
use super::sink::{Replaces, Sink, Stop};
use super::view::View;

/// Looks that may be open at once in a stream. A text of honest people has a few.
pub(super) const MOST_OPEN: usize = 1 << 15;

/// A look that waits with more text than this is not taken again with every chunk.
const PATIENT: usize = 4096;

/// How much of what a patient look waits with must come anew: a 64th.
const GROWTH: usize = 64;

/// What a scan knows of a text beside its bytes; all of it may need the heap.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    opens: BinaryHeap<Reverse<OpenLook>>,
    found: Found,
    runs: Runs,
    /// More looks were open at once than may be.
    pub(super) is_too_much: bool,
    /// A family gave up: nothing is known about the text.
    pub(super) gave_up: bool,
}

/// A look to take again. The order is that of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OpenLook {
    holds: usize,
    at: usize,
    asker: Asker,
    needs: usize,
    /// Length of the text at the last look.
    tried: usize,
}

/// How far a text is scanned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// So many bytes at the beginning are not of the text: they stand before it for looks to read.
    before: usize,
    /// The search for triggers goes on here; those that end before `seen` are known.
    resume: usize,
    pub(super) seen: usize,
    /// What is before it is out.
    pub(super) released: usize,
    /// What a finding may need whose trigger has not come.
    tail: usize,
    /// Where each family that sweeps goes on, and the first byte that one of them might replace.
    swept: [SweepPlace; MOST_SWEEPS],
    sweep_holds: usize,
}

/// A text, and what to look for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'t> {
    pub(super) set: &'t Compiled,
    pub(super) replaces: &'t Replaces,
    pub(super) text: &'t str,
    /// Bytes of the whole text before it.
    pub(super) gone: usize,
    /// Whether nothing follows.
    pub(super) complete: bool,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.found.is_empty()
    }

    /// The first byte that an open look needs.
    pub(super) fn needs(&self) -> Option<usize> {
        self.opens.iter().map(|Reverse(open)| open.needs).min()
    }

    fn holds(&self) -> Option<usize> {
        self.opens.peek().map(|Reverse(open)| open.holds)
    }

    /// The first `gone` bytes of the text are dropped.
    pub(super) fn shift(&mut self, gone: usize) {
        self.found.shift(gone);
        self.runs.shift(gone);
        let opens = std::mem::take(&mut self.opens).into_vec().into_iter();
        let shifted = opens.map(|Reverse(open)| {
            Reverse(OpenLook {
                holds: open.holds.saturating_sub(gone),
                at: open.at.saturating_sub(gone),
                needs: open.needs.saturating_sub(gone),
                tried: open.tried.saturating_sub(gone),
                ..open
            })
        });
        self.opens = shifted.collect();
    }
}

impl Place {
    /// The first byte that is needed whatever open looks need.
    pub(super) fn needs(&self) -> usize {
        let swept = self.swept.iter().map(|place| place.from + self.before);
        let swept = swept.min().unwrap_or(self.seen);
        self.released.min(self.resume).min(self.tail).min(swept)
    }

    pub(super) fn shift(&mut self, gone: usize) {
        for place in [
            &mut self.resume,
            &mut self.seen,
            &mut self.released,
            &mut self.tail,
            &mut self.sweep_holds,
        ] {
            *place = place.saturating_sub(gone);
        }
        let before = self.before.saturating_sub(gone);
        for place in &mut self.swept {
            place.shift(gone - (self.before - before));
        }
        self.before = before;
    }
}

impl Scan<'_> {
    /// Scans what has come since `place`, and lets out all that is decided.
    pub(super) fn run(
        &self,
        place: &mut Place,
        waiting: &mut Waiting,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let mut looking = Looking {
            scan: self,
            released: place.released,
            waiting,
            looks: Looks::default(),
        };
        let bytes = self.text.as_bytes();
        self.set
            .gate
            .each(bytes, place.resume, place.seen, &mut |at, asker| {
                looking.first(at, asker);
            });
        looking.again();
        place.sweep_holds = looking.sweep(place.before, &mut place.swept);
        if looking.looks.gave_up {
            waiting.gave_up = true;
            return Err(Stop);
        }
        let tail = looking.tail();
        place.seen = bytes.len();
        let unfinished = self.unfinished(place.resume);
        place.resume = unfinished.resume;
        place.tail = tail;
        self.release(place, unfinished.holds.min(tail), waiting, sink)
    }

    /// Says that all of the text so far stands before the text that is meant: looks may read it,
    /// and nothing of it goes out.
    pub(super) fn precede(&self, place: &mut Place, waiting: &mut Waiting) {
        let end = self.text.len();
        place.before = end;
        (place.released, place.sweep_holds) = (end, end);
        place.swept = Default::default();
        waiting.found = Found::default();
    }

    fn unfinished(&self, from: usize) -> Unfinished {
        if self.complete {
            return Unfinished {
                resume: self.text.len(),
                holds: self.text.len(),
            };
        }
        self.set.gate.unfinished(self.text.as_bytes(), from)
    }

    /// Lets out all before `may_become` that no open look and no sweep holds.
    pub(super) fn release(
        &self,
        place: &mut Place,
        may_become: usize,
        waiting: &mut Waiting,
        sink: &mut dyn Sink,
    ) -> Result<(), Stop> {
        let holds = waiting.holds().unwrap_or(usize::MAX).min(place.sweep_holds);
        let until = self.text.floor_char_boundary(holds.min(may_become));
        let release = Release {
            text: self.text,
            gone: self.gone,
            from: place.released,
            until: until.max(place.released),
        };
        place.released = waiting.found.release(release, sink)?;
        Ok(())
    }

    /// The first byte to keep when what is out is dropped.
    pub(super) fn keeps(&self, place: &Place, waiting: &Waiting) -> usize {
        let needs = waiting.needs().unwrap_or(usize::MAX).min(place.needs());
        self.text
            .floor_char_boundary(needs.saturating_sub(KEPT_CONTEXT))
    }
}

/// Looks under way.
struct Looking<'s, 't> {
    scan: &'s Scan<'t>,
    released: usize,
    waiting: &'s mut Waiting,
    looks: Looks,
}

impl Looking<'_, '_> {
    /// A trigger has come.
    fn first(&mut self, at: usize, asker: Asker) {
        if let Some(open) = self.look(at, asker) {
            self.wait(at, asker, open);
        }
    }

    /// Takes open looks again.
    fn again(&mut self) {
        let mut moved = Vec::new();
        while let Some(Reverse(open)) = self.waiting.opens.peek().copied()
            && self.is_due(&open)
        {
            self.waiting.opens.pop();
            match self.look(open.at, open.asker) {
                None => {}
                Some(still) if still.holds > open.holds => moved.push((open, still)),
                Some(still) => {
                    self.wait(open.at, open.asker, still);
                    break;
                }
            }
        }
        for (open, still) in moved {
            self.wait(open.at, open.asker, still);
        }
    }

    fn is_due(&self, open: &OpenLook) -> bool {
        let length = self.scan.text.len();
        let waited = length.saturating_sub(open.at);
        let grown = length.saturating_sub(open.tried);
        self.scan.complete || (grown > 0 && (waited <= PATIENT || grown >= waited / GROWTH))
    }

    fn wait(&mut self, at: usize, asker: Asker, open: Open) {
        if self.scan.complete {
            return;
        }
        if self.waiting.opens.len() >= MOST_OPEN {
            self.waiting.is_too_much = true;
            return;
        }
        self.waiting.opens.push(Reverse(OpenLook {
            holds: open.holds,
            at,
            asker,
            needs: open.needs.min(at),
            tried: self.scan.text.len(),
        }));
    }

    fn look(&mut self, at: usize, asker: Asker) -> Option<Open> {
        let family = self.scan.set.families.get(usize::from(asker.family))?;
        let mut view = view(self.scan, &mut self.waiting.runs);
        family.look(at, asker.payload, &mut view, &mut self.looks);
        self.collect()
    }

    /// Lets the families that sweep read on, from the beginning of the text that is meant; says
    /// the first byte that they might replace.
    fn sweep(&mut self, before: usize, swept: &mut [SweepPlace; MOST_SWEEPS]) -> usize {
        let end = self.scan.text.len();
        let mut holds = end;
        let (sweeping, unused) = swept.split_at_mut(self.scan.set.sweeping.len().min(MOST_SWEEPS));
        for place in unused {
            place.from = end - before;
        }
        for (number, place) in self.scan.set.sweeping.iter().zip(sweeping) {
            if let Some(family) = self.scan.set.families.get(*number) {
                // Not the runs of the whole text, whose places are others.
                let mut runs = Runs::default();
                let mut view = view(self.scan, &mut runs);
                view.text = view.text.get(before..).unwrap_or_default();
                family.sweep(place, &mut view, &mut self.looks);
                self.looks.move_by(before);
                let open = self.collect().filter(|_| !self.scan.complete);
                holds = open.map_or(holds, |open| holds.min(open.holds));
            }
        }
        holds
    }

    /// The first byte of a finding whose trigger has not come.
    fn tail(&mut self) -> usize {
        let end = self.scan.text.len();
        if self.scan.complete {
            return end;
        }
        let mut view = view(self.scan, &mut self.waiting.runs);
        let families = self.scan.set.families.iter();
        let tails = families.filter_map(|family| family.tail(&mut view));
        tails.min().unwrap_or(end)
    }

    #[inline]
    fn collect(&mut self) -> Option<Open> {
        if !self.looks.found.is_empty() {
            self.collect_found();
        }
        self.looks.open.take()
    }

    fn collect_found(&mut self) {
        for (rule, range) in self.looks.found.drain(..) {
            let finding = Finding {
                start: self.scan.text.floor_char_boundary(range.start),
                end: self.scan.text.ceil_char_boundary(range.end),
                rule,
            };
            let (replaces, gone) = (self.scan.replaces, self.scan.gone);
            self.waiting
                .found
                .add(finding, replaces, self.released, gone);
        }
    }
}

fn view<'v>(scan: &Scan<'v>, runs: &'v mut Runs) -> View<'v> {
    View {
        text: scan.text.as_bytes(),
        complete: scan.complete,
        classes: &scan.set.classes,
        runs,
    }
}

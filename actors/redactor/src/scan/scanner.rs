//! The pass over a text that has come so far: triggers, looks, and findings in order.
//!
//! Owns: which looks are taken, when they are taken again, and how far the text is decided. Never
//! keeps a text: `stream.rs` does, and calls this with each chunk. Whole texts are one call.
//!
//! Looks that are open are taken again in the order of what they hold, and only up to the first
//! that stays open: before it nothing could be let go anyway. And one that has waited for long is
//! taken again only when the text has grown by a part of what it waits with. So a text of many
//! beginnings costs no more than its length times a constant.
//!
//! While too many looks are open, no further triggers are searched for: nothing behind the last
//! search goes out then, and the search goes on when half of the looks are closed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use super::classes::{Covered, Runs};
use super::compiled::{Compiled, MOST_SWEEPS};
use super::family::{Family, KEPT_CONTEXT, Looks, Open, SweepPlace};
use super::found::{Finding, Found, Release};
use super::gate::{Asker, Unfinished};
use super::sink::{Replaces, Sink, Stop};
use super::view::View;

/// Open looks in a stream at which the search for more triggers pauses. A text of honest people
/// has a few. In tests it is so few that short texts meet it.
const MOST_OPEN: usize = if cfg!(test) { 8 } else { 1 << 12 };

/// The search for triggers pauses after so many bytes only: all in them may be open.
const STRETCH: usize = if cfg!(test) { 32 } else { 1 << 14 };

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
    /// So many bytes at the end of the text were not searched for triggers yet.
    unsearched: usize,
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

impl Clone for Waiting {
    /// What is remembered of runs is left: it can be walked again.
    fn clone(&self) -> Self {
        Self {
            opens: self.opens.clone(),
            found: self.found.clone(),
            runs: Runs::default(),
            ..*self
        }
    }
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.found.is_empty() && self.unsearched == 0
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
    /// At the beginning of a text that so many bytes stand before.
    pub(super) fn behind(before: usize) -> Self {
        Self {
            before,
            released: before,
            sweep_holds: before,
            ..Self::default()
        }
    }

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
        let mut looking = Looking::new(self, place.released, waiting);
        let searched = looking.search(place);
        place.sweep_holds = looking.sweep(place.before, &mut place.swept);
        if looking.looks.gave_up {
            waiting.gave_up = true;
            return Err(Stop);
        }
        let tail = looking.tail(searched);
        place.seen = self.text.len();
        waiting.unsearched = place.seen - searched;
        let unfinished = self.unfinished(place.resume, searched);
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

    /// What the end of the part that was searched may still become.
    fn unfinished(&self, from: usize, searched: usize) -> Unfinished {
        if self.complete {
            return Unfinished {
                resume: self.text.len(),
                holds: self.text.len(),
            };
        }
        let seen = self.text.as_bytes().get(..searched);
        self.set.gate.unfinished(seen.unwrap_or_default(), from)
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
        let holds = holds.min(self.text.len() - waiting.unsearched);
        let until = self.text.floor_char_boundary(holds.min(may_become));
        let release = Release {
            text: self.text,
            gone: self.gone,
            from: place.released,
            until: until.max(place.released),
            replaces: self.replaces,
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
struct Looking<'s> {
    scan: Scan<'s>,
    /// The text, with what is remembered of its runs.
    view: View<'s>,
    released: usize,
    opens: &'s mut BinaryHeap<Reverse<OpenLook>>,
    found: &'s mut Found,
    unsearched: &'s mut usize,
    looks: Looks,
}

impl<'s> Looking<'s> {
    fn new(scan: &Scan<'s>, released: usize, waiting: &'s mut Waiting) -> Self {
        Self {
            scan: *scan,
            view: view(scan, &mut waiting.runs),
            released,
            opens: &mut waiting.opens,
            found: &mut waiting.found,
            unsearched: &mut waiting.unsearched,
            looks: Looks::default(),
        }
    }

    /// Whether the search for triggers must pause, or go on pausing.
    fn is_crowded(&self) -> bool {
        let most = match self.unsearched {
            0 => MOST_OPEN,
            _ => MOST_OPEN / 2,
        };
        self.opens.len() >= most
    }

    /// Takes a look at each trigger that has come, and again at those that wait; says how far.
    fn search(&mut self, place: &mut Place) -> usize {
        let bytes = self.scan.text.as_bytes();
        let mut searched = place.seen - *self.unsearched;
        loop {
            let crowded = self.is_crowded() && !self.scan.complete;
            if !crowded {
                searched = self.search_on(place, searched);
            }
            self.again();
            *self.unsearched = bytes.len() - searched;
            if crowded || searched == bytes.len() {
                return searched;
            }
        }
    }

    /// Takes a look at each trigger of the next stretch; says where that ends.
    fn search_on(&mut self, place: &mut Place, searched: usize) -> usize {
        let (scan, length) = (self.scan, self.scan.text.len());
        let end = match scan.complete {
            true => length,
            false => scan.text.floor_char_boundary(searched + STRETCH),
        };
        let bytes = scan.text.as_bytes().get(..end).unwrap_or_default();
        let gate = &scan.set.gate;
        gate.each(bytes, place.resume, searched, &mut |at, asker| {
            self.first(at, asker);
        });
        if end < length {
            place.resume = scan.unfinished(place.resume, end).resume;
        }
        end
    }

    /// A trigger has come.
    fn first(&mut self, at: usize, asker: Asker) {
        if let Some(open) = self.look(at, asker) {
            self.wait(at, asker, open);
        }
    }

    /// Takes open looks again.
    fn again(&mut self) {
        let mut moved = Vec::new();
        while let Some(Reverse(open)) = self.opens.peek().copied()
            && self.is_due(&open)
        {
            self.opens.pop();
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
        self.opens.push(Reverse(OpenLook {
            holds: open.holds,
            at,
            asker,
            needs: open.needs.min(at),
            tried: self.scan.text.len(),
        }));
    }

    fn look(&mut self, at: usize, asker: Asker) -> Option<Open> {
        let family = self.scan.set.families.get(usize::from(asker.family))?;
        family.look(at, asker.payload, &mut self.view, &mut self.looks);
        self.collect()
    }

    /// Lets the families that sweep read on, from the beginning of the text that is meant; says
    /// the first byte that they might replace.
    fn sweep(&mut self, before: usize, swept: &mut [SweepPlace; MOST_SWEEPS]) -> usize {
        let end = self.scan.text.len();
        let text = self.scan.text.get(before..).unwrap_or_default();
        let mut holds = end;
        let (sweeping, unused) = swept.split_at_mut(self.scan.set.sweeping.len().min(MOST_SWEEPS));
        for place in unused {
            place.from = end - before;
        }
        for (number, place) in self.scan.set.sweeping.iter().zip(sweeping) {
            if let Some(family) = self.scan.set.families.get(*number) {
                // Not the runs of the whole text, whose places are others.
                let mut runs = Runs::default();
                let mut view = view(&self.scan, &mut runs);
                view.text = text.as_bytes();
                family.sweep(place, text, &mut view, &mut self.looks);
                self.looks.move_by(before);
                let open = self.collect().filter(|_| !self.scan.complete);
                holds = open.map_or(holds, |open| holds.min(open.holds));
            }
        }
        holds
    }

    /// The first byte of a finding whose trigger has not come, or not in what was searched.
    fn tail(&mut self, searched: usize) -> usize {
        if self.scan.complete {
            return searched;
        }
        let text = self.view.text.get(..searched).unwrap_or_default();
        let families = &self.scan.set.families;
        if text.len() == self.view.text.len() {
            return first_tail(families, &mut self.view);
        }
        // Ends of runs beyond what was searched are not for these.
        let mut runs = Runs::default();
        let mut view = view(&self.scan, &mut runs);
        view.text = text;
        first_tail(families, &mut view)
    }

    #[inline]
    fn collect(&mut self) -> Option<Open> {
        if !self.looks.found.is_empty() {
            self.collect_found();
        }
        self.looks.open.take()
    }

    fn collect_found(&mut self) {
        let text = self.scan.text;
        for (rule, range) in &self.looks.found {
            let is_whole = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
            let (start, end) = match is_whole {
                true => (range.start, range.end),
                false => widened(text, range),
            };
            let rule = *rule;
            let finding = Finding { start, end, rule };
            let (replaces, gone) = (self.scan.replaces, self.scan.gone);
            let is_replaced = self.found.add(finding, replaces, self.released, gone);
            let yields = replaces.yields(rule);
            if is_replaced && (yields || replaces.covers(rule)) {
                let rule = yields.then_some(rule);
                self.view.runs.covered = Covered { start, end, rule };
            }
        }
        self.looks.found.clear();
    }
}

/// The first byte of a finding whose trigger may come behind this text.
fn first_tail(families: &[Arc<dyn Family>], view: &mut View<'_>) -> usize {
    let tails = families.iter().filter_map(|family| family.tail(view));
    tails.min().unwrap_or(view.text.len())
}

/// To whole characters.
#[cold]
fn widened(text: &str, range: &Range<usize>) -> (usize, usize) {
    (
        text.floor_char_boundary(range.start),
        text.ceil_char_boundary(range.end),
    )
}

fn view<'v>(scan: &Scan<'v>, runs: &'v mut Runs) -> View<'v> {
    View {
        text: scan.text.as_bytes(),
        complete: scan.complete,
        classes: &scan.set.classes,
        runs,
    }
}

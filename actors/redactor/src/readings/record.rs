//! What a reading says, until both have said it.
//!
//! Owns nothing of the text: places are those of the reading, and lead back through `Places`.

use std::ops::Range;

use super::With;
use crate::error::RedactError;
use crate::fold::Places;
use crate::groups::{Found, Group};
use crate::scan::family::RuleNumber;
use crate::scan::sink::{Sink, Stop};
use crate::scan::stream::TextStream;

/// What a reading has said.
pub(super) struct Notes {
    /// How far it has decided.
    pub(super) to: usize,
    all: Vec<Note>,
}

struct Note {
    replaced: bool,
    range: Range<usize>,
    rules: Vec<RuleNumber>,
}

impl Notes {
    /// For a reading that has decided so much.
    pub(super) fn from(to: usize) -> Self {
        let all = Vec::new();
        Self { to, all }
    }

    /// Lets the reading go on with this text.
    pub(super) fn read(
        &mut self,
        stream: &mut TextStream,
        with: With<'_>,
        text: &str,
    ) -> Result<(), RedactError> {
        stream.push(with.set, with.replaces, text, self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes all over, by their places in the text.
    pub(super) fn move_to(self, found: &mut Found, places: &Places) {
        for note in self.all {
            let length = note.range.len();
            let (range, rules) = (places.back(&note.range), note.rules);
            found.take(note.replaced, Group { range, rules }, length);
        }
    }

    fn note(&mut self, replaced: bool, range: Range<usize>, rules: &[RuleNumber]) {
        let rules = rules.to_vec();
        self.all.push(Note {
            replaced,
            range,
            rules,
        });
    }
}

impl Sink for Notes {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.to += text.len();
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let start = self.to;
        self.to += text.len();
        self.note(true, start..self.to, rules);
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.note(false, range, &[rule]);
    }
}

/// Counts places from so many bytes later on.
pub(super) struct Moved<'s> {
    sink: &'s mut dyn Sink,
    by: usize,
}

impl<'s> Moved<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink, by: usize) -> Self {
        Self { sink, by }
    }
}

impl Sink for Moved<'_> {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.sink.keep(text)
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        self.sink.found(rules, text)
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        let range = range.start + self.by..range.end + self.by;
        self.sink.observed(rule, range);
    }
}

/// Knows whether the sink has said stop.
pub(super) struct Watched<'s> {
    sink: &'s mut dyn Sink,
    pub(super) stopped: bool,
}

impl<'s> Watched<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        let stopped = false;
        Self { sink, stopped }
    }
}

impl Sink for Watched<'_> {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        let kept = self.sink.keep(text);
        self.stopped |= kept.is_err();
        kept
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let found = self.sink.found(rules, text);
        self.stopped |= found.is_err();
        found
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.sink.observed(rule, range);
    }
}

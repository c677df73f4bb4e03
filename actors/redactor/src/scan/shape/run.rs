//! The run of a program at one place of a text.

use std::ops::Range;

use super::MOST_TURNS;
use super::parse::Count;
use super::program::{Program, Step};
use crate::scan::classes::{ByteSet, ClassId, SetId, WORD};
use crate::scan::view::View;

/// What a run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No match here, whatever follows.
    No,
    /// A match, whatever follows.
    Match {
        /// All of it.
        whole: Range<usize>,
        /// Its group `secret`, or all of it.
        secret: Range<usize>,
    },
    /// More text must come first.
    Open {
        /// The first byte that may turn out to belong to the secret.
        holds: usize,
    },
}

/// Why a run stops.
enum Stop {
    No,
    Open,
}

struct Run<'v, 't> {
    view: &'v mut View<'t>,
    at: usize,
    secret: Option<usize>,
    secret_end: Option<usize>,
    /// Whether the last bytes that were taken are those of a repetition of no fixed length, so
    /// that it is known to end here.
    is_run_over: bool,
    turns: usize,
}

impl Program {
    /// Matches the text at `at`.
    pub(crate) fn run(&self, at: usize, view: &mut View<'_>) -> Outcome {
        self.run_from(0, at, view)
    }

    /// Matches the text at `at`, where one of the program's literals is known to stand.
    pub(crate) fn run_at_literal(&self, at: usize, view: &mut View<'_>) -> Outcome {
        self.run_from(usize::from(self.known), at, view)
    }

    /// So many steps are known to take a byte each.
    fn run_from(&self, known: usize, at: usize, view: &mut View<'_>) -> Outcome {
        let mut run = Run {
            view,
            at: at + known,
            secret: None,
            secret_end: None,
            is_run_over: false,
            turns: 0,
        };
        match run.steps(&self.steps, known) {
            Ok(()) => Outcome::Match {
                whole: at..run.at,
                secret: run.secret.unwrap_or(at)..run.secret_end.unwrap_or(run.at),
            },
            Err(Stop::No) => Outcome::No,
            Err(Stop::Open) if self.keeps(0) => Outcome::Open {
                holds: run.secret.unwrap_or(run.view.text.len()),
            },
            Err(Stop::Open) => Outcome::Open { holds: at },
        }
    }
}

impl Run<'_, '_> {
    fn steps(&mut self, steps: &[Step], mut number: usize) -> Result<(), Stop> {
        while let Some(step) = steps.get(number) {
            number += 1;
            match step {
                Step::Byte(byte, folded) => self.one(|there| there | folded == *byte)?,
                Step::One(set) => {
                    let set = self.view.classes.shared(*set);
                    self.one(|there| set.has(there))?;
                }
                Step::Run(set, count, class) => self.repeat(*set, *count, *class)?,
                Step::If(set, other) => {
                    let set = self.view.classes.shared(*set);
                    if !self.next()?.is_some_and(|byte| set.has(byte)) {
                        number = usize::from(*other);
                    }
                }
                Step::Go(to) => number = usize::from(*to),
                Step::Turn(to) => {
                    self.turns += 1;
                    if self.turns > MOST_TURNS {
                        return Err(Stop::No);
                    }
                    number = usize::from(*to);
                }
                Step::SecretStart => self.secret = Some(self.at),
                Step::SecretEnd => self.secret_end = Some(self.at),
                Step::Done => return self.ends(),
            }
        }
        Err(Stop::No)
    }

    /// The next byte; `None` at the end of a text that is complete.
    #[inline]
    fn next(&self) -> Result<Option<u8>, Stop> {
        match self.view.byte(self.at) {
            None if !self.view.complete => Err(Stop::Open),
            byte => Ok(byte),
        }
    }

    #[inline]
    fn one(&mut self, is_so: impl Fn(u8) -> bool) -> Result<(), Stop> {
        if !self.next()?.is_some_and(is_so) {
            return Err(Stop::No);
        }
        self.at += 1;
        self.is_run_over = false;
        Ok(())
    }

    fn repeat(&mut self, set: SetId, count: Count, class: Option<ClassId>) -> Result<(), Stop> {
        let is_fixed = count.least == count.most;
        let most = usize::try_from(count.most).unwrap_or(usize::MAX);
        // One more than there may be shows a run that is too long.
        let enough = if is_fixed {
            most
        } else {
            most.saturating_add(1)
        };
        let end = match class {
            Some(class) => self.view.run_end(class, self.at),
            None => self.short_end(self.view.classes.shared(set), enough),
        };
        let end = end.min(self.at.saturating_add(enough));
        let len = end - self.at;
        if !is_fixed && len > most {
            return Err(Stop::No);
        }
        if self.view.is_open_at(end) && len < enough {
            return Err(Stop::Open);
        }
        if len < usize::try_from(count.least).unwrap_or(usize::MAX) {
            return Err(Stop::No);
        }
        if len > 0 {
            self.is_run_over = !is_fixed;
        }
        self.at = end;
        Ok(())
    }

    fn short_end(&self, set: &ByteSet, enough: usize) -> usize {
        let rest = self.view.text.get(self.at..).unwrap_or_default();
        self.at + set.span(rest, enough)
    }

    /// Whether a match may end here.
    fn ends(&self) -> Result<(), Stop> {
        let is_inside = |at: Option<usize>| {
            let byte = at.and_then(|at| self.view.byte(at));
            byte.is_some_and(|byte| (0x80..0xC0).contains(&byte))
        };
        if is_inside(self.secret) || is_inside(self.secret_end) || is_inside(Some(self.at)) {
            return Err(Stop::No);
        }
        if self.is_run_over {
            return Ok(());
        }
        match self.next()? {
            Some(byte) if WORD.has(byte) => Err(Stop::No),
            _ => Ok(()),
        }
    }
}

//! The run of a program at one place of a text.

use std::ops::Range;

use super::MOST_TURNS;
use super::program::{Program, Repetition, Step};
use crate::scan::classes::{ByteSet, LONG, WORD};
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
        let begin = at + known;
        if self.first.is_nothing() || known != usize::from(self.known) {
            return self.go_on(known, at, begin, false, view);
        }
        let end = match run_end(view, begin, self.first) {
            Ok(end) => end,
            Err(Stop::No) => return Outcome::No,
            Err(Stop::Open) => return self.open(at, None, view),
        };
        let is_over = end > begin && !self.first.count.is_fixed();
        // As most formats are, which end with that.
        if self.steps.len() > known + 2 {
            return self.go_on(known + 1, at, end, is_over, view);
        }
        match view.byte(end) {
            Some(byte) if is_continuation(byte) || !is_over && WORD.has(byte) => Outcome::No,
            None if !is_over && !view.complete => self.open(at, None, view),
            _ => Outcome::Match {
                whole: at..end,
                secret: at..end,
            },
        }
    }

    /// Goes on with a step, where those before it have come to.
    #[inline(never)]
    fn go_on(
        &self,
        step: usize,
        start: usize,
        at: usize,
        is_run_over: bool,
        view: &mut View<'_>,
    ) -> Outcome {
        let mut run = Run {
            view,
            at,
            secret: None,
            secret_end: None,
            is_run_over,
            turns: 0,
        };
        match run.steps(&self.steps, step) {
            Ok(()) => Outcome::Match {
                whole: start..run.at,
                secret: run.secret.unwrap_or(start)..run.secret_end.unwrap_or(run.at),
            },
            Err(Stop::No) => Outcome::No,
            Err(Stop::Open) => self.open(start, run.secret, run.view),
        }
    }

    /// What a run says that needs more text, and has found where the secret begins, or has not.
    #[cold]
    fn open(&self, at: usize, secret: Option<usize>, view: &View<'_>) -> Outcome {
        let holds = match self.keeps(0) {
            true => secret.unwrap_or(view.text.len()),
            false => at,
        };
        Outcome::Open { holds }
    }
}

impl Repetition {
    #[inline]
    fn is_nothing(self) -> bool {
        self.count.most == 0
    }
}

/// The end of a repetition that begins at `at`.
#[inline(always)]
fn run_end(view: &mut View<'_>, at: usize, repetition: Repetition) -> Result<usize, Stop> {
    let Repetition { count, set, class } = repetition;
    let (least, most) = count.bounds();
    // One more than there may be shows a run that is too long.
    let enough = match count.is_fixed() {
        true => most,
        false => most.saturating_add(1),
    };
    let classes = view.classes;
    let set = classes.shared(set);
    if is_cut_short(view, at, set, least) {
        return Err(Stop::No);
    }
    let rest = view.text.get(at..).unwrap_or_default();
    let mut len = set.span(rest, enough.min(LONG + 1));
    if let Some(class) = class
        && len > LONG
    {
        len = (view.runs.end_beyond(class, set, view.text, at, len) - at).min(enough);
    }
    if len > most {
        return Err(Stop::No);
    }
    if view.is_open_at(at + len) && len < enough {
        return Err(Stop::Open);
    }
    if len < least {
        return Err(Stop::No);
    }
    Ok(at + len)
}

/// Whether another byte has come at the last place of the least that there must be: most values are
/// of another format than what they are tried for, and shorter.
#[inline]
fn is_cut_short(view: &View<'_>, at: usize, set: &ByteSet, least: usize) -> bool {
    let last = least.checked_sub(1).and_then(|last| view.byte(at + last));
    last.is_some_and(|byte| !set.has(byte))
}

/// Whether a byte is of a character but not its first.
#[inline]
fn is_continuation(byte: u8) -> bool {
    (0x80..0xC0).contains(&byte)
}

impl Run<'_, '_> {
    fn steps(&mut self, steps: &[Step], mut number: usize) -> Result<(), Stop> {
        while let Some(step) = steps.get(number) {
            number += 1;
            // Nearly all steps are one of three, and so few jumps are foreseen better than one that
            // may go anywhere.
            match step {
                Step::Byte(byte, folded) => self.one(|there| there | folded == *byte)?,
                Step::Run(repetition) => self.repeat(*repetition)?,
                Step::Done => return self.ends(),
                other => number = self.other(*other, number)?,
            }
        }
        Err(Stop::No)
    }

    /// Takes another step; says which one is next, which is `next` mostly.
    #[inline(never)]
    fn other(&mut self, step: Step, next: usize) -> Result<usize, Stop> {
        match step {
            Step::One(set) => {
                let set = self.view.classes.shared(set);
                self.one(|there| set.has(there))?;
            }
            Step::If(set, other) => {
                let set = self.view.classes.shared(set);
                if !self.next()?.is_some_and(|byte| set.has(byte)) {
                    return Ok(usize::from(other));
                }
            }
            Step::Go(to) => return Ok(usize::from(to)),
            Step::Turn(to) => {
                self.turns += 1;
                if self.turns > MOST_TURNS {
                    return Err(Stop::No);
                }
                return Ok(usize::from(to));
            }
            Step::SecretStart => self.secret = Some(self.at),
            Step::SecretEnd => self.secret_end = Some(self.at),
            Step::Byte(..) | Step::Run(_) | Step::Done => {}
        }
        Ok(next)
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

    fn repeat(&mut self, repetition: Repetition) -> Result<(), Stop> {
        let end = run_end(self.view, self.at, repetition)?;
        if end > self.at {
            self.is_run_over = !repetition.count.is_fixed();
        }
        self.at = end;
        Ok(())
    }

    /// Whether a match may end here.
    fn ends(&self) -> Result<(), Stop> {
        let is_inside = |at: Option<usize>| {
            let byte = at.and_then(|at| self.view.byte(at));
            byte.is_some_and(is_continuation)
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

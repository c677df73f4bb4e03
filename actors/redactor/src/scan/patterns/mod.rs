//! The operator's own patterns and the kill patterns: regular expressions, whole and in chunks.
//!
//! Owns: compilation with limits, the search, and which end of a text must wait. Never knows what
//! a pattern is for. The scanner calls it beside the gate, with the text that has come.
//!
//! Every pattern finds what it would find alone: what comes first, and then it goes on behind that.
//! A match of no bytes is none. What a pattern finds within a match of another is found too; who
//! asks joins what overlaps.
//!
//! All patterns are searched for together, and a text in which nothing matches is read once. Only
//! where something does they are searched for one by one, from there on.
//!
//! Beyond plain expressions there are look-around, back-references and atomic groups. What else
//! fancy-regex knows is refused, since its sets miss matches of it (`plain.rs`).
//!
//! What a chunk may cost: a pattern with look-around or a back-reference may look anywhere, so its
//! set waits until the text is whole. For the others the search stops at the first byte from which
//! what has come may still become a match of any (`beginnings.rs`): everything that begins before it has
//! been decided. A text that is held is not read again before it has grown by an eighth, so a long
//! match costs some nine readings, however small the chunks are.
//!
//! Greedy patterns are found by reading to where they can no longer match; one such as
//! `[ab](?:.*z)?` reads to the end of the line at each place, as in any engine of this kind.

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use fancy_regex::{Regex, RegexOptionsBuilder};
use regex_syntax::hir::Hir;

use crate::error::RedactError;

mod beginnings;
pub(crate) mod delay;
mod engine;
mod plain;

use beginnings::{Beginnings, Live};
use engine::{Engine, next_character};

/// Steps back that a pattern may take in one search.
///
/// Some 3 ms; without a bound one pattern can hold a thread for hours.
const BACKTRACK_LIMIT: usize = 100_000;

/// Compiled size of one pattern, in bytes.
const PATTERN_SIZE: usize = 2 * 1024 * 1024;

/// Instructions of one pattern.
const PROGRAM_SIZE: usize = 100_000;

/// Compiled size of all patterns of a set together, in bytes.
const SET_SIZE: usize = 32 * 1024 * 1024;

/// Most that each automaton may keep in memory for one thread, in bytes.
const CACHE: usize = 2 * 1024 * 1024;

/// A held text is read again when it has grown by one part in this many.
const GROWTH: usize = 8;

/// A pattern took too many steps: nothing is known about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GaveUp;

/// What `\w`, `\b` and `(?i)` mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// All letters of all scripts.
    Unicode,
    /// ASCII only, and quicker to compile; negated classes and `.` are not allowed then. Patterns
    /// that are not plain take no notice.
    Ascii,
}

/// How far a text has been searched. Begin each text with the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Progress {
    /// Everything that begins before this byte has been found; it is the first byte to hold. At
    /// least one whole character before it must stay with it, if there is one: patterns look at
    /// it, and without it they take `from` for the text's beginning.
    from: usize,
    /// Length of the text from which on it is worth while to look again.
    look_at: usize,
    /// How far each pattern has come beyond `from`, unless none has.
    ahead: Option<Box<Ahead>>,
}

/// How many bytes each pattern of a set is ahead of the last one: so far it has matched already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ahead(Vec<usize>);

impl Progress {
    /// As [`Self::places`] gave it.
    pub(crate) fn at(from: usize, look_at: usize, ahead: Option<Box<Ahead>>) -> Self {
        Self {
            from,
            look_at,
            ahead,
        }
    }

    /// What to remember until the next call.
    pub(crate) fn places(self) -> (usize, usize, Option<Box<Ahead>>) {
        (self.from, self.look_at, self.ahead)
    }

    /// Where each of `count` patterns goes on.
    fn of_each(&self, count: usize) -> Vec<usize> {
        let ahead = self.ahead.as_ref().map_or(&[][..], |ahead| &ahead.0);
        let ahead = ahead.iter().copied().chain(std::iter::repeat(0));
        ahead.take(count).map(|ahead| self.from + ahead).collect()
    }

    fn set_each(&mut self, places: &[usize]) {
        self.from = places.iter().copied().min().unwrap_or_default();
        let ahead: Vec<usize> = places.iter().map(|place| place - self.from).collect();
        let differ = ahead.iter().any(|ahead| *ahead > 0);
        self.ahead = differ.then(|| Box::new(Ahead(ahead)));
    }

    /// Forgets the first `gone` bytes of the text: they have been let go.
    #[cfg(test)]
    pub(crate) fn shift(&mut self, gone: usize) {
        self.from = self.from.saturating_sub(gone);
        self.look_at = self.look_at.saturating_sub(gone);
    }
}

/// Patterns that are searched together.
#[derive(Debug)]
pub(crate) struct PatternSet {
    /// All of them.
    engine: Engine,
    /// Each of them, once something was found; `None` if it cannot be made, which never happens.
    alone: Vec<OnceLock<Option<Engine>>>,
    patterns: Patterns,
    /// The automaton for texts in chunks once one has come; it is `None` if it would be too large,
    /// and then every text must be whole.
    beginnings: OnceLock<Option<Box<Beginnings>>>,
}

/// What engines are made of.
enum Patterns {
    Plain(Vec<Hir>),
    /// One may look anywhere, so that no text can be cut.
    Fancy(Vec<Regex>),
}

impl Patterns {
    fn count(&self) -> usize {
        match self {
            Self::Plain(patterns) => patterns.len(),
            Self::Fancy(patterns) => patterns.len(),
        }
    }

    fn all(&self) -> Option<Engine> {
        match self {
            Self::Plain(patterns) => Engine::plain(patterns),
            Self::Fancy(patterns) => Engine::fancy(patterns.clone()),
        }
    }

    fn one(&self, number: usize) -> Option<Engine> {
        match self {
            Self::Plain(patterns) => Engine::plain(patterns.get(number..=number)?),
            Self::Fancy(patterns) => Engine::fancy(vec![patterns.get(number)?.clone()]),
        }
    }
}

/// Without the expressions: they print as megabytes.
impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patterns({})", self.count())
    }
}

impl PatternSet {
    /// Compiles patterns.
    ///
    /// # Errors
    /// [`RedactError::Pattern`] for one that is not valid or matches the empty text;
    /// [`RedactError::PatternsTooLarge`].
    pub(crate) fn compile<P: AsRef<str>>(
        patterns: &[P],
        letters: Letters,
    ) -> Result<Self, RedactError> {
        let mut plain = Vec::with_capacity(patterns.len());
        for (index, pattern) in patterns.iter().enumerate() {
            let expression = plain::expression(pattern.as_ref(), letters)
                .map_err(|problem| RedactError::Pattern { index, problem })?;
            plain.extend(expression);
        }
        let patterns = if plain.len() == patterns.len() {
            Patterns::Plain(plain)
        } else {
            Patterns::Fancy(compile_all(patterns)?)
        };
        let set = Self {
            engine: patterns.all().ok_or(RedactError::PatternsTooLarge)?,
            alone: (0..patterns.count()).map(|_| OnceLock::new()).collect(),
            patterns,
            beginnings: OnceLock::new(),
        };
        set.refuse_empty_matches()?;
        Ok(set)
    }

    fn refuse_empty_matches(&self) -> Result<(), RedactError> {
        let empty = self.engine.matches_empty(self.count());
        empty.map_or(Ok(()), |index| {
            let problem = plain::told("it matches the empty text");
            Err(RedactError::Pattern { index, problem })
        })
    }

    fn count(&self) -> usize {
        self.patterns.count()
    }

    fn beginnings(&self) -> Option<&Beginnings> {
        let Patterns::Plain(patterns) = &self.patterns else {
            return None;
        };
        let made = self
            .beginnings
            .get_or_init(|| Beginnings::new(patterns, SET_SIZE).map(Box::new));
        made.as_deref()
    }

    fn alone(&self, number: usize) -> Result<&Engine, GaveUp> {
        if self.count() == 1 {
            return Ok(&self.engine);
        }
        let made = self.alone.get(number).ok_or(GaveUp)?;
        let made = made.get_or_init(|| self.patterns.one(number));
        made.as_ref().ok_or(GaveUp)
    }

    /// Makes what texts in chunks need, some 2 ms for the kill patterns; without it the first such
    /// text would wait for it.
    pub(crate) fn prepare(&self) {
        self.beginnings();
    }

    /// Whether every text must be whole before anything of it can go.
    #[cfg(test)]
    pub(crate) fn waits_for_all(&self) -> bool {
        self.count() > 0 && self.beginnings().is_none()
    }

    /// Adds all findings that are sure to `found`, with the number of their pattern and those of
    /// each pattern in order, and returns the first byte to hold; `progress` says where the last
    /// call has stopped. A finding may reach beyond that byte.
    ///
    /// # Errors
    /// [`GaveUp`] if a pattern does; the text must not go on then.
    pub(crate) fn find(
        &self,
        text: &str,
        progress: &mut Progress,
        complete: bool,
        found: &mut Vec<(usize, Range<usize>)>,
    ) -> Result<usize, GaveUp> {
        if self.count() == 0 {
            progress.from = text.len();
            return Ok(text.len());
        }
        if complete {
            self.search(text, progress, &Live::default(), found)?;
        } else if text.len() >= progress.look_at
            && let Some(beginnings) = self.beginnings()
        {
            let live = beginnings.live(text.as_bytes(), progress.from)?;
            self.search(text, progress, &live, found)?;
            progress.look_at = text.len() + (text.len() - progress.from) / GROWTH;
        }
        Ok(progress.from)
    }

    /// Finds everything that begins before a live place.
    fn search(
        &self,
        text: &str,
        progress: &mut Progress,
        live: &Live,
        found: &mut Vec<(usize, Range<usize>)>,
    ) -> Result<(), GaveUp> {
        let limit = live.first(progress.from, text.len());
        let mut first = None;
        if progress.from < limit {
            first = self.engine.first(text, progress.from)?;
            first = first.filter(|first| first.start < limit);
        }
        if first.is_none() && progress.ahead.is_none() {
            progress.from = limit;
            return Ok(());
        }
        // No pattern matches before the first match of all.
        let start = first.map_or(limit, |first| first.start);
        let mut places = progress.of_each(self.count());
        for (number, place) in places.iter_mut().enumerate() {
            let from = start.max(*place);
            *place = self.search_one(number, text, from, live, found)?;
        }
        progress.set_each(&places);
        Ok(())
    }

    /// The same for one pattern, from its own place on; returns where it goes on.
    fn search_one(
        &self,
        number: usize,
        text: &str,
        mut from: usize,
        live: &Live,
        found: &mut Vec<(usize, Range<usize>)>,
    ) -> Result<usize, GaveUp> {
        let engine = self.alone(number)?;
        loop {
            let limit = live.first(from, text.len());
            if from >= limit {
                return Ok(from);
            }
            let first = engine.first(text, from)?;
            let Some(first) = first.filter(|first| first.start < limit) else {
                return Ok(limit);
            };
            from = match first.widest {
                Some((_, end)) => {
                    found.push((number, first.start..end));
                    end
                }
                None => next_character(text, first.start),
            };
        }
    }
}

/// All patterns with the engine for those that look around.
fn compile_all<P: AsRef<str>>(patterns: &[P]) -> Result<Vec<Regex>, RedactError> {
    let mut options = RegexOptionsBuilder::new();
    options
        .backtrack_limit(BACKTRACK_LIMIT)
        .delegate_size_limit(PATTERN_SIZE)
        .delegate_dfa_size_limit(CACHE)
        .max_prog_size(PROGRAM_SIZE)
        // Members of a set are only tried at places that the set has found.
        .build_delegate_prefilter(false);
    let compile = |(index, pattern): (usize, &P)| {
        plain::compile(pattern.as_ref(), &options)
            .map_err(|problem| RedactError::Pattern { index, problem })
    };
    patterns.iter().enumerate().map(compile).collect()
}

#[cfg(test)]
#[expect(
    clippy::string_slice,
    reason = "a place that is no boundary fails the test, as it must"
)]
mod cuts;
#[cfg(test)]
#[expect(
    clippy::string_slice,
    reason = "a place that is no boundary fails the test, as it must"
)]
mod tests;

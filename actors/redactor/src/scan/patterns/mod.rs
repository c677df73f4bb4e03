//! The operator's own patterns and the kill patterns: regular expressions, whole and in chunks.
//!
//! Owns: compilation with limits, the search, and which end of a text must wait. Never knows what
//! a pattern is for. The scanner calls it beside the gate, with the text that has come.
//!
//! A set finds what comes first; of patterns that begin at the same place, the one that reaches
//! furthest; then it goes on behind that. A match of no bytes is none.
//!
//! Beyond plain expressions there are look-around, back-references and atomic groups. What else
//! fancy-regex knows is refused, since its sets miss matches of it (`plain.rs`).
//!
//! What a chunk may cost: a pattern with look-around or a back-reference may look anywhere, so its
//! set waits until the text is whole. For the others the search stops at the first byte from which
//! what has come may still become a match (`beginnings.rs`): everything that begins before it has
//! been decided. A text that is held is not read again before it has grown by an eighth, so a long
//! match costs some nine readings, however small the chunks are.
//!
//! Greedy patterns are found by reading to where they can no longer match; one such as
//! `[ab](?:.*z)?` reads to the end of the line at each place, as in any engine of this kind.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Progress {
    /// Everything that begins before this byte has been found; it is the first byte to hold. At
    /// least one whole character before it must stay with it, if there is one: patterns look at
    /// it, and without it they take `from` for the text's beginning.
    from: usize,
    /// Length of the text from which on it is worth while to look again.
    look_at: usize,
}

impl Progress {
    /// As [`Self::places`] gave it.
    pub(crate) fn at(from: usize, look_at: usize) -> Self {
        Self { from, look_at }
    }

    /// What to remember until the next call.
    pub(crate) fn places(self) -> (usize, usize) {
        (self.from, self.look_at)
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
    engine: Engine,
    count: usize,
    streams: Streams,
}

/// What a set needs for texts in chunks.
#[derive(Debug)]
enum Streams {
    /// Plain patterns, and their automaton once a text in chunks has come; it is `None` if it
    /// would be too large, and then every text must be whole.
    Plain(Vec<Hir>, OnceLock<Option<Box<Beginnings>>>),
    /// A pattern may look anywhere, so that no text can be cut.
    Whole,
}

impl Streams {
    fn beginnings(&self) -> Option<&Beginnings> {
        match self {
            Self::Plain(patterns, made) => made
                .get_or_init(|| Beginnings::new(patterns, SET_SIZE).map(Box::new))
                .as_deref(),
            Self::Whole => None,
        }
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
        let is_plain = plain.len() == patterns.len();
        let engine = if is_plain {
            Engine::plain(&plain)
        } else {
            Engine::fancy(compile_all(patterns)?)
        };
        let set = Self {
            engine: engine.ok_or(RedactError::PatternsTooLarge)?,
            count: patterns.len(),
            streams: if is_plain {
                Streams::Plain(plain, OnceLock::new())
            } else {
                Streams::Whole
            },
        };
        set.refuse_empty_matches()?;
        Ok(set)
    }

    fn refuse_empty_matches(&self) -> Result<(), RedactError> {
        let empty = self.engine.matches_empty(self.count);
        empty.map_or(Ok(()), |index| {
            let problem = plain::told("it matches the empty text");
            Err(RedactError::Pattern { index, problem })
        })
    }

    /// Makes what texts in chunks need, some 2 ms for the kill patterns; without it the first such
    /// text would wait for it.
    pub(crate) fn prepare(&self) {
        self.streams.beginnings();
    }

    /// Whether every text must be whole before anything of it can go.
    #[cfg(test)]
    pub(crate) fn waits_for_all(&self) -> bool {
        self.count > 0 && self.streams.beginnings().is_none()
    }

    /// Adds all findings that are sure to `found`, in order and with the number of their pattern,
    /// and returns the first byte to hold; `progress` says where the last call has stopped.
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
        if self.count == 0 {
            progress.from = text.len();
            return Ok(text.len());
        }
        if complete {
            progress.from = self.search(text, progress.from, &mut Live::default(), found)?;
        } else if text.len() >= progress.look_at
            && let Some(beginnings) = self.streams.beginnings()
        {
            let mut live = beginnings.live(text.as_bytes(), progress.from)?;
            progress.from = self.search(text, progress.from, &mut live, found)?;
            progress.look_at = text.len() + (text.len() - progress.from) / GROWTH;
        }
        Ok(progress.from)
    }

    /// Finds everything that begins before a live place; returns that, or the end of the text.
    fn search(
        &self,
        text: &str,
        mut from: usize,
        live: &mut Live,
        found: &mut Vec<(usize, Range<usize>)>,
    ) -> Result<usize, GaveUp> {
        loop {
            let limit = live.first(from, text.len());
            if from >= limit {
                return Ok(from);
            }
            let first = self.engine.first(text, from)?;
            let Some(first) = first.filter(|first| first.start < limit) else {
                return Ok(limit);
            };
            from = match first.widest {
                Some((pattern, end)) => {
                    found.push((pattern, first.start..end));
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

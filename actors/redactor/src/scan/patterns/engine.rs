//! What finds the first match of a set.
//!
//! Owns: the search for one place and for the pattern that reaches furthest there. Plain patterns
//! go into one automaton of their own, which is compiled in a fraction of the time that a set of
//! fancy-regex takes; those that look around need that set.
//!
//! Forces: an automaton cannot see word boundaries beside characters that are not ASCII, and what
//! takes its place then is fifty times slower, in any language but English. So one without the
//! boundaries finds candidates, and only those are looked at exactly.

use std::fmt;
use std::sync::Arc;

use fancy_regex::{Regex as FancyRegex, RegexInput, RegexSet, RegexSetOptions};
use regex_automata::meta::{Config, Regex};
use regex_automata::nfa::thompson::{Compiler, Config as NfaConfig, WhichCaptures};
use regex_automata::{Anchored, Input, PatternID};
use regex_syntax::hir::Hir;

use super::plain::without_word_looks;
use super::{CACHE, GaveUp, PATTERN_SIZE, SET_SIZE};

/// Candidates that may turn out wrong before the exact search, however slow, takes their place:
/// finding one may take a look at all of the text.
const WRONG_CANDIDATES: usize = 8;

/// And one more for so many bytes.
const BYTES_PER_CANDIDATE: usize = 1024;

/// The first place where anything matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct First {
    pub(super) start: usize,
    /// The pattern that reaches furthest and where it ends; `None` if all matches are empty.
    pub(super) widest: Option<(usize, usize)>,
}

impl First {
    fn add(&mut self, pattern: usize, end: usize) {
        let least = self.widest.map_or(self.start, |(_, end)| end);
        if end > least {
            self.widest = Some((pattern, end));
        }
    }
}

/// The patterns of a set, compiled.
pub(super) enum Engine {
    /// No look-around, no back-references.
    Plain {
        /// Finds where a match may begin.
        finder: Regex,
        /// Says which patterns match there, if `finder` cannot.
        exact: Option<Regex>,
    },
    /// With look-around or back-references.
    Fancy(RegexSet),
}

/// Without the automata: they print as megabytes.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain { .. } => "Plain",
            Self::Fancy(_) => "Fancy",
        })
    }
}

/// Whether one plain pattern is not too large by itself.
pub(super) fn fits(pattern: &Hir) -> bool {
    let config = NfaConfig::new().nfa_size_limit(Some(PATTERN_SIZE));
    let compiler = Compiler::new().configure(config).clone();
    compiler.build_from_hir(pattern).is_ok()
}

impl Engine {
    /// `None` if the patterns are too large together.
    pub(super) fn plain(patterns: &[Hir]) -> Option<Self> {
        let sees_words = |pattern: &Hir| pattern.properties().look_set().contains_word_unicode();
        if !patterns.iter().any(sees_words) {
            let finder = automaton(patterns)?;
            return Some(Self::Plain {
                finder,
                exact: None,
            });
        }
        let relaxed: Vec<Hir> = patterns.iter().map(without_word_looks).collect();
        Some(Self::Plain {
            finder: automaton(&relaxed)?,
            exact: Some(automaton(patterns)?),
        })
    }

    /// `None` if the patterns are too large together.
    pub(super) fn fancy(patterns: Vec<FancyRegex>) -> Option<Self> {
        let options = RegexSetOptions::new()
            .delegate_size_limit(SET_SIZE)
            .meta_nfa_size_limit(Some(SET_SIZE))
            .meta_hybrid_cache_capacity(CACHE)
            .overlapping_dfa_cache_capacity(CACHE);
        let set = RegexSet::from_regexes(patterns.into_iter().map(Arc::new), options);
        set.ok().map(Self::Fancy)
    }

    /// The first of the plain patterns that matches the empty text; the others have been tried.
    pub(super) fn matches_empty(&self, count: usize) -> Option<usize> {
        let Self::Plain { finder, exact } = self else {
            return None;
        };
        let exact = exact.as_ref().unwrap_or(finder);
        (0..count).find(|number| exact.search(&at(*number, "", 0)).is_some())
    }

    /// The first match at `from` or later.
    pub(super) fn first(&self, text: &str, from: usize) -> Result<Option<First>, GaveUp> {
        match self {
            Self::Plain { finder, exact } => {
                let exact = exact.as_ref().unwrap_or(finder);
                Ok(first_plain(finder, exact, text, from))
            }
            Self::Fancy(set) => first_fancy(set, text, from),
        }
    }
}

fn automaton(patterns: &[Hir]) -> Option<Regex> {
    let config = Config::new()
        .which_captures(WhichCaptures::Implicit)
        .onepass(false)
        .nfa_size_limit(Some(SET_SIZE))
        .hybrid_cache_capacity(CACHE);
    let builder = Regex::builder().configure(config).clone();
    builder.build_many_from_hir(patterns).ok()
}

fn first_plain(finder: &Regex, exact: &Regex, text: &str, from: usize) -> Option<First> {
    let mut at = from;
    let mut wrong = 0;
    while at <= text.len() {
        let is_misled = wrong > WRONG_CANDIDATES + (at - from) / BYTES_PER_CANDIDATE;
        let search = if is_misled { exact } else { finder };
        let start = search.search(&Input::new(text).range(at..))?.start();
        if let Some(first) = look(exact, text, start) {
            return Some(first);
        }
        wrong += 1;
        at = next_character(text, start);
    }
    None
}

/// All patterns at one place; `None` if none matches there.
fn look(exact: &Regex, text: &str, start: usize) -> Option<First> {
    let mut first = None;
    for number in 0..exact.pattern_len() {
        if let Some(found) = exact.search(&at(number, text, start)) {
            let none = First {
                start,
                widest: None,
            };
            first.get_or_insert(none).add(number, found.end());
        }
    }
    first
}

/// The question whether one pattern matches at one place.
fn at(number: usize, text: &str, start: usize) -> Input<'_> {
    let anchored = PatternID::new(number).map_or(Anchored::Yes, Anchored::Pattern);
    Input::new(text).range(start..).anchored(anchored)
}

fn first_fancy(set: &RegexSet, text: &str, from: usize) -> Result<Option<First>, GaveUp> {
    let input = RegexInput::new(text).from_pos(from);
    let Some(matches) = set.find_input(input).map_err(|_| GaveUp)? else {
        return Ok(None);
    };
    let mut first = First {
        start: matches.start(),
        widest: None,
    };
    for found in matches {
        let found = found.map_err(|_| GaveUp)?;
        first.add(found.pattern(), found.end());
    }
    Ok(Some(first))
}

/// Where the character after the one at `at` begins; past the end of the text after its last.
pub(super) fn next_character(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return at + 1;
    }
    text.ceil_char_boundary(at + 1)
}

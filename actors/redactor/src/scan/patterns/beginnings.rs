//! Which ends of a text may still become matches.
//!
//! Owns: the automaton of all beginnings of matches, run backwards. Never finds a match.
//!
//! A *beginning* is what stands before the end of a match that has more to read: a byte, or a
//! look at what follows it. The expression of all beginnings is made from that of the matches:
//! those of a sequence `ab` are the beginnings of `a`, and an `a` with a beginning of `b` after
//! it; those of a choice are a choice; those of a repetition are fewer repetitions and a
//! beginning after them. What a pattern looks at is dropped, except at its beginning, where all
//! that it looks at has come. So the automaton may take an end of the text for a beginning that
//! is none, and never the other way round.

use std::ops::Range;

use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::nfa::thompson::{Compiler, Config as NfaConfig, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

use super::GaveUp;

/// Most that one thread's automaton may remember, in bytes; what is forgotten is made again.
const CACHE: usize = 1024 * 1024;

type NewCache = Box<dyn Fn() -> Cache + Send + Sync>;

/// The automaton for all patterns of a set together.
pub(super) struct Beginnings {
    dfa: DFA,
    caches: Pool<Cache, NewCache>,
}

impl std::fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Beginnings")
    }
}

/// Places at which a beginning of a match begins that goes on to the end of the text; the last
/// one comes first.
#[derive(Debug, Default)]
pub(super) struct Live(Vec<Range<usize>>);

impl Live {
    fn push(&mut self, at: usize) {
        match self.0.last_mut() {
            Some(run) if run.start == at + 1 => run.start = at,
            _ => self.0.push(at..at + 1),
        }
    }

    /// The first one at `from` or later, or else `end`.
    pub(super) fn first(&self, from: usize, end: usize) -> usize {
        let later = self.0.partition_point(|run| run.end > from);
        let next = self.0.get(..later).and_then(<[_]>::last);
        next.map_or(end, |run| run.start.max(from))
    }
}

impl Beginnings {
    /// The automaton for `patterns`; its states are made when needed. `None` if what it is made
    /// from would be larger than `size` bytes.
    pub(super) fn new(patterns: &[Hir], size: usize) -> Option<Self> {
        let beginnings = patterns.iter().map(|pattern| begin(pattern, Place::First));
        let nfa = NfaConfig::new()
            .reverse(true)
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(size));
        let nfa = Compiler::new()
            .configure(nfa)
            .build_from_hir(&Hir::alternation(beginnings.collect()))
            .ok()?;
        let config = Config::new()
            .match_kind(MatchKind::All)
            .cache_capacity(CACHE)
            .skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let source = dfa.clone();
        let new: NewCache = Box::new(move || source.create_cache());
        Some(Self {
            dfa,
            caches: Pool::new(new),
        })
    }

    /// All places from `from` on where what has come of the text may go on to become a match.
    ///
    /// Reads backwards, and only as far as anything is alive.
    pub(super) fn live(&self, text: &[u8], from: usize) -> Result<Live, GaveUp> {
        let cache = &mut *self.caches.get();
        let input = Input::new(text).range(from..).anchored(Anchored::Yes);
        let mut state = self
            .dfa
            .start_state_reverse(cache, &input)
            .map_err(|_| GaveUp)?;
        let mut live = Live::default();
        // The automaton says one byte late that it has matched: it may have to look at that byte.
        for at in (from.saturating_sub(1)..text.len()).rev() {
            let byte = text.get(at).copied().unwrap_or_default();
            state = self
                .dfa
                .next_state(cache, state, byte)
                .map_err(|_| GaveUp)?;
            if state.is_tagged() {
                if state.is_match() {
                    if at + 1 < text.len() {
                        live.push(at + 1);
                    }
                } else if state.is_dead() {
                    return Ok(live);
                } else if state.is_quit() {
                    return Err(GaveUp);
                }
            }
        }
        if from == 0 && !text.is_empty() {
            let end = self.dfa.next_eoi_state(cache, state).map_err(|_| GaveUp)?;
            if end.is_match() {
                live.push(0);
            }
        }
        Ok(live)
    }
}

/// Whether nothing of the pattern stands before a part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Later,
}

impl Place {
    fn after(self, part: &Hir) -> Self {
        let is_nothing = part.properties().maximum_len() == Some(0);
        if is_nothing { self } else { Self::Later }
    }
}

/// The beginnings of `pattern`.
fn begin(pattern: &Hir, place: Place) -> Hir {
    match pattern.kind() {
        HirKind::Empty => Hir::fail(),
        // A byte of it is still to come, or what it looks at is.
        HirKind::Class(_) | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(literal) => begin_literal(&literal.0),
        HirKind::Capture(capture) => begin(&capture.sub, place),
        HirKind::Alternation(choices) => {
            Hir::alternation(choices.iter().map(|choice| begin(choice, place)).collect())
        }
        HirKind::Concat(parts) => begin_all(parts, place),
        HirKind::Repetition(repetition) => begin_again(repetition, place),
    }
}

/// Halves and not one after the other: a chain would be as deep as the pattern is long.
fn begin_literal(bytes: &[u8]) -> Hir {
    if bytes.len() < 2 {
        return Hir::empty();
    }
    let (left, right) = bytes.split_at(bytes.len() / 2);
    let further = Hir::concat(vec![Hir::literal(left), begin_literal(right)]);
    Hir::alternation(vec![begin_literal(left), further])
}

fn begin_all(parts: &[Hir], place: Place) -> Hir {
    match parts {
        [] => Hir::fail(),
        [part] => begin(part, place),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            let (whole, later) = all_without_looks(left, place);
            let further = Hir::concat(vec![whole, begin_all(right, later)]);
            Hir::alternation(vec![begin_all(left, place), further])
        }
    }
}

fn begin_again(repetition: &Repetition, place: Place) -> Hir {
    let sub = &repetition.sub;
    let before = match repetition.max {
        Some(0) => return Hir::fail(),
        Some(1) => return begin(sub, place),
        Some(max) => Some(max - 1),
        None => None,
    };
    let whole = Repetition {
        min: 0,
        max: before,
        greedy: true,
        sub: Box::new(without_looks(sub, Place::Later)),
    };
    // The first round may be where the pattern begins; it has its look then, which is dropped.
    Hir::concat(vec![Hir::repetition(whole), begin(sub, Place::Later)])
}

/// `pattern` as it must stand whole before a beginning.
fn without_looks(pattern: &Hir, place: Place) -> Hir {
    match pattern.kind() {
        HirKind::Look(look) if place == Place::First && is_of_bytes(*look) => pattern.clone(),
        HirKind::Look(_) => Hir::empty(),
        HirKind::Capture(capture) => without_looks(&capture.sub, place),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(without_looks(&repetition.sub, Place::Later)),
            ..repetition.clone()
        }),
        HirKind::Concat(parts) => all_without_looks(parts, place).0,
        HirKind::Alternation(choices) => Hir::alternation(
            choices
                .iter()
                .map(|choice| without_looks(choice, place))
                .collect(),
        ),
        HirKind::Empty | HirKind::Class(_) | HirKind::Literal(_) => pattern.clone(),
    }
}

fn all_without_looks(parts: &[Hir], mut place: Place) -> (Hir, Place) {
    let mut whole = Vec::with_capacity(parts.len());
    for part in parts {
        whole.push(without_looks(part, place));
        place = place.after(part);
    }
    (Hir::concat(whole), place)
}

/// Looks that such an automaton can take: at bytes, not at characters.
fn is_of_bytes(look: Look) -> bool {
    matches!(
        look,
        Look::Start
            | Look::StartLF
            | Look::StartCRLF
            | Look::WordAscii
            | Look::WordStartAscii
            | Look::WordStartHalfAscii
    )
}

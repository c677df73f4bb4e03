//! The contract between the scan and what it looks for.

use std::fmt;
use std::ops::Range;

use super::patterns::Ahead;
use super::view::View;

/// The number of a rule in its set.
pub(crate) type RuleNumber = u16;

/// A kind of thing to look for, built once per rule set from the rows that belong to it.
///
/// # Invariants
/// - A look is a function of the text alone, from `KEPT_CONTEXT` bytes before the trigger on
///   (further back only as far as [`Family::tail`] or an open look has asked for), and never of
///   other findings. So looks may be taken in any order, and again.
/// - On a text that is not complete, a look says found or nothing only if every continuation of
///   the text gives the same answer; otherwise it calls [`Looks::open`].
/// - What a look reads before it is sure is bounded, or read through [`View::run_end`], which
///   walks no run twice.
pub(crate) trait Family: fmt::Debug + Send + Sync {
    /// Where looks are worth while.
    fn triggers(&self) -> Vec<Trigger>;

    /// Looks at a place where the trigger with this `payload` stands: `at` is its first byte.
    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks);

    /// For families whose findings may begin before their trigger: the first byte of the end of
    /// an incomplete text that could belong to a finding whose trigger has not come yet.
    fn tail(&self, _view: &mut View<'_>) -> Option<usize> {
        None
    }

    /// Whether it reads all of a text by [`Family::sweep`], beside looks at triggers.
    fn sweeps(&self) -> bool {
        false
    }

    /// Whether characters beyond ASCII mean different things to it. If not, blanks and marks of
    /// other scripts are ASCII to it.
    fn reads_all_letters(&self) -> bool {
        false
    }

    /// Reads the text from `place` on, and moves it. It says open with where it wants to go on,
    /// and what it might replace.
    fn sweep(
        &self,
        _place: &mut SweepPlace,
        _text: &str,
        _view: &mut View<'_>,
        _looks: &mut Looks,
    ) {
    }
}

/// How far a family that sweeps has come in a text. Begin each text with the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SweepPlace {
    /// What is before it is decided.
    pub(crate) from: usize,
    /// A later place, whatever the family means by it.
    pub(crate) later: usize,
    /// Whatever the family means by it.
    pub(crate) flag: bool,
    /// How far single patterns have come beyond `from`.
    pub(crate) ahead: Option<Box<Ahead>>,
}

impl SweepPlace {
    /// Forgets the first `gone` bytes of the text: they have been let go.
    pub(crate) fn shift(&mut self, gone: usize) {
        self.from = self.from.saturating_sub(gone);
        self.later = self.later.saturating_sub(gone);
    }
}

/// Bytes before a trigger that are still there when a stream's text goes on.
pub(crate) const KEPT_CONTEXT: usize = 8;

/// Something to stop at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trigger {
    /// What it looks like.
    pub(crate) what: TriggerText,
    /// Whatever the family wants to be told with it.
    pub(crate) payload: u16,
    /// Whether a finding can begin within the trigger itself. If so, the end of a chunk that is
    /// the beginning of such a trigger is held back; if not, it is let go and only remembered.
    ///
    /// A literal that begins with a letter or digit is never held within a word
    /// ([`stands_free`](super::edge::stands_free)); what the family finds there must begin behind
    /// the literal, or be nothing.
    pub(crate) is_replaced: bool,
}

/// The text of a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TriggerText {
    /// These ASCII bytes, 2 to 24 of them.
    Exact(Box<str>),
    /// These ASCII bytes in any letter case, 2 to 24 of them; written in lower case.
    AnyCase(Box<str>),
    /// `@`
    At,
    /// A digit with no ASCII letter, digit or `_` before it, or one that follows such an escape
    /// as `\n`, after which five more digits, ` `, `.`, `-`, `/`, `(` or `)` stand. Most numbers
    /// in texts are shorter, and nobody's.
    LongNumber,
    /// A [`TriggerText::LongNumber`] that begins with one to three digits, a dot and a digit.
    DottedNumber,
    /// A [`TriggerText::LongNumber`] after a `+`, or one that begins with `00`.
    DialledNumber,
    /// A digit with as little before it, which begins a group of two hexadecimal digits with a
    /// `-` or of four with a `.`, as hardware addresses have them. That stands after the group,
    /// or before it after an earlier group that begins with a letter.
    HexGroup,
    /// A hexadecimal digit after which a `:` and a hexadecimal digit or another `:` stand within
    /// four digits, with no ASCII letter, digit or `:` before it; or `::` with no ASCII letter,
    /// digit, `_` or `:` before it (for addresses).
    HexColon,
    /// Two capital ASCII letters and two digits, with no ASCII letter, digit or `_` before them.
    CapitalsDigits,
}

/// What a look found.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// Findings, each with the bytes that are to be replaced.
    pub(crate) found: Vec<(RuleNumber, Range<usize>)>,
    /// Set if the look cannot say before more text has come.
    pub(crate) open: Option<Open>,
    /// Set if nothing can be known about the text: it must not go on.
    pub(crate) gave_up: bool,
}

/// A look that must be taken again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    /// The first byte that the next look will read.
    pub(crate) needs: usize,
    /// The first byte that it might replace: from here on nothing may be let go.
    pub(crate) holds: usize,
}

impl Looks {
    #[inline]
    pub(crate) fn found(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.found.push((rule, range));
    }

    /// Counts all places from so many bytes earlier on.
    pub(crate) fn move_by(&mut self, by: usize) {
        for (_, range) in &mut self.found {
            *range = range.start + by..range.end + by;
        }
        if let Some(open) = &mut self.open {
            (open.needs, open.holds) = (open.needs + by, open.holds + by);
        }
    }

    /// Says that this look must be taken again when more text has come, in addition to whatever
    /// it may have found already.
    #[inline]
    pub(crate) fn open(&mut self, needs: usize, holds: usize) {
        let next = Open { needs, holds };
        self.open = Some(self.open.map_or(next, |open| Open {
            needs: open.needs.min(next.needs),
            holds: open.holds.min(next.holds),
        }));
    }
}

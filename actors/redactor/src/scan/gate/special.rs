//! Triggers that are no literals: `@`, beginnings of numbers, of addresses, of codes.
//!
//! Owns: what each of them is, byte by byte. The vector search only guesses at them.

use super::super::classes::{ALNUM, ByteSet, DIGIT, WORD};
use super::super::family::TriggerText;
#[cfg(target_arch = "x86_64")]
use super::Search;

/// A trigger that is no literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    At,
    Number,
    LongNumber,
    HexColon,
    CapitalsDigits,
}

/// Whether a trigger stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    No,
    /// The text ends before anybody can say.
    Open,
    /// It does, and ends here.
    Until(usize),
}

/// All of them.
pub(super) const SPECIALS: [Special; 5] = [
    Special::At,
    Special::Number,
    Special::LongNumber,
    Special::HexColon,
    Special::CapitalsDigits,
];

/// The most bytes of one.
pub(super) const LONGEST_SPECIAL: usize = 6;

/// Digits, and what stands between digits of one number.
const NUMBER_RUN: ByteSet = DIGIT.or(ByteSet::of(b" .()-/"));
/// Letters of escapes after which something new begins.
const ESCAPES: ByteSet = ByteSet::of(b"bfnrtv");
const CAPITAL: ByteSet = ByteSet::range(b'A', b'Z');
const HEX: ByteSet = DIGIT
    .or(ByteSet::range(b'a', b'f'))
    .or(ByteSet::range(b'A', b'F'));

impl Special {
    pub(super) fn of(what: &TriggerText) -> Option<Self> {
        match what {
            TriggerText::Exact(_) | TriggerText::AnyCase(_) => None,
            TriggerText::At => Some(Self::At),
            TriggerText::Number => Some(Self::Number),
            TriggerText::LongNumber => Some(Self::LongNumber),
            TriggerText::HexColon => Some(Self::HexColon),
            TriggerText::CapitalsDigits => Some(Self::CapitalsDigits),
        }
    }

    /// Bytes that it can begin with.
    pub(super) fn begins_with(self, byte: u8) -> bool {
        match self {
            Self::At => byte == b'@',
            Self::Number | Self::LongNumber => DIGIT.has(byte),
            Self::HexColon => HEX.has(byte) || byte == b':',
            Self::CapitalsDigits => CAPITAL.has(byte),
        }
    }

    pub(super) fn judge(self, text: &[u8], at: usize) -> Verdict {
        match self {
            Self::At if text.get(at) == Some(&b'@') => Verdict::Until(at + 1),
            Self::At => Verdict::No,
            Self::Number => number(text, at, &LONG[..1]),
            Self::LongNumber => number(text, at, &LONG),
            Self::HexColon => hex_colon(text, at),
            Self::CapitalsDigits => capitals_digits(text, at),
        }
    }
}

/// For the vector search, whose guesses are many where there are many numbers.
#[cfg(target_arch = "x86_64")]
impl Search<'_, '_> {
    /// As [`Search::special`], but asks a byte only for what it may begin, and what stands before
    /// a number only once.
    #[inline]
    pub(super) fn special_by_byte(&mut self, at: usize) {
        match self.text.get(at) {
            Some(b'0'..=b'9') if is_alone(self.text, at) => {
                self.report(Special::Number, at, Verdict::Until(at + 1));
                let is_long = all(self.text, at, &LONG);
                self.report(Special::LongNumber, at, is_long);
            }
            Some(b'A'..=b'Z') => {
                let verdict = capitals_digits(self.text, at);
                self.report(Special::CapitalsDigits, at, verdict);
            }
            Some(b'@') => return self.report(Special::At, at, Verdict::Until(at + 1)),
            _ => {}
        }
        self.report(Special::HexColon, at, hex_colon(self.text, at));
    }

    #[inline]
    fn report(&mut self, special: Special, at: usize, verdict: Verdict) {
        if let Verdict::Until(end) = verdict
            && end > self.seen
            && let Some(wanted) = self.gate.specials.get(special as usize)
        {
            for asker in &wanted.askers {
                (self.found)(at, *asker);
            }
        }
    }
}

fn number(text: &[u8], at: usize, bytes: &[ByteSet]) -> Verdict {
    if !is_alone(text, at) {
        return Verdict::No;
    }
    all(text, at, bytes)
}

/// The bytes of a long number.
const LONG: [ByteSet; LONGEST_SPECIAL] = [
    DIGIT, NUMBER_RUN, NUMBER_RUN, NUMBER_RUN, NUMBER_RUN, NUMBER_RUN,
];

/// No part of a word stands before it, or the end of an escape such as `\n`.
fn is_alone(text: &[u8], at: usize) -> bool {
    let back = |count| text.get(at.checked_sub(count)?).copied();
    match back(1) {
        Some(byte) if WORD.has(byte) => ESCAPES.has(byte) && back(2) == Some(b'\\'),
        _ => true,
    }
}

fn hex_colon(text: &[u8], at: usize) -> Verdict {
    if text.get(at) == Some(&b':') {
        return all(text, at, &[COLON, COLON]);
    }
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    let joins = |byte: &u8| *byte == b':' || ALNUM.has(*byte) && !is_alone(text, at);
    if before.is_some_and(joins) {
        return Verdict::No;
    }
    for digits in 0..=4 {
        match text.get(at + digits) {
            None => return Verdict::Open,
            Some(b':') if digits > 0 => return Verdict::Until(at + digits + 1),
            Some(byte) if HEX.has(*byte) => {}
            Some(_) => return Verdict::No,
        }
    }
    Verdict::No
}

const COLON: ByteSet = ByteSet::of(b":");

fn capitals_digits(text: &[u8], at: usize) -> Verdict {
    if !is_alone(text, at) {
        return Verdict::No;
    }
    all(text, at, &[CAPITAL, CAPITAL, DIGIT, DIGIT])
}

fn all(text: &[u8], at: usize, sets: &[ByteSet]) -> Verdict {
    for (offset, set) in sets.iter().enumerate() {
        match text.get(at + offset) {
            None => return Verdict::Open,
            Some(byte) if set.has(*byte) => {}
            Some(_) => return Verdict::No,
        }
    }
    Verdict::Until(at + sets.len())
}

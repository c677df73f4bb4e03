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
    LongNumber,
    DottedNumber,
    DialledNumber,
    HexGroup,
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
pub(super) const SPECIALS: [Special; 7] = [
    Special::At,
    Special::LongNumber,
    Special::DottedNumber,
    Special::DialledNumber,
    Special::HexGroup,
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
const HEX_LETTER: ByteSet = ByteSet::range(b'a', b'f').or(ByteSet::range(b'A', b'F'));
const HEX: ByteSet = DIGIT.or(HEX_LETTER);

impl Special {
    pub(super) fn of(what: &TriggerText) -> Option<Self> {
        match what {
            TriggerText::Exact(_) | TriggerText::AnyCase(_) => None,
            TriggerText::At => Some(Self::At),
            TriggerText::LongNumber => Some(Self::LongNumber),
            TriggerText::DottedNumber => Some(Self::DottedNumber),
            TriggerText::DialledNumber => Some(Self::DialledNumber),
            TriggerText::HexGroup => Some(Self::HexGroup),
            TriggerText::HexColon => Some(Self::HexColon),
            TriggerText::CapitalsDigits => Some(Self::CapitalsDigits),
        }
    }

    /// Bytes that it can begin with.
    pub(super) fn begins_with(self, byte: u8) -> bool {
        match self {
            Self::At => byte == b'@',
            Self::LongNumber | Self::DottedNumber | Self::DialledNumber | Self::HexGroup => {
                DIGIT.has(byte)
            }
            Self::HexColon => HEX.has(byte) || byte == b':',
            Self::CapitalsDigits => CAPITAL.has(byte),
        }
    }

    pub(super) fn judge(self, text: &[u8], at: usize) -> Verdict {
        match self {
            Self::At if text.get(at) == Some(&b'@') => Verdict::Until(at + 1),
            Self::At => Verdict::No,
            Self::LongNumber => long_number(text, at, |_, _| true),
            Self::DottedNumber => long_number(text, at, is_dotted),
            Self::DialledNumber => long_number(text, at, is_dialled),
            Self::HexGroup => hex_group(text, at),
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
                self.report(Special::HexGroup, at, group_of_any_size(self.text, at));
                self.long_number(at);
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
    fn long_number(&mut self, at: usize) {
        let is_long = all(self.text, at, &LONG);
        if is_long == Verdict::No {
            return;
        }
        self.report(Special::LongNumber, at, is_long);
        if is_dotted(self.text, at) {
            self.report(Special::DottedNumber, at, is_long);
        }
        if is_dialled(self.text, at) {
            self.report(Special::DialledNumber, at, is_long);
        }
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

/// A long number of which something else is so; what is so must show in the bytes of [`LONG`].
fn long_number(text: &[u8], at: usize, is_so: fn(&[u8], usize) -> bool) -> Verdict {
    if !is_alone(text, at) {
        return Verdict::No;
    }
    match all(text, at, &LONG) {
        Verdict::Until(_) if !is_so(text, at) => Verdict::No,
        verdict => verdict,
    }
}

/// Whether one to three digits, a dot and a digit stand there, as in an address.
#[inline]
fn is_dotted(text: &[u8], at: usize) -> bool {
    let is = |offset: usize, set: ByteSet| text.get(at + offset).is_some_and(|byte| set.has(*byte));
    let ends_group = |digits: usize| is(digits, DOT) && is(digits + 1, DIGIT);
    ends_group(1) || is(1, DIGIT) && (ends_group(2) || is(2, DIGIT) && ends_group(3))
}

const DOT: ByteSet = ByteSet::of(b".");

/// Whether a `+` stands before, or two zeros there.
#[inline]
fn is_dialled(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    match text.get(at) {
        Some(b'0') => text.get(at + 1) == Some(&b'0'),
        _ => before == Some(&b'+'),
    }
}

fn hex_group(text: &[u8], at: usize) -> Verdict {
    match text.get(at) {
        Some(byte) if DIGIT.has(*byte) && is_alone(text, at) => group_of_any_size(text, at),
        _ => Verdict::No,
    }
}

#[inline]
fn group_of_any_size(text: &[u8], at: usize) -> Verdict {
    match (group(text, at, b'-', &TWO), group(text, at, b'.', &FOUR)) {
        (until @ Verdict::Until(_), _) | (_, until @ Verdict::Until(_)) => until,
        (Verdict::Open, _) | (_, Verdict::Open) => Verdict::Open,
        (Verdict::No, Verdict::No) => Verdict::No,
    }
}

const FOUR: [ByteSet; 4] = [HEX; 4];
const TWO: [ByteSet; 2] = [HEX; 2];

/// A group of hexadecimal digits with a separator after it, or between it and an earlier one,
/// which begins with a letter.
#[inline]
fn group(text: &[u8], at: usize, separator: u8, digits: &[ByteSet]) -> Verdict {
    let before = at.checked_sub(digits.len() + 1);
    let before = before.and_then(|from| text.get(from..at)?.split_last());
    let follows = at.checked_sub(1).and_then(|at| text.get(at)) == Some(&separator);
    if follows && !before.is_some_and(|(_, earlier)| begins_with_letter(earlier)) {
        return Verdict::No;
    }
    match all(text, at, digits) {
        Verdict::Until(end) if !follows => all(text, end, &[ByteSet::default().with(separator)]),
        verdict => verdict,
    }
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

fn begins_with_letter(group: &[u8]) -> bool {
    let is_letter = group.first().is_some_and(|byte| HEX_LETTER.has(*byte));
    is_letter && group.iter().all(|byte| HEX.has(*byte))
}

fn hex_colon(text: &[u8], at: usize) -> Verdict {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    if text.get(at) == Some(&b':') {
        return match before {
            Some(b':') => Verdict::No,
            _ if !is_alone(text, at) => Verdict::No,
            _ => all(text, at, &[COLON, COLON]),
        };
    }
    let joins = |byte: &u8| *byte == b':' || ALNUM.has(*byte) && !is_alone(text, at);
    if before.is_some_and(joins) {
        return Verdict::No;
    }
    for digits in 0..=4 {
        match text.get(at + digits) {
            None => return Verdict::Open,
            Some(b':') if digits > 0 => return all(text, at + digits, &[COLON, HEX.or(COLON)]),
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

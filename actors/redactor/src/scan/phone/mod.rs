//! The family of phone numbers.
//!
//! Owns: numbers with `+` or `00` and a country code, anywhere; numbers as they are written
//! within North America and in countries with a leading 0, after a context word.
//!
//! Never does: bare digits without a country code; extensions; service numbers of a few digits.
//!
//! Read next: `country` (which lengths a country has), `Digits` (how a number is read).

mod country;

use std::ops::Range;

use self::country::national_lengths;
use super::apart::{self, Side};
use super::classes::{ByteSet, Classes, DIGIT};
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::number::{WINDOW, spellings, word_trigger};
use super::view::View;
use crate::table::row::{How, Rule, Special};

/// The most digits of a number, country code included: ITU-T E.164 section 6.1.
const MOST_DIGITS: usize = 15;
/// The fewest digits, country code or leading 0 included.
const FEWEST_DIGITS: usize = 8;
/// The bytes of the trigger of a number, and what they are.
const LONG_TRIGGER: usize = 6;
const NUMBER_RUN: ByteSet = DIGIT.or(ByteSet::of(b" .()-/"));
/// The payload of a word; numbers have 0.
const AFTER_WORD: u16 = 1;

/// Words after which a number within a country is believed.
const WORDS: &[&str] = &[
    "phone", "mobile", "fax", "call", "cell", "dial", "whatsapp", "tel:", "tel.", "tel ", "tel\"",
    "telefon", "handy", "sms", "contact", "reach me", "text me",
];

/// See the module.
#[derive(Debug)]
struct Phones {
    rule: RuleNumber,
    words: Vec<String>,
}

/// The family of the row that is a phone number.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |row: &Rule| matches!(row.how, How::Special(Special::Phone));
    let (rule, _) = *rows.iter().find(|(_, row)| is_own(row))?;
    let words = WORDS.iter().flat_map(|word| spellings(word)).collect();
    Some(Box::new(Phones { rule, words }))
}

impl Family for Phones {
    fn triggers(&self) -> Vec<Trigger> {
        let number = Trigger {
            what: TriggerText::DialledNumber,
            payload: 0,
            is_replaced: true,
        };
        let words = self.words.iter().zip(AFTER_WORD..);
        let words = words.map(|(word, payload)| word_trigger(word, payload));
        std::iter::once(number).chain(words).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        match usize::from(payload).checked_sub(usize::from(AFTER_WORD)) {
            None => self.look_at_number(at, view, looks),
            Some(word) => {
                let length = self.words.get(word).map_or(0, String::len);
                self.look_after(at, length, view, looks);
            }
        }
    }

    /// A `+` near the end, after which the trigger is not whole yet.
    fn tail(&self, view: &mut View<'_>) -> Option<usize> {
        let first = view.text.len().saturating_sub(LONG_TRIGGER);
        let end = view.text.get(first..).unwrap_or_default();
        let sign = end.iter().rposition(|byte| *byte == b'+')?;
        let rest = end.get(sign + 1..).unwrap_or_default();
        let is_number = rest.iter().all(|byte| NUMBER_RUN.has(*byte));
        let is_begun = rest.first().is_none_or(u8::is_ascii_digit);
        (is_number && is_begun).then_some(first + sign)
    }
}

impl Phones {
    /// A number with `+` or `00`.
    #[inline]
    fn look_at_number(&self, at: usize, view: &View<'_>, looks: &mut Looks) {
        match (view.before(at), view.byte(at)) {
            (Some(b'+'), Some(b'1'..=b'9')) => self.international(at - 1, at, view, looks),
            (_, Some(b'0')) => match view.byte(at + 1) {
                Some(b'0') if apart::continues_groups(view, at) => {}
                Some(b'0') => self.international(at, at + 2, view, looks),
                None if !view.complete && begins(view, at) => looks.open(at, at),
                _ => {}
            },
            _ => {}
        }
    }

    /// The number that begins at `start` and has its country code at `code`.
    fn international(&self, start: usize, code: usize, view: &View<'_>, looks: &mut Looks) {
        if !begins(view, start) {
            return;
        }
        let digits = Digits::read(code, view);
        if digits.reaches_end && !view.complete {
            return looks.open(start, start);
        }
        let must_be_grouped = view.byte(start) == Some(b'0');
        for (end, count) in digits.ends().into_iter().rev() {
            let is_whole = end == digits.end;
            let is_split = digits.is_grouped_within(end) || !must_be_grouped;
            if is_split && is_international(digits.first(count)) && ends(view, end, is_whole) {
                return looks.found(self.rule, start..end);
            }
        }
    }

    /// Numbers of a country after the context word at `at`.
    fn look_after(&self, at: usize, length: usize, view: &View<'_>, looks: &mut Looks) {
        let from = at + length;
        let has_come = view.text.len();
        match apart::is_named(view, at, from) {
            Side::Joined => return,
            Side::Unknown => return looks.open(at, has_come),
            Side::Clear => {}
        }
        let mut begin = from;
        while begin < (from + WINDOW).min(has_come) {
            begin = self.national(at, begin, view, looks);
        }
        if has_come < from + WINDOW && !view.complete {
            looks.open(at, has_come);
        }
    }

    /// Looks for the number of a country that begins at `start`; where to look next.
    fn national(&self, word: usize, start: usize, view: &View<'_>, looks: &mut Looks) -> usize {
        let first = view.byte(start).unwrap_or_default();
        let bracket = usize::from(first == b'(');
        let is_digit = view
            .byte(start + bracket)
            .is_some_and(|byte| byte.is_ascii_digit());
        let is_cut = bracket == 1 && view.is_open_at(start + 1);
        if (!is_digit && !is_cut) || !begins(view, start) {
            return start + 1;
        }
        let digits = Digits::read(start, view);
        if digits.reaches_end && !view.complete {
            looks.open(word, start);
            return view.text.len();
        }
        for (end, count) in digits.ends().into_iter().rev() {
            let text = view.text.get(start..end).unwrap_or_default();
            let is_whole = end == digits.end;
            if is_national(digits.first(count), text) && ends(view, end, is_whole) {
                looks.found(self.rule, start..end);
                return end;
            }
        }
        start + 1
    }
}

/// Whether a number can begin here: not in a sum, a time, a decimal or a longer number.
fn begins(view: &View<'_>, start: usize) -> bool {
    let has_sign = view.byte(start) == Some(b'+');
    let closes = match view.before(start) {
        // The fields of a table: `7,+49 30 ...`.
        Some(b',') => !has_sign,
        before => matches!(before, Some(b')' | b']' | b':' | b'+')),
    };
    let further = || start.checked_sub(1).and_then(|at| view.before(at));
    let after_digit = closes && further().is_some_and(|byte| byte.is_ascii_digit());
    let is_sum = matches!(view.before(start), Some(b')' | b']' | b'+'));
    !after_digit && !is_sum && apart::begins_number(view, start)
}

/// Whether a number may end before `end`, where its digits do or, if not, a space follows.
fn ends(view: &View<'_>, end: usize, is_whole: bool) -> bool {
    let next = view.byte(end);
    let joins = next == Some(b':') && view.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit());
    let is_free = is_whole || next == Some(b' ');
    is_free && !joins && apart::ends_number(view, end) == Side::Clear
}

fn is_international(digits: &[u8]) -> bool {
    let Some((lengths, national)) = national_lengths(digits) else {
        return false;
    };
    let is_one_digit = national.iter().all(|digit| Some(digit) == national.first());
    // +1: area code and exchange begin with 2 to 9 (NANP).
    let is_american = digits.first() == Some(&b'1');
    let is_american_form = || matches!(national, [b'2'..=b'9', _, _, b'2'..=b'9', ..]);
    lengths.contains(&national.len()) && !is_one_digit && (!is_american || is_american_form())
}

/// Whether digits, written like this, are a number within North America or after a leading 0.
fn is_national(digits: &[u8], text: &[u8]) -> bool {
    let mut groups = text
        .split(|byte| !byte.is_ascii_digit())
        .filter(|group| !group.is_empty());
    let mut sizes = [0; 6];
    for (size, group) in sizes.iter_mut().zip(groups.by_ref()) {
        *size = group.len();
    }
    let is_american = matches!(
        (sizes, digits),
        ([3, 3, 4, 0, ..], [b'2'..=b'9', _, _, b'2'..=b'9', ..])
            | (
                [1, 3, 3, 4, 0, ..],
                [b'1', b'2'..=b'9', _, _, b'2'..=b'9', ..]
            )
    );
    let is_led_by_zero = digits.starts_with(b"0")
        && !digits.starts_with(b"00")
        && (9..=12).contains(&digits.len())
        && (2..=5).contains(&sizes[0])
        && sizes[1] > 0
        && !is_day(&sizes)
        && groups.next().is_none();
    is_american || is_led_by_zero
}

/// Whether groups of these sizes begin as a day, month and year do.
fn is_day(sizes: &[usize]) -> bool {
    sizes.starts_with(&[2, 2, 4])
}

/// Digits in groups, as far as a phone number goes.
#[derive(Debug)]
struct Digits {
    digits: [u8; MOST_DIGITS + 1],
    /// Where each digit ends.
    places: [usize; MOST_DIGITS + 1],
    count: usize,
    /// Where the last digit ends.
    end: usize,
    /// Whether the text ended before the number did.
    reaches_end: bool,
}

impl Digits {
    /// Reads from `start` on until something comes that no number has, or one digit too many.
    fn read(start: usize, view: &View<'_>) -> Self {
        let mut digits = Self {
            digits: [0; MOST_DIGITS + 1],
            places: [0; MOST_DIGITS + 1],
            count: 0,
            end: start,
            reaches_end: false,
        };
        let mut at = start;
        let mut between = 0;
        while digits.count <= MOST_DIGITS {
            let Some(byte) = view.byte(at) else {
                digits.reaches_end = true;
                return digits;
            };
            if let Some(length) = trunk_prefix(view, at) {
                at += length;
                continue;
            }
            at += 1;
            match byte {
                b'0'..=b'9' => {
                    between = 0;
                    digits.push(byte, at);
                }
                b' ' | b'-' | b'.' | b'(' | b')' | b'/' if between < 2 => between += 1,
                _ => break,
            }
        }
        // The number's right side is judged by two bytes after it.
        digits.reaches_end = view.is_open_at(digits.end + 1);
        digits
    }

    fn push(&mut self, digit: u8, end: usize) {
        if let Some((place, at)) = self
            .digits
            .get_mut(self.count)
            .zip(self.places.get_mut(self.count))
        {
            (*place, *at) = (digit, end);
        }
        self.count += 1;
        self.end = end;
    }

    fn first(&self, count: usize) -> &[u8] {
        self.digits.get(..count).unwrap_or_default()
    }

    /// Ends of groups, with the digits up to there; none if there are too few digits.
    fn ends(&self) -> Vec<(usize, usize)> {
        if self.count < FEWEST_DIGITS {
            return Vec::new();
        }
        let places = self.places.get(..self.count).unwrap_or_default();
        let ends_group = |(at, place): &(usize, &usize)| places.get(at + 1) != Some(&(*place + 1));
        let groups = places.iter().enumerate().filter(ends_group);
        groups.map(|(at, place)| (*place, at + 1)).collect()
    }

    fn is_grouped_within(&self, end: usize) -> bool {
        self.ends().first().is_some_and(|(first, _)| *first < end)
    }
}

/// The length of `(0)`, the 0 that is dialled only within the country.
fn trunk_prefix(view: &View<'_>, at: usize) -> Option<usize> {
    let range: Range<usize> = at..at + 3;
    (view.text.get(range) == Some(b"(0)")).then_some(3)
}

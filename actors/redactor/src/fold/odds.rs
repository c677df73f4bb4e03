//! Which characters of a text count as what they look like.
//!
//! Owns that choice. It depends on what stands before a character, and for letters of other
//! scripts on what follows, so that prose in those scripts is left alone: a Cyrillic letter counts
//! only in a word that has ASCII, a joiner only behind ASCII. And it depends on nothing else, so
//! it is the same wherever a text is cut.
//!
//! Called by: `fold/mod.rs`, and the readings of a stream (`readings.rs`).

use super::looks::{Look, look};
use crate::scan::gate::beyond;
use crate::scan::gate::beyond::Marks;

/// Letters of other scripts count if so many bytes of them at most stand before ASCII.
pub(crate) const LONGEST: usize = 48;

/// What stands before a place, to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Left {
    /// Nothing, or a character beyond ASCII that is none of those below.
    #[default]
    Other,
    /// A blank or a control character.
    Blank,
    /// Another ASCII character.
    Sign,
    /// An ASCII letter or `_`.
    Letter,
    /// An ASCII digit.
    Digit,
    /// A Latin letter beyond ASCII.
    Latin,
    /// A letter of a script that has letters like ASCII, which counts as itself.
    Script,
}

/// A character that counts as what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Odd {
    pub(crate) at: usize,
    pub(crate) length: usize,
    /// What it counts as; nothing if nobody sees it.
    pub(crate) becomes: Option<u8>,
    /// Whether it counts as that in both readings, and not only in the far one.
    pub(crate) is_near: bool,
}

/// Finds them, in order. A letter that ends the text counts as itself if what follows decides:
/// see [`undecided`].
#[derive(Debug)]
pub(crate) struct Odds<'t> {
    text: &'t str,
    /// Whether characters beyond ASCII mean something to a rule.
    wide: bool,
    /// Where the next character is looked for.
    at: usize,
    /// What stands before `known`.
    left: Left,
    known: usize,
    marks: Marks,
    /// The number of `marks` that is looked at, what is left of it, and its first place.
    number: usize,
    marked: u64,
    start: usize,
}

impl<'t> Odds<'t> {
    pub(crate) fn new(text: &'t str, before: Left, wide: bool) -> Self {
        let marks = beyond(text.as_bytes(), 0);
        let [marked, ..] = marks;
        Self {
            text,
            wide,
            at: 0,
            left: before,
            known: 0,
            marks,
            number: 0,
            marked,
            start: 0,
        }
    }

    /// What stands before the text that comes next, once all are found.
    pub(crate) fn left(&self) -> Left {
        left_of(self.text.get(self.known..).unwrap_or_default(), self.left)
    }

    /// The next character that may be one.
    #[inline(always)]
    fn candidate(&mut self) -> Option<usize> {
        // Behind what counts as a letter, letters of other scripts do.
        let goes_on = self.known == self.at && self.left.is_word();
        if goes_on
            && self
                .text
                .as_bytes()
                .get(self.at)
                .is_some_and(|byte| !byte.is_ascii())
        {
            return Some(self.at);
        }
        loop {
            while self.marked == 0 {
                self.next_marks()?;
            }
            let at = self.start + self.marked.trailing_zeros() as usize;
            self.marked &= self.marked - 1;
            if at >= self.at {
                return Some(at);
            }
        }
    }

    /// Goes on to the next number of marks; nothing if the text ends.
    #[inline(always)]
    fn next_marks(&mut self) -> Option<()> {
        let start = self.start + u64::BITS as usize;
        if start >= self.text.len() {
            return None;
        }
        self.start = start;
        self.number += 1;
        if self.number == self.marks.len() {
            self.marks = beyond(self.text.as_bytes(), start);
            self.number = 0;
        }
        self.marked = self.marks.get(self.number).copied().unwrap_or_default();
        Some(())
    }

    /// The same that [`Self::judge`] says, for the blanks and marks that prose is full of, with
    /// hardly a jump; nothing for all others.
    #[inline(always)]
    fn frequent(&mut self, at: usize) -> Option<Odd> {
        let bytes = self.text.as_bytes();
        let [before, first, second, third] = *bytes.get(at.checked_sub(1)?..)?.first_chunk()?;
        let two = u32::from_be_bytes([0, 0, first, second]);
        let three = two << 8 | u32::from(third);
        let is_blank = (two == 0xc2_a0) | (three == 0xe2_80_af) | (three == 0xe3_80_80);
        // Two rows of 64 characters, of which the first is no mark.
        let sign = (three >> 2 & 0x40 | three & 0x3f) + u32::from(b' ');
        let is_wide = three & 0xff_fe_00 == 0xef_bc_00;
        let ascii = u8::try_from(if is_blank { u32::from(b' ') } else { sign }).ok()?;
        let is_near = is_wide & is_always_near(ascii)
            | is_blank & before.is_ascii() & !before.is_ascii_digit() & (at > self.known);
        if !is_near {
            return None;
        }
        let length = 2 + usize::from(first >= 0xe0);
        self.left = Left::of(ascii);
        self.at = at + length;
        self.known = self.at;
        Some(Odd {
            at,
            length,
            becomes: Some(ascii),
            is_near: !self.wide,
        })
    }

    /// What is at a place that is marked.
    #[inline(never)]
    fn rare(&mut self, at: usize) -> Option<Odd> {
        let letter = self.text.get(at..)?.chars().next()?;
        let odd = self.judge(at, letter);
        self.at = at + letter.len_utf8();
        self.known = self.at;
        odd
    }

    fn judge(&mut self, at: usize, letter: char) -> Option<Odd> {
        let look = look(letter);
        self.move_to(at);
        let becomes = match look {
            Look::Nothing if self.wide || self.left.is_near_ascii() => None,
            Look::RareNothing if self.left.is_word() => None,
            Look::Ascii(ascii) => Some(ascii),
            Look::Alike(ascii) if self.is_in_ascii(at) => Some(ascii),
            _ => {
                self.left = left_behind(look).unwrap_or(self.left);
                return None;
            }
        };
        let is_near = becomes.is_some_and(|ascii| !self.wide && self.left.is_near(ascii));
        self.left = becomes.map_or(self.left, Left::of);
        Some(Odd {
            at,
            length: letter.len_utf8(),
            becomes,
            is_near,
        })
    }

    /// Learns what stands before this place.
    fn move_to(&mut self, at: usize) {
        let passed = self.text.get(self.known..at).unwrap_or_default();
        self.left = left_of(passed, self.left);
        self.known = at;
    }

    /// Whether a letter of another script stands in a word that has ASCII.
    fn is_in_ascii(&self, at: usize) -> bool {
        if self.left.is_word() || self.left.is_letter() {
            return self.left.is_word();
        }
        let rest = self.text.get(at..).unwrap_or_default();
        let mut length = 0;
        for letter in rest.chars() {
            if !matches!(look(letter), Look::Alike(_)) || length > LONGEST {
                let is_word = letter.is_ascii() && Left::of(letter as u8).is_word();
                return is_word && length <= LONGEST;
            }
            length += letter.len_utf8();
        }
        false
    }
}

impl Iterator for Odds<'_> {
    type Item = Odd;

    #[inline(always)]
    fn next(&mut self) -> Option<Odd> {
        loop {
            let at = self.candidate()?;
            if let odd @ Some(_) = self.frequent(at).or_else(|| self.rare(at)) {
                return odd;
            }
        }
    }
}

impl Left {
    /// What an ASCII character is to what follows it.
    #[inline]
    pub(crate) fn of(ascii: u8) -> Self {
        match ascii {
            b'0'..=b'9' => Self::Digit,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Self::Letter,
            b'!'..=b'~' => Self::Sign,
            _ => Self::Blank,
        }
    }

    /// What stands before that which follows this text.
    pub(crate) fn behind(self, text: &str) -> Self {
        left_of(text, self)
    }

    fn is_word(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }

    /// Whether it is a letter of a word that is not ASCII.
    fn is_letter(self) -> bool {
        matches!(self, Self::Latin | Self::Script)
    }

    fn is_near_ascii(self) -> bool {
        !matches!(self, Self::Other | Self::Script)
    }

    /// Whether what looks like this sign is read as it in both readings: no number goes on behind
    /// it, no secret ends before it that would not end before the sign itself.
    fn is_near(self, ascii: u8) -> bool {
        match ascii {
            _ if is_always_near(ascii) => true,
            b' ' => self != Self::Digit,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => false,
            _ => !(self.is_word() || self == Self::Sign),
        }
    }
}

/// Where the end of a text begins of which what follows decides whether it counts as ASCII; the
/// length of the text if all is decided.
pub(crate) fn undecided(text: &str, before: Left) -> usize {
    let length = text.len();
    let last = text.as_bytes().get(length.saturating_sub(2));
    if !last.is_some_and(|first| (0xcd..=0xd6).contains(first)) {
        return length;
    }
    let letters = text.char_indices().rev();
    let alike = letters.take_while(|(_, letter)| matches!(look(*letter), Look::Alike(_)));
    let start = alike.take(LONGEST).last().map_or(length, |(at, _)| at);
    let left = left_of(text.get(..start).unwrap_or_default(), before);
    match length - start > LONGEST || left.is_word() || left.is_letter() {
        true => length,
        false => start,
    }
}

/// Whether what looks like this sign is read as it, whatever stands before it.
#[inline]
fn is_always_near(ascii: u8) -> bool {
    const ALL: u128 = bits(b",;:!?()[]{}");
    ALL >> (ascii & 0x7f) & 1 == 1
}

/// A bit for each of these characters.
const fn bits(mut signs: &[u8]) -> u128 {
    let mut bits = 0;
    while let [sign, rest @ ..] = signs {
        bits |= 1 << *sign;
        signs = rest;
    }
    bits
}

/// What stands before that which follows this text, if no letter of another script at its end
/// counts as ASCII.
fn left_of(text: &str, before: Left) -> Left {
    if let Some(last) = text.as_bytes().last()
        && last.is_ascii()
    {
        return Left::of(*last);
    }
    let mut behind = text.chars().rev().map(|letter| match letter.is_ascii() {
        true => Some(Left::of(letter as u8)),
        false => left_behind(look(letter)),
    });
    behind.find_map(|left| left).unwrap_or(before)
}

/// What such a character is to what follows it; nothing if nobody sees it.
fn left_behind(look: Look) -> Option<Left> {
    match look {
        Look::Nothing | Look::RareNothing => None,
        Look::Ascii(ascii) => Some(Left::of(ascii)),
        Look::Alike(_) | Look::Script => Some(Left::Script),
        Look::Latin => Some(Left::Latin),
        Look::Itself => Some(Left::Other),
    }
}

#[cfg(test)]
#[path = "odds_tests.rs"]
mod tests;

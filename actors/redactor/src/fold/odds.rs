//! Which characters of a text count as what they look like.
//!
//! Owns that choice. It depends on what stands before a character, and for letters of other
//! scripts on what follows, so that prose in those scripts is left alone: a Cyrillic letter counts
//! only in a word that has ASCII, a joiner only behind ASCII. And it depends on nothing else, so
//! it is the same wherever a text is cut.
//!
//! Called by: `fold/mod.rs`, and the readings of a stream (`readings.rs`).

use memchr::memchr3;

use super::looks::{Look, look};

/// Letters of other scripts count if so many bytes of them at most stand before ASCII.
pub(crate) const LONGEST: usize = 48;

/// So many bytes are looked at for a reason to look at each character.
const BLOCK: usize = 512;

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
    before: Left,
    /// Whether characters beyond ASCII mean something to a rule.
    wide: bool,
    at: usize,
    /// What stands before `known`.
    left: Left,
    known: usize,
    /// Where the block ends that `at` is in, and whether to look at each of its characters.
    block: usize,
    is_busy: bool,
}

impl<'t> Odds<'t> {
    pub(crate) fn new(text: &'t str, before: Left, wide: bool) -> Self {
        Self {
            text,
            before,
            wide,
            at: 0,
            left: before,
            known: 0,
            block: 0,
            is_busy: false,
        }
    }

    /// What stands before the text that comes next, once all are found.
    pub(crate) fn left(&self) -> Left {
        left_of(self.text.get(self.known..).unwrap_or_default(), self.left)
    }

    /// The next character that may be one.
    fn candidate(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let goes_on = self.known == self.at && (self.is_busy || self.left.is_word());
        if goes_on && bytes.get(self.at).is_some_and(|byte| !byte.is_ascii()) {
            return Some(self.at);
        }
        loop {
            let rest = bytes.get(self.at..self.block).unwrap_or_default();
            let found = match self.is_busy {
                true => rest.iter().position(|byte| !byte.is_ascii()),
                false => memchr3(0xc2, 0xe2, 0xef, rest),
            };
            if let Some(found) = found {
                self.move_to(self.at + found);
                return Some(self.at);
            }
            self.at = self.at.max(self.block);
            if self.at == bytes.len() {
                return None;
            }
            self.next_block();
        }
    }

    fn move_to(&mut self, at: usize) {
        let passed = self.text.get(self.known..at).unwrap_or_default();
        self.left = left_of(passed, self.left);
        (self.at, self.known) = (at, at);
    }

    /// A block ends before ASCII: no word is in two of them.
    fn next_block(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.block;
        let least = (start + BLOCK).min(bytes.len());
        let rest = bytes.get(least..).unwrap_or_default();
        let more = rest.iter().position(u8::is_ascii);
        self.block = more.map_or(bytes.len(), |more| least + more);
        let block = bytes.get(start..self.block).unwrap_or_default();
        self.is_busy = !block.is_ascii() && is_busy(bytes, start, self.block, self.before);
    }

    fn judge(&mut self, at: usize, letter: char) -> Option<Odd> {
        let look = look(letter);
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
        let length = letter.len_utf8();
        Some(Odd {
            at,
            length,
            becomes,
            is_near,
        })
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

    fn next(&mut self) -> Option<Odd> {
        loop {
            let at = self.candidate()?;
            let letter = self.text.get(at..)?.chars().next()?;
            let odd = self.judge(at, letter);
            self.at = at + letter.len_utf8();
            self.known = self.at;
            if odd.is_some() {
                return odd;
            }
        }
    }
}

impl Left {
    /// What an ASCII character is to what follows it.
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
            b' ' => self != Self::Digit,
            b',' | b';' | b':' | b'!' | b'?' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => true,
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

/// Whether in this block there may be a character that counts as ASCII and does not begin with
/// one of the bytes that are searched for anyway.
fn is_busy(bytes: &[u8], start: usize, end: usize, before: Left) -> bool {
    let first = if before.is_word() { b'a' } else { 0 };
    let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
    if start < 2 && (tells(0, first, at(0)) | tells(first, at(0), at(1))) != 0 {
        return true;
    }
    // And the byte behind it: a letter counts if ASCII follows.
    let from = start.saturating_sub(2);
    let block = bytes.get(from..(end + 1).min(bytes.len()));
    let block = block.unwrap_or_default();
    let (second, third) = (block.get(1..), block.get(2..));
    let pairs = block.iter().zip(second.unwrap_or_default());
    let threes = pairs.zip(third.unwrap_or_default());
    threes.fold(0, |told, ((x, y), z)| told | tells(*x, *y, *z)) != 0
}

/// Whether three bytes that follow each other tell of such a character. Without a jump, so that
/// many are judged at once.
#[inline(always)]
fn tells(x: u8, y: u8, z: u8) -> u8 {
    let raised_or_mark = within(z, 0xca, 0xcd) | u8::from(z >= 0xf0);
    let rare_letter = (is(y, 0xc5) & is(z, 0xbf)) | (is(y, 0xea) & is(z, 0x9f));
    let raised = is(y, 0xe1) & within(z, 0xb4, 0xb7);
    let wide_blank = is(x, 0xe3) & ((is(y, 0x80) & is(z, 0x80)) | (is(y, 0x85) & is(z, 0xa4)));
    let behind_ascii = is_word(y) & within(z, 0xce, 0xd9);
    let mark_behind = is_word(x) & is(y, 0xe1) & (within(z, 0xba, 0xbf) ^ 1);
    let before_ascii = within(x, 0xce, 0xd6) & within(y, 0x80, 0xbf) & is_word(z);
    raised_or_mark | rare_letter | raised | wide_blank | behind_ascii | mark_behind | before_ascii
}

#[inline(always)]
fn is(byte: u8, other: u8) -> u8 {
    u8::from(byte == other)
}

#[inline(always)]
fn within(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

#[inline(always)]
fn is_word(byte: u8) -> u8 {
    within(byte, b'0', b'9') | within(byte | 0x20, b'a', b'z') | is(byte, b'_')
}

#[cfg(test)]
#[path = "odds_tests.rs"]
mod tests;

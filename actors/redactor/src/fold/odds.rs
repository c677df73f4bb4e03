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
                let at = self.at + found;
                if let Some(length) = passed_by(bytes, at) {
                    self.at = at + length;
                    continue;
                }
                self.move_to(at);
                return Some(at);
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

/// The length of a character that prose is full of and that is itself, for a quick way.
#[inline]
fn passed_by(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [0xc2, 0xa1..=0xa9 | 0xab | 0xbb | 0xb7, ..] => Some(2),
        [0xe2, 0x80, 0x94..=0x9f | 0xa6, ..] => Some(3),
        _ => None,
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
    // A letter counts if ASCII follows: the byte behind the block is asked too.
    let end = (end + 1).min(bytes.len());
    let mut at = start;
    if at == 0 {
        let before = if before.is_word() { b'a' } else { 0 };
        let first = bytes.get(..end.min(WINDOW)).unwrap_or_default();
        if is_told(&window(&[0, before], first)) {
            return true;
        }
        at = WINDOW;
    }
    while at < end {
        let rest = bytes.get(at - 2..end).unwrap_or_default();
        let told = match rest.first_chunk() {
            Some(window) => is_told(window),
            None => is_told(&window(&[], rest)),
        };
        if told {
            return true;
        }
        at += WINDOW;
    }
    false
}

/// So many bytes are judged at once, with the two before them.
const WINDOW: usize = 64;

fn window(before: &[u8], bytes: &[u8]) -> [u8; WINDOW + 2] {
    let mut window = [0; WINDOW + 2];
    let (first, second) = window.split_at_mut(before.len());
    first.copy_from_slice(before);
    if let Some(place) = second.get_mut(..bytes.len()) {
        place.copy_from_slice(bytes);
    }
    window
}

/// Whether three bytes that follow each other tell of such a character. Without a jump, so that
/// many are judged at once; most texts have nothing that is asked for first.
fn is_told(window: &[u8; WINDOW + 2]) -> bool {
    let (_, second) = window.split_at(1);
    let (_, third) = window.split_at(2);
    let [x, y, ..] = *window;
    let begun = (0, is_script(x) | is_script(y), is(y, 0xe1));
    // Marks, what is beyond 16 bits, wide blanks; letters and marks that may stand beside ASCII.
    let pairs = second.iter().zip(third);
    let (sure, script, rare) = pairs.fold(begun, |(sure, script, rare), (y, z)| {
        let wide = is(*y, 0x80) & is(*z, 0x80);
        let is_sure = within(*z, 0xca, 0xcd) | u8::from(*z >= 0xf0) | wide;
        (sure | is_sure, script | is_script(*z), rare | is(*z, 0xe1))
    });
    sure != 0 || script != 0 && is_mixed(window) || rare != 0 && has_rare(window)
}

/// Whether a letter or mark of another script may stand beside ASCII.
fn is_mixed(window: &[u8; WINDOW + 2]) -> bool {
    let (_, second) = window.split_at(1);
    let (_, third) = window.split_at(2);
    let threes = window.iter().zip(second).zip(third);
    threes.fold(0, |told, ((x, y), z)| {
        let behind_ascii = may_be_word(*y) & is_script(*z);
        told | behind_ascii | (is_script(*x) & may_be_word(*z))
    }) != 0
}

/// Whether there may be a raised letter, or a mark of those that begin with 0xe1 behind ASCII.
fn has_rare(window: &[u8; WINDOW + 2]) -> bool {
    let (_, second) = window.split_at(1);
    let (_, third) = window.split_at(2);
    let threes = window.iter().zip(second).zip(third);
    threes.fold(0, |told, ((x, y), z)| {
        // Vietnamese letters go on in another way.
        let is_mark = may_be_word(*x) & (within(*z, 0xba, 0xbf) ^ 1);
        told | (is(*y, 0xe1) & (within(*z, 0xb4, 0xb7) | is_mark))
    }) != 0
}

/// Whether a letter or mark of another script may begin with this byte.
#[inline(always)]
fn is_script(byte: u8) -> u8 {
    within(byte, 0xce, 0xd9)
}

/// Whether it is a letter, a digit or `_`, or a sign that seldom stands beside another script.
#[inline(always)]
fn may_be_word(byte: u8) -> u8 {
    within(byte, b'0', b'9') | is(byte & 0xc0, 0x40)
}

#[inline(always)]
fn is(byte: u8, other: u8) -> u8 {
    u8::from(byte == other)
}

#[inline(always)]
fn within(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

#[cfg(test)]
#[path = "odds_tests.rs"]
mod tests;

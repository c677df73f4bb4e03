//! Texts with characters that nobody sees, or that only look like ASCII: what they would be
//! without, so that a secret written with them is found all the same.
//!
//! Owns the way from places in the folded text back to places in the text. Never changes a text:
//! what leaves is the text as it came, with findings replaced.
//!
//! There are two readings. In the near one, characters are ASCII that mean to a reader what their
//! ASCII counterparts mean: blanks, full-width marks. In the far one, all are that might be a
//! disguise. Where no rule but the built-in ones reads, which know ASCII only, most prose has the
//! first kind and not the second, and is read once.
//!
//! Called by: the two readings of a text (`readings.rs`, `side.rs`), only where such a character
//! stands; all other texts cost a look at their bytes.

mod looks;
mod odds;

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use memchr::memmem;

pub(crate) use odds::{Left, Odd, Odds, undecided};

/// See the module's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Near,
    Far,
}

/// A text in which the odd characters are gone or ASCII.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    text: String,
    places: Places,
}

/// Where the folded text is from, for a text that may come in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Places {
    pieces: VecDeque<Piece>,
    /// Length of the folded text so far.
    folded: usize,
    /// Length of the text so far.
    written: usize,
}

/// A stretch of the folded text and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the folded text.
    at: usize,
    /// Where it begins in the text.
    from: usize,
    /// Bytes of the text for each byte of it: 1 if it is a copy, else those of each odd character.
    each: usize,
}

/// A whole text as this reading has it, and whether the readings differ; `None` if it is as it is
/// written. `wide` says that characters beyond ASCII mean something to a rule.
pub(crate) fn fold(text: &str, wide: bool, reading: Reading) -> Option<Folded> {
    let mut folded = Folded::default();
    let mut copied = 0;
    for odd in Odds::new(text, Left::default(), wide).filter(|odd| odd.is_in(reading)) {
        folded.take(text.get(copied..odd.at).unwrap_or_default(), Some(odd));
        copied = odd.at + odd.length;
    }
    if copied == 0 {
        return None;
    }
    folded.take(text.get(copied..).unwrap_or_default(), None);
    Some(folded)
}

/// How a whole text is to be read.
pub(crate) enum Whole {
    /// Once, as it is written.
    Written,
    /// Once, as both readings have it: this.
    Near(String),
    /// Twice: the readings differ.
    Twice,
}

/// How a whole text is to be read; `wide` as for [`fold`].
pub(crate) fn whole(text: &str, wide: bool) -> Whole {
    match text.is_ascii() {
        true => Whole::Written,
        false => part(text, Left::default(), wide).0,
    }
}

/// How a part of a text is to be read that `before` stands before, and what stands before the part
/// that comes next, unless this one is to be read twice.
pub(crate) fn part(text: &str, before: Left, wide: bool) -> (Whole, Left) {
    let mut near = String::new();
    let mut copied = 0;
    let mut odds = Odds::new(text, before, wide);
    for odd in odds.by_ref() {
        let Some(becomes) = odd.becomes.filter(|_| odd.is_near) else {
            return (Whole::Twice, before);
        };
        if copied == 0 {
            near.reserve(text.len());
        }
        near.push_str(text.get(copied..odd.at).unwrap_or_default());
        near.push(char::from(becomes));
        copied = odd.at + odd.length;
    }
    if copied == 0 {
        return (Whole::Written, odds.left());
    }
    near.push_str(text.get(copied..).unwrap_or_default());
    (Whole::Near(near), odds.left())
}

/// Whether a whole text that stands alone, or behind its key, may have an odd character.
pub(crate) fn is_odd(text: &str, wide: bool) -> bool {
    // Behind its key all count that count alone.
    !text.is_ascii() && Odds::new(text, Left::Blank, wide).next().is_some()
}

/// The text as a reader of JSON sees it who decodes `\u0041`, and nothing else; `None` if it has no
/// such escape. Only printing ASCII is decoded: no other character hides a secret.
pub(crate) fn unescaped(text: &str) -> Option<Folded> {
    let mut folded = Folded::default();
    let mut copied = 0;
    for at in memmem::find_iter(text.as_bytes(), ESCAPE) {
        let digits = text.get(at + ESCAPE.len()..at + ESCAPED);
        let decoded = u8::from_str_radix(digits.unwrap_or_default(), 16).ok();
        let becomes = decoded.filter(|byte| matches!(byte, b' '..=b'~'));
        if becomes.is_none() {
            continue;
        }
        let escape = Odd {
            at,
            length: ESCAPED,
            becomes,
            is_near: true,
        };
        folded.take(text.get(copied..at).unwrap_or_default(), Some(escape));
        copied = at + ESCAPED;
    }
    if copied == 0 {
        return None;
    }
    folded.take(text.get(copied..).unwrap_or_default(), None);
    Some(folded)
}

/// How the escape of an ASCII character begins, and its length.
const ESCAPE: &[u8] = br"\u00";
const ESCAPED: usize = 6;

/// A piece of a text that begins at `start` in it, as a reading has it; `odds` are those in it.
pub(crate) fn spelt(piece: &str, start: usize, odds: &[Odd], reading: Reading) -> String {
    let mut out = String::with_capacity(piece.len());
    let mut copied = start;
    let part = |from: usize, to: usize| piece.get(from - start..to - start).unwrap_or_default();
    for odd in odds.iter().filter(|odd| odd.is_in(reading)) {
        out.push_str(part(copied, odd.at));
        if let Some(ascii) = odd.becomes {
            out.push(char::from(ascii));
        }
        copied = odd.at + odd.length;
    }
    out.push_str(part(copied, start + piece.len()));
    out
}

impl Odd {
    fn is_in(&self, reading: Reading) -> bool {
        self.is_near || reading == Reading::Far
    }
}

impl Folded {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The place in the text of a place in the folded one.
    pub(crate) fn back(&self, range: &Range<usize>) -> Range<usize> {
        self.places.back(range)
    }

    /// Adds this, and then an odd character.
    fn take(&mut self, same: &str, odd: Option<Odd>) {
        self.places.push_same(same.len());
        self.text.push_str(same);
        if let Some(odd) = odd {
            self.places.push_odd(&odd);
            self.text.extend(odd.becomes.map(char::from));
        }
    }
}

impl Places {
    /// For a text of which so many bytes have come, and so many folded ones.
    pub(crate) fn after(written: usize, folded: usize) -> Self {
        let first = Piece {
            at: folded,
            from: written,
            each: 1,
        };
        Self {
            pieces: VecDeque::from([first]),
            folded,
            written,
        }
    }

    /// Notes a piece of a text that begins at `start` in it; `odds` are those in it.
    pub(crate) fn push(&mut self, piece: &str, start: usize, odds: &[Odd], reading: Reading) {
        let mut noted = start;
        for odd in odds.iter().filter(|odd| odd.is_in(reading)) {
            self.push_same(odd.at - noted);
            self.push_odd(odd);
            noted = odd.at + odd.length;
        }
        self.push_same((start + piece.len()).saturating_sub(noted));
    }

    /// Bytes of the text that the folded one lacks.
    pub(crate) fn lost(&self) -> usize {
        self.written - self.folded
    }

    /// Notes more text that is the same folded.
    pub(crate) fn push_same(&mut self, length: usize) {
        if length > 0 {
            self.piece(1);
            self.folded += length;
            self.written += length;
        }
    }

    /// The place in the text of a place in the folded one that is not forgotten.
    pub(crate) fn back(&self, range: &Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1);
        let start = self.holding(range.start);
        let start = start.map_or(range.start, |(from, _)| from);
        let end = self.holding(last).map_or(start, |(from, each)| from + each);
        start..end.max(start)
    }

    /// How far the text is known if the folded one is known up to `at`: what nobody sees belongs
    /// to no finding that begins behind it.
    pub(crate) fn known_to(&self, at: usize) -> usize {
        match at < self.folded {
            true => self.holding(at).map_or(0, |(from, _)| from),
            false => self.written,
        }
    }

    /// Forgets where the folded text before this place is from.
    pub(crate) fn forget_before(&mut self, at: usize) {
        while self.pieces.get(1).is_some_and(|next| next.at <= at) {
            self.pieces.pop_front();
        }
        if self.pieces.capacity() > 4 * FEW && self.pieces.len() <= FEW {
            self.pieces.shrink_to(FEW);
        }
    }

    /// How much has to be remembered.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Where the character of a byte of the folded text begins in the text, and its length if it
    /// was an odd one.
    fn holding(&self, at: usize) -> Option<(usize, usize)> {
        let later = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = self.pieces.get(later.checked_sub(1)?)?;
        Some((piece.from + (at - piece.at) * piece.each, piece.each))
    }

    fn push_odd(&mut self, odd: &Odd) {
        if odd.becomes.is_some() {
            self.piece(odd.length);
            self.folded += 1;
        }
        self.written += odd.length;
    }

    /// What comes next is of this kind: a new piece, or more of the last one.
    fn piece(&mut self, each: usize) {
        let goes_on = |last: &Piece| {
            last.each == each && last.from + (self.folded - last.at) * each == self.written
        };
        if !self.pieces.back().is_some_and(goes_on) {
            self.pieces.push_back(Piece {
                at: self.folded,
                from: self.written,
                each,
            });
        }
    }
}

/// So many pieces have room without asking for it.
const FEW: usize = 8;

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the text.
        f.debug_struct("Folded").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;

//! Texts with characters that nobody sees, or that only look like ASCII: what they would be
//! without, so that a secret written with them is found all the same.
//!
//! Owns which characters those are, and the way from places in the folded text back to places in
//! the text. Never changes a text: what leaves is the text as it came, with findings replaced.
//!
//! Called by: the rules for requests, for whole texts that hold such a character; all others cost
//! a look at their bytes.

use std::ops::Range;

use memchr::memchr3_iter;

/// A text in which the odd characters are gone or ASCII.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Folded {
    text: String,
    pieces: Vec<Piece>,
}

/// A stretch of the folded text and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the folded text.
    at: usize,
    /// Where it begins in the text.
    from: usize,
    /// The length of the one character that it was; `None` if it is a copy.
    was: Option<usize>,
}

/// What an odd character is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Nothing,
    Letter(char),
}

/// The text as it looks; `None` if it is that already.
pub(crate) fn fold(text: &str) -> Option<Folded> {
    if text.is_ascii() {
        return None;
    }
    let mut folded = Folded {
        text: String::new(),
        pieces: Vec::new(),
    };
    let mut copied = 0;
    // All odd characters begin with one of these bytes.
    for at in memchr3_iter(0xc2, 0xe2, 0xef, text.as_bytes()) {
        let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            continue;
        };
        if let Some(fold) = fold_of(letter) {
            folded.copy(text, copied..at);
            folded.letter(fold, at, letter.len_utf8());
            copied = at + letter.len_utf8();
        }
    }
    if copied == 0 {
        return None;
    }
    folded.copy(text, copied..text.len());
    Some(folded)
}

/// Without what stands for more than itself to a reader: dashes between words, quotes, letters of
/// other scripts.
///
/// # Source
/// Unicode 17, general categories Cf, Zs and Pd; Unicode Standard Annex 11 (full-width forms).
fn fold_of(letter: char) -> Option<Fold> {
    match letter {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => Some(Fold::Nothing),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Some(Fold::Letter(' ')),
        '\u{2010}'..='\u{2013}' | '\u{2212}' => Some(Fold::Letter('-')),
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(letter) - 0xff01 + 0x21;
            char::from_u32(ascii).map(Fold::Letter)
        }
        _ => None,
    }
}

impl Folded {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The place in the text of a place in the folded one.
    pub(crate) fn back(&self, range: &Range<usize>) -> Range<usize> {
        let start = self
            .holding(range.start)
            .map_or(0, |piece| match piece.was {
                None => piece.from + (range.start - piece.at),
                Some(_) => piece.from,
            });
        let last = range.end.saturating_sub(1);
        let end = self.holding(last).map_or(start, |piece| match piece.was {
            None => piece.from + (range.end - piece.at),
            Some(length) => piece.from + length,
        });
        start..end.max(start)
    }

    /// The piece that a byte of the folded text belongs to.
    fn holding(&self, at: usize) -> Option<&Piece> {
        let later = self.pieces.partition_point(|piece| piece.at <= at);
        self.pieces.get(later.checked_sub(1)?)
    }

    fn copy(&mut self, text: &str, range: Range<usize>) {
        if !range.is_empty() {
            self.piece(range.start, None);
            self.text.push_str(text.get(range).unwrap_or_default());
        }
    }

    fn letter(&mut self, fold: Fold, at: usize, length: usize) {
        if let Fold::Letter(letter) = fold {
            self.piece(at, Some(length));
            self.text.push(letter);
        }
    }

    fn piece(&mut self, from: usize, was: Option<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            from,
            was,
        });
    }
}

crate::says_no_text!(Folded);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn back(text: &str, part: &str) -> String {
        let folded = fold(text).expect("it is odd");
        let at = folded.text().find(part).expect("it is there");
        let range = folded.back(&(at..at + part.len()));
        text.get(range).expect("whole characters").to_owned()
    }

    #[test]
    fn what_looks_like_ascii_is_read_as_ascii() {
        let text = "a\u{200b}b\u{a0}c\u{2011}\u{ff11}\u{ff0d}\u{2014}\u{e9}\u{feff}";
        assert_eq!(
            fold(text).map(|folded| folded.text),
            Some("ab c-1-\u{2014}\u{e9}".into())
        );
        assert_eq!(fold("caf\u{e9} \u{2014} \u{201c}x\u{201d}"), None);
        assert_eq!(fold("plain"), None);
    }

    #[test]
    fn places_lead_back_to_all_of_the_odd_characters_between() {
        let text = "x \u{200b}t\u{200b}o\u{ad}k\u{2011}\u{ff11}\u{200b} y";
        assert_eq!(back(text, "tok-1"), "t\u{200b}o\u{ad}k\u{2011}\u{ff11}");
        assert_eq!(back(text, "-"), "\u{2011}");
        assert_eq!(back(text, " y"), " y");
        assert_eq!(back("\u{200b}a", "a"), "a");
    }

    proptest! {
        #[test]
        fn every_place_leads_back_to_whole_characters_in_order(
            letters in proptest::collection::vec(proptest::sample::select(vec![
                "a", "\u{200b}", "\u{a0}", "\u{e9}", "\u{ff11}", "\u{1f600}", "\u{2013}",
            ]), 1..12),
        ) {
            let text = letters.concat();
            let Some(folded) = fold(&text) else { return Ok(()) };
            let mut before = 0;
            for (at, letter) in folded.text().char_indices() {
                let range = folded.back(&(at..at + letter.len_utf8()));
                prop_assert!(range.start >= before && text.get(range.clone()).is_some());
                let whole = text.get(range.clone()).map(|part| part.chars().count());
                prop_assert_eq!(whole, Some(1));
                before = range.end;
            }
        }
    }
}

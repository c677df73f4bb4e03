//! Texts with characters that nobody sees, or that only look like ASCII: what they would be
//! without, so that a secret written with them is found all the same.
//!
//! Owns which characters those are, and the way from places in the folded text back to places in
//! the text. Never changes a text: what leaves is the text as it came, with findings replaced.
//!
//! Called by: the two readings of a text (`readings.rs`, `side.rs`), only where such a character
//! stands; all other texts cost a look at their bytes.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use memchr::memchr3_iter;

/// A text in which the odd characters are gone or ASCII.
#[derive(Clone, PartialEq, Eq)]
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

/// What an odd character is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Nothing,
    Letter(char),
}

/// The text as it looks; `None` if it is that already.
pub(crate) fn fold(text: &str) -> Option<Folded> {
    first_odd(text)?;
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        places: Places::default(),
    };
    folded.places.push(text, &mut folded.text);
    Some(folded)
}

/// Where the first odd character stands.
pub(crate) fn first_odd(text: &str) -> Option<usize> {
    if text.is_ascii() {
        return None;
    }
    odd_places(text).next()
}

/// Where odd characters stand.
pub(crate) fn odd_places(text: &str) -> impl Iterator<Item = usize> + '_ {
    odd_ones(text).map(|(at, ..)| at)
}

fn odd_ones(text: &str) -> impl Iterator<Item = (usize, char, Fold)> + '_ {
    // All odd characters begin with one of these bytes.
    let candidates = memchr3_iter(0xc2, 0xe2, 0xef, text.as_bytes());
    candidates.filter_map(|at| {
        let letter = text.get(at..)?.chars().next()?;
        Some((at, letter, fold_of(letter)?))
    })
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
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => Some(Fold::Nothing),
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
        self.places.back(range)
    }
}

impl Places {
    /// For a text that has been the same folded so far: up to this place.
    pub(crate) fn same_up_to(at: usize) -> Self {
        Self {
            pieces: VecDeque::from([Piece {
                at,
                from: at,
                each: 1,
            }]),
            folded: at,
            written: at,
        }
    }

    /// Notes more text, and adds it to `out` folded.
    pub(crate) fn push(&mut self, text: &str, out: &mut String) {
        let mut copied = 0;
        for (at, letter, fold) in odd_ones(text) {
            self.copy(text.get(copied..at).unwrap_or_default(), out);
            self.letter(letter, fold, out);
            copied = at + letter.len_utf8();
        }
        self.copy(text.get(copied..).unwrap_or_default(), out);
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

    fn copy(&mut self, text: &str, out: &mut String) {
        self.push_same(text.len());
        out.push_str(text);
    }

    fn letter(&mut self, letter: char, fold: Fold, out: &mut String) {
        if let Fold::Letter(ascii) = fold {
            self.piece(letter.len_utf8());
            self.folded += ascii.len_utf8();
            out.push(ascii);
        }
        self.written += letter.len_utf8();
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
        assert_eq!(fold("Съешь ещё «этих» мягких — булок"), None);
        assert_eq!(fold("plain"), None);
    }

    #[test]
    fn what_nobody_sees_is_read_as_nothing() {
        for ends in [
            ['\u{200b}', '\u{200f}'],
            ['\u{202a}', '\u{202e}'],
            ['\u{2060}', '\u{206f}'],
            ['\u{fe00}', '\u{fe0f}'],
            ['\u{fff9}', '\u{fffb}'],
        ] {
            for hidden in ends[0]..=ends[1] {
                let folded = fold(&format!("a{hidden}b")).map(|folded| folded.text);
                assert_eq!(folded.as_deref(), Some("ab"), "{hidden:?}");
            }
        }
    }

    #[test]
    fn places_lead_back_to_all_of_the_odd_characters_between() {
        let text = "x \u{200b}t\u{200b}o\u{ad}k\u{2011}\u{ff11}\u{200b} y";
        assert_eq!(back(text, "tok-1"), "t\u{200b}o\u{ad}k\u{2011}\u{ff11}");
        assert_eq!(back(text, "-"), "\u{2011}");
        assert_eq!(back(text, " y"), " y");
        assert_eq!(back("\u{200b}a", "a"), "a");
    }

    #[test]
    fn what_nobody_sees_is_known_with_what_stands_before_it() {
        let mut places = Places::default();
        places.push("ab\u{200b}", &mut String::new());
        assert_eq!((places.known_to(1), places.known_to(2)), (1, 5));
        places.push("c", &mut String::new());
        assert_eq!((places.known_to(2), places.known_to(3)), (5, 6));
    }

    fn texts() -> impl Strategy<Value = String> {
        let letters = vec![
            "a",
            "\u{200b}",
            "\u{a0}",
            "\u{e9}",
            "\u{ff11}",
            "\u{1f600}",
            "\u{2013}",
        ];
        let letters = proptest::sample::select(letters);
        proptest::collection::vec(letters, 1..12).prop_map(|letters| letters.concat())
    }

    proptest! {
        #[test]
        fn every_place_leads_back_to_whole_characters_in_order(text in texts()) {
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

        #[test]
        fn pieces_lead_to_where_the_whole_leads(text in texts(), cut in 0_usize..40, forgotten in 0_usize..20) {
            let Some(folded) = fold(&text) else { return Ok(()) };
            let (head, tail) = text.split_at(text.floor_char_boundary(cut));
            let (mut places, mut out) = (Places::default(), String::new());
            places.push(head, &mut out);
            places.push(tail, &mut out);
            prop_assert_eq!(&out, folded.text());
            prop_assert_eq!(&places, &folded.places);
            places.forget_before(forgotten);
            for at in forgotten..out.len() {
                prop_assert_eq!(places.back(&(at..at + 1)), folded.back(&(at..at + 1)));
                prop_assert_eq!(places.known_to(at), folded.places.known_to(at));
            }
            prop_assert_eq!(places.known_to(out.len()), text.len());
        }
    }
}

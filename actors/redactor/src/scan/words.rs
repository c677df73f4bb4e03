//! Whether one of a few words stands somewhere in a short text, in any letter case.
//!
//! Owns: the tables by which most texts are passed after a look at two bytes, or three. Values
//! are random, so every comparison that depends on one is a jump that no processor foresees.

/// A few words of at least two bytes.
#[derive(Debug)]
pub(crate) struct Words {
    words: &'static [&'static [u8]],
    /// By the key of a byte that a word begins with, the keys of its second byte.
    firsts: [u64; KEYS],
    /// By the key of the second byte, the keys of the third; all after a word of two.
    thirds: [u64; KEYS],
    /// By the key of the last byte but one, the keys of the last.
    lasts: [u64; KEYS],
}

const KEYS: usize = 64;

/// Six bits of a byte, the same for both cases of a letter.
#[inline]
const fn key(byte: u8) -> usize {
    (byte & 0x1f | (byte & 0x40) >> 1) as usize
}

#[inline]
fn has(table: &[u64; KEYS], one: u8, next: u8) -> bool {
    let row = table.get(key(one)).copied().unwrap_or_default();
    row >> key(next) & 1 == 1
}

impl Words {
    #[expect(
        clippy::indexing_slicing,
        reason = "a key is less than 64; `get` is not const"
    )]
    pub(crate) const fn of(words: &'static [&'static [u8]]) -> Self {
        let (mut firsts, mut thirds, mut lasts) = ([0; KEYS], [0; KEYS], [0; KEYS]);
        let mut rest = words;
        while let [word, others @ ..] = rest {
            assert!(word.len() >= 2, "a word has two bytes or more");
            if let [first, second, ..] = word {
                firsts[key(*first)] |= 1 << key(*second);
            }
            match word {
                [_, second, third, ..] => thirds[key(*second)] |= 1 << key(*third),
                [_, second] => thirds[key(*second)] = u64::MAX,
                _ => {}
            }
            if let [.., last_but_one, last] = word {
                lasts[key(*last_but_one)] |= 1 << key(*last);
            }
            rest = others;
        }
        Self {
            words,
            firsts,
            thirds,
            lasts,
        }
    }

    /// Whether one of them stands in `text`.
    pub(crate) fn stand_in(&self, text: &[u8]) -> bool {
        let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
        let mut pairs = pairs.enumerate();
        pairs.any(|(at, (one, next))| {
            has(&self.firsts, *one, *next) && self.begin(text.get(at..).unwrap_or_default())
        })
    }

    /// Whether `text` begins with one of them.
    pub(crate) fn begin(&self, text: &[u8]) -> bool {
        let may_begin = match text {
            [first, second, third, ..] => {
                has(&self.firsts, *first, *second) && has(&self.thirds, *second, *third)
            }
            [first, second] => has(&self.firsts, *first, *second),
            _ => false,
        };
        may_begin && self.words.iter().any(|word| begins_with(text, word))
    }

    /// Whether `text` is one of them.
    pub(crate) fn are(&self, text: &[u8]) -> bool {
        let may_be = matches!(text, [first, second, ..] if has(&self.firsts, *first, *second));
        may_be
            && self
                .words
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word))
    }

    /// Those that `text` ends with.
    pub(crate) fn ends_of(&self, text: &[u8]) -> impl Iterator<Item = &'static [u8]> {
        let may_end = matches!(text, [.., one, last] if has(&self.lasts, *one, *last));
        let words = if may_end { self.words } else { &[] };
        let ends = |word: &&[u8]| {
            let at = text.len().checked_sub(word.len());
            let end = at.and_then(|at| text.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        words.iter().copied().filter(ends)
    }
}

#[inline]
fn begins_with(text: &[u8], word: &[u8]) -> bool {
    let beginning = text.get(..word.len());
    beginning.is_some_and(|text| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_nothing_else_is() {
        static WORDS: Words = Words::of(&[b"example", b"->"]);
        for text in ["an EXAMPLE", "eexample", "a->b", "->"] {
            assert!(WORDS.stand_in(text.as_bytes()), "{text}");
        }
        for text in ["", "exampl", "example".get(1..).unwrap(), "- >", "exexampl"] {
            assert!(!WORDS.stand_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn words_at_the_beginning_and_the_end_are_told_from_others() {
        static WORDS: Words = Words::of(&[b"max_", b"by", b"sha256:"]);
        let begins = |text: &str| WORDS.begin(text.as_bytes());
        assert!(begins("MAX_x") && begins("by") && begins("Sha256:0"));
        assert!(!begins("max") && !begins("b") && !begins("") && !begins("xby"));
        let is = |text: &str| WORDS.are(text.as_bytes());
        assert!(is("BY") && is("max_") && !is("bye") && !is("max"));
        let ends = |text: &str| WORDS.ends_of(text.as_bytes()).count();
        assert_eq!(ends("sort_By"), 1);
        assert_eq!(ends("y"), 0);
        assert_eq!(ends("max_x"), 0);
    }
}

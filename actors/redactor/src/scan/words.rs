//! Whether one of a few words stands in a short text, in any letter case.
//!
//! Owns: the tables by which most texts are passed after a look at two bytes, or at three of
//! several. Values are random, so every comparison that depends on one is a jump that no
//! processor foresees.

/// A few words of at least two bytes, for the beginning of a text, its end, or all of it.
#[derive(Debug)]
pub(crate) struct Words {
    words: &'static [&'static [u8]],
    /// By the key of a byte that a word begins with, the keys of its second byte.
    firsts: [u64; KEYS],
    /// By the key of the last byte but one, the keys of the last.
    lasts: [u64; KEYS],
    by_firsts: Chains,
    by_lasts: Chains,
}

/// A few words of at least five bytes, for anywhere in a text.
///
/// Of each [`STRIDE`] bytes the first three are looked at, and the three after them. A word covers
/// three of those wherever it stands.
#[derive(Debug)]
pub(crate) struct Needles {
    words: Words,
    /// By a hash of three bytes, whether a word has them at one of its first places.
    bits: [u64; NEEDLE_WORDS],
}

/// The first three bytes of up to eight words, as vectors look them up: by place and by the half
/// of a byte, a bit for each word that has such a byte there, in either case.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    pub(crate) low: [[u8; 16]; 3],
    pub(crate) high: [[u8; 16]; 3],
}

/// By how much the places that are looked at are apart.
pub(crate) const STRIDE: usize = 6;

const KEYS: usize = 64;
const HEADS: usize = 256;
/// Most words of a list.
const MOST: usize = 192;

/// Words of the table of [`Needles`], and the bits of their number and of one within.
const NEEDLE_WORDS: usize = 1 << (NEEDLE_BITS - 6);
const NEEDLE_BITS: u32 = 14;

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

/// Words by two of their bytes.
#[derive(Debug)]
struct Chains {
    /// By a hash of the two, the first word and one more.
    heads: [u8; HEADS],
    /// By word, the next one and one more.
    nexts: [u8; MOST],
}

impl Chains {
    const EMPTY: Self = Self {
        heads: [0; HEADS],
        nexts: [0; MOST],
    };

    /// Of two bytes, the same for both cases of a letter.
    #[inline]
    const fn place(one: u8, next: u8) -> usize {
        (key(one) ^ (key(next) << 2)) & (HEADS - 1)
    }

    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "a hash is less than 256, a number less than 192; `get` is not const"
    )]
    const fn with(mut self, one: u8, next: u8, number: usize) -> Self {
        let head = &mut self.heads[Self::place(one, next)];
        self.nexts[number] = *head;
        *head = number as u8 + 1;
        self
    }

    /// The numbers of the words that have two bytes with the hash of these.
    #[inline]
    fn of(&self, one: u8, next: u8) -> impl Iterator<Item = usize> {
        let head = self.heads.get(Self::place(one, next)).copied();
        let mut next = head.unwrap_or_default();
        std::iter::from_fn(move || {
            let number = usize::from(next.checked_sub(1)?);
            next = self.nexts.get(number).copied().unwrap_or_default();
            Some(number)
        })
    }
}

impl Words {
    #[expect(
        clippy::indexing_slicing,
        reason = "a key is less than 64; `get` is not const"
    )]
    pub(crate) const fn of(words: &'static [&'static [u8]]) -> Self {
        let (mut firsts, mut lasts) = ([0; KEYS], [0; KEYS]);
        let (mut by_firsts, mut by_lasts) = (Chains::EMPTY, Chains::EMPTY);
        // Backwards, so that a chain is in the order of the list.
        let mut number = words.len();
        while number > 0 {
            number -= 1;
            let word = words[number];
            assert!(word.len() >= 2, "a word has two bytes or more");
            if let [first, second, ..] = word {
                firsts[key(*first)] |= 1 << key(*second);
                by_firsts = by_firsts.with(*first, *second, number);
            }
            if let [.., last_but_one, last] = word {
                lasts[key(*last_but_one)] |= 1 << key(*last);
                by_lasts = by_lasts.with(*last_but_one, *last, number);
            }
        }
        Self {
            words,
            firsts,
            lasts,
            by_firsts,
            by_lasts,
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
    #[inline]
    pub(crate) fn begin(&self, text: &[u8]) -> bool {
        let begins = |word: &[u8]| begins_with(text, word);
        matches!(text, [first, second, ..] if has(&self.firsts, *first, *second)
            && self.any(self.by_firsts.of(*first, *second), begins))
    }

    /// Whether `text` is one of them.
    #[inline]
    pub(crate) fn are(&self, text: &[u8]) -> bool {
        let is = |word: &[u8]| text.eq_ignore_ascii_case(word);
        matches!(text, [first, second, ..] if has(&self.firsts, *first, *second)
            && self.any(self.by_firsts.of(*first, *second), is))
    }

    /// Whether `text` ends with one of them of which `is_so` says so.
    #[inline]
    pub(crate) fn end(&self, text: &[u8], is_so: impl Fn(&'static [u8]) -> bool) -> bool {
        let ends = |word: &'static [u8]| ends_with(text, word) && is_so(word);
        matches!(text, [.., one, last] if has(&self.lasts, *one, *last)
            && self.any(self.by_lasts.of(*one, *last), ends))
    }

    #[inline]
    fn any(
        &self,
        numbers: impl Iterator<Item = usize>,
        is_so: impl Fn(&'static [u8]) -> bool,
    ) -> bool {
        let mut words = numbers.filter_map(|number| self.words.get(number).copied());
        words.any(is_so)
    }
}

impl Needles {
    #[expect(
        clippy::indexing_slicing,
        reason = "a hash is less than the table; `get` is not const"
    )]
    pub(crate) const fn of(words: &'static [&'static [u8]]) -> Self {
        let mut bits = [0; NEEDLE_WORDS];
        let mut number = words.len();
        while number > 0 {
            number -= 1;
            let word = words[number].first_chunk::<5>();
            assert!(word.is_some(), "a word has five bytes or more");
            let [a, b, c, d, e] = match word {
                Some(word) => *word,
                None => [0; 5],
            };
            let word = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]);
            let mut at = 0;
            while at < STRIDE / 2 {
                let hash = hash(word >> (8 * at));
                bits[hash >> 6] |= 1 << (hash & 63);
                at += 1;
            }
        }
        let words = Words::of(words);
        Self { words, bits }
    }

    /// Whether one of them stands in `text`.
    pub(crate) fn stand_in(&self, text: &[u8]) -> bool {
        any_stride(text, |at, eight| {
            self.may_stand(eight) && self.stand_around(text, at)
        })
    }

    /// Whether one may cover a part of the first six of eight bytes.
    #[inline]
    pub(crate) fn may_stand(&self, eight: u64) -> bool {
        let has = |hash: usize| self.bits.get(hash >> 6).copied().unwrap_or(0) >> (hash & 63);
        (has(hash(eight)) | has(hash(eight >> 24))) & 1 == 1
    }

    /// Whether one stands so near to `at` that it covers what was looked at there.
    #[cold]
    pub(crate) fn stand_around(&self, text: &[u8], at: usize) -> bool {
        let begins = at.saturating_sub(2)..=at + STRIDE / 2;
        let mut texts = begins.filter_map(|begin| text.get(begin..));
        texts.any(|text| self.words.begin(text))
    }
}

impl Fingerprints {
    #[expect(
        clippy::indexing_slicing,
        reason = "three places, and halves of bytes; `get` is not const"
    )]
    pub(crate) const fn of(words: &[&[u8]]) -> Self {
        assert!(words.len() <= 8, "there are eight bits");
        let (mut low, mut high) = ([[0; 16]; 3], [[0; 16]; 3]);
        let mut number = 0;
        while number < words.len() {
            let mut place = 0;
            while place < 3 {
                let byte = words[number][place];
                low[place][(byte & 15) as usize] |= 1 << number;
                high[place][(byte.to_ascii_lowercase() >> 4) as usize] |= 1 << number;
                high[place][(byte.to_ascii_uppercase() >> 4) as usize] |= 1 << number;
                place += 1;
            }
            number += 1;
        }
        Self { low, high }
    }
}

/// Whether something is so of eight bytes of `text`, given with their place: of each six bytes
/// there are all, and the two behind them. What is behind the end are zeros.
#[inline]
pub(crate) fn any_stride(text: &[u8], is_so: impl Fn(usize, u64) -> bool) -> bool {
    let Some(last) = text.last_chunk() else {
        let mut eight = [0; 8];
        let taken = eight.iter_mut().zip(text);
        taken.for_each(|(to, from)| *to = *from);
        return is_so(0, u64::from_le_bytes(eight));
    };
    let last_at = text.len() - 8;
    let mut at = 0;
    while at < last_at
        && let Some(eight) = text.get(at..at + 8).and_then(<[u8]>::first_chunk)
    {
        if is_so(at, u64::from_le_bytes(*eight)) {
            return true;
        }
        at += STRIDE;
    }
    is_so(last_at, u64::from_le_bytes(*last))
}

/// Of the three lowest bytes, the same for both cases of a letter.
#[inline]
const fn hash(eight: u64) -> usize {
    let folded = eight & 0x00DF_DFDF;
    ((folded * 0x9E37_79B1) as u32 >> (u32::BITS - NEEDLE_BITS)) as usize
}

#[inline]
fn begins_with(text: &[u8], word: &[u8]) -> bool {
    let beginning = text.get(..word.len());
    beginning.is_some_and(|text| text.eq_ignore_ascii_case(word))
}

#[inline]
fn ends_with(text: &[u8], word: &[u8]) -> bool {
    let at = text.len().checked_sub(word.len());
    let end = at.and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word))
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
    fn needles_are_found_wherever_they_stand() {
        static NEEDLES: Needles = Needles::of(&[b"example", b"your_", b"placeholder"]);
        for before in 0..20 {
            for needle in ["EXAMPLE", "your_", "placeHolder"] {
                for after in 0..9 {
                    let (before, after) = ("k".repeat(before), "Q".repeat(after));
                    let text = format!("{before}{needle}{after}");
                    assert!(NEEDLES.stand_in(text.as_bytes()), "{text}");
                }
            }
            let text = "exampl your- laceholder".repeat(3);
            let text = text.get(before..).unwrap();
            assert!(!NEEDLES.stand_in(text.as_bytes()), "{text}");
        }
        assert!(!NEEDLES.stand_in(b""));
    }

    #[test]
    fn words_at_the_beginning_and_the_end_are_told_from_others() {
        static WORDS: Words = Words::of(&[b"max_", b"by", b"sha256:"]);
        let begins = |text: &str| WORDS.begin(text.as_bytes());
        assert!(begins("MAX_x") && begins("by") && begins("Sha256:0"));
        assert!(!begins("max") && !begins("b") && !begins("") && !begins("xby"));
        let is = |text: &str| WORDS.are(text.as_bytes());
        assert!(is("BY") && is("max_") && !is("bye") && !is("max"));
        let ends = |text: &str| WORDS.end(text.as_bytes(), |_| true);
        assert!(ends("sort_By") && ends("max_"));
        assert!(!ends("y") && !ends("max_x") && !ends(""));
        assert!(!WORDS.end(b"sort_by", |word| word != b"by"));
    }
}

//! Whether one of a few words stands somewhere in a short text, in any letter case.

use super::classes::ByteSet;

/// A few words in lower case.
#[derive(Debug)]
pub(crate) struct Words {
    words: &'static [&'static [u8]],
    /// What they begin with, in both cases.
    firsts: ByteSet,
}

impl Words {
    pub(crate) const fn of(words: &'static [&'static [u8]]) -> Self {
        let mut firsts = ByteSet::of(&[]);
        let mut rest = words;
        while let [word, others @ ..] = rest {
            if let [first, ..] = word {
                firsts = firsts.with(*first).with(first.to_ascii_uppercase());
            }
            rest = others;
        }
        Self { words, firsts }
    }

    /// Whether one of them stands in `text`.
    pub(crate) fn stand_in(&self, text: &[u8]) -> bool {
        let mut places = text.iter().enumerate();
        let mut place = || places.find(|(_, byte)| self.firsts.has(**byte));
        while let Some((at, _)) = place() {
            let rest = text.get(at..).unwrap_or_default();
            if self.words.iter().any(|word| begins_with(rest, word)) {
                return true;
            }
        }
        false
    }
}

#[inline]
fn begins_with(text: &[u8], word: &[u8]) -> bool {
    let same = |(byte, own): (&u8, &u8)| byte.to_ascii_lowercase() == *own;
    text.len() >= word.len() && text.iter().zip(word).all(same)
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
}

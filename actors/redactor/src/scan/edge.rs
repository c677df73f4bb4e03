//! Where something new begins in a text.
//!
//! Owns one answer, which the gate and the families must agree on: a trigger that begins with a
//! letter or a digit within a word is not held back at the end of a chunk, or nearly every chunk
//! of prose would lose its last letter to a trigger that begins so. What is found there must begin
//! behind the trigger.

use super::classes::ALNUM;

/// Whether no ASCII letter or digit stands before `at`, or one that ends an escape: `\n`, `%3D`,
/// `\u003d`. Reads at most six bytes back.
pub(crate) fn stands_free(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(6)..at).unwrap_or_default();
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    match before {
        [] => true,
        [.., last] if !ALNUM.has(*last) => true,
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v'] => true,
        [b'\\', b'u', digits @ ..] if digits.len() == 4 && is_hex(digits) => true,
        [.., b'%', high, low] => is_hex(&[*high, *low]),
        _ => false,
    }
}

/// What stand-ins begin with. Spelt so it is held within a word, too: a model may write one behind
/// another, or `-pNENYA_...`. In small letters it is not, for so many words end in an `n`.
pub(crate) const STAND_IN: &str = "NENYA";

/// Whether a trigger that begins at `at` is held back while it is not whole.
pub(crate) fn is_held(text: &[u8], at: usize) -> bool {
    let is_word = text.get(at).is_some_and(|byte| ALNUM.has(*byte));
    !is_word || stands_free(text, at) || may_be_stand_in(text, at)
}

/// Whether the text from `at` on, as far as it is there, begins as stand-ins do.
pub(crate) fn may_be_stand_in(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.len().min(STAND_IN.len());
    rest.get(..length) == STAND_IN.as_bytes().get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_a_word_only_stand_ins_are_held() {
        for text in ["-pN", "xNENY", "9NENYA"] {
            let at = text.find('N').unwrap();
            assert!(is_held(text.as_bytes(), at), "{text}");
        }
        assert!(!is_held(b"in", 1));
        assert!(!is_held(b"INTERNAL NEED", 1));
    }

    #[test]
    fn words_begin_after_everything_but_letters_and_digits() {
        let free = ["x", " x", "_x", "ex: x", "\\nx", "k%3Dx", "\\u003dx", "äx"];
        for text in free {
            assert!(stands_free(text.as_bytes(), text.len() - 1), "{text}");
        }
        for text in ["ex", "7x", "\\ex", "%zzx", "\\u00x"] {
            assert!(!stands_free(text.as_bytes(), text.len() - 1), "{text}");
        }
    }

    #[test]
    fn a_sign_is_always_held() {
        assert!(is_held(b"well-", 4));
        assert!(!is_held(b"well", 3));
    }
}

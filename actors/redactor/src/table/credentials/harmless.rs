//! Values that have the form of a credential and open nothing.
//!
//! Owns: second looks of rows about credentials. Documentation is full of dummies in the right
//! form, and taking those out of a conversation only confuses it.

use crate::scan::gate::suspects;
use crate::scan::words::{Fingerprints, Needles, STRIDE, any_stride};

/// Words that nobody's generator writes: seven letters in a row by chance are rarer than one in
/// a thousand million.
const TELLTALES: &[&[u8]] = &[
    b"example",
    b"placeholder",
    b"changeme",
    b"redacted",
    b"your_",
    b"your-",
    b"xxxxx",
];

static NEEDLES: Needles = Needles::of(TELLTALES);
static FINGERPRINTS: Fingerprints = Fingerprints::of(TELLTALES);

/// So many characters in alphabetical order, or all the same, are no accident.
const TOO_ORDERLY: usize = 8;

/// As much of a finding as a second look reads. Hostile text can hold a finding that begins anew
/// every few bytes; looking at all of it each time would take time with the square of its length.
const HEAD: usize = 256;

/// The beginning of a finding, which is all of it unless it is very long.
pub(crate) fn head(found: &[u8]) -> &[u8] {
    found.get(..HEAD).unwrap_or(found)
}

/// Whether a finding is not a dummy of some documentation: `AKIAIOSFODNN7EXAMPLE`,
/// `glpat-xxxxxxxxxxxxxxxxxxxx`, `dapi1234567890abcdef...`.
pub(crate) fn is_not_made_up(found: &[u8]) -> bool {
    let found = head(found);
    suspects(&FINGERPRINTS, found) == Some(false)
        || !any_stride(found, |at, eight| {
            NEEDLES.may_stand(eight) | may_be_orderly(eight)
                && (NEEDLES.stand_around(found, at) || is_orderly(found, at))
        })
}

/// Whether a stretch of the bytes around `at` only counts up (`abcdefgh`, `12345678`) or stands
/// still. `A` may stand still, it is what base64 makes of zeros.
#[cold]
fn is_orderly(found: &[u8], at: usize) -> bool {
    is_stretch(found, at, follows) || is_stretch(found, at, stands_still)
}

/// Whether the first three of eight bytes are related in one of both ways, or nearly so. Every
/// stretch that is too orderly has three that are looked at.
#[inline]
fn may_be_orderly(eight: u64) -> bool {
    let [one, next, last, ..] = eight.to_le_bytes();
    let are_near = |step: u8| (step <= 1) | (step == b'0'.wrapping_sub(b'9'));
    are_near(next.wrapping_sub(one)) & are_near(last.wrapping_sub(next))
}

const _: () = assert!(STRIDE == TOO_ORDERLY - 2);

/// Whether so many bytes around the pair at `at` that are too orderly stand in a row: each pair of
/// them is related, as that one is.
fn is_stretch(found: &[u8], at: usize, related: fn(u8, u8) -> bool) -> bool {
    let is_pair = |pair: &&[u8]| matches!(pair, &&[one, next] if related(one, next));
    let before = found.get(..=at).unwrap_or_default().windows(2).rev();
    let after = found.get(at..).unwrap_or_default().windows(2);
    let pairs = before.take_while(is_pair).count() + after.take_while(is_pair).count();
    pairs >= TOO_ORDERLY - 1
}

fn stands_still(one: u8, next: u8) -> bool {
    one == next && one != b'A'
}

fn follows(one: u8, next: u8) -> bool {
    next.is_ascii_alphanumeric() && (next == one.wrapping_add(1) || (one, next) == (b'9', b'0'))
}

/// Whether a key of an Azure account is not the one that everybody's emulator has.
///
/// # Source
/// learn.microsoft.com, Azurite and the Cosmos DB emulator: both keys are fixed and public.
pub(crate) fn is_not_of_an_emulator(found: &[u8]) -> bool {
    let storage = concat!("Eby8vdM02xNOcqFlq", "UwJPLlmEtlCDXJ1").as_bytes();
    let cosmos = concat!("C2y6yDjf5/R+ob0N8A7", "Cgv30VRDJIWEHLM").as_bytes();
    is_not_made_up(found) && !found.starts_with(storage) && !found.starts_with(cosmos)
}

/// Whether the signature of a shared access signature is complete: base64 ends in `=`, which
/// addresses write as `%3D`.
pub(crate) fn is_padded(found: &[u8]) -> bool {
    let ends = found.ends_with(b"=") || found.ends_with(b"%3D") || found.ends_with(b"%3d");
    ends && is_not_made_up(found)
}

/// Whether letters and digits are mixed, as in what a generator made, and not as in a word.
pub(crate) fn is_mixed(found: &[u8]) -> bool {
    let digits = found.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = found.iter().filter(|byte| byte.is_ascii_alphabetic());
    digits >= 2 && letters.count() >= 2 && is_not_made_up(found)
}

/// Whether there is a digit: a name of a function seldom has one, 24 characters by chance nearly
/// always do.
pub(crate) fn has_digit(found: &[u8]) -> bool {
    found.iter().any(u8::is_ascii_digit) && is_not_made_up(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_counts_wherever_it_begins() {
        for at in 0..20 {
            let before = "q7".repeat(10).get(..at).unwrap().to_owned();
            for orderly in ["bcdefghi", "34567890", "zzzzzzzz"] {
                let text = format!("{before}{orderly}kQ3");
                assert!(!is_not_made_up(text.as_bytes()), "{text}");
                let less = orderly.get(1..).unwrap();
                let text = format!("{before}!{less}!Q3");
                assert!(is_not_made_up(text.as_bytes()), "{text}");
            }
            assert!(is_not_made_up(format!("{before}AAAAAAAAAA").as_bytes()));
        }
    }

    #[test]
    fn dummies_of_documentation_are_harmless() {
        for dummy in [
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "glpat-xxxxxxxxxxxxxxxxxxxx",
            "dapi1234567890abcdef1234567890abcdef",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "npm_000000000000000000000000000000000000",
        ] {
            assert!(!is_not_made_up(dummy.as_bytes()), "{dummy}");
        }
    }

    #[test]
    fn what_a_generator_made_is_not_harmless() {
        for real in [
            "q7Zk2mXw9LrT4vBn8sHd",
            "AAAAAAAAAAAAq7Zk2mXw9L",
            "abcdefg1234567",
        ] {
            assert!(is_not_made_up(real.as_bytes()), "{real}");
        }
    }

    #[test]
    fn keys_of_emulators_are_harmless() {
        let key = concat!(
            "Eby8vdM02xNOcqFlq",
            "UwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq=="
        );
        assert!(!is_not_of_an_emulator(key.as_bytes()));
    }

    #[test]
    fn a_name_has_no_digit() {
        assert!(has_digit(b"s.kQzvTmXwLrBnHs4dFgPcYjWe"));
        assert!(!has_digit(b"s.getAuthenticationTokenVal"));
    }

    #[test]
    fn a_word_is_not_mixed() {
        assert!(is_mixed(b"k3j2.q8w7e6"));
        assert!(!is_mixed(b"module.functionname"));
    }
}

//! The widest vectors that the processor has, and the search with them.

use super::literals::Literal;
use super::shorts::LONGEST_SHORT;
use super::sieve::Sieve;
use super::special::Special;
use super::{Search, avx2, avx512};

/// A search with vectors.
#[derive(Debug)]
pub(super) enum Vectors {
    Bits256(avx2::Filter),
    Bits512(avx512::Filter),
}

impl Vectors {
    /// One with at most so many bits.
    pub(super) fn new(
        most_bits: usize,
        wants: impl Fn(Special) -> bool,
        literals: &[Literal],
    ) -> Option<Self> {
        let narrow = avx2::Filter::new(wants)?;
        Some(match most_bits >= 512 && avx512::Filter::is_possible() {
            true => Self::Bits512(avx512::Filter::new(narrow, literals)),
            false => Self::Bits256(narrow),
        })
    }

    /// Shorter literals are found without the sieve.
    pub(super) fn shortest_in_sieve(&self) -> usize {
        match self {
            Self::Bits256(_) => 0,
            Self::Bits512(_) => LONGEST_SHORT + 1,
        }
    }

    /// Judges all guesses from `from` on.
    #[inline]
    pub(super) fn search(
        &self,
        sieve: &Sieve,
        text: &[u8],
        from: usize,
        search: &mut Search<'_, '_>,
    ) {
        match self {
            Self::Bits256(filter) => filter.search(sieve, text, from, search),
            Self::Bits512(filter) => filter.search(sieve, text, from, search),
        }
    }
}

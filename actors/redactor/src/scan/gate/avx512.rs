//! The search for triggers with 512-bit vectors: as with 256 bits, but literals of up to four
//! bytes have tables of their own, and places are written down by one instruction.
//!
//! Guesses are too many and never too few.

#![allow(
    unsafe_code,
    reason = "vectors are loaded and stored, and a function for AVX-512 is called"
)]
#![expect(
    clippy::missing_safety_doc,
    reason = "functions for AVX-512 are safe to call from one another; the one call from outside says why it may"
)]

use std::arch::x86_64::{
    __m512i, _mm512_add_epi8, _mm512_and_si512, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_movepi8_mask, _mm512_or_si512, _mm512_permutexvar_epi8, _mm512_set1_epi8,
    _mm512_setzero_si512, _mm512_storeu_si512, _mm512_test_epi8_mask,
};

use super::Search;
use super::avx2;
use super::guesses::{PAGE, Places};
use super::literals::Literal;
use super::shorts::{ENTRIES, Lookup, Shorts};
use super::sieve::{BLOCK, READ, Sieve};

/// What is wanted; there is one only on a processor that has all instructions of this file.
#[derive(Debug)]
pub(super) struct Filter {
    shorts: Box<Shorts>,
    narrow: avx2::Filter,
}

impl Filter {
    /// Whether the processor has what this file needs beside AVX2.
    pub(super) fn is_possible() -> bool {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
    }

    pub(super) fn new(narrow: avx2::Filter, literals: &[Literal]) -> Self {
        let shorts = Shorts::new(literals);
        Self { shorts, narrow }
    }

    /// Judges all guesses from `from` on.
    pub(super) fn search(
        &self,
        sieve: &Sieve,
        text: &[u8],
        from: usize,
        search: &mut Search<'_, '_>,
    ) {
        if Self::is_possible() {
            // SAFETY: the processor was asked just before, and for AVX2 where `narrow` was made,
            // which is the only way to one.
            unsafe { guess(self, sieve, text, from, search) }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,popcnt")]
fn guess(filter: &Filter, sieve: &Sieve, text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    let tables = Tables::load(&filter.shorts);
    let (mut longs, mut shorts) = (Places::default(), Places::default());
    let mut page = from;
    while page < text.len() {
        let end = text.len().min(page + PAGE);
        for at in (page..end).step_by(BLOCK) {
            let mut padded = [0; READ];
            let bytes = text.get(at..).and_then(<[u8]>::first_chunk::<READ>);
            let bytes = bytes.unwrap_or_else(|| avx2::pad(&mut padded, text, at));
            let valid = u64::MAX >> BLOCK.saturating_sub(text.len() - at);
            add(&mut longs, avx2::windows(sieve, bytes) & valid, at - page);
            add(&mut shorts, tables.guess(bytes) & valid, at - page);
            let specials = avx2::both(&filter.narrow, bytes, text, at) & valid;
            avx2::judge(specials, at, Search::special_by_byte, search);
        }
        let rest = text.get(page..).unwrap_or_default();
        for place in longs.settle(rest, |eight| sieve.is_likely(eight)) {
            search.long(page + usize::from(*place));
        }
        for place in shorts.settle(rest, |eight| filter.shorts.are_likely(eight)) {
            search.short(page + usize::from(*place));
        }
        page = end;
    }
}

/// Notes a place for each bit; `at` is that of the first one.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn add(places: &mut Places, mask: u64, at: usize) {
    let all = _mm512_maskz_compress_epi8(mask, load(&NUMBERS));
    let first = _mm512_set1_epi8(((at & (PAGE - 1)) as u8).cast_signed());
    if let Some(free) = places.free() {
        store(free, _mm512_add_epi8(all, first));
    }
    places.took(mask.count_ones() as usize);
}

/// 0, 1, 2 and so on.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "64 numbers below 64; nothing else is const"
)]
const NUMBERS: [u8; BLOCK] = {
    let mut numbers = [0; BLOCK];
    let mut at = 0;
    while at < BLOCK {
        numbers[at] = at as u8;
        at += 1;
    }
    numbers
};

/// The tables of short literals, each in one vector.
struct Tables {
    three: [__m512i; 3],
    four: [[__m512i; 4]; 2],
}

impl Tables {
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn load(shorts: &Shorts) -> Self {
        let [first, second] = &shorts.four;
        Self {
            three: vectors(&shorts.three),
            four: [vectors(first), vectors(second)],
        }
    }

    /// The places among 64 where a short literal may begin.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn guess(&self, bytes: &[u8; READ]) -> u64 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| {
            let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
            bytes.map_or(_mm512_setzero_si512(), |bytes| load(bytes))
        });
        let [first, second] = self.four.map(|[ta, tb, tc, td]| {
            let front = groups([ta, tb], [a, b]);
            _mm512_and_si512(front, groups([tc, td], [c, d]))
        });
        let [ta, tb, tc] = self.three;
        let three = _mm512_and_si512(groups([ta, tb], [a, b]), _mm512_permutexvar_epi8(c, tc));
        let any = _mm512_or_si512(_mm512_or_si512(first, second), three);
        // Bytes beyond ASCII would be taken for others, and no literal begins with one.
        _mm512_test_epi8_mask(any, any) & !_mm512_movepi8_mask(a)
    }
}

/// The groups that go with two bytes that follow each other.
#[inline]
#[target_feature(enable = "avx512f,avx512vbmi")]
fn groups([first, second]: [__m512i; 2], [a, b]: [__m512i; 2]) -> __m512i {
    _mm512_and_si512(
        _mm512_permutexvar_epi8(a, first),
        _mm512_permutexvar_epi8(b, second),
    )
}

#[inline]
#[target_feature(enable = "avx512f")]
fn vectors<const PLACES: usize>(lookup: &Lookup<PLACES>) -> [__m512i; PLACES] {
    lookup.each_ref().map(|table| load(table))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(bytes: &[u8; ENTRIES]) -> __m512i {
    // SAFETY: 64 bytes are borrowed, which is what is read, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(bytes: &mut [u8; BLOCK], vector: __m512i) {
    // SAFETY: 64 bytes are borrowed, which is what is written, and the store asks for no
    // alignment.
    unsafe { _mm512_storeu_si512(std::ptr::from_mut(bytes).cast(), vector) }
}

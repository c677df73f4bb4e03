//! Which bytes of a text come once, twice and three times; with vectors where the processor has
//! them.
//!
//! Without jumps: which byte comes next in a random text, no processor foresees.

#![allow(unsafe_code, reason = "functions for AVX2 and AVX-512 are called")]
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        clippy::missing_safety_doc,
        reason = "functions for AVX2 are safe to call from one another; the calls from outside say why they may"
    )
)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256i, _mm_cvtsi64_si128, _mm_srli_si128, _mm256_and_si256, _mm256_cvtepu8_epi64,
    _mm256_extract_epi64, _mm256_or_si256, _mm256_permute4x64_epi64, _mm256_set1_epi64x,
    _mm256_setzero_si256, _mm256_shuffle_epi32, _mm256_sllv_epi64, _mm512_and_si512,
    _mm512_cvtepu8_epi64, _mm512_extracti64x4_epi64, _mm512_or_si512, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_sllv_epi64,
};

/// Bytes that are counted side by side.
const LANES: usize = 8;

/// How many bytes come at least once, twice and three times, by their six lower bits: a few that
/// are different count as the same, and of up to seven at the end it is only known that they come.
pub(super) type Times = [u32; 3];

/// The lower bits of eight bytes.
const LOW: u64 = 0x3F3F_3F3F_3F3F_3F3F;

/// How often the bytes of a text of at least eight come.
#[inline]
pub(super) fn times(text: &[u8]) -> Option<Times> {
    let last = text.last_chunk()?;
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor was asked just before for all of its features.
            return Some(unsafe { with_avx512(text, last) });
        }
        // SAFETY: the processor was asked just before for both of its features.
        return Some(unsafe { with_avx2(text, last) });
    }
    Some(in_words(text, last))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,popcnt")]
fn with_avx512(text: &[u8], last: &[u8; LANES]) -> Times {
    let one = _mm512_set1_epi64(1);
    let [mut once, mut twice, mut thrice] = [_mm512_setzero_si512(); 3];
    let seen = |bytes: &[u8; LANES]| {
        let low = u64::from_le_bytes(*bytes) & LOW;
        _mm512_sllv_epi64(
            one,
            _mm512_cvtepu8_epi64(_mm_cvtsi64_si128(low.cast_signed())),
        )
    };
    for bytes in text.as_chunks().0 {
        let seen = seen(bytes);
        thrice = _mm512_or_si512(thrice, _mm512_and_si512(twice, seen));
        twice = _mm512_or_si512(twice, _mm512_and_si512(once, seen));
        once = _mm512_or_si512(once, seen);
    }
    let all = [once, twice, thrice];
    let first = all.map(|own| _mm512_extracti64x4_epi64::<0>(own));
    let second = all.map(|own| _mm512_extracti64x4_epi64::<1>(own));
    let all = quarters(both(first, second));
    counted(all, last)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn with_avx2(text: &[u8], last: &[u8; LANES]) -> Times {
    let one = _mm256_set1_epi64x(1);
    let [mut once, mut twice, mut thrice] = [_mm256_setzero_si256(); 3];
    for bytes in text.as_chunks::<LANES>().0 {
        let low = _mm_cvtsi64_si128((u64::from_le_bytes(*bytes) & LOW).cast_signed());
        for four in [low, _mm_srli_si128::<4>(low)] {
            let seen = _mm256_sllv_epi64(one, _mm256_cvtepu8_epi64(four));
            thrice = _mm256_or_si256(thrice, _mm256_and_si256(twice, seen));
            twice = _mm256_or_si256(twice, _mm256_and_si256(once, seen));
            once = _mm256_or_si256(once, seen);
        }
    }
    counted(quarters([once, twice, thrice]), last)
}

/// How often bytes come in each lane of two together.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn both([a1, a2, a3]: [__m256i; 3], [b1, b2, b3]: [__m256i; 3]) -> [__m256i; 3] {
    let twice = _mm256_or_si256(_mm256_or_si256(a2, b2), _mm256_and_si256(a1, b1));
    let third = _mm256_or_si256(_mm256_and_si256(a2, b1), _mm256_and_si256(a1, b2));
    let thrice = _mm256_or_si256(_mm256_or_si256(a3, b3), third);
    [_mm256_or_si256(a1, b1), twice, thrice]
}

/// All four lanes together.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn quarters(four: [__m256i; 3]) -> [u64; 3] {
    let halves = four.map(|own| _mm256_permute4x64_epi64::<0b0100_1110>(own));
    let two = both(four, halves);
    let halves = two.map(|own| _mm256_shuffle_epi32::<0b0100_1110>(own));
    both(two, halves).map(|own| _mm256_extract_epi64::<0>(own).cast_unsigned())
}

/// The same for every processor.
fn in_words(text: &[u8], last: &[u8; LANES]) -> Times {
    let [mut once, mut twice, mut thrice] = [0; 3];
    for bytes in text.as_chunks::<LANES>().0 {
        for byte in bytes {
            let seen = 1 << (byte & 63);
            thrice |= twice & seen;
            twice |= once & seen;
            once |= seen;
        }
    }
    counted([once, twice, thrice], last)
}

/// How many there are, with the last ones, of which some were seen before.
#[inline(always)]
fn counted([once, twice, thrice]: [u64; 3], last: &[u8; LANES]) -> Times {
    let last = last.iter().map(|byte| 1 << (byte & 63));
    let once = last.fold(once, |all, seen: u64| all | seen);
    [once, twice, thrice].map(u64::count_ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_up_to_three() {
        assert_eq!(times(b"abbcccdd"), Some([4, 3, 1]));
        assert_eq!(times(b"abbcccdde"), Some([5, 3, 1]));
        assert_eq!(times(b"abbcccd"), None);
    }

    #[test]
    fn all_processors_count_the_same() {
        let text: Vec<u8> = (0..200_u32).map(|n| (n * n % 251) as u8).collect();
        for len in 8..text.len() {
            let text = &text[..len];
            let expected = in_words(text, text.last_chunk().unwrap());
            assert_eq!(times(text), Some(expected), "{len}");
        }
    }
}

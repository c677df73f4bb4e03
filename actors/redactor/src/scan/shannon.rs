//! How evenly the bytes of a finding are spread.

use super::gate::times;

/// Bytes that are counted; what follows says little more.
const COUNTED: usize = 256;

/// How often the same byte may come among them, and never.
const COUNTS: usize = COUNTED + 1;

/// Bits of a fraction in sums of logarithms.
const FRACTION: u32 = 32;

/// By how much a count times its logarithm grows when the count does.
///
/// Whole numbers, so that a sum of growths is exactly what it is a sum of.
static GROWTH: [u64; COUNTED] = growth();

/// A count times its logarithm, by the count.
static TIMES_LOG: [u64; COUNTS] = times_log();

/// Less than this is an error of rounding.
const NOTHING: f64 = 1e-6;

/// Whether the bytes have at least so many bits of Shannon entropy each, in the first 256.
pub(crate) fn has_entropy(bytes: &[u8], floor: f32) -> bool {
    let counted = bytes.get(..COUNTED).unwrap_or(bytes);
    let least = times_floor(counted.len(), floor);
    !counted.is_empty() && (is_sure(counted, least) || is_so(counted, least))
}

/// So many bits for so many bytes.
#[expect(clippy::cast_precision_loss, reason = "at most 256")]
fn times_floor(count: usize, floor: f32) -> f64 {
    f64::from(floor) * count as f64 - NOTHING
}

/// Bits that a sum of products of counts and their logarithms is less than that of all of them.
#[expect(
    clippy::cast_precision_loss,
    reason = "sums of 256 logarithms have 44 bits"
)]
fn bits(all: usize, known: u64) -> f64 {
    times_log_of(all).saturating_sub(known) as f64 / (1_u64 << FRACTION) as f64
}

/// More than all errors of rounding.
const MARGIN: f64 = 1e-3;

/// Whether there are so many different bytes that their counts do not matter, as in nearly all that
/// is random. Of each byte it is known whether it comes at least once, twice or three times. The
/// least bits are those that there are when all others are the same.
#[inline]
fn is_sure(counted: &[u8], least: f64) -> bool {
    let Some(times) = times(counted) else {
        return false;
    };
    let others = times.map(|count| (count as usize).saturating_sub(1));
    let known: usize = others.iter().sum();
    let [_, twos, threes] = others;
    let most = counted.len().saturating_sub(known);
    let known = times_log_of(most)
        + threes as u64 * times_log_of(3)
        + twos.saturating_sub(threes) as u64 * times_log_of(2);
    bits(counted.len(), known) >= least + MARGIN
}

/// A count times its logarithm; of no more than are counted.
#[inline]
fn times_log_of(count: usize) -> u64 {
    TIMES_LOG.get(count).copied().unwrap_or(0)
}

/// The same by counting all of them.
#[inline(never)]
fn is_so(counted: &[u8], least: f64) -> bool {
    // The last of 256 equal bytes grows a count that nobody asks for any more.
    let mut counts = [0_u8; 256];
    let grown = counted.iter().map(|byte| count(&mut counts, *byte));
    bits(counted.len(), grown.sum()) >= least
}

/// Counts a byte, and says by how much its count times the logarithm of that grows.
#[inline(always)]
fn count(counts: &mut [u8; 256], byte: u8) -> u64 {
    let Some(count) = counts.get_mut(usize::from(byte)) else {
        return 0;
    };
    let growth = GROWTH.get(usize::from(*count)).copied().unwrap_or(0);
    *count = count.wrapping_add(1);
    growth
}

#[expect(
    clippy::indexing_slicing,
    reason = "as many growths as counts; `get` is not const"
)]
const fn growth() -> [u64; COUNTED] {
    let times = times_log();
    let mut table = [0; COUNTED];
    let mut count = 0;
    while count < COUNTED {
        table[count] = times[count + 1] - times[count];
        count += 1;
    }
    table
}

#[expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts up to 256, whose logarithms are not negative; `get` is not const"
)]
const fn times_log() -> [u64; COUNTS] {
    let mut table = [0; COUNTS];
    let mut count = 1;
    while count < COUNTS {
        let exact = count as f64 * log2(count as f64) * (1_u64 << FRACTION) as f64;
        table[count] = (exact + 0.5) as u64;
        count += 1;
    }
    table
}

/// The logarithm of a number from 1 on, digit by digit: each squaring doubles it.
const fn log2(mut number: f64) -> f64 {
    let mut log = 0.0;
    while number >= 2.0 {
        number /= 2.0;
        log += 1.0;
    }
    let mut digit = 0.5;
    let mut left = 50;
    while left > 0 {
        number *= number;
        if number >= 2.0 {
            number /= 2.0;
            log += digit;
        }
        digit /= 2.0;
        left -= 1;
    }
    log
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bits per byte, by the book.
    #[expect(clippy::cast_precision_loss, reason = "at most 256")]
    fn entropy(bytes: &[u8]) -> f32 {
        let counted = bytes.get(..COUNTED).unwrap_or(bytes);
        let count = |byte: u8| counted.iter().filter(|other| **other == byte).count();
        let share = |count: usize| count as f32 / counted.len() as f32;
        let counts = (0..=u8::MAX).map(count).filter(|count| *count > 0);
        counts
            .map(|count| -share(count) * share(count).log2())
            .sum()
    }

    #[test]
    fn entropy_counts_bits_per_byte() {
        for (text, bits) in [
            ("aaaaaaaa", 0.0),
            ("abababab", 1.0),
            ("0123456789abcdef", 4.0),
        ] {
            assert!(has_entropy(text.as_bytes(), bits), "{text}");
            assert!(!has_entropy(text.as_bytes(), bits + 0.01), "{text}");
        }
        assert!(!has_entropy(b"", 0.1));
    }

    #[test]
    fn entropy_is_that_of_the_book() {
        let mut state = 7_u32;
        for len in 1..400 {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8 % (1 + (len % 80) as u8)
            };
            let bytes: Vec<u8> = (0..len).map(|_| next()).collect();
            let bits = entropy(&bytes);
            assert!(has_entropy(&bytes, bits - 1e-4), "{bytes:?}");
            assert!(!has_entropy(&bytes, bits + 1e-4), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sure_is_so(text in "([a-e]{0,40}|[0-9a-f]{0,40}|[!-~é]{0,40}){1,8}", floor in 0.0_f32..6.0) {
            let counted = text.as_bytes().get(..COUNTED).unwrap_or(text.as_bytes());
            let least = times_floor(counted.len(), floor);
            prop_assert!(is_so(counted, least) || !is_sure(counted, least), "{}", text);
        }
    }

    #[test]
    fn random_bytes_are_sure() {
        for text in [
            "aB1cD2eF3gH4iJ5k",
            "9f86d081884c7d659a2feaa0c55ad015",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ] {
            let least = times_floor(text.len(), 2.5);
            assert!(is_sure(text.as_bytes(), least), "{text}");
        }
    }

    #[test]
    fn only_the_beginning_counts() {
        let mut long = vec![b'a'; 256];
        long.extend(b"0123456789");
        assert!(!has_entropy(&long, 0.001));
    }
}

//! How evenly the bytes of a finding are spread.

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
#[expect(
    clippy::cast_precision_loss,
    reason = "sums of 256 logarithms have 44 bits, and counts have nine"
)]
pub(crate) fn has_entropy(bytes: &[u8], floor: f32) -> bool {
    let counted = bytes.get(..COUNTED).unwrap_or(bytes);
    // The last of 256 equal bytes grows a count that nobody asks for any more.
    let mut counts = [0_u8; 256];
    let mut known = 0;
    let (eights, rest) = counted.as_chunks::<8>();
    for eight in eights {
        for byte in eight {
            known += count(&mut counts, *byte);
        }
    }
    for byte in rest {
        known += count(&mut counts, *byte);
    }
    let all = TIMES_LOG.get(counted.len()).copied().unwrap_or(0);
    let least = f64::from(floor) * counted.len() as f64 - NOTHING;
    let bits = all.saturating_sub(known) as f64 / (1_u64 << FRACTION) as f64;
    !counted.is_empty() && bits >= least
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

    #[test]
    fn only_the_beginning_counts() {
        let mut long = vec![b'a'; 256];
        long.extend(b"0123456789");
        assert!(!has_entropy(&long, 0.001));
    }
}

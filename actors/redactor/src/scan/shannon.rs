//! How evenly the bytes of a finding are spread.

/// Bytes that are counted; what follows says little more.
const COUNTED: usize = 256;

/// Bits of Shannon entropy per byte, of the first 256 bytes; 0 for none.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts up to 256 are exact in 32 bits"
)]
pub(crate) fn entropy(bytes: &[u8]) -> f32 {
    let counted = bytes.get(..COUNTED).unwrap_or(bytes);
    let mut counts = [0_u16; 256];
    for byte in counted {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let len = counted.len() as f32;
    let bits = |count: &u16| {
        let share = f32::from(*count) / len;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_counts_bits_per_byte() {
        assert!(entropy(b"").abs() < f32::EPSILON);
        assert!(entropy(b"aaaaaaaa").abs() < f32::EPSILON);
        assert!((entropy(b"abababab") - 1.0).abs() < 1e-6);
        assert!((entropy(b"0123456789abcdef") - 4.0).abs() < 1e-6);
    }

    #[test]
    fn only_the_beginning_counts() {
        let mut long = vec![b'a'; 256];
        long.extend(b"0123456789");
        assert!(entropy(&long).abs() < f32::EPSILON);
    }
}

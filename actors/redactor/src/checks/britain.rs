//! Numbers of the United Kingdom.

use super::digits::{characters, digits, is_one_digit};
use super::sums::{complement, weighted};

/// Whether an NHS number is right: weights 10 to 2, modulus 11.
///
/// # Source
/// NHS Data Model and Dictionary, attribute NHS NUMBER.
pub(crate) fn nhs_number(found: &[u8]) -> bool {
    digits::<10>(found).is_some_and(|number| {
        let sum = weighted(&number, &[10, 9, 8, 7, 6, 5, 4, 3, 2]);
        !is_one_digit(&number) && complement(sum, 11) == u32::from(number[9])
    })
}

/// Whether a National Insurance number has a prefix that is given out and a suffix from A to D;
/// it has no check digit.
///
/// # Source
/// HMRC, National Insurance Manual, NIM39110.
pub(crate) fn national_insurance(found: &[u8]) -> bool {
    let Some([first, second, body @ .., suffix]) = characters::<9>(found) else {
        return false;
    };
    let never = b"DFIQUV";
    let is_free = |letter: u8| letter.is_ascii_uppercase() && !never.contains(&letter);
    let is_unused = matches!(
        &[first, second],
        b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
    );
    is_free(first)
        && is_free(second)
        && second != b'O'
        && !is_unused
        && body.iter().all(u8::is_ascii_digit)
        && matches!(suffix, b'A'..=b'D')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_numbers_keep_their_check_digit() {
        assert!(nhs_number(b"943 476 5919"));
        assert!(!nhs_number(b"943 476 5918"));
        assert!(!nhs_number(b"000 000 0000"));
    }

    #[test]
    fn prefixes_that_nobody_has_are_no_insurance_numbers() {
        assert!(national_insurance(b"AB 12 34 56 C"));
        for number in [
            "DA123456C",
            "AO123456C",
            "GB123456C",
            "AB123456E",
            "AB12345XC",
        ] {
            assert!(!national_insurance(number.as_bytes()), "{number}");
        }
    }
}

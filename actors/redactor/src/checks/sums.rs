//! The algorithms behind check digits.

/// Whether the last digit is right by the Luhn formula.
///
/// # Source
/// ISO/IEC 7812-1, annex B.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit < 5 { digit * 2 } else { digit * 2 - 9 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            u32::from(if place % 2 == 0 {
                *digit
            } else {
                doubled(*digit)
            })
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The sum of each digit times its weight; digits without a weight do not count.
pub(crate) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    let products = digits.iter().zip(weights);
    products
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum()
}

/// What brings a sum to the next multiple of `modulus`.
pub(crate) fn complement(sum: u32, modulus: u32) -> u32 {
    (modulus - sum % modulus) % modulus
}

/// Whether letters and digits leave the remainder 1 by 97, read from `first` on and round again:
/// ISO 7064 MOD 97-10 with the letters A to Z as 10 to 35.
///
/// # Source
/// ISO 13616-1, section 6: an IBAN is read from its fifth character on.
pub(crate) fn mod_97_10(characters: impl Iterator<Item = u8>) -> bool {
    let next = |rest: u32, byte: u8| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => 0,
    };
    characters.fold(0, next) == 1
}

/// Whether the last digit is right by ISO 7064 MOD 11,10.
pub(crate) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let next = |product: u32, digit: &u8| {
        let sum = (product + u32::from(*digit)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    };
    (body.iter().fold(10, next) + u32::from(*check)) % 10 == 1
}

/// Whether a number whose last value may be 10 (written `X`) is right by ISO 7064 MOD 11-2.
pub(crate) fn mod_11_2(values: &[u8]) -> bool {
    let next = |rest: u32, value: &u8| (rest * 2 + u32::from(*value)) % 11;
    values.iter().fold(0, next) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn the_luhn_check_finds_one_wrong_digit_and_two_swapped() {
        assert!(luhn(&digits("79927398713")));
        assert!(!luhn(&digits("79927398710")));
        assert!(!luhn(&digits("79927389713")));
    }

    #[test]
    fn published_examples_of_iso_7064_are_right() {
        // MOD 11,10: the example of the standard, 0794 with check digit 5.
        assert!(mod_11_10(&digits("07945")));
        assert!(!mod_11_10(&digits("07954")));
        // MOD 11-2: the example of the standard, 0794 with check digit 0; an ORCID that ends in X.
        assert!(mod_11_2(&digits("07940")));
        let mut orcid = digits("000000021694233");
        orcid.push(10);
        assert!(mod_11_2(&orcid));
        // MOD 97-10: 794 with check digits 44.
        assert!(mod_97_10("79444".bytes()));
        assert!(!mod_97_10("79445".bytes()));
    }
}

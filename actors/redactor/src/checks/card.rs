//! Payment cards.

use super::sums::luhn;

/// Whether a number may be that of a payment card: its issuer gives out numbers of this length,
/// and its check digit is right.
///
/// # Source
/// ISO/IEC 7812-1, annex B (check digit) and the issuers' own ranges of numbers.
pub(crate) fn card(found: &[u8]) -> bool {
    let mut digits = [0; 19];
    let mut count = 0;
    for byte in found.iter().filter(|byte| byte.is_ascii_digit()) {
        let Some(place) = digits.get_mut(count) else {
            return false;
        };
        *place = byte - b'0';
        count += 1;
    }
    let digits = digits.get(..count).unwrap_or_default();
    is_of_an_issuer(digits) && luhn(digits)
}

fn is_of_an_issuer(digits: &[u8]) -> bool {
    let prefix = digits.iter().take(4);
    let prefix = prefix.fold(0, |sum: u32, digit| sum * 10 + u32::from(*digit));
    match digits.len() {
        13 => is_visa(prefix),
        14 => is_diners(prefix),
        15 => matches!(prefix, 3400..=3499 | 3700..=3799),
        16 => is_visa(prefix) || is_of_sixteen(prefix) || is_maestro(prefix),
        18 => is_maestro(prefix),
        19 => is_visa(prefix) || is_of_nineteen(prefix) || is_maestro(prefix),
        _ => false,
    }
}

fn is_visa(prefix: u32) -> bool {
    matches!(prefix, 4000..=4999)
}

fn is_diners(prefix: u32) -> bool {
    matches!(prefix, 3000..=3059 | 3095 | 3600..=3699 | 3800..=3999)
}

/// Mastercard, Discover, JCB, UnionPay, Mir, RuPay, Diners and Troy.
fn is_of_sixteen(prefix: u32) -> bool {
    let mastercard = matches!(prefix, 5100..=5599 | 2221..=2720);
    let discover = matches!(prefix, 6011 | 6440..=6499 | 6500..=6599);
    let others = matches!(
        prefix,
        3528..=3589 | 6200..=6299 | 8100..=8199 | 2200..=2204 | 6069..=6089 | 5080..=5089
            | 3000..=3059 | 3600..=3699 | 3800..=3999 | 9792
    );
    mastercard || discover || others
}

/// UnionPay and Discover.
fn is_of_nineteen(prefix: u32) -> bool {
    matches!(prefix, 6200..=6299 | 6011 | 6440..=6499 | 6500..=6599)
}

fn is_maestro(prefix: u32) -> bool {
    matches!(
        prefix,
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 | 6771
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_networks_publish_for_tests_are_cards() {
        for number in [
            "4111 1111 1111 1111",
            "4222222222222",
            "5555-5555-5555-4444",
            "2223 0031 2200 3222",
            "3782 822463 10005",
            "371449635398431",
            "3056 930902 5904",
            "6011111111111117",
            "3530 1113 3330 0000",
            "6205500000000000004",
            "6759649826438453",
        ] {
            assert!(card(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn a_wrong_check_digit_length_or_issuer_is_no_card() {
        for number in [
            "4111 1111 1111 1112",
            "41111111111111",
            "1111111111111117",
            "0000000000000000",
            "41111111111111111111",
            "",
        ] {
            assert!(!card(number.as_bytes()), "{number}");
        }
    }
}

//! Second looks: checksums and shapes that a pattern cannot express.

/// Whether a payment card number passes the Luhn check.
///
/// # Source
/// ISO/IEC 7812-1, annex B.
pub(super) fn luhn(found: &[u8]) -> bool {
    let digits = found.iter().rev().filter(|byte| byte.is_ascii_digit());
    let sum: u32 = digits
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit @ 0..=4) => digit * 2,
                (_, digit) => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a US social security number may have been given out.
///
/// # Source
/// SSA, "Social Security Number Randomization": area never 000, 666 or 900 to 999, group never
/// 00, serial never 0000.
pub(super) fn social_security_number(found: &[u8]) -> bool {
    let mut parts = found.split(|byte| !byte.is_ascii_digit());
    let (area, group, serial) = (parts.next(), parts.next(), parts.next());
    let area_given =
        area.is_some_and(|area| !matches!(area, b"000" | b"666") && area.first() != Some(&b'9'));
    area_given && group != Some(b"00") && serial != Some(b"0000")
}

/// Whether a number with a leading `+` has as many digits as a phone number may.
///
/// # Source
/// ITU-T E.164: at most 15 digits; fewer than 8 are not in use across borders.
pub(super) fn phone(found: &[u8]) -> bool {
    let digits = found.iter().filter(|byte| byte.is_ascii_digit()).count();
    (8..=15).contains(&digits)
}

/// Whether an assigned value is one, and not a place to put one: `${TOKEN}`, `<token>`, `%s`.
pub(super) fn not_a_placeholder(found: &[u8]) -> bool {
    let opens = found.first().is_some_and(|byte| b"$<{%[".contains(byte));
    let repeats = found.iter().all(|byte| Some(byte) == found.first());
    !opens && !repeats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_fails_the_luhn_check() {
        assert!(luhn(b"4111 1111 1111 1111"));
        assert!(luhn(b"378282246310005"));
        assert!(!luhn(b"4111 1111 1111 1112"));
    }

    #[test]
    fn numbers_that_were_never_given_out_are_no_findings() {
        assert!(social_security_number(b"219-09-9999"));
        for never in [
            "000-12-3456",
            "666-12-3456",
            "912-12-3456",
            "219-00-3456",
            "219-12-0000",
        ] {
            assert!(!social_security_number(never.as_bytes()), "{never}");
        }
    }

    #[test]
    fn places_for_values_are_not_values() {
        for place in [
            "${TOKEN}",
            "<your token>",
            "{{ token }}",
            "%(token)s",
            "******",
            "[REDACTED]",
        ] {
            assert!(!not_a_placeholder(place.as_bytes()), "{place}");
        }
        assert!(not_a_placeholder(b"correct horse"));
    }
}

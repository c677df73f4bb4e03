//! Taking a number as it is written apart into digits and letters.

/// The digits of a number of exactly `N` digits, whatever separators stand between them; nothing
/// if it has letters or another length.
pub(crate) fn digits<const N: usize>(found: &[u8]) -> Option<[u8; N]> {
    digit_values(characters(found)?)
}

/// The ASCII letters and digits of a number that has exactly `N` of them.
pub(crate) fn characters<const N: usize>(found: &[u8]) -> Option<[u8; N]> {
    let mut characters = [0; N];
    let mut places = characters.iter_mut();
    for byte in found.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        *places.next()? = *byte;
    }
    places.next().is_none().then_some(characters)
}

/// The value of ASCII digits; nothing if one of them is something else.
pub(crate) fn digit_values<const N: usize>(characters: [u8; N]) -> Option<[u8; N]> {
    let values = characters.map(|byte| byte.wrapping_sub(b'0'));
    values.iter().all(|value| *value < 10).then_some(values)
}

/// The number that these digits write.
pub(crate) fn value(digits: &[u8]) -> u64 {
    let next = |sum: u64, digit: &u8| sum.wrapping_mul(10).wrapping_add(u64::from(*digit));
    digits.iter().fold(0, next)
}

/// Whether a number is one digit again and again, as nobody's number is.
pub(crate) fn is_one_digit(digits: &[u8]) -> bool {
    digits.iter().all(|digit| Some(digit) == digits.first())
}

/// Whether a year may have this month and day; the year is only asked about 29 February, and a
/// year of two digits is taken for a leap year if it may be one in any century.
pub(crate) fn is_date(year: u64, month: u64, day: u64) -> bool {
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether six digits are a day, month and year.
pub(crate) fn is_day_month_year(digits: &[u8]) -> bool {
    matches!(*digits, [a, b, c, d, e, f]
        if is_date(value(&[e, f]), value(&[c, d]), value(&[a, b])))
}

/// Whether six digits are a year, month and day.
pub(crate) fn is_year_month_day(digits: &[u8]) -> bool {
    matches!(*digits, [a, b, c, d, e, f]
        if is_date(value(&[a, b]), value(&[c, d]), value(&[e, f])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_do_not_count_and_letters_are_no_digits() {
        assert_eq!(digits::<4>(b"1-2.3 4"), Some([1, 2, 3, 4]));
        assert_eq!(digits::<4>(b"123"), None);
        assert_eq!(digits::<4>(b"12345"), None);
        assert_eq!(digits::<4>(b"123A"), None);
        assert_eq!(characters::<4>(b"12-3A"), Some(*b"123A"));
    }

    #[test]
    fn months_end_when_they_do() {
        assert!(is_year_month_day(&[0, 0, 0, 2, 2, 9]));
        assert!(!is_year_month_day(&[0, 1, 0, 2, 2, 9]));
        assert!(is_day_month_year(&[3, 1, 1, 2, 9, 9]));
        assert!(!is_day_month_year(&[3, 1, 1, 1, 9, 9]));
        assert!(!is_day_month_year(&[0, 0, 1, 1, 9, 9]));
    }
}

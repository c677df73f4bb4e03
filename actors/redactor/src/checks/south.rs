//! Numbers of people in Australia and South Africa.

use super::digits::{digits, is_one_digit, is_year_month_day};
use super::sums::{luhn, weighted};

/// Whether an Australian tax file number is right.
///
/// # Source
/// Australian Taxation Office: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulus 11.
pub(crate) fn australia_tax_file(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| {
        let sum = weighted(&number, &[1, 4, 3, 7, 5, 8, 6, 9, 10]);
        !is_one_digit(&number) && sum.is_multiple_of(11)
    })
}

/// Whether an Australian Medicare card number is right; its last digit is that of the issue.
///
/// # Source
/// Services Australia: begins with 2 to 6; weights 1, 3, 7, 9, 1, 3, 7, 9, modulus 10.
pub(crate) fn australia_medicare(found: &[u8]) -> bool {
    digits::<10>(found).is_some_and(|number| {
        let sum = weighted(&number, &[1, 3, 7, 9, 1, 3, 7, 9]);
        (2..=6).contains(&number[0]) && number[9] != 0 && sum % 10 == u32::from(number[8])
    })
}

/// Whether a South African identity number is right.
///
/// Thirteen bare digits that begin with 1 are times in milliseconds far more often than people
/// born in the 1910s, and are none.
///
/// # Source
/// Department of Home Affairs: date of birth, sequence, citizenship 0 to 2, Luhn.
pub(crate) fn south_africa_identity(found: &[u8]) -> bool {
    digits::<13>(found).is_some_and(|number| {
        let is_born = number
            .first_chunk::<6>()
            .is_some_and(|day| is_year_month_day(day));
        let is_time = found.len() == 13 && number[0] == 1;
        is_born && number[10] <= 2 && !is_time && luhn(&number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 3] = [
            (australia_tax_file, "123 456 782", "123 456 783"),
            (australia_medicare, "2123 45670 1", "2123 45671 1"),
            (south_africa_identity, "7503305044089", "7503305044088"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

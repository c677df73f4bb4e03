//! Numbers of people between the Netherlands and Romania.

use super::digits::{digits, is_date, is_one_digit, value};
use super::sums::{complement, mod_11_10, weighted};

/// Whether a German tax identification number is right.
///
/// Of its first ten digits exactly one stands there twice or three times.
///
/// # Source
/// BZSt, "Steuerliche Identifikationsnummer"; ISO 7064 MOD 11,10.
pub(crate) fn germany_tax(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let body = number.first_chunk::<10>().copied().unwrap_or_default();
        let times = |digit: u8| body.iter().filter(|other| **other == digit).count();
        let repeated = (0..10).filter(|digit| times(*digit) > 1).count();
        let is_mixed = repeated == 1 && (0..10).all(|digit| times(digit) <= 3);
        body[0] != 0 && is_mixed && mod_11_10(&number)
    })
}

/// Whether a Croatian OIB is right.
///
/// # Source
/// Porezna uprava, OIB; ISO 7064 MOD 11,10.
pub(crate) fn croatia_oib(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| !is_one_digit(&number) && mod_11_10(&number))
}

/// Whether a Swiss AHV number is right.
///
/// # Source
/// Central Compensation Office, AHVN13: country 756, EAN-13 check digit.
pub(crate) fn switzerland_ahv(found: &[u8]) -> bool {
    digits::<13>(found).is_some_and(|number| {
        let sum = weighted(&number, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
        number.starts_with(&[7, 5, 6]) && complement(sum, 10) == u32::from(number[12])
    })
}

/// Whether a Dutch citizen service number is right.
///
/// # Source
/// Rijksdienst voor Identiteitsgegevens: the test by eleven, the last digit counting -1.
pub(crate) fn netherlands_citizen(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| {
        let sum = weighted(&number, &[9, 8, 7, 6, 5, 4, 3, 2]);
        !is_one_digit(&number) && sum % 11 == u32::from(number[8])
    })
}

/// Whether a Belgian national number is right; for people born since 2000 a 2 is put before it.
///
/// # Source
/// Royal decree of 3 April 1984, article 4: 97 less the remainder by 97.
pub(crate) fn belgium_national(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let [y0, y1, m0, m1, d0, d1, ..] = number;
        let (body, check) = number.split_at(9);
        // The month of those without a known day, or of the "bis" register, is 20 or 40 more.
        let month = value(&[m0, m1]) % 20;
        let is_born = is_date(value(&[y0, y1]), month, value(&[d0, d1]));
        let is_right = |body: u64| 97 - body % 97 == value(check);
        is_born && (is_right(value(body)) || is_right(2_000_000_000 + value(body)))
    })
}

/// Whether a Polish PESEL is right; the century is in its month.
///
/// # Source
/// Ustawa o ewidencji ludności, article 15: weights 1, 3, 7, 9.
pub(crate) fn poland_pesel(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let [y0, y1, m0, m1, d0, d1, ..] = number;
        let is_born = is_date(value(&[y0, y1]), value(&[m0, m1]) % 20, value(&[d0, d1]));
        let sum = weighted(&number, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
        is_born && complement(sum, 10) == u32::from(number[10])
    })
}

/// Whether a Czech or Slovak birth number is right.
///
/// # Source
/// Act 133/2000 Sb., section 13: divisible by 11; months of women are 50 more, either 20 more.
pub(crate) fn czech_birth(found: &[u8]) -> bool {
    digits::<10>(found).is_some_and(|number| {
        let [y0, y1, m0, m1, d0, d1, ..] = number;
        let month = value(&[m0, m1]) % 50;
        let month = if month > 20 { month - 20 } else { month };
        is_date(value(&[y0, y1]), month, value(&[d0, d1])) && value(&number).is_multiple_of(11)
    })
}

/// Whether a Romanian personal numeric code is right.
///
/// # Source
/// Legea 105/1996: weights 2 7 9 1 4 6 3 5 8 2 7 9, remainder by 11, 10 counting as 1.
pub(crate) fn romania_personal(found: &[u8]) -> bool {
    digits::<13>(found).is_some_and(|number| {
        let [sex, y0, y1, m0, m1, d0, d1, ..] = number;
        let is_born = is_date(value(&[y0, y1]), value(&[m0, m1]), value(&[d0, d1]));
        let rest = weighted(&number, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        let expected = if rest == 10 { 1 } else { rest };
        sex != 0 && is_born && expected == u32::from(number[12])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 9] = [
            (germany_tax, "36 574 261 809", "36 574 261 890"),
            (croatia_oib, "33392005961", "33392005962"),
            (switzerland_ahv, "756.9217.0769.85", "756.9217.0769.84"),
            (netherlands_citizen, "111222333", "111252333"),
            (belgium_national, "85.07.30-033.28", "85.07.30-033.29"),
            (belgium_national, "17.07.30-033.84", "17.13.30-033.84"),
            (poland_pesel, "44051401359", "44051401358"),
            (czech_birth, "710319/2745", "710319/2746"),
            (romania_personal, "1630615123457", "1630615123458"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

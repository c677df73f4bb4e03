//! Numbers of people in Denmark, Finland, Norway and Sweden.

use super::digits::{digit_values, digits, is_date, is_day_month_year, value};
use super::sums::{complement, luhn, weighted};

/// Whether a Swedish personal or coordination number is right, with or without the century.
///
/// # Source
/// Skatteverket, SKV 704: Luhn over ten digits; the day of a coordination number is 60 more.
pub(crate) fn sweden_personal(found: &[u8]) -> bool {
    let short = digits::<10>(found);
    let long = || {
        let number = digits::<12>(found)?;
        matches!(number, [1, 8 | 9, ..] | [2, 0, ..]).then(|| number.last_chunk().copied())?
    };
    short.or_else(long).is_some_and(|number: [u8; 10]| {
        let day = value(&[number[4], number[5]]);
        let day = if day > 60 { day - 60 } else { day };
        let year = value(&[number[0], number[1]]);
        is_date(year, value(&[number[2], number[3]]), day) && luhn(&number)
    })
}

/// Whether a Norwegian birth or D number is right: two check digits.
///
/// # Source
/// Skatteetaten, fødselsnummer: the day of a D number is 40 more.
pub(crate) fn norway_birth(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let first = complement(weighted(&number, &[3, 7, 6, 1, 8, 9, 4, 5, 2]), 11);
        let second = complement(weighted(&number, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]), 11);
        let day = value(&[number[0] % 4, number[1]]);
        let month = value(&[number[2], number[3]]);
        let is_born = number[0] < 8 && is_date(value(&[number[4], number[5]]), month, day);
        is_born && first == u32::from(number[9]) && second == u32::from(number[10])
    })
}

/// Whether a Finnish personal identity code is right.
///
/// # Source
/// Digital and Population Data Services Agency, "Personal identity code": remainder by 31.
pub(crate) fn finland_identity(found: &[u8]) -> bool {
    const LETTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let [day @ .., _, s0, s1, s2, check] = found else {
        return false;
    };
    let (Some(day), Some(serial)) = (digits::<6>(day), digit_values([*s0, *s1, *s2])) else {
        return false;
    };
    let century = found.get(6).copied().unwrap_or_default();
    let rest = (value(&day) * 1000 + value(&serial)) % 31;
    let expected = usize::try_from(rest)
        .ok()
        .and_then(|rest| LETTERS.get(rest));
    b"+-ABCDEFUVWXY".contains(&century) && is_day_month_year(&day) && expected == Some(check)
}

/// Whether a Danish CPR number is right by its old check digit.
///
/// # Source
/// CPR-kontoret, "Personnummeret i CPR-systemet": modulus 11; numbers given out since 2007 may
/// lack it, and those are not found.
pub(crate) fn denmark_cpr(found: &[u8]) -> bool {
    digits::<10>(found).is_some_and(|number| {
        let is_born = number
            .first_chunk::<6>()
            .is_some_and(|day| is_day_month_year(day));
        is_born && weighted(&number, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 6] = [
            (sweden_personal, "880320-0016", "880320-0018"),
            (sweden_personal, "19880320-0016", "17880320-0016"),
            (norway_birth, "151086 95088", "151086 95077"),
            (finland_identity, "131052-308T", "131052-308U"),
            (finland_identity, "010594Y9032", "010594Y9033"),
            (denmark_cpr, "211062-5629", "511062-5629"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

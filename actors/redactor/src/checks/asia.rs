//! Numbers of people in Asia.

use super::digits::{characters, digit_values, digits, is_date, is_one_digit, value};
use super::sums::{complement, luhn, mod_11_2, weighted};
use super::verhoeff::verhoeff;

/// Whether an Indian Aadhaar number is right; none begins with 0 or 1.
///
/// # Source
/// UIDAI, "A UID Numbering Scheme": twelve digits, the last by Verhoeff.
pub(crate) fn india_aadhaar(found: &[u8]) -> bool {
    digits::<12>(found).is_some_and(|number| number[0] > 1 && verhoeff(&number))
}

/// Whether an Indian PAN has a holder's kind at its fourth place; its check letter is not public.
///
/// # Source
/// Income Tax Department of India, structure of the PAN.
pub(crate) fn india_pan(found: &[u8]) -> bool {
    characters::<10>(found).is_some_and(|number| {
        let is_zero = matches!(number, [_, _, _, _, _, b'0', b'0', b'0', b'0', _]);
        b"ABCFGHJLPT".contains(&number[3]) && !is_zero
    })
}

/// Whether the number of a Chinese resident is right: a date and ISO 7064 MOD 11-2.
///
/// # Source
/// GB 11643-1999.
pub(crate) fn china_resident(found: &[u8]) -> bool {
    let Some([body @ .., check]) = characters::<18>(found) else {
        return false;
    };
    let Some(body) = digit_values(body) else {
        return false;
    };
    let [
        province,
        _,
        _,
        _,
        _,
        _,
        y0,
        y1,
        y2,
        y3,
        m0,
        m1,
        d0,
        d1,
        s0,
        s1,
        s2,
    ] = body;
    let year = value(&[y0, y1, y2, y3]);
    let is_born = is_date(year, value(&[m0, m1]), value(&[d0, d1]));
    let check = if check == b'X' {
        10
    } else {
        check.wrapping_sub(b'0')
    };
    let values = [
        province, body[1], body[2], body[3], body[4], body[5], y0, y1, y2, y3, m0, m1, d0, d1, s0,
        s1, s2, check,
    ];
    (1..=8).contains(&province) && (1880..2100).contains(&year) && is_born && mod_11_2(&values)
}

/// Whether a South Korean resident registration number is right.
///
/// # Source
/// Resident Registration Act; numbers given out since October 2020 have no check digit and are
/// found only if they have it by chance.
pub(crate) fn korea_resident(found: &[u8]) -> bool {
    digits::<13>(found).is_some_and(|number| {
        let [y0, y1, m0, m1, d0, d1, ..] = number;
        let is_born = is_date(value(&[y0, y1]), value(&[m0, m1]), value(&[d0, d1]));
        let sum = weighted(&number, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
        is_born && (11 - sum % 11) % 10 == u32::from(number[12])
    })
}

/// Whether a Japanese individual number is right.
///
/// # Source
/// Ministry of Internal Affairs and Communications, ordinance 85 of 2014, article 5.
pub(crate) fn japan_individual(found: &[u8]) -> bool {
    digits::<12>(found).is_some_and(|number| {
        let sum = weighted(&number, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
        !is_one_digit(&number) && complement(sum, 11) % 10 == u32::from(number[11])
    })
}

/// Whether a Turkish identity number is right: two check digits.
///
/// # Source
/// General Directorate of Civil Registration, T.C. kimlik numarası.
pub(crate) fn turkey_identity(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let odd = weighted(&number, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
        let even = weighted(&number, &[0, 1, 0, 1, 0, 1, 0, 1]);
        let tenth = (odd * 7 + 80 - even) % 10;
        let eleventh = (odd + even + tenth) % 10;
        let is_right = tenth == u32::from(number[9]) && eleventh == u32::from(number[10]);
        number[0] != 0 && is_right
    })
}

/// Whether a Thai identity number is right.
///
/// # Source
/// Department of Provincial Administration: weights 13 to 2, modulus 11.
pub(crate) fn thailand_identity(found: &[u8]) -> bool {
    digits::<13>(found).is_some_and(|number| {
        let sum = weighted(&number, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        (1..=8).contains(&number[0]) && (11 - sum % 11) % 10 == u32::from(number[12])
    })
}

/// Whether an Israeli identity number is right.
///
/// # Source
/// Population and Immigration Authority: nine digits, Luhn.
pub(crate) fn israel_identity(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| !is_one_digit(&number) && luhn(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 9] = [
            (india_aadhaar, "2341 2341 2346", "2341 2341 2347"),
            (india_pan, "ACUPA7085R", "ACUXA7085R"),
            (china_resident, "11010519491231002X", "110105194912310021"),
            (china_resident, "360426199101010071", "360426199113010071"),
            (korea_resident, "971013-9019902", "971013-9019903"),
            (japan_individual, "6214 9832 0257", "6214 9832 0258"),
            (turkey_identity, "17291716060", "17291716050"),
            (thailand_identity, "3100600445635", "3100600445636"),
            (israel_identity, "039337423", "039337422"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

//! Numbers of people in France, Italy, Portugal and Spain.

use super::digits::{characters, digit_values, digits, is_one_digit, value};
use super::sums::{complement, weighted};

/// Whether a French NIR is right: its key is 97 less the remainder by 97.
///
/// # Source
/// Insee, "Numéro de sécurité sociale / NIR": departments 2A and 2B count as 19 and 18.
pub(crate) fn france_nir(found: &[u8]) -> bool {
    let Some(mut number) = characters::<15>(found) else {
        return false;
    };
    let corsica = match number[6] {
        b'A' => Some(*b"19"),
        b'B' => Some(*b"18"),
        _ => None,
    };
    if let Some([ten, one]) = corsica {
        if number[5] != b'2' {
            return false;
        }
        (number[5], number[6]) = (ten, one);
    }
    digit_values(number).is_some_and(|number| {
        let (body, key) = number.split_at(13);
        let month = value(&[number[3], number[4]]);
        let is_month = matches!(month, 1..=12 | 20 | 30..=42 | 50..=99);
        matches!(number[0], 1..=4 | 7 | 8) && is_month && 97 - value(body) % 97 == value(key)
    })
}

/// Whether a Spanish DNI or NIE has its letter.
///
/// # Source
/// Ministerio del Interior, "Cálculo del dígito de control del NIF-NIE": remainder by 23.
pub(crate) fn spain_identity(found: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let Some([first, body @ .., letter]) = characters::<9>(found) else {
        return false;
    };
    let first = match first {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        digit => digit,
    };
    let [a, b, c, d, e, f, g] = body;
    digit_values([first, a, b, c, d, e, f, g]).is_some_and(|body| {
        let rest = usize::try_from(value(&body) % 23).ok();
        let expected = rest.and_then(|rest| LETTERS.get(rest));
        !is_one_digit(&body) && expected == Some(&letter.to_ascii_uppercase())
    })
}

/// Whether an Italian tax code of a person has its check letter.
///
/// # Source
/// Decreto ministeriale 23 December 1976, articles 2 to 6; letters in place of digits (omocodia)
/// are right too.
pub(crate) fn italy_tax_code(found: &[u8]) -> bool {
    /// What the letters A to Z, and the digits as A to J, count at odd places.
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let Some([body @ .., check]) = characters::<16>(found) else {
        return false;
    };
    let rank = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.wrapping_sub(b'A'),
    };
    let count = |(place, byte): (usize, &u8)| match place % 2 {
        0 => ODD
            .get(usize::from(rank(*byte)))
            .copied()
            .unwrap_or_default(),
        _ => u32::from(rank(*byte)),
    };
    let sum: u32 = body.iter().enumerate().map(count).sum();
    b"ABCDEHLMPRST".contains(&body[8]) && sum % 26 == u32::from(rank(check))
}

/// Whether a Portuguese tax number is right.
///
/// # Source
/// Decreto-Lei 14/2013: weights 9 to 2, modulus 11.
pub(crate) fn portugal_tax(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| {
        let sum = weighted(&number, &[9, 8, 7, 6, 5, 4, 3, 2]);
        let is_kind = matches!(number[0], 1..=3 | 5 | 6 | 8 | 9);
        is_kind && !is_one_digit(&number) && complement(sum, 11) % 10 == u32::from(number[8])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 6] = [
            (france_nir, "2 95 10 99 126 111 93", "2 95 10 99 126 111 99"),
            (france_nir, "1 85 01 2A 001 001 10", "1 85 01 3A 001 001 10"),
            (spain_identity, "54362315-K", "54362315Z"),
            (spain_identity, "X-2482300W", "X-2482300A"),
            (italy_tax_code, "RCCMNL83S18D969H", "RCCMNL83S18D969J"),
            (portugal_tax, "501964843", "501964842"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

//! Numbers of people and firms in the Americas.

use super::digits::{characters, digit_values, digits, is_date, is_one_digit, value};
use super::sums::{complement, luhn, weighted};

/// Whether a social security number of the United States may have been given out.
///
/// # Source
/// SSA, "Social Security Number Randomization Frequently Asked Questions".
pub(crate) fn us_social_security(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| {
        let (area, rest) = number.split_at(3);
        let (group, serial) = rest.split_at(2);
        let area = value(area);
        let is_area = !matches!(area, 0 | 666 | 900..);
        is_area && value(group) != 0 && value(serial) != 0 && !is_one_digit(&number)
    })
}

/// Whether a Canadian social insurance number is right.
///
/// # Source
/// Employment and Social Insurance Canada, Social Insurance Number Code of Practice: Luhn.
pub(crate) fn canada_social_insurance(found: &[u8]) -> bool {
    digits::<9>(found).is_some_and(|number| !is_one_digit(&number) && luhn(&number))
}

/// Whether a Brazilian CPF is right.
///
/// # Source
/// Receita Federal: two check digits, weights 10 to 2 and 11 to 2, modulus 11.
pub(crate) fn brazil_cpf(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let check = |weights: &[u32]| complement(weighted(&number, weights), 11) % 10;
        let first = check(&[10, 9, 8, 7, 6, 5, 4, 3, 2]);
        let second = check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        let is_right = first == u32::from(number[9]) && second == u32::from(number[10]);
        !is_one_digit(&number) && is_right
    })
}

/// Whether a Brazilian CNPJ is right; since July 2026 its first twelve characters may be letters.
///
/// # Source
/// Receita Federal, Instrução Normativa 2.229/2024: each character counts its ASCII code less 48.
pub(crate) fn brazil_cnpj(found: &[u8]) -> bool {
    let Some(number) = characters::<14>(found) else {
        return false;
    };
    let values = number.map(|byte| byte.wrapping_sub(b'0'));
    let check = |weights: &[u32]| complement(weighted(&values, weights), 11) % 10;
    let first = check(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let second = check(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let is_right = first == u32::from(values[12]) && second == u32::from(values[13]);
    !is_one_digit(&values) && is_right
}

/// Whether a Mexican CURP is right: four letters, a date, sex, state, three consonants.
///
/// # Source
/// RENAPO, Instructivo normativo para la asignación de la CURP: weights 18 to 2, modulus 10.
pub(crate) fn mexico_curp(found: &[u8]) -> bool {
    let Some(number) = characters::<18>(found) else {
        return false;
    };
    // The Ñ stands between N and O, though no CURP has one.
    let rank = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'N' => byte - b'A' + 10,
        _ => byte.wrapping_sub(b'A').wrapping_add(11),
    };
    let values = number.map(rank);
    let weights = [18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let [_, _, _, _, y0, y1, m0, m1, d0, d1, ..] = values;
    let is_born = is_date(value(&[y0, y1]), value(&[m0, m1]), value(&[d0, d1]));
    let is_sex = matches!(number[10], b'H' | b'M' | b'X');
    is_born && is_sex && complement(weighted(&values, &weights), 10) == u32::from(values[17])
}

/// Whether a Chilean RUT is right; its check digit may be `K`.
///
/// # Source
/// Servicio de Impuestos Internos: weights 2 to 7 from the right, modulus 11.
pub(crate) fn chile_rut(found: &[u8]) -> bool {
    let eight = characters::<9>(found);
    let seven =
        || characters::<8>(found).map(|[a, b, c, d, e, f, g, h]| [b'0', a, b, c, d, e, f, g, h]);
    let Some([body @ .., check]) = eight.or_else(seven) else {
        return false;
    };
    digit_values(body).is_some_and(|body| {
        let expected = complement(weighted(&body, &[3, 2, 7, 6, 5, 4, 3, 2]), 11);
        let given = match check.to_ascii_uppercase() {
            b'K' => 10,
            digit => u32::from(digit.wrapping_sub(b'0')),
        };
        !is_one_digit(&body) && expected == given
    })
}

/// Whether an Argentine CUIT or CUIL is right.
///
/// # Source
/// ARCA (formerly AFIP): kinds 20, 23, 24, 27, 30, 33, 34; modulus 11.
pub(crate) fn argentina_cuit(found: &[u8]) -> bool {
    digits::<11>(found).is_some_and(|number| {
        let kind = value(&[number[0], number[1]]);
        let sum = weighted(&number, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
        let is_kind = matches!(kind, 20 | 23 | 24 | 25 | 26 | 27 | 30 | 33 | 34);
        is_kind && complement(sum, 11) == u32::from(number[10])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Published;

    #[test]
    fn numbers_that_were_never_given_out_are_none() {
        assert!(us_social_security(b"536-90-4399"));
        for never in [
            "000-12-3456",
            "666-12-3456",
            "912-12-3456",
            "219-00-3456",
            "219-12-0000",
        ] {
            assert!(!us_social_security(never.as_bytes()), "{never}");
        }
    }

    #[test]
    fn published_numbers_are_right_and_their_neighbours_are_not() {
        let rows: [Published; 9] = [
            (canada_social_insurance, "193-456-787", "193-456-788"),
            (brazil_cpf, "390.533.447-05", "390.533.447-06"),
            (brazil_cnpj, "16.727.230/0001-97", "16.727.230/0001-98"),
            (brazil_cnpj, "12.ABC.345/01DE-35", "12.ABC.345/01DE-36"),
            (mexico_curp, "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
            (chile_rut, "12.531.909-2", "12.531.909-3"),
            (chile_rut, "7.000.013-K", "7.000.013-7"),
            (argentina_cuit, "20-05536168-2", "20-05536168-3"),
            (argentina_cuit, "20-26756539-3", "2026756539-4"),
        ];
        for (check, right, wrong) in rows {
            assert!(check(right.as_bytes()), "{right}");
            assert!(!check(wrong.as_bytes()), "{wrong}");
        }
    }
}

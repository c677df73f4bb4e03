//! The check digits of cards, accounts and national ids: made here, and checked in the tests.
//!
//! Each function takes the part before the check digit, as text of ASCII digits.

/// The values of the digits of a text; what is no digit is left out.
pub(super) fn values(text: &str) -> Vec<u32> {
    text.chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

fn weighted(text: &str, weights: &[u32]) -> u32 {
    values(text)
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}

fn letter_of(letters: &str, at: u64) -> char {
    let index = usize::try_from(at).unwrap_or(0);
    letters.chars().nth(index).unwrap_or('0')
}

/// Luhn (ISO/IEC 7812-1 annex B): cards, Canada's SIN, Sweden's personnummer.
pub(super) fn luhn(text: &str) -> u32 {
    let from_the_end = values(text).into_iter().rev().enumerate();
    let sum: u32 = from_the_end
        .map(|(at, value)| {
            let twice = value * 2;
            match at % 2 {
                0 => twice / 10 + twice % 10,
                _ => value,
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// What is left of a text of letters and digits after division by 97 (ISO 7064, letters from 10).
pub(super) fn modulo_97(text: &str) -> u32 {
    text.chars()
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, value| {
            let shift = if value > 9 { 100 } else { 10 };
            (rest * shift + value) % 97
        })
}

/// The two check digits of an IBAN (ISO 13616).
pub(super) fn iban(country: &str, account: &str) -> u32 {
    98 - modulo_97(&format!("{account}{country}00"))
}

/// Spain: DNI, and NIE with X, Y, Z as 0, 1, 2.
pub(super) fn dni(text: &str) -> char {
    let plain = text.replace('X', "0").replace('Y', "1").replace('Z', "2");
    letter_of("TRWAGMYFPDXBNJZSQVHLCKE", number(&plain) % 23)
}

/// Germany: ISO 7064, mod 11, 10.
pub(super) fn steuer_id(text: &str) -> u32 {
    let product = values(text).iter().fold(10, |product, value| {
        let sum = match (value + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    match 11 - product {
        10 => 0,
        check => check,
    }
}

/// France: the key of the NIR.
pub(super) fn nir(text: &str) -> u64 {
    97 - number(text) % 97
}

/// The Netherlands: the eleven test. `None` where no digit fits.
pub(super) fn bsn(text: &str) -> Option<u32> {
    Some(weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11).filter(|check| *check < 10)
}

/// Poland.
pub(super) fn pesel(text: &str) -> u32 {
    (10 - weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10
}

/// Brazil: both digits.
pub(super) fn cpf(text: &str) -> String {
    let check = |text: &str, first: u32| {
        let weights: Vec<u32> = (2..=first).rev().collect();
        weighted(text, &weights) * 10 % 11 % 10
    };
    let one = check(text, 10);
    let both = format!("{text}{one}");
    format!("{one}{}", check(&both, 11))
}

/// United Kingdom: the NHS number. `None` where no digit fits.
pub(super) fn nhs(text: &str) -> Option<u32> {
    let check = 11 - weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    Some(check % 11).filter(|check| *check < 10)
}

/// Italy: the last letter of the codice fiscale, from fifteen letters and digits.
pub(super) fn codice_fiscale(text: &str) -> char {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let place = |letter: char| match letter.to_digit(36) {
        Some(value) if value > 9 => value - 10,
        other => other.unwrap_or(0),
    };
    let odd = |letter| {
        let at = usize::try_from(place(letter)).unwrap_or(0);
        ODD.get(at).copied().unwrap_or(0)
    };
    let each = text.chars().enumerate();
    let sum: u32 = each
        .map(|(at, letter)| {
            if at % 2 == 0 {
                odd(letter)
            } else {
                place(letter)
            }
        })
        .sum();
    letter_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", u64::from(sum % 26))
}

/// India: Verhoeff's digit. The tables are those of the dihedral group of ten.
pub(super) fn verhoeff(text: &str) -> u32 {
    let rest = values(text).into_iter().rev().enumerate();
    let sum = rest.fold(0, |sum, (at, value)| dihedral(sum, permuted(value, at + 1)));
    (0..10)
        .find(|check| dihedral(sum, *check) == 0)
        .unwrap_or(0)
}

const fn dihedral(one: u32, other: u32) -> u32 {
    match (one < 5, other < 5) {
        (true, true) => (one + other) % 5,
        (true, false) => (one + other - 5) % 5 + 5,
        (false, true) => (one - 5 + 5 - other) % 5 + 5,
        (false, false) => (one - 5 + 10 - other) % 5,
    }
}

fn permuted(value: u32, times: usize) -> u32 {
    const ONCE: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..times % 8).fold(value, |value, _| {
        let at = usize::try_from(value).unwrap_or(0);
        ONCE.get(at).copied().unwrap_or(0)
    })
}

/// Belgium: the last two digits; those born from 2000 on count with a 2 in front.
pub(super) fn rijksregister(text: &str, from_2000: bool) -> u64 {
    let century = if from_2000 { 2_000_000_000 } else { 0 };
    97 - (century + number(text)) % 97
}

/// Finland: the last letter of the personal identity code.
pub(super) fn hetu(day_and_serial: &str) -> char {
    letter_of(
        "0123456789ABCDEFHJKLMNPRSTUVWXY",
        number(day_and_serial) % 31,
    )
}

/// Portugal: the NIF.
pub(super) fn nif(text: &str) -> u32 {
    let check = 11 - weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    if check > 9 { 0 } else { check }
}

/// Australia: the last digit of a TFN. `None` where no digit fits.
pub(super) fn tfn(text: &str) -> Option<u32> {
    let sum = weighted(text, &[1, 4, 3, 7, 5, 8, 6, 9]);
    (0..10).find(|check| (sum + check * 10).is_multiple_of(11))
}

/// Norway: both digits. `None` where none fit.
pub(super) fn fodselsnummer(text: &str) -> Option<String> {
    let check = |sum: u32| Some((11 - sum % 11) % 11).filter(|check| *check < 10);
    let one = check(weighted(text, &[3, 7, 6, 1, 8, 9, 4, 5, 2]))?;
    let longer = format!("{text}{one}");
    let two = check(weighted(&longer, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]))?;
    Some(format!("{one}{two}"))
}

/// Chile: the letter of a RUT.
pub(super) fn rut(text: &str) -> char {
    let from_the_end = values(text)
        .into_iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].into_iter().cycle());
    let sum: u32 = from_the_end.map(|(value, weight)| value * weight).sum();
    letter_of("0123456789K0", u64::from(11 - sum % 11))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that the issuers or standards print as examples; none is anybody's.
    #[test]
    fn printed_examples_have_the_digits_that_are_made_here() {
        assert_eq!(luhn("411111111111111"), 1);
        assert_eq!(iban("GB", "WEST12345698765432"), 82);
        assert_eq!(iban("DE", "370400440532013000"), 89);
        assert_eq!((dni("12345678"), dni("X1234567")), ('Z', 'L'));
        assert_eq!(steuer_id("8609574271"), 9);
        assert_eq!(nir("2550814168025"), 38);
        assert_eq!(bsn("11122233"), Some(3));
        assert_eq!(pesel("4405140135"), 9);
        assert_eq!(cpf("111444777"), "35");
        assert_eq!(nhs("943476591"), Some(9));
        assert_eq!(codice_fiscale("RSSMRA85T10A562"), 'S');
        assert_eq!(verhoeff("236"), 3);
        assert_eq!(rijksregister("850730033", false), 28);
        assert_eq!(hetu("131052308"), 'T');
        assert_eq!(nif("12345678"), 9);
        assert_eq!(tfn("12345678"), Some(2));
        assert_eq!(rut("12345678"), '5');
        assert_eq!(luhn("811228987"), 4);
    }

    #[test]
    fn a_number_with_no_digit_that_fits_has_none() {
        let without = |check: fn(&str) -> Option<u32>| {
            (10_000_000..10_001_000)
                .filter(|number| check(&number.to_string()).is_none())
                .count()
        };
        assert!(without(bsn) > 0 && without(tfn) > 0);
    }

    #[test]
    fn one_wrong_digit_is_noticed() {
        assert_ne!(verhoeff("236"), verhoeff("246"));
        assert_ne!(
            modulo_97("370400440532013000"),
            modulo_97("370400440532013001")
        );
        assert_ne!(fodselsnummer("010190123"), fodselsnummer("010190124"));
    }
}

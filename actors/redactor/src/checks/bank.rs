//! Bank accounts.

use super::sums::mod_97_10;

/// Countries and the lengths of their IBANs, by letters.
///
/// # Source
/// IBAN registry of ISO 13616 (its registration authority is SWIFT), release 100.
const LENGTHS: &[([u8; 2], usize)] = &[
    (*b"AD", 24),
    (*b"AE", 23),
    (*b"AL", 28),
    (*b"AT", 20),
    (*b"AZ", 28),
    (*b"BA", 20),
    (*b"BE", 16),
    (*b"BG", 22),
    (*b"BH", 22),
    (*b"BI", 27),
    (*b"BR", 29),
    (*b"BY", 28),
    (*b"CH", 21),
    (*b"CR", 22),
    (*b"CY", 28),
    (*b"CZ", 24),
    (*b"DE", 22),
    (*b"DJ", 27),
    (*b"DK", 18),
    (*b"DO", 28),
    (*b"EE", 20),
    (*b"EG", 29),
    (*b"ES", 24),
    (*b"FI", 18),
    (*b"FK", 18),
    (*b"FO", 18),
    (*b"FR", 27),
    (*b"GB", 22),
    (*b"GE", 22),
    (*b"GI", 23),
    (*b"GL", 18),
    (*b"GR", 27),
    (*b"GT", 28),
    (*b"HN", 28),
    (*b"HR", 21),
    (*b"HU", 28),
    (*b"IE", 22),
    (*b"IL", 23),
    (*b"IQ", 23),
    (*b"IS", 26),
    (*b"IT", 27),
    (*b"JO", 30),
    (*b"KW", 30),
    (*b"KZ", 20),
    (*b"LB", 28),
    (*b"LC", 32),
    (*b"LI", 21),
    (*b"LT", 20),
    (*b"LU", 20),
    (*b"LV", 21),
    (*b"LY", 25),
    (*b"MC", 27),
    (*b"MD", 24),
    (*b"ME", 22),
    (*b"MK", 19),
    (*b"MN", 20),
    (*b"MR", 27),
    (*b"MT", 31),
    (*b"MU", 30),
    (*b"NI", 28),
    (*b"NL", 18),
    (*b"NO", 15),
    (*b"OM", 23),
    (*b"PK", 24),
    (*b"PL", 28),
    (*b"PS", 29),
    (*b"PT", 25),
    (*b"QA", 29),
    (*b"RO", 24),
    (*b"RS", 22),
    (*b"RU", 33),
    (*b"SA", 24),
    (*b"SC", 31),
    (*b"SD", 18),
    (*b"SE", 24),
    (*b"SI", 19),
    (*b"SK", 24),
    (*b"SM", 27),
    (*b"SO", 23),
    (*b"ST", 25),
    (*b"SV", 28),
    (*b"TL", 23),
    (*b"TN", 24),
    (*b"TR", 26),
    (*b"UA", 29),
    (*b"VA", 22),
    (*b"VG", 24),
    (*b"XK", 20),
    (*b"YE", 30),
];

/// How many letters and digits an IBAN that begins with these letters has.
pub(crate) fn iban_length(country: [u8; 2]) -> Option<usize> {
    let at = LENGTHS.binary_search_by_key(&country, |(code, _)| *code);
    LENGTHS.get(at.ok()?).map(|(_, length)| *length)
}

/// Whether an IBAN, with or without spaces, has the length of its country and is right.
///
/// # Source
/// ISO 13616-1, sections 5 and 6.
pub(crate) fn iban(found: &[u8]) -> bool {
    let characters = || found.iter().copied().filter(u8::is_ascii_alphanumeric);
    let mut first = characters();
    let (Some(one), Some(two)) = (first.next(), first.next()) else {
        return false;
    };
    let is_long_enough = iban_length([one, two]) == Some(characters().count());
    is_long_enough && mod_97_10(characters().skip(4).chain(characters().take(4)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_stand_in_order() {
        assert!(LENGTHS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn published_examples_are_right_with_and_without_spaces() {
        for number in [
            "GB29 NWBK 6016 1331 9268 19",
            "DE89370400440532013000",
            "NO9386011117947",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "RU0204452560040702810412345678901",
        ] {
            assert!(iban(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn a_wrong_digit_country_or_length_is_none() {
        for number in [
            "GB29 NWBK 6016 1331 9268 18",
            "XX89370400440532013000",
            "DE8937040044053201300",
            "DE",
            "",
        ] {
            assert!(!iban(number.as_bytes()), "{number}");
        }
    }
}

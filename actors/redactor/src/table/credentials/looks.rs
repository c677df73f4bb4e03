//! Second looks of rows about credentials that need more than [`is_not_made_up`].
//!
//! Owns: checksums that vendors and standards put into their keys, what stands inside base64, and
//! the keys that documentation prints again and again. Pure; called with the bytes of a finding.

use sha2::{Digest, Sha256};

use super::harmless::{head, is_not_made_up};
use crate::scan::plausible::{self, Form, Kind};
use crate::scan::words::Needles;

/// Keys that open nothing because everybody has them: Stripe's in its own documentation, the
/// token of jwt.io and of RFC 7519, the hash in FastAPI's tutorial, the first account of Hardhat,
/// the keys of BIP 32 and of the Bitcoin wiki, and the secret of the otpauth format.
const PRINTED: &[&[u8]] = &[
    concat!("4eC39HqLyjWDar", "jtT1zdp7dc").as_bytes(),
    concat!("BQokikJOvBiI2H", "lWgH4olfQ2").as_bytes(),
    concat!("tGN0bIwXnHdwOa85VA", "BjPdSn8nWY7G7I").as_bytes(),
    concat!("SflKxwRJSMeKKF2QT4fw", "pMeJf36POk6yJV_adQssw5c").as_bytes(),
    concat!("dBjftJeZ4CVP-mB92K27", "uhbUJU1p1r_wW1gFWFOEjXk").as_bytes(),
    concat!("EixZaYVK1fsbw1ZfbX3OX", "ePaWxn96p36WQoeG6Lruj3vjPGga31lW").as_bytes(),
    concat!(
        "ac0974bec39a17e36ba4a6b4d238ff",
        "944bacb478cbed5efcae784d7bf4f2ff80"
    )
    .as_bytes(),
    concat!(
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3",
        "wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvv"
    )
    .as_bytes(),
    concat!(
        "xprv9s21ZrQH143K31xYSDQpPDxsXRTUcv",
        "j2iNHm5NUtrGiGG5e2DtALGdso3pGz6"
    )
    .as_bytes(),
    concat!("5HueCGU8rMjxEXxiPuD5B", "Du4MkFqeZyd4dZ1jvhTVqvbTLvyTJ").as_bytes(),
    concat!("5Kb8kLf9zgWQnogidDA76Mz", "PL6TsZZY36hWXMssSzNydYXYB9KF").as_bytes(),
    concat!("JBSWY3DPE", "HPK3PXP").as_bytes(),
];

/// The same, in any letter case: most findings have none of them.
static PERHAPS_PRINTED: Needles = Needles::of(PRINTED);

/// Whether a finding is not a key that documentation prints, nor another dummy.
pub(crate) fn is_not_printed(found: &[u8]) -> bool {
    let found = head(found);
    let holds = |key: &&[u8]| found.windows(key.len()).any(|part| part == *key);
    let is_printed = || PERHAPS_PRINTED.stand_in(found) && PRINTED.iter().any(holds);
    is_not_made_up(found) && !is_printed()
}

/// Whether there is a digit: words have none.
pub(crate) fn has_digit(found: &[u8]) -> bool {
    head(found).iter().any(u8::is_ascii_digit) && is_not_printed(found)
}

/// Whether letters of both cases and digits are mixed: names in source code seldom have all three.
pub(crate) fn is_mixed_case(found: &[u8]) -> bool {
    let found = head(found);
    found.iter().any(u8::is_ascii_uppercase)
        && found.iter().any(u8::is_ascii_lowercase)
        && has_digit(found)
}

/// Whether what is encoded in base64 is the armour of a private key, and not of a certificate.
pub(crate) fn is_private_armour(found: &[u8]) -> bool {
    let header = decoded(found.get(..64).unwrap_or(found));
    let label = b"PRIVATE KEY";
    header.windows(label.len()).any(|part| part == label)
}

/// Whether it may be a password that somebody wrote where one belongs.
pub(crate) fn is_password(found: &[u8]) -> bool {
    plausible::is_secret(head(found), Kind::Password, Form::Quoted) && is_not_printed(found)
}

/// Whether it looks like a password wherever it stands.
pub(crate) fn stands_out(found: &[u8]) -> bool {
    plausible::is_secret(head(found), Kind::Password, Form::Alone) && is_not_printed(found)
}

fn decoded(base64: &[u8]) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for value in base64.iter().map_while(|byte| value_in_base64(*byte)) {
        held = (held << 6 | value) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.extend(u8::try_from((held >> bits) & 0xFF));
        }
    }
    bytes
}

fn value_in_base64(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Whether the last four bytes of what is encoded in base 58 are its checksum.
///
/// # Source
/// en.bitcoin.it/wiki/Base58Check_encoding: the first four bytes of SHA-256 of SHA-256.
pub(crate) fn is_base58check(found: &[u8]) -> bool {
    let Some(bytes) = from_base58(found) else {
        return false;
    };
    let Some((content, checksum)) = bytes.split_last_chunk::<4>() else {
        return false;
    };
    Sha256::digest(Sha256::digest(content)).starts_with(checksum) && is_not_printed(found)
}

/// The value of each digit, and [`NO_DIGIT`].
static BASE58_VALUES: [u8; 256] = base58_values();
const NO_DIGIT: u8 = u8::MAX;

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "58 digits, by their bytes; `get` is not const"
)]
const fn base58_values() -> [u8; 256] {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < BASE58.len() {
        values[BASE58[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
}

/// Digits of base 58 that are taken at once: their value fits in 32 bits.
const AT_ONCE: usize = 5;

/// The bytes that `text` stands for. Quadratic in its length, which the patterns bound.
fn from_base58(text: &[u8]) -> Option<Vec<u8>> {
    // The least of them comes first.
    let mut words: Vec<u32> = Vec::with_capacity(text.len() / AT_ONCE + 1);
    for digits in text.chunks(AT_ONCE) {
        let (mut carry, mut base) = (0_u64, 1_u64);
        for digit in digits {
            let value = BASE58_VALUES.get(usize::from(*digit)).copied();
            let value = value.filter(|value| *value != NO_DIGIT)?;
            (carry, base) = (carry * 58 + u64::from(value), base * 58);
        }
        for word in &mut words {
            carry += u64::from(*word) * base;
            *word = u32::try_from(carry & u64::from(u32::MAX)).ok()?;
            carry >>= u32::BITS;
        }
        if carry > 0 {
            words.push(u32::try_from(carry).ok()?);
        }
    }
    let zeros = text.iter().take_while(|digit| **digit == b'1').count();
    let mut bytes = vec![0; zeros];
    let all = words.iter().rev().flat_map(|word| word.to_be_bytes());
    bytes.extend(all.skip_while(|byte| *byte == 0));
    Some(bytes)
}

const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Whether the last six characters are the checksum of the rest, prefix included.
///
/// # Source
/// BIP 173, checksum.
pub(crate) fn is_bech32(found: &[u8]) -> bool {
    let Some(separator) = found.iter().rposition(|byte| *byte == b'1') else {
        return false;
    };
    let (prefix, data) = found.split_at(separator);
    let values = data.iter().skip(1).map(|byte| {
        let value = BECH32.iter().position(|known| known == byte)?;
        u32::try_from(value).ok()
    });
    let high = prefix.iter().map(|byte| Some(u32::from(*byte >> 5)));
    let low = prefix.iter().map(|byte| Some(u32::from(*byte & 31)));
    let all = high
        .chain(std::iter::once(Some(0)))
        .chain(low)
        .chain(values);
    all.collect::<Option<Vec<u32>>>()
        .is_some_and(|values| bech32_remainder(&values) == 1)
}

fn bech32_remainder(values: &[u32]) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.iter().fold(1, |remainder, value| {
        let top = remainder >> 25;
        let shifted = ((remainder & 0x01ff_ffff) << 5) ^ value;
        let taken = GENERATOR.iter().enumerate();
        taken
            .filter(|(bit, _)| top >> bit & 1 == 1)
            .fold(shifted, |sum, (_, term)| sum ^ term)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_documentation_prints_is_harmless() {
        assert!(!is_not_printed(
            concat!("sk_test_", "4eC39HqLyjWDar", "jtT1zdp7dc").as_bytes()
        ));
        assert!(is_not_printed(b"sk_test_7fKq20LmXw9RtVb4Zs8Pn1Yc"));
    }

    #[test]
    fn a_name_in_source_code_is_not_mixed() {
        assert!(!is_mixed_case(b"live_view_component_with_a_name"));
        assert!(!is_mixed_case(b"abstractFactoryBuilder"));
        assert!(is_mixed_case(b"7fKq20LmXw9RtVb4Zs8Pn1Yc"));
    }

    #[test]
    fn a_certificate_in_base64_is_not_a_private_key() {
        // `-----BEGIN CERTIFICATE-----` and `-----BEGIN PRIVATE KEY-----`
        assert!(!is_private_armour(
            b"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM"
        ));
        assert!(is_private_armour(
            b"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV"
        ));
    }

    #[test]
    fn one_wrong_character_breaks_base58check() {
        // An address, which has the same checksum: en.bitcoin.it/wiki/Technical_background.
        assert!(is_base58check(b"1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs"));
        assert!(!is_base58check(b"1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAt"));
        assert!(!is_base58check(b"0OIl"));
    }

    #[test]
    fn one_wrong_character_breaks_bech32() {
        // BIP 173, valid test vectors.
        assert!(is_bech32(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
        assert!(!is_bech32(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxq"));
        assert!(!is_bech32(b"abcdef"));
    }
}

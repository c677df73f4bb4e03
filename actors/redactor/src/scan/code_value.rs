//! Whether what stands without quotes behind a name is a piece of code that refers to a secret.
//!
//! Owns: names, types, constants and calls of source code whose words are too odd for `wordy.rs`:
//! `proxy_auth`, `_sdk.api_key`, `CFDataRef`, `base64.b16encode(x[8:])`.
//!
//! Called by: `secret_assignment`, `header_value`.

use super::words::Words;

/// How sure it is that a value stands there, and no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Directly behind `=`: a file of variables, or an argument.
    Tight,
    /// Anywhere in a line.
    Loose,
}

/// Whether a value is code, with the byte that follows it.
pub(crate) fn is_code_value(value: &[u8], next: Option<u8>, place: Place) -> bool {
    refers(value)
        || is_call(value, next, place)
        || place == Place::Loose && (is_constant(value) || is_type(value))
}

/// Whether a name, or a way to a field, says of itself that it is one of a secret: `jwt_token`.
pub(crate) fn refers(value: &[u8]) -> bool {
    static SECRETS: Words = Words::of(&[
        b"auth",
        b"key",
        b"keys",
        b"pkey",
        b"token",
        b"tokens",
        b"secret",
        b"secrets",
        b"password",
        b"passwd",
        b"pwd",
        b"pw",
        b"pass",
        b"passphrase",
        b"cred",
        b"creds",
        b"credential",
        b"credentials",
        b"jwt",
    ]);
    // What most values lack, before they are taken apart.
    if !is_way(value) {
        return false;
    }
    // Longer words are none of these.
    let end = value.get(value.len().saturating_sub(LONGEST + 1)..);
    let word = end
        .unwrap_or_default()
        .chunk_by(|one, next| is_joined(*one, *next))
        .next_back();
    word.is_some_and(|word| word.len() < value.len() && SECRETS.are(word))
}

/// The longest word that is one of a secret.
const LONGEST: usize = b"credentials".len();

/// Whether it is a name, or a way to a field: names alone have no digits here.
fn is_way(value: &[u8]) -> bool {
    let Some(first) = value.first() else {
        return false;
    };
    let begins = first.is_ascii_alphabetic() || *first == b'_';
    let rest = value
        .iter()
        .find(|byte| !is_of_way(**byte) || byte.is_ascii_digit());
    begins
        && rest.is_none_or(|odd| {
            odd.is_ascii_digit()
                && value.contains(&b'.')
                && value.iter().all(|byte| is_of_way(*byte))
        })
}

/// Whether two bytes belong to the same word of a name.
fn is_joined(one: u8, next: u8) -> bool {
    let is_hump = one.is_ascii_lowercase() && next.is_ascii_uppercase();
    one.is_ascii_alphanumeric() && next.is_ascii_alphanumeric() && !is_hump
}

/// Whether a byte stands in a name, or in a way to a field.
fn is_of_way(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}

/// Whether a call, or a place in a list, stands there, cut where its first argument ends.
fn is_call(value: &[u8], next: Option<u8>, place: Place) -> bool {
    let begins = value
        .first()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    // What most values lack, before they are read.
    if !begins || !next.is_some_and(|next| b")]:'\",".contains(&next)) {
        return false;
    }
    let len = value.iter().take_while(|byte| is_of_way(**byte)).count();
    let (name, rest) = value.split_at_checked(len).unwrap_or_default();
    let is_argument = |byte: &u8| is_of_way(*byte) || b"([*:-".contains(byte);
    let has_digits = || name.iter().any(u8::is_ascii_digit);
    let is_way = name.contains(&b'.') || name.contains(&b'_');
    matches!(rest, [b'(' | b'[', ..])
        && (place == Place::Loose && is_way || !has_digits())
        && rest.iter().all(is_argument)
}

/// `FWP_BYTE_BLOB`, `TLS13_SHA256_INTERNAL`
fn is_constant(value: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        let letters = part.iter().take_while(|byte| byte.is_ascii_uppercase());
        let (letters, digits) = part.split_at_checked(letters.count()).unwrap_or_default();
        !letters.is_empty() && digits.iter().all(u8::is_ascii_digit)
    };
    let parts = value.split(|byte| *byte == b'_');
    let least = || match value.iter().any(u8::is_ascii_digit) {
        true => 3,
        false => 2,
    };
    parts.clone().all(is_part) && parts.count() >= least()
}

/// `CFDataRef`: humps of a few capitals and some small letters.
fn is_type(value: &[u8]) -> bool {
    let begins = |byte: u8, next: u8| byte.is_ascii_lowercase() && next.is_ascii_uppercase();
    let humps = value.chunk_by(|one, next| !begins(*one, *next));
    let is_hump = |hump: &[u8]| {
        let capitals = hump.iter().take_while(|byte| byte.is_ascii_uppercase());
        let (capitals, rest) = hump.split_at_checked(capitals.count()).unwrap_or_default();
        (1..=4).contains(&capitals.len())
            && rest.len() >= 2
            && rest.iter().all(u8::is_ascii_lowercase)
    };
    humps.clone().all(is_hump) && humps.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_types_and_calls_are_code() {
        for (value, next) in [
            ("proxy_auth", None),
            ("_sdk.api_key", None),
            ("ed25519.Ed25519PrivateKey", Some(b',')),
            ("CFDataRef", Some(b',')),
            ("FWP_BYTE_BLOB", None),
            ("TLS13_CHACHA20_POLY1305_SHA256_INTERNAL", None),
            ("cfg.get(", Some(b'\'')),
            ("auth_info[2", Some(b']')),
            ("base64.b16encode(random_bytes[8", Some(b']')),
            ("base64.b16encode(x[8:", Some(b']')),
        ] {
            assert!(
                is_code_value(value.as_bytes(), next, Place::Loose),
                "{value}"
            );
        }
    }

    #[test]
    fn what_people_and_machines_make_is_none() {
        for (value, next) in [
            ("falcon_qXhLse", None),
            ("hunter2_key", None),
            ("Tr0ub(dor", Some(b')')),
            ("kQzXvJwKpL", None),
            ("WINTER_2024", None),
            ("PROD_AB12CD34EF56GH78", None),
            ("aB1cD2eF3gH4", Some(b')')),
            ("letmein", None),
        ] {
            assert!(
                !is_code_value(value.as_bytes(), next, Place::Loose),
                "{value}"
            );
        }
    }
}

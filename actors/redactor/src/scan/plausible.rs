//! Whether a value without a format of its own is a secret, by how it looks and by its name.
//!
//! Forces: what is missed leaks, and what is taken wrongly breaks prompts. So a password may be
//! anything that is no placeholder and no code, since people choose them; a token or a key is made
//! by machines and looks random.

use super::placeholder::{is_code, is_mail, is_no_secret, is_surely_none};
use super::scrambled::{self, is_scrambled};
use super::shannon::has_entropy;
use super::value::{self, Value};
use super::words::Needles;
use super::wordy::is_wordy;

/// What the name says about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Chosen by a person, perhaps.
    Password,
    /// Made by a machine.
    Secret,
    /// Made by a machine, if it is a secret at all.
    Perhaps,
}

/// How the value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// In quotes.
    Quoted,
    /// Without, directly after the sign, as in a file of variables.
    Tight,
    /// The same behind the name of a variable of a shell.
    Variable,
    /// Without, somewhere in a line: code and prose look like it, too.
    Loose,
    /// Behind a name without a sign that assigns it: it must look made by a machine.
    Alone,
}

/// Fewest characters of a password in quotes.
const SHORTEST_QUOTED: usize = 6;

/// Fewest characters of anything else.
const SHORTEST: usize = 8;

/// Whether a value is a secret.
pub(crate) fn is_secret(value: &[u8], kind: Kind, form: Form) -> bool {
    let least = match (kind, form) {
        (Kind::Password, Form::Quoted) => SHORTEST_QUOTED,
        _ => SHORTEST,
    };
    if value.len() < least {
        return false;
    }
    let value = Value::of(value);
    if is_made_of_all_signs(value, kind, form) {
        return !is_surely_none(value);
    }
    if is_no_secret(value) || form == Form::Alone && !stands_out(value, kind) {
        return false;
    }
    match kind {
        Kind::Password => is_password(value, form),
        Kind::Secret => looks_random(value),
        Kind::Perhaps => {
            value.bytes.len() >= 16 && looks_random(value) && has_entropy(value.bytes, 3.2)
        }
    }
}

/// Whether a value is too disordered for code, where signs of code stand in it.
fn is_made_of_all_signs(value: Value<'_>, kind: Kind, form: Form) -> bool {
    let least = match kind {
        Kind::Password => scrambled::SHORTEST,
        Kind::Secret | Kind::Perhaps => 16,
    };
    let signs = [value::Kind::MARK, value::Kind::SIGN, value::Kind::NO_KEY];
    // Such a sign ends other values: `rest_of_line.rs` has seen that this one is no code.
    let goes_on = || value.bytes.iter().any(|byte| b"&),;]}<\"'`".contains(byte));
    value.bytes.len() >= least
        && signs.iter().any(|kind| value.has(*kind))
        && (matches!(form, Form::Quoted | Form::Variable) || form == Form::Loose && goes_on())
        && is_scrambled(value)
}

/// Whether a value cannot be a word, a name, a version, a date or a path.
fn stands_out(value: Value<'_>, kind: Kind) -> bool {
    static NAMES: Needles = Needles::of(&[
        b"password",
        b"secret",
        b"token",
        b"public",
        b"private",
        b"encod",
    ]);
    let (least, digits) = match kind {
        Kind::Password => (SHORTEST, 1),
        Kind::Secret | Kind::Perhaps => (16, 3),
    };
    let has = |kind| value.has(kind);
    let cases = has(value::Kind::UPPER) && has(value::Kind::LOWER);
    let is_long = value.bytes.len() >= 20 && kind != Kind::Password;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_!#$%&*+=?@^~".contains(byte);
    let begins = value.bytes.first().is_some_and(u8::is_ascii_alphanumeric);
    let is_chosen = kind == Kind::Password
        && (value.digits() >= 2 || has_sign(value.bytes))
        && !has_acronym(value.bytes);
    begins
        && value.bytes.len() >= least
        && value.digits() >= digits
        && (cases || is_long || kind == Kind::Password && has_sign(value.bytes))
        && value.bytes.iter().all(is_plain)
        && !NAMES.stand_in(value.bytes)
        && !has_key(value.bytes)
        && (is_chosen || looks_random(value) && has_entropy(value.bytes, 2.8))
}

/// Whether it is the name of a key: `MLKEM768X25519PublicKey`.
fn has_key(value: &[u8]) -> bool {
    let mut windows = value.windows(3);
    windows.any(|three| three.eq_ignore_ascii_case(b"key"))
}

/// Whether there is a sign that no name has.
fn has_sign(value: &[u8]) -> bool {
    value.iter().any(|byte| b"!#$%&*+=?@^~".contains(byte))
}

/// Two capitals in a row, as names of algorithms and of constants have them: `SHA256`.
fn has_acronym(value: &[u8]) -> bool {
    let mut pairs = value.windows(2);
    pairs.any(|pair| pair.iter().all(u8::is_ascii_uppercase))
}

fn is_password(value: Value<'_>, form: Form) -> bool {
    if value.has(value::Kind::SPACE) {
        return form == Form::Quoted && !is_between_strings(value) && is_phrase(value.bytes);
    }
    if is_mail(value) || names_itself(value) || is_between_strings(value) {
        return false;
    }
    let kinds = value.variety();
    match form {
        Form::Quoted => !is_key_of_text(value),
        Form::Tight | Form::Variable => {
            let bytes = value.bytes;
            let is_field = || bytes.iter().any(|byte| b".(".contains(byte)) && is_code(bytes);
            let is_name = || kinds < 3 && is_code(bytes);
            has_digits(value, 1) || kinds > 1 && !is_field() && !is_name() || is_one_word(bytes)
        }
        Form::Loose | Form::Alone => {
            let digits = if value.has(value::Kind::UPPER) { 2 } else { 1 };
            has_digits(value, digits)
                || kinds > 1 && !is_code(value.bytes)
                || has_odd_end(value.bytes)
        }
    }
}

/// Letters with digits, as names in code seldom have that many.
fn has_digits(value: Value<'_>, least: usize) -> bool {
    !value.has(value::Kind::CODE) && value.has(value::Kind::DIGIT) && value.digits() >= least
}

/// A word and something that is none, as people make passwords: `falcon_qXhLse`.
fn has_odd_end(value: &[u8]) -> bool {
    let end = value.rsplit(|byte| b"_-.".contains(byte)).next();
    let end = end.filter(|end| end.len() < value.len() && end.len() >= 5);
    end.is_some_and(|end| {
        let kinds = Value::of(end);
        kinds.has(value::Kind::LOWER)
            && kinds.has(value::Kind::UPPER)
            && !kinds.has(value::Kind::SYMBOL)
            && !is_wordy(end)
    })
}

/// What stands between two strings of source code: `"Password: ") + ask("..."`, `'+pass+'`.
fn is_between_strings(value: Value<'_>) -> bool {
    let bytes = value.bytes;
    let opens = bytes
        .first()
        .is_some_and(|byte| b"),;+]}.&|".contains(byte));
    let closes = bytes.last().is_some_and(|byte| b"(+,.[&|{".contains(byte));
    let call = bytes.iter().position(|byte| *byte == b'(');
    let call = call.and_then(|call| bytes.get(call..));
    let is_stop = |byte: &u8| b" \"'`".contains(byte);
    let has_break = || bytes.windows(2).any(|pair| pair == b"\\n");
    opens
        && !is_scrambled(value)
        && (closes || bytes.iter().any(is_stop) || call.is_some_and(|call| call.contains(&b')')))
        || value.has(value::Kind::BACKSLASH) && has_break() && !is_scrambled(value)
}

/// Words that somebody remembers, and no sentence that somebody reads: `correct horse`.
fn is_phrase(value: &[u8]) -> bool {
    const SENTENCES: &[&[u8]] = &[
        b"a",
        b"an",
        b"the",
        b"is",
        b"are",
        b"was",
        b"be",
        b"must",
        b"should",
        b"can",
        b"cannot",
        b"please",
        b"your",
        b"you",
        b"enter",
        b"for",
        b"of",
        b"to",
        b"in",
        b"or",
        b"and",
        b"not",
        b"no",
        b"with",
        b"at",
        b"least",
        b"password",
        b"passwords",
        b"passphrase",
        b"invalid",
        b"required",
        b"forgot",
        b"new",
        b"old",
        b"current",
        b"confirm",
        b"reset",
        b"change",
        b"if",
        b"from",
        b"this",
        b"that",
        b"it",
        b"by",
        b"as",
    ];
    let words = value
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let stops = |word: &[u8]| SENTENCES.iter().any(|stop| stop.eq_ignore_ascii_case(word));
    let count = words.clone().count();
    let has_digit = value.iter().any(u8::is_ascii_digit);
    let is_sentence = value.first().is_some_and(u8::is_ascii_uppercase) && !has_digit;
    let assigns = words.clone().any(|word| word == b"=");
    (2..=8).contains(&count) && !is_sentence && !assigns && !words.clone().any(stops)
}

/// A value that is the name of a field, or a message: `newPassword`, `DB_PASSWORD`.
fn names_itself(value: Value<'_>) -> bool {
    static NAMES: Needles = Needles::of(&[
        b"password",
        b"passwd",
        b"passphrase",
        b"secret",
        b"token",
        b"login",
        b"credential",
    ]);
    !value.has(value::Kind::DIGIT) && NAMES.stand_in(value.bytes) && value.is_wordy()
}

/// `auth.errors.mismatch`, `required|confirmed`: text that something is looked up by.
fn is_key_of_text(value: Value<'_>) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphabetic() || b"._-|:".contains(byte);
    value.has(value::Kind::JOINT) && value.bytes.iter().all(is_part) && value.is_wordy()
}

fn is_one_word(value: &[u8]) -> bool {
    let rest = value.get(1..).unwrap_or_default();
    value.first().is_some_and(u8::is_ascii_alphabetic) && rest.iter().all(u8::is_ascii_lowercase)
        || value.iter().all(u8::is_ascii_digit)
}

/// Whether a machine made it: letters and more in no order that words have.
pub(crate) fn looks_random(value: Value<'_>) -> bool {
    let is_mixed = value.variety() > 1 || value.bytes.len() >= 16;
    !value.has(value::Kind::NO_KEY)
        && value.has_letter()
        && is_mixed
        && !value.is_wordy()
        && !is_mail(value)
        && has_entropy(value.bytes, 2.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_may_be_anything_that_people_choose() {
        for value in [
            "correct horse",
            "sunshine",
            "Tr0ub4dor&3",
            "hunter2hunter2",
            "123456",
            "P@ssw0rd!",
        ] {
            assert!(
                is_secret(value.as_bytes(), Kind::Password, Form::Quoted),
                "{value}"
            );
        }
        for value in [
            "Enter your password",
            "Password must be long",
            "newPassword",
            "DB_PASSWORD",
            "required|min",
            "auth.failed",
            "string",
            "changeme",
            "short",
        ] {
            assert!(
                !is_secret(value.as_bytes(), Kind::Password, Form::Quoted),
                "{value}"
            );
        }
    }

    #[test]
    fn loose_passwords_are_no_code_and_no_prose() {
        for value in ["Tr0ub4dor&3", "s3cr3t-pw", "hunter2hunter2"] {
            assert!(
                is_secret(value.as_bytes(), Kind::Password, Form::Loose),
                "{value}"
            );
        }
        for value in [
            "userInput",
            "getPassword",
            "required",
            "config.db.pass",
            "Optional",
            "req.body.pwd",
        ] {
            assert!(
                !is_secret(value.as_bytes(), Kind::Password, Form::Loose),
                "{value}"
            );
        }
    }

    #[test]
    fn tokens_look_random() {
        for value in [
            "aB1cD2eF3gH4iJ5k",
            "0123abcd4567ef89",
            "xK9-pQ2_mZ7",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "dGhpcyBpcyBhIHNlY3JldA==",
        ] {
            assert!(
                is_secret(value.as_bytes(), Kind::Secret, Form::Loose),
                "{value}"
            );
        }
        for value in [
            "refresh_token",
            "nextToken",
            "12345678",
            "2026-11-22",
            "bearer-token",
            "X-Auth-Token",
            "user_id",
            "application/json",
            "CancellationToken",
            "string|null",
            "parse(x)9aB",
        ] {
            assert!(
                !is_secret(value.as_bytes(), Kind::Secret, Form::Loose),
                "{value}"
            );
        }
    }
}

//! Which names say that their value is secret.
//!
//! Owns: the parts of names that are triggers, and what may stand around them. Never reads a
//! value.

use super::classes::ALNUM;
use super::plausible::Kind;
use super::words::Words;

/// Parts of names by which they are found, in lower case.
pub(crate) const PARTS: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "credential",
    "key",
    "conn_str",
    "connstr",
    "connectionstring",
    "connection_string",
    "connection-string",
    "kennwort",
    "\"auth\"",
];

/// A name around a part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'t> {
    /// At most eight bytes before the part.
    pub(crate) before: &'t [u8],
    /// The rest of the name after the part.
    pub(crate) after: &'t [u8],
}

/// What a name says about its value; `None` if it is no name of a secret.
pub(crate) fn kind_of(part: &str, around: Around<'_>) -> Option<Kind> {
    if is_about_something_else(around.after) || ends_with_word(around.before, &NOT_AFTER) {
        return None;
    }
    match part {
        "pass" => pass(around).then_some(Kind::Password),
        "pwd" => ends_word(around.after).then_some(Kind::Password),
        "kennwort" => Some(Kind::Password),
        "token" => ends_word(around.after).then_some(Kind::Secret),
        "secret" | "credential" => ends_word(skip_plural(around.after)).then_some(Kind::Secret),
        "key" => key(around),
        _ => Some(Kind::Secret),
    }
}

/// Whether a name begins with a word for setting what it names: `.setPassword(`, `.password(`.
pub(crate) fn sets(before: &[u8]) -> bool {
    const SETTERS: &[&[u8]] = &[b"set", b"set_", b"with", b"with_", b"."];
    let ends = |setter: &&[u8]| {
        let from = before.len().saturating_sub(setter.len());
        before
            .get(from..)
            .is_some_and(|end| end.eq_ignore_ascii_case(setter))
    };
    SETTERS.iter().any(ends)
}

fn pass(around: Around<'_>) -> bool {
    const ENDINGS: &[&[u8]] = &[b"word", b"wd", b"wort", b"phrase", b"code", b"key", b"ord"];
    let ending = ENDINGS
        .iter()
        .find_map(|ending| strip(around.after, ending));
    if let Some(rest) = ending {
        return ends_word(skip_plural(rest));
    }
    static OWNERS: Words = Words::of(&[
        b"db", b"user", b"my", b"smtp", b"ftp", b"mail", b"root", b"admin", b"sql", b"ssh",
        b"http", b"login", b"redis", b"mongo", b"git", b"require",
    ]);
    let is_camel = matches!(around.before, [.., last] if last.is_ascii_lowercase());
    let is_edge = around
        .before
        .last()
        .is_none_or(|byte| !byte.is_ascii_alphabetic());
    ends_word(around.after) && (is_edge || is_camel && OWNERS.end(around.before, |_| true))
}

fn key(around: Around<'_>) -> Option<Kind> {
    static OF_SECRETS: Words = Words::of(&[
        b"api",
        b"access",
        b"private",
        b"secret",
        b"sign",
        b"signing",
        b"signature",
        b"encrypt",
        b"cryption",
        b"ryption",
        b"crypto",
        b"auth",
        b"account",
        b"master",
        b"shared",
        b"app",
        b"lication",
        b"license",
        b"consumer",
        b"session",
        b"storage",
        b"service",
        b"cription",
        b"ription",
        b"client",
        b"deploy",
        b"ssh",
        b"hmac",
        b"cookie",
        b"jwt",
        b"admin",
        b"server",
        b"security",
        b"webhook",
        b"aes",
        b"vault",
        b"root",
        b"nonce",
        b"gged_in",
        b"salt",
        b"rest",
        b"write",
        b"read",
        b"host",
        b"function",
        b"unction",
        b"instrumentation",
        b"entation",
    ]);
    let (before, is_apart) = match around.before {
        [before @ .., b'_' | b'-' | b' ' | b'.'] => (before, true),
        before => (before, false),
    };
    if !ends_word(skip_plural(around.after)) {
        return None;
    }
    if OF_SECRETS.end(before, |_| true) {
        return Some(Kind::Secret);
    }
    let is_constant =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let is_named = before.last().is_some_and(u8::is_ascii_uppercase);
    (is_apart && is_named && before.iter().rev().take(3).all(is_constant)).then_some(Kind::Perhaps)
}

/// What may not stand before the part, as a word: in lower case, its last eight bytes.
static NOT_AFTER: Words = Words::of(&[
    b"max_",
    b"max-",
    b"max",
    b"min_",
    b"num_",
    b"total_",
    b"total",
    b"next_",
    b"next",
    b"page_",
    b"page",
    b"nuation_",
    b"inuation",
    b"sync_",
    b"count_",
    b"input_",
    b"input",
    b"output_",
    b"output",
    b"cached_",
    b"cached",
    b"prompt_",
    b"prompt",
    b"pletion_",
    b"mpletion",
    b"asoning_",
    b"easoning",
    b"thinking",
    b"special_",
    b"eos_",
    b"bos_",
    b"pad_",
    b"unk_",
    b"sep_",
    b"cls_",
    b"mask_",
    b"stop_",
    b"start_",
    b"image_",
    b"audio_",
    b"per_",
    b"no_",
    b"has_",
    b"has",
    b"is_",
    b"needs_",
    b"show_",
    b"show",
    b"hide_",
    b"hide",
    b"toggle",
    b"change",
    b"change_",
    b"forgot_",
    b"forgot-",
    b"forgot",
    b"cancel",
    b"llation_",
    b"ellation",
    b"public",
    b"public_",
    b"public-",
    b"primary_",
    b"primary",
    b"foreign_",
    b"foreign",
    b"sort_",
    b"sort",
    b"rtition_",
    b"artition",
    b"cursor_",
    b"design_",
    b"design-",
    b"expected",
    b"cache_",
    b"cache",
    b"hash_",
    b"range_",
    b"index_",
    b"tracking",
    b"potency_",
    b"potency-",
    b"mpotency",
    b"trequest",
    b"unique_",
    b"routing_",
    b"group_",
    b"object_",
    b"bucket_",
    b"by",
    b"shift_",
    b"hot",
    b"arrow_",
    b"enter_",
    b"com",
    b"tres",
    b"sur",
    b"publish_",
    b"ishable_",
    b"lishable",
    b"site_",
    b"site-",
]);

fn is_about_something_else(after: &[u8]) -> bool {
    static ABOUT: Words = Words::of(&[
        b"id",
        b"ui",
        b"flag",
        b"flags",
        b"ids",
        b"name",
        b"names",
        b"length",
        b"len",
        b"type",
        b"types",
        b"url",
        b"uri",
        b"endpoint",
        b"count",
        b"counts",
        b"limit",
        b"limits",
        b"file",
        b"filename",
        b"path",
        b"dir",
        b"field",
        b"fields",
        b"label",
        b"placeholder",
        b"hint",
        b"policy",
        b"expires",
        b"expiry",
        b"expiration",
        b"exp",
        b"ttl",
        b"age",
        b"date",
        b"at",
        b"time",
        b"timeout",
        b"min",
        b"max",
        b"size",
        b"prefix",
        b"suffix",
        b"version",
        b"algorithm",
        b"alg",
        b"usage",
        b"ref",
        b"arn",
        b"regex",
        b"pattern",
        b"reset",
        b"required",
        b"enabled",
        b"disabled",
        b"strength",
        b"manager",
        b"management",
        b"redacted",
        b"provider",
        b"index",
        b"budget",
        b"hash",
        b"hashed",
        b"digest",
        b"sha",
        b"sha256",
        b"md5",
        b"fingerprint",
        b"checksum",
        b"format",
        b"description",
        b"title",
        b"text",
        b"message",
        b"error",
        b"rules",
        b"help",
        b"rotation",
        b"store",
        b"source",
        b"class",
        b"input",
        b"button",
        b"form",
        b"col",
        b"column",
        b"header",
        b"scheme",
        b"issuer",
        b"audience",
        b"scope",
        b"scopes",
        b"selector",
        b"mount",
        b"env",
        b"var",
        b"generator",
        b"validator",
        b"schema",
        b"kind",
        b"param",
        b"parameter",
        b"created",
        b"updated",
        b"status",
        b"state",
        b"location",
        b"link",
        b"attempts",
        b"history",
        b"number",
        b"code",
        b"frame",
        b"down",
        b"up",
        b"press",
        b"word",
        b"words",
        b"ring",
        b"pair",
        b"vault",
        b"map",
        b"list",
        b"set",
        b"set's",
        b"mode",
        b"color",
        b"per",
        b"used",
        b"left",
        b"remaining",
    ]);
    words(after).any(|word| ABOUT.are(word)) && !is_word_ending(after)
}

/// `word`, `code` and `key` directly after `pass` belong to it.
fn is_word_ending(after: &[u8]) -> bool {
    let rest = strip(after, b"word").or_else(|| strip(after, b"code"));
    rest.is_some_and(|rest| {
        ends_word(skip_plural(rest)) && !is_about_something_else(skip_plural(rest))
    })
}

/// The words of a name, at `_`, `-`, `.` and before capital letters that follow small ones.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_joined = |one: &u8, other: &u8| {
        ALNUM.has(*one)
            && ALNUM.has(*other)
            && !(one.is_ascii_lowercase() && other.is_ascii_uppercase())
    };
    name.chunk_by(is_joined)
}

/// Whether a word ends before `after`: at the end of the name, a separator, a capital or a digit.
fn ends_word(after: &[u8]) -> bool {
    after.first().is_none_or(|byte| !byte.is_ascii_lowercase())
        && !matches!(after, [first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_uppercase())
        || after.iter().all(|byte| !byte.is_ascii_lowercase())
            && !after.first().is_some_and(u8::is_ascii_uppercase)
}

fn skip_plural(after: &[u8]) -> &[u8] {
    match after {
        [b's' | b'S', rest @ ..] => rest,
        all => all,
    }
}

fn strip<'t>(text: &'t [u8], word: &[u8]) -> Option<&'t [u8]> {
    let (beginning, rest) = text.split_at_checked(word.len())?;
    beginning.eq_ignore_ascii_case(word).then_some(rest)
}

/// Whether a text ends with one of these, and not with a longer word.
fn ends_with_word(text: &[u8], words: &Words) -> bool {
    let is_whole = |word: &[u8]| {
        let rest = text.get(..text.len() - word.len()).unwrap_or_default();
        let is_camel = text.get(rest.len()).is_some_and(u8::is_ascii_uppercase)
            && rest.last().is_some_and(u8::is_ascii_lowercase);
        is_camel || rest.last().is_none_or(|byte| !byte.is_ascii_alphabetic())
    };
    words.end(text, is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> Option<Kind> {
        let lower = name.to_ascii_lowercase();
        PARTS.iter().find_map(|part| {
            let at = lower.find(part)?;
            let around = Around {
                before: &name.as_bytes()[at.saturating_sub(8)..at],
                after: &name.as_bytes()[at + part.len()..],
            };
            kind_of(part, around)
        })
    }

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "user_passwd",
            "passphrase",
            "PGPASSWORD",
            "db_pass",
            "dbPass",
            "MYSQL_PWD",
            "SMTP_PASS",
            "passwords",
            "passcode",
            "Password1",
            "ADMIN_PASSWORD",
            "REDIS_PASSWORD",
            "passwort",
        ] {
            assert_eq!(kind(name), Some(Kind::Password), "{name}");
        }
        for name in [
            "client_secret",
            "SECRET",
            "secretKey",
            "accessToken",
            "auth_token",
            "TOKEN",
            "api_key",
            "apiKey",
            "X-Api-Key",
            "private_key",
            "ENCRYPTION_KEY",
            "signingKey",
            "credentials",
            "GITHUB_TOKEN_PROD",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "connectionString",
            "apikey",
            "APIKEY",
        ] {
            assert_eq!(kind(name), Some(Kind::Secret), "{name}");
        }
        assert_eq!(kind("MAILGUN_KEY"), Some(Kind::Perhaps));
    }

    #[test]
    fn names_that_only_look_like_it_are_none() {
        for name in [
            "max_tokens",
            "token_count",
            "tokens",
            "secret_name",
            "password_length",
            "key_id",
            "public_key",
            "primary_key",
            "sort_key",
            "token_type",
            "token_url",
            "passenger",
            "compass",
            "bypass",
            "passport",
            "tokenizer",
            "secretary",
            "keyboard",
            "monkey",
            "apiKeyId",
            "passwordHash",
            "password_file",
            "next_token",
            "idempotency_key",
            "continuationToken",
            "nextToken",
            "clientRequestToken",
            "PPWDATA",
            "Win32_System_PasswordManagement",
            "credential_redacted",
            "forgot_password",
            "accessKeyId",
            "key",
            "eos_token",
            "keyword",
            "passed",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }
}

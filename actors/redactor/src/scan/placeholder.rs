//! Whether a value only stands where a secret will stand, or refers to one.
//!
//! Both questions have words that may stand anywhere in a value, which are looked for at once.
//!
//! Called by: every family that finds values by where they stand.

use super::classes::ByteSet;
use super::value::{Kind, Value};
use super::words::{Needles, Words, any_stride};
use super::wordy::is_wordy;

/// Whether a value is a place for one, or a word that says there is none: `<token>`, `${X}`,
/// `xxxx`, `changeme`, `null`.
pub(crate) fn is_placeholder(value: Value<'_>) -> bool {
    has_telltale(value.bytes, &INSIDE) || is_place(value) || has_mark(value)
}

/// Whether a value is no secret itself: a place for one, or a reference to where one is, which
/// a digest, a file, an address and a piece of code are taken for, too.
pub(crate) fn is_no_secret(value: Value<'_>) -> bool {
    is_surely_none(value) || has_mark(value) || has_sign(value)
}

/// The same without what stands by chance in values of all signs there are: `${`, `->`.
pub(crate) fn is_surely_none(value: Value<'_>) -> bool {
    has_telltale(value.bytes, &ANYWHERE) || is_place(value) || is_elsewhere(value)
}

/// Whether one of the words stands anywhere in a value, or the same filler four times in a row.
fn has_telltale(value: &[u8], words: &Needles) -> bool {
    any_stride(value, |at, eight| {
        words.may_stand(eight) | may_be_filled(eight)
            && (words.stand_around(value, at) || is_filled(value, at))
    })
}

/// Whether two of eight bytes in a row are the same as the one behind them, or nearly so. Four that
/// are the same have two such in one of the eights that are looked at.
#[inline]
fn may_be_filled(eight: u64) -> bool {
    let same = neighbours(eight);
    same & same >> 8 != 0
}

/// The highest bits of those of eight bytes that are the same as the one behind them; sometimes
/// of others that stand behind such a one.
#[inline]
fn neighbours(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    // The last one has none behind it here.
    let differing = eight ^ (eight >> 8) | 0xFF << 56;
    differing.wrapping_sub(ONES) & !differing & HIGHS
}

/// Whether one of the eight bytes at `at` is a filler, and one of four in a row.
#[cold]
fn is_filled(value: &[u8], at: usize) -> bool {
    (at..at + 8).any(|at| is_filler_at(value, at) && stretch(value, at) >= 4)
}

/// [`is_placeholder`] without what may stand anywhere in it.
fn is_place(value: Value<'_>) -> bool {
    let bytes = value.bytes;
    let Some((first, last)) = bytes.first().zip(bytes.last()) else {
        return true;
    };
    matches!(
        (first, last),
        (b'<', b'>') | (b'[', b']') | (b'{', b'}') | (b'*', b'*')
    ) || bytes.starts_with(b"**")
        || is_variable(value)
        || is_filler(value)
        || BEGINNINGS.begin(bytes)
        || WHOLE.are(bytes)
}

/// Filled in by a shell, a template or a format: `$TOKEN`, `{{ token }}`, `%(token)s`, `%TOKEN%`.
fn is_variable(value: Value<'_>) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_:.".contains(byte);
    match value.bytes {
        [b'$', rest @ ..] if !rest.is_empty() && rest.iter().all(is_name) => {
            !rest.starts_with(b"2") && !rest.starts_with(b"1") && is_named(rest)
        }
        [b'*', rest @ ..] => rest.iter().all(is_name) && is_named(rest),
        [b'%', rest @ .., b'%'] | [b'@', b'@', rest @ .., b'@', b'@'] => rest.iter().all(is_name),
        [b'%', b's' | b'd' | b'v' | b'r' | b'q'] => true,
        [b':', rest @ ..] => !rest.is_empty() && rest.iter().all(u8::is_ascii_lowercase),
        all => value.has(Kind::MARK) && has_filled_mark(all),
    }
}

/// Whether letters and digits are the name of something, and not made by a machine.
fn is_named(name: &[u8]) -> bool {
    let kinds = Value::of(name);
    let has_cases = kinds.has(Kind::LOWER) && kinds.has(Kind::UPPER);
    let is_mixed = has_cases && (kinds.has(Kind::DIGIT) || name.len() >= 12);
    !is_mixed || is_wordy(name)
}

/// Whether something begins that a shell, a template or a format fills in.
fn has_mark(value: Value<'_>) -> bool {
    static MARKS: Words = Words::of(&[
        b"${", b"$(", b"{{", b"}}", b"#{", b"{%", b"<%", b"%(", b"%{",
    ]);
    value.has(Kind::MARK) && MARKS.stand_in(value.bytes)
}

/// Whether a name stands between such a mark and its end: `${TOKEN}`, `%(token)`.
fn has_filled_mark(value: &[u8]) -> bool {
    let is_inside = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_:.- ".contains(byte);
    let is_filled = |at: usize| {
        let rest = value.get(at..).unwrap_or_default();
        let close = match rest {
            [b'$' | b'#' | b'{' | b'%', b'{', ..] => b'}',
            [b'$' | b'%', b'(', ..] => b')',
            [b'{' | b'<', b'%', ..] => b'%',
            _ => return false,
        };
        let rest = rest.get(2..).unwrap_or_default();
        let len = rest.iter().take_while(is_inside).count();
        len > 0 && rest.get(len).is_none_or(|end| *end == close)
    };
    (0..value.len()).any(is_filled)
}

/// One character again and again, or hardly any letter at all.
fn is_filler(value: Value<'_>) -> bool {
    let bytes = value.bytes;
    let signs = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80);
    let mut signs = signs.map(u8::to_ascii_lowercase);
    let first = signs.next();
    let is_one = signs.all(|sign| Some(sign) == first);
    let has_dots = || bytes.windows(3).any(|three| three == b"...");
    let is_dotted = value.has(Kind::DOT) && has_dots() || bytes.ends_with("…".as_bytes());
    is_one || is_dotted
}

fn is_filler_at(value: &[u8], at: usize) -> bool {
    value.get(at).is_some_and(|byte| FILLERS.has(*byte))
}

/// How many bytes in a row are the same as that at `at`.
fn stretch(value: &[u8], at: usize) -> usize {
    let (before, rest) = value.split_at_checked(at).unwrap_or_default();
    let byte = rest.first();
    let before = before.iter().rev().take_while(|other| Some(*other) == byte);
    let rest = rest.iter().take_while(|other| Some(*other) == byte);
    before.count() + rest.count()
}

/// Characters that stand for others.
const FILLERS: ByteSet = ByteSet::of(b"xX*._-#?");

/// In lower case, anywhere in a place for a value.
static INSIDE: Needles = Needles::of(match WORDS_ANYWHERE {
    [_, inside @ ..] => inside,
    [] => WORDS_ANYWHERE,
});

/// The same, and in a reference.
static ANYWHERE: Needles = Needles::of(WORDS_ANYWHERE);

/// The first one is a piece of code, and the others stand in places for values.
const WORDS_ANYWHERE: &[&[u8]] = &[
    b"function",
    b"example",
    b"changeme",
    b"change_me",
    b"change-me",
    b"change this",
    b"changethis",
    b"change-this",
    b"change_this",
    b"placeholder",
    b"redacted",
    b"replace_",
    b"replace-",
    b"replaceme",
    b"replace me",
    b"your_",
    b"your-",
    b"_your",
    b"-your",
    b"yourpass",
    b"yourtoken",
    b"yoursecret",
    b"yourkey",
    b"yourapikey",
    b"your api",
    b"my_secret",
    b"my-secret",
    b"mysecret",
    b"my_password",
    b"my-password",
    b"mypassword",
    b"my_token",
    b"my-token",
    b"mytoken",
    b"my_api",
    b"my-api",
    b"some_",
    b"some-",
    b"fixme",
    b"insert",
    b"dummy",
    b"not_a_real",
    b"not-a-real",
    b"notreal",
    b"not-real",
    b"goes_here",
    b"goes-here",
    b"_here",
    b"-here",
];

/// In lower case, at the beginning of the value.
static BEGINNINGS: Words = Words::of(&[
    b"enter ", b"enter_", b"enter-", b"todo", b"fake", b"sample", b"[redact", b"xxx", b"foobar",
    b"test-", b"test_", b"the-", b"the_", b"a-", b"an-",
]);

/// In lower case, the whole value.
static WHOLE: Words = Words::of(&[
    b"null",
    b"nil",
    b"none",
    b"true",
    b"false",
    b"yes",
    b"no",
    b"on",
    b"off",
    b"undefined",
    b"string",
    b"str",
    b"text",
    b"number",
    b"boolean",
    b"bool",
    b"object",
    b"bytes",
    b"any",
    b"password",
    b"passwd",
    b"pass",
    b"pwd",
    b"pw",
    b"passphrase",
    b"secret",
    b"token",
    b"apikey",
    b"api_key",
    b"api-key",
    b"key",
    b"credentials",
    b"credential",
    b"test",
    b"testing",
    b"tbd",
    b"n/a",
    b"required",
    b"optional",
    b"default",
    b"hidden",
    b"masked",
    b"encrypted",
    b"empty",
    b"unset",
    b"unknown",
    b"value",
    b"username",
    b"user",
    b"hashed",
    b"bcrypt",
    b"plain",
    b"plaintext",
    b"inherit",
    b"prompt",
    b"missing",
    b"invalid",
    b"sensitive",
    b"private",
    b"public",
    b"secretkey",
    b"secret_key",
    b"secret-key",
    b"access_token",
    b"foo",
    b"bar",
    b"foobar",
    b"hunter",
    b"supersecret",
    b"super-secret",
    b"super_secret",
    b"passw0rd_here",
]);

/// Whether a value says where a secret is, or is a digest, a file, an address, a piece of code;
/// without what may stand anywhere.
fn is_elsewhere(value: Value<'_>) -> bool {
    let bytes = value.bytes;
    ELSEWHERE.begin(bytes)
        || DIGESTS.begin(bytes)
        || is_number_of_code(bytes)
        || value.has(Kind::SIGN) && ADDRESSES.stand_in(bytes)
        || is_date_or_version(value)
        || value.has(Kind::DOT) && is_file(bytes)
        || is_path(value)
}

fn is_path(value: Value<'_>) -> bool {
    match value.bytes {
        [b'/', rest @ ..] => is_wordy(rest),
        [b'.' | b'~', b'/', ..] | [b'.', b'.', b'/', ..] | [b'\\', b'\\', ..] => true,
        [drive, b':', b'\\' | b'/', ..] => drive.is_ascii_alphabetic(),
        _ => value.has(Kind::SLASH) && value.is_wordy(),
    }
}

static ELSEWHERE: Words = Words::of(&[
    b"arn:",
    b"vault:",
    b"vault.",
    b"ssm:",
    b"op:/",
    b"file:",
    b"ref:",
    b"env:",
    b"env.",
    b"keyring:",
    b"secretsmanager:",
    b"awssm:",
    b"gcp:",
    b"sm:/",
    b"projects/",
    b"process.env",
    b"os.environ",
    b"os.getenv",
    b"getenv",
    b"self.",
    b"this.",
    b"config.",
    b"settings.",
    b"secrets.",
    b"var.",
    b"local.",
    b"data.",
    b"props.",
    b"req.",
    b"request.",
    b"args.",
    b"options.",
    b"params.",
    b"ctx.",
    b"!ref",
    b"!sub",
    b"!vault",
    b"!get",
    b"enc[",
    b"module.",
    b"output.",
    b"system.",
    b"each.",
    b"import.meta",
    b"state.",
    b"user.",
    b"credentials.",
    b"context.",
    b"response.",
    b"result.",
    b"event.",
    b"env!",
    b"app.",
    b"session.",
    b"parameters.",
    b"steps.",
    b"inputs.",
]);

static DIGESTS: Words = Words::of(&[
    b"sha1-",
    b"sha256-",
    b"sha384-",
    b"sha512-",
    b"sha1:",
    b"sha256:",
    b"sha384:",
    b"sha512:",
    b"md5:",
    b"$2a$",
    b"$2b$",
    b"$2y$",
    b"$1$",
    b"$5$",
    b"$6$",
    b"$y$",
    b"$argon2",
    b"$pbkdf2",
    b"$scrypt",
    b"{ssha",
    b"{sha",
    b"{crypt",
    b"pbkdf2_sha",
    b"pbkdf2:",
    b"scrypt:",
    b"h1:",
    b"bcrypt",
]);

/// Each of them has a byte of [`Kind::SIGN`].
static SIGNS: Words = Words::of(&[b"()", b"=>", b"->", b"::", b"&&", b"||"]);

/// The same.
static ADDRESSES: Words = Words::of(&[b"://", b"enc["]);

/// Whether signs of code stand there.
fn has_sign(value: Value<'_>) -> bool {
    value.has(Kind::SIGN) && SIGNS.stand_in(value.bytes)
}

fn is_file(value: &[u8]) -> bool {
    static KINDS: Words = Words::of(&[
        b"pem", b"key", b"json", b"txt", b"yaml", b"yml", b"toml", b"env", b"js", b"ts", b"tsx",
        b"py", b"go", b"rs", b"java", b"php", b"html", b"crt", b"cer", b"conf", b"ini", b"xml",
        b"md", b"sh", b"log", b"csv", b"p12", b"pfx", b"jks", b"rb", b"cs", b"vue", b"css", b"gpg",
    ]);
    let dot = value.iter().rposition(|byte| *byte == b'.');
    let parts = dot.and_then(|dot| value.get(..dot).zip(value.get(dot + 1..)));
    parts.is_some_and(|(stem, kind)| KINDS.are(kind) && is_wordy(stem))
}

/// `131072u32`, `0x7fff_ffff`
fn is_number_of_code(value: &[u8]) -> bool {
    const TYPES: &[&[u8]] = &[
        b"u8", b"u16", b"u32", b"u64", b"usize", b"i8", b"i16", b"i32", b"i64", b"isize", b"f32",
        b"f64", b"ul", b"ull",
    ];
    /// The longest of them.
    const TYPE: usize = 5;
    let value = value.strip_prefix(b"-").unwrap_or(value);
    if !value.first().is_some_and(u8::is_ascii_digit) && value.first() != Some(&b'_') {
        return false;
    }
    let digits = |byte: &&u8| byte.is_ascii_digit() || **byte == b'_';
    let len = value.iter().take_while(digits).count();
    let kind = value.get(len..).filter(|kind| kind.len() <= TYPE);
    let is_type = |kind: &[u8]| TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known));
    let is_short_hex = value.starts_with(b"0x") && value.len() <= 18;
    is_short_hex || kind.is_some_and(is_type)
}

/// `2026-11-22...`, `v1.2.3...`, `10.0.0.1`
fn is_date_or_version(value: Value<'_>) -> bool {
    let is_digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let body = value.bytes.strip_prefix(b"v").unwrap_or(value.bytes);
    let is_date = matches!(body, [a, b, c, d, b'-' | b'/', e, f, b'-' | b'/', g, h, ..]
        if is_digits(&[*a, *b, *c, *d, *e, *f, *g, *h]));
    let mut parts = body.split(|byte| *byte == b'.');
    let mut is_number = || parts.next().is_some_and(is_digits);
    is_date || value.has(Kind::DOT) && body.len() < 24 && is_number() && is_number()
}

/// Whether a name, a call or a way to a field of source code stands there: `getToken`, `a.b[0]`.
pub(crate) fn is_code(value: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$?!@*&-:".contains(byte);
    let name = value.iter().take_while(|byte| is_name(byte)).count();
    let (name, rest) = value.split_at_checked(name).unwrap_or((value, &[]));
    let goes_on = matches!(rest, [] | [b'(' | b'[' | b'{' | b'|' | b'=' | b'/', ..]);
    !name.is_empty() && goes_on && is_wordy(name)
}

/// Whether a mail address stands there.
pub(crate) fn is_mail(value: Value<'_>) -> bool {
    if !value.has(Kind::AT) {
        return false;
    }
    let mut parts = value.bytes.splitn(2, |byte| *byte == b'@');
    let (name, host) = (parts.next(), parts.next().unwrap_or_default());
    let has_name = name.is_some_and(|name| !name.is_empty());
    let is_of_host = |byte: &u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
    has_name && host.contains(&b'.') && is_wordy(host) && host.iter().all(is_of_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_reference(value: Value<'_>) -> bool {
        is_elsewhere(value) || has_sign(value) || is_no_secret(value) && !is_placeholder(value)
    }

    #[test]
    fn places_for_values_are_placeholders() {
        for value in [
            "<token>",
            "${X}",
            "*default_password",
            "abc...wxyz",
            "***f3a9",
            "{{x}}",
            "%s",
            "$(cmd)",
            "$TOKEN",
            "%TOKEN%",
            "xxxx",
            "****",
            "xxxxxxxx-xxxx",
            "your-api-key",
            "changeme",
            "example",
            "null",
            "None",
            "TODO",
            "[REDACTED]",
            "aaaaaaaa",
            "sk-xxxxxxxxxxxxxxxx",
            "sk-...",
            "",
            "........",
            "%(token)s",
            ":password",
        ] {
            assert!(is_placeholder(Value::of(value.as_bytes())), "{value}");
        }
        for value in [
            "correct horse",
            "S3cr3t!pw",
            "$2fA9!x",
            concat!("$xK93v", "bQz7LmQ"),
            concat!("*Xk93!v", "bQz7Lm"),
            concat!("<Xk93!v", "bQz7Lm"),
            "aB1cD2eF3gH4iJ5k",
            "hunter2hunter2",
        ] {
            assert!(!is_placeholder(Value::of(value.as_bytes())), "{value}");
        }
    }

    #[test]
    fn what_stands_elsewhere_is_a_reference() {
        for value in [
            "/run/secrets/token",
            "./key",
            "C:\\keys\\a",
            "arn:aws:x",
            "sha512-abc",
            "https://x.example/",
            "process.env.TOKEN",
            "server.key",
            "2026-11-22T10:00:00Z",
            "v1.2.3-rc1",
            "-1073725121i32",
            "application/json",
            "vault:secret/data/x#y",
            "getToken()",
            "(function(x9Kq2",
        ] {
            assert!(is_reference(Value::of(value.as_bytes())), "{value}");
        }
        for value in [
            "aB1cD2/eF3gH4+iJ5k=",
            "S3cr3t!pw",
            "/aB1cD2/eF3gH4+iJ5k=",
            "3f2504e0-4f89-11d3",
        ] {
            assert!(!is_reference(Value::of(value.as_bytes())), "{value}");
        }
    }

    #[test]
    fn names_and_calls_are_code() {
        for value in [
            "getToken(",
            "config.password",
            "args[0]",
            "user_password",
            "*token",
            "obj?.token",
        ] {
            assert!(is_code(value.as_bytes()), "{value}");
        }
        assert!(!is_code(b"aB1cD2eF3gH4"));
    }
}

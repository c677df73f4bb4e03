//! Values of generators that use all signs: found whole, or not at all.

use super::build;
use crate::scan::probe::Probe;
use crate::table::credentials;

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SIGNS: &str = "!#%&*+-.:;=?@^_~$()[]{}/|,<>";
const DJANGO: &str = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
const WORDPRESS: &str = "!@#$%^&*()-_ []{}<>~`+=,.;:/?|";
const HARMLESS: &str = "!#%&*+-.@^_~";

/// What stands before a value, its signs, its length, and what stands behind it.
type Value = (&'static str, &'static [&'static str], usize, &'static str);

const ALL: &[&str] = &[LETTERS, SIGNS];

const VALUES: usize = 400;

/// Numbers that look random, the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize
    }

    fn value(&mut self, alphabet: &[u8], len: usize) -> String {
        let one = |_| char::from(alphabet[self.next() % alphabet.len()]);
        (0..len).map(one).collect()
    }
}

/// How many of all values are found, and how many are left in part.
fn found(before: &str, alphabets: &[&str], len: usize, after: &str) -> (usize, usize) {
    let probe = Probe::new(build, credentials::generic());
    let alphabet = alphabets.concat();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut whole, mut parts) = (0, 0);
    for _ in 0..VALUES {
        let value = numbers.value(alphabet.as_bytes(), len);
        let text = format!("{before}{value}{after}");
        let found = probe.found(&text);
        let is_whole = found.iter().any(|found| found.ends_with(&value));
        whole += usize::from(is_whole);
        parts += usize::from(!is_whole && !found.is_empty());
    }
    (whole, parts)
}

#[test]
fn nearly_all_quoted_values_are_found_and_none_in_part() {
    let forms: &[Value] = &[
        ("SECRET_KEY = '", &[DJANGO], 50, "'\n"),
        ("SECRET_KEY = 'django-insecure-", &[DJANGO], 50, "'\n"),
        (
            "define('AUTH_KEY',         '",
            &[LETTERS, WORDPRESS],
            64,
            "');",
        ),
        (
            "define( 'LOGGED_IN_KEY', '",
            &[LETTERS, WORDPRESS],
            64,
            "' );",
        ),
        ("secret = \"", ALL, 16, "\""),
        ("secret = \"", ALL, 24, "\""),
        ("api_key: '", ALL, 32, "',"),
        ("token = \"", ALL, 20, "\""),
        ("password = \"", ALL, 12, "\""),
        ("password = \"", ALL, 16, "\""),
        ("password: '", ALL, 24, "'"),
        ("{\"username\": \"a\", \"password\": \"", ALL, 32, "\"}"),
        ("password = \"$", &[LETTERS], 16, "\""),
    ];
    for (before, alphabets, len, after) in forms {
        let (whole, parts) = found(before, alphabets, *len, after);
        assert!(
            whole * 100 >= VALUES * 95,
            "{whole} of {VALUES} behind {before} ({len})"
        );
        assert_eq!(parts, 0, "behind {before} ({len})");
    }
}

#[test]
fn most_values_without_quotes_are_found() {
    let forms: &[(Value, usize, usize)] = &[
        (("DJANGO_SECRET_KEY=", &[DJANGO], 50, "\n"), 90, 10),
        (
            ("DB_PASSWORD=", &[LETTERS, HARMLESS], 16, "\nX=1\n"),
            90,
            10,
        ),
        (("Password: ", ALL, 20, "\n"), 70, 10),
    ];
    for ((before, alphabets, len, after), least, most) in forms {
        let (whole, parts) = found(before, alphabets, *len, after);
        assert!(
            whole * 100 >= VALUES * least,
            "{whole} of {VALUES} behind {before}"
        );
        assert!(
            parts * 100 <= VALUES * most,
            "{parts} of {VALUES} in part behind {before}"
        );
    }
}

#[test]
fn answers_on_prefixes_never_contradict() {
    let probe = Probe::new(build, credentials::generic());
    let alphabet = [LETTERS, SIGNS].concat();
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let forms: &[(&str, &str)] = &[
        ("password = '", "'\n"),
        ("DB_PASSWORD=", "\nX=1\n"),
        ("API_TOKEN=", "&x=1 y"),
        ("Password: ", "\r\nnext"),
        ("secret:\n  ", " = 1\n"),
    ];
    for (before, after) in forms {
        for len in 8..40 {
            let value = numbers.value(alphabet.as_bytes(), len);
            probe.check_prefixes(&format!("{before}{value}{after}"));
        }
    }
}

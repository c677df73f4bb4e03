//! The family of passwords and signatures in addresses and connection strings.
//!
//! Owns: the rows `url-password`, `connection-string` and `signed-url`. What stands around a
//! secret stays.

use super::accept::Accept;
use super::classes::{ALNUM, ByteSet, ClassId, Classes};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::placeholder::{is_code, is_placeholder};
use super::value::Value;
use super::view::View;
use super::walk::{Miss, Step, between, head, peek, preceding, skip, skip_many};
use crate::table::row::{How, Rule, Special};

/// What ends an authority, or cannot stand in one.
const NO_AUTHORITY: ByteSet = ByteSet::range(0, b' ').or(ByteSet::of(b"/?#\"'`<>\\\x7f"));

/// Bytes of a value of a connection string.
static PAIR: ByteSet = ByteSet::range(0, b' ').or(ByteSet::of(b";\"'`<>&\\")).not();

const BASE64: ByteSet = ALNUM.or(ByteSet::of(b"+/="));
const SIGNATURE: ByteSet = ALNUM.or(ByteSet::of(b"+/=%_~-"));

const LONGEST_USER: usize = 256;
const LONGEST_PASSWORD: usize = 2048;
const LONGEST_PAIR: usize = 256;
const SHORTEST_PASSWORD: usize = 3;
const SHORTEST_KEY: usize = 20;

/// What stands before a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Scheme,
    Password,
    Key,
    /// A parameter of a query that is called exactly so.
    Parameter,
    Signature,
}

const TRIGGERS: &[(&str, Before)] = &[
    ("://", Before::Scheme),
    (":\\/\\/", Before::Scheme),
    ("password=", Before::Password),
    ("pwd=", Before::Password),
    ("accountkey=", Before::Key),
    ("sharedaccesskey=", Before::Key),
    ("sig=", Before::Parameter),
    ("x-amz-signature=", Before::Signature),
    ("x-amz-security-token=", Before::Signature),
    ("x-goog-signature=", Before::Signature),
];

#[derive(Debug)]
struct Addresses {
    url: Option<Accept>,
    pair: Option<Accept>,
    signed: Option<Accept>,
    authority: ClassId,
    base64: ClassId,
    signature: ClassId,
}

/// The family, if there is a row for it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |rule: &Rule| matches!(rule.how, How::Special(Special::UrlPassword));
    let own: Vec<_> = rows
        .iter()
        .filter(|(_, rule)| is_own(rule))
        .copied()
        .collect();
    let family = Addresses {
        url: Accept::find(&own, "url-password"),
        pair: Accept::find(&own, "connection-string"),
        signed: Accept::find(&own, "signed-url"),
        authority: classes.intern(NO_AUTHORITY.not()),
        base64: classes.intern(BASE64),
        signature: classes.intern(SIGNATURE),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for Addresses {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(TRIGGERS);
        let trigger = |(payload, (text, _)): (u16, &(&str, Before))| Trigger {
            what: TriggerText::AnyCase((*text).into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some((text, before)) = TRIGGERS.get(usize::from(payload)) else {
            return;
        };
        let start = at + text.len();
        let mut holds = start.min(view.text.len());
        let (accept, found) = match before {
            Before::Scheme => (self.url, self.in_authority(view, start, &mut holds)),
            Before::Password => (self.pair, in_pair(view, at, start)),
            Before::Key => (self.pair, run(view, self.base64, start)),
            Before::Parameter if !is_parameter(view, at) => return,
            Before::Parameter | Before::Signature => {
                (self.signed, run(view, self.signature, start))
            }
        };
        let Some(accept) = accept else {
            return;
        };
        match found {
            Err(Miss::No) => {}
            Err(Miss::Open) => looks.open(at.saturating_sub(KEPT_CONTEXT), holds),
            Ok((start, end)) => {
                let secret = between(view, start, end);
                let judged = head(secret);
                if !is_placeholder(Value::of(judged)) && accept.passes(judged) {
                    looks.found(accept.number, start..end);
                }
            }
        }
    }
}

impl Addresses {
    /// The password in `user:password@host`.
    fn in_authority(
        &self,
        view: &mut View<'_>,
        start: usize,
        holds: &mut usize,
    ) -> Step<(usize, usize)> {
        let end = view.run_end(self.authority, start);
        let is_open = view.is_open_at(end);
        let user = between(view, start, end.min(start + LONGEST_USER));
        let Some(colon) = user.iter().position(|byte| *byte == b':') else {
            *holds = view.text.len();
            let may_come = is_open && user.len() < LONGEST_USER;
            return Err(if may_come { Miss::Open } else { Miss::No });
        };
        let password = start + colon + 1;
        *holds = password;
        if end - password > LONGEST_PASSWORD {
            return Err(Miss::No);
        }
        if is_open {
            return Err(Miss::Open);
        }
        let rest = between(view, password, end);
        let at_sign = rest
            .iter()
            .rposition(|byte| *byte == b'@')
            .ok_or(Miss::No)?;
        let is_template = |user: &[u8]| user.iter().any(|byte| b"@[]".contains(byte));
        let has_none = user.get(..colon).is_some_and(is_template);
        if at_sign < SHORTEST_PASSWORD || has_none || is_repository(view, start) {
            return Err(Miss::No);
        }
        Ok((password, password + at_sign))
    }
}

/// Whether the scheme is one whose `org:repo@sha` is no user and no password.
fn is_repository(view: &View<'_>, start: usize) -> bool {
    preceding(view, start, "github://".len()) == b"github://"
}

/// The password of `...;Password=...;...`.
fn in_pair(view: &View<'_>, at: usize, start: usize) -> Step<(usize, usize)> {
    let end = skip_many(view, start, &PAIR, LONGEST_PAIR + 1)?;
    let value = between(view, start, end);
    if !(SHORTEST_PASSWORD..=LONGEST_PAIR).contains(&value.len()) {
        return Err(Miss::No);
    }
    let is_inside = matches!(preceding(view, at, 2), [.., b';'] | [b';', b' ']);
    let goes_on = peek(view, end)? == Some(b';') && is_pair(view, end + 1)?;
    let is_field = value.contains(&b'.') && is_code(value) || value.contains(&b'(');
    if is_field || !is_inside && !goes_on {
        return Err(Miss::No);
    }
    Ok((start, end))
}

/// Whether `Name=` stands at `at`.
fn is_pair(view: &View<'_>, at: usize) -> Step<bool> {
    let name = skip(view, at, &const { ALNUM.with(b' ') }, 32)?;
    Ok(name > at && peek(view, name)? == Some(b'='))
}

/// A long run of bytes of a class.
fn run(view: &mut View<'_>, class: ClassId, start: usize) -> Step<(usize, usize)> {
    let end = view.run_end(class, start);
    if view.is_open_at(end) {
        return Err(Miss::Open);
    }
    if end - start < SHORTEST_KEY {
        return Err(Miss::No);
    }
    Ok((start, end))
}

/// Whether a parameter of a query begins at `at`.
fn is_parameter(view: &View<'_>, at: usize) -> bool {
    let before = preceding(view, at, 6);
    matches!(before, [.., b'?' | b'&']) || before.ends_with(b"&amp;") || before == b"\\u0026"
}

#[cfg(test)]
mod tests {
    use super::super::probe::Probe;
    use super::*;
    use crate::table::credentials;

    fn probe() -> Probe {
        Probe::new(build, credentials::generic())
    }

    const FOUND: &[(&str, &str)] = &[
        ("postgres://app:s3cr3t-pw@db.example:5432/x", "s3cr3t-pw"),
        ("redis://:s3cr3t-pw@cache:6379/0", "s3cr3t-pw"),
        ("mongodb+srv://a:p%40ss%2Fw@c.example/?x=y", "p%40ss%2Fw"),
        ("jdbc:mysql://u:p@ss@host/db", "p@ss"),
        ("amqp:\\/\\/u:s3cr3t-pw@host", "s3cr3t-pw"),
        ("\"https://user:s3cr3t@x.example\"", "s3cr3t"),
        ("Server=x;User Id=a;Password=s3c;Database=y", "s3c"),
        ("Pwd=hunter2;Server=x", "hunter2"),
        (
            "AccountName=a;AccountKey=aB1cD2eF3gH4iJ5kL6mN7oP8==;X=y",
            "aB1cD2eF3gH4iJ5kL6mN7oP8==",
        ),
        (
            "SharedAccessKeyName=n;SharedAccessKey=aB1cD2eF3gH4iJ5kL6mN7oP8=",
            "aB1cD2eF3gH4iJ5kL6mN7oP8=",
        ),
        (
            "https://a.blob.example/c?sv=1&sig=aB1cD2eF3gH4iJ5kL6mN%2B8%3D&se=2",
            "aB1cD2eF3gH4iJ5kL6mN%2B8%3D",
        ),
        (
            "?X-Amz-Date=1&X-Amz-Signature=0123456789abcdef0123456789abcdef\"",
            "0123456789abcdef0123456789abcdef",
        ),
    ];

    const LEFT: &[&str] = &[
        "http://localhost:8080/a@b",
        "postgres://user:password@host/db",
        "postgres://user:pass@host/db",
        "postgres://user:${PW}@host/db",
        "postgres://user:$PW@host/db",
        "postgres://user:<password>@host/db",
        "postgres://user:****@host/db",
        "postgres://user:{password}@host/db",
        "ssh://git@host:22/x",
        "https://x.example/?design=aB1cD2eF3gH4iJ5kL6mN7oP8",
        "https://x.example/?sig=short&x",
        "AccountKey=<key>;EndpointSuffix=x",
        ";Password=${PW};X=y",
        "password=e.value;return x",
        "github://org:repo@sha/precip/catalog.yml",
        "\"git://[path-to-repo[:]][ref@]path/to/file\"",
    ];

    #[test]
    fn secrets_in_addresses_are_found() {
        for (text, secret) in FOUND {
            assert_eq!(probe().found(text), [*secret], "{text}");
        }
    }

    #[test]
    fn other_parts_of_addresses_stay() {
        for text in LEFT {
            assert_eq!(probe().found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn only_what_may_be_a_password_is_held() {
        assert_eq!(probe().holds("see http://localhost"), Some(20));
        assert_eq!(probe().holds("see http://localhost:80"), Some(21));
        assert_eq!(probe().holds("see http://localhost:80/"), None);
    }

    #[test]
    fn answers_on_prefixes_never_contradict() {
        let texts = FOUND.iter().map(|(text, _)| *text);
        for text in texts.chain(LEFT.iter().copied()) {
            probe().check_prefixes(text);
        }
    }
}

//! The family of credentials in headers, and where tools write them down.
//!
//! Owns: the rows `authorization`, `session-cookie`, `command-line-user`, `netrc` and `npmrc`. What
//! stands around a value stays. Headers such as `X-Api-Key` are names like others: see
//! `secret_names.rs`.

mod lines;

use std::ops::Range;

use super::accept::Accept;
use super::assignment::{self, Assigned};
use super::classes::{ALNUM, ByteSet, ClassId, Classes};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::operators::Operator;
use super::placeholder::is_no_secret;
use super::plausible::looks_random;
use super::value::Value;
use super::view::View;
use super::walk::{BLANK, Miss, Step, after_any, between, head, peek, skip, skip_many};
use crate::table::row::{How, Rule, Special};

/// Bytes of a token: those of RFC 9110 section 11.2, and others that services use.
static TOKEN: ByteSet = ALNUM.or(ByteSet::of(b"._~+/=:|%!*-"));

/// Bytes of the value of a cookie.
const COOKIE: ByteSet = ByteSet::range(0, b' ').or(ByteSet::of(b";,\"'`\\<>")).not();

static COOKIE_NAME: ByteSet = ALNUM.or(ByteSet::of(b"_.$!%*-"));

/// Fewest bytes of a token with a scheme before it, and of one that stands alone.
const SHORTEST: usize = 8;
const SHORTEST_ALONE: usize = 16;

/// How far the parameter of a scheme is looked for.
const PARAMETERS: usize = 1024;

/// Most cookies that are looked at, and the longest.
const MOST_COOKIES: usize = 16;
const LONGEST_COOKIE: usize = 1024;

/// What a trigger stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Authorization,
    Bearer,
    Cookie,
    User,
    Machine,
    Npm,
}

const TRIGGERS: &[(&str, Place)] = &[
    ("authorization", Place::Authorization),
    ("bearer ", Place::Bearer),
    ("cookie", Place::Cookie),
    ("-u ", Place::User),
    ("-su ", Place::User),
    ("curl -u", Place::User),
    ("--user ", Place::User),
    ("--user=", Place::User),
    ("--proxy-user ", Place::User),
    ("machine ", Place::Machine),
    (":_authtoken=", Place::Npm),
    (":_auth=", Place::Npm),
    (":_password=", Place::Npm),
    ("_auth = ", Place::Npm),
    ("_authtoken = ", Place::Npm),
];

#[derive(Debug)]
struct Headers {
    authorization: Option<Accept>,
    cookie: Option<Accept>,
    user: Option<Accept>,
    netrc: Option<Accept>,
    npmrc: Option<Accept>,
    token: ClassId,
    cookie_value: ClassId,
}

/// The family, if there is a row for it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |rule: &Rule| matches!(rule.how, How::Special(Special::HeaderValue));
    let own: Vec<_> = rows
        .iter()
        .filter(|(_, rule)| is_own(rule))
        .copied()
        .collect();
    let family = Headers {
        authorization: Accept::find(&own, "authorization"),
        cookie: Accept::find(&own, "session-cookie"),
        user: Accept::find(&own, "command-line-user"),
        netrc: Accept::find(&own, "netrc"),
        npmrc: Accept::find(&own, "npmrc"),
        token: classes.intern(TOKEN),
        cookie_value: classes.intern(COOKIE),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for Headers {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(TRIGGERS);
        let trigger = |(payload, (text, place)): (u16, &(&str, Place))| Trigger {
            what: if *place == Place::User {
                TriggerText::Exact((*text).into())
            } else {
                TriggerText::AnyCase((*text).into())
            },
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some((text, place)) = TRIGGERS.get(usize::from(payload)) else {
            return;
        };
        let start = at + text.len();
        let mut holds = view.text.len();
        let mut found = Found::default();
        let (accept, step) = match place {
            Place::Authorization => (
                self.authorization,
                self.authorization(view, at, start, &mut holds, &mut found),
            ),
            Place::Bearer => (
                self.authorization,
                self.alone(view, start, &mut holds, &mut found),
            ),
            Place::Cookie => (
                self.cookie,
                self.cookies(view, at, start, &mut holds, &mut found),
            ),
            Place::User => (
                self.user,
                lines::user(view, at, start, &mut holds, &mut found),
            ),
            Place::Machine => (
                self.netrc,
                lines::machine(view, start, &mut holds, &mut found),
            ),
            Place::Npm => (
                self.npmrc,
                lines::npm(view, at, start, &mut holds, &mut found),
            ),
        };
        let Some(accept) = accept else {
            return;
        };
        match step {
            Err(Miss::No) => {}
            Err(Miss::Open) => {
                let first = found.0.iter().map(|range| range.start).min();
                let holds = first.map_or(holds, |first| first.min(holds));
                looks.open(at.saturating_sub(KEPT_CONTEXT), holds);
            }
            Ok(()) => {
                for range in found.0 {
                    if accept.passes(head(between(view, range.start, range.end))) {
                        looks.found(accept.number, range);
                    }
                }
            }
        }
    }
}

/// Values that are to be replaced.
#[derive(Debug, Default)]
struct Found(Vec<Range<usize>>);

impl Headers {
    /// `Authorization: Bearer ...`, however it is assigned.
    fn authorization(
        &self,
        view: &mut View<'_>,
        at: usize,
        name_end: usize,
        holds: &mut usize,
        found: &mut Found,
    ) -> Step<()> {
        let Assigned { start, .. } = assignment::value_after(view, at, name_end, false, holds)?;
        *holds = start;
        let Some(scheme) = after_scheme(view, start)? else {
            let token = after_any_scheme(view, start)?;
            *holds = token;
            return self.opaque(view, token, found);
        };
        *holds = view.text.len();
        let token = skip(view, scheme.end, &BLANK, 8)?;
        if scheme.has_parameters {
            return parameter(view, token, holds, found);
        }
        *holds = token;
        let end = self.token_end(view, token)?;
        let value = Value::of(head(between(view, token, end)));
        if value.bytes.len() >= SHORTEST && is_value(value) && !value.is_wordy() {
            found.0.push(token..end);
        }
        Ok(())
    }

    /// A value without a scheme.
    fn opaque(&self, view: &mut View<'_>, start: usize, found: &mut Found) -> Step<()> {
        let end = self.token_end(view, start)?;
        let value = between(view, start, end);
        if value.len() >= SHORTEST_ALONE && is_random_value(head(value)) {
            found.0.push(start..end);
        }
        Ok(())
    }

    /// `Bearer ...` without the name of the header.
    fn alone(
        &self,
        view: &mut View<'_>,
        start: usize,
        holds: &mut usize,
        found: &mut Found,
    ) -> Step<()> {
        *holds = start.min(view.text.len());
        self.opaque(view, start, found)
    }

    /// The end of a token, without what ends a sentence.
    fn token_end(&self, view: &mut View<'_>, start: usize) -> Step<usize> {
        let end = view.run_end(self.token, start);
        if view.is_open_at(end) {
            return Err(Miss::Open);
        }
        let token = between(view, start, end);
        let stops = token
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b'.' | b':' | b'!'));
        Ok(end - stops.count())
    }

    /// `Cookie: a=b; session=...`
    fn cookies(
        &self,
        view: &mut View<'_>,
        at: usize,
        name_end: usize,
        holds: &mut usize,
        found: &mut Found,
    ) -> Step<()> {
        let assigned = assignment::value_after(view, at, name_end, false, holds)?;
        if assigned.operator == Operator::Flag {
            return Err(Miss::No);
        }
        let mut at = assigned.start;
        for _ in 0..MOST_COOKIES {
            *holds = view.text.len();
            let name = skip_many(view, at, &COOKIE_NAME, 64)?;
            if name == at || peek(view, name)? != Some(b'=') {
                break;
            }
            let start = name + 1;
            let opens_door = lines::opens_door(between(view, at, name));
            *holds = if opens_door {
                start.min(view.text.len())
            } else {
                *holds
            };
            let end = view.run_end(self.cookie_value, start);
            if end - start > LONGEST_COOKIE {
                break;
            }
            if view.is_open_at(end) {
                return Err(Miss::Open);
            }
            let value = between(view, start, end);
            if opens_door && value.len() >= SHORTEST && is_random_value(value) {
                found.0.push(start..end);
            }
            *holds = view.text.len();
            if peek(view, end)? != Some(b';') {
                break;
            }
            at = skip(view, end + 1, &BLANK, 8)?;
        }
        Ok(())
    }
}

/// Whether a value is one, and not a place for one.
fn is_value(value: Value<'_>) -> bool {
    !is_no_secret(value)
}

/// The same, of one that a machine made.
fn is_random_value(value: &[u8]) -> bool {
    let value = Value::of(value);
    is_value(value) && looks_random(value)
}

struct Scheme {
    end: usize,
    /// Whether the secret is one of its parameters.
    has_parameters: bool,
}

fn after_scheme(view: &View<'_>, at: usize) -> Step<Option<Scheme>> {
    const PLAIN: &[&[u8]] = &[
        b"bearer ",
        b"basic ",
        b"token ",
        b"negotiate ",
        b"apikey ",
        b"api-key ",
        b"bot ",
        b"key ",
        b"ssws ",
        b"splunk ",
        b"geniekey ",
        b"jwt ",
    ];
    if let Some(end) = after_any(view, at, PLAIN)? {
        let has_parameters = false;
        return Ok(Some(Scheme {
            end,
            has_parameters,
        }));
    }
    let end = after_any(view, at, &[b"digest ", b"aws4-hmac-sha256 "])?;
    let has_parameters = true;
    Ok(end.map(|end| Scheme {
        end,
        has_parameters,
    }))
}

/// After a scheme of somebody's own, and the name of its parameter: `OAuth `, `GoogleLogin auth=`.
fn after_any_scheme(view: &View<'_>, start: usize) -> Step<usize> {
    static SCHEME: ByteSet = ALNUM.with(b'-').with(b'_');
    let word = skip_many(view, start, &SCHEME, 24)?;
    let token = skip(view, word, &BLANK, 2)?;
    if word == start || token == word {
        return Ok(start);
    }
    let name = skip_many(view, token, &SCHEME, 16)?;
    let value = skip(view, name, const { &ByteSet::of(b"=\\\"") }, 4)?;
    Ok(if value > name { value } else { token })
}

/// The response of a digest, or a signature, on the same line.
fn parameter(view: &View<'_>, from: usize, holds: &mut usize, found: &mut Found) -> Step<()> {
    for at in from..from + PARAMETERS {
        match peek(view, at)? {
            None | Some(b'\n') => return Err(Miss::No),
            Some(b'r' | b'R' | b's' | b'S') => {}
            Some(_) => continue,
        }
        let Some(value) = after_any(view, at, &[b"response=", b"signature="])? else {
            continue;
        };
        let start = skip(view, value, &const { ByteSet::of(b"\\\"") }, 4)?;
        *holds = start;
        let end = skip_many(view, start, &TOKEN, 256)?;
        if end - start >= SHORTEST_ALONE {
            found.0.push(start..end);
        }
        return Ok(());
    }
    Err(Miss::No)
}

#[cfg(test)]
mod tests;

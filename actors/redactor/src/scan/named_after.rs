//! The family of secrets that are named after they are said: `use hT7..x as the redis password`.
//!
//! Owns: the way from a verb to the value and on to the name, forwards only, so that a stream
//! holds nothing but a word after such a verb. The rows are those of `secret_assignment`.

use super::accept::Accept;
use super::classes::{ALNUM, ByteSet, Classes};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::plausible::{self, Form, Kind};
use super::secret_names::{self, Around};
use super::token::is_left_edge;
use super::value_end::unquoted_end;
use super::view::View;
use super::walk::{Miss, QUOTE, Step, after_any, after_word, between, preceding, skip};
use crate::table::row::{How, Rule, Special};

/// What people say before a value.
const VERBS: &[&str] = &["use ", "using ", "try "];
/// What may follow `as `.
const ARTICLES: &[&[u8]] = &[b"the ", b"my ", b"our ", b"your ", b"its "];
/// Parts of names of secrets.
const PARTS: &[&str] = &["pass", "pwd", "secret", "token", "credential", "key"];

const SHORTEST: usize = 8;
const LONGEST: usize = 256;
/// Most words of a name, and most bytes of one.
const MOST_WORDS: usize = 4;
const LONGEST_WORD: usize = 24;
const NAME: ByteSet = ALNUM.with(b'_').with(b'-');

#[derive(Debug)]
struct NamedAfter {
    password: Option<Accept>,
    secret: Option<Accept>,
}

/// The family, if there is a row for it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |rule: &Rule| matches!(rule.how, How::Special(Special::SecretAssignment));
    let own = rows.iter().filter(|(_, rule)| is_own(rule));
    let own: Vec<_> = own.copied().collect();
    let family = NamedAfter {
        password: Accept::find(&own, "assigned-password"),
        secret: Accept::find(&own, "assigned-secret"),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for NamedAfter {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(VERBS);
        let trigger = |(payload, verb): (u16, &&str)| Trigger {
            what: TriggerText::AnyCase((*verb).into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let verb = VERBS.get(usize::from(payload)).map_or(0, |verb| verb.len());
        if !is_left_edge(view, at) {
            return;
        }
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let Ok(start) = skip(view, at + verb, &QUOTE, 1) else {
            return looks.open(needs, view.text.len());
        };
        match named(view, start) {
            Err(Miss::No) => {}
            Err(Miss::Open) => looks.open(needs, start),
            Ok((end, kind)) => self.judge(start, end, kind, view, looks),
        }
    }
}

impl NamedAfter {
    fn judge(&self, start: usize, end: usize, kind: Kind, view: &View<'_>, looks: &mut Looks) {
        let accept = match kind {
            Kind::Password => self.password,
            Kind::Secret | Kind::Perhaps => self.secret,
        };
        let value = between(view, start, end);
        if let Some(accept) = accept
            && plausible::is_secret(value, kind, Form::Loose)
            && accept.passes(value)
        {
            looks.found(accept.number, start..end);
        }
    }
}

/// The end of the value at `start`, and what the name after it says.
fn named(view: &View<'_>, start: usize) -> Step<(usize, Kind)> {
    let end = unquoted_end(view, start, LONGEST)?;
    if end - start < SHORTEST {
        return Err(Miss::No);
    }
    let closed = skip(view, end, &QUOTE, 1)?;
    let Some(mut at) = after_word(view, closed, b" as ")? else {
        return Err(Miss::No);
    };
    at = after_any(view, at, ARTICLES)?.unwrap_or(at);
    for _ in 0..MOST_WORDS {
        let word = skip(view, at, &NAME, LONGEST_WORD)?;
        if let Some(kind) = kind_of(view, at, word) {
            return Ok((end, kind));
        }
        let next = skip(view, word, &const { ByteSet::of(b" ") }, 1)?;
        if word == at || next == word {
            break;
        }
        at = next;
    }
    Err(Miss::No)
}

/// What a word of a name says about the value.
fn kind_of(view: &View<'_>, at: usize, end: usize) -> Option<Kind> {
    let word = between(view, at, end).to_ascii_lowercase();
    PARTS.iter().find_map(|part| {
        let place = word
            .windows(part.len())
            .position(|it| it == part.as_bytes())?;
        let around = Around {
            before: preceding(view, at + place, KEPT_CONTEXT),
            after: between(view, at + place + part.len(), end),
        };
        secret_names::kind_of(part, around)
    })
}

#[cfg(test)]
mod tests {
    use super::super::probe::Probe;
    use super::*;
    use crate::config::Preset;
    use crate::table;

    fn probe() -> Probe {
        let rows: Vec<Rule> = table::rows(Preset::Credentials).copied().collect();
        Probe::new(build, rows.leak())
    }

    const FOUND: &[(&str, &str)] = &[
        ("use monkey_cN3anj7 as the redis password", "monkey_cN3anj7"),
        (
            concat!("Please use `kQ8vT2", "xLw0RzN5yB` as our api key."),
            concat!("kQ8vT2", "xLw0RzN5yB"),
        ),
    ];

    #[test]
    fn a_secret_before_its_name_is_found() {
        for (text, secret) in FOUND {
            assert_eq!(probe().found(text), [*secret], "{text}");
        }
    }

    #[test]
    fn what_is_used_as_something_else_stays() {
        for text in [
            "use requestId as the key of the map",
            "use customer_email as the primary key",
            "use kQ8vT2xLw0RzN5yB as the name of the branch",
            "because kQ8vT2xLw0RzN5yB as the api key",
        ] {
            assert_eq!(probe().found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn answers_on_prefixes_never_contradict() {
        for (text, _) in FOUND {
            probe().check_prefixes(text);
        }
    }
}

//! The family of values without a format of their own that a name says are secret.
//!
//! Owns: the rows `assigned-password` and `assigned-secret`. The name is read by
//! `secret_names.rs`, the way to the value by `assignment.rs`, the value by `plausible.rs`.

use super::accept::Accept;
use super::assignment::{self, Assigned, Operator, Quote};
use super::classes::Classes;
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::plausible::{self, Form, Kind};
use super::secret_names::{self, Around};
use super::value_end;
use super::view::View;
use super::walk::{BLANK, Miss, Step, between, peek, preceding, skip};
use crate::table::row::{How, Rule, Special};

/// Longest value in quotes.
const LONGEST_QUOTED: usize = 512;

/// Longest value without.
const LONGEST: usize = 256;

#[derive(Debug)]
struct SecretAssignments {
    password: Option<Accept>,
    secret: Option<Accept>,
}

/// The family, if there is a row for it.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |rule: &Rule| matches!(rule.how, How::Special(Special::SecretAssignment));
    let own: Vec<_> = rows
        .iter()
        .filter(|(_, rule)| is_own(rule))
        .copied()
        .collect();
    let family = SecretAssignments {
        password: Accept::find(&own, "assigned-password"),
        secret: Accept::find(&own, "assigned-secret"),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for SecretAssignments {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(secret_names::PARTS);
        let trigger = |(payload, part): (u16, &&str)| Trigger {
            what: TriggerText::AnyCase((*part).into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some(part) = secret_names::PARTS.get(usize::from(payload)) else {
            return;
        };
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let part_end = at + part.len() - usize::from(part.ends_with('"'));
        let mut holds = 0;
        let assigned = match assignment::value_after(view, at, part_end, false, &mut holds) {
            Ok(assigned) => assigned,
            Err(Miss::No) => return,
            Err(Miss::Open) => return looks.open(needs, holds),
        };
        let around = Around {
            before: preceding(view, at, KEPT_CONTEXT),
            after: between(view, part_end, assigned.name_end),
        };
        // `pass 'x'` is what people do with arguments; `DB_PASS to x`, `pass is x` are none.
        let is_verb = assigned.operator == Operator::Bare
            && *part == "pass"
            && around.after.is_empty()
            && !around.before.ends_with(b"_")
            && !between(view, assigned.name_end, assigned.start).starts_with(b" is");
        let kind = secret_names::kind_of(part, around);
        let Some(kind) = kind.filter(|_| !is_verb) else {
            return;
        };
        let accept = match kind {
            Kind::Password => self.password,
            Kind::Secret | Kind::Perhaps => self.secret,
        };
        let Some(accept) = accept else {
            return;
        };
        match value_end(view, assigned) {
            Err(Miss::No) => {}
            Err(Miss::Open) => looks.open(needs, assigned.start),
            Ok(end) => {
                let value = between(view, assigned.start, end);
                let is_secret = plausible::is_secret(value, kind, form(assigned));
                if is_secret && accept.passes(value) {
                    looks.found(accept.number, assigned.start..end);
                }
            }
        }
    }
}

fn form(assigned: Assigned) -> Form {
    match (assigned.quote, assigned.operator) {
        (Some(_), _) => Form::Quoted,
        (None, Operator::Tight | Operator::Tag) => Form::Tight,
        (None, _) => Form::Loose,
    }
}

/// The end of a value, of whatever kind.
fn value_end(view: &View<'_>, assigned: Assigned) -> Step<usize> {
    if let Some(quote) = assigned.quote {
        let end = value_end::quoted_end(view, assigned.start, quote, LONGEST_QUOTED)?;
        if assigned.operator == Operator::Comma {
            ends_call(view, end, quote)?;
        }
        return Ok(end);
    }
    if peek(view, assigned.start)?.is_some_and(|byte| b"([{".contains(&byte)) {
        return Err(Miss::No);
    }
    let end = value_end::unquoted_end(view, assigned.start, LONGEST)?;
    let next = peek(view, end)?;
    match (assigned.operator, next) {
        (Operator::Tag, Some(b'<')) => Ok(end),
        (Operator::Tag, _) => Err(Miss::No),
        (Operator::Tight, _) => Ok(end),
        // A bracket after it: a call, or a type.
        (_, Some(b'<' | b'`')) => Err(Miss::No),
        _ => Ok(without_full_stop(view, assigned.start, end)),
    }
}

/// Whether the value is the last argument of a call, and not one of a list of words.
fn ends_call(view: &View<'_>, end: usize, quote: Quote) -> Step<()> {
    let after = value_end::after_quote(view, end, quote)?;
    let next = skip(view, after, &BLANK, 8)?;
    match peek(view, next)? {
        Some(b')') => Ok(()),
        _ => Err(Miss::No),
    }
}

/// The end without what ends a sentence.
fn without_full_stop(view: &View<'_>, start: usize, end: usize) -> usize {
    let value = between(view, start, end);
    let stops = value
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b'.' | b':'));
    end - stops.count()
}

#[cfg(test)]
mod tests;

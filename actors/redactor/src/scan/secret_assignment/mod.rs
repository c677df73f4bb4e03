//! The family of values without a format of their own that a name says are secret.
//!
//! Owns: the rows `assigned-password` and `assigned-secret`. The name is read by
//! `secret_names.rs`, the way to the value by `assignment.rs`, the value by `plausible.rs`.

use super::accept::Accept;
use super::assignment::{self, Assigned, NAME, NAME_REST, Quote};
use super::classes::{ByteSet, Classes};
use super::code_value::{self, Place};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::operators::Operator;
use super::plausible::{self, Form, Kind};
use super::rest_of_line;
use super::said;
use super::scrambled::is_scrambled;
use super::secret_names::{self, Around};
use super::secret_words;
use super::value::Value;
use super::value_end;
use super::view::View;
use super::walk::{BLANK, Miss, Step, between, peek, preceding, skip, skip_many};
use super::wordy::is_wordy;
use crate::table::row::{How, Rule, Special};

/// Longest value in quotes.
const LONGEST_QUOTED: usize = 512;

/// Longest value without.
const LONGEST: usize = 256;

const PASSWORD: &str = "assigned-password";
const SECRET: &str = "assigned-secret";

/// The rules that say less than others do, if a value has a format of its own.
pub(crate) fn is_general(rule: &str) -> bool {
    [PASSWORD, SECRET].contains(&rule)
}

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
        password: Accept::find(&own, PASSWORD),
        secret: Accept::find(&own, SECRET),
    };
    (!own.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for SecretAssignments {
    fn triggers(&self) -> Vec<Trigger> {
        let words = secret_words::WORDS.iter().map(|(word, _)| word);
        let numbered = (0_u16..).zip(secret_names::PARTS.iter().chain(words));
        let trigger = |(payload, part): (u16, &&str)| Trigger {
            what: TriggerText::AnyCase((*part).into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let payload = usize::from(payload);
        let (part, word) = match secret_names::PARTS.get(payload) {
            Some(part) => (*part, None),
            None => match secret_words::WORDS.get(payload - secret_names::PARTS.len()) {
                Some((word, kind)) => (*word, Some(*kind)),
                None => return,
            },
        };
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let part_end = at + part.len() - usize::from(part.ends_with('"'));
        let mut holds = 0;
        let assigned = match assignment::value_after(view, at, part_end, false, &mut holds) {
            Err(Miss::No) => said_after(view, at, part_end, part, word, &mut holds),
            found => found,
        };
        let assigned = match assigned {
            Ok(assigned) => assigned,
            Err(Miss::No) => return,
            Err(Miss::Open) => return looks.open(needs, holds),
        };
        let kind = kind_of(view, at, part, word, assigned.name_end);
        let Some(kind) = kind.filter(|_| !is_verb(view, at, part_end, part, assigned)) else {
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
            Ok((end, form)) => {
                if view
                    .runs
                    .covered
                    .is_all_of(accept.number, assigned.start, end)
                {
                    return;
                }
                let value = between(view, assigned.start, end);
                let is_secret = plausible::is_secret(value, kind, form)
                    && !is_code_value(view, assigned, end)
                    && !is_step(view, at, part, assigned, value);
                if is_secret && accept.passes(value) {
                    looks.found(accept.number, assigned.start..end);
                }
            }
        }
    }
}

/// What a name says about its value.
fn kind_of(
    view: &View<'_>,
    at: usize,
    part: &str,
    word: Option<Kind>,
    name_end: usize,
) -> Option<Kind> {
    let part_end = at + part.trim_end_matches('"').len();
    let around = Around {
        before: preceding(view, at, KEPT_CONTEXT),
        after: between(view, part_end, name_end),
    };
    match word {
        Some(kind) => secret_words::stands(part, around).then_some(kind),
        None => secret_names::kind_of(part, around),
    }
}

/// `pass 'x'` is what people do with arguments; `DB_PASS to x`, `pass is x` are none.
fn is_verb(view: &View<'_>, at: usize, part_end: usize, part: &str, assigned: Assigned) -> bool {
    let is_said = matches!(assigned.operator, Operator::Bare | Operator::Said);
    is_said
        && part == "pass"
        && assigned.name_end == part_end
        && !preceding(view, at, KEPT_CONTEXT).ends_with(b"_")
        && !between(view, assigned.name_end, assigned.start).starts_with(b" is")
}

/// What is said after a name, if it is one of a secret.
fn said_after(
    view: &View<'_>,
    at: usize,
    part_end: usize,
    part: &str,
    word: Option<Kind>,
    holds: &mut usize,
) -> Step<Assigned> {
    *holds = view.text.len();
    let name_end = skip_many(view, part_end, &NAME, NAME_REST)?;
    let next = peek(view, name_end)?;
    let is_call = next == Some(b'(') && secret_names::sets(preceding(view, at, KEPT_CONTEXT));
    if next != Some(b' ') && !is_call || part == "identified by" {
        return Err(Miss::No);
    }
    kind_of(view, at, part, word, name_end).ok_or(Miss::No)?;
    let in_prose = !secret_words::is_of_files(part) && is_word(view, at, name_end);
    said::value_said(view, name_end, in_prose, holds)
}

/// Whether a name may be a word of a sentence, and not only that of a variable.
fn is_word(view: &View<'_>, at: usize, name_end: usize) -> bool {
    let name = between(view, at, name_end);
    let is_joined = preceding(view, at, 1)
        .iter()
        .chain(name)
        .any(|byte| *byte == b'_');
    !is_joined && name.iter().any(u8::is_ascii_lowercase)
}

/// Whether a value without quotes is a piece of code.
fn is_code_value(view: &View<'_>, assigned: Assigned, end: usize) -> bool {
    let place = match assigned.operator {
        Operator::Tight => Place::Tight,
        _ => Place::Loose,
    };
    let value = between(view, assigned.start, end);
    assigned.quote.is_none() && code_value::is_code_value(value, view.byte(end), place)
}

/// Whether a step of a compiler is named, and no password: `pass: "consumer"`.
fn is_step(view: &View<'_>, at: usize, part: &str, assigned: Assigned, value: &[u8]) -> bool {
    let is_name = part == "pass" && assigned.name_end == at + part.len();
    let is_alone = preceding(view, at, 1)
        .iter()
        .all(|byte| b" \t\n{(,".contains(byte));
    let is_field = between(view, assigned.name_end, assigned.start).starts_with(b": ");
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    is_name && is_alone && is_field && value.iter().all(is_word) && is_wordy(value)
}

fn form(view: &View<'_>, assigned: Assigned) -> Form {
    match (assigned.quote, assigned.operator) {
        (_, Operator::Cell | Operator::Said | Operator::Call) => Form::Alone,
        (Some(_), _) => Form::Quoted,
        _ if rest_of_line::is_variable(view, assigned) => Form::Variable,
        (None, Operator::Tight | Operator::Tag) => Form::Tight,
        (None, _) => Form::Loose,
    }
}

/// The end of a value, of whatever kind, and how it is written.
fn value_end(view: &View<'_>, assigned: Assigned) -> Step<(usize, Form)> {
    let form = form(view, assigned);
    if let Some(quote) = assigned.quote {
        let end = value_end::quoted_end(view, assigned.start, quote, LONGEST_QUOTED)?;
        let is_one_of_many = assigned.operator == Operator::Comma && !ends_call(view, end, quote)?;
        if is_one_of_many && between(view, assigned.start, end).contains(&b'_') {
            return Err(Miss::No);
        }
        return Ok((end, if is_one_of_many { Form::Alone } else { form }));
    }
    let opens = peek(view, assigned.start)?.is_some_and(|byte| b"([{".contains(&byte));
    if opens && !rest_of_line::may_open(view, assigned) {
        return Err(Miss::No);
    }
    let is_variable = form == Form::Variable;
    let end = rest_of_line::end(view, assigned, is_variable, LONGEST)?;
    if opens && !is_scrambled(Value::of(between(view, assigned.start, end))) {
        return Err(Miss::No);
    }
    if assigned.operator == Operator::NextLine {
        is_assigned_to(view, end)?;
    }
    let next = peek(view, end)?;
    match (assigned.operator, next) {
        (Operator::Tag, _) => closes_tag(view, end).map(|()| (end, form)),
        (Operator::Tight, _) => Ok((end, form)),
        // A bracket after it: a call, or a type.
        (_, Some(b'<' | b'`')) if form != Form::Alone => Err(Miss::No),
        (Operator::Cell, _) => Ok((in_cell(view, assigned.start, end), form)),
        _ => Ok((without_full_stop(view, assigned, end, next), form)),
    }
}

/// Whether a value fills the line behind its label, and ends no sentence. `next` follows it.
fn is_of_label(view: &View<'_>, assigned: Assigned, end: usize, next: Option<u8>) -> bool {
    matches!(next, None | Some(b'\r' | b'\n'))
        && rest_of_line::may_open(view, assigned)
        && is_scrambled(Value::of(between(view, assigned.start, end)))
}

/// Whether what stands on the next line is assigned something itself.
fn is_assigned_to(view: &View<'_>, end: usize) -> Step<()> {
    let next = skip(view, end, &BLANK, 8)?;
    match peek(view, next)? {
        Some(b'=') => Err(Miss::No),
        _ => Ok(()),
    }
}

/// Whether a tag, or `]]>`, follows a value.
fn closes_tag(view: &View<'_>, end: usize) -> Step<()> {
    let next = skip(view, end, const { &BLANK.or(ByteSet::of(b"\r\n")) }, 48)?;
    match peek(view, next)? {
        Some(b'<') => Ok(()),
        Some(b']') if peek(view, next + 1)? == Some(b']') => Ok(()),
        _ => Err(Miss::No),
    }
}

/// The end of a value in a row of a table.
fn in_cell(view: &View<'_>, start: usize, end: usize) -> usize {
    let value = between(view, start, end);
    let bar = value.iter().position(|byte| *byte == b'|');
    start + bar.unwrap_or(value.len())
}

/// Whether the value is the last argument of a call, and not one of a list of words.
fn ends_call(view: &View<'_>, end: usize, quote: Quote) -> Step<bool> {
    let after = value_end::after_quote(view, end, quote)?;
    let next = skip(view, after, &BLANK, 8)?;
    Ok(peek(view, next)? == Some(b')'))
}

/// The end without what ends a sentence. `next` follows it.
fn without_full_stop(view: &View<'_>, assigned: Assigned, end: usize, next: Option<u8>) -> usize {
    let value = between(view, assigned.start, end);
    let stops = value
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b'.' | b':' | b'*'));
    match stops.count() {
        0 => end,
        _ if is_of_label(view, assigned, end, next) => end,
        stops => end - stops,
    }
}

#[cfg(test)]
mod scrambled_tests;
#[cfg(test)]
mod tests;

//! Values without quotes that hold what ends others: `&`, `)`, `;` and the like.
//!
//! Owns: when a value goes on there. In the line of a variable (`DB_PASSWORD=ab&cd)ef`) and behind
//! a label that has a line for itself (`Password: ab&cd)ef`) it does, if nobody but a machine
//! writes what comes of it: in code and in queries these signs end the value.
//!
//! Called by: `secret_assignment`.

use super::assignment::Assigned;
use super::classes::{ALNUM, ByteSet};
use super::operators::Operator;
use super::scrambled::is_scrambled;
use super::value::Value;
use super::value_end::unquoted_end;
use super::view::View;
use super::walk::{Step, after_any, between, peek, preceding, skip, skip_many};

/// What a value may go on behind.
static SOFT: ByteSet = ByteSet::of(b"&),;]}");

/// Bytes of a value that goes on to the end of its line.
static GRAPHIC: ByteSet = ByteSet::range(b'!', b'~');

static NAME: ByteSet = ALNUM.or(ByteSet::of(b"_-."));

/// Longest name of the next parameter.
const LONGEST_NAME: usize = 40;

/// How much of the end of a name is looked at: it is read whenever the name is.
const NAME_END: usize = 8;

/// The end of a value that begins where one without quotes does.
/// `is_variable` is what the function of that name says.
pub(crate) fn end(
    view: &View<'_>,
    assigned: Assigned,
    is_variable: bool,
    most: usize,
) -> Step<usize> {
    let plain = unquoted_end(view, assigned.start, most)?;
    let far = match assigned.operator {
        Operator::Tight if is_variable => in_line(view, assigned, plain, most)?,
        Operator::Wide if is_label(view, assigned) => to_line_end(view, assigned, plain, most)?,
        _ => plain,
    };
    let value = || Value::of(between(view, assigned.start, far));
    Ok(if far > plain && is_scrambled(value()) {
        far
    } else {
        plain
    })
}

/// Whether the name is that of a variable of a shell, as far as it is seen: `DB_PASSWORD=`.
pub(crate) fn is_variable(view: &View<'_>, assigned: Assigned) -> bool {
    let name = preceding(view, assigned.name_end, NAME_END);
    let name = name.rsplit(|byte| !NAME.has(*byte)).next();
    let is_tight = assigned.quote.is_none() && assigned.operator == Operator::Tight;
    let sign = between(view, assigned.name_end, assigned.start);
    let is_assigned = sign.first() == Some(&b'=') && sign.iter().all(|byte| b"=~>".contains(byte));
    is_tight && is_assigned && name.is_some_and(|name| !name.iter().any(u8::is_ascii_lowercase))
}

/// Whether a bracket may be the first sign of a value, and not that of code.
pub(crate) fn may_open(view: &View<'_>, assigned: Assigned) -> bool {
    is_variable(view, assigned) || assigned.operator == Operator::Wide && is_label(view, assigned)
}

/// Whether `name: ` stands before the value.
fn is_label(view: &View<'_>, assigned: Assigned) -> bool {
    between(view, assigned.name_end, assigned.start) == b": "
}

/// The end of the value of a variable: before a blank, a quote, or another variable.
fn in_line(view: &View<'_>, assigned: Assigned, mut end: usize, most: usize) -> Step<usize> {
    const ESCAPES: &[&[u8]] = &[b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&#"];
    while end - assigned.start <= most {
        let after = skip(view, end, &SOFT, 4)?;
        if after == end || after_any(view, end, ESCAPES)?.is_some() {
            break;
        }
        let name = skip_many(view, after, &NAME, LONGEST_NAME)?;
        let is_list = view
            .before(after)
            .is_some_and(|byte| b"&,;".contains(&byte));
        let is_name = is_list && name > after && peek(view, name)? == Some(b'=');
        if is_name && !is_scrambled(Value::of(between(view, assigned.start, end))) {
            break;
        }
        let next = unquoted_end(view, after, most)?;
        if next == after {
            return without_stops(view, end, after);
        }
        end = next;
    }
    Ok(end)
}

/// The end of what ends a value and its line: the signs are its last ones, if no code ends so.
fn without_stops(view: &View<'_>, end: usize, after: usize) -> Step<usize> {
    let ends_line = matches!(peek(view, after)?, None | Some(b'\r' | b'\n'));
    let stops = between(view, end, after).iter();
    let is_own = ends_line && stops.copied().all(|byte| b"&)".contains(&byte));
    Ok(if is_own { after } else { end })
}

/// The end of the line, if nothing else stands there and no code does.
fn to_line_end(view: &View<'_>, assigned: Assigned, plain: usize, most: usize) -> Step<usize> {
    let end = skip_many(view, assigned.start, &GRAPHIC, most)?;
    if !matches!(peek(view, end)?, None | Some(b'\r' | b'\n')) || end == plain {
        return Ok(plain);
    }
    let value = between(view, assigned.start, end);
    let ends_code = value
        .last()
        .is_some_and(|byte| b",;([{)]}\"'`".contains(byte));
    Ok(if ends_code || !is_no_code(value) {
        plain
    } else {
        end
    })
}

/// Whether signs stand side by side as in no language: `)x`, `%,`, `x$`.
fn is_no_code(value: &[u8]) -> bool {
    let is_odd = |byte: u8| b"#%^~$@`".contains(&byte);
    if value.iter().filter(|byte| is_odd(**byte)).count() >= 2 {
        return true;
    }
    let mut pairs = value.windows(2);
    pairs.any(|pair| {
        let &[one, next] = pair else { return false };
        let is_sign = next.is_ascii_punctuation() && next != b'_' && next != b'{';
        b")]}".contains(&one) && next.is_ascii_alphanumeric()
            || is_odd(one) && is_sign
            || one.is_ascii_alphanumeric() && b"#$~`".contains(&next)
    })
}

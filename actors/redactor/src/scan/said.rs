//! Values that stand in a sentence behind their name, or behind it with nothing but a blank.
//!
//! Owns: the way over the words between them: `the password for the shop is ...`, `API key
//! provided: ...`, `ENV NAME ...`, `.password("...")`. Nothing says for sure that a value comes,
//! so whoever judges it asks for more.
//!
//! Never judges a value. Called by: `secret_assignment.rs`.

use super::assignment::{Assigned, NAME, assigned};
use super::classes::ByteSet;
use super::operators::Operator;
use super::view::View;
use super::walk::{BLANK, Miss, QUOTE, Step, after_any, between, peek, skip, skip_many};

/// Most words between a name and its value.
const MOST_WORDS: usize = 6;
const LONGEST_WORD: usize = 64;

/// Fewest bytes, and digits, of a word that may be a value.
const SHORTEST: usize = 8;
const FEWEST_DIGITS: usize = 1;

/// Bytes of a word, which may be a value.
static WORD: ByteSet = NAME.or(ByteSet::of(b"!#$%&*+/=?@^_|~'"));

/// Where a value begins that is said after a name that ends at `name_end`. If more text must come
/// first, `holds` is the first byte that may belong to the value.
///
/// A name `in_prose` may be followed by any word: what follows it directly counts only if its
/// first two bytes are no beginning of one, or a stream would hold back each such word.
pub(super) fn value_said(
    view: &View<'_>,
    name_end: usize,
    in_prose: bool,
    holds: &mut usize,
) -> Step<Assigned> {
    *holds = view.text.len();
    if peek(view, name_end)? == Some(b'(') {
        return in_call(view, name_end, holds);
    }
    let mut at = name_end;
    for turn in 0..MOST_WORDS {
        let blank = skip(view, at, &BLANK, 2)?;
        if blank == at {
            break;
        }
        if turn > 0
            && let Some(after) = after_any(view, blank, &[b"is ", b"was ", b"to ", b"= "])?
        {
            return found(view, name_end, after, holds);
        }
        let quoted = skip(view, blank, &QUOTE, 1)?;
        *holds = if turn == 0 { quoted } else { *holds };
        let is_near = turn == 0 && (!in_prose || quoted > blank || begins_oddly(view, quoted)?);
        *holds = if is_near { quoted } else { view.text.len() };
        let end = skip_many(view, quoted, &WORD, LONGEST_WORD)?;
        if is_near && may_be_value(between(view, quoted, end)) {
            return found(view, name_end, blank, holds);
        }
        *holds = view.text.len();
        at = skip(view, end, &QUOTE, 1)?;
        if end == quoted || end - quoted >= LONGEST_WORD {
            break;
        }
        if peek(view, at)? == Some(b':') && peek(view, at + 1)? == Some(b' ') {
            return found(view, name_end, at + 2, holds);
        }
    }
    Err(Miss::No)
}

/// The value of `.name("value")`.
fn in_call(view: &View<'_>, name_end: usize, holds: &mut usize) -> Step<Assigned> {
    let quote = skip(view, name_end + 1, const { &ByteSet::of(b"\\") }, 3)?;
    match peek(view, quote)? {
        Some(byte) if QUOTE.has(byte) => {
            assigned(view, name_end, (name_end + 1, Operator::Call), holds)
        }
        _ => Err(Miss::No),
    }
}

fn found(view: &View<'_>, name_end: usize, at: usize, holds: &mut usize) -> Step<Assigned> {
    let start = skip(view, at, &BLANK, 8)?;
    assigned(view, name_end, (start, Operator::Said), holds)
}

/// Whether no word of a sentence begins so: with a digit or a sign, with two capitals, or with a
/// capital behind a small letter.
fn begins_oddly(view: &View<'_>, at: usize) -> Step<bool> {
    let (first, next) = (peek(view, at)?, peek(view, at + 1)?);
    let is_odd = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    let is_capital = next.is_some_and(|byte| byte.is_ascii_uppercase());
    Ok(is_odd(first) || is_odd(next) || is_capital)
}

/// Whether a word is no word of a sentence.
fn may_be_value(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    word.len() >= SHORTEST && digits >= FEWEST_DIGITS
}

//! Credentials in command lines and in the files of tools.

use super::{Found, SHORTEST, is_random_value, is_value};
use crate::scan::classes::{ALNUM, ByteSet};
use crate::scan::code_value::refers;
use crate::scan::value::Value;
use crate::scan::view::View;
use crate::scan::walk::{Miss, QUOTE, Step, after_any, after_word, between, peek, skip, skip_many};

const WHITE: ByteSet = ByteSet::of(b" \t\r\n");
static GRAPHIC: ByteSet = ByteSet::range(0, b' ').with(0x7f).not();

/// Bytes of a name in `user:password`.
static USER: ByteSet = ALNUM.or(ByteSet::of(b"_.@+\\/-"));

/// Bytes of a password without quotes.
static PASSWORD: ByteSet = ByteSet::range(0, b' ').or(ByteSet::of(b"\"'`<>|;\\")).not();

const LONGEST: usize = 256;
const SHORTEST_PASSWORD: usize = 4;

/// Whether the name of a cookie says that its value opens a door.
pub(super) fn opens_door(name: &[u8]) -> bool {
    const DOORS: &[&[u8]] = &[
        b"sess",
        b"sid",
        b"auth",
        b"token",
        b"jwt",
        b"login",
        b"remember",
        b"credential",
        b"identity",
        b"sso",
        b"clearance",
        b"logged_in",
        b"aspnetcore",
    ];
    let has = |door: &&[u8]| {
        let mut windows = name.windows(door.len());
        windows.any(|window| window.eq_ignore_ascii_case(door))
    };
    DOORS.iter().any(has)
}

/// `curl -u user:password`, `docker login -u user -p password`
pub(super) fn user(
    view: &View<'_>,
    at: usize,
    start: usize,
    holds: &mut usize,
    found: &mut Found,
) -> Step<()> {
    let before = view.before(at);
    if before.is_some_and(|byte| !WHITE.has(byte) && !QUOTE.has(byte)) {
        return Err(Miss::No);
    }
    let quote = peek(view, start)?.filter(|byte| QUOTE.has(*byte));
    let name = start + usize::from(quote.is_some());
    let name_end = skip_many(view, name, &USER, 64)?;
    let Some(password) = password_start(view, name_end)? else {
        return Err(Miss::No);
    };
    *holds = password.min(view.text.len());
    let quote = quote.filter(|_| password == name_end + 1);
    let own = quote.map_or(PASSWORD, |quote| ByteSet::of(&[quote, b'\n']).not());
    let end = skip_many(view, password, &own, LONGEST)?;
    let value = between(view, password, end);
    let is_number = value.iter().all(u8::is_ascii_digit);
    let is_word = value
        .iter()
        .all(|byte| byte.is_ascii_lowercase() || *byte == b'.');
    let is_level = is_word && password > name_end + 1;
    if value.len() >= SHORTEST_PASSWORD && !is_number && !is_level && is_value(Value::of(value)) {
        found.0.push(password..end);
    }
    Ok(())
}

/// Where the password begins after a name: `name:password`, `name -p password`.
fn password_start(view: &View<'_>, name_end: usize) -> Step<Option<usize>> {
    if peek(view, name_end)? == Some(b':') {
        return Ok(Some(name_end + 1));
    }
    let quote = skip(view, name_end, &QUOTE, 1)?;
    let Some(after) = after_any(view, quote, &[b" -p ", b" --password "])? else {
        return Ok(None);
    };
    Ok(Some(skip(view, after, &QUOTE, 1)?))
}

/// `machine host login user password value`
pub(super) fn machine(
    view: &View<'_>,
    start: usize,
    holds: &mut usize,
    found: &mut Found,
) -> Step<()> {
    *holds = view.text.len();
    let host = word_end(view, start)?;
    let login = after_key(view, host, b"login")?;
    let login = word_end(view, login)?;
    let password = after_key(view, login, b"password")?;
    *holds = password.min(view.text.len());
    let end = word_end(view, password)?;
    let value = without_quotes(between(view, password, end));
    if is_value(Value::of(value)) {
        found.0.push(password..end);
    }
    Ok(())
}

/// A value without the quotes that end the text around it.
fn without_quotes(value: &[u8]) -> &[u8] {
    let quotes = value.iter().rev().take_while(|byte| QUOTE.has(**byte));
    value
        .get(..value.len() - quotes.count())
        .unwrap_or_default()
}

fn word_end(view: &View<'_>, at: usize) -> Step<usize> {
    let end = skip_many(view, at, &GRAPHIC, LONGEST)?;
    (end > at).then_some(end).ok_or(Miss::No)
}

/// After white space, a word, and white space.
fn after_key(view: &View<'_>, at: usize, key: &[u8]) -> Step<usize> {
    let start = skip(view, at, &WHITE, 32)?;
    let end = after_word(view, start, key)?.ok_or(Miss::No)?;
    let after = skip(view, end, &WHITE, 32)?;
    (after > end && start > at).then_some(after).ok_or(Miss::No)
}

/// `//registry/:_authToken=...`
pub(super) fn npm(
    view: &View<'_>,
    at: usize,
    start: usize,
    holds: &mut usize,
    found: &mut Found,
) -> Step<()> {
    // A variable of source code: `self._proxy_auth = ...`.
    if view.before(at).is_some_and(|byte| ALNUM.has(byte)) && view.byte(at) == Some(b'_') {
        return Err(Miss::No);
    }
    let start = skip(view, start, &const { ByteSet::of(b"\"' ") }, 2)?;
    *holds = start.min(view.text.len());
    let end = skip_many(view, start, &PASSWORD, LONGEST)?;
    let value = between(view, start, end);
    if value.len() >= SHORTEST && is_random_value(value) && !refers(value) {
        found.0.push(start..end);
    }
    Ok(())
}

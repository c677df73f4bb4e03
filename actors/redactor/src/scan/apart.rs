//! What may stand before and after a number or an address that stands alone.
//!
//! Owns: the answer to "is this part of something longer". Never does: look further than
//! [`KEPT_CONTEXT`](super::family::KEPT_CONTEXT) bytes back.
//!
//! Called by: the families of structured personal data.

use super::classes::{ALNUM, LETTER, WORD};
use super::view::View;

/// What stands at one side of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Nothing that belongs to it.
    Clear,
    /// It is part of something longer.
    Joined,
    /// More text must come first.
    Unknown,
}

impl Side {
    fn joined_if(joined: bool) -> Self {
        if joined { Self::Joined } else { Self::Clear }
    }
}

/// Whether the bytes before `at` end in an escape such as `\n`, as text within a text has it.
pub(crate) fn follows_escape(view: &View<'_>, at: usize) -> bool {
    let letter = view.before(at);
    let is_letter = letter.is_some_and(|byte| b"nrtbfv".contains(&byte));
    is_letter && at.checked_sub(1).and_then(|at| view.before(at)) == Some(b'\\')
}

/// Whether no letter, digit or `_` stands before `at`, or an escape does.
pub(crate) fn begins_word(view: &View<'_>, at: usize) -> bool {
    !view.before(at).is_some_and(|byte| WORD.has(byte)) || follows_escape(view, at)
}

/// Whether a number can begin at `at`: not within a word, path, slug, price, decimal or sum.
pub(crate) fn begins_number(view: &View<'_>, at: usize) -> bool {
    let Some(before) = view.before(at) else {
        return true;
    };
    if !begins_word(view, at) {
        return false;
    }
    let further = at.checked_sub(1).and_then(|at| view.before(at));
    let joins = further.is_some_and(|byte| ALNUM.has(byte));
    match before {
        b'-' | b'.' | b'/' => !joins,
        b'+' | b'$' => false,
        _ => true,
    }
}

/// Whether digits and a space stand before `at`, as they do within a number in groups.
pub(crate) fn continues_groups(view: &View<'_>, at: usize) -> bool {
    let further = || at.checked_sub(1).and_then(|at| view.before(at));
    view.before(at) == Some(b' ') && further().is_some_and(|byte| byte.is_ascii_digit())
}

/// Whether a number that ends before `end` goes on there.
pub(crate) fn ends_number(view: &View<'_>, end: usize) -> Side {
    let next = match view.byte(end) {
        None if view.complete => return Side::Clear,
        None => return Side::Unknown,
        Some(byte) if WORD.has(byte) => return Side::Joined,
        Some(byte) => byte,
    };
    if !matches!(next, b'-' | b'.' | b'/') {
        return Side::Clear;
    }
    match view.byte(end + 1) {
        None if view.complete => Side::Clear,
        None => Side::Unknown,
        Some(byte) if next == b'-' => Side::joined_if(ALNUM.has(byte)),
        Some(byte) => Side::joined_if(byte.is_ascii_digit()),
    }
}

/// Whether a space and a group of three or more digits follow.
pub(crate) fn goes_on_in_groups(view: &View<'_>, end: usize) -> Side {
    for offset in 0..4 {
        let fits = |byte: u8| {
            if offset == 0 {
                byte == b' '
            } else {
                byte.is_ascii_digit()
            }
        };
        match view.byte(end + offset) {
            None if !view.complete => return Side::Unknown,
            Some(byte) if fits(byte) => {}
            _ => return Side::Clear,
        }
    }
    Side::Joined
}

/// Words of so many bytes are believed within a longer one that begins with them, as `telefon` is
/// in `Telefonnummer`.
const TELLING: usize = 6;

/// Whether the bytes from `at` to `end` are a word, or a part of a name such as `user_phone`,
/// `homePhone` or `phones`.
pub(crate) fn is_named(view: &View<'_>, at: usize, end: usize) -> Side {
    let first_is_capital = view.byte(at).is_some_and(|byte| byte.is_ascii_uppercase());
    let hump = |byte: u8| byte.is_ascii_lowercase() && first_is_capital;
    let inside = view
        .before(at)
        .is_some_and(|byte| LETTER.has(byte) && !hump(byte));
    if inside && !follows_escape(view, at) {
        return Side::Joined;
    }
    let ends_in_letter = view.before(end).is_some_and(|byte| LETTER.has(byte));
    let after_plural = end + usize::from(view.byte(end) == Some(b's'));
    if !ends_in_letter || end - at >= TELLING {
        return Side::Clear;
    }
    match view.byte(after_plural) {
        None if view.complete => Side::Clear,
        None => Side::Unknown,
        Some(byte) => Side::joined_if(byte.is_ascii_lowercase()),
    }
}

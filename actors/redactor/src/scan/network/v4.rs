//! Addresses of IP version 4 as they are written, and versions, which look the same.

use super::Read;
use crate::scan::apart::{self, Side};
use crate::scan::classes::LETTER;
use crate::scan::family::KEPT_CONTEXT;
use crate::scan::view::View;

/// Words before a version of four parts.
const VERSION_WORDS: &[&[u8]] = &[
    b"version",
    b"ver",
    b"v",
    b"rev",
    b"revision",
    b"release",
    b"build",
    b"firmware",
];

/// Reads the address that begins with the digit at `at`.
#[inline]
pub(super) fn read(at: usize, view: &View<'_>) -> Read {
    let mut end = at;
    for octet in 0..4 {
        if octet > 0 {
            match view.byte(end) {
                Some(b'.') => end += 1,
                None if !view.complete => return open(at, view),
                _ => return Read::No,
            }
        }
        let Some(length) = octet_length(end, view) else {
            return Read::No;
        };
        end += length;
        if view.is_open_at(end) {
            return open(at, view);
        }
    }
    if !can_begin(at, view) {
        return Read::No;
    }
    match ends(end, view) {
        Side::Joined => Read::No,
        Side::Unknown => Read::Open(at),
        Side::Clear => Read::Address(at..end),
    }
}

fn open(at: usize, view: &View<'_>) -> Read {
    if can_begin(at, view) {
        Read::Open(at)
    } else {
        Read::No
    }
}

/// The length of the number from 0 to 255 at `at`, without a leading 0; 0 at the end of a text.
#[inline]
fn octet_length(at: usize, view: &View<'_>) -> Option<usize> {
    let mut value = 0;
    let mut length = 0;
    while let Some(digit) = view.byte(at + length).filter(u8::is_ascii_digit) {
        if length > 0 && value == 0 {
            return None;
        }
        value = value * 10 + u32::from(digit - b'0');
        length += 1;
        if value > 255 {
            return None;
        }
    }
    (length > 0 || view.is_open_at(at)).then_some(length)
}

/// Whether an address can begin at `at`: not within a longer one, a package's name and version,
/// a product's in a user agent, or after a word for versions.
fn can_begin(at: usize, view: &View<'_>) -> bool {
    if !apart::begins_word(view, at) {
        return false;
    }
    let further = at.checked_sub(1).and_then(|at| view.before(at));
    let after_letter = further.is_some_and(|byte| LETTER.has(byte));
    let after_digit = further.is_some_and(|byte| byte.is_ascii_digit());
    match view.before(at) {
        Some(b'.') => !after_letter && !after_digit,
        Some(b'-' | b'/') => !after_letter,
        Some(b'+') => false,
        _ if follows_requirement(at, view) => false,
        _ => !follows_version_word(at, view),
    }
}

/// Whether a sign stands before it with which packages are required: `>=1.2.3.4`, `~> 1.2.3.4`.
fn follows_requirement(at: usize, view: &View<'_>) -> bool {
    let spaces = usize::from(view.before(at) == Some(b' '));
    let signs = view.text.get(at.saturating_sub(spaces + 2)..at - spaces);
    let signs = signs.unwrap_or_default();
    let pairs: [&[u8]; 6] = [b"==", b">=", b"<=", b"~=", b"!=", b"~>"];
    pairs.contains(&signs) || matches!(signs.last(), Some(b'^' | b'~'))
}

fn follows_version_word(at: usize, view: &View<'_>) -> bool {
    let from = at.saturating_sub(KEPT_CONTEXT);
    let context = view.text.get(from..at).unwrap_or_default();
    let is_between = |byte: &&u8| b" :=\"'(>\t".contains(byte);
    let between = context.iter().rev().take_while(is_between).count();
    let context = context.get(..context.len() - between).unwrap_or_default();
    let letters = context.iter().rev().take_while(|byte| LETTER.has(**byte));
    let word = context
        .get(context.len() - letters.count()..)
        .unwrap_or_default();
    // A word that the context cuts off is known by its end.
    let is_cut = word.len() == context.len() && at >= KEPT_CONTEXT && word.len() >= 3;
    VERSION_WORDS.iter().any(|other| {
        let end = other.len().saturating_sub(word.len());
        let is_end = other
            .get(end..)
            .is_some_and(|end| end.eq_ignore_ascii_case(word));
        !word.is_empty() && is_end && (end == 0 || is_cut)
    })
}

/// Whether the address ends before `end`: no fifth number, no suffix as `-rc1`.
fn ends(end: usize, view: &View<'_>) -> Side {
    match (view.byte(end), view.byte(end + 1)) {
        (Some(b'-'), Some(byte)) if byte.is_ascii_digit() => Side::Clear,
        (Some(b'/'), _) => Side::Clear,
        _ => apart::ends_number(view, end),
    }
}

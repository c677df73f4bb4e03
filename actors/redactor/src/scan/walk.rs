//! Steps through a text that may go on, for hand-written families.
//!
//! Owns: the three answers of a step (yes, no, more text must come), so that `?` can pass them on.
//! Called by: every family that is not a pattern.

use super::classes::ByteSet;
use super::view::View;

/// Why a step does not get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    /// Whatever follows, this is none.
    No,
    /// More text must come first.
    Open,
}

/// Stands in what goes before a text that is all of a value, where its opening quote stood: it is
/// closed by the end of the text.
pub(crate) const VALUE: u8 = 2;

/// What a step comes to.
pub(crate) type Step<T> = Result<T, Miss>;

/// A blank, but no line break.
pub(crate) const BLANK: ByteSet = ByteSet::of(b" \t");

/// What stands before a quote in a text within a text.
pub(crate) const BACKSLASH: ByteSet = ByteSet::of(b"\\");

/// `"`, `'` and the backtick.
pub(crate) const QUOTE: ByteSet = ByteSet::of(b"\"'`");

/// The byte at `at`; `None` at the end of a complete text.
#[inline]
pub(crate) fn peek(view: &View<'_>, at: usize) -> Step<Option<u8>> {
    match view.byte(at) {
        None if !view.complete => Err(Miss::Open),
        byte => Ok(byte),
    }
}

/// The place after the bytes of `set` from `at` on, of which there are at most `most`; for a few
/// blanks and quotes.
#[inline]
pub(crate) fn skip(view: &View<'_>, at: usize, set: &ByteSet, most: usize) -> Step<usize> {
    let mut end = at;
    while end - at < most && peek(view, end)?.is_some_and(|byte| set.has(byte)) {
        end += 1;
    }
    Ok(end)
}

/// The same for names and values.
#[inline]
pub(crate) fn skip_many(view: &View<'_>, at: usize, set: &ByteSet, most: usize) -> Step<usize> {
    let rest = view.text.get(at..).unwrap_or_default();
    let end = at + set.span(rest, most);
    if view.is_open_at(end) && end - at < most {
        return Err(Miss::Open);
    }
    Ok(end)
}

/// The place after `word` if it stands at `at`, in any letter case; `word` is lower case.
pub(crate) fn after_word(view: &View<'_>, at: usize, word: &[u8]) -> Step<Option<usize>> {
    for (place, expected) in word.iter().enumerate() {
        match peek(view, at + place)? {
            Some(byte) if byte.to_ascii_lowercase() == *expected => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(at + word.len()))
}

/// The place after the first of `words` that stands at `at`.
///
/// No word may be the beginning of a later one.
pub(crate) fn after_any(view: &View<'_>, at: usize, words: &[&[u8]]) -> Step<Option<usize>> {
    for word in words {
        if let Some(end) = after_word(view, at, word)? {
            return Ok(Some(end));
        }
    }
    Ok(None)
}

/// The bytes between two places.
pub(crate) fn between<'t>(view: &View<'t>, start: usize, end: usize) -> &'t [u8] {
    view.text.get(start..end).unwrap_or_default()
}

/// At most the `len` bytes before `at`.
pub(crate) fn preceding<'t>(view: &View<'t>, at: usize, len: usize) -> &'t [u8] {
    between(view, at.saturating_sub(len), at)
}

/// Most bytes of a value that are judged: one may be as long as the text, and begin anew in each of
/// its bytes.
const JUDGED: usize = 256;

/// The part of a value that is judged.
pub(crate) fn head(value: &[u8]) -> &[u8] {
    value.get(..JUDGED).unwrap_or(value)
}

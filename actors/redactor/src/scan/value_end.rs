//! Where a value ends that is assigned to a name: at its quote, or at what ends one without.
//!
//! Never judges a value. Called by: the families that find values by their names. Read first:
//! `assignment.rs`, which says where they begin.

use super::assignment::Quote;
use super::classes::ByteSet;
use super::view::View;
use super::walk::{self, BACKSLASH, Miss, Step, peek, skip, skip_many};

/// What a value without quotes ends at.
pub(crate) const VALUE_ENDS: ByteSet = ByteSet::of(b" \t\r\n,;)]}<&\"'`\\");

/// Bytes of a value without quotes.
static VALUE: ByteSet = VALUE_ENDS.not();

/// What a value in quotes neither ends at nor escapes with.
static PLAIN: ByteSet = ByteSet::of(b"\n\\\"'`").with(walk::VALUE).not();

/// The end of a value in quotes: where the quote closes it, on the same line.
///
/// A quote with more backslashes before it than the opening one belongs to the value.
pub(crate) fn quoted_end(view: &View<'_>, start: usize, quote: Quote, most: usize) -> Step<usize> {
    let mut end = start;
    let mut slashes = 0;
    while end - start <= most + slashes {
        match peek(view, end)? {
            None | Some(b'\n') if is_end(view, end, quote)? => return Ok(end),
            None | Some(b'\n') => return Err(Miss::No),
            Some(b'\\') => slashes += 1,
            Some(byte) => {
                if byte == quote.byte && closes(quote, slashes) {
                    return Ok(end - if quote.depth == 0 { 0 } else { slashes });
                }
                slashes = 0;
                let rest = view.text.get(end + 1..).unwrap_or_default();
                end += PLAIN.span(rest, (start + most).saturating_sub(end));
            }
        }
        end += 1;
    }
    Err(Miss::No)
}

/// Whether the text that is all of a value ends at `at`, or with the line break there.
fn is_end(view: &View<'_>, at: usize, quote: Quote) -> Step<bool> {
    if quote.byte != walk::VALUE {
        return Ok(false);
    }
    let is_break = peek(view, at)? == Some(b'\n');
    Ok(peek(view, at + usize::from(is_break))?.is_none())
}

fn closes(quote: Quote, slashes: usize) -> bool {
    if quote.depth == 0 {
        slashes.is_multiple_of(2)
    } else {
        slashes <= quote.depth
    }
}

/// The end of a value without quotes.
pub(crate) fn unquoted_end(view: &View<'_>, start: usize, most: usize) -> Step<usize> {
    let end = skip_many(view, start, &VALUE, most + 1)?;
    if end - start > most {
        return Err(Miss::No);
    }
    Ok(end)
}

/// After the quote that closes a value at `end`.
pub(crate) fn after_quote(view: &View<'_>, end: usize, quote: Quote) -> Step<usize> {
    let after = skip(view, end, &BACKSLASH, quote.depth)?;
    Ok(after + 1)
}

/// Whether a value ends at `end`: at its quote, or at what ends a value without quotes.
pub(crate) fn ends_value(view: &View<'_>, end: usize, quote: Option<Quote>) -> Step<bool> {
    if let Some(quote) = quote {
        let after = skip(view, end, &BACKSLASH, quote.depth)?;
        return Ok(peek(view, after)? == Some(quote.byte) || is_end(view, after, quote)?);
    }
    match peek(view, end)? {
        Some(b'.') => Ok(peek(view, end + 1)?.is_none_or(|byte| VALUE_ENDS.has(byte))),
        next => Ok(next.is_none_or(|byte| VALUE_ENDS.has(byte))),
    }
}

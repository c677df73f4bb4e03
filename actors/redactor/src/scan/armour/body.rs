//! Where the body of a block in armour ends.
//!
//! A body is header lines and lines of base64, in real lines, with line breaks written as `\n`, on
//! one line with blanks, or as strings that source code puts together. It ends with its end line;
//! if it was cut off, with the last line that looks like one of it. What stands around lines and
//! is none of these is for `lines.rs`, which is asked only where this reads no further.
//!
//! The lines are read as one long run of a class of bytes, so that a stream that grows by a byte
//! need not be read again; they are told apart only once, when the run is over.

use super::lines::{self, ESCAPED, Known, PADDING, escape_end};
use super::{LABEL, LONGEST_LABEL};
use crate::scan::classes::{ALNUM, ByteSet, ClassId, Classes, LETTER};
use crate::scan::view::View;
use crate::scan::walk::{
    Miss, Step, after_any, after_word, between, peek, preceding, skip, skip_many,
};

/// Shortest run that may be the first line.
const FIRST_LINE: usize = 16;

/// Shortest run that counts as a line of a body without an end line.
const SHORTEST_LINE: usize = 24;

/// Most header lines and pieces of source code.
const MOST_PIECES: usize = 400;

/// Most of them before the first line.
const MOST_HEADERS: usize = 12;

/// Most bytes between two lines.
const GAP: usize = 128;

const LONGEST_HEADER_NAME: usize = 40;
const LONGEST_HEADER: usize = 200;

static BASE64: ByteSet = ALNUM.or(ByteSet::of(b"+/="));

/// Blanks, line breaks, backslashes, and what marks quoted lines.
const BETWEEN: ByteSet = ByteSet::of(b" \t\r\n\\>#|*");

/// What a block may end with if it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// `-----END ...-----`
    Line,
    /// A header line with a checksum.
    Header,
}

#[derive(Debug)]
pub(super) struct Body {
    class: ClassId,
}

impl Body {
    pub(super) fn new(classes: &mut Classes) -> Self {
        Self {
            class: classes.intern(BASE64.or(BETWEEN)),
        }
    }

    /// The end of the block whose first line ends at `at`.
    pub(super) fn end(&self, view: &mut View<'_>, at: usize, ending: Ending) -> Step<usize> {
        let mut so_far = SoFar {
            at,
            first: at,
            known: None,
        };
        for number in 0..MOST_PIECES {
            if so_far.known.is_none() && number > MOST_HEADERS {
                break;
            }
            match self.piece(view, &mut so_far, ending)? {
                Piece::More => {}
                Piece::Whole(end) => return Ok(end),
                Piece::Cut => break,
            }
        }
        let first = so_far.first;
        let known = so_far.known.map(|end| Known { end, first });
        lines::end(view, at, known, ending)?.ok_or(Miss::No)
    }

    /// Takes the next header line, or the next run of lines.
    fn piece(&self, view: &mut View<'_>, so_far: &mut SoFar, ending: Ending) -> Step<Piece> {
        let start = gap_end(view, so_far.at)?;
        if so_far.known.is_some()
            && ending == Ending::Line
            && let Some(end) = end_line(view, start)?
        {
            return Ok(Piece::Whole(end));
        }
        if let Some(header) = header_line(view, start)? {
            so_far.at = header.end;
            return match so_far.known {
                None if header.is_last => Err(Miss::No),
                Some(_) if header.is_last => Ok(Piece::Whole(header.end)),
                _ => Ok(Piece::More),
            };
        }
        if begins_line(view, start, so_far.known.is_some())? {
            return self.lines(view, start, so_far, ending);
        }
        match next_piece(view, start)? {
            Some(next) if so_far.known.is_none() => so_far.at = next,
            _ => return Ok(Piece::Cut),
        }
        Ok(Piece::More)
    }

    /// Takes a run of lines that begins at `start`.
    fn lines(
        &self,
        view: &mut View<'_>,
        start: usize,
        so_far: &mut SoFar,
        ending: Ending,
    ) -> Step<Piece> {
        let end = view.run_end(self.class, start);
        if view.is_open_at(end) {
            return Err(Miss::Open);
        }
        if so_far.known.is_none() {
            so_far.first = start;
        }
        if ending == Ending::Line {
            if let Some(end) = end_line(view, end)? {
                return Ok(Piece::Whole(end));
            }
        } else if let Some(header) = header_start(view, start, end)
            && header_line(view, header)?.is_some()
        {
            (so_far.known, so_far.at) = (Some(header), header);
            return Ok(Piece::More);
        }
        so_far.known = last_line(view, start, end)?.or(so_far.known);
        match next_piece(view, end)? {
            Some(next) if so_far.known.is_some() => so_far.at = next,
            _ => return Ok(Piece::Cut),
        }
        Ok(Piece::More)
    }
}

/// How far a body has been read.
struct SoFar {
    at: usize,
    /// Where its first line of base64 begins, if there is one.
    first: usize,
    /// The end of what is certain to belong to it.
    known: Option<usize>,
}

/// What a piece of a body comes to.
enum Piece {
    More,
    /// The block ends here.
    Whole(usize),
    /// The block was cut off.
    Cut,
}

/// Whether a line of a body begins at `start`: not the words of a sentence.
fn begins_line(view: &View<'_>, start: usize, is_inside: bool) -> Step<bool> {
    let end = skip_many(view, start, &BASE64, FIRST_LINE)?;
    let is_short_line = end > start && is_inside && ends_line(view, end)?;
    Ok(end - start == FIRST_LINE || is_short_line)
}

/// After white space, and line breaks as escaped text spells them.
fn gap_end(view: &View<'_>, start: usize) -> Step<usize> {
    let mut at = start;
    while at - start < GAP {
        match peek(view, at)? {
            Some(b'\\') if after_any(view, at, ESCAPED)?.is_some() => break,
            Some(b'\\') => at = escape_end(view, at)?.unwrap_or(at + 1),
            Some(byte) if BETWEEN.has(byte) => at += 1,
            // A line that was removed, not the end line.
            Some(b'-') if view.before(at) == Some(b'\n') && peek(view, at + 1)? != Some(b'-') => {
                at += 1;
            }
            _ => break,
        }
    }
    Ok(at)
}

/// After `-----END ...-----` or `---- END ... ----`; a `-` before it marks a removed line.
pub(super) fn end_line(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    for from in [at, at + 1] {
        if peek(view, from)? != Some(b'-') {
            return Ok(None);
        }
        for mark in [b"-----end".as_slice(), b"---- end"] {
            let Some(label) = after_word(view, from, mark)? else {
                continue;
            };
            let dashes = skip(view, label, &LABEL, LONGEST_LABEL)?;
            return skip(view, dashes, const { &ByteSet::of(b"-") }, 5).map(Some);
        }
    }
    Ok(None)
}

struct Header {
    end: usize,
    /// Whether nothing of the block follows.
    is_last: bool,
}

/// `Proc-Type: 4,ENCRYPTED`: a name, a colon, and the rest of the line.
fn header_line(view: &View<'_>, at: usize) -> Step<Option<Header>> {
    if !peek(view, at)?.is_some_and(|byte| LETTER.has(byte)) {
        return Ok(None);
    }
    let name_end = skip(view, at, &const { ALNUM.with(b'-') }, LONGEST_HEADER_NAME)?;
    if peek(view, name_end)? != Some(b':') || peek(view, name_end + 1)? != Some(b' ') {
        return Ok(None);
    }
    let name = between(view, at, name_end);
    // These two are on one line with the body if the block is.
    let is_one_word = matches!(
        name,
        b"Proc-Type" | b"DEK-Info" | b"Private-MAC" | b"Private-Hash"
    );
    let stops = ByteSet::of(if is_one_word {
        b" \t\r\n\\\""
    } else {
        b"\r\n\\\""
    });
    let end = skip_many(view, name_end + 2, &stops.not(), LONGEST_HEADER)?;
    let is_last = matches!(name, b"Private-MAC" | b"Private-Hash");
    Ok((end - name_end < LONGEST_HEADER).then_some(Header { end, is_last }))
}

/// Where the line begins that the run `start..end` ends in, if it may be a header line.
fn header_start(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    let near = preceding(view, end, LONGEST_HEADER_NAME);
    let breaks = near
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map(|at| at + 1);
    let escaped = near
        .windows(2)
        .rposition(|pair| pair == b"\\n")
        .map(|at| at + 2);
    let line = end - near.len() + breaks.max(escaped)?;
    (line > start && line < end).then_some(line)
}

/// The end of the last line in `start..end` that looks like one of a body.
fn last_line(view: &View<'_>, start: usize, end: usize) -> Step<Option<usize>> {
    let mut known = None;
    let mut at = start;
    while at < end {
        let line = gap_end(view, at)?.min(end);
        let line_end = base64_end(view, line, end)?;
        let len = line_end - line;
        if len >= SHORTEST_LINE && ends_word(view, line_end)? {
            known = Some(line_end);
            at = line_end;
            continue;
        }
        let is_last = known.is_some() && len > 0 && ends_line(view, line_end)?;
        return Ok(if is_last { Some(line_end) } else { known });
    }
    Ok(known)
}

/// The end of a run of base64, with `/`, `+` and `=` as JSON may escape them.
fn base64_end(view: &View<'_>, start: usize, most: usize) -> Step<usize> {
    let mut at = start;
    while at < most {
        let rest = between(view, at, most);
        let end = at + BASE64.span(rest, most - at);
        if end == most {
            return Ok(end);
        }
        let escaped = after_any(view, end, ESCAPED)?;
        match escaped.or(after_any(view, end, PADDING)?) {
            Some(next) => at = next,
            None => return Ok(end),
        }
    }
    Ok(at.min(most))
}

/// Whether a run of base64 is a word of its own, and not the beginning of another kind of text: a
/// name with `_`, a token with `.` or `-` in it, a scheme.
pub(super) fn ends_word(view: &View<'_>, at: usize) -> Step<bool> {
    Ok(match peek(view, at)? {
        Some(b'_' | b':' | b'@' | b'%' | b'~') => false,
        Some(b'.' | b'-') => !peek(view, at + 1)?.is_some_and(|next| ALNUM.has(next)),
        _ => true,
    })
}

/// Whether a line ends here, or the quotes around a block do.
fn ends_line(view: &View<'_>, at: usize) -> Step<bool> {
    let next = skip(view, at, &const { ByteSet::of(b" \t") }, 8)?;
    Ok(peek(view, next)?.is_none_or(|byte| b"\r\n\\\"'`-".contains(&byte)))
}

/// The beginning of the next line where source code puts lines together, each in quotes, and where
/// a `-` marks each line as removed.
fn next_piece(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    match peek(view, at)? {
        Some(b'-') if view.before(at) == Some(b'\n') => Ok(Some(at + 1)),
        Some(quote @ (b'"' | b'\'')) => {
            let end = skip(view, at + 1, &const { ByteSet::of(b" \t\r\n+\\.,") }, GAP)?;
            let is_quote = peek(view, end)? == Some(quote) && end > at + 1;
            Ok(is_quote.then_some(end + 1))
        }
        _ => Ok(None),
    }
}

//! Lines of a body with anything before or behind them.
//!
//! Owns: the rest of a block from where `body.rs` reads no further. There lines are numbered, or
//! have stamps of logs, signs of comments, boxes or code around them, their breaks are spelt in a
//! way of their own (`<br>`, `%0A`), or some of them were left out. What that is does not matter:
//! a block goes on as long as the next line of base64, or its end line, is near.
//!
//! Never goes beyond the first line of another block: so no text is read for two of them.

use std::ops::Range;

use super::body::{Ending, end_line, ends_word};
use crate::scan::classes::{ALNUM, ByteSet, DIGIT, LETTER};
use crate::scan::view::View;
use crate::scan::walk::{BLANK, Step, after_any, between, peek, skip, skip_many};
use crate::scan::wordy::is_wordy;

/// Most bytes between a line and what follows it: a suffix, a word on what was left out, and two
/// prefixes.
const GAP: usize = 256;

/// Most bytes between two lines that headers and other random words stand between.
const APART: usize = 4096;

/// Fewest characters of a full line.
const SHORTEST: usize = 24;

/// So many characters are a line although neither another one nor an end line follows.
const SURE: usize = 40;

/// Full lines of usual tools have so many characters, or more.
const USUAL: usize = 64;

/// Longest checksum of PuTTY.
const LONGEST_SUM: usize = 128;

/// Most digits and blanks that count the lines.
const LONGEST_NUMBER: usize = 64;

/// Begins what a terminal obeys.
const ESCAPE: u8 = 0x1b;

const LONGEST_COLOUR: usize = 24;

static CHARACTERS: ByteSet = ALNUM.or(ByteSet::of(b"+/"));

/// `+` and `/` as JSON, URLs and HTML may spell them.
pub(super) const ESCAPED: &[&[u8]] = &[
    b"\\/", b"\\u002b", b"\\u002f", b"%2b", b"%2f", b"&#43;", b"&#47;", b"&#x2b;", b"&#x2f;",
];

pub(super) const PADDING: &[&[u8]] = &[b"=", b"\\u003d", b"%3d", b"&#61;", b"&#x3d;"];

/// What counts lines: numbers, and times.
static NUMBER: ByteSet = DIGIT.or(BLANK);

const HEX: ByteSet = DIGIT
    .or(ByteSet::range(b'a', b'f'))
    .or(ByteSet::range(b'A', b'F'));

/// First lines of other blocks.
const BEGINNINGS: &[&[u8]] = &[b"-----begin", b"---- begin ", b"-user-key-file-"];

/// Names of headers.
const HEADERS: &[&[u8]] = &[
    b"proc-type:",
    b"dek-info:",
    b"version:",
    b"comment:",
    b"hash:",
    b"charset:",
    b"messageid:",
    b"subject:",
    b"encryption:",
    b"public-lines:",
    b"private-lines:",
    b"key-derivation:",
    b"argon2-",
];

/// The last header of a block of PuTTY.
const SUMS: &[&[u8]] = &[b"private-mac:", b"private-hash:"];

/// What `body.rs` knows of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The end of its last line.
    pub(super) end: usize,
    /// Where its first line of base64 begins.
    pub(super) first: usize,
}

/// The end of the block whose first line ends at `at`; `None` if there is no body.
pub(super) fn end(
    view: &View<'_>,
    at: usize,
    known: Option<Known>,
    ending: Ending,
) -> Step<Option<usize>> {
    if known.is_none() && !may_have_a_body(view, at)? {
        return Ok(None);
    }
    let mut lines = Lines::new(view, at, known, ending)?;
    let mut at = lines.last;
    loop {
        match lines.step(view, at)? {
            Next::At(next) => at = next,
            Next::End(end) => return Ok(Some(end)),
            Next::Nothing => return Ok(lines.known),
        }
    }
}

/// Whether no sentence goes on behind the first line.
fn may_have_a_body(view: &View<'_>, at: usize) -> Step<bool> {
    let at = skip(view, at, &BLANK, 8)?;
    Ok(match peek(view, at)? {
        None => false,
        Some(byte) if ALNUM.has(byte) => {
            after_any(view, at, HEADERS)?.is_some() || word(view, at)?.length >= SHORTEST
        }
        Some(_) => true,
    })
}

struct Lines {
    ending: Ending,
    /// The end of what is certain to belong to the block.
    known: Option<usize>,
    /// Characters of a full line.
    width: usize,
    /// How many full lines have come.
    count: usize,
    /// The end of the last line.
    last: usize,
    /// The end of whatever says that the block may go on.
    mark: usize,
    /// What stands before the last full line.
    before: Option<Range<usize>>,
    /// The last line is not full.
    is_short: bool,
}

enum Next {
    /// On from here.
    At(usize),
    /// The block ends here.
    End(usize),
    /// Nothing of the block follows.
    Nothing,
}

impl Lines {
    fn new(view: &View<'_>, at: usize, known: Option<Known>, ending: Ending) -> Step<Self> {
        let end = known.map(|known| known.end);
        let width = match known {
            Some(known) => word(view, known.first)?.length,
            None => 0,
        };
        Ok(Self {
            ending,
            known: end,
            width,
            count: if known.is_some() { 2 } else { 0 },
            last: end.unwrap_or(at),
            mark: end.unwrap_or(at),
            before: None,
            is_short: false,
        })
    }

    fn step(&mut self, view: &View<'_>, at: usize) -> Step<Next> {
        if at == self.last
            && let Some(end) = self.short_line(view)?
        {
            (self.known, self.last, self.mark) = (Some(end), end, end);
            self.is_short = true;
            return Ok(Next::At(end));
        }
        if at >= (self.mark + GAP).min(self.last + APART) {
            return Ok(Next::Nothing);
        }
        match peek(view, at)? {
            None => return Ok(Next::Nothing),
            Some(b'-') => return self.dash(view, at),
            Some(_) => {}
        }
        let word = word(view, at)?;
        if word.length > 0 {
            return self.word(view, at, word);
        }
        Ok(Next::At(escape_end(view, at)?.unwrap_or(at + 1)))
    }

    fn dash(&self, view: &View<'_>, at: usize) -> Step<Next> {
        if after_any(view, at, BEGINNINGS)?.is_some() {
            return Ok(Next::Nothing);
        }
        if self.ending == Ending::Line
            && let Some(end) = end_line(view, at)?
        {
            return Ok(self.whole(end));
        }
        Ok(Next::At(at + 1))
    }

    /// What an end at `end` means: without a line before it there was no body.
    fn whole(&self, end: usize) -> Next {
        match self.count {
            0 => Next::Nothing,
            _ => Next::End(end),
        }
    }

    fn word(&mut self, view: &View<'_>, at: usize, word: Word) -> Step<Next> {
        if self.ending == Ending::Header
            && let Some(sum) = after_any(view, at, SUMS)?
        {
            let sum = skip(view, sum, &BLANK, 4)?;
            return Ok(self.whole(skip_many(view, sum, &HEX, LONGEST_SUM)?));
        }
        if let Some(end) = after_any(view, at, HEADERS)? {
            self.mark = end;
            return Ok(Next::At(end));
        }
        let text = between(view, at, word.end);
        let is_alone = ends_word(view, word.end)? || view.byte(word.end) == Some(b'%');
        if is_alone && self.is_line(text, word.length) {
            self.take(at, word);
        } else if self.count > 0 && word.length >= SHORTEST && is_random(text) {
            self.mark = word.end;
        }
        Ok(Next::At(word.end))
    }

    /// Whether a word is a full line: as long as all of them, or random if it is the first.
    fn is_line(&self, text: &[u8], length: usize) -> bool {
        if self.count == 0 || self.is_first_after_all(length) {
            return length >= SHORTEST && is_random(text);
        }
        length == self.width && has_both_cases(text)
    }

    /// Whether the only line so far may be the name of a file before this one.
    fn is_first_after_all(&self, length: usize) -> bool {
        self.count == 1 && self.width < USUAL && length > self.width
    }

    fn take(&mut self, at: usize, word: Word) {
        let start = match &self.before {
            Some(before) if self.is_first_after_all(word.length) => before.start,
            _ => self.last,
        };
        let is_first = self.count == 0 || self.is_first_after_all(word.length);
        self.count = if is_first { 1 } else { self.count + 1 };
        self.width = word.length;
        self.before = Some(start..at);
        (self.last, self.mark) = (word.end, word.end);
        self.is_short = false;
        if self.count > 1 || word.length >= SURE {
            self.known = Some(word.end);
        }
    }

    /// The end of the last line of a body, or of its checksum, if the same stands before it as
    /// before the line above.
    fn short_line(&self, view: &View<'_>) -> Step<Option<usize>> {
        let Some(before) = self.before.clone().filter(|_| self.known.is_some()) else {
            return Ok(None);
        };
        let Some(start) = same(view, before.clone(), self.last)? else {
            return Ok(None);
        };
        let is_sum = peek(view, start)? == Some(b'=');
        let word = word(view, start + usize::from(is_sum))?;
        let is_short = (1..self.width).contains(&word.length) && (is_sum || !self.is_short);
        let is_whole = is_break(view, before, word.end)?;
        Ok((is_short && is_whole).then_some(word.end))
    }
}

/// A run of base64.
#[derive(Debug, Clone, Copy)]
struct Word {
    end: usize,
    /// Its characters, each counted once however it is spelt; without padding.
    length: usize,
}

fn word(view: &View<'_>, at: usize) -> Step<Word> {
    let (mut end, mut length) = (at, 0);
    loop {
        let rest = view.text.get(end..).unwrap_or_default();
        let span = CHARACTERS.span(rest, usize::MAX);
        (end, length) = (end + span, length + span);
        match after_any(view, end, ESCAPED)? {
            Some(next) => (end, length) = (next, length + 1),
            None => break,
        }
    }
    for _ in 0..if length > 0 { 2 } else { 0 } {
        end = after_any(view, end, PADDING)?.unwrap_or(end);
    }
    Ok(Word { end, length })
}

/// After an escape whose letters belong to no word: `\n`, `\u000a`, `\x0a`, `%0A`, and what sets
/// a terminal's colours.
pub(super) fn escape_end(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    match peek(view, at)? {
        Some(b'%') => hex_end(view, at + 1, 2),
        Some(ESCAPE) => colour_end(view, at + 1),
        Some(b'\\') => match peek(view, at + 1)? {
            Some(b'n' | b'r' | b't' | b'f' | b'v') => Ok(Some(at + 2)),
            Some(b'u') => hex_end(view, at + 2, 4),
            Some(b'x') => hex_end(view, at + 2, 2),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// After `[32m`, as ECMA-48 section 5.4 has it.
fn colour_end(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    if peek(view, at)? != Some(b'[') {
        return Ok(None);
    }
    let end = skip(view, at + 1, const { &DIGIT.with(b';') }, LONGEST_COLOUR)?;
    let is_end = peek(view, end)?.is_some_and(|byte| LETTER.has(byte));
    Ok(is_end.then_some(end + 1))
}

fn hex_end(view: &View<'_>, at: usize, digits: usize) -> Step<Option<usize>> {
    let end = skip(view, at, &HEX, digits)?;
    Ok((end == at + digits).then_some(end))
}

/// The end of what stands at `at`, if it is the same as in `known` but for numbers.
fn same(view: &View<'_>, known: Range<usize>, at: usize) -> Step<Option<usize>> {
    let (mut here, mut there) = (known.start, at);
    while here < known.end {
        let next = peek(view, there)?;
        if view.byte(here).is_some_and(|byte| NUMBER.has(byte)) {
            let rest = between(view, here, known.end);
            here += NUMBER.span(rest, rest.len());
            let end = skip(view, there, &NUMBER, LONGEST_NUMBER)?;
            if end == there {
                return Ok(None);
            }
            there = end;
        } else if next == view.byte(here) {
            (here, there) = (here + 1, there + 1);
        } else {
            return Ok(None);
        }
    }
    Ok(Some(there))
}

/// Whether the text ends at `at`, or goes on as `before` begins: the line ends there.
fn is_break(view: &View<'_>, before: Range<usize>, at: usize) -> Step<bool> {
    let start = skip(view, before.start, &BLANK, LONGEST_NUMBER)?;
    let at = skip(view, at, &BLANK, LONGEST_NUMBER)?;
    let first = view.byte(start).filter(|_| start < before.end);
    Ok(match (first, peek(view, at)?) {
        (_, None) => true,
        // As URLs spell it; a blank is none.
        (Some(b'%'), _) => hex_end(view, at + 1, 2)?
            .is_some_and(|end| between(view, at, end) == between(view, start, start + 3)),
        (first, next) => first == next,
    })
}

/// Whether a word is neither made of words, as names and paths are, nor a number in hexadecimal.
fn is_random(word: &[u8]) -> bool {
    has_both_cases(word) && !is_wordy(word)
}

fn has_both_cases(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase)
}

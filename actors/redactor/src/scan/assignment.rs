//! The way from a name to the value that is assigned to it, in the spellings of many languages.
//!
//! Owns: where a value begins: `NAME=value`, `name: value`, `"name": "value"`,
//! `name => 'value'`, `--name value`, `<name>value</name>`, `set("name", "value")`,
//! `name: str = "value"`, an entry `value:` on the line after a name. Escaped quotes too: text
//! inside of text is the rule here.
//!
//! Never judges a value. What may stand between a name and its value is in `operators.rs`.
//! Called by: `assigned.rs`, `secret_assignment.rs`, `header_value.rs`.

use super::classes::{ALNUM, ByteSet, DIGIT};
use super::family::KEPT_CONTEXT;
use super::operators::{BLANKS, Operator, after_operator, bare_value, is_in_tag, tag_value};
use super::view::View;
use super::walk::{
    self, BACKSLASH, BLANK, Miss, QUOTE, Step, after_any, after_word, between, peek, preceding,
    skip, skip_many,
};

/// Where a value begins, and what stood before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// First byte of the value.
    pub(crate) start: usize,
    /// The quote before it.
    pub(crate) quote: Option<Quote>,
    /// What assigns it.
    pub(crate) operator: Operator,
    /// End of the name.
    pub(crate) name_end: usize,
}

/// An opening quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(super) byte: u8,
    /// Backslashes before it: how deep in other text it stands.
    pub(super) depth: usize,
}

/// Bytes of a name.
pub(super) static NAME: ByteSet = ALNUM.with(b'_').with(b'-').with(b'.');

/// Bytes of names, and between words of one.
static NAMES: ByteSet = NAME.with(b' ');

/// What may follow a name if a value comes: a blank, an operator, what closes it.
const AFTER_NAME: ByteSet = ByteSet::of(b" \t\r\n=:?+>\\\"'`[|*<\xe2\xe3\xe6\xeb\xec\xef");

/// Most bytes of a name after the part that was recognised.
pub(super) const NAME_REST: usize = 40;

/// Where the value begins that is assigned to the name of which `part_start..part_end` is a part.
///
/// `words` says whether the name may go on with other words: `API key for the shop: ...`. If more
/// text must come first, `holds` is the first byte that may belong to the value.
#[inline]
pub(crate) fn value_after(
    view: &mut View<'_>,
    part_start: usize,
    part_end: usize,
    words: bool,
    holds: &mut usize,
) -> Step<Assigned> {
    let last = &view.runs.way;
    if last.is_of(view, part_end) && !last.end.may_be_flag {
        *holds = last.holds;
        match last.value {
            Ok(Some(assigned)) => return Ok(assigned),
            Ok(None) => {}
            Err(miss) => return Err(miss),
        }
    }
    value_after_anew(view, part_start, part_end, words, holds)
}

/// The same for a name of which less is known.
#[inline(never)]
fn value_after_anew(
    view: &mut View<'_>,
    part_start: usize,
    part_end: usize,
    words: bool,
    holds: &mut usize,
) -> Step<Assigned> {
    *holds = view.text.len();
    let name_end = name_end(view, part_end)?;
    let goes_on = goes_on_with_word(view, name_end);
    let end = match goes_on {
        true => NameEnd::blank(name_end),
        false => read_way(view, part_end, name_end),
    };
    if end.may_be_flag && is_flag(view, part_start) {
        let found = flag_value(view, end.closed + 1)?;
        return assigned(view, name_end, found, holds);
    }
    if end.may_be_flag && is_in_tag(view, part_start) {
        let found = tag_value(view, end.closed)?;
        return assigned(view, name_end, found, holds);
    }
    if !goes_on {
        let way = &view.runs.way;
        *holds = way.holds;
        match way.value {
            Ok(Some(assigned)) => return Ok(assigned),
            Ok(None) => {}
            Err(miss) => return Err(miss),
        }
    }
    if words && !end.is_quoted {
        return value_after_words(view, part_end, name_end, end.closed, holds);
    }
    Err(Miss::No)
}

/// How a name ends.
#[derive(Debug, Clone, Copy)]
struct NameEnd {
    /// After what closes the name.
    closed: usize,
    /// Whether a quote does.
    is_quoted: bool,
    /// Whether a blank follows, as after an option.
    may_be_flag: bool,
}

impl NameEnd {
    /// Nothing closes the name, and a blank follows.
    fn blank(closed: usize) -> Self {
        Self {
            closed,
            is_quoted: false,
            may_be_flag: true,
        }
    }
}

/// The way from the end of a name to its value that was read last: names of several rules end at
/// the same place. Who drops bytes of the text must forget it.
#[derive(Debug)]
pub(crate) struct LastWay {
    /// Where it begins, and how much of the text had come, if one was read.
    from: Option<(usize, usize)>,
    is_complete: bool,
    /// From here on to there are bytes of a name.
    name: usize,
    end: NameEnd,
    value: Step<Option<Assigned>>,
    /// What may belong to the value if that is open.
    holds: usize,
}

impl Default for LastWay {
    fn default() -> Self {
        Self {
            from: None,
            is_complete: false,
            name: 0,
            end: NameEnd::blank(0),
            value: Ok(None),
            holds: 0,
        }
    }
}

impl LastWay {
    /// Whether the name ends there of which a part ends at `part_end`.
    #[inline]
    fn is_of(&self, view: &View<'_>, part_end: usize) -> bool {
        self.from.is_some_and(|(end, length)| {
            (self.name..=end).contains(&part_end) && length == view.text.len()
        }) && self.is_complete == view.complete
    }
}

/// The end of a name of which a part ends at `part_end`; with what is known from the last one.
#[inline]
fn name_end(view: &View<'_>, part_end: usize) -> Step<usize> {
    let last = &view.runs.way;
    match last.from {
        Some((end, _)) if last.is_of(view, part_end) => Ok(end),
        _ => skip_many(view, part_end, &NAME, NAME_REST),
    }
}

/// Reads the way that begins at the end of a name, if it is not the one that was read last.
#[inline]
fn read_way(view: &mut View<'_>, part_end: usize, name_end: usize) -> NameEnd {
    let from = Some((name_end, view.text.len()));
    let last = &view.runs.way;
    if last.from != from || last.is_complete != view.complete {
        // The name may go on behind so many bytes.
        let is_all = name_end - part_end < NAME_REST;
        let name = if is_all { part_end } else { name_end + 1 };
        let mut end = NameEnd::blank(name_end);
        let mut holds = view.text.len();
        let value = value_at(view, name_end, &mut end, &mut holds);
        view.runs.way = LastWay {
            from,
            is_complete: view.complete,
            name,
            end,
            value,
            holds,
        };
    }
    view.runs.way.end
}

/// Whether a blank follows the name and then a word that assigns nothing: prose.
fn goes_on_with_word(view: &View<'_>, name_end: usize) -> bool {
    const ASSIGNING: ByteSet = ByteSet::of(b"eEiIlLwWtT");
    let word = view.byte(name_end + 1).filter(|byte| ALNUM.has(*byte));
    view.byte(name_end) == Some(b' ') && word.is_some_and(|byte| !ASSIGNING.has(byte))
}

/// What is assigned after an operator, or without one; and how the name ends.
fn value_at(
    view: &View<'_>,
    name_end: usize,
    end: &mut NameEnd,
    holds: &mut usize,
) -> Step<Option<Assigned>> {
    end.may_be_flag = false;
    if is_variable(view, name_end) {
        let found = (name_end + 1, Operator::Tight);
        return assigned(view, name_end, found, holds).map(Some);
    }
    if !peek(view, name_end)?.is_some_and(|byte| AFTER_NAME.has(byte)) {
        return Err(Miss::No);
    }
    let (closed, is_quoted) = after_closing(view, name_end)?;
    *end = NameEnd {
        closed,
        is_quoted,
        may_be_flag: !is_quoted && peek(view, closed)? == Some(b' '),
    };
    let blank = skip(view, closed, &BLANK, BLANKS)?;
    let found = match after_operator(view, name_end, closed, blank, is_quoted, holds)? {
        None => bare_value(view, closed, blank, is_quoted)?,
        found => found,
    };
    let found = found.map(|found| assigned(view, name_end, found, holds));
    found.transpose()
}

/// Whether a `=` follows a name, and a letter or a digit that: as in most files of variables.
/// Nothing else needs to be asked for then.
#[inline]
fn is_variable(view: &View<'_>, name_end: usize) -> bool {
    let value = view.byte(name_end + 1);
    view.byte(name_end) == Some(b'=') && value.is_some_and(|byte| ALNUM.has(byte))
}

/// What is assigned after other words of a name, of which `closed` is the first end.
fn value_after_words(
    view: &View<'_>,
    part_end: usize,
    name_end: usize,
    closed: usize,
    holds: &mut usize,
) -> Step<Assigned> {
    let blank = skip(view, closed, &BLANK, BLANKS)?;
    if blank != closed + 1 {
        return Err(Miss::No);
    }
    let end = words_end(view, part_end, blank)?;
    let after = skip(view, end, &BLANK, BLANKS)?;
    match after_operator(view, end, end, after, false, holds)? {
        Some(found) => assigned(view, name_end, found, holds),
        None => Err(Miss::No),
    }
}

/// What is assigned where a value begins, perhaps with a quote.
pub(super) fn assigned(
    view: &View<'_>,
    name_end: usize,
    (start, operator): (usize, Operator),
    holds: &mut usize,
) -> Step<Assigned> {
    *holds = start;
    let (start, quote) = opening(view, start, holds)?;
    Ok(Assigned {
        start,
        quote,
        operator,
        name_end,
    })
}

/// After what closes a name: `"`, `\"`, `']`, `[32]`; and whether a quote does.
fn after_closing(view: &View<'_>, at: usize) -> Step<(usize, bool)> {
    let quote = skip(view, at, &BACKSLASH, 3)?;
    let is_quoted = peek(view, quote)?.is_some_and(|byte| QUOTE.has(byte));
    let mut end = if is_quoted { quote + 1 } else { at };
    if !is_quoted && peek(view, end)? == Some(b'*') {
        let stars = skip(view, end, const { &ByteSet::of(b"*") }, 2)?;
        return Ok((if stars == end + 2 { stars } else { end }, false));
    }
    if !is_quoted && peek(view, end)? == Some(b'[') {
        end = skip(view, end + 1, &DIGIT, 6)?;
    }
    if matches!(peek(view, end)?, Some(b']' | b')')) && (is_quoted || end > at) {
        end += 1;
    }
    Ok((end, is_quoted))
}

/// Whether the name is that of an option: `-` begins the word that it is in.
fn is_flag(view: &View<'_>, name: usize) -> bool {
    let before = preceding(view, name, KEPT_CONTEXT);
    let word = before
        .iter()
        .rev()
        .take_while(|byte| NAME.has(**byte))
        .count();
    let word = before.get(before.len() - word..).unwrap_or_default();
    word.windows(2).any(|pair| pair == b"--")
}

fn flag_value(view: &View<'_>, at: usize) -> Step<(usize, Operator)> {
    match peek(view, at)? {
        None | Some(b'-' | b' ' | b'\n') => Err(Miss::No),
        Some(b'=') => Ok((skip(view, at + 1, &BLANK, BLANKS)?, Operator::Wide)),
        Some(_) => Ok((at, Operator::Flag)),
    }
}

/// The end of the words that a name goes on with.
fn words_end(view: &View<'_>, part_end: usize, from: usize) -> Step<usize> {
    let left = NAME_REST.saturating_sub(from - part_end);
    let end = skip_many(view, from, &NAMES, left)?;
    let is_blank = |byte: &&u8| **byte == b' ';
    let trailing = between(view, from, end).iter().rev().take_while(is_blank);
    Ok(end - trailing.count())
}

/// What may stand directly before an opening quote.
const PREFIXES: &[&[u8]] = &[
    b"new string(",
    b"string(",
    b"string::from(",
    b"some(",
    b"[]byte(",
    b"buffer.from(",
    b"sensitive(",
    b"some(string::from(",
    b"secretstr(",
    b"secretstring::from(",
    b"rb",
    b"n",
    b"br",
    b"f",
    b"r",
    b"b",
    b"u",
    b"l",
    b"@",
    b"[",
    b"(",
];

/// What one of them begins with, and what follows that.
const PREFIX_STARTS: ByteSet = ByteSet::of(b"nsrbfulNSRBFUL@[(");
static PREFIX_SECONDS: ByteSet = QUOTE.or(ByteSet::of(b"eotruETROUB]\\b")).with(walk::VALUE);

/// Whether a prefix may stand there: for most values two bytes say no.
#[inline]
fn may_be_prefixed(view: &View<'_>, at: usize) -> bool {
    let is = |at: usize, set: &ByteSet| view.byte(at).is_none_or(|byte| set.has(byte));
    is(at, &PREFIX_STARTS) && is(at + 1, &PREFIX_SECONDS)
}

/// After an opening quote, with what stands before it; the quote, if there is one.
fn opening(view: &View<'_>, at: usize, holds: &mut usize) -> Step<(usize, Option<Quote>)> {
    if let Some(opened) = quote_at(view, at)? {
        *holds = opened.0;
        return opened_by(view, opened);
    }
    let may_be_prefixed = may_be_prefixed(view, at);
    for prefix in PREFIXES.iter().filter(|_| may_be_prefixed) {
        let Some(after) = after_word(view, at, prefix)? else {
            continue;
        };
        if let Some(opened) = quote_at(view, after)? {
            *holds = opened.0;
            return opened_by(view, opened);
        }
    }
    if let Some(after) = after_reference(view, at)?
        && let Some(opened) = quote_at(view, after)?
    {
        *holds = opened.0;
        return opened_by(view, opened);
    }
    Ok((at, None))
}

/// After `process.env.NAME ??` and such: what follows is a value for when there is none.
fn after_reference(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    let name = skip_many(view, at, &NAME, NAME_REST + 24)?;
    if name == at || peek(view, name)? != Some(b' ') {
        return Ok(None);
    }
    after_any(view, name + 1, &[b"?? ", b"|| ", b"or "])
}

fn quote_at(view: &View<'_>, at: usize) -> Step<Option<(usize, Quote)>> {
    let end = skip(view, at, &BACKSLASH, 7)?;
    let byte = peek(view, end)?.filter(|byte| QUOTE.has(*byte) || *byte == walk::VALUE);
    let depth = end - at;
    Ok(byte.map(|byte| (end + 1, Quote { byte, depth })))
}

/// After the rest of a triple quote; an empty value is none.
fn opened_by(view: &View<'_>, (start, quote): (usize, Quote)) -> Step<(usize, Option<Quote>)> {
    if peek(view, start)? != Some(quote.byte) {
        return Ok((start, Some(quote)));
    }
    if peek(view, start + 1)? == Some(quote.byte) {
        return Ok((start + 2, Some(quote)));
    }
    Err(Miss::No)
}

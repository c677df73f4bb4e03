//! What may stand between a name and its value, in the spellings of many languages.
//!
//! Owns: signs, types before a sign, the ends of tags and of marks of Markdown, entries of lists
//! of names and values, what YAML writes before a value. Pure steps through a text that may go on.
//!
//! Never judges a value. Called by: `assignment.rs`.

use super::assignment::NAME;
use super::classes::{ALNUM, ByteSet};
use super::family::KEPT_CONTEXT;
use super::view::View;
use super::walk::{
    BLANK, Miss, QUOTE, Step, after_any, after_word, peek, preceding, skip, skip_many,
};

/// What stands between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `=` without blanks, as in a file of variables or a query.
    Tight,
    /// `=`, `:` and the like, with blanks around it.
    Wide,
    /// The value stands on another line than its name.
    NextLine,
    /// `--name value`
    Flag,
    /// `<name>value</name>`
    Tag,
    /// `("name", "value")`
    Comma,
    /// `name 'value'`, `name is value`, `name to value`.
    Bare,
    /// `| name | value |`
    Cell,
    /// `the name of it is value`, `NAME value`.
    Said,
    /// `.name("value")`
    Call,
}

/// Most blanks around an operator.
pub(super) const BLANKS: usize = 8;

/// Most white space, line break included, before a value on the next line.
const INDENTATION: usize = 48;

/// Most bytes of a word of a type between a name and its value, and most words.
const TYPE: usize = 40;
const MOST_TYPE_WORDS: usize = 4;

const WHITE: ByteSet = ByteSet::of(b" \t\r\n");
const TYPE_BYTES: ByteSet = ALNUM.or(ByteSet::of(b"_&'<>[]?.|*"));

/// Most bytes of the attributes of a tag, and most tags between a name and its value.
const LONGEST_TAG: usize = 64;
const MOST_TAGS: usize = 3;
static ATTRIBUTES: ByteSet = ByteSet::of(b"<>\n").not();

/// Tags of YAML: `!!str`, `!vault`.
static TAG_OF_YAML: ByteSet = ALNUM.or(ByteSet::of(b"!-_"));

/// Most entries before the value that belongs to a name, itself among them.
const MOST_ENTRIES: usize = 3;
const BETWEEN_ENTRIES: ByteSet = WHITE.or(ByteSet::of(b"\\\"',"));

/// What says that a value comes, in some languages.
const VERBS: &[&[u8]] = &[
    b"is ",
    b"is: ",
    b"was ",
    b"to ",
    b"to: ",
    b"equals ",
    b"ist ",
    b"ist: ",
    b"lautet ",
    b"lautet: ",
    b"est ",
    b"est : ",
    b"est: ",
    b"es ",
    b"es: ",
    "é ".as_bytes(),
    "é: ".as_bytes(),
    "è ".as_bytes(),
    "è: ".as_bytes(),
    "är ".as_bytes(),
    "là ".as_bytes(),
    "là: ".as_bytes(),
    "это ".as_bytes(),
    "是 ".as_bytes(),
    "是：".as_bytes(),
    "是".as_bytes(),
    "は ".as_bytes(),
    "は".as_bytes(),
    "는 ".as_bytes(),
    "은 ".as_bytes(),
];

/// The place after an operator that stands at `blank`, and which it is.
pub(super) fn after_operator(
    view: &View<'_>,
    name_end: usize,
    closed: usize,
    blank: usize,
    is_quoted: bool,
    holds: &mut usize,
) -> Step<Option<(usize, Operator)>> {
    let is_tight = blank == closed;
    match peek(view, blank)? {
        Some(b'=') => after_sign(view, blank + 1, is_tight, holds).map(Some),
        Some(b':') => after_colon(view, blank + 1, is_tight, holds).map(Some),
        Some(b'?' | b'+') if peek(view, blank + 1)? == Some(b'=') => {
            after_sign(view, blank + 2, false, holds).map(Some)
        }
        Some(b'|') => after_bar(view, blank + 1, holds).map(Some),
        Some(b'<') if !is_tight && peek(view, blank + 1)? == Some(b'-') => {
            after_sign(view, blank + 2, false, holds).map(Some)
        }
        Some(b'<') if is_tight => after_tags(view, blank).map(Some),
        Some(b'>') if is_tight && closed == name_end => in_tag(view, blank + 1).map(Some),
        Some(b'>') if is_quoted => in_tag(view, blank + 1).map(as_cell),
        Some(b'{') if is_quoted => value_entry(view, blank + 1, holds),
        Some(b'-') if peek(view, blank + 1)? == Some(b'>') => {
            after_sign(view, blank + 2, false, holds).map(Some)
        }
        Some(0xe2 | 0xef) => match after_any(view, blank, &["→".as_bytes(), "：".as_bytes()])? {
            Some(sign) => before_value(view, sign, false, holds).map(Some),
            None => Ok(None),
        },
        Some(b',') if is_quoted => after_comma(view, blank + 1, holds).map(Some),
        Some(b'\r' | b'\n') => value_entry(view, blank, holds),
        Some(byte) if is_quoted && !is_tight && byte.is_ascii_alphabetic() => {
            match value_entry(view, blank, holds)? {
                None => tag_value(view, blank).map(as_cell),
                found => Ok(found),
            }
        }
        _ => Ok(None),
    }
}

/// After `=` and what may stand with it: `==`, `===`, `=>`.
fn after_sign(
    view: &View<'_>,
    at: usize,
    is_tight: bool,
    holds: &mut usize,
) -> Step<(usize, Operator)> {
    let sign = skip(view, at, const { &ByteSet::of(b"=>~") }, 2)?;
    before_value(view, sign, is_tight, holds)
}

/// After `:`, `:=`, or `: type =`.
fn after_colon(
    view: &View<'_>,
    at: usize,
    is_tight: bool,
    holds: &mut usize,
) -> Step<(usize, Operator)> {
    match peek(view, at)? {
        Some(b':') => return Err(Miss::No),
        Some(b'=') => return before_value(view, at + 1, false, holds),
        _ => {}
    }
    *holds = at;
    if let Some(after) = after_type(view, at)? {
        *holds = view.text.len();
        return before_value(view, after, false, holds);
    }
    let (start, operator) = before_value(view, at, false, holds)?;
    let is_tight = is_tight && start == at;
    Ok((start, if is_tight { Operator::Tight } else { operator }))
}

/// After `str =` and such: a type, and the sign that assigns.
fn after_type(view: &View<'_>, at: usize) -> Step<Option<usize>> {
    let start = skip(view, at, &BLANK, BLANKS)?;
    let mut word = start;
    for _ in 0..MOST_TYPE_WORDS {
        let first = peek(view, word)?;
        let end = skip_many(view, word, &TYPE_BYTES, TYPE)?;
        let next = skip(view, end, &BLANK, BLANKS)?;
        if end == word || next == end || end - word == TYPE {
            return Ok(None);
        }
        match (first, peek(view, next)?) {
            (_, Some(b'=')) if peek(view, next + 1)? != Some(b'=') => return Ok(Some(next + 1)),
            (Some(b'&' | b'|'), _) | (_, Some(b'|')) => word = next,
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// After the blanks, or the line break, before a value.
fn before_value(
    view: &View<'_>,
    at: usize,
    is_tight: bool,
    holds: &mut usize,
) -> Step<(usize, Operator)> {
    let start = skip(view, at, &BLANK, BLANKS)?;
    // What looks like a mark may turn out to be the first byte of the value.
    *holds = start;
    if peek(view, start)? == Some(b'<') && peek(view, start + 1)? == Some(b'/') {
        return after_tags(view, start);
    }
    let start = after_marks(view, start)?;
    if matches!(peek(view, start)?, Some(b'\r' | b'\n')) {
        *holds = view.text.len();
        let line = after_fence(view, skip(view, start, &WHITE, INDENTATION)?)?;
        let dash = peek(view, line)? == Some(b'-') && peek(view, line + 1)? == Some(b' ');
        return Ok((line + if dash { 2 } else { 0 }, Operator::NextLine));
    }
    let is_tight = is_tight && start == at;
    let operator = if is_tight {
        Operator::Tight
    } else {
        Operator::Wide
    };
    Ok((start, operator))
}

/// After what is written before a value and is no part of it: `**` of Markdown, `|-` before a
/// block of YAML, and its tags.
fn after_marks(view: &View<'_>, at: usize) -> Step<usize> {
    match peek(view, at)? {
        Some(b'*') if peek(view, at + 1)? == Some(b'*') => skip(view, at + 2, &BLANK, BLANKS),
        Some(b'|' | b'>') => {
            let end = skip(view, at + 1, const { &ByteSet::of(b"+-0123456789") }, 2)?;
            let is_block = matches!(peek(view, end)?, Some(b'\r' | b'\n'));
            Ok(if is_block { end } else { at })
        }
        Some(b'!') => {
            let end = skip_many(view, at + 1, &TAG_OF_YAML, 24)?;
            let after = skip(view, end, &BLANK, BLANKS)?;
            Ok(if after > end && end > at + 2 {
                after
            } else {
                at
            })
        }
        _ => Ok(at),
    }
}

/// After the line that opens a block of code.
fn after_fence(view: &View<'_>, at: usize) -> Step<usize> {
    let Some(fence) = after_word(view, at, b"```")? else {
        return Ok(at);
    };
    let line = skip_many(view, fence, &ALNUM, 16)?;
    match peek(view, line)? {
        Some(b'\r' | b'\n') => skip(view, line, &WHITE, INDENTATION),
        _ => Ok(at),
    }
}

/// After `|` in a row of a table; or `||=`.
fn after_bar(view: &View<'_>, at: usize, holds: &mut usize) -> Step<(usize, Operator)> {
    if peek(view, at)? == Some(b'|') {
        return match peek(view, at + 1)? {
            Some(b'=') => before_value(view, at + 2, false, holds),
            _ => Err(Miss::No),
        };
    }
    Ok((skip(view, at, &BLANK, 32)?, Operator::Cell))
}

/// Whether the name is that of a tag: `<` begins it.
pub(super) fn is_in_tag(view: &View<'_>, name: usize) -> bool {
    let before = preceding(view, name, KEPT_CONTEXT).iter().rev();
    let mut before = before.skip_while(|byte| NAME.has(**byte) || **byte == b':');
    before.next() == Some(&b'<')
}

/// After the attributes of a tag, and what stands before its text.
pub(super) fn tag_value(view: &View<'_>, at: usize) -> Step<(usize, Operator)> {
    let end = skip_many(view, at, &ATTRIBUTES, LONGEST_TAG)?;
    match peek(view, end)? {
        Some(b'>') => in_tag(view, end + 1),
        _ => Err(Miss::No),
    }
}

/// A value that the name does not surely own.
fn as_cell((start, _): (usize, Operator)) -> Option<(usize, Operator)> {
    Some((start, Operator::Cell))
}

/// After what may stand between a tag and its text.
fn in_tag(view: &View<'_>, at: usize) -> Step<(usize, Operator)> {
    let start = skip(view, at, &WHITE, INDENTATION)?;
    if peek(view, start)? != Some(b'<') {
        let operator = if start == at {
            Operator::Tag
        } else {
            Operator::Cell
        };
        return Ok((start, operator));
    }
    let inner = after_any(view, start, &[b"<value>", b"<![cdata["])?.ok_or(Miss::No)?;
    Ok((skip(view, inner, &WHITE, INDENTATION)?, Operator::Tag))
}

/// After the tags that close a name and open its value: `</td><td>`.
fn after_tags(view: &View<'_>, at: usize) -> Step<(usize, Operator)> {
    let mut start = after_word(view, at, b"</")?.ok_or(Miss::No)?;
    for _ in 0..MOST_TAGS {
        let end = skip_many(view, start, &ATTRIBUTES, LONGEST_TAG)?;
        if peek(view, end)? != Some(b'>') {
            return Err(Miss::No);
        }
        let next = skip(view, end + 1, const { &WHITE.with(b':') }, INDENTATION)?;
        if peek(view, next)? != Some(b'<') {
            return Ok((next, Operator::Cell));
        }
        start = next + 1;
    }
    Err(Miss::No)
}

/// After the comma between a quoted name and its value; the value has quotes too.
fn after_comma(view: &View<'_>, at: usize, holds: &mut usize) -> Step<(usize, Operator)> {
    *holds = at;
    let start = skip(view, at, &WHITE, INDENTATION)?;
    if let Some(found) = value_entry(view, start, holds)? {
        return Ok(found);
    }
    let quote = skip(view, start, const { &ByteSet::of(b"\\") }, 3)?;
    match peek(view, quote)? {
        Some(byte) if QUOTE.has(byte) => Ok((start, Operator::Comma)),
        _ => Err(Miss::No),
    }
}

/// After `value:` or `value=`, as lists of names and values have it, perhaps behind other entries.
fn value_entry(view: &View<'_>, at: usize, holds: &mut usize) -> Step<Option<(usize, Operator)>> {
    let mut at = at;
    for _ in 0..MOST_ENTRIES {
        let start = skip(view, at, &BETWEEN_ENTRIES, INDENTATION)?;
        if let Some(end) = after_any(view, start, &[b"value", b"parametervalue", b"default"])?
            && let Some(sign) = after_key(view, end)?
        {
            let (start, _) = before_value(view, sign, false, holds)?;
            return Ok(Some((start, Operator::Wide)));
        }
        match after_entry(view, start)? {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// After the quote of a key and the sign behind it.
fn after_key(view: &View<'_>, end: usize) -> Step<Option<usize>> {
    let end = skip(view, end, const { &ByteSet::of(b"\\\"'") }, 4)?;
    let end = skip(view, end, &BLANK, BLANKS)?;
    let is_sign = matches!(peek(view, end)?, Some(b':' | b'='));
    Ok(is_sign.then_some(end + 1))
}

/// After an entry with another key, and a short word.
fn after_entry(view: &View<'_>, start: usize) -> Step<Option<usize>> {
    let key = skip_many(view, start, &ALNUM, 24)?;
    if key == start {
        return Ok(None);
    }
    let Some(sign) = after_key(view, key)? else {
        return Ok(None);
    };
    let value = skip(
        view,
        sign,
        const { &BLANK.or(ByteSet::of(b"\\\"'")) },
        BLANKS,
    )?;
    let end = skip_many(view, value, &NAME, 24)?;
    Ok((end > value && end - value < 24).then_some(end))
}

/// `password 'value'`, `password is value`.
pub(super) fn bare_value(
    view: &View<'_>,
    closed: usize,
    blank: usize,
    is_quoted: bool,
) -> Step<Option<(usize, Operator)>> {
    if is_quoted || blank == closed && peek(view, blank)?.is_none_or(|byte| byte < 0x80) {
        return Ok(None);
    }
    if blank > closed && matches!(peek(view, blank)?, Some(b'"' | b'\'')) {
        return Ok(Some((blank, Operator::Bare)));
    }
    let Some(after) = after_any(view, blank, VERBS)? else {
        return Ok(None);
    };
    Ok(Some((after, Operator::Bare)))
}

//! A second look at arguments of a tool call on their way to a provider, where their form hides
//! what a reader of them sees: words of a command in a list, and JSON in a string of JSON.
//!
//! Owns: when such a look is worth it, which is rare, and the list of words that is read as one
//! line. Replies have none: they are scanned while they come, and a list is known when it ends.
//!
//! Called by: `texts.rs`.

use std::collections::HashSet;
use std::convert::Infallible;
use std::ops::Range;

use memchr::memmem;
use wire::{Fragment, FragmentSink, Respelling};

use super::running::rewrite_json;
use super::texts::{Edits, Run, edits, joined_groups};
use crate::error::RedactError;
use crate::fold::{Folded, unescaped};
use crate::groups::Group;
use crate::scan::sink::Replaces;
use crate::side::Side;
use crate::treat::actions::Direction;
use crate::treat::treatment::Treatment;

/// Arguments of a tool call; `None` if nothing was replaced.
///
/// # Errors
/// [`RedactError::Blocked`], or that of the scan.
pub(super) fn rewrite_arguments(
    side: &Side,
    treatment: &mut Treatment<'_>,
    text: &str,
) -> Result<Option<String>, RedactError> {
    let mut new = None;
    if treatment.direction == Direction::Request {
        if memmem::find(text.as_bytes(), br"\\u00").is_some() {
            new = Arguments::read(text).unescaped(side, treatment, text)?;
        }
        let read = new.as_deref().unwrap_or(text);
        if memmem::find(read.as_bytes(), b"\"-").is_some() {
            let joined = Arguments::read(read).joined(side, treatment, read)?;
            new = joined.or(new);
        }
    }
    let read = new.as_deref().unwrap_or(text);
    let last = rewrite_json(side, treatment, read)?;
    Ok(last.or(new))
}

/// Whether a second look at arguments may be worth it, as the document spells them: escapes of its
/// own may hide what it looks for.
pub(super) fn may_be_worth_it(raw: &[u8]) -> bool {
    // Arguments are short, and a search for one byte needs no preparation.
    let holds = |byte: u8, rest: &[u8], back: usize| {
        let mut found = memchr::memchr_iter(byte, raw);
        found.any(|at| {
            let from = at.checked_sub(back).and_then(|at| raw.get(at..));
            from.is_some_and(|from| from.starts_with(rest))
        })
    };
    holds(b'-', b"\"-", 1) || holds(b'u', b"u00", 0)
}

/// What separates these words where they are read as one text, if the first one says that they
/// belong together: it is an option, or the beginning of a key in lines.
#[inline]
pub(super) fn separator(first: &[u8]) -> Option<&'static str> {
    match first {
        [b'-', b'-', b'-', b'-', b'-', ..] => Some("\n"),
        [b'-', next, ..] if next.is_ascii_alphanumeric() || *next == b'-' => Some(" "),
        _ => None,
    }
}

/// All string values of arguments, in order.
#[derive(Default)]
struct Arguments {
    strings: Vec<Argument>,
    /// Whether only what separates elements of a list has come since the last one.
    follows: bool,
}

#[derive(Default)]
struct Argument {
    key: String,
    text: String,
    /// Whether it is the next element after the string before it.
    follows: bool,
}

impl Arguments {
    fn read(text: &str) -> Self {
        let mut all = Self::default();
        let mut fragment = Fragment::new();
        let (Ok(()), Ok(())) = (fragment.push(text, &mut all), fragment.finish(&mut all));
        all
    }

    /// The text with what is found if escapes are taken for what they stand for.
    fn unescaped(
        &self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        text: &str,
    ) -> Result<Option<String>, RedactError> {
        let replaces = treatment.actions.replaces();
        let mut all: Vec<Edits> = vec![Vec::new(); self.strings.len()];
        for (string, out) in self.strings.iter().zip(&mut all) {
            let Some(read) = unescaped(&string.text) else {
                continue;
            };
            let groups = only_in(&read, string, side, replaces)?;
            *out = edits(treatment, &Run::alone(&string.text), &groups, None)?
                .into_iter()
                .flatten()
                .collect();
        }
        Ok(respelt(text, all))
    }

    /// The text with what is found if words of lists are read as one line.
    fn joined(
        &self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        text: &str,
    ) -> Result<Option<String>, RedactError> {
        let mut all: Vec<Edits> = vec![Vec::new(); self.strings.len()];
        let mut number = 0;
        while let Some(first) = self.strings.get(number) {
            let Some(separator) = separator(first.text.as_bytes()) else {
                number += 1;
                continue;
            };
            let rest = self.strings.get(number + 1..).unwrap_or_default();
            let more = rest.iter().take_while(|string| string.follows).count();
            let numbers = number..number + 1 + more;
            let new = self.run(side, treatment, numbers.clone(), separator)?;
            for (edits, out) in new.into_iter().zip(all.iter_mut().skip(number)) {
                *out = edits;
            }
            number = numbers.end;
        }
        Ok(respelt(text, all))
    }

    fn run(
        &self,
        side: &Side,
        treatment: &mut Treatment<'_>,
        numbers: Range<usize>,
        separator: &str,
    ) -> Result<Vec<Edits>, RedactError> {
        let strings = self.strings.get(numbers).unwrap_or_default();
        let run = Run::new(
            strings.iter().map(|string| string.text.as_str().into()),
            separator,
        );
        let key = |part: usize| {
            let string: Option<&Argument> = strings.get(part);
            string.map_or("", |string| string.key.as_str()).into()
        };
        let (known, all) = joined_groups(side, &run, key, treatment.actions.replaces())?;
        let known: HashSet<Group> = known.into_iter().collect();
        let is_new = |group: &Group| run.is_joined() && !known.contains(group);
        let new: Vec<Group> = all.into_iter().filter(is_new).collect();
        edits(treatment, &run, &new, None)
    }
}

/// What is found in this reading of a string and not in the string as it is written.
fn only_in(
    read: &Folded,
    string: &Argument,
    side: &Side,
    replaces: &Replaces,
) -> Result<Vec<Group>, RedactError> {
    let found = |text: &str| {
        let mut groups = side.groups_of_value(&string.key, text, replaces)?;
        groups.retain(|group| group.changes(replaces));
        Ok(groups)
    };
    let more: Vec<Group> = found(read.text())?;
    if more.is_empty() {
        return Ok(more);
    }
    let known = found(&string.text)?;
    let is_new = |group: &Group| {
        let later = known.partition_point(|known| known.range.start <= group.range.start);
        let before = later.checked_sub(1).and_then(|at| known.get(at));
        !before.is_some_and(|known| known.holds(group))
    };
    let written = more.into_iter().map(|group| Group {
        range: read.back(&group.range),
        ..group
    });
    Ok(written.filter(is_new).collect())
}

impl FragmentSink for Arguments {
    type Error = Infallible;

    fn raw(&mut self, text: &str) -> Result<(), Infallible> {
        let between = |byte: u8| matches!(byte, b'"' | b',' | b' ' | b'\n' | b'\r' | b'\t');
        self.follows &= text.bytes().all(between);
        Ok(())
    }

    fn open(&mut self, key: &str) -> Result<(), Infallible> {
        self.strings.push(Argument {
            key: key.to_owned(),
            text: String::new(),
            follows: self.follows,
        });
        Ok(())
    }

    fn text(&mut self, decoded: &str, _spelling: &mut Respelling) -> Result<(), Infallible> {
        if let Some(string) = self.strings.last_mut() {
            string.text.push_str(decoded);
        }
        Ok(())
    }

    fn close(&mut self, _spelling: &mut Respelling) -> Result<(), Infallible> {
        self.follows = true;
        Ok(())
    }
}

/// The arguments with these edits of their strings; `None` if there are none.
fn respelt(text: &str, edits: Vec<Edits>) -> Option<String> {
    if edits.iter().all(Vec::is_empty) {
        return None;
    }
    let mut editing = Editing {
        edits: edits.into_iter(),
        text: String::new(),
        out: String::with_capacity(text.len()),
    };
    let mut fragment = Fragment::new();
    let pushed = fragment.push(text, &mut editing);
    let (Ok(()), Ok(())) = (pushed, fragment.finish(&mut editing));
    Some(editing.out)
}

/// Writes arguments anew.
struct Editing {
    edits: std::vec::IntoIter<Edits>,
    /// The string value that is open.
    text: String,
    out: String,
}

impl FragmentSink for Editing {
    type Error = Infallible;

    fn raw(&mut self, text: &str) -> Result<(), Infallible> {
        self.out.push_str(text);
        Ok(())
    }

    fn open(&mut self, _key: &str) -> Result<(), Infallible> {
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, decoded: &str, _spelling: &mut Respelling) -> Result<(), Infallible> {
        self.text.push_str(decoded);
        Ok(())
    }

    fn close(&mut self, spelling: &mut Respelling) -> Result<(), Infallible> {
        let mut kept = 0;
        for (range, new) in self.edits.next().unwrap_or_default() {
            let before = self.text.get(kept..range.start).unwrap_or_default();
            spelling.keep(before, &mut self.out);
            spelling.replace(range.len(), &new, &mut self.out);
            kept = range.end;
        }
        let rest = self.text.get(kept..).unwrap_or_default();
        spelling.keep(rest, &mut self.out);
        Ok(())
    }
}

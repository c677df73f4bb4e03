//! Whole documents: each of their texts through scan and treatment.
//!
//! Owns: the order, the places, and the seams between adjacent parts of one message, where a
//! secret may have been cut in two. Never splices: the document does.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use wire::{TextKind, TextSpan, repacked, unpacked};

use super::again::{self, rewrite_arguments};
use super::glance::Glance;
use super::running::Beginning;
use crate::error::RedactError;
use crate::groups::{Group, without_overlaps};
use crate::scan::sink::Replaces;
use crate::side::Side;
use crate::treat::actions::Direction;
use crate::treat::nesting::Nesting;
use crate::treat::treatment::{Treated, Treatment};

/// A document with texts in it.
pub(crate) trait Texts {
    /// The document.
    fn body(&self) -> &[u8];
    /// Where they stand, in order.
    fn spans(&self) -> &[TextSpan];
    /// One of them, decoded.
    fn text(&self, number: usize) -> Cow<'_, str>;
    /// The key that it is the value of.
    fn key(&self, number: usize) -> Option<Cow<'_, str>>;
    /// Its place, for people.
    fn place(&self, number: usize) -> String;
}

/// New texts for those in which something was replaced, by number.
///
/// # Errors
/// [`RedactError::Blocked`], or that of the scan.
pub(crate) fn rewrite_all(
    side: &Side,
    treatment: &mut Treatment<'_>,
    texts: &impl Texts,
) -> Result<Vec<(usize, String)>, RedactError> {
    let spans = texts.spans();
    let mut rewriting = Rewriting::new(side, treatment, texts);
    let mut glance = Glance::new(side);
    let mut number = 0;
    while let Some(span) = spans.get(number) {
        let (length, separator) = run_at(texts, number, rewriting.treatment.direction);
        let numbers = number..number + length;
        number = numbers.end;
        let waits = length == 1 && glance.takes(span) && !rewriting.looks_again(span);
        if waits {
            glance.add(texts, numbers.start, span);
            if !glance.is_full() {
                continue;
            }
        }
        rewriting.each(&mut glance)?;
        if !waits {
            rewriting.run(numbers, separator)?;
        }
    }
    rewriting.each(&mut glance)?;
    Ok(rewriting.changed)
}

/// The same without a glance at short texts together.
#[cfg(test)]
pub(super) fn rewrite_each(
    side: &Side,
    treatment: &mut Treatment<'_>,
    texts: &impl Texts,
) -> Result<Vec<(usize, String)>, RedactError> {
    let spans = texts.spans();
    let mut rewriting = Rewriting::new(side, treatment, texts);
    let mut number = 0;
    while number < spans.len() {
        let (length, separator) = run_at(texts, number, rewriting.treatment.direction);
        rewriting.run(number..number + length, separator)?;
        number += length;
    }
    Ok(rewriting.changed)
}

/// A document on its way.
struct Rewriting<'r, 't, T> {
    side: &'r Side,
    treatment: &'r mut Treatment<'t>,
    texts: &'r T,
    /// New texts, by number.
    changed: Vec<(usize, String)>,
}

impl<'r, 't, T: Texts> Rewriting<'r, 't, T> {
    fn new(side: &'r Side, treatment: &'r mut Treatment<'t>, texts: &'r T) -> Self {
        Self {
            side,
            treatment,
            texts,
            changed: Vec::new(),
        }
    }

    /// The short texts that waited.
    fn each(&mut self, glance: &mut Glance<'_>) -> Result<(), RedactError> {
        let found = glance.found(self.treatment.actions.replaces());
        let mut found = found.into_iter();
        found.try_for_each(|number| self.run(number..number + 1, ""))
    }

    /// Whether more is done about a text than to scan each of its strings.
    fn looks_again(&self, span: &TextSpan) -> bool {
        let raw = self.texts.body().get(span.start..span.end);
        span.kind == TextKind::Json
            && self.treatment.direction == Direction::Request
            && raw.is_some_and(again::may_be_worth_it)
    }

    /// One text, or several that are read as one, too.
    fn run(&mut self, numbers: Range<usize>, separator: &str) -> Result<(), RedactError> {
        let (side, texts, number) = (self.side, self.texts, numbers.start);
        let (treatment, changed) = (&mut *self.treatment, &mut self.changed);
        let kind = texts.spans().get(number).map(|span| span.kind);
        let outcome = match kind {
            Some(TextKind::Json) if numbers.len() == 1 => {
                rewrite_arguments(side, treatment, &texts.text(number))
                    .map(|text| changed.extend(text.map(|text| (number, text))))
            }
            Some(TextKind::Base64 | TextKind::PlainOrBase64) => {
                rewrite_packed(side, treatment, texts, numbers, changed)
            }
            _ => rewrite_run(side, treatment, texts, numbers, separator, changed),
        };
        let place = || side.shown(texts.place(number));
        treatment.findings.placed(place);
        outcome.map_err(|error| error.at_place(place))
    }
}

/// How many texts from this one on are read as one text too, and what separates them there: parts
/// that continue each other, or in requests the words of a command in a list.
#[inline]
fn run_at(texts: &impl Texts, number: usize, direction: Direction) -> (usize, &'static str) {
    let rest = texts.spans().get(number..).unwrap_or_default();
    let Some((first, others)) = rest.split_first() else {
        return (1, "");
    };
    if others.first().is_some_and(|next| next.joins) {
        let parts = others.iter().take_while(|span| span.joins);
        return (1 + parts.count(), "");
    }
    let word = texts.body().get(first.start..first.end).unwrap_or_default();
    if word.first() != Some(&b'-') || is_packed(first) || direction == Direction::Reply {
        return (1, "");
    }
    let Some(separator) = again::separator(word) else {
        return (1, "");
    };
    let pairs = rest.iter().zip(others);
    let words = pairs.take_while(|(word, next)| follows(texts.body(), word, next));
    (1 + words.count(), separator)
}

/// Whether a text is, or may be, base64 of another one.
pub(super) fn is_packed(span: &TextSpan) -> bool {
    matches!(span.kind, TextKind::Base64 | TextKind::PlainOrBase64)
}

/// Whether a text is the next element after this one in a list of strings.
fn follows(body: &[u8], text: &TextSpan, next: &TextSpan) -> bool {
    let are_plain = text.kind == TextKind::Plain && next.kind == TextKind::Plain;
    let between = body.get(text.end + 1..next.start.saturating_sub(1));
    let is_between = |byte: &u8| *byte == b',' || byte.is_ascii_whitespace();
    are_plain && !next.joins && between.is_some_and(|bytes| bytes.iter().all(is_between))
}

/// Texts that are read as one, too.
pub(super) struct Run<'t> {
    parts: Vec<Cow<'t, str>>,
    /// Where each begins in all of them together.
    starts: Vec<usize>,
    whole: Cow<'t, str>,
}

impl<'t> Run<'t> {
    pub(super) fn new(parts: impl Iterator<Item = Cow<'t, str>>, separator: &str) -> Self {
        let parts: Vec<Cow<'t, str>> = parts.collect();
        let mut start = 0;
        let place = |part: &Cow<'_, str>| {
            let own = start;
            start += part.len() + separator.len();
            own
        };
        let starts = parts.iter().map(place).collect();
        let whole = match parts.as_slice() {
            [part] => part.clone(),
            many => Cow::Owned(many.join(separator)),
        };
        Self {
            parts,
            starts,
            whole,
        }
    }

    /// Whether there are several.
    pub(super) fn is_joined(&self) -> bool {
        self.parts.len() > 1
    }

    pub(super) fn alone(text: &'t str) -> Self {
        Self {
            parts: vec![Cow::Borrowed(text)],
            starts: vec![0],
            whole: Cow::Borrowed(text),
        }
    }
}

/// A text in base64. Where nothing is found in what it stands for, it is read as it is, if it can
/// be that; so is what continues it.
fn rewrite_packed(
    side: &Side,
    treatment: &mut Treatment<'_>,
    texts: &impl Texts,
    numbers: Range<usize>,
    changed: &mut Vec<(usize, String)>,
) -> Result<(), RedactError> {
    let number = numbers.start;
    let value = texts.text(number);
    let new = match unpacked(&value) {
        Some(text) => side.rewrite("", &text, treatment)?,
        None => None,
    };
    let is_plain = texts
        .spans()
        .get(number)
        .is_some_and(|span| span.kind == TextKind::PlainOrBase64);
    let next = match (&new, is_plain) {
        (None, true) => number,
        _ => number + 1,
    };
    changed.extend(new.map(|text| (number, repacked(&value, &text))));
    let rest = next..numbers.end;
    match rest.is_empty() {
        true => Ok(()),
        false => rewrite_run(side, treatment, texts, rest, "", changed),
    }
}

/// One text, or several that are read as one, too.
fn rewrite_run(
    side: &Side,
    treatment: &mut Treatment<'_>,
    texts: &impl Texts,
    numbers: Range<usize>,
    separator: &str,
    changed: &mut Vec<(usize, String)>,
) -> Result<(), RedactError> {
    let run = Run::new(numbers.clone().map(|number| texts.text(number)), separator);
    // Parts that continue each other are no values of their own.
    let has_keys = numbers.len() == 1 || !separator.is_empty();
    let key = |part: usize| {
        let key = texts.key(numbers.start + part).filter(|_| has_keys);
        key.unwrap_or_default()
    };
    let (_, groups) = joined_groups(side, &run, key, treatment.actions.replaces())?;
    if groups.is_empty() {
        return Ok(());
    }
    let place = |part: usize| side.shown(texts.place(numbers.start + part));
    treatment.in_json = run
        .parts
        .first()
        .is_some_and(|part| Beginning::of(part).is_json());
    let new = edits(treatment, &run, &groups, Some(&place));
    treatment.in_json = false;
    let parts = new?.into_iter().zip(&run.parts).zip(numbers);
    let new = parts.filter_map(|((edits, part), number)| Some((number, apply(part, &edits)?)));
    changed.extend(new);
    Ok(())
}

/// What is found in each of the texts, and that with what all of them together show.
pub(super) fn joined_groups<'k>(
    side: &Side,
    run: &Run<'_>,
    key: impl Fn(usize) -> Cow<'k, str>,
    replaces: &Replaces,
) -> Result<(Vec<Group>, Vec<Group>), RedactError> {
    let mut groups = Vec::new();
    for (number, (part, start)) in run.parts.iter().zip(&run.starts).enumerate() {
        let found = side.groups_of_value(&key(number), part, replaces)?;
        groups.extend(found.into_iter().map(|group| group.moved(*start)));
    }
    if run.parts.len() == 1 {
        return Ok((Vec::new(), groups));
    }
    let across = side.groups(&run.whole, replaces)?;
    let known = groups.clone();
    add_across(&mut groups, across, &run.whole, replaces);
    Ok((known, groups))
}

/// Adds what only the joined text shows: what lies across a seam, or in a part that another one
/// tells about (`password = ` and `"..."`). Not what the parts alone explain up to a word: a key at
/// the end of a part does not make the next part's first word its tail.
fn add_across(groups: &mut Vec<Group>, across: Vec<Group>, whole: &str, replaces: &Replaces) {
    let changes = |group: &Group| group.changes(replaces);
    let (mut known, mut all): (Vec<_>, Vec<_>) =
        std::mem::take(groups).into_iter().partition(changes);
    known.sort_by_key(|group| group.range.start);
    let told: HashSet<Group> = all.iter().cloned().collect();
    let mut added = Vec::new();
    for group in across {
        let first = known.partition_point(|known| known.range.end <= group.range.start);
        let touched = known.get(first..).unwrap_or_default().iter();
        let touched = touched.take_while(|known| known.range.start < group.range.end);
        let is_known = told.contains(&group)
            || is_explained(&group.range, touched.map(|known| &known.range), whole);
        if !is_known {
            added.push(group);
        }
    }
    let (added, observed): (Vec<_>, Vec<_>) = added.into_iter().partition(changes);
    known.extend(added);
    known.sort_by_key(|group| group.range.start);
    all.extend(observed);
    all.extend(without_overlaps(known));
    all.sort_by_key(|group| group.range.start);
    *groups = all;
}

/// Whether what these ranges leave of the whole one is no more than words.
fn is_explained<'r>(
    range: &Range<usize>,
    known: impl Iterator<Item = &'r Range<usize>>,
    whole: &str,
) -> bool {
    let (mut at, mut any) = (range.start, false);
    for known in known {
        any = true;
        if known.start > at && !is_word(whole.get(at..known.start).unwrap_or_default()) {
            return false;
        }
        at = at.max(known.end);
    }
    any && (at >= range.end || is_word(whole.get(at..range.end).unwrap_or_default()))
}

/// Longest word that is believed to be one.
const LONGEST_WORD: usize = 16;

fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_none_or(char::is_alphabetic);
    begins && text.len() <= LONGEST_WORD && chars.all(char::is_lowercase)
}

/// Stretches of a text, and what takes their place.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// What takes the place of each group, by part. `place` says where a part stands, if that is not
/// for the caller to say.
pub(super) fn edits(
    treatment: &mut Treatment<'_>,
    run: &Run<'_>,
    groups: &[Group],
    place: Option<&dyn Fn(usize) -> String>,
) -> Result<Vec<Edits>, RedactError> {
    let (parts, starts) = (run.parts.as_slice(), run.starts.as_slice());
    let mut edits: Vec<Edits> = vec![Vec::new(); parts.len()];
    treatment.nesting = Nesting::default();
    let mut seen = 0;
    for group in groups {
        treatment.pass(run.whole.get(seen..group.range.start).unwrap_or_default());
        seen = seen.max(group.range.start);
        let value = run.whole.get(group.range.clone()).unwrap_or_default();
        let mut pieces = pieces(parts, starts, &group.range).peekable();
        let first = pieces.peek().map_or(0, |(part, _)| *part);
        let treated = treatment.treat(&group.rules, value);
        if let Some(place) = place {
            treatment.findings.placed(|| place(first));
        }
        match (treated, place) {
            (Treated::Kept, _) => {}
            (Treated::Blocked(rule), None) => return Err(treatment.blocked(rule)),
            (Treated::Blocked(rule), Some(place)) => {
                return Err(treatment.blocked(rule).at_place(|| place(first)));
            }
            (Treated::Replaced(text), _) => {
                let mut text = Some(text);
                for (part, range) in pieces {
                    if let Some(edits) = edits.get_mut(part) {
                        edits.push((range, text.take().unwrap_or_default()));
                    }
                }
            }
        }
    }
    Ok(edits)
}

/// The pieces of a range of the joined text, by part.
fn pieces<'p>(
    parts: &'p [Cow<'_, str>],
    starts: &'p [usize],
    range: &Range<usize>,
) -> impl Iterator<Item = (usize, Range<usize>)> + 'p {
    let range = range.clone();
    // Only the parts that it lies in: a request may have a finding in each of very many.
    let skipped = starts.partition_point(|start| *start <= range.start);
    let skipped = skipped.saturating_sub(1);
    let end = range.end;
    let placed = parts.iter().zip(starts).enumerate().skip(skipped);
    let placed = placed.take_while(move |(_, (_, start))| **start < end);
    placed.filter_map(move |(number, (part, start))| {
        let first = range.start.max(*start);
        let last = range.end.min(start + part.len());
        (first < last).then(|| (number, first - start..last - start))
    })
}

fn apply(part: &str, edits: &[(Range<usize>, String)]) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(part.len());
    let mut copied = 0;
    for (range, text) in edits {
        out.push_str(part.get(copied..range.start).unwrap_or_default());
        out.push_str(text);
        copied = range.end;
    }
    out.push_str(part.get(copied..).unwrap_or_default());
    Some(out)
}

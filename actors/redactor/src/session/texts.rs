//! Whole documents: each of their texts through scan and treatment.
//!
//! Owns: the order, the places, and the seams between adjacent parts of one message, where a
//! secret may have been cut in two. Never splices: the document does.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use wire::{TextKind, TextSpan};

use super::glance::Glance;
use super::running::{Beginning, rewrite_json};
use crate::error::RedactError;
use crate::groups::{Group, without_overlaps};
use crate::scan::sink::Replaces;
use crate::side::Side;
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
    let mut rewriting = Rewriting {
        side,
        treatment,
        texts,
        changed: Vec::new(),
    };
    let mut glance = Glance::new(side);
    let mut number = 0;
    while let Some(span) = spans.get(number) {
        let next = number + 1;
        let joined = spans.get(next..).unwrap_or_default();
        let more = joined.iter().take_while(|span| span.joins).count();
        let numbers = number..next + more;
        number = numbers.end;
        if more == 0 && glance.takes(span) {
            glance.add(texts, numbers.start, span);
            if !glance.is_full() {
                continue;
            }
        }
        rewriting.each(&mut glance)?;
        if !(more == 0 && glance.takes(span)) {
            rewriting.run(numbers)?;
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
    let mut rewriting = Rewriting {
        side,
        treatment,
        texts,
        changed: Vec::new(),
    };
    let mut number = 0;
    while number < spans.len() {
        let joined = spans.get(number + 1..).unwrap_or_default();
        let more = joined.iter().take_while(|span| span.joins).count();
        rewriting.run(number..number + 1 + more)?;
        number += 1 + more;
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

impl<T: Texts> Rewriting<'_, '_, T> {
    /// The short texts that waited.
    fn each(&mut self, glance: &mut Glance<'_>) -> Result<(), RedactError> {
        let found = glance.found(self.treatment.actions.replaces());
        let mut found = found.into_iter();
        found.try_for_each(|number| self.run(number..number + 1))
    }

    /// One text, or several that continue each other.
    fn run(&mut self, numbers: Range<usize>) -> Result<(), RedactError> {
        let (side, texts, number) = (self.side, self.texts, numbers.start);
        let (treatment, changed) = (&mut *self.treatment, &mut self.changed);
        let kind = texts.spans().get(number).map(|span| span.kind);
        let outcome = match kind {
            Some(TextKind::Json) if numbers.len() == 1 => {
                rewrite_json(side, treatment, &texts.text(number))
                    .map(|text| changed.extend(text.map(|text| (number, text))))
            }
            _ => rewrite_run(side, treatment, texts, numbers, changed),
        };
        let place = || side.shown(texts.place(number));
        treatment.findings.placed(place);
        outcome.map_err(|error| error.at_place(place))
    }
}

/// One text, or several that continue each other.
fn rewrite_run(
    side: &Side,
    treatment: &mut Treatment<'_>,
    texts: &impl Texts,
    numbers: Range<usize>,
    changed: &mut Vec<(usize, String)>,
) -> Result<(), RedactError> {
    let key = texts.key(numbers.start).filter(|_| numbers.len() == 1);
    let key = key.unwrap_or_default();
    let parts: Vec<Cow<'_, str>> = numbers.clone().map(|number| texts.text(number)).collect();
    let mut groups = Vec::new();
    let mut start = 0;
    let mut starts = Vec::with_capacity(parts.len());
    for part in &parts {
        starts.push(start);
        let found = side.groups_of_value(&key, part, treatment.actions.replaces())?;
        groups.extend(found.into_iter().map(|group| group.moved(start)));
        start += part.len();
    }
    if parts.len() > 1 {
        let whole = parts.concat();
        let replaces = treatment.actions.replaces();
        let across = side.groups(&whole, replaces)?;
        add_across(&mut groups, across, &whole, replaces);
    }
    if groups.is_empty() {
        return Ok(());
    }
    let place = |part: usize| side.shown(texts.place(numbers.start + part));
    treatment.in_json = parts
        .first()
        .is_some_and(|part| Beginning::of(part).is_json());
    let new = replaced(treatment, &parts, &starts, &groups, place);
    treatment.in_json = false;
    let new = new?;
    let new = new.into_iter().zip(numbers);
    changed.extend(new.filter_map(|(text, number)| Some((number, text?))));
    Ok(())
}

/// Adds what only the joined text shows: what lies across a seam, or in a part that another one
/// tells about (`password = ` and `"..."`). Not what the parts alone explain up to a word: a key at
/// the end of a part does not make the next part's first word its tail.
fn add_across(groups: &mut Vec<Group>, across: Vec<Group>, whole: &str, replaces: &Replaces) {
    let changes = |group: &Group| group.rules.iter().any(|rule| replaces.has(*rule));
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

/// The parts with what takes the place of each group; `None` for parts that stay.
fn replaced(
    treatment: &mut Treatment<'_>,
    parts: &[Cow<'_, str>],
    starts: &[usize],
    groups: &[Group],
    place: impl Fn(usize) -> String,
) -> Result<Vec<Option<String>>, RedactError> {
    let mut edits: Vec<Vec<(Range<usize>, String)>> = vec![Vec::new(); parts.len()];
    treatment.nesting = Nesting::default();
    let mut seen = 0;
    for group in groups {
        for (part, range) in pieces(parts, starts, &(seen..group.range.start)) {
            treatment.pass(slice(parts, part, &range));
        }
        seen = seen.max(group.range.start);
        let pieces: Vec<(usize, Range<usize>)> = pieces(parts, starts, &group.range).collect();
        let value: Cow<'_, str> = match pieces.as_slice() {
            [(part, range)] => Cow::Borrowed(slice(parts, *part, range)),
            many => many
                .iter()
                .map(|(part, range)| slice(parts, *part, range))
                .collect(),
        };
        let place = || place(pieces.first().map_or(0, |(part, _)| *part));
        let treated = treatment.treat(&group.rules, &value);
        treatment.findings.placed(place);
        match treated {
            Treated::Kept => {}
            Treated::Blocked(rule) => return Err(treatment.blocked(rule).at_place(place)),
            Treated::Replaced(text) => {
                let mut text = Some(text);
                for (part, range) in pieces {
                    if let Some(edits) = edits.get_mut(part) {
                        edits.push((range, text.take().unwrap_or_default()));
                    }
                }
            }
        }
    }
    let edited = edits.into_iter().zip(parts);
    Ok(edited.map(|(edits, part)| apply(part, &edits)).collect())
}

fn slice<'p>(parts: &'p [Cow<'_, str>], part: usize, range: &Range<usize>) -> &'p str {
    let part = parts.get(part).map(Cow::as_ref);
    part.and_then(|part| part.get(range.clone()))
        .unwrap_or_default()
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

//! Whole documents: each of their texts through scan and treatment.
//!
//! Owns: the order, the places, and the seams between adjacent parts of one message, where a
//! secret may have been cut in two. Never splices: the document does.

use std::borrow::Cow;
use std::ops::Range;

use wire::{TextKind, TextSpan};

use super::running::rewrite_json;
use crate::error::RedactError;
use crate::side::{Group, Side};
use crate::treat::treatment::{Treated, Treatment};

/// A document with texts in it.
pub(crate) trait Texts {
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
    let mut changed = Vec::new();
    let mut number = 0;
    while let Some(span) = spans.get(number) {
        let next = number + 1;
        let joined = spans.get(next..).unwrap_or_default();
        let more = joined.iter().take_while(|span| span.joins).count();
        let numbers = number..next + more;
        let outcome = match span.kind {
            TextKind::Json if more == 0 => rewrite_json(side, treatment, &texts.text(number))
                .map(|text| changed.extend(text.map(|text| (number, text)))),
            _ => rewrite_run(side, treatment, texts, numbers.clone(), &mut changed),
        };
        treatment.findings.placed(|| texts.place(number));
        outcome.map_err(|error| error.at_place(|| texts.place(number)))?;
        number = numbers.end;
    }
    Ok(changed)
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
        let across = side.groups(&whole, treatment.actions.replaces())?;
        add_across(&mut groups, across, &starts);
    }
    if groups.is_empty() {
        return Ok(());
    }
    let place = |part: usize| texts.place(numbers.start + part);
    let new = replaced(treatment, &parts, &starts, &groups, place)?;
    let new = new.into_iter().zip(numbers);
    changed.extend(new.filter_map(|(text, number)| Some((number, text?))));
    Ok(())
}

/// Adds findings that lie across a seam, unless one of the parts alone explains them: a key at
/// the end of a part does not make the next part's first word its tail.
fn add_across(groups: &mut Vec<Group>, across: Vec<Group>, seams: &[usize]) {
    let crosses = |group: &Group| {
        let inside = |seam: &usize| group.range.start < *seam && *seam < group.range.end;
        seams.iter().any(inside)
    };
    for group in across.into_iter().filter(crosses) {
        let touches = |known: &Group| {
            known.range.start < group.range.end && group.range.start < known.range.end
        };
        if !groups.iter().any(touches) {
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| group.range.start);
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
    for group in groups {
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
    let placed = parts.iter().zip(starts).enumerate();
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

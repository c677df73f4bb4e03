//! The family of numbers with check digits: cards and national ids.
//!
//! Owns: where such a number stands, by its written forms, what stands around it, and its check.
//! Numbers that are sure by themselves are found where a number begins. Numbers that chance
//! would hit too often are found after a context word, within [`WINDOW`] bytes: there the word
//! is the trigger, so a stream needs no long memory.
//!
//! Never does: phone numbers, addresses.
//!
//! Read next: `layout.rs` (the automaton of written forms).

mod layout;

use std::collections::BTreeMap;

use self::layout::{Layout, Layouts, START, State};
use super::apart::{self, Side};
use super::classes::Classes;
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use crate::table::row::{Check, How, Rule, Special};

/// How far after a context word a number may begin.
pub(super) const WINDOW: usize = 40;
/// Numbers of so many characters are sure enough to stand among other groups of digits.
const LONG: usize = 15;
/// The payload of triggers at the beginning of a number; words count on from the next.
const AT_NUMBER: u16 = 0;

/// A rule of the family.
#[derive(Debug)]
struct Member {
    rule: RuleNumber,
    check: Option<Check>,
}

/// See the module.
#[derive(Debug)]
struct Numbers {
    members: Vec<Member>,
    sure: Layouts,
    after_words: Layouts,
    /// Context words and the members that each is for; ordered, so that payloads are stable.
    words: Vec<(String, Vec<u16>)>,
}

/// The family of the rows that are numbers.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let mut members = Vec::new();
    let (mut sure, mut after_words) = (Vec::new(), Vec::new());
    let mut words: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for (rule, row) in rows {
        let How::Special(Special::Number(shape)) = row.how else {
            continue;
        };
        let member = u16::try_from(members.len()).ok()?;
        let layout = |form: &&'static str| Layout { form, rule: member };
        sure.extend(shape.layouts.iter().map(layout));
        after_words.extend(shape.loose.iter().map(layout));
        for word in shape.context.iter().flat_map(|word| spellings(word)) {
            words.entry(word).or_default().push(member);
        }
        let check = row.check;
        members.push(Member { rule: *rule, check });
    }
    let family = Numbers {
        members,
        sure: Layouts::new(&sure),
        after_words: Layouts::new(&after_words),
        words: words.into_iter().collect(),
    };
    (!family.members.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

/// A context word as it stands in prose and in names: its spaces may be `_`, `-` or nothing, but
/// not one at its end.
pub(super) fn spellings(word: &str) -> Vec<String> {
    if !word.trim_end().contains(' ') {
        return vec![word.to_owned()];
    }
    let with = |between: &&str| word.replace(' ', between);
    [" ", "_", "-", ""].iter().map(with).collect()
}

/// The trigger of a context word: one in capitals must stand in capitals.
pub(super) fn word_trigger(word: &str, payload: u16) -> Trigger {
    let is_exact = word.bytes().any(|byte| byte.is_ascii_uppercase());
    let what = match is_exact {
        true => TriggerText::Exact(word.into()),
        false => TriggerText::AnyCase(word.into()),
    };
    Trigger {
        what,
        payload,
        is_replaced: false,
    }
}

impl Family for Numbers {
    fn triggers(&self) -> Vec<Trigger> {
        let at_number = |what| Trigger {
            what,
            payload: AT_NUMBER,
            is_replaced: true,
        };
        let words = self.words.iter().zip(AT_NUMBER + 1..);
        [TriggerText::LongNumber, TriggerText::CapitalsDigits]
            .into_iter()
            .map(at_number)
            .chain(words.map(|((word, _), payload)| word_trigger(word, payload)))
            .collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let word = usize::from(payload).checked_sub(1);
        match word.and_then(|word| self.words.get(word)) {
            None => self.walk(at, &self.sure, None, view, looks),
            Some((word, members)) => self.look_after(at, word.len(), members, view, looks),
        }
    }
}

impl Numbers {
    /// Looks for numbers of `members` after the context word at `at`.
    fn look_after(
        &self,
        at: usize,
        length: usize,
        members: &[u16],
        view: &View<'_>,
        looks: &mut Looks,
    ) {
        let from = at + length;
        let has_come = view.text.len();
        match apart::is_named(view, at, from) {
            Side::Joined => return,
            Side::Unknown => return looks.open(at, has_come),
            Side::Clear => {}
        }
        for begin in from..(from + WINDOW).min(has_come) {
            let first = view.byte(begin).unwrap_or_default();
            if first.is_ascii_digit() || first.is_ascii_uppercase() {
                self.walk(begin, &self.after_words, Some((at, members)), view, looks);
            }
        }
        if has_come < from + WINDOW && !view.complete {
            looks.open(at, has_come);
        }
    }

    /// Reads the number that begins at `begin`; after a word, that of its place and members.
    fn walk(
        &self,
        begin: usize,
        layouts: &Layouts,
        word: Option<(usize, &[u16])>,
        view: &View<'_>,
        looks: &mut Looks,
    ) {
        let mut state = START;
        let mut end = begin;
        while let Some(byte) = view.byte(end) {
            let Some(next) = layouts.step(state, byte) else {
                return;
            };
            state = next;
            end += 1;
            let ends = layouts.ends(state);
            if !ends.is_empty() && !self.end(begin, end, ends, word, view, looks) {
                return;
            }
        }
        if view.is_open_at(end) && may_go_on(layouts, state) && apart::begins_number(view, begin) {
            looks.open(word.map_or(begin, |(at, _)| at), begin);
        }
    }

    /// Judges a number that may end here; whether a longer one is worth while.
    fn end(
        &self,
        begin: usize,
        end: usize,
        ends: &[u16],
        word: Option<(usize, &[u16])>,
        view: &View<'_>,
        looks: &mut Looks,
    ) -> bool {
        if !apart::begins_number(view, begin) {
            return false;
        }
        let found = view.text.get(begin..end).unwrap_or_default();
        match sides(view, begin, end, found) {
            Side::Joined => return true,
            Side::Unknown => looks.open(word.map_or(begin, |(at, _)| at), begin),
            Side::Clear => {
                let wanted =
                    |member: &&u16| word.is_none_or(|(_, members)| members.contains(member));
                for member in ends.iter().filter(wanted) {
                    self.check(*member, begin, found, looks);
                }
            }
        }
        true
    }

    fn check(&self, member: u16, begin: usize, found: &[u8], looks: &mut Looks) {
        let Some(member) = self.members.get(usize::from(member)) else {
            return;
        };
        if member.check.is_none_or(|Check(is_right)| is_right(found)) {
            looks.found(member.rule, begin..begin + found.len());
        }
    }
}

/// Whether any form goes on from `state`; a number that is as long as any needs no more text.
fn may_go_on(layouts: &Layouts, state: State) -> bool {
    (0..=127).any(|byte| layouts.step(state, byte).is_some())
}

/// Whether a number stands alone; a short one in groups must not stand among more groups.
fn sides(view: &View<'_>, begin: usize, end: usize, found: &[u8]) -> Side {
    let after = apart::ends_number(view, end);
    let characters = found.iter().filter(|byte| byte.is_ascii_alphanumeric());
    if after != Side::Clear || !found.contains(&b' ') || characters.count() >= LONG {
        return after;
    }
    if apart::continues_groups(view, begin) {
        return Side::Joined;
    }
    apart::goes_on_in_groups(view, end)
}

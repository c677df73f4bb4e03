//! The rules for one direction: compiled, numbered, with their actions.
//!
//! Owns the numbers: rows of the table first, then patterns, then entropy, and stand-ins last.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::config::{Blocked, Preset, RedactionConfig};
use crate::error::RedactError;
use crate::findings::{RuleFacts, RuleId};
use crate::fold::{Reading, Whole, fold, whole};
use crate::groups::{Group, with_folded};
use crate::readings::Readings;
use crate::scan::compiled::{CompileError, Compiled};
use crate::scan::entropy::Entropy;
use crate::scan::family::{Family, RuleNumber};
use crate::scan::patterns::{Letters, PatternSet};
use crate::scan::sink::{Replaces, Sink, Stop};
use crate::scan::stream::{MOST_HELD, TextStream, scan_whole, scan_whole_after};
use crate::scan::sweeps::{SweepEntropy, SweepPatterns};
use crate::scan::walk::VALUE;
use crate::table;
use crate::table::kill::{KILL, KillRule};
use crate::table::row::{Action, Class, Rule};
use crate::treat::actions::{ActionTable, Actions, Choice, Direction};
use crate::treat::nesting::Nesting;
use crate::treat::placeholder::{Kind, Restore};
use crate::treat::treatment::{Treated, Treatment};

/// The rules for one direction.
#[derive(Debug)]
pub(crate) struct Side {
    compiled: Compiled,
    rules: Vec<RuleFacts>,
    actions: Actions,
    direction: Direction,
}

impl Side {
    pub(crate) fn of_requests(config: &RedactionConfig) -> Result<Self, RedactError> {
        Self::compile(config, Direction::Request, Compiled::new)
    }

    /// What is the same as for requests is shared with them.
    pub(crate) fn of_replies(
        config: &RedactionConfig,
        requests: &Self,
    ) -> Result<Self, RedactError> {
        Self::compile(config, Direction::Reply, |rows, families| {
            let is_same = |(own, other): (&&Rule, &&Rule)| std::ptr::eq(*own, *other);
            let known = requests.compiled.rows();
            if known.len() == rows.len() && rows.iter().zip(known).all(is_same) {
                return requests.compiled.with(families);
            }
            Compiled::new(rows, families)
        })
    }

    fn compile(
        config: &RedactionConfig,
        direction: Direction,
        compiled: impl FnOnce(&[&'static Rule], Vec<Box<dyn Family>>) -> Result<Compiled, CompileError>,
    ) -> Result<Self, RedactError> {
        let mut parts = Parts::default();
        if config.enabled {
            parts.take(config, direction)?;
        }
        let restore = parts.next_number();
        // First, as what looks at triggers has the same place in both directions then.
        parts
            .families
            .insert(0, Box::new(Restore { rule: restore }));
        let labels: Vec<String> = parts.facts.iter().map(|facts| facts.id.label()).collect();
        let choices: Vec<Choice<'_>> = parts.facts.iter().zip(&labels).map(choice).collect();
        let actions = Actions::work_out(&config.actions, &choices, direction);
        Ok(Self {
            compiled: compiled(&parts.rows, parts.families).map_err(not_compiled)?,
            rules: parts.facts,
            actions,
            direction,
        })
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    pub(crate) fn rules(&self) -> &[RuleFacts] {
        &self.rules
    }

    pub(crate) fn facts(&self, rule: RuleNumber) -> Option<&RuleFacts> {
        self.rules.get(usize::from(rule))
    }

    /// The number of stand-ins: it comes after those of all rules.
    pub(crate) fn restore(&self) -> RuleNumber {
        RuleNumber::try_from(self.rules.len()).unwrap_or(RuleNumber::MAX)
    }

    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    pub(crate) fn actions(&self, agent: Option<&str>) -> &Arc<ActionTable> {
        self.actions.table(agent)
    }

    /// A place as it may stand in a log: keys of objects are the client's, and may be secrets.
    pub(crate) fn shown(&self, place: String) -> String {
        let groups = self.groups(&place, &self.everything());
        if groups.as_ref().is_ok_and(Vec::is_empty) {
            return place;
        }
        let mut shown = String::with_capacity(place.len());
        let mut copied = 0;
        for group in groups.unwrap_or_default() {
            shown.push_str(place.get(copied..group.range.start).unwrap_or_default());
            shown.push('*');
            copied = group.range.end;
        }
        shown + place.get(copied..).unwrap_or_default()
    }

    /// As if every rule replaced what it finds.
    pub(crate) fn everything(&self) -> Replaces {
        Replaces::those(self.rules.len() + 1, |_| true)
    }

    /// What is to stand before a text that is all of the value of `key`, so that looks see what it
    /// is assigned to; `None` if the key tells them nothing.
    pub(crate) fn before_value_of(&self, key: &str) -> Option<String> {
        if !tells(key.as_bytes()) {
            return None;
        }
        let mut value = [0; 4];
        let value = char::from(VALUE).encode_utf8(&mut value);
        let before = ["\"", key, "\":", value].concat();
        self.compiled.is_looked_at(&before).then_some(before)
    }

    /// Everything found in a whole text, in order; observed findings stand beside the others.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`].
    pub(crate) fn groups(
        &self,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        self.groups_of_value("", text, replaces)
    }

    fn groups_as_written(
        &self,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let mut collect = Collect::default();
        scan_whole(&self.compiled, replaces, text, &mut collect)?;
        Ok(collect.groups)
    }

    /// The same, for a text that is the value of `key`. A secret is found too that is written with
    /// characters that only look like ASCII, or are not seen.
    ///
    /// # Errors
    /// As [`Self::groups`], and [`RedactError::TooLong`].
    pub(crate) fn groups_of_value(
        &self,
        key: &str,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let wide = self.compiled.reads_all_letters();
        let found = match whole(text, wide) {
            Whole::Written => return self.groups_of_value_as_written(key, text, replaces),
            Whole::Near(near) => return self.groups_in(&near, text, key, replaces),
            Whole::Twice => self.groups_in_pieces(key, text, replaces),
        };
        match found {
            // In pieces less may be held than a whole text has.
            Err(RedactError::TooLong) => self.groups_in_both(key, text, replaces),
            found => found,
        }
    }

    /// What is found in the near reading of a text.
    fn groups_in(
        &self,
        near: &str,
        text: &str,
        key: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let mut groups = self.groups_of_value_as_written(key, near, replaces)?;
        if groups.is_empty() {
            return Ok(groups);
        }
        // Nothing is found in most texts: only now is asked for places.
        let wide = self.compiled.reads_all_letters();
        if let Some(folded) = fold(text, wide, Reading::Near) {
            for group in &mut groups {
                group.range = folded.back(&group.range);
            }
        }
        Ok(groups)
    }

    /// What both readings find, each of which reads all of the text.
    fn groups_in_both(
        &self,
        key: &str,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let wide = self.compiled.reads_all_letters();
        let near = match fold(text, wide, Reading::Near) {
            Some(folded) => self.groups_in(folded.text(), text, key, replaces)?,
            None => self.groups_of_value_as_written(key, text, replaces)?,
        };
        let Some(folded) = fold(text, wide, Reading::Far) else {
            return Ok(near);
        };
        let far = self.groups_of_value_as_written(key, folded.text(), replaces)?;
        Ok(with_folded(near, far, &folded, replaces))
    }

    /// The same, as a stream: twice only around characters that the readings differ in.
    fn groups_in_pieces(
        &self,
        key: &str,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let before = self.before_value_of(key);
        let (mut readings, mut collect) = (Readings::default(), Collect::default());
        if let Some(before) = before {
            readings.follow(&self.compiled, replaces, &before)?;
            collect.before = before.len();
        }
        let mut rest = text;
        while let Some((piece, more)) = rest.split_at_checked(rest.floor_char_boundary(PIECE)) {
            readings.push(&self.compiled, replaces, piece, &mut collect)?;
            if more.is_empty() {
                break;
            }
            rest = more;
        }
        readings.finish(&self.compiled, replaces, &mut collect)?;
        let mut groups = collect.groups;
        groups.sort_by_key(|group| group.range.start);
        Ok(groups)
    }

    fn groups_of_value_as_written(
        &self,
        key: &str,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let before = self.before_value_of(key);
        self.groups_behind(before.as_deref().unwrap_or_default(), text, replaces)
    }

    /// Everything found in a whole text as it is written, behind what [`Self::before_value_of`] says;
    /// empty if that is nothing.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`], [`RedactError::TooLong`].
    fn groups_behind(
        &self,
        before: &str,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        if before.is_empty() {
            return self.groups_as_written(text, replaces);
        }
        let mut collect = Collect {
            before: before.len(),
            ..Collect::default()
        };
        if text.len() <= MOST_HELD {
            scan_whole_after(&self.compiled, replaces, before, text, &mut collect)?;
            return Ok(collect.groups);
        }
        // Piece by piece, with the bound that a stream has.
        let mut stream = TextStream::default();
        stream.follow(&self.compiled, replaces, before)?;
        stream.push(&self.compiled, replaces, text, &mut collect)?;
        stream.finish(&self.compiled, replaces, &mut collect)?;
        Ok(collect.groups)
    }

    /// A whole text, the value of `key` if it has one, with everything replaced that is found;
    /// `None` if nothing is.
    ///
    /// # Errors
    /// [`RedactError::Blocked`], [`RedactError::GaveUp`], [`RedactError::TooLong`].
    pub(crate) fn rewrite(
        &self,
        key: &str,
        text: &str,
        treatment: &mut Treatment<'_>,
    ) -> Result<Option<String>, RedactError> {
        let mut out = None;
        let (mut copied, mut seen) = (0, 0);
        treatment.nesting = Nesting::default();
        for group in self.groups_of_value(key, text, treatment.actions.replaces())? {
            treatment.pass(text.get(seen..group.range.start).unwrap_or_default());
            seen = seen.max(group.range.start);
            let value = text.get(group.range.clone()).unwrap_or_default();
            match treatment.treat(&group.rules, value) {
                Treated::Kept => {}
                Treated::Blocked(rule) => return Err(treatment.blocked(rule)),
                Treated::Replaced(new) => {
                    let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
                    out.push_str(text.get(copied..group.range.start).unwrap_or_default());
                    out.push_str(&new);
                    copied = group.range.end;
                }
            }
        }
        let rest = text.get(copied..).unwrap_or_default();
        Ok(out.map(|out| out + rest))
    }

    /// Bytes, the value of `key` if they have one, with everything replaced that is found in the
    /// stretches of text among them; `None` if nothing is.
    ///
    /// # Errors
    /// As [`Self::rewrite`].
    pub(crate) fn rewrite_bytes(
        &self,
        key: &str,
        bytes: &[u8],
        treatment: &mut Treatment<'_>,
    ) -> Result<Option<Vec<u8>>, RedactError> {
        let mut out: Option<Vec<u8>> = None;
        let mut read = 0;
        for chunk in bytes.utf8_chunks() {
            let new = self.rewrite(key, chunk.valid(), treatment)?;
            if new.is_some() {
                out.get_or_insert_with(|| bytes.get(..read).unwrap_or_default().to_vec());
            }
            if let Some(out) = &mut out {
                out.extend_from_slice(new.as_deref().unwrap_or(chunk.valid()).as_bytes());
                out.extend_from_slice(chunk.invalid());
            }
            read += chunk.valid().len() + chunk.invalid().len();
        }
        Ok(out)
    }
}

/// A whole text that is read twice is taken in pieces of so many bytes.
const PIECE: usize = 64 << 10;

/// Whether this key may say something about its value. Keys of formats whose values are anything
/// do not; most texts have one of them.
#[inline]
pub(crate) fn tells(key: &[u8]) -> bool {
    !matches!(
        key,
        b"" | b"content"
            | b"text"
            | b"description"
            | b"name"
            | b"arguments"
            | b"input"
            | b"thinking"
            | b"reasoning_content"
    )
}

/// Rules by number, and what looks for those that are no rows.
#[derive(Default)]
struct Parts {
    rows: Vec<&'static Rule>,
    known: HashSet<&'static str>,
    facts: Vec<RuleFacts>,
    families: Vec<Box<dyn Family>>,
}

impl Parts {
    fn take(&mut self, config: &RedactionConfig, direction: Direction) -> Result<(), RedactError> {
        if direction == Direction::Request || config.replies {
            self.take_rules(config)?;
        }
        if direction == Direction::Reply {
            self.take_commands(config)?;
        }
        Ok(())
    }

    fn take_rules(&mut self, config: &RedactionConfig) -> Result<(), RedactError> {
        match &config.patterns {
            Some(patterns) => {
                let first = self.next_number();
                self.number(patterns.len(), Class::Configured, RuleId::Configured);
                let set = PatternSet::compile(patterns, Letters::Unicode)?;
                self.sweep(set, Letters::Unicode, first);
            }
            None => config
                .presets
                .iter()
                .for_each(|preset| self.take_rows(*preset)),
        }
        if let Some(entropy) = config.entropy {
            let rule = self.next_number();
            self.facts.push(entropy_facts());
            let least = usize::try_from(entropy.min_token).unwrap_or(usize::MAX);
            let entropy = Entropy::new(entropy.threshold, least);
            self.families
                .push(Box::new(SweepEntropy::new(entropy, rule)));
        }
        Ok(())
    }

    fn take_rows(&mut self, preset: Preset) {
        for row in table::rows(preset) {
            if !self.known.insert(row.id) {
                continue;
            }
            self.rows.push(row);
            self.facts.push(RuleFacts {
                id: RuleId::BuiltIn(row.id),
                class: row.class,
                action: row.action,
                kind: Kind::of_rule(row.id, row.class),
            });
        }
    }

    fn take_commands(&mut self, config: &RedactionConfig) -> Result<(), RedactError> {
        let first = self.next_number();
        let (set, letters) = match &config.blocked {
            Blocked::Nothing => return Ok(()),
            Blocked::BuiltIn => {
                self.facts.extend(KILL.iter().map(command_facts));
                let patterns: Vec<&str> = KILL.iter().map(|rule| rule.pattern).collect();
                let letters = Letters::Ascii;
                (PatternSet::compile(&patterns, letters)?, letters)
            }
            Blocked::Patterns(patterns) => {
                self.number(patterns.len(), Class::Kill, RuleId::Blocked);
                let letters = Letters::Unicode;
                (PatternSet::compile(patterns, letters)?, letters)
            }
        };
        self.sweep(set, letters, first);
        Ok(())
    }

    fn sweep(&mut self, set: PatternSet, letters: Letters, first: RuleNumber) {
        set.prepare();
        let patterns = SweepPatterns::new(set, letters, first);
        self.families.push(Box::new(patterns));
    }

    fn number(&mut self, count: usize, class: Class, id: fn(usize) -> RuleId) {
        let action = match class {
            Class::Kill => KillRule::ACTION,
            _ => Action::Redact,
        };
        self.facts.extend((0..count).map(|index| RuleFacts {
            id: id(index),
            class,
            action,
            kind: Kind::of_rule("", class),
        }));
    }

    fn next_number(&self) -> RuleNumber {
        RuleNumber::try_from(self.facts.len()).unwrap_or(RuleNumber::MAX)
    }
}

/// The rule for strings that look random.
pub(crate) const ENTROPY: &str = "entropy";

fn entropy_facts() -> RuleFacts {
    RuleFacts {
        id: RuleId::BuiltIn(ENTROPY),
        class: Class::Credential,
        action: Action::Redact,
        kind: Kind::of_rule(ENTROPY, Class::Credential),
    }
}

fn command_facts(rule: &KillRule) -> RuleFacts {
    RuleFacts {
        id: RuleId::BuiltIn(rule.id),
        class: KillRule::CLASS,
        action: KillRule::ACTION,
        kind: Kind::of_rule(rule.id, KillRule::CLASS),
    }
}

fn choice<'r>((facts, label): (&RuleFacts, &'r String)) -> Choice<'r> {
    Choice {
        id: label,
        class: facts.class,
        default: facts.action,
    }
}

fn not_compiled(error: CompileError) -> RedactError {
    match error {
        CompileError::TooManyRules | CompileError::TooManySweeps => RedactError::PatternsTooLarge,
        CompileError::Trigger(text) => RedactError::SelfTest {
            rule: text.into_string(),
        },
    }
}

/// Collects what a scan finds.
#[derive(Default)]
struct Collect {
    at: usize,
    /// Length of what stood before the text.
    before: usize,
    groups: Vec<Group>,
}

impl Sink for Collect {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.at += text.len();
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let range = self.at..self.at + text.len();
        self.at = range.end;
        let rules = rules.to_vec();
        self.groups.push(Group { range, rules });
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        let place = |at: usize| at.saturating_sub(self.before);
        let range = place(range.start)..place(range.end);
        let rules = vec![rule];
        self.groups.push(Group { range, rules });
    }
}

//! The scan: all patterns of a set in one pass, and the replacement of what they found.
//!
//! Owns: compilation, the self-test, the pass over a text. Never knows a format: rows come from
//! the table, or from the operator. Never holds a text longer than one call.
//!
//! Forces: thirty patterns one by one are hundreds of times slower than one set; the operator's
//! patterns may use look-around, which can run away; and a scan that starts anew after each
//! finding must not read the rest of the text each time. So built-in rows are plain (bounded
//! until they are sure, see `Rule::pattern`); the operator's are compiled apart, with limits, and
//! one that gives up means that the text is refused.

use std::ops::Range;
use std::sync::Arc;

use fancy_regex::{
    Error as RegexError, RegexBuilder, RegexInput, RegexOptionsBuilder, RegexSet, RegexSetMatch,
    RegexSetOptions,
};

use crate::config::RedactionConfig;
use crate::error::{PatternProblem, RedactError};
use crate::findings::{Findings, RuleId};
use crate::reach;
use crate::rule::{Class, Reach, Rule};
use crate::rules;

/// Steps back that one of the operator's patterns may take in one search.
///
/// Some 3 ms; without a bound one pattern can hold a thread for hours.
const BACKTRACK_LIMIT: usize = 100_000;

/// Compiled size of one of the operator's patterns, in bytes.
const PATTERN_SIZE: usize = 2 * 1024 * 1024;

/// Instructions of one of the operator's patterns.
const PROGRAM_SIZE: usize = 100_000;

/// Most that each automaton of the built-in set may keep in memory for one thread, in bytes.
///
/// Text as it is written needs a fraction of it; hostile text would fill any amount.
const CACHE: usize = 4 * 1024 * 1024;

/// Shortest context before a secret that is looked at for another one; a boundary is shorter.
const LONG_CONTEXT: usize = 8;

/// How much of a finding's end is scanned again, for another one that begins in it and ends
/// after it: `token "password": "the value"`, or a key block in quotes.
///
/// Longer than any name of a key and any first line of a key block. Not the whole finding: text
/// in which each secret goes on to the end would be scanned once for each of them.
const TAIL: usize = 128;

/// Compiled size of all of the operator's patterns together, in bytes.
const SET_SIZE: usize = 32 * 1024 * 1024;

/// Something that is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: RuleId,
    /// Its class.
    pub class: Class,
    /// What is to be replaced, in bytes of the text.
    pub range: Range<usize>,
}

/// Compiled rules with all that a scan needs; immutable, shared, replaced as a whole.
#[derive(Debug)]
pub struct RuleSet {
    config: RedactionConfig,
    sets: Vec<PatternSet>,
}

impl RuleSet {
    /// Compiles what the configuration asks for, and tries each built-in rule on its example.
    ///
    /// # Errors
    /// [`RedactError::Pattern`] for a pattern that is not valid or matches the empty text;
    /// [`RedactError::PatternsTooLarge`]; [`RedactError::SelfTest`].
    pub fn compile(config: &RedactionConfig) -> Result<Self, RedactError> {
        let sets = match &config.patterns {
            _ if !config.enabled => Vec::new(),
            Some(patterns) => vec![PatternSet::configured(patterns)?],
            None => vec![PatternSet::built_in(rules::preset(config.preset))?],
        };
        let rule_set = Self {
            config: config.clone(),
            sets,
        };
        rule_set.self_test()?;
        Ok(rule_set)
    }

    /// What it was compiled from.
    pub fn config(&self) -> &RedactionConfig {
        &self.config
    }

    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.sets.iter().map(|set| set.members.len()).sum()
    }

    /// Whether there is no pattern, so that nothing is ever found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces what is found in `text` by the label; `None` if nothing is.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`]: nothing is known about the text then.
    pub fn redact(
        &self,
        text: &str,
        findings: &mut Findings,
    ) -> Result<Option<String>, RedactError> {
        let found = self.find(text)?;
        if found.is_empty() {
            return Ok(None);
        }
        for finding in &found {
            findings.add(finding.rule, finding.class);
        }
        Ok(Some(self.replaced(text, &found)))
    }

    /// As [`Self::redact`], for bytes that need not be text as a whole: each stretch of text in
    /// them is redacted, and what lies between stays.
    ///
    /// # Errors
    /// As [`Self::redact`].
    pub fn redact_bytes(
        &self,
        bytes: &[u8],
        findings: &mut Findings,
    ) -> Result<Option<Vec<u8>>, RedactError> {
        let mut out: Option<Vec<u8>> = None;
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            let text = chunk.valid();
            let redacted = self.redact(text, findings)?;
            if redacted.is_some() && out.is_none() {
                out = Some(bytes.get(..at).unwrap_or_default().to_vec());
            }
            if let Some(out) = &mut out {
                out.extend_from_slice(redacted.as_deref().unwrap_or(text).as_bytes());
                out.extend_from_slice(chunk.invalid());
            }
            at += text.len() + chunk.invalid().len();
        }
        Ok(out)
    }

    /// Everything that is to be replaced, in order and without overlaps.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`].
    pub fn find(&self, text: &str) -> Result<Vec<Finding>, RedactError> {
        let mut found = Vec::new();
        for set in &self.sets {
            set.find_all(text, 0, &self.config.label, &mut found)?;
        }
        if self.sets.len() > 1 {
            found.sort_by_key(|finding| finding.range.start);
            found.dedup_by(|later, earlier| absorbed(earlier, later));
        }
        Ok(found)
    }

    fn replaced(&self, text: &str, found: &[Finding]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for finding in found {
            out.push_str(text.get(copied..finding.range.start).unwrap_or_default());
            out.push_str(&self.config.label);
            copied = finding.range.end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        out
    }

    /// Tries one rule of each class and reach on its example, in the set as it was compiled.
    ///
    /// All of them at each start would cost 9 ms and 2 MiB of automaton that nothing else needs;
    /// [`Self::prove`] does that where somebody waits for it.
    fn self_test(&self) -> Result<(), RedactError> {
        let mut kinds = Vec::new();
        for rule in self.built_in_rules() {
            if !kinds.contains(&(rule.class, rule.reach)) {
                kinds.push((rule.class, rule.reach));
                self.try_on_example(rule)?;
            }
        }
        Ok(())
    }

    /// Tries every built-in rule on its example.
    ///
    /// # Errors
    /// [`RedactError::SelfTest`] with the first rule that does not find it.
    pub fn prove(&self) -> Result<(), RedactError> {
        self.built_in_rules()
            .iter()
            .try_for_each(|rule| self.try_on_example(rule))
    }

    fn built_in_rules(&self) -> &'static [Rule] {
        if self.config.enabled && self.config.patterns.is_none() {
            return rules::preset(self.config.preset);
        }
        &[]
    }

    fn try_on_example(&self, rule: &Rule) -> Result<(), RedactError> {
        let (text, secret) = rule.example;
        let took = |finding: &Finding| {
            finding.rule == RuleId::BuiltIn(rule.id)
                && text.get(finding.range.clone()) == Some(secret)
        };
        if self.find(text)?.iter().any(took) {
            return Ok(());
        }
        Err(RedactError::SelfTest { rule: rule.id })
    }
}

/// Adds a finding that begins no earlier than the last one.
fn add(found: &mut Vec<Finding>, mut finding: Finding) {
    let overlaps = |last: &mut Finding| absorbed(last, &mut finding);
    if !found.last_mut().is_some_and(overlaps) {
        found.push(finding);
    }
}

fn absorbed(earlier: &mut Finding, later: &mut Finding) -> bool {
    let overlaps = later.range.start < earlier.range.end;
    if overlaps {
        earlier.range.end = earlier.range.end.max(later.range.end);
    }
    overlaps
}

/// Patterns that are scanned together, and what is to be done about each.
#[derive(Debug)]
struct PatternSet {
    set: RegexSet,
    members: Vec<Member>,
    configured: bool,
}

#[derive(Debug)]
struct Member {
    rule: RuleId,
    class: Class,
    reach: Reach,
    least: usize,
    check: Option<fn(&[u8]) -> bool>,
}

impl PatternSet {
    fn built_in(rules: &[Rule]) -> Result<Self, RedactError> {
        let compile = |rule: &Rule| {
            let regex = RegexBuilder::new(rule.pattern).build();
            regex
                .map(Arc::new)
                .map_err(|_| RedactError::SelfTest { rule: rule.id })
        };
        let regexes = rules.iter().map(compile).collect::<Result<Vec<_>, _>>()?;
        let caches = RegexSetOptions::new()
            .meta_hybrid_cache_capacity(CACHE)
            .overlapping_dfa_cache_capacity(CACHE);
        let set = RegexSet::from_regexes(regexes, caches);
        let members = rules.iter().map(|rule| Member {
            rule: RuleId::BuiltIn(rule.id),
            class: rule.class,
            reach: rule.reach,
            least: rule.least,
            check: rule.check,
        });
        Ok(Self {
            set: set.map_err(|_| RedactError::PatternsTooLarge)?,
            members: members.collect(),
            configured: false,
        })
    }

    fn configured(patterns: &[String]) -> Result<Self, RedactError> {
        let mut options = RegexOptionsBuilder::new();
        options
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(PATTERN_SIZE)
            .max_prog_size(PROGRAM_SIZE);
        // One by one first: the set would not say which of them is wrong.
        for (index, pattern) in patterns.iter().enumerate() {
            check_pattern(pattern, &options)
                .map_err(|problem| RedactError::Pattern { index, problem })?;
        }
        let set = RegexSet::new_with_options(patterns, options.delegate_size_limit(SET_SIZE));
        let members = (0..patterns.len()).map(|index| Member {
            rule: RuleId::Configured(index),
            class: Class::Configured,
            reach: Reach::Whole,
            least: 1,
            check: None,
        });
        Ok(Self {
            set: set.map_err(|_| RedactError::PatternsTooLarge)?,
            members: members.collect(),
            configured: true,
        })
    }

    /// Adds all findings of this set from `at` on, in order and without overlaps.
    fn find_all(
        &self,
        text: &str,
        mut at: usize,
        label: &str,
        found: &mut Vec<Finding>,
    ) -> Result<(), RedactError> {
        while at < text.len() && !self.members.is_empty() {
            let input = RegexInput::new(text).from_pos(at);
            let Some(matches) = self.set.find_input(input).map_err(|_| self.gave_up())? else {
                break;
            };
            let start = matches.start();
            let mut best: Option<Hit<'_>> = None;
            for hit in matches {
                let hit = self.look(text, at, &hit.map_err(|_| self.gave_up())?);
                best = Hit::wider(best, hit);
            }
            let Some(Hit { member, range }) = best else {
                at = text.ceil_char_boundary(start + 1);
                continue;
            };
            if member.reach == Reach::Secret {
                // What looked like a value is the whole name of this one.
                found.pop_if(|last| last.range.start == start && last.range.end <= range.start);
            }
            if range.start.saturating_sub(start) >= LONG_CONTEXT {
                // What stands before this secret may be one of its own: `://key:password@`.
                let context = text.get(..range.start).unwrap_or_default();
                self.find_all(context, start, label, found)?;
            }
            at = self.resume(text, start, &range);
            // A label from an earlier pass is no secret.
            if text.get(range.clone()) != Some(label) {
                let (rule, class) = (member.rule, member.class);
                add(found, Finding { rule, class, range });
            }
        }
        Ok(())
    }

    /// Where the scan goes on after a finding whose match began at `start`; always later.
    fn resume(&self, text: &str, start: usize, found: &Range<usize>) -> usize {
        if self.configured {
            return found.end;
        }
        let tail = found.end.saturating_sub(TAIL);
        text.ceil_char_boundary(tail.max(found.start).max(start + 1))
    }

    /// Takes a second look at a match; `None` if there is nothing to replace.
    fn look(&self, text: &str, from: usize, hit: &RegexSetMatch<'_, str>) -> Option<Hit<'_>> {
        let member = self.members.get(hit.pattern())?;
        let whole = hit.start()..hit.end();
        let range = match member.reach {
            Reach::Whole => whole,
            Reach::Secret => {
                let secret = hit.captures().name("secret")?;
                secret.start()..secret.end()
            }
            Reach::Armour => whole.start..reach::armour_end(text.as_bytes(), whole.end),
            Reach::Mailbox => reach::mailbox(text.as_bytes(), from, whole)?,
        };
        let secret = text.as_bytes().get(range.clone())?;
        let passes = secret.len() >= member.least && member.check.is_none_or(|check| check(secret));
        passes.then_some(Hit { member, range })
    }

    fn gave_up(&self) -> RedactError {
        RedactError::GaveUp {
            configured: self.configured,
        }
    }
}

/// A match that stands: what goes. Context after it is scanned again, it may be that of another.
struct Hit<'s> {
    member: &'s Member,
    range: Range<usize>,
}

impl Hit<'_> {
    /// Both as one: what either of two rules would take must go.
    fn wider<'s>(one: Option<Hit<'s>>, other: Option<Hit<'s>>) -> Option<Hit<'s>> {
        let (Some(one), Some(other)) = (&one, &other) else {
            return one.or(other);
        };
        let range = one.range.start.min(other.range.start)..one.range.end.max(other.range.end);
        let longer = if other.range.end > one.range.end {
            other
        } else {
            one
        };
        Some(Hit {
            member: longer.member,
            range,
        })
    }
}

fn check_pattern(pattern: &str, options: &RegexOptionsBuilder) -> Result<(), PatternProblem> {
    let regex = options
        .build(pattern.to_owned())
        .map_err(|error| problem(&error))?;
    if !matches!(regex.is_match(""), Ok(false)) {
        return Err(PatternProblem {
            at: None,
            what: "it matches the empty text".to_owned(),
        });
    }
    Ok(())
}

fn problem(error: &RegexError) -> PatternProblem {
    let at = match error {
        RegexError::ParseError(at, _) => Some(*at),
        _ => None,
    };
    PatternProblem {
        at,
        what: error.to_string(),
    }
}

#[cfg(test)]
mod tests;

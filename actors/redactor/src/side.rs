//! The rules for one direction: compiled, numbered, with their actions.
//!
//! Owns the numbers: rows of the table first, then patterns, then entropy, and stand-ins last.

use std::ops::Range;
use std::sync::Arc;

use crate::config::RedactionConfig;
use crate::error::RedactError;
use crate::findings::{RuleFacts, RuleId};
use crate::scan::compiled::{CompileError, Compiled};
use crate::scan::family::{Family, RuleNumber};
use crate::scan::scan_whole;
use crate::scan::sink::{Replaces, Sink, Stop};
use crate::table::row::{Action, Class, Rule};
use crate::table;
use crate::treat::actions::{ActionTable, Actions, Choice, Direction, check};
use crate::treat::placeholder::{Kind, Restore};
use crate::treat::treatment::{Treated, Treatment};

/// A stretch of text and the rules that found it, the one that reaches furthest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) range: Range<usize>,
    pub(crate) rules: Vec<RuleNumber>,
}

impl Group {
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }
}

/// The rules for one direction.
#[derive(Debug)]
pub(crate) struct Side {
    compiled: Compiled,
    rules: Vec<RuleFacts>,
    actions: Actions,
    direction: Direction,
}

impl Side {
    pub(crate) fn compile(
        config: &RedactionConfig,
        direction: Direction,
    ) -> Result<Self, RedactError> {
        let mut parts = Parts::default();
        if config.enabled {
            parts.take(config, direction)?;
        }
        let restore = parts.next_number();
        parts.families.push(Box::new(Restore { rule: restore }));
        let labels: Vec<String> = parts.facts.iter().map(|facts| facts.id.label()).collect();
        let choices: Vec<Choice<'_>> = parts.facts.iter().zip(&labels).map(choice).collect();
        let actions = Actions::work_out(&config.actions, &choices, direction);
        Ok(Self {
            compiled: Compiled::new(&parts.rows, parts.families).map_err(not_compiled)?,
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

    /// Everything found in a whole text, in order; observed findings stand beside the others.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`].
    pub(crate) fn groups(
        &self,
        text: &str,
        replaces: &Replaces,
    ) -> Result<Vec<Group>, RedactError> {
        let mut collect = Collect {
            at: 0,
            groups: Vec::new(),
        };
        scan_whole(&self.compiled, replaces, text, &mut collect)?;
        Ok(collect.groups)
    }

    /// Bytes with everything replaced that is found in the stretches of text among them; `None`
    /// if nothing is.
    ///
    /// # Errors
    /// [`RedactError::Blocked`], [`RedactError::GaveUp`].
    pub(crate) fn rewrite_bytes(
        &self,
        bytes: &[u8],
        treatment: &mut Treatment<'_>,
    ) -> Result<Option<Vec<u8>>, RedactError> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut changed = false;
        for chunk in bytes.utf8_chunks() {
            let text = chunk.valid();
            let mut copied = 0;
            for group in self.groups(text, treatment.actions.replaces())? {
                let value = text.get(group.range.clone()).unwrap_or_default();
                match treatment.treat(&group.rules, value) {
                    Treated::Kept => {}
                    Treated::Blocked(rule) => return Err(treatment.blocked(rule)),
                    Treated::Replaced(new) => {
                        let before = text.get(copied..group.range.start);
                        out.extend_from_slice(before.unwrap_or_default().as_bytes());
                        out.extend_from_slice(new.as_bytes());
                        copied = group.range.end;
                        changed = true;
                    }
                }
            }
            let rest = text.get(copied..).unwrap_or_default();
            out.extend_from_slice(rest.as_bytes());
            out.extend_from_slice(chunk.invalid());
        }
        Ok(changed.then_some(out))
    }
}

/// Rules by number, and what looks for those that are no rows.
#[derive(Default)]
struct Parts {
    rows: Vec<&'static Rule>,
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
}

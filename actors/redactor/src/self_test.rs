//! Rules tried on their own examples, in the set as it was compiled.
//!
//! Owns the choice of examples. Called at each start and reload, where trying all would cost too
//! much, and by whoever waits for the whole proof.

use std::mem::{Discriminant, discriminant};

use crate::error::RedactError;
use crate::findings::RuleId;
use crate::rule_set::RuleSet;
use crate::side::Side;
use crate::table::kill::KILL;
use crate::table::row::{How, Rule, Special};

/// Tries one rule of each class and each way of finding, for both directions.
///
/// # Errors
/// [`RedactError::SelfTest`] with the first that does not find its example.
pub(crate) fn of_each_kind(rules: &RuleSet) -> Result<(), RedactError> {
    for side in [rules.requests(), rules.replies()] {
        let mut kinds = Vec::new();
        for row in side.compiled().rows() {
            let kind = (row.class, Kind::of(row.how));
            if !kinds.contains(&kind) {
                kinds.push(kind);
                row_finds(side, row)?;
            }
        }
        commands_are_found(side, 1)?;
    }
    Ok(())
}

/// Tries every rule on all its examples.
///
/// # Errors
/// As [`of_each_kind`].
pub(crate) fn of_all(rules: &RuleSet) -> Result<(), RedactError> {
    for side in [rules.requests(), rules.replies()] {
        for row in side.compiled().rows() {
            row_finds(side, row)?;
        }
        commands_are_found(side, KILL.len())?;
    }
    Ok(())
}

/// What makes two rules of one kind: they are found by the same code.
#[derive(PartialEq)]
enum Kind {
    Token,
    Assigned,
    Special(Discriminant<Special>),
}

impl Kind {
    fn of(how: How) -> Self {
        match how {
            How::Token { .. } => Self::Token,
            How::Assigned { .. } => Self::Assigned,
            How::Special(special) => Self::Special(discriminant(&special)),
        }
    }
}

fn row_finds(side: &Side, row: &Rule) -> Result<(), RedactError> {
    for (text, secret) in row.examples {
        if !finds(side, text, RuleId::BuiltIn(row.id), secret)? {
            let rule = row.id.to_owned();
            return Err(RedactError::SelfTest { rule });
        }
    }
    Ok(())
}

fn commands_are_found(side: &Side, count: usize) -> Result<(), RedactError> {
    let built_in = |id| {
        let mut facts = side.rules().iter();
        facts.any(|facts| facts.id == RuleId::BuiltIn(id))
    };
    for rule in KILL.iter().take(count).filter(|rule| built_in(rule.id)) {
        for text in rule.examples {
            if !finds(side, text, RuleId::BuiltIn(rule.id), "")? {
                let rule = rule.id.to_owned();
                return Err(RedactError::SelfTest { rule });
            }
        }
    }
    Ok(())
}

/// Whether this rule, or one that overlaps it, takes all of the secret.
fn finds(side: &Side, text: &str, rule: RuleId, secret: &str) -> Result<bool, RedactError> {
    let everything = side.everything();
    let groups = side.groups(text, &everything)?;
    let id = |number: &u16| side.facts(*number).map(|facts| facts.id);
    Ok(groups.iter().any(|group| {
        let found = text.get(group.range.clone()).unwrap_or_default();
        found.contains(secret) && group.rules.iter().any(|number| id(number) == Some(rule))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RedactionConfig;

    #[test]
    fn a_rule_that_does_not_find_its_own_example_is_named() {
        let rules = RuleSet::compile(&RedactionConfig::default()).unwrap();
        let side = rules.requests();
        let row = side.compiled().rows()[0];
        assert_eq!(row_finds(side, row), Ok(()));

        let examples = &[("what nobody finds", "nobody")];
        let broken = Rule { examples, ..*row };
        let rule = row.id.to_owned();
        assert_eq!(
            row_finds(side, &broken),
            Err(RedactError::SelfTest { rule })
        );
    }
}

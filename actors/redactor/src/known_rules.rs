//! Whether a row of actions names a rule that is there.
//!
//! Owns what is said about one that is not: the rule that was meant, if one has nearly that id, and
//! what puts it in service, if it is not.
//!
//! Called by: the rule set, when it is compiled.

use strsim::damerau_levenshtein;

use crate::config::{Blocked, RedactionConfig};
use crate::error::RedactError;
use crate::side::ENTROPY;
use crate::table;
use crate::table::row::Class;
use crate::treat::actions::ActionRow;

/// Refuses rows for rules that are not in service.
///
/// # Errors
/// [`RedactError::UnknownRule`], [`RedactError::RuleNotInService`].
pub(crate) fn check(config: &RedactionConfig, in_service: &[String]) -> Result<(), RedactError> {
    let named = |(index, row): (usize, &ActionRow)| Some((index, row.rule.clone()?));
    let rows = config.actions.iter().enumerate().filter_map(named);
    let mut unknown = rows.filter(|(_, id)| !in_service.contains(id));
    match unknown.next() {
        Some((index, id)) => Err(refusal(config, in_service, index, &id)),
        None => Ok(()),
    }
}

fn refusal(config: &RedactionConfig, in_service: &[String], index: usize, id: &str) -> RedactError {
    // Those in service first: of two that are as near, they are meant.
    let known = in_service.iter().map(String::as_str);
    let known = known.chain(built_in().map(|(id, _)| id));
    let plain = id.to_lowercase();
    let near = known.map(|known| (damerau_levenshtein(&plain, known), known));
    let near = near.filter(|(distance, known)| *distance <= (known.len() / 3).max(1));
    let Some((_, rule)) = near.min_by_key(|(distance, _)| *distance) else {
        let nearest = None;
        return RedactError::UnknownRule { index, nearest };
    };
    let class = built_in().find(|(known, _)| *known == rule);
    let is_missing = !in_service.iter().any(|known| known == rule);
    match class.filter(|_| is_missing) {
        Some((_, class)) => RedactError::RuleNotInService {
            index,
            rule: rule.to_owned(),
            is_named: rule == id,
            remedy: remedy(config, rule, class),
        },
        None => RedactError::UnknownRule {
            index,
            nearest: Some(rule.to_owned()),
        },
    }
}

/// All rules of our own, in service or not.
fn built_in() -> impl Iterator<Item = (&'static str, Class)> {
    let entropy = (ENTROPY, Class::Credential);
    let rules = table::rules().map(|rule| (rule.id, rule.class));
    rules.chain([entropy])
}

fn remedy(config: &RedactionConfig, rule: &str, class: Class) -> &'static str {
    match class {
        Class::Kill => remedy_for_commands(config),
        _ if rule == ENTROPY => "set `bouncer.entropy_enabled`",
        _ if config.patterns.is_some() => "`bouncer.redact_patterns` stands in its place",
        Class::Pii => "add \"pii\" to `bouncer.redact_preset`",
        _ => "add \"credentials\" to `bouncer.redact_preset`",
    }
}

/// The built-in commands are there where replies are checked and the operator has no list at all.
fn remedy_for_commands(config: &RedactionConfig) -> &'static str {
    match (&config.blocked, config.replies) {
        (Blocked::Patterns(_), _) => "`governance.blocked_execution_patterns` stands in its place",
        (_, true) => "leave `governance.blocked_execution_patterns` out",
        (_, false) => {
            "set `bouncer.redact_output`, and leave `governance.blocked_execution_patterns` out"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Preset;
    use crate::rule_set::RuleSet;
    use crate::table::row::Action;

    fn said(rule: &str, config: RedactionConfig) -> String {
        let row = ActionRow {
            rule: Some(rule.to_owned()),
            class: None,
            agent: None,
            direction: None,
            action: Action::Mask,
        };
        let actions = vec![row];
        let config = RedactionConfig { actions, ..config };
        RuleSet::compile(&config).expect_err("refused").to_string()
    }

    #[test]
    fn a_misspelt_rule_is_refused_with_the_nearest_of_all() {
        let config = RedactionConfig::default;
        assert_eq!(
            said("aws-acces-key-id", config()),
            "row 0 of actions names no rule; the nearest is `aws-access-key-id`"
        );
        assert_eq!(
            said("AWS-Access-Key-Id", config()),
            "row 0 of actions names no rule; the nearest is `aws-access-key-id`"
        );
        assert_eq!(
            said("Email", config()),
            "row 0 of actions names no rule; the nearest is `email`, which is not in service: add \"pii\" to `bouncer.redact_preset`"
        );
        assert_eq!(
            said("emial", config()),
            "row 0 of actions names no rule; the nearest is `email`, which is not in service: add \"pii\" to `bouncer.redact_preset`"
        );
        assert_eq!(
            said("whatever-else-it-is", config()),
            "row 0 of actions names no rule"
        );
    }

    #[test]
    fn a_misspelt_rule_is_refused_while_redaction_is_off_too() {
        let off = RedactionConfig {
            enabled: false,
            ..RedactionConfig::default()
        };
        assert_eq!(
            said("aws-acces-key-id", off),
            "row 0 of actions names no rule; the nearest is `aws-access-key-id`"
        );
    }

    #[test]
    fn a_rule_that_is_not_in_service_is_named_with_what_puts_it_there() {
        let config = RedactionConfig::default;
        let pii = RedactionConfig {
            presets: vec![Preset::Pii],
            ..config()
        };
        let own = RedactionConfig {
            patterns: Some(vec!["geheim".to_owned()]),
            ..config()
        };
        let with_an_empty_list = RedactionConfig {
            replies: true,
            ..config()
        };
        let own_commands = RedactionConfig {
            blocked: Blocked::Patterns(vec!["halt".to_owned()]),
            ..with_an_empty_list.clone()
        };
        for (rule, config, remedy) in [
            ("email", config(), "add \"pii\" to `bouncer.redact_preset`"),
            (
                "private-key",
                pii,
                "add \"credentials\" to `bouncer.redact_preset`",
            ),
            (
                "email",
                own,
                "`bouncer.redact_patterns` stands in its place",
            ),
            (ENTROPY, config(), "set `bouncer.entropy_enabled`"),
            (
                "kill-power-off",
                config(),
                "set `bouncer.redact_output`, and leave `governance.blocked_execution_patterns` out",
            ),
            (
                "kill-power-off",
                with_an_empty_list,
                "leave `governance.blocked_execution_patterns` out",
            ),
            (
                "kill-power-off",
                own_commands,
                "`governance.blocked_execution_patterns` stands in its place",
            ),
        ] {
            assert_eq!(
                said(rule, config),
                format!("the rule `{rule}` of row 0 of actions is not in service: {remedy}")
            );
        }
    }
}

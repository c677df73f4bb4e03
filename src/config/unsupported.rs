//! Keys of the file format whose features this version does not have.
//!
//! Owns the rule that they are refused, with what to do, unless they have a value that switches
//! the feature off: a configuration is never accepted and then not followed. The list of them is
//! in `unsupported_keys.rs`.
//! Called on the merged tree, after it has passed the schema.

use serde_json::{Map, Value};

use super::error::{KeyPath, What};
use super::unsupported_keys::{CREDENTIAL_REMEDY, CREDENTIALS, RULES};

/// A value that switches a feature off, or asks for no more than what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    /// No value does.
    Never,
    /// `false`.
    False,
    /// `true`, for what is always on.
    True,
    /// This number.
    Number(u64),
    /// An empty text.
    EmptyText,
    /// An empty list.
    EmptyList,
    /// This word only.
    Only(&'static str),
    /// Any word but this one.
    AnyBut(&'static str),
}

/// One key that is refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The key; `*` stands for any name, `[]` for any element.
    pub(super) path: &'static str,
    /// The feature that is missing.
    pub(super) feature: &'static str,
    /// The value that may stand.
    pub(super) off: Off,
    /// Keys beside it that switch the feature off with `false`; then any value may stand.
    pub(super) switches: &'static [&'static str],
    /// Whether the key has always switched the feature on, whatever `switches` say.
    pub(super) forces: bool,
    /// A key that does something like it.
    pub(super) instead: &'static str,
}

impl Rule {
    /// What to write instead.
    pub(super) fn remedy(&self) -> String {
        let mut text = match self.off {
            Off::Never => "remove the key".to_owned(),
            Off::False => "remove the key or set it to false".to_owned(),
            Off::True => "remove the key or set it to true".to_owned(),
            Off::Number(number) => format!("remove the key or set it to {number}"),
            Off::EmptyText | Off::EmptyList => "remove the key or leave it empty".to_owned(),
            Off::Only(word) => format!("remove the key or set it to \"{word}\""),
            Off::AnyBut(_) => "use another value".to_owned(),
        };
        if let Some(switch) = self.switches.first().filter(|_| !self.forces) {
            text.push_str(&format!(
                ", or switch the feature off with \"{switch}\": false"
            ));
        }
        if !self.instead.is_empty() {
            text.push_str("; ");
            text.push_str(self.instead);
        }
        text
    }

    /// Whether the key does something here, though not all that the file format has for it.
    pub(super) fn is_partly_there(&self) -> bool {
        self.switches.is_empty()
            && matches!(
                self.off,
                Off::AnyBut(_) | Off::Only(_) | Off::True | Off::Number(1)
            )
    }

    fn passes(&self, value: &Value) -> bool {
        match self.off {
            Off::Never => false,
            Off::False => value == &Value::Bool(false),
            Off::True => value == &Value::Bool(true),
            Off::Number(number) => value
                .as_f64()
                .is_some_and(|found| found.to_string() == number.to_string()),
            Off::EmptyText => value.as_str().is_some_and(str::is_empty),
            Off::EmptyList => value.as_array().is_some_and(Vec::is_empty),
            Off::Only(word) => value.as_str() == Some(word),
            Off::AnyBut(word) => value.as_str() != Some(word),
        }
    }

    fn switched_off(&self, around: &Map<String, Value>) -> Option<&'static str> {
        self.switches
            .iter()
            .copied()
            .find(|switch| around.get(*switch) == Some(&Value::Bool(false)))
    }

    fn judge(&self, path: &KeyPath, value: &Value, around: &Map<String, Value>) -> Option<What> {
        if self.passes(value) {
            return None;
        }
        match (self.switched_off(around), self.forces) {
            (Some(switch), true) => {
                let other = path.parent().unwrap_or_default().key(switch);
                let reason = "that switches the feature off, this key has always switched it on; remove this key";
                Some(What::Contradiction { other, reason })
            }
            (Some(_), false) => None,
            (None, _) => Some(What::NotInThisVersion {
                feature: self.feature,
                remedy: self.remedy(),
            }),
        }
    }
}

/// Finds all refused keys in `value` and gives each to `report`.
pub(super) fn refuse(value: &Value, report: &mut dyn FnMut(KeyPath, What)) {
    for rule in RULES {
        let steps: Vec<&str> = rule.path.split('.').collect();
        walk(
            value,
            &steps,
            &KeyPath::default(),
            &mut |path, value, around| {
                if let Some(what) = rule.judge(&path, value, around) {
                    report(path, what);
                }
            },
        );
    }
    for path in CREDENTIALS {
        let steps: Vec<&str> = path.split('.').collect();
        walk(value, &steps, &KeyPath::default(), &mut |path, _, _| {
            report(
                path,
                What::Credential {
                    remedy: CREDENTIAL_REMEDY,
                },
            );
        });
    }
}

type Visit<'v> = dyn FnMut(KeyPath, &Value, &Map<String, Value>) + 'v;

fn walk(value: &Value, steps: &[&str], path: &KeyPath, visit: &mut Visit<'_>) {
    let Some((step, rest)) = steps.split_first() else {
        return;
    };
    match value {
        Value::Object(members) => {
            let fits = |name: &str| *step == "*" || *step == name;
            for (name, member) in members.iter().filter(|(name, _)| fits(name)) {
                let below = path.key(name);
                if rest.is_empty() {
                    visit(below, member, members);
                } else {
                    walk(member, rest, &below, visit);
                }
            }
        }
        Value::Array(elements) if *step == "[]" => {
            for (index, element) in elements.iter().enumerate() {
                walk(element, rest, &path.index(index), visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::{made_from_types, pointer_to};
    use serde_json::json;

    fn refused(value: &Value) -> Vec<String> {
        let mut lines = Vec::new();
        refuse(value, &mut |path, what| {
            lines.push(format!("{path}: {what}"))
        });
        lines
    }

    #[test]
    fn every_rule_names_a_key_of_the_schema() {
        let schema = made_from_types();
        for path in RULES
            .iter()
            .map(|rule| rule.path)
            .chain(CREDENTIALS.iter().copied())
        {
            assert!(pointer_to(&schema, path).is_some(), "{path}");
        }
    }

    #[test]
    fn a_missing_feature_says_what_to_do() {
        let lines = refused(&json!({"window": {"enabled": true}}));
        let expected = "window.enabled: this version does not have shortening of long conversations; remove the key or set it to false";
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn what_is_switched_off_passes() {
        let off = json!({
            "debug": {"pprof_enabled": false},
            "context": {"hard_limit_tokens": 0},
            "governance": {"ratelimit_max_rpm": 0, "max_cost_per_request": 0.0, "empty_stream_as_error": true,
                "half_open_max_requests": 1, "auto_context_skip": false},
            "prefix_cache": {"enabled": false, "cache_mode": "explicit", "pin_system_first": false},
            "compaction": {"enabled": false, "json_minify": true, "compaction_preset": "balanced"},
            "window": {"enabled": false, "keep_first_pct": 25},
            "response_cache": {"enabled": false, "ttl_seconds": 60},
            "discovery": {"enabled": false, "auto_agents": true},
            "mcp_servers": {},
            "agents": {"a": {"strategy": "fallback", "cooldown_seconds": 0, "models": [{"url": ""}]}},
            "providers": {"p": {"ratelimit_max_rpm": 0}}
        });
        assert_eq!(refused(&off), Vec::<String>::new());
    }

    #[test]
    fn every_rule_refuses_its_key_when_it_is_set() {
        for rule in RULES {
            let odd = json!({"set": ["on"]});
            let wrong = if let Off::AnyBut(word) = rule.off {
                json!(word)
            } else {
                odd
            };
            let value = rule
                .path
                .split('.')
                .rev()
                .fold(wrong, |inner, step| match step {
                    "*" => json!({"name": inner}),
                    "[]" => json!([inner]),
                    key => json!({key: inner}),
                });
            assert_eq!(refused(&value).len(), 1, "{}", rule.path);
        }
    }

    #[test]
    fn a_part_of_a_missing_feature_is_refused_unless_it_is_switched_off() {
        assert_eq!(
            refused(&json!({"response_cache": {"ttl_seconds": 60}})).len(),
            1
        );
        assert_eq!(
            refused(&json!({"prefix_cache": {"cache_mode": "explicit"}})).len(),
            1
        );
        assert_eq!(
            refused(&json!({"compaction": {"prune_thoughts": true}})).len(),
            1
        );
    }

    #[test]
    fn a_key_that_forces_a_section_on_contradicts_its_switch() {
        let lines = refused(&json!({"window": {"enabled": false, "mode": "summarize"}}));
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].starts_with("window.mode: contradicts `window.enabled`: "),
            "{lines:?}"
        );
        assert_eq!(
            refused(&json!({"prefix_cache": {"enabled": false, "cache_tools": true}})).len(),
            1
        );
        assert_eq!(
            refused(&json!({"response_cache": {"enabled": false, "max_entries": 5}})).len(),
            1
        );
    }

    #[test]
    fn secrets_are_refused_without_being_repeated() {
        let value = json!({"providers": {"openai": {"api_key": "sk-marked", "accounts": [{"credential": "sk-marked"}]}}});
        let lines = refused(&value);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines
                .iter()
                .all(|line| line.contains("provider_keys") && !line.contains("sk-marked")),
            "{lines:?}"
        );
    }
}

use super::*;
use crate::config::{DEFAULT_LABEL, RedactionConfig};
use crate::engine::RuleSet;
use crate::findings::{Findings, RuleId};

const PRESETS: [Preset; 2] = [Preset::Credentials, Preset::Pii];

fn rule_set(preset: Preset) -> RuleSet {
    RuleSet::compile(&RedactionConfig {
        preset,
        ..RedactionConfig::default()
    })
    .unwrap()
}

fn redact(rules: &RuleSet, text: &str) -> (String, Findings) {
    let mut findings = Findings::default();
    let redacted = rules.redact(text, &mut findings).unwrap();
    (redacted.unwrap_or_else(|| text.to_owned()), findings)
}

#[test]
fn every_rule_takes_exactly_its_example() {
    for preset_name in PRESETS {
        let rules = rule_set(preset_name);
        for rule in preset(preset_name) {
            let (text, secret) = rule.example;
            assert_eq!(
                redact(&rules, text).0,
                text.replace(secret, DEFAULT_LABEL),
                "{}",
                rule.id
            );
            let (_, findings) = redact(&rules, text);
            assert_eq!(findings.count(RuleId::BuiltIn(rule.id)), 1, "{}", rule.id);
        }
    }
}

#[test]
fn no_rule_takes_a_near_miss() {
    for preset_name in PRESETS {
        let rules = rule_set(preset_name);
        for rule in preset(preset_name) {
            assert_eq!(
                redact(&rules, rule.near_miss).0,
                rule.near_miss,
                "{}",
                rule.id
            );
        }
    }
}

#[test]
fn secrets_inside_of_escaped_text_are_found() {
    let rules = rule_set(Preset::Credentials);
    for rule in preset(Preset::Credentials) {
        let (text, secret) = rule.example;
        let (text, secret) = (text.replace('\n', "\\n"), secret.replace('\n', "\\n"));
        let wrapped = format!(r#"{{"content":"line\n{text}\nline"}}"#);
        if secret.contains('"') || text.contains('"') {
            continue;
        }
        assert_eq!(
            redact(&rules, &wrapped).0,
            wrapped.replace(&secret, DEFAULT_LABEL),
            "{}",
            rule.id
        );
    }
}

#[test]
fn every_match_contains_a_keyword() {
    for preset_name in PRESETS {
        for rule in preset(preset_name) {
            let text = rule.example.0.to_ascii_lowercase();
            let found =
                rule.keywords.is_empty() || rule.keywords.iter().any(|word| text.contains(word));
            assert!(found, "{}", rule.id);
        }
    }
}

#[test]
fn ids_are_unique_and_rows_are_filled_in() {
    let mut ids: Vec<_> = PRESETS
        .iter()
        .flat_map(|name| preset(*name))
        .map(|rule| rule.id)
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for rule in PRESETS.iter().flat_map(|name| preset(*name)) {
        let texts = [
            rule.what,
            rule.source,
            rule.near_miss,
            rule.example.0,
            rule.example.1,
        ];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", rule.id);
        assert_eq!(
            rule.reach == crate::Reach::Secret,
            rule.pattern.contains("(?<secret>"),
            "{}",
            rule.id
        );
    }
}

#[test]
fn what_the_former_preset_took_is_taken() {
    let rules = rule_set(Preset::Credentials);
    for text in [
        "AKIAABCDEFGHIJKLMNOP".to_owned(),
        format!("ghs_{}", "a1".repeat(18)),
        "ya29.a0AfH6SMBx-0123".to_owned(),
        format!("sk-{}", "a1B".repeat(16)),
        "-----BEGIN RSA PRIVATE KEY-----".to_owned(),
        "aws_access_key_id = 'something long'".to_owned(),
        "Password: \"123456\"".to_owned(),
        "secret 'abcdef'".to_owned(),
        "token=\"abcdef\"".to_owned(),
        format!("{}:", "0f".repeat(16)),
    ] {
        assert!(redact(&rules, &text).0.contains(DEFAULT_LABEL), "{text}");
    }
}

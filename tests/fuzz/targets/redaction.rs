//! `redactor::RuleSet`, built-in rules: no text panics, and no example gets through in any.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use redactor::{Action, Inspected, Preset, RedactionConfig, RuleId, RuleInfo, RuleSet, rules};

fn rule_set() -> &'static RuleSet {
    static SET: OnceLock<RuleSet> = OnceLock::new();
    SET.get_or_init(|| {
        let config = RedactionConfig {
            presets: vec![Preset::Credentials, Preset::Pii],
            ..RedactionConfig::default()
        };
        RuleSet::compile(&config).expect("the built-in rules compile")
    })
}

/// Rules with their examples.
fn examples() -> &'static [(RuleInfo, &'static str, &'static str)] {
    type Example = (RuleInfo, &'static str, &'static str);
    static ALL: OnceLock<Vec<Example>> = OnceLock::new();
    ALL.get_or_init(|| {
        let finds = |rule: &RuleInfo| rule.action == Action::Redact;
        let all = rules().filter(finds).flat_map(|rule| {
            let pairs: Vec<Example> = rule
                .examples()
                .map(|(text, gone)| (rule, text, gone))
                .collect();
            pairs
        });
        all.collect()
    })
}

fn inspected(text: &[u8]) -> Inspected {
    let inspected = rule_set()
        .inspect(text)
        .expect("built-in rules never give up");
    for finding in &inspected.findings {
        assert!(finding.range.start < finding.range.end && finding.range.end <= text.len());
    }
    let untouched = inspected.findings.is_empty();
    assert!(!untouched || inspected.bytes == text);
    inspected
}

fuzz_target!(|input: (u16, &[u8], &[u8])| {
    let (number, before, after) = input;
    let all = examples();
    let (rule, example, secret) = all[usize::from(number) % all.len()];
    // What stands directly beside a secret may make another word of it; a blank line ends it.
    let text = [before, b"\n\n", example.as_bytes(), b"\n\n", after].concat();
    let at = before.len() + 2 + example.find(secret).unwrap_or(0);
    let is_hidden = |finding: &redactor::Finding| {
        finding.range.start <= at && at + secret.len() <= finding.range.end
    };
    let found = inspected(&text).findings;
    assert!(
        found.iter().any(is_hidden),
        "{:?}: {:?}: {found:?}",
        RuleId::BuiltIn(rule.id),
        String::from_utf8_lossy(&text)
    );
    inspected(before);
});

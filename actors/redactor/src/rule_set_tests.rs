//! The table, through the whole engine: each row finds its examples and leaves its near-misses.

use super::*;
use crate::config::Preset;

fn rules() -> RuleSet {
    RuleSet::compile(&RedactionConfig {
        presets: vec![Preset::Credentials, Preset::Pii],
        replies: true,
        blocked: crate::config::Blocked::BuiltIn,
        ..RedactionConfig::default()
    })
    .unwrap()
}

#[test]
fn every_rule_finds_its_examples() {
    let rules = rules();
    let mut lost = Vec::new();
    for row in rules.requests().compiled().rows() {
        for (text, secret) in row.examples {
            let found = rules.inspect(text.as_bytes()).unwrap().findings;
            let own = found.iter().any(|finding| {
                text.get(finding.range.clone())
                    .unwrap_or_default()
                    .contains(secret)
            });
            if !own {
                lost.push((row.id, *text, found));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost: {lost:#?}", lost.len());
}

#[test]
fn every_rule_leaves_its_near_misses_alone() {
    let rules = rules();
    let mut taken = Vec::new();
    for row in rules.requests().compiled().rows() {
        for text in row.near_misses {
            let groups = rules
                .requests()
                .groups(text, &rules.requests().everything())
                .unwrap();
            let own = groups.iter().flat_map(|group| &group.rules).any(|rule| {
                rules.requests().facts(*rule).map(|facts| facts.id) == Some(RuleId::BuiltIn(row.id))
            });
            if own {
                taken.push((row.id, *text));
            }
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn all_rules_prove_themselves() {
    assert_eq!(rules().prove(), Ok(()));
}

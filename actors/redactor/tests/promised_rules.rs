//! What the table of rules was promised to hold, counted.

#![forbid(unsafe_code)]

use nenya_redactor::{Class, RuleInfo, rules};

fn of(class: Class) -> Vec<RuleInfo> {
    rules().filter(|rule| rule.class == class).collect()
}

#[test]
fn there_are_more_than_220_formats_of_credentials() {
    let count = of(Class::Credential).len();
    assert!(count >= 220, "{count}");
}

#[test]
fn every_rule_says_where_it_is_from_and_shows_what_it_finds_and_what_it_leaves() {
    for rule in rules() {
        assert!(
            !rule.what.is_empty() && !rule.source.is_empty(),
            "{}",
            rule.id
        );
        assert!(rule.examples().next().is_some(), "{}", rule.id);
        assert!(!rule.near_misses.is_empty(), "{}", rule.id);
    }
}

/// How secrets of the vendors and kinds begin that were promised by name.
const BEGINNINGS: [&str; 18] = [
    "sk-proj-",
    "sk-ant-",
    "AIza",
    "AKIA",
    "ghp_",
    "github_pat_",
    "xoxb-",
    "xoxp-",
    "sk_live_",
    "rk_live_",
    "whsec_",
    "glpat-",
    "npm_",
    "pypi-",
    "hf_",
    "SG.",
    "eyJ",
    "-----BEGIN OPENSSH",
];

/// Ways of writing one down that were promised: what stands in a text around the secret.
const AROUND: [&str; 5] = [
    "AccountKey=",
    "AZURE",
    "postgres://",
    "https://",
    "PASSWORD=",
];

#[test]
fn the_credentials_that_were_promised_by_name_are_there() {
    let credentials = of(Class::Credential);
    let secrets: Vec<&str> = examples(&credentials).map(|(_, secret)| secret).collect();
    for beginning in BEGINNINGS {
        let has = secrets.iter().any(|secret| secret.starts_with(beginning));
        assert!(has, "{beginning}");
    }
    for around in AROUND {
        let has = examples(&credentials).any(|(text, _)| text.contains(around));
        assert!(has, "{around}");
    }
}

fn examples(rules: &[RuleInfo]) -> impl Iterator<Item = (&'static str, &'static str)> {
    rules.iter().flat_map(RuleInfo::examples)
}

#[test]
fn the_personal_data_that_was_promised_is_there() {
    let pii = of(Class::Pii);
    for id in [
        "email",
        "phone",
        "payment-card",
        "iban",
        "us-ssn",
        "ipv4",
        "ipv6",
        "mac-address",
    ] {
        let has = pii.iter().any(|rule| rule.id.starts_with(id));
        assert!(has, "{id}");
    }
    // A national id is named after its country.
    let is_national = |rule: &&RuleInfo| rule.id.as_bytes().get(2) == Some(&b'-');
    let nations = pii.iter().filter(is_national).count();
    assert!(nations > 10, "{nations}");
}

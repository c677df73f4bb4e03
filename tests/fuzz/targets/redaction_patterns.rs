//! `redactor::RuleSet`, the operator's patterns: refused, or safe to run over any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redactor::{Findings, RedactionConfig, RuleSet};

fuzz_target!(|input: (Vec<&str>, &str)| {
    let (patterns, text) = input;
    let config = RedactionConfig {
        patterns: Some(patterns.into_iter().map(str::to_owned).collect()),
        ..RedactionConfig::default()
    };
    let Ok(rule_set) = RuleSet::compile(&config) else {
        return;
    };
    let whole = rule_set.redact(text, &mut Findings::default());
    let bytes = rule_set.redact_bytes(text.as_bytes(), &mut Findings::default());
    if let (Ok(whole), Ok(bytes)) = (whole, bytes) {
        assert_eq!(whole.map(String::into_bytes), bytes);
    }
});

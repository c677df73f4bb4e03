//! `redactor::RuleSet`, the operator's patterns: refused, or safe to run over any text, and the
//! same over a text in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya_fuzz::redaction::{in_pieces, whole};
use redactor::{RedactionConfig, RedactorHandle, RuleSet, stream_delay};

fuzz_target!(|input: (Vec<&str>, &str, Vec<u8>)| {
    let (patterns, text, cuts) = input;
    if patterns.is_empty() {
        // Replies pass as they are then.
        return;
    }
    for pattern in &patterns {
        let _ = stream_delay(pattern);
    }
    let config = RedactionConfig {
        patterns: Some(patterns.into_iter().map(str::to_owned).collect()),
        replies: true,
        ..RedactionConfig::default()
    };
    let Ok(rule_set) = RuleSet::compile(&config) else {
        return;
    };
    let redactor = RedactorHandle::detached(rule_set);
    // A pattern may give up on one of them only: then nothing is said, and nothing passes.
    if let (Ok(whole), Ok(pieces)) = (whole(&redactor, text), in_pieces(&redactor, text, &cuts)) {
        assert_eq!(whole, pieces);
    }
});

//! `redactor::RuleSet`, built-in rules: no text panics, and no example gets through in any.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use redactor::{Findings, Preset, RedactionConfig, RuleSet, rules};

fn rule_set(preset: Preset) -> &'static RuleSet {
    static SETS: [OnceLock<RuleSet>; 2] = [OnceLock::new(), OnceLock::new()];
    let cell = match preset {
        Preset::Credentials => &SETS[0],
        Preset::Pii => &SETS[1],
    };
    cell.get_or_init(|| {
        let config = RedactionConfig {
            preset,
            ..RedactionConfig::default()
        };
        RuleSet::compile(&config).expect("the built-in rules compile")
    })
}

fn redacted(preset: Preset, text: &str) -> String {
    let mut findings = Findings::default();
    let text_out = rule_set(preset)
        .redact(text, &mut findings)
        .expect("built-in rules never give up");
    let bytes_out = rule_set(preset)
        .redact_bytes(text.as_bytes(), &mut Findings::default())
        .expect("built-in rules never give up");
    assert_eq!(text_out.as_deref().map(str::as_bytes), bytes_out.as_deref());
    text_out.unwrap_or_else(|| text.to_owned())
}

fuzz_target!(|input: (u8, bool, bool, &str, &str)| {
    let (number, pii, same_line, before, after) = input;
    let preset = if pii {
        Preset::Pii
    } else {
        Preset::Credentials
    };
    let rules = rules::preset(preset);
    let rule = &rules[usize::from(number) % rules.len()];
    let (example, secret) = rule.example;
    // What stands directly beside a secret may make another word of it; a line or a space ends it.
    let gap = if same_line { " " } else { "\n" };
    let text = format!("{before}{gap}{example}{gap}{after}");
    if before.contains(secret) || after.contains(secret) {
        return;
    }
    let out = redacted(preset, &text);
    assert!(
        !out.contains(secret),
        "{}: {text:?} became {out:?}",
        rule.id
    );
    let _ = redacted(preset, before);
});

//! That looking at short texts together finds what a scan of each finds.

use std::sync::Arc;

use proptest::prelude::*;
use runtime::Clock;
use serde_json::{Value, json};
use wire::{JsonLimits, request_texts};

use crate::config::{Preset, RedactionConfig};
use crate::findings::Findings;
use crate::prompt::Noted;
use crate::rule_set::RuleSet;
use crate::session::texts::{rewrite_all, rewrite_each};
use crate::session::{Party, Who};
use crate::table::{self, row::Action};
use crate::treat::actions::ActionRow;
use crate::treat::placeholder::PlaceholderStore;

const KEYS: [&str; 8] = [
    "content",
    "arguments",
    "password",
    "note",
    "api_key",
    "text",
    "a\"b\\",
    "Schlüssel",
];

/// What may stand in the neighbour of a text, next to it if nothing were between them.
const ENDS: [&str; 8] = ["7", "a", "\\", "+", ":", "-", "{\"token\":\"", "secret="];

fn rules(action: Action) -> RuleSet {
    let row = ActionRow {
        rule: None,
        class: None,
        agent: None,
        direction: None,
        action,
    };
    let config = RedactionConfig {
        presets: vec![Preset::Credentials, Preset::Pii],
        actions: vec![row],
        ..RedactionConfig::default()
    };
    RuleSet::compile(&config).unwrap()
}

type Outcome = (Result<Vec<(usize, String)>, String>, Findings);

/// With the glance and without.
fn both(rules: &RuleSet, body: &str) -> [Outcome; 2] {
    let texts = request_texts(body.as_bytes(), &JsonLimits::default()).unwrap();
    let store = Arc::new(PlaceholderStore::new(Clock::system()));
    let who = Who {
        key_id: "ann",
        agent: None,
    };
    let party = Party::of(who, &store);
    [true, false].map(|together| {
        let mut noted = Noted::default();
        let mut treatment = rules.request_treatment(&party, &mut noted);
        let changed = match together {
            true => rewrite_all(rules.requests(), &mut treatment, &texts),
            false => rewrite_each(rules.requests(), &mut treatment, &texts),
        };
        (changed.map_err(|error| error.to_string()), noted.findings)
    })
}

fn document(texts: &[(String, String)]) -> String {
    documents(texts)[0].clone()
}

/// Without any space in it, and with a line for each member.
fn documents(texts: &[(String, String)]) -> [String; 2] {
    let texts: Vec<Value> = texts
        .iter()
        .map(|(key, text)| json!({ key: text }))
        .collect();
    let texts = json!(texts);
    [texts.to_string(), format!("{texts:#}")]
}

fn assert_same(rules: &RuleSet, body: &str) -> u64 {
    let [together, each] = both(rules, body);
    assert_eq!(together, each, "{body}");
    together.1.total()
}

#[test]
fn every_example_of_every_rule_is_found_between_any_neighbours() {
    let (redacting, blocking) = (rules(Action::Redact), rules(Action::Block));
    let mut found = 0;
    let rows = table::rows(Preset::Credentials).chain(table::rows(Preset::Pii));
    for (number, row) in rows.enumerate() {
        let examples = row.examples.iter().map(|(text, _)| *text);
        let mut texts = Vec::new();
        for (place, text) in examples.chain(row.near_misses.iter().copied()).enumerate() {
            let end = ENDS[(number + place) % ENDS.len()];
            let key = KEYS[(number + place) % KEYS.len()];
            let inside = json!({ "x": [text, end], "password": text }).to_string();
            texts.extend([
                ("note".to_owned(), end.to_owned()),
                (key.to_owned(), text.to_owned()),
                ("arguments".to_owned(), inside.clone()),
                ("arguments".to_owned(), format!("[12{text}")),
                ("log".to_owned(), json!({ "log": inside }).to_string()),
            ]);
        }
        found += assert_same(&redacting, &document(&texts));
        assert_same(&blocking, &document(&texts));
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn deep_escapes_lone_surrogates_and_zeros_are_read_as_before() {
    let rules = rules(Action::Redact);
    let key = concat!("AK", "IAQ3EGRTWJ5YKDUVXL");
    let mut deep = format!("key {key} \u{0}\t\"\\");
    for _ in 0..6 {
        let body = json!([{ "arguments": deep }, { "note": deep }]).to_string();
        assert!(assert_same(&rules, &body) > 0);
        deep = json!({ "log": deep }).to_string();
    }
    for text in [
        format!("\\ud800{key}\\udc00"),
        format!("\\u0000{key}\\u0000"),
        format!("{{\\\"a\\\":\\\"\\ud800\\\\ud800{key}\\\"}}"),
        key.replace('A', "\\u0041"),
        key.replace('A', "\\uff21"),
        key.replacen("AK", "A\\u200bK", 1),
    ] {
        for name in KEYS.iter().filter(|name| !name.contains('"')) {
            let body = format!("[{{\"{name}\":\"{text}\"}},{{\"b\":\"\\ud83d\"}}]");
            assert_eq!(assert_same(&rules, &body), 1, "{body}");
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "7",
        "\\",
        "\"",
        ":",
        "=",
        "+",
        "-",
        ".",
        " ",
        "\n",
        "\u{2}",
        "\u{0}",
        "é",
        "\u{200b}",
        "password",
        "token",
        "sk-",
        "AKIA",
        "IBAN",
        "DE89",
        "3704 0044 0532 0130 00",
        "@",
        "host.example",
        "192.168.",
        "2001:db8::",
        "1234567",
        "00:1b:44",
        "eyJ",
        "-----BEGIN",
        "{",
        "}",
        "[",
        "Bearer ",
        "hunter2hunter2",
        "ghp_",
        "x7Kq92LmPz",
    ];
    let piece = proptest::sample::select(pieces);
    proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn random_texts_are_found_together_as_each_for_itself(
        texts in proptest::collection::vec((proptest::sample::select(KEYS.to_vec()), pieces()), 1..20),
    ) {
        use std::sync::LazyLock;
        static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules(Action::Redact));
        let texts: Vec<_> = texts.into_iter().map(|(key, text)| (key.to_owned(), text)).collect();
        for document in documents(&texts) {
            let [together, each] = both(&RULES, &document);
            prop_assert_eq!(together, each);
        }
    }
}

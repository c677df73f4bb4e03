//! Whatever way a text is cut, what comes out is the redaction of the whole text: for all rules,
//! in prose, code and JSON, in plain text and through events.

use nenya_redactor::{RedactionConfig, RedactorHandle, rules};

use super::formats::{ARGUMENTS, Format, TEXTS};
use super::json_values::whole_arguments;
use super::plain::pieces;
use super::support::{
    Dice, Progress, all_families, odd, operator_patterns, redactor, reply, through, whole_text,
};

/// Every example and near-miss of every rule in a context of each kind, and what belongs to none.
fn items() -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for (number, rule) in rules().enumerate() {
        let near_misses = rule.near_misses.iter().copied();
        for text in rule.examples().map(|(text, _)| text).chain(near_misses) {
            items.push(match (number + items.len()) % 4 {
                0 => format!("Größe 日本: {text} — 😀 and so on."),
                1 => format!(
                    "let x = f(\"{}\"); // é\nreturn {text}\n",
                    text.escape_debug()
                ),
                2 => serde_json::json!({"k": ["é", text], "password": text}).to_string(),
                _ => text.to_owned(),
            });
        }
    }
    items.extend(
        [
            "Write to project phoenix, Project-Saturn; ticket-1234/abc/def and ticket-12.",
            "NENYA_EMAIL_0123456789AB nenya\\_secret\\_0123 NENYA",
            "🔑🔑 password=日本語パスワード9 🔑",
        ]
        .map(str::to_owned),
    );
    let mut dice = Dice(5);
    let every_third = items.iter().step_by(3);
    let odd_ones: Vec<String> = every_third.map(|item| odd(item, &mut dice)).collect();
    items.extend(odd_ones);
    items
}

/// Texts of up to 4 KB, put together of several items.
fn long_items(items: &[String], dice: &mut Dice) -> Vec<String> {
    let mut long = Vec::new();
    for _ in 0..8 {
        let mut text = String::new();
        while text.len() < 3000 {
            text.push_str(&items[dice.below(items.len())]);
            text.push_str([" ", "\n", "", ", "][dice.below(4)]);
        }
        text.truncate(text.floor_char_boundary(4096));
        long.push(text);
    }
    long
}

/// A number from the environment, for long runs.
pub(super) fn configured(name: &str, default: usize) -> usize {
    let value = std::env::var(name).ok();
    value
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

pub(super) fn in_pieces(redactor: &RedactorHandle, text: &str, cuts: &[usize]) -> String {
    let mut from = 0;
    let ends = cuts.iter().copied().chain([text.len()]);
    let parts = ends.map(|end| {
        let part = &text.as_bytes()[from..end];
        from = end;
        part
    });
    String::from_utf8(pieces(&mut reply(redactor), parts)).unwrap()
}

pub(super) fn in_events(
    format: &Format,
    redactor: &RedactorHandle,
    text: &str,
    cuts: &[usize],
) -> String {
    let mut from = 0;
    let ends = cuts.iter().copied().chain([text.len()]);
    let mut events: Vec<String> = ends
        .map(|end| {
            let part = &text[from..end];
            from = end;
            (format.piece)(part)
        })
        .collect();
    events.extend((format.ends)());
    let out = through(&mut reply(redactor), events.iter().map(String::as_str));
    format.read_all(&out)
}

/// Some places in a text, in order.
fn some_cuts(text: &str, dice: &mut Dice) -> Vec<usize> {
    let count = 1 + dice.below(12);
    let mut cuts: Vec<usize> = match dice.below(2) {
        0 => (0..count).map(|_| dice.below(text.len() + 1)).collect(),
        // Close together: a trigger in many pieces.
        _ => {
            let start = dice.below(text.len() + 1);
            let places = (0..count).map(|place| start + place * (1 + dice.below(2)));
            places.filter(|place| *place <= text.len()).collect()
        }
    };
    cuts.sort_unstable();
    cuts
}

fn at_characters(text: &str, cuts: &[usize]) -> Vec<usize> {
    cuts.iter()
        .map(|cut| text.floor_char_boundary(*cut))
        .collect()
}

fn configs() -> [(&'static str, RedactionConfig); 2] {
    [
        ("all families", all_families()),
        ("patterns", operator_patterns()),
    ]
}

/// Every split point of short items, and of longer ones every few: all of them with
///
/// `REDACTION_SPLITS=1 cargo test --release -p nenya-redactor --test session every_split`
#[test]
fn every_split_of_every_item_gives_the_redaction_of_the_whole() {
    let step = configured("REDACTION_SPLITS", 23);
    let (mut items, mut dice) = (items(), Dice(1));
    let long = long_items(&items, &mut dice);
    items.extend(long);
    let mut progress = Progress::of("splits", "items", 2 * items.len(), step < 23);
    let mut streams = 0;
    for (name, config) in configs() {
        let redactor = redactor(&config);
        for (number, text) in items.iter().enumerate() {
            let expected = whole_text(&redactor, text);
            for cut in (number % step..=text.len()).step_by(step) {
                let out = in_pieces(&redactor, text, &[cut]);
                assert_eq!(out, expected, "{name}, item {number} at {cut}: {text}");
                streams += 1;
            }
            progress.add(1);
        }
    }
    progress.say(&format!(
        "{streams} streams, each the redaction of the whole"
    ));
}

/// Random cuts, several of each text at once. Ten million of them:
///
/// `REDACTION_CUTS=10000000 cargo test --release -p nenya-redactor --test session random_cuts`
///
/// It says how far it is, and at the end how many it made. `REDACTION_SEED=3` makes others.
#[test]
fn random_cuts_give_the_redaction_of_the_whole() {
    let (rounds, mut dice) = (
        configured("REDACTION_CUTS", 20_000),
        Dice(configured("REDACTION_SEED", 2) as u64),
    );
    let mut progress = Progress::of("random cuts", "cuts", rounds, rounds > 20_000);
    for (name, config) in configs() {
        let redactor = redactor(&config);
        let mut items = items();
        let long = long_items(&items, &mut dice);
        items.extend(long);
        let expected: Vec<String> = items
            .iter()
            .map(|text| whole_text(&redactor, text))
            .collect();
        let mut made = 0;
        while made < rounds / 2 {
            let number = dice.below(items.len());
            let text = &items[number];
            let cuts = some_cuts(text, &mut dice);
            made += cuts.len();
            progress.add(cuts.len());
            let out = in_pieces(&redactor, text, &cuts);
            assert_eq!(
                out, expected[number],
                "{name}, item {number} at {cuts:?}: {text}"
            );
        }
    }
    progress.say("each stream gave the redaction of the whole");
}

/// The same through events of every format: `REDACTION_EVENTS` says how many streams.
#[test]
fn random_cuts_of_events_give_the_redaction_of_the_whole() {
    let rounds = configured("REDACTION_EVENTS", 1_500);
    let mut dice = Dice(3);
    for (name, config) in configs() {
        let redactor = redactor(&config);
        let items = items();
        for _ in 0..rounds / 2 {
            let text = &items[dice.below(items.len())];
            let cuts = at_characters(text, &some_cuts(text, &mut dice));
            let format = &TEXTS[dice.below(TEXTS.len())];
            let out = in_events(format, &redactor, text, &cuts);
            let expected = whole_text(&redactor, text);
            assert_eq!(out, expected, "{name}, {} at {cuts:?}: {text}", format.name);
        }
    }
}

/// Items as values of tool arguments, with escapes that cuts may tear.
#[test]
fn random_cuts_of_tool_arguments_give_the_redaction_of_the_whole() {
    let rounds = configured("REDACTION_EVENTS", 1_500);
    let mut dice = Dice(4);
    for (name, config) in configs() {
        let redactor = redactor(&config);
        let items = items();
        for _ in 0..rounds / 2 {
            let text = &items[dice.below(items.len())];
            let key = ["text", "db_password", "api_key", "phone", "token"][dice.below(5)];
            let arguments = serde_json::json!({key: [text], "b": text}).to_string();
            let cuts = at_characters(&arguments, &some_cuts(&arguments, &mut dice));
            let format = &ARGUMENTS[dice.below(ARGUMENTS.len())];
            let out = in_events(format, &redactor, &arguments, &cuts);
            let expected = whole_arguments(&redactor, &arguments);
            assert_eq!(
                out, expected,
                "{name}, {} at {cuts:?}: {arguments}",
                format.name
            );
        }
    }
}

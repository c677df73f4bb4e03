//! The search with vectors, the search without, and the plainest one find the same.

#![allow(clippy::string_slice, reason = "tests cut texts at boundaries")]

use std::sync::LazyLock;

use fancy_regex::Regex;
use proptest::prelude::*;

use super::super::edge::is_held;
use super::*;

fn trigger(what: TriggerText, payload: u16, is_replaced: bool) -> Trigger {
    Trigger {
        what,
        payload,
        is_replaced,
    }
}

fn exact(text: &str) -> TriggerText {
    TriggerText::Exact(text.into())
}

fn any_case(text: &str) -> TriggerText {
    TriggerText::AnyCase(text.into())
}

/// Literals that contain, begin and follow one another, and all special triggers.
fn wanted() -> Vec<(u16, Trigger)> {
    let literals = [
        exact("sk-"),
        exact("sk-proj-"),
        exact("AKIA"),
        exact("eyJ"),
        exact("-----BEGIN"),
        exact("::"),
        exact("gh"),
        exact("ghp_"),
        exact("abcdefghijklmnopqrstuvwx"),
        any_case("password"),
        any_case("pass"),
        any_case("word"),
        any_case("api_key"),
        any_case("to"),
        any_case("token"),
        any_case("secret"),
        exact("secret"),
        TriggerText::At,
        TriggerText::LongNumber,
        TriggerText::DottedNumber,
        TriggerText::DialledNumber,
        TriggerText::HexGroup,
        TriggerText::HexColon,
        TriggerText::CapitalsDigits,
        TriggerText::At,
    ];
    let numbered = literals.into_iter().zip(0_u16..);
    numbered
        .map(|(what, n)| (n % 5, trigger(what, n, n % 2 == 0)))
        .collect()
}

fn gate() -> &'static Gate {
    static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new(&wanted()).unwrap());
    &GATE
}

/// What processors have that see fewer bytes at once.
fn narrow_gate() -> &'static Gate {
    static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::with_vectors(256, &wanted()).unwrap());
    &GATE
}

fn naive(wanted: &[(u16, Trigger)], text: &str, from: usize, seen: usize) -> Vec<(usize, Asker)> {
    let [long, dotted, dialled, group, hex, codes] = &*PATTERNS;
    let mut found = Vec::new();
    for at in from..text.len() {
        for (family, trigger) in wanted {
            let there = &text.as_bytes()[at..];
            let special = |regex: &Regex| {
                let found = regex.find_from_pos(text, at).unwrap();
                found
                    .filter(|found| found.start() == at)
                    .map(|found| found.end())
            };
            let literal = |own: &str, fold: bool| {
                let there = there.get(..own.len())?;
                let same = if fold {
                    there.eq_ignore_ascii_case(own.as_bytes())
                } else {
                    there == own.as_bytes()
                };
                same.then_some(at + own.len())
            };
            let end = if !text.is_char_boundary(at) {
                None
            } else {
                match &trigger.what {
                    TriggerText::Exact(own) => literal(own, false),
                    TriggerText::AnyCase(own) => literal(own, true),
                    TriggerText::At => literal("@", false),
                    TriggerText::LongNumber => special(long),
                    TriggerText::DottedNumber => special(dotted),
                    TriggerText::DialledNumber => special(dialled),
                    TriggerText::HexGroup => special(group),
                    TriggerText::HexColon => special(hex),
                    TriggerText::CapitalsDigits => special(codes),
                }
            };
            if end.is_some_and(|end| end > seen) {
                found.push((
                    at,
                    Asker {
                        family: *family,
                        payload: trigger.payload,
                    },
                ));
            }
        }
    }
    found.sort();
    found
}

/// Numbers, hexadecimal digits with what stands between them, capitals with digits; said once more.
static PATTERNS: LazyLock<[Regex; 6]> = LazyLock::new(|| {
    let group = concat!(
        r"(?<=[A-Fa-f][0-9A-Fa-f]-)[0-9][0-9A-Fa-f]|(?<!-)FREE[0-9][0-9A-Fa-f]-|",
        r"(?<=[A-Fa-f][0-9A-Fa-f]{3}\.)[0-9][0-9A-Fa-f]{3}|(?<!\.)FREE[0-9][0-9A-Fa-f]{3}\.",
    );
    let patterns = [
        r"FREE[0-9][0-9 .()/\-]{5}",
        r"FREE(?=[0-9]{1,3}\.[0-9])[0-9][0-9 .()/\-]{5}",
        r"FREE(?:(?<=\+)[1-9]|0(?=0))[0-9 .()/\-]{5}",
        group,
        r"(?:(?<![0-9A-Za-z:])|(?<=\\[bfnrtv]))[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]|FREE(?<!:)::",
        r"FREE[A-Z]{2}[0-9]{2}",
    ];
    let free = r"(?:(?<![0-9A-Za-z_])|(?<=\\[bfnrtv]))";
    patterns.map(|pattern| Regex::new(&pattern.replace("FREE", free)).unwrap())
});

fn with_vectors(gate: &Gate, text: &str, from: usize, seen: usize) -> Vec<(usize, Asker)> {
    let mut found = Vec::new();
    gate.each(text.as_bytes(), from, seen, &mut |at, asker| {
        found.push((at, asker))
    });
    found.sort();
    found
}

fn without(gate: &Gate, text: &str, from: usize, seen: usize) -> Vec<(usize, Asker)> {
    let mut found = Vec::new();
    let mut push = |at, asker| found.push((at, asker));
    let mut search = gate.search(text.as_bytes(), from, seen, &mut push);
    scalar::search(text.as_bytes(), from, &mut search);
    found.sort();
    found
}

/// Texts of pieces of triggers, and of what stands around them.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "sk-", "sk-pr", "oj-", "AKI", "A", "eyJ", "eyJey", "-----", "BEGIN", "::", ":", "gh",
            "ghp", "_", "PASSWORD", "passWord", "pass", "WORD", "api_", "KEY", "To", "ken", "tok",
            "sEcret", "secret", "abcdefghijklm", "nopqrstuvwx", "@", "\\n", "\\", "n",
        ]),
        3 => prop::sample::select(vec![
            "1", "12", "123-45-6789", "1.1.1.1", "4111 1111", "fe80", "a:", "FF:", "DE89", "D", "9",
            "(030) 12", "2026", " ", ".", "+49 ", "00", "C0-", "1A-", "1a2b.", "c0de.", "7",
        ]),
        2 => prop::sample::select(vec![
            "hello ", "ä", "日本", "🦀", "\n", "{\"a\": 1}", "_x", "the quick brown fox jumps ",
        ]),
        1 => "[ -~]{0,12}".prop_map(|text: String| -> &'static str { text.leak() }),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn all_searches_find_the_same(text in texts(), from in 0_usize..80, seen in 0_usize..80) {
        let from = text.floor_char_boundary(from);
        let plain = naive(&wanted(), &text, from, seen);
        for gate in [gate(), narrow_gate()] {
            prop_assert_eq!(&with_vectors(gate, &text, from, seen), &plain);
            prop_assert_eq!(&without(gate, &text, from, seen), &plain);
        }
    }

    #[test]
    fn a_text_in_two_chunks_has_the_triggers_of_the_whole(text in texts(), cut in 0_usize..200) {
        let gate = gate();
        let cut = text.floor_char_boundary(cut);
        let whole = with_vectors(gate, &text, 0, 0);
        let mut parts = with_vectors(gate, &text[..cut], 0, 0);
        let end = gate.unfinished(&text.as_bytes()[..cut], 0);
        prop_assert!(end.resume <= end.holds);
        let second = with_vectors(gate, &text, end.resume, cut);
        for (at, asker) in &second {
            let wanted = wanted();
            let (_, trigger) = wanted.iter().find(|(_, one)| one.payload == asker.payload).unwrap();
            let is_held = trigger.is_replaced && is_held(text.as_bytes(), *at);
            prop_assert!(!is_held || *at >= end.holds);
        }
        parts.extend(second);
        parts.sort();
        prop_assert_eq!(parts, whole);
    }
}

#[test]
fn each_trigger_is_found_at_each_offset() {
    let gate = gate();
    for filler in 0..70 {
        let text = format!(
            "{}sk-proj- API_KEY @ 1.2.3.4 +49 30 12 1A-B0 ::1 AB12",
            "x ".repeat(filler)
        );
        let found = with_vectors(gate, &text, 0, 0);
        assert_eq!(found, naive(&wanted(), &text, 0, 0), "{text}");
        assert_eq!(found, with_vectors(narrow_gate(), &text, 0, 0), "{text}");
        assert_eq!(found.len(), 16, "{text}");
    }
}

#[test]
fn a_gate_without_triggers_finds_nothing() {
    let gate = Gate::new(&[]).unwrap();
    let text = "a@b 123-45-6789 :: sk-".repeat(9);
    assert!(with_vectors(&gate, &text, 0, 0).is_empty());
    assert_eq!(gate.unfinished(text.as_bytes(), 0).resume, text.len());
}

#[test]
fn a_literal_that_is_too_short_or_too_long_is_refused() {
    for text in ["", "x", "abcdefghijklmnopqrstuvwxy"] {
        let wanted = [(0, trigger(exact(text), 0, true))];
        assert_eq!(Gate::new(&wanted).err(), Some(NoTrigger(text.into())));
    }
}

#[test]
fn only_an_end_that_may_become_a_replaced_trigger_is_held() {
    let wanted = [
        (0, trigger(exact("sk-"), 0, true)),
        (0, trigger(any_case("password"), 0, false)),
    ];
    let gate = Gate::new(&wanted).unwrap();
    let holds = |text: &str| {
        let end = gate.unfinished(text.as_bytes(), 0);
        (text.len() - end.resume, text.len() - end.holds)
    };
    assert_eq!(holds("plain words"), (1, 0));
    assert_eq!(holds("plain s"), (1, 1));
    assert_eq!(holds("plain word "), (0, 0));
    assert_eq!(holds("the PassWo"), (6, 0));
    assert_eq!(holds("the passwords"), (1, 0));
    assert_eq!(holds("a tusk"), (2, 0));
    assert_eq!(holds("a\\nsk"), (2, 2));
    assert_eq!(holds("a sk-"), (0, 0));
}

#[test]
fn a_trigger_of_letters_at_the_end_of_a_step_is_found() {
    for text in ["abcd:", "a:", "AB12"] {
        for filler in 20..40 {
            let text = format!("{}{text}", "-".repeat(filler));
            assert_eq!(
                with_vectors(gate(), &text, 0, 0),
                naive(&wanted(), &text, 0, 0),
                "{text}"
            );
        }
    }
}

#[test]
fn literals_that_fill_all_groups_are_found_wherever_they_stand() {
    let signs: Vec<char> = ('!'..='~').collect();
    let texts = signs.iter().enumerate().flat_map(|(number, sign)| {
        let next = signs[(number * 7 + 3) % signs.len()];
        let third = signs[(number * 29 + 5) % signs.len()];
        [
            format!("{sign}{next}"),
            format!("{next}{sign}{third}"),
            format!("{third}{sign}{next}{sign}"),
            format!("{sign}{third}{next}{third}{sign}"),
        ]
    });
    let texts: Vec<String> = texts.collect();
    let wanted: Vec<_> = (0_u16..)
        .zip(&texts)
        .map(|(number, text)| (0, trigger(exact(text), number, false)))
        .collect();
    let gates = [512, 256].map(|bits| Gate::with_vectors(bits, &wanted).unwrap());
    let long = texts.concat();
    let plain = naive(&wanted, &long, 0, 0);
    assert!(plain.len() >= texts.len(), "{}", plain.len());
    for gate in gates {
        assert_eq!(with_vectors(&gate, &long, 0, 0), plain);
        assert_eq!(without(&gate, &long, 0, 0), plain);
    }
}

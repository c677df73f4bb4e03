//! However a text is cut, the outcome is that of the whole; and that is what a scan finds that
//! looks everywhere.

#![allow(clippy::string_slice, reason = "tests cut texts at boundaries")]

use std::sync::LazyLock;

use proptest::prelude::*;

use super::classes::{Classes, Runs};
use super::compiled::Compiled;
use super::family::{Looks, RuleNumber, SweepPlace, Trigger, TriggerText};
use super::gate::Gate;
use super::sink::{Replaces, Sink, Stop};
use super::stream::{MOST_HELD, TextStream, scan_whole};
use super::test_families::{ASSIGNED, MAIL, RULES, TOKEN, families, set};
use super::view::View;
use crate::error::RedactError;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    Keep(String),
    Found(Vec<RuleNumber>, String),
}

/// Joins what is kept, so that cuts cannot be seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    events: Vec<Event>,
    observed: Vec<(RuleNumber, usize)>,
    stops_at: Option<usize>,
}

impl Outcome {
    fn out(&self) -> usize {
        let lengths = self.events.iter().map(|event| match event {
            Event::Keep(text) | Event::Found(_, text) => text.len(),
        });
        lengths.sum()
    }
}

impl Sink for Outcome {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        assert!(!text.is_empty());
        match self.events.last_mut() {
            Some(Event::Keep(before)) => before.push_str(text),
            _ => self.events.push(Event::Keep(text.to_owned())),
        }
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        self.events
            .push(Event::Found(rules.to_vec(), text.to_owned()));
        match self.stops_at {
            Some(count) if count == self.events.len() => Err(Stop),
            _ => Ok(()),
        }
    }

    fn observed(&mut self, rule: RuleNumber, range: std::ops::Range<usize>) {
        self.observed.push((rule, range.start));
    }
}

fn all() -> Replaces {
    Replaces::those(RULES, |_| true)
}

fn whole(set: &Compiled, replaces: &Replaces, text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    scan_whole(set, replaces, text, &mut outcome).unwrap();
    outcome
}

fn chunked<'c>(
    set: &Compiled,
    replaces: &Replaces,
    chunks: impl IntoIterator<Item = &'c str>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = TextStream::default();
    let mut come = 0;
    for chunk in chunks {
        stream.push(set, replaces, chunk, &mut outcome).unwrap();
        come += chunk.len();
        assert_eq!(stream.held(), come - outcome.out());
    }
    stream.finish(set, replaces, &mut outcome).unwrap();
    assert_eq!(stream.held(), 0);
    outcome
}

/// Takes each look at each place, and merges byte by byte.
fn naive(replaces: &Replaces, text: &str) -> Outcome {
    let mut classes = Classes::default();
    let families = families(&mut classes);
    let mut found: Vec<(usize, usize, RuleNumber)> = Vec::new();
    for at in 0..text.len() {
        for family in &families {
            let mut looks = Looks::default();
            let mut runs = Runs::default();
            let mut view = View {
                text: text.as_bytes(),
                complete: true,
                classes: &classes,
                runs: &mut runs,
            };
            for trigger in family.triggers() {
                if stands(&trigger.what, text.as_bytes(), at) {
                    family.look(at, trigger.payload, &mut view, &mut looks);
                }
            }
            if at == 0 && family.sweeps() {
                family.sweep(&mut SweepPlace::default(), text, &mut view, &mut looks);
            }
            assert!(looks.open.is_none());
            found.extend(
                looks
                    .found
                    .into_iter()
                    .map(|(rule, range)| (range.start, range.end, rule)),
            );
        }
    }
    found.sort();
    found.dedup();
    let (replaced, mut observed): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, _, rule)| replaces.has(*rule));
    observed.sort_by_key(|(start, end, rule)| (*end, *start, *rule));
    let mut outcome = merged(replaces, text, &replaced);
    outcome.observed = observed
        .into_iter()
        .map(|(start, _, rule)| (rule, start))
        .collect();
    outcome
}

fn stands(what: &TriggerText, text: &[u8], at: usize) -> bool {
    let there = &text[at..];
    match what {
        TriggerText::Exact(own) => there.starts_with(own.as_bytes()),
        TriggerText::AnyCase(own) => {
            let there = there.get(..own.len());
            there.is_some_and(|there| there.eq_ignore_ascii_case(own.as_bytes()))
        }
        TriggerText::At => there[0] == b'@',
        other => {
            // The gate's own tests hold it to these; here it is the judge.
            let kinds = SPECIALS
                .iter()
                .position(|special| special == other)
                .unwrap();
            let mut is_there = false;
            // No special trigger reads further.
            let near = &text[..text.len().min(at + 8)];
            GATES[kinds].each(near, at, 0, &mut |found, _| is_there |= found == at);
            is_there
        }
    }
}

const SPECIALS: [TriggerText; 6] = [
    TriggerText::LongNumber,
    TriggerText::DottedNumber,
    TriggerText::DialledNumber,
    TriggerText::HexGroup,
    TriggerText::HexColon,
    TriggerText::CapitalsDigits,
];

static GATES: LazyLock<[Gate; SPECIALS.len()]> = LazyLock::new(|| {
    SPECIALS.map(|what| {
        let trigger = Trigger {
            what,
            payload: 0,
            is_replaced: true,
        };
        Gate::new(&[(0, trigger)]).unwrap()
    })
});

fn merged(replaces: &Replaces, text: &str, found: &[(usize, usize, RuleNumber)]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut at = 0;
    let mut rest = found;
    while let Some((start, mut end, _)) = rest.first().copied() {
        let mut count = 1;
        while let Some(next) = rest.get(count).filter(|next| next.0 < end) {
            end = end.max(next.1);
            count += 1;
        }
        let mut group = rest[..count].to_vec();
        group.sort_by_key(|(start, end, rule)| (std::cmp::Reverse(*end), *start, *rule));
        let mut rules: Vec<RuleNumber> = Vec::new();
        for (start, end, rule) in group.iter().copied() {
            let is_covered = group
                .iter()
                .any(|other| replaces.covers(other.2) && other.0 <= start && end <= other.1);
            let says_more = !is_covered || !replaces.yields(rule);
            if says_more && !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        if at < start {
            outcome.keep(&text[at..start]).unwrap();
        }
        outcome.found(&rules, &text[start..end]).unwrap();
        at = end;
        rest = &rest[count..];
    }
    if at < text.len() {
        outcome.keep(&text[at..]).unwrap();
    }
    outcome
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => prop::sample::select(vec![
            "tok_", "tok_abcd1234 ", "to", "tok-lo", "tok-long-", "ng-secretvalue", "eyJ", "eyJeyJeyJ",
            "Password", "pass", "word", " = ", "=", "= \"hunter2\"", "password=abc ", "TOKEN", "@",
            "ann@host.example ", "ann", "@b", "123-45-6789 ", "12345", "6789", "AB12", "::1", "fe80:",
            "<", "<<", ">", "<<a b> ", "zz", "z", "zzzz ",
        ]),
        2 => prop::sample::select(vec![" ", "\n", "\"", "a plain sentence. ", "ä", "日本語", "🦀 ", "x", "9"]),
        1 => "[ -~]{0,10}".prop_map(|text: String| -> &'static str { text.leak() }),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

fn cut<'t>(text: &'t str, cuts: &[usize]) -> Vec<&'t str> {
    let mut places: Vec<usize> = cuts
        .iter()
        .map(|cut| text.floor_char_boundary(*cut))
        .collect();
    places.extend([0, text.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| &text[pair[0]..pair[1]])
        .collect()
}

fn some_of(bits: u16) -> Replaces {
    let is = |rule: RuleNumber| bits >> rule & 1 == 1;
    let yielding = [ASSIGNED, TOKEN].map(|rule| if is(rule + 8) { rule } else { RULES as u16 });
    Replaces::those(RULES, is).yielding(&yielding, RULES, |rule| is(rule + 7))
}

proptest! {
    #[test]
    fn the_outcome_is_that_of_looking_everywhere(text in texts(), bits in any::<u16>()) {
        let set = set();
        for replaces in [all(), some_of(bits)] {
            prop_assert_eq!(whole(set, &replaces, &text), naive(&replaces, &text));
        }
    }

    #[test]
    fn no_cut_changes_the_outcome(text in texts(), bits in any::<u16>()) {
        let set = set();
        for replaces in [all(), some_of(bits)] {
            let expected = whole(set, &replaces, &text);
            for at in 0..=text.len() {
                if text.is_char_boundary(at) {
                    let parts = [&text[..at], &text[at..]];
                    prop_assert_eq!(&chunked(set, &replaces, parts), &expected, "cut at {}", at);
                }
            }
            let characters = text.split_inclusive(|_: char| true);
            prop_assert_eq!(&chunked(set, &replaces, characters), &expected);
        }
    }

    #[test]
    fn no_cuts_change_the_outcome(
        text in texts(),
        cuts in prop::collection::vec(0_usize..400, 0..30),
        bits in any::<u16>(),
    ) {
        let set = set();
        let replaces = some_of(bits);
        let parts = cut(&text, &cuts);
        prop_assert_eq!(chunked(set, &replaces, parts), whole(set, &replaces, &text));
    }

    #[test]
    fn after_a_stall_what_is_left_of_a_secret_is_still_replaced(
        text in texts(),
        cuts in prop::collection::vec(0_usize..400, 0..30),
    ) {
        let set = set();
        let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
        for part in cut(&text, &cuts) {
            stream.push(set, &all(), part, &mut outcome).unwrap();
            stream.stall(set, &all(), &mut outcome).unwrap();
        }
        stream.finish(set, &all(), &mut outcome).unwrap();
        let joined: String = outcome.events.iter().map(|event| match event {
            Event::Keep(text) | Event::Found(_, text) => text.as_str(),
        }).collect();
        prop_assert_eq!(joined, text);
    }
}

fn kept(outcome: &Outcome) -> String {
    let kept = outcome.events.iter().map(|event| match event {
        Event::Keep(text) => text.as_str(),
        Event::Found(..) => "#",
    });
    kept.collect()
}

#[test]
fn a_secret_in_three_chunks_is_replaced_and_what_stands_around_it_is_not() {
    let outcome = chunked(set(), &all(), ["my to", "k_abc", "defgh and ", "more"]);
    assert_eq!(kept(&outcome), "my # and more");
}

#[test]
fn context_is_let_go_and_remembered() {
    let set = set();
    let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
    stream.push(set, &all(), "the passw", &mut outcome).unwrap();
    stream.push(set, &all(), "ord = ", &mut outcome).unwrap();
    assert_eq!(stream.held(), 0);
    stream
        .push(set, &all(), "hunter2 x ", &mut outcome)
        .unwrap();
    assert_eq!(kept(&outcome), "the password = # x ");
}

#[test]
fn overlapping_findings_are_one_and_name_the_rule_that_reaches_furthest() {
    let outcome = whole(set(), &all(), "password=tok_abcdef@example.org!");
    assert_eq!(
        outcome.events[1],
        Event::Found(
            vec![ASSIGNED, MAIL, TOKEN],
            "tok_abcdef@example.org!".into()
        )
    );
}

#[test]
fn a_rule_that_only_observes_replaces_nothing_and_merges_with_nothing() {
    let replaces = Replaces::those(RULES, |rule| rule == TOKEN);
    let outcome = whole(set(), &replaces, "password=tok_abcdef! ");
    assert_eq!(
        outcome.events,
        [
            Event::Keep("password=".into()),
            Event::Found(vec![TOKEN], "tok_abcdef".into()),
            Event::Keep("! ".into()),
        ]
    );
    assert_eq!(outcome.observed, [(ASSIGNED, 9)]);
}

#[test]
fn a_sink_that_stops_gets_nothing_more() {
    let set = set();
    let text = "tok_abcdef and tok_ghijkl and more";
    let mut outcome = Outcome {
        stops_at: Some(1),
        ..Outcome::default()
    };
    scan_whole(set, &all(), text, &mut outcome).unwrap();
    assert_eq!(outcome.events.len(), 1);
    let mut outcome = Outcome {
        stops_at: Some(1),
        ..Outcome::default()
    };
    let mut stream = TextStream::default();
    stream.push(set, &all(), text, &mut outcome).unwrap();
    stream.finish(set, &all(), &mut outcome).unwrap();
    assert_eq!(outcome.events.len(), 1);
}

#[test]
fn a_stall_lets_go_of_words_and_not_of_secrets() {
    let set = set();
    let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
    stream.push(set, &all(), "hello to", &mut outcome).unwrap();
    assert_eq!(stream.held(), 2);
    stream.stall(set, &all(), &mut outcome).unwrap();
    assert_eq!(stream.held(), 0);
    stream.push(set, &all(), " tok_abc", &mut outcome).unwrap();
    stream.stall(set, &all(), &mut outcome).unwrap();
    assert_eq!(stream.held(), 7);
    stream.push(set, &all(), "d ", &mut outcome).unwrap();
    assert_eq!(kept(&outcome), "hello to # ");
}

#[test]
fn a_secret_of_a_mebibyte_is_held_and_a_longer_one_is_an_error_from_then_on() {
    let set = set();
    let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
    let part = "a".repeat(1 << 16);
    stream.push(set, &all(), "x tok_", &mut outcome).unwrap();
    for _ in 0..15 {
        stream.push(set, &all(), &part, &mut outcome).unwrap();
    }
    assert!(stream.held() > MOST_HELD - 2 * part.len());
    let mut push = |text: &str| stream.push(set, &all(), text, &mut outcome);
    assert_eq!(push(&part), Err(RedactError::TooLong));
    assert_eq!(push(" "), Err(RedactError::TooLong));
    let finish = stream.finish(set, &all(), &mut outcome);
    assert_eq!(finish, Err(RedactError::TooLong));
    assert_eq!(outcome.events, [Event::Keep("x ".into())]);
    stream
        .push(set, &all(), "another text. ", &mut outcome)
        .unwrap();
    assert_eq!(kept(&outcome), "x another text. ");
}

#[test]
fn a_large_chunk_passes_and_leaves_nothing_behind() {
    let set = set();
    let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
    let text = "a plain sentence, password = hunter2 and more. ".repeat(120_000);
    for part in ["tok_", &text, "to", "k_abcdef. "] {
        stream.push(set, &all(), part, &mut outcome).unwrap();
    }
    assert_eq!(outcome.out(), 4 + text.len() + 12);
    assert_eq!(stream.held(), 0);
    assert_eq!(
        outcome,
        whole(set, &all(), &format!("tok_{text}tok_abcdef. "))
    );
}

#[test]
fn hostile_texts_in_small_chunks_come_out_as_the_whole_or_are_refused() {
    let set = set();
    for piece in [
        "eyJ",
        "<<",
        "password=",
        "a",
        "@",
        "1",
        "tok_",
        "1-",
        "z",
        "tok-long-",
    ] {
        let text = piece.repeat(50_000 / piece.len());
        let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
        let mut chunks = text.as_bytes().chunks(20);
        let pushed = chunks.try_for_each(|chunk| {
            let chunk = std::str::from_utf8(chunk).unwrap();
            stream.push(set, &all(), chunk, &mut outcome)
        });
        match pushed.and_then(|()| stream.finish(set, &all(), &mut outcome)) {
            Ok(()) => assert_eq!(outcome, whole(set, &all(), &text), "{piece}"),
            Err(error) => assert_eq!(error, RedactError::TooLong, "{piece}"),
        }
    }
}

#[test]
fn more_open_looks_than_may_be_delay_a_stream_and_change_nothing() {
    let set = set();
    for (piece, end) in [("eyJ", " tok_abcdef. "), ("eyJ", "a.b"), ("eyJ", "")] {
        let text = format!("a {}{end}jo@x.test", piece.repeat(40_000));
        for size in [1_000, 5_000, 60_000] {
            let (mut outcome, mut stream) = (Outcome::default(), TextStream::default());
            for chunk in text.as_bytes().chunks(size) {
                let chunk = std::str::from_utf8(chunk).unwrap();
                stream.push(set, &all(), chunk, &mut outcome).unwrap();
            }
            stream.finish(set, &all(), &mut outcome).unwrap();
            assert_eq!(outcome, whole(set, &all(), &text), "{size}: {end}");
        }
    }
}

#[test]
fn a_stream_that_waits_for_nothing_is_small() {
    assert!(
        size_of::<TextStream>() <= 256,
        "{}",
        size_of::<TextStream>()
    );
}

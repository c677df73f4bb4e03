//! Whatever way a text is cut, what two readings of it come to is what both find in the whole.

#![allow(clippy::string_slice, reason = "tests cut texts at boundaries")]

use std::ops::Range;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::fold::fold;
use crate::groups::{Group, with_folded};
use crate::scan::family::RuleNumber;
use crate::scan::sink::Stop;
use crate::scan::stream::{MOST_HELD, scan_whole};
use crate::scan::test_families::{RULES, set};

/// What goes out, and what is only counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Out {
    /// Text that stays beside rules and what they replace; stretches that stay are joined.
    parts: Vec<(Vec<RuleNumber>, String)>,
    /// Rules that only count, by the ends of what they found.
    counted: Vec<(usize, RuleNumber)>,
    stops_at: Option<usize>,
}

impl Out {
    fn length(&self) -> usize {
        self.parts.iter().map(|(_, text)| text.len()).sum()
    }

    fn text(&self) -> String {
        self.parts.iter().map(|(_, text)| text.as_str()).collect()
    }
}

impl Sink for Out {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        assert!(!text.is_empty());
        match self.parts.last_mut() {
            Some((rules, before)) if rules.is_empty() => before.push_str(text),
            _ => self.parts.push((Vec::new(), text.to_owned())),
        }
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        self.parts.push((rules.to_vec(), text.to_owned()));
        match self.stops_at {
            Some(count) if count <= self.parts.len() => Err(Stop),
            _ => Ok(()),
        }
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        self.counted.push((range.end, rule));
    }
}

/// Collects groups, as a whole text is read.
#[derive(Default)]
struct Groups(usize, Vec<Group>);

impl Sink for Groups {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.0 += text.len();
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let range = self.0..self.0 + text.len();
        self.0 = range.end;
        let rules = rules.to_vec();
        self.1.push(Group { range, rules });
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: Range<usize>) {
        let rules = vec![rule];
        self.1.push(Group { range, rules });
    }
}

fn groups(replaces: &Replaces, text: &str) -> Vec<Group> {
    let mut groups = Groups::default();
    scan_whole(set(), replaces, text, &mut groups).unwrap();
    groups.1
}

fn whole(replaces: &Replaces, text: &str) -> Out {
    let near = match fold(text, false, Reading::Near) {
        Some(folded) => {
            let moved = |group: Group| Group {
                range: folded.back(&group.range),
                ..group
            };
            let groups = groups(replaces, folded.text()).into_iter();
            groups.map(moved).collect()
        }
        None => groups(replaces, text),
    };
    let all = match fold(text, false, Reading::Far) {
        Some(folded) => with_folded(near, groups(replaces, folded.text()), &folded, replaces),
        None => near,
    };
    let mut out = Out::default();
    let mut at = 0;
    for group in all {
        if !replaces.has(group.rules[0]) {
            out.observed(group.rules[0], group.range);
            continue;
        }
        if at < group.range.start {
            out.keep(&text[at..group.range.start]).unwrap();
        }
        out.found(&group.rules, &text[group.range.clone()]).unwrap();
        at = group.range.end;
    }
    if at < text.len() {
        out.keep(&text[at..]).unwrap();
    }
    out.counted.sort_unstable();
    out
}

fn chunked<'c>(replaces: &Replaces, chunks: impl IntoIterator<Item = &'c str>) -> Out {
    let (mut out, mut readings) = (Out::default(), Readings::default());
    let mut come = 0;
    for chunk in chunks {
        readings.push(set(), replaces, chunk, &mut out).unwrap();
        come += chunk.len();
        assert_eq!(readings.held(), come - out.length());
    }
    readings.finish(set(), replaces, &mut out).unwrap();
    assert_eq!(readings.held(), 0);
    out.counted.sort_unstable();
    out
}

fn all() -> Replaces {
    Replaces::those(RULES, |_| true)
}

fn some_of(bits: u16) -> Replaces {
    Replaces::those(RULES, |rule| bits >> rule & 1 == 1)
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => prop::sample::select(vec![
            "tok_", "tok_abcd1234 ", "to", "tok-lo", "tok-long-", "ng-secretvalue", "eyJ", "eyJeyJeyJ",
            "pass", "word", " = ", "=", "= \"hunter2\"", "password=abc ", "TOKEN", "@",
            "ann@host.example ", "ann", "@b", "123-45-6789 ", "12345", "6789", "AB12", "::1",
            "<", "<<", ">", "<<a b> ", "zz", "z", "zzzz ",
        ]),
        4 => prop::sample::select(vec![
            "\u{200b}", "\u{ad}", "\u{feff}", "\u{a0}", "\u{202f}", "\u{2011}", "\u{2013}",
            "\u{ff1d}", "\u{ff20}", "\u{ff11}", "\u{ff1c}", "\u{ff1e}", "\u{ff3a}", "\u{ff54}",
            "\u{200b}\u{200b}\u{200b}", "\u{430}", "\u{440}\u{430}", "\u{441}", "\u{301}", "\u{336}",
            "\u{1d42d}", "\u{e0041}", "\u{3000}", "\u{ff0c}", "\u{ff1a}", "\u{61c}", "\u{24e9}",
            "\u{ff3f}", "\u{3bf}\u{43a}", "\u{ff0d}",
        ]),
        2 => prop::sample::select(vec![
            " ", "\n", "\"", "a plain sentence. ", "ä", "日本語", "🦀 ", "x", "9", "—", "Привет ",
            "\u{44f}", "слово", "и с", "\u{644}\u{200c}\u{644}",
            "so it goes on for a while, and nothing odd is in it ",
        ]),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

fn cut<'t>(text: &'t str, cuts: &[usize]) -> Vec<&'t str> {
    let places = cuts.iter().map(|cut| text.floor_char_boundary(*cut));
    let mut places: Vec<usize> = places.chain([0, text.len()]).collect();
    places.sort_unstable();
    let pairs = places.windows(2);
    pairs.map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// As many cases as the environment says, for long runs: `REDACTION_READINGS=1000000`.
fn cases() -> ProptestConfig {
    let cases = std::env::var("REDACTION_READINGS").ok();
    let cases = cases.and_then(|cases| cases.parse().ok()).unwrap_or(512);
    ProptestConfig::with_cases(cases)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_cut_changes_what_goes_out(text in texts(), bits in any::<u16>()) {
        for replaces in [all(), some_of(bits)] {
            let expected = whole(&replaces, &text);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let parts = [&text[..at], &text[at..]];
                prop_assert_eq!(&chunked(&replaces, parts), &expected, "cut at {}", at);
            }
            let characters = text.split_inclusive(|_: char| true);
            prop_assert_eq!(&chunked(&replaces, characters), &expected);
        }
    }

    #[test]
    fn no_cuts_change_what_goes_out(
        text in texts(),
        cuts in prop::collection::vec(0_usize..400, 0..30),
        bits in any::<u16>(),
    ) {
        let replaces = some_of(bits);
        let parts = cut(&text, &cuts);
        prop_assert_eq!(chunked(&replaces, parts), whole(&replaces, &text));
    }

    #[test]
    fn steps_of_long_chunks_change_nothing(
        texts in prop::collection::vec(texts(), 0..12),
        cuts in prop::collection::vec(0_usize..4000, 0..3),
    ) {
        let text = texts.concat();
        let parts = cut(&text, &cuts);
        prop_assert_eq!(chunked(&all(), parts), whole(&all(), &text));
    }

    #[test]
    fn after_silence_no_text_is_lost(
        text in texts(),
        cuts in prop::collection::vec(0_usize..400, 0..30),
    ) {
        let (mut out, mut readings) = (Out::default(), Readings::default());
        for part in cut(&text, &cuts) {
            readings.push(set(), &all(), part, &mut out).unwrap();
            readings.stall(set(), &all(), &mut out).unwrap();
        }
        readings.finish(set(), &all(), &mut out).unwrap();
        prop_assert_eq!(out.text(), text);
    }

    #[test]
    fn nothing_goes_out_after_stop(
        text in texts(),
        cuts in prop::collection::vec(0_usize..400, 0..30),
    ) {
        let expected = whole(&all(), &text);
        let found = expected.parts.iter().position(|(rules, _)| !rules.is_empty());
        let Some(first) = found else { return Ok(()) };
        let mut out = Out { stops_at: Some(first + 1), ..Out::default() };
        let mut readings = Readings::default();
        for part in cut(&text, &cuts) {
            readings.push(set(), &all(), part, &mut out).unwrap();
            if out.parts.len() > first {
                break;
            }
        }
        if out.parts.len() <= first {
            readings.finish(set(), &all(), &mut out).unwrap();
        }
        prop_assert_eq!(&out.parts[..], &expected.parts[..=first]);
        prop_assert_eq!(readings.held(), 0);
    }
}

#[test]
fn behind_an_odd_character_there_soon_is_one_reading_again() {
    let (mut out, mut readings) = (Out::default(), Readings::default());
    readings
        .push(set(), &all(), "it is\u{2011}so", &mut out)
        .unwrap();
    assert!(readings.apart.is_some());
    let more = ", and all that follows it is plain. ";
    readings.push(set(), &all(), more, &mut out).unwrap();
    assert!(readings.apart.is_none());
    assert_eq!(out.text(), format!("it is\u{2011}so{more}"));
}

#[test]
fn a_chunk_with_an_odd_character_is_not_read_twice_to_its_end() {
    let (mut out, mut readings) = (Out::default(), Readings::default());
    let text = format!("one\u{2011}odd {}", "and plain words ".repeat(4000));
    readings.push(set(), &all(), &text, &mut out).unwrap();
    assert!(readings.apart.is_none());
    assert_eq!(out.text(), text);
}

#[test]
fn prose_is_read_once() {
    for prose in [
        "Съешь ещё этих французских булок, а с ними чаю. ",
        "Oui\u{a0}: «\u{a0}bien\u{202f}», dit-il\u{202f}! ",
        "去公园，好吗？ 好的！ ",
        "می\u{200c}خواهم. ",
        "ja \u{2013} nein \u{1f469}\u{200d}\u{1f4bb}\u{fe0f} ",
    ] {
        let (mut out, mut readings) = (Out::default(), Readings::default());
        for word in prose.split_inclusive(' ').cycle().take(50) {
            readings.push(set(), &all(), word, &mut out).unwrap();
            assert!(readings.apart.is_none() && readings.held() == 0, "{word}");
        }
    }
}

#[test]
fn a_letter_that_may_begin_a_disguise_waits_for_what_follows() {
    let (mut out, mut readings) = (Out::default(), Readings::default());
    let mut push = |chunk: &str| {
        readings.push(set(), &all(), chunk, &mut out).unwrap();
        readings.held()
    };
    assert_eq!(push("слово с"), 2);
    assert_eq!(push("ловом"), 0);
    assert_eq!(push(" \u{442}"), 0);
    assert_eq!(push(" \u{3bf}"), 2);
    assert_eq!(push("k "), 0);
}

#[test]
fn what_nobody_sees_holds_nothing_back_by_itself() {
    let (mut out, mut readings) = (Out::default(), Readings::default());
    for chunk in ["Да.\u{200b}", "\u{feff}", " \u{a0}—\u{a0}", "Нет.\u{2060}"] {
        readings.push(set(), &all(), chunk, &mut out).unwrap();
        assert_eq!(readings.held(), 0, "{chunk}");
    }
}

#[test]
fn more_than_may_be_held_fails_and_stays_so() {
    for odd in ["\u{200b}".repeat(1000), "x\u{200b}".repeat(1000)] {
        let (mut out, mut readings) = (Out::default(), Readings::default());
        readings.push(set(), &all(), "tok_", &mut out).unwrap();
        let failed = (0..MOST_HELD).find_map(|_| {
            let pushed = readings.push(set(), &all(), &odd, &mut out);
            pushed.err()
        });
        assert_eq!(failed, Some(RedactError::TooLong));
        let again = readings.push(set(), &all(), "x", &mut out);
        assert_eq!(again, Err(RedactError::TooLong));
        assert_eq!(out.length(), 0);
    }
}

/// Texts that are held for long by one reading while the other has very much to say, and others
/// that part and join the readings without end.
fn hostile(length: usize) -> [String; 4] {
    let findings = "zzzz 123-45-6789 \u{200b}".repeat(length / 20);
    let toggles = "tok_abcd1234 \u{200b} and so on, and so on, and so on".repeat(length / 50);
    [
        format!("\u{200b}<<{findings}> "),
        format!("\u{ff1c}\u{ff1c}{findings}\u{ff1e} "),
        toggles,
        "\u{ff1c}".repeat(length / 3),
    ]
}

/// What this thread has had of a processor: others may keep it busy meanwhile.
fn on_a_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

fn time(text: &str, size: usize) -> Duration {
    let start = on_a_processor();
    let (mut out, mut readings) = (Out::default(), Readings::default());
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, more) = rest.split_at(rest.ceil_char_boundary(size.min(rest.len())));
        readings.push(set(), &all(), chunk, &mut out).unwrap();
        rest = more;
    }
    readings.finish(set(), &all(), &mut out).unwrap();
    assert_eq!(out.length(), text.len());
    on_a_processor() - start
}

#[test]
fn hostile_texts_cost_no_more_than_their_length() {
    let (short, long) = (hostile(6_000), hostile(48_000));
    for (number, (short, long)) in short.iter().zip(&long).enumerate() {
        for size in [7, 4000] {
            let (short, long) = (time(short, size), time(long, size));
            // That time is counted in ticks.
            let most = 30 * short.max(Duration::from_millis(10));
            assert!(long < most, "{number}, {size}: {short:?} and {long:?}");
        }
    }
}

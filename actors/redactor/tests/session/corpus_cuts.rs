//! Every item of the labelled corpus that `cargo xtask corpus` writes, cut at every place.
//!
//! What a client reads is the redaction of the whole text, however the text came, and of a secret
//! that is found nothing is in it. Both halves are read; nothing of a text is said in a failure,
//! since who writes rules does not look at the held-out half.

use std::fmt;
use std::ops::Range;

use corpus::{Class, Half, Item, Label, generate};
use nenya_redactor::{Action, RedactionConfig, RedactorHandle, RuleSet};

use super::cuts::{configured, in_events, in_pieces};
use super::formats::TEXTS;
use super::support::{Progress, all_families, everything, redactor, whole_text};

/// The largest item whose cuts are tried, in bytes.
const LARGEST: usize = 4096;
/// Items of each half, and cuts of each item, where nobody asks for all.
const SAMPLE: (usize, usize) = (12, 4);

/// What the streams of all items come to.
#[derive(Debug, Default)]
struct Tally {
    items: usize,
    larger: usize,
    streams: usize,
    found: usize,
    missed: usize,
    /// Bytes of found labels that no finding covers.
    open: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            items,
            larger,
            streams,
            found,
            missed,
            open,
        } = self;
        write!(
            f,
            "{streams} streams of {items} items ({larger} are larger), each the redaction of the whole; "
        )?;
        write!(
            f,
            "of {} labels the rules find {found}, and leave {open} bytes of those",
            found + missed
        )
    }
}

/// Every item of up to 4 KB at every split point, both halves with 600 items each:
///
/// `REDACTION_CORPUS=600 cargo test --release -p nenya-redactor --test session corpus`
///
/// `REDACTION_SEED=2` takes another corpus.
#[test]
fn no_cut_of_an_item_of_the_corpus_lets_a_byte_of_a_secret_out() {
    let all = std::env::var_os("REDACTION_CORPUS").is_some();
    let count = configured("REDACTION_CORPUS", SAMPLE.0);
    let seed = configured("REDACTION_SEED", 1) as u64;
    let items: Vec<Item> = Half::BOTH
        .into_iter()
        .flat_map(|half| generate(seed, half, count))
        .collect();
    let mut progress = Progress::of("corpus", "items", 2 * items.len(), all);
    for (name, config) in configs() {
        let (rules, redactor) = (RuleSet::compile(&config).unwrap(), redactor(&config));
        let mut tally = Tally::default();
        for item in &items {
            if item.piece.text.len() > LARGEST {
                tally.larger += 1;
            } else {
                let expected = judged(&rules, &redactor, item, &mut tally);
                let cuts = if all { usize::MAX } else { SAMPLE.1 };
                tally.streams += streams(&redactor, item, &expected, cuts);
            }
            progress.add(1);
        }
        assert!(tally.streams > items.len() && tally.found > count / 2);
        progress.say(&format!("{name}, seed {seed}: {tally}"));
    }
}

/// What the corpus has labels for; and everything that is looked for.
fn configs() -> [(&'static str, RedactionConfig); 2] {
    [
        ("both presets", everything()),
        ("all families", all_families()),
    ]
}

/// The redaction of the whole item, after a look at what it leaves of the labels.
fn judged(rules: &RuleSet, redactor: &RedactorHandle, item: &Item, tally: &mut Tally) -> String {
    let text = &item.piece.text;
    let inspected = rules.inspect(text.as_bytes()).unwrap();
    let expected = whole_text(redactor, text);
    let replaced = inspected.findings.iter();
    let replaced: Vec<Range<usize>> = replaced
        .filter(|found| found.action != Action::Observe)
        .map(|found| found.range.clone())
        .collect();
    let labels = item.piece.labels.iter();
    for label in labels.filter(|label| label.class != Class::Either) {
        match covered(label, &replaced) {
            0 => tally.missed += 1,
            bytes => {
                tally.found += 1;
                tally.open += label.end - label.start - bytes;
                let value = label.of(text);
                let gone = bytes == value.len() && text.matches(value).count() == 1;
                assert!(!gone || !expected.contains(value), "{}", item.path);
            }
        }
    }
    tally.items += 1;
    expected
}

/// How many bytes of a label are replaced.
fn covered(label: &Label, replaced: &[Range<usize>]) -> usize {
    let shared = |range: &Range<usize>| {
        let end = label.end.min(range.end);
        end.saturating_sub(label.start.max(range.start))
    };
    replaced.iter().map(shared).sum()
}

/// Streams an item in two pieces, cut at this many places: as bytes, and as the events of one
/// format after the other where a character ends; then byte by byte and character by character.
/// Says how many streams that were.
fn streams(redactor: &RedactorHandle, item: &Item, expected: &str, cuts: usize) -> usize {
    let (text, mut count) = (&item.piece.text, 0);
    let mut same = |out: String, how: &str, cut: usize| {
        count += 1;
        assert!(out == expected, "{}, {how}, cut at {cut}", item.path);
    };
    let step = (text.len() / cuts).max(1);
    for cut in (0..=text.len()).step_by(step) {
        same(in_pieces(redactor, text, &[cut]), "bytes", cut);
        if text.is_char_boundary(cut) {
            let format = &TEXTS[cut % TEXTS.len()];
            same(in_events(format, redactor, text, &[cut]), format.name, cut);
        }
    }
    let bytes: Vec<usize> = (1..text.len()).collect();
    same(in_pieces(redactor, text, &bytes), "each byte", 1);
    let characters: Vec<usize> = text.char_indices().skip(1).map(|(at, _)| at).collect();
    let format = &TEXTS[text.len() % TEXTS.len()];
    let out = in_events(format, redactor, text, &characters);
    same(out, "each character", 1);
    count
}

#[test]
fn a_byte_that_no_finding_covers_is_counted() {
    let label = Label {
        start: 10,
        end: 20,
        class: Class::Credential,
        kind: String::new(),
    };
    assert_eq!(covered(&label, &[0..10, 20..30]), 0);
    assert_eq!(covered(&label, &[8..12, 15..25]), 7);
    assert_eq!(covered(&label, &[0..15, 15..99]), 10);
}

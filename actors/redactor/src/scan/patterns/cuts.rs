//! Any way to cut a text gives the findings of the whole.

use fancy_regex::Regex;
use proptest::prelude::*;

use super::*;

type Found = Vec<(usize, Range<usize>)>;

/// What must come out, by the patterns one by one: the slow way that nobody doubts. `None` if one
/// of them runs away.
fn by_the_book(patterns: &[String], text: &str) -> Option<Found> {
    let mut found = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let regex = Regex::new(pattern).unwrap();
        let mut from = 0;
        while from <= text.len() {
            let next = regex.find_from_pos(text, from).ok()?;
            let Some(range) = next.map(|found| found.range()) else {
                break;
            };
            if range.is_empty() {
                let next = text[range.start..].chars().next();
                from = range.start + next.map_or(1, char::len_utf8);
            } else {
                from = range.end;
                found.push((index, range));
            }
        }
    }
    Some(in_order(found))
}

fn in_order(mut found: Found) -> Found {
    found.sort_by_key(|(index, range)| (range.start, range.end, *index));
    found
}

/// Feeds a text in chunks, letting go of all but one character before what is held.
pub(in crate::scan) fn in_chunks(set: &PatternSet, chunks: &[&str]) -> Result<Found, GaveUp> {
    let (mut kept, mut gone) = (String::new(), 0);
    let mut progress = Progress::default();
    let mut found = Vec::new();
    for (number, chunk) in chunks.iter().chain([&""]).enumerate() {
        kept.push_str(chunk);
        let mut now = Vec::new();
        let hold = set.find(&kept, &mut progress, number == chunks.len(), &mut now)?;
        for (index, range) in now {
            assert!(range.end <= kept.len(), "a finding has come");
            found.push((index, range.start + gone..range.end + gone));
        }
        let context = kept[..hold]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        kept.drain(..context);
        gone += context;
        progress.shift(context);
    }
    Ok(in_order(found))
}

/// A text, cut at the characters nearest to these numbers.
pub(in crate::scan) fn pieces<'t>(text: &'t str, cuts: &[usize]) -> Vec<&'t str> {
    let mut cuts: Vec<usize> = cuts
        .iter()
        .map(|cut| text.floor_char_boundary(cut % (text.len() + 1)))
        .collect();
    cuts.sort_unstable();
    let mut at = 0;
    let mut pieces = Vec::new();
    for cut in cuts.into_iter().chain([text.len()]) {
        pieces.push(&text[at..cut]);
        at = cut;
    }
    pieces
}

/// Patterns of a small alphabet, so that they meet often.
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        8 => proptest::sample::select(vec![
            "a", "b", "ab", "ba", "abc", "é", " ", r"\n", ".", "[ab]", "[^a]", r"\w", r"\s", "(?i:A)",
            "-", "aé", "(?s:.)",
        ]).prop_map(str::to_owned),
        2 => proptest::sample::select(vec![
            r"\b", r"\B", "^", "$", "(?m:^)", "(?m:$)", r"\b{start}", r"\b{end}", r"\b{start-half}",
            r"\b{end-half}", r"\A", r"\z", "(?Rm:^)", "(?Rm:$)",
        ]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            4 => proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.concat()),
            2 => proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            1 => inner.clone().prop_map(|part| format!("({part})")),
            3 => (inner, proptest::sample::select(vec![
                "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}",
            ])).prop_map(|(part, count)| format!("(?:{part}){count}")),
        ]
    })
}

/// The same, with what must wait for the whole text.
fn any_pattern() -> impl Strategy<Value = String> {
    let looks = proptest::sample::select(vec![
        "(?=a)", "(?!b)", "(?<=a)", "(?<!ab)", r"(a)\1", "(?>ab|a)", "a++", r"\R",
    ]);
    prop_oneof![
        6 => pattern(),
        1 => (pattern(), looks.clone()).prop_map(|(pattern, look)| format!("{look}{pattern}")),
        1 => (pattern(), looks).prop_map(|(pattern, look)| format!("{pattern}{look}")),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "a", "b", "c", "ab", "abc", "é", " ", "\n", "\r\n", "\r", "-", "A", "aaaa", "abab", "_",
        "—",
    ]);
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn compiled(patterns: &[String]) -> Option<PatternSet> {
    PatternSet::compile(patterns, Letters::Unicode).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 1_000_000, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn every_cut_gives_the_findings_of_the_whole(
        patterns in proptest::collection::vec(any_pattern(), 1..4),
        text in text(),
        cuts in proptest::collection::vec(any::<usize>(), 0..6),
    ) {
        let set = compiled(&patterns);
        prop_assume!(set.is_some());
        let set = set.unwrap();
        let expected = by_the_book(&patterns, &text);
        let cut = in_chunks(&set, &pieces(&text, &cuts));
        let characters: Vec<&str> = text.split_inclusive(|_: char| true).collect();
        let all_cut = in_chunks(&set, &characters);
        // What runs away is an error in one search or the other, never a pass.
        if let (Some(expected), Ok(cut), Ok(all_cut)) = (expected, cut, all_cut) {
            prop_assert_eq!(&cut, &expected, "cut at {:?}", cuts);
            prop_assert_eq!(&all_cut, &expected, "cut everywhere");
        }
    }

    #[test]
    fn what_is_held_could_become_a_match_or_is_next_to_one(text in "[a-z ]{0,40}") {
        let set = compiled(&["needle".to_owned(), "[0-9]{4}".to_owned()]).unwrap();
        let hold = set.find(&text, &mut Progress::default(), false, &mut Vec::new()).unwrap();
        prop_assert!("needle".starts_with(&text[hold..]), "{:?}", &text[hold..]);
    }
}

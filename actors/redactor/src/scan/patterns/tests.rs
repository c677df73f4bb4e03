use super::cuts::in_chunks;
use super::delay::{StreamDelay, stream_delay};
use super::*;
use crate::error::PatternProblem;

fn set(patterns: &[&str]) -> PatternSet {
    PatternSet::compile(patterns, Letters::Unicode).unwrap()
}

fn held<'t>(set: &PatternSet, text: &'t str) -> &'t str {
    let mut found = Vec::new();
    let hold = set.find(text, &mut Progress::default(), false, &mut found);
    &text[hold.unwrap()..]
}

fn refused(pattern: &str) -> PatternProblem {
    let patterns = ["fine", pattern];
    match PatternSet::compile(&patterns, Letters::Unicode) {
        Err(RedactError::Pattern { index: 1, problem }) => problem,
        other => panic!("{pattern}: {other:?}"),
    }
}

#[test]
fn only_what_may_become_a_match_is_held() {
    let needle = set(&[r"needle\d{2}", r"\bpin \d+"]);
    for (text, rest) in [
        ("nothing of the kind", ""),
        ("a nee", "nee"),
        ("a needle7", "needle7"),
        ("a needle77", ""),
        ("the pin 12", "pin 12"),
        ("the pin 12 ", ""),
        ("the pi", "pi"),
    ] {
        assert_eq!(held(&needle, text), rest, "{text}");
    }
    assert_eq!(held(&set(&["(?m)^kill$"]), "skill"), "");
    assert_eq!(held(&set(&["(?m)^kill$"]), "x\nkill"), "kill");
    assert_eq!(held(&set(&["(?m)^kill$"]), "x\nkill "), "");
}

#[test]
fn a_pattern_that_looks_around_waits_for_the_whole_text() {
    let looks = set(&[r"(?<=id )\d+", "cat"]);
    assert!(looks.waits_for_all());
    assert_eq!(held(&looks, "cat id 17 and prose"), "cat id 17 and prose");
    assert_eq!(
        in_chunks(&looks, &["cat i", "d 1", "7, 18"]).unwrap(),
        [(1, 0..3), (0, 7..9)]
    );
}

#[test]
fn a_pattern_is_found_within_a_match_of_another() {
    let both = set(&["begin.*end", "key-[0-9]+", "d[ae]"]);
    let text = "a begin key-17 end, dada key-4";
    let expected = vec![
        (0, 2..18),
        (1, 8..14),
        (2, 20..22),
        (2, 22..24),
        (1, 25..30),
    ];
    assert_eq!(in_chunks(&both, &[text]).as_ref(), Ok(&expected));
    for cut in 0..=text.len() {
        assert_eq!(
            in_chunks(&both, &[&text[..cut], &text[cut..]]).as_ref(),
            Ok(&expected),
            "{cut}"
        );
    }
}

#[test]
fn a_pattern_goes_on_behind_its_own_match_while_another_waits() {
    // The second has matched all, and must not match a part of it anew when the first is decided.
    let both = set(&["a[^z]*z", "[a-c]{3}"]);
    for text in ["abcabcx", "abcabcz", "xabcab cbaz"] {
        let whole = in_chunks(&both, &[text]);
        let letters: Vec<&str> = text.split_inclusive(|_: char| true).collect();
        assert_eq!(in_chunks(&both, &letters), whole, "{text}");
    }
}

#[test]
fn a_pattern_that_can_begin_with_anything_holds_its_line() {
    let line = set(&["(?i).*secret.*"]);
    assert_eq!(
        held(&line, "one line\nand half of the next"),
        "and half of the next"
    );
    assert_eq!(
        in_chunks(&line, &["a\na sec", "ret b", "\nc"]).unwrap(),
        [(0, 2..12)]
    );
}

#[test]
fn delays_are_told_beforehand() {
    for (pattern, delay) in [
        ("[A-Z]{4}-[0-9]{4}", StreamDelay::Bytes(9)),
        ("ticket-[0-9]+", StreamDelay::Matches),
        ("(?i).*secret.*", StreamDelay::Prose),
        (r"[\s\S]*x", StreamDelay::Prose),
        ("(?<=a)b", StreamDelay::Text),
        (r"(\w)\1", StreamDelay::Text),
        ("(?>a|b)c", StreamDelay::Text),
    ] {
        assert_eq!(stream_delay(pattern), delay, "{pattern}");
    }
}

#[test]
fn bad_patterns_are_refused_with_place_and_words() {
    for (pattern, at, what) in [
        ("(", Some(1), "paren"),
        ("a**b)", Some(2), ""),
        ("ab[z-a]", Some(3), "range"),
        ("x*", None, "empty text"),
        (r"\8", None, ""),
        (r"(?:a{1000}){1000}", None, "bytes"),
        (r"end\Z", None, "not supported"),
        (r"(\bfoo)\1", None, "back-reference"),
        (r"foo\Kbar", None, "supported"),
        (r"a(*ACCEPT)b", None, "supported"),
    ] {
        let problem = refused(pattern);
        assert!(problem.what.contains(what), "{pattern}: {}", problem.what);
        if at.is_some() {
            assert_eq!(problem.at, at, "{pattern}: {}", problem.what);
        }
    }
}

#[test]
fn usual_ways_to_write_are_understood() {
    for (pattern, text) in [
        (r"\x41\u00e9", "Aé"),
        (r"caf\xE9", "café"),
        (r"\p{Lu}[[:digit:]]{2}", "Ä17"),
        ("[a-z&&[^b]]{3}", "acd"),
        ("(?x) a b # both", "ab"),
        ("(?<name>ab)+", "abab"),
        ("(?i)STRASSE", "Strasse"),
        (r"\h{4}", "beef"),
        (r"(?i)ſ", "S"),
        ("(?s)a.b", "a\nb"),
    ] {
        assert_eq!(
            in_chunks(&set(&[pattern]), &[text]),
            Ok(vec![(0, 0..text.len())]),
            "{pattern}"
        );
    }
}

#[test]
fn word_boundaries_beside_other_letters_are_seen() {
    let words = set(&[r"\bor\b", r"\bfoo.*bar"]);
    let many = "for größer ".repeat(40);
    let text = format!("{many}or und xfoo, foo: bar");
    let at = |what: &str| text.find(what).unwrap();
    let expected = vec![(0, at("or und")..at(" und")), (1, at("foo: ")..text.len())];
    assert_eq!(in_chunks(&words, &[&text]), Ok(expected));
}

#[test]
fn candidates_within_words_of_other_letters_are_none() {
    let words = set(&[r"\bfoo(?:.*bar)?"]);
    let text = "éfoo ".repeat(16_000);
    let mut found = Vec::new();
    words
        .find(&text, &mut Progress::default(), true, &mut found)
        .unwrap();
    assert_eq!(found, Vec::new());
}

#[test]
fn a_pattern_that_runs_away_is_an_error_and_no_pass() {
    let runs_away = set(&["(?:x+x+)+(?<!xx)y"]);
    let text = format!("{}y", "x".repeat(60));
    let result = runs_away.find(&text, &mut Progress::default(), true, &mut Vec::new());
    assert_eq!(result, Err(GaveUp));
}

#[test]
fn no_patterns_hold_nothing() {
    assert_eq!(held(&set(&[]), "anything"), "");
    assert!(!set(&[]).waits_for_all());
}

#[test]
fn a_long_pattern_of_one_literal_compiles() {
    let long = "ab".repeat(5000);
    let literal = set(&[&long]);
    assert_eq!(held(&literal, &long[..9999]).len(), 9999);
    assert_eq!(
        in_chunks(&literal, &[&long[..77], &long[77..]]).unwrap(),
        [(0, 0..10_000)]
    );
}

#[test]
fn long_streams_in_small_chunks_are_read_a_few_times_and_not_once_per_chunk() {
    let patterns = set(&["begin(?s:.)*?end", "[0-9]{4}-[0-9]{4}", "ab|b[^z]*z"]);
    for piece in ["begin of it and ", "1234-", "abab", "plain prose, "] {
        let text = piece.repeat(100_000 / piece.len());
        let (mut progress, mut read) = (Progress::default(), 0);
        for end in (20..text.len()).step_by(20) {
            if end >= progress.look_at {
                read += end - progress.from;
            }
            patterns
                .find(&text[..end], &mut progress, false, &mut Vec::new())
                .unwrap();
        }
        let least = text.len() / 2;
        let most = text.len() * (GROWTH + 4);
        assert!((least..most).contains(&read), "{piece}: {read}");
    }
}

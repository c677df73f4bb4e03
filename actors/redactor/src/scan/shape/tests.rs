use fancy_regex::Regex;
use proptest::prelude::*;

use super::*;
use crate::scan::classes::{ByteSet, Classes, DIGIT, LETTER, Runs};
use crate::scan::view::View;

/// Patterns of every kind of step, all of them possible rows.
const PATTERNS: &[&str] = &[
    "ab[cd]{3}",
    "ab[cd]{2,4}",
    "ab[cd]{2,}",
    "ab?c*d+",
    "a(?:b|c(?:t|a)?)d{1,2}",
    "(?:pat|ptt|pa)-[abc]{2,3}",
    "a(?:-[bc]{2}){1,3}",
    "a(?:-[bc]+)*",
    "a(?:-[bc]+)+_",
    "a(?<secret>[bc]{2,})-d",
    "(?i)aB[c-d]{2}_?",
    r"a\.[^bc]{2}b",
    r"[ab]{2}\d{1,2}[bc_]",
    "a[bc]{60}",
    "a[bc]{50,}d",
    "(?:a|b)(?:|c)d",
    "a[bc]{2}={0,2}",
    r"ab\s?\-c",
];

fn compile(pattern: &str) -> (Program, Classes) {
    let mut classes = Classes::default();
    let program = Program::compile(pattern, &mut classes);
    (
        program.unwrap_or_else(|error| panic!("{pattern}: {error}")),
        classes,
    )
}

fn run(program: &Program, classes: &Classes, text: &str, complete: bool) -> Outcome {
    let mut view = View {
        text: text.as_bytes(),
        complete,
        classes,
        runs: &mut Runs::default(),
    };
    program.run(0, &mut view)
}

/// The longest match of a regular expression at the beginning of a text that keeps to the edges.
///
/// The engine is asked for a match that ends at each place, so that its way of choosing between
/// matches of different length does not matter.
fn oracle(pattern: &str, text: &str) -> Option<usize> {
    let anchored = match pattern.strip_prefix("(?i)") {
        Some(rest) => format!(r"(?i)\A(?:{rest})\z"),
        None => format!(r"\A(?:{pattern})\z"),
    };
    let regex = Regex::new(&anchored).unwrap();
    (1..=text.len())
        .rev()
        .find(|end| regex.is_match(text.get(..*end).unwrap()).unwrap())
}

/// Whether the end of a match can be one: whatever the last step was.
fn edge_ok(text: &str, end: usize) -> bool {
    let next = text.as_bytes().get(end);
    next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A match is one of the regular expression too, and the longest. Where the expression has one
    /// with an edge after it, the program has it, too: differences are only at other ends.
    #[test]
    fn programs_agree_with_a_regular_expression_engine(
        which in 0..PATTERNS.len(),
        text in "[aApP]?(a|b|ab|pat|pt)?[abcdt_=. -]{0,8}[bc]{0,3}[-d12=]{0,4}",
    ) {
        let pattern = PATTERNS[which];
        let (program, classes) = compile(pattern);
        let expected = oracle(pattern, &text);
        match run(&program, &classes, &text, true) {
            Outcome::Match { whole, .. } => prop_assert_eq!(Some(whole.end), expected, "{}", pattern),
            Outcome::No => {
                let certain = expected.filter(|end| edge_ok(&text, *end));
                // A repetition that may end there but does not, such as `={0,2}` before a third.
                let cut = certain.filter(|end| !text.get(*end..).unwrap().starts_with(['=', '-']));
                prop_assert_eq!(cut, None, "{} on {:?}", pattern, text);
            }
            Outcome::Open { .. } => prop_assert!(false, "open on a whole text"),
        }
    }

    #[test]
    fn answers_on_prefixes_never_contradict(
        which in 0..PATTERNS.len(),
        text in "[aA]?(a|b|ab|pat-|a-)?[abcd_=. -]{0,6}[bc]{0,70}[-d1=]{0,4}",
    ) {
        let (program, classes) = compile(PATTERNS[which]);
        let whole = run(&program, &classes, &text, true);
        let mut known = None;
        for end in 0..=text.len() {
            let answer = run(&program, &classes, text.get(..end).unwrap(), false);
            if let Some(known) = &known {
                prop_assert_eq!(known, &answer);
            }
            match &answer {
                Outcome::Open { holds } => {
                    let Outcome::Match { secret, .. } = &whole else { continue };
                    prop_assert!(*holds <= secret.start);
                }
                sure => {
                    prop_assert_eq!(sure, &whole);
                    known = Some(answer);
                }
            }
        }
    }
}

#[test]
fn last_repetition_ends_where_its_run_ends() {
    let (program, classes) = compile("ab[cd]{2,4}");
    let ends = |text| match run(&program, &classes, text, true) {
        Outcome::Match { whole, .. } => Some(whole.end),
        _ => None,
    };
    assert_eq!(ends("abcdz"), Some(4));
    assert_eq!(ends("abcdcd"), Some(6));
    assert_eq!(ends("abcdcdc"), None);
}

#[test]
fn fixed_end_wants_an_edge() {
    let (program, classes) = compile("ab[c-]{2}");
    let matches = |text| matches!(run(&program, &classes, text, true), Outcome::Match { .. });
    assert!(matches("abcc"));
    assert!(matches("abcc-"));
    assert!(!matches("abccx"));
    assert!(!matches("abcc_"));
}

#[test]
fn match_does_not_end_within_a_character() {
    let (program, classes) = compile("ab[^c]{3}");
    let is_no = |text| run(&program, &classes, text, true) == Outcome::No;
    assert!(is_no("abüü"));
    assert!(!is_no("abüx"));
}

#[test]
fn literals_are_all_that_a_match_can_begin_with() {
    let literals = |pattern| compile(pattern).0.literals().to_vec();
    assert_eq!(literals("gh[pou]_[0-9]{3}"), ["gho_", "ghp_", "ghu_"]);
    assert_eq!(literals("A(?:KIA|SIA)[0-9A-Z]{3}"), ["AKIA", "ASIA"]);
    assert_eq!(literals("(?i)Key-[0-9]+"), ["key-"]);
    assert_eq!(literals("sk[0-9a-f]{32}"), ["sk"]);
    assert_eq!(literals("a{3}b?c"), ["aaa"]);
    assert_eq!(
        literals("x(?:ox[ab]|app)-[0-9]+"),
        ["xapp-", "xoxa-", "xoxb-"]
    );
    assert_eq!(literals("[0-9]+x"), [""]);
    assert_eq!(
        literals("abcdefghijklmnopqrstuvwxyz0123"),
        ["abcdefghijklmnopqrstuvwx"]
    );
}

#[test]
fn what_the_next_byte_does_not_decide_is_refused_with_its_place() {
    for (pattern, at) in [
        ("a[bc]+b", 1),
        ("a(?:b|[bc])d", 6),
        ("a(?:bc)*b", 1),
        ("a(?:b|)b", 4),
        ("ab?b", 1),
        ("a.b", 1),
        ("^a", 0),
        (r"a\b", 2),
        ("a(b)", 1),
        ("a(?=b)", 1),
        ("a+?b", 2),
        ("a{2", 3),
        ("a{3,2}b", 6),
        ("(?:a?)*b", 0),
        ("a[b", 1),
        ("aé", 1),
        ("a)", 1),
        ("(?:a", 0),
        ("ab(?:c(?<secret>d)|e)", 2),
        ("(?<secret>a)(?<secret>b)", 12),
    ] {
        let error = Program::compile(pattern, &mut Classes::default()).unwrap_err();
        assert!(error.at.abs_diff(at) <= 3, "{pattern}: {error}");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn long_runs_are_walked_once() {
    let (program, classes) = compile("aa[a]{50,}b");
    let text = "a".repeat(200_000);
    let mut runs = Runs::default();
    for at in 0..text.len() {
        let mut view = View {
            text: text.as_bytes(),
            complete: false,
            classes: &classes,
            runs: &mut runs,
        };
        assert!(matches!(program.run(at, &mut view), Outcome::Open { .. }));
    }
}

#[test]
fn context_before_a_secret_is_not_held() {
    let (program, classes) = compile("(?i)key: (?<secret>[a-f]{4})!");
    assert_eq!(
        run(&program, &classes, "kEy: ", false),
        Outcome::Open { holds: 5 }
    );
    assert_eq!(
        run(&program, &classes, "key: ab", false),
        Outcome::Open { holds: 5 }
    );
    assert!(program.keeps(5) && !program.keeps(6));
}

#[test]
fn classes_are_shared_between_patterns() {
    let mut classes = Classes::default();
    for pattern in ["ab[0-9A-Za-z]{60}", "cd[A-Za-z0-9]{61,}"] {
        Program::compile(pattern, &mut classes).unwrap();
    }
    let id = classes.intern(DIGIT.or(LETTER));
    assert_eq!(id, Classes::default().intern(ByteSet::default()));
}

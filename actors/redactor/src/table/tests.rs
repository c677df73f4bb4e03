//! Holds each row to its word.
//!
//! The oracle is an ordinary regular expression engine with the row's own pattern, and what the
//! kinds of rows promise about edges and names: slow and plain, and nothing of the scan in it.

use std::collections::HashSet;

use fancy_regex::{Captures, Regex};

use super::row::{Check, Edge, How, Rule};
use super::{credentials, pii};

fn rows() -> impl Iterator<Item = &'static Rule> {
    let topics = credentials::RULES.iter().chain(pii::RULES);
    topics.flat_map(|rows| rows.iter())
}

/// Rows that a pattern alone decides.
fn rows_with_patterns() -> impl Iterator<Item = (&'static Rule, Regex)> {
    rows().filter_map(|row| Some((row, oracle(row)?)))
}

fn oracle(row: &Rule) -> Option<Regex> {
    let (case, body) = match row.pattern.strip_prefix("(?i)") {
        Some(body) => ("(?i)", body),
        None => ("", row.pattern),
    };
    let right = right_edge(body);
    let expression = match row.how {
        How::Token { left: Edge::Any } => format!("{case}(?>{body}){right}"),
        How::Token { left: Edge::Word } => format!("{LEFT_EDGE}{case}(?>{body}){right}"),
        How::Assigned { names } => {
            format!(
                "(?i:{}){ASSIGNS}{case}(?<secret>(?>{body})){right}",
                spellings(names)
            )
        }
        How::Special(_) => return None,
    };
    Some(Regex::new(&expression).unwrap_or_else(|error| panic!("{}: {error}", row.id)))
}

const LEFT_EDGE: &str = r"(?:(?<![0-9A-Za-z_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))";

/// The rest of a name, what assigns, and an opening quote.
const ASSIGNS: &str = r#"[0-9A-Za-z_.-]{0,40}["'`]?[ \t]*(?:=>|:=|=|:|[ \t])[ \t]*["'`]?"#;

fn spellings(names: &[&str]) -> String {
    names.join("|").replace('_', "[-_. ]?")
}

/// What must not follow: for a run without a bound nothing more of it can, for one with a bound
/// another byte of the run, for everything else the rest of a word.
fn right_edge(body: &str) -> String {
    let body = match body.strip_suffix(')') {
        Some(inner) if body.contains("(?<secret>") => inner,
        _ => body,
    };
    if body.ends_with(",}") || body.ends_with('+') || body.ends_with('*') {
        return String::new();
    }
    let bounded = body
        .strip_suffix('}')
        .and_then(|body| body.rsplit_once('{'));
    match bounded {
        Some((run, count)) if count.contains(',') => {
            let class = run.rsplit_once('[').filter(|_| run.ends_with(']'));
            match (class, run.chars().next_back()) {
                (Some((_, class)), _) => format!("(?![{class})"),
                (None, Some(byte)) => format!("(?!{byte})"),
                (None, None) => String::new(),
            }
        }
        _ => "(?![0-9A-Za-z_])".to_owned(),
    }
}

/// Everything in `text` that the row finds.
fn found<'t>(row: &Rule, oracle: &Regex, text: &'t str) -> Vec<&'t str> {
    let secret = |captures: Captures<'t, str>| {
        let whole = captures.get(0).map(|found| found.as_str());
        captures
            .name("secret")
            .map(|found| found.as_str())
            .or(whole)
    };
    let matches = oracle.captures_iter(text).map(|captures| captures.unwrap());
    matches
        .filter_map(secret)
        .filter(|found| passes(row, found.as_bytes()))
        .collect()
}

fn passes(row: &Rule, found: &[u8]) -> bool {
    let checked = row.check.is_none_or(|Check(check)| check(found));
    checked && bits_per_byte(found) >= f64::from(row.entropy)
}

fn bits_per_byte(found: &[u8]) -> f64 {
    let found = &found[..found.len().min(256)];
    let share = |byte: u8| {
        let times = u32::try_from(found.iter().filter(|other| **other == byte).count()).unwrap();
        f64::from(times) / f64::from(u32::try_from(found.len()).unwrap())
    };
    let shares = (0..=u8::MAX).map(share).filter(|share| *share > 0.0);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

#[test]
fn ids_are_unique_and_well_formed() {
    let mut known = HashSet::new();
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    for row in rows() {
        assert!(known.insert(row.id), "{} is there twice", row.id);
        assert!(!row.id.is_empty() && row.id.bytes().all(fits), "{}", row.id);
    }
}

#[test]
fn every_row_says_where_it_is_from_and_shows_itself() {
    for row in rows() {
        assert!(!row.what.is_empty() && !row.source.is_empty(), "{}", row.id);
        assert!(
            !row.examples.is_empty() && !row.near_misses.is_empty(),
            "{}",
            row.id
        );
        for (text, secret) in row.examples {
            assert!(
                !secret.is_empty() && text.contains(secret),
                "{}: {text}",
                row.id
            );
        }
    }
}

#[test]
fn every_example_is_found_and_nothing_else_in_it() {
    let mut wrong = Vec::new();
    for (row, oracle) in rows_with_patterns() {
        for (text, secret) in row.examples {
            if found(row, &oracle, text) != [*secret] {
                wrong.push(format!("{}: {text}", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_near_miss_is_found() {
    let mut wrong = Vec::new();
    for (row, oracle) in rows_with_patterns() {
        for text in row.near_misses {
            if !found(row, &oracle, text).is_empty() {
                wrong.push(format!("{}: {text}", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn examples_reach_the_entropy_that_their_row_asks_for() {
    for row in rows() {
        for (_, secret) in row.examples {
            let bits = bits_per_byte(secret.as_bytes());
            assert!(
                bits >= f64::from(row.entropy),
                "{}: {secret} has {bits}",
                row.id
            );
        }
    }
}

#[test]
fn names_of_assigned_values_can_be_looked_for() {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    for row in rows() {
        let How::Assigned { names } = row.how else {
            continue;
        };
        assert!(!names.is_empty(), "{}", row.id);
        for name in names {
            assert!((3..=24).contains(&name.len()), "{}: {name}", row.id);
            assert!(name.bytes().all(fits), "{}: {name}", row.id);
        }
    }
}

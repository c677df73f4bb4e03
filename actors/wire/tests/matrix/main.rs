//! Every client format by every upstream format by every golden case: what is kept, noted, refused.
//!
//! Two claims are checked. First, nothing is lost in silence: each leaf of each golden document is
//! changed and taken away in turn, and the outcome must tell, by another body, another note or
//! another refusal; what may go without a word stands in `exempt.rs`, with its reason. `streams`
//! checks the same of streams, event by event. Second, `docs/formats.md` says what happens: it is
//! made by this test.
//!
//! `history` adds what holds of a conversation that goes on.
//!
//! `NENYA_WRITE=1 cargo test -p nenya-wire --test matrix` writes the document anew.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod event;
mod exempt;
mod exempt_event;
mod exempt_stream;
mod golden;
mod history;
mod leaves;
mod outcome;
mod page;
mod streams;

use nenya_wire::ApiFormat;

use leaves::{ancestors, leaves, removed, removed_alike, removed_by_name, varied};
use outcome::{Outcome, reply_outcome, request_outcome};
use serde_json::Value;

/// Every pair of different formats.
fn pairs() -> impl Iterator<Item = (ApiFormat, ApiFormat)> {
    let all = ApiFormat::ALL.into_iter();
    all.flat_map(|from| {
        ApiFormat::ALL
            .into_iter()
            .filter(move |to| *to != from)
            .map(move |to| (from, to))
    })
}

/// Whether the outcome tells of this leaf: it changes with the leaf, or what the leaf stands in is
/// noted as a whole: where it stands, or at all places of its kind.
fn is_told(document: &Value, path: &str, outcome: &dyn Fn(&Value) -> Outcome) -> bool {
    let base = outcome(document);
    if outcome(&varied(document, path)) != base {
        return true;
    }
    // That a field is needed does not show that its value is read.
    let less = outcome(&removed(document, path));
    if less != base && !matches!(less, Outcome::Refused(_)) {
        return true;
    }
    ancestors(path).any(|around| {
        [removed, removed_alike, removed_by_name]
            .iter()
            .any(|without| is_only_noted(&base, &outcome(&without(document, around))))
    })
}

/// Without it the body is the same, and the notes are not.
fn is_only_noted(with: &Outcome, without: &Outcome) -> bool {
    match (with, without) {
        (
            Outcome::Told { body, notes },
            Outcome::Told {
                body: other,
                notes: fewer,
            },
        ) => body == other && notes != fewer,
        _ => false,
    }
}

#[test]
fn nothing_of_a_request_is_lost_in_silence() {
    let mut lost = Vec::new();
    for (from, to) in pairs() {
        for (case, document) in golden::requests(from) {
            let Some(document) = outcome::acceptable_request(document, from, to) else {
                continue;
            };
            for path in leaves(&document) {
                let outcome = |other: &Value| request_outcome(other, from, to);
                if !exempt::request(from, to, &case, &path) && !is_told(&document, &path, &outcome)
                {
                    lost.push(format!("{from} -> {to}: {case}: {path}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn nothing_of_a_reply_is_lost_in_silence() {
    let mut lost = Vec::new();
    for (from, to) in pairs() {
        for (case, document) in golden::replies(from) {
            if matches!(reply_outcome(&document, from, to), Outcome::Refused(_)) {
                continue;
            }
            for path in leaves(&document) {
                let outcome = |other: &Value| reply_outcome(other, from, to);
                if !exempt::reply(from, to, &case, &path) && !is_told(&document, &path, &outcome) {
                    lost.push(format!("{from} -> {to}: {case}: {path}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn every_reply_can_be_told_in_every_format() {
    for (from, to) in pairs() {
        for (case, document) in golden::replies(from) {
            let outcome = reply_outcome(&document, from, to);
            let refused = matches!(outcome, Outcome::Refused(_));
            assert_eq!(
                refused,
                exempt::is_no_answer(to, &case),
                "{from} -> {to}: {case}: {outcome:?}"
            );
        }
    }
}

#[test]
fn the_same_history_gives_the_same_bytes() {
    for (from, to) in pairs() {
        for (case, document) in golden::requests(from) {
            let (once, again) = (
                request_outcome(&document, from, to),
                request_outcome(&document, from, to),
            );
            assert_eq!(once, again, "{from} -> {to}: {case}");
        }
    }
}

#[test]
fn the_page_of_formats_says_what_happens() {
    page::check();
}

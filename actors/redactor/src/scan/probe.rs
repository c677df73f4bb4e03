//! A stand-in for the scan, for tests of families: every trigger is looked for at every place.

use std::ops::Range;

use super::classes::{Classes, Runs};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use crate::table::row::Rule;

type Build = fn(&[(RuleNumber, &'static Rule)], &mut Classes) -> Option<Box<dyn Family>>;

/// A family with its classes.
pub(crate) struct Probe {
    family: Box<dyn Family>,
    classes: Classes,
}

/// What is certain after a text: findings, and the first byte that may still be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    found: Vec<(RuleNumber, Range<usize>)>,
    holds: Option<usize>,
}

impl Probe {
    pub(crate) fn new(build: Build, rows: &'static [Rule]) -> Self {
        let mut classes = Classes::default();
        let rows: Vec<_> = (0..).zip(rows).collect();
        let family = build(&rows, &mut classes).expect("the rows belong to the family");
        Self { family, classes }
    }

    pub(crate) fn triggers(&self) -> Vec<Trigger> {
        self.family.triggers()
    }

    /// What is replaced in a whole text, in order and once each.
    pub(crate) fn found<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let ranges = self.ranges(text);
        let texts = ranges
            .into_iter()
            .map(|(_, range)| text.get(range).unwrap());
        texts.collect()
    }

    /// As [`Self::found`], with numbers of rules and places.
    pub(crate) fn ranges(&self, text: &str) -> Vec<(RuleNumber, Range<usize>)> {
        let mut all = Vec::new();
        for (at, payload) in self.places(text.as_bytes()) {
            let answer = self.ask(text.as_bytes(), true, at, payload, &mut Runs::default());
            assert_eq!(answer.holds, None, "open on a whole text: {text}");
            all.extend(answer.found);
        }
        all.sort_by_key(|(number, range)| (range.start, range.end, *number));
        all.dedup();
        all
    }

    /// Whether any look on this beginning of a text is open, and what it holds.
    pub(crate) fn holds(&self, text: &str) -> Option<usize> {
        let places = self.places(text.as_bytes()).into_iter();
        let holds = places.filter_map(|(at, payload)| {
            self.ask(text.as_bytes(), false, at, payload, &mut Runs::default())
                .holds
        });
        holds.min()
    }

    /// Every look on every prefix of `text` either is open, with nothing let go that is replaced
    /// later, or says what it says on the whole.
    pub(crate) fn check_prefixes(&self, text: &str) {
        let bytes = text.as_bytes();
        for (at, payload) in self.places(bytes) {
            let whole = self.ask(bytes, true, at, payload, &mut Runs::default());
            let mut runs = Runs::default();
            let mut known = None;
            let ends = (at + 2..=bytes.len()).filter(|end| text.is_char_boundary(*end));
            for end in ends.filter(|end| self.places(&bytes[..*end]).contains(&(at, payload))) {
                let prefix = &bytes[..end];
                let fresh = self.ask(prefix, false, at, payload, &mut Runs::default());
                let answer = self.ask(prefix, false, at, payload, &mut runs);
                let place = format!("trigger at {at}, first {end} bytes of {text:?}");
                assert_eq!(answer, fresh, "remembered runs change it: {place}");
                if let Some(known) = &known {
                    assert_eq!(&answer, known, "an answer is changed: {place}");
                }
                match answer.holds {
                    None => {
                        assert_eq!(answer.found, whole.found, "{place}");
                        known = Some(answer);
                    }
                    Some(holds) => {
                        let starts = whole.found.iter().map(|(_, range)| range.start);
                        assert!(starts.into_iter().all(|start| start >= holds), "{place}");
                        assert_eq!(answer.found, [], "{place}");
                    }
                }
            }
        }
    }

    fn ask(&self, text: &[u8], complete: bool, at: usize, payload: u16, runs: &mut Runs) -> Answer {
        let mut looks = Looks::default();
        let mut view = View {
            text,
            complete,
            classes: &self.classes,
            runs,
        };
        self.family.look(at, payload, &mut view, &mut looks);
        if let Some(open) = looks.open {
            assert!(open.needs <= at && open.holds <= text.len());
            // What a look reads, it asked for: without the rest its answer is the same.
            self.ask_without(text, open.needs, at, payload, open.holds);
        }
        Answer {
            found: looks.found,
            holds: looks.open.map(|open| open.holds),
        }
    }

    fn ask_without(&self, text: &[u8], needs: usize, at: usize, payload: u16, holds: usize) {
        let from = needs.saturating_sub(KEPT_CONTEXT);
        let mut looks = Looks::default();
        let mut view = View {
            text: &text[from..],
            complete: false,
            classes: &self.classes,
            runs: &mut Runs::default(),
        };
        self.family.look(at - from, payload, &mut view, &mut looks);
        assert_eq!(looks.open.map(|open| open.holds + from), Some(holds));
    }

    fn places(&self, text: &[u8]) -> Vec<(usize, u16)> {
        let triggers = self.family.triggers();
        let mut places = Vec::new();
        for at in 0..text.len() {
            for trigger in &triggers {
                if stands(&trigger.what, &text[at..]) {
                    places.push((at, trigger.payload));
                }
            }
        }
        places.dedup();
        places
    }
}

fn stands(what: &TriggerText, text: &[u8]) -> bool {
    match what {
        TriggerText::Exact(trigger) => text.starts_with(trigger.as_bytes()),
        TriggerText::AnyCase(trigger) => text
            .get(..trigger.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(trigger.as_bytes())),
        TriggerText::At => text.first() == Some(&b'@'),
        TriggerText::LongNumber
        | TriggerText::DottedNumber
        | TriggerText::DialledNumber
        | TriggerText::HexGroup
        | TriggerText::HexColon
        | TriggerText::CapitalsDigits => false,
    }
}

/// The texts of triggers.
pub(crate) fn texts(triggers: &[Trigger]) -> Vec<String> {
    let text = |trigger: &Trigger| match &trigger.what {
        TriggerText::Exact(text) | TriggerText::AnyCase(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    triggers.iter().map(text).collect()
}

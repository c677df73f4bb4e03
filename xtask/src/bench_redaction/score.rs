//! Compares what a tool reports with the labels.
//!
//! A label is found if a finding overlaps it. A finding that overlaps no label, `either` ones
//! included, is a false alarm; findings that overlap each other are one alarm, so that a tool
//! that says the same thing twice is not blamed twice.

use std::ops::Range;

use corpus::{Class, Item, Label};

/// What a tool reports: places in one file, and the class that it claims for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The place of the file in the list of items.
    pub(super) file: usize,
    pub(super) places: Vec<Range<usize>>,
    pub(super) class: Class,
    /// The tool's own name for it.
    pub(super) rule: String,
}

/// The figures of one tool for one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) labels: usize,
    pub(super) found: usize,
    pub(super) alarms: usize,
    /// Bytes of labels that no finding covers.
    pub(super) leaked: usize,
    /// The part of those that belongs to labels that are found.
    pub(super) leaked_of_found: usize,
}

impl Score {
    pub(super) fn recall(&self) -> f64 {
        share(self.found, self.labels)
    }

    pub(super) fn precision(&self) -> f64 {
        share(self.found, self.found + self.alarms)
    }

    pub(super) fn f1(&self) -> f64 {
        let (recall, precision) = (self.recall(), self.precision());
        if recall + precision > 0.0 {
            2.0 * recall * precision / (recall + precision)
        } else {
            0.0
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let exact = |number: usize| u32::try_from(number).map_or(f64::INFINITY, f64::from);
    if whole == 0 {
        0.0
    } else {
        exact(part) / exact(whole)
    }
}

/// A label that was missed, or an alarm without a label: the file's place, and the bytes.
pub(super) type Place = (usize, Range<usize>);

/// The figures of a class, the labels that were missed, and the false alarms.
pub(super) fn score(
    items: &[Item],
    findings: &[Finding],
    class: Class,
) -> (Score, Vec<Place>, Vec<Place>) {
    let mut score = Score::default();
    let (mut missed, mut alarms) = (Vec::new(), Vec::new());
    for (file, item) in items.iter().enumerate() {
        let here: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.file == file)
            .collect();
        let places = joined(
            here.iter()
                .flat_map(|finding| finding.places.clone())
                .collect(),
        );
        for label in item
            .piece
            .labels
            .iter()
            .filter(|label| label.class == class)
        {
            let covered: usize = places.iter().map(|place| shared(label, place)).sum();
            let open = (label.end - label.start).saturating_sub(covered);
            score.labels += 1;
            score.leaked += open;
            if covered > 0 {
                score.found += 1;
                score.leaked_of_found += open;
            } else {
                missed.push((file, label.start..label.end));
            }
        }
        let stray = here
            .iter()
            .filter(|finding| finding.class == class && !meets(finding, &item.piece.labels));
        let stray = joined(
            stray
                .filter_map(|finding| finding.places.first().cloned())
                .collect(),
        );
        score.alarms += stray.len();
        alarms.extend(stray.into_iter().map(|place| (file, place)));
    }
    (score, missed, alarms)
}

fn meets(finding: &Finding, labels: &[Label]) -> bool {
    finding
        .places
        .iter()
        .any(|place| labels.iter().any(|label| shared(label, place) > 0))
}

/// How many bytes a label and a place have in common.
fn shared(label: &Label, place: &Range<usize>) -> usize {
    label
        .end
        .min(place.end)
        .saturating_sub(label.start.max(place.start))
}

/// Places in order, those that overlap made one.
fn joined(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use corpus::{Half, Piece};

    use super::*;

    /// Credentials at (10, 20) and (30, 40), a mail at (50, 60), an example of documentation at (70, 80).
    fn item() -> Item {
        let mut piece = Piece {
            text: "x".repeat(100),
            ..Piece::default()
        };
        for (start, class) in [
            (10, Class::Credential),
            (30, Class::Credential),
            (50, Class::Pii),
            (70, Class::Either),
        ] {
            piece.labels.push(Label {
                start,
                end: start + 10,
                class,
                kind: String::new(),
            });
        }
        Item {
            path: "a".into(),
            kind: "a".into(),
            half: Half::Tune,
            piece,
        }
    }

    fn finding(places: &[(usize, usize)], class: Class) -> Finding {
        Finding {
            file: 0,
            places: places.iter().map(|(start, end)| *start..*end).collect(),
            class,
            rule: String::new(),
        }
    }

    fn credentials(findings: &[Finding]) -> Score {
        score(&[item()], findings, Class::Credential).0
    }

    #[test]
    fn a_finding_that_overlaps_a_label_finds_it_and_the_rest_leaks() {
        let score = credentials(&[finding(&[(15, 25)], Class::Credential)]);
        let expected = Score {
            labels: 2,
            found: 1,
            alarms: 0,
            leaked: 15,
            leaked_of_found: 5,
        };
        assert_eq!(score, expected);
        assert_eq!((score.recall(), score.precision()), (0.5, 1.0));
    }

    #[test]
    fn a_finding_beside_a_label_is_a_false_alarm_and_said_twice_it_is_still_one() {
        let beside = finding(&[(20, 30)], Class::Credential);
        let score = credentials(&[
            beside.clone(),
            beside,
            finding(&[(25, 28)], Class::Credential),
        ]);
        assert_eq!((score.found, score.alarms), (0, 1));
        assert_eq!(
            (score.recall(), score.precision(), score.f1()),
            (0.0, 0.0, 0.0)
        );
    }

    #[test]
    fn examples_of_documentation_are_neither_hit_nor_error() {
        let score = credentials(&[finding(&[(70, 80)], Class::Credential)]);
        assert_eq!((score.labels, score.found, score.alarms), (2, 0, 0));
    }

    #[test]
    fn an_alarm_counts_for_the_class_that_the_tool_claims() {
        let stray = finding(&[(90, 95)], Class::Pii);
        assert_eq!(credentials(std::slice::from_ref(&stray)).alarms, 0);
        assert_eq!(score(&[item()], &[stray], Class::Pii).0.alarms, 1);
    }

    #[test]
    fn one_finding_with_two_places_finds_two_labels() {
        let score = credentials(&[finding(&[(10, 20), (30, 40)], Class::Credential)]);
        assert_eq!((score.found, score.leaked, score.f1()), (2, 0, 1.0));
    }

    #[test]
    fn a_credential_tool_is_not_blamed_for_naming_personal_data() {
        assert_eq!(
            credentials(&[finding(&[(50, 55)], Class::Credential)]).alarms,
            0
        );
    }
}

//! What the corpus promises, over many items of both halves.

use std::collections::BTreeSet;

use super::piece::{Class, Label};
use super::random::Random;
use super::{Half, Item, digits, fill, generate, kinds, person, styles, templates};

const MANY: usize = 240;

fn labels(items: &[Item]) -> impl Iterator<Item = (&Label, &str)> {
    items.iter().flat_map(|item| {
        item.piece
            .labels
            .iter()
            .map(|label| (label, label.of(&item.piece.text)))
    })
}

fn only(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn is_iban(plain: &str) -> bool {
    let (head, account) = plain.split_at(4);
    digits::modulo_97(&format!("{account}{head}")) == 1
}

#[test]
fn the_same_seed_makes_the_same_corpus_and_another_one_another() {
    for half in Half::BOTH {
        assert_eq!(generate(1, half, MANY), generate(1, half, MANY));
        assert_ne!(generate(1, half, 2), generate(2, half, 2));
    }
}

#[test]
fn a_longer_corpus_begins_with_the_shorter_one() {
    assert_eq!(
        generate(1, Half::Tune, MANY)[..50],
        generate(1, Half::Tune, 50)
    );
}

#[test]
fn labels_are_in_order_apart_from_each_other_and_not_empty() {
    for item in Half::BOTH
        .into_iter()
        .flat_map(|half| generate(1, half, MANY))
    {
        let mut last = 0;
        for label in &item.piece.labels {
            assert!(
                label.start >= last && label.end > label.start,
                "{}: {label:?}",
                item.path
            );
            assert!(
                item.piece.text.get(label.start..label.end).is_some(),
                "{}: {label:?}",
                item.path
            );
            last = label.end;
        }
    }
}

#[test]
fn a_label_covers_a_value_and_not_the_quotes_around_it() {
    for half in Half::BOTH {
        let items = generate(1, half, MANY);
        for (label, value) in labels(&items).filter(|(label, _)| label.class != Class::Either) {
            let edges = [value.chars().next(), value.chars().last()].map(Option::unwrap);
            assert!(
                !edges.iter().any(|edge| "\"' \n`".contains(*edge)),
                "{}: {value}",
                label.kind
            );
        }
    }
}

#[test]
fn check_digits_are_right_wherever_they_stand() {
    for half in Half::BOTH {
        let items = generate(1, half, MANY);
        let mut checked = BTreeSet::new();
        for (label, value) in labels(&items) {
            let plain = only(value);
            let (body, check) = plain.split_at(plain.len().saturating_sub(1));
            let good = match label.kind.as_str() {
                "card" | "ca-sin" | "se-personnummer" => digits::luhn(body).to_string() == check,
                "iban" => is_iban(&plain),
                "es-dni" => digits::dni(body).to_string() == check,
                "pl-pesel" => digits::pesel(body).to_string() == check,
                "in-aadhaar" => digits::verhoeff(body).to_string() == check,
                "nl-bsn" => {
                    digits::bsn(body).map(|digit| digit.to_string()).as_deref() == Some(check)
                }
                _ => continue,
            };
            assert!(good, "{}: {value}", label.kind);
            checked.insert(label.kind.clone());
        }
        assert!(checked.len() >= 6, "{checked:?}");
    }
}

#[test]
fn numbers_that_should_fail_do() {
    let mut random = Random::new(9);
    for _ in 0..200 {
        let card = only(&person::no_card(&mut random));
        let (body, check) = card.split_at(card.len() - 1);
        assert_ne!(digits::luhn(body).to_string(), check);
        let iban = only(&person::no_iban(&mut random));
        assert!(!is_iban(&iban), "{iban}");
    }
}

#[test]
fn the_halves_share_no_template_and_no_value() {
    let names = |half| {
        templates::of(half)
            .iter()
            .map(|template| template.name)
            .collect::<BTreeSet<_>>()
    };
    let bodies = |half| {
        templates::of(half)
            .iter()
            .map(|template| template.body)
            .collect::<BTreeSet<_>>()
    };
    assert!(names(Half::Tune).is_disjoint(&names(Half::HeldOut)));
    assert!(bodies(Half::Tune).is_disjoint(&bodies(Half::HeldOut)));
    let values = |half| {
        let items = generate(1, half, MANY * 2);
        let values = labels(&items).filter(|(label, _)| label.class != Class::Either);
        values
            .map(|(_, value)| value.to_owned())
            .collect::<BTreeSet<_>>()
    };
    let shared: Vec<String> = values(Half::Tune)
        .intersection(&values(Half::HeldOut))
        .cloned()
        .collect();
    assert!(shared.is_empty(), "{shared:?}");
}

#[test]
fn kinds_that_are_held_out_are_nowhere_in_the_other_half() {
    let held_out: BTreeSet<&str> = kinds::all()
        .iter()
        .filter(|kind| kind.held_out)
        .map(|kind| kind.id)
        .collect();
    let items = generate(1, Half::Tune, MANY * 2);
    assert!(labels(&items).all(|(label, _)| !held_out.contains(label.kind.as_str())));
}

#[test]
fn all_kinds_come_up_and_there_are_at_least_150() {
    let items = Half::BOTH
        .map(|half| generate(1, half, super::ITEMS))
        .concat();
    let seen: BTreeSet<&str> = labels(&items)
        .filter(|(label, _)| label.class == Class::Credential)
        .map(|(label, _)| label.kind.as_str())
        .collect();
    let missing: Vec<&str> = kinds::all()
        .iter()
        .map(|kind| kind.id)
        .filter(|id| !seen.contains(id))
        .collect();
    assert!(
        missing.is_empty() && seen.len() >= 150,
        "{} kinds, without {missing:?}",
        seen.len()
    );
}

#[test]
fn all_national_ids_of_a_half_come_up() {
    for half in Half::BOTH {
        let items = generate(1, half, super::ITEMS);
        let seen: BTreeSet<&str> = labels(&items)
            .map(|(label, _)| label.kind.as_str())
            .collect();
        let ids = person::IDS.iter();
        let ids: Vec<&str> = ids
            .filter(|id| half == Half::HeldOut || !id.held_out)
            .map(|id| id.kind)
            .collect();
        assert!(
            ids.len() >= 10 && ids.iter().all(|id| seen.contains(id)),
            "{}",
            half.name()
        );
    }
}

#[test]
fn there_are_at_least_as_many_negatives_as_positives() {
    for half in Half::BOTH {
        let items = generate(1, half, MANY);
        let negatives: usize = items.iter().map(|item| item.piece.negatives.len()).sum();
        let positives = labels(&items)
            .filter(|(label, _)| label.class != Class::Either)
            .count();
        assert!(
            negatives >= positives,
            "{}: {negatives} against {positives}",
            half.name()
        );
    }
}

#[test]
fn every_slot_and_style_of_a_template_is_known() {
    for template in Half::BOTH.into_iter().flat_map(templates::of) {
        for slot in fill::slots(template.body) {
            let (name, style) = slot.split_once(':').unwrap_or((slot, ""));
            let styled = ["line", "neg"].contains(&name);
            assert!(!styled || styles::knows(style), "{}: {slot}", template.name);
            let filled =
                fill::Filler::new(template_half(&template), 1).fill(&format!("<<{slot}>>"));
            assert!(!filled.text.is_empty(), "{}: {slot}", template.name);
        }
    }
}

fn template_half(template: &templates::Template) -> Half {
    if templates::of(Half::Tune).contains(template) {
        Half::Tune
    } else {
        Half::HeldOut
    }
}

//! The family of international bank account numbers.
//!
//! Owns: reading as many characters as the country's numbers have, in one piece or in groups of
//! four. Never does: national account numbers.

use super::apart::{self, Side};
use super::classes::Classes;
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use crate::checks::bank::{iban, iban_length};
use crate::table::row::{How, Rule, Special};

/// See the module.
#[derive(Debug)]
struct Ibans {
    rule: RuleNumber,
}

/// The family of the row that is an IBAN.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let is_own = |row: &Rule| matches!(row.how, How::Special(Special::Iban));
    let (rule, _) = *rows.iter().find(|(_, row)| is_own(row))?;
    Some(Box::new(Ibans { rule }))
}

/// How far a number could be read.
enum Read {
    Whole(usize),
    Open,
    No,
}

impl Family for Ibans {
    fn triggers(&self) -> Vec<Trigger> {
        vec![Trigger {
            what: TriggerText::CapitalsDigits,
            payload: 0,
            is_replaced: true,
        }]
    }

    fn look(&self, at: usize, _payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let (Some(one), Some(two)) = (view.byte(at), view.byte(at + 1)) else {
            return;
        };
        let Some(length) = iban_length([one, two]) else {
            return;
        };
        if !apart::begins_word(view, at) {
            return;
        }
        match read(at, length, view) {
            Read::Open => looks.open(at, at),
            Read::No => {}
            Read::Whole(end) => {
                if iban(view.text.get(at..end).unwrap_or_default()) {
                    looks.found(self.rule, at..end);
                }
            }
        }
    }
}

/// Reads `length` capital letters and digits; if a space follows the fourth, one after each four.
fn read(at: usize, length: usize, view: &View<'_>) -> Read {
    let mut end = at;
    let mut is_grouped = false;
    for place in 0..length {
        if place == 4 {
            is_grouped = view.byte(end) == Some(b' ');
        }
        if is_grouped && place % 4 == 0 {
            match view.byte(end) {
                Some(b' ') => end += 1,
                None if !view.complete => return Read::Open,
                _ => return Read::No,
            }
        }
        match view.byte(end) {
            Some(byte) if byte.is_ascii_digit() || byte.is_ascii_uppercase() => end += 1,
            None if !view.complete => return Read::Open,
            _ => return Read::No,
        }
    }
    match apart::ends_number(view, end) {
        Side::Clear => Read::Whole(end),
        Side::Unknown => Read::Open,
        Side::Joined => Read::No,
    }
}

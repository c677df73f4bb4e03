//! The family that finds stand-ins, in replies to turn them back and in requests to let them be.

use std::ops::Range;

use super::spelling::{HEAD, Read, Tag, read};
use crate::scan::edge::{may_be_stand_in, stands_free};
use crate::scan::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use crate::scan::view::View;

/// Finds stand-ins, under a rule number of their own.
#[derive(Debug)]
pub(crate) struct Restore {
    pub(crate) rule: RuleNumber,
}

impl Restore {
    /// All stand-ins in a text, in order.
    pub(crate) fn all(text: &str) -> impl Iterator<Item = (Range<usize>, Tag)> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < text.len() {
                let start = at;
                at += 1;
                let rest = text.as_bytes().get(start..).unwrap_or_default();
                if let Read::Yes(tag, length) = read(rest, true) {
                    at = start + length;
                    return Some((start..at, tag));
                }
            }
            None
        })
    }
}

impl Family for Restore {
    fn triggers(&self) -> Vec<Trigger> {
        vec![Trigger {
            what: TriggerText::AnyCase(HEAD.to_ascii_lowercase().into()),
            payload: 0,
            is_replaced: true,
        }]
    }

    fn look(&self, at: usize, _payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        // Its tag is looked up, so it needs no border before it: `-pNENYA_...` is one, too.
        if !(stands_free(view.text, at) || may_be_stand_in(view.text, at)) {
            return;
        }
        match read(view.text.get(at..).unwrap_or_default(), view.complete) {
            Read::No => {}
            Read::Yes(_, length) => looks.found(self.rule, at..at + length),
            Read::More => looks.open(at, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::spelling::{Kind, spelt};
    use super::*;
    use crate::scan::classes::{Classes, Runs};
    use crate::table::row::Class;

    fn look(text: &str, at: usize, complete: bool) -> Looks {
        let (classes, mut runs, mut looks) =
            (Classes::default(), Runs::default(), Looks::default());
        let mut view = View {
            text: text.as_bytes(),
            complete,
            classes: &classes,
            runs: &mut runs,
        };
        Restore { rule: 7 }.look(at, 0, &mut view, &mut looks);
        looks
    }

    #[test]
    fn stand_ins_are_found_in_text() {
        let stand_in = spelt(Kind::of_rule("email", Class::Pii), Tag::of(77));
        let text = format!("write to {stand_in}.");
        let looks = look(&text, 9, false);
        assert_eq!(looks.found, [(7, 9..9 + stand_in.len())]);
        let all: Vec<_> = Restore::all(&text).collect();
        assert_eq!(all, [(9..9 + stand_in.len(), Tag::of(77))]);
    }

    #[test]
    fn nothing_needs_to_stand_between_a_stand_in_and_what_is_before_it() {
        let stand_in = spelt(Kind::of_rule("", Class::Credential), Tag::of(77));
        let text = format!("-p{stand_in}{stand_in}");
        for at in [2, 2 + stand_in.len()] {
            assert_eq!(look(&text, at, false).found, [(7, at..at + stand_in.len())]);
        }
    }

    #[test]
    fn the_beginning_of_one_is_held() {
        assert_eq!(
            look("write to NENYA_EM", 9, false)
                .open
                .map(|open| open.holds),
            Some(9)
        );
        assert!(look("write to NENYA_EM", 9, true).open.is_none());
    }
}

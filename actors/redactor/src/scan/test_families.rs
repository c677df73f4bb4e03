//! Small families for tests: one of each way to find something.

use std::sync::LazyLock;

use super::classes::{ALNUM, ByteSet, ClassId, Classes, DIGIT, WORD};
use super::compiled::Compiled;
use super::edge::is_held;
use super::family::{Family, Looks, RuleNumber, SweepPlace, Trigger, TriggerText};
use super::view::View;

pub(super) const TOKEN: RuleNumber = 0;
pub(super) const LONG_TOKEN: RuleNumber = 1;
pub(super) const ASSIGNED: RuleNumber = 2;
pub(super) const MAIL: RuleNumber = 3;
pub(super) const DIGITS: RuleNumber = 4;
pub(super) const BLOCK: RuleNumber = 5;
pub(super) const ZEDS: RuleNumber = 6;
pub(crate) const RULES: usize = 7;

pub(super) fn families(classes: &mut Classes) -> Vec<Box<dyn Family>> {
    let word = classes.intern(WORD);
    vec![
        Box::new(Tokens(word)),
        Box::new(Assigned(classes.intern(ByteSet::of(b" \n\"").not()))),
        Box::new(Mails(classes.intern(ALNUM.with(b'.')))),
        Box::new(Digits(classes.intern(DIGIT.with(b'-').with(b' ')))),
        Box::new(Blocks(classes.intern(ByteSet::of(b">").not()))),
        Box::new(Zeds),
    ]
}

pub(crate) fn set() -> &'static Compiled {
    static SET: LazyLock<Compiled> = LazyLock::new(|| {
        let mut classes = Classes::default();
        let families = families(&mut classes);
        Compiled::of(Vec::new(), families, classes).unwrap()
    });
    &SET
}

fn trigger(what: TriggerText, is_replaced: bool) -> Trigger {
    Trigger {
        what,
        payload: 0,
        is_replaced,
    }
}

/// `tok_` and `tok-long-` with four or more of a word after them.
#[derive(Debug)]
struct Tokens(ClassId);

const TOKENS: [(&str, RuleNumber); 3] =
    [("tok_", TOKEN), ("tok-long-", LONG_TOKEN), ("eyJ", TOKEN)];

impl Family for Tokens {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = TOKENS.iter().zip(0_u16..);
        numbered
            .map(|((text, _), payload)| Trigger {
                what: TriggerText::Exact((*text).into()),
                payload,
                is_replaced: true,
            })
            .collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let (text, rule) = TOKENS[usize::from(payload)];
        let start = at + text.len();
        let first = if is_held(view.text, at) { at } else { start };
        let end = view.run_end(self.0, start);
        if view.is_open_at(end) {
            looks.open(at, first);
        } else if end - start >= 4 {
            looks.found(rule, first..end);
        }
    }
}

/// The value of `password = value`, with any number of spaces.
#[derive(Debug)]
struct Assigned(ClassId);

impl Family for Assigned {
    fn triggers(&self) -> Vec<Trigger> {
        let name = |text: &str| trigger(TriggerText::AnyCase(text.into()), false);
        vec![name("password"), name("pass"), name("token")]
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let mut here = at;
        while view
            .byte(here)
            .is_some_and(|byte| byte.is_ascii_alphabetic())
        {
            here += 1;
            if here > at + 8 {
                return;
            }
        }
        for sign in [b" ", b"=", b" "] {
            while view.byte(here) == Some(sign[0]) {
                here += 1;
                if here > at + 24 {
                    return;
                }
            }
            if view.is_open_at(here) {
                looks.open(at, view.text.len());
                return;
            }
            if sign == b"=" && view.byte(here - 1).is_none_or(|byte| byte != b'=') {
                return;
            }
        }
        let end = view.run_end(self.0, here);
        if view.is_open_at(end) {
            looks.open(at, here);
        } else if end > here {
            looks.found(ASSIGNED, here..end);
        }
    }
}

/// `name@domain`: a finding that begins before its trigger.
#[derive(Debug)]
struct Mails(ClassId);

const LONGEST_NAME: usize = 12;

fn name_before(text: &[u8], at: usize) -> usize {
    let before = text[..at].iter().rev().take(LONGEST_NAME);
    at - before.take_while(|byte| ALNUM.has(**byte)).count()
}

impl Family for Mails {
    fn triggers(&self) -> Vec<Trigger> {
        vec![trigger(TriggerText::At, false)]
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let start = name_before(view.text, at);
        let end = view.run_end(self.0, at + 1);
        if start == at {
            return;
        }
        if view.is_open_at(end) {
            looks.open(start.saturating_sub(1), start);
        } else if end > at + 1 {
            looks.found(MAIL, start..end);
        }
    }

    fn tail(&self, view: &mut View<'_>) -> Option<usize> {
        let start = name_before(view.text, view.text.len());
        (start < view.text.len()).then_some(start)
    }
}

/// Numbers of nine digits.
#[derive(Debug)]
struct Digits(ClassId);

impl Family for Digits {
    fn triggers(&self) -> Vec<Trigger> {
        let all = [
            TriggerText::LongNumber,
            TriggerText::DottedNumber,
            TriggerText::DialledNumber,
            TriggerText::HexGroup,
            TriggerText::HexColon,
            TriggerText::CapitalsDigits,
        ];
        all.map(|what| trigger(what, true)).into()
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let end = view.run_end(self.0, at);
        if view.is_open_at(end) {
            looks.open(at, at);
        } else if view.text[at..end]
            .iter()
            .filter(|byte| DIGIT.has(**byte))
            .count()
            == 9
        {
            looks.found(DIGITS, at..end);
        }
    }
}

/// `<<` up to `>`, over lines.
#[derive(Debug)]
struct Blocks(ClassId);

impl Family for Blocks {
    fn triggers(&self) -> Vec<Trigger> {
        vec![trigger(TriggerText::Exact("<<".into()), true)]
    }

    fn look(&self, at: usize, _: u16, view: &mut View<'_>, looks: &mut Looks) {
        let end = view.run_end(self.0, at + 2);
        if view.is_open_at(end) {
            looks.open(at, at);
        } else if end < view.text.len() {
            looks.found(BLOCK, at..end + 1);
        }
    }
}

/// Runs of three and more `z`, found without a trigger.
#[derive(Debug)]
struct Zeds;

impl Family for Zeds {
    fn triggers(&self) -> Vec<Trigger> {
        Vec::new()
    }

    fn look(&self, _: usize, _: u16, _: &mut View<'_>, _: &mut Looks) {}

    fn sweeps(&self) -> bool {
        true
    }

    fn sweep(&self, place: &mut SweepPlace, _text: &str, view: &mut View<'_>, looks: &mut Looks) {
        let mut at = place.from;
        place.from = view.text.len();
        while at < view.text.len() {
            let zeds = view.text[at..]
                .iter()
                .take_while(|byte| **byte == b'z')
                .count();
            if zeds > 0 && view.is_open_at(at + zeds) {
                looks.open(at, at);
                place.from = at;
                return;
            }
            if zeds >= 3 {
                looks.found(ZEDS, at..at + zeds);
            }
            at += zeds + 1;
        }
    }
}

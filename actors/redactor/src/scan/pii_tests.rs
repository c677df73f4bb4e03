//! Tests of the families of structured personal data against their rows, cuts and hard negatives.
//!
//! The gate is played by [`stops`], which finds each trigger byte by byte.

#![expect(clippy::string_slice, reason = "texts are cut between characters")]

use super::apart;
use super::classes::{Classes, Runs};
use super::family::{Family, KEPT_CONTEXT, Looks, Open, RuleNumber, Trigger, TriggerText};
use super::view::View;
use super::{iban, mail, network, number, phone};
use crate::table::pii;
use crate::table::row::{Check, How, Rule, Special};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

type Found = BTreeSet<(RuleNumber, usize, usize)>;

struct Set {
    rows: Vec<(RuleNumber, &'static Rule)>,
    families: Vec<Box<dyn Family>>,
    classes: Classes,
}

/// What the looks of a text come to.
struct Outcome {
    found: Found,
    opens: Vec<Open>,
    tail: Option<usize>,
}

/// All families with all rows; built once.
fn set() -> &'static Set {
    static SET: LazyLock<Set> = LazyLock::new(build);
    &SET
}

fn build() -> Set {
    let mut classes = Classes::default();
    let rows: Vec<_> = (0..).zip(pii::RULES.iter().copied().flatten()).collect();
    let families = [
        mail::build(&rows, &mut classes),
        number::build(&rows, &mut classes),
        phone::build(&rows, &mut classes),
        iban::build(&rows, &mut classes),
        network::build(&rows, &mut classes),
    ];
    let families = families.into_iter().flatten().collect();
    Set {
        rows,
        families,
        classes,
    }
}

/// Whether a trigger stands at `at`, whole.
fn stops(trigger: &Trigger, at: usize, view: &View<'_>) -> bool {
    let rest = &view.text[at..];
    let begins = |is_word: fn(u8) -> bool| !view.before(at).is_some_and(is_word);
    match &trigger.what {
        TriggerText::Exact(text) => rest.starts_with(text.as_bytes()),
        TriggerText::AnyCase(text) => rest
            .get(..text.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(text.as_bytes())),
        TriggerText::At => rest[0] == b'@',
        TriggerText::LongNumber => is_long(rest) && apart::begins_word(view, at),
        TriggerText::DottedNumber => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let is_dotted = (1..=3).contains(&digits)
                && rest.get(digits) == Some(&b'.')
                && rest.get(digits + 1).is_some_and(u8::is_ascii_digit);
            is_dotted && is_long(rest) && apart::begins_word(view, at)
        }
        TriggerText::DialledNumber => {
            let is_dialled = match view.before(at) {
                Some(b'+') => rest[0] != b'0' || rest.starts_with(b"00"),
                _ => rest.starts_with(b"00"),
            };
            is_dialled && is_long(rest) && apart::begins_word(view, at)
        }
        TriggerText::HexGroup => {
            let is_group = |length: usize, separator: u8| {
                let digits = rest.get(..length).unwrap_or_default();
                let is_hex = digits.len() == length && digits.iter().all(u8::is_ascii_hexdigit);
                let earlier = at.checked_sub(length + 1);
                let earlier = earlier.map_or(&[][..], |from| &view.text[from..at - 1]);
                let is_letter = earlier.first().is_some_and(u8::is_ascii_alphabetic);
                let is_near = match view.before(at) == Some(separator) {
                    true => is_letter && earlier.iter().all(u8::is_ascii_hexdigit),
                    false => rest.get(length) == Some(&separator),
                };
                is_hex && is_near
            };
            let begins = rest[0].is_ascii_digit() && apart::begins_word(view, at);
            begins && (is_group(2, b'-') || is_group(4, b'.'))
        }
        TriggerText::CapitalsDigits => {
            let is_it = matches!(rest, [a, b, c, d, ..]
                if a.is_ascii_uppercase() && b.is_ascii_uppercase()
                    && c.is_ascii_digit() && d.is_ascii_digit());
            is_it && apart::begins_word(view, at)
        }
        TriggerText::HexColon => {
            let digits = rest
                .iter()
                .take_while(|byte| byte.is_ascii_hexdigit())
                .count();
            let goes_on = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
            let is_group = (1..=4).contains(&digits)
                && rest.get(digits) == Some(&b':')
                && rest.get(digits + 1).is_some_and(goes_on);
            let begins = begins(|byte| byte.is_ascii_alphanumeric() || byte == b':')
                || apart::follows_escape(view, at);
            let is_short = rest.starts_with(b"::")
                && view.before(at) != Some(b':')
                && apart::begins_word(view, at);
            (is_group && begins) || is_short
        }
    }
}

fn is_long(rest: &[u8]) -> bool {
    let goes_on = |byte: &u8| byte.is_ascii_digit() || b" .()-/".contains(byte);
    let is_long = rest.get(1..6).is_some_and(|rest| rest.iter().all(goes_on));
    rest[0].is_ascii_digit() && is_long
}

impl Set {
    fn outcome_of(&self, family: &dyn Family, text: &str, complete: bool) -> Outcome {
        self.outcome_from(family, text, complete, 0, 0, &mut BTreeSet::new())
    }

    /// The outcome of the looks at triggers that are not `finished` and begin at `from` or later;
    /// `text` begins at `base`.
    fn outcome_from(
        &self,
        family: &dyn Family,
        text: &str,
        complete: bool,
        base: usize,
        from: usize,
        finished: &mut BTreeSet<(u16, usize)>,
    ) -> Outcome {
        let mut runs = Runs::default();
        let mut view = View {
            text: text.as_bytes(),
            complete,
            classes: &self.classes,
            runs: &mut runs,
        };
        let mut outcome = Outcome {
            found: Found::new(),
            opens: Vec::new(),
            tail: None,
        };
        for trigger in family.triggers() {
            for at in from - base..text.len() {
                let look = (trigger.payload, at + base);
                if finished.contains(&look) || !stops(&trigger, at, &view) {
                    continue;
                }
                let mut looks = Looks::default();
                family.look(at, trigger.payload, &mut view, &mut looks);
                let found = looks.found.into_iter();
                let found = found.map(|(rule, range)| (rule, range.start + base, range.end + base));
                outcome.found.extend(found);
                outcome.opens.extend(looks.open);
                if looks.open.is_none() {
                    finished.insert(look);
                }
            }
        }
        outcome.tail = family.tail(&mut view);
        outcome
    }

    fn found(&self, text: &str) -> Vec<(&'static str, Range<usize>)> {
        let found = self.families.iter().flat_map(|family| {
            let outcome = self.outcome_of(family.as_ref(), text, true);
            assert!(outcome.opens.is_empty(), "open at the end of {text:?}");
            outcome.found
        });
        found
            .map(|(rule, start, end)| (self.rows[usize::from(rule)].1.id, start..end))
            .collect()
    }

    fn texts(&self) -> Vec<&'static str> {
        let examples = |row: &'static Rule| row.examples.iter().map(|(text, _)| *text);
        let rows = self.rows.iter();
        let rows = rows.flat_map(|(_, row)| examples(row).chain(row.near_misses.iter().copied()));
        rows.chain(HARD_NEGATIVES.iter().copied()).collect()
    }
}

/// Texts of daily life without personal data.
const HARD_NEGATIVES: &[&str] = &[
    "2026-11-22 2026-11-22T10:31:07.123456Z 22/11/2026 22.11.2026 11/22/26 20261122103107",
    "10:30 10:30:59 10:30:59,123 00:00:00.000000 1763805047 1763805047.123 1763805047123",
    "1.2.3 v1.2.3-rc.1+build.5 2.0.0-beta.11 1.2.3.dev0 10.0.19045 ~> 4.0.3.1 ^18.2.0",
    "550e8400-e29b-41d4-a716-446655440000 00000000-0000-0000-0000-000000000000",
    "6fa459ea-ee8a-3ca4-894e-db77e160355e 123e4567-e89b-12d3-a456-426614174000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709 commit 3d412dd..bb60c9c d1676f7",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "$1,299.00 EUR 1.299,00 12,345,678.90 USD 4539426745720119.00 0.1 1e10 -3.5e-7 0xdeadbeef",
    "1-10 100-200 1..10 [0, 255] 1/2 3/4 16:9 1920x1080 50% 10 000 000 123 456 789 987 654 321",
    "52.520008, 13.404954 40\u{b0}26'46\" N 79\u{b0}58'56\" W POINT(13.4049 52.5200) 0.30000000000000004",
    "127.0.0.1 - - [22/Nov/2026:10:31:07 +0000] \"GET /a/12345678/b HTTP/1.1\" 200 5316",
    "Nov 22 10:31:07 host sshd[12345]: pid 4242 port 50022 ssh2 uid=1000 gid=1000 0022 0644",
    "[  123.456789] usb 1-1.2: new device 046d:c52b at 0000:00:1f.3 irq 16",
    "ISBN 978-3-16-148410-0 9783161484100 EAN 4006381333931 order #12345678 INV-2026-000123",
    "@@ -12,7 +12,9 @@ let x = a[1] + b[2]; x += 10; y = 3+4-5; f(1, 2, 3);",
    "@Override @media (max-width: 600px) @angular/core@17.0.2 user@host root@localhost:~# git@gitlab.com:a/b",
    "std::vector<int> a::b::c crate::scan::view fe::ed 12:34 key: value ratio 3:2:1 {a:b,c:d}",
    "phone home; call f(10); the call stack has 12 frames; mobile first; fax 1 page; cell B12:C14",
    "sprint 14, Q3 2026, 3rd of 10, 1st, 2nd, 24/7, 9-5, 5-7 days, A4, B2B, H2O, C3PO, R2D2 AB12",
    "const LENGTHS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];",
    "3.141592653589793 2.718281828459045 1.4142135623730951 6.02214076e23 299792458",
    "id=8374650192 ref 1029384756 ticket 20261122-1035 batch 261122-01 1234567890 9876543210",
    "d41d8cd98f00b204e9800998ecf8427e 0123456789abcdef fedcba98-7654-3210 AABBCCDD 1A2B3C4D",
    "lorem 1 ipsum 22 dolor 333 sit 4444 amet 55555 consectetur 666666 adipiscing 7777777",
    "eyJhbGciOiJIUzI1NiJ9.e30.abc data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAE=",
];

#[test]
fn every_row_has_a_name_of_its_own_two_examples_and_near_misses_in_ascii_words() {
    let set = set();
    let ids: BTreeSet<_> = set.rows.iter().map(|(_, row)| row.id).collect();
    assert_eq!(ids.len(), set.rows.len());
    for (_, row) in &set.rows {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(row.id.bytes().all(is_plain), "{}", row.id);
        assert!(
            row.examples.len() >= 2 && row.near_misses.len() >= 2,
            "{}",
            row.id
        );
    }
    for trigger in set.families.iter().flat_map(|family| family.triggers()) {
        if let TriggerText::Exact(text) | TriggerText::AnyCase(text) = &trigger.what {
            assert!(
                (2..=24).contains(&text.len()) && text.is_ascii(),
                "{text:?}"
            );
        }
    }
}

#[test]
fn each_example_is_found_by_its_row_and_where_it_stands() {
    let set = set();
    let mut wrong = Vec::new();
    for (_, row) in &set.rows {
        for (text, secret) in row.examples {
            let at = text.find(secret).expect("the secret stands in its example");
            let whole = (row.id, at..at + secret.len());
            let found = set.found(text);
            if !found.contains(&whole) {
                wrong.push(format!("{}: {text:?} has {found:?}", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_near_miss_is_found_by_its_row() {
    let set = set();
    let mut wrong = Vec::new();
    for (_, row) in &set.rows {
        for text in row.near_misses {
            for (id, range) in set.found(text) {
                if id == row.id {
                    wrong.push(format!("{id}: {:?} in {text:?}", &text[range]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_of_daily_life_are_left_alone() {
    let set = set();
    let mut wrong = Vec::new();
    for text in HARD_NEGATIVES {
        for (id, range) in set.found(text) {
            wrong.push(format!("{id}: {:?} in {text:?}", &text[range]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_found_looks_as_the_pattern_of_its_row_says() {
    let set = set();
    for (_, row) in &set.rows {
        let pattern = fancy_regex::Regex::new(&format!("^(?:{})$", row.pattern)).expect(row.id);
        for (_, secret) in row.examples {
            assert!(
                pattern.is_match(secret).expect("short"),
                "{}: {secret:?}",
                row.id
            );
        }
    }
}

/// Of a text that goes on, each look says only what holds for the whole, and what it does not
/// say yet it holds back.
#[test]
fn a_text_that_is_not_complete_says_the_same_or_is_held_back() {
    let set = set();
    for text in set.texts() {
        says_the_same_of_each_part(set, text);
    }
}

fn says_the_same_of_each_part(set: &Set, text: &str) {
    for family in &set.families {
        let whole = set.outcome_of(family.as_ref(), text, true);
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let part = set.outcome_of(family.as_ref(), &text[..cut], false);
            let early = part.found.difference(&whole.found).collect::<Vec<_>>();
            assert!(
                early.is_empty(),
                "{early:?} in {:?} of {text:?}",
                &text[..cut]
            );
            let holds = part
                .opens
                .iter()
                .map(|open| open.holds)
                .chain(part.tail)
                .min();
            for late in whole.found.difference(&part.found) {
                let is_held = holds.is_some_and(|holds| holds <= late.1);
                let is_partial = is_cut_trigger(family.as_ref(), text, cut, late.1);
                assert!(
                    late.1 >= cut || is_held || is_partial,
                    "{late:?} of {text:?} is let go at {cut}: {holds:?}"
                );
            }
        }
    }
}

/// Whether a trigger that is replaced begins in the text before `cut`, at or before `start`, and
/// goes on after it: then the stream holds it back without asking the family.
fn is_cut_trigger(family: &dyn Family, text: &str, cut: usize, start: usize) -> bool {
    let classes = Classes::default();
    let mut runs = Runs::default();
    let view = View {
        text: text.as_bytes(),
        complete: true,
        classes: &classes,
        runs: &mut runs,
    };
    let length = |trigger: &Trigger, at: usize| match &trigger.what {
        TriggerText::CapitalsDigits => 4,
        TriggerText::LongNumber | TriggerText::DottedNumber | TriggerText::DialledNumber => 6,
        TriggerText::HexGroup => match (view.before(at), view.byte(at + 2)) {
            (Some(b'-'), _) => 2,
            (_, Some(b'-')) => 3,
            (Some(b'.'), _) => 4,
            _ => 5,
        },
        TriggerText::HexColon => text[at..].find(':').map_or(0, |colon| colon + 2).max(2),
        _ => 1,
    };
    family
        .triggers()
        .iter()
        .filter(|trigger| trigger.is_replaced)
        .any(|trigger| {
            let stands = |at: usize| stops(trigger, at, &view) && at + length(trigger, at) > cut;
            (0..cut).any(|at| at <= start && stands(at))
        })
}

/// A stream that keeps only what looks ask for, and `KEPT_CONTEXT` bytes before it.
fn found_in_stream(set: &Set, family: &dyn Family, text: &str) -> Found {
    let mut found = Found::new();
    let mut finished = BTreeSet::new();
    let (mut base, mut from) = (0, 0);
    for end in (1..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let complete = end == text.len();
        let part = set.outcome_from(
            family,
            &text[base..end],
            complete,
            base,
            from,
            &mut finished,
        );
        found.extend(part.found);
        let asked = part
            .opens
            .iter()
            .map(|open| open.needs.min(open.holds))
            .chain(part.tail);
        let asked = asked.min().map_or(end, |asked| asked + base);
        // A trigger may have come in part; the longest has 24 bytes.
        from = asked.min(end.saturating_sub(24)).max(from);
        let kept = from.saturating_sub(KEPT_CONTEXT);
        base = (0..=kept)
            .rfind(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
    }
    found
}

#[test]
fn a_stream_that_keeps_little_finds_the_same() {
    let set = set();
    for text in set.texts().into_iter().chain(LONG_CONTEXTS.iter().copied()) {
        for family in &set.families {
            let whole = set.outcome_of(family.as_ref(), text, true).found;
            assert_eq!(
                found_in_stream(set, family.as_ref(), text),
                whole,
                "{text:?}"
            );
        }
    }
}

/// What decides stands far before the trigger.
const LONG_CONTEXTS: &[&str] = &[
    "see postgres://a_long_user_name.of-somebody:a.long-password_of_somebody@db.example.com/x",
    "write to a_very_long_mailbox_of_somebody.with-many-parts@a.long.domain.of.example.com now",
    "redis://:secret.password@cache.example.com and //u:p@h.example.com, me:you@example.com",
    "phone number of the person who asked us yesterday: (415) 555-0132, or so they said",
    "assembly Version    =   1.2.3.4, firmware version: '10.0.0.1', server 8.8.8.8, host=9.9.9.9",
    "AA-BB-CC-DD-EE-FF FC-AA-BB-CC-DD-0E de-ad-be-ef and face-to-face be.ad.cafe.0123.4567",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
];

/// Numbers from a generator with a fixed beginning: the same in each run.
fn random_number(form: &str, state: &mut u64) -> String {
    let mut next = |below: u64| {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u8::try_from((*state >> 33) % below).expect("small")
    };
    let element = |element: u8| match element {
        b'd' => b'0' + next(10),
        b'L' => b'A' + next(26),
        b'A' => *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            .get(usize::from(next(36)))
            .expect("in it"),
        literal => literal,
    };
    form.bytes().map(element).map(char::from).collect()
}

/// The rate at which chance hits a form that is sure by itself and has no separators.
#[test]
fn few_random_digits_are_a_number_of_anybody() {
    let set = set();
    let mut state = 1;
    for (_, row) in &set.rows {
        let (How::Special(Special::Number(shape)), Some(Check(check))) = (row.how, row.check)
        else {
            continue;
        };
        let is_bare = |form: &&&str| {
            form.starts_with('d') && form.bytes().all(|element| element.is_ascii_alphanumeric())
        };
        for form in shape.layouts.iter().filter(is_bare) {
            let is_hit = |_: &u32| check(random_number(form, &mut state).as_bytes());
            let hits = (0..20_000).filter(is_hit).count();
            assert!(
                hits < 1_000,
                "{}: {form} is hit {hits} times in 20000",
                row.id
            );
        }
    }
}

/// Pieces of what the families look at, to be put together in any order.
const PIECES: &[&str] = &[
    "1",
    "23",
    "456",
    "7890",
    "0049",
    "4111 1111 1111 1111",
    "536-90-4399",
    "8.8.8.8",
    "-",
    ".",
    "/",
    " ",
    ":",
    "::",
    "@",
    "+",
    "(",
    ")",
    "'",
    "..",
    "\\n",
    "\n",
    "a",
    "Ab",
    "DE34",
    "phone",
    "ssn",
    "tel",
    "2001:db8",
    "ff",
    "3c-22-fb-9a-10-7e",
    "fb3c.229a.",
    "//",
    "http://",
    "x.com",
    "jane",
    "\u{e9}",
    "\u{7cfb}",
    "_",
    "%",
    "415-555-0132",
    "+1 415 555 0132",
    "version ",
    "JK482915C",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn any_mixture_is_found_in_a_stream_as_in_the_whole(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..14)
    ) {
        let set = set();
        let text = pieces.concat();
        says_the_same_of_each_part(set, &text);
        for family in &set.families {
            let whole = set.outcome_of(family.as_ref(), &text, true).found;
            assert_eq!(found_in_stream(set, family.as_ref(), &text), whole, "{text:?}");
        }
    }
}

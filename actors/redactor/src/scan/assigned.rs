//! The family of values with a format that are assigned to a name.
//!
//! Owns: rows of `How::Assigned`. A part of the name is the trigger; the row's pattern must be
//! that of the whole value.

use std::collections::HashMap;

use super::accept::Accept;
use super::assignment::{self, Assigned};
use super::classes::{ByteSet, Classes};
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::shape::{Outcome, Program};
use super::value_end;
use super::view::View;
use super::walk::{Miss, Step, between, peek, skip};
use crate::table::row::{How, Rule};

/// What a `_` in a name stands for, if not for nothing.
const SEPARATORS: ByteSet = ByteSet::of(b"_- .");

/// The same, spelled out in triggers.
const SPELLED: &[&str] = &["_", "-", " ", ".", ""];

/// Words that are shorter are no trigger by themselves.
const SHORTEST_WORD: usize = 4;

/// Longest trigger.
const LONGEST: usize = 24;

/// All that a look reads lies side by side: texts full of secrets need the names of many rules,
/// and each piece of memory comes from far.
#[derive(Debug, Default)]
struct AssignedValues {
    rows: Vec<Row>,
    /// By payload.
    beginnings: Vec<Beginning>,
    candidates: Vec<Candidate>,
    /// What names go on with: words with a `_` between them.
    rests: String,
    /// The texts of the beginnings.
    texts: Vec<String>,
}

#[derive(Debug)]
#[repr(align(64))]
struct Row {
    accept: Accept,
    program: Program,
}

const _: () = assert!(size_of::<Row>() == 64 && size_of::<Beginning>() == 16);

/// What names of some rows begin with: a trigger.
///
/// Vendors call alike what has another format at each of them: there are twenty kinds of
/// `client_secret`. All of them are one look, which reads the name and the way to the value once.
#[derive(Debug)]
struct Beginning {
    /// What may come next, or after a separator: a bit for each byte, by its last five.
    next: u32,
    /// Where its candidates begin and end.
    candidates: (u32, u32),
    len: u8,
}

/// What a name that begins so may go on with, and whose name that is. Those of a row are side by
/// side; the first one that stands there counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    row: u16,
    rest: Rest,
}

/// What a name goes on with: where in the text of all rests it begins, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    start: u16,
    len: u16,
}

/// Whose names have a beginning, and the words that follow it.
type Names = Vec<(u16, Vec<&'static str>)>;

/// Beginnings on the way to be put side by side.
#[derive(Debug, Default)]
struct Draft {
    /// Each with what follows it and whose it is.
    beginnings: Vec<(String, Names)>,
    /// Their numbers by text.
    places: HashMap<String, usize>,
}

/// The family, if there is a row for it. A row whose pattern is none of the subset is left out,
/// as in `token.rs`.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let (mut draft, mut own) = (Draft::default(), Vec::new());
    for (number, rule) in rows {
        let How::Assigned { names } = rule.how else {
            continue;
        };
        if let Ok(program) = Program::compile(rule.pattern, classes) {
            let accept = Accept::new(*number, rule);
            let row = u16::try_from(own.len()).unwrap_or(u16::MAX);
            names.iter().for_each(|name| draft.spell(row, name));
            own.push(Row { accept, program });
        }
    }
    (!own.is_empty()).then(|| Box::new(draft.finished(own)) as Box<dyn Family>)
}

impl Draft {
    /// Adds the beginnings of a name of a row.
    fn spell(&mut self, row: u16, name: &'static str) {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default();
        if first.len() >= SHORTEST_WORD {
            return self.add(row, first.to_owned(), words.collect());
        }
        let Some(second) = words.next() else {
            return self.add(row, first.to_owned(), Vec::new());
        };
        let rest: Vec<_> = words.collect();
        for separator in SPELLED {
            self.add(row, format!("{first}{separator}{second}"), rest.clone());
        }
    }

    fn add(&mut self, row: u16, mut text: String, rest: Vec<&'static str>) {
        text.truncate(LONGEST);
        let place = self.places.entry(text).or_insert_with_key(|text| {
            self.beginnings.push((text.clone(), Vec::new()));
            self.beginnings.len() - 1
        });
        if let Some((_, candidates)) = self.beginnings.get_mut(*place) {
            candidates.push((row, rest));
        }
    }

    fn finished(self, rows: Vec<Row>) -> AssignedValues {
        let mut family = AssignedValues {
            rows,
            ..AssignedValues::default()
        };
        for (text, candidates) in self.beginnings {
            family.add(text, candidates);
        }
        family
    }
}

impl AssignedValues {
    fn add(&mut self, text: String, names: Names) {
        let place = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let first = place(self.candidates.len());
        let mut next = 0;
        for (row, words) in names {
            let first = words.first().and_then(|word| word.bytes().next());
            next |= first.map_or(u32::MAX, Beginning::bit);
            let rest = self.rest(&words.join("_"));
            self.candidates.push(Candidate { row, rest });
        }
        self.beginnings.push(Beginning {
            next,
            candidates: (first, place(self.candidates.len())),
            len: u8::try_from(text.len()).unwrap_or(u8::MAX),
        });
        self.texts.push(text);
    }

    /// Where these words are among all rests; they are put there if they are not.
    fn rest(&mut self, words: &str) -> Rest {
        let known = self.rests.find(words).unwrap_or_else(|| {
            self.rests.push_str(words);
            self.rests.len() - words.len()
        });
        let place = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Rest {
            start: place(known),
            len: place(words.len()),
        }
    }
}

impl Beginning {
    /// The same for both cases of a letter.
    #[inline]
    fn bit(byte: u8) -> u32 {
        1 << (byte & 31)
    }

    /// Whether one of the names may stand at `at`.
    fn may_stand(&self, view: &View<'_>, at: usize) -> bool {
        let end = at + usize::from(self.len);
        let next = view.byte(end);
        let next = match next.filter(|byte| SEPARATORS.has(*byte)) {
            Some(_) => view.byte(end + 1),
            None => next,
        };
        next.is_none_or(|byte| self.next & Self::bit(byte) != 0)
    }
}

/// The end of a name, if it stands there.
type NameEnd = Step<Option<usize>>;

/// A name that has been read, for the next row: what it goes on with, and its end.
#[derive(Debug, Default)]
struct Reading(Option<(Rest, NameEnd)>);

impl Reading {
    /// The end of a name that goes on with this rest at `at`, if it does.
    #[inline]
    fn name_end(&mut self, rests: &str, rest: Rest, view: &View<'_>, at: usize) -> NameEnd {
        if let Some((known, end)) = self.0
            && known == rest
        {
            return end;
        }
        let (start, len) = (usize::from(rest.start), usize::from(rest.len));
        let words = rests.as_bytes().get(start..start + len);
        let end = after_words(view, at, words.unwrap_or_default());
        self.0 = Some((rest, end));
        end
    }
}

/// After words with a separator or nothing before each; a `_` is between them.
fn after_words(view: &View<'_>, mut at: usize, words: &[u8]) -> NameEnd {
    if words.is_empty() {
        return Ok(Some(at));
    }
    at = skip(view, at, &SEPARATORS, 1)?;
    for byte in words {
        if *byte == b'_' {
            at = skip(view, at, &SEPARATORS, 1)?;
            continue;
        }
        match peek(view, at)? {
            Some(there) if there.to_ascii_lowercase() == *byte => at += 1,
            _ => return Ok(None),
        }
    }
    Ok(Some(at))
}

impl Family for AssignedValues {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(&self.texts);
        let trigger = |(payload, text): (u16, &String)| Trigger {
            what: TriggerText::AnyCase(text.as_str().into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let Some(beginning) = self.beginnings.get(usize::from(payload)) else {
            return;
        };
        if !beginning.may_stand(view, at) {
            return;
        }
        let (first, last) = beginning.candidates;
        let candidates = self.candidates.get(first as usize..last as usize);
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let rest_at = at + usize::from(beginning.len);
        let mut reading = Reading::default();
        // The row whose name has been read.
        let mut done = None;
        for candidate in candidates.unwrap_or_default() {
            if done == Some(candidate.row) {
                continue;
            }
            let mut holds = view.text.len();
            let assigned = match reading.name_end(&self.rests, candidate.rest, view, rest_at) {
                Ok(None) => continue,
                Ok(Some(end)) => assignment::value_after(view, at, end, true, &mut holds),
                Err(miss) => Err(miss),
            };
            done = Some(candidate.row);
            match (assigned, self.rows.get(usize::from(candidate.row))) {
                (Ok(assigned), Some(row)) => row.look(needs, assigned, view, looks),
                (Err(Miss::Open), _) => looks.open(needs, holds),
                (Err(Miss::No), _) | (_, None) => {}
            }
        }
    }
}

impl Row {
    fn look(&self, needs: usize, assigned: Assigned, view: &mut View<'_>, looks: &mut Looks) {
        match self.program.run(assigned.start, view) {
            Outcome::No => {}
            Outcome::Open { holds } => looks.open(needs, holds),
            Outcome::Match { whole, secret } => {
                match value_end::ends_value(view, whole.end, assigned.quote) {
                    Err(Miss::Open) => looks.open(needs, secret.start),
                    Ok(true) if self.accept.passes(between(view, secret.start, secret.end)) => {
                        looks.found(self.accept.number, secret);
                    }
                    Ok(_) | Err(Miss::No) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::{self, Probe};
    use super::*;
    use crate::table::row::{Action, Class};

    static ROWS: &[Rule] = &[ROW];

    const ROW: Rule = Rule {
        id: "probe",
        what: "a value with a format",
        class: Class::Credential,
        source: "made up",
        how: How::Assigned {
            names: &["probe_key", "prober"],
        },
        pattern: "[0-9a-f]{16}",
        entropy: 0.0,
        check: None,
        action: Action::Redact,
        examples: &[],
        near_misses: &[],
    };

    static SHORT: &[Rule] = &[Rule {
        how: How::Assigned {
            names: &["pr_key_x"],
        },
        ..ROW
    }];

    fn probe() -> Probe {
        Probe::new(build, ROWS)
    }

    const FOUND: &[&str] = &[
        "PROBE_KEY=0123456789abcdef",
        "export PROBE_KEY=0123456789abcdef\n",
        "PROBE_KEY_PROD = '0123456789abcdef'",
        "\"probeKey\": \"0123456789abcdef\",",
        "{\\\"probe-key\\\": \\\"0123456789abcdef\\\"}",
        "probe.key => `0123456789abcdef`",
        "probe_key: 0123456789abcdef # the key",
        "probe_key:\n    0123456789abcdef\n",
        "probe_key: str = \"0123456789abcdef\"",
        "let probe_key: &'static str = \"0123456789abcdef\";",
        "probe_key := \"0123456789abcdef\"",
        "char probe_key[] = \"0123456789abcdef\";",
        "tool --probe-key 0123456789abcdef --more",
        "tool --probe-key=0123456789abcdef",
        "docker run -e PROBE_KEY=0123456789abcdef image",
        "<probeKey>0123456789abcdef</probeKey>",
        "os.environ[\"PROBE_KEY\"] = \"0123456789abcdef\"",
        "p.setProperty(\"probe.key\", \"0123456789abcdef\");",
        "https://x.example/?probe_key=0123456789abcdef&more=1",
        "- name: PROBE_KEY\n  value: 0123456789abcdef\n",
        "{\"name\": \"PROBE_KEY\", \"value\": \"0123456789abcdef\"}",
        "<add key=\"ProbeKey\" value=\"0123456789abcdef\" />",
        "Probe key for the shop: 0123456789abcdef.",
        "my probe key is 0123456789abcdef",
        "probe_key = b\"0123456789abcdef\"",
        "probe_key = String::from(\"0123456789abcdef\")",
        "probe_key = \"\"\"0123456789abcdef\"\"\"",
        "prober='0123456789abcdef'",
        "PROBEKEY_PROD=0123456789abcdef",
    ];

    const LEFT: &[&str] = &[
        "PROBE_KEY=0123456789abcdef0",
        "PROBE_KEY=0123456789abcde",
        "PROBE_KEY=0123456789abcdef-more",
        "probe_key = \"0123456789abcdef and more\"",
        "probe_key = \"\"",
        "probe_key and 0123456789abcdef",
        "probe_key::0123456789abcdef",
        "--probe-key --other 0123456789abcdef",
        "probe_key = \"0123456789abcdef'",
    ];

    #[test]
    fn values_are_found_in_many_spellings() {
        for text in FOUND {
            assert_eq!(probe().found(text), ["0123456789abcdef"], "{text}");
        }
    }

    #[test]
    fn other_values_are_left_alone() {
        for text in LEFT {
            assert_eq!(probe().found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn long_first_words_are_triggers_and_short_ones_are_not() {
        let texts = probe::texts(&probe().triggers());
        assert_eq!(texts, ["probe", "prober"]);
        let texts = probe::texts(&Probe::new(build, SHORT).triggers());
        assert_eq!(texts, ["pr_key", "pr-key", "pr key", "pr.key", "prkey"]);
    }

    #[test]
    fn nothing_is_held_before_the_value() {
        let text = "PROBE_KEY = \"";
        assert_eq!(probe().holds(text), Some(text.len()));
        assert_eq!(probe().holds("PROBE_KEY = \"01"), Some(text.len()));
    }

    #[test]
    fn answers_on_prefixes_never_contradict() {
        for text in FOUND.iter().chain(LEFT) {
            probe().check_prefixes(text);
        }
    }
}

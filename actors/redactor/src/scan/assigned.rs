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
use super::view::View;
use super::walk::{Miss, Step, after_word, between, skip};
use crate::table::row::{How, Rule};

/// What a `_` in a name stands for, if not for nothing.
const SEPARATORS: ByteSet = ByteSet::of(b"_- .");

/// The same, spelled out in triggers.
const SPELLED: &[&str] = &["_", "-", " ", ".", ""];

/// Words that are shorter are no trigger by themselves.
const SHORTEST_WORD: usize = 4;

/// Longest trigger.
const LONGEST: usize = 24;

#[derive(Debug)]
struct AssignedValues {
    rows: Vec<Row>,
    /// By payload.
    beginnings: Vec<Beginning>,
    /// Payloads by text.
    places: HashMap<String, usize>,
}

#[derive(Debug)]
struct Row {
    accept: Accept,
    program: Program,
}

/// What names of some rows begin with: a trigger.
///
/// Vendors call alike what has another format at each of them: there are twenty kinds of
/// `client_secret`. All of them are one look, which reads the name and the way to the value once.
#[derive(Debug)]
struct Beginning {
    text: String,
    /// What the names go on with, by words.
    rests: Vec<Vec<&'static str>>,
    /// Which of these are names of a row, by rows.
    rows: Vec<(usize, Vec<usize>)>,
    /// What may come next, or after a separator.
    next: ByteSet,
}

/// The family, if there is a row for it. A row whose pattern is none of the subset is left out,
/// as in `token.rs`.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let mut family = AssignedValues {
        rows: Vec::new(),
        beginnings: Vec::new(),
        places: HashMap::new(),
    };
    for (number, rule) in rows {
        let How::Assigned { names } = rule.how else {
            continue;
        };
        if let Ok(program) = Program::compile(rule.pattern, classes) {
            let accept = Accept::new(*number, rule);
            for name in names {
                family.spell(name);
            }
            family.rows.push(Row { accept, program });
        }
    }
    (!family.rows.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl AssignedValues {
    /// Adds the beginnings of a name of the next row.
    fn spell(&mut self, name: &'static str) {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default();
        if first.len() >= SHORTEST_WORD {
            return self.add(first.to_owned(), words.collect());
        }
        let Some(second) = words.next() else {
            return self.add(first.to_owned(), Vec::new());
        };
        let rest: Vec<_> = words.collect();
        for separator in SPELLED {
            self.add(format!("{first}{separator}{second}"), rest.clone());
        }
    }

    fn add(&mut self, mut text: String, rest: Vec<&'static str>) {
        text.truncate(LONGEST);
        let place = self.places.entry(text).or_insert_with_key(|text| {
            self.beginnings.push(Beginning::new(text));
            self.beginnings.len() - 1
        });
        if let Some(beginning) = self.beginnings.get_mut(*place) {
            beginning.add(self.rows.len(), rest);
        }
    }
}

impl Beginning {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            rests: Vec::new(),
            rows: Vec::new(),
            next: ByteSet::default(),
        }
    }

    fn add(&mut self, row: usize, rest: Vec<&'static str>) {
        let first = rest.first().and_then(|word| word.bytes().next());
        self.next = match first {
            Some(first) => self.next.with(first).with(first.to_ascii_uppercase()),
            None => ByteSet::default().not(),
        };
        let known = self.rests.iter().position(|known| *known == rest);
        let number = known.unwrap_or(self.rests.len());
        if known.is_none() {
            self.rests.push(rest);
        }
        match self.rows.last_mut() {
            Some((last, numbers)) if *last == row => numbers.push(number),
            _ => self.rows.push((row, vec![number])),
        }
    }

    /// Whether one of the names may stand at `at`.
    fn may_stand(&self, view: &View<'_>, at: usize) -> bool {
        let end = at + self.text.len();
        let next = view.byte(end);
        let next = match next.filter(|byte| SEPARATORS.has(*byte)) {
            Some(_) => view.byte(end + 1),
            None => next,
        };
        next.is_none_or(|byte| self.next.has(byte))
    }
}

/// A way from a name to its value that has been read, for the next row.
#[derive(Debug, Default)]
struct Reading {
    /// The end of a name, by the number of what it goes on with.
    end: Option<(usize, Step<Option<usize>>)>,
    /// What is assigned, by the end of the name; and what may belong to it.
    assigned: Option<(usize, Step<Assigned>, usize)>,
}

impl Reading {
    /// The end of the first of these names, if one stands at `at`.
    fn name_end(
        &mut self,
        beginning: &Beginning,
        rests: &[usize],
        view: &View<'_>,
        at: usize,
    ) -> Step<usize> {
        for rest in rests {
            let end = match self.end {
                Some((known, end)) if known == *rest => end,
                _ => {
                    let words = beginning.rests.get(*rest).map_or(&[][..], Vec::as_slice);
                    after_words(view, at + beginning.text.len(), words)
                }
            };
            self.end = Some((*rest, end));
            if let Some(end) = end? {
                return Ok(end);
            }
        }
        Err(Miss::No)
    }

    /// What is assigned to the name that ends at `end`; if that is open, `holds` says what may
    /// belong to it.
    fn value_after(
        &mut self,
        view: &View<'_>,
        at: usize,
        end: usize,
        holds: &mut usize,
    ) -> Step<Assigned> {
        let (_, assigned, held) = match self.assigned {
            Some(known) if known.0 == end => known,
            _ => {
                let mut held = view.text.len();
                let assigned = assignment::value_after(view, at, end, true, &mut held);
                (end, assigned, held)
            }
        };
        self.assigned = Some((end, assigned, held));
        *holds = held;
        assigned
    }
}

/// After words with a separator or nothing before each.
fn after_words(view: &View<'_>, mut at: usize, words: &[&str]) -> Step<Option<usize>> {
    for word in words {
        at = skip(view, at, SEPARATORS, 1)?;
        match after_word(view, at, word.as_bytes())? {
            Some(end) => at = end,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

impl Family for AssignedValues {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(&self.beginnings);
        let trigger = |(payload, beginning): (u16, &Beginning)| Trigger {
            what: TriggerText::AnyCase(beginning.text.as_str().into()),
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
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let mut reading = Reading::default();
        for (row, rests) in &beginning.rows {
            let mut holds = view.text.len();
            let assigned = reading
                .name_end(beginning, rests, view, at)
                .and_then(|end| reading.value_after(view, at, end, &mut holds));
            match (assigned, self.rows.get(*row)) {
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
                match assignment::ends_value(view, whole.end, assigned.quote) {
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

//! The family of values with a format that are assigned to a name.
//!
//! Owns: rows of `How::Assigned`. A part of the name is the trigger; the row's pattern must be
//! that of the whole value.

use super::accept::Accept;
use super::assignment;
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
}

#[derive(Debug)]
struct Row {
    accept: Accept,
    program: Program,
}

/// What names of a row begin with: a trigger.
#[derive(Debug)]
struct Beginning {
    row: usize,
    text: String,
    /// What the names go on with, by words.
    rests: Vec<Vec<&'static str>>,
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
        let row = self.rows.len();
        text.truncate(LONGEST);
        // Those of a row stand together.
        let known = self.beginnings.iter_mut().rev();
        let mut own = known.take_while(|known| known.row == row);
        match own.find(|known| known.text == text) {
            Some(known) => known.rests.push(rest),
            None => self.beginnings.push(Beginning {
                row,
                text,
                rests: vec![rest],
            }),
        }
    }
}

impl Beginning {
    /// The end of the first of the names, if one stands at `at`.
    fn name_end(&self, view: &View<'_>, at: usize) -> Step<usize> {
        for rest in &self.rests {
            if let Some(end) = after_words(view, at + self.text.len(), rest)? {
                return Ok(end);
            }
        }
        Err(Miss::No)
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
        let Some(row) = self.rows.get(beginning.row) else {
            return;
        };
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let mut holds = view.text.len();
        let assigned = beginning
            .name_end(view, at)
            .and_then(|end| assignment::value_after(view, at, end, true, &mut holds));
        let assigned = match assigned {
            Ok(assigned) => assigned,
            Err(Miss::No) => return,
            Err(Miss::Open) => return looks.open(needs, holds),
        };
        match row.program.run(assigned.start, view) {
            Outcome::No => {}
            Outcome::Open { holds } => looks.open(needs, holds),
            Outcome::Match { whole, secret } => {
                match assignment::ends_value(view, whole.end, assigned.quote) {
                    Err(Miss::Open) => looks.open(needs, secret.start),
                    Ok(true) if row.accept.passes(between(view, secret.start, secret.end)) => {
                        looks.found(row.accept.number, secret);
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

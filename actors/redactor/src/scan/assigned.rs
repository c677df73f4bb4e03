//! The family of values with a format that are assigned to a name.
//!
//! Owns: rows of `How::Assigned`. A part of the name is the trigger; the row's pattern must be
//! that of the whole value.

use super::accept::Accept;
use super::assignment;
use super::classes::Classes;
use super::family::{Family, KEPT_CONTEXT, Looks, RuleNumber, Trigger, TriggerText};
use super::shape::{Outcome, Program};
use super::view::View;
use super::walk::{Miss, between};
use crate::table::row::{How, Rule};

/// What a `_` in a name stands for.
const SEPARATORS: &[&str] = &["_", "-", " ", ".", ""];

/// Longest and shortest trigger.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=24;

#[derive(Debug)]
struct AssignedValues {
    rows: Vec<Row>,
    /// By payload: the number of the row, and how its name is spelled.
    spellings: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Row {
    accept: Accept,
    program: Program,
}

/// The family, if there is a row for it. A row whose pattern is none of the subset is left out,
/// as in `token.rs`.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let mut family = AssignedValues {
        rows: Vec::new(),
        spellings: Vec::new(),
    };
    for (number, rule) in rows {
        let How::Assigned { names } = rule.how else {
            continue;
        };
        if let Ok(program) = Program::compile(rule.pattern, classes) {
            let accept = Accept::new(*number, rule);
            family.spell(names);
            family.rows.push(Row { accept, program });
        }
    }
    (!family.rows.is_empty()).then(|| Box::new(family) as Box<dyn Family>)
}

impl AssignedValues {
    /// Adds all spellings of the next row's names.
    fn spell(&mut self, names: &[&str]) {
        let row = self.rows.len();
        for name in names {
            let separators = if name.contains('_') {
                SEPARATORS
            } else {
                SEPARATORS.get(..1).unwrap_or_default()
            };
            let spelled = separators
                .iter()
                .map(|separator| name.replace('_', separator));
            let fitting = spelled.filter(|text| LENGTHS.contains(&text.len()));
            self.spellings.extend(fitting.map(|text| (row, text)));
        }
    }
}

impl Family for AssignedValues {
    fn triggers(&self) -> Vec<Trigger> {
        let numbered = (0_u16..).zip(&self.spellings);
        let trigger = |(payload, (_, text)): (u16, &(usize, String))| Trigger {
            what: TriggerText::AnyCase(text.as_str().into()),
            payload,
            is_replaced: false,
        };
        numbered.map(trigger).collect()
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        let spelling = self.spellings.get(usize::from(payload));
        let Some((row, text)) = spelling else {
            return;
        };
        let Some(row) = self.rows.get(*row) else {
            return;
        };
        let needs = at.saturating_sub(KEPT_CONTEXT);
        let mut holds = 0;
        let end = at + text.len();
        let assigned = match assignment::value_after(view, at, end, true, &mut holds) {
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

    static ROWS: &[Rule] = &[Rule {
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
    fn names_are_spelled_in_all_ways() {
        let texts = probe::texts(&probe().triggers());
        assert_eq!(
            texts,
            [
                "probe_key",
                "probe-key",
                "probe key",
                "probe.key",
                "probekey",
                "prober"
            ]
        );
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

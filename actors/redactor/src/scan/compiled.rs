//! A rule set, compiled: families, gate, and the rows that they were made of.
//!
//! Owns: which families there are. Immutable, shared by all texts.

use super::classes::Classes;
use super::family::{Family, RuleNumber};
use super::gate::{Gate, NoTrigger};
use super::{
    armour, assigned, header_value, iban, mail, named_after, network, number, phone,
    secret_assignment, token, url_password,
};
use crate::table::row::Rule;

/// Makes a family of the rows that are its own; `None` if there are none.
type Build = fn(&[(RuleNumber, &'static Rule)], &mut Classes) -> Option<Box<dyn Family>>;

/// The built-in families: a new one is a new line here.
const FAMILIES: &[Build] = &[
    token::build,
    assigned::build,
    secret_assignment::build,
    named_after::build,
    url_password::build,
    header_value::build,
    armour::build,
    mail::build,
    number::build,
    phone::build,
    iban::build,
    network::build,
];

/// Families that read all of a text; each has a place of its own in a stream.
pub(super) const MOST_SWEEPS: usize = 3;

/// A rule set, compiled.
#[derive(Debug)]
pub(crate) struct Compiled {
    rows: Vec<&'static Rule>,
    pub(super) families: Vec<Box<dyn Family>>,
    /// Those of the families that sweep, by number.
    pub(super) sweeping: Vec<usize>,
    pub(super) gate: Gate,
    pub(super) classes: Classes,
}

/// Why a rule set cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CompileError {
    /// Rules are numbered with 16 bits.
    TooManyRules,
    /// More families read whole texts than a stream has places for.
    TooManySweeps,
    /// A family asked for a literal that is too short or too long.
    Trigger(Box<str>),
}

impl Compiled {
    /// A set of these rows, whose numbers are their places, and of families with rules of their
    /// own, whose numbers come after those.
    pub(crate) fn new(
        rows: &[&'static Rule],
        extra: Vec<Box<dyn Family>>,
    ) -> Result<Self, CompileError> {
        let numbered = rows.iter().enumerate().map(|(number, row)| {
            let number = RuleNumber::try_from(number).map_err(|_| CompileError::TooManyRules)?;
            Ok((number, *row))
        });
        let numbered = numbered.collect::<Result<Vec<_>, _>>()?;
        let mut classes = Classes::default();
        let built = FAMILIES
            .iter()
            .filter_map(|build| build(&numbered, &mut classes));
        let mut families: Vec<_> = built.collect();
        families.extend(extra);
        Self::of(rows.to_vec(), families, classes)
    }

    /// A set of families that are built already.
    pub(crate) fn of(
        rows: Vec<&'static Rule>,
        families: Vec<Box<dyn Family>>,
        classes: Classes,
    ) -> Result<Self, CompileError> {
        let mut wanted = Vec::new();
        for (number, family) in families.iter().enumerate() {
            let number = u16::try_from(number).map_err(|_| CompileError::TooManyRules)?;
            wanted.extend(
                family
                    .triggers()
                    .into_iter()
                    .map(|trigger| (number, trigger)),
            );
        }
        let sweeping = families.iter().enumerate();
        let sweeping = sweeping.filter(|(_, family)| family.sweeps());
        let sweeping: Vec<usize> = sweeping.map(|(number, _)| number).collect();
        if sweeping.len() > MOST_SWEEPS {
            return Err(CompileError::TooManySweeps);
        }
        Ok(Self {
            rows,
            gate: Gate::new(&wanted).map_err(|NoTrigger(text)| CompileError::Trigger(text))?,
            families,
            sweeping,
            classes,
        })
    }

    /// Whether any look would be taken at this text.
    pub(crate) fn is_looked_at(&self, text: &str) -> bool {
        let mut any = false;
        self.gate
            .each(text.as_bytes(), 0, 0, &mut |_, _| any = true);
        any
    }

    /// The rows of the table, by rule number; rules of extra families come after them.
    pub(crate) fn rows(&self) -> &[&'static Rule] {
        &self.rows
    }
}

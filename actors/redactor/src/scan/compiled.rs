//! A rule set, compiled: families, gate, and the rows that they were made of.
//!
//! Owns: which families there are. Immutable, shared by all texts.

use std::ops::Range;
use std::sync::Arc;

use super::classes::{Classes, Runs};
use super::family::{Family, Looks, RuleNumber, Trigger};
use super::gate::{Asker, Gate, NoTrigger};
use super::view::View;
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
    /// Those of the rows, and then others.
    pub(crate) families: Vec<Arc<dyn Family>>,
    /// How many families are those of the rows.
    of_rows: usize,
    /// What the others stop at, by the number of the family.
    other_triggers: Vec<(u16, Trigger)>,
    /// Those of the families that sweep, by number.
    pub(super) sweeping: Vec<usize>,
    reads_all_letters: bool,
    pub(super) gate: Arc<Gate>,
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
        let mut families: Vec<Arc<dyn Family>> = built.map(Arc::from).collect();
        let of_rows = families.len();
        families.extend(extra.into_iter().map(Arc::from));
        Self::compile(rows.to_vec(), families, of_rows, classes, None)
    }

    /// A set of families that are built already.
    #[cfg(test)]
    pub(crate) fn of(
        rows: Vec<&'static Rule>,
        families: Vec<Box<dyn Family>>,
        classes: Classes,
    ) -> Result<Self, CompileError> {
        let families: Vec<_> = families.into_iter().map(Arc::from).collect();
        let of_rows = families.len();
        Self::compile(rows, families, of_rows, classes, None)
    }

    /// A set of the same rows with other families beside theirs; shares what is the same.
    pub(crate) fn with(&self, extra: Vec<Box<dyn Family>>) -> Result<Self, CompileError> {
        let mut families: Vec<_> = self.families.iter().take(self.of_rows).cloned().collect();
        families.extend(extra.into_iter().map(Arc::from));
        let classes = self.classes.clone();
        Self::compile(
            self.rows.clone(),
            families,
            self.of_rows,
            classes,
            Some(self),
        )
    }

    /// `like` is a set with the same families of rows.
    fn compile(
        rows: Vec<&'static Rule>,
        families: Vec<Arc<dyn Family>>,
        of_rows: usize,
        classes: Classes,
        like: Option<&Self>,
    ) -> Result<Self, CompileError> {
        let sweeping = families.iter().enumerate();
        let sweeping = sweeping.filter(|(_, family)| family.sweeps());
        let sweeping: Vec<usize> = sweeping.map(|(number, _)| number).collect();
        if sweeping.len() > MOST_SWEEPS {
            return Err(CompileError::TooManySweeps);
        }
        let other_triggers = triggers(&families, of_rows..families.len())?;
        let gate = match like.filter(|like| like.other_triggers == other_triggers) {
            Some(like) => Arc::clone(&like.gate),
            None => {
                let mut wanted = triggers(&families, 0..of_rows)?;
                wanted.extend(other_triggers.iter().cloned());
                let gate = Gate::new(&wanted);
                Arc::new(gate.map_err(|NoTrigger(text)| CompileError::Trigger(text))?)
            }
        };
        let reads_all_letters = families.iter().any(|family| family.reads_all_letters());
        Ok(Self {
            rows,
            families,
            of_rows,
            other_triggers,
            sweeping,
            reads_all_letters,
            gate,
            classes,
        })
    }

    /// Whether any look would be taken at this text.
    pub(crate) fn is_looked_at(&self, text: &str) -> bool {
        let mut any = false;
        self.each_trigger(text.as_bytes(), &mut |_, _| any = true);
        any
    }

    /// Says where triggers begin, and who asked for each; in no order.
    pub(crate) fn each_trigger(&self, text: &[u8], found: &mut dyn FnMut(usize, Asker)) {
        self.gate.each(text, 0, 0, found);
    }

    /// Whether looks at these places, which are all triggers of a whole text, find anything behind
    /// its first `before` bytes. What families find that sweep is not asked for.
    pub(crate) fn finds_any(
        &self,
        text: &str,
        before: usize,
        triggers: impl Iterator<Item = (usize, Asker)>,
    ) -> bool {
        let (mut runs, mut looks) = (Runs::default(), Looks::default());
        let mut view = View {
            text: text.as_bytes(),
            complete: true,
            classes: &self.classes,
            runs: &mut runs,
        };
        for (at, asker) in triggers {
            if let Some(family) = self.families.get(usize::from(asker.family)) {
                family.look(at, asker.payload, &mut view, &mut looks);
            }
        }
        let is_behind = |range: &Range<usize>| range.end > before;
        looks.gave_up || looks.found.iter().any(|(_, range)| is_behind(range))
    }

    /// Whether a family reads all of a text, beside looks at triggers.
    pub(crate) fn sweeps(&self) -> bool {
        !self.sweeping.is_empty()
    }

    /// Whether characters beyond ASCII mean different things to one of the families.
    pub(crate) fn reads_all_letters(&self) -> bool {
        self.reads_all_letters
    }

    /// The rows of the table, by rule number; rules of extra families come after them.
    pub(crate) fn rows(&self) -> &[&'static Rule] {
        &self.rows
    }
}

/// What some of the families stop at.
fn triggers(
    families: &[Arc<dyn Family>],
    numbers: Range<usize>,
) -> Result<Vec<(u16, Trigger)>, CompileError> {
    let mut wanted = Vec::new();
    for number in numbers {
        let Some(family) = families.get(number) else {
            continue;
        };
        let number = u16::try_from(number).map_err(|_| CompileError::TooManyRules)?;
        let triggers = family.triggers().into_iter();
        wanted.extend(triggers.map(|trigger| (number, trigger)));
    }
    Ok(wanted)
}

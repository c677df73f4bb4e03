//! National ids, most of them with check digits.
//!
//! A form is sure by itself if separators, a date, or a second check digit leave chance less than
//! one number in some hundreds, or if the form is used for little else. Every other form counts
//! only after a context word.

mod europe;
mod world;

use crate::table::row::{Action, Class, How, NumberShape, Rule, Special};

/// Those of Europe.
pub(super) const EUROPE: &[Rule] = europe::RULES;
/// Those of the rest of the world.
pub(super) const WORLD: &[Rule] = world::RULES;

/// What all rows of national ids have in common.
const NATIONAL: Rule = Rule {
    id: "",
    what: "",
    class: Class::Pii,
    source: "",
    how: number(&[], &[], &[]),
    pattern: "",
    entropy: 0.0,
    check: None,
    action: Action::Redact,
    examples: &[],
    near_misses: &[],
};

/// A number by its sure forms, its loose forms, and the context words of those.
const fn number(
    layouts: &'static [&'static str],
    loose: &'static [&'static str],
    context: &'static [&'static str],
) -> How {
    How::Special(Special::Number(NumberShape {
        layouts,
        loose,
        context,
    }))
}

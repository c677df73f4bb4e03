//! Personal data with a structure.

mod contact;
mod finance;
mod identity;
mod network;

use crate::table::row::Rule;

/// All of them.
pub(crate) const RULES: &[&[Rule]] = &[
    contact::RULES,
    finance::RULES,
    identity::EUROPE,
    identity::WORLD,
    network::RULES,
];

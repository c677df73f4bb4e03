//! Formats that many share: tokens of web standards, private keys, addresses with passwords, assignments.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

//! Addresses of machines.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

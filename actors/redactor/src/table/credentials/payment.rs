//! Payment, commerce, finance.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

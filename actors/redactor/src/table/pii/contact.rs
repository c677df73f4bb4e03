//! Mail addresses and phone numbers.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

//! National ids with check digits.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

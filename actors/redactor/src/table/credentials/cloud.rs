//! Cloud platforms and their services.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

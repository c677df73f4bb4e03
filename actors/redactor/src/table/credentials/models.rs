//! Providers of models and of what surrounds them.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

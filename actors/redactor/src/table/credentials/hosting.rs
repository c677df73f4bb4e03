//! Source hosting, continuous integration, registries of packages and containers.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

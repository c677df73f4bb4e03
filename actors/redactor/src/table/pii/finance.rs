//! Cards and bank accounts.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

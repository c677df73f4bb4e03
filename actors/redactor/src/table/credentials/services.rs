//! Other services: analytics, maps, storage, identity, support, tickets, content.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

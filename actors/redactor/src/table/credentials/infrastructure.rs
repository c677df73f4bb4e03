//! Infrastructure, deployment, monitoring, databases, secret stores.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

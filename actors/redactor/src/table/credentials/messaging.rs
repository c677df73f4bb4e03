//! Chat, mail, telephony, notifications.

use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[];

//! Payment and commerce.

pub(super) mod cards;
pub(super) mod ledger;
pub(super) mod trade;

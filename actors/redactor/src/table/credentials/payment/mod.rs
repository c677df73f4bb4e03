//! Payment and commerce.

pub(super) mod cards;
pub(super) mod trade;

//! The cases, one file per theme.

mod credentials;
mod journal;
mod memory;
mod readiness;
mod reload;
mod restart;
mod unit;
mod watchdog;

use crate::Case;

/// All cases, the cheap ones first.
pub(crate) fn all() -> impl Iterator<Item = Case> {
    [
        unit::CASES,
        readiness::CASES,
        credentials::CASES,
        memory::CASES,
        journal::CASES,
        reload::CASES,
        restart::CASES,
        watchdog::CASES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

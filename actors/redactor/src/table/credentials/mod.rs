//! Credentials, by what they open.

mod cloud;
mod generic;
mod hosting;
mod infrastructure;
mod messaging;
mod models;
mod payment;
mod services;

use crate::table::row::Rule;

/// All of them.
pub(crate) const RULES: &[&[Rule]] = &[
    cloud::RULES,
    hosting::RULES,
    infrastructure::RULES,
    models::RULES,
    messaging::RULES,
    payment::RULES,
    services::RULES,
    generic::RULES,
];

/// Those without a prefix or a format of their own.
#[cfg(test)]
pub(crate) fn generic() -> &'static [Rule] {
    generic::RULES
}

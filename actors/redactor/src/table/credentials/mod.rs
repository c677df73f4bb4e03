//! Credentials, by what they open.

mod cloud;
mod generic;
mod harmless;
mod hosting;
mod infrastructure;
mod messaging;
mod models;
mod payment;
mod rows;
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

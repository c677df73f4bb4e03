//! Credentials, by what they open.

mod cloud;
mod generic;
mod harmless;
mod hosting;
mod infrastructure;
mod looks;
mod messaging;
mod models;
mod payment;
mod rows;
mod services;
mod standards;

use crate::table::row::Rule;

/// All of them.
pub(crate) const RULES: &[&[Rule]] = &[
    cloud::RULES,
    hosting::RULES,
    infrastructure::RULES,
    models::makers::RULES,
    models::hosts::RULES,
    models::around::RULES,
    messaging::chat::RULES,
    messaging::social::RULES,
    messaging::mail::RULES,
    messaging::push::RULES,
    payment::cards::RULES,
    payment::trade::RULES,
    services::work::RULES,
    services::content::RULES,
    services::people::RULES,
    standards::tokens::RULES,
    standards::keys::RULES,
    standards::hashes::RULES,
    generic::RULES,
];

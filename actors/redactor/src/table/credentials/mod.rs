//! Credentials, by what they open.

mod checksums;
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
    cloud::amazon::RULES,
    cloud::azure::RULES,
    cloud::delivery::RULES,
    cloud::google::RULES,
    cloud::others::RULES,
    cloud::platforms::RULES,
    cloud::newer::RULES,
    hosting::forges::RULES,
    hosting::github::RULES,
    hosting::gitlab::RULES,
    hosting::pipelines::RULES,
    hosting::quality::RULES,
    hosting::registries::RULES,
    hosting::watch::RULES,
    infrastructure::clusters::RULES,
    infrastructure::data::RULES,
    infrastructure::monitoring::RULES,
    infrastructure::network::RULES,
    infrastructure::secrets::RULES,
    models::makers::RULES,
    models::hosts::RULES,
    models::around::RULES,
    models::newer::RULES,
    messaging::chat::RULES,
    messaging::social::RULES,
    messaging::mail::RULES,
    messaging::push::RULES,
    messaging::community::RULES,
    payment::cards::RULES,
    payment::trade::RULES,
    payment::ledger::RULES,
    services::work::RULES,
    services::content::RULES,
    services::people::RULES,
    standards::tokens::RULES,
    standards::keys::RULES,
    standards::bare_keys::RULES,
    standards::commands::RULES,
    standards::hashes::RULES,
    standards::older_hashes::RULES,
    generic::RULES,
];

/// Those without a prefix or a format of their own.
#[cfg(test)]
pub(crate) fn generic() -> &'static [Rule] {
    generic::RULES
}

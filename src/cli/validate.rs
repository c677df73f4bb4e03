//! `nenya validate`: reads and checks everything that a start would, and starts nothing.

use std::process::ExitCode;

use super::{Place, complain, say};
use crate::settings::Settings;

pub(super) fn run(place: &Place) -> ExitCode {
    match Settings::load(place) {
        Err(error) => complain(&error.to_string()),
        Ok(settings) => {
            for warning in &settings.warnings {
                say(&format!("warning: {warning}"));
            }
            let facts = settings.sealed.facts();
            say(&format!("configuration: {}", settings.origin));
            say(&format!(
                "secrets: {}",
                facts
                    .source
                    .as_deref()
                    .unwrap_or("none, a token is made at start")
            ));
            say(&format!(
                "ok: {} provider(s), {} agent(s), {} client key(s)",
                settings.blueprint.specs.len(),
                settings.blueprint.written.agents.len(),
                facts.identities
            ))
        }
    }
}

//! Says in the log when a circuit opens and when it closes again.
//!
//! The actors publish gates and do not log; once a second the program compares what may be called
//! with what could be called before. Only what the configuration names is looked at.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use slog::{info, warn};

use crate::http::worker::Shared;

const PERIOD: Duration = Duration::from_secs(1);

/// Watches until the program ends.
pub async fn watch(shared: Arc<Shared>) {
    let mut timer = tokio::time::interval(PERIOD);
    let mut shut = HashSet::new();
    loop {
        timer.tick().await;
        shut = look(&shared, &shut);
    }
}

fn look(shared: &Shared, before: &HashSet<(String, String)>) -> HashSet<(String, String)> {
    let world = shared.world.load_full();
    let is_shut = |(provider, model): &&(String, String)| {
        let handle = world.providers.get(provider);
        handle.is_some_and(|handle| handle.shut_for(model, &shared.clock).is_some())
    };
    let now: HashSet<_> = world.configured.iter().filter(is_shut).cloned().collect();
    for (provider, model) in now.difference(before) {
        warn!(shared.log, "circuit open, requests go to the next target";
            "provider" => provider, "model" => model);
    }
    for (provider, model) in before.difference(&now) {
        info!(shared.log, "circuit no longer open"; "provider" => provider, "model" => model);
    }
    now
}

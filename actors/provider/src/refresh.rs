//! When the list of models is read again: the actor's part of discovery.
//!
//! Owns the timer and what is published. The reading itself (`catalogue`) runs in a task, so that
//! the actor answers meanwhile. At most one reading is under way.

use std::{sync::Arc, time::Duration};

use runtime::{Ctx, Published};

use crate::{
    actor::{ProviderActor, jitter, tell_until_taken},
    breaker::Jitter,
    catalogue::{Catalogue, Discovery, DiscoveryRules},
    config::{ProviderKind, ProviderSpec},
    endpoints::Endpoint,
    messages::{DiscoveryTick, Listed},
};

/// The first wait after a reading that failed; it doubles up to the usual one.
const FIRST_RETRY: Duration = Duration::from_secs(30);

/// What the actor remembers of discovery.
#[derive(Debug, Default)]
pub(crate) struct Refresh {
    reading: bool,
    /// Counts timers; a tick of an earlier one is ignored.
    round: u64,
    failures: u32,
    /// Asked for while a reading was under way.
    again: bool,
}

impl Refresh {
    fn wait(&self, rules: DiscoveryRules, jitter: Jitter) -> Duration {
        let usual = rules.every;
        let wait = match self.failures {
            0 => usual,
            failures if rules.retries.is_some_and(|most| failures > most) => usual,
            failures => FIRST_RETRY
                .saturating_mul(1 << (failures - 1).min(10))
                .min(usual),
        };
        jitter.spread(wait)
    }
}

/// The rules, where there is a list to be asked for.
pub(crate) fn rules_of(spec: &ProviderSpec) -> Option<DiscoveryRules> {
    let has_list = spec.kind != ProviderKind::Echo && spec.locate(Endpoint::Models).is_ok();
    spec.discovery.filter(|_| has_list)
}

impl ProviderActor {
    /// Reads the list now, if it is to be read at all. Without a key nobody is asked: one that
    /// comes later comes with a reload, after which the actor is told again.
    pub(crate) fn discover(&mut self, ctx: &mut Ctx<'_, Self>) {
        if rules_of(self.spec()).is_none() || !self.parts().may_list() {
            return;
        }
        if self.refresh.reading {
            self.refresh.again = true;
            return;
        }
        self.refresh.reading = true;
        let (upstream, this) = (self.upstream(), ctx.this().clone());
        let spec = Arc::clone(self.spec());
        ctx.spawn(async move {
            let read = upstream.list_models().await;
            let outcome = read.map(Arc::new).map_err(|error| error.label());
            tell_until_taken(&this, Listed { spec, outcome }).await;
        });
    }

    pub(crate) fn discovery_tick(&mut self, tick: DiscoveryTick, ctx: &mut Ctx<'_, Self>) {
        if tick.round == self.refresh.round {
            self.discover(ctx);
        }
    }

    /// A reading ended. One of an address that is no longer the provider's counts for nothing.
    pub(crate) fn listed(&mut self, listed: Listed, ctx: &mut Ctx<'_, Self>) {
        self.refresh.reading = false;
        let current = same_source(&listed.spec, self.spec());
        if std::mem::take(&mut self.refresh.again) || !current {
            self.discover(ctx);
            return;
        }
        match &listed.outcome {
            Ok(_) => self.refresh.failures = 0,
            Err(_) => self.refresh.failures = self.refresh.failures.saturating_add(1),
        }
        record(&self.parts().discovery(), listed.outcome);
        if let Some(rules) = rules_of(self.spec()) {
            self.refresh.round += 1;
            let round = self.refresh.round;
            ctx.tell_after(self.refresh.wait(rules, jitter()), DiscoveryTick { round });
        }
    }
}

/// Whether a list of one is the list of the other.
fn same_source(one: &ProviderSpec, other: &ProviderSpec) -> bool {
    one.url == other.url && one.models == other.models && one.accounts == other.accounts
}

/// What is known of a provider that moved, or is no longer to be asked, is not kept.
pub(crate) fn forget_if_moved(
    old: &ProviderSpec,
    new: &ProviderSpec,
    published: &Published<Discovery>,
) {
    if rules_of(new).is_some() && same_source(old, new) {
        return;
    }
    let before = published.load_full();
    if !before.catalogue.models.is_empty() {
        published.publish(Discovery {
            catalogue: Arc::default(),
            version: before.version + 1,
            ..(*before).clone()
        });
    }
}

/// The last good list survives a failure.
fn record(published: &Published<Discovery>, outcome: Result<Arc<Catalogue>, &'static str>) {
    let before = published.load_full();
    let mut now = (*before).clone();
    match outcome {
        Ok(catalogue) => {
            now.version += u64::from(*before.catalogue != *catalogue);
            now.catalogue = catalogue;
            now.succeeded += 1;
            now.failure = None;
        }
        Err(label) => {
            now.failed += 1;
            now.failure = Some(label);
        }
    }
    published.publish(now);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::ModelFacts;

    fn list(names: &[&str]) -> Arc<Catalogue> {
        let models = names
            .iter()
            .map(|name| ((*name).to_owned(), ModelFacts::default()));
        Arc::new(Catalogue {
            models: models.collect(),
            dropped: 0,
        })
    }

    #[test]
    fn the_last_good_list_survives_failures_and_the_same_list_is_no_news() {
        let published = Published::new(Discovery::default());
        record(&published, Ok(list(&["a"])));
        record(&published, Err("timeout"));
        let now = published.load_full();
        assert_eq!((now.version, now.succeeded, now.failed), (1, 1, 1));
        assert_eq!(now.failure, Some("timeout"));
        assert!(now.catalogue.models.contains_key("a"));
        record(&published, Ok(list(&["a"])));
        record(&published, Ok(list(&["b"])));
        let now = published.load_full();
        assert_eq!((now.version, now.failure), (2, None));
    }

    #[test]
    fn waits_after_failures_double_up_to_the_usual_one() {
        let rules = DiscoveryRules {
            every: Duration::from_secs(300),
            retries: None,
        };
        let waits = (0..7).map(|failures| {
            let refresh = Refresh {
                failures,
                ..Refresh::default()
            };
            refresh.wait(rules, Jitter::new(0.5)).as_secs()
        });
        assert_eq!(waits.collect::<Vec<_>>(), [300, 30, 60, 120, 240, 300, 300]);
    }

    #[test]
    fn after_so_many_failures_the_usual_wait_is_back() {
        let rules = DiscoveryRules {
            every: Duration::from_secs(300),
            retries: Some(2),
        };
        let waits = (1..5).map(|failures| {
            let refresh = Refresh {
                failures,
                ..Refresh::default()
            };
            refresh.wait(rules, Jitter::new(0.5)).as_secs()
        });
        assert_eq!(waits.collect::<Vec<_>>(), [30, 60, 300, 300]);
    }

    #[test]
    fn a_provider_that_moved_loses_its_list() {
        let spec = |url: &str| {
            let url = url.parse().unwrap();
            let mut spec = ProviderSpec::new("p", ProviderKind::Http, url);
            spec.discovery = Some(DiscoveryRules {
                every: FIRST_RETRY,
                retries: None,
            });
            spec
        };
        let old = spec("https://a.example/v1/chat/completions");
        let published = Published::new(Discovery::default());
        record(&published, Ok(list(&["a"])));
        forget_if_moved(&old, &old, &published);
        assert_eq!(published.load().catalogue.models.len(), 1);
        let moved = spec("https://b.example/v1/chat/completions");
        forget_if_moved(&old, &moved, &published);
        assert_eq!(published.load().catalogue.models.len(), 0);
        assert_eq!(published.load().version, 2);
    }
}

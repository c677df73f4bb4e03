//! Puts what providers say of their models into the routing table.
//!
//! Owns the order of the sources of facts (configuration, the provider's list, built in), and the
//! watch that builds a new table when a provider's list changed. Reads no list itself: that is the
//! providers' actors' business, which publish what they found.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider::{Catalogue, FactLayers, ModelFacts, ProviderHandle};
use router::{AgentSpec, ModelSpec, ReloadRoutes, RouteTableError, RoutingTable, TargetSpec};
use slog::{info, warn};
use vault::Sealed;

use crate::auto_agents::Wanted;
use crate::config::Upstream;
use crate::http::worker::Shared;
use crate::world::{ModelFilters, World};

const PERIOD: Duration = Duration::from_millis(500);

/// What the configuration says of agents and models, to be joined with what providers say.
#[derive(Debug, Default)]
pub struct Written {
    /// Agents.
    pub agents: Vec<AgentSpec>,
    /// Models that providers are configured to list.
    pub models: Vec<ModelSpec>,
    /// What is built in of any model, by the provider's own name.
    pub upstreams: BTreeMap<String, Upstream>,
    /// What keeps prompt caches apart.
    pub salts: Salts,
    /// Which agents are made from what is known of models.
    pub auto: Wanted,
    /// Whether they put the fastest targets first.
    pub by_latency: bool,
}

/// What is sent to providers that keep prompt caches apart by it. A key's own goes first.
#[derive(Default)]
pub struct Salts {
    /// By the id of a client key.
    pub of_keys: HashMap<String, Arc<str>>,
    /// By agent.
    pub of_agents: HashMap<String, Arc<str>>,
}

impl Salts {
    /// The salt for a request of this key for this agent or model.
    #[must_use]
    pub fn find(&self, key_id: &str, model: &str) -> Option<Arc<str>> {
        let own = self.of_keys.get(key_id);
        own.or_else(|| self.of_agents.get(model)).map(Arc::clone)
    }
}

impl fmt::Debug for Salts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Salts").finish_non_exhaustive()
    }
}

impl Written {
    /// The routing table of this configuration and what is known of the providers' models now.
    ///
    /// # Errors
    /// [`RouteTableError`], which does not depend on what providers say.
    pub fn routes(
        &self,
        providers: &HashMap<String, ProviderHandle>,
        filters: &ModelFilters,
        sealed: &Sealed,
    ) -> Result<RoutingTable, RouteTableError> {
        let lists = providers.iter().map(|(name, handle)| {
            let discovery = handle.discovery();
            (name.as_str(), Arc::clone(&discovery.catalogue))
        });
        let lists: BTreeMap<&str, Arc<Catalogue>> = lists.collect();
        let has_key = |provider: &str| sealed.has_key(provider);
        let mut agents = self.agents_knowing(&lists);
        let models = self.models_knowing(&lists, filters);
        let made = self.auto.agents(&models, &agents, self.by_latency);
        agents.extend(made);
        RoutingTable::build_with_keys(&agents, providers, &models, &has_key)
    }

    fn agents_knowing(&self, lists: &BTreeMap<&str, Arc<Catalogue>>) -> Vec<AgentSpec> {
        let agent = |agent: &AgentSpec| AgentSpec {
            targets: agent
                .targets
                .iter()
                .map(|target| target_knowing(target, lists))
                .collect(),
            ..agent.clone()
        };
        self.agents.iter().map(agent).collect()
    }

    /// The models of the configuration, and then those that providers say they have.
    fn models_knowing(
        &self,
        lists: &BTreeMap<&str, Arc<Catalogue>>,
        filters: &ModelFilters,
    ) -> Vec<ModelSpec> {
        let written: HashSet<(&str, &str)> = self
            .models
            .iter()
            .map(|model| (model.provider.as_str(), model.model.as_str()))
            .collect();
        let known = self.models.iter().map(|model| {
            let found = found_in(lists, &model.provider, &model.model);
            knowing(model, found)
        });
        let mut models: Vec<ModelSpec> = known.collect();
        for (provider, list) in lists {
            let filter = filters.get(*provider);
            let mut names: Vec<_> = list
                .models
                .iter()
                .filter(|(name, _)| !written.contains(&(*provider, name.as_str())))
                .filter(|(name, _)| filter.is_none_or(|filter| filter.allows(name)))
                .collect();
            names.sort_unstable_by_key(|(name, _)| *name);
            models.extend(names.into_iter().map(|(name, facts)| {
                let model = ModelSpec {
                    provider: (*provider).to_owned(),
                    model: name.clone(),
                    facts: self.built_in(provider, name),
                    discovered: true,
                    ..ModelSpec::default()
                };
                knowing(&model, *facts)
            }));
        }
        models
    }

    /// What is built in of a model at a provider.
    #[must_use]
    pub fn built_in(&self, provider: &str, model: &str) -> ModelFacts {
        let upstream = self.upstreams.get(provider);
        upstream.map_or_else(ModelFacts::default, |upstream| upstream.built_in(model))
    }
}

fn found_in(lists: &BTreeMap<&str, Arc<Catalogue>>, provider: &str, model: &str) -> ModelFacts {
    let found = lists.get(provider).and_then(|list| list.models.get(model));
    found.copied().unwrap_or_default()
}

/// Whether a prompt fits a model that is asked by its own name is decided by what the operator or
/// the provider says. What is built in may be older than the model, and leaves out targets of
/// agents alone.
fn knowing(model: &ModelSpec, found: ModelFacts) -> ModelSpec {
    ModelSpec {
        max_context: model.max_context.or(found.max_context),
        max_output: model.max_output.or(found.max_output),
        facts: found.or(model.facts),
        ..model.clone()
    }
}

fn target_knowing(target: &TargetSpec, lists: &BTreeMap<&str, Arc<Catalogue>>) -> TargetSpec {
    let layers = layers_of(target, found_in(lists, &target.provider, &target.model));
    let facts = layers.merged();
    TargetSpec {
        max_context: facts.max_context,
        max_output: facts.max_output,
        facts,
        ..target.clone()
    }
}

/// What each source says of an agent's target.
#[must_use]
pub fn layers_of(target: &TargetSpec, discovered: ModelFacts) -> FactLayers {
    FactLayers {
        configured: ModelFacts {
            max_context: target.max_context,
            max_output: target.max_output,
            ..ModelFacts::default()
        },
        discovered,
        built_in: target.facts,
    }
}

/// What was seen of one provider's discovery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    version: u64,
    succeeded: u64,
    failed: u64,
}

/// Watches the providers' lists until the program ends.
pub async fn watch(shared: Arc<Shared>) {
    let mut timer = tokio::time::interval(PERIOD);
    let mut seen = HashMap::new();
    let mut generation = shared.world.load().generation;
    loop {
        timer.tick().await;
        let now = shared.world.load().generation;
        // A reload may have begun before a list that the table of its end does not have.
        let reloaded = std::mem::replace(&mut generation, now) != now;
        look(&shared, &mut seen, reloaded);
    }
}

fn look(shared: &Shared, seen: &mut HashMap<String, Seen>, reloaded: bool) {
    let world = shared.world.load_full();
    seen.retain(|name, _| world.providers.contains_key(name));
    let mut changed = reloaded;
    for (name, handle) in &world.providers {
        let before = seen.get(name).copied().unwrap_or_default();
        let now = count(shared, name, handle, before);
        changed |= now.version != before.version;
        if now != before {
            seen.insert(name.clone(), now);
        }
    }
    if changed {
        rebuild(shared, &world);
    }
}

fn count(shared: &Shared, name: &str, handle: &ProviderHandle, before: Seen) -> Seen {
    let discovery = handle.discovery();
    let now = Seen {
        version: discovery.version,
        succeeded: discovery.succeeded,
        failed: discovery.failed,
    };
    let (metrics, catalogue) = (&shared.metrics, &discovery.catalogue);
    for (label, more) in [
        ("success", now.succeeded.saturating_sub(before.succeeded)),
        ("error", now.failed.saturating_sub(before.failed)),
    ] {
        if more > 0 {
            let outcomes = &metrics.discovery;
            outcomes.with_label_values(&[name, label]).inc_by(more);
        }
    }
    if now.version != before.version {
        let models = i64::try_from(catalogue.models.len()).unwrap_or(i64::MAX);
        metrics.discovered.with_label_values(&[name]).set(models);
        info!(shared.log, "models found"; "provider" => name,
            "models" => catalogue.models.len(), "dropped" => catalogue.dropped);
    }
    if now.failed > before.failed {
        warn!(shared.log, "the list of models could not be read, the last one stays";
            "provider" => name, "cause" => discovery.failure.unwrap_or_default(),
            "models" => catalogue.models.len());
    }
    now
}

/// Puts a new table in service. Nothing is awaited between reading the world and swapping it, and
/// reloads run on the same thread, so neither undoes the other.
fn rebuild(shared: &Shared, world: &World) {
    let built = world
        .written
        .routes(&world.providers, &world.filters, &world.sealed);
    let routes = match built {
        Ok(routes) => Arc::new(routes),
        Err(error) => {
            warn!(shared.log, "models that were found could not be put in service"; "cause" => %error);
            return;
        }
    };
    shared.world.publish(World {
        routes: Arc::clone(&routes),
        ..world.clone()
    });
    // A full mailbox loses the actor's own view only; workers read the world.
    if shared.router.actor().tell(ReloadRoutes(routes)).is_err() {
        warn!(
            shared.log,
            "the router could not be told of models that were found"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(models: &[(&str, u64)]) -> Arc<Catalogue> {
        let facts = |context: u64| ModelFacts {
            max_context: Some(context),
            ..ModelFacts::default()
        };
        let models = models
            .iter()
            .map(|(name, context)| ((*name).to_owned(), facts(*context)));
        Arc::new(Catalogue {
            models: models.collect(),
            dropped: 0,
        })
    }

    fn built_in(context: u64) -> ModelFacts {
        ModelFacts {
            max_context: Some(context),
            vision: Some(true),
            ..ModelFacts::default()
        }
    }

    #[test]
    fn what_is_written_goes_before_what_is_found_and_that_before_what_is_built_in() {
        let target = |written: Option<u64>, model: &str| TargetSpec {
            provider: "p".to_owned(),
            model: model.to_owned(),
            max_context: written,
            max_output: None,
            effort: None,
            facts: built_in(3),
        };
        let list = list(&[("known", 2)]);
        let lists = BTreeMap::from([("p", list)]);
        let context = |target: &TargetSpec| target_knowing(target, &lists).max_context;
        assert_eq!(context(&target(Some(1), "known")), Some(1));
        assert_eq!(context(&target(None, "known")), Some(2));
        assert_eq!(context(&target(None, "other")), Some(3));
        assert_eq!(
            target_knowing(&target(None, "known"), &lists).facts.vision,
            Some(true)
        );
    }

    #[test]
    fn found_models_come_after_written_ones_and_only_if_they_are_allowed() {
        let written = Written {
            models: vec![ModelSpec {
                provider: "p".to_owned(),
                model: "b".to_owned(),
                ..ModelSpec::default()
            }],
            ..Written::default()
        };
        let list = list(&[("a", 1), ("b", 2), ("z", 3)]);
        let lists = BTreeMap::from([("p", list)]);
        let models = written.models_knowing(&lists, &ModelFilters::default());
        let names: Vec<_> = models
            .iter()
            .map(|model| (model.model.as_str(), model.discovered, model.max_context))
            .collect();
        assert_eq!(
            names,
            [
                ("b", false, Some(2)),
                ("a", true, Some(1)),
                ("z", true, Some(3))
            ]
        );
    }
}

//! Providers and agents as they are used, put together.
//!
//! Called after the keys have been checked one by one; the result goes to the program, which makes
//! actors from it. `upstreams` completes the providers, `agents` finds the models of agents at them.

mod agents;
mod upstreams;

use std::collections::{BTreeMap, BTreeSet};

pub use agents::{Agent, Target};
pub use upstreams::{Breaker, ModelFilter, ProviderKind, Upstream};

use self::agents::Finder;
use super::Config;
use super::error::{KeyPath, What};

/// All providers and agents, complete.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// Providers by name: those of the file, and those built in.
    pub upstreams: BTreeMap<String, Upstream>,
    /// Agents by name.
    pub agents: BTreeMap<String, Agent>,
}

/// Puts providers and agents together; what leads nowhere goes to `report`.
pub(super) fn resolve(config: &Config, report: &mut dyn FnMut(KeyPath, What)) -> Resolved {
    let mut upstreams = upstreams::upstreams(config);
    let finder = Finder {
        config,
        upstreams: &upstreams,
    };
    let agents: BTreeMap<String, Agent> = config
        .agents
        .iter()
        .map(|(name, entry)| (name.clone(), finder.agent(name, entry, report)))
        .collect();
    let formats = finder.formats(report);
    let addresses = finder.addresses(report);
    let used: BTreeSet<&String> = agents
        .values()
        .flat_map(|agent| &agent.targets)
        .map(|target| &target.provider)
        .collect();
    for (name, upstream) in &mut upstreams {
        upstream.used_by_agents = used.contains(name);
    }
    for (provider, model, format) in formats {
        if let Some(ProviderKind::Http(apis)) = upstreams
            .get_mut(&provider)
            .map(|upstream| &mut upstream.kind)
        {
            apis.models.insert(0, (model, format));
        }
    }
    for (provider, model, api) in addresses {
        if let Some(ProviderKind::Http(apis)) = upstreams
            .get_mut(&provider)
            .map(|upstream| &mut upstream.kind)
        {
            apis.alone.push((model, api));
        }
    }
    Resolved { upstreams, agents }
}

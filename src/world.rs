//! Everything of one configuration that a request reads, swapped whole.
//!
//! A request takes the world once and keeps it, so a reload never mixes old and new rules within
//! one request. What changes by itself (blocked addresses, gates, latencies) is not in here; it
//! is published by the actor that owns it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth::TrustedProxies;
use provider::{ProviderHandle, ProviderSpec};
use rbac::Policy;
use router::RoutingTable;
use vault::Sealed;
use wire::JsonLimits;

use crate::catalogue::Written;
use crate::config::ModelFilter;
use crate::http::body::BodyLimits;

/// One generation of rules.
#[derive(Clone)]
pub struct World {
    /// 1 at start, one more with each reload.
    pub generation: u64,
    /// Digests of client tokens and leases of provider keys.
    pub sealed: Arc<Sealed>,
    /// Who may use what.
    pub policy: Arc<Policy>,
    /// Which providers serve which name.
    pub routes: Arc<RoutingTable>,
    /// What the configuration says of agents and models; the routes are made of it and of what
    /// providers say.
    pub written: Arc<Written>,
    /// Providers by name, for `/proxy`.
    pub providers: HashMap<String, ProviderHandle>,
    /// Providers and models that the configuration names, for labels.
    pub configured: Vec<(String, String)>,
    /// Which models of a provider may be used.
    pub filters: ModelFilters,
    /// TLS towards providers: the usual authorities, and those of single providers.
    pub tls: UpstreamTls,
    /// Whose forwarding headers are believed.
    pub proxies: TrustedProxies,
    /// How much of a request body is taken, and how long it may pause.
    pub body: BodyLimits,
    /// Limits on the shape of JSON bodies.
    pub json: JsonLimits,
    /// When a realtime session asks, and when it gives up.
    pub realtime: RealtimeTimes,
    /// Where nothing of a request may be left out.
    pub strictness: Strictness,
}

/// How long the sides of a realtime session may be quiet.
#[derive(Debug, Clone, Copy)]
pub struct RealtimeTimes {
    /// Between two pings to a side.
    pub ping: Duration,
    /// A client that says nothing for so long, not even a pong, is gone.
    pub silence: Duration,
}

impl World {
    /// The configuration of a provider, if there is one of this name.
    #[must_use]
    pub fn provider_spec(&self, name: &str) -> Option<&Arc<ProviderSpec>> {
        self.providers.get(name).map(ProviderHandle::spec)
    }

    /// The TLS configuration for a provider.
    #[must_use]
    pub fn tls_of(&self, provider: &str) -> Arc<rustls::ClientConfig> {
        self.tls.of(provider)
    }

    /// Whether the configuration lets this name through: `provider/model` must pass the
    /// provider's `allowed_models`; agents were checked when they were put together.
    #[must_use]
    pub fn allows(&self, name: &str) -> bool {
        if self.routes.is_agent(name) {
            return true;
        }
        let Some((provider, model)) = name.split_once('/') else {
            return true;
        };
        self.filters
            .get(provider)
            .is_none_or(|filter| filter.allows(model))
    }

    /// Whether a provider's `allowed_models` let this model through.
    #[must_use]
    pub fn allows_model(&self, provider: &str, model: &str) -> bool {
        let filter = self.filters.get(provider);
        filter.is_none_or(|filter| filter.allows(model))
    }

    /// Whether a provider has `allowed_models`, so that a request must name one.
    #[must_use]
    pub fn restricts_models(&self, provider: &str) -> bool {
        let filter = self.filters.get(provider);
        filter.is_some_and(|filter| !filter.is_empty())
    }

    /// Whether the configuration names this provider and model together.
    #[must_use]
    pub fn is_configured(&self, provider: &str, model: &str) -> bool {
        let named = |(of, name): &(String, String)| of == provider && name == model;
        self.configured.iter().any(named)
    }

    /// The name as a label: an agent's name, else nothing, since it is the client's word.
    #[must_use]
    pub fn agent_label(&self, name: &str) -> String {
        if self.routes.is_agent(name) {
            name.to_owned()
        } else {
            String::new()
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// For which names a request is refused where its provider's format has no place for a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strictness {
    /// For names that are no agent's.
    pub usual: bool,
    /// For agents.
    pub agents: HashMap<String, bool>,
}

impl Strictness {
    /// Whether a request for this name is refused rather than noted.
    #[must_use]
    pub fn of(&self, name: &str) -> bool {
        self.agents.get(name).copied().unwrap_or(self.usual)
    }
}

/// By provider, which of its models may be used.
pub type ModelFilters = HashMap<String, ModelFilter>;

/// TLS configurations towards providers.
#[derive(Debug, Clone)]
pub struct UpstreamTls {
    /// With the machine's own authorities.
    pub usual: Arc<rustls::ClientConfig>,
    /// Of providers that have authorities of their own.
    pub single: HashMap<String, Arc<rustls::ClientConfig>>,
}

impl UpstreamTls {
    /// The TLS configuration for a provider.
    #[must_use]
    pub fn of(&self, provider: &str) -> Arc<rustls::ClientConfig> {
        Arc::clone(self.single.get(provider).unwrap_or(&self.usual))
    }
}

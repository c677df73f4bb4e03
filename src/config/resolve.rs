//! Providers and agents as they are used: the built-in values, what the file says over them, and
//! the defaults of `governance`, put together.
//!
//! Owns the finding of a provider for a model that is named alone. Refuses what leads nowhere:
//! unknown providers, formats without an address, agents without models. Called after the keys have been
//! checked one by one; the result goes to the program, which makes actors from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use provider::{ModelFacts, Quirk};
use wire::ApiFormat;

use super::agents::{AgentEntry, ModelEntry, ModelTarget, Strategy};
use super::error::{KeyPath, What};
use super::providers::{AuthStyle, ProviderEntry};
use super::scalar::Pattern;
use super::shape::nearest;
use super::speaking::{Apis, apis};
use super::stock::{ECHO, ECHO_MODEL, stock};
use super::stock_facts::stock_facts;
use super::stock_models::{stock_model, stock_models_of};
use super::stock_rows::STOCK;
use super::url::Reach;
use super::{Config, HumanDuration};

/// What a provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderKind {
    /// Behind HTTP: the APIs that it speaks.
    Http(Box<Apis>),
    /// Built in: answers with what it was sent.
    Echo,
}

/// When requests stop being sent to a provider that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row after which the circuit opens.
    pub failures: u32,
    /// How long it stays open before one request may try again.
    pub cooldown: Duration,
}

/// A provider, complete.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// The built-in provider under it, or its own name.
    pub under: String,
    /// What it is.
    pub kind: ProviderKind,
    /// How its key is sent at its usual address.
    pub auth_style: AuthStyle,
    /// What it wants otherwise than its API.
    pub quirks: Vec<Quirk>,
    /// Whether its models think.
    pub thinking: Option<provider::Thinking>,
    /// Other names of models, and what it calls them.
    pub aliases: Vec<(String, String)>,
    /// Fixed headers.
    pub headers: Vec<(String, String)>,
    /// Its accounts, by id.
    pub accounts: Vec<String>,
    /// Whether it may be on a private network: asked for, or its address names this machine.
    pub allow_private_addresses: bool,
    /// Further certificate authorities for it.
    pub ca_file: Option<PathBuf>,
    /// Models that it is listed with.
    pub models: Vec<String>,
    /// Models that may be used with it.
    pub allowed_models: ModelFilter,
    /// Longest time for finding and reaching it.
    pub connect_timeout: Duration,
    /// Longest time until the first byte of a reply.
    pub first_byte_timeout: Duration,
    /// Longest silence within a streamed reply; `None` for no limit.
    pub idle_timeout: Option<Duration>,
    /// Longest time for a whole reply; `None` for no limit.
    pub total_timeout: Option<Duration>,
    /// Largest whole reply in bytes.
    pub max_reply_bytes: u64,
    /// Most bytes of a streamed reply.
    pub max_stream_bytes: u64,
    /// Statuses after which the next target is tried.
    pub retryable: Vec<u16>,
    /// The `User-Agent` towards it.
    pub user_agent: String,
    /// When requests stop being sent to it.
    pub breaker: Breaker,
    /// Whether the file has an entry for it; otherwise it is only built in.
    pub configured: bool,
    /// Whether an agent uses it.
    pub used_by_agents: bool,
    /// Time between two lists of its models; `None` if it is not asked for them.
    pub discovery: Option<Duration>,
}

impl Upstream {
    /// What is built in of one of its models.
    #[must_use]
    pub fn built_in(&self, model: &str) -> ModelFacts {
        stock_facts(&self.under, model)
    }

    /// Names of its keys in the secrets: its own, and those of its accounts.
    pub fn key_names(&self) -> impl Iterator<Item = String> {
        let accounts = self.accounts.iter().map(|id| format!("{}/{id}", self.name));
        std::iter::once(self.name.clone()).chain(accounts)
    }
}

/// The models that may be used with a provider.
#[derive(Clone, Default)]
pub struct ModelFilter(Vec<fancy_regex::Regex>);

impl ModelFilter {
    pub(super) fn new(patterns: &[Pattern]) -> Self {
        let compiled = patterns
            .iter()
            .filter_map(|pattern| fancy_regex::Regex::new(pattern.as_str()).ok());
        Self(compiled.collect())
    }

    /// Whether every model may be used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `model` may be used. A pattern that gives up on a name does not allow it.
    #[must_use]
    pub fn allows(&self, model: &str) -> bool {
        self.0.is_empty()
            || self
                .0
                .iter()
                .any(|pattern| pattern.is_match(model).unwrap_or(false))
    }
}

impl fmt::Debug for ModelFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(fancy_regex::Regex::as_str))
            .finish()
    }
}

/// An agent, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The order in which targets are tried.
    pub strategy: Strategy,
    /// How many further targets are tried after the first one failed; `None` for all.
    pub max_retries: Option<u32>,
    /// The targets in order; never empty, each with a provider of [`Resolved::upstreams`].
    pub targets: Vec<Target>,
}

/// A model of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The provider.
    pub provider: String,
    /// The model, as the provider calls it.
    pub model: String,
    /// The most tokens that the model takes, as far as it is written.
    pub max_context: Option<u64>,
    /// The most tokens that it answers with, as far as it is written.
    pub max_output: Option<u64>,
    /// What is built in of the model.
    pub built_in: ModelFacts,
}

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
    let mut upstreams = upstreams(config);
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
    Resolved { upstreams, agents }
}

fn upstreams(config: &Config) -> BTreeMap<String, Upstream> {
    let built_in = STOCK.iter().map(|stock| stock.name);
    let names: BTreeSet<&str> = built_in
        .chain(config.providers.keys().map(String::as_str))
        .collect();
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), upstream(config, name)?)))
        .collect()
}

fn upstream(config: &Config, name: &str) -> Option<Upstream> {
    let written = config.providers.get(name);
    let nothing = ProviderEntry::default();
    let entry = written.unwrap_or(&nothing);
    let kind = if name == ECHO {
        ProviderKind::Echo
    } else {
        ProviderKind::Http(Box::new(apis(name, entry).ok()?))
    };
    let total_timeout = timer(
        entry.timeout_seconds,
        config.governance.upstream_timeout_seconds,
    );
    let (auth_style, on_this_machine) = match &kind {
        ProviderKind::Echo => (AuthStyle::None, false),
        ProviderKind::Http(apis) => (
            apis.usual.auth_style,
            apis.addresses().all(|url| url.reach() == Reach::Loopback),
        ),
    };
    Some(Upstream {
        name: name.to_owned(),
        under: entry.under(name).to_owned(),
        auth_style,
        quirks: stock(entry.under(name)).map_or_else(Vec::new, |stock| stock.quirks.to_vec()),
        thinking: entry.thinking.as_ref().map(|wish| provider::Thinking {
            enabled: wish.enabled,
            clear: wish.clear_thinking,
        }),
        aliases: aliases(name, entry),
        headers: entry
            .headers
            .clone()
            .unwrap_or_default()
            .into_iter()
            .collect(),
        accounts: accounts(entry),
        allow_private_addresses: entry.danger_allow_private_addresses.unwrap_or(false)
            || on_this_machine,
        ca_file: entry.ca_file.clone(),
        models: listed_models(name, entry),
        allowed_models: ModelFilter::new(entry.allowed_models.as_deref().unwrap_or_default()),
        connect_timeout: Duration::from_secs(entry.connect_timeout_seconds.unwrap_or(10)),
        first_byte_timeout: first_byte_timeout(entry, total_timeout),
        idle_timeout: timer(
            entry.stream_idle_timeout_seconds,
            config.governance.stream_idle_timeout_seconds,
        ),
        total_timeout,
        max_reply_bytes: config.server.max_reply_bytes.get(),
        max_stream_bytes: config.max_stream_bytes(),
        retryable: entry
            .retryable_status_codes
            .clone()
            .unwrap_or_else(|| config.governance.retryable_status_codes.clone()),
        user_agent: config.server.user_agent.clone(),
        breaker: breaker(entry),
        configured: written.is_some(),
        used_by_agents: false,
        discovery: config
            .discovery
            .enabled
            .then(|| config.discovery.interval.get()),
        kind,
    })
}

fn listed_models(name: &str, entry: &ProviderEntry) -> Vec<String> {
    let written = entry.models.clone().unwrap_or_default();
    if name == ECHO && written.is_empty() {
        vec![ECHO_MODEL.to_owned()]
    } else {
        written
    }
}

/// What is written goes before what is built in.
fn aliases(name: &str, entry: &ProviderEntry) -> Vec<(String, String)> {
    let written = entry.aliases.clone().unwrap_or_default();
    let built_in = stock(entry.under(name));
    let built_in = built_in.map_or(&[][..], |stock| stock.aliases).iter();
    let built_in = built_in.map(|(alias, name)| ((*alias).to_owned(), (*name).to_owned()));
    written.into_iter().chain(built_in).collect()
}

fn accounts(entry: &ProviderEntry) -> Vec<String> {
    let written = entry.accounts.iter().flatten();
    written.filter_map(|account| account.id.clone()).collect()
}

fn timer(own: Option<u64>, usual: u64) -> Option<Duration> {
    let seconds = own.filter(|seconds| *seconds > 0).unwrap_or(usual);
    if seconds == 0 {
        None
    } else {
        Some(Duration::from_secs(seconds))
    }
}

/// The head of a whole reply comes when the reply is ready, so waiting for it less long than for
/// the reply would make that limit meaningless.
fn first_byte_timeout(entry: &ProviderEntry, total: Option<Duration>) -> Duration {
    let usual = total
        .unwrap_or(Duration::from_secs(3600))
        .max(Duration::from_secs(300));
    entry
        .first_byte_timeout_seconds
        .map_or(usual, Duration::from_secs)
}

fn breaker(entry: &ProviderEntry) -> Breaker {
    let written = entry.breaker.clone().unwrap_or_default();
    Breaker {
        failures: written.failures.unwrap_or(5),
        cooldown: written.cooldown.unwrap_or(HumanDuration::secs(60)).get(),
    }
}

struct Finder<'c> {
    config: &'c Config,
    upstreams: &'c BTreeMap<String, Upstream>,
}

type Found = Result<Vec<Target>, (&'static str, What)>;

impl Finder<'_> {
    fn agent(
        &self,
        name: &str,
        entry: &AgentEntry,
        report: &mut dyn FnMut(KeyPath, What),
    ) -> Agent {
        let path = KeyPath::of("agents").key(name);
        if entry.models.is_empty() {
            let remedy = "list at least one in `models`";
            report(path.clone(), What::NoModels { remedy });
        }
        let mut targets: Vec<Target> = Vec::new();
        for (index, model) in entry.models.iter().enumerate() {
            let here = path.key("models").index(index);
            match self.targets(model) {
                Ok(found) => targets.extend(found),
                Err(("", what)) => report(here, what),
                Err((key, what)) => report(here.key(key), what),
            }
        }
        Agent {
            name: name.to_owned(),
            description: entry.description.clone().unwrap_or_default(),
            strategy: entry.strategy,
            max_retries: if entry.max_retries == 0 {
                None
            } else {
                Some(entry.max_retries)
            },
            targets,
        }
    }

    fn targets(&self, entry: &ModelEntry) -> Found {
        match entry {
            ModelEntry::Model(target) => self.targets_of(target),
            ModelEntry::Name(name) => self.targets_named(name).map_err(|what| ("", what)),
        }
    }

    /// A model by its name alone, or `provider/model`. Known names go first, since some hold a slash.
    fn targets_named(&self, name: &str) -> Result<Vec<Target>, What> {
        let found = self.providers_with(name)?;
        if !found.is_empty() {
            return Ok(found);
        }
        match name.split_once('/') {
            Some((provider, model))
                if !model.is_empty() && self.upstreams.contains_key(provider) =>
            {
                self.allowed(provider, model)?;
                Ok(vec![self.target(provider, model)])
            }
            _ => Err(What::UnknownModel),
        }
    }

    fn targets_of(&self, entry: &ModelTarget) -> Found {
        let provider = entry.provider.as_deref().filter(|name| !name.is_empty());
        let model = entry.model.as_deref().filter(|name| !name.is_empty());
        let searched = entry.provider_rgx.is_some() || entry.model_rgx.is_some();
        let found = match (provider, model) {
            (Some(provider), Some(model)) => {
                self.usable(provider).map_err(|what| ("provider", what))?;
                self.allowed(provider, model)
                    .map_err(|what| ("model", what))?;
                vec![self.target(provider, model)]
            }
            (None, Some(model)) => {
                let found = self.providers_with(model).map_err(|what| ("model", what))?;
                if found.is_empty() {
                    return Err(("model", What::UnknownModel));
                }
                found
            }
            (Some(provider), None) => self.all_of(provider).map_err(|what| ("provider", what))?,
            // Refused as a missing feature already.
            (None, None) if searched => Vec::new(),
            (None, None) => {
                return Err((
                    "",
                    What::NoModels {
                        remedy: "write `provider` and `model`",
                    },
                ));
            }
        };
        Ok(found
            .into_iter()
            .map(|target| limited(target, entry))
            .collect())
    }

    /// All that are known to have this model: the built-in knowledge first, then lists of the file.
    fn providers_with(&self, model: &str) -> Result<Vec<Target>, What> {
        let mut found = Vec::new();
        let mut refused = None;
        if let Some(known) = stock_model(model) {
            match self.usable(known.provider) {
                Ok(()) => found.push(self.target(known.provider, known.name)),
                Err(what) => refused = Some(what),
            }
        }
        for (name, upstream) in self.upstreams {
            if upstream.models.iter().any(|listed| listed == model) {
                found.push(self.target(name, model));
            }
        }
        found.dedup_by(|next, before| next.provider == before.provider);
        found.retain(|target| self.allowed(&target.provider, &target.model).is_ok());
        match refused {
            Some(what) if found.is_empty() => Err(what),
            _ => Ok(found),
        }
    }

    fn all_of(&self, provider: &str) -> Result<Vec<Target>, What> {
        self.usable(provider)?;
        let listed = self
            .upstreams
            .get(provider)
            .map(|upstream| upstream.models.as_slice())
            .unwrap_or_default();
        let mut found: Vec<Target> = listed
            .iter()
            .map(|model| self.target(provider, model))
            .collect();
        if found.is_empty() {
            found = stock_models_of(provider)
                .map(|known| self.target(provider, known.name))
                .collect();
        }
        found.retain(|target| self.allowed(provider, &target.model).is_ok());
        if found.is_empty() {
            return Err(What::NoModels {
                remedy: "write `model`, or list models in `providers.<name>.models`",
            });
        }
        Ok(found)
    }

    /// The formats that agents ask for, by provider and model.
    fn formats(&self, report: &mut dyn FnMut(KeyPath, What)) -> Vec<(String, String, ApiFormat)> {
        let mut found: BTreeMap<(String, String), (ApiFormat, KeyPath)> = BTreeMap::new();
        for (name, entry) in &self.config.agents {
            for (index, model) in entry.models.iter().enumerate() {
                let ModelEntry::Model(entry) = model else {
                    continue;
                };
                let Some(format) = entry.format.map(|format| format.get()) else {
                    continue;
                };
                let path = KeyPath::of("agents")
                    .key(name)
                    .key("models")
                    .index(index)
                    .key("format");
                for target in self.targets_of(entry).unwrap_or_default() {
                    if let Err(what) = self.spoken(&target.provider, format) {
                        report(path.clone(), what);
                    }
                    let key = (target.provider, target.model);
                    let (before, other) = found.entry(key).or_insert((format, path.clone()));
                    if *before != format {
                        let reason =
                            "one model of a provider has one format; write the same at both";
                        let other = other.clone();
                        report(path.clone(), What::Contradiction { other, reason });
                    }
                }
            }
        }
        found
            .into_iter()
            .map(|((provider, model), (format, _))| (provider, model, format))
            .collect()
    }

    fn spoken(&self, provider: &str, format: ApiFormat) -> Result<(), What> {
        match self.upstreams.get(provider).map(|upstream| &upstream.kind) {
            Some(ProviderKind::Http(apis)) if apis.speaks(format) => Ok(()),
            _ => Err(What::Contradiction {
                other: KeyPath::of("providers").key(provider).key("format_urls"),
                reason: "no address of the provider belongs to this format; add one there",
            }),
        }
    }

    fn target(&self, provider: &str, model: &str) -> Target {
        Target {
            provider: provider.to_owned(),
            model: model.to_owned(),
            max_context: None,
            max_output: None,
            built_in: self.built_in(provider, model),
        }
    }

    fn built_in(&self, provider: &str, model: &str) -> ModelFacts {
        let entry = self.config.providers.get(provider);
        stock_facts(entry.map_or(provider, |entry| entry.under(provider)), model)
    }

    fn allowed(&self, provider: &str, model: &str) -> Result<(), What> {
        match self.upstreams.get(provider) {
            Some(upstream) if !upstream.allowed_models.allows(model) => Err(What::Contradiction {
                other: KeyPath::of("providers").key(provider).key("allowed_models"),
                reason: "none of its patterns is found in this model; allow it there or remove it here",
            }),
            _ => Ok(()),
        }
    }

    fn usable(&self, provider: &str) -> Result<(), What> {
        if self.upstreams.contains_key(provider) {
            return Ok(());
        }
        let entry = self.config.providers.get(provider);
        if entry.is_none() && stock(provider).is_none() {
            return Err(What::UnknownProvider {
                nearest: nearest(provider, self.upstreams.keys().map(String::as_str)),
            });
        }
        match apis(provider, entry.unwrap_or(&ProviderEntry::default())) {
            Err((None, What::NoAddress { needs })) => Err(What::NoAddress { needs }),
            // Said at the provider itself.
            _ => Err(What::Rejected),
        }
    }
}

/// With the limits that the entry writes.
fn limited(target: Target, entry: &ModelTarget) -> Target {
    Target {
        max_context: entry.max_context,
        max_output: entry.max_output,
        ..target
    }
}

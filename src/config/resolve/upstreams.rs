//! Providers as they are used: the built-in values, what the file says over them, and the defaults
//! of `governance`.
//!
//! Owns [`Upstream`] and what is in force where nothing is written. Refuses nothing: an entry whose
//! address cannot be made is left out here and reported at the provider itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use provider::{ModelFacts, Quirk};

use crate::config::providers::{AuthStyle, ProviderEntry};
use crate::config::scalar::Pattern;
use crate::config::speaking::{Apis, apis};
use crate::config::stock::{ECHO, ECHO_MODEL, stock};
use crate::config::stock_facts::stock_facts;
use crate::config::stock_rows::STOCK;
use crate::config::url::Reach;
use crate::config::{Config, HumanDuration};

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
    /// How often a list that cannot be read is asked for again sooner; `None` for no limit.
    pub list_retries: Option<u32>,
    /// Whether each client's prompt cache is named to it.
    pub prompt_cache_key: bool,
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
    pub(in crate::config) fn new(patterns: &[Pattern]) -> Self {
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

/// All providers by name: those of the file, and those built in.
pub(super) fn upstreams(config: &Config) -> BTreeMap<String, Upstream> {
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
        list_retries: entry
            .max_retry_attempts
            .filter(|most| *most > 0)
            .or(config.governance.max_retry_attempts)
            .filter(|most| *most > 0),
        prompt_cache_key: entry.prompt_cache_key.unwrap_or(false),
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

//! From a checked configuration to what the actors are made of.
//!
//! Pure: no socket, no thread, no file but provider authorities. The only place that knows both
//! the configuration's words and the crates' own.

use std::collections::HashMap;
use std::fmt;
use std::thread;
use std::time::Duration;

use auth::{FailureConfig, KeyLimits, LimitTable, TrustedProxies};
use provider::{
    AuthStyle, BreakerConfig, DiscoveryRules, ExtensionRoute, FormatRoute, ModelFormat, ModelList,
    ProviderKind, ProviderSpec, UpstreamUrl, UrlError,
};
use rbac::{Policy, RoleName, Subject};
use redactor::{
    Action, ActionRow, Blocked, Class, Direction, EntropyLimits, FilePolicy, PlaceholderLimits,
    Preset, RedactionConfig, StreamDelay,
};
use router::{AgentSpec, ModelSpec, Strategy, TargetSpec};
use vault::{Identity, Sealed};
use wire::ApiFormat;

use crate::catalogue::Salts;
use crate::config::{self, Agent, Apis, ChatUrl, Config, Resolved, Upstream};
use crate::http::body::BodyLimits;
use crate::http::seal_store::SealLimits;
use crate::http::server::ServerLimits;
use crate::world::{RealtimeTimes, UpstreamTls};

/// A wait that stands for none.
const FOR_EVER: Duration = Duration::from_secs(86_400);

/// What fits the configuration's grammar and still cannot be used.
#[derive(Debug)]
pub enum AssembleError {
    /// A key of the secrets file.
    Key {
        /// Its id.
        id: String,
        /// What is wrong.
        cause: String,
    },
    /// A provider.
    Provider {
        /// Its name.
        name: String,
        /// What is wrong.
        cause: String,
    },
    /// Limits for a key that the secrets do not have.
    UnknownKey(String),
    /// The rights of all keys together.
    Policy(String),
}

impl fmt::Display for AssembleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { id, cause } => write!(f, "secrets: `api_keys.{id}`: {cause}"),
            Self::Provider { name, cause } => {
                write!(f, "configuration: `providers.{name}`: {cause}")
            }
            Self::UnknownKey(id) => write!(
                f,
                "configuration: `limits.keys.{id}`: the secrets have no key of this id; `nenya keygen --name {id}` makes one"
            ),
            Self::Policy(cause) => write!(f, "secrets: {cause}"),
        }
    }
}

impl std::error::Error for AssembleError {}

/// The providers that are served: those that the file or an agent names, and the built-in ones
/// that there is a key for.
pub fn provider_specs(
    resolved: &Resolved,
    sealed: &Sealed,
) -> Result<Vec<ProviderSpec>, AssembleError> {
    let wanted = |upstream: &&Upstream| {
        let keyed = upstream.key_names().any(|name| sealed.has_key(&name));
        upstream.configured || upstream.used_by_agents || keyed
    };
    resolved
        .upstreams
        .values()
        .filter(wanted)
        .map(provider_spec)
        .collect()
}

fn provider_spec(upstream: &Upstream) -> Result<ProviderSpec, AssembleError> {
    let wrong = |cause: String| AssembleError::Provider {
        name: upstream.name.clone(),
        cause,
    };
    let mut spec = match &upstream.kind {
        config::ProviderKind::Echo => ProviderSpec::echo(&upstream.name),
        config::ProviderKind::Http(apis) => {
            addressed(&upstream.name, apis).map_err(|error| wrong(error.to_string()))?
        }
    };
    spec.quirks.clone_from(&upstream.quirks);
    spec.thinking = upstream.thinking;
    spec.aliases.clone_from(&upstream.aliases);
    spec.extra_headers.clone_from(&upstream.headers);
    spec.accounts.clone_from(&upstream.accounts);
    spec.danger_allow_private_addresses = upstream.allow_private_addresses;
    spec.ca_file.clone_from(&upstream.ca_file);
    spec.connect_timeout = upstream.connect_timeout;
    spec.first_byte_timeout = upstream.first_byte_timeout;
    spec.idle_timeout = upstream.idle_timeout.unwrap_or(FOR_EVER);
    spec.total_timeout = upstream.total_timeout;
    spec.max_reply_bytes = upstream.max_reply_bytes;
    spec.max_stream_bytes = upstream.max_stream_bytes;
    spec.retryable.clone_from(&upstream.retryable);
    spec.user_agent.clone_from(&upstream.user_agent);
    spec.prompt_cache_key = upstream.prompt_cache_key;
    spec.discovery = upstream.discovery.map(|every| DiscoveryRules {
        every,
        retries: upstream.list_retries,
    });
    spec.breaker = BreakerConfig {
        failures_to_open: upstream.breaker.failures,
        cooldown: upstream.breaker.cooldown,
        ..BreakerConfig::default()
    };
    Ok(spec)
}

/// A provider with its addresses and nothing else.
fn addressed(name: &str, apis: &Apis) -> Result<ProviderSpec, UrlError> {
    let parsed = |url: &ChatUrl| url.as_str().parse::<UpstreamUrl>();
    let usual = parsed(&apis.usual.url)?;
    let mut spec = ProviderSpec::new(name, ProviderKind::Http, usual);
    spec.format = apis.usual.format;
    spec.auth = auth_style(apis.usual.auth_style);
    for api in &apis.others {
        spec.routes.push(FormatRoute {
            format: api.format,
            url: parsed(&api.url)?,
            auth: auth_style(api.auth_style),
        });
    }
    if let Some(list) = &apis.list {
        spec.models = Some(ModelList {
            url: parsed(&list.url)?,
            format: list.format,
            auth: auth_style(list.auth_style),
        });
    }
    for (prefix, url) in &apis.paths {
        spec.extensions.push(ExtensionRoute {
            prefix: prefix.clone(),
            url: parsed(url)?,
            auth: spec.auth,
        });
    }
    for (model, api) in &apis.alone {
        let route = FormatRoute {
            format: api.format,
            url: parsed(&api.url)?,
            auth: auth_style(api.auth_style),
        };
        spec.alone.push((model.clone(), route));
    }
    let rule = |(models, format): &(String, ApiFormat)| ModelFormat {
        models: models.clone(),
        format: *format,
    };
    spec.model_formats = apis.models.iter().map(rule).collect();
    spec.region.clone_from(&apis.region);
    Ok(spec)
}

const fn auth_style(style: config::AuthStyle) -> AuthStyle {
    match style {
        config::AuthStyle::Bearer => AuthStyle::Bearer,
        config::AuthStyle::BearerXGoog => AuthStyle::BearerXGoog,
        config::AuthStyle::XGoog => AuthStyle::XGoog,
        config::AuthStyle::Anthropic => AuthStyle::Anthropic,
        config::AuthStyle::Azure => AuthStyle::Azure,
        config::AuthStyle::SigV4 => AuthStyle::SigV4,
        config::AuthStyle::GoogleServiceAccount => AuthStyle::GoogleServiceAccount,
        config::AuthStyle::None => AuthStyle::None,
    }
}

/// TLS towards providers; the machine's authorities are read once and shared.
pub fn upstream_tls(specs: &[ProviderSpec]) -> Result<UpstreamTls, AssembleError> {
    let load = |spec: &ProviderSpec| {
        provider::tls_config(spec).map_err(|error| AssembleError::Provider {
            name: spec.name.clone(),
            cause: error.to_string(),
        })
    };
    let usual = load(&ProviderSpec::echo("usual"))?;
    let own = specs.iter().filter(|spec| spec.ca_file.is_some());
    let single = own
        .map(|spec| Ok((spec.name.clone(), load(spec)?)))
        .collect::<Result<HashMap<_, _>, _>>()?;
    Ok(UpstreamTls { usual, single })
}

/// The agents, as the router takes them.
#[must_use]
pub fn agent_specs(config: &Config, resolved: &Resolved) -> Vec<AgentSpec> {
    let by_latency = config.governance.auto_reorder_by_latency.unwrap_or(false);
    resolved
        .agents
        .values()
        .map(|agent| agent_spec(agent, by_latency))
        .collect()
}

fn agent_spec(agent: &Agent, order_by_latency: bool) -> AgentSpec {
    let strategy = match agent.strategy {
        config::Strategy::Fallback => Strategy::Fallback,
        config::Strategy::RoundRobin | config::Strategy::Sticky => Strategy::RoundRobin,
    };
    let target = |target: &config::Target| TargetSpec {
        provider: target.provider.clone(),
        model: target.model.clone(),
        max_context: target.max_context,
        max_output: target.max_output,
        effort: target.effort,
        facts: target.built_in,
    };
    AgentSpec {
        name: agent.name.clone(),
        description: agent.description.clone(),
        strategy,
        order_by_latency,
        targets: agent.targets.iter().map(target).collect(),
        max_retries: agent.max_retries,
    }
}

/// What keeps prompt caches apart, by client key and by agent.
#[must_use]
pub fn salts(config: &Config, sealed: &Sealed) -> Salts {
    let said = |salt: &Option<String>| salt.clone().filter(|salt| !salt.is_empty());
    let of_keys = sealed.identities().iter();
    let of_keys = of_keys.filter_map(|key| Some((key.id.clone(), said(&key.cache_salt)?.into())));
    let of_agents = config.agents.iter();
    let of_agents =
        of_agents.filter_map(|(name, agent)| Some((name.clone(), said(&agent.cache_salt)?.into())));
    Salts {
        of_keys: of_keys.collect(),
        of_agents: of_agents.collect(),
    }
}

/// The models that providers are listed with.
#[must_use]
pub fn model_specs(resolved: &Resolved, specs: &[ProviderSpec]) -> Vec<ModelSpec> {
    let served = specs
        .iter()
        .filter_map(|spec| resolved.upstreams.get(&spec.name));
    let models = |upstream: &Upstream| -> Vec<ModelSpec> {
        let listed = upstream
            .models
            .iter()
            .filter(|model| upstream.allowed_models.allows(model));
        listed.map(|model| model_spec(upstream, model)).collect()
    };
    served.flat_map(models).collect()
}

fn model_spec(upstream: &Upstream, model: &str) -> ModelSpec {
    ModelSpec {
        provider: upstream.name.clone(),
        model: model.to_owned(),
        facts: upstream.built_in(model),
        ..ModelSpec::default()
    }
}

/// Provider and model of all agents and listings, the only ones that may become labels.
#[must_use]
pub fn configured_targets(agents: &[AgentSpec], models: &[ModelSpec]) -> Vec<(String, String)> {
    let of_agents = agents
        .iter()
        .flat_map(|agent| &agent.targets)
        .map(|target| (target.provider.clone(), target.model.clone()));
    let of_lists = models
        .iter()
        .map(|model| (model.provider.clone(), model.model.clone()));
    let mut all: Vec<_> = of_agents.chain(of_lists).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The rights of all keys.
pub fn policy(sealed: &Sealed) -> Result<Policy, AssembleError> {
    let subjects = sealed
        .identities()
        .iter()
        .map(subject)
        .collect::<Result<Vec<_>, _>>()?;
    Policy::new(subjects).map_err(|error| AssembleError::Policy(error.to_string()))
}

fn subject(identity: &Identity) -> Result<Subject, AssembleError> {
    let role = |name: &String| {
        let parsed = name.parse::<RoleName>();
        parsed.map_err(|error| AssembleError::Key {
            id: identity.id.clone(),
            cause: error.to_string(),
        })
    };
    Ok(Subject {
        id: identity.id.clone(),
        name: identity.name.clone(),
        roles: identity.roles.iter().map(role).collect::<Result<_, _>>()?,
        allowed_agents: identity.allowed_agents.clone(),
        allowed_endpoints: identity.allowed_endpoints.clone(),
        enabled: identity.enabled,
        expires_at: identity.expires_at,
    })
}

/// Limits per key; limits of a key that does not exist are refused, since they protect nobody.
pub fn limits(config: &Config, sealed: &Sealed) -> Result<LimitTable, AssembleError> {
    let mut single = HashMap::new();
    for (id, limits) in config.limits.single() {
        if !sealed.identities().iter().any(|identity| identity.id == id) {
            return Err(AssembleError::UnknownKey(id.to_owned()));
        }
        single.insert(id.to_owned(), key_limits(limits));
    }
    Ok(LimitTable::new(key_limits(config.limits.usual()), single))
}

fn key_limits(limits: config::KeyLimits) -> KeyLimits {
    KeyLimits {
        requests_per_minute: limits.requests_per_minute,
        tokens_per_minute: limits.tokens_per_minute,
        concurrent_requests: limits.concurrent_requests,
    }
}

/// When failed logins lead to a block.
#[must_use]
pub fn failures(config: &Config) -> FailureConfig {
    let auth = &config.auth;
    FailureConfig {
        max_failures: auth.max_failures,
        window: auth.failure_window.get(),
        block: auth.block.get(),
        block_max: auth.block_max.get(),
        tracked: auth.tracked_addresses,
    }
}

/// Whose forwarding headers are believed.
#[must_use]
pub fn proxies(config: &Config) -> TrustedProxies {
    TrustedProxies::new(
        config
            .server
            .trusted_proxies
            .iter()
            .map(|cidr| cidr.net())
            .collect(),
    )
}

/// What is taken out of prompts and replies, and how.
#[must_use]
pub fn redaction(config: &Config) -> RedactionConfig {
    let bouncer = &config.bouncer;
    RedactionConfig {
        enabled: bouncer.enabled,
        presets: bouncer.presets().into_iter().map(preset).collect(),
        patterns: bouncer.redact_patterns.as_deref().map(texts),
        entropy: entropy(bouncer),
        replies: bouncer.redact_output,
        blocked: blocked(config),
        actions: bouncer.actions.iter().map(action_row).collect(),
        placeholders: PlaceholderLimits {
            bytes: usize::try_from(bouncer.placeholder_memory_bytes).unwrap_or(usize::MAX),
            age: Duration::from_secs(bouncer.placeholder_ttl_seconds),
        },
        label: bouncer.redaction_label.clone(),
        fail_open: bouncer.fail_open,
        ..RedactionConfig::default()
    }
}

fn texts(patterns: &[config::Pattern]) -> Vec<String> {
    let texts = patterns.iter().map(config::Pattern::as_str);
    texts.map(str::to_owned).collect()
}

/// Patterns that make streamed replies wait, one sentence each.
#[must_use]
pub fn slow_patterns(config: &Config) -> Vec<String> {
    let (bouncer, governance) = (&config.bouncer, &config.governance);
    if !bouncer.enabled {
        return Vec::new();
    }
    let of_replies = bouncer.redact_patterns.iter().flatten();
    let of_replies = of_replies.filter(|_| bouncer.redact_output).enumerate();
    let blocked = governance.blocked_execution_patterns.iter().flatten();
    let keyed = of_replies
        .map(|(index, pattern)| (format!("bouncer.redact_patterns[{index}]"), pattern))
        .chain(blocked.enumerate().map(|(index, pattern)| {
            let key = format!("governance.blocked_execution_patterns[{index}]");
            (key, pattern)
        }));
    keyed
        .filter_map(|(key, pattern)| Some(format!("{key} {}", wait(pattern)?)))
        .collect()
}

fn wait(pattern: &config::Pattern) -> Option<&'static str> {
    match redactor::stream_delay(pattern.as_str()) {
        StreamDelay::Bytes(_) | StreamDelay::Matches => None,
        StreamDelay::Prose => Some(
            "can begin with nearly anything, so that streamed text waits for the end of its line or longer: begin it with a fixed word",
        ),
        StreamDelay::Text => Some(
            "looks around or back, or is very large, so that streamed text waits for its end: write it without look-around",
        ),
    }
}

fn preset(preset: config::Preset) -> Preset {
    match preset {
        config::Preset::Credentials => Preset::Credentials,
        config::Preset::Pii => Preset::Pii,
    }
}

fn entropy(bouncer: &config::Bouncer) -> Option<EntropyLimits> {
    bouncer.entropy_enabled.then_some(EntropyLimits {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a threshold between 1 and 8 needs no more digits"
        )]
        threshold: bouncer.entropy_threshold as f32,
        min_token: bouncer.entropy_min_token,
    })
}

/// The built-in commands belong to the checking of replies; written ones are always meant.
fn blocked(config: &Config) -> Blocked {
    match &config.governance.blocked_execution_patterns {
        Some(patterns) if patterns.is_empty() => Blocked::Nothing,
        Some(patterns) => Blocked::Patterns(texts(patterns)),
        None if config.bouncer.redact_output => Blocked::BuiltIn,
        None => Blocked::Nothing,
    }
}

fn action_row(entry: &config::ActionEntry) -> ActionRow {
    ActionRow {
        rule: entry.rule.clone(),
        class: entry.class.map(|class| match class {
            config::FindingClass::Credential => Class::Credential,
            config::FindingClass::Pii => Class::Pii,
            config::FindingClass::Kill => Class::Kill,
            config::FindingClass::Configured => Class::Configured,
        }),
        agent: entry.agent.clone(),
        direction: entry.direction.map(|direction| match direction {
            config::Direction::Request => Direction::Request,
            config::Direction::Reply => Direction::Reply,
        }),
        action: match entry.action {
            config::Action::Redact => Action::Redact,
            config::Action::Mask => Action::Mask,
            config::Action::Placeholder => Action::Placeholder,
            config::Action::Block => Action::Block,
            config::Action::Observe => Action::Observe,
        },
    }
}

/// How the listeners treat their connections.
#[must_use]
pub fn server_limits(config: &Config) -> ServerLimits {
    let server = &config.server;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    ServerLimits {
        workers: if server.workers == 0 {
            cores
        } else {
            server.workers
        },
        max_connections: server.max_connections,
        header_timeout: server.header_timeout.get(),
        body_timeout: server.body_timeout.get(),
        idle_timeout: server.idle_timeout.get(),
        shutdown_timeout: server.shutdown_timeout.get(),
    }
}

/// How much is kept for clients whose API has no field for signatures.
#[must_use]
pub fn seal_limits(config: &Config) -> SealLimits {
    SealLimits {
        bytes: config.server.signature_memory.get(),
        age: config.server.signature_ttl.get(),
    }
}

/// How long the sides of a realtime session may be quiet.
#[must_use]
pub fn realtime_times(config: &Config) -> RealtimeTimes {
    RealtimeTimes {
        ping: config.server.realtime_ping_interval.get(),
        silence: config.server.realtime_silence_timeout.get(),
    }
}

/// How much of a request body is taken, and how long it may pause.
#[must_use]
pub fn body_limits(config: &Config) -> BodyLimits {
    BodyLimits {
        bytes: usize::try_from(config.server.max_body_bytes).unwrap_or(usize::MAX),
        pause: config.server.body_timeout.get(),
        upload: config.server.max_upload_bytes.get(),
        files: match config.bouncer.files {
            config::Files::Redact => FilePolicy::Redact,
            config::Files::Text => FilePolicy::TextOnly,
            config::Files::Pass => FilePolicy::Pass,
        },
    }
}

#[cfg(test)]
#[path = "assemble_addresses.rs"]
mod addresses;

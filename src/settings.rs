//! What the program is told at start and at each reload: configuration and secrets.
//!
//! With no configuration at all the built-in default is used: loopback, the `echo` provider, and
//! a fresh client token if there are no secrets either. With a configuration, missing secrets are
//! an error: a gateway that someone configured must not make up its own keys.

use std::fmt;

use provider::credentials::{service_account::ServiceAccount, sigv4::AwsKey};
use runtime::Clock;
use slog::Level;
use vault::{OneTimeToken, Sealed, SourceSearch, VaultConfig, VaultError};

use crate::assemble;
use crate::blueprint::{Blueprint, BlueprintError};
use crate::cli::Place;
use crate::config::{
    self, AuthStyle, Config, ConfigError, Environment, Flags, Loaded, LogLevel, Origin,
    ProviderKind, Resolved,
};
use crate::telemetry::LogFormat;

/// Configuration and secrets, read and checked.
pub struct Settings {
    /// The configuration as written.
    pub config: Config,
    /// Providers and agents, complete.
    pub resolved: Resolved,
    /// Where it came from, in words for the log.
    pub origin: String,
    /// Whether it is the built-in default.
    pub embedded: bool,
    /// The secrets.
    pub sealed: Sealed,
    /// Where secrets are looked for.
    pub vault: VaultConfig,
    /// What is odd but no error.
    pub warnings: Vec<String>,
    /// Everything made of it.
    pub blueprint: Blueprint,
    token: Option<OneTimeToken>,
}

/// Why the program cannot start, or a reload is refused.
#[derive(Debug)]
pub enum SettingsError {
    /// The configuration.
    Config(Box<ConfigError>),
    /// The secrets.
    Vault(Box<VaultError>),
    /// Both together.
    Blueprint(Box<BlueprintError>),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Vault(error) => error.fmt(f),
            Self::Blueprint(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SettingsError {}

impl From<VaultError> for SettingsError {
    fn from(error: VaultError) -> Self {
        Self::Vault(Box::new(error))
    }
}

impl From<ConfigError> for SettingsError {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

/// The configuration alone, for commands that need no secrets.
///
/// # Errors
/// [`SettingsError::Config`].
pub fn configuration(place: &Place) -> Result<Config, SettingsError> {
    let (loaded, _) = load_config(place)?;
    Ok(loaded.config)
}

impl Settings {
    /// Reads everything.
    ///
    /// # Errors
    /// [`SettingsError`], which names file and field and never a value of a secret.
    pub fn load(place: &Place) -> Result<Self, SettingsError> {
        let mut search = SourceSearch::from_env()?;
        if let Some(secrets) = &place.secrets {
            search.credentials_directory = None;
            search.secrets_dir = Some(secrets.clone());
        }
        let (loaded, embedded) = load_config(place)?;
        let Loaded {
            config,
            resolved,
            origin,
            warnings,
            ..
        } = loaded;
        let origin = in_words(&origin);
        let vault = VaultConfig {
            search,
            memory_required: config.server.secure_memory_required,
        };
        let (sealed, token, more) = load_secrets(&vault, embedded)?;
        let blueprint = Blueprint::draw(&config, &resolved, &sealed)
            .map_err(|error| SettingsError::Blueprint(Box::new(error)))?;
        let mut odd = odd_names(&resolved, &sealed);
        odd.extend(odd_keys(&resolved, &sealed));
        let slow = assemble::slow_patterns(&config);
        let warnings = warnings.into_iter().chain(more).chain(odd).chain(slow);
        let warnings = warnings.collect();
        Ok(Self {
            config,
            resolved,
            origin,
            embedded,
            sealed,
            vault,
            warnings,
            blueprint,
            token,
        })
    }

    /// Where log records go.
    #[must_use]
    pub const fn log_format(&self) -> LogFormat {
        match self.config.server.log_format {
            config::LogFormat::Auto => LogFormat::Auto,
            config::LogFormat::Journal => LogFormat::Journal,
            config::LogFormat::Json => LogFormat::Json,
            config::LogFormat::Text => LogFormat::Text,
        }
    }

    /// The least important records that are written.
    #[must_use]
    pub const fn log_level(&self, verbose: bool) -> Level {
        match self.config.server.log_level {
            _ if verbose => Level::Debug,
            LogLevel::Debug => Level::Debug,
            LogLevel::Info => Level::Info,
            LogLevel::Warn => Level::Warning,
            LogLevel::Error => Level::Error,
        }
    }

    /// Takes the token that was made because there were no secrets; only once.
    pub fn take_token(&mut self) -> Option<OneTimeToken> {
        self.token.take()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// Names in the secrets and the configuration that do not meet: most often a typing error.
fn odd_names(resolved: &Resolved, sealed: &Sealed) -> Vec<String> {
    let facts = sealed.facts();
    let unknown = facts
        .providers
        .iter()
        .filter(|name| !names_key(resolved, name));
    let mut odd: Vec<String> = unknown
        .map(|name| format!("secrets: `provider_keys.{name}`: no provider has this name"))
        .collect();
    for upstream in resolved.upstreams.values() {
        let accounts = upstream.key_names().skip(1);
        let missing = accounts.filter(|name| !sealed.has_key(name));
        odd.extend(missing.map(|name| {
            format!("provider `{}`: no key for one of its accounts; add `provider_keys.{name}` to the secrets", upstream.name)
        }));
    }
    for identity in sealed.identities() {
        let strange =
            |name: &&String| !resolved.agents.contains_key(*name) && !names_model(resolved, name);
        odd.extend(identity.allowed_agents.iter().filter(strange).map(|name| {
            format!(
                "secrets: `api_keys.{}.allowed_agents`: no agent or listed model is named `{name}`",
                identity.id
            )
        }));
    }
    for agent in resolved.agents.values() {
        odd.extend(
            agent
                .targets
                .iter()
                .filter(|target| lacks_key(resolved, sealed, &target.provider))
                .map(|target| {
                    format!(
                        "agent `{}`: provider `{}` has no key, its model `{}` is left out",
                        agent.name, target.provider, target.model
                    )
                }),
        );
    }
    odd
}

/// Whether a provider needs a key and has none, so that its models are left out.
#[must_use]
pub fn lacks_key(resolved: &Resolved, sealed: &Sealed, provider: &str) -> bool {
    let Some(upstream) = resolved.upstreams.get(provider) else {
        return false;
    };
    let keyless = upstream.auth_style == AuthStyle::None || upstream.kind == ProviderKind::Echo;
    !keyless && !upstream.key_names().any(|name| sealed.has_key(&name))
}

/// Keys that are no keys of the kind that their provider's style of authentication takes.
fn odd_keys(resolved: &Resolved, sealed: &Sealed) -> Vec<String> {
    let mut odd = Vec::new();
    for upstream in resolved.upstreams.values() {
        for name in upstream.key_names() {
            let Some(key) = sealed.lease(&name) else {
                continue;
            };
            let kind = match upstream.auth_style {
                AuthStyle::SigV4 if AwsKey::parse(key.expose()).is_none() => {
                    "`ACCESS:SECRET` of AWS"
                }
                AuthStyle::GoogleServiceAccount
                    if ServiceAccount::parse(key.expose()).is_none() =>
                {
                    "key file of a Google service account in base64"
                }
                _ => continue,
            };
            odd.push(format!("secrets: `provider_keys.{name}`: this is no {kind}; requests to the provider will fail"));
        }
    }
    odd
}

/// A provider, or one of its accounts as `provider/id`.
fn names_key(resolved: &Resolved, name: &str) -> bool {
    let provider = name.split_once('/').map_or(name, |(provider, _)| provider);
    let upstream = resolved.upstreams.get(provider);
    upstream.is_some_and(|upstream| upstream.key_names().any(|known| known == name))
}

/// A model by its own name, or `provider/model` of a known provider.
fn names_model(resolved: &Resolved, name: &str) -> bool {
    let of_provider = name
        .split_once('/')
        .is_some_and(|(provider, _)| resolved.upstreams.contains_key(provider));
    of_provider
        || resolved
            .upstreams
            .values()
            .any(|upstream| upstream.models.iter().any(|model| model == name))
}

fn in_words(origin: &Origin) -> String {
    match origin {
        Origin::File(path) | Origin::Directory { path, .. } => path.display().to_string(),
        Origin::Embedded => "built-in default".to_owned(),
        Origin::Text => "text".to_owned(),
    }
}

fn load_config(place: &Place) -> Result<(Loaded, bool), ConfigError> {
    let flags = Flags {
        config_file: place.config.clone(),
        config_dir: place.config_dir.clone(),
    };
    let environment = Environment::of_process();
    match config::load(&flags, &environment)? {
        Some(loaded) => Ok((loaded, false)),
        None => Ok((config::embedded(&environment)?, true)),
    }
}

type Secrets = (Sealed, Option<OneTimeToken>, Vec<String>);

fn load_secrets(vault: &VaultConfig, embedded: bool) -> Result<Secrets, VaultError> {
    match Sealed::load(vault, &Clock::system()) {
        Ok((sealed, warnings)) => Ok((
            sealed,
            None,
            warnings.iter().map(ToString::to_string).collect(),
        )),
        Err(VaultError::NothingFound { .. }) if embedded => {
            let (sealed, token) = Sealed::fresh(vault.memory_required)?;
            Ok((sealed, Some(token), Vec::new()))
        }
        Err(error) => Err(error),
    }
}

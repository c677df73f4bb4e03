//! One configuration with its secrets, thought through to the end.
//!
//! Drawing a blueprint finds everything that is wrong before anything is started or swapped, so
//! `validate`, the start and a reload refuse the same things with the same words.

use std::fmt;

use auth::{LimitTable, TrustedProxies};
use provider::ProviderSpec;
use rbac::Policy;
use redactor::{Blocked, RedactError, RedactionConfig, RuleSet};
use router::RouteTableError;
use vault::Sealed;
use wire::JsonLimits;

use crate::assemble::{self, AssembleError};
use crate::auto_agents::Wanted;
use crate::catalogue::Written;
use crate::config::{Config, Resolved};
use crate::http::body::BodyLimits;
use crate::tls::{Certificate, TlsError, TlsFiles};
use crate::world::{ModelFilters, RealtimeTimes, Strictness, UpstreamTls};

/// Everything that a generation is made of, checked and not yet in service.
pub struct Blueprint {
    /// Providers to serve.
    pub specs: Vec<ProviderSpec>,
    /// TLS towards them.
    pub tls: UpstreamTls,
    /// Which models of them may be used.
    pub filters: ModelFilters,
    /// Agents and listed models.
    pub written: Written,
    /// Rights.
    pub policy: Policy,
    /// Limits.
    pub limits: LimitTable,
    /// What to take out of prompts.
    pub rules: RuleSet,
    /// Whose forwarding headers are believed.
    pub proxies: TrustedProxies,
    /// The listener's certificate.
    pub certificate: Option<Certificate>,
    /// How much of a request body is taken.
    pub body: BodyLimits,
    /// The shape of JSON bodies.
    pub json: JsonLimits,
    /// When a realtime session asks, and when it gives up.
    pub realtime: RealtimeTimes,
    /// Where nothing of a request may be left out.
    pub strictness: Strictness,
}

impl fmt::Debug for Blueprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blueprint")
            .field("providers", &self.specs.len())
            .field("agents", &self.written.agents.len())
            .finish_non_exhaustive()
    }
}

/// Why a configuration cannot be put in service.
#[derive(Debug)]
pub enum BlueprintError {
    /// A key, provider or limit.
    Assemble(AssembleError),
    /// The rules of redaction, and the key that is to blame.
    Redaction(String, Box<RedactError>),
    /// The listener's certificate.
    Certificate(TlsError),
    /// An agent.
    Routes(RouteTableError),
}

impl fmt::Display for BlueprintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assemble(error) => error.fmt(f),
            Self::Redaction(key, error) => {
                write!(f, "configuration: `{key}`: {error}")?;
                f.write_str(remedy(error))
            }
            Self::Certificate(error) => write!(f, "configuration: `server.tls`: {error}"),
            Self::Routes(error) => write!(f, "configuration: {error}"),
        }
    }
}

impl std::error::Error for BlueprintError {}

impl From<AssembleError> for BlueprintError {
    fn from(error: AssembleError) -> Self {
        Self::Assemble(error)
    }
}

impl Blueprint {
    /// Thinks the configuration through.
    ///
    /// # Errors
    /// The first thing that is wrong, with its field.
    pub fn draw(
        config: &Config,
        resolved: &Resolved,
        sealed: &Sealed,
    ) -> Result<Self, BlueprintError> {
        let specs = assemble::provider_specs(resolved, sealed)?;
        let redaction = assemble::redaction(config);
        let models = assemble::model_specs(resolved, &specs);
        Ok(Self {
            tls: assemble::upstream_tls(&specs)?,
            filters: resolved
                .upstreams
                .iter()
                .map(|(name, upstream)| (name.clone(), upstream.allowed_models.clone()))
                .collect(),
            written: Written {
                agents: assemble::agent_specs(config, resolved),
                models,
                upstreams: resolved.upstreams.clone(),
                salts: assemble::salts(config, sealed),
                auto: Wanted::of(&config.discovery),
                by_latency: config.governance.auto_reorder_by_latency == Some(true),
            },
            policy: assemble::policy(sealed)?,
            limits: assemble::limits(config, sealed)?,
            rules: rules(&redaction)?,
            proxies: assemble::proxies(config),
            certificate: certificate(config)?,
            body: assemble::body_limits(config),
            json: JsonLimits::default(),
            realtime: assemble::realtime_times(config),
            strictness: strictness(config),
            specs,
        })
    }

    /// Provider and model names that may become labels.
    #[must_use]
    pub fn configured(&self) -> Vec<(String, String)> {
        assemble::configured_targets(&self.written.agents, &self.written.models)
    }
}

/// The rules of redaction, compiled.
///
/// # Errors
/// [`BlueprintError::Redaction`] with the key that is to blame.
pub fn rules(config: &RedactionConfig) -> Result<RuleSet, BlueprintError> {
    RuleSet::compile(config).map_err(|error| rules_error(config, error))
}

/// Patterns of two keys are compiled together; which key is to blame shows without the second.
fn rules_error(config: &RedactionConfig, error: RedactError) -> BlueprintError {
    let key = match &error {
        RedactError::UnknownRule { index, .. } | RedactError::RuleNotInService { index, .. } => {
            format!("bouncer.actions[{index}].rule")
        }
        RedactError::Pattern { index, .. } => {
            let without = RedactionConfig {
                blocked: Blocked::Nothing,
                ..config.clone()
            };
            match RuleSet::compile(&without) {
                Err(RedactError::Pattern { .. }) => format!("bouncer.redact_patterns[{index}]"),
                _ => format!("governance.blocked_execution_patterns[{index}]"),
            }
        }
        _ => "bouncer".to_owned(),
    };
    BlueprintError::Redaction(key, Box::new(error))
}

const fn remedy(error: &RedactError) -> &'static str {
    match error {
        RedactError::UnknownRule { .. } | RedactError::RuleNotInService { .. } => {
            " (docs/redaction.md lists the ids)"
        }
        RedactError::Pattern { .. } => "; mend the pattern or remove it",
        RedactError::PatternsTooLarge => "; use fewer or simpler ones",
        _ => "",
    }
}

fn strictness(config: &Config) -> Strictness {
    let agents = config.agents.keys();
    Strictness {
        usual: config.formats.strict,
        agents: agents
            .map(|name| (name.clone(), config.strict_formats(name)))
            .collect(),
    }
}

fn certificate(config: &Config) -> Result<Option<Certificate>, BlueprintError> {
    let Some(tls) = &config.server.tls else {
        return Ok(None);
    };
    let files = TlsFiles {
        certificate: tls.cert_file.clone(),
        key: tls.key_file.clone(),
    };
    Certificate::load(&files)
        .map(Some)
        .map_err(BlueprintError::Certificate)
}

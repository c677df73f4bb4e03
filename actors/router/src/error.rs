//! What can go wrong between a model name and a provider's answer.
//!
//! A variant is a condition. None knows an HTTP status: the edge maps them. The model name in
//! some of them is the client's own and belongs in its answer and the log, never in a label.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider::ProviderError;

use crate::trail::{Setback, trail_text};

/// Why a request has no answer to give back.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteError {
    /// No agent, provider or configured model has this name.
    ModelNotFound {
        /// What the client asked for.
        model: String,
    },
    /// The name is known, but no provider that could serve it has a key.
    NoProvider {
        /// What the client asked for.
        model: String,
    },
    /// The permit is for another model than the prompt names: a defect of the caller.
    PermitForAnother {
        /// What the permit is for.
        permitted: String,
        /// What the prompt asks for.
        asked: String,
    },
    /// What the request goes on from is kept by a provider that does not serve this name.
    KeptElsewhere {
        /// That provider's configured name.
        provider: Arc<str>,
    },
    /// The prompt fits into no target.
    ContextTooLarge {
        /// The estimate of the prompt, in tokens.
        estimated: u64,
        /// The largest context among the targets, in tokens.
        largest: u64,
    },
    /// No target may be called now: every circuit is open.
    AllShut {
        /// When the first of them may be tried.
        retry_after: Duration,
    },
    /// Every target that may be called now was tried and failed.
    Exhausted {
        /// How the last one failed. Boxed, or every result of this crate would be that large.
        last: Box<ProviderError>,
        /// How many were tried.
        attempts: u32,
        /// When the first of them wants to be asked again, if one said so.
        retry_after: Option<Duration>,
        /// What happened, in order.
        trail: Vec<Setback>,
    },
    /// The provider refused the request itself; no other target would take it.
    Upstream {
        /// The provider's configured name.
        provider: Arc<str>,
        /// The model's name at that provider; it may be the client's own.
        model: Arc<str>,
        /// How many targets were called, this one included.
        attempts: u32,
        /// What the provider said.
        error: Box<ProviderError>,
    },
}

impl RouteError {
    /// How long the client should wait, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::AllShut { retry_after } => Some(*retry_after),
            Self::Exhausted { retry_after, .. } => *retry_after,
            Self::Upstream { error, .. } => error.retry_after(),
            Self::ModelNotFound { .. }
            | Self::NoProvider { .. }
            | Self::PermitForAnother { .. }
            | Self::KeptElsewhere { .. }
            | Self::ContextTooLarge { .. } => None,
        }
    }

    /// Short name for logs and metric labels; the set is fixed.
    pub fn label(&self) -> &'static str {
        match self {
            Self::ModelNotFound { .. } => "model_not_found",
            Self::NoProvider { .. } => "no_provider",
            Self::PermitForAnother { .. } => "permit_for_another",
            Self::KeptElsewhere { .. } => "kept_elsewhere",
            Self::ContextTooLarge { .. } => "context_too_large",
            Self::AllShut { .. } => "all_shut",
            Self::Exhausted { .. } => "exhausted",
            Self::Upstream { .. } => "upstream",
        }
    }
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModelNotFound { model } => write!(f, "no agent or model is named `{model}`"),
            Self::NoProvider { model } => {
                write!(f, "no provider that could serve `{model}` has a key")
            }
            Self::PermitForAnother { permitted, asked } => {
                write!(
                    f,
                    "permit is for `{permitted}` and the prompt for `{asked}`"
                )
            }
            Self::KeptElsewhere { provider } => {
                write!(f, "only {provider} can go on, and it is no target")
            }
            Self::ContextTooLarge { estimated, largest } => write!(
                f,
                "prompt of about {estimated} tokens, the largest context is {largest}"
            ),
            Self::AllShut { retry_after } => {
                write!(f, "every circuit is open, the first for {retry_after:?}")
            }
            Self::Exhausted {
                attempts, trail, ..
            } => write!(f, "{attempts} attempts failed: {}", trail_text(trail)),
            Self::Upstream {
                provider,
                model,
                error,
                ..
            } => write!(f, "{provider}/{model} refused the request: {error}"),
        }
    }
}

impl Error for RouteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Upstream { error, .. } => Some(error),
            Self::Exhausted { last, .. } => Some(last),
            Self::ModelNotFound { .. }
            | Self::NoProvider { .. }
            | Self::PermitForAnother { .. }
            | Self::KeptElsewhere { .. }
            | Self::ContextTooLarge { .. }
            | Self::AllShut { .. } => None,
        }
    }
}

/// Why a routing table cannot be built. Each names the agent or model, and the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteTableError {
    /// An agent without a name.
    UnnamedAgent {
        /// Which one, counted from 0.
        position: usize,
    },
    /// Two agents of the same name.
    DuplicateAgent {
        /// The name.
        agent: String,
    },
    /// An agent that names no target at all.
    NoTargets {
        /// The agent.
        agent: String,
    },
    /// A target names a provider that is not configured.
    UnknownProvider {
        /// The agent.
        agent: String,
        /// The field, as in the configuration.
        field: String,
        /// The name that nobody has.
        provider: String,
    },
    /// A target without a model.
    UnnamedModel {
        /// The agent.
        agent: String,
        /// The field, as in the configuration.
        field: String,
    },
    /// A limit of zero, into which nothing fits.
    ZeroLimit {
        /// The agent.
        agent: String,
        /// The field, as in the configuration.
        field: String,
    },
    /// A listed model names a provider that is not configured, has no name, or a limit of zero.
    BadModel {
        /// The provider that it is listed for.
        provider: String,
        /// The model.
        model: String,
        /// The field that is wrong.
        field: &'static str,
    },
}

impl fmt::Display for RouteTableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnnamedAgent { position } => write!(f, "agent {position} has no name"),
            Self::DuplicateAgent { agent } => write!(f, "agent `{agent}` is defined twice"),
            Self::NoTargets { agent } => write!(f, "agents.{agent}.models: names no target"),
            Self::UnknownProvider {
                agent,
                field,
                provider,
            } => write!(
                f,
                "agents.{agent}.{field}: provider `{provider}` is not configured"
            ),
            Self::UnnamedModel { agent, field } => {
                write!(f, "agents.{agent}.{field}: no model is named")
            }
            Self::ZeroLimit { agent, field } => {
                write!(f, "agents.{agent}.{field}: nothing fits into 0 tokens")
            }
            Self::BadModel {
                provider,
                model,
                field,
            } => write!(
                f,
                "model `{model}` of provider `{provider}`: `{field}` is not usable"
            ),
        }
    }
}

impl Error for RouteTableError {}

/// What an operator should know of a table that was built all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteWarning {
    /// The provider needs a key and there is none, so its targets are left out.
    ProviderWithoutKey {
        /// The provider.
        provider: String,
        /// How many targets of agents were left out because of it.
        targets: usize,
    },
    /// All targets of the agent were left out; requests for it are refused.
    AgentWithoutTarget {
        /// The agent.
        agent: String,
    },
}

impl fmt::Display for RouteWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProviderWithoutKey { provider, targets } => write!(
                f,
                "provider `{provider}` has no key, {targets} targets are left out"
            ),
            Self::AgentWithoutTarget { agent } => {
                write!(f, "agent `{agent}` has no target whose provider has a key")
            }
        }
    }
}

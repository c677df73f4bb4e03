//! What the configuration says about routing, already parsed.
//!
//! Owns the input types of [`RoutingTable::build`](crate::RoutingTable::build).
//! Never reads a file and never knows where a value came from: the root fills these in, and
//! regular expressions and catalogue names are expanded before.

use provider::ModelFacts;
use wire::Effort;

/// How an agent's targets take turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Every request begins one target further on, so the load is spread.
    #[default]
    RoundRobin,
    /// Every request begins with the first target; the others are for when it fails.
    Fallback,
}

impl Strategy {
    /// The name as the configuration writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::RoundRobin => "round-robin",
            Self::Fallback => "fallback",
        }
    }
}

/// One named agent: the model name that clients ask for, and who may serve it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentSpec {
    /// The name that clients send as `model`.
    pub name: String,
    /// Shown in listings; may be empty.
    pub description: String,
    /// How the targets take turns.
    pub strategy: Strategy,
    /// Puts the targets that answered fastest lately first; the strategy decides among equals.
    /// Default: off.
    pub order_by_latency: bool,
    /// Who may serve this agent, in configured order. A target that stands twice gets two turns
    /// of the round, and is still tried only once per request.
    pub targets: Vec<TargetSpec>,
    /// How many further targets are tried after the first one failed; `None` means all of them.
    pub max_retries: Option<u32>,
}

/// One target of an agent: a model of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetSpec {
    /// The provider's configured name.
    pub provider: String,
    /// The model's name at that provider.
    pub model: String,
    /// Prompt tokens that fit; `None` takes the limit from the provider's own model list.
    pub max_context: Option<u64>,
    /// Completion tokens that fit.
    pub max_output: Option<u64>,
    /// How hard the model shall think where a request does not say so.
    pub effort: Option<Effort>,
    /// What else is known of the model; for listings. Limits above go before those in here.
    pub facts: ModelFacts,
}

/// One model that a provider offers by its own name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelSpec {
    /// The provider's configured name.
    pub provider: String,
    /// The model's name at that provider, and for clients.
    pub model: String,
    /// Shown in listings; may be empty.
    pub description: String,
    /// Prompt tokens that fit, where known.
    pub max_context: Option<u64>,
    /// Completion tokens that fit, where known.
    pub max_output: Option<u64>,
    /// What else is known of the model; for listings. Limits above go before those in here.
    pub facts: ModelFacts,
    /// Found by asking the provider, and not written in the configuration. Such a model does not
    /// make a list of its provider's models: names that nobody lists still reach it.
    pub discovered: bool,
}

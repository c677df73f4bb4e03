//! The section `discovery`: models that are found by asking providers.
//!
//! Owns its keys and defaults. Agents that are made from what is found are not in this version;
//! `unsupported.rs` says which values pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::HumanDuration;
use super::absent::AutoAgents;

/// Models that are found by asking providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Discovery {
    /// Asks providers for their models: at start, after a reload and by `interval`. The models are listed, and can be asked for by their own name; what a provider says of a model goes before what is built in.
    pub enabled: bool,
    /// Time between two lists of one provider, moved by up to a tenth. A list that cannot be read is asked for again sooner, and the last good one stays.
    #[schemars(extend("x-minimum" = "10s", "x-maximum" = "24h"))]
    pub interval: HumanDuration,
    /// Makes agents from what is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_agents: Option<bool>,
    /// Which agents are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_agents_config: Option<AutoAgents>,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            enabled: false,
            interval: HumanDuration::secs(3600),
            auto_agents: None,
            auto_agents_config: None,
        }
    }
}

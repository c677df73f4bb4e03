//! The section `discovery`: models that are found by asking providers.
//!
//! Owns its keys and defaults. What makes a model one of a kind stands in `auto_agents.rs`.

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
    /// Makes agents from the models that are known, found ones and written ones: `auto_fast` (at most 32,000 tokens of context and 4096 of answer), `auto_reasoning`, `auto_vision`, `auto_tools`, `auto_large` (200,000 tokens and more), `auto_balanced` (between 32,000 and 128,000), `auto_coding`. Only with `enabled`. An agent that is written goes before one of the same name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_agents: Option<bool>,
    /// Which of these agents are made. Without it all; else those that stand here with `enabled`.
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

//! The section `agents`: names for clients, and the models behind them.
//!
//! Owns the keys of an agent as they are written. What they come to (providers found, limits
//! filled in) is worked out in `resolve`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::absent::optional_section;
use super::providers::ApiFormat;
use super::url::ChatUrl;

/// A name that clients ask for, and the models that may answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AgentEntry {
    /// The order in which models are tried: `round-robin` starts with another one each time, `fallback` always with the first.
    pub strategy: Strategy,
    /// What the agent is for; shown in listings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub description: Option<String>,
    /// How many further models are tried after the first one failed; 0 means all.
    #[schemars(range(max = 1000))]
    pub max_retries: u32,
    /// The models, in order: the name of a known model, `provider/model`, or an object. At least one; one that stands twice gets two turns of a round.
    #[schemars(length(max = 256))]
    pub models: Vec<ModelEntry>,
    /// What `formats.strict` is for this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_formats: Option<bool>,
    /// How long a failed model is left alone, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown_seconds: Option<u64>,
    /// Failures before a model is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<u64>,
    /// The time in which they are counted, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_window_secs: Option<u64>,
    /// Successes before a model counts as well again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_threshold: Option<u64>,
    /// A system message for every request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// A file with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt_file: Option<String>,
    /// Puts it in place of the client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_system_prompt: Option<bool>,
    /// The most that the agent may cost, in US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_limit_usd: Option<f64>,
    /// Keeps the prompt cache of the agent apart from those of others, at providers that can (`vllm`): sent to them as `cache_salt`, unless the client sends one. The `cache_salt` of a client key goes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub cache_salt: Option<String>,
    /// How long a conversation stays with one model, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sticky_session_ttl_seconds: Option<u64>,
    /// Tools from tool servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcp: Option<AgentMcp>,
}

/// The order in which models are tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum Strategy {
    #[default]
    RoundRobin,
    Fallback,
    Sticky,
}

/// A model of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ModelEntry {
    /// The name of a known model, or `provider/model`.
    Name(String),
    /// A model with its settings.
    Model(Box<ModelTarget>),
}

optional_section! {
    /// A model with its settings. At least `provider` or `model`.
    ModelTarget {
        /// The provider. Without it: the providers that are known to have the model.
        provider: String,
        /// The model, as the provider calls it. Without it: all models that the provider is known to have.
        model: String,
        /// The API that the model is spoken to with, if not that of the provider; for all agents with this model of the provider.
        format: ApiFormat,
        /// The most tokens that the model takes; longer prompts are not sent to it.
        #[schemars(range(min = 1, max = 1_000_000_000))]
        max_context: u64,
        /// The most tokens that the model answers with.
        #[schemars(range(min = 1, max = 1_000_000_000))]
        max_output: u64,
        /// The chat address of this model alone, instead of that of the provider; for all agents with this model of the provider. The key and all else are the provider's.
        url: ChatUrl,
        /// What a model must be able to do.
        required_capabilities: Vec<String>,
        /// Providers by regular expression.
        provider_rgx: String,
        /// Models by regular expression.
        model_rgx: String,
        /// How hard the model thinks where a request does not say so. In the words of the provider's API: an effort, a level or a budget of tokens.
        reasoning_effort: ReasoningEffort,
    }
}

/// How hard a model thinks, in one of the words of [`wire::Effort`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasoningEffort(wire::Effort);

impl ReasoningEffort {
    /// The effort itself.
    #[must_use]
    pub const fn get(self) -> wire::Effort {
        self.0
    }
}

impl Serialize for ReasoningEffort {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de> Deserialize<'de> for ReasoningEffort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Cow::<'de, str>::deserialize(deserializer)?;
        let effort = wire::Effort::of_word(&word);
        let effort = effort.ok_or_else(|| de::Error::custom("expected a reasoning effort"))?;
        Ok(Self(effort))
    }
}

impl JsonSchema for ReasoningEffort {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ReasoningEffort".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": wire::Effort::all().map(wire::Effort::word) })
    }
}

optional_section! {
    /// Tools from tool servers.
    AgentMcp {
        /// The tool servers.
        servers: Vec<String>,
        /// Rounds of tool calls in one request.
        max_iterations: u64,
        /// Saves each exchange.
        auto_save: bool,
        /// Searches before each request.
        auto_search: bool,
        /// The tool that searches.
        search_tool: String,
        /// The tool that saves.
        save_tool: String,
    }
}

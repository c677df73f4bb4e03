//! The configuration: files in, a checked [`Config`] out.
//!
//! Owns the file format: where files are looked for ([`load()`]), how they are read and laid over
//! each other, which keys exist, their defaults and limits, and what is refused. A file that
//! does not mean what its author thinks is refused here, with file, line, column and the nearest
//! thing that would have been right; nothing is accepted and then ignored.
//!
//! Never reads secrets, opens sockets, resolves names, or knows an actor: the program turns what
//! it finds here into the settings of the actors. Called at start, by `validate`, and at reload.
//!
//! The way of a file: text → tree with places (`document`) → checked against the schema
//! (`check`) → laid over the others (`merge`) → features that are not there (`unsupported`) →
//! typed sections → rules between keys (`validate`) → providers and agents put together
//! (`resolve`). The schema is made from the types, so it, the check and
//! `docs/configuration.md` cannot drift apart.

mod absent;
mod agents;
mod bouncer;
mod check;
mod discovery;
mod document;
mod error;
mod find;
mod formats;
mod governance;
mod load;
#[cfg(test)]
mod load_tests;
mod merge;
mod other_names;
mod providers;
#[cfg(test)]
mod reference;
mod resolve;
mod scalar;
mod schema;
mod server;
mod settle;
mod shape;
mod speaking;
mod stock;
mod stock_facts;
mod stock_models;
mod stock_rows;
#[cfg(test)]
mod tests;
mod unsupported;
mod unsupported_keys;
mod url;
mod validate;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use absent::{
    AutoAgent, AutoAgents, Compaction, LocalEngine, McpServer, PrefixCache, ResponseCache, Window,
};
pub use agents::{AgentEntry, AgentMcp, ModelEntry, ModelTarget, ReasoningEffort, Strategy};
pub use bouncer::{
    Action, ActionEntry, Bouncer, Direction, Engine, EngineModel, Files, FindingClass, Preset,
    Presets,
};
pub use discovery::Discovery;
pub use error::{ConfigError, KeyPath, Place, Problem, Step, What};
pub use find::{Environment, Flags};
pub use formats::Formats;
pub use governance::{Context, CostMode, Governance, RoutingStrategy, TfidfSource};
pub use load::{Loaded, Origin, embedded, from_text, load};
pub use providers::{
    Account, ApiFormat, AuthStyle, Billing, BreakerEntry, ProviderEntry, QuotaExtraction, Thinking,
};
pub use resolve::{Agent, Breaker, ModelFilter, ProviderKind, Resolved, Target, Upstream};
pub use scalar::{ByteSize, Cidr, HumanDuration, Listen, Pattern};
pub use server::{Auth, Debug, KeyLimits, Limits, LogFormat, LogLevel, Server, Tls};
pub use shape::nearest;
pub use speaking::{Api, Apis};
pub use stock::{ECHO, ECHO_MODEL};
pub use stock_models::{provider_of_stock_model, stock_model_names};
pub use url::{ChatUrl, Host, Reach};

/// A whole configuration, as it is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address of this schema, for editors.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub editor_schema: Option<String>,
    /// The HTTP side of the program.
    pub server: Server,
    /// Aids for the maintainers of a running gateway.
    pub debug: Debug,
    /// What happens to addresses that present wrong tokens.
    pub auth: Auth,
    /// How much each client key may use.
    pub limits: Limits,
    /// How long prompts are shortened.
    pub context: Context,
    /// How requests are tried, timed and given up.
    pub governance: Governance,
    /// What happens where a client and a provider speak different APIs.
    pub formats: Formats,
    /// What is taken out of prompts before they leave.
    pub bouncer: Bouncer,
    /// Marks for the prompt caches of providers.
    pub prefix_cache: PrefixCache,
    /// Smaller prompts with the same meaning.
    pub compaction: Compaction,
    /// Shorter histories for long conversations.
    pub window: Window,
    /// Answers that are given again.
    pub response_cache: ResponseCache,
    /// Models that are found by asking providers.
    pub discovery: Discovery,
    /// Servers of tools, by name.
    pub mcp_servers: BTreeMap<String, McpServer>,
    /// Names for clients, and the models behind them.
    pub agents: BTreeMap<String, AgentEntry>,
    /// Where models are served, by name.
    pub providers: BTreeMap<String, ProviderEntry>,
    /// Models that are loaded on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_engine: Option<LocalEngine>,
}

impl Config {
    /// The JSON Schema of a configuration file (draft 2020-12), made from the types.
    ///
    /// Beyond the standard it uses `x-minimum` and `x-maximum` for times and sizes, names of
    /// forms in `format` (`human-duration`, `byte-size`, `listen-address`, `cidr`,
    /// `upstream-url`, `pattern-text`), and `x-not-in-this-version` or `x-partly-in-this-version`
    /// where a feature is missing, with what to do instead.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schema::published()
    }

    /// Whether requests of an agent, or of any other name, are refused where something of them
    /// would be left out.
    #[must_use]
    pub fn strict_formats(&self, agent: &str) -> bool {
        let own = self
            .agents
            .get(agent)
            .and_then(|agent| agent.strict_formats);
        own.unwrap_or(self.formats.strict)
    }

    /// The most bytes of a streamed reply, whichever of its two names it was set by.
    #[must_use]
    pub fn max_stream_bytes(&self) -> u64 {
        let older = self
            .governance
            .max_transformed_sse_bytes
            .filter(|bytes| *bytes > 0);
        older.unwrap_or_else(|| self.server.max_stream_bytes.get())
    }
}

//! The sections of the file format whose features this version does not have: `prefix_cache`,
//! `compaction`, `window`, `response_cache`, `mcp_servers`, `local_engine`, and the agents of `discovery`.
//!
//! Owns their keys, so that a misspelt one is still told apart from one that is missing here and
//! a section that is switched off loads. Which values pass is decided in `unsupported.rs`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bouncer::Engine;

/// Writes a section whose keys are all optional.
macro_rules! optional_section {
    ($(#[$section:meta])* $name:ident { $($(#[$key:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$section])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$key])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }
    };
}
pub(super) use optional_section;

optional_section! {
    /// Marks for the prompt caches of providers.
    PrefixCache {
        /// Arranges prompts so that providers can cache their beginning.
        enabled: bool,
        /// Whether marks are written or left to the provider: `explicit`, `automatic`.
        cache_mode: String,
        /// Moves system messages to the front.
        pin_system_first: bool,
        /// Sorts tools by name.
        stable_tools: bool,
        /// Leaves system messages unredacted.
        skip_redaction_on_system: bool,
        /// Marks system messages.
        cache_system: bool,
        /// Marks tools.
        cache_tools: bool,
        /// Marks messages.
        cache_messages: bool,
        /// How long marked parts live: `ephemeral`, `1h`.
        cache_control_ttl: String,
        /// How long marked system messages live.
        cache_system_ttl: String,
        /// How long marked tools live.
        cache_tools_ttl: String,
        /// How long marked messages live.
        cache_messages_ttl: String,
        /// Writes breakpoints for OpenAI models.
        openai_breakpoint: bool,
        /// How these are written: `implicit`, `explicit`.
        openai_mode: String,
    }
}

optional_section! {
    /// Smaller prompts with the same meaning.
    Compaction {
        /// Makes prompts smaller.
        enabled: bool,
        /// A set of the switches below: `aggressive`, `balanced`, `minimal`.
        compaction_preset: String,
        /// Removes spaces from the JSON that is sent.
        json_minify: bool,
        /// Makes several blank lines two.
        collapse_blank_lines: bool,
        /// Removes spaces at line ends.
        trim_trailing_whitespace: bool,
        /// Makes all line ends alike.
        normalize_line_endings: bool,
        /// Shortens old tool calls and their results.
        prune_stale_tools: bool,
        /// Shortens old reasoning.
        prune_thoughts: bool,
        /// The newest messages that are never shortened.
        tool_protection_window: u64,
    }
}

optional_section! {
    /// Shorter histories for long conversations.
    Window {
        /// Shortens long conversations.
        enabled: bool,
        /// How: `summarize`, `truncate`, `tfidf`.
        mode: String,
        /// The newest messages that are kept.
        active_messages: u64,
        /// The share of the context from which on a conversation is shortened.
        trigger_ratio: f64,
        /// The longest summary, in characters.
        summary_max_runes: u64,
        /// The context of models that do not say theirs, in tokens.
        max_context: u64,
        /// The model that summarises.
        engine: Engine,
        /// The share that is kept from the beginning, in percent.
        keep_first_pct: f64,
        /// The share that is kept from the end, in percent.
        keep_last_pct: f64,
    }
}

optional_section! {
    /// Answers that are given again.
    ResponseCache {
        /// Gives the same answer to the same question.
        enabled: bool,
        /// Answers that are kept.
        max_entries: u64,
        /// The largest answer that is kept, in bytes.
        max_entry_bytes: u64,
        /// How long an answer is kept, in seconds.
        ttl_seconds: u64,
        /// How often old answers are removed, in seconds.
        evict_every_seconds: u64,
        /// The request header that asks for a new answer.
        force_refresh_header: String,
        /// Gives the same answer to similar questions.
        enable_semantic: bool,
        /// How similar they must be, from 0 to 1.
        similarity_threshold: f64,
        /// The model that compares them.
        embedding_model: String,
        /// Where that model is served.
        embedding_url: String,
    }
}

optional_section! {
    /// Which agents are made from what is found.
    AutoAgents {
        /// Small and quick models.
        fast: AutoAgent,
        /// Models that reason.
        reasoning: AutoAgent,
        /// Models that see.
        vision: AutoAgent,
        /// Models that call tools.
        tools: AutoAgent,
        /// Models with a large context.
        large: AutoAgent,
        /// Models with a middling context.
        balanced: AutoAgent,
        /// Models for programming.
        coding: AutoAgent,
    }
}

optional_section! {
    /// A switch for one kind of agent.
    AutoAgent {
        /// Makes this kind of agent.
        enabled: bool,
    }
}

optional_section! {
    /// A server of tools.
    McpServer {
        /// Where it is.
        url: String,
        /// Headers that it wants.
        headers: BTreeMap<String, String>,
        /// How long a call may take, in seconds.
        timeout: u64,
        /// How often the connection is kept alive, in seconds.
        keep_alive_interval: u64,
    }
}

optional_section! {
    /// Models that are loaded on this machine.
    LocalEngine {
        /// Where they are served.
        base_url: String,
        /// How long loading may take, in seconds.
        timeout_seconds: u64,
        /// Models that are loaded at once.
        max_sessions: u64,
        /// Loads a model when it is asked for.
        auto_load: bool,
        /// Models that are loaded at start.
        startup_models: Vec<String>,
    }
}

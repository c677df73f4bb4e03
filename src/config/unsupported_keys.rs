//! The keys of the file format whose features this version does not have, one line each.
//!
//! Owns the list and the values that may stand all the same. Taking a feature into the program
//! means removing its lines here; the tables of the documentation follow by themselves.

use super::unsupported::{Off, Rule};

/// Keys that hold secrets.
pub(super) const CREDENTIALS: &[&str] =
    &["providers.*.api_key", "providers.*.accounts.[].credential"];

pub(super) const CREDENTIAL_REMEDY: &str = "put the key into the secrets file, as `provider_keys.<name>`, that of an account as `provider_keys.<name>/<id>`";

const fn rule(path: &'static str, feature: &'static str, off: Off) -> Rule {
    Rule {
        path,
        feature,
        off,
        switches: &[],
        forces: false,
        instead: "",
    }
}

/// A key that means something only while the switch beside it is on.
const fn part(
    path: &'static str,
    feature: &'static str,
    off: Off,
    switches: &'static [&'static str],
) -> Rule {
    Rule {
        path,
        feature,
        off,
        switches,
        forces: false,
        instead: "",
    }
}

/// A key that switches its section on, whatever `enabled` says.
const fn forcing(path: &'static str, feature: &'static str, off: Off) -> Rule {
    Rule {
        path,
        feature,
        off,
        switches: &["enabled"],
        forces: true,
        instead: "",
    }
}

const fn instead(rule: Rule, instead: &'static str) -> Rule {
    Rule { instead, ..rule }
}

const ENABLED: &[&str] = &["enabled"];
const SHORTENING: &str = "shortening of long prompts";
const BALANCED: &str = "routing by cost and latency";
const COSTS: &str = "costs and budgets";
const UPSTREAM_RATES: &str = "rate limits towards providers";
const PREFIX: &str = "marks for prompt caches";
const COMPACTION: &str = "compaction of prompts";
const WINDOW: &str = "shortening of long conversations";
const CACHE: &str = "a response cache";
const TOOLS: &str = "tool servers (MCP)";
const PROMPTS: &str = "system prompts of agents";
const BREAKER: &str = "circuit settings of agents";
const SEARCH: &str = "models found by regular expression or capability";
const BREAKER_INSTEAD: &str = "the circuit of a provider is set in `providers.<name>.breaker`";

/// All refused keys.
pub(super) const RULES: &[Rule] = &[
    rule("debug.pprof_enabled", "profiles over HTTP", Off::False),
    rule("context.truncation_strategy", SHORTENING, Off::Never),
    rule("context.truncation_keep_first_pct", SHORTENING, Off::Never),
    rule("context.truncation_keep_last_pct", SHORTENING, Off::Never),
    rule("context.tfidf_query_source", SHORTENING, Off::Never),
    rule("context.hard_limit_tokens", SHORTENING, Off::Number(0)),
    rule(
        "governance.empty_stream_as_error",
        "a way to pass empty streams on",
        Off::True,
    ),
    instead(
        rule(
            "governance.half_open_max_requests",
            "more than one trial request",
            Off::Number(1),
        ),
        BREAKER_INSTEAD,
    ),
    instead(
        rule(
            "governance.thinking_stream_idle_timeout_seconds",
            "a timer of its own for reasoning",
            Off::Never,
        ),
        "`governance.stream_idle_timeout_seconds` holds for reasoning too",
    ),
    instead(
        rule(
            "governance.ratelimit_max_rpm",
            UPSTREAM_RATES,
            Off::Number(0),
        ),
        "client keys are limited by `limits.per_key.requests_per_minute`",
    ),
    instead(
        rule(
            "governance.ratelimit_max_tpm",
            UPSTREAM_RATES,
            Off::Number(0),
        ),
        "client keys are limited by `limits.per_key.tokens_per_minute`",
    ),
    rule("governance.routing_strategy", BALANCED, Off::Never),
    rule(
        "governance.routing_latency_weight",
        BALANCED,
        Off::Number(0),
    ),
    rule("governance.routing_cost_weight", BALANCED, Off::Number(0)),
    instead(
        rule(
            "governance.auto_context_skip",
            "a margin for the context of a model",
            Off::False,
        ),
        "targets with `max_context` below the prompt are left out always",
    ),
    rule(
        "governance.auto_retry_on_context_limit",
        "summaries of long conversations",
        Off::False,
    ),
    rule("governance.max_cost_per_request", COSTS, Off::Number(0)),
    rule("governance.cost_mode", COSTS, Off::Never),
    rule("governance.billing_economy_scale", COSTS, Off::Never),
    rule("governance.billing_quality_scale", COSTS, Off::Number(0)),
    rule(
        "bouncer.engine",
        "rewriting of prompts by a model",
        Off::Never,
    ),
    rule("prefix_cache.enabled", PREFIX, Off::False),
    part("prefix_cache.cache_mode", PREFIX, Off::Never, ENABLED),
    forcing("prefix_cache.pin_system_first", PREFIX, Off::False),
    forcing("prefix_cache.stable_tools", PREFIX, Off::False),
    forcing("prefix_cache.skip_redaction_on_system", PREFIX, Off::False),
    forcing("prefix_cache.cache_system", PREFIX, Off::False),
    forcing("prefix_cache.cache_tools", PREFIX, Off::False),
    forcing("prefix_cache.cache_messages", PREFIX, Off::False),
    part(
        "prefix_cache.cache_control_ttl",
        PREFIX,
        Off::Never,
        ENABLED,
    ),
    part("prefix_cache.cache_system_ttl", PREFIX, Off::Never, ENABLED),
    part("prefix_cache.cache_tools_ttl", PREFIX, Off::Never, ENABLED),
    part(
        "prefix_cache.cache_messages_ttl",
        PREFIX,
        Off::Never,
        ENABLED,
    ),
    forcing("prefix_cache.openai_breakpoint", PREFIX, Off::False),
    part("prefix_cache.openai_mode", PREFIX, Off::Never, ENABLED),
    rule("compaction.enabled", COMPACTION, Off::False),
    part(
        "compaction.compaction_preset",
        COMPACTION,
        Off::Only("minimal"),
        ENABLED,
    ),
    part("compaction.json_minify", COMPACTION, Off::False, ENABLED),
    part(
        "compaction.collapse_blank_lines",
        COMPACTION,
        Off::False,
        ENABLED,
    ),
    part(
        "compaction.trim_trailing_whitespace",
        COMPACTION,
        Off::False,
        ENABLED,
    ),
    part(
        "compaction.normalize_line_endings",
        COMPACTION,
        Off::False,
        ENABLED,
    ),
    part(
        "compaction.prune_stale_tools",
        COMPACTION,
        Off::False,
        ENABLED,
    ),
    part("compaction.prune_thoughts", COMPACTION, Off::False, ENABLED),
    part(
        "compaction.tool_protection_window",
        COMPACTION,
        Off::Never,
        ENABLED,
    ),
    rule("window.enabled", WINDOW, Off::False),
    forcing("window.mode", WINDOW, Off::Never),
    forcing("window.active_messages", WINDOW, Off::Number(0)),
    forcing("window.trigger_ratio", WINDOW, Off::Number(0)),
    forcing("window.summary_max_runes", WINDOW, Off::Number(0)),
    forcing("window.max_context", WINDOW, Off::Number(0)),
    part("window.engine", WINDOW, Off::Never, ENABLED),
    part("window.keep_first_pct", WINDOW, Off::Never, ENABLED),
    part("window.keep_last_pct", WINDOW, Off::Never, ENABLED),
    rule("response_cache.enabled", CACHE, Off::False),
    forcing("response_cache.max_entries", CACHE, Off::Number(0)),
    part("response_cache.max_entry_bytes", CACHE, Off::Never, ENABLED),
    part("response_cache.ttl_seconds", CACHE, Off::Never, ENABLED),
    part(
        "response_cache.evict_every_seconds",
        CACHE,
        Off::Never,
        ENABLED,
    ),
    part(
        "response_cache.force_refresh_header",
        CACHE,
        Off::Never,
        ENABLED,
    ),
    part("response_cache.enable_semantic", CACHE, Off::False, ENABLED),
    part(
        "response_cache.similarity_threshold",
        CACHE,
        Off::Never,
        ENABLED,
    ),
    part("response_cache.embedding_model", CACHE, Off::Never, ENABLED),
    part("response_cache.embedding_url", CACHE, Off::Never, ENABLED),
    rule("mcp_servers.*", TOOLS, Off::Never),
    rule(
        "local_engine",
        "loading of models on this machine",
        Off::Never,
    ),
    instead(
        rule(
            "agents.*.strategy",
            "sticky conversations",
            Off::AnyBut("sticky"),
        ),
        "`round-robin` or `fallback`",
    ),
    rule(
        "agents.*.sticky_session_ttl_seconds",
        "sticky conversations",
        Off::Number(0),
    ),
    instead(
        rule("agents.*.cooldown_seconds", BREAKER, Off::Number(0)),
        BREAKER_INSTEAD,
    ),
    instead(
        rule("agents.*.failure_threshold", BREAKER, Off::Number(0)),
        BREAKER_INSTEAD,
    ),
    instead(
        rule("agents.*.failure_window_secs", BREAKER, Off::Number(0)),
        BREAKER_INSTEAD,
    ),
    instead(
        rule("agents.*.success_threshold", BREAKER, Off::Number(0)),
        BREAKER_INSTEAD,
    ),
    rule("agents.*.system_prompt", PROMPTS, Off::EmptyText),
    rule("agents.*.system_prompt_file", PROMPTS, Off::EmptyText),
    rule("agents.*.force_system_prompt", PROMPTS, Off::False),
    rule("agents.*.budget_limit_usd", COSTS, Off::Number(0)),
    rule("agents.*.mcp", TOOLS, Off::Never),
    rule(
        "agents.*.models.[].required_capabilities",
        SEARCH,
        Off::EmptyList,
    ),
    instead(
        rule("agents.*.models.[].provider_rgx", SEARCH, Off::EmptyText),
        "name the models one by one",
    ),
    instead(
        rule("agents.*.models.[].model_rgx", SEARCH, Off::EmptyText),
        "name the models one by one",
    ),
    rule(
        "providers.*.ratelimit_max_rpm",
        UPSTREAM_RATES,
        Off::Number(0),
    ),
    rule(
        "providers.*.ratelimit_max_tpm",
        UPSTREAM_RATES,
        Off::Number(0),
    ),
    rule("providers.*.billing", COSTS, Off::Never),
];

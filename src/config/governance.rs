//! The sections `context` and `governance`: how requests are tried, timed and given up.
//!
//! Owns their keys, defaults and limits. Many keys of the file format steer features that this
//! version does not have: they are optional here and `unsupported.rs` says which values pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::Pattern;

/// How long prompts are shortened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Context {
    /// How a prompt that is too long is shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncation_strategy: Option<String>,
    /// The share of a shortened prompt that is kept from its beginning, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncation_keep_first_pct: Option<f64>,
    /// The share of a shortened prompt that is kept from its end, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncation_keep_last_pct: Option<f64>,
    /// What the weighing of text blocks compares with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tfidf_query_source: Option<TfidfSource>,
    /// Tokens beyond which a prompt is shortened, whatever the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_limit_tokens: Option<i64>,
}

/// What the weighing of text blocks compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum TfidfSource {
    PriorMessages,
    #[serde(rename = "self")]
    Own,
}

/// How requests are tried, timed and given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Governance {
    /// Longest time for a whole (not streamed) reply, in seconds; 0 means no limit. `providers.<name>.timeout_seconds` goes before it.
    #[schemars(range(max = 86_400))]
    pub upstream_timeout_seconds: u64,
    /// Longest silence within a streamed reply, in seconds; 0 means no limit. `providers.<name>.stream_idle_timeout_seconds` goes before it.
    #[schemars(range(max = 86_400))]
    pub stream_idle_timeout_seconds: u64,
    /// Statuses of a provider after which the next target is tried. `providers.<name>.retryable_status_codes` goes before it.
    #[schemars(length(min = 1, max = 100), inner(range(min = 400, max = 599)))]
    pub retryable_status_codes: Vec<u16>,
    /// Older name of `server.max_stream_bytes`, in bytes; 0 means its default. Only one of the two can be set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_073_741_824))]
    pub max_transformed_sse_bytes: Option<u64>,
    /// Takes a streamed reply without a single byte for a failure, so that the next target is tried. Always on.
    pub empty_stream_as_error: bool,
    /// Requests that may try a provider again at once while its circuit is half open. Always 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1000))]
    pub half_open_max_requests: Option<u32>,
    /// Longest silence within a streamed reply while the model reasons, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 86_400))]
    pub thinking_stream_idle_timeout_seconds: Option<u64>,
    /// Replies are ended when they contain one of these commands, in text or in the arguments of a tool. Default: the built-in list where `bouncer.redact_output` is true, else none; an empty list means none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub blocked_execution_patterns: Option<Vec<Pattern>>,
    /// Requests in a minute to one provider host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratelimit_max_rpm: Option<u64>,
    /// Tokens in a minute to one provider host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratelimit_max_tpm: Option<u64>,
    /// How often a list of models that could not be read is asked for again sooner than `discovery.interval` says; 0 means until it can be read. `providers.<name>.max_retry_attempts` goes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1000))]
    pub max_retry_attempts: Option<u32>,
    /// How targets are put in order, beyond the strategy of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_strategy: Option<RoutingStrategy>,
    /// The weight of speed in the balanced order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_latency_weight: Option<f64>,
    /// The weight of cost in the balanced order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_cost_weight: Option<f64>,
    /// Puts the targets that answered fastest lately first; the strategy of the agent decides among equals. Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_reorder_by_latency: Option<bool>,
    /// Leaves out targets whose context is less than twice the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_context_skip: Option<bool>,
    /// Summarises a conversation that a provider found too long, and tries again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_retry_on_context_limit: Option<bool>,
    /// The most that one request may cost, in US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost_per_request: Option<f64>,
    /// What to save on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_mode: Option<CostMode>,
    /// The weight of cost in economy mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_economy_scale: Option<f64>,
    /// The weight of cost in quality mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_quality_scale: Option<f64>,
}

impl Default for Governance {
    fn default() -> Self {
        Self {
            upstream_timeout_seconds: 300,
            stream_idle_timeout_seconds: 300,
            retryable_status_codes: vec![429, 500, 502, 503, 504, 529],
            max_transformed_sse_bytes: None,
            empty_stream_as_error: true,
            half_open_max_requests: None,
            thinking_stream_idle_timeout_seconds: None,
            blocked_execution_patterns: None,
            ratelimit_max_rpm: None,
            ratelimit_max_tpm: None,
            max_retry_attempts: None,
            routing_strategy: None,
            routing_latency_weight: None,
            routing_cost_weight: None,
            auto_reorder_by_latency: None,
            auto_context_skip: None,
            auto_retry_on_context_limit: None,
            max_cost_per_request: None,
            cost_mode: None,
            billing_economy_scale: None,
            billing_quality_scale: None,
        }
    }
}

/// How targets are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum RoutingStrategy {
    Latency,
    Balanced,
}

/// What to save on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum CostMode {
    Economy,
    Balanced,
    Quality,
}

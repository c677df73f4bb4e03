//! The section `bouncer`: what is taken out of prompts before they leave.
//!
//! Owns its keys and defaults, and the `engine` form that `window` shares. The rules behind the
//! presets belong to the redactor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::Pattern;

/// What is taken out of prompts before they leave, and out of replies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bouncer {
    /// Takes secrets and personal data out of every prompt.
    pub enabled: bool,
    /// What stands in their place.
    #[schemars(length(min = 1, max = 64))]
    pub redaction_label: String,
    /// The built-in rules: `credentials`, `pii` for personal data, or a list of both. Not together with `redact_patterns`. Default: `credentials`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redact_preset: Option<Presets>,
    /// Regular expressions instead of the built-in rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub redact_patterns: Option<Vec<Pattern>>,
    /// What is done about findings, by rule, class, agent and direction; the last entry that fits decides. Default: the label takes their place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    pub actions: Vec<ActionEntry>,
    /// What is done about files that are uploaded. `redact`: text is redacted, what is no text passes; `text`: what is no text is refused; `pass`: everything passes as it is.
    pub files: Files,
    /// Sends a prompt in clear when the redactor fails. Otherwise the request is refused.
    pub fail_open: bool,
    /// Takes secrets out of replies too, and ends replies that contain a blocked command.
    pub redact_output: bool,
    /// Characters of a reply that are looked at together. Has no effect: streams are redacted exactly, however long a secret is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redact_output_window: Option<u64>,
    /// Takes out words that look random.
    pub entropy_enabled: bool,
    /// How random a word must look, in bits per character.
    #[schemars(range(min = 1.0, max = 8.0))]
    pub entropy_threshold: f64,
    /// The shortest word that is looked at, in bytes.
    #[schemars(range(min = 8, max = 512))]
    pub entropy_min_token: u32,
    /// How long the value behind a placeholder is kept after it was last used, in seconds.
    #[schemars(range(min = 60, max = 604_800))]
    pub placeholder_ttl_seconds: u64,
    /// Memory for values behind placeholders, in bytes. Beyond it those unused for longest go.
    #[schemars(range(min = 65_536, max = 1_073_741_824))]
    pub placeholder_memory_bytes: u64,
    /// The model that rewrites long prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
}

impl Bouncer {
    /// The built-in rules to use where `redact_patterns` gives none.
    #[must_use]
    pub fn presets(&self) -> Vec<Preset> {
        match &self.redact_preset {
            None => vec![Preset::Credentials],
            Some(Presets::One(preset)) => vec![*preset],
            Some(Presets::Several(presets)) => presets.clone(),
        }
    }
}

impl Default for Bouncer {
    fn default() -> Self {
        Self {
            enabled: true,
            redaction_label: "[REDACTED]".to_owned(),
            redact_preset: None,
            redact_patterns: None,
            actions: Vec::new(),
            files: Files::Redact,
            fail_open: false,
            redact_output: false,
            redact_output_window: None,
            entropy_enabled: false,
            entropy_threshold: 4.5,
            entropy_min_token: 20,
            placeholder_ttl_seconds: 3600,
            placeholder_memory_bytes: 8 << 20,
            engine: None,
        }
    }
}

/// The built-in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum Preset {
    Credentials,
    Pii,
}

/// What is done about files that are uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum Files {
    Redact,
    Text,
    Pass,
}

/// One set of built-in rules, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Presets {
    /// One set.
    One(Preset),
    /// Several.
    Several(#[schemars(length(min = 1, max = 2))] Vec<Preset>),
}

/// What is done about some findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEntry {
    /// The rule, by its id in docs/redaction.md. Default: all rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub rule: Option<String>,
    /// The class of rules. Default: all classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<FindingClass>,
    /// The agent that is asked. Default: all agents, and models asked by their own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub agent: Option<String>,
    /// Requests or replies. Default: both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// `redact`: the label; `mask`: all but the last four characters; `placeholder`: a stand-in that becomes the value again in the reply; `block`: refuses the request or ends the reply; `observe`: counts only.
    pub action: Action,
}

/// Classes of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum FindingClass {
    Credential,
    Pii,
    Kill,
    Configured,
}

/// Which way a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum Direction {
    Request,
    Reply,
}

/// What is done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum Action {
    Redact,
    Mask,
    Placeholder,
    Block,
    Observe,
}

/// A model that does work for the gateway itself: an agent, `provider/model`, or an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Engine {
    /// An agent, or `provider/model`.
    Name(String),
    /// A model with its settings.
    Model(EngineModel),
}

/// A model with its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EngineModel {
    /// The provider of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it is told to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// A file with what it is told to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt_file: Option<String>,
    /// How long it may take, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
}

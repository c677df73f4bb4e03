//! The section `bouncer`: what is taken out of prompts before they leave.
//!
//! Owns its keys and defaults, and the `engine` form that `window` shares. The rules behind the
//! presets belong to the redactor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::Pattern;

/// What is taken out of prompts before they leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bouncer {
    /// Takes secrets and personal data out of every prompt.
    pub enabled: bool,
    /// What stands in their place.
    #[schemars(length(min = 1, max = 64))]
    pub redaction_label: String,
    /// The built-in rules: `credentials`, or `pii` for personal data. Not together with `redact_patterns`. Default: `credentials`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redact_preset: Option<Preset>,
    /// Regular expressions instead of the built-in rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub redact_patterns: Option<Vec<Pattern>>,
    /// Sends a prompt in clear when the redactor fails. Otherwise the request is refused.
    pub fail_open: bool,
    /// Takes secrets out of replies too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redact_output: Option<bool>,
    /// Characters of a reply that are looked at together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redact_output_window: Option<u64>,
    /// Takes out words that look random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entropy_enabled: Option<bool>,
    /// How random a word must look, in bits per character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entropy_threshold: Option<f64>,
    /// The shortest word that is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entropy_min_token: Option<u64>,
    /// The model that rewrites long prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
}

impl Bouncer {
    /// The built-in rules to use where `redact_patterns` gives none.
    #[must_use]
    pub fn preset(&self) -> Preset {
        self.redact_preset.unwrap_or(Preset::Credentials)
    }
}

impl Default for Bouncer {
    fn default() -> Self {
        Self {
            enabled: true,
            redaction_label: "[REDACTED]".to_owned(),
            redact_preset: None,
            redact_patterns: None,
            fail_open: false,
            redact_output: None,
            redact_output_window: None,
            entropy_enabled: None,
            entropy_threshold: None,
            entropy_min_token: None,
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

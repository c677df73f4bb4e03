//! What an operator may say about redaction.

use std::time::Duration;

/// The label that takes the place of what was found, unless another one is configured.
pub const DEFAULT_LABEL: &str = "[REDACTED]";

/// A set of built-in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Keys, tokens, passwords, private keys.
    #[default]
    Credentials,
    /// Mail addresses, phone numbers, cards, US social security numbers.
    Pii,
}

impl Preset {
    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Pii => "pii",
        }
    }
}

/// How text is redacted, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactionConfig {
    /// Whether anything is scanned at all. Default true.
    ///
    /// # Security
    /// With `false` every text passes as it is, and its proof says so by having no findings.
    pub enabled: bool,
    /// The built-in rules. Default `credentials`. Of no effect if `patterns` is given.
    pub preset: Preset,
    /// The operator's own patterns, instead of the preset. Look-around is allowed. Default none.
    pub patterns: Option<Vec<String>>,
    /// What stands in place of a finding. Default `[REDACTED]`; may be empty.
    pub label: String,
    /// Whether a text passes unscanned when scanning fails. Default false: the request is refused.
    pub fail_open: bool,
    /// Largest body that is scanned on the caller's own thread; a larger one goes to the pool.
    ///
    /// # Units
    /// Bytes. Default 64 KiB: about 0.1 ms of scanning, some twice what changing threads costs
    /// (`cargo run --release -p nenya-redactor --example redact_cost`).
    pub inline_limit: usize,
    /// Threads of the pool. Default one per core. At least 1.
    pub workers: usize,
    /// Jobs that may wait for a thread; one more is refused as busy. Default 256. At least 1.
    pub queue: usize,
    /// How long a body may wait and be scanned in the pool; then it is refused. Default 5 s.
    pub deadline: Duration,
}

impl Default for RedactionConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            preset: Preset::Credentials,
            patterns: None,
            label: DEFAULT_LABEL.to_owned(),
            fail_open: false,
            inline_limit: 64 * 1024,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            queue: 256,
            deadline: Duration::from_secs(5),
        }
    }
}

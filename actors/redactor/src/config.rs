//! What an operator may say about redaction.

use std::time::Duration;

use crate::treat::actions::ActionRow;
use crate::treat::placeholder::PlaceholderLimits;

/// The label that takes the place of what was found, unless another one is configured.
pub const DEFAULT_LABEL: &str = "[REDACTED]";

/// A set of built-in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Keys, tokens, passwords, private keys.
    #[default]
    Credentials,
    /// Mail addresses, phone numbers, cards, bank accounts, national ids, addresses of machines.
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

/// When a string without a format is taken for a secret.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntropyLimits {
    /// Fewest bits of Shannon entropy per character. Default 4.5.
    pub threshold: f32,
    /// Fewest bytes. Default 20; more than 512 are never one.
    pub min_token: u32,
}

/// Commands that end a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// None.
    Nothing,
    /// The built-in list.
    BuiltIn,
    /// The operator's own patterns.
    Patterns(Vec<String>),
}

/// How text is redacted, and by whom.
#[derive(Debug, Clone, PartialEq)]
pub struct RedactionConfig {
    /// Whether anything is scanned at all. Default true.
    ///
    /// # Security
    /// With `false` every text passes as it is, and its proof says so by having no findings.
    pub enabled: bool,
    /// The built-in rules. Default `credentials`. Of no effect if `patterns` is given.
    pub presets: Vec<Preset>,
    /// The operator's own patterns, instead of the presets. Look-around is allowed. Default none.
    pub patterns: Option<Vec<String>>,
    /// Strings without a format that look random; `None`, the default, leaves them alone.
    pub entropy: Option<EntropyLimits>,
    /// Whether all these rules look at replies, too. Default false.
    pub replies: bool,
    /// Commands that end a reply. Default none.
    pub blocked: Blocked,
    /// What is done about findings; the last row that fits decides. Default: what the rule says.
    pub actions: Vec<ActionRow>,
    /// How much is kept of the values behind placeholders, and how long.
    pub placeholders: PlaceholderLimits,
    /// What stands in place of a finding. Default `[REDACTED]`; may be empty.
    pub label: String,
    /// Whether a text passes unscanned when scanning fails. Default false: the request is refused.
    pub fail_open: bool,
    /// Largest body that is scanned on the caller's own thread; a larger one goes to the pool.
    ///
    /// # Units
    /// Bytes. Default 64 KiB: see `docs/benchmarks.md` for where the border lies.
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
            presets: vec![Preset::Credentials],
            patterns: None,
            entropy: None,
            replies: false,
            blocked: Blocked::Nothing,
            actions: Vec::new(),
            placeholders: PlaceholderLimits::default(),
            label: DEFAULT_LABEL.to_owned(),
            fail_open: false,
            inline_limit: 64 * 1024,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            queue: 256,
            deadline: Duration::from_secs(5),
        }
    }
}

//! The sections `server`, `debug`, `auth` and `limits`: who may connect, and how much of it.
//!
//! Owns their keys, defaults and limits. The doc comment of each field is its description in the
//! schema and in `docs/configuration.md`. The reasons of the defaults that matter for security
//! stand in `docs/defaults.md`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::{ByteSize, Cidr, HumanDuration, Listen};

/// The HTTP side of the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where clients connect. Another address than loopback needs `server.tls` or `server.behind_proxy`.
    pub listen_addr: Listen,
    /// Where `/statsz` and `/metrics` are served apart from the public port. Without it they are on `listen_addr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_listen: Option<Listen>,
    /// Says that something in front (a reverse proxy, an ingress) does TLS, so that `listen_addr` may be reachable from outside.
    pub behind_proxy: bool,
    /// Networks whose `Forwarded` and `X-Forwarded-For` headers are believed.
    #[schemars(length(max = 256))]
    pub trusted_proxies: Vec<Cidr>,
    /// TLS in this process (1.2 and 1.3). The files are read again at reload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// HTTP worker threads; 0 means one per core.
    #[schemars(range(max = 1024))]
    pub workers: usize,
    /// Open client connections at once, all workers together.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// How long the first request head of a connection may take to arrive; later ones share `server.idle_timeout`.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "5m"))]
    pub header_timeout: HumanDuration,
    /// How long a request body may make no progress: the time between two pieces of it.
    #[schemars(extend("x-minimum" = "100ms", "x-maximum" = "1h"))]
    pub body_timeout: HumanDuration,
    /// How long a kept-alive connection may stay without a request, and how long a client may stop reading a stream.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "1h"))]
    pub idle_timeout: HumanDuration,
    /// How often both sides of a realtime session are asked whether they are there.
    #[schemars(extend("x-minimum" = "100ms", "x-maximum" = "5m"))]
    pub realtime_ping_interval: HumanDuration,
    /// How long the client of a realtime session may say nothing, not even an answer to a ping, before the session ends. At least twice `realtime_ping_interval`.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "1h"))]
    pub realtime_silence_timeout: HumanDuration,
    /// How long requests that run may go on when the process is told to stop. Streams then get a final event.
    #[schemars(extend("x-minimum" = "0s", "x-maximum" = "1h"))]
    pub shutdown_timeout: HumanDuration,
    /// Largest request body in bytes; more is answered with 413 as soon as it is known.
    #[schemars(range(min = 1, max = 1_073_741_824))]
    pub max_body_bytes: u64,
    /// Largest form with files, and largest file that is fetched. They pass without being held, so this bounds cost and not memory.
    #[schemars(extend("x-minimum" = "1 KiB", "x-maximum" = "1024 GiB"))]
    pub max_upload_bytes: ByteSize,
    /// Largest whole (not streamed) reply of a provider.
    #[schemars(extend("x-minimum" = "1 KiB", "x-maximum" = "1 GiB"))]
    pub max_reply_bytes: ByteSize,
    /// Most bytes of one streamed reply; then the stream ends with an error event.
    #[schemars(extend("x-minimum" = "1 KiB", "x-maximum" = "1 GiB"))]
    pub max_stream_bytes: ByteSize,
    /// Memory for signatures and sealed thinking of clients whose API has no field for them. Beyond it those unused for longest go. One that is larger than a sixteenth of it is not kept.
    #[schemars(extend("x-minimum" = "64 KiB", "x-maximum" = "4 GiB"))]
    pub signature_memory: ByteSize,
    /// How long a signature is kept after it was last used; `0s` keeps none.
    #[schemars(extend("x-minimum" = "0s", "x-maximum" = "30d"))]
    pub signature_ttl: HumanDuration,
    /// The `User-Agent` towards providers.
    #[schemars(length(min = 1, max = 256))]
    pub user_agent: String,
    /// The least important log lines that are written. `-verbose` on the command line means `debug`.
    pub log_level: LogLevel,
    /// The form of log lines. `auto` takes the journal where there is one, text on a terminal, and JSON lines otherwise.
    pub log_format: LogFormat,
    /// Refuses to start where secrets cannot be kept in locked memory.
    pub secure_memory_required: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen_addr: Listen::loopback(8080),
            admin_listen: None,
            behind_proxy: false,
            trusted_proxies: Vec::new(),
            tls: None,
            workers: 0,
            max_connections: 10_000,
            header_timeout: HumanDuration::secs(5),
            body_timeout: HumanDuration::secs(30),
            idle_timeout: HumanDuration::secs(120),
            realtime_ping_interval: HumanDuration::secs(20),
            realtime_silence_timeout: HumanDuration::secs(60),
            shutdown_timeout: HumanDuration::secs(30),
            max_body_bytes: 10 * 1024 * 1024,
            max_upload_bytes: ByteSize::mebibytes(8 * 1024),
            max_reply_bytes: ByteSize::mebibytes(32),
            max_stream_bytes: ByteSize::mebibytes(50),
            signature_memory: ByteSize::mebibytes(16),
            signature_ttl: HumanDuration::secs(24 * 3600),
            user_agent: concat!("nenya/", env!("CARGO_PKG_VERSION")).to_owned(),
            log_level: LogLevel::Info,
            log_format: LogFormat::Auto,
            secure_memory_required: true,
        }
    }
}

/// The certificate of this gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file with the certificate and its chain.
    #[schemars(length(min = 1))]
    pub cert_file: PathBuf,
    /// PEM file with the private key. On systemd: a credential.
    #[schemars(length(min = 1))]
    pub key_file: PathBuf,
}

/// The least important log lines that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the key that takes them")]
pub enum LogFormat {
    Auto,
    Journal,
    Json,
    Text,
}

/// Aids for the maintainers of a running gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Debug {
    /// Profiles of the running process over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pprof_enabled: Option<bool>,
}

/// What happens to addresses that present wrong tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Wrong tokens from one address within `failure_window` before it is blocked. IPv6 counts by /64.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_failures: u32,
    /// The time within which failures are counted together.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "1day"))]
    pub failure_window: HumanDuration,
    /// How long the first block lasts; each further one lasts twice as long.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "1day"))]
    pub block: HumanDuration,
    /// The longest a block can become. Not shorter than `block`.
    #[schemars(extend("x-minimum" = "1s", "x-maximum" = "7days"))]
    pub block_max: HumanDuration,
    /// Addresses that are remembered at once; beyond it the oldest that are not blocked are forgotten first.
    #[schemars(range(min = 1024, max = 10_000_000))]
    pub tracked_addresses: usize,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            max_failures: 10,
            failure_window: HumanDuration::secs(60),
            block: HumanDuration::secs(30),
            block_max: HumanDuration::secs(3600),
            tracked_addresses: 65_536,
        }
    }
}

/// How much each client key may use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// What every key may use.
    pub per_key: KeyLimits,
    /// Other limits for single keys, by key id. What an entry leaves out is taken from `per_key`.
    pub keys: BTreeMap<String, KeyLimits>,
}

/// The limits of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyLimits {
    /// Requests in a minute; 0 means no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_000_000_000))]
    pub requests_per_minute: Option<u64>,
    /// Tokens in a minute, prompt and reply together; 0 means no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_000_000_000_000_u64))]
    pub tokens_per_minute: Option<u64>,
    /// Requests at the same time; 0 means no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1_000_000))]
    pub concurrent_requests: Option<u32>,
}

impl Limits {
    /// The limits of keys without an entry of their own; `None` in a field means no limit.
    #[must_use]
    pub fn usual(&self) -> KeyLimits {
        KeyLimits::default().over(&self.per_key)
    }

    /// The limits of every key that has an entry, each complete.
    pub fn single(&self) -> impl Iterator<Item = (&str, KeyLimits)> {
        self.keys
            .iter()
            .map(|(id, own)| (id.as_str(), own.over(&self.per_key)))
    }
}

impl KeyLimits {
    /// Own values first, then those below; a 0 that wins becomes `None`, no limit.
    fn over(&self, below: &Self) -> Self {
        Self {
            requests_per_minute: self
                .requests_per_minute
                .or(below.requests_per_minute)
                .filter(|n| *n > 0),
            tokens_per_minute: self
                .tokens_per_minute
                .or(below.tokens_per_minute)
                .filter(|n| *n > 0),
            concurrent_requests: self
                .concurrent_requests
                .or(below.concurrent_requests)
                .filter(|n| *n > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_its_own_takes_the_rest_from_per_key_and_zero_lifts_a_limit() {
        let limits = Limits {
            per_key: KeyLimits {
                requests_per_minute: Some(60),
                tokens_per_minute: Some(1000),
                concurrent_requests: Some(0),
            },
            keys: BTreeMap::from([(
                "batch".to_owned(),
                KeyLimits {
                    requests_per_minute: Some(0),
                    concurrent_requests: Some(4),
                    ..KeyLimits::default()
                },
            )]),
        };
        assert_eq!(limits.usual().concurrent_requests, None);
        let (id, batch) = limits.single().next().unwrap();
        assert_eq!(id, "batch");
        assert_eq!(
            batch,
            KeyLimits {
                requests_per_minute: None,
                tokens_per_minute: Some(1000),
                concurrent_requests: Some(4)
            }
        );
    }
}

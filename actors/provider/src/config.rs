//! What is known about one provider before the first call.

use std::{path::PathBuf, time::Duration};

use http::header::{HeaderName, HeaderValue};
use wire::ApiFormat;

use crate::{
    breaker::BreakerConfig,
    catalogue::DiscoveryRules,
    credentials::Shared,
    endpoints::{ExtensionRoute, FormatRoute, ModelFormat, ModelList},
    quirks::{Quirk, Thinking},
    upstream_url::UpstreamUrl,
};

/// What any wait is cut to, so that "for ever" in a configuration is no overflow here.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// Statuses after which another target is tried, unless the configuration has its own list.
///
/// # Source
/// `governance.retryable_status_codes` default of the configuration that this program loads;
/// 529 is Anthropic's "overloaded".
pub const DEFAULT_RETRYABLE: [u16; 6] = [429, 500, 502, 503, 504, 529];

/// Where the provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// Behind HTTP, speaking one or several of the APIs of [`ApiFormat`].
    Http,
    /// Built in: answers with what it was asked, without any network.
    Echo,
}

/// How the key is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthStyle {
    /// `authorization: Bearer KEY`
    Bearer,
    /// `authorization: Bearer KEY` and `x-goog-api-key: KEY`
    BearerXGoog,
    /// `x-goog-api-key: KEY`
    XGoog,
    /// `x-api-key: KEY` and `anthropic-version`
    Anthropic,
    /// `api-key: KEY`
    Azure,
    /// AWS Signature Version 4, service `bedrock`, with `ACCESS:SECRET[:SESSION]` as the key.
    SigV4,
    /// `authorization: Bearer TOKEN`, with the key file of a Google service account, in base64,
    /// as the key; the token is fetched for it.
    GoogleServiceAccount,
    /// No key is sent, even if the vault has one.
    None,
}

impl AuthStyle {
    /// Tells whether calls need a key from the vault.
    pub fn needs_key(self) -> bool {
        self != Self::None
    }
}

/// One provider: where it is, how to speak to it, how long to wait and how much to take.
///
/// All durations are wall-clock time, all sizes are bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderSpec {
    /// Name in the configuration; also the name under which the vault has its key.
    pub name: String,
    /// Where it is.
    pub kind: ProviderKind,
    /// Chat URL of its usual API. `{model}` in it stands for the model. Ignored by
    /// [`ProviderKind::Echo`].
    pub url: UpstreamUrl,
    /// Its usual API. Default: the one that `url` belongs to by its path, else OpenAI's chat.
    pub format: ApiFormat,
    /// How the key is presented at `url`.
    pub auth: AuthStyle,
    /// Chat URLs of its other APIs.
    pub routes: Vec<FormatRoute>,
    /// Chat URLs of single models.
    pub alone: Vec<(String, FormatRoute)>,
    /// Models that are spoken to with another API; the first rule that fits decides.
    pub model_formats: Vec<ModelFormat>,
    /// Where its list of models is, if not beside the chat URL.
    pub models: Option<ModelList>,
    /// Paths that lie elsewhere than below the base of `url`.
    pub extensions: Vec<ExtensionRoute>,
    /// What it wants otherwise than its API.
    pub quirks: Vec<Quirk>,
    /// Whether models think, where the operator wishes and its chat can say so.
    pub thinking: Option<Thinking>,
    /// Names the prompt cache of each client to the provider (`prompt_cache_key`), in the APIs of
    /// OpenAI. Default false.
    pub prompt_cache_key: bool,
    /// Other names of models: what is asked for, and what the provider calls it.
    pub aliases: Vec<(String, String)>,
    /// Region of a signature, where the host does not name it.
    pub region: Option<String>,
    /// Ids of accounts that are used in turn; their keys are in the vault under `name/id`. The
    /// key under the provider's own name is one more account, and the only one by default.
    pub accounts: Vec<String>,
    /// What is learnt about accounts and tokens, by all workers together.
    pub shared: Shared,
    /// Lets this provider live on loopback, private, shared (100.64/10) or unique local
    /// addresses. Never lifts metadata, link-local, multicast or reserved ones. Default false.
    pub danger_allow_private_addresses: bool,
    /// Bound for resolving, connecting and TLS together. Default 10 s.
    pub connect_timeout: Duration,
    /// Bound from the start of the call to the head, and for streams to the first chunk.
    /// Default 300 s.
    pub first_byte_timeout: Duration,
    /// Longest silence inside a body. Default 300 s.
    pub idle_timeout: Duration,
    /// Bound for a whole (not streamed) reply from the start of the call. Default none.
    pub total_timeout: Option<Duration>,
    /// Longest whole reply. Default 10 MiB; beyond it the call fails.
    pub max_reply_bytes: u64,
    /// Longest streamed reply. Default 50 MiB; beyond it the stream ends with an error.
    pub max_stream_bytes: u64,
    /// Statuses after which another target is tried.
    pub retryable: Vec<u16>,
    /// `user-agent` of our calls.
    pub user_agent: String,
    /// Fixed headers of this provider. Those that authenticate or frame are left out.
    pub extra_headers: Vec<(String, String)>,
    /// Extra authorities in PEM for a private upstream, beside the machine's own.
    pub ca_file: Option<PathBuf>,
    /// When the circuit opens, and for how long.
    pub breaker: BreakerConfig,
    /// How its list of models is kept fresh; by default it is not read.
    pub discovery: Option<DiscoveryRules>,
    /// Pause between two words of the echo provider. Default none.
    pub echo_delay: Duration,
}

impl ProviderSpec {
    /// A provider with every default, to be changed field by field.
    pub fn new(name: impl Into<String>, kind: ProviderKind, url: UpstreamUrl) -> Self {
        Self {
            name: name.into(),
            kind,
            format: url.format().unwrap_or(ApiFormat::OpenAiChat),
            url,
            routes: Vec::new(),
            alone: Vec::new(),
            model_formats: Vec::new(),
            models: None,
            extensions: Vec::new(),
            quirks: Vec::new(),
            thinking: None,
            prompt_cache_key: false,
            aliases: Vec::new(),
            region: None,
            accounts: Vec::new(),
            shared: Shared::default(),
            auth: if kind == ProviderKind::Echo {
                AuthStyle::None
            } else {
                AuthStyle::Bearer
            },
            danger_allow_private_addresses: false,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(300),
            idle_timeout: Duration::from_secs(300),
            total_timeout: None,
            max_reply_bytes: 10 << 20,
            max_stream_bytes: 50 << 20,
            retryable: DEFAULT_RETRYABLE.to_vec(),
            user_agent: concat!("nenya/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra_headers: Vec::new(),
            ca_file: None,
            breaker: BreakerConfig::default(),
            discovery: None,
            echo_delay: Duration::ZERO,
        }
    }

    /// The built-in echo provider under the given name.
    pub fn echo(name: impl Into<String>) -> Self {
        Self::new(name, ProviderKind::Echo, UpstreamUrl::nowhere())
    }

    /// The provider's name of a model.
    pub fn model_name<'m>(&'m self, asked: &'m str) -> &'m str {
        self.aliases
            .iter()
            .find(|(alias, _)| alias == asked)
            .map_or(asked, |(_, name)| name.as_str())
    }

    /// Names of its keys in the vault: its own, and those of its accounts.
    pub fn key_names(&self) -> Vec<String> {
        let accounts = self.accounts.iter().map(|id| format!("{}/{id}", self.name));
        std::iter::once(self.name.clone()).chain(accounts).collect()
    }

    /// The fixed headers that can be sent, without those that this crate sets itself.
    pub(crate) fn usable_extra_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.extra_headers
            .iter()
            .filter_map(|(name, value)| {
                Some((
                    HeaderName::try_from(name).ok()?,
                    HeaderValue::try_from(value).ok()?,
                ))
            })
            .filter(|(name, _)| !crate::headers::is_ours(name))
            .collect()
    }
}

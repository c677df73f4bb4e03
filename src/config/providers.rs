//! The section `providers`: where models are served, as it is written.
//!
//! Owns the keys of a provider. Every key is optional, since it may be laid over a built-in
//! provider of the same name; the two are put together in `resolve`. Holds no secrets: keys
//! are in the secrets file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::absent::optional_section;
use super::scalar::{HumanDuration, Pattern};
use super::url::ChatUrl;

optional_section! {
    /// Where models are served. Keys that are left out keep the value of the built-in provider of this name.
    ProviderEntry {
        /// The whole chat address. Required unless the provider is built in. `{model}` in it stands for the model. `http` only to this machine or a private network.
        url: ChatUrl,
        /// The built-in provider that this one is like: what this entry does not say is taken from there, addresses, formats and special wishes. Default: the one of the same name.
        like: String,
        /// The API that its models are spoken to with, unless `formats` says otherwise. Default: that of the built-in provider, or the one that `url` belongs to by its path.
        format: ApiFormat,
        /// The API of single models, by name, or by the beginning of names with `*` after it.
        #[schemars(extend("maxProperties" = 1000))]
        formats: BTreeMap<String, ApiFormat>,
        /// Addresses of further APIs of the provider by format, whole chat addresses; and of single paths, such as `"/rerank"`, that lie elsewhere than the rest. Models whose names begin with `claude-` or `gemini-` are spoken to at `anthropic` or `gemini` if that stands here.
        format_urls: BTreeMap<String, ChatUrl>,
        /// The address of the list of models, where it is not beside the chat address.
        models_url: ChatUrl,
        /// The region of a cloud provider: `us-east-1` for `bedrock`, `us-central1` or `global` for `vertex`.
        #[schemars(length(min = 1, max = 64))]
        region: String,
        /// The project of `vertex`.
        #[schemars(length(min = 1, max = 128))]
        project: String,
        /// The resource of `azure`: the first part of its host name.
        #[schemars(length(min = 1, max = 64))]
        resource: String,
        /// How the provider key is sent: `bearer`, `bearer+x-goog`, `x-goog` (`x-goog-api-key`), `anthropic` (`x-api-key`), `azure` (`api-key`), `sigv4` (AWS signature; the key is `ACCESS:SECRET` or `ACCESS:SECRET:SESSION`), `google_service_account` (a token that is fetched; the key is the key file in base64), `none`. Default: that of the built-in provider; else `anthropic` or `x-goog` for the APIs of Anthropic and Gemini, `bearer` for the others.
        auth_style: AuthStyle,
        /// Longest time for a whole (not streamed) reply, in seconds; 0 means as in `governance.upstream_timeout_seconds`.
        #[schemars(range(max = 86_400))]
        timeout_seconds: u64,
        /// Longest silence within a streamed reply, in seconds; 0 means as in `governance.stream_idle_timeout_seconds`.
        #[schemars(range(max = 86_400))]
        stream_idle_timeout_seconds: u64,
        /// Longest time for finding and reaching the provider, TLS included, in seconds. Default: 10.
        #[schemars(range(min = 1, max = 300))]
        connect_timeout_seconds: u64,
        /// Longest time until the first byte of a reply, in seconds. For whole replies that is nearly all of the time. Default: the longest time for a whole reply, at least 300; 3600 where that has no limit.
        #[schemars(range(min = 1, max = 86_400))]
        first_byte_timeout_seconds: u64,
        /// Statuses after which the next target is tried. Default: `governance.retryable_status_codes`.
        #[schemars(length(min = 1, max = 100), inner(range(min = 400, max = 599)))]
        retryable_status_codes: Vec<u16>,
        /// Models that the provider has: for listings, and for requests that name only the model.
        #[schemars(length(max = 10_000), inner(length(min = 1, max = 256)))]
        models: Vec<String>,
        /// Regular expressions; a model that none of them is found in cannot be used with this provider. An empty list allows all.
        #[schemars(length(max = 1000))]
        allowed_models: Vec<Pattern>,
        /// Lets the provider be on a private network. Without it only public addresses are connected to, and loopback where `url` names it.
        danger_allow_private_addresses: bool,
        /// PEM file with certificate authorities that are trusted for this provider besides the usual ones.
        #[schemars(length(min = 1))]
        ca_file: PathBuf,
        /// When requests stop being sent to a provider that fails.
        breaker: BreakerEntry,
        /// The older name of `format`.
        api_format: ApiFormat,
        /// How often a list of models that could not be read is asked for again sooner than `discovery.interval` says; 0 means as in `governance.max_retry_attempts`. What is repeated on other routes stands in `docs/routes.md`.
        #[schemars(range(max = 1000))]
        max_retry_attempts: u32,
        /// Sends a `prompt_cache_key` made of the client key and the agent or model, in the APIs of OpenAI, unless the client sends one: its requests then meet the provider's prompt cache more often. For providers that take it: `openai`, `azure`, `mistral`, `xai` with `format` `openai-responses`. Default: false.
        prompt_cache_key: bool,
        /// Whether models think, for providers whose chat in OpenAI's format has a `thinking` object (`zai`, `deepseek`, `moonshot`). What a client says goes before it.
        thinking: Thinking,
        /// Other names of models: what is asked for, and what the provider calls it.
        aliases: BTreeMap<String, String>,
        /// Fixed headers of each request to the provider, such as `"OpenAI-Organization"` or `"HTTP-Referer"`. Not those that authenticate or frame. They are no place for secrets.
        headers: BTreeMap<String, String>,
        /// Requests in a minute to the provider.
        ratelimit_max_rpm: u64,
        /// Tokens in a minute to the provider.
        ratelimit_max_tpm: u64,
        /// How the provider is paid.
        billing: Billing,
        /// Belongs in the secrets file, as `provider_keys.<name>`.
        api_key: String,
        /// Several keys for one provider, used in turn; one that is refused rests for a while. They belong in the secrets file, as `provider_keys.<name>/<id>`; a key under the provider's own name is one more.
        #[schemars(length(max = 64))]
        accounts: Vec<Account>,
    }
}

impl ProviderEntry {
    /// The name of the built-in provider under this entry, if there is one of that name.
    #[must_use]
    pub fn under<'e>(&'e self, name: &'e str) -> &'e str {
        self.like.as_deref().unwrap_or(name)
    }
}

/// How the provider key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum AuthStyle {
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Bearer` and `X-Goog-Api-Key`.
    #[serde(rename = "bearer+x-goog")]
    BearerXGoog,
    /// `X-Goog-Api-Key`.
    #[serde(rename = "x-goog")]
    XGoog,
    /// `X-Api-Key`.
    Anthropic,
    /// `Api-Key`.
    Azure,
    /// AWS Signature Version 4.
    SigV4,
    /// A token that is fetched for the key of a service account.
    #[serde(rename = "google_service_account")]
    GoogleServiceAccount,
    /// No key.
    None,
}

/// The API of a provider or of a model. Some have several names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "described at the keys that take them")]
pub enum ApiFormat {
    #[serde(rename = "openai")]
    OpenAi,
    #[serde(rename = "openai-chat")]
    OpenAiChat,
    #[serde(rename = "openai-responses")]
    OpenAiResponses,
    Responses,
    Anthropic,
    Messages,
    Gemini,
    Cohere,
    BedrockConverse,
    Bedrock,
    Converse,
    Ollama,
}

impl ApiFormat {
    /// The format itself.
    #[must_use]
    pub const fn get(self) -> wire::ApiFormat {
        match self {
            Self::OpenAi | Self::OpenAiChat => wire::ApiFormat::OpenAiChat,
            Self::OpenAiResponses | Self::Responses => wire::ApiFormat::OpenAiResponses,
            Self::Anthropic | Self::Messages => wire::ApiFormat::Anthropic,
            Self::Gemini => wire::ApiFormat::Gemini,
            Self::Cohere => wire::ApiFormat::Cohere,
            Self::BedrockConverse | Self::Bedrock | Self::Converse => wire::ApiFormat::Bedrock,
            Self::Ollama => wire::ApiFormat::Ollama,
        }
    }
}

optional_section! {
    /// When requests stop being sent to a provider that fails. Counted for each model.
    BreakerEntry {
        /// Failures in a row after which the circuit opens. Default: 5.
        #[schemars(range(min = 1, max = 1000))]
        failures: u32,
        /// How long it stays open at first, before one request may try again; twice as long after each trial that fails, up to 10 minutes. Default: 60s.
        #[schemars(extend("x-minimum" = "1s", "x-maximum" = "10m"))]
        cooldown: HumanDuration,
    }
}

optional_section! {
    /// Whether models think.
    Thinking {
        /// Asks the model to think, or not to.
        enabled: bool,
        /// Asks the provider to leave out the reasoning of earlier turns.
        clear_thinking: bool,
    }
}

optional_section! {
    /// One of several keys for a provider.
    Account {
        /// Its name: letters, digits, `_`, `-` or `.`.
        #[schemars(length(min = 1, max = 32))]
        id: String,
        /// Its kind: `apikey`, `oauth` or `cookie`. Has no effect, the key is sent as `auth_style` says.
        #[serde(rename = "type")]
        kind: String,
        /// Belongs in the secrets file, as `provider_keys.<name>/<id>`.
        credential: String,
    }
}

optional_section! {
    /// How the provider is paid.
    Billing {
        /// `subscription`, `credit`, `free` or `mixed`.
        model: String,
        /// The time that a subscription covers.
        period: String,
        /// The same in hours.
        period_hours: f64,
        /// What a subscription includes, in US dollars.
        included_usd: f64,
        /// What has been paid in advance, in US dollars.
        balance_usd: f64,
        /// Where the rest is asked for: `none`, `api`, `headers`.
        quota_source: String,
        /// The address to ask.
        quota_url: String,
        /// How often it is asked.
        quota_interval: String,
        /// How long asking may take, in seconds.
        quota_timeout_seconds: u64,
        /// How the answer is read.
        quota_extraction: QuotaExtraction,
        /// Uses only models that cost nothing.
        free_only: bool,
        /// Models that cost nothing.
        free_models: Vec<String>,
        /// Longest wait after asking failed, in seconds.
        quota_backoff_max_seconds: u64,
    }
}

optional_section! {
    /// How the answer about the rest of a quota is read.
    QuotaExtraction {
        /// `simple_json`, `max_from_array` or `headers`.
        mode: String,
        /// Path of the balance.
        balance_path: String,
        /// Path of the list.
        array_path: String,
        /// Field of the value.
        value_field: String,
        /// What the value is divided by.
        value_divide_by: f64,
        /// Field of the time of renewal.
        reset_field: String,
        /// Unit of that time.
        reset_unit: String,
        /// Field of the level.
        level_field: String,
        /// Header of what remains.
        remaining_header: String,
        /// Header of the whole.
        limit_header: String,
        /// Header of the time of renewal.
        reset_header: String,
    }
}

//! Calls one upstream provider, and knows whether it may be called now.
//!
//! Two planes meet in this crate. On the data plane each HTTP worker owns an [`Upstream`] per
//! provider: an awc client behind a connector of our own, which never leaves that worker's
//! thread. On the control plane each provider has one [`ProviderActor`], which hears the outcomes
//! of all workers, keeps a circuit breaker per model, and publishes the result as [`Gates`], a
//! snapshot that [`ProviderHandle::enter`] reads without a lock.
//!
//! This crate never parses a client's request (that is `wire`), never chooses between providers
//! (that is `router`), and never holds a provider key: the key goes from the locked pages of the
//! vault to the socket inside [`key_injection`], and nowhere else.
//!
//! # Actor card
//!
//! | row | here |
//! |---|---|
//! | owns | breakers per model, health, the back-off of the probe, the provider's list of models |
//! | never does | a client's request; that runs on the worker that accepted it |
//! | messages | [`Report`], [`ProbeNow`], [`Discover`], [`Drain`], [`AdoptSpec`] |
//! | mailbox beyond its bound | tells are refused and counted by the handle; gates stay as they were |
//! | work in flight | at most one probe, and one reading of the list |
//! | timeouts | the probe: those of the provider's own configuration, at most 15 s together; the list: 10 s, and as much for what Ollama shows of single models |
//! | survives a restart | the published gates; breakers are taken up again from them; the published list |
//! | observable state | [`ProviderState`] |
//!
//! # Read next
//! `client.rs` for the life of one call, `connector.rs` for what is under it, `breaker.rs` for
//! the rules, `actor.rs` for the shell around them.

#![forbid(unsafe_code)]

mod actor;
mod answer;
pub mod breaker;
mod catalogue;
mod chat_call;
mod chunk_count;
mod client;
mod config;
mod connector;
mod count_call;
pub mod credentials;
mod echo;
pub mod endpoints;
mod error;
mod extension;
mod facts;
pub mod fix_head;
mod forward;
mod gates;
mod handle;
mod handlers;
mod headers;
mod http_upstream;
pub mod key_injection;
mod messages;
mod outcome;
mod placeholder;
mod probe;
pub mod quirks;
pub mod realtime;
mod refresh;
mod relay;
mod reply;
mod reply_stream;
mod retry_after;
mod sites;
pub mod ssrf;
mod state;
mod ties;
mod tls;
mod transport;
mod upload;
mod upload_turn;
mod upstream_url;

pub use actor::{ProviderActor, ProviderParts};
pub use answer::{Answer, ReplyHeaders};
pub use breaker::BreakerConfig;
pub use catalogue::{
    Catalogue, Discovery, DiscoveryRules, LONGEST_LISTING, LONGEST_NAME, ListingError, MOST_BYTES,
    MOST_MODELS,
};
pub use client::{CompleteChat, KeySource, Upstream};
pub use config::{AuthStyle, DEFAULT_RETRYABLE, ProviderKind, ProviderSpec};
pub use credentials::Shared;
pub use endpoints::{
    Endpoint, ExtensionRoute, FormatRoute, Location, ModelFormat, ModelList, NotOffered,
    format_of_path,
};
pub use error::{ConnectFailure, ProviderError, ReplyLimit};
pub use extension::{CallEndpoint, EndpointBody};
pub use facts::{FactLayers, FactSource, ModelFacts, Price};
pub use forward::{Forward, RawStream};
pub use gates::{Gate, Gates, Pass, Shut, ShutCause};
pub use handle::ProviderHandle;
pub use headers::is_fixed_header;
pub use messages::{AdoptSpec, Discover, Drain, ProbeNow, Report};
pub use outcome::{Failure, Outcome, Verdict};
pub use quirks::{Adapted, Call, Quirk, Thinking};
pub use realtime::{OpenRealtime, Realtime, RealtimeFrame, RealtimeReader, RealtimeWriter};
pub use reply_stream::ReplyStream;
pub use state::ProviderState;
pub use ties::Ties;
pub use tls::{TlsError, tls_config};
pub use upstream_url::{UpstreamUrl, UrlError};

//! One worker's way to one provider.
//!
//! An [`Upstream`] is made per worker and provider and never leaves its thread. A call is served
//! from first byte to last on the thread that made it; only work on all of a large body at once is
//! done elsewhere, while the call waits. Dropping the future of a call, or the answer that it gave,
//! closes the upstream connection at once: there is no task in between that could outlive the
//! caller.

use std::{fmt, sync::Arc};

use http::header::{HeaderName, HeaderValue};
use redactor::Redacted;
use runtime::Aside;
use wire::{ChatRequest, Effort};

use crate::{
    answer::Answer,
    catalogue::{Catalogue, ListingError},
    config::{ProviderKind, ProviderSpec},
    echo::Echo,
    error::ProviderError,
    extension::CallEndpoint,
    forward::Forward,
    http_upstream::HttpUpstream,
    realtime::{OpenRealtime, Realtime},
    ties::Ties,
};

/// Leases provider keys; the sealed vault is one, tests have others.
pub trait KeySource: Send + Sync {
    /// Gives the key of this provider, if there is one. Called once per request, as its head goes
    /// out, so that a rotated key is used from the next request on, also on open connections.
    fn lease(&self, provider: &str) -> Option<vault::Lease>;
}

impl KeySource for vault::VaultHandle {
    fn lease(&self, provider: &str) -> Option<vault::Lease> {
        self.sealed().lease(provider)
    }
}

/// One chat completion to be sent.
#[derive(Debug, Clone, Copy)]
pub struct CompleteChat<'a> {
    /// The client's request after redaction; nothing else can be sent.
    pub prompt: &'a Redacted<ChatRequest>,
    /// Upstream model name.
    pub model: &'a str,
    /// Request id, passed on as `x-request-id`.
    pub request_id: &'a str,
    /// `traceparent` and the like; anything but trace headers is left out.
    pub trace: &'a [(HeaderName, HeaderValue)],
    /// Headers of the client's API (`anthropic-beta`, `idempotency-key`); which of them pass
    /// depends on what the provider speaks.
    pub api_headers: &'a [(HeaderName, HeaderValue)],
    /// Most tokens of the answer that the model takes, where known.
    pub max_output: Option<u64>,
    /// How hard the model shall think where the request does not say so.
    pub effort: Option<Effort>,
    /// Refuses what would be left out with a note.
    pub strict: bool,
    /// What ties it to requests before it.
    pub ties: &'a Ties,
}

/// One worker's client of one provider.
pub struct Upstream {
    spec: Arc<ProviderSpec>,
    kind: Kind,
}

enum Kind {
    Http(Box<HttpUpstream>),
    Echo(Echo),
}

impl Upstream {
    /// Makes the client; no connection is opened before the first call.
    ///
    /// Must be called on the thread that will use it, inside its runtime. Large bodies are worked
    /// on by `aside`, whose places all clients of a process should share.
    pub fn new(
        spec: Arc<ProviderSpec>,
        keys: Arc<dyn KeySource>,
        tls: Arc<rustls::ClientConfig>,
        aside: Aside,
    ) -> Self {
        let kind = match spec.kind {
            ProviderKind::Http => {
                let upstream = HttpUpstream::new(Arc::clone(&spec), keys, tls, aside);
                Kind::Http(Box::new(upstream))
            }
            ProviderKind::Echo => Kind::Echo(Echo::new(&spec)),
        };
        Self { spec, kind }
    }

    /// The provider's configuration.
    pub fn spec(&self) -> &Arc<ProviderSpec> {
        &self.spec
    }

    /// Sends one chat completion and waits for the whole reply, or for the first chunk of it.
    ///
    /// # Errors
    /// Any [`ProviderError`]; an error status is one, see [`ProviderError::Status`].
    ///
    /// # Cancellation
    /// Safe to drop at any await: the upstream connection is closed at once and not reused.
    ///
    /// # Security
    /// The key is not in any header that this function builds, see [`crate::key_injection`].
    pub async fn complete_chat(&self, call: CompleteChat<'_>) -> Result<Answer, ProviderError> {
        match &self.kind {
            Kind::Http(upstream) => upstream.complete_chat(call).await,
            Kind::Echo(echo) => echo.complete_chat(call).await,
        }
    }

    /// Forwards any request to the provider's host; the answer is passed whatever its status.
    ///
    /// # Errors
    /// As [`Upstream::complete_chat`], but an error status is an answer and not an error. The echo
    /// provider has nothing to forward to: [`ProviderError::NotConfigured`].
    ///
    /// # Cancellation
    /// As [`Upstream::complete_chat`].
    pub async fn forward(&self, call: Forward<'_>) -> Result<Answer, ProviderError> {
        match &self.kind {
            Kind::Http(upstream) => upstream.forward(call).await,
            Kind::Echo(_) => Err(ProviderError::NotConfigured),
        }
    }

    /// Calls an endpoint that is not a chat, with a whole body, a streamed one or none. The answer
    /// is passed as it comes; an error status is an error.
    ///
    /// # Errors
    /// As [`Upstream::complete_chat`]; [`ProviderError::BodyBroken`] if a streamed body ended with
    /// an error of its own, which its watch knows. The echo provider has no such endpoints:
    /// [`ProviderError::NotConfigured`].
    ///
    /// # Cancellation
    /// As [`Upstream::complete_chat`], in the middle of an upload too.
    pub async fn call_endpoint(&self, call: CallEndpoint<'_>) -> Result<Answer, ProviderError> {
        match &self.kind {
            Kind::Http(upstream) => upstream.call_endpoint(call).await,
            Kind::Echo(_) => Err(ProviderError::NotConfigured),
        }
    }

    /// Opens a session of OpenAI's Realtime API; done when the provider has agreed to it.
    ///
    /// # Errors
    /// As [`Upstream::call_endpoint`]; [`ProviderError::NotOffered`] if the provider's API has no
    /// sessions, as the echo provider has none.
    ///
    /// # Cancellation
    /// Safe: the connection is closed at once.
    pub async fn open_realtime(&self, call: OpenRealtime<'_>) -> Result<Realtime, ProviderError> {
        match &self.kind {
            Kind::Http(upstream) => upstream.open_realtime(call).await,
            Kind::Echo(_) => Err(ProviderError::NotOffered),
        }
    }

    /// Reads the provider's list of models.
    ///
    /// # Errors
    /// [`ListingError`]. The echo provider has no list: [`ProviderError::NotConfigured`].
    ///
    /// # Cancellation
    /// Safe: the connection is closed at once.
    pub async fn list_models(&self) -> Result<Catalogue, ListingError> {
        match &self.kind {
            Kind::Http(upstream) => upstream.list_models().await,
            Kind::Echo(_) => Err(ProviderError::NotConfigured.into()),
        }
    }

    /// Asks for the list of models, only to see whether somebody answers.
    ///
    /// Any status below 500 counts: a wrong key is for the breaker to find out.
    pub(crate) async fn probe(&self) -> bool {
        match &self.kind {
            Kind::Http(upstream) => upstream.probe().await,
            Kind::Echo(_) => true,
        }
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("provider", &self.spec.name)
            .finish_non_exhaustive()
    }
}

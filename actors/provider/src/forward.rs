//! Requests that are passed to a provider as they are, for `/proxy/{provider}/{path}`.
//!
//! Body and query went through the redactor; what the path means is between client and provider.
//! The path is joined to scheme and authority of the provider's URL and cannot change them.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::Stream;
use http::{
    Method,
    header::{HeaderName, HeaderValue},
};
use redactor::Redacted;

use crate::{error::ProviderError, relay::Relay};

/// One request to be forwarded.
#[derive(Clone, Copy)]
pub struct Forward<'a> {
    /// Any method.
    pub method: &'a Method,
    /// Path on the provider's host, beginning with `/`, percent-encoded as it came.
    pub path: &'a str,
    /// Query without `?`, after redaction.
    pub query: Option<&'a Redacted<String>>,
    /// The client's headers; only a few pass, see `headers.rs`.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// The body after redaction.
    pub body: &'a Redacted<Bytes>,
    /// Request id, passed on as `x-request-id`.
    pub request_id: &'a str,
    /// `traceparent` and the like.
    pub trace: &'a [(HeaderName, HeaderValue)],
}

impl Forward<'_> {
    pub(crate) fn path_and_query(&self) -> String {
        match self.query {
            Some(query) => format!("{}?{}", self.path, query.get()),
            None => self.path.to_owned(),
        }
    }
}

impl fmt::Debug for Forward<'_> {
    /// Without path, query, headers and body, which are the client's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward")
            .field("method", self.method)
            .finish_non_exhaustive()
    }
}

/// The body of a forwarded request's answer, as it comes.
///
/// Ends with `None` where the provider ended it, or with one error. Dropping it closes the
/// upstream connection at once.
pub struct RawStream {
    relay: Relay,
    length: Option<u64>,
}

impl RawStream {
    pub(crate) fn new(relay: Relay, length: Option<u64>) -> Self {
        Self { relay, length }
    }

    /// Length of the body, if the provider named it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Bytes received so far.
    pub fn bytes(&self) -> u64 {
        self.relay.received()
    }
}

impl Stream for RawStream {
    type Item = Result<Bytes, ProviderError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().relay.poll_chunk(cx)
    }
}

impl fmt::Debug for RawStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawStream")
            .field("length", &self.length)
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}

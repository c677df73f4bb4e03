//! Sessions of OpenAI's Realtime API: a WebSocket to a provider.
//!
//! Owns the opening of a session (`open.rs`, `handshake.rs`) and its two halves (`socket.rs`).
//! Never reads an event: what one says is for the edge, and what leaves has been through the
//! redactor, or it cannot be made a frame.
//!
//! awc has a WebSocket client, and it cannot be used here: of a refusal it keeps the status only,
//! and its connection goes on through the layers that look for heads of HTTP. So a session has a
//! connection of its own from the same connector, and those layers end with its head.
//!
//! # Source
//! OpenAI, "Realtime API with WebSocket", read 2026-11-22; RFC 6455.

mod handshake;
mod open;
mod socket;

use std::fmt;

use http::header::{HeaderName, HeaderValue};
use redactor::Redacted;

pub use socket::{Realtime, RealtimeFrame, RealtimeReader, RealtimeWriter};

/// The only subprotocol that there is; the browsers' others carry keys.
pub const SUBPROTOCOL: &str = "realtime";

/// A session to be opened.
#[derive(Clone, Copy)]
pub struct OpenRealtime<'a> {
    /// Model, as the configuration calls it; none where the session transcribes only.
    pub model: Option<&'a str>,
    /// What else stands in the query, without the model and without keys.
    pub query: Option<&'a Redacted<String>>,
    /// The client's headers; only a few pass, see `headers.rs`.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// Whether the client offered [`SUBPROTOCOL`].
    pub subprotocol: bool,
    /// Request id, passed on as `x-request-id`.
    pub request_id: &'a str,
    /// `traceparent` and the like.
    pub trace: &'a [(HeaderName, HeaderValue)],
}

impl fmt::Debug for OpenRealtime<'_> {
    /// Without query and headers, which are the client's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRealtime")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

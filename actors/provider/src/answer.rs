//! What a call gives back.

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use wire::Usage;

use crate::{forward::RawStream, reply_stream::ReplyStream};

/// Upstream headers that may be shown to the client, already filtered.
pub type ReplyHeaders = Vec<(HeaderName, HeaderValue)>;

/// A provider's answer. Dropping it closes the upstream connection, unless it was read to its end.
#[derive(Debug)]
pub enum Answer {
    /// A complete reply that is known to be one JSON object.
    Whole {
        /// 2xx.
        status: u16,
        /// Allow-listed headers.
        headers: ReplyHeaders,
        /// The reply in the client's format.
        body: Bytes,
        /// What the provider counted.
        usage: Option<Usage>,
        /// Fields of the request or the reply that had no place in the other's format.
        notes: Vec<String>,
        /// Id of the reply, if the provider may keep it (Responses).
        stored_id: Option<String>,
    },
    /// A stream of server-sent events, in the client's format, whose first chunk has arrived.
    Stream {
        /// The events.
        stream: ReplyStream,
        /// Fields of the request that had no place in the provider's format.
        notes: Vec<String>,
    },
    /// Whatever a forwarded request was answered with.
    Raw {
        /// Any status but 1xx and 3xx.
        status: u16,
        /// Allow-listed headers.
        headers: ReplyHeaders,
        /// The body as it comes.
        body: RawStream,
    },
}

impl Answer {
    /// The same with what the request could not say, before what the reply could not.
    pub(crate) fn noting(mut self, mut said: Vec<String>) -> Self {
        if let Self::Whole { notes, .. } | Self::Stream { notes, .. } = &mut self {
            said.append(notes);
            *notes = said;
        }
        self
    }
}

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
        /// The provider's bytes.
        body: Bytes,
        /// What the provider counted.
        usage: Option<Usage>,
    },
    /// A stream of server-sent events whose first chunk has arrived.
    Stream(ReplyStream),
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

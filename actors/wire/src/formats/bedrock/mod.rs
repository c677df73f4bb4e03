//! Amazon Bedrock's Converse API.
//!
//! # Source
//! Service model `bedrock-runtime` 2023-09-30 as `botocore` 1.44.5 has it (17 Nov 2026); Bedrock
//! user guide on error codes (read 22 Nov 2026). The cases are in `tests/golden/bedrock-converse`.
//!
//! Owns what is particular here: a block's type is its only key, cache marks are blocks of their
//! own, documents need a name, blobs are base64, and what only a model knows stands in
//! `additionalModelRequestFields`. Frames around the events are `aws_event_stream`'s.

mod citations;
mod failure;
#[cfg(test)]
mod foreign_tests;
mod read_parts;
mod read_reply;
mod read_request;
mod read_settings;
mod read_stream;
mod stops;
#[cfg(test)]
mod tests;
mod usage;
mod write_account;
mod write_media;
mod write_parts;
mod write_reply;
mod write_request;
mod write_settings;
mod write_stream;

use super::{Asked, Codec, Source, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
#[allow(
    unused_imports,
    reason = "the edge asks it once it answers clients of this API"
)]
pub(crate) use failure::error_type;

/// See the module.
pub(crate) struct Bedrock;

impl Codec for Bedrock {
    fn read_request<'a>(&self, source: &Source<'a>) -> Result<Request<'a>, FormatError> {
        read_request::read(source)
    }

    fn write_request(
        &self,
        request: &Request<'_>,
        target: &Target<'_>,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_request::write(request, target, notes)
    }

    fn read_reply<'a>(&self, body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>, FormatError> {
        read_reply::read(body, provider)
    }

    fn write_reply(
        &self,
        reply: &Reply<'_>,
        _: &Asked,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_reply::write(reply, notes)
    }

    fn stream_reader(&self, provider: &str) -> Box<dyn StreamReader> {
        Box::new(read_stream::Reader::new(provider))
    }

    fn stream_writer(&self, _: &Asked) -> Box<dyn StreamWriter> {
        Box::new(write_stream::Writer::default())
    }

    fn read_failure<'a>(&self, status: u16, body: &'a [u8]) -> Option<Failure<'a>> {
        failure::read(status, body)
    }

    fn write_failure(&self, failure: &Failure<'_>) -> (u16, Vec<u8>) {
        failure::write(failure)
    }
}

//! Anthropic's Messages API.
//!
//! # Source
//! `anthropic` 2.12.0 for Python, its types of requests, replies and events (20 Nov 2026); Claude
//! docs on streaming (7 Aug 2026), errors, thinking, and on the versions 2023-06-01 and 2026-10-21
//! (read 22 Nov 2026). The cases are in `tests/golden/anthropic`.
//!
//! Owns what is particular here: instructions stand outside of the messages, results of tools open
//! a user's turn, `max_tokens` is needed, and thinking carries signatures. What is written may
//! hold what only version 2023-06-01 takes; which version is named is decided where it is sent.

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

/// See the module.
pub(crate) struct Anthropic;

impl Codec for Anthropic {
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
        asked: &Asked,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_reply::write(reply, asked, notes)
    }

    fn stream_reader(&self, provider: &str) -> Box<dyn StreamReader> {
        Box::new(read_stream::Reader::new(provider))
    }

    fn stream_writer(&self, asked: &Asked) -> Box<dyn StreamWriter> {
        Box::new(write_stream::Writer::new(asked))
    }

    fn read_failure<'a>(&self, status: u16, body: &'a [u8]) -> Option<Failure<'a>> {
        failure::read(status, body)
    }

    fn write_failure(&self, failure: &Failure<'_>) -> (u16, Vec<u8>) {
        failure::write(failure)
    }
}

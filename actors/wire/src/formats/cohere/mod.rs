//! Cohere `POST /v2/chat`.
//!
//! Owns how a conversation looks there, whole and streamed, and Cohere's error bodies.
//!
//! # Documents
//! `cohere` 7.3.1 for Python (types), 4 Nov 2026; Cohere docs on chat, streaming, structured
//! outputs, reasoning and errors, read 22 Nov 2026.

mod documents;
mod failure;
mod read_message;
mod read_reply;
mod read_request;
mod read_stream;
mod side;
#[cfg(test)]
mod tests;
mod write_message;
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

/// See the module's text.
pub(crate) struct Cohere;

impl Codec for Cohere {
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

    fn read_reply<'a>(&self, body: Raw<'a>, _: &'a str) -> Result<Reply<'a>, FormatError> {
        read_reply::read(body)
    }

    fn write_reply(
        &self,
        reply: &Reply<'_>,
        asked: &Asked,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_reply::write(reply, asked, notes)
    }

    fn stream_reader(&self, _: &str) -> Box<dyn StreamReader> {
        Box::new(read_stream::Reader::default())
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

//! OpenAI's Responses API: `POST /v1/responses`.
//!
//! Owns how a request, a reply, a stream and an error look there. A conversation is a list of
//! items: what the model said, thought and called are items of their own, which become one turn
//! elsewhere. Read next: `read_items` and `write_items`.
//!
//! # Source
//! `openai` 3.54.0 for Python, `types/responses` and `_streaming.py` (17 November 2026);
//! openai/openai-openapi at f85dbe2 (21 August 2026).

mod block;
mod broken;
mod counts;
mod event;
mod failure;
mod fields;
mod ids;
mod media;
mod open_items;
mod read_citation;
mod read_items;
mod read_reply;
mod read_request;
mod read_stream;
mod read_tools;
#[cfg(test)]
mod tests;
pub(super) mod tiers;
mod write_block;
mod write_items;
mod write_parts;
mod write_reply;
mod write_request;
mod write_stream;
mod write_tools;

use super::{Asked, Codec, Shown, Source, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;

/// See the module's text.
pub(crate) struct OpenAiResponses;

impl Codec for OpenAiResponses {
    fn read_request<'a>(&self, source: &Source<'a>) -> Result<Request<'a>, FormatError> {
        read_request::read_request(source)
    }

    fn write_request(
        &self,
        request: &Request<'_>,
        target: &Target<'_>,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_request::write_request(request, target, notes)
    }

    fn read_reply<'a>(&self, body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>, FormatError> {
        read_reply::read_reply(body, provider)
    }

    fn write_reply(
        &self,
        reply: &Reply<'_>,
        asked: &Asked,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError> {
        write_reply::write_reply(reply, asked, notes)
    }

    fn stream_reader(&self, provider: &str) -> Box<dyn StreamReader> {
        Box::new(read_stream::Reader::new(provider))
    }

    fn stream_writer(&self, asked: &Asked) -> Box<dyn StreamWriter> {
        Box::new(write_stream::Writer::new(asked))
    }

    fn write_broken(&self, failure: &Failure<'_>, _: &Asked, shown: &Shown<'_>) -> Vec<u8> {
        broken::write(failure, shown)
    }

    fn read_failure<'a>(&self, status: u16, body: &'a [u8]) -> Option<Failure<'a>> {
        failure::read_failure(status, body)
    }

    fn write_failure(&self, failure: &Failure<'_>) -> (u16, Vec<u8>) {
        failure::write_failure(failure)
    }
}

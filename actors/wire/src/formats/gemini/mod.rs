//! Gemini `generateContent` and `streamGenerateContent`, on the Gemini API and on Vertex AI.
//!
//! Owns how a conversation looks there. Model and streaming stand in the path: not here.
//! Camel case is written; snake case is read too, since Google takes both.
//!
//! # Documents
//! `google-genai` 3.4.0 for Python (types and converters for both services), 16 Nov 2026;
//! Gemini API docs on thought signatures, thinking, function calling and troubleshooting, read
//! 22 Nov 2026; googleapis `aiplatform/v1/tool.proto` for `partialArgs`.

mod base64;
#[cfg(test)]
pub(super) mod check;
mod citations;
mod failure;
#[cfg(test)]
mod hostile_tests;
mod logprobs;
mod media;
mod partial_args;
mod plain_chunk;
mod read_choice;
mod read_parts;
mod read_reply;
mod read_request;
mod read_settings;
mod read_stream;
mod schema;
#[cfg(test)]
mod tests;
mod thinking;
mod usage;
mod widths;
mod words;
mod write_parts;
mod write_reply;
mod write_request;
mod write_settings;
mod write_stream;

pub use thinking::{gemini_budget, gemini_level};

use serde_json::value::RawValue;

use super::{Asked, Codec, Source, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;

/// See the module's text.
pub(crate) struct Gemini;

impl Codec for Gemini {
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

    fn json_schemas(&self, request: &Request<'_>) -> Result<Vec<Box<RawValue>>, FormatError> {
        schema::json_schemas(request)
    }

    fn replace_schemas<'a>(&self, request: &mut Request<'a>, schemas: &'a [Box<RawValue>]) {
        schema::replace(request, schemas);
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

//! The format `ollama`: Ollama's own chat API, spoken by local tools and by Ollama's cloud.
//!
//! Owns: `POST /api/chat` as request, reply and stream of lines, and its errors. The lists of
//! models (`/api/tags`, `/api/show`) are the edge's. There is one choice, calls come whole, and
//! nothing is signed: thinking is plain text, which goes back only where it came from.
//!
//! Called by: `convert`.
//!
//! # Source
//! ollama/ollama at fb30760 (21 Aug 2026): `api/types.go`, `docs/api.md`, `docs/capabilities`,
//! `docs/api/errors.mdx`. The cases are in `tests/golden/ollama`.

mod clock;
mod failure;
mod read_message;
mod read_reply;
mod read_request;
mod read_stream;
#[cfg(test)]
mod tests;
mod write_message;
mod write_reply;
mod write_request;
mod write_stream;

use super::{Asked, Codec, Source, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
use crate::format::ApiFormat;

const OWN: ApiFormat = ApiFormat::Ollama;

/// The value of the seal of thinking: there is nothing to check, only where it came from.
const SEAL: &str = "thinking";

/// What a step of reading or writing gives.
type Outcome<T = ()> = Result<T, FormatError>;

/// See the module's text.
pub(crate) struct Ollama;

impl Codec for Ollama {
    fn read_request<'a>(&self, source: &Source<'a>) -> Outcome<Request<'a>> {
        read_request::read(source)
    }

    fn write_request(
        &self,
        request: &Request<'_>,
        target: &Target<'_>,
        notes: &mut Notes,
    ) -> Outcome<Vec<u8>> {
        write_request::write(request, target, notes)
    }

    fn read_reply<'a>(&self, body: Raw<'a>, provider: &'a str) -> Outcome<Reply<'a>> {
        read_reply::read(body, provider)
    }

    fn write_reply(&self, reply: &Reply<'_>, asked: &Asked, notes: &mut Notes) -> Outcome<Vec<u8>> {
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

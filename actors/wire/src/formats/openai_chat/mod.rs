//! The format `openai-chat`: OpenAI Chat Completions, and the dialects that its imitators speak.
//!
//! Owns: `POST /v1/chat/completions` as request, reply and stream, its errors, and these additions
//! of others: `reasoning_content` (DeepSeek and most servers), `reasoning` and
//! `reasoning_details` (OpenRouter), `extra_content` (Gemini's compatible endpoint), content in
//! parts with `thinking` (Mistral), `images` (OpenRouter), `cache_control` on parts (OpenRouter),
//! the legacy `functions` and `function_call`. Never decides which dialect a provider takes:
//! thinking goes back in the dialect that its seal names, see [`thinking`].
//!
//! Called by: `convert`. Read next: [`thinking`].
//!
//! # Source
//! Types of `openai` 3.54.0 for Python (17 Nov 2026); documentation of DeepSeek, OpenRouter,
//! Gemini and Mistral, read 22 Nov 2026. The cases are in `tests/golden/openai-chat`.

mod chunk;
mod failure;
#[cfg(test)]
mod foreign_tests;
mod node;
mod read_message;
mod read_reply;
mod read_request;
mod read_stream;
mod read_tools;
mod stops;
mod stream_calls;
mod stream_state;
#[cfg(test)]
mod tests;
mod thinking;
mod usage;
mod write_deltas;
mod write_message;
mod write_parts;
mod write_reply;
mod write_request;
mod write_stream;
mod write_tools;

use super::{Asked, Codec, Source, StreamReader, StreamWriter, Target};
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
use crate::format::ApiFormat;

const OWN: ApiFormat = ApiFormat::OpenAiChat;

/// What a step of reading or writing gives.
type Outcome<T = ()> = Result<T, FormatError>;

/// See the module's text.
pub(crate) struct OpenAiChat;

impl Codec for OpenAiChat {
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

//! The formats: one reader and one writer for requests, replies, streams and errors each.
//!
//! Owns the traits that join a format to the canonical conversation. Each format is a folder that
//! knows nothing of the others. Called by `convert`.
//!
//! # What a reader promises
//! Every member of the document becomes a canonical value or an [`Extra`]
//! with its weight. Nothing is dropped: a test changes every leaf of every golden file and looks
//! whether the outcome changes.
//!
//! # What a writer promises
//! Every canonical value is written, or noted, or refused with its field's name. Extras of its own
//! format it writes back where they stood. It is a deterministic function of its input: the same
//! history gives the same bytes, so that prompt caches hit.

mod anthropic;
mod bedrock;
mod cohere;
mod gemini;
#[cfg(test)]
pub(crate) mod golden;
#[cfg(test)]
pub(crate) mod hostile;
mod ollama;
mod openai_chat;
mod openai_responses;
#[cfg(test)]
pub(crate) mod perturbed;
#[cfg(test)]
pub(crate) mod proof;

pub use gemini::{gemini_budget, gemini_level};

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::canonical::effort::Effort;
use crate::canonical::error::FormatError;
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::parts::{Extra, Weight};
use crate::canonical::raw::Raw;
use crate::canonical::reply::Reply;
use crate::canonical::request::Request;
use crate::canonical::step::Step;
use crate::convert::SealMemory;
use crate::format::ApiFormat;
use crate::sse::Event;

/// A client's request as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) body: Raw<'a>,
    /// From path or body, whichever the format uses.
    pub(crate) stream: bool,
}

/// Who a request is written for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The model's name at the provider.
    pub model: &'a str,
    /// The provider's name in the configuration; seals go back only to the one they came from.
    pub provider: &'a str,
    /// Most output tokens that the model takes, for formats where a limit must be given.
    pub max_output: Option<u64>,
    /// Whether the model takes sampling parameters other than the defaults.
    pub takes_sampling: bool,
    /// How the model is told to think, where that differs by model.
    pub thinking: ThinkingForm,
    /// Asks for the usage of a stream even if the client did not.
    pub wants_usage: bool,
    /// How hard the model shall think where a request of another format does not say so.
    pub effort: Option<Effort>,
    /// What was kept of earlier answers for a client whose format loses seals.
    pub seals: Option<&'a dyn SealMemory>,
}

/// How a model of Anthropic's (also on Bedrock) or of Gemini's is told to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThinkingForm {
    /// By effort or level; the model decides how long (Anthropic from 4.7 on, Gemini from 3 on).
    #[default]
    Effort,
    /// By a budget of tokens.
    Budget,
}

/// What a reply to the client depends on, beside the reply.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The model's name as the client gave it; written where the upstream names none.
    pub model: String,
    /// The provider that answers, for seals.
    pub provider: String,
    /// Whether the client asked for usage in the stream (`stream_options.include_usage`).
    pub include_usage: bool,
    /// Unix seconds, for formats that show a time which the upstream did not give.
    pub now: u64,
    /// Id of the request, for formats that show an id which the upstream did not give.
    pub request_id: String,
    /// Keeps what the client's format has no field for.
    pub seals: Option<Arc<dyn SealMemory>>,
}

/// What a client has of a stream that breaks off, as far as its end depends on it. Only Responses
/// counts its events and tells the response again in its last one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Events among which is the first one.
    pub opening: &'a [u8],
    /// Events among which is the last one.
    pub latest: &'a [u8],
}

/// A format.
pub(crate) trait Codec: Sync {
    /// # Errors
    /// A field of another type than the format says, or one that is missing.
    fn read_request<'a>(&self, source: &Source<'a>) -> Result<Request<'a>, FormatError>;

    /// The whole body.
    ///
    /// # Errors
    /// Something that the format cannot hold and that may not be left out.
    fn write_request(
        &self,
        request: &Request<'_>,
        target: &Target<'_>,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError>;

    /// The schemas of a request of this format that are in a dialect of its own, as JSON schemas:
    /// what other formats need, while its own writer keeps the dialect.
    ///
    /// # Errors
    /// A schema that is none in the dialect.
    fn json_schemas(&self, _: &Request<'_>) -> Result<Vec<Box<RawValue>>, FormatError> {
        Ok(Vec::new())
    }

    /// Puts what [`Codec::json_schemas`] gave in the place of what it was made from.
    fn replace_schemas<'a>(&self, _: &mut Request<'a>, _: &'a [Box<RawValue>]) {}

    /// `provider` is who answered, for seals.
    ///
    /// # Errors
    /// A reply that is not of this format.
    fn read_reply<'a>(&self, body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>, FormatError>;

    /// # Errors
    /// Only where the operator is strict.
    fn write_reply(
        &self,
        reply: &Reply<'_>,
        asked: &Asked,
        notes: &mut Notes,
    ) -> Result<Vec<u8>, FormatError>;

    /// For one stream of `provider`.
    fn stream_reader(&self, provider: &str) -> Box<dyn StreamReader>;

    /// For one stream to a client.
    fn stream_writer(&self, asked: &Asked) -> Box<dyn StreamWriter>;

    /// What ends a stream that broke off, between two events. Nothing if it is at its end.
    fn write_broken(&self, failure: &Failure<'_>, asked: &Asked, _: &Shown<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        let step = Step::Fail(failure.clone());
        let written = self.stream_writer(asked).step(&step, &mut out);
        written.map_or_else(|_| Vec::new(), |()| out)
    }

    /// An error body; `None` if it is not one of this format.
    fn read_failure<'a>(&self, status: u16, body: &'a [u8]) -> Option<Failure<'a>>;

    /// Status and body of an error.
    fn write_failure(&self, failure: &Failure<'_>) -> (u16, Vec<u8>);
}

/// Takes the steps of one event, in order.
pub(crate) type Steps<'s> = dyn FnMut(Step<'_>) -> Result<(), FormatError> + 's;

/// Tells of fields that only the stream's own format knows.
///
/// # Errors
/// What `steps` returns.
pub(crate) fn told_extras(extras: &[Extra<'_>], steps: &mut Steps<'_>) -> Result<(), FormatError> {
    let mut heavy = extras
        .iter()
        .filter(|extra| extra.weight != Weight::Nothing);
    heavy.try_for_each(|extra| {
        let field = extra.field.clone().into_owned().into();
        steps(Step::Unknown { field })
    })
}

/// Turns the events of one stream into steps.
///
/// All formats come as server-sent events here: lines of Ollama are the data of one event each,
/// frames of Bedrock are events with the frame's `:event-type` (or `:exception-type`) as name.
pub(crate) trait StreamReader {
    /// # Errors
    /// Data that are not of this format; what `steps` returns.
    fn event(&mut self, event: &Event<'_>, steps: &mut Steps<'_>) -> Result<(), FormatError>;

    /// The upstream closed its stream. Gives what is still due; a stream that never came to its
    /// final event gives [`Step::Fail`].
    ///
    /// # Errors
    /// What `steps` returns.
    fn end(&mut self, steps: &mut Steps<'_>) -> Result<(), FormatError>;
}

/// Turns steps into events of one stream, written as server-sent events with `event:` and `data:`
/// lines (for Ollama: one event per line; for Bedrock: name and payload), each ended by a blank
/// line.
pub(crate) trait StreamWriter {
    /// # Errors
    /// Only where the operator is strict.
    fn step(&mut self, step: &Step<'_>, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// Whether at most one block per choice may be open at a time.
    fn one_block_at_a_time(&self) -> bool {
        false
    }

    /// Whether at most one call per choice may be open at a time; other blocks may stand beside it.
    fn one_call_at_a_time(&self) -> bool {
        false
    }

    /// Whether a call's input must come in one piece.
    fn whole_inputs(&self) -> bool {
        false
    }
}

/// Whether Responses has a word for this tier.
pub(crate) fn has_tier(word: &str) -> bool {
    openai_responses::tiers::tier_word(word).is_some()
}

/// The codec of a format.
pub(crate) fn codec(format: ApiFormat) -> &'static dyn Codec {
    match format {
        ApiFormat::OpenAiChat => &openai_chat::OpenAiChat,
        ApiFormat::OpenAiResponses => &openai_responses::OpenAiResponses,
        ApiFormat::Anthropic => &anthropic::Anthropic,
        ApiFormat::Gemini => &gemini::Gemini,
        ApiFormat::Cohere => &cohere::Cohere,
        ApiFormat::Bedrock => &bedrock::Bedrock,
        ApiFormat::Ollama => &ollama::Ollama,
    }
}

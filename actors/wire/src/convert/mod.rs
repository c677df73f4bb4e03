//! From any format to any other, through the canonical conversation.
//!
//! Owns: what is the same for all pairs: ids of calls, names of results, what becomes of fields
//! that only one format knows, the order of stream steps. Never knows a format: that is
//! `formats`. Never used where client and upstream speak the same format: then bytes pass, unless
//! they carry something that belongs elsewhere ([`carries_foreign_seals`]).
//!
//! Called by: the providers (requests out, replies in) and the edge (errors). Read next: `stream`.

mod calls;
mod held;
mod kept;
#[cfg(test)]
mod pair_tests;
#[cfg(test)]
mod request_tests;
mod sequence;
mod stream;
mod stream_notes;
#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tests;
mod text_meter;
mod unheld;
mod watch;

use bytes::Bytes;
use memchr::memmem;

use crate::canonical::error::{FormatCause, FormatError};
use crate::canonical::failure::Failure;
use crate::canonical::notes::Notes;
use crate::canonical::raw;
use crate::canonical::reply::Counts;
use crate::canonical::request::Request;
use crate::chat_request::ChatRequest;
use crate::format::ApiFormat;
use crate::formats::{Asked, Shown, Source, Target, codec};
use crate::usage::Usage;
pub use kept::{BlockDigest, SealMemory, loses_seals};
pub use stream::{Progress, ReplyTranslator, TranslateError};

/// A document in the other format.
#[derive(Debug)]
pub struct Converted {
    /// The whole document.
    pub body: Bytes,
    /// Fields that the other format has no place for and that cannot change what the answer means.
    pub notes: Vec<String>,
}

/// Why a request cannot be said in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconvertible {
    /// The place in the client's request, as in `messages[2].content[0]`.
    pub path: String,
    /// The field's name in the documents of the client's format; may be empty.
    pub field: String,
    /// The rule.
    pub cause: FormatCause,
}

impl Unconvertible {
    /// A field of the client's that the provider does not take of its own format.
    pub fn not_taken(field: impl Into<String>) -> Self {
        Self::at_the_top(field.into(), FormatCause::NotTaken)
    }

    /// A field of the client's that a count of tokens takes no notice of.
    pub(crate) fn not_counted(field: impl Into<String>) -> Self {
        Self::at_the_top(field.into(), FormatCause::NotCounted)
    }

    fn at_the_top(field: String, cause: FormatCause) -> Self {
        Self {
            path: field.clone(),
            field,
            cause,
        }
    }
}

impl std::fmt::Display for Unconvertible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.cause {
            FormatCause::NotJson => f.write_str("the body is not json"),
            FormatCause::Expected(what) => write!(f, "`{}` must be {what}", self.path),
            FormatCause::Missing => write!(f, "`{}` is missing", self.path),
            FormatCause::Twin => write!(
                f,
                "`{}` and `{}` are two spellings of one field; only one may be given",
                self.path, self.field
            ),
            FormatCause::CannotHold(_)
            | FormatCause::MustBeSaid(_)
            | FormatCause::NotTaken
            | FormatCause::NotCounted => {
                let field = if self.field.is_empty() {
                    &self.path
                } else {
                    &self.field
                };
                write!(f, "`{field}` {}", self.cause.of_a_field())
            }
            FormatCause::TooMuchHeld => f.write_str("too much had to be held back"),
            FormatCause::NoAnswer => f.write_str("there is no answer"),
        }
    }
}

impl std::error::Error for Unconvertible {}

/// Whether a request carries what another provider sealed, so that it must be read and written
/// even for an upstream of its own format, which would refuse it.
pub fn carries_foreign_seals(request: &ChatRequest) -> bool {
    // Gemini's field holds bytes: there it is base64.
    let marks: [&[u8]; 2] = [b"nenya1.", b"bmVueWExL"];
    let mut marks = marks.iter();
    marks.any(|mark| memmem::find(request.body(), mark).is_some()) && has_foreign_seal(request)
}

/// The same letters may stand in any text. What cannot be read is not ours to change.
fn has_foreign_seal(request: &ChatRequest) -> bool {
    let Ok(body) = raw::document(request.body()) else {
        return false;
    };
    let source = Source {
        body,
        stream: request.stream(),
    };
    let Ok(read) = codec(request.format()).read_request(&source) else {
        return false;
    };
    let mut parts = read.turns.iter().flat_map(|turn| &turn.parts);
    // Only what came out of a wrapping names a provider.
    parts.any(|part| unheld::seal_of(part).is_some_and(|seal| seal.provider.is_some()))
}

/// The request in the format `to`. With `strict`, what would be noted is refused.
///
/// # Errors
/// [`Unconvertible`], with the place in the client's request.
pub fn convert_request(
    request: &ChatRequest,
    to: ApiFormat,
    target: &Target<'_>,
    strict: bool,
) -> Result<Converted, Unconvertible> {
    let body = request.body();
    let mut notes = Notes::new(to, strict);
    let written = write_request(request, to, target, &mut notes);
    let written = written.map_err(|error| unconvertible(&error, body))?;
    Ok(Converted {
        body: written.into(),
        notes: notes.into_fields(),
    })
}

fn write_request(
    request: &ChatRequest,
    to: ApiFormat,
    target: &Target<'_>,
    notes: &mut Notes,
) -> Result<Vec<u8>, FormatError> {
    let source = Source {
        body: raw::document(request.body())?,
        stream: request.stream(),
    };
    let from = codec(request.format());
    let mut read = from.read_request(&source)?;
    read.stream = request.stream();
    let silent = request.format() != to && !says_how_to_think(&read);
    if let Some(effort) = target.effort.filter(|_| silent) {
        read.thinking.effort = Some(effort);
    }
    if let Some(memory) = memory_for(target.seals, request.format(), to) {
        kept::restore(&mut read, to, target.provider, memory);
    }
    calls::complete(&mut read);
    if request.format() == to {
        return codec(to).write_request(&read, target, notes);
    }
    let schemas = from.json_schemas(&read)?;
    let mut canonical = read;
    from.replace_schemas(&mut canonical, &schemas);
    let written = codec(to).write_request(&canonical, target, notes)?;
    unheld::of_request(&canonical, to, target, notes)?;
    let mut outcome = Ok(());
    canonical.each_extra(&mut |extra| {
        if outcome.is_ok() {
            outcome = notes.extra(extra);
        }
    });
    outcome.map(|()| written)
}

/// Whether a request says itself how hard to think, so that nobody else needs to.
pub fn chooses_effort(request: &ChatRequest) -> bool {
    let Ok(body) = raw::document(request.body()) else {
        return false;
    };
    let stream = request.stream();
    let read = codec(request.format()).read_request(&Source { body, stream });
    read.is_ok_and(|read| says_how_to_think(&read))
}

fn says_how_to_think(request: &Request<'_>) -> bool {
    let thinking = &request.thinking;
    // Dialects of one format have words of their own.
    let mut extras = request.extras.iter();
    thinking.mode.is_some()
        || thinking.effort.is_some()
        || thinking.budget.is_some()
        || extras.any(|extra| {
            extra.field.starts_with("thinking") || extra.field.starts_with("reasoning")
        })
}

/// What is kept for clients of a format that loses seals, where it is needed.
fn memory_for(
    seals: Option<&dyn SealMemory>,
    client: ApiFormat,
    upstream: ApiFormat,
) -> Option<&dyn SealMemory> {
    seals.filter(|_| client != upstream && loses_seals(client))
}

fn unconvertible(error: &FormatError, body: &[u8]) -> Unconvertible {
    Unconvertible {
        path: error.path_in(body),
        field: error.field().to_owned(),
        cause: error.cause(),
    }
}

/// A whole reply in the format `to`, and what it cost.
///
/// # Errors
/// A reply that is not of the format `from`, or that ends since the provider failed.
pub fn convert_reply(
    body: &[u8],
    from: ApiFormat,
    to: ApiFormat,
    asked: &Asked,
) -> Result<(Converted, Option<Usage>), FormatError> {
    let mut reply = codec(from).read_reply(raw::document(body)?, &asked.provider)?;
    if reply.choices.iter().any(|one| one.stop.reason.is_failure()) {
        return Err(FormatError::no_answer());
    }
    unheld::refuse_reply(&reply, to)?;
    calls::complete_reply(&mut reply, &asked.request_id);
    let memory = memory_for(asked.seals.as_deref(), to, from);
    if let Some(memory) = memory {
        kept::of_reply(&reply, memory);
    }
    let mut notes = Notes::new(to, false);
    let written = codec(to).write_reply(&reply, asked, &mut notes)?;
    for extra in reply
        .extras
        .iter()
        .chain(reply.choices.iter().flat_map(|choice| &choice.extras))
    {
        notes.leave_out(extra);
    }
    for part in reply.choices.iter().flat_map(|choice| &choice.parts) {
        crate::canonical::request::each_extra_of(part, &mut |extra| notes.leave_out(extra));
    }
    if from != to {
        unheld::of_reply(&reply, to, &mut notes);
    }
    if memory.is_some() {
        notes.take_back(&["signature", "redacted_thinking"]);
    }
    let usage = reply.usage.as_ref().map(Usage::of_counts);
    Ok((
        Converted {
            body: written.into(),
            notes: notes.into_fields(),
        },
        usage,
    ))
}

/// What a whole reply in this format cost; `None` if it does not say.
pub fn usage_of_reply(body: &[u8], format: ApiFormat) -> Option<Usage> {
    if format == ApiFormat::OpenAiChat {
        return Usage::from_reply(body);
    }
    let reply = codec(format)
        .read_reply(raw::document(body).ok()?, "")
        .ok()?;
    reply.usage.as_ref().map(Usage::of_counts)
}

/// An error body of a provider; `None` if it is not one of this format.
pub fn read_failure(body: &[u8], format: ApiFormat, status: u16) -> Option<Failure<'_>> {
    codec(format).read_failure(status, body)
}

/// Status and body of an error in a client's format.
pub fn write_failure(failure: &Failure<'_>, format: ApiFormat) -> (u16, Bytes) {
    let (status, body) = codec(format).write_failure(failure);
    (status, body.into())
}

/// What ends a stream of this format with an error, to be written between two events: behind what
/// the client was shown.
pub fn write_stream_failure(
    failure: &Failure<'_>,
    format: ApiFormat,
    asked: &Asked,
    shown: &Shown<'_>,
) -> Bytes {
    codec(format).write_broken(failure, asked, shown).into()
}

/// What shows a client of this format that the connection lives.
pub fn keep_alive(format: ApiFormat, asked: &Asked) -> Bytes {
    let mut out = Vec::new();
    let step = crate::canonical::step::Step::Alive;
    let written = codec(format).stream_writer(asked).step(&step, &mut out);
    written.map_or_else(|_| Bytes::new(), |()| out.into())
}

impl Usage {
    /// What counts by kind add up to.
    pub fn of_counts(counts: &Counts) -> Self {
        let (prompt_tokens, completion_tokens) =
            (counts.input().unwrap_or(0), counts.output().unwrap_or(0));
        Self {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens.saturating_add(completion_tokens),
            cached_tokens: counts.cache_read.unwrap_or(0),
            reasoning_tokens: counts.output_reasoning.unwrap_or(0),
        }
    }
}

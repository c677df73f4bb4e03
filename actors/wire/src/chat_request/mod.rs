//! A request for a chat completion in any format, parsed once.
//!
//! Owns: the client's bytes, what the gateway needs to know of them, and where the texts stand.
//! Never does: build a tree, reorder, respell. What is not understood is passed on unchanged.
//!
//! Every later step (rights, limits, redaction, routing, the provider) works on this one value, so
//! no two of them can read the same body differently.

mod listener;
mod shape;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::WireError;
use crate::escape::json_string;
use crate::format::ApiFormat;
use crate::scanner::{JsonLimits, scan};
use crate::texts::{Edit, TextSpan, chosen_edits, collect_edits, decoded, key_of, splice};
use crate::walk;
use listener::ChatListener;
use shape::Shape;

/// Bytes of English text per token, roughly; what `estimated_tokens` divides by.
const BYTES_PER_TOKEN: u64 = 4;

/// A request for a chat completion: the client's bytes and an index into them.
#[derive(Clone)]
pub struct ChatRequest {
    format: ApiFormat,
    counts_only: bool,
    body: Bytes,
    head: Head,
    texts: Vec<TextSpan>,
    text_bytes: u64,
}

/// What the gateway reads of the top level.
#[derive(Debug, Clone, Default)]
struct Head {
    model: String,
    /// The model's string, quotes included; empty if the path named it.
    model_at: Range<usize>,
    stream: bool,
    wants_usage: bool,
    has_stream_options: bool,
    max_tokens: Option<u64>,
    max_completion_tokens: Option<u64>,
    previous_response: Option<String>,
    conversation: Option<String>,
}

impl ChatRequest {
    /// Reads a body, strictly.
    ///
    /// # Errors
    /// What [`scan`] refuses; [`WireError::NotAnObject`]; [`WireError::LookalikeKey`] for a
    /// top-level key such as `Model`; [`WireError::MissingField`] without `model` or `messages`;
    /// [`WireError::WrongType`] for a known field of another type.
    ///
    /// # Security
    /// Duplicate keys are refused at every level, however they are escaped. Linear in time, no
    /// recursion.
    pub fn parse(body: Bytes, limits: &JsonLimits) -> Result<Self, WireError> {
        Self::parse_as(ApiFormat::OpenAiChat, body, limits)
    }

    /// Reads a body of another format, as strictly; for Gemini and Bedrock see also
    /// [`ChatRequest::addressed`].
    ///
    /// # Errors
    /// As [`ChatRequest::parse`], with the names that the format has for these fields.
    pub fn parse_as(
        format: ApiFormat,
        body: Bytes,
        limits: &JsonLimits,
    ) -> Result<Self, WireError> {
        let mut listener = ChatListener::new(Shape::of(format));
        scan(&body, limits, &mut listener)?;
        let (head, texts) = listener.finish()?;
        Ok(Self {
            format,
            counts_only: false,
            body,
            head,
            texts: texts.spans,
            text_bytes: texts.bytes,
        })
    }

    /// The same with what the path says, for formats whose bodies do not: the model, and whether a
    /// stream is wanted.
    ///
    /// # Errors
    /// [`WireError::WrongType`] if the name is none that a model can have.
    pub fn addressed(mut self, model: &str, stream: bool) -> Result<Self, WireError> {
        self.head.model = listener::checked_model(model)?.to_owned();
        self.head.stream = stream;
        Ok(self)
    }

    /// The same, not to be answered: only its tokens are to be counted.
    #[must_use]
    pub fn counted_only(mut self) -> Self {
        self.counts_only = true;
        self
    }

    /// Whether only its tokens are to be counted.
    pub fn counts_only(&self) -> bool {
        self.counts_only
    }

    /// The format that it is in.
    pub fn format(&self) -> ApiFormat {
        self.format
    }

    /// The model or agent that the client asked for.
    pub fn model(&self) -> &str {
        &self.head.model
    }

    /// Whether the client wants an event stream.
    pub fn stream(&self) -> bool {
        self.head.stream
    }

    /// Whether the client asked for a usage chunk (`stream_options.include_usage`).
    pub fn wants_usage(&self) -> bool {
        self.head.wants_usage
    }

    /// Whether the client says anything about what comes with a stream.
    pub fn has_stream_options(&self) -> bool {
        self.head.has_stream_options
    }

    /// The id of the stored response that it goes on from (Responses); only the provider that made
    /// it knows it.
    pub fn previous_response(&self) -> Option<&str> {
        self.head.previous_response.as_deref()
    }

    /// The id of the stored conversation that it is part of (Responses).
    pub fn conversation(&self) -> Option<&str> {
        self.head.conversation.as_deref()
    }

    /// The exact bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Where the texts stand, in order.
    pub fn texts(&self) -> &[TextSpan] {
        &self.texts
    }

    /// A text, decoded; empty if there is none of this number.
    pub fn text(&self, number: usize) -> Cow<'_, str> {
        let span = self.texts.get(number);
        span.map_or(Cow::Borrowed(""), |span| decoded(&self.body, span))
    }

    /// The key that a text is the value of, or the first in a list of values of, decoded; `None` if
    /// there is none.
    pub fn key(&self, number: usize) -> Option<Cow<'_, str>> {
        key_of(&self.body, self.texts.get(number)?)
    }

    /// The place of a text, as in `messages[2].content[0].text`.
    ///
    /// Found by walking through the body, so this is for findings and not for every text.
    pub fn place(&self, number: usize) -> String {
        let span = self.texts.get(number);
        span.map_or_else(String::new, |span| walk::place_of(&self.body, span.start))
    }

    /// The request with some texts replaced (decoded, by number); all other bytes are the same.
    #[must_use]
    pub fn with_texts<S: AsRef<str>>(&self, replacements: &[(usize, S)]) -> Self {
        let edits = chosen_edits(&self.body, &self.texts, replacements);
        if edits.is_empty() {
            return self.clone();
        }
        self.edited(&edits)
    }

    /// Length of all texts together.
    ///
    /// # Units
    /// Bytes of decoded UTF-8.
    pub fn text_bytes(&self) -> u64 {
        self.text_bytes
    }

    /// The body with another model name: the same bytes if it is equal, else one splice.
    pub fn with_model(&self, model: &str) -> Bytes {
        let at = &self.head.model_at;
        if model == self.head.model || at.is_empty() {
            return self.body.clone();
        }
        let before = self.body.get(..at.start).unwrap_or_default();
        let after = self.body.get(at.end..).unwrap_or_default();
        Bytes::from([before, json_string(model).as_bytes(), after].concat())
    }

    /// A rough count of prompt tokens: text bytes by four, rounded up, at least 1.
    pub fn estimated_tokens(&self) -> u64 {
        self.text_bytes.div_ceil(BYTES_PER_TOKEN).max(1)
    }

    /// The most tokens that the client wants back: `max_completion_tokens`, else `max_tokens`.
    pub fn max_tokens(&self) -> Option<u64> {
        self.head.max_completion_tokens.or(self.head.max_tokens)
    }

    /// Visits every string that a model or a person reads, decoded, and replaces those for which
    /// the visitor gives a replacement. `Ok(None)` if nothing changed.
    ///
    /// Keys, identifiers, roles, types, numbers and media are not visited. Untouched strings keep
    /// their bytes.
    ///
    /// # Errors
    /// What the visitor returned; nothing is changed then.
    pub fn rewrite_texts<E>(
        &self,
        visit: &mut dyn FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Option<Self>, E> {
        let edits = collect_edits(&self.body, &self.texts, visit)?;
        if edits.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.edited(&edits)))
    }

    /// The same request with edits in place. All offsets move along, so nothing is parsed again.
    fn edited(&self, edits: &[Edit]) -> Self {
        let mut edited = Self {
            body: splice(&self.body, edits),
            ..self.clone()
        };
        let mut waiting = edits.iter().peekable();
        let (mut removed, mut added) = (0, 0);
        for (number, span) in edited.texts.iter_mut().enumerate() {
            span.start = span.start + added - removed;
            if let Some(edit) = waiting.next_if(|edit| edit.number == number) {
                removed += edit.at.end - edit.at.start;
                added += edit.spelling.len();
                span.escaped = edit.spelling.contains(&b'\\');
                edited.text_bytes += edit.lengths.1 as u64;
                edited.text_bytes -= edit.lengths.0 as u64;
            }
            span.end = span.end + added - removed;
        }
        edited.head.model_at = moved(&self.head.model_at, edits);
        edited
    }

    /// What the last message of the user says; empty if there is none. For Chat Completions only.
    pub fn last_user_text(&self) -> String {
        last_user_text(&self.body)
    }
}

/// What the last message of the user says in a Chat Completions body, for the echo provider; empty
/// if there is none.
pub fn last_user_text(body: &[u8]) -> String {
    let Ok(request) = serde_json::from_slice::<Conversation<'_>>(body) else {
        return String::new();
    };
    let last = request
        .messages
        .iter()
        .rev()
        .find(|message| message.role.as_deref() == Some("user"));
    last.and_then(|message| message.content)
        .map(content_text)
        .unwrap_or_default()
}

impl fmt::Debug for ChatRequest {
    /// Prompts are not for logs: only what is safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatRequest")
            .field("bytes", &self.body.len())
            .field("texts", &self.texts.len())
            .field("stream", &self.head.stream)
            .finish_non_exhaustive()
    }
}

/// Where a range ends up that no edit touches.
fn moved(range: &Range<usize>, edits: &[Edit]) -> Range<usize> {
    let before = edits.iter().take_while(|edit| edit.at.end <= range.start);
    let (removed, added) = before.fold((0, 0), |(removed, added), edit| {
        (
            removed + edit.at.end - edit.at.start,
            added + edit.spelling.len(),
        )
    });
    range.start + added - removed..range.end + added - removed
}

#[derive(Deserialize)]
struct Conversation<'a> {
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default)]
    role: Option<String>,
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: Option<String>,
}

/// A content string, or the text parts of a content array, joined.
fn content_text(content: &RawValue) -> String {
    if let Ok(text) = serde_json::from_str::<String>(content.get()) {
        return text;
    }
    let parts = serde_json::from_str::<Vec<Part>>(content.get()).unwrap_or_default();
    parts
        .into_iter()
        .filter_map(|part| part.text)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests;

//! Reads the head of a chat request while it is scanned, and collects its texts.

use super::Head;
use super::shape::Shape;
use crate::error::WireError;
use crate::scanner::{Listener, Text, Value};
use crate::texts::{self, TextCollector};
use crate::zones::Zone;

/// Names of models end in logs and tables; the longest known ones have some 100 bytes.
const LONGEST_MODEL: usize = 256;
const MODEL_FORM: &str = "a name of 1 to 256 bytes without control characters";

/// Which field of the head a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Document,
    Model,
    Messages,
    Stream,
    StreamOptions,
    IncludeUsage,
    MaxTokens,
    MaxCompletionTokens,
    Previous,
    Conversation,
    ConversationId,
    /// Not of the head, or deeper.
    Other,
}

/// What a place is to the head, and what it is to the texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    field: Field,
    text: texts::Place,
}

pub(super) struct ChatListener {
    shape: &'static Shape,
    head: Head,
    has_model: bool,
    has_messages: bool,
    texts: TextCollector,
}

impl ChatListener {
    pub(super) fn new(shape: &'static Shape) -> Self {
        let mut texts = TextCollector::default();
        texts.spans.reserve(16);
        let head = Head {
            stream: shape.streams_by_default,
            ..Head::default()
        };
        Self {
            shape,
            head,
            has_model: false,
            has_messages: false,
            texts,
        }
    }

    pub(super) fn finish(self) -> Result<(Head, TextCollector), WireError> {
        if !self.has_model && self.shape.model_in_body {
            return Err(WireError::MissingField { field: "model" });
        }
        if let Some(field) = self.shape.needs.filter(|_| !self.has_messages) {
            return Err(WireError::MissingField { field });
        }
        Ok((self.head, self.texts))
    }

    /// For keys with escapes, which nobody writes.
    #[cold]
    fn spelt_place(&mut self, object: Place, key: &Text<'_>) -> Result<Place, WireError> {
        self.place(object, key, key.decoded().as_bytes())
    }

    #[inline(always)]
    fn place(&mut self, object: Place, key: &Text<'_>, name: &[u8]) -> Result<Place, WireError> {
        let field = match object.field {
            Field::Other | Field::Messages => Field::Other,
            Field::Document => self.shape.field(name)?,
            Field::StreamOptions if name == b"include_usage" => Field::IncludeUsage,
            Field::Conversation if name == b"id" => Field::ConversationId,
            _ => Field::Other,
        };
        Ok(Place {
            field,
            text: self.texts.place(object.text, key, name),
        })
    }

    /// Takes a value of the head; if it is one that has texts, too, says what place that is.
    fn of_head(
        &mut self,
        field: Field,
        text: texts::Place,
        value: &Value<'_>,
    ) -> Result<Option<texts::Place>, WireError> {
        match (field, value) {
            (Field::Previous | Field::Conversation | Field::ConversationId, value) => {
                self.goes_on_from(field, value);
                Ok(Some(text))
            }
            // Elements of `messages` have its place; an array there is one of them, wrongly.
            (Field::Messages, _) if self.has_messages => Ok(Some(texts::Place::of(Zone::Open))),
            (Field::Messages, Value::Text(_)) if self.shape.turns_may_be_text => {
                self.has_messages = true;
                Ok(Some(text))
            }
            (field, value) => self.head_value(field, *value).map(|()| None),
        }
    }

    fn head_value(&mut self, field: Field, value: Value<'_>) -> Result<(), WireError> {
        match (field, value) {
            (Field::Document, Value::Object) => Ok(()),
            (Field::Document, _) => Err(WireError::NotAnObject),
            (Field::Model, Value::Text(text)) => self.model(&text),
            (Field::Model, _) => Err(wrong("model", "a string")),
            (Field::Messages, Value::Array) => {
                self.has_messages = true;
                Ok(())
            }
            (Field::Messages, _) => Err(wrong(self.shape.turns, "an array")),
            (Field::StreamOptions, Value::Object | Value::Null) => {
                self.head.has_stream_options = true;
                Ok(())
            }
            (Field::StreamOptions, _) => Err(wrong("stream_options", "an object")),
            (Field::Stream, value) => set_flag(&mut self.head.stream, "stream", value),
            (Field::IncludeUsage, value) => set_flag(
                &mut self.head.wants_usage,
                "stream_options.include_usage",
                value,
            ),
            (Field::MaxTokens, value) => set_count(&mut self.head.max_tokens, "max_tokens", value),
            (Field::MaxCompletionTokens, value) => set_count(
                &mut self.head.max_completion_tokens,
                "max_completion_tokens",
                value,
            ),
            // What is no id is for the provider to refuse.
            (Field::Previous | Field::Conversation | Field::ConversationId | Field::Other, _) => {
                Ok(())
            }
        }
    }

    /// Notes the id of what is stored at a provider.
    fn goes_on_from(&mut self, field: Field, value: &Value<'_>) {
        let Value::Text(id) = value else { return };
        let id = Some(id.decoded().into_owned());
        match field {
            Field::Previous => self.head.previous_response = id,
            Field::Conversation | Field::ConversationId => self.head.conversation = id,
            _ => {}
        }
    }

    fn model(&mut self, text: &Text<'_>) -> Result<(), WireError> {
        self.head.model = checked_model(&text.decoded())?.to_owned();
        self.has_model = true;
        self.head.model_at = text.start() - 1..text.end() + 1;
        Ok(())
    }
}

impl<'a> Listener<'a> for ChatListener {
    type Context = Place;

    fn root(&mut self) -> Place {
        Place {
            field: Field::Document,
            text: texts::Place::TOP,
        }
    }

    #[inline(always)]
    fn member(&mut self, object: Place, key: &Text<'a>) -> Result<Place, WireError> {
        match key.escaped() {
            false => self.place(object, key, key.bytes()),
            true => self.spelt_place(object, key),
        }
    }

    #[inline(always)]
    fn value(&mut self, place: Place, value: Value<'a>) -> Result<(), WireError> {
        let text = match place.field {
            Field::Other => place.text,
            field => {
                // A copy, so that only this rare path wants it in memory.
                let copy = value;
                match self.of_head(field, place.text, &copy)? {
                    Some(text) => text,
                    None => return Ok(()),
                }
            }
        };
        self.texts.take(text, value);
        Ok(())
    }
}

/// A name that a model can have.
pub(super) fn checked_model(name: &str) -> Result<&str, WireError> {
    let fits = (1..=LONGEST_MODEL).contains(&name.len());
    if fits && !name.chars().any(char::is_control) {
        Ok(name)
    } else {
        Err(wrong("model", MODEL_FORM))
    }
}

fn set_flag(flag: &mut bool, field: &'static str, value: Value<'_>) -> Result<(), WireError> {
    match value {
        Value::Bool(value) => *flag = value,
        Value::Null => {}
        _ => return Err(wrong(field, "true or false")),
    }
    Ok(())
}

/// A count of tokens in any spelling that JSON has for a whole number. A negative one or a
/// fraction is the provider's to refuse; here it is no limit.
fn set_count(
    count: &mut Option<u64>,
    field: &'static str,
    value: Value<'_>,
) -> Result<(), WireError> {
    match value {
        Value::Number(spelling) => *count = whole_number(spelling),
        Value::Null => {}
        _ => return Err(wrong(field, "a number")),
    }
    Ok(())
}

fn whole_number(spelling: &str) -> Option<u64> {
    spelling.parse().ok().or_else(|| {
        let number: f64 = spelling.parse().ok()?;
        // Saturates: a count beyond u64 is as good as the largest one.
        (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
    })
}

fn wrong(field: &'static str, expected: &'static str) -> WireError {
    WireError::WrongType { field, expected }
}

//! What decides where a request goes that is not a chat: its model, and whether it streams.
//!
//! Owns the reading of these two top-level fields of any JSON body, and the splice of another
//! model's name. Knows nothing else of the body: embeddings, images, batches and all others pass
//! as they are.

use std::ops::Range;

use bytes::Bytes;

use crate::error::WireError;
use crate::escape::json_string;
use crate::scanner::{JsonLimits, Listener, Text, Value, scan};

/// As in a chat: names of models end in logs and tables.
const LONGEST_MODEL: usize = 256;

/// The fields of a body that the gateway acts on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallHead {
    /// The model or agent; `None` if there is none, or `null`.
    pub model: Option<String>,
    /// Whether the client wants an event stream.
    pub stream: bool,
    /// The file that a batch is made of.
    pub input_file_id: Option<String>,
    model_at: Option<Range<usize>>,
}

impl CallHead {
    /// Reads a body, strictly.
    ///
    /// # Errors
    /// What [`scan`] refuses; [`WireError::NotAnObject`]; [`WireError::LookalikeKey`] for a
    /// top-level key such as `Model`; [`WireError::WrongType`] for a known field of another type.
    pub fn parse(body: &[u8], limits: &JsonLimits) -> Result<Self, WireError> {
        let mut reader = Reader(Self::default());
        scan(body, limits, &mut reader)?;
        Ok(reader.0)
    }

    /// A name that can be a model's.
    #[must_use]
    pub fn is_model(name: &str) -> bool {
        (1..=LONGEST_MODEL).contains(&name.len()) && !name.chars().any(char::is_control)
    }
}

/// The body with another model's name, all other bytes as they are. A body that is no valid
/// document, or names no model, stays as it is.
#[must_use]
pub fn with_model(body: &Bytes, model: &str) -> Bytes {
    let Ok(head) = CallHead::parse(body, &JsonLimits::default()) else {
        return body.clone();
    };
    let (Some(at), Some(known)) = (head.model_at, head.model) else {
        return body.clone();
    };
    if known == model {
        return body.clone();
    }
    let before = body.get(..at.start).unwrap_or_default();
    let after = body.get(at.end..).unwrap_or_default();
    Bytes::from([before, json_string(model).as_bytes(), after].concat())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Document,
    Model,
    Stream,
    InputFile,
    Other,
}

struct Reader(CallHead);

const KNOWN: [(&str, Place); 3] = [
    ("model", Place::Model),
    ("stream", Place::Stream),
    ("input_file_id", Place::InputFile),
];

impl<'a> Listener<'a> for Reader {
    type Context = Place;

    fn root(&mut self) -> Place {
        Place::Document
    }

    fn member(&mut self, object: Place, key: &Text<'a>) -> Result<Place, WireError> {
        if object != Place::Document {
            return Ok(Place::Other);
        }
        let key = key.decoded();
        let alike = KNOWN
            .iter()
            .find(|(name, _)| key.eq_ignore_ascii_case(name));
        match alike {
            Some((name, place)) if key == *name => Ok(*place),
            Some((field, _)) => Err(WireError::LookalikeKey { field }),
            None => Ok(Place::Other),
        }
    }

    fn value(&mut self, place: Place, value: Value<'a>) -> Result<(), WireError> {
        let wrong = |field, expected| Err(WireError::WrongType { field, expected });
        match (place, value) {
            (Place::Document, Value::Object) | (Place::Other, _) => Ok(()),
            (Place::Document, _) => Err(WireError::NotAnObject),
            (_, Value::Null) => Ok(()),
            (Place::Model, Value::Text(text)) if CallHead::is_model(&text.decoded()) => {
                self.0.model = Some(text.decoded().into_owned());
                self.0.model_at = Some(text.start() - 1..text.start() + text.raw().len() + 1);
                Ok(())
            }
            (Place::Model, _) => wrong(
                "model",
                "a name of 1 to 256 bytes without control characters",
            ),
            (Place::Stream, Value::Bool(stream)) => {
                self.0.stream = stream;
                Ok(())
            }
            (Place::Stream, _) => wrong("stream", "true or false"),
            (Place::InputFile, Value::Text(text)) => {
                self.0.input_file_id = Some(text.decoded().into_owned());
                Ok(())
            }
            (Place::InputFile, _) => wrong("input_file_id", "a string"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(body: &str) -> Result<CallHead, WireError> {
        CallHead::parse(body.as_bytes(), &JsonLimits::default())
    }

    #[test]
    fn model_and_stream_are_read_at_the_top_level_only() {
        let found = head(r#"{"input":{"model":"no"},"mod\u0065l":"a/b","stream":true}"#).unwrap();
        assert_eq!((found.model.as_deref(), found.stream), (Some("a/b"), true));
        assert_eq!(head(r#"{"model":null}"#).unwrap().model, None);
        assert_eq!(head("{}").unwrap(), CallHead::default());
    }

    #[test]
    fn what_two_readers_could_read_in_two_ways_is_refused() {
        for body in [
            r#"{"Model":"a"}"#,
            r#"{"model":"a","model":"b"}"#,
            r#"{"model":["a"]}"#,
            r#"{"model":7}"#,
            r#"{"model":""}"#,
            r#"{"STREAM":true}"#,
            r#"{"stream":"yes"}"#,
            r#"{"input_file_id":7}"#,
            r#"[{"model":"a"}]"#,
            "",
        ] {
            assert!(head(body).is_err(), "{body}");
        }
    }

    #[test]
    fn another_model_is_spliced_and_nothing_else_moves() {
        let body = Bytes::from_static(b"{ \"n\":1.0, \"model\" : \"agent\" ,\"input\":\"x\"}\n");
        let spliced = with_model(&body, "text-\"3\"");
        assert_eq!(
            spliced,
            "{ \"n\":1.0, \"model\" : \"text-\\\"3\\\"\" ,\"input\":\"x\"}\n"
        );
        assert_eq!(with_model(&body, "agent").as_ptr(), body.as_ptr());
        assert_eq!(with_model(&Bytes::from_static(b"{}"), "a"), "{}");
    }
}

//! Small questions about a JSON document.
//!
//! Owns nothing. Answers from one strict scan, so that whoever asks sees what a strict reader sees.

use crate::error::WireError;
use crate::scanner::{JsonLimits, Listener, Text, Value, scan};

/// The string that a document has under `key` at its top level.
///
/// `None` as well if the document is not valid, or has a key twice: no answer is better than one
/// that the provider may read differently.
pub fn field_str(body: &[u8], key: &str) -> Option<String> {
    let mut finder = Finder { key, found: None };
    scan(body, &JsonLimits::default(), &mut finder).ok()?;
    finder.found
}

/// Whether the body is one whole and valid JSON object.
///
/// Duplicate keys are no fault here: this asks whether a provider's answer arrived complete, and
/// that one is passed on as it is.
pub fn is_json_object(body: &[u8]) -> bool {
    let mut shape = Shape { object: None };
    scan(
        body,
        &JsonLimits {
            max_depth: 1024,
            max_values: u32::MAX,
        },
        &mut shape,
    )
    .is_ok()
        && shape.object == Some(true)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Wanted,
    Deeper,
}

struct Finder<'k> {
    key: &'k str,
    found: Option<String>,
}

impl<'a> Listener<'a> for Finder<'_> {
    type Context = Place;

    fn root(&mut self) -> Place {
        Place::Top
    }

    fn member(&mut self, object: Place, key: &Text<'a>) -> Result<Place, WireError> {
        let wanted = object == Place::Top && key.decoded() == self.key;
        Ok(if wanted { Place::Wanted } else { Place::Deeper })
    }

    fn value(&mut self, place: Place, value: Value<'a>) -> Result<(), WireError> {
        match (place, value) {
            (Place::Top, Value::Object) => Ok(()),
            (Place::Top, _) => Err(WireError::NotAnObject),
            (Place::Wanted, Value::Text(text)) => {
                self.found
                    .get_or_insert_with(|| text.decoded().into_owned());
                Ok(())
            }
            // An array has no string under the key; its elements are not the answer.
            (Place::Wanted, Value::Array) => Err(WireError::NotAnObject),
            _ => Ok(()),
        }
    }
}

struct Shape {
    object: Option<bool>,
}

impl<'a> Listener<'a> for Shape {
    type Context = ();
    const UNIQUE_KEYS: bool = false;

    fn root(&mut self) {}

    fn member(&mut self, (): (), _key: &Text<'a>) -> Result<(), WireError> {
        Ok(())
    }

    fn value(&mut self, (): (), value: Value<'a>) -> Result<(), WireError> {
        // The first value is the whole document.
        self.object.get_or_insert(matches!(value, Value::Object));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn top_level_strings_are_found() {
        assert_eq!(
            field_str(br#"{"a":{"model":"no"},"mod\u0065l":"yes"}"#, "model").unwrap(),
            "yes"
        );
    }

    #[test]
    fn other_types_and_broken_documents_have_no_field() {
        for body in [
            r#"{"model":1}"#,
            r#"{"model":["x"]}"#,
            r#"["model","x"]"#,
            r#"{"model":"x""#,
            r#"{"model":"x","model":"y"}"#,
            "",
        ] {
            assert_eq!(field_str(body.as_bytes(), "model"), None, "{body}");
        }
    }

    #[test]
    fn cut_off_objects_are_not_whole() {
        let whole = br#"{"a":[1,{"b":"c"}],"a":2}"#;
        assert!(is_json_object(whole));
        for len in 0..whole.len() {
            assert!(!is_json_object(&whole[..len]));
        }
        assert!(!is_json_object(b"[1]"));
        assert!(!is_json_object(b"[{}]"));
        assert!(!is_json_object(b"{} {}"));
    }
}

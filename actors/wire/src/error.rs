//! What can be wrong with bytes that claim to be JSON or an event stream.
//!
//! Variants name the place and the rule, never the content: an error ends in logs and in replies,
//! and the content may be a secret.

use std::error::Error;
use std::fmt;

/// Longest key that a path shows; a longer one is written as `?`.
const SHOWN_KEY: usize = 64;

/// Why a body or a stream was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireError {
    /// The bytes are not UTF-8 from offset `at` on.
    NotUtf8 {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// The grammar of RFC 8259 is broken.
    Syntax {
        /// Line, counted from 1.
        line: usize,
        /// Byte within the line, counted from 1.
        column: usize,
        /// What the grammar allows there.
        expected: &'static str,
    },
    /// Objects and arrays are nested deeper than allowed.
    TooDeep {
        /// The deepest nesting that is taken.
        limit: u32,
    },
    /// The document has more values than allowed.
    TooManyValues {
        /// The most values that are taken.
        limit: u32,
    },
    /// A key stands twice in one object, so that two readers could see two documents.
    DuplicateKey {
        /// Where the second one stands.
        path: JsonPath,
    },
    /// A top-level key differs from a known one only by letter case.
    ///
    /// Some parsers ignore case, so gateway and provider could read different values.
    LookalikeKey {
        /// The known field.
        field: &'static str,
    },
    /// The document is not an object.
    NotAnObject,
    /// A field that is needed is not there.
    MissingField {
        /// Its name.
        field: &'static str,
    },
    /// A field has another type than the API says.
    WrongType {
        /// Its name.
        field: &'static str,
        /// What the API says.
        expected: &'static str,
    },
    /// A line or an event of a stream is longer than allowed.
    EventTooLong {
        /// Most bytes of one line or one event.
        limit: usize,
    },
    /// A frame of a binary event stream is damaged.
    BrokenFrame(
        /// What is wrong in it.
        &'static str,
    ),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { at } => write!(f, "not utf-8 from byte {at} on"),
            Self::Syntax {
                line,
                column,
                expected,
            } => {
                write!(
                    f,
                    "not json: expected {expected} at line {line} column {column}"
                )
            }
            Self::TooDeep { limit } => write!(f, "json is nested deeper than {limit} levels"),
            Self::TooManyValues { limit } => write!(f, "the body has more than {limit} values"),
            Self::DuplicateKey { path } => write!(f, "key `{path}` stands twice"),
            Self::LookalikeKey { field } => {
                write!(f, "a key differs from `{field}` only by letter case")
            }
            Self::NotAnObject => f.write_str("the body must be a json object"),
            Self::MissingField { field } => write!(f, "field `{field}` is missing"),
            Self::WrongType { field, expected } => write!(f, "field `{field}` must be {expected}"),
            Self::EventTooLong { limit } => {
                write!(f, "an event of the stream is longer than {limit} bytes")
            }
            Self::BrokenFrame(what) => write!(f, "a frame of the stream is broken: {what}"),
        }
    }
}

impl Error for WireError {}

/// The place of a value, as in `messages[2].content`.
///
/// # Security
/// Keys come from strangers. One that is long, or is not a plain name, is shown as `?`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonPath(String);

impl JsonPath {
    /// Appends a member of an object.
    pub(crate) fn push_key(&mut self, key: &[u8]) {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        match std::str::from_utf8(key) {
            Ok(name) if is_plain_name(name) => self.0.push_str(name),
            _ => self.0.push('?'),
        }
    }

    /// Appends an element of an array.
    pub(crate) fn push_index(&mut self, index: u32) {
        self.0.push_str(&format!("[{index}]"));
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain_name(name: &str) -> bool {
    (1..=SHOWN_KEY).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_reads_like_code() {
        let mut path = JsonPath::default();
        path.push_key(b"messages");
        path.push_index(2);
        path.push_key(b"role");
        assert_eq!(path.as_str(), "messages[2].role");
    }

    #[test]
    fn strange_keys_are_not_repeated() {
        let mut path = JsonPath::default();
        path.push_key(b"line\nbreak");
        path.push_key(&[b'a'; 65]);
        assert_eq!(path.as_str(), "?.?");
    }
}

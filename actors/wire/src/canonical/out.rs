//! Writes JSON straight into bytes, with raw values copied as they were spelt.
//!
//! Owns commas and quotes. Never checks that what is written is one document: the writers' tests
//! parse all that they write. A comma is due unless the last byte opened something.

use serde_json::value::RawValue;

use super::text::Text;
use crate::escape::escape_json;

/// A document that is being written.
#[derive(Debug, Default)]
pub(crate) struct Out {
    bytes: Vec<u8>,
}

impl Out {
    /// Goes on at the end of these bytes. They must end with something after which a value may
    /// stand (`data: ` of an event, or nothing).
    pub(crate) fn onto(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The bytes written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What was written so far.
    pub(crate) fn as_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    fn comma(&mut self) {
        let opened = matches!(
            self.bytes.last(),
            None | Some(b'{' | b'[' | b':' | b' ' | b'\n')
        );
        if !opened {
            self.bytes.push(b',');
        }
    }

    /// `{`
    pub(crate) fn open(&mut self) -> &mut Self {
        self.comma();
        self.bytes.push(b'{');
        self
    }

    /// `}`
    pub(crate) fn close(&mut self) -> &mut Self {
        self.bytes.push(b'}');
        self
    }

    /// `[`
    pub(crate) fn open_list(&mut self) -> &mut Self {
        self.comma();
        self.bytes.push(b'[');
        self
    }

    /// `]`
    pub(crate) fn close_list(&mut self) -> &mut Self {
        self.bytes.push(b']');
        self
    }

    /// A key; a value must follow.
    pub(crate) fn key(&mut self, key: &str) -> &mut Self {
        self.comma();
        self.bytes.push(b'"');
        escape_json(key, &mut self.bytes);
        self.bytes.extend_from_slice(b"\":");
        self
    }

    /// A value as it was spelt.
    pub(crate) fn raw(&mut self, raw: &RawValue) -> &mut Self {
        self.json(raw.get())
    }

    /// A value that is known to be JSON.
    pub(crate) fn json(&mut self, json: &str) -> &mut Self {
        self.comma();
        self.bytes.extend_from_slice(json.as_bytes());
        self
    }

    /// A string.
    pub(crate) fn text(&mut self, text: &Text<'_>) -> &mut Self {
        self.comma();
        self.bytes.push(b'"');
        text.write_inside(&mut self.bytes);
        self.bytes.push(b'"');
        self
    }

    /// A string that is not escaped yet.
    pub(crate) fn plain(&mut self, text: &str) -> &mut Self {
        self.comma();
        self.bytes.push(b'"');
        escape_json(text, &mut self.bytes);
        self.bytes.push(b'"');
        self
    }

    /// A whole number.
    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        self.comma();
        self.bytes.extend_from_slice(number.to_string().as_bytes());
        self
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, value: bool) -> &mut Self {
        self.json(if value { "true" } else { "false" })
    }

    /// `null`
    pub(crate) fn null(&mut self) -> &mut Self {
        self.json("null")
    }

    /// A member if there is something to write.
    pub(crate) fn maybe_text(&mut self, key: &str, text: Option<&Text<'_>>) -> &mut Self {
        if let Some(text) = text {
            self.key(key).text(text);
        }
        self
    }

    /// A member if there is something to write.
    pub(crate) fn maybe_raw(&mut self, key: &str, raw: Option<&RawValue>) -> &mut Self {
        if let Some(raw) = raw {
            self.key(key).raw(raw);
        }
        self
    }

    /// A member if there is something to write.
    pub(crate) fn maybe_number(&mut self, key: &str, number: Option<u64>) -> &mut Self {
        if let Some(number) = number {
            self.key(key).number(number);
        }
        self
    }

    /// A member if there is something to write.
    pub(crate) fn maybe_boolean(&mut self, key: &str, value: Option<bool>) -> &mut Self {
        if let Some(value) = value {
            self.key(key).boolean(value);
        }
        self
    }

    /// Bytes that are no JSON: the lines of an event around its data.
    pub(crate) fn line(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }
}

/// Puts what was written from this byte on into one line: a value that is copied as it was spelt
/// may be broken over several, which the data of an event and the lines of a stream may not be.
pub(crate) fn on_one_line(out: &mut [u8], from: usize) {
    for byte in out.iter_mut().skip(from) {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_where_they_must() {
        let mut out = Out::default();
        out.open()
            .key("a")
            .open_list()
            .number(1)
            .plain("x\"")
            .open()
            .close()
            .close_list();
        out.key("b").null().key("c").open().close().close();
        assert_eq!(out.into_bytes(), br#"{"a":[1,"x\"",{}],"b":null,"c":{}}"#);
    }

    #[test]
    fn an_empty_list_is_followed_by_a_comma() {
        let mut out = Out::onto(b"data: ".to_vec());
        out.open()
            .key("a")
            .open_list()
            .close_list()
            .key("b")
            .boolean(true)
            .close();
        assert_eq!(out.into_bytes(), br#"data: {"a":[],"b":true}"#);
    }
}

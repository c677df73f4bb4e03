//! Finds the few fields of a chat request that decide how it is answered. Pure.
//!
//! A scan and not a parser: the benchmark's upstream must cost little, and a body that is no JSON
//! at all must still be answered. It stops at the first field that breaks the grammar.

/// What a chat request asks for, as far as the dummy cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The top-level `model`, without unescaping: the names of behaviours need none.
    pub(crate) model: Option<String>,
    /// The top-level `stream`, if there is one: formats differ in what its absence means.
    pub(crate) stream: Option<bool>,
    /// `include_usage` is `true` somewhere, which is where `stream_options` has it.
    pub(crate) usage: bool,
}

/// Reads a body, or the part of it that has arrived.
pub(crate) fn scan(body: &[u8]) -> Asked {
    let mut asked = Asked::default();
    let mut depth = 0_u32;
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b'{' | b'[' => {
                depth += 1;
                after
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                after
            }
            b'"' => {
                let Some((text, after)) = string(after) else {
                    break;
                };
                match value_of(after) {
                    Some(value) => asked.note(depth, text, value),
                    None => after,
                }
            }
            _ => after,
        };
    }
    asked
}

impl Asked {
    /// Takes one field and gives what is left to scan.
    fn note<'a>(&mut self, depth: u32, key: &[u8], value: &'a [u8]) -> &'a [u8] {
        match (depth, key) {
            (1, b"model") => {
                let name = value.strip_prefix(b"\"").and_then(string);
                self.model = name.map(|(name, _)| String::from_utf8_lossy(name).into_owned());
                name.map_or(value, |(_, rest)| rest)
            }
            (1, b"stream") => {
                self.stream = Some(value.starts_with(b"true"));
                value
            }
            (_, b"include_usage") => {
                self.usage = value.starts_with(b"true");
                value
            }
            _ => value,
        }
    }
}

/// Splits behind the closing quote; the opening one is already gone.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                return bytes
                    .split_at_checked(at)
                    .map(|(text, rest)| (text, rest.get(1..).unwrap_or_default()));
            }
            _ => {}
        }
    }
    None
}

/// What follows a colon, if the string before was a key.
fn value_of(after: &[u8]) -> Option<&[u8]> {
    after
        .trim_ascii_start()
        .strip_prefix(b":")
        .map(<[u8]>::trim_ascii_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_stream_and_usage_are_found() {
        let asked = scan(br#"{ "model" : "echo", "messages":[], "stream":true, "stream_options":{"include_usage": true}}"#);
        assert_eq!(
            asked,
            Asked {
                model: Some("echo".into()),
                stream: Some(true),
                usage: true
            }
        );
    }

    #[test]
    fn a_model_named_inside_a_message_or_an_object_does_not_count() {
        let asked =
            scan(br#"{"messages":[{"model":"stall","content":"\"model\":\"cut\""}],"model":"ok"}"#);
        assert_eq!(asked.model.as_deref(), Some("ok"));
    }

    #[test]
    fn a_body_that_has_only_begun_gives_its_model() {
        assert_eq!(
            scan(br#"{"model":"early-413","messages":[{"content":"aaa"#)
                .model
                .as_deref(),
            Some("early-413")
        );
    }

    #[test]
    fn anything_else_gives_nothing() {
        for body in [
            &b""[..],
            b"[]",
            b"\"",
            b"{\"model\"",
            b"{\"model\":7}",
            b"\xff\xfe",
        ] {
            assert_eq!(scan(body), Asked::default());
        }
    }
}

//! Answers that a test plants before it asks for them: `POST /_plant`, then the model
//! `planted-<name>`.
//!
//! ```json
//! {"name": "cut", "status": 200, "type": "text/event-stream", "extra": "x-a: 1\r\n",
//!  "pieces": ["data: 1\n\n", 250, [31, 139], null]}
//! ```
//!
//! A text or a list of bytes is one chunk in a write of its own, a number a pause in
//! milliseconds, `null` a silence for ever. Everything but name and pieces may be left out.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use crate::reply::{self, EVENTS, Framing, LAST_CHUNK};
use crate::script::{Script, Step};

/// Planted answers by name.
#[derive(Debug, Default)]
pub(crate) struct Planted(HashMap<String, Script>);

impl Planted {
    /// Takes an answer; `None` if it is not described as it must be.
    pub(crate) fn plant(&mut self, described: &[u8]) -> Option<()> {
        let described: Value = serde_json::from_slice(described).ok()?;
        let name = described.get("name")?.as_str()?.to_owned();
        self.0.insert(name, script(&described)?);
        Some(())
    }

    /// The answer that a model name asks for.
    pub(crate) fn of_model(&self, model: &str) -> Option<Script> {
        self.0.get(model.strip_prefix("planted-")?).cloned()
    }
}

fn script(described: &Value) -> Option<Script> {
    let text = |key: &str, usual: &'static str| {
        let text = described.get(key).and_then(Value::as_str);
        text.unwrap_or(usual).to_owned()
    };
    let status = described.get("status").and_then(Value::as_u64);
    let status = u16::try_from(status.unwrap_or(200)).ok()?;
    let (kind, extra) = (text("type", EVENTS), text("extra", ""));
    let head = reply::head(status, &kind, Framing::Chunked, &extra);
    let mut steps = vec![Step::Send(head.into())];
    for piece in described.get("pieces")?.as_array()? {
        steps.push(step(piece)?);
    }
    steps.push(Step::Send(LAST_CHUNK.into()));
    Some(Script {
        steps,
        close: false,
    })
}

fn step(piece: &Value) -> Option<Step> {
    let chunk = |bytes: &[u8]| Step::Send(reply::chunk(bytes).into());
    Some(match piece {
        Value::Null => Step::Forever,
        Value::Number(millis) => Step::Pause(Duration::from_millis(millis.as_u64()?)),
        Value::String(text) => chunk(text.as_bytes()),
        Value::Array(bytes) => {
            let byte = |value: &Value| u8::try_from(value.as_u64()?).ok();
            chunk(&bytes.iter().map(byte).collect::<Option<Vec<u8>>>()?)
        }
        Value::Bool(_) | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_chunks_pauses_and_silence() {
        let mut planted = Planted::default();
        let described = br#"{"name":"x","type":"text/plain","pieces":["ab",7,[99],null]}"#;
        planted.plant(described).unwrap();
        let script = planted.of_model("planted-x").unwrap();
        let expected = [
            Step::Send(b"2\r\nab\r\n".into()),
            Step::Pause(Duration::from_millis(7)),
            Step::Send(b"1\r\nc\r\n".into()),
            Step::Forever,
            Step::Send(LAST_CHUNK.into()),
        ];
        assert_eq!(script.steps[1..], expected);
        assert_eq!(planted.of_model("x"), None);
    }

    #[test]
    fn what_is_not_described_well_is_refused() {
        for described in [&b"{}"[..], b"[]", br#"{"name":"x","pieces":[{}]}"#] {
            assert_eq!(Planted::default().plant(described), None);
        }
    }
}

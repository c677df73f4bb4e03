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
//!
//! A part for an agent to play against is planted in turns, and played in any format:
//!
//! ```json
//! {"name": "edit", "turns": [
//!   {"text": "I change it.", "calls": [{"name": "write", "arguments": {"path": "a"}}]},
//!   {"text": "Done."}]}
//! ```
//!
//! The conversation says whose turn it is: as many as the model has had are left out, and the last
//! one stays.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use crate::formats::{Block, Kind};
use crate::reply::{self, EVENTS, Framing, LAST_CHUNK};
use crate::script::{Script, Step};

/// Planted answers by name.
#[derive(Debug, Default)]
pub(crate) struct Planted(HashMap<String, Plant>);

/// One planted answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Plant {
    /// To the byte.
    Script(Script),
    /// In whatever format is asked for.
    Turns(Vec<Vec<Block>>),
}

impl Plant {
    /// What is said after so many turns of the model.
    pub(crate) fn turn(turns: &[Vec<Block>], had: usize) -> Vec<Block> {
        let turn = turns.get(had).or(turns.last());
        turn.cloned().unwrap_or_default()
    }
}

impl Planted {
    /// Takes an answer; `None` if it is not described as it must be.
    pub(crate) fn plant(&mut self, described: &[u8]) -> Option<()> {
        let described: Value = serde_json::from_slice(described).ok()?;
        let name = described.get("name")?.as_str()?.to_owned();
        let plant = match described.get("turns") {
            Some(turns) => Plant::Turns(turns.as_array()?.iter().map(turn).collect::<Option<_>>()?),
            None => Plant::Script(script(&described)?),
        };
        self.0.insert(name, plant);
        Some(())
    }

    /// The answer that a model name asks for.
    pub(crate) fn of_model(&self, model: &str) -> Option<Plant> {
        self.0.get(model.strip_prefix("planted-")?).cloned()
    }
}

fn turn(described: &Value) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    if let Some(text) = described.get("text") {
        blocks.push(Block::new(Kind::Text, text.as_str()?));
    }
    for call in described
        .get("calls")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = call.get("name")?.as_str()?.to_owned();
        let arguments = call.get("arguments")?.to_string();
        blocks.push(Block::new(Kind::Call(name), &arguments));
    }
    (!blocks.is_empty()).then_some(blocks)
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
        let Some(Plant::Script(script)) = planted.of_model("planted-x") else {
            panic!("it was planted as pieces");
        };
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
    fn turns_are_taken_in_order_and_the_last_one_stays() {
        let mut planted = Planted::default();
        let described = br#"{"name":"x","turns":[{"text":"a","calls":[{"name":"f","arguments":{"b":1}}]},{"text":"c"}]}"#;
        planted.plant(described).unwrap();
        let Some(Plant::Turns(turns)) = planted.of_model("planted-x") else {
            panic!("it was planted in turns");
        };
        let call = Block::new(Kind::Call("f".to_owned()), r#"{"b":1}"#);
        assert_eq!(Plant::turn(&turns, 0), [Block::new(Kind::Text, "a"), call]);
        for had in [1, 7] {
            assert_eq!(Plant::turn(&turns, had), [Block::new(Kind::Text, "c")]);
        }
    }

    #[test]
    fn what_is_not_described_well_is_refused() {
        for described in [
            &b"{}"[..],
            b"[]",
            br#"{"name":"x","pieces":[{}]}"#,
            br#"{"name":"x","turns":[{}]}"#,
        ] {
            assert_eq!(Planted::default().plant(described), None);
        }
    }
}

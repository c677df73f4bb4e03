//! Ollama's own chat: one JSON line for each part, calls never cut.

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, complaint};

#[derive(Debug)]
pub(super) struct Ollama;

impl Dialect for Ollama {
    fn whole(&self, answer: &Answer) -> Value {
        let mut message = json!({"role": "assistant", "content": answer.said(&Kind::Text)});
        let thinking = answer.said(&Kind::Reasoning);
        if let Some(fields) = message.as_object_mut() {
            if !thinking.is_empty() {
                fields.insert("thinking".to_owned(), thinking.into());
            }
            if answer.calls_a_tool() {
                let calls = answer.calls();
                let calls = calls.map(|(at, name, block)| call(at, name, block));
                fields.insert("tool_calls".to_owned(), calls.collect());
            }
        }
        last(&message, answer.tokens)
    }

    fn start(&self) -> Vec<Event> {
        Vec::new()
    }

    fn open(&self, _: At, _: &Block) -> Vec<Event> {
        Vec::new()
    }

    fn part(&self, _: At, block: &Block, part: &str) -> Vec<Event> {
        match block.kind {
            Kind::Text => line(&json!({"role": "assistant", "content": part})),
            Kind::Reasoning => line(&json!({"role": "assistant", "content": "", "thinking": part})),
            Kind::Call(_) => Vec::new(),
        }
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        let Kind::Call(name) = &block.kind else {
            return Vec::new();
        };
        let calls = [call(at.call, name, block)];
        line(&json!({"role": "assistant", "content": "", "tool_calls": calls}))
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        let message = json!({"role": "assistant", "content": ""});
        Event::unnamed(last(&message, answer.tokens))
    }

    fn failure(&self, status: u16) -> Value {
        json!({"error": complaint(status)})
    }

    fn fault(&self) -> Event {
        Event {
            name: "",
            data: self.failure(500),
        }
    }

    fn count(&self) -> Value {
        json!({"error": "there is no counting"})
    }
}

fn call(at: usize, name: &str, block: &Block) -> Value {
    let function = json!({"index": at, "name": name, "arguments": block.arguments()});
    json!({"id": format!("call_dummy_{at}"), "function": function})
}

fn line(message: &Value) -> Vec<Event> {
    let line = json!({
        "model": "dummy", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false,
    });
    Event::unnamed(line)
}

fn last(message: &Value, tokens: u64) -> Value {
    json!({
        "model": "dummy", "created_at": "2026-01-01T00:00:01Z", "message": message, "done": true,
        "done_reason": "stop", "total_duration": 3, "load_duration": 1,
        "prompt_eval_count": INPUT_TOKENS, "prompt_eval_duration": 1,
        "eval_count": tokens, "eval_duration": 1,
    })
}

//! Cohere's chat, version 2.

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, complaint};

const ID: &str = "00000000-0000-4000-8000-0000000d0440";

#[derive(Debug)]
pub(super) struct Cohere;

impl Dialect for Cohere {
    fn whole(&self, answer: &Answer) -> Value {
        let content = answer.blocks.iter().filter_map(content);
        let mut message = json!({"role": "assistant", "content": content.collect::<Vec<Value>>()});
        if let (Some(fields), true) = (message.as_object_mut(), answer.calls_a_tool()) {
            let calls = answer.calls();
            let calls = calls.map(|(at, name, block)| call(at, name, &block.text()));
            fields.insert("tool_calls".to_owned(), calls.collect());
        }
        json!({"id": ID, "message": message, "finish_reason": finish(answer), "usage": usage(answer.tokens)})
    }

    fn start(&self) -> Vec<Event> {
        let message = json!({"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []});
        let data = json!({"type": "message-start", "id": ID, "delta": {"message": message}});
        vec![Event {
            name: "message-start",
            data,
        }]
    }

    fn open(&self, at: At, block: &Block) -> Vec<Event> {
        match &block.kind {
            Kind::Text => {
                let content = json!({"content": {"type": "text", "text": ""}});
                event("content-start", at.block, &content)
            }
            Kind::Reasoning => {
                let content = json!({"content": {"type": "thinking", "thinking": ""}});
                event("content-start", at.block, &content)
            }
            Kind::Call(name) => {
                let call = json!({"tool_calls": call(at.call, name, "")});
                event("tool-call-start", at.call, &call)
            }
        }
    }

    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event> {
        match block.kind {
            Kind::Text => event(
                "content-delta",
                at.block,
                &json!({"content": {"text": part}}),
            ),
            Kind::Reasoning => {
                let content = json!({"content": {"thinking": part}});
                event("content-delta", at.block, &content)
            }
            Kind::Call(_) => {
                let call = json!({"tool_calls": {"function": {"arguments": part}}});
                event("tool-call-delta", at.call, &call)
            }
        }
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        let (name, at) = match block.kind {
            Kind::Text | Kind::Reasoning => ("content-end", at.block),
            Kind::Call(_) => ("tool-call-end", at.call),
        };
        let data = json!({"type": name, "index": at});
        vec![Event { name, data }]
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        ending(&json!({"finish_reason": finish(answer), "usage": usage(answer.tokens)}))
    }

    fn failure(&self, status: u16) -> Value {
        json!({"id": ID, "message": complaint(status)})
    }

    fn fault(&self) -> Event {
        let delta = json!({"error": complaint(500), "finish_reason": "ERROR"});
        Event {
            name: "message-end",
            data: json!({"type": "message-end", "id": ID, "delta": delta}),
        }
    }

    fn count(&self) -> Value {
        json!({"tokens": [], "token_strings": []})
    }
}

fn content(block: &Block) -> Option<Value> {
    match block.kind {
        Kind::Text => Some(json!({"type": "text", "text": block.text()})),
        Kind::Reasoning => Some(json!({"type": "thinking", "thinking": block.text()})),
        Kind::Call(_) => None,
    }
}

fn call(at: usize, name: &str, arguments: &str) -> Value {
    json!({
        "id": format!("{name}_dummy_{at}"),
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    })
}

fn finish(answer: &Answer) -> &'static str {
    match answer.calls_a_tool() {
        true => "TOOL_CALL",
        false => "COMPLETE",
    }
}

fn usage(tokens: u64) -> Value {
    let tokens = json!({"input_tokens": INPUT_TOKENS, "output_tokens": tokens});
    json!({"billed_units": tokens, "tokens": tokens, "cached_tokens": 0})
}

fn event(name: &'static str, at: usize, message: &Value) -> Vec<Event> {
    let data = json!({"type": name, "index": at, "delta": {"message": message}});
    vec![Event { name, data }]
}

fn ending(delta: &Value) -> Vec<Event> {
    let data = json!({"type": "message-end", "id": ID, "delta": delta});
    vec![Event {
        name: "message-end",
        data,
    }]
}

//! Anthropic's Messages.

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, SIGNATURE, complaint};

#[derive(Debug)]
pub(super) struct Anthropic;

impl Dialect for Anthropic {
    fn whole(&self, answer: &Answer) -> Value {
        let content: Vec<Value> = answer.blocks.iter().enumerate().map(block).collect();
        let stop = json!(stop(answer));
        message(&content, &stop, answer.tokens)
    }

    fn start(&self) -> Vec<Event> {
        let message = message(&[], &Value::Null, 1);
        vec![
            event(
                "message_start",
                json!({"type": "message_start", "message": message}),
            ),
            event("ping", json!({"type": "ping"})),
        ]
    }

    fn open(&self, at: At, block: &Block) -> Vec<Event> {
        let content = match &block.kind {
            Kind::Text => json!({"type": "text", "text": ""}),
            Kind::Reasoning => json!({"type": "thinking", "thinking": "", "signature": ""}),
            Kind::Call(name) => {
                json!({"type": "tool_use", "id": call_id(at.block), "name": name, "input": {}})
            }
        };
        let data =
            json!({"type": "content_block_start", "index": at.block, "content_block": content});
        vec![event("content_block_start", data)]
    }

    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event> {
        let delta = match block.kind {
            Kind::Text => json!({"type": "text_delta", "text": part}),
            Kind::Reasoning => json!({"type": "thinking_delta", "thinking": part}),
            Kind::Call(_) => json!({"type": "input_json_delta", "partial_json": part}),
        };
        vec![delta_event(at, &delta)]
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        let signature = json!({"type": "signature_delta", "signature": SIGNATURE});
        let signed = (block.kind == Kind::Reasoning).then(|| delta_event(at, &signature));
        let stop = json!({"type": "content_block_stop", "index": at.block});
        let stop = event("content_block_stop", stop);
        signed.into_iter().chain([stop]).collect()
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        let delta = json!({"stop_reason": stop(answer), "stop_sequence": null});
        let data = json!({"type": "message_delta", "delta": delta, "usage": usage(answer.tokens)});
        let last = event("message_stop", json!({"type": "message_stop"}));
        vec![event("message_delta", data), last]
    }

    fn failure(&self, status: u16) -> Value {
        let kind = match status {
            400 | 422 => "invalid_request_error",
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            504 => "timeout_error",
            529 => "overloaded_error",
            _ => "api_error",
        };
        let error = json!({"type": kind, "message": complaint(status)});
        json!({"type": "error", "error": error, "request_id": "req_dummy"})
    }

    fn fault(&self) -> Event {
        event("error", self.failure(529))
    }

    fn count(&self) -> Value {
        json!({"input_tokens": INPUT_TOKENS})
    }
}

fn message(content: &[Value], stop: &Value, tokens: u64) -> Value {
    json!({
        "id": "msg_dummy", "type": "message", "role": "assistant", "model": "dummy",
        "content": content, "stop_reason": stop, "stop_sequence": null, "usage": usage(tokens),
    })
}

fn usage(tokens: u64) -> Value {
    json!({
        "input_tokens": INPUT_TOKENS, "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0, "output_tokens": tokens,
    })
}

fn block((at, block): (usize, &Block)) -> Value {
    match &block.kind {
        Kind::Text => json!({"type": "text", "text": block.text()}),
        Kind::Reasoning => {
            json!({"type": "thinking", "thinking": block.text(), "signature": SIGNATURE})
        }
        Kind::Call(name) => {
            json!({"type": "tool_use", "id": call_id(at), "name": name, "input": block.arguments()})
        }
    }
}

fn call_id(at: usize) -> String {
    format!("toolu_dummy_{at}")
}

fn stop(answer: &Answer) -> &'static str {
    match answer.calls_a_tool() {
        true => "tool_use",
        false => "end_turn",
    }
}

fn delta_event(at: At, delta: &Value) -> Event {
    let data = json!({"type": "content_block_delta", "index": at.block, "delta": delta});
    event("content_block_delta", data)
}

fn event(name: &'static str, data: Value) -> Event {
    Event { name, data }
}

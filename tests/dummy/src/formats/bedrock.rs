//! Amazon Bedrock's Converse. Events go out in binary frames, see [`Wire`](super::Wire).

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, SIGNATURE, complaint};

#[derive(Debug)]
pub(super) struct Bedrock;

impl Dialect for Bedrock {
    fn whole(&self, answer: &Answer) -> Value {
        let content: Vec<Value> = answer.blocks.iter().enumerate().map(block).collect();
        json!({
            "metrics": {"latencyMs": 1},
            "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": stop(answer),
            "usage": usage(answer.tokens),
        })
    }

    fn start(&self) -> Vec<Event> {
        event("messageStart", json!({"role": "assistant"}))
    }

    /// Only calls are announced.
    fn open(&self, at: At, block: &Block) -> Vec<Event> {
        let Kind::Call(name) = &block.kind else {
            return Vec::new();
        };
        let start = json!({"toolUse": {"name": name, "toolUseId": call_id(at.block)}});
        let data = json!({"contentBlockIndex": at.block, "start": start});
        event("contentBlockStart", data)
    }

    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event> {
        let delta = match block.kind {
            Kind::Text => json!({"text": part}),
            Kind::Reasoning => json!({"reasoningContent": {"text": part}}),
            Kind::Call(_) => json!({"toolUse": {"input": part}}),
        };
        delta_event(at, &delta)
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        let mut events = match block.kind {
            Kind::Reasoning => {
                delta_event(at, &json!({"reasoningContent": {"signature": SIGNATURE}}))
            }
            Kind::Text | Kind::Call(_) => Vec::new(),
        };
        let data = json!({"contentBlockIndex": at.block});
        events.extend(event("contentBlockStop", data));
        events
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        let mut events = event("messageStop", json!({"stopReason": stop(answer)}));
        let metadata = json!({"metrics": {"latencyMs": 1}, "usage": usage(answer.tokens)});
        events.extend(event("metadata", metadata));
        events
    }

    fn failure(&self, status: u16) -> Value {
        json!({"message": complaint(status)})
    }

    fn failure_headers(&self, status: u16) -> String {
        let kind = match status {
            400 => "ValidationException",
            401 | 403 => "AccessDeniedException",
            404 => "ResourceNotFoundException",
            408 => "ModelTimeoutException",
            424 => "ModelErrorException",
            429 => "ThrottlingException",
            503 => "ServiceUnavailableException",
            _ => "InternalServerException",
        };
        format!("x-amzn-errortype: {kind}\r\nx-amzn-requestid: dummy\r\n")
    }

    /// The name makes it an exception frame.
    fn fault(&self) -> Event {
        let data = json!({"message": complaint(500), "originalStatusCode": 500});
        Event {
            name: "modelStreamErrorException",
            data,
        }
    }

    fn count(&self) -> Value {
        json!({"inputTokens": INPUT_TOKENS})
    }
}

fn block((at, block): (usize, &Block)) -> Value {
    match &block.kind {
        Kind::Text => json!({"text": block.text()}),
        Kind::Reasoning => {
            let text = json!({"text": block.text(), "signature": SIGNATURE});
            json!({"reasoningContent": {"reasoningText": text}})
        }
        Kind::Call(name) => {
            json!({"toolUse": {"toolUseId": call_id(at), "name": name, "input": block.arguments()}})
        }
    }
}

fn call_id(at: usize) -> String {
    format!("tooluse_dummy_{at}")
}

fn stop(answer: &Answer) -> &'static str {
    match answer.calls_a_tool() {
        true => "tool_use",
        false => "end_turn",
    }
}

fn usage(tokens: u64) -> Value {
    json!({"inputTokens": INPUT_TOKENS, "outputTokens": tokens, "totalTokens": INPUT_TOKENS + tokens})
}

fn delta_event(at: At, delta: &Value) -> Vec<Event> {
    let data = json!({"contentBlockIndex": at.block, "delta": delta});
    event("contentBlockDelta", data)
}

fn event(name: &'static str, data: Value) -> Vec<Event> {
    vec![Event { name, data }]
}

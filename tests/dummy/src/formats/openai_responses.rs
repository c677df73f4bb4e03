//! OpenAI's Responses. `sequence_number` is put in by [`Wire`](super::Wire).

use serde_json::{Value, json};

use super::{Answer, At, Block, Dialect, Event, INPUT_TOKENS, Kind, complaint, openai_chat};

#[derive(Debug)]
pub(super) struct OpenAiResponses;

impl Dialect for OpenAiResponses {
    fn whole(&self, answer: &Answer) -> Value {
        let items = answer.blocks.iter().enumerate();
        let items = items.map(|(at, block)| item(at, block, "completed", &block.text()));
        let output: Vec<Value> = items.collect();
        response("completed", &output, &usage(answer.tokens))
    }

    fn start(&self) -> Vec<Event> {
        ["response.created", "response.in_progress"]
            .map(|name| {
                let response = response("in_progress", &[], &Value::Null);
                event(name, json!({"response": response}))
            })
            .to_vec()
    }

    fn open(&self, at: At, block: &Block) -> Vec<Event> {
        let at = at.block;
        let item = item(at, block, "in_progress", "");
        let added = json!({"output_index": at, "item": item});
        let mut events = vec![event("response.output_item.added", added)];
        match block.kind {
            Kind::Text => events.push(in_text(
                "response.content_part.added",
                at,
                ("part", text_part("")),
            )),
            Kind::Reasoning => events.push(in_summary(
                "response.reasoning_summary_part.added",
                at,
                ("part", summary_part("")),
            )),
            Kind::Call(_) => {}
        }
        events
    }

    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event> {
        let (at, delta) = (at.block, ("delta", json!(part)));
        vec![match block.kind {
            Kind::Text => in_text("response.output_text.delta", at, delta),
            Kind::Reasoning => in_summary("response.reasoning_summary_text.delta", at, delta),
            Kind::Call(_) => in_item("response.function_call_arguments.delta", at, block, delta),
        }]
    }

    fn close(&self, at: At, block: &Block) -> Vec<Event> {
        let (at, text) = (at.block, block.text());
        let said = || json!(text);
        let mut events = match block.kind {
            Kind::Text => vec![
                in_text("response.output_text.done", at, ("text", said())),
                in_text("response.content_part.done", at, ("part", text_part(&text))),
            ],
            Kind::Reasoning => vec![
                in_summary("response.reasoning_summary_text.done", at, ("text", said())),
                in_summary(
                    "response.reasoning_summary_part.done",
                    at,
                    ("part", summary_part(&text)),
                ),
            ],
            Kind::Call(_) => vec![in_item(
                "response.function_call_arguments.done",
                at,
                block,
                ("arguments", said()),
            )],
        };
        let item = item(at, block, "completed", &text);
        let done = json!({"output_index": at, "item": item});
        events.push(event("response.output_item.done", done));
        events
    }

    fn end(&self, answer: &Answer) -> Vec<Event> {
        let whole = json!({"response": self.whole(answer)});
        vec![event("response.completed", whole)]
    }

    fn failure(&self, status: u16) -> Value {
        openai_chat::OpenAiChat.failure(status)
    }

    fn fault(&self) -> Event {
        let fields = json!({"code": "server_error", "message": complaint(500), "param": null});
        event("error", fields)
    }

    fn count(&self) -> Value {
        json!({"object": "response.input_tokens", "input_tokens": INPUT_TOKENS})
    }
}

fn response(status: &str, output: &[Value], usage: &Value) -> Value {
    let completed = (status == "completed").then_some(1_700_000_001);
    json!({
        "id": "resp_dummy", "object": "response", "created_at": 1_700_000_000,
        "status": status, "background": false, "completed_at": completed, "error": null,
        "incomplete_details": null, "instructions": null, "max_output_tokens": null,
        "model": "dummy", "output": output, "parallel_tool_calls": true,
        "previous_response_id": null, "reasoning": {"effort": null, "summary": null},
        "service_tier": "default", "store": true, "temperature": 1.0,
        "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [],
        "top_p": 1.0, "truncation": "disabled", "usage": usage, "user": null, "metadata": {},
    })
}

fn usage(tokens: u64) -> Value {
    json!({
        "input_tokens": INPUT_TOKENS,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": INPUT_TOKENS + tokens,
    })
}

fn item_id(at: usize, kind: &Kind) -> String {
    let prefix = match kind {
        Kind::Text => "msg",
        Kind::Reasoning => "rs",
        Kind::Call(_) => "fc",
    };
    format!("{prefix}_dummy_{at}")
}

fn item(at: usize, block: &Block, status: &str, text: &str) -> Value {
    let (id, begun) = (item_id(at, &block.kind), status == "in_progress");
    let part = |part: Value| {
        if begun { json!([]) } else { json!([part]) }
    };
    match &block.kind {
        Kind::Text => {
            json!({"id": id, "type": "message", "status": status, "role": "assistant", "content": part(text_part(text))})
        }
        Kind::Reasoning => {
            json!({"id": id, "type": "reasoning", "summary": part(summary_part(text)), "encrypted_content": super::SIGNATURE})
        }
        Kind::Call(name) => {
            json!({"id": id, "type": "function_call", "status": status, "arguments": text, "call_id": format!("call_dummy_{at}"), "name": name})
        }
    }
}

fn text_part(text: &str) -> Value {
    json!({"type": "output_text", "annotations": [], "logprobs": [], "text": text})
}

fn summary_part(text: &str) -> Value {
    json!({"type": "summary_text", "text": text})
}

fn in_text(name: &'static str, at: usize, field: (&str, Value)) -> Event {
    let mut fields = json!({"item_id": item_id(at, &Kind::Text), "output_index": at, "content_index": 0, "logprobs": []});
    add(&mut fields, field);
    event(name, fields)
}

fn in_summary(name: &'static str, at: usize, field: (&str, Value)) -> Event {
    let mut fields =
        json!({"item_id": item_id(at, &Kind::Reasoning), "output_index": at, "summary_index": 0});
    add(&mut fields, field);
    event(name, fields)
}

fn in_item(name: &'static str, at: usize, block: &Block, field: (&str, Value)) -> Event {
    let mut fields = json!({"item_id": item_id(at, &block.kind), "output_index": at});
    add(&mut fields, field);
    event(name, fields)
}

fn add(fields: &mut Value, (name, value): (&str, Value)) {
    if let Some(fields) = fields.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// An event says its name in its data too, first of all.
fn event(name: &'static str, fields: Value) -> Event {
    let mut data = json!({"type": name});
    if let (Some(data), Value::Object(fields)) = (data.as_object_mut(), fields) {
        data.extend(fields);
    }
    Event { name, data }
}

//! The formats of streams: an event that carries a piece of a text, what ends it, and what a
//! client reads.

use serde_json::{Value, json};

/// One running text of one format.
pub(crate) struct Format {
    pub(crate) name: &'static str,
    /// An event with a piece.
    pub(crate) piece: fn(&str) -> String,
    /// The events after the last piece.
    pub(crate) ends: fn() -> Vec<String>,
    /// The piece that a client reads from an event.
    pub(crate) read: fn(&Value) -> Option<&str>,
}

impl Format {
    /// The text that a client puts together.
    pub(crate) fn read_all(&self, stream: &str) -> String {
        let events = super::support::data(stream);
        events.iter().filter_map(self.read).collect()
    }
}

fn data(value: Value) -> String {
    format!("data: {value}\n\n")
}

fn named(value: Value) -> String {
    let name = value["type"].as_str().unwrap().to_owned();
    format!("event: {name}\ndata: {value}\n\n")
}

pub(crate) fn chunk(choices: Value) -> String {
    data(
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
        "model": "m", "choices": choices}),
    )
}

fn chat_ends(reason: &str) -> Vec<String> {
    vec![
        chunk(json!([{"index": 0, "delta": {}, "finish_reason": reason}])),
        data(
            json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
            "model": "m", "choices": [], "usage": {"total_tokens": 7}}),
        ),
        "data: [DONE]\n\n".to_owned(),
    ]
}

fn anthropic_ends() -> Vec<String> {
    vec![
        named(json!({"type": "content_block_stop", "index": 0})),
        named(
            json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 7}}),
        ),
        named(json!({"type": "message_stop"})),
    ]
}

pub(crate) const TEXTS: &[Format] = &[
    Format {
        name: "chat",
        piece: |piece| {
            chunk(json!([{"index": 0, "delta": {"content": piece}, "finish_reason": null}]))
        },
        ends: || chat_ends("stop"),
        read: |event| event["choices"][0]["delta"]["content"].as_str(),
    },
    Format {
        name: "chat, reasoning",
        piece: |piece| {
            chunk(
                json!([{"index": 0, "delta": {"reasoning_content": piece}, "finish_reason": null}]),
            )
        },
        ends: || chat_ends("stop"),
        read: |event| event["choices"][0]["delta"]["reasoning_content"].as_str(),
    },
    Format {
        name: "anthropic",
        piece: |piece| {
            named(json!({"type": "content_block_delta", "index": 0,
                "delta": {"type": "text_delta", "text": piece}}))
        },
        ends: anthropic_ends,
        read: |event| event["delta"]["text"].as_str(),
    },
    Format {
        name: "anthropic, thinking",
        piece: |piece| {
            named(json!({"type": "content_block_delta", "index": 0,
                "delta": {"type": "thinking_delta", "thinking": piece}}))
        },
        ends: anthropic_ends,
        read: |event| event["delta"]["thinking"].as_str(),
    },
    Format {
        name: "responses",
        piece: |piece| {
            named(
                json!({"type": "response.output_text.delta", "item_id": "msg_1",
                "output_index": 0, "content_index": 0, "delta": piece, "sequence_number": 3}),
            )
        },
        ends: || {
            vec![
                named(
                    json!({"type": "response.output_text.done", "item_id": "msg_1",
                    "output_index": 0, "content_index": 0, "text": "", "sequence_number": 4}),
                ),
                named(json!({"type": "response.completed", "sequence_number": 5,
                    "response": {"id": "resp_1", "usage": {"total_tokens": 7}}})),
            ]
        },
        read: |event| match event["type"].as_str() {
            Some("response.output_text.delta") => event["delta"].as_str(),
            _ => None,
        },
    },
    Format {
        name: "gemini",
        piece: |piece| {
            data(
                json!({"candidates": [{"content": {"parts": [{"text": piece}],
                "role": "model"}, "index": 0}], "modelVersion": "g"}),
            )
        },
        ends: || {
            vec![data(
                json!({"candidates": [{"content": {"parts": [{"text": ""}],
                "role": "model"}, "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"totalTokenCount": 7}}),
            )]
        },
        read: |event| event["candidates"][0]["content"]["parts"][0]["text"].as_str(),
    },
    Format {
        name: "cohere",
        piece: |piece| {
            named(json!({"type": "content-delta", "index": 0,
                "delta": {"message": {"content": {"text": piece}}}}))
        },
        ends: || {
            vec![
                named(json!({"type": "content-end", "index": 0})),
                named(
                    json!({"type": "message-end", "delta": {"finish_reason": "COMPLETE",
                    "usage": {"tokens": {"output_tokens": 7}}}}),
                ),
            ]
        },
        read: |event| event["delta"]["message"]["content"]["text"].as_str(),
    },
];

/// Arguments of tool calls.
pub(crate) const ARGUMENTS: &[Format] = &[
    Format {
        name: "chat, arguments",
        piece: |piece| {
            chunk(json!([{"index": 0, "delta": {"tool_calls": [{"index": 0,
                "function": {"arguments": piece}}]}, "finish_reason": null}]))
        },
        ends: || chat_ends("tool_calls"),
        read: |event| {
            event["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str()
        },
    },
    Format {
        name: "anthropic, arguments",
        piece: |piece| {
            named(json!({"type": "content_block_delta", "index": 0,
                "delta": {"type": "input_json_delta", "partial_json": piece}}))
        },
        ends: anthropic_ends,
        read: |event| event["delta"]["partial_json"].as_str(),
    },
    Format {
        name: "responses, arguments",
        piece: |piece| {
            named(
                json!({"type": "response.function_call_arguments.delta", "item_id": "fc_1",
                "output_index": 0, "delta": piece, "sequence_number": 3}),
            )
        },
        ends: || {
            vec![named(
                json!({"type": "response.function_call_arguments.done",
                "item_id": "fc_1", "output_index": 0, "arguments": "", "sequence_number": 4}),
            )]
        },
        read: |event| match event["type"].as_str() {
            Some("response.function_call_arguments.delta") => event["delta"].as_str(),
            _ => None,
        },
    },
    Format {
        name: "cohere, arguments",
        piece: |piece| {
            named(
                json!({"type": "tool-call-delta", "index": 0, "delta": {"message":
                {"tool_calls": {"function": {"arguments": piece}}}}}),
            )
        },
        ends: || vec![named(json!({"type": "tool-call-end", "index": 0}))],
        read: |event| event["delta"]["message"]["tool_calls"]["function"]["arguments"].as_str(),
    },
];

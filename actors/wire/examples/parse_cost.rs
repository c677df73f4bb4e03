//! What a parse costs, beside serde_json's cheapest pass over the same bytes in the same run.
//!
//! `cargo run --release -p nenya-wire --example parse_cost`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_wire::{ChatRequest, JsonLimits};
use serde::de::IgnoredAny;

const PROSE: &str = "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
const CODE: &str = "fn main() {\n\tlet name = \"x\";\n\tprintln!(\"{name}\\n\");\n}\n";

fn main() {
    let limits = JsonLimits::default();
    println!(
        "{:<16} {:>8} {:>12} {:>12} {:>12}",
        "document", "bytes", "parse ns", "serde ns", "splice ns"
    );
    for (name, body) in [
        ("chat 2 KiB", chat(&PROSE.repeat(4), 6)),
        ("tools 2 KiB", tools()),
        ("prose 200 KiB", chat(&PROSE.repeat(2900), 1)),
        ("code 200 KiB", chat(&CODE.repeat(2700), 1)),
    ] {
        let request = ChatRequest::parse(body.clone(), &limits).expect("a valid request");
        let parse = best(|| drop(black_box(ChatRequest::parse(body.clone(), &limits))));
        let serde = best(|| drop(black_box(serde_json::from_slice::<IgnoredAny>(&body))));
        let splice = best(|| drop(black_box(request.with_model("another-model"))));
        println!(
            "{name:<16} {:>8} {parse:>12} {serde:>12} {splice:>12}",
            body.len()
        );
    }
}

fn chat(text: &str, messages: usize) -> Bytes {
    let message = serde_json::json!({ "role": "user", "content": text });
    let body = serde_json::json!({
        "model": "gpt-x", "temperature": 0.7, "stream": true, "messages": vec![message; messages],
    });
    Bytes::from(body.to_string())
}

fn tools() -> Bytes {
    let tool = |name: &str| {
        serde_json::json!({ "type": "function", "function": {
            "name": name, "description": "Reads a file from the workspace and returns its lines.",
            "parameters": { "type": "object", "required": ["path"], "properties": {
                "path": { "type": "string", "description": "Path of the file" },
                "from": { "type": "integer" }, "to": { "type": "integer" } } } } })
    };
    let body = serde_json::json!({
        "model": "gpt-x", "stream": true,
        "messages": [
            { "role": "system", "content": PROSE },
            { "role": "user", "content": PROSE },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
                "function": { "name": "read", "arguments": "{\"path\":\"src/main.rs\",\"from\":1}" } }] },
            { "role": "tool", "tool_call_id": "call_1", "content": CODE },
        ],
        "tools": [tool("read"), tool("list"), tool("write"), tool("grep")],
    });
    Bytes::from(body.to_string())
}

/// The best of many rounds, in nanoseconds per call.
fn best(mut run: impl FnMut()) -> u128 {
    let mut best = Duration::MAX;
    let mut calls = 1_u32;
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..calls {
            run();
        }
        let taken = start.elapsed();
        best = best.min(taken / calls);
        calls =
            (Duration::from_millis(5).as_nanos() / best.as_nanos().max(1)).clamp(1, 100_000) as u32;
    }
    best.as_nanos()
}

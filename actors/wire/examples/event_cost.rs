//! What it costs to find the texts of one event, and to read arguments of a tool call.
//!
//! `cargo run --release -p nenya-wire --example event_cost`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program"
)]

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use nenya_wire::{
    Fragment, FragmentSink, JsonLimits, Respelling, event_texts, only_slot, reply_texts, sse,
};

const CHAT: &str = r#"{"id":"chatcmpl-CXyZ0123456789abcdefghijklm","object":"chat.completion.chunk","created":1763800000,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{"content":" gateways"},"logprobs":null,"finish_reason":null}],"obfuscation":"aB3dE"}"#;
const CALL: &str = r#"{"id":"chatcmpl-CXyZ0123456789abcdefghijklm","object":"chat.completion.chunk","created":1763800000,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\":\"src"}}]},"finish_reason":null}]}"#;
const ANTHROPIC: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" gateways and more"}}"#;
const RESPONSES: &str = r#"{"type":"response.output_text.delta","sequence_number":17,"item_id":"msg_0123456789abcdef0123456789abcdef","output_index":0,"content_index":0,"delta":" gateways","logprobs":[],"obfuscation":"aB3dE7f"}"#;
const GEMINI: &str = r#"{"candidates":[{"content":{"parts":[{"text":"The quick brown fox jumps over the lazy dog."}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":9,"totalTokenCount":17},"modelVersion":"gemini-2.5-flash","responseId":"AbCdEfGh"}"#;
const OLLAMA: &str = r#"{"model":"llama3.2","created_at":"2026-11-22T10:00:00.123456789Z","message":{"role":"assistant","content":" gateways"},"done":false}"#;

fn main() {
    println!("{:<24} {:>8} {:>10}", "what", "bytes", "ns");
    for (name, data) in [
        ("chat chunk", CHAT),
        ("chat arguments", CALL),
        ("anthropic delta", ANTHROPIC),
        ("responses delta", RESPONSES),
        ("gemini chunk", GEMINI),
        ("ollama line", OLLAMA),
    ] {
        row(name, data.len(), || {
            drop(black_box(event_texts(black_box(data.as_bytes()))))
        });
    }
    let event = event_texts(CHAT.as_bytes()).expect("a chunk");
    row("chat, replaced", CHAT.len(), || {
        drop(black_box(event.with_slots(CHAT.as_bytes(), &[(0, "x")])));
    });
    let slot = *event.slots().first().expect("a slot");
    row("chat, only slot", CHAT.len(), || {
        drop(black_box(only_slot(CHAT.as_bytes(), &slot, "x")));
    });
    let stream = format!("data: {CHAT}\n\n").repeat(8);
    row("8 sse events", stream.len(), || {
        black_box(sse::events(stream.as_bytes()).count());
    });
    let reply = format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","choices":[{{"index":0,"message":{{"role":"assistant","content":"{}"}},"logprobs":null,"finish_reason":"stop"}}]}}"#,
        "prose about gateways ".repeat(100)
    );
    row("whole reply", reply.len(), || {
        drop(black_box(reply_texts(
            reply.as_bytes(),
            &JsonLimits::default(),
        )));
    });
    fragments();
}

fn fragments() {
    let code = serde_json::json!({ "path": "src/main.rs", "text": "fn main() {\n\tlet name = \"x\";\n}\n".repeat(3000) });
    let code = code.to_string();
    row("arguments, code", code.len(), || read(&[&code]));
    let prose = serde_json::json!({ "text": "prose about gateways ".repeat(5000) }).to_string();
    row("arguments, prose", prose.len(), || read(&[&prose]));
    row("4 chunks of arguments", 40, || {
        read(&["{\"path\":", "\"src/ma", "in.rs\",\"from\"", ":1}"]);
    });
}

struct Keep(String);

impl FragmentSink for Keep {
    type Error = Infallible;

    fn raw(&mut self, text: &str) -> Result<(), Infallible> {
        self.0.push_str(text);
        Ok(())
    }

    fn open(&mut self, _key: &str) -> Result<(), Infallible> {
        Ok(())
    }

    fn text(&mut self, decoded: &str, spelling: &mut Respelling) -> Result<(), Infallible> {
        spelling.keep(decoded, &mut self.0);
        Ok(())
    }

    fn close(&mut self, _: &mut Respelling) -> Result<(), Infallible> {
        Ok(())
    }
}

fn read(chunks: &[&str]) {
    let (mut fragment, mut sink) = (Fragment::new(), Keep(String::new()));
    for chunk in chunks {
        let Ok(()) = fragment.push(chunk, &mut sink);
    }
    let Ok(()) = fragment.finish(&mut sink);
    drop(black_box(sink.0));
}

fn row(name: &str, bytes: usize, run: impl FnMut()) {
    println!("{name:<24} {bytes:>8} {:>10}", best(run));
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

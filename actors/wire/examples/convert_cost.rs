//! What a conversion costs: a 4 KiB request, a streamed chunk, and the allocations of both, for
//! every pair of formats; beside a plain copy of the same bytes in the same run.
//!
//! `cargo run --release -p nenya-wire --example convert_cost`

#![allow(
    unsafe_code,
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measuring program"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_wire::{
    ApiFormat, Asked, ChatRequest, JsonLimits, ReplyTranslator, Target, ThinkingForm,
};
use serde_json::json;

/// Counts what is asked of the system's allocator.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call is passed on unchanged to the system's allocator, which keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above, that is from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    println!(
        "{:<36} {:>10} {:>8} {:>12} {:>8} {:>10}",
        "from -> to", "request us", "allocs", "chunk us", "allocs", "of a copy"
    );
    let request = request();
    for from in ApiFormat::ALL {
        for to in ApiFormat::ALL {
            let (request_us, request_allocs) = request_cost(&request, from, to);
            let (chunk_us, chunk_allocs, ratio) = chunk_cost(from, to);
            let pair = format!("{from} -> {to}");
            println!(
                "{pair:<36} {request_us:>10.2} {request_allocs:>8.0} {chunk_us:>12.3} {chunk_allocs:>8.1} {ratio:>9.1}x"
            );
        }
    }
}

/// 4 KiB of conversation with two tools, in Chat Completions; other formats are made of it.
fn request() -> ChatRequest {
    let prose = "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
    let tool = |name: &str| {
        json!({ "type": "function", "function": { "name": name,
        "description": "Reads a file from the workspace and returns its lines.",
        "parameters": { "type": "object", "required": ["path"], "properties": {
            "path": { "type": "string", "description": "Path of the file" }, "from": { "type": "integer" } } } } })
    };
    let body = json!({ "model": "m", "max_completion_tokens": 500, "messages": [
        { "role": "system", "content": prose.repeat(10) },
        { "role": "user", "content": prose.repeat(8) },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
            "function": { "name": "read", "arguments": "{\"path\":\"src/main.rs\",\"from\":1}" } }] },
        { "role": "tool", "tool_call_id": "call_1", "content": prose.repeat(16) },
        { "role": "user", "content": prose.repeat(15) },
    ], "tools": [tool("read"), tool("list")] });
    parsed(ApiFormat::OpenAiChat, body.to_string().into())
}

fn parsed(format: ApiFormat, body: Bytes) -> ChatRequest {
    let request =
        ChatRequest::parse_as(format, body, &JsonLimits::default()).expect("a valid request");
    match format {
        ApiFormat::Gemini | ApiFormat::Bedrock => request.addressed("m", false).expect("a name"),
        _ => request,
    }
}

const TARGET: Target<'static> = Target {
    model: "m",
    provider: "p",
    max_output: Some(4096),
    takes_sampling: true,
    thinking: ThinkingForm::Effort,
    wants_usage: false,
    effort: None,
    seals: None,
};

/// Microseconds and allocations of one request; the pass between equal formats is the splice of
/// the model's name.
fn request_cost(chat: &ChatRequest, from: ApiFormat, to: ApiFormat) -> (f64, f64) {
    let source = if from == ApiFormat::OpenAiChat {
        chat.clone()
    } else {
        let made = nenya_wire::convert_request(chat, from, &TARGET, false).expect("can be said");
        parsed(from, made.body)
    };
    if from == to {
        return measured(1, || drop(black_box(source.with_model("another"))));
    }
    measured(1, || {
        drop(black_box(
            nenya_wire::convert_request(&source, to, &TARGET, false).expect("can be said"),
        ))
    })
}

/// Microseconds and allocations of one chunk of text, and the ratio to a copy of the chunk.
fn chunk_cost(from: ApiFormat, to: ApiFormat) -> (f64, f64, f64) {
    let chunks = chunks(from);
    let count = chunks.len() as u32;
    let asked = Asked {
        model: "m".into(),
        provider: "p".into(),
        include_usage: true,
        now: 0,
        request_id: "r".into(),
        seals: None,
    };
    let (us, allocs) = measured(count, || {
        let mut translator = ReplyTranslator::new(from, to, &asked);
        for chunk in &chunks {
            drop(black_box(
                translator.push(chunk.clone()).expect("a good stream"),
            ));
        }
    });
    let (copy, _) = measured(count, || {
        for chunk in &chunks {
            drop(black_box(Bytes::copy_from_slice(chunk)));
        }
    });
    (us, allocs, us / copy)
}

/// A plain stream of the format with its text events repeated, one event a chunk.
fn chunks(format: ApiFormat) -> Vec<Bytes> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format.label());
    if format == ApiFormat::Bedrock {
        let mut reader = nenya_wire::aws_event_stream::FrameReader::new();
        let mut frames = Vec::new();
        let file = fs::read(folder.join("plain.stream.bin")).expect("a golden file");
        reader
            .push(&file, |frame| {
                let mut bytes = Vec::new();
                nenya_wire::aws_event_stream::write_frame(
                    frame.event,
                    frame.payload,
                    frame.exception,
                    &mut bytes,
                );
                frames.push(Bytes::from(bytes));
            })
            .expect("good frames");
        return repeated(frames);
    }
    if format == ApiFormat::Ollama {
        let file = fs::read(folder.join("plain.stream.ndjson")).expect("a golden file");
        return repeated(
            file.split_inclusive(|byte| *byte == b'\n')
                .map(Bytes::copy_from_slice)
                .collect(),
        );
    }
    let file = fs::read_to_string(folder.join("plain.stream.sse"))
        .expect("a golden file")
        .replace("\r\n", "\n");
    repeated(
        file.split_inclusive("\n\n")
            .map(|event| Bytes::copy_from_slice(event.as_bytes()))
            .collect(),
    )
}

/// The longest run of alike events, taken for the text, is repeated 200 times.
fn repeated(events: Vec<Bytes>) -> Vec<Bytes> {
    let middle = events.len() / 2;
    let text = events.get(middle).cloned().expect("a stream has a middle");
    let (head, tail) = events.split_at(middle);
    let mut all = head.to_vec();
    all.extend(std::iter::repeat_n(text, 200));
    all.extend_from_slice(tail);
    all
}

/// The best of many rounds, in microseconds and allocations per unit.
fn measured(units: u32, mut run: impl FnMut()) -> (f64, f64) {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    run();
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    let mut best = Duration::MAX;
    for _ in 0..30 {
        let start = Instant::now();
        for _ in 0..20 {
            run();
        }
        best = best.min(start.elapsed() / 20);
    }
    (
        best.as_secs_f64() * 1e6 / f64::from(units),
        allocations as f64 / f64::from(units),
    )
}

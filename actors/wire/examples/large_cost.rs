//! What a large document costs in one piece: judging and converting a reply, reading and
//! converting a request, for every pair of formats; beside a plain copy of the same bytes.
//!
//! From it comes the length beyond which an HTTP worker leaves a document to other threads.
//!
//! `cargo run --release -p nenya-wire --example large_cost`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_wire::{ApiFormat, Asked, ChatRequest, JsonLimits, Target, ThinkingForm};
use serde_json::json;

const LETTERS: &str = "a";
const PROSE: &str = "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
const CODE: &str = "fn main() {\n\tlet name = \"x\";\n\tprintln!(\"{name}\\n\");\n}\n";

fn main() {
    println!(
        "{:<8} {:>8} {:>8} | {:>8} {:>8} {:>9} {:>9} | {:>8} {:>8} {:>9} {:>9}   (microseconds)",
        "text",
        "KiB",
        "copy",
        "judge",
        "usage",
        "convert",
        "at most",
        "parse",
        "splice",
        "convert",
        "at most"
    );
    for (name, text) in [("letters", LETTERS), ("prose", PROSE), ("code", CODE)] {
        for kib in [16, 64, 128, 256, 512, 1024, 4096] {
            let text = text.repeat((kib << 10) / text.len());
            let (reply, request) = (Reply::of(&text), request(&text));
            let copy = best(|| drop(black_box(Bytes::copy_from_slice(text.as_bytes()))));
            println!(
                "{name:<8} {kib:>8} {copy:>8} | {} | {}",
                reply.costs(),
                request_costs(&request)
            );
        }
    }
}

/// One reply in every format.
struct Reply(Vec<(ApiFormat, Bytes)>);

impl Reply {
    fn of(text: &str) -> Self {
        let body = json!({ "id": "r", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{ "index": 0, "finish_reason": "stop",
                "message": { "role": "assistant", "content": text } }],
            "usage": { "prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 14 } });
        let body = Bytes::from(body.to_string());
        let in_format = |format| {
            let from = ApiFormat::OpenAiChat;
            let made = match format == from {
                true => body.clone(),
                false => converted(&body, from, format),
            };
            (format, made)
        };
        Self(ApiFormat::ALL.into_iter().map(in_format).collect())
    }

    fn costs(&self) -> String {
        let mut judge = Vec::new();
        let mut usage = Vec::new();
        let mut convert = Vec::new();
        for (from, body) in &self.0 {
            judge.push(best(|| {
                black_box(nenya_wire::is_json_object(body));
            }));
            usage.push(best(|| {
                black_box(nenya_wire::usage_of_reply(body, *from));
            }));
            for to in ApiFormat::ALL.into_iter().filter(|to| to != from) {
                convert.push(best(|| drop(black_box(converted(body, *from, to)))));
            }
        }
        let (convert, most) = middle_and_most(convert);
        format!(
            "{:>8} {:>8} {convert:>9} {most:>9}",
            middle_and_most(judge).0,
            middle_and_most(usage).0
        )
    }
}

fn converted(body: &[u8], from: ApiFormat, to: ApiFormat) -> Bytes {
    let asked = Asked {
        model: "m".into(),
        provider: "p".into(),
        include_usage: true,
        now: 0,
        request_id: "r".into(),
        seals: None,
    };
    let converted = nenya_wire::convert_reply(body, from, to, &asked);
    converted.expect("can be said").0.body
}

fn request(text: &str) -> ChatRequest {
    let body = json!({ "model": "m", "max_completion_tokens": 500,
        "messages": [{ "role": "user", "content": text }] });
    parsed(ApiFormat::OpenAiChat, body.to_string().into())
}

fn parsed(format: ApiFormat, body: Bytes) -> ChatRequest {
    let request = ChatRequest::parse_as(format, body, &JsonLimits::default());
    let request = request.expect("a valid request");
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

fn request_costs(chat: &ChatRequest) -> String {
    let mut parse = Vec::new();
    let mut splice = Vec::new();
    let mut convert = Vec::new();
    for from in ApiFormat::ALL {
        let source = match from == ApiFormat::OpenAiChat {
            true => chat.clone(),
            false => parsed(from, worded(chat, from)),
        };
        parse.push(best(|| {
            drop(black_box(parsed(from, source.body().clone())));
        }));
        splice.push(best(|| drop(black_box(source.with_model("another")))));
        for to in ApiFormat::ALL.into_iter().filter(|to| *to != from) {
            convert.push(best(|| drop(black_box(worded(&source, to)))));
        }
    }
    let (convert, most) = middle_and_most(convert);
    format!(
        "{:>8} {:>8} {convert:>9} {most:>9}",
        middle_and_most(parse).0,
        middle_and_most(splice).0
    )
}

fn worded(request: &ChatRequest, to: ApiFormat) -> Bytes {
    let converted = nenya_wire::convert_request(request, to, &TARGET, false);
    converted.expect("can be said").body
}

fn middle_and_most(mut times: Vec<u128>) -> (u128, u128) {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    (middle, times.last().copied().unwrap_or_default())
}

/// The best of some rounds, in microseconds.
fn best(mut run: impl FnMut()) -> u128 {
    let mut best = Duration::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best.as_micros()
}

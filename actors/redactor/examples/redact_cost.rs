//! What redaction costs: MB/s over large texts, microseconds for a request, nanoseconds for a
//! chunk, and milliseconds for hostile texts of 1, 2, 4 and 8 MB.
//!
//! `cargo run --release -p nenya-redactor --example redact_cost [prose|code|json|hostile|..]`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program"
)]

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_redactor::{Preset, RedactionConfig, RedactorHandle, ReplyRedactor, RuleSet, Who};
use wire::{ChatRequest, JsonLimits};

const ANN: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

const DENSE: &str = concat!(
    "key AK",
    "IAZ7QX2MPL4TRJWKD5 and password=\"hunter2-Xk9\" in a line. "
);

fn main() {
    let only = std::env::args().nth(1);
    let chosen = |name: &str| only.as_deref().is_none_or(|only| only == name);
    for presets in [
        vec![Preset::Credentials],
        vec![Preset::Credentials, Preset::Pii],
    ] {
        let names: Vec<_> = presets.iter().map(|preset| preset.name()).collect();
        let config = RedactionConfig {
            presets,
            replies: true,
            inline_limit: usize::MAX,
            ..RedactionConfig::default()
        };
        let start = Instant::now();
        let rules = RuleSet::compile(&config).expect("built-in rules compile");
        println!(
            "{} ({} rules): compiled and tested in {:?}",
            names.join("+"),
            rules.len(),
            start.elapsed()
        );
        let redactor = RedactorHandle::detached(rules);
        for (name, text) in texts().into_iter().filter(|(name, _)| chosen(name)) {
            large_text(&redactor, name, &text);
            small_request(&redactor, &text);
            chunks(&redactor, &text);
        }
        if chosen("hostile") {
            hostile(&redactor);
        }
    }
}

fn texts() -> Vec<(&'static str, String)> {
    let prose = concat!(
        include_str!("../../../docs/operations.md"),
        include_str!("../../../docs/threat-model.md"),
        include_str!("../../../docs/architecture.md"),
    );
    let code = concat!(
        include_str!("../src/pool.rs"),
        include_str!("../src/scan/scanner.rs"),
        include_str!("../../../src/http/refusals.rs"),
    );
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let shuffled = |n: u32| (n.wrapping_mul(2_654_435_761) >> 26) as usize;
    let letters = (0..200 * 1024).filter_map(|n| alphabet.get(shuffled(n)));
    let unicode = "Größere Texte über Äpfel, naïve Ideen und 日本語 ohne Geheimnisse. ";
    vec![
        ("prose", prose.repeat(6)),
        ("code", code.repeat(4)),
        ("json", (0..600).map(record).collect()),
        ("logs", (0..1000).map(line).collect()),
        ("unicode", unicode.repeat(1500)),
        ("base64", letters.map(|byte| char::from(*byte)).collect()),
        ("dense", DENSE.repeat(2500)),
        ("letter", "a".repeat(200 * 1024)),
    ]
}

fn record(n: u32) -> String {
    format!(
        concat!(
            "  {{\n    \"id\": {n},\n    \"name\": \"item {n}\",\n    \"price\": {n}.25,\n",
            "    \"created_at\": \"2026-11-{day:02}T10:00:00Z\",\n    \"active\": true,\n",
            "    \"tags\": [\"alpha\", \"beta\"], \"parent\": null,\n",
            "    \"about\": \"A short text about things that nobody hides\"\n  }},\n",
        ),
        n = n,
        day = n % 28 + 1
    )
}

fn line(n: u32) -> String {
    format!(
        concat!(
            "2026-11-22T09:{:02}:{:02}.{:03}Z INFO  gateway::http request finished ",
            "method=POST path=/v1/chat/completions status=200 duration_ms={} id={:08x}\n",
        ),
        n / 60 % 60,
        n % 60,
        n,
        n * 7,
        n.wrapping_mul(999_983)
    )
}

fn large_text(redactor: &RedactorHandle, name: &str, text: &str) {
    let body = Bytes::from(text.to_owned());
    let scan = || now(redactor.redact_text(body.clone(), ANN)).expect("it passes");
    let found = scan().findings().total();
    let time = best(|| drop(black_box(scan())));
    let speed = text.len() as f64 / time.as_secs_f64() / 1e6;
    println!(
        "  {name:<8} {:>7} bytes, {found:>5} found: {speed:>6.0} MB/s",
        text.len()
    );
}

/// Six messages, 2 KiB together.
fn small_request(redactor: &RedactorHandle, text: &str) {
    let end = text.floor_char_boundary(280);
    let message = serde_json::json!({ "role": "user", "content": text.get(..end) });
    let body = serde_json::json!({
        "model": "gpt-x", "temperature": 0.7, "stream": true, "messages": vec![message; 6],
    });
    let body = Bytes::from(body.to_string());
    let request = ChatRequest::parse(body.clone(), &JsonLimits::default()).expect("a request");
    let time = best(|| {
        drop(black_box(now(redactor.redact_chat(request.clone(), ANN))));
    });
    println!(
        "           request of {} bytes: {:.2} us",
        body.len(),
        time.as_secs_f64() * 1e6
    );
}

/// Pieces of 20 bytes: of text alone, and in events.
fn chunks(redactor: &RedactorHandle, text: &str) {
    let pieces: Vec<&str> = (0..100)
        .filter_map(|n| {
            let (start, end) = (n * 20, n * 20 + 20);
            text.get(text.floor_char_boundary(start)..text.floor_char_boundary(end))
        })
        .collect();
    let events: Vec<Bytes> = pieces
        .iter()
        .map(|piece| {
            let choices = serde_json::json!([{"index": 0, "delta": {"content": piece}}]);
            let chunk = serde_json::json!({"id": "c", "choices": choices});
            Bytes::from(format!("data: {chunk}\n\n"))
        })
        .collect();
    let text = best(|| {
        let mut reply = reply(redactor);
        for piece in &pieces {
            black_box(reply.text(piece.as_bytes()));
        }
        drop(reply.finish());
    });
    let event = best(|| {
        let mut reply = reply(redactor);
        for event in &events {
            black_box(reply.events(event.clone()));
        }
        drop(reply.finish());
    });
    let nanos = |time: Duration| time.as_secs_f64() * 1e9 / 100.0;
    println!(
        "           chunk of 20 bytes: {:.0} ns, event with it {:.0} ns",
        nanos(text),
        nanos(event)
    );
}

fn reply(redactor: &RedactorHandle) -> ReplyRedactor {
    let body = Bytes::from_static(br#"{"model":"m","messages":[]}"#);
    let redacted = now(redactor.redact_json(body, &JsonLimits::default(), ANN));
    let redacted = redacted.expect("it passes");
    redacted.reply().expect("replies are looked at")
}

fn hostile(redactor: &RedactorHandle) {
    for piece in [
        "eyJ",
        "-----BEGIN ",
        "password=",
        "a",
        "@",
        "1",
        "1 ",
        "sk-",
    ] {
        print!("  {piece:<11} ms at 1, 2, 4, 8 MB:");
        for size in [1, 2, 4, 8] {
            let text = Bytes::from(piece.repeat((size << 20) / piece.len()));
            let start = Instant::now();
            drop(black_box(now(redactor.redact_text(text, ANN))));
            print!(" {:>6.1}", start.elapsed().as_secs_f64() * 1e3);
        }
        println!();
    }
}

/// What a future comes to that waits for nobody.
fn now<F: Future>(future: F) -> F::Output {
    let mut waiter = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut waiter) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("no body is too large for this thread"),
    }
}

/// The best of many rounds, per call.
fn best(mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    let mut calls = 1_u32;
    for _ in 0..30 {
        let start = Instant::now();
        for _ in 0..calls {
            run();
        }
        best = best.min(start.elapsed() / calls);
        let fitting = Duration::from_millis(3).as_nanos() / best.as_nanos().max(1);
        calls = u32::try_from(fitting).unwrap_or(u32::MAX).clamp(1, 100_000);
    }
    best
}

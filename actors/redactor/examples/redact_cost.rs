//! What a scan costs: MB/s over large texts, and microseconds for a chat request of 2 KiB.
//!
//! `cargo run --release -p nenya-redactor --example redact_cost`

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measuring program"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_redactor::{Findings, Preset, RedactionConfig, RuleSet};
use wire::{ChatRequest, JsonLimits};

const PROSE: &str = "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
const CODE: &str =
    "fn main() {\n\tlet name = \"x\";\n\tprintln!(\"{name}: {}\", a[0] + self.b);\n}\n";
const DENSE: &str = concat!(
    "key AK",
    "IAIOSFODNN7EXAMPLE and password=\"correct horse\" in a line. "
);

fn main() {
    for preset in [Preset::Credentials, Preset::Pii] {
        let config = RedactionConfig {
            preset,
            ..RedactionConfig::default()
        };
        let start = Instant::now();
        let rules = RuleSet::compile(&config).expect("built-in rules compile");
        let compiled = start.elapsed();
        println!(
            "{} ({} rules): compiled and tested in {compiled:?}",
            preset.name(),
            rules.len()
        );
        large_texts(&rules);
        small_requests(&rules);
    }
}

fn large_texts(rules: &RuleSet) {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let shuffled = |n: u32| (n.wrapping_mul(2_654_435_761) >> 26) as usize;
    let base64: String = (0..200 * 1024)
        .filter_map(|n| alphabet.chars().nth(shuffled(n)))
        .collect();
    let unicode = "Größere Texte über Äpfel, naïve Ideen und 日本語 ohne Geheimnisse. ".to_owned();
    for (name, text) in [
        ("prose", PROSE.repeat(2900)),
        ("code", CODE.repeat(2800)),
        ("base64", base64),
        ("unicode", unicode.repeat(2600)),
        ("dense", DENSE.repeat(3300)),
        ("one letter", "a".repeat(200 * 1024)),
    ] {
        let time = best(|| drop(black_box(rules.redact(&text, &mut Findings::default()))));
        let speed = text.len() as f64 / time.as_secs_f64() / 1e6;
        println!(
            "  {name:<12} {:>8} bytes {:>10.1} us {speed:>8.0} MB/s",
            text.len(),
            micros(time)
        );
    }
}

fn small_requests(rules: &RuleSet) {
    let limits = JsonLimits::default();
    for (name, body) in [
        ("chat", chat(&PROSE.repeat(4), 6)),
        ("one text", chat(&PROSE.repeat(26), 1)),
        ("code", chat(&CODE.repeat(4), 6)),
    ] {
        let request = ChatRequest::parse(body.clone(), &limits).expect("a valid request");
        let parse = best(|| drop(black_box(ChatRequest::parse(body.clone(), &limits))));
        let scan = best(|| {
            let mut findings = Findings::default();
            drop(black_box(request.rewrite_texts(&mut |text| {
                rules.redact(text, &mut findings)
            })));
        });
        let (parse, scan) = (micros(parse), micros(scan));
        println!(
            "  request {name:<9} {} bytes: parse {parse:.2} us, redact {scan:.2} us",
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

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
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
        let fitting = Duration::from_millis(5).as_nanos() / best.as_nanos().max(1);
        calls = u32::try_from(fitting).unwrap_or(u32::MAX).clamp(1, 100_000);
    }
    best
}

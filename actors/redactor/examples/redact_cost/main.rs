//! What redaction costs where the gateway uses it: chat requests of 2 KiB of many kinds, events of
//! streamed replies, the start, and bodies of growing size (where the border to the pool should
//! lie).
//!
//! `cargo run --release -p nenya-redactor --example redact_cost [KIND [TIMES]]`: with a kind
//! (`code`, `tools`, `Latin`, `start`, `sizes`, ...) only that one, and with a number so many times
//! without a clock, for a profiler.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a measuring program"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_redactor::{
    Passed, Preset, Redacted, RedactionConfig, RedactorHandle, ReplyRedactor, RuleSet, Who,
};
use wire::{ChatRequest, JsonLimits};

mod bodies;
mod events;

use bodies::{PROSE, chat};

const WHO: Who<'_> = Who {
    key_id: "key",
    agent: None,
};

/// What is to be measured, and how often if a profiler does it.
struct Wanted {
    kind: Option<String>,
    times: Option<usize>,
}

impl Wanted {
    fn of_arguments() -> Self {
        let mut arguments = std::env::args().skip(1);
        Self {
            kind: arguments.next(),
            times: arguments.next().and_then(|times| times.parse().ok()),
        }
    }

    fn has(&self, kind: &str) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
    }
}

#[actix_rt::main]
async fn main() {
    let wanted = Wanted::of_arguments();
    for presets in [
        vec![Preset::Credentials],
        vec![Preset::Credentials, Preset::Pii],
    ] {
        let names: Vec<_> = presets.iter().map(|preset| preset.name()).collect();
        let names = names.join(",");
        let config = RedactionConfig {
            presets,
            replies: true,
            inline_limit: usize::MAX,
            ..RedactionConfig::default()
        };
        let rules = RuleSet::compile(&config).expect("built-in rules compile");
        println!("{names} ({} rules)", rules.len());
        if wanted.has("start") {
            start(&config);
        }
        let redactor = RedactorHandle::detached(rules);
        requests(&redactor, &wanted).await;
        if wanted.has("sizes") {
            sizes(&redactor).await;
        }
        streams(&redactor, &wanted).await;
        if wanted.times.is_some() {
            return;
        }
    }
}

fn start(config: &RedactionConfig) {
    let requests_only = RedactionConfig {
        replies: false,
        ..config.clone()
    };
    for (what, config) in [
        ("requests and commands", &requests_only),
        ("both directions", config),
    ] {
        let compiled = || RuleSet::compile(config).expect("built-in rules compile");
        let start = Instant::now();
        drop(black_box(compiled()));
        let first = start.elapsed();
        println!(
            "  compiled for {what} and tested in {:.2} ms, at first {:.2} ms",
            best(|| drop(black_box(compiled()))).as_secs_f64() * 1e3,
            first.as_secs_f64() * 1e3
        );
    }
}

async fn requests(redactor: &RedactorHandle, wanted: &Wanted) {
    for (name, bodies) in bodies::kinds() {
        if !wanted.has(name) {
            continue;
        }
        if let Some(times) = wanted.times {
            for body in bodies.iter().cycle().take(times) {
                drop(black_box(redact(redactor, body).await));
            }
            continue;
        }
        let limits = JsonLimits::default();
        let number = u32::try_from(bodies.len()).expect("a few");
        let parse = best(|| {
            for body in &bodies {
                drop(black_box(ChatRequest::parse(body.clone(), &limits)));
            }
        });
        let both = redacted_in(redactor, &bodies).await;
        let length = bodies.iter().map(Bytes::len).sum::<usize>() / bodies.len();
        println!(
            "  request {name:<12} {length} bytes: parse {:.2} us, parse and redact {:.2} us",
            micros(parse / number),
            micros(both)
        );
    }
}

async fn sizes(redactor: &RedactorHandle) {
    for kib in [4, 16, 64, 256, 1024] {
        let body = chat(&PROSE.repeat(kib * 1024 / PROSE.len()), 1);
        let time = redacted_in(redactor, &[body]).await;
        println!("  request of {kib:>4} KiB: {:>8.1} us", micros(time));
    }
}

async fn redact(redactor: &RedactorHandle, body: &Bytes) -> Redacted<ChatRequest> {
    let request = ChatRequest::parse(body.clone(), &JsonLimits::default()).expect("valid");
    redactor.redact_chat(request, WHO).await.expect("redacted")
}

/// Per request.
async fn redacted_in(redactor: &RedactorHandle, bodies: &[Bytes]) -> Duration {
    let mut best = Duration::MAX;
    let length: usize = bodies.iter().map(Bytes::len).sum();
    let rounds = ((1 << 20) / length).max(1);
    let calls = u32::try_from(rounds * bodies.len()).expect("a few thousand");
    for _ in 0..30 {
        let start = Instant::now();
        for body in bodies.iter().cycle().take(rounds * bodies.len()) {
            drop(black_box(redact(redactor, body).await));
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}

async fn streams(redactor: &RedactorHandle, wanted: &Wanted) {
    let request = redact(redactor, &chat("hello", 1)).await;
    for (name, events) in events::kinds() {
        if !wanted.has(name) {
            continue;
        }
        let rounds = wanted.times.unwrap_or(60);
        let best = passed_in(&request, &events, rounds);
        if wanted.times.is_some() {
            continue;
        }
        let length: usize = events.iter().map(Bytes::len).sum();
        println!(
            "  event of a streamed reply, {name:<10} {} bytes: {:.2} us, {} of {} held back in part",
            length / events.len(),
            micros(best),
            held_after_each(&request, &events),
            events.len(),
        );
    }
}

/// Per event; the best of many replies.
fn passed_in(request: &Redacted<ChatRequest>, events: &[Bytes], rounds: usize) -> Duration {
    let mut best = Duration::MAX;
    let number = u32::try_from(events.len()).expect("a few hundred");
    for _ in 0..rounds {
        let mut reply: ReplyRedactor = request.reply().expect("replies are looked at");
        let start = Instant::now();
        for event in events {
            let passed = reply.events(black_box(event.clone()));
            assert!(matches!(black_box(passed), Passed::All(_)));
        }
        best = best.min(start.elapsed() / number);
    }
    best
}

fn held_after_each(request: &Redacted<ChatRequest>, events: &[Bytes]) -> usize {
    let mut reply: ReplyRedactor = request.reply().expect("replies are looked at");
    let held = events.iter().filter(|event| {
        drop(reply.events(Bytes::clone(event)));
        reply.holds()
    });
    held.count()
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

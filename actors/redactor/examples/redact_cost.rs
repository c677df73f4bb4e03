//! What redaction costs where the gateway uses it: a chat request of 2 KiB, an event of a streamed
//! reply, the start, and bodies of growing size (where the border to the pool should lie).
//!
//! `cargo run --release -p nenya-redactor --example redact_cost`

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

const PROSE: &str = "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
const CODE: &str =
    "fn main() {\n\tlet name = \"x\";\n\tprintln!(\"{name}: {}\", a[0] + self.b);\n}\n";
const WHO: Who<'_> = Who {
    key_id: "key",
    agent: None,
};

#[actix_rt::main]
async fn main() {
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
        for (what, config) in [
            ("requests and commands", &requests_only(&config)),
            ("both directions", &config),
        ] {
            let compiled = || RuleSet::compile(config).expect("built-in rules compile");
            let start = Instant::now();
            let rules = compiled();
            let first = start.elapsed();
            println!(
                "{} ({} rules): compiled for {what} and tested in {:.2} ms, at first {:.2} ms",
                names.join(","),
                rules.len(),
                best(|| drop(black_box(compiled()))).as_secs_f64() * 1e3,
                first.as_secs_f64() * 1e3
            );
        }
        let rules = RuleSet::compile(&config).expect("built-in rules compile");
        let redactor = RedactorHandle::detached(rules);
        requests(&redactor).await;
        sizes(&redactor).await;
        events(&redactor).await;
    }
}

fn requests_only(config: &RedactionConfig) -> RedactionConfig {
    RedactionConfig {
        replies: false,
        ..config.clone()
    }
}

async fn requests(redactor: &RedactorHandle) {
    for (name, body) in [
        ("chat", chat(&PROSE.repeat(4), 6)),
        ("one text", chat(&PROSE.repeat(26), 1)),
        ("code", chat(&CODE.repeat(4), 6)),
    ] {
        let limits = JsonLimits::default();
        let parse = best(|| drop(black_box(ChatRequest::parse(body.clone(), &limits))));
        let both = redacted_in(redactor, &body).await;
        println!(
            "  request {name:<9} {} bytes: parse {:.2} us, parse and redact {:.2} us",
            body.len(),
            micros(parse),
            micros(both)
        );
    }
}

async fn sizes(redactor: &RedactorHandle) {
    for kib in [4, 16, 64, 256, 1024] {
        let body = chat(&PROSE.repeat(kib * 1024 / PROSE.len()), 1);
        let time = redacted_in(redactor, &body).await;
        println!("  request of {kib:>4} KiB: {:>8.1} us", micros(time));
    }
}

async fn redact(redactor: &RedactorHandle, body: &Bytes) -> Redacted<ChatRequest> {
    let request = ChatRequest::parse(body.clone(), &JsonLimits::default()).expect("valid");
    redactor.redact_chat(request, WHO).await.expect("redacted")
}

async fn redacted_in(redactor: &RedactorHandle, body: &Bytes) -> Duration {
    let mut best = Duration::MAX;
    let calls = u32::try_from((1 << 20) / body.len()).unwrap_or(1).max(1);
    for _ in 0..30 {
        let start = Instant::now();
        for _ in 0..calls {
            drop(black_box(redact(redactor, body).await));
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}

/// Events of a reply of clean prose, as providers stream it: a few words each. Some scripts have
/// characters that only look like ASCII, or that nobody sees: they are read twice.
async fn events(redactor: &RedactorHandle) {
    let request = redact(redactor, &chat("hello", 1)).await;
    for (name, prose) in SCRIPTS {
        let events: Vec<Bytes> = (0..200).map(|number| event(prose, number)).collect();
        let length: usize = events.iter().map(Bytes::len).sum();
        let mut best = Duration::MAX;
        for _ in 0..60 {
            let mut reply: ReplyRedactor = request.reply().expect("replies are looked at");
            let start = Instant::now();
            for event in &events {
                let passed = reply.events(black_box(event.clone()));
                assert!(matches!(black_box(passed), Passed::All(_)));
            }
            best = best.min(start.elapsed() / 200);
        }
        let held = held_after_each(&request, &events);
        println!(
            "  event of a streamed reply, {name:<10} {} bytes: {:.2} us, {held} of 200 held back in part",
            length / events.len(),
            micros(best)
        );
    }
}

fn held_after_each(request: &Redacted<ChatRequest>, events: &[Bytes]) -> usize {
    let mut reply: ReplyRedactor = request.reply().expect("replies are looked at");
    let held = events.iter().filter(|event| {
        drop(reply.events(Bytes::clone(event)));
        reply.holds()
    });
    held.count()
}

const SCRIPTS: [(&str, &str); 9] = [
    ("Latin", PROSE),
    (
        "Cyrillic",
        "Съешь же ещё этих мягких французских булок — «да», выпей чаю, и всё. ",
    ),
    (
        "Greek",
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία — και όχι μόνο· «ναι», είπε ο Νίκος. ",
    ),
    (
        "Korean",
        "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. ",
    ),
    (
        "Japanese",
        "色は匂へど 散りぬるを、我が世 誰ぞ 常ならむ。有為の 奥山 今日越えて、 ",
    ),
    (
        "Chinese",
        "我们今天 去公园，好吗？ 好的！那么 （如果下雨） 怎么办：回家。 ",
    ),
    (
        "Persian",
        "می\u{200c}خواهم کتاب\u{200c}ها را بخوانم و به خانه\u{200c}ام بروم. ",
    ),
    (
        "French",
        "Vraiment\u{202f}? Oui\u{a0}: «\u{a0}bien sûr\u{a0}», dit-il en riant\u{202f}! Et alors\u{202f}? ",
    ),
    (
        "emoji",
        "Fine \u{2764}\u{fe0f} and good \u{1f469}\u{200d}\u{1f4bb} it was, and so on \u{2714}\u{fe0f} they went. ",
    ),
];

fn event(prose: &str, number: usize) -> Bytes {
    let words = prose.split_inclusive(' ').cycle().skip(number * 4).take(4);
    let event = serde_json::json!({
        "id": "chatcmpl-B7nX2kQvT9mLr4Ws8Yd3Hc6Jf1Pg", "object": "chat.completion.chunk",
        "created": 1_763_805_047, "model": "gpt-x-2026-08-07", "system_fingerprint": null,
        "choices": [{
            "index": 0, "delta": { "content": words.collect::<String>() },
            "logprobs": null, "finish_reason": null,
        }],
    });
    Bytes::from(format!("data: {event}\n\n"))
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

//! Texts that are written to make a scan slow: eight times as much costs about eight times as
//! long, whole and in chunks, never the square.
//!
//! Of each text a short and a long one are timed in turns, by what the thread spends on the
//! processor, so only their ratio counts. A pair is timed again before it fails: others use the
//! caches too.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "tests and their helpers fail by panicking"
)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_redactor::{
    Action, ActionRow, Blocked, Class, EntropyLimits, Passed, Preset, RedactionConfig,
    RedactorHandle, RuleSet, Who, rules,
};

/// How much longer the long text is.
const TIMES: usize = 8;
/// How many times as long it may take: the square would be 64.
const MOST: u32 = 20;
/// Rounds before a pair of times is believed.
const ROUNDS: usize = 16;
/// Bytes of the short text, where nobody asks for more.
const SHORT: usize = 8 << 10;

/// Beginnings of many kinds of secrets, again and again.
const PIECES: [&str; 15] = [
    "a",
    "eyJ",
    "-----BEGIN ",
    "password='",
    "\"'",
    "a.b@c.",
    "1 ",
    "://u:p@",
    "key: ",
    "AA11",
    "::",
    "authorization:",
    "Authorization:Bearer=",
    "X-Amz-Signature=",
    // Findings without end, each of which overlaps the next.
    concat!("sk.ey", "JI1pW283ZgrQ1uhiInaccLCQeo194ThXhtzfSHJf9vYiJzP4u"),
];

fn everything() -> RedactionConfig {
    RedactionConfig {
        presets: vec![Preset::Credentials, Preset::Pii],
        entropy: Some(EntropyLimits {
            threshold: 4.5,
            min_token: 20,
        }),
        blocked: Blocked::BuiltIn,
        replies: true,
        actions: vec![ActionRow {
            rule: None,
            class: Some(Class::Kill),
            agent: None,
            direction: None,
            action: Action::Redact,
        }],
        // Whatever its size, the text is looked at on the thread whose time is taken.
        inline_limit: usize::MAX,
        ..RedactionConfig::default()
    }
}

struct Scan {
    rules: RuleSet,
    redactor: RedactorHandle,
}

impl Scan {
    fn new() -> Self {
        let compiled = || RuleSet::compile(&everything()).unwrap();
        Self {
            rules: compiled(),
            redactor: RedactorHandle::detached(compiled()),
        }
    }

    fn whole(&self, text: &str) -> Duration {
        spent(|| _ = self.rules.inspect(text.as_bytes()).unwrap())
    }

    /// In chunks as a provider streams them; one that would hold too much is ended, and that ends
    /// the work too.
    fn in_chunks(&self, text: &str) -> Duration {
        let who = Who {
            key_id: "ann",
            agent: None,
        };
        let asked = self.redactor.redact_text(Bytes::from_static(b"hi"), who);
        let mut waiter = Context::from_waker(Waker::noop());
        let Poll::Ready(asked) = pin!(asked).poll(&mut waiter) else {
            panic!("it waits")
        };
        let mut reply = asked.unwrap().reply().unwrap();
        spent(|| {
            let mut chunks = text.as_bytes().chunks(64);
            if chunks.all(|chunk| matches!(reply.text(chunk), Passed::All(_))) {
                reply.finish().unwrap();
            }
        })
    }
}

/// What this thread spends on something: on the processor where the system tells it, so that it
/// does not matter what else runs.
fn spent(run: impl FnOnce()) -> Duration {
    let (began, ran) = (Instant::now(), on_processor());
    run();
    let both = ran.zip(on_processor());
    both.map_or_else(|| began.elapsed(), |(before, after)| after - before)
}

/// How long this thread has run. The kernel counts when the thread gives way.
fn on_processor() -> Option<Duration> {
    std::thread::yield_now();
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let ran = times.split_whitespace().next()?;
    ran.parse().ok().map(Duration::from_nanos)
}

/// What is wrong with the growth of a text of this piece, if anything is.
fn grows(piece: &str, short: usize, time: impl Fn(&str) -> Duration) -> Option<String> {
    let of = |size: usize| piece.repeat(size.div_ceil(piece.len()));
    let (small, large) = (of(short), of(short * TIMES));
    let (mut least, mut most) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        least = least.min(time(&small));
        most = most.min(time(&large));
        if most < least * MOST {
            return None;
        }
    }
    Some(format!(
        "{piece:?}: {least:.1?}, and {most:.1?} for {TIMES} times as much"
    ))
}

fn all_linear<'p>(pieces: impl Iterator<Item = &'p str>, short: usize) {
    let scan = Scan::new();
    let mut bad = Vec::new();
    for piece in pieces {
        let whole = grows(piece, short, |text| scan.whole(text));
        let chunks = grows(piece, short, |text| scan.in_chunks(text));
        bad.extend(whole.map(|line| format!("whole: {line}")));
        bad.extend(chunks.map(|line| format!("in chunks: {line}")));
    }
    assert!(bad.is_empty(), "\n{}\n", bad.join("\n"));
}

/// The longest texts that the promise speaks of, 1 MiB and 8 MiB; what a stream would have to hold
/// back whole ends it at 1 MiB, so 128 KiB and 1 MiB are for those:
///
/// `REDACTION_HOSTILE=1048576 cargo test --release -p nenya-redactor --test hostile beginnings`
#[test]
fn beginnings_of_secrets_again_and_again_cost_in_proportion() {
    let asked = std::env::var("REDACTION_HOSTILE").ok();
    let short = asked.and_then(|asked| asked.parse().ok()).unwrap_or(SHORT);
    all_linear(PIECES.into_iter(), short);
}

/// Every example of every rule, cut in the middle and before its end, and those of every 60th rule
/// where nobody asks for all:
///
/// `REDACTION_HOSTILE=16384 cargo test --release -p nenya-redactor --test hostile examples`
#[test]
fn examples_of_rules_that_are_not_ended_cost_in_proportion() {
    let asked = std::env::var("REDACTION_HOSTILE").ok();
    let every = if asked.is_some() { 1 } else { 60 };
    let short = asked.and_then(|asked| asked.parse().ok()).unwrap_or(SHORT);
    let mut pieces = Vec::new();
    for rule in rules().step_by(every) {
        for (text, _) in rule.examples() {
            let ends = [text.len() / 2, text.len() - 1];
            pieces.extend(ends.map(|end| &text[..text.floor_char_boundary(end)]));
        }
    }
    all_linear(pieces.into_iter().filter(|piece| !piece.is_empty()), short);
}

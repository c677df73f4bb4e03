//! Whether texts that are written to make a scan slow cost in proportion: whole and in chunks, the
//! time of a text of eight times the size, as a multiple. About 8 is in proportion, 64 the square.
//!
//! Of each text a short and a long one are timed in turns, by what the thread spends on the
//! processor, so only their ratio counts.
//!
//! `cargo run --release -p nenya-redactor --example hostile [BYTES]`: beginnings of secrets, again
//! and again, of so many bytes and of eight times as many; then the examples of all rules, cut in
//! the middle and before their end.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a measuring program"
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
/// From this multiple on a text is named: the square would be 64.
const NAMED: f64 = 12.0;
/// Rounds, of which the least times count.
const ROUNDS: usize = 4;
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

/// How many times as long the long text of this piece takes.
fn growth(piece: &str, short: usize, time: impl Fn(&str) -> Duration) -> f64 {
    let of = |size: usize| piece.repeat(size.div_ceil(piece.len()));
    let (small, large) = (of(short), of(short * TIMES));
    let (mut least, mut most) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        least = least.min(time(&small));
        most = most.min(time(&large));
    }
    most.as_secs_f64() / least.as_secs_f64()
}

/// Shows the texts that grow by more, and the one that grows by most.
fn show(what: &str, pieces: &[&str], short: usize) {
    let scan = Scan::new();
    let mut worst = [0.0_f64; 2];
    for piece in pieces {
        let whole = growth(piece, short, |text| scan.whole(text));
        let chunks = growth(piece, short, |text| scan.in_chunks(text));
        worst = [worst[0].max(whole), worst[1].max(chunks)];
        if whole.max(chunks) >= NAMED {
            println!("  {piece:?}: whole {whole:.1}, in chunks {chunks:.1}");
        }
    }
    let [whole, chunks] = worst;
    println!(
        "{what}, {} texts: at most {whole:.1} whole, {chunks:.1} in chunks",
        pieces.len()
    );
}

fn main() {
    let asked = std::env::args().nth(1);
    let short = asked.and_then(|asked| asked.parse().ok()).unwrap_or(SHORT);
    show("beginnings again and again", &PIECES, short);
    let mut pieces = Vec::new();
    for rule in rules() {
        for (text, _) in rule.examples() {
            let ends = [text.len() / 2, text.len() - 1];
            pieces.extend(ends.map(|end| &text[..text.floor_char_boundary(end)]));
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    show("examples that are not ended", &pieces, SHORT);
}

//! What the scan costs with the rules of the table: MB/s over large texts, a short text, a chunk;
//! hostile texts of growing size; and the `regex` crate's `RegexSet` over the same patterns.
//!
//! `cargo run --release -p nenya-redactor --example scan_cost [whole|dense|dense-once|hostile|growth|set|start|file FILE...]`

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    missing_debug_implementations,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a measuring program, which takes the engine in as source since it is not public"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

#[path = "../src/checks/mod.rs"]
mod checks;
#[path = "../src/config.rs"]
mod config;
#[path = "../src/error.rs"]
mod error;
#[path = "../src/findings.rs"]
mod findings;
#[path = "../src/fold/mod.rs"]
mod fold;
#[path = "../src/groups.rs"]
mod groups;
#[path = "../src/readings/mod.rs"]
mod readings;
#[path = "../src/scan/mod.rs"]
mod scan;
#[path = "../src/table/mod.rs"]
mod table;
#[path = "scan_cost/texts.rs"]
mod texts;
#[path = "../src/treat/mod.rs"]
mod treat;
#[path = "scan_cost/varied.rs"]
mod varied;

use config::Preset;
use fold::{Whole, whole as how_to_read};
use readings::Readings;
use regex::{RegexSet, RegexSetBuilder};
use scan::compiled::Compiled;
use scan::family::{Family, RuleNumber, TriggerText};
use scan::sink::{Replaces, Sink, Stop};
use scan::stream::{TextStream, scan_whole};
use table::row::{How, Rule};

struct Count(usize);

impl Sink for Count {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        black_box(text);
        Ok(())
    }

    fn found(&mut self, _: &[RuleNumber], text: &str) -> Result<(), Stop> {
        black_box(text);
        self.0 += 1;
        Ok(())
    }

    fn observed(&mut self, _: RuleNumber, _: std::ops::Range<usize>) {}
}

struct Set {
    name: &'static str,
    rows: Vec<&'static Rule>,
    compiled: Compiled,
    replaces: Replaces,
}

impl Set {
    fn of(name: &'static str, presets: &[Preset]) -> Self {
        let rows: Vec<_> = presets.iter().flat_map(|one| table::rows(*one)).collect();
        let compiled = Compiled::new(&rows, Vec::new()).unwrap();
        let is_general = |row: &&Rule| scan::secret_assignment::is_general(row.id);
        let numbered = (0..).zip(&rows).filter(|(_, row)| is_general(row));
        let general: Vec<_> = numbered.map(|(number, _)| number).collect();
        let replaces =
            Replaces::those(rows.len(), |_| true).yielding(&general, rows.len(), |_| true);
        Self {
            name,
            rows,
            compiled,
            replaces,
        }
    }

    fn scan(&self, text: &str) -> usize {
        let (text, mut count) = (black_box(text), Count(0));
        let (set, replaces) = (&self.compiled, &self.replaces);
        match how_to_read(text, false) {
            Whole::Written => scan_whole(set, replaces, text, &mut count).unwrap(),
            Whole::Near(near) => scan_whole(set, replaces, &near, &mut count).unwrap(),
            Whole::Twice => return self.stream(std::iter::once(text)),
        }
        count.0
    }

    fn stream<'t>(&self, chunks: impl Iterator<Item = &'t str>) -> usize {
        let (mut stream, mut count) = (Readings::default(), Count(0));
        for chunk in chunks {
            let chunk = black_box(chunk);
            stream
                .push(&self.compiled, &self.replaces, chunk, &mut count)
                .unwrap();
        }
        stream
            .finish(&self.compiled, &self.replaces, &mut count)
            .unwrap();
        count.0
    }
}

fn main() {
    let only = std::env::args().nth(1);
    let chosen = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let sets = [
        Set::of("credentials", &[Preset::Credentials]),
        Set::of("credentials,pii", &[Preset::Credentials, Preset::Pii]),
    ];
    for set in &sets {
        println!("\n{} ({} rules)", set.name, set.rows.len());
        if chosen("start") {
            start(set);
        }
        if chosen("whole") {
            texts::clean()
                .iter()
                .for_each(|(name, text)| whole(set, name, text));
        }
        if chosen("dense") {
            dense(set);
        }
        if chosen("dense-once") {
            dense_once(set);
        }
        if chosen("hostile") {
            hostile(set);
        }
        if chosen("growth") {
            growth(set);
        }
        if chosen("set") {
            compare(set);
        }
        if only.as_deref() == Some("file") {
            std::env::args().skip(2).for_each(|path| file(set, &path));
        }
    }
}

fn start(set: &Set) {
    let time = best(|| drop(black_box(Compiled::new(&set.rows, Vec::new()).unwrap())));
    let before = resident();
    let kept: Vec<_> = (0..8)
        .map(|_| Compiled::new(&set.rows, Vec::new()).unwrap())
        .collect();
    let grown = resident().saturating_sub(before) / kept.len();
    println!(
        "  compiled in {:.2} ms, {grown} KiB",
        time.as_secs_f64() * 1e3
    );
}

/// KiB of memory that the process has.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

fn whole(set: &Set, name: &str, text: &str) {
    let found = set.scan(text);
    let large = best(|| _ = set.scan(text));
    let short = &text[..text.floor_char_boundary(2048)];
    let small = best(|| _ = set.scan(short));
    let cut = |at: usize| text.floor_char_boundary(at * 20);
    let chunks = (0..100).map(|n| &text[cut(n)..cut(n + 1)]);
    let chunks: Vec<&str> = chunks.collect();
    let stream = best(|| _ = set.stream(chunks.iter().copied()));
    println!(
        "  {name:<8} {:>7} bytes, {found} found: {:>6.0} MB/s; 2 KiB {:>6.0} ns; 20-byte chunk {:>5.0} ns",
        text.len(),
        speed(text.len(), large),
        small.as_secs_f64() * 1e9,
        stream.as_secs_f64() * 1e9 / 100.0,
    );
}

/// Passes over a text that is read once at a time.
const PASSES: usize = 7;

fn file(set: &Set, path: &str) {
    let text = std::fs::read(path).unwrap_or_default();
    once(set, path, &String::from_utf8_lossy(&text));
}

/// A text in pieces of 128 KiB, the least time of each in some passes over all of it: processors
/// learn the branches of a text that they read again and again, and forget them until the next
/// pass if it is large.
fn once(set: &Set, name: &str, text: &str) {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(128 << 10));
        pieces.push((piece, Duration::MAX));
        rest = behind;
    }
    let mut found = 0;
    for _ in 0..PASSES {
        found = 0;
        for (piece, least) in &mut pieces {
            let began = Instant::now();
            found += set.scan(piece);
            *least = began.elapsed().min(*least);
        }
    }
    let speed = speed(text.len(), pieces.iter().map(|(_, least)| *least).sum());
    println!(
        "  {name}: {} bytes, {found} found: {speed:>6.0} MB/s",
        text.len()
    );
}

/// Large texts full of secrets that are all different.
fn dense_once(set: &Set) {
    let every = varied::dense(&set.rows, |line| set.scan(line));
    once(set, "a secret per line, once", &every);
    once(set, "variables, once", &varied::telling());
}

fn dense(set: &Set) {
    let every = ("a secret per line", texts::dense(&set.rows));
    for (name, text) in std::iter::once(every).chain(texts::telling()) {
        let found = set.scan(&text);
        let time = best(|| _ = set.scan(&text));
        println!(
            "  {name}: {} bytes, {found} found: {:>6.0} MB/s",
            text.len(),
            speed(text.len(), time)
        );
    }
}

fn hostile(set: &Set) {
    println!(
        "  hostile texts: ms of the processor per MiB at 1, 2, 4, 8 MiB; in chunks of 4 KiB at 1, 2 MiB"
    );
    for (name, text) in texts::hostile() {
        print!("  {name:<20}");
        for size in [1, 2, 4, 8] {
            print!(
                " {:>7.2}",
                per_mib(size, || _ = set.scan(&text(size << 20)))
            );
        }
        print!("  |");
        for size in [1, 2] {
            let whole = text(size << 20);
            let mut stopped = false;
            let time = per_mib(size, || stopped = !streams(set, &whole));
            let mark = if stopped { "(refused)" } else { "" };
            print!(" {time:>7.2}{mark}");
        }
        println!();
    }
}

/// What may stand between one trigger and the next.
const JOINTS: [&str; 8] = ["", "=", ": ", ":", "='", "=\"", " = ", "/"];

/// Each literal that triggers a look, again and again: those of which four times as much costs more
/// than six times as much, or that cost more than a tenth of a microsecond a byte.
fn growth(set: &Set) {
    let mut worst = (Duration::ZERO, String::new());
    for literal in literals(set) {
        for joint in JOINTS {
            let piece = format!("{literal}{joint}");
            let [small, large] = [32 << 10, 128 << 10].map(|size| {
                let text = piece.repeat(size / piece.len());
                best_of(5, || _ = set.scan(&text))
            });
            if large > small * 6 || large > Duration::from_millis(13) {
                println!("  {piece:?}: {small:.1?} for 32 KiB, {large:.1?} for 128 KiB");
            }
            if large > worst.0 {
                worst = (large, piece);
            }
        }
    }
    println!(
        "  the dearest costs {:.1?} for 128 KiB: {:?}",
        worst.0, worst.1
    );
}

fn literals(set: &Set) -> Vec<String> {
    let families = set.compiled.families.iter();
    let triggers = families.flat_map(|family| family.triggers());
    let literals = triggers.filter_map(|trigger| match trigger.what {
        TriggerText::Exact(text) | TriggerText::AnyCase(text) => Some(String::from(text)),
        _ => None,
    });
    let sorted: std::collections::BTreeSet<_> = literals.collect();
    sorted.into_iter().collect()
}

/// Whether the stream takes all of the text; one that would have to hold too much refuses it.
fn streams(set: &Set, text: &str) -> bool {
    let (mut stream, mut count) = (TextStream::default(), Count(0));
    text.as_bytes().chunks(4096).all(|chunk| {
        let chunk = std::str::from_utf8(chunk).unwrap();
        let pushed = stream.push(&set.compiled, &set.replaces, chunk, &mut count);
        pushed.is_ok()
    })
}

/// Of the processor, which others may use meanwhile: one run of 8 MiB is too long for a quiet moment.
fn per_mib(size: usize, run: impl FnOnce()) -> f64 {
    let start = on_processor();
    run();
    on_processor().saturating_sub(start).as_secs_f64() * 1e3 / size as f64
}

/// How long this thread has run.
fn on_processor() -> Duration {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ran = times.split_whitespace().next();
    Duration::from_nanos(ran.and_then(|ran| ran.parse().ok()).unwrap_or(0))
}

/// The same patterns in a set of regular expressions, which says only which of them match.
fn compare(set: &Set) {
    let patterns: Vec<String> = set.rows.iter().filter_map(|row| pattern(row)).collect();
    let start = Instant::now();
    let regexes = RegexSetBuilder::new(&patterns)
        .size_limit(1 << 30)
        .dfa_size_limit(1 << 26)
        .unicode(false)
        .build();
    let regexes = match regexes {
        Ok(regexes) => regexes,
        Err(error) => return println!("  RegexSet: {error}"),
    };
    println!(
        "  RegexSet of {} patterns, {} left out, compiled in {:.0} ms",
        patterns.len(),
        set.rows.len() - patterns.len(),
        start.elapsed().as_secs_f64() * 1e3
    );
    for (name, text) in texts::clean() {
        let ours = best(|| _ = set.scan(&text));
        let theirs = best_of(2, || {
            black_box(regexes.matches(black_box(&text)).len());
        });
        println!(
            "    {name:<8} {:>8.1} MB/s, ours {:>6.0} MB/s, {:.0} times",
            speed(text.len(), theirs),
            speed(text.len(), ours),
            theirs.as_secs_f64() / ours.as_secs_f64()
        );
    }
}

/// What the `regex` crate takes of a row, if it takes it at all.
fn pattern(row: &Rule) -> Option<String> {
    let (case, body) = match row.pattern.strip_prefix("(?i)") {
        Some(body) => ("(?i)", body),
        None => ("", row.pattern),
    };
    let text = match row.how {
        How::Assigned { names } => {
            let names: Vec<_> = names
                .iter()
                .map(|name| name.replace('_', "[_. -]?"))
                .collect();
            let names = names.join("|");
            format!(r#"(?i:{names})["']?\s*[:=]\s*["']?(?:{case}{body})"#)
        }
        How::Token { .. } | How::Special(_) => row.pattern.to_owned(),
    };
    let one = RegexSetBuilder::new([&text]).unicode(false).build();
    one.is_ok().then_some(text)
}

fn speed(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}

fn best(run: impl FnMut()) -> Duration {
    best_of(30, run)
}

/// The best of some rounds, per call.
fn best_of(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    let mut calls = 1_u32;
    for _ in 0..rounds {
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

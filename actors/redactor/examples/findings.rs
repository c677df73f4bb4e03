//! What the scan finds in files, and how it lets them out in chunks: for comparing two builds of
//! the engine, which must say the same of every text.
//!
//! `find . -type f | cargo run --release -p nenya-redactor --example findings > before.txt`
//!
//! Each line is a file, a set of rules, and a finding: its rule and its first and last byte. A
//! file with findings or not ends with a line of digests, one for each size of chunks, and one of
//! what is found where characters beyond ASCII are read as what they look like.

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

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::BufRead;

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
#[path = "../src/treat/mod.rs"]
mod treat;

use config::Preset;
use fold::{Whole, whole as how_to_read};
use readings::Readings;
use scan::compiled::Compiled;
use scan::family::RuleNumber;
use scan::sink::{Replaces, Sink, Stop};
use scan::stream::{TextStream, scan_whole};
use table::row::Rule;

/// Sizes of chunks, in bytes.
const SIZES: [usize; 3] = [3, 20, 300];
/// As much of a file as is read in chunks.
const STREAMED: usize = 40_000;

struct Set {
    name: &'static str,
    rows: Vec<&'static Rule>,
    compiled: Compiled,
    replaces: Replaces,
    observes: Replaces,
}

impl Set {
    fn of(name: &'static str, presets: &[Preset]) -> Self {
        let rows: Vec<_> = presets.iter().flat_map(|one| table::rows(*one)).collect();
        let compiled = Compiled::new(&rows, Vec::new()).unwrap();
        Self {
            name,
            compiled,
            replaces: Replaces::those(rows.len(), |_| true),
            observes: Replaces::those(rows.len(), |_| false),
            rows,
        }
    }
}

#[derive(Default)]
struct Observed(Vec<(usize, usize, RuleNumber)>);

impl Sink for Observed {
    fn keep(&mut self, _text: &str) -> Result<(), Stop> {
        Ok(())
    }

    fn found(&mut self, _rules: &[RuleNumber], _text: &str) -> Result<(), Stop> {
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: std::ops::Range<usize>) {
        self.0.push((range.start, range.end, rule));
    }
}

/// All that a sink is told, in order.
#[derive(Default)]
struct Told(DefaultHasher);

impl Sink for Told {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        (0_u8, text).hash(&mut self.0);
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        (1_u8, rules, text).hash(&mut self.0);
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: std::ops::Range<usize>) {
        (2_u8, rule, range).hash(&mut self.0);
    }
}

/// Where something is found, in a text that is read as it looks.
#[derive(Default)]
struct Places {
    at: usize,
    found: Vec<(usize, usize, Vec<RuleNumber>)>,
}

impl Sink for Places {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.at += text.len();
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        let start = self.at;
        self.at += text.len();
        self.found.push((start, self.at, rules.to_vec()));
        Ok(())
    }

    fn observed(&mut self, rule: RuleNumber, range: std::ops::Range<usize>) {
        self.found.push((range.start, range.end, vec![rule]));
    }
}

fn main() {
    let sets = [
        Set::of("credentials", &[Preset::Credentials]),
        Set::of("both", &[Preset::Credentials, Preset::Pii]),
    ];
    if std::env::args().nth(1).as_deref() == Some("texts") {
        return texts(&sets[1].rows);
    }
    for path in std::io::stdin().lock().lines() {
        let path = path.unwrap();
        if let Ok(bytes) = std::fs::read(&path) {
            let text = String::from_utf8_lossy(&bytes);
            sets.iter().for_each(|set| say(set, &path, &text));
        }
    }
}

/// The texts of all rules, with a line between them that no text has.
fn texts(rows: &[&'static Rule]) {
    for row in rows {
        let found = row.examples.iter().map(|(text, _)| *text);
        for text in found.chain(row.near_misses.iter().copied()) {
            println!("{text}\n--------8<--------");
        }
    }
}

fn say(set: &Set, path: &str, text: &str) {
    let mut observed = Observed::default();
    scan_whole(&set.compiled, &set.observes, text, &mut observed).unwrap();
    observed.0.sort_unstable();
    for (start, end, rule) in observed.0 {
        let rule = set.rows.get(usize::from(rule)).map_or("", |row| row.id);
        println!("{path} {} {rule} {start} {end}", set.name);
    }
    let mut whole = Told::default();
    scan_whole(&set.compiled, &set.replaces, text, &mut whole).unwrap();
    let streamed = &text[..text.floor_char_boundary(STREAMED)];
    let streamed = SIZES.map(|size| in_chunks(set, streamed, size));
    let name = set.name;
    println!("{path} {name} {:x} {streamed:x?}", whole.0.finish());
    println!("{path} {name} as it looks {:x?}", as_it_looks(set, text));
}

/// How many findings there are, and digests of all of them: of the whole text, and in chunks.
fn as_it_looks(set: &Set, text: &str) -> [(usize, u64); 3] {
    let mut whole = Places::default();
    match how_to_read(text, false) {
        Whole::Written => scan_whole(&set.compiled, &set.replaces, text, &mut whole).unwrap(),
        Whole::Near(near) => scan_whole(&set.compiled, &set.replaces, &near, &mut whole).unwrap(),
        Whole::Twice => whole = read_in_chunks(set, &set.replaces, text, text.len()),
    }
    let part = &text[..text.floor_char_boundary(STREAMED)];
    let replaced = read_in_chunks(set, &set.replaces, part, 20);
    let observed = read_in_chunks(set, &set.observes, part, 300);
    [whole, replaced, observed].map(|mut places| {
        places.found.sort_unstable();
        let mut digest = DefaultHasher::new();
        (places.at, &places.found).hash(&mut digest);
        (places.found.len(), digest.finish())
    })
}

fn read_in_chunks(set: &Set, replaces: &Replaces, mut text: &str, size: usize) -> Places {
    let (mut readings, mut places) = (Readings::default(), Places::default());
    while !text.is_empty() {
        let (chunk, rest) = text.split_at(text.ceil_char_boundary(size));
        let pushed = readings.push(&set.compiled, replaces, chunk, &mut places);
        places.at += usize::from(pushed.is_err());
        text = rest;
    }
    let finished = readings.finish(&set.compiled, replaces, &mut places);
    places.at += usize::from(finished.is_err());
    places
}

/// What is let out after each chunk.
fn in_chunks(set: &Set, mut text: &str, size: usize) -> u64 {
    let (mut stream, mut told) = (TextStream::default(), Told::default());
    while !text.is_empty() {
        let (chunk, rest) = text.split_at(text.ceil_char_boundary(size));
        let pushed = stream.push(&set.compiled, &set.replaces, chunk, &mut told);
        (pushed.is_ok(), stream.held()).hash(&mut told.0);
        text = rest;
    }
    let finished = stream.finish(&set.compiled, &set.replaces, &mut told);
    finished.is_ok().hash(&mut told.0);
    told.0.finish()
}

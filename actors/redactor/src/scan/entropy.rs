//! Runs of characters without a format that look random.
//!
//! Owns: what such a run is, whole and in chunks. A pass of its own that the scanner makes beside
//! the gate, only where the configuration asks for it.
//!
//! Forces: a key without a prefix has nothing but its disorder, and so have digests, identifiers
//! and media, which a model needs. So a run must have enough bits per character *and* enough
//! characters that are neither words, nor numbers, nor hexadecimal, and must not be introduced or
//! begin as public things do. What is long is media or minified code and never a key.
//!
//! Known to pass: keys of hexadecimal digits or of lower-case words, and what is cut into lines.
//! Known to be taken: random identifiers, such as those of documents in addresses.

use std::ops::Range;

use super::classes::{ALNUM, ByteSet, DIGIT};

/// Longest run that is looked at, in bytes.
const LONGEST: usize = 512;

/// What stands between runs, beside white space and everything that is not ASCII.
const SEPARATORS: ByteSet = ByteSet::of(b"\"'`,;()[]{}=:|<>")
    .or(ByteSet::range(0, b' '))
    .with(0x7f);

/// Bytes of runs.
const TOKEN: ByteSet = SEPARATORS.or(ByteSet::range(0x80, 0xff)).not();

/// How public things begin: digests of lock files, public keys, media in base64.
const PUBLIC: [&str; 20] = [
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "sha256/",
    "AAAAB3Nza",
    "AAAAC3Nza",
    "AAAAE2Vj",
    "AAAAG",
    "iVBORw0KGgo",
    "/9j/",
    "R0lGOD",
    "UklGR",
    "JVBERi",
    "PHN2Zy",
    "d09GMg",
    "d09GRg",
    "UEsDB",
    "H4sI",
    "AAABAA",
];

/// What stands before public things.
const INTRODUCTIONS: [&str; 5] = ["base64,", "h1:", "SHA256:", "sha256:", "sha512:"];

/// What makes a run a finding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entropy {
    /// Fewest bits of Shannon entropy per character.
    threshold: f32,
    /// Fewest characters.
    least: usize,
}

/// How far a text has been searched. Begin each text with the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Progress {
    /// Everything before this byte has been decided; it is the first byte to hold.
    from: usize,
    /// Up to where the run that begins there has been walked.
    walked: usize,
    /// Whether `from` is within a run that is too long.
    is_long: bool,
}

impl Progress {
    /// As [`Self::places`] gave it.
    pub(crate) fn at(from: usize, walked: usize, is_long: bool) -> Self {
        Self {
            from,
            walked,
            is_long,
        }
    }

    /// What to remember until the next call.
    pub(crate) fn places(self) -> (usize, usize, bool) {
        (self.from, self.walked, self.is_long)
    }

    /// Forgets the first `gone` bytes of the text: they have been let go.
    #[cfg(test)]
    pub(crate) fn shift(&mut self, gone: usize) {
        self.from = self.from.saturating_sub(gone);
        self.walked = self.walked.saturating_sub(gone);
    }
}

impl Entropy {
    /// Runs of at least `least` characters with at least `threshold` bits each.
    pub(crate) fn new(threshold: f32, least: usize) -> Self {
        Self { threshold, least }
    }

    /// Adds all findings that are sure to `found`, and returns the first byte to hold.
    pub(crate) fn find(
        &self,
        text: &[u8],
        progress: &mut Progress,
        complete: bool,
        found: &mut Vec<Range<usize>>,
    ) -> usize {
        let mut at = progress.walked.max(progress.from);
        while let Some(end) = run_end(text, at) {
            if !progress.is_long && self.is_random(text, progress.from..end) {
                found.push(progress.from..end);
            }
            at = run_start(text, end);
            *progress = Progress {
                from: at,
                walked: at,
                is_long: false,
            };
        }
        let rest = progress.from..text.len();
        if complete {
            if !progress.is_long && self.is_random(text, rest) {
                found.push(progress.from..text.len());
            }
            progress.from = text.len();
        } else if progress.is_long || rest.len() > LONGEST {
            progress.is_long = true;
            progress.from = text.len();
        }
        progress.walked = text.len();
        progress.from
    }

    fn is_random(&self, text: &[u8], range: Range<usize>) -> bool {
        if range.len() < self.least || range.len() > LONGEST {
            return false;
        }
        let (before, rest) = text.split_at_checked(range.start).unwrap_or_default();
        let run = rest.get(..range.len()).unwrap_or_default();
        !is_public(before, run)
            && !is_monotonous(run)
            && shapeless(run) * 4 >= self.least * 3
            && bits(run) >= self.threshold
    }
}

/// Where the run at `at` ends; `None` if it goes on to the end of the text.
fn run_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    rest.iter()
        .position(|byte| !TOKEN.has(*byte))
        .map(|length| at + length)
}

/// Where the next run begins, or the end of the text.
fn run_start(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| !TOKEN.has(**byte)).count()
}

fn is_public(before: &[u8], run: &[u8]) -> bool {
    PUBLIC.iter().any(|start| run.starts_with(start.as_bytes()))
        || INTRODUCTIONS
            .iter()
            .any(|intro| before.ends_with(intro.as_bytes()))
}

/// Whether nine tenths of it are its first byte, or a quarter of it counts upwards as alphabets do.
fn is_monotonous(run: &[u8]) -> bool {
    let first = run.first().copied().unwrap_or_default();
    let same = run.iter().filter(|byte| **byte == first).count();
    let next = run
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if *b == a.wrapping_add(1)));
    same * 10 >= run.len() * 9 || next.count() * 4 >= run.len()
}

/// How many bytes belong to parts that are no words, no numbers, no hexadecimal and not tiny.
fn shapeless(run: &[u8]) -> usize {
    run.split(|byte| !ALNUM.has(*byte))
        .filter(|part| part.len() > 3 && !is_hexadecimal(part) && !is_wordy(part))
        .map(<[u8]>::len)
        .sum()
}

/// Digests and parts of UUIDs, and numbers with them.
fn is_hexadecimal(part: &[u8]) -> bool {
    part.iter().all(u8::is_ascii_hexdigit)
}

/// Whether three fifths of it are words: `camelCase`, `PascalCase2`, `UPPER`.
fn is_wordy(part: &[u8]) -> bool {
    let mut words = 0;
    let mut rest = part;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(word_length(rest));
        if word.len() >= 4
            && has_vowel(word)
            && !DIGIT.has(word.first().copied().unwrap_or_default())
        {
            words += word.len();
        }
        rest = after;
    }
    words * 5 >= part.len() * 3
}

/// A capital with the small letters after it, or a run of capitals, of small letters or of digits.
fn word_length(text: &[u8]) -> usize {
    let run = |is: fn(&u8) -> bool, text: &[u8]| text.iter().take_while(|byte| is(byte)).count();
    let capitals = run(u8::is_ascii_uppercase, text);
    let length = match capitals {
        0 => run(u8::is_ascii_lowercase, text).max(run(u8::is_ascii_digit, text)),
        1 => 1 + run(u8::is_ascii_lowercase, text.get(1..).unwrap_or_default()),
        _ => capitals,
    };
    length.clamp(1, text.len())
}

fn has_vowel(word: &[u8]) -> bool {
    word.iter().any(|byte| b"aeiouyAEIOUY".contains(byte))
}

/// Shannon entropy in bits per byte.
#[expect(clippy::cast_precision_loss, reason = "at most 512")]
fn bits(run: &[u8]) -> f32 {
    let mut counts = [0_u16; 128];
    for byte in run {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let length = run.len() as f32;
    let part = |count: u16| {
        let share = f32::from(count) / length;
        -share * share.log2()
    };
    counts
        .into_iter()
        .filter(|count| *count > 0)
        .map(part)
        .sum()
}

#[cfg(test)]
#[expect(
    clippy::string_slice,
    reason = "a place that is no boundary fails the test, as it must"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = concat!("wJalrXUtnFEMI7K7MDENG", "bPxRfiCYzq9TvK3s");

    fn entropy() -> Entropy {
        Entropy::new(4.5, 20)
    }

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        entropy().find(text.as_bytes(), &mut Progress::default(), true, &mut found);
        found.into_iter().map(|range| &text[range]).collect()
    }

    fn in_chunks(text: &str, size: usize) -> Vec<Range<usize>> {
        let (mut kept, mut gone) = (Vec::new(), 0);
        let mut progress = Progress::default();
        let mut all = Vec::new();
        let mut chunks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        chunks.push(b"");
        for (at, chunk) in chunks.iter().enumerate() {
            kept.extend_from_slice(chunk);
            let mut now = Vec::new();
            let hold = entropy().find(&kept, &mut progress, at + 1 == chunks.len(), &mut now);
            assert!(kept.len() - hold <= LONGEST);
            all.extend(
                now.into_iter()
                    .map(|range| range.start + gone..range.end + gone),
            );
            let let_go = hold.saturating_sub(8);
            kept.drain(..let_go);
            gone += let_go;
            progress.shift(let_go);
        }
        all
    }

    #[test]
    fn runs_that_look_random_are_found() {
        for text in [
            format!("key={KEY}"),
            format!("{{\"k\":\"{KEY}\"}}"),
            KEY.to_owned(),
            format!("curl -H x-k:{KEY} https://example.com"),
        ] {
            assert_eq!(found(&text), [KEY], "{text}");
        }
        let with_signs = concat!("q8Zr/3Kd+Tn1/", "Yw5XvB2mLpQ0gHs7Jf9CkUe6RaWtOi4");
        assert_eq!(found(with_signs), [with_signs]);
    }

    #[test]
    fn what_only_looks_so_stays() {
        let media = format!("data:image/png;base64,{KEY}");
        let sum = format!("h1:{KEY}=");
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let long = KEY.repeat(20);
        for text in [
            "6f1c2b9e-8a4d-4c3b-9f7e-2d5a1b0c9e8f",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            concat!(
                "https://example.com/Us",
                "ers/jane/Projects/gateway/commit/3f786850e387550fdab836ed7e6dc881de23001b"
            ),
            "/usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstvideoconvertscale.so",
            "getUserAccountInformationFromDatabaseAndReturnJsonWithQuickFix",
            "MAX_CONCURRENT_STREAMS_PER_CONNECTION_BEFORE_QUEUEING_KICKS_IN",
            "sha512-q8Zr3KdTn1Yw5XvB2mLpQ0gHs7Jf9CkUe6RaWtOi4zxcvbnmASDFGHJKLqwertyuiop==",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
            "com.fasterxml.jackson.databind.deser.BeanDeserializerFactory$ProxyQuiz",
            media.as_str(),
            sum.as_str(),
            alphabet,
            long.as_str(),
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn a_run_at_the_end_of_a_chunk_is_held_until_it_is_too_long() {
        let mut progress = Progress::default();
        let hold = |text: &str, progress: &mut Progress| {
            entropy().find(text.as_bytes(), progress, false, &mut Vec::new())
        };
        assert_eq!(hold("a word", &mut progress), 2);
        assert_eq!(hold("a word ", &mut progress), 7);
        let long = format!("a {}", "x".repeat(LONGEST));
        assert_eq!(hold(&long, &mut Progress::default()), 2);
        let longer = format!("{long}x");
        assert_eq!(hold(&longer, &mut Progress::default()), longer.len());
    }

    proptest! {
        #[test]
        fn every_cut_gives_the_findings_of_the_whole(
            pieces in proptest::collection::vec(prop_oneof![
                Just(KEY.to_owned()), Just(KEY.repeat(14)), Just(" ".to_owned()), Just("é".to_owned()),
                Just("base64,".to_owned()), "[a-zA-Z0-9/+]{1,60}", "[ -~]{1,10}",
            ], 0..12),
            size in 1_usize..700,
        ) {
            let text = pieces.concat();
            let mut whole = Vec::new();
            entropy().find(text.as_bytes(), &mut Progress::default(), true, &mut whole);
            prop_assert_eq!(in_chunks(&text, size), whole);
        }
    }
}

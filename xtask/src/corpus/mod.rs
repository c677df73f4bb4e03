//! `cargo xtask corpus`: a labelled corpus of what passes through a gateway, made from a seed.
//!
//! Owns what the corpus holds. Never does: look at the redactor's rules, or know how a scanner
//! works. Called by `main` and by `bench-redaction`. Read next: `kinds.txt` for the credentials,
//! `templates/` for the texts around them, [`fill`] for how one comes into the other.
//!
//! # The two halves
//! Rules are tuned on the half `tune` and on nothing else. The half `held-out` measures them:
//! it has templates, languages, names and values of its own, and about a third of the kinds of
//! credentials is only there. Who writes rules reads neither the held-out templates nor the
//! kinds marked `-`, and sees of that half the totals and not what was missed.
//! Who writes this corpus reads no rules. With the same seed the corpus is the same, byte for byte.
//!
//! # Labels
//! A label is a range of bytes that must not leave: a credential, personal data, or `either`,
//! which stands on what may be reported or not: examples that vendors print in their
//! documentation, keys that may be published, addresses of private networks. All else is negative, much of it on purpose.

mod chat;
mod digits;
mod encode;
mod fill;
mod kinds;
mod made;
mod negatives;
mod options;
mod person;
pub(crate) mod piece;
mod random;
mod shape;
mod styles;
mod templates;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::process::ExitCode;

use crate::run::say;

use fill::Filler;
use piece::Piece;

pub(crate) use options::{ITEMS, USAGE};
pub(crate) use write::{read, summary, write};

/// One half of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Half {
    Tune,
    HeldOut,
}

impl Half {
    pub(crate) const BOTH: [Self; 2] = [Self::Tune, Self::HeldOut];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::HeldOut => "held-out",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|half| half.name() == name)
    }
}

/// One file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// From the corpus' folder.
    pub(crate) path: String,
    /// What it is: the name of its template.
    pub(crate) kind: String,
    pub(crate) half: Half,
    pub(crate) piece: Piece,
}

/// Makes `count` items of a half: every template in turn.
pub(crate) fn generate(seed: u64, half: Half, count: usize) -> Vec<Item> {
    let templates = templates::of(half);
    let mut filler = Filler::new(half, seed);
    let turns = templates.iter().cycle().take(count).enumerate();
    turns
        .map(|(at, template)| Item {
            path: format!("{}/{at:05}/{}", half.name(), template.file),
            kind: template.name.to_owned(),
            half,
            piece: match template.is_chat() {
                true => chat::body(template.body, &mut filler),
                false => filler.fill(template.body),
            },
        })
        .collect()
}

/// Reads the words, makes the corpus, writes it.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    if arguments
        .iter()
        .any(|word| matches!(*word, "--help" | "-h" | "help"))
    {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    let options = match options::Options::read(arguments) {
        Ok(options) => options,
        Err(problem) => {
            say(&format!("xtask corpus: {problem}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let items: Vec<Item> = options
        .halves
        .iter()
        .flat_map(|half| generate(options.seed, *half, options.items))
        .collect();
    match write(&options.out, &items) {
        Ok(()) => {
            say(&format!("{}: {}", options.out.display(), summary(&items)));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("{}: {error}", options.out.display()));
            ExitCode::FAILURE
        }
    }
}

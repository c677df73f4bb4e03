//! A labelled corpus of what passes through a gateway, made from a seed.
//!
//! Owns what the corpus holds. Never does: look at the redactor's rules, or know how a scanner
//! works. Called by `cargo xtask corpus` and `bench-redaction`, and by the redactor's tests of all
//! cuts. Read next: `kinds.txt` for the credentials, `templates/` for the texts around them,
//! `fill.rs` for how one comes into the other.
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

#![forbid(unsafe_code)]

mod chat;
mod digits;
mod encode;
mod fill;
mod kinds;
mod made;
mod negatives;
mod person;
mod piece;
mod random;
mod shape;
mod styles;
mod templates;
#[cfg(test)]
mod tests;
mod words;
mod write;

use fill::Filler;

pub use piece::{Class, Label, Piece};
pub use write::{read, summary, write};

/// Files of a half unless said otherwise: the size of the published figures.
pub const ITEMS: usize = 600;

/// One half of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    /// The one that rules are tuned on.
    Tune,
    /// The one that measures them.
    HeldOut,
}

impl Half {
    /// Both, in this order.
    pub const BOTH: [Self; 2] = [Self::Tune, Self::HeldOut];

    /// What it is called in paths and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::HeldOut => "held-out",
        }
    }

    /// The half of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|half| half.name() == name)
    }
}

/// One file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From the corpus' folder.
    pub path: String,
    /// What it is: the name of its template.
    pub kind: String,
    /// Which half it belongs to.
    pub half: Half,
    /// Its text, with the labels.
    pub piece: Piece,
}

/// Makes `count` items of a half: every template in turn.
pub fn generate(seed: u64, half: Half, count: usize) -> Vec<Item> {
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

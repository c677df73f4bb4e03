//! Patterns of rules as small deterministic programs.
//!
//! Owns: the subset of regular expressions that rows may use, and the run of a pattern at one
//! place of a text. Never searches: the gate finds the places.
//!
//! The subset: literals, escapes, classes (negated too, over bytes), `\d \w \s` (ASCII),
//! `{n} {m,n} {m,} ? * +` on a class, a byte or a group, groups `(?:a|b)`, `(?<secret>...)` once,
//! `(?i)` at the start. Every choice, and the end of every repetition, must be decided by the
//! next byte: then a run needs no way back, costs each byte once, and knows on half a text
//! whether it can say anything yet. Alternatives that begin alike are joined first.
//!
//! Where it differs from a regular expression engine:
//! - Repetitions are possessive, and one that could go on past its maximum is no match.
//! - The end is an edge. If the last thing that was taken is a repetition, its run ends there; if
//!   it has a fixed length, no ASCII letter, digit or `_` follows.
//! - `\d`, `\w`, `\s` and negated classes know bytes, not characters; a match that would end
//!   within a character is none.
//! - A group without an upper bound is repeated at most [`MOST_TURNS`] times, so that no run
//!   costs more than its text.
//!
//! Called by: `token.rs` and `assigned.rs`. Read next: `parse.rs`, `program.rs`, `run.rs`.

mod literals;
mod parse;
mod program;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use program::Program;
pub(crate) use run::Outcome;

/// Most that a group without an upper bound is repeated.
const MOST_TURNS: usize = 64;

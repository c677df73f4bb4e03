//! What needs no running program: format, lints, documentation in the code.

use crate::run::{Tally, cargo, succeeds};

/// The steps of `cargo xtask check`.
pub(crate) const STEPS: &[&str] = &["fmt", "documents", "clippy", "rustdoc"];

pub(crate) fn fmt() -> Tally {
    Tally::of(succeeds(&mut cargo(&["fmt", "--all", "--check"])))
}

pub(crate) fn clippy() -> Tally {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "nenya/faults",
        "--",
        "-D",
        "warnings",
    ];
    Tally::of(succeeds(&mut cargo(&arguments)))
}

pub(crate) fn rustdoc() -> Tally {
    let arguments = [
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--features",
        "nenya/faults",
    ];
    Tally::of(succeeds(
        cargo(&arguments).env("RUSTDOCFLAGS", "-D warnings"),
    ))
}

//! `cargo xtask test`: the steps in order, each with its time, and one count at the end.
//!
//! A step that fails does not stop the others, so that one run shows everything. What needs
//! the release build fails by itself if that is missing.

use std::process::ExitCode;
use std::time::Instant;

use crate::bench_redaction::quality;
use crate::run::{self, Tally, say};
use crate::{check, documents, failures, sdk, setup, system};

/// One step: its name for `--only`, what it does, and how.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Tally,
}

/// In the order they run: what is cheap first, what builds on a build after it.
const STEPS: &[Step] = &[
    Step {
        name: "setup",
        what: "install what is missing",
        run: setup::run,
    },
    Step {
        name: "fmt",
        what: "the format of the code",
        run: check::fmt,
    },
    Step {
        name: "documents",
        what: "links, paths, lock files",
        run: documents::run,
    },
    Step {
        name: "clippy",
        what: "lints, with all warnings as errors",
        run: check::clippy,
    },
    Step {
        name: "rustdoc",
        what: "the documentation in the code",
        run: check::rustdoc,
    },
    Step {
        name: "unit",
        what: "all Rust tests, and the built program over sockets",
        run: unit,
    },
    Step {
        name: "release",
        what: "build what is released",
        run: release,
    },
    Step {
        name: "redaction",
        what: "what the rules find in a labelled corpus",
        run: quality::run,
    },
    Step {
        name: "system",
        what: "under a real systemd and journald",
        run: system::run,
    },
    Step {
        name: "sdk",
        what: "with the official SDKs",
        run: sdk::run,
    },
];

/// Whether `name` can be picked.
pub(crate) fn knows(name: &str) -> bool {
    STEPS.iter().any(|step| step.name == name)
}

/// Runs the steps in `only`, all if there are none, and prints what failed and, as the last line,
/// the count.
pub(crate) fn run(only: &[&str]) -> ExitCode {
    let mut total = Tally::default();
    let mut summary = String::new();
    for step in STEPS
        .iter()
        .filter(|step| only.is_empty() || only.contains(&step.name))
    {
        say(&format!("\n==> {}: {}", step.name, step.what));
        let began = Instant::now();
        let tally = (step.run)();
        let line = format!(
            "{:10} {:5} passed, {:3} failed, {:6.1} s",
            step.name,
            tally.passed,
            tally.failed,
            began.elapsed().as_secs_f64()
        );
        say(&format!("<== {line}"));
        summary.push_str(&line);
        summary.push('\n');
        total = total.plus(tally);
    }
    for line in failures::take() {
        say(&line);
    }
    say(&format!(
        "\n{summary}\n{} passed, {} failed",
        total.passed, total.failed
    ));
    if total.failed == 0 && total.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The build with the feature `faults` is the one that clippy saw and that the system tests
/// make misbehave: one development build for all.
fn unit() -> Tally {
    let arguments = [
        "test",
        "--workspace",
        "--features",
        "nenya/faults",
        "--no-fail-fast",
    ];
    // Some tests ask for a panic and for an answer in time: a backtrace would take longer.
    let mut tests = run::cargo(&arguments);
    run::counting(tests.env("RUST_BACKTRACE", "0"), run::cargo_test)
}

fn release() -> Tally {
    Tally::of(run::succeeds(&mut run::cargo(&[
        "build",
        "--release",
        "--package",
        "nenya",
        "--bins",
    ])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_named_in_the_usage() {
        for step in STEPS {
            assert!(crate::USAGE.contains(step.name), "{}", step.name);
        }
    }

    #[test]
    fn the_steps_of_check_exist() {
        assert!(check::STEPS.iter().all(|step| knows(step)));
    }
}

//! The chores: what people and CI type instead of remembering ten commands.
//!
//! Owns the order of the steps and what is installed for them. Never does: decide what is
//! right; the tests do. Start with [`mod@test`] for the steps and [`setup`] for what they need.
//!
//! ```text
//! cargo xtask test                 everything, as CI does it
//! cargo xtask test --only system   some steps, see `cargo xtask help`
//! cargo xtask check                what needs no running program: format, lints, documents
//! cargo xtask setup                install what the steps need, and nothing else
//! cargo xtask bench                what a request costs, beside nginx; see docs/benchmarks.md
//! cargo xtask corpus --seed 1      write the labelled corpus that redaction is tuned on
//! cargo xtask bench-redaction      ours and other scanners on that corpus; see docs/redaction-benchmark.md
//! ```

#![forbid(unsafe_code)]

mod bench;
mod bench_redaction;
mod check;
mod documents;
mod failures;
mod formats;
mod run;
mod sdk;
mod setup;
mod system;
mod test;
mod write_corpus;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask test [--only STEP]...   run the steps: setup fmt documents clippy rustdoc unit release redaction system sdk
       cargo xtask check                   fmt, documents, clippy, rustdoc
       cargo xtask setup                   install what is missing
       cargo xtask bench [--quick] ...     measure beside nginx, see `cargo xtask bench --help`
       cargo xtask corpus --seed N ...     write the labelled corpus, see `cargo xtask corpus --help`
       cargo xtask bench-redaction ...     redaction beside other scanners, see `cargo xtask bench-redaction --help`
       cargo xtask inside [FILTER]         the system tests' cases; only inside their machine";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test", options @ ..] => match only(options) {
            Ok(steps) => test::run(&steps),
            Err(problem) => usage(&problem),
        },
        ["check"] => test::run(check::STEPS),
        ["setup"] => test::run(&["setup"]),
        ["bench", options @ ..] => bench::run(options),
        ["bench-redaction", options @ ..] => bench_redaction::run(options),
        ["corpus", options @ ..] => write_corpus::run(options),
        ["inside"] => system_tests::run(""),
        ["inside", filter] => system_tests::run(filter),
        ["help" | "--help" | "-h"] => {
            run::say(USAGE);
            ExitCode::SUCCESS
        }
        _ => usage("no such chore"),
    }
}

fn usage(problem: &str) -> ExitCode {
    run::say(&format!("xtask: {problem}\n{USAGE}"));
    ExitCode::from(2)
}

/// Reads `--only STEP`, which may be given again.
fn only<'a>(options: &[&'a str]) -> Result<Vec<&'a str>, String> {
    let mut steps = Vec::new();
    let mut rest = options;
    while let [flag, step, after @ ..] = rest {
        if *flag != "--only" {
            break;
        }
        if !test::knows(step) {
            return Err(format!("no such step: {step}"));
        }
        steps.push(*step);
        rest = after;
    }
    if let [stray, ..] = rest {
        Err(format!("cannot understand `{stray}`"))
    } else {
        Ok(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_can_be_picked_more_than_once() {
        assert_eq!(only(&[]), Ok(vec![]));
        assert_eq!(
            only(&["--only", "fmt", "--only", "unit"]),
            Ok(vec!["fmt", "unit"])
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(only(&["--only"]).is_err());
        assert!(only(&["--only", "everything"]).is_err());
        assert!(only(&["fmt"]).is_err());
        assert!(only(&["--only", "fmt", "-v"]).is_err());
    }
}

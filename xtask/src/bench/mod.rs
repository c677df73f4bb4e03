//! `cargo xtask bench`: what a request costs, beside nginx, in one run.
//!
//! Owns the order: build, start everything, measure in rounds, print one table. Never judges: a
//! timing is printed with its spread and passes or fails nothing. A wrong answer does fail, since
//! the time of a wrong answer says nothing. Called by `main`. Read next: [`stage`] for what runs
//! where, [`load`] for the load generator, `docs/benchmarks.md` for how to read the table.

mod departures;
mod gateways;
mod load;
mod measure;
mod memory;
mod micro;
mod options;
mod reply;
mod report;
mod request;
mod requests;
mod stage;
mod start;
mod streams;

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::run::{asks_for_help, cargo, command, say, succeeds, target};

use options::{Options, Part};
use report::Table;
use stage::Stage;

pub(crate) use options::USAGE;

/// Builds what is measured, measures it, prints the table.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    if asks_for_help(arguments) {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    if let ["departures", words @ ..] = arguments {
        return departures::run(words);
    }
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(problem) => {
            say(&format!("xtask bench: {problem}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    if !options.built && !build(&options) {
        return ExitCode::FAILURE;
    }
    if cfg!(debug_assertions) {
        return optimised(&["bench", "--built"], arguments);
    }
    ended(measure(&options))
}

/// Goes on as the release build: a load generator without optimisation would measure itself.
fn optimised(words: &[&str], arguments: &[&str]) -> ExitCode {
    let error = command(&program("xtask").display().to_string(), words)
        .args(arguments)
        .exec();
    say(&format!("cannot start the release build of xtask: {error}"));
    ExitCode::FAILURE
}

fn ended(measured: io::Result<()>) -> ExitCode {
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("the benchmark ended early: {problem}"));
            ExitCode::FAILURE
        }
    }
}

/// Where the release build of `name` is.
fn program(name: &str) -> PathBuf {
    target().join("release").join(name)
}

fn build(options: &Options) -> bool {
    let built = build_programs();
    built && (!options.does(Part::Micro) || micro::build()) && gateways::install_nginx()
}

fn build_programs() -> bool {
    let programs = [
        "build",
        "--release",
        "--bins",
        "-p",
        "nenya",
        "-p",
        "dummy",
        "-p",
        "xtask",
    ];
    succeeds(&mut cargo(&programs))
}

fn measure(options: &Options) -> io::Result<()> {
    // Before the stage is set, which narrows this process to one core.
    if options.does(Part::Micro) {
        micro::run();
    }
    let mut table = Table::default();
    let stage = Stage::set(options)?;
    say(&stage.describe());
    for round in 0..options.rounds {
        say(&format!("round {} of {}", round + 1, options.rounds));
        if options.does(Part::Requests) {
            requests::round(&stage, round, &mut table)?;
        }
        if options.does(Part::Streams) {
            streams::round(&stage, round, &mut table)?;
        }
        if options.does(Part::Memory) {
            memory::round(&stage, round, &mut table)?;
        }
        if options.does(Part::Start) {
            start::round(&stage, round, &mut table)?;
        }
    }
    start::sizes(&mut table)?;
    say(&table.render());
    say(&stage.noise());
    Ok(())
}

/// An error that is only a sentence.
fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::other(what.into())
}

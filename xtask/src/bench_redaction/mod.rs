//! `cargo xtask bench-redaction`: ours and other scanners over one corpus, in one run.
//!
//! Owns the order: make the corpus, install the scanners, run each over the same files, compare
//! with the labels, print and keep a table. Never judges a figure, and never shows what was
//! missed in the held-out half. Called by `main`. Read next: [`score`] for what counts as found,
//! [`tools`] for how each scanner is called, `docs/redaction-benchmark.md` for the result.

mod cpu;
mod explain;
mod install;
mod options;
mod place;
pub(crate) mod quality;
mod report;
mod score;
mod tools;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::run::{asks_for_help, cargo, say, succeeds, target};
use corpus::{Class, Half, Item};

use options::Options;
use report::Row;
use score::Finding;
use tools::Tool;

pub(crate) use options::USAGE;

/// A tool that needs less is run again: the kernel counts in ticks.
const ENOUGH: Duration = Duration::from_secs(1);
const MOST_RUNS: u32 = 20;

/// Reads the words, makes the corpus, runs all tools, prints the table.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    if asks_for_help(arguments) {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(problem) => {
            say(&format!("xtask bench-redaction: {problem}\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let built = options.built || !options.tools.contains(&Tool::Ours) || build();
    if !built || !install::run(&options.tools) {
        return ExitCode::FAILURE;
    }
    match compare(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("the comparison ended early: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn build() -> bool {
    succeeds(&mut cargo(&[
        "build",
        "--release",
        "--package",
        "nenya",
        "--bins",
    ]))
}

fn compare(options: &Options) -> io::Result<()> {
    let folder = target().join("redaction-benchmark");
    let mut rows = Vec::new();
    let mut halves = Vec::new();
    for half in &options.halves {
        let items = written(options, *half, &folder)?;
        for tool in &options.tools {
            let (findings, cost) = scan(*tool, &folder, &items)?;
            rows.extend(
                Class::SCORED.map(|class| Row::of(*tool, *half, class, &items, &findings, cost)),
            );
            if options.explain && *half == Half::Tune {
                say(&format!(
                    "{}\n{}",
                    tool.name(),
                    explain::text(&items, &findings)
                ));
            }
        }
        halves.push(items);
    }
    say(&report::render(&rows, options, &halves));
    if options.is_whole() {
        report::keep(&rows, options, &halves)?;
    }
    if options.json {
        say(&report::json(&rows, options, &halves).to_string());
    }
    Ok(())
}

/// Makes a half and reads it back, so that the tools and the labels speak of the same bytes.
fn written(options: &Options, half: Half, folder: &Path) -> io::Result<Vec<Item>> {
    let folder = folder.join(half.name());
    corpus::write(
        &folder,
        &corpus::generate(options.seed, half, options.items),
    )?;
    let items = corpus::read(&folder)?;
    say(&format!("{}: {}", half.name(), corpus::summary(&items)));
    Ok(items)
}

/// What a run cost.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// Processor time of one run over all files.
    cpu: Duration,
    bytes: usize,
}

fn scan(tool: Tool, folder: &Path, items: &[Item]) -> io::Result<(Vec<Finding>, Cost)> {
    let half = items.first().map_or("", |item| item.half.name());
    let folder: PathBuf = folder.join(half);
    let began = cpu::of_children()?;
    let output = once(tool, &folder, items)?;
    let mut runs = 1;
    while cpu::of_children()?.saturating_sub(began) < ENOUGH && runs < MOST_RUNS {
        once(tool, &folder, items)?;
        runs += 1;
    }
    let cost = Cost {
        cpu: cpu::of_children()?.saturating_sub(began) / runs,
        bytes: items.iter().map(|item| item.piece.text.len()).sum(),
    };
    let findings = tool.findings(&output, items).map_err(io::Error::other)?;
    say(&format!(
        "{half}: {} reports {} places, {:.2} s of CPU time",
        tool.name(),
        findings.len(),
        cost.cpu.as_secs_f64()
    ));
    Ok((findings, cost))
}

/// Runs a tool to its end. Some end with 1 if they find something; no output is a failure.
///
/// The output goes into a file: Node ends before a pipe has taken all of it.
fn once(tool: Tool, folder: &Path, items: &[Item]) -> io::Result<String> {
    let [report, words] = [tool.report(folder), folder.with_extension("err")];
    let said = folder.with_extension("out");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = tool.command(folder, items);
    let status = command
        .stdout(File::create(&said)?)
        .stderr(File::create(&words)?)
        .status()?;
    let output = fs::read_to_string(if tool == Tool::CredSweeper {
        report
    } else {
        said
    });
    match output {
        Ok(output) if matches!(status.code(), Some(0 | 1)) && !output.is_empty() => Ok(output),
        _ => {
            let words = fs::read_to_string(words)?;
            let last: Vec<&str> = words.lines().rev().take(3).collect();
            Err(io::Error::other(format!(
                "{}: {status}: {}",
                tool.name(),
                last.join(" | ")
            )))
        }
    }
}

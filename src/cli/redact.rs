//! `nenya redact`: shows what the rules find in a text, and the text without it.
//!
//! Owns the reading of files and the two ways of reporting. The rules are those of the
//! configuration, or the built-in ones; nothing is sent anywhere.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use redactor::{FileKind, Finding, Preset, RuleSet};
use serde_json::{Value, json};

use super::{Place, complain};
use crate::assemble;
use crate::blueprint;
use crate::settings;

/// What is looked for, where, and how it is reported.
#[derive(Debug, Args)]
pub(super) struct Redact {
    #[command(flatten)]
    place: Place,
    /// Files to read, in UTF-8; standard input for `-`, or if there are none
    files: Vec<PathBuf>,
    /// Built-in rules: credentials, pii, or both; in place of those of the configuration
    #[arg(long, value_delimiter = ',')]
    preset: Vec<PresetName>,
    /// How to report: the text on stdout and findings on stderr, or findings as JSON on stdout
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Say of each finding what the rule is and where its format is described
    #[arg(long)]
    explain: bool,
    /// Exit with 1 if anything was found; with 2 if it could not be looked for
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PresetName {
    Credentials,
    Pii,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Not the code for "something was found".
const TROUBLE: u8 = 2;

/// The name of standard input on a command line.
const STDIN: &str = "-";

const OTHER_CHARSET: &str =
    "this is UTF-16 or UTF-32; make it UTF-8 first, as with `iconv -f UTF-16 -t UTF-8`";

pub(super) fn run(redact: &Redact) -> ExitCode {
    match rules(redact).and_then(|rules| inspect_all(redact, &rules)) {
        Ok(found) if redact.check && found => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(problem) => {
            complain(&problem);
            ExitCode::from(TROUBLE)
        }
    }
}

fn rules(redact: &Redact) -> Result<RuleSet, String> {
    let written = settings::configuration(&redact.place).map_err(|error| error.to_string())?;
    let mut config = assemble::redaction(&written);
    if !redact.preset.is_empty() {
        config.patterns = None;
        config.presets = redact.preset.iter().map(|preset| preset.of()).collect();
        // They may name rules of other presets.
        config.actions.retain(|row| row.rule.is_none());
    }
    config.enabled = true;
    blueprint::rules(&config).map_err(|error| error.to_string())
}

impl PresetName {
    fn of(self) -> Preset {
        match self {
            Self::Credentials => Preset::Credentials,
            Self::Pii => Preset::Pii,
        }
    }
}

/// Reads, reports, and says whether anything was found.
fn inspect_all(redact: &Redact, rules: &RuleSet) -> Result<bool, String> {
    if redact.files.is_empty() {
        return inspect(redact, rules, None, &read_stdin()?);
    }
    let mut found = false;
    for file in &redact.files {
        found |= match file.to_str() {
            Some(STDIN) => inspect(redact, rules, None, &read_stdin()?)?,
            _ => {
                let name = file.display().to_string();
                let bytes = fs::read(file).map_err(|error| format!("{name}: {error}"))?;
                inspect(redact, rules, Some(&name), &bytes)?
            }
        };
    }
    Ok(found)
}

fn read_stdin() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| format!("standard input: {error}"))?;
    Ok(bytes)
}

fn inspect(
    redact: &Redact,
    rules: &RuleSet,
    file: Option<&str>,
    bytes: &[u8],
) -> Result<bool, String> {
    let named = |problem: String| format!("{}: {problem}", file.unwrap_or("standard input"));
    // Nothing would be found in it, and that would look like an answer.
    if redactor::file_kind(bytes) == FileKind::OtherCharset {
        return Err(named(OTHER_CHARSET.to_owned()));
    }
    let inspected = rules.inspect(bytes);
    let inspected = inspected.map_err(|error| named(error.to_string()))?;
    let written = match redact.format {
        Format::Json => write_json(redact, file, &inspected.findings),
        Format::Text => io::stdout().write_all(&inspected.bytes),
    };
    // A last line without an end waits in the buffer.
    match written.and_then(|()| io::stdout().flush()) {
        // A reader that has gone is no failure of the command.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(format!("standard output: {error}"));
        }
        _ => {}
    }
    if redact.format == Format::Text {
        report(redact, file, bytes, &inspected.findings);
    }
    Ok(!inspected.findings.is_empty())
}

fn write_json(redact: &Redact, file: Option<&str>, findings: &[Finding]) -> io::Result<()> {
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| in_json(finding, redact.explain))
        .collect();
    let line = json!({ "file": file, "findings": findings });
    writeln!(io::stdout(), "{line}")
}

fn in_json(finding: &Finding, explained: bool) -> Value {
    let mut entry = json!({
        "rule": finding.rule.label(),
        "class": finding.class.label(),
        "start": finding.range.start,
        "end": finding.range.end,
        "action": finding.action.label(),
    });
    let rule = redactor::rule(finding.rule).filter(|_| explained);
    if let (Some(rule), Some(members)) = (rule, entry.as_object_mut()) {
        members.insert("what".to_owned(), json!(rule.what));
        members.insert("source".to_owned(), json!(rule.source));
    }
    entry
}

/// One line for each finding, as compilers do it: file, line, column.
fn report(redact: &Redact, file: Option<&str>, bytes: &[u8], findings: &[Finding]) {
    let (mut line, mut line_start, mut seen) = (1, 0, 0);
    for finding in findings {
        let start = finding.range.start;
        for at in memchr::memchr_iter(b'\n', bytes.get(seen..start).unwrap_or_default()) {
            line += 1;
            line_start = seen + at + 1;
        }
        seen = start;
        let (file, column) = (file.unwrap_or("-"), start - line_start + 1);
        let (rule, action) = (finding.rule.label(), finding.action.label());
        let length = finding.range.len();
        let text = format!("{file}:{line}:{column}: {rule}, {length} bytes: {action}");
        writeln!(io::stderr(), "{text}").ok();
        if redact.explain {
            explain(finding);
        }
    }
}

fn explain(finding: &Finding) {
    if let Some(rule) = redactor::rule(finding.rule) {
        let text = format!("    {}\n    source: {}", rule.what, rule.source);
        writeln!(io::stderr(), "{text}").ok();
    }
}

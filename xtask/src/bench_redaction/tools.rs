//! The scanners: how each is called, and what its output says.
//!
//! All run as whole processes over the same files, with the settings that they come with.

use std::ops::Range;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::run::{command, target};
use corpus::{Class, Item};

use super::install;
use super::place::{byte_of_utf16, line_of, value_in};
use super::score::Finding;

/// A scanner that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    Ours,
    DetectSecrets,
    CredSweeper,
    Secretlint,
}

/// The library's own scan of files with its default settings: the command line prints digests of
/// the values in place of the values, and would ask vendors whether they are valid.
const DETECT_SECRETS: &str = "
import json, sys
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
found = SecretsCollection()
with default_settings():
    for path in sys.argv[1:]:
        found.scan_file(path)
for path, secret in found:
    print(json.dumps({'file': path, 'line': secret.line_number, 'value': secret.secret_value, 'rule': secret.type}))
";

impl Tool {
    pub(super) const ALL: [Self; 4] = [
        Self::Ours,
        Self::DetectSecrets,
        Self::CredSweeper,
        Self::Secretlint,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::DetectSecrets => "detect-secrets",
            Self::CredSweeper => "credsweeper",
            Self::Secretlint => "secretlint",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// The version that is run.
    pub(super) const fn version(self) -> &'static str {
        match self {
            Self::Ours => env!("CARGO_PKG_VERSION"),
            Self::DetectSecrets => install::DETECT_SECRETS,
            Self::CredSweeper => install::CREDSWEEPER,
            Self::Secretlint => install::SECRETLINT,
        }
    }

    /// Whether the tool says that it finds this class.
    pub(super) fn claims(self, class: Class) -> bool {
        self == Self::Ours || class == Class::Credential
    }

    /// The command that scans the items of a corpus in `folder`.
    pub(super) fn command(self, folder: &Path, items: &[Item]) -> Command {
        let python = install::folder().join("venv/bin");
        let mut run = match self {
            Self::Ours => {
                let program = target().join("release/nenya");
                command(
                    &program.display().to_string(),
                    &["redact", "--format", "json", "--preset", "credentials,pii"],
                )
            }
            Self::DetectSecrets => command(
                &python.join("python").display().to_string(),
                &["-c", DETECT_SECRETS],
            ),
            Self::CredSweeper => {
                let report = self.report(folder).display().to_string();
                let fixed = [
                    "--jobs",
                    "1",
                    "--pedantic",
                    // What it calls information, UUIDs above all, is no alarm of its own.
                    "--severity",
                    "low",
                    "--no-stdout",
                    "--no-error",
                    "--log",
                    "CRITICAL",
                    "--save-json",
                    &report,
                    "--path",
                ];
                command(&python.join("credsweeper").display().to_string(), &fixed)
            }
            Self::Secretlint => {
                let program = install::folder()
                    .join("node/node_modules/secretlint/bin/secretlint.js")
                    .display()
                    .to_string();
                let rules = install::rules().display().to_string();
                command(
                    "node",
                    &[
                        &program,
                        "--format",
                        "json",
                        "--no-glob",
                        "--secretlintrc",
                        &rules,
                    ],
                )
            }
        };
        run.current_dir(folder)
            .args(items.iter().map(|item| &item.path));
        run
    }

    /// Where the tool writes, if that is not its standard output.
    pub(super) fn report(self, folder: &Path) -> std::path::PathBuf {
        folder.with_extension("credsweeper.json")
    }

    /// Reads the tool's output.
    pub(super) fn findings(self, output: &str, items: &[Item]) -> Result<Vec<Finding>, String> {
        let lines = || output.lines().filter(|line| line.starts_with('{'));
        let parse = |text: &str| {
            serde_json::from_str::<Value>(text).map_err(|error| format!("{}: {error}", self.name()))
        };
        let values: Vec<Value> = match self {
            Self::Ours | Self::DetectSecrets => lines().map(parse).collect::<Result<_, _>>()?,
            Self::CredSweeper | Self::Secretlint => match parse(output)? {
                Value::Array(values) => values,
                _ => return Err(format!("{}: no list", self.name())),
            },
        };
        let read = match self {
            Self::Ours => ours,
            Self::DetectSecrets => detect_secrets,
            Self::CredSweeper => credsweeper,
            Self::Secretlint => secretlint,
        };
        Ok(values.iter().flat_map(|value| read(value, items)).collect())
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, name: &str) -> Option<usize> {
    usize::try_from(value.get(name)?.as_u64()?).ok()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The item that a path ends with the path of.
fn item_of<'a>(path: &str, items: &'a [Item]) -> Option<(usize, &'a Item)> {
    items
        .iter()
        .enumerate()
        .find(|(_, item)| path.ends_with(&item.path))
}

fn finding(file: usize, places: Vec<Range<usize>>, rule: &str) -> Finding {
    Finding {
        file,
        places,
        class: Class::Credential,
        rule: rule.to_owned(),
    }
}

/// `{"file": ..., "findings": [{"rule", "class", "start", "end", "action"}, ...]}`
fn ours(value: &Value, items: &[Item]) -> Vec<Finding> {
    let Some((file, _)) = item_of(text(value, "file"), items) else {
        return Vec::new();
    };
    let found = list(value, "findings").iter();
    found
        .filter_map(|found| {
            let place = number(found, "start")?..number(found, "end")?;
            let class = Class::named(text(found, "class")).unwrap_or(Class::Credential);
            Some(Finding {
                file,
                places: vec![place],
                class,
                rule: text(found, "rule").to_owned(),
            })
        })
        .collect()
}

fn detect_secrets(value: &Value, items: &[Item]) -> Vec<Finding> {
    let found = || {
        let (file, item) = item_of(text(value, "file"), items)?;
        let line = line_of(&item.piece.text, number(value, "line")?)?;
        let place = value_in(&item.piece.text, line, text(value, "value"), 0);
        Some(finding(file, vec![place], text(value, "rule")))
    };
    found().into_iter().collect()
}

fn credsweeper(value: &Value, items: &[Item]) -> Vec<Finding> {
    let (mut file, mut places) = (None, Vec::new());
    for data in list(value, "line_data_list") {
        let mut place = || {
            let (number_of_file, item) = item_of(text(data, "path"), items)?;
            file = Some(number_of_file);
            let line = line_of(&item.piece.text, number(data, "line_num")?)?;
            let near = number(data, "value_start").unwrap_or(0);
            Some(value_in(&item.piece.text, line, text(data, "value"), near))
        };
        places.extend(place());
    }
    file.map(|file| finding(file, places, text(value, "rule")))
        .into_iter()
        .collect()
}

fn secretlint(value: &Value, items: &[Item]) -> Vec<Finding> {
    let Some((file, item)) = item_of(text(value, "filePath"), items) else {
        return Vec::new();
    };
    let place = |message: &Value| {
        let [start, end] = list(message, "range") else {
            return None;
        };
        let byte = |unit: &Value| {
            Some(byte_of_utf16(
                &item.piece.text,
                usize::try_from(unit.as_u64()?).ok()?,
            ))
        };
        let place = byte(start)?..byte(end)?;
        Some(finding(file, vec![place], text(message, "ruleId")))
    };
    list(value, "messages").iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use corpus::{Half, Piece};

    use super::*;

    fn items() -> Vec<Item> {
        let piece = Piece {
            text: "é = 1\nkey = abcdef\n".to_owned(),
            ..Piece::default()
        };
        vec![Item {
            path: "tune/00000/a.py".into(),
            kind: "a".into(),
            half: Half::Tune,
            piece,
        }]
    }

    fn place(tool: Tool, output: &str) -> Range<usize> {
        let found = tool.findings(output, &items()).unwrap();
        assert_eq!(found.len(), 1, "{output}");
        found[0].places[0].clone()
    }

    #[test]
    fn the_output_of_every_tool_leads_to_the_same_bytes() {
        let key = 13..19;
        let ours = r#"{"file":"tune/00000/a.py","findings":[{"rule":"x","class":"credential","start":13,"end":19,"action":"redact"}]}"#;
        assert_eq!(place(Tool::Ours, ours), key);
        let line = r#"{"file":"tune/00000/a.py","line":2,"value":"abcdef","rule":"x"}"#;
        assert_eq!(place(Tool::DetectSecrets, line), key);
        let list = r#"[{"rule":"x","line_data_list":[{"path":"./tune/00000/a.py","line_num":2,"value":"abcdef","value_start":6}]}]"#;
        assert_eq!(place(Tool::CredSweeper, list), key);
        let units =
            r#"[{"filePath":"/x/tune/00000/a.py","messages":[{"ruleId":"x","range":[12,18]}]}]"#;
        assert_eq!(place(Tool::Secretlint, units), key);
    }

    #[test]
    fn output_that_cannot_be_read_is_an_error_and_not_a_clean_corpus() {
        for tool in [Tool::CredSweeper, Tool::Secretlint] {
            assert!(tool.findings("", &items()).is_err());
        }
        assert!(Tool::Ours.findings("{\"file\":", &items()).is_err());
    }
}

//! Every command line that a document, unit or manifest shows is one that the program knows.

use std::collections::BTreeMap;
use std::process::Command;

use crate::tree::{self, code_spans, none_of, prose_and_blocks};

pub(crate) fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nenya"))
        .args(arguments)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The names below `Commands:`.
pub(crate) fn subcommands() -> Vec<String> {
    let help = help(&[]);
    let list = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let names = list
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// One command line: the subcommand, if it has one, and the flags.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    subcommand: Option<String>,
    flags: Vec<String>,
}

/// What may stand before the program's name without being the program.
const RUNNERS: [&str; 6] = ["sudo", "exec", "$", "CMD", "HEALTHCHECK", "test:"];

/// Lines of a unit that name a program.
const UNIT_LINES: [&str; 3] = ["ExecStart", "ExecStartPre", "ExecReload"];

/// The calls of the program in one line. It is called where its name stands first, or after
/// something that runs the rest of the line.
fn calls(line: &str) -> Vec<Call> {
    let line = line.split(" #").next().unwrap_or_default();
    let commands = line.split(['|', '&', ';']);
    commands.filter_map(call).collect()
}

fn call(command: &str) -> Option<Call> {
    let words = command.split_whitespace().map(|word| {
        let word = word.trim_start_matches("[\"").trim_end_matches("\"]");
        let word = word.trim_matches(['"', ',']);
        let setting = word.split_once('=');
        let of_unit = setting.filter(|(name, _)| UNIT_LINES.contains(name));
        of_unit.map_or(word, |(_, program)| program)
    });
    let mut words = words.skip_while(|word| RUNNERS.contains(word) || sets_a_variable(word));
    words
        .next()
        .filter(|word| *word == "nenya" || (word.ends_with("/nenya") && !word.contains('=')))?;
    let words: Vec<&str> = words.collect();
    let subcommand = words
        .first()
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    let flags = words
        .iter()
        .filter(|word| word.len() > 1 && word.starts_with('-'));
    let name = |flag: &&str| {
        flag.split('=')
            .next()
            .unwrap_or(flag)
            .trim_start_matches('-')
            .to_owned()
    };
    Some(Call {
        subcommand: subcommand.map(|word| (*word).to_owned()),
        flags: flags.map(|flag| format!("--{}", name(flag))).collect(),
    })
}

fn sets_a_variable(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
}

/// Where commands are shown: code in documents, every line elsewhere.
fn shown() -> Vec<(String, String)> {
    let mut shown = Vec::new();
    for file in tree::files() {
        let lines: Vec<String> = if file.path.ends_with(".md") {
            let (prose, blocks) = prose_and_blocks(&file.text);
            let spans = prose
                .iter()
                .flat_map(|line| code_spans(line))
                .filter(|span| span.contains(' '));
            spans.chain(blocks).map(str::to_owned).collect()
        } else if file.path.starts_with("systemd/") || file.path.starts_with("deploy/") {
            file.text
                .lines()
                .map(|line| line.trim_start_matches(['#', ' ']).to_owned())
                .collect()
        } else {
            continue;
        };
        shown.extend(lines.into_iter().map(|line| (file.path.clone(), line)));
    }
    shown
}

#[test]
fn every_command_and_flag_that_is_shown_exists() {
    let known = subcommands();
    let mut helps: BTreeMap<Option<String>, String> = BTreeMap::new();
    let (mut findings, mut count) = (Vec::new(), 0);
    for (path, line) in shown() {
        for call in calls(&line) {
            count += 1;
            if call
                .subcommand
                .as_ref()
                .is_some_and(|name| !known.contains(name))
            {
                findings.push(format!("{path}: no such command: {line}"));
                continue;
            }
            let help = helps.entry(call.subcommand.clone()).or_insert_with(|| {
                help(
                    &call
                        .subcommand
                        .iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>(),
                )
            });
            let flags: Vec<&str> = help.split([' ', '\n', ',', '[', ']']).collect();
            let unknown = call
                .flags
                .iter()
                .filter(|flag| !flags.contains(&flag.as_str()));
            findings.extend(unknown.map(|flag| format!("{path}: no such flag {flag}: {line}")));
        }
    }
    none_of(&findings);
    assert!(count > 10, "only {count} commands found");
}

#[test]
fn a_call_is_told_from_a_name() {
    let called = |subcommand: Option<&str>, flags: &[&str]| Call {
        subcommand: subcommand.map(str::to_owned),
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
    };
    assert_eq!(
        calls("nenya keygen --name x # makes one"),
        [called(Some("keygen"), &["--name"])]
    );
    assert_eq!(
        calls("ExecStart=/usr/bin/nenya serve -config-dir /etc/nenya"),
        [called(Some("serve"), &["--config-dir"])]
    );
    assert_eq!(
        calls("CREDENTIALS_DIRECTORY=$(pwd)/creds ./nenya -config config.json"),
        [called(None, &["--config"])]
    );
    assert_eq!(calls("journalctl -u nenya REQUEST_ID=x"), []);
    assert_eq!(calls("systemctl restart nenya"), []);
    assert_eq!(
        calls("CMD [\"/usr/bin/nenya\", \"healthcheck\"]"),
        [called(Some("healthcheck"), &[])]
    );
}

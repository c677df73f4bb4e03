//! The tables of built-in rules in `docs/redaction.md` are those of the redactor.
//!
//! So are its examples of configuration, and what `nenya redact` is said to print.
//!
//! `NENYA_WRITE=1 cargo test --test documents redaction_rules` writes them anew.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use redactor::{Class, RuleInfo, rules};

use crate::tree::{self, none_of};

const DOCUMENT: &str = "docs/redaction.md";
const BEGIN: &str = "<!-- the table of rules: begin -->\n";
const END: &str = "<!-- the table of rules: end -->\n";
const HOW_MANY: &str = "There are ";
const UPDATE: &str = "NENYA_WRITE=1 cargo test --test documents redaction_rules";

/// The chapters, and which class each is of.
const CHAPTERS: [(&str, Class); 3] = [
    ("### Credentials", Class::Credential),
    ("### Personal data", Class::Pii),
    ("### Commands", Class::Kill),
];

fn row(rule: &RuleInfo) -> String {
    let text = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
    format!(
        "| `{}` | {} | {} | {} | {} |",
        rule.id,
        rule.class.label(),
        text(rule.what),
        rule.action.label(),
        text(rule.source)
    )
}

/// All that stands between the marks.
fn tables() -> String {
    let chapter = |(title, class): &(&str, Class)| {
        let rows = rules().filter(|rule| rule.class == *class);
        let rows: Vec<String> = rows.map(|rule| row(&rule)).collect();
        format!(
            "\n{title}\n\n| rule | class | what it finds | action | format described by |\n|---|---|---|---|---|\n{}\n",
            rows.join("\n")
        )
    };
    CHAPTERS.iter().map(chapter).collect()
}

/// The document around its tables, and the tables.
fn parts(document: &str) -> (&str, &str, &str) {
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (tables, after) = rest.split_once(END).unwrap();
    (before, tables, after)
}

/// The sentence that says how many there are.
fn numbers() -> String {
    let [credentials, personal, commands] =
        CHAPTERS.map(|(_, class)| rules().filter(|rule| rule.class == class).count());
    format!(
        "{HOW_MANY}{credentials} rules for credentials, {personal} for personal data and {commands} for commands"
    )
}

/// The document before its tables, as it should be.
fn with_numbers(before: &str) -> String {
    let line = |line: &str| match line.strip_prefix(HOW_MANY) {
        Some(rest) => format!("{}{}\n", numbers(), &rest[rest.find(':').unwrap()..]),
        None => format!("{line}\n"),
    };
    before.lines().map(line).collect()
}

#[test]
fn the_redaction_rules_of_the_document_are_those_of_the_redactor() {
    let document = tree::read(DOCUMENT);
    let (before, written, after) = parts(&document);
    let made = tables();
    if std::env::var_os("NENYA_WRITE").is_some() {
        let new = [&with_numbers(before), BEGIN, &made, END, after].concat();
        return fs::write(tree::root().join(DOCUMENT), new).unwrap();
    }
    assert!(before.contains(&numbers()), "{}\n{UPDATE}", numbers());
    let (written, made): (Vec<&str>, Vec<&str>) =
        (written.lines().collect(), made.lines().collect());
    let missing = made.iter().filter(|line| !written.contains(line));
    let missing = missing.map(|line| format!("{DOCUMENT} lacks: {line}"));
    let extra = written.iter().filter(|line| !made.contains(line));
    let extra = extra.map(|line| format!("{DOCUMENT} has, and no rule is so: {line}"));
    let differences: Vec<String> = missing.chain(extra).collect();
    if !differences.is_empty() {
        eprintln!("to write them anew: {UPDATE}");
    }
    none_of(&differences);
    assert_eq!(written, made, "another order; {UPDATE}");
    assert!(rules().count() > 300);
}

/// Runs `nenya redact` on a text.
fn redact(arguments: &[&str], text: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nenya"))
        .arg("redact")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    program.wait_with_output().unwrap()
}

/// The blocks of code of one kind.
fn blocks<'d>(document: &'d str, kind: &str) -> Vec<&'d str> {
    let fence = format!("\n```{kind}\n");
    let blocks = document.split(fence.as_str()).skip(1);
    blocks
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect()
}

#[test]
fn the_examples_of_redaction_are_good_configurations() {
    let document = tree::read(DOCUMENT);
    let examples = blocks(&document, "json5");
    assert!(examples.len() >= 5);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    let wrong = examples.iter().filter_map(|example| {
        fs::write(&file, example).unwrap();
        let output = redact(&["--config", file.to_str().unwrap()], "nothing\n");
        let said = String::from_utf8(output.stderr).unwrap();
        (!output.status.success()).then(|| format!("{example}\n{said}"))
    });
    none_of(&wrong.collect::<Vec<_>>());
}

#[test]
fn redact_says_what_the_document_shows() {
    let document = tree::read(DOCUMENT);
    let call = "printf 'write to jo.smith@customers.test\\n' | nenya redact --preset credentials,pii --explain\n";
    assert!(document.contains(call));
    let arguments = ["--preset", "credentials,pii", "--explain"];
    let output = redact(&arguments, "write to jo.smith@customers.test\n");
    let all = [output.stdout, output.stderr].concat();
    let shown = blocks(&document, "text");
    assert_eq!(shown, [String::from_utf8(all).unwrap().trim_end()]);
}

#[test]
fn contributors_are_told_how_to_write_the_redaction_rules_anew() {
    assert!(tree::read("CONTRIBUTING.md").contains(UPDATE));
}

/// A row of the comparison: whose it is, and recall, precision and F1 of the held-out credentials.
fn compared() -> Vec<(String, [f64; 3])> {
    let rows = tree::rows(&tree::read("docs/redaction-benchmark.md")).into_iter();
    let held_out =
        rows.filter(|row| row.len() > 7 && row[0] == "held-out" && row[1] == "credential");
    let number = |cell: &String| cell.trim_end_matches(" %").parse().unwrap();
    let figures = |row: Vec<String>| (row[2].clone(), [5, 6, 7].map(|at| number(&row[at])));
    held_out.map(figures).collect()
}

#[test]
fn the_last_comparison_has_ours_at_95_percent_and_above_each_of_the_others() {
    let rows = compared();
    let (ours, others): (Vec<_>, Vec<_>) = rows.iter().partition(|(tool, _)| tool == "ours");
    assert_eq!((ours.len(), others.len()), (1, 3), "{rows:?}");
    let (_, [recall, precision, f1]) = ours[0];
    assert!(*recall >= 95.0 && *precision >= 95.0, "{rows:?}");
    for (_, theirs) in others {
        assert!(
            *recall > theirs[0] && *precision >= theirs[1] && *f1 > theirs[2],
            "{rows:?}"
        );
    }
}

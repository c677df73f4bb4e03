//! The tables of built-in rules in `docs/redaction.md` are those of the redactor.
//!
//! `NENYA_WRITE=1 cargo test --test documents redaction_rules` writes them anew.

use std::fs;

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

#[test]
fn contributors_are_told_how_to_write_the_redaction_rules_anew() {
    assert!(tree::read("CONTRIBUTING.md").contains(UPDATE));
}

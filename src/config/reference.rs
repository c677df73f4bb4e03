//! The tables of `docs/configuration.md`, made from the schema, and the test that compares them.
//!
//! Owns how a key is described in one row. A row that differs is printed as it should be, so the
//! document is corrected by copying. Only part of test builds.

use serde_json::Value;

use super::schema::{ABSENT, PARTLY, published};
use super::shape::{choices, fixed_words, type_names};

/// One key as a row of a table.
struct Row {
    path: String,
    default: String,
    line: String,
}

struct Tables<'a> {
    root: &'a Value,
    rows: Vec<Row>,
}

fn rows() -> Vec<Row> {
    let schema = published();
    let mut tables = Tables {
        root: &schema,
        rows: Vec::new(),
    };
    tables.members(&schema, "", false);
    tables.rows
}

impl Tables<'_> {
    fn members(&mut self, node: &Value, path: &str, refused: bool) {
        let keys = node.get("properties").and_then(Value::as_object);
        for (name, key) in keys.into_iter().flatten() {
            let here = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let refused = refused || key.get(ABSENT).is_some();
            if !path.is_empty() {
                self.row(&here, key, refused);
            }
            self.below(key, &here, refused);
        }
    }

    fn below(&mut self, key: &Value, path: &str, refused: bool) {
        for choice in choices(self.root, key) {
            self.members(choice, path, refused);
            if let Some(elements) = choice.get("items") {
                self.below(elements, &format!("{path}[]"), refused);
            }
            if let Some(named) = choice
                .get("additionalProperties")
                .filter(|named| named.is_object())
            {
                let refused = refused || named.get(ABSENT).is_some();
                self.below(named, &format!("{path}.<name>"), refused);
            }
        }
    }

    fn row(&mut self, path: &str, key: &Value, refused: bool) {
        let text = |word: &str| key.get(word).and_then(Value::as_str).unwrap_or("");
        let (here, remedy) = match (key.get(PARTLY).and_then(Value::as_str), refused) {
            (Some(remedy), _) => ("partly", format!(" In this version: {remedy}.")),
            (None, false) => ("yes", String::new()),
            (None, true) => {
                let remedy = key.get(ABSENT).and_then(Value::as_str);
                (
                    "no",
                    remedy.map_or_else(String::new, |remedy| {
                        format!(" Not in this version: {remedy}.")
                    }),
                )
            }
        };
        let line = format!(
            "| `{path}` | {here} | {} | {} | {} | {}{remedy} |",
            self.type_text(key),
            default_text(key),
            limits_text(key),
            text("description").replace('|', "\\|"),
        );
        self.rows.push(Row {
            path: path.to_owned(),
            default: default_text(key),
            line,
        });
    }

    fn type_text(&self, key: &Value) -> String {
        let texts = choices(self.root, key)
            .into_iter()
            .map(|choice| self.single_type(choice));
        let mut texts: Vec<String> = texts.filter(|text| text != "null").collect();
        texts.dedup();
        texts.join(" or ")
    }

    fn single_type(&self, node: &Value) -> String {
        let words = fixed_words(node);
        if !words.is_empty() {
            return words
                .iter()
                .map(|word| format!("`{word}`"))
                .collect::<Vec<_>>()
                .join(", ");
        }
        let form = match node.get("format").and_then(Value::as_str) {
            Some("human-duration") => "time",
            Some("byte-size") => "size",
            Some("listen-address") => "address",
            Some("cidr") => "network",
            Some("upstream-url") => "URL",
            Some("pattern-text") => "pattern",
            _ => "",
        };
        let plain = type_names(node)
            .into_iter()
            .find(|name| *name != "null")
            .unwrap_or("null");
        match (form, plain) {
            ("", "string") => "text".to_owned(),
            ("", "integer") => "whole number".to_owned(),
            ("", "boolean") => "true, false".to_owned(),
            ("", "array") => format!(
                "list: {}",
                node.get("items")
                    .map_or_else(String::new, |below| self.type_text(below))
            ),
            ("", "object") if node.get("properties").is_none() => "object by name".to_owned(),
            ("", other) => other.to_owned(),
            (form, _) => form.to_owned(),
        }
    }
}

fn default_text(key: &Value) -> String {
    match key.get("default") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => {
            format!("`{}`", text.replace(env!("CARGO_PKG_VERSION"), "<version>"))
        }
        Some(Value::Array(elements)) if elements.is_empty() => "empty".to_owned(),
        Some(Value::Object(members)) if members.is_empty() => "empty".to_owned(),
        Some(value) => format!("`{value}`"),
    }
}

fn limits_text(key: &Value) -> String {
    let text = |word: &str| match key.get(word) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(value) => Some(value.to_string()),
        None => None,
    };
    let range = |least: &str, most: &str, unit: &str| match (text(least), text(most)) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
        (Some(least), None) if least != "0" => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
        _ => None,
    };
    let elements = key
        .get("items")
        .map(limits_text)
        .filter(|text| !text.is_empty());
    let length = match (text("minLength").as_deref(), text("maxLength")) {
        (Some("1"), None) => Some("not empty".to_owned()),
        _ => range("minLength", "maxLength", " characters"),
    };
    let texts = [
        range("minimum", "maximum", ""),
        range("x-minimum", "x-maximum", ""),
        length,
        range("minItems", "maxItems", " entries"),
        elements.map(|text| format!("each {text}")),
    ];
    texts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

const DOCUMENT: &str = include_str!("../../docs/configuration.md");

#[test]
fn the_tables_of_the_document_are_those_of_the_schema() {
    let (_, tables) = DOCUMENT.split_once("\n# Keys\n").unwrap();
    let written: Vec<&str> = tables
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let rows = rows();
    let missing: Vec<&str> = rows
        .iter()
        .map(|row| row.line.as_str())
        .filter(|line| !written.contains(line))
        .collect();
    let extra: Vec<&&str> = written
        .iter()
        .filter(|line| !rows.iter().any(|row| row.line == ***line))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/configuration.md lacks these rows:\n{}",
        missing.join("\n")
    );
    assert!(
        extra.is_empty(),
        "docs/configuration.md has rows of keys that are not so:\n{extra:#?}"
    );
    assert_eq!(
        written.len(),
        rows.len(),
        "a row stands twice in docs/configuration.md"
    );
}

#[test]
fn every_section_has_a_chapter_of_its_own() {
    for row in rows() {
        let section = row.path.split('.').next().unwrap_or_default();
        assert!(
            DOCUMENT.contains(&format!("\n## `{section}`\n")),
            "no chapter for {section}"
        );
    }
}

#[test]
fn every_stock_provider_is_in_the_document() {
    for stock in super::stock_rows::STOCK {
        assert!(
            DOCUMENT.contains(&format!("`{}`", stock.name)),
            "{}",
            stock.name
        );
    }
}

/// Rows of `docs/defaults.md` start with the key and its default.
#[test]
fn the_defaults_that_are_explained_are_the_defaults() {
    let rows = rows();
    let explained = include_str!("../../docs/defaults.md")
        .lines()
        .filter(|line| line.starts_with("| `"));
    let mut count = 0;
    for line in explained {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (key, default) = (
            cells.next().unwrap().trim_matches('`'),
            cells.next().unwrap(),
        );
        let row = rows
            .iter()
            .find(|row| row.path == key)
            .unwrap_or_else(|| panic!("no such key: {key}"));
        assert!(
            row.default == default || row.default.is_empty(),
            "{key} has the default {}, not {default}",
            row.default
        );
        count += 1;
    }
    assert!(count > 25, "{count}");
}

//! Every error that the documents promise can happen, and every one that can is documented.

use crate::tree::{self, code_and_tests, code_spans, none_of, rows, without_comments};

const TABLE: &str = "src/http/error.rs";

/// Variant and code of each row of the table in the code.
fn table() -> Vec<(String, String)> {
    let text = tree::read(TABLE);
    let rows = text
        .split("error_table! {\n")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let row = |line: &str| {
        let (variant, rest) = line.trim().split_once(", \"")?;
        Some((variant.to_owned(), rest.split('"').next()?.to_owned()))
    };
    rows.lines().filter_map(row).collect()
}

#[test]
fn every_code_is_raised_outside_the_table() {
    let files = tree::files_with(".rs")
        .into_iter()
        .filter(|file| file.path.starts_with("src/"));
    let code: Vec<String> = files
        .map(|file| {
            let code = code_and_tests(&file.text).0;
            let table = code
                .find("error_table! {\n")
                .map(|at| at..at + code[at..].find("\n}").unwrap());
            let code = match table {
                Some(table) => [&code[..table.start], &code[table.end..]].concat(),
                None => code.to_owned(),
            };
            without_comments(&code)
        })
        .collect();
    let raised = |variant: &str| code.iter().any(|text| names(text, variant));
    let unused = table().into_iter().filter(|(variant, _)| !raised(variant));
    none_of(
        &unused
            .map(|(variant, code)| format!("`{code}` ({variant}) is never raised"))
            .collect::<Vec<_>>(),
    );
}

/// Whether `::variant` stands in the text as a whole word.
fn names(text: &str, variant: &str) -> bool {
    let wanted = format!("::{variant}");
    text.match_indices(&wanted).any(|(at, _)| {
        let after = text[at + wanted.len()..].chars().next();
        !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn documents_and_code_have_the_same_codes() {
    let documented: Vec<String> = rows(&tree::read("docs/errors.md"))
        .iter()
        .map(|row| code_spans(&row[0])[0].to_owned())
        .collect();
    let coded: Vec<String> = table().into_iter().map(|(_, code)| code).collect();
    assert!(coded.len() > 20);
    assert_eq!(documented, coded, "left: docs/errors.md; right: {TABLE}");
}

//! `docs/unsafe.md` against the code, both ways.

use std::collections::BTreeMap;

use crate::tree::{self, code_and_tests, code_spans, rows, without_comments};

/// Blocks, impls, and blocks in the file's own tests.
type Counts = [usize; 3];

fn found() -> BTreeMap<String, Counts> {
    let files = tree::files_with(".rs").into_iter();
    let files =
        files.filter(|file| !file.path.starts_with("tests/") && !file.path.contains("/tests/"));
    files
        .filter_map(|file| {
            let counts = counts_of(&file.text);
            (counts != [0; 3]).then_some((file.path, counts))
        })
        .collect()
}

fn counts_of(text: &str) -> Counts {
    let (code, tests) = code_and_tests(text);
    let (code, tests) = (without_comments(code), without_comments(tests));
    let blocks = |text: &str| text.matches("unsafe {").count();
    let others = [
        "unsafe impl ",
        "unsafe fn ",
        "unsafe trait ",
        "unsafe extern ",
    ];
    let others = others.iter().map(|word| code.matches(word).count()).sum();
    [blocks(&code), others, blocks(&tests)]
}

fn written() -> BTreeMap<String, Counts> {
    let rows = rows(&tree::read("docs/unsafe.md")).into_iter();
    rows.filter_map(|row| {
        let path = code_spans(&row[0]).first()?.to_string();
        let number = |at: usize| row.get(at)?.parse().ok();
        let counts = [number(1)?, number(2)?, number(3)?];
        path.ends_with(".rs").then_some((path, counts))
    })
    .collect()
}

#[test]
fn every_unsafe_site_is_in_the_document_and_every_line_there_has_its_sites() {
    let (found, written) = (found(), written());
    assert!(!written.is_empty());
    assert_eq!(found, written, "left: the code; right: docs/unsafe.md");
}

#[test]
fn every_file_with_unsafe_code_has_a_section_of_its_own() {
    let document = tree::read("docs/unsafe.md");
    for path in found().keys() {
        assert!(document.contains(&format!("\n## `{path}`\n")), "{path}");
    }
}

#[test]
fn sites_are_counted_outside_of_comments_and_apart_from_tests() {
    let text = concat!(
        "// unsafe { a }\nunsafe { b }\nunsafe impl Send for X {}\n",
        "#[cfg(test)]\nmod tests {\nunsafe { c }\n}"
    );
    assert_eq!(counts_of(text), [1, 1, 1]);
}

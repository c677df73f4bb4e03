//! Rules of the source tree.

use crate::tree::{self, none_of, without_comments};

/// Lines of a file, its tests included; what is longer has a second noun in it.
const LONGEST: usize = 600;

#[test]
fn no_source_file_is_longer_than_it_may_be() {
    let files = tree::files_with(".rs").into_iter();
    let lengths = files.map(|file| (file.path, file.text.lines().count()));
    let long = lengths.filter(|(_, lines)| *lines > LONGEST);
    none_of(
        &long
            .map(|(path, lines)| format!("{path}: {lines} lines"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_crate_root_forbids_or_denies_unsafe_code() {
    let roots = tree::files_with(".rs")
        .into_iter()
        .filter(|file| is_library_root(&file.path));
    let mut count = 0;
    let lax = roots.inspect(|_| count += 1).filter(|file| {
        !["#![forbid(unsafe_code)]", "#![deny(unsafe_code)]"]
            .iter()
            .any(|attribute| file.text.lines().any(|line| line == *attribute))
    });
    none_of(&lax.map(|file| file.path).collect::<Vec<_>>());
    assert!(count >= 11, "only {count} roots found");
}

/// The roots of programs that hold more than a call of a library count too.
fn is_library_root(path: &str) -> bool {
    let tool = ["xtask/src/main.rs", "tests/dummy/src/main.rs"].contains(&path);
    tool || path.ends_with("src/lib.rs")
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace_and_those_deny_unsafe_code() {
    let workspace = tree::read("Cargo.toml");
    assert!(workspace.contains("\nunsafe_code = \"deny\"\n"));
    let manifests = tree::files_with("Cargo.toml").into_iter();
    // A package outside the workspace has nothing to take them from.
    let inside = manifests.filter(|file| !file.path.starts_with("tests/fuzz/"));
    let lax = inside.filter(|file| !file.text.contains("[lints]\nworkspace = true"));
    none_of(&lax.map(|file| file.path).collect::<Vec<_>>());
}

#[test]
fn every_lint_that_is_switched_off_has_a_reason() {
    let mut findings = Vec::new();
    let mut count = 0;
    for file in tree::files_with(".rs") {
        let text = without_comments(&file.text);
        for (at, attribute) in attributes(&text) {
            count += 1;
            if !attribute.contains("reason =") {
                findings.push(format!("{}: {at}", file.path));
            }
        }
    }
    none_of(&findings);
    assert!(count > 10, "only {count} attributes found");
}

/// The `allow` and `expect` attributes of a file: how each begins, and its whole text.
fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('#') {
        let starts_a_line = text[..at]
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .trim()
            .is_empty();
        let rest = text[at + 1..].trim_start_matches('!');
        if starts_a_line
            && ["[allow(", "[expect("]
                .iter()
                .any(|word| rest.starts_with(word))
        {
            let whole = &rest[..rest.find(")]").map_or(rest.len(), |end| end + 2)];
            found.push((whole.lines().next().unwrap_or_default(), whole));
        }
    }
    found
}

#[test]
fn nothing_is_left_for_later_and_no_test_is_skipped() {
    let words = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[", "ignore"),
        concat!("dbg", "!("),
    ];
    let mut findings = Vec::new();
    for file in tree::files_with(".rs") {
        let text = without_comments(&file.text);
        let found = words.iter().filter(|word| text.contains(**word));
        findings.extend(found.map(|word| format!("{}: `{word}`", file.path)));
    }
    none_of(&findings);
}

#[test]
fn an_attribute_over_several_lines_is_read_whole() {
    let text = "#[expect(\n    dead_code,\n    reason = \"x\"\n)]\n#![allow(unused)]\n";
    let found = attributes(text);
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|(_, whole)| whole.contains("reason =")));
    assert!(found.iter().any(|(_, whole)| !whole.contains("reason =")));
}

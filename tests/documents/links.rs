//! What a document points at is there.

use std::path::Path;

use crate::tree::{self, code_spans, none_of, prose_and_blocks};

/// Folders that a document names files of.
const OURS: [&str; 7] = [
    "actors/", "deploy/", "docs/", "src/", "systemd/", "tests/", "xtask/",
];

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let mut findings = Vec::new();
    let mut count = 0;
    for file in tree::files_with(".md") {
        let folder = Path::new(&file.path).parent().unwrap();
        for target in targets(&file.text) {
            count += 1;
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let at = match path {
                "" => tree::root().join(&file.path),
                path => tree::root().join(folder).join(path),
            };
            let text = std::fs::read_to_string(&at).unwrap_or_default();
            if !at.exists() || !(heading.is_empty() || has_heading(&text, heading)) {
                findings.push(format!("{}: `{target}` leads nowhere", file.path));
            }
        }
    }
    none_of(&findings);
    assert!(count > 3, "only {count} links found");
}

#[test]
fn every_file_that_a_document_names_in_code_exists() {
    let mut findings = Vec::new();
    for file in tree::files_with(".md") {
        let (prose, _) = prose_and_blocks(&file.text);
        let folder = Path::new(&file.path).parent().unwrap().to_str().unwrap();
        for span in prose.iter().flat_map(|line| code_spans(line)) {
            let is_path = OURS.iter().any(|ours| span.starts_with(ours))
                && !span.contains([' ', '*', '<', '…', '{', '(', '$']);
            let there = || tree::exists(span) || tree::exists(&format!("{folder}/{span}"));
            if is_path && !there() {
                findings.push(format!("{}: `{span}` is not there", file.path));
            }
        }
    }
    none_of(&findings);
}

/// The targets of `[text](target)` outside of blocks of code, without those on other hosts.
fn targets(text: &str) -> Vec<&str> {
    let (prose, _) = prose_and_blocks(text);
    let targets = prose.into_iter().flat_map(|line| line.split("](").skip(1));
    targets
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

fn has_heading(text: &str, wanted: &str) -> bool {
    let (prose, _) = prose_and_blocks(text);
    prose
        .iter()
        .filter(|line| line.starts_with('#'))
        .any(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c })
                .collect::<String>()
                == wanted
        })
}

#[test]
fn links_are_found_outside_of_code_and_headings_by_their_address() {
    let text = "see [a](b.md#c-d) and [e](https://x.test)\n```text\n[x](y)\n```\n## C `d`\n";
    assert_eq!(targets(text), ["b.md#c-d"]);
    assert!(has_heading(text, "c-d") && !has_heading(text, "d"));
}

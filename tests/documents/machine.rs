//! Nothing that is committed names the machine it was written on, or where it downloads from.

use crate::tree::{self, none_of};

/// Homes and workspaces; tests make their own with a temporary name.
const PATHS: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Use", "rs/"),
];

/// How files of package managers name another place to download from than the usual one.
const SOURCES: [&str; 7] = [
    concat!("\"resol", "ved\":"),
    concat!("index", "-url"),
    concat!("trusted", "-host"),
    concat!("registry", " = \""),
    concat!("registry", "=http"),
    concat!("replace", "-with"),
    concat!("source = \"", "git+"),
];

#[test]
fn no_file_has_a_path_of_somebodys_machine() {
    none_of(&lines_with(&PATHS));
}

#[test]
fn no_file_names_a_place_to_download_from() {
    none_of(&lines_with(&SOURCES));
}

#[test]
fn every_locked_crate_comes_from_the_public_index() {
    let public = "registry+https://github.com/rust-lang/crates.io-index";
    let locks = tree::files_with("Cargo.lock");
    for lock in &locks {
        let sources = lock
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("source = \""));
        let sources: Vec<&str> = sources.collect();
        assert!(sources.len() > 50, "{}", lock.path);
        let other = sources
            .iter()
            .find(|source| source.trim_end_matches('"') != public);
        assert_eq!(other, None, "{}", lock.path);
    }
}

fn lines_with(words: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in tree::files() {
        for (number, line) in file.text.lines().enumerate() {
            // The rule of deny.toml against other places is no such place.
            if line.starts_with(concat!("unknown-", "registry")) {
                continue;
            }
            let found = words.iter().filter(|word| line.contains(**word));
            findings.extend(found.map(|word| format!("{}:{}: `{word}`", file.path, number + 1)));
        }
    }
    findings
}

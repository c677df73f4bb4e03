//! What can be checked of files that no compiler reads: links lead somewhere, nothing names the
//! machine it was written on, lock files name no download addresses.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{self, Tally, say};

/// Paths of machines that somebody worked on; the tests make their own with a temporary name.
const MACHINE_PATHS: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

/// Reads every file of the repository that is not ignored.
pub(crate) fn run() -> Tally {
    let files = files();
    let mut findings: Vec<String> = Vec::new();
    for path in &files {
        let Ok(text) = fs::read_to_string(run::root().join(path)) else {
            continue;
        };
        findings.extend(machine_paths(path, &text));
        findings.extend(download_addresses(path, &text));
        if path.extension().is_some_and(|extension| extension == "md") {
            findings.extend(dead_links(&run::root(), path, &text));
        }
    }
    findings.iter().for_each(|finding| say(finding));
    say(&format!("{} files read", files.len()));
    Tally::of(findings.is_empty() && !files.is_empty())
}

/// Tracked files, and new ones that nobody ignores.
fn files() -> Vec<PathBuf> {
    let list = run::command(
        "git",
        &["ls-files", "--cached", "--others", "--exclude-standard"],
    )
    .output();
    let Ok(list) = list.inspect_err(|error| say(&format!("git: {error}"))) else {
        return Vec::new();
    };
    String::from_utf8_lossy(&list.stdout)
        .lines()
        .map(PathBuf::from)
        .collect()
}

fn machine_paths(path: &Path, text: &str) -> Vec<String> {
    let named = |line: &str| {
        MACHINE_PATHS
            .iter()
            .find(|known| line.contains(**known))
            .copied()
    };
    let lines = text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| Some((at + 1, named(line)?)));
    lines
        .map(|(line, named)| {
            format!(
                "{}:{line}: `{named}` is a path of somebody's machine",
                path.display()
            )
        })
        .collect()
}

fn download_addresses(path: &Path, text: &str) -> Option<String> {
    let locks = path
        .file_name()
        .is_some_and(|name| name == "package-lock.json");
    (locks && text.contains("\"resolved\""))
        .then(|| format!("{}: names download addresses", path.display()))
}

fn dead_links(root: &Path, path: &Path, text: &str) -> Vec<String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let links = link_targets(text).filter(|target| {
        !target.contains("://") && !target.starts_with(['#', '/']) && !target.starts_with("mailto:")
    });
    let dead = links.filter(|target| {
        let file = target.split('#').next().unwrap_or_default();
        !root.join(folder).join(file).exists()
    });
    dead.map(|target| format!("{}: `{target}` leads nowhere", path.display()))
        .collect()
}

/// The targets of `[text](target)`, without those in blocks of code.
fn link_targets(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    let prose = text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    });
    prose
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "see [a](b.md) and [c](d/e.md#f)\n```text\n[x](y)\n```\n[z](w)";
        assert_eq!(
            link_targets(text).collect::<Vec<_>>(),
            ["b.md", "d/e.md#f", "w"]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let found = dead_links(
            &run::root(),
            Path::new("xtask/x.md"),
            "[a](src/main.rs) [b](src/nothing.rs) [c](https://x.test/y)",
        );
        assert_eq!(found, ["xtask/x.md: `src/nothing.rs` leads nowhere"]);
    }

    #[test]
    fn paths_of_a_machine_are_named_with_their_line() {
        let text = format!("fine\nsee {}x", MACHINE_PATHS[0]);
        let found = machine_paths(Path::new("a"), &text);
        assert!(
            found.len() == 1 && found[0].starts_with("a:2:"),
            "{found:?}"
        );
    }
}

//! The files of the repository, and the few ways in which the tests look at them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What is made and not written.
const NOT_OURS: [&str; 7] = [
    "target",
    ".git",
    "node_modules",
    ".venv",
    "__pycache__",
    "artifacts",
    "coverage",
];

/// A file of the repository.
pub(crate) struct File {
    /// From the repository's root.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Where the repository is; cargo says so when it runs a test, too, so that the same checks can be
/// tried on a copy with a fault in it.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let told = std::env::var_os("CARGO_MANIFEST_DIR");
        told.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
    })
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// All files that are text, in the order of their names.
pub(crate) fn files() -> Vec<File> {
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths.sort();
    let texts = paths.into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let path = path.strip_prefix(root()).ok()?.to_str()?.to_owned();
        Some(File { path, text })
    });
    let files: Vec<File> = texts.collect();
    assert!(files.len() > 100, "the repository has more files than that");
    files
}

/// All files whose name ends so.
pub(crate) fn files_with(ending: &str) -> Vec<File> {
    let mut files = files();
    files.retain(|file| file.path.ends_with(ending));
    assert!(!files.is_empty(), "no file ends in `{ending}`");
    files
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let grown_by_fuzzing = name == "corpus" && folder.ends_with("fuzz");
        if grown_by_fuzzing || NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => walk(&entry.path(), paths),
            kind if kind.is_file() => paths.push(entry.path()),
            _ => {}
        }
    }
}

/// Rust without its comments. Good enough for counting words: a `//` in a string ends the line.
pub(crate) fn without_comments(text: &str) -> String {
    let lines = text.lines();
    lines
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// A file up to its tests, and the tests.
pub(crate) fn code_and_tests(text: &str) -> (&str, &str) {
    let at = text.find("#[cfg(test)]\nmod tests").or_else(|| {
        let at = text.find("#[cfg(test)]\npub(crate) mod tests")?;
        Some(at)
    });
    text.split_at(at.unwrap_or(text.len()))
}

/// The rows of all tables in a document, as cells; heads and rules are left out.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_head = lines.peek().is_some_and(|next| next.starts_with("|---"));
        if line.starts_with('|') && !line.starts_with("|---") && !is_head {
            let cells = line.trim().trim_matches('|').split('|');
            rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    rows
}

/// What stands between backticks.
pub(crate) fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Prose without blocks of code, and the lines of those blocks.
pub(crate) fn prose_and_blocks(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut prose, mut blocks, mut inside) = (Vec::new(), Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            blocks.push(line);
        } else {
            prose.push(line);
        }
    }
    (prose, blocks)
}

/// Shows all findings at once.
pub(crate) fn none_of(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

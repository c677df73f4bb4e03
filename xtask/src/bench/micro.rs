//! The micro-benchmarks: examples of the actors' crates, each of which prints its own lines.

use std::path::Path;

use super::program;
use crate::run::{cargo, command, root, say, succeeds};

/// Crate and example.
const EXAMPLES: [(&str, &str); 7] = [
    ("runtime", "costs"),
    ("vault", "lease_cost"),
    ("auth", "share_cost"),
    ("wire", "parse_cost"),
    ("wire", "large_cost"),
    ("redactor", "redact_cost"),
    ("redactor", "scan_cost"),
];

fn there() -> impl Iterator<Item = (&'static str, &'static str)> {
    let exists = |path: &Path| path.exists();
    EXAMPLES.into_iter().filter(move |(owner, name)| {
        exists(&root().join(format!("actors/{owner}/examples/{name}.rs")))
    })
}

/// Builds them, as what is released is built; true if all could be.
pub(super) fn build() -> bool {
    let mut build = cargo(&["build", "--release", "--examples"]);
    for (owner, _) in there() {
        build.args(["--package", &format!("nenya-{owner}")]);
    }
    succeeds(&mut build)
}

/// Runs one after the other, on all cores: what an ask costs between two is one of the figures.
pub(super) fn run() {
    for (owner, name) in there() {
        say(&format!("\nmicro: {owner} ({name})"));
        let path = program("examples").join(name).display().to_string();
        if !succeeds(&mut command(&path, &[])) {
            say(&format!("{path} failed"));
        }
    }
}

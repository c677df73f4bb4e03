//! Who may know whom: the manifests against the rule, and the rule against the document.
//!
//! Only normal dependencies count: what a test lists never reaches the program.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{self, none_of, rows};

const PROGRAM: &str = "nenya";

/// The rule. An edge that is not here is a design change, and so is one that is gone.
const KNOWS: [(&str, &[&str]); 10] = [
    ("runtime", &[]),
    ("wire", &[]),
    ("vault", &["runtime"]),
    ("auth", &["runtime"]),
    ("rbac", &["runtime"]),
    ("notifier", &["runtime"]),
    ("redactor", &["runtime", "wire"]),
    ("provider", &["redactor", "runtime", "vault", "wire"]),
    (
        "router",
        &["auth", "provider", "rbac", "redactor", "runtime", "wire"],
    ),
    (
        PROGRAM,
        &[
            "auth", "notifier", "provider", "rbac", "redactor", "router", "runtime", "vault",
            "wire",
        ],
    ),
];

/// What opens, accepts or encrypts connections, and who may have it.
const NETWORK: [(&str, &[&str]); 11] = [
    ("actix-http", &["provider", PROGRAM]),
    ("actix-tls", &["provider", PROGRAM]),
    ("actix-web", &[PROGRAM]),
    ("awc", &["provider"]),
    ("rustls", &["provider", PROGRAM]),
    ("rustls-native-certs", &["provider"]),
    ("sd-notify", &["notifier", PROGRAM]),
    ("socket2", &[PROGRAM]),
    ("systemd-journal-logger", &[PROGRAM]),
    ("tokio-rustls", &["provider"]),
    ("webpki-roots", &["provider"]),
];

/// Which of ours is listed with what else, by the name of its folder.
fn manifests() -> BTreeMap<String, BTreeSet<String>> {
    let mut manifests = BTreeMap::new();
    for file in tree::files_with("Cargo.toml") {
        let name = match file.path.strip_prefix("actors/") {
            Some(actor) => actor.split('/').next().unwrap(),
            None if file.path == "Cargo.toml" => PROGRAM,
            None => continue,
        };
        manifests.insert(name.to_owned(), normal_dependencies(&file.text));
    }
    manifests
}

/// The keys of `[dependencies]` and of `[target.….dependencies]`.
fn normal_dependencies(manifest: &str) -> BTreeSet<String> {
    let (mut names, mut counts) = (BTreeSet::new(), false);
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            counts = table == "dependencies"
                || (table.starts_with("target.") && table.ends_with(".dependencies"));
        } else if counts && let Some(name) = line.split(['.', '=', ' ']).next() {
            names.extend((!name.is_empty() && !name.starts_with('#')).then(|| name.to_owned()));
        }
    }
    names
}

fn ours(names: &BTreeSet<String>) -> BTreeSet<&str> {
    let is_ours = |name: &&str| KNOWS.iter().any(|(ours, _)| ours == name);
    names.iter().map(String::as_str).filter(is_ours).collect()
}

#[test]
fn the_graph_is_the_rule() {
    let manifests = manifests();
    let rule: BTreeMap<&str, BTreeSet<&str>> = KNOWS
        .iter()
        .map(|(name, known)| (*name, known.iter().copied().collect()))
        .collect();
    let found = manifests
        .iter()
        .map(|(name, listed)| (name.as_str(), ours(listed)));
    assert_eq!(
        found.collect::<BTreeMap<_, _>>(),
        rule,
        "left: manifests; right: rule"
    );
}

#[test]
fn only_provider_and_the_program_can_ask_for_a_provider_key() {
    let manifests = manifests();
    let who = manifests
        .iter()
        .filter(|(_, listed)| listed.contains("vault"));
    let who: Vec<&str> = who.map(|(name, _)| name.as_str()).collect();
    assert_eq!(who, [PROGRAM, "provider"]);
}

#[test]
fn only_those_who_need_the_network_list_a_library_for_it() {
    for (library, allowed) in NETWORK {
        let manifests = manifests();
        let who = manifests
            .iter()
            .filter(|(_, listed)| listed.contains(library));
        let who: BTreeSet<&str> = who.map(|(name, _)| name.as_str()).collect();
        assert_eq!(who, allowed.iter().copied().collect(), "{library}");
    }
}

#[test]
fn every_library_in_the_workspace_table_that_speaks_tls_or_http_is_under_the_rule() {
    let table = tree::read("Cargo.toml");
    let speaks = [
        "tls",
        "-http",
        "awc",
        "hyper",
        "reqwest",
        "socket",
        "quic",
        "webpki",
        "actix-web",
    ];
    let table = table.split("[workspace.lints").next().unwrap();
    let names = table
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.trim());
    for name in names.filter(|name| speaks.iter().any(|word| name.contains(word))) {
        assert!(
            NETWORK.iter().any(|(library, _)| *library == name),
            "{name}: who may list it?"
        );
    }
}

#[test]
fn the_graph_has_no_cycle() {
    let mut left = manifests();
    while !left.is_empty() {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, listed)| !listed.iter().any(|name| left.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        assert!(!free.is_empty(), "these know each other: {:?}", left.keys());
        free.iter().for_each(|name| drop(left.remove(name)));
    }
}

/// A row names its crates in the first cell, and whom they know in the second. `runtime` is known
/// to all but `wire` and need not be said, nor `wire` of those above it.
#[test]
fn the_code_map_says_what_the_graph_is() {
    let mut findings = Vec::new();
    let mut described = BTreeSet::new();
    for row in rows(&tree::read("docs/architecture.md")) {
        let subjects: Vec<&str> = if row[0].starts_with("`actors/") {
            words(&row[0])
        } else {
            continue;
        };
        let said = words(&row[1])
            .into_iter()
            .filter(|word| !subjects.contains(word));
        let said: BTreeSet<&str> = said.collect();
        let known = |subject: &&str| {
            KNOWS
                .iter()
                .find(|(name, _)| name == subject)
                .map(|(_, known)| *known)
        };
        let known: BTreeSet<&str> = subjects
            .iter()
            .filter_map(known)
            .flatten()
            .copied()
            .collect();
        for missing in known
            .difference(&said)
            .filter(|name| !["runtime", "wire"].contains(name))
        {
            findings.push(format!(
                "{}: knows `{missing}`, and the row does not say so",
                row[0]
            ));
        }
        for extra in said.difference(&known) {
            findings.push(format!(
                "{}: does not know `{extra}`, and the row says so",
                row[0]
            ));
        }
        described.extend(subjects.into_iter().map(str::to_owned));
    }
    let all = KNOWS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != PROGRAM);
    findings.extend(
        all.filter(|name| !described.contains(*name))
            .map(|name| format!("`{name}` has no row")),
    );
    none_of(&findings);
}

/// The names of our crates in a cell.
fn words(cell: &str) -> Vec<&str> {
    let words = cell.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_ours = |word: &&str| {
        KNOWS
            .iter()
            .any(|(name, _)| name == word && *name != PROGRAM)
    };
    words.filter(is_ours).collect()
}

#[test]
fn dependencies_of_tests_do_not_count() {
    let manifest = "[dependencies]\na.workspace = true\nb = { x = 1 }\n# c\n[dev-dependencies]\nd = \"1\"\n[target.'cfg(unix)'.dependencies]\ne = \"1\"\n";
    let expected = ["a", "b", "e"].map(str::to_owned);
    assert_eq!(normal_dependencies(manifest), BTreeSet::from(expected));
}

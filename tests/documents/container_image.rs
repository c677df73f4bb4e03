//! The image: what its recipe says, against what the program needs and does.

use crate::commands::subcommands;
use crate::tree;

const RECIPE: &str = "deploy/Containerfile";

/// Instructions with their arguments, without comments.
fn instructions() -> Vec<(String, String)> {
    let text = tree::read(RECIPE);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let split = lines.filter_map(|line| line.split_once(' '));
    split
        .map(|(word, rest)| (word.to_owned(), rest.trim().to_owned()))
        .collect()
}

/// What is in the image itself: from the last `FROM` on.
fn last_stage() -> Vec<(String, String)> {
    let all = instructions();
    let from = all.iter().rposition(|(word, _)| word == "FROM").unwrap();
    all[from..].to_vec()
}

fn of<'a>(stage: &'a [(String, String)], word: &str) -> Vec<&'a str> {
    let wanted = stage.iter().filter(|(found, _)| found == word);
    wanted.map(|(_, rest)| rest.as_str()).collect()
}

#[test]
fn it_is_built_by_the_compiler_that_the_repository_pins() {
    let toolchain = tree::read("rust-toolchain.toml");
    let pinned = toolchain
        .split("channel = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let stages = instructions();
    assert!(of(&stages, "FROM")[0].contains(&format!("/rust:{pinned}-")));
    let build = of(&stages, "RUN");
    assert!(
        build
            .iter()
            .any(|line| line.contains("--locked") && line.contains("--release"))
    );
    assert!(
        build.iter().all(|line| !line.contains("--features")),
        "test features stay out"
    );
}

#[test]
fn everything_that_it_copies_is_in_the_repository_and_not_ignored() {
    let ignored = tree::read("deploy/Containerfile.dockerignore");
    let stages = instructions();
    let copied = of(&stages, "COPY")
        .into_iter()
        .filter(|line| !line.contains("--from"));
    for line in copied {
        let mut names: Vec<&str> = line.split(' ').collect();
        names.pop();
        for name in names {
            assert!(tree::exists(name), "{name}");
            assert!(
                ignored.contains(&format!("\n!{name}\n")),
                "{name} is ignored"
            );
        }
    }
}

#[test]
fn it_has_no_root_no_shell_and_nothing_installed() {
    let stage = last_stage();
    assert!(
        of(&stage, "FROM")[0].contains("distroless") && of(&stage, "FROM")[0].ends_with(":nonroot")
    );
    assert_eq!(of(&stage, "USER"), ["65532:65532"]);
    assert!(
        of(&stage, "RUN").is_empty()
            && of(&stage, "ADD").is_empty()
            && of(&stage, "SHELL").is_empty()
    );
    assert!(
        of(&stage, "COPY")
            .iter()
            .all(|line| line.contains("--from=build"))
    );
}

#[test]
fn what_it_starts_is_where_it_was_copied_to() {
    let stage = last_stage();
    let copied = of(&stage, "COPY")[0].rsplit(' ').next().unwrap();
    assert_eq!(of(&stage, "ENTRYPOINT"), [format!("[\"{copied}\"]")]);
    let known = subcommands();
    let command = of(&stage, "CMD")[0].trim_matches(['[', ']', '"']);
    assert!(known.iter().any(|name| name == command), "{command}");
    let check = of(&stage, "HEALTHCHECK")[0].split("CMD ").nth(1).unwrap();
    assert_eq!(check, format!("[\"{copied}\", \"healthcheck\"]"));
    assert!(known.iter().any(|name| name == "healthcheck"));
}

/// `PORT` would take the place of the configured address, and be refused without a proxy.
#[test]
fn it_sets_no_variable_that_the_program_reads() {
    assert!(of(&last_stage(), "ENV").is_empty());
}

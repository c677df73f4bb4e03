//! Installs the other scanners below the build folder, in the versions that are named here.

use std::fs;
use std::path::PathBuf;

use crate::run::{command, say, succeeds, target};

use super::tools::Tool;

pub(super) const DETECT_SECRETS: &str = "1.5.0";
pub(super) const CREDSWEEPER: &str = "1.19.5";
/// The newest that runs on Node 20; its rules are in a package of the same version.
pub(super) const SECRETLINT: &str = "11.7.1";

const RULES: &str = r#"{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}"#;

/// Where they are.
pub(super) fn folder() -> PathBuf {
    target().join("scanners")
}

/// The configuration of secretlint: its recommended rules.
pub(super) fn rules() -> PathBuf {
    folder().join("node/secretlintrc.json")
}

/// Installs what the tools need and is not there in that version.
pub(super) fn run(tools: &[Tool]) -> bool {
    let python = tools
        .iter()
        .any(|tool| [Tool::DetectSecrets, Tool::CredSweeper].contains(tool));
    (!python || from_pypi()) && (!tools.contains(&Tool::Secretlint) || from_npm())
}

fn from_pypi() -> bool {
    let list = format!("detect-secrets=={DETECT_SECRETS} credsweeper=={CREDSWEEPER}");
    let (venv, stamp) = (folder().join("venv"), folder().join("venv/versions"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == list) {
        return true;
    }
    say(&format!("installing {list}"));
    let pip = venv.join("bin/pip").display().to_string();
    let fixed = ["install", "--quiet", "--disable-pip-version-check"];
    let words: Vec<&str> = fixed.into_iter().chain(list.split(' ')).collect();
    succeeds(&mut command(
        "python3",
        &["-m", "venv", "--clear", &venv.display().to_string()],
    )) && succeeds(&mut command(&pip, &words))
        && fs::write(stamp, list).is_ok()
}

fn from_npm() -> bool {
    let list = format!(
        "secretlint@{SECRETLINT} @secretlint/secretlint-rule-preset-recommend@{SECRETLINT}"
    );
    let (node, stamp) = (folder().join("node"), folder().join("node/versions"));
    let there = fs::read_to_string(&stamp).is_ok_and(|installed| installed == list);
    if !there {
        say(&format!("installing {list}"));
        let manifest = r#"{"name":"scanners","private":true}"#;
        let prepared = fs::create_dir_all(&node).is_ok()
            && fs::write(node.join("package.json"), manifest).is_ok();
        let fixed = [
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--save-exact",
        ];
        let words: Vec<&str> = fixed.into_iter().chain(list.split(' ')).collect();
        let installed = prepared && succeeds(command("npm", &words).current_dir(&node));
        if !installed || fs::write(stamp, list).is_err() {
            return false;
        }
    }
    fs::write(rules(), RULES).is_ok()
}

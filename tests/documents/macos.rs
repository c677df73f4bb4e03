//! The user agent for macOS: what can be known of it without a Mac.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::tree;

const TOKEN: &str = "nk-0123456789abcdef0123456789abcdef0123456789abcdef";

fn program(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
}

/// Runs the wrapper with a keychain that answers so.
fn with_keychain(folder: &Path, answer: &str, arguments: &[&str]) -> Output {
    fs::create_dir_all(folder.join("bin")).unwrap();
    fs::create_dir_all(folder.join("tmp")).unwrap();
    let security = format!(
        "#!/bin/sh\n[ \"$*\" = 'find-generic-password -s nenya-secrets -a somebody -w' ] || exit 44\n{answer}\n"
    );
    program(&folder.join("bin"), "security", &security);
    let nenya = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_nenya"));
    program(&folder.join("bin"), "nenya", &nenya);
    let path = format!("{}:/usr/bin:/bin", folder.join("bin").display());
    Command::new("/bin/bash")
        .arg(tree::root().join("deploy/macos-keychain.sh"))
        .args(arguments)
        .env_clear()
        .env("PATH", path)
        .env("USER", "somebody")
        .env("TMPDIR", folder.join("tmp"))
        .output()
        .unwrap()
}

#[test]
fn the_wrapper_hands_on_secrets_of_the_keychain_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.json");
    fs::write(&config, "{}").unwrap();
    let answer = format!("echo '{{\"client_token\": \"{TOKEN}\"}}'");
    let output = with_keychain(
        folder.path(),
        &answer,
        &["validate", "-config", config.to_str().unwrap()],
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("1 client key"), "{said}");
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
}

#[test]
fn the_wrapper_starts_nothing_without_the_keychain() {
    let folder = tempfile::tempdir().unwrap();
    let answer = format!("echo '{{\"client_token\": \"{TOKEN}\"}}'; exit 36");
    let output = with_keychain(folder.path(), &answer, &["validate"]);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
}

#[test]
fn the_agent_starts_the_wrapper_where_the_guide_puts_it() {
    let agent = tree::read("deploy/nenya.plist");
    let guide = tree::read("deploy/README.md");
    assert!(agent.contains("exec \"$HOME/.config/nenya/macos-keychain.sh\" serve -config \"$HOME/.config/nenya/config.json\""));
    assert!(guide.contains("cp deploy/macos-keychain.sh config.json ~/.config/nenya/"));
    assert!(guide.contains("~/Library/LaunchAgents/nenya.plist"));
    let label = agent.split("<key>Label</key>").nth(1).unwrap().trim_start();
    assert!(label.starts_with("<string>nenya</string>"));
    assert!(guide.contains("launchctl kill HUP \"gui/$(id -u)/nenya\""));
}

#[test]
fn the_agent_is_well_formed_as_far_as_brackets_go() {
    let agent = tree::read("deploy/nenya.plist");
    for tag in ["dict", "array", "string", "key", "integer", "plist"] {
        let opened =
            agent.matches(&format!("<{tag}>")).count() + agent.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, agent.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    assert!(
        !agent.contains(">>"),
        "the shell's `>>` is written as entities"
    );
}

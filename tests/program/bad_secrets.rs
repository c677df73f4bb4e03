//! Secrets that are incomplete, ambiguous, or lie around for everybody to read. Every message
//! names file and field; none holds a value.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::harness::{ADMIN, Dummy, PROVIDER_KEY, Setup, USER, key, write_private};

const VALIDATE: &[&str] = &["validate", "-config", "config.json"];

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn setup() -> Setup {
    Setup::new(&Dummy::start())
}

fn refused_with(output: &Output, words: &[&str]) {
    let said = said(output);
    assert!(!output.status.success(), "it went through: {said}");
    for word in words {
        assert!(said.contains(word), "no `{word}` in: {said}");
    }
    for secret in [ADMIN, USER, PROVIDER_KEY] {
        assert!(!said.contains(secret), "a secret was printed: {said}");
    }
}

fn refused(setup: &Setup, words: &[&str]) {
    refused_with(&setup.run(VALIDATE), words);
    refused_with(&setup.run(&["-config", "config.json"]), words);
}

/// The same, for a secrets file of these bytes.
fn refused_bytes(bytes: &[u8], words: &[&str]) {
    let setup = setup();
    setup.write();
    write_private(&setup.secrets_file(), bytes);
    refused_with(&setup.command(VALIDATE).output().unwrap(), words);
}

#[test]
fn a_missing_field_is_named() {
    refused(
        &setup().secrets("/client_token", Value::Null),
        &["secrets.json", "client_token"],
    );
    let without_roles =
        json!({"name": "x", "token": "nk-without-roles-0123456789abcdef", "enabled": true});
    refused(
        &setup().secrets("/api_keys/x", without_roles),
        &["secrets.json", "roles"],
    );
    let without_token = json!({"name": "x", "roles": ["user"], "enabled": true});
    refused(
        &setup().secrets("/api_keys/x", without_token),
        &["secrets.json", "token"],
    );
}

#[test]
fn an_unknown_field_is_named() {
    refused(
        &setup().secrets("/client_tokken", json!("x")),
        &["secrets.json", "client_tokken"],
    );
    refused(
        &setup().secrets("/api_keys/user/rolls", json!(["admin"])),
        &["secrets.json", "rolls"],
    );
}

#[test]
fn an_unknown_role_is_refused_with_the_roles_there_are() {
    refused(
        &setup().secrets("/api_keys/user/roles", json!(["root"])),
        &["user", "read-only"],
    );
}

#[test]
fn two_keys_with_the_same_token_are_refused() {
    refused(
        &setup().secrets("/api_keys/twin", key("twin", USER, "admin")),
        &["twin", "user"],
    );
    refused(
        &setup().secrets("/api_keys/twin", key("twin", ADMIN, "user")),
        &["twin"],
    );
}

#[test]
fn a_token_that_is_too_short_is_refused() {
    let setup = setup().secrets("/api_keys/short", key("short", "nk-short", "user"));
    let output = setup.run(VALIDATE);
    refused_with(&output, &["short", "token"]);
    assert!(!said(&output).contains("nk-short"), "{}", said(&output));
}

#[test]
fn a_file_that_everybody_may_read_is_refused_or_warned_of() {
    let setup = setup();
    setup.write();
    fs::set_permissions(setup.secrets_file(), Permissions::from_mode(0o644)).unwrap();
    let output = setup.command(VALIDATE).output().unwrap();
    assert!(
        said(&output).contains("secrets.json") && said(&output).contains("644"),
        "{}",
        said(&output)
    );
}

#[test]
fn broken_json_is_refused_with_its_place_and_without_its_text() {
    refused_bytes(
        format!(r#"{{"client_token": "{ADMIN}" "provider_keys": {{}}}}"#).as_bytes(),
        &["secrets.json"],
    );
    refused_bytes(
        format!(r#"{{"client_token": "{ADMIN}""#).as_bytes(),
        &["secrets.json"],
    );
    refused_bytes(
        format!(r#"{{"client_token": "{ADMIN}", "client_token": "{USER}"}}"#).as_bytes(),
        &["secrets.json", "client_token"],
    );
    refused_bytes(
        format!("// comment\n{{\"client_token\": \"{ADMIN}\"}}").as_bytes(),
        &["secrets.json"],
    );
    refused_bytes(b"", &["secrets.json"]);
    refused_bytes(b"\xff\xfe", &["secrets.json"]);
}

#[test]
fn a_wrong_type_is_refused_with_its_field() {
    refused(
        &setup().secrets("/provider_keys", json!(["x"])),
        &["provider_keys"],
    );
    refused(
        &setup().secrets("/client_token", json!(7)),
        &["client_token"],
    );
}

#[test]
fn a_path_that_climbs_is_refused() {
    let setup = setup().env("NENYA_SECRETS_DIR", "creds/../creds");
    setup.write();
    let mut command = setup.command(VALIDATE);
    command.env_remove("CREDENTIALS_DIRECTORY");
    refused_with(&command.output().unwrap(), &[".."]);
}

#[test]
fn variables_of_old_are_refused_with_the_way_out() {
    for variable in ["NENYA_CLIENT_TOKEN", "NENYA_PROVIDER_KEY_OPENAI"] {
        refused(
            &setup().env(variable, "nk-from-the-environment-0123456789"),
            &[variable, "secrets"],
        );
    }
}

#[test]
fn no_secrets_at_all_is_refused_with_the_places_that_were_looked_at_and_the_way_out() {
    let setup = setup();
    setup.write();
    fs::remove_file(setup.secrets_file()).unwrap();
    let output = setup.command(VALIDATE).output().unwrap();
    let places = ["creds/secrets", "/run/secrets/nenya"];
    refused_with(&output, &places);
    refused_with(&output, &["`NENYA_SECRETS_DIR=$PWD/secrets.json`"]);
    let said = said(&output);
    let command = said.split('`').find(|part| part.starts_with("(umask"));
    let made = Command::new("sh")
        .args(["-c", command.unwrap()])
        .current_dir(setup.folder())
        .status();
    assert!(made.unwrap().success(), "{said}");
    let output = setup
        .command(VALIDATE)
        .env_remove("CREDENTIALS_DIRECTORY")
        .env("NENYA_SECRETS_DIR", setup.folder().join("secrets.json"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", self::said(&output));
}

#[test]
fn later_files_win_and_can_disable_a_key() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy).env("NENYA_SECRETS_DIR", "secrets.d");
    setup.write();
    let folder = setup.folder().join("secrets.d");
    fs::create_dir(&folder).unwrap();
    fs::rename(setup.secrets_file(), folder.join("10-all.json")).unwrap();
    let disabled = json!({"api_keys": {"user": {"name": "user", "token": USER, "roles": ["user"], "enabled": false}}});
    write_private(
        &folder.join("20-revoked.json"),
        disabled.to_string().as_bytes(),
    );
    let output = setup
        .command(VALIDATE)
        .env_remove("CREDENTIALS_DIRECTORY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn names_that_meet_nothing_are_warned_of() {
    let dummy = Dummy::start();
    let mut limited = key("limited", "nk-limited-0123456789abcdef0123456789", "user");
    limited["allowed_agents"] = json!(["bulid", "build", "dummy/ok", "dumy/ok"]);
    let setup = Setup::new(&dummy)
        .config(
            "/agents/build",
            json!({"models": [{"provider": "dummy", "model": "ok"}]}),
        )
        .secrets(
            "/provider_keys/opnai",
            json!("sk-of-nobody-0123456789abcdef"),
        )
        .secrets("/api_keys/limited", limited);
    let output = setup.run(VALIDATE);
    let said = said(&output);
    assert!(output.status.success(), "a warning and no error: {said}");
    let warnings: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("warning: ") && line.contains("secrets: "))
        .collect();
    let about = |words: [&str; 2]| {
        let all = |line: &&&str| words.iter().all(|word| line.contains(word));
        warnings.iter().filter(all).count()
    };
    assert_eq!(about(["provider_keys.opnai", "no provider"]), 1, "{said}");
    assert_eq!(
        about(["api_keys.limited.allowed_agents", "`bulid`"]),
        1,
        "{said}"
    );
    assert_eq!(
        about(["api_keys.limited.allowed_agents", "`dumy/ok`"]),
        1,
        "{said}"
    );
    assert_eq!(warnings.len(), 3, "{said}");
    assert!(
        !said.contains("sk-of-nobody") && !said.contains("nk-limited"),
        "{said}"
    );
}

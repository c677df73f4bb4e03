//! The command line: every subcommand, the flags of old, and the refusal of what is unknown.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::harness::{ADMIN, Client, Dummy, Gateway, Request, Setup};

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

fn run(arguments: &[&str]) -> Output {
    setup().run(arguments)
}

#[test]
fn unknown_flags_and_arguments_are_refused_and_start_nothing() {
    for arguments in [
        &["-validat"][..],
        &["--port", "8080"],
        &["start"],
        &["serve", "now"],
        &["validate", "config.json"],
        &["-config"],
        &["keygen"],
        &["-config", "config.json", "extra"],
        &["version", "--loud"],
    ] {
        let output = run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            said(&output)
        );
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_misspelt_flag_is_answered_with_the_right_one() {
    assert!(
        said(&run(&["-validat"])).contains("--validate"),
        "{}",
        said(&run(&["-validat"]))
    );
}

#[test]
fn version_and_help_go_to_standard_output() {
    for arguments in [&["version"][..], &["--version"], &["-version"]] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        assert!(
            String::from_utf8_lossy(&output.stdout).contains(env!("CARGO_PKG_VERSION")),
            "{}",
            said(&output)
        );
    }
    let help = run(&["-help"]);
    assert!(help.status.success());
    for word in [
        "serve",
        "validate",
        "keygen",
        "doctor",
        "healthcheck",
        "reload",
        "models",
        "version",
    ] {
        assert!(said(&help).contains(word), "{word} is not in the help");
    }
}

#[test]
fn the_flags_of_old_are_taken_with_one_dash_or_two() {
    for arguments in [
        &["-config", "config.json", "-validate"][..],
        &["--config", "config.json", "--validate", "--verbose"],
        &["-config=config.json", "-validate", "-verbose"],
        &["-config-dir", ".", "-validate"],
    ] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn the_place_of_the_configuration_can_come_from_the_environment() {
    let setup = setup().env("NENYA_CONFIG_FILE", "missing.json");
    let output = setup.run(&["-validate", "-config", "config.json"]);
    assert!(
        !output.status.success() && said(&output).contains("missing.json"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_schema_is_json_and_knows_every_section() {
    let output = run(&["--print-config-schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for section in ["server", "providers", "agents", "bouncer", "limits", "auth"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

#[test]
fn a_generated_key_works_as_printed() {
    let output = run(&[
        "keygen",
        "--name",
        "dev-user",
        "--roles",
        "user,read-only",
        "--agents",
        "build,plan",
    ]);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let (_, entry) = said.split_once('{').expect("an entry");
    let entry: Value = serde_json::from_str(&format!("{{{entry}")).expect("JSON");
    let key = &entry["api_keys"]["dev-user"];
    let token = key["token"].as_str().expect("a token");
    assert!(token.starts_with("nk-") && token.len() == 51, "{token}");
    assert_eq!(
        said.matches(token).count(),
        2,
        "once to copy, once in the entry"
    );
    assert_eq!(key["roles"], serde_json::json!(["user", "read-only"]));

    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .secrets("/api_keys/dev-user", key.clone())
        .start();
    assert_eq!(
        gateway
            .send(&Request::new("GET", "/v1/models").key(token))
            .status,
        200
    );
}

#[test]
fn a_key_can_be_stored_as_a_hash_only() {
    let said = said(&run(&["keygen", "--name", "hashed", "--hash-only"]));
    let token = said
        .lines()
        .find_map(|line| line.split_once("nk-"))
        .map(|(_, rest)| format!("nk-{}", rest.trim()))
        .expect("a token");
    let (_, entry) = said.split_once('{').expect("an entry");
    assert!(!entry.contains(&token), "{entry}");
    let entry: Value = serde_json::from_str(&format!("{{{entry}")).expect("JSON");

    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .secrets("/api_keys/hashed", entry["api_keys"]["hashed"].clone())
        .start();
    assert_eq!(
        gateway
            .send(&Request::new("GET", "/v1/models").key(&token))
            .status,
        200
    );
}

#[test]
fn bad_names_and_roles_are_refused_by_keygen() {
    for arguments in [
        &["keygen", "--name", "Dev User"][..],
        &["keygen", "--name", ""],
        &["keygen", "--name", "x", "--roles", "root"],
    ] {
        let output = run(arguments);
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn the_doctor_has_a_line_for_each_thing_and_says_what_to_do() {
    let output = run(&["doctor", "-config", "config.json"]);
    let said = said(&output);
    for thing in ["memory", "dump", "secrets", "config", "provider"] {
        assert!(
            said.to_lowercase().contains(thing),
            "nothing about {thing}: {said}"
        );
    }
    assert!(said.contains("ok"), "{said}");
    let broken = setup()
        .config("/server/log_level", serde_json::json!("loud"))
        .run(&["doctor", "-config", "config.json"]);
    assert!(!broken.status.success(), "{}", self::said(&broken));
}

#[test]
fn a_provider_without_a_key_is_wrong_for_the_doctor_only_if_there_is_no_other() {
    let agent = serde_json::json!({"models": ["groq/m"]});
    let setup = setup().config("/agents/build", agent);
    let line = |setup: &Setup| {
        let said = said(&setup.run(&["doctor", "-config", "config.json"]));
        let line = said.lines().find(|line| line.contains("provider groq: "));
        line.map(str::to_owned).expect("a line about groq")
    };
    let among_others = line(&setup);
    assert!(among_others.starts_with("note "), "{among_others}");
    assert!(
        among_others.contains("provider_keys.groq"),
        "{among_others}"
    );
    let setup = setup.secrets("/provider_keys", serde_json::json!({}));
    let alone = line(&setup.config("/providers/dummy/auth_style", serde_json::json!("bearer")));
    assert!(alone.starts_with("WRONG "), "{alone}");
}

#[test]
fn the_health_check_speaks_by_its_exit_status() {
    let dummy = Dummy::start();
    let nobody = Setup::new(&dummy);
    assert!(
        !nobody
            .run(&["healthcheck", "-config", "config.json"])
            .status
            .success()
    );
    let mut gateway = Gateway::before(&dummy);
    let output = gateway
        .setup()
        .command(&["healthcheck", "-config", "config.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

/// `CREDENTIALS_DIRECTORY=$(pwd)/creds ./nenya -config config.json`, as the documentation has it.
#[test]
fn the_documented_standalone_command_line_works_as_written() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    setup.write();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nenya"), setup.folder().join("nenya")).unwrap();
    let text: Value = serde_json::from_slice(&fs::read(setup.config_file()).unwrap()).unwrap();
    let address = text["server"]["listen_addr"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let mut shell = Command::new("sh")
        .args([
            "-c",
            "CREDENTIALS_DIRECTORY=$(pwd)/creds exec ./nenya -config config.json",
        ])
        .current_dir(setup.folder())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let request = Request::new("GET", "/v1/models").key(ADMIN);
    let answered = (0..2000).find_map(|_| {
        crate::harness::pause();
        Client::new(address).send(&request).ok()
    });
    shell.kill().unwrap();
    shell.wait().unwrap();
    assert_eq!(answered.expect("an answer").status, 200);
}

#[test]
fn without_any_configuration_it_answers_in_the_first_minute() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_nenya"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let line = ready_command(&mut lines);
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let rest: String = lines.collect();
    let answer = said(&output);
    assert!(
        output.status.success() && answer.contains("data: "),
        "{line}\n{answer}\n{rest}"
    );
    assert!(answer.contains("[DONE]"), "{answer}");
}

/// The printed `curl` command with the lines that it goes on over.
fn ready_command(lines: &mut impl Iterator<Item = String>) -> String {
    let first = lines
        .find(|line| line.trim_start().starts_with("curl "))
        .expect("a ready curl line");
    let mut command = first.trim().to_owned();
    while let Some(unfinished) = command.strip_suffix('\\') {
        command = format!(
            "{unfinished} {}",
            lines.next().expect("the command goes on").trim()
        );
    }
    command
}

/// The usual places hold something unusable, so that only the named one can have been read.
fn with_secrets_elsewhere(setup: &Setup) -> PathBuf {
    setup.write();
    let elsewhere = setup.folder().join("elsewhere.json");
    fs::rename(setup.secrets_file(), &elsewhere).unwrap();
    crate::harness::write_private(&setup.secrets_file(), b"{");
    elsewhere
}

#[test]
fn the_place_of_the_secrets_can_be_named() {
    let dummy = Dummy::start();
    let setup = Setup::new(&dummy);
    let place = with_secrets_elsewhere(&setup);
    let place = place.to_str().unwrap();
    for (command, word) in [("validate", "secrets: "), ("doctor", "credentials: ")] {
        let arguments = [command, "-config", "config.json"];
        let output = setup.command(&arguments).output().unwrap();
        assert!(!output.status.success(), "{command}: {}", said(&output));
        let arguments = [command, "-config", "config.json", "--secrets", place];
        let said = said(&setup.command(&arguments).output().unwrap());
        let line = said.lines().find(|line| line.contains(word));
        assert!(line.is_some_and(|line| line.contains(place)), "{said}");
    }
}

#[test]
fn the_gateway_serves_with_secrets_of_a_named_place() {
    let dummy = Dummy::start();
    for with_subcommand in [true, false] {
        let setup = Setup::new(&dummy);
        let place = with_secrets_elsewhere(&setup);
        let place = place.to_str().unwrap().to_owned();
        let all = ["serve", "-config", "config.json", "-secrets", &place];
        let command = setup.command(&all[usize::from(!with_subcommand)..]);
        // Starting writes the usual files again; this key is in none of them.
        let told = fs::read_to_string(&place).unwrap();
        let other = "nk-elsewhere-0123456789abcdef0123456789";
        fs::write(&place, told.replace(ADMIN, other)).unwrap();
        let gateway = setup.start_as(command);
        let models = |key: &str| {
            let request = Request::new("GET", "/v1/models").key(key);
            gateway.send(&request).status
        };
        assert_eq!((models(other), models(ADMIN)), (200, 401));
    }
}

#[test]
fn what_cannot_be_bound_is_said_with_the_remedy() {
    let dummy = Dummy::start();
    let mut gateway = Gateway::before(&dummy);
    let second = gateway
        .setup()
        .command(&["-config", "config.json"])
        .output()
        .unwrap();
    assert!(!second.status.success());
    assert!(said(&second).contains("in use"), "{}", said(&second));
}

#[test]
fn a_terminal_user_can_stop_it_with_control_c() {
    let dummy = Dummy::start();
    let mut gateway = Gateway::before(&dummy);
    gateway.signal("INT");
    assert!(gateway.wait().success(), "{}", gateway.log());
    let mut log = String::new();
    fs::File::open(gateway.setup().folder().join("log"))
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(log.contains("stop"), "{log}");
}

//! Finding, reading and laying over each other: real files in, a configuration or an error out.

use std::fs;
use std::path::{Path, PathBuf};

use super::load::load_with_default;
use super::*;

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

const WORKERS: fn(usize) -> String = |count| format!("{{\"server\": {{\"workers\": {count}}}}}");

fn nothing() -> Environment {
    Environment::default()
}

fn load_dir(path: &Path) -> Result<Option<Loaded>, ConfigError> {
    load(
        &Flags {
            config_dir: Some(path.to_owned()),
            ..Flags::default()
        },
        &nothing(),
    )
}

#[test]
fn config_d_is_read_by_name_and_config_json_is_then_not_read() {
    let directory = directory(&[
        ("config.json", "{\"server\": {\"workers\": 9}}"),
        (
            "config.d/10-a.json",
            "{\"server\": {\"workers\": 1, \"log_level\": \"warn\"}, \"bouncer\": {\"enabled\": true}}",
        ),
        (
            "config.d/20-b.json",
            "{\"server\": {\"workers\": 2}, \"bouncer\": {\"enabled\": false}}",
        ),
        ("config.d/secrets.json", "not even json"),
        ("config.d/.30-hidden.json", "not even json"),
        ("config.d/40-note.txt", "not even json"),
    ]);
    let loaded = load_dir(directory.path()).unwrap().unwrap();
    assert_eq!(loaded.config.server.workers, 2);
    assert_eq!(loaded.config.server.log_level, LogLevel::Warn);
    assert!(!loaded.config.bouncer.enabled, "a later false wins");
    assert!(
        loaded
            .origin
            .to_string()
            .ends_with(": config.d/10-a.json, config.d/20-b.json"),
        "{}",
        loaded.origin
    );
    assert!(
        loaded
            .warnings
            .iter()
            .any(|line| line.contains("config.json is not read"))
    );
}

#[test]
fn an_empty_config_d_leaves_config_json() {
    let directory = directory(&[
        ("config.json", &WORKERS(3)),
        ("config.d/secrets.json", "{}"),
    ]);
    assert_eq!(
        load_dir(directory.path())
            .unwrap()
            .unwrap()
            .config
            .server
            .workers,
        3
    );
}

#[test]
fn a_problem_names_the_file_that_it_is_in() {
    let directory = directory(&[
        ("config.d/10-a.json", "{\"server\": {\"workers\": 1}}"),
        ("config.d/20-b.json", "{\n  \"server\": {\"wrokers\": 2}}"),
        ("config.d/30-c.json", "{\"window\": {\"enabled\": true}}"),
    ]);
    let error = load_dir(directory.path()).unwrap_err();
    let expected = format!(
        "{}:2:14: server.wrokers: unknown key; did you mean `workers`?",
        directory.path().join("config.d/20-b.json").display()
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_environment_goes_before_flags_and_files_before_directories() {
    let directory = directory(&[
        ("a.json", &WORKERS(1)),
        ("b.json", &WORKERS(2)),
        ("c/config.json", &WORKERS(3)),
        ("d/config.json", &WORKERS(4)),
    ]);
    let at = |name: &str| directory.path().join(name);
    let flags = Flags {
        config_file: Some(at("b.json")),
        config_dir: Some(at("d")),
    };
    let workers = |variables: &[(&str, PathBuf)], flags: &Flags| {
        let environment = variables
            .iter()
            .map(|(name, path)| (*name, path.clone()))
            .collect();
        load(flags, &environment)
            .unwrap()
            .unwrap()
            .config
            .server
            .workers
    };
    let both = [
        ("NENYA_CONFIG_FILE", at("a.json")),
        ("NENYA_CONFIG_DIR", at("c")),
    ];
    assert_eq!(workers(&both, &flags), 1);
    assert_eq!(workers(&both[1..], &flags), 3);
    assert_eq!(workers(&[], &flags), 2);
    assert_eq!(
        workers(
            &[],
            &Flags {
                config_file: None,
                ..flags
            }
        ),
        4
    );
    assert_eq!(
        workers(
            &[("NENYA_CONFIG_FILE", PathBuf::new())],
            &Flags {
                config_file: Some(at("b.json")),
                config_dir: None
            }
        ),
        2
    );
}

#[test]
fn only_the_default_directory_may_be_missing() {
    let directory = directory(&[("empty/x", "")]);
    let missing = directory.path().join("missing");
    let empty = directory.path().join("empty");
    assert!(
        load_with_default(&Flags::default(), &nothing(), &missing)
            .unwrap()
            .is_none()
    );
    assert!(
        load_with_default(&Flags::default(), &nothing(), &empty)
            .unwrap()
            .is_none()
    );
    assert_eq!(
        load_dir(&missing).unwrap_err(),
        ConfigError::Missing {
            path: missing.clone(),
            asked_by: Some("-config-dir"),
        }
    );
    assert_eq!(
        load_dir(&empty).unwrap_err(),
        ConfigError::NoFiles { directory: empty }
    );
}

#[test]
fn what_is_missing_is_told_with_the_flag_or_variable_that_asked_for_it() {
    let flags = |file: Option<&str>, directory: Option<&str>| Flags {
        config_file: file.map(PathBuf::from),
        config_dir: directory.map(PathBuf::from),
    };
    let told = |name: &str| Environment::from_iter([(name, "not/there")]);
    for (flags, environment, asks) in [
        (flags(Some("not/there"), None), nothing(), "-config"),
        (flags(None, Some("not/there")), nothing(), "-config-dir"),
        (
            flags(Some("a"), Some("b")),
            told("NENYA_CONFIG_FILE"),
            "NENYA_CONFIG_FILE",
        ),
        (
            flags(Some("a"), Some("b")),
            told("NENYA_CONFIG_DIR"),
            "NENYA_CONFIG_DIR",
        ),
    ] {
        assert_eq!(
            load(&flags, &environment).unwrap_err().to_string(),
            format!("not/there: no such file or directory, and `{asks}` names it")
        );
    }
}

#[test]
fn a_broken_file_in_the_default_directory_is_an_error() {
    let directory = directory(&[("config.json", "{")]);
    assert!(load_with_default(&Flags::default(), &nothing(), directory.path()).is_err());
}

#[test]
fn files_that_are_no_text_or_too_large_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.json");
    fs::write(&path, b"{\n \"a\": \"\xff\"}").unwrap();
    assert_eq!(
        load_dir(directory.path()).unwrap_err().to_string(),
        format!("{}:2:8: not UTF-8 text", path.display())
    );
    fs::write(&path, " ".repeat(4 * 1024 * 1024 + 1)).unwrap();
    assert!(matches!(
        load_dir(directory.path()),
        Err(ConfigError::TooLarge { .. })
    ));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(
        load_dir(directory.path()),
        Err(ConfigError::Unreadable { .. })
    ));
}

#[test]
fn port_and_host_take_the_place_of_the_address() {
    let listen = |variables: &[(&str, &str)]| {
        let environment = variables.iter().copied().collect();
        embedded(&environment).map(|loaded| loaded.config.server.listen_addr.to_string())
    };
    assert_eq!(listen(&[]).unwrap(), "127.0.0.1:8080");
    assert_eq!(listen(&[("HOST", "0.0.0.0")]).unwrap(), "127.0.0.1:8080");
    assert_eq!(
        listen(&[("PORT", "9000"), ("HOST", "localhost")]).unwrap(),
        "127.0.0.1:9000"
    );
    assert_eq!(
        listen(&[("PORT", "9000"), ("HOST", "::1")]).unwrap(),
        "[::1]:9000"
    );
    let all = listen(&[("PORT", "9000")]).unwrap_err().to_string();
    assert!(
        all.starts_with("environment variable PORT: server.listen_addr: `:9000` can be reached"),
        "{all}"
    );
    assert!(
        listen(&[("PORT", "http")])
            .unwrap_err()
            .to_string()
            .contains("`PORT`")
    );
    assert!(
        listen(&[("PORT", "1"), ("HOST", "example.com")])
            .unwrap_err()
            .to_string()
            .contains("`HOST`")
    );
}

//! What holds for a whole process: its limits, its attributes, and that no copy of a key is left
//! in it. Each test runs once more in a process of its own.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "a scene that cannot be set up fails the test"
)]
#![allow(clippy::indexing_slicing, reason = "lengths are known here")]

use std::env;
use std::fs::{self, File, Permissions};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nenya_vault::{
    Measure, MemoryKind, Sealed, SourceSearch, VaultConfig, VaultError, Warning, harden_process,
    new_client_token, probe_memory,
};
use runtime::Clock;
use tempfile::TempDir;

const ROLE: &str = "VAULT_TEST_ROLE";
const SECRETS: &str = "VAULT_TEST_SECRETS";
const BACKWARDS: &str = "VAULT_TEST_KEY_BACKWARDS";
const NOBODY: u32 = 65_534;

fn is_the_second_run(test: &str) -> bool {
    env::var(ROLE).is_ok_and(|role| role == test)
}

fn pass(mut command: Command, test: &str) {
    let output = command
        .args(["--exact", test])
        .env(ROLE, test)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Runs the named test once more, in a process that may lock `limit` bytes.
///
/// Root is bound by no limit, so that the process gives root up first.
fn run_limited(test: &str, limit: u64) {
    let place = TempDir::new().unwrap();
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
    let program = place.path().join("again");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--memlock={limit}:{limit}"))
        .arg(&program)
        .current_dir("/");
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(NOBODY).gid(NOBODY);
    }
    pass(command, test);
}

fn write_secrets(directory: &Path, client_token: &str, provider_key: &str) -> PathBuf {
    let file = directory.join("secrets.json");
    let text = format!(
        r#"{{"client_token": "{client_token}", "provider_keys": {{"openai": "{provider_key}"}}}}"#
    );
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    file
}

fn config(file: PathBuf, memory_required: bool) -> VaultConfig {
    let search = SourceSearch {
        secrets_dir: Some(file),
        ..SourceSearch::default()
    };
    VaultConfig {
        search,
        memory_required,
    }
}

#[test]
fn without_lockable_memory_the_vault_says_the_limit_and_the_remedy() {
    let test = "without_lockable_memory_the_vault_says_the_limit_and_the_remedy";
    if !is_the_second_run(test) {
        return run_limited(test, 2048);
    }
    let error = Sealed::fresh(true).map(drop).unwrap_err();
    let found = VaultError::MemoryLock {
        call: "mlock",
        errno: 12,
        needed: 4096,
        soft: Some(2048),
        hard: Some(2048),
    };
    assert_eq!(error, found);
    let text = error.to_string();
    assert!(text.starts_with("ErrMLockFailure"), "{text}");
    assert!(
        text.contains("2048 bytes") && text.contains("LimitMEMLOCK="),
        "{text}"
    );
}

#[test]
fn where_it_is_not_required_plain_memory_serves_with_a_warning() {
    let test = "where_it_is_not_required_plain_memory_serves_with_a_warning";
    if !is_the_second_run(test) {
        return run_limited(test, 0);
    }
    let place = TempDir::new().unwrap();
    let file = write_secrets(place.path(), "nk-0123456789abcdef", "sk-key");
    let clock = Clock::system();
    let refused = Sealed::load(&config(file.clone(), true), &clock).map(drop);
    assert!(
        matches!(refused, Err(VaultError::MemoryLock { .. })),
        "{refused:?}"
    );
    let (sealed, warnings) = Sealed::load(&config(file, false), &clock).unwrap();
    assert!(
        matches!(&warnings[..], [Warning::PlainMemory { .. }]),
        "{warnings:?}"
    );
    assert_eq!(sealed.facts().memory, Some(MemoryKind::Plain));
    assert_eq!(sealed.lease("openai").unwrap().expose(), b"sk-key");
    assert!(sealed.authenticate(b"nk-0123456789abcdef").is_some());
    let report = probe_memory(4096);
    assert_eq!(
        (report.kind, report.soft_limit),
        (MemoryKind::Plain, Some(0))
    );
    assert!(report.problem.unwrap().contains("ErrMLockFailure"));
}

#[test]
fn a_small_limit_is_enough_for_one_page_of_secrets() {
    let test = "a_small_limit_is_enough_for_one_page_of_secrets";
    if !is_the_second_run(test) {
        return run_limited(test, 65_536);
    }
    let (sealed, _token) = Sealed::fresh(true).unwrap();
    assert_ne!(sealed.facts().memory, Some(MemoryKind::Plain));
}

#[test]
fn a_hardened_process_cannot_be_dumped() {
    let test = "a_hardened_process_cannot_be_dumped";
    if !is_the_second_run(test) {
        return run_limited(test, 65_536);
    }
    let own = || fs::metadata("/proc/self/status").unwrap().uid();
    let before = own();
    let measures = harden_process();
    assert!(measures.iter().all(Measure::is_ok), "{measures:?}");
    // What is not dumpable belongs to root under `/proc`, and so is closed to its own user.
    assert_eq!(own(), 0);
    assert!(before == 0 || File::open("/proc/self/mem").is_err());
}

/// The parent writes key and token and passes them on backwards, so that the child, which
/// searches its own memory for them, has no copy but the vault's.
#[test]
fn no_copy_of_a_secret_is_left_outside_the_vaults_pages() {
    let test = "no_copy_of_a_secret_is_left_outside_the_vaults_pages";
    if !is_the_second_run(test) {
        return new_client_token().reveal(|token| {
            new_client_token().reveal(|key| {
                let place = TempDir::new().unwrap();
                let mut command = Command::new(env::current_exe().unwrap());
                command.env(SECRETS, write_secrets(place.path(), token, key));
                command.env(BACKWARDS, backwards(&format!("{token} {key}")));
                pass(command, test);
            });
        });
    }
    let secrets = env::var(BACKWARDS).unwrap();
    let (key, token) = secrets.split_once(' ').unwrap();
    // What is searched for backwards is found forwards: the search works.
    assert!(copies(&backwards(key), &(0..0)) > 0);
    let file = PathBuf::from(env::var_os(SECRETS).unwrap());
    let (sealed, warnings) = Sealed::load(&config(file, true), &Clock::system()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let lease = sealed.lease("openai").unwrap();
    assert!(lease.expose().iter().eq(key.as_bytes().iter().rev()));
    let start = lease.expose().as_ptr().addr();
    let own = start..start + lease.expose().len();
    assert_eq!((copies(key, &own), copies(token, &own)), (0, 0));
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

/// How often the bytes that are `backwards` when read from their end are in readable memory,
/// except in `own`.
fn copies(backwards: &str, own: &Range<usize>) -> usize {
    const BLOCK: usize = 1 << 20;
    let memory = File::open("/proc/self/mem").unwrap();
    let mut block = vec![0; BLOCK];
    let mut found = 0;
    for range in readable_ranges() {
        let mut at = range.start;
        while at < range.end {
            let wanted = BLOCK.min(range.end - at);
            // Secret memory, and pages of devices, cannot be read.
            let read = memory.read_at(&mut block[..wanted], at as u64).unwrap_or(0);
            let windows = block[..read].windows(backwards.len()).enumerate();
            found += windows
                .filter(|(index, window)| {
                    !own.contains(&(at + index))
                        && window.iter().eq(backwards.as_bytes().iter().rev())
                })
                .count();
            block[..read].fill(0);
            at += if read > backwards.len() {
                read - (backwards.len() - 1)
            } else {
                wanted
            };
        }
    }
    found
}

fn readable_ranges() -> Vec<Range<usize>> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let range = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let number = |text| usize::from_str_radix(text, 16).ok();
        rest.starts_with('r')
            .then_some(number(start)?..number(end)?)
    };
    maps.lines().filter_map(range).collect()
}

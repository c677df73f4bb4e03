//! Secrets that come from systemd, and how they are changed.

use std::fs;

use serde_json::json;

use crate::inside::machine::{run, said, succeeds};
use crate::inside::service::{ADMIN, USER, usual_secrets, write};
use crate::inside::{Request, Service, journal, until};

crate::promises![
    the_service_reads_its_credential_and_nobody_else_s_file,
    a_missing_credential_stops_the_start,
    a_folder_of_credentials_is_merged,
    an_encrypted_credential_works,
    changed_keys_are_in_service_after_a_restart,
    the_source_is_told_at_the_start,
];

fn status_of(service: &Service<'_>, key: &str) -> u16 {
    service
        .send(&Request::new("GET", "/v1/models").key(key))
        .status
}

fn the_service_reads_its_credential_and_nobody_else_s_file(service: &Service<'_>) {
    service.start();
    assert_eq!(
        (status_of(service, USER), status_of(service, ADMIN)),
        (200, 200)
    );
    assert_eq!(status_of(service, "nk-unknown-0123456789abcdef"), 401);
    let as_service = [
        "--quiet",
        "--wait",
        "--pipe",
        "-p",
        "User=nenya",
        "cat",
        "/etc/nenya/secrets.json",
    ];
    assert!(
        !run("systemd-run", &as_service).status.success(),
        "the service's user can read the file of root"
    );
}

fn a_missing_credential_stops_the_start(service: &Service<'_>) {
    fs::remove_file("/etc/nenya/secrets.json").unwrap();
    let (started, _) = service.control("start");
    assert!(!started);
}

fn a_folder_of_credentials_is_merged(service: &Service<'_>) {
    let all = usual_secrets();
    let first = json!({"client_token": ADMIN, "provider_keys": all["provider_keys"]});
    let second = json!({"api_keys": all["api_keys"]});
    write(
        "/etc/nenya/secrets.d/01-first.json",
        &first.to_string(),
        0o600,
        "root:root",
    );
    write(
        "/etc/nenya/secrets.d/02-second.json",
        &second.to_string(),
        0o600,
        "root:root",
    );
    service.drop_in("[Service]\nLoadCredential=\nLoadCredential=secrets.d:/etc/nenya/secrets.d\n");
    service.start();
    assert_eq!(
        (status_of(service, ADMIN), status_of(service, USER)),
        (200, 200)
    );
    fs::remove_dir_all("/etc/nenya/secrets.d").unwrap();
}

fn an_encrypted_credential_works(service: &Service<'_>) {
    let encrypt = [
        "encrypt",
        "--with-key=host",
        "--name=secrets",
        "/etc/nenya/secrets.json",
        "/etc/nenya/secrets.cred",
    ];
    let output = run("systemd-creds", &encrypt);
    assert!(output.status.success(), "{}", said(&output));
    fs::remove_file("/etc/nenya/secrets.json").unwrap();
    service.drop_in(
        "[Service]\nLoadCredential=\nLoadCredentialEncrypted=secrets:/etc/nenya/secrets.cred\n",
    );
    service.start();
    assert_eq!(status_of(service, USER), 200);
}

fn changed_keys_are_in_service_after_a_restart(service: &Service<'_>) {
    const NEW: &str = "nk-second-0123456789abcdef0123456789abcdef";
    service.start();
    let mut secrets = usual_secrets();
    secrets["api_keys"]["user"]["token"] = json!(NEW);
    service.write_secrets(&secrets);
    let (reloaded, said) = service.control("reload");
    assert!(reloaded, "{said}");
    assert_eq!(
        (status_of(service, USER), status_of(service, NEW)),
        (200, 401),
        "a reload has the credentials of the start"
    );
    succeeds("systemctl", &["restart", "nenya.service"]);
    assert_eq!(
        (status_of(service, USER), status_of(service, NEW)),
        (401, 200)
    );
}

fn the_source_is_told_at_the_start(service: &Service<'_>) {
    service.start();
    until("the source of the secrets in the journal", || {
        journal::text()
            .contains("/run/credentials/nenya.service/secrets")
            .then_some(())
    });
}

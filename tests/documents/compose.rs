//! `compose.yaml` and the configuration that it mounts.

use std::net::IpAddr;

use nenya::config::{Environment, Loaded, from_text};

use crate::tree;

const FILE: &str = "deploy/compose.yaml";
const CONFIGURATION: &str = "deploy/config.container.json";

/// The lines without comments and without their indentation.
fn lines() -> Vec<String> {
    let text = tree::read(FILE);
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn has(line: &str) -> bool {
    lines().iter().any(|found| found == line)
}

fn value(key: &str) -> String {
    let lines = lines();
    let found = lines.iter().find_map(|line| {
        line.trim_start_matches("- ")
            .strip_prefix(&format!("{key}: "))
    });
    found
        .unwrap_or_else(|| panic!("{FILE} has no `{key}`"))
        .trim_matches('"')
        .to_owned()
}

fn configuration() -> Loaded {
    from_text(
        CONFIGURATION,
        &tree::read(CONFIGURATION),
        &Environment::default(),
    )
    .unwrap()
}

#[test]
fn the_container_may_do_nothing_that_it_need_not() {
    assert_eq!(value("user"), "65532:65532");
    assert_eq!(value("read_only"), "true");
    assert!(has("cap_drop:") && has("- ALL"));
    assert!(has("- no-new-privileges:true"));
    for wrong in [
        "privileged",
        "cap_add",
        "network_mode",
        "pid:",
        "ipc:",
        "userns_mode",
        "docker.sock",
        "unconfined",
    ] {
        assert!(!lines().iter().any(|line| line.contains(wrong)), "{wrong}");
    }
}

#[test]
fn locked_memory_is_unlimited_and_core_files_are_forbidden() {
    assert_eq!(value("memlock"), "{ soft: -1, hard: -1 }");
    assert_eq!(value("core"), "{ soft: 0, hard: 0 }");
}

#[test]
fn secrets_are_mounted_where_the_program_is_told_to_look() {
    let place = value("NENYA_SECRETS_DIR");
    assert_eq!(
        place,
        vault::SourceSearch::default().run_secrets.to_str().unwrap()
    );
    assert!(has(&format!("- ./secrets:{place}:ro")));
    let ignored = tree::read("deploy/Containerfile.dockerignore");
    assert!(
        ignored.contains("\n**/secrets\n"),
        "secrets must not reach an image"
    );
}

#[test]
fn the_mounted_configuration_loads_without_a_warning() {
    assert!(has("- ./config.container.json:/etc/nenya/config.json:ro"));
    let loaded = configuration();
    assert_eq!(loaded.warnings, Vec::<String>::new());
    assert!(loaded.config.server.behind_proxy);
}

#[test]
fn only_the_clients_port_is_published_and_only_on_loopback() {
    let server = configuration().config.server;
    let port = server.listen_addr.socket_addr().port();
    let lines = lines();
    let at = lines.iter().position(|line| line == "ports:").unwrap();
    let published: Vec<&String> = lines[at + 1..]
        .iter()
        .take_while(|line| line.starts_with("- "))
        .collect();
    assert_eq!(published, [&format!("- \"127.0.0.1:{port}:{port}\"")]);
    assert!(server.listen_addr.socket_addr().ip().is_unspecified());
    assert_ne!(server.admin_listen.unwrap().socket_addr().port(), port);
}

#[test]
fn the_one_trusted_proxy_is_the_gateway_of_the_network() {
    let gateway: IpAddr = value("gateway").parse().unwrap();
    let network: ipnet::IpNet = value("subnet").parse().unwrap();
    assert!(network.contains(&gateway));
    let text = tree::read(CONFIGURATION);
    assert!(text.contains(&format!("\"trusted_proxies\": [\"{gateway}\"]")));
}

#[test]
fn the_container_is_given_longer_to_stop_than_the_gateway_takes() {
    let grace: u64 = value("stop_grace_period")
        .trim_end_matches('s')
        .parse()
        .unwrap();
    assert!(
        grace
            > configuration()
                .config
                .server
                .shutdown_timeout
                .get()
                .as_secs()
    );
}

//! When the service says that it is ready, it is; and it says in plain words what it does.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::inside::machine::succeeds;
use crate::inside::service::{SOCKET, usual_config};
use crate::inside::{Client, PATIENCE, Request, Service, journal, pause, until};

crate::promises![
    start_returns_when_the_port_answers,
    its_time_to_ready_is_printed,
    it_needs_at_most_12_mib_when_idle,
    the_status_is_in_plain_words,
    the_first_connection_starts_it,
    the_admin_socket_is_taken_over,
    a_bad_configuration_does_not_start_and_is_named,
    without_the_user_systemd_makes_one_up,
    a_stop_says_so_and_is_clean,
];

const ALONE: &str = "/run/systemd/system/nenya-alone.service";

/// The unit without its socket, so that the gateway opens the port by itself.
fn start_returns_when_the_port_answers(service: &Service<'_>) {
    let unit = fs::read_to_string("/etc/systemd/system/nenya.service").unwrap();
    let alone: Vec<&str> = unit
        .lines()
        .filter(|line| {
            !line.starts_with("Requires=nenya.socket") && !line.starts_with("After=nenya.socket")
        })
        .collect();
    fs::write(ALONE, alone.join("\n")).unwrap();
    let mut config = usual_config();
    config["server"]["listen_addr"] = json!("127.0.0.1:8181");
    service.write_config(&config);
    succeeds("systemctl", &["daemon-reload"]);
    let client = Client::new(SocketAddr::from(([127, 0, 0, 1], 8181)));
    for round in 0..5 {
        succeeds("systemctl", &["start", "nenya-alone.service"]);
        let reply = client.send(&Request::new("GET", "/healthz"));
        assert_eq!(
            reply.map(|reply| reply.status),
            Ok(200),
            "round {round}: started, but not listening"
        );
        succeeds("systemctl", &["stop", "nenya-alone.service"]);
    }
}

/// From exec to `READY=1` with no configuration at all, as a newcomer starts it. Measured on the
/// program alone: what the manager needs to build the sandbox is its own and comes before exec.
fn its_time_to_ready_is_printed(service: &Service<'_>) {
    fs::rename("/etc/nenya", "/etc/nenya.away").unwrap();
    let times: Vec<u128> = (0..10).map(|_| time_to_ready().as_micros()).collect();
    fs::rename("/etc/nenya.away", "/etc/nenya").unwrap();
    crate::say(&format!("     us from exec to READY=1: {times:?}"));
    service.start();
    let monotonic = |name: &str| service.property(name).parse::<u64>().expect("microseconds");
    let unit =
        monotonic("ActiveEnterTimestampMonotonic") - monotonic("ExecMainStartTimestampMonotonic");
    crate::say(&format!(
        "     as a unit, with the building of its sandbox: {unit} us"
    ));
}

fn time_to_ready() -> Duration {
    let path = "/run/notify-of-the-test";
    fs::remove_file(path).ok();
    let notices = UnixDatagram::bind(path).unwrap();
    notices.set_read_timeout(Some(PATIENCE)).unwrap();
    let began = Instant::now();
    let mut command = Command::new("/usr/bin/nenya");
    command
        .env_clear()
        .env("NOTIFY_SOCKET", path)
        .current_dir("/");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let mut message = [0; 4096];
    loop {
        let length = notices
            .recv(&mut message)
            .expect("it says that it is ready");
        if message[..length].windows(7).any(|word| word == b"READY=1") {
            break;
        }
    }
    let time = began.elapsed();
    process.kill().unwrap();
    process.wait().unwrap();
    time
}

fn it_needs_at_most_12_mib_when_idle(service: &Service<'_>) {
    service.start();
    // What the start used is given back within a second or two.
    let mut least = u64::MAX;
    until("it is idle", || {
        let now = resident(service, "VmRSS:");
        let settled = now >= least;
        least = least.min(now);
        pause(Duration::from_millis(700));
        settled.then_some(())
    });
    let kib = |name: &str| resident(service, name);
    let (all, own, file) = (kib("VmRSS:"), kib("RssAnon:"), kib("RssFile:"));
    crate::say(&format!(
        "     {all} KiB resident: {own} of its own, {file} of the program's file"
    ));
    assert!(all <= 12 << 10, "{all} KiB");
}

/// A line of the process' status, in KiB.
fn resident(service: &Service<'_>, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", service.main_pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

fn the_status_is_in_plain_words(service: &Service<'_>) {
    service.start();
    let status = service.property("StatusText");
    crate::say(&format!("     {status}"));
    assert!(
        status.contains("127.0.0.1:8080") && status.split(' ').count() >= 3,
        "`{status}`"
    );
}

fn the_first_connection_starts_it(service: &Service<'_>) {
    succeeds("systemctl", &["start", SOCKET]);
    assert_eq!(service.property("ActiveState"), "inactive");
    assert_eq!(service.ask("build").status, 200);
    assert_eq!(service.property("ActiveState"), "active");
}

fn the_admin_socket_is_taken_over(service: &Service<'_>) {
    let mut config = usual_config();
    config["server"]
        .as_object_mut()
        .unwrap()
        .remove("admin_listen");
    service.write_config(&config);
    succeeds("systemctl", &["start", "nenya-admin.socket"]);
    service.start();
    assert_eq!(
        service
            .admin()
            .send(&Request::new("GET", "/metrics"))
            .map(|reply| reply.status),
        Ok(200)
    );
    assert_eq!(
        service.send(&Request::new("GET", "/metrics")).status,
        401,
        "the public port asks for a key"
    );
}

fn a_bad_configuration_does_not_start_and_is_named(service: &Service<'_>) {
    let mut config = usual_config();
    config["server"]["listen_adr"] = json!("127.0.0.1:1");
    service.write_config(&config);
    let (started, _) = service.control("start");
    assert!(!started);
    journal::until_said("listen_adr");
    assert_eq!(
        service.property("MainPID"),
        "0",
        "it never came to the main process"
    );
}

fn without_the_user_systemd_makes_one_up(service: &Service<'_>) {
    service.drop_in("[Service]\nUser=nenya-made-up\n");
    succeeds("chmod", &["0755", "/etc/nenya"]);
    succeeds("chmod", &["0644", "/etc/nenya/config.json"]);
    service.start();
    let status = fs::read_to_string(format!("/proc/{}/status", service.main_pid())).unwrap();
    let user = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().next());
    let user: u32 = user.and_then(|id| id.parse().ok()).unwrap();
    assert!(
        (61_184..=65_519).contains(&user),
        "{user} is no dynamic user"
    );
    assert_eq!(service.ask("build").status, 200);
    succeeds("chmod", &["0750", "/etc/nenya"]);
}

fn a_stop_says_so_and_is_clean(service: &Service<'_>) {
    service.start();
    let (stopped, said) = service.control("stop");
    assert!(stopped, "{said}");
    until("the service is gone", || {
        (service.property("ActiveState") == "inactive").then_some(())
    });
    assert_eq!(service.property("Result"), "success");
    assert_eq!(service.property("ExecMainStatus"), "0");
}

//! The service under test: its files, its drop-ins, its state as the manager sees it.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::http::{Client, Connection, Failure, Reply, Request};
use super::machine::{Machine, UPSTREAM, run, said, succeeds};

pub(crate) const UNIT: &str = "nenya.service";
pub(crate) const SOCKET: &str = "nenya.socket";
const DROP_INS: &str = "/run/systemd/system/nenya.service.d";
const CONFIG: &str = "/etc/nenya/config.json";
const SECRETS: &str = "/etc/nenya/secrets.json";

pub(crate) const ADMIN: &str = "nk-admin-0123456789abcdef0123456789abcdef";
pub(crate) const USER: &str = "nk-user-0123456789abcdef0123456789abcdef0";
pub(crate) const PROVIDER_KEY: &str = "sk-dummy-c9f0f895fb98ab9159f51fd0297e236d";

/// The service, stopped, with its usual files and without drop-ins.
#[derive(Debug)]
pub(crate) struct Service<'a> {
    machine: &'a Machine,
}

impl<'a> Service<'a> {
    /// Undoes whatever the case before did.
    pub(crate) fn fresh(machine: &'a Machine) -> Self {
        run(
            "systemctl",
            &[
                "stop",
                UNIT,
                SOCKET,
                "nenya-admin.socket",
                "nenya-alone.service",
            ],
        );
        fs::remove_dir_all(DROP_INS).ok();
        fs::remove_file("/run/systemd/system/nenya-alone.service").ok();
        let service = Self { machine };
        service.write_config(&usual_config());
        service.write_secrets(&usual_secrets());
        succeeds("systemctl", &["daemon-reload"]);
        run("systemctl", &["reset-failed"]);
        super::journal::begin();
        service
    }

    /// Started and ready.
    pub(crate) fn start(&self) {
        succeeds("systemctl", &["start", UNIT]);
    }

    /// One command of `systemctl` on the unit; whether it succeeded, and what it said.
    pub(crate) fn control(&self, verb: &str) -> (bool, String) {
        let output = run("systemctl", &[verb, UNIT]);
        (output.status.success(), said(&output))
    }

    /// A property of the unit.
    pub(crate) fn property(&self, name: &str) -> String {
        succeeds("systemctl", &["show", "--property", name, "--value", UNIT])
    }

    pub(crate) fn main_pid(&self) -> u32 {
        self.property("MainPID").parse().expect("a number")
    }

    /// Lays lines over the unit.
    pub(crate) fn drop_in(&self, text: &str) {
        fs::create_dir_all(DROP_INS).unwrap();
        let count = fs::read_dir(DROP_INS).unwrap().count();
        fs::write(format!("{DROP_INS}/{count:02}.conf"), text).unwrap();
        succeeds("systemctl", &["daemon-reload"]);
    }

    /// The build that can be told to misbehave, with a watchdog for impatient people.
    pub(crate) fn with_faults(&self) {
        self.drop_in(
            "[Service]\nExecStart=\nExecStart=/usr/bin/nenya-faults serve -config-dir /etc/nenya\n\
             ExecPaths=/usr/bin/nenya-faults\nWatchdogSec=4s\nTimeoutAbortSec=1s\n",
        );
    }

    pub(crate) fn write_config(&self, config: &Value) {
        write(CONFIG, &config.to_string(), 0o640, "root:nenya");
    }

    pub(crate) fn write_secrets(&self, secrets: &Value) {
        write(SECRETS, &secrets.to_string(), 0o600, "root:root");
    }

    /// The public port.
    pub(crate) fn client(&self) -> Client {
        Client::new(SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// The port of the admin pages.
    pub(crate) fn admin(&self) -> Client {
        Client::new(SocketAddr::from(([127, 0, 0, 1], 9080)))
    }

    /// One request that must be answered.
    pub(crate) fn send(&self, request: &Request) -> Reply {
        self.client()
            .send(request)
            .unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Asks a model with the user's key.
    pub(crate) fn ask(&self, model: &str) -> Reply {
        self.send(&Request::to_model(model, false).key(USER))
    }

    /// Which models are offered, as text.
    pub(crate) fn models(&self) -> String {
        self.send(&Request::new("GET", "/v1/models").key(USER))
            .text()
    }

    /// Tells an actor or a worker to misbehave.
    pub(crate) fn misbehave(&self, target: &str, kind: &str) {
        // A worker that was told to freeze never answers.
        let answer = self.order(target, kind).and_then(|mut open| {
            if target == "worker" {
                Ok(202)
            } else {
                Ok(open.reply()?.status)
            }
        });
        assert_eq!(answer, Ok(202), "{target} was told to {kind}");
    }

    /// The same for a service that may be gone at any moment.
    pub(crate) fn try_misbehave(&self, target: &str, kind: &str) {
        self.order(target, kind)
            .and_then(|mut open| open.reply())
            .ok();
    }

    fn order(&self, target: &str, kind: &str) -> Result<Connection, Failure> {
        let body = json!({"target": target, "kind": kind}).to_string();
        let request = Request::new("POST", "/debug/fault")
            .key(ADMIN)
            .header("content-type", "application/json")
            .body(body);
        let mut connection = self.admin().connect()?;
        connection.write(&request.bytes())?;
        Ok(connection)
    }

    /// The names of all actors.
    pub(crate) fn actors(&self) -> Vec<String> {
        let stats = self
            .admin()
            .send(&Request::new("GET", "/statsz").key(ADMIN))
            .expect("an answer")
            .json();
        let children = stats["children"].as_array().expect("a list");
        children
            .iter()
            .map(|child| child["name"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// A counter of the upstream.
    pub(crate) fn upstream(&self, counter: &str) -> u64 {
        self.machine.seen().expect("the dummy answers")[counter]
            .as_u64()
            .expect("a counter")
    }
}

/// One provider, one agent, an admin port, a short drain.
pub(crate) fn usual_config() -> Value {
    json!({
        "server": {"listen_addr": "127.0.0.1:8080", "admin_listen": "127.0.0.1:9080", "shutdown_timeout": "5s"},
        "providers": {"dummy": {
            "url": format!("http://{UPSTREAM}/v1/chat/completions"),
            "auth_style": "bearer",
            "danger_allow_private_addresses": true,
        }},
        "agents": {"build": {"models": [{"provider": "dummy", "model": "ok"}]}},
    })
}

pub(crate) fn usual_secrets() -> Value {
    json!({
        "client_token": ADMIN,
        "provider_keys": {"dummy": PROVIDER_KEY},
        "api_keys": {"user": {"name": "user", "token": USER, "roles": ["user"], "enabled": true}},
    })
}

/// Writes a file with its mode and owner.
pub(crate) fn write(path: &str, text: &str, mode: u32, owner: &str) {
    if let Some(folder) = Path::new(path).parent() {
        fs::create_dir_all(folder).unwrap();
    }
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    succeeds("chown", &[owner, path]);
}

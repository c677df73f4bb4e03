//! The SDK tests from outside: upstreams and gateways for each test program, and the program.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::formats;
use crate::run::{self, Tally, command, say};

/// With a bouncer as it comes. Of our own in 127/8, so that no port is ever taken.
const GATEWAY: &str = "127.86.66.1:8080";
/// With actions of its own for each agent.
const ACTIONS_GATEWAY: &str = "127.86.66.2:8080";
/// Where test programs listen that are providers themselves.
const RECORDER: &str = "127.86.66.3:8080";
const PATIENCE: Duration = Duration::from_secs(10);

/// The keys by the name that the test programs know them under.
pub(crate) const KEYS: [(&str, &str); 5] = [
    ("USER", "nk-sdk-user-0123456789abcdef0123456789abcdef"),
    ("OTHER", "nk-sdk-other-0123456789abcdef0123456789abcde"),
    ("READER", "nk-sdk-reader-0123456789abcdef0123456789abcd"),
    ("SCOPED", "nk-sdk-scoped-0123456789abcdef0123456789abcd"),
    ("LIMITED", "nk-sdk-limited-0123456789abcdef0123456789abc"),
];

/// SDKs that would look for their clouds or for updates do not.
const ALONE: [(&str, &str); 2] = [
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("HF_HUB_OFFLINE", "1"),
];

const PYTHON_TESTS: [&str; 4] = [
    "test_openai.py",
    "test_redaction.py",
    "test_formats.py",
    "test_realtime.py",
];
const NODE_TESTS: [&str; 5] = [
    "openai.test.mjs",
    "realtime.test.mjs",
    "redaction.test.mjs",
    "formats.test.mjs",
    "agent.test.mjs",
];
/// What the Node tests import.
const NODE_MODULES: [&str; 2] = ["upstream.mjs", "speakers.mjs"];

pub(crate) fn run() -> Tally {
    copy_node_files();
    let python = PYTHON_TESTS.map(|file| with_gateways(file, python(file), run::python_unittest));
    let node = NODE_TESTS.map(|file| with_gateways(file, node(file), run::node_test));
    let all = python.into_iter().chain(node);
    all.fold(Tally::default(), Tally::plus)
}

fn python(file: &str) -> Command {
    let mut tests = Command::new(run::target().join("sdk/venv/bin/python"));
    // Without compiled files beside the sources.
    tests
        .arg("-B")
        .arg(run::root().join("tests/sdk/python").join(file));
    tests
}

fn node(file: &str) -> Command {
    let mut tests = command("node", &["--test", "--test-reporter=tap", file]);
    tests.current_dir(run::target().join("sdk/node"));
    tests
}

fn copy_node_files() {
    let from = run::root().join("tests/sdk/node");
    let to = run::target().join("sdk/node");
    // Next to the SDKs: the way in which Node finds them.
    for name in NODE_TESTS.into_iter().chain(NODE_MODULES) {
        if let Err(error) = fs::copy(from.join(name), to.join(name)) {
            say(&format!("{}: {error}", to.join(name).display()));
        }
    }
}

/// Each program gets gateways of its own: the limits of one would be used up by the other.
fn with_gateways(name: &str, mut tests: Command, count: fn(&str) -> Option<Tally>) -> Tally {
    match Scene::start(&run::target().join("sdk/gateways").join(name)) {
        Ok(scene) => {
            tests
                .stdin(Stdio::null())
                .env("NENYA_BASE_URL", format!("http://{GATEWAY}/v1"))
                .env("NENYA_ACTIONS_URL", format!("http://{ACTIONS_GATEWAY}/v1"))
                .env("RECORDER_ADDRESS", RECORDER)
                .env("DUMMY_URL", format!("http://{}", scene.upstream))
                .env(
                    "FORMAT_TARGETS",
                    formats::targets(&scene.upstream).to_string(),
                );
            tests.envs(ALONE);
            tests.envs(KEYS.map(|(key, token)| (format!("KEY_{key}"), token)));
            let tally = run::counting(&mut tests, count);
            if tally.failed > 0 {
                let logs = scene.folder.display();
                say(&format!("    the gateways' logs are {logs}/*/log"));
            }
            tally
        }
        Err(error) => {
            say(&format!("{name}: no gateway to test against: {error}"));
            Tally::BAD
        }
    }
}

/// The upstream and the gateways in front of it; all end with the value.
struct Scene {
    children: Vec<Child>,
    upstream: String,
    folder: PathBuf,
}

impl Scene {
    fn start(folder: &Path) -> io::Result<Self> {
        let (dummy, upstream) = start_dummy()?;
        let mut scene = Self {
            children: vec![dummy],
            upstream,
            folder: folder.to_owned(),
        };
        let plain = config(GATEWAY, &scene.upstream, &agents(), &json!({}));
        scene.start_gateway("plain", GATEWAY, &plain)?;
        let upstream = &scene.upstream;
        let actions = config(ACTIONS_GATEWAY, upstream, &acting_agents(), &bouncer());
        scene.start_gateway("actions", ACTIONS_GATEWAY, &actions)?;
        let every = formats::config(&scene.upstream);
        scene.start_gateway("formats", formats::GATEWAY, &every)?;
        Ok(scene)
    }

    fn start_gateway(&mut self, name: &str, address: &str, config: &Value) -> io::Result<()> {
        let folder = self.folder.join(name);
        fs::create_dir_all(folder.join("creds"))?;
        write_private(&folder.join("config.json"), config)?;
        write_private(&folder.join("creds/secrets.json"), &secrets())?;
        let output = fs::File::create(folder.join("log"))?;
        let gateway = Command::new(run::target().join("release/nenya"))
            .args(["-config", "config.json"])
            .current_dir(&folder)
            .env("CREDENTIALS_DIRECTORY", folder.join("creds"))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        self.children.push(gateway);
        until_it_listens(address)
    }
}

/// The dummy provider, and where it listens.
fn start_dummy() -> io::Result<(Child, String)> {
    let mut dummy = Command::new(run::target().join("debug/dummy"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    if let Some(output) = dummy.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    let address = line.trim().rsplit(' ').next().unwrap_or_default();
    Ok((dummy, address.to_owned()))
}

impl Drop for Scene {
    fn drop(&mut self) {
        for child in &mut self.children {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

fn until_it_listens(address: &str) -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect(address) {
            Err(error) if Instant::now() > end => return Err(error),
            Err(_) => std::thread::park_timeout(Duration::from_millis(10)),
            Ok(_) => return Ok(()),
        }
    }
}

fn config(address: &str, upstream: &str, agents: &Value, bouncer: &Value) -> Value {
    json!({
        "server": {"listen_addr": address, "log_format": "json"},
        // More than one: with a single provider every name is a model of that one.
        "providers": {"dummy": provider(upstream), "recorder": provider(RECORDER)},
        "agents": agents,
        "bouncer": bouncer,
        "limits": {"keys": {"limited": {"requests_per_minute": 1}}},
    })
}

fn agents() -> Value {
    json!({
        "build": {"models": [{"provider": "dummy", "model": "ok"}]},
        "failing-over": {"strategy": "fallback", "models": [{"provider": "dummy", "model": "status-503"}, {"provider": "dummy", "model": "ok"}]},
    })
}

/// An agent for each action.
fn acting_agents() -> Value {
    let recorder = json!({"models": [{"provider": "recorder", "model": "m"}]});
    let speaking = json!({"models": [{"provider": "dummy", "model": "echo-text"}]});
    json!({
        "standing-in": recorder, "masking": recorder, "refusing": recorder, "watching": recorder,
        "speaking": speaking,
    })
}

/// Actions by agent, personal data too, and replies that are checked.
fn bouncer() -> Value {
    json!({
        "redact_preset": ["credentials", "pii"],
        "redact_output": true,
        "actions": [
            {"agent": "standing-in", "direction": "request", "action": "placeholder"},
            {"agent": "speaking", "direction": "request", "action": "placeholder"},
            {"agent": "masking", "direction": "request", "action": "mask"},
            {"agent": "refusing", "direction": "request", "action": "block"},
            {"agent": "watching", "class": "credential", "action": "observe"},
            {"agent": "watching", "class": "pii", "action": "observe"},
        ],
    })
}

fn provider(upstream: &str) -> Value {
    json!({"url": format!("http://{upstream}/v1/chat/completions"), "auth_style": "bearer", "danger_allow_private_addresses": true})
}

fn secrets() -> Value {
    let [user, other, reader, scoped, limited] = KEYS.map(|(_, token)| token);
    let named = ["dummy", "recorder"].map(|name| {
        (
            name.to_owned(),
            json!(format!("sk-sdk-{name}-0123456789abcdef")),
        )
    });
    let provider_keys: serde_json::Map<String, Value> =
        named.into_iter().chain(formats::provider_keys()).collect();
    json!({
        "client_token": "nk-sdk-admin-0123456789abcdef0123456789abcde",
        "provider_keys": provider_keys,
        "api_keys": {
            "user": {"name": "user", "token": user, "roles": ["user"], "enabled": true},
            "other": {"name": "other", "token": other, "roles": ["user"], "enabled": true},
            "reader": {"name": "reader", "token": reader, "roles": ["read-only"], "enabled": true},
            "scoped": {"name": "scoped", "token": scoped, "roles": ["user"], "allowed_agents": ["build"], "enabled": true},
            "limited": {"name": "limited", "token": limited, "roles": ["user"], "enabled": true},
        },
    })
}

fn write_private(path: &Path, value: &Value) -> io::Result<()> {
    fs::write(path, value.to_string())?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

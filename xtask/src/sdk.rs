//! The SDK tests from outside: an upstream and a gateway for each SDK, and its test program.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::run::{self, Tally, command, say};

/// Of our own in 127/8, so that no port is ever taken.
const GATEWAY: &str = "127.86.66.1:8080";
const PATIENCE: Duration = Duration::from_secs(10);

/// The keys by the name that the test programs know them under.
const KEYS: [(&str, &str); 4] = [
    ("USER", "nk-sdk-user-0123456789abcdef0123456789abcdef"),
    ("READER", "nk-sdk-reader-0123456789abcdef0123456789abcd"),
    ("SCOPED", "nk-sdk-scoped-0123456789abcdef0123456789abcd"),
    ("LIMITED", "nk-sdk-limited-0123456789abcdef0123456789abc"),
];

pub(crate) fn run() -> Tally {
    let python = || {
        let mut tests = Command::new(run::target().join("sdk/venv/bin/python"));
        tests.arg(run::root().join("tests/sdk/python/test_openai.py"));
        tests
    };
    let node = || {
        let (from, to) = (
            run::root().join("tests/sdk/node"),
            run::target().join("sdk/node"),
        );
        // Next to the modules: the way in which Node finds them.
        if let Err(error) = fs::copy(from.join("openai.test.mjs"), to.join("openai.test.mjs")) {
            say(&format!("{}: {error}", to.display()));
        }
        let mut tests = command(
            "node",
            &["--test", "--test-reporter=tap", "openai.test.mjs"],
        );
        tests.current_dir(to);
        tests
    };
    let python = with_gateway("python", python(), run::python_unittest);
    let node = with_gateway("node", node(), run::node_test);
    python.plus(node)
}

/// Each program gets a gateway of its own: the limits of one would be used up by the other.
fn with_gateway(name: &str, mut tests: Command, count: fn(&str) -> Option<Tally>) -> Tally {
    match Scene::start(&run::target().join("sdk").join(format!("gateway-{name}"))) {
        Ok(scene) => {
            tests
                .stdin(Stdio::null())
                .env("NENYA_BASE_URL", format!("http://{GATEWAY}/v1"))
                .env("DUMMY_URL", format!("http://{}", scene.upstream));
            tests.envs(KEYS.map(|(key, token)| (format!("KEY_{key}"), token)));
            let tally = run::counting(&mut tests, count);
            if tally.failed > 0 {
                say(&format!("    the gateway's log is {}", scene.log.display()));
            }
            tally
        }
        Err(error) => {
            say(&format!("{name}: no gateway to test against: {error}"));
            Tally::BAD
        }
    }
}

/// The upstream and the gateway in front of it; both end with the value.
struct Scene {
    children: Vec<Child>,
    upstream: String,
    log: PathBuf,
}

impl Scene {
    fn start(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join("creds"))?;
        let mut dummy = Command::new(run::target().join("debug/dummy"))
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = dummy.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let upstream = line
            .trim()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        let log = folder.join("log");
        let mut scene = Self {
            children: vec![dummy],
            upstream,
            log,
        };
        write_private(&folder.join("config.json"), &config(&scene.upstream))?;
        write_private(&folder.join("creds/secrets.json"), &secrets())?;
        let output = fs::File::create(&scene.log)?;
        let gateway = Command::new(run::target().join("release/nenya"))
            .args(["-config", "config.json"])
            .current_dir(folder)
            .env("CREDENTIALS_DIRECTORY", folder.join("creds"))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        scene.children.push(gateway);
        until_it_listens()?;
        Ok(scene)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for child in &mut self.children {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

fn until_it_listens() -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect(GATEWAY) {
            Err(error) if Instant::now() > end => return Err(error),
            Err(_) => std::thread::park_timeout(Duration::from_millis(10)),
            Ok(_) => return Ok(()),
        }
    }
}

fn config(upstream: &str) -> Value {
    json!({
        "server": {"listen_addr": GATEWAY, "log_format": "json"},
        // Two of them: with a single provider every name is a model of that one.
        "providers": {"dummy": provider(upstream), "spare": provider(upstream)},
        "agents": {
            "build": {"models": [{"provider": "dummy", "model": "ok"}]},
            "failing-over": {"strategy": "fallback", "models": [{"provider": "dummy", "model": "status-503"}, {"provider": "dummy", "model": "ok"}]},
        },
        "limits": {"keys": {"limited": {"requests_per_minute": 1}}},
    })
}

fn provider(upstream: &str) -> Value {
    json!({"url": format!("http://{upstream}/v1/chat/completions"), "auth_style": "bearer", "danger_allow_private_addresses": true})
}

fn secrets() -> Value {
    let [user, reader, scoped, limited] = KEYS.map(|(_, token)| token);
    json!({
        "client_token": "nk-sdk-admin-0123456789abcdef0123456789abcde",
        "provider_keys": {"dummy": "sk-sdk-dummy-0123456789abcdef", "spare": "sk-sdk-spare-0123456789abcdef"},
        "api_keys": {
            "user": {"name": "user", "token": user, "roles": ["user"], "enabled": true},
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

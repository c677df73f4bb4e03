//! The built gateway, started for one test with files of its own.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::dummy::Dummy;
use super::http::{Client, PATIENCE, Reply, Request};

/// The admin key of every test gateway.
pub(crate) const ADMIN: &str = "nk-admin-0123456789abcdef0123456789abcdef";
/// A key with the role `user`.
pub(crate) const USER: &str = "nk-user-0123456789abcdef0123456789abcdef0";
/// A key with the role `read-only`.
pub(crate) const READER: &str = "nk-reader-0123456789abcdef0123456789abcdef";
/// What the gateway sends to the dummy.
pub(crate) const PROVIDER_KEY: &str = "sk-dummy-8f14e45fceea167a5a36dedd4bea2543";

/// The files and variables that a gateway is started with.
#[derive(Debug)]
pub(crate) struct Setup {
    folder: TempDir,
    address: IpAddr,
    config: Value,
    secrets: Value,
    environment: Vec<(String, String)>,
}

impl Setup {
    /// One provider `dummy`, three keys, JSON logs, nothing else but defaults.
    pub(crate) fn new(dummy: &Dummy) -> Self {
        let address = own_address();
        let config = json!({
            "server": {
                "listen_addr": format!("{address}:8080"),
                "admin_listen": format!("{address}:9080"),
                "log_format": "json",
            },
            "providers": { "dummy": provider(dummy) },
        });
        let secrets = json!({
            "client_token": ADMIN,
            "provider_keys": { "dummy": PROVIDER_KEY },
            "api_keys": {
                "user": key("user", USER, "user"),
                "reader": key("reader", READER, "read-only"),
            },
        });
        Self {
            folder: TempDir::new().expect("a folder"),
            address,
            config,
            secrets,
            environment: Vec::new(),
        }
    }

    /// Sets `pointer`, such as `/server/max_body_bytes`, making the objects on the way.
    pub(crate) fn config(mut self, pointer: &str, value: Value) -> Self {
        set(&mut self.config, pointer, value);
        self
    }

    /// The same for the secrets.
    pub(crate) fn secrets(mut self, pointer: &str, value: Value) -> Self {
        set(&mut self.secrets, pointer, value);
        self
    }

    /// Adds a variable to the otherwise empty environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder that holds all of its files.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the configuration is.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder().join("config.json")
    }

    /// Where the secrets are.
    pub(crate) fn secrets_file(&self) -> PathBuf {
        self.folder().join("creds/secrets.json")
    }

    /// Writes both files as they are now.
    pub(crate) fn write(&self) {
        fs::create_dir_all(self.folder().join("creds")).expect("a folder for secrets");
        write_private(&self.config_file(), self.config.to_string().as_bytes());
        write_private(&self.secrets_file(), self.secrets.to_string().as_bytes());
    }

    /// The program with these files, `arguments`, and nothing of the test's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nenya"));
        command
            .args(arguments)
            .env_clear()
            .current_dir(self.folder())
            .stdin(Stdio::null());
        command.env("CREDENTIALS_DIRECTORY", self.folder().join("creds"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Writes the files, runs the program to its end, and returns what it said.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.write();
        self.command(arguments).output().expect("the program runs")
    }

    /// Where the public listener will be.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::new(self.address, 8080)
    }

    /// Writes the files and starts the gateway; returns when it has said that it is ready.
    pub(crate) fn start(self) -> Gateway {
        let command = self.command(&["-config", "config.json"]);
        self.start_as(command)
    }

    /// The same with a command of the caller's that becomes the gateway.
    pub(crate) fn start_as(self, mut command: Command) -> Gateway {
        self.write();
        let notices = UnixDatagram::bind(self.folder().join("notify")).expect("a notify socket");
        notices
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        let log = fs::File::create(self.folder().join("log")).expect("a log file");
        command.env("NOTIFY_SOCKET", self.folder().join("notify"));
        command
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log);
        let began = Instant::now();
        let process = command.spawn().expect("the gateway starts");
        let mut gateway = Gateway {
            setup: self,
            process,
            notices,
            ready_after: Duration::ZERO,
        };
        gateway.until_notified("READY=1");
        gateway.ready_after = began.elapsed();
        gateway
    }
}

/// A running gateway; killed with the value.
#[derive(Debug)]
pub(crate) struct Gateway {
    setup: Setup,
    process: Child,
    notices: UnixDatagram,
    ready_after: Duration,
}

impl Gateway {
    /// A gateway with nothing but the defaults of [`Setup`].
    pub(crate) fn before(dummy: &Dummy) -> Self {
        Setup::new(dummy).start()
    }

    /// The public listener.
    pub(crate) fn address(&self) -> SocketAddr {
        self.setup.address()
    }

    /// A client of the public listener.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address())
    }

    /// A client of the admin listener.
    pub(crate) fn admin(&self) -> Client {
        Client::new(SocketAddr::new(self.setup.address, 9080))
    }

    /// Sends one request to the public listener; it must be answered.
    pub(crate) fn send(&self, request: &Request) -> Reply {
        self.client()
            .send(request)
            .unwrap_or_else(|failure| panic!("{failure}\n{}", self.log()))
    }

    /// Asks a model with the user's key.
    pub(crate) fn ask(&self, model: &str, stream: bool) -> Reply {
        self.send(&Request::to_model(model, stream).key(USER))
    }

    /// One of the admin pages.
    pub(crate) fn page(&self, path: &str) -> Reply {
        let request = Request::new("GET", path).key(ADMIN);
        self.admin()
            .send(&request)
            .unwrap_or_else(|failure| panic!("{failure}\n{}", self.log()))
    }

    /// A number of `/metrics`, labels included in its name; 0 if it is not there yet.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let text = self.page("/metrics").text();
        let value = text.lines().find_map(|line| {
            let (known, value) = line.rsplit_once(' ')?;
            (known == name).then(|| value.parse().expect("a number"))
        });
        value.unwrap_or_default()
    }

    /// Waits until a number of `/metrics` has this value.
    pub(crate) fn until_metric(&self, name: &str, value: f64) {
        let end = Instant::now() + PATIENCE;
        while (self.metric(name) - value).abs() > f64::EPSILON {
            assert!(
                Instant::now() < end,
                "`{name}` never became {value}:\n{}",
                self.page("/metrics").text()
            );
            super::pause();
        }
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// From the start of the process to `READY=1`.
    pub(crate) fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Everything it has written so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.setup.folder().join("log")).unwrap_or_default())
            .into_owned()
    }

    /// Waits for a log that holds `text`: logs are written behind the answer.
    pub(crate) fn until_logged(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.log().contains(text) {
            assert!(
                Instant::now() < end,
                "never logged `{text}`:\n{}",
                self.log()
            );
            super::pause();
        }
    }

    /// The files that it was started with, for a test that changes them.
    pub(crate) fn setup(&mut self) -> &mut Setup {
        &mut self.setup
    }

    /// Where its secrets are.
    pub(crate) fn secrets_file(&self) -> PathBuf {
        self.setup.secrets_file()
    }

    /// Changes the configuration on disk.
    pub(crate) fn rewrite_config(&mut self, pointer: &str, value: Value) {
        set(&mut self.setup.config, pointer, value);
        self.setup.write();
    }

    /// Sends a signal by its name, such as `HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.pid().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "the gateway is gone:\n{}",
            self.log()
        );
    }

    /// Reads what it tells the service manager until `notice` is among it; returns that message.
    pub(crate) fn until_notified(&self, notice: &str) -> String {
        let mut message = [0; 4096];
        loop {
            let Ok(length) = self.notices.recv(&mut message) else {
                panic!("never notified `{notice}`:\n{}", self.log());
            };
            let text = String::from_utf8_lossy(&message[..length]).into_owned();
            if text.lines().any(|line| line.starts_with(notice)) {
                return text;
            }
        }
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.process.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(Instant::now() < end, "it never ended:\n{}", self.log());
            super::pause();
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// A provider section that leads to the dummy.
fn provider(dummy: &Dummy) -> Value {
    json!({ "url": dummy.chat_url(), "auth_style": "bearer", "danger_allow_private_addresses": true })
}

/// An entry of `api_keys`.
pub(crate) fn key(name: &str, token: &str, role: &str) -> Value {
    json!({ "name": name, "token": token, "roles": [role], "enabled": true })
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its mode");
}

/// An address of 127/8 that no other gateway of this or another test process has: no port is
/// ever taken, and no test has to guess a free one.
fn own_address() -> IpAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(
        127,
        64 | (high & 63),
        low,
        NEXT.fetch_add(1, Ordering::Relaxed),
    )
    .into()
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    let mut place = document;
    for part in pointer.trim_start_matches('/').split('/') {
        if !place.is_object() {
            *place = json!({});
        }
        place = place
            .as_object_mut()
            .expect("just made one")
            .entry(part)
            .or_insert(Value::Null);
    }
    *place = value;
}

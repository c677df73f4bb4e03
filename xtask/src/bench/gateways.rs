//! Starts and stops what is measured: the upstream, nginx and nenya, each with files of its own.
//!
//! Owns the processes, their configuration and the core that each runs on. Never listens on
//! anything but loopback. nginx is what people would otherwise put there: a plain reverse proxy
//! with kept-alive connections on both sides and the access log that Debian's has.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::request::CLIENT_TOKEN;
use super::{measure, program, wrong};
use crate::run::{command, say, succeeds};

const PATIENCE: Duration = Duration::from_secs(20);
const NGINX: &str = "/usr/sbin/nginx";

/// A way to be answered: the upstream's name for it, and the agent that stands for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub(super) agent: &'static str,
    pub(super) upstream: &'static str,
}

/// A whole reply with a text of 2,000 bytes.
pub(super) const WHOLE: Model = Model {
    agent: "whole",
    upstream: "chunks-400",
};
/// A stream at the pace of a fast model: 200 chunks, 1 to 2 ms apart.
pub(super) const PACED: Model = Model {
    agent: "paced",
    upstream: "delay-1-chunks-200",
};
/// A stream as fast as it can be written.
pub(super) const BURST: Model = Model {
    agent: "burst",
    upstream: "chunks-1000",
};
/// A short stream.
pub(super) const SHORT: Model = Model {
    agent: "short",
    upstream: "chunks-20",
};
/// A stream that goes silent after its first chunk.
pub(super) const SILENT: Model = Model {
    agent: "silent",
    upstream: "stall-after-1",
};

const MODELS: [Model; 5] = [WHOLE, PACED, BURST, SHORT, SILENT];

/// The core of the gateways, and the core of the load generator and the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Core {
    Gateway,
    Load,
}

/// Moves this process to a core; what it starts next begins there.
pub(super) fn move_to(core: Core) -> io::Result<()> {
    let number = if core == Core::Load && measure::cores()? > 1 {
        "1"
    } else {
        "0"
    };
    let this = std::process::id().to_string();
    let moved = command(
        "taskset",
        &["--all-tasks", "--cpu-list", "--pid", number, &this],
    )
    .output()?;
    if moved.status.success() {
        Ok(())
    } else {
        Err(wrong(format!(
            "taskset: {}",
            String::from_utf8_lossy(&moved.stderr)
        )))
    }
}

/// Lets this process, and what it starts, open as many files as the machine allows.
pub(super) fn allow_many_files() -> io::Result<()> {
    let limits = fs::read_to_string("/proc/self/limits")?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let most = line
        .and_then(|line| line.split_whitespace().nth(1))
        .ok_or_else(|| wrong("no limit of open files"))?;
    let [this, limit] = [
        std::process::id().to_string(),
        format!("--nofile={most}:{most}"),
    ];
    let raised = command("prlimit", &["--pid", &this, &limit]).output()?;
    if raised.status.success() {
        Ok(())
    } else {
        Err(wrong("prlimit could not raise the number of open files"))
    }
}

/// Installs nginx where it is missing; false with a word about it where that is not possible.
pub(super) fn install_nginx() -> bool {
    let there = || Path::new(NGINX).exists();
    if there() {
        return true;
    }
    let apt = |arguments: &[&str]| {
        succeeds(command("apt-get", arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let installed = apt(&["-qq", "update"])
        && apt(&[
            "-qq",
            "install",
            "--yes",
            "--no-install-recommends",
            "nginx-light",
        ]);
    if !installed || !there() {
        say("nginx is missing; install the package nginx-light by hand, as root");
    }
    installed && there()
}

/// A running process; ends with the value.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    /// The process and its workers.
    pub(super) pids: Vec<u32>,
    pub(super) address: SocketAddr,
    /// Where streams are asked for; nginx has a place for them that does not collect bytes.
    pub(super) streams: SocketAddr,
    pub(super) access_log: Option<PathBuf>,
}

impl Server {
    fn new(
        child: Child,
        address: SocketAddr,
        streams: SocketAddr,
        access_log: Option<PathBuf>,
    ) -> Self {
        Self {
            pids: vec![child.id()],
            child,
            address,
            streams,
            access_log,
        }
    }

    /// Adds the workers that exist by now.
    fn with_workers(mut self) -> io::Result<Self> {
        self.pids = measure::family(self.child.id())?;
        Ok(self)
    }

    /// The lines written since the last call, which are gone afterwards.
    pub(super) fn take_access_lines(&self) -> io::Result<u64> {
        let Some(path) = &self.access_log else {
            return Ok(0);
        };
        let mut lines = 0;
        for line in BufReader::new(File::open(path)?).split(b'\n') {
            lines += u64::from(line?.len() > 1);
        }
        OpenOptions::new().write(true).open(path)?.set_len(0)?;
        Ok(lines)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx's master takes its worker along only if it is asked.
        if self.pids.len() > 1 {
            command("kill", &["-TERM", &self.child.id().to_string()])
                .status()
                .ok();
            let end = Instant::now() + PATIENCE;
            while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
                pause(Duration::from_millis(2));
            }
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Nothing in this process waits on the thread that sleeps.
#[expect(
    clippy::disallowed_methods,
    reason = "no actor lives here, and no test of an actor waits"
)]
pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A folder for one run; gone with the value.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("nenya-bench-{}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    /// A new folder in it.
    fn inner(&self, name: &str) -> io::Result<PathBuf> {
        let number = fs::read_dir(&self.0)?.count();
        let path = self.0.join(format!("{name}-{number}"));
        fs::create_dir(&path)?;
        // nginx's worker is another user when it is started by root.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Starts the upstream, on the core that this process is on.
pub(super) fn dummy() -> io::Result<Server> {
    let mut child = Command::new(program("dummy"))
        .args(["--listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| wrong(format!("{}: {error}", program("dummy").display())))?;
    let mut line = String::new();
    let output = child
        .stdout
        .take()
        .ok_or_else(|| wrong("the output of the upstream is lost"))?;
    BufReader::new(output).read_line(&mut line)?;
    let address = line
        .trim()
        .strip_prefix("dummy listening on ")
        .and_then(|text| text.parse().ok());
    let address = address.ok_or_else(|| wrong(format!("the upstream said `{}`", line.trim())))?;
    Ok(Server::new(child, address, address, None))
}

/// Starts nginx in front of `upstream`; returns with the time until its first answer.
pub(super) fn nginx(
    folder: &Folder,
    upstream: SocketAddr,
    access_log: bool,
) -> io::Result<(Server, Duration)> {
    let place = folder.inner("nginx")?;
    let [address, streams] = [free_port()?, free_port()?];
    fs::write(
        place.join("nginx.conf"),
        nginx_configuration(&place, [address, streams], upstream, access_log),
    )?;
    let mut command = Command::new(NGINX);
    command
        .arg("-p")
        .arg(&place)
        .arg("-c")
        .arg(place.join("nginx.conf"))
        .stdin(Stdio::null());
    command.stderr(private_file(&place.join("stderr"))?);
    let (child, began) = start_gateway(&mut command)?;
    let log = access_log.then(|| place.join("access.log"));
    let mut server = Server::new(child, address, streams, log);
    let answered = until_answered(&mut server, WHOLE.upstream, began)
        .map_err(|error| with_output(&error, &place))?;
    Ok((server.with_workers()?, answered))
}

fn nginx_configuration(
    place: &Path,
    listen: [SocketAddr; 2],
    upstream: SocketAddr,
    access_log: bool,
) -> String {
    let place = place.display();
    let log = if access_log {
        format!("{place}/access.log")
    } else {
        "off".to_owned()
    };
    let server = |address: SocketAddr, more: &str| {
        format!(
            "server {{ listen {address}; location / {{ proxy_pass http://upstream; proxy_http_version 1.1; \
             proxy_set_header Connection \"\"; {more} }} }}\n"
        )
    };
    let [whole, streams] = listen;
    format!(
        "daemon off; worker_processes 1; pid {place}/pid; error_log {place}/stderr warn;\n\
         events {{ worker_connections 8192; }}\n\
         http {{\n\
         access_log {log}; keepalive_timeout 75s; keepalive_requests 1000000000;\n\
         client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/f;\n\
         uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;\n\
         upstream upstream {{ server {upstream}; keepalive 1024; keepalive_requests 1000000000; }}\n\
         {}{}}}\n",
        server(whole, ""),
        server(streams, "proxy_buffering off; proxy_read_timeout 300s;"),
    )
}

/// How long nenya took to be of use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Started {
    pub(super) ready: Duration,
    pub(super) answered: Duration,
}

/// Starts nenya in front of `upstream`, with every guard on.
pub(super) fn nenya(
    folder: &Folder,
    upstream: SocketAddr,
    access_log: bool,
) -> io::Result<(Server, Started)> {
    let place = folder.inner("nenya")?;
    let address = free_port()?;
    let config = nenya_configuration(address, upstream, access_log);
    let log = access_log.then(|| place.join("stderr"));
    let mut command = nenya_with(&place, &config, &nenya_secrets())?;
    let (mut server, ready, began) = nenya_until_ready(&place, &mut command, address, log)?;
    let answered = until_answered(&mut server, WHOLE.agent, began)
        .map_err(|error| with_output(&error, &place))?;
    Ok((server, Started { ready, answered }))
}

/// Starts nenya with nothing: its built-in configuration, but for a port that is free.
pub(super) fn nenya_by_default(folder: &Folder) -> io::Result<(Server, Duration)> {
    let place = folder.inner("nenya")?;
    let address = free_port()?;
    let mut command = nenya_command(&place)?;
    command
        .env("HOST", "127.0.0.1")
        .env("PORT", address.port().to_string());
    let (server, ready, _) = nenya_until_ready(&place, &mut command, address, None)?;
    Ok((server, ready))
}

/// Starts nenya with files of the caller's, which listens on the first address that it gives to
/// `config` and shows its pages on the second.
pub(super) fn nenya_as(
    folder: &Folder,
    config: impl FnOnce([SocketAddr; 2]) -> Value,
    secrets: &Value,
) -> io::Result<(Server, SocketAddr)> {
    let place = folder.inner("nenya")?;
    let [address, admin] = [free_port()?, free_port()?];
    let mut command = nenya_with(&place, &config([address, admin]), secrets)?;
    let log = Some(place.join("stderr"));
    let (server, ..) = nenya_until_ready(&place, &mut command, address, log)?;
    Ok((server, admin))
}

fn nenya_with(place: &Path, config: &Value, secrets: &Value) -> io::Result<Command> {
    fs::create_dir(place.join("secrets"))?;
    write_private(&place.join("config.json"), config)?;
    write_private(&place.join("secrets/secrets.json"), secrets)?;
    let mut command = nenya_command(place)?;
    command
        .arg("-config")
        .arg(place.join("config.json"))
        .env("NENYA_SECRETS_DIR", place.join("secrets"));
    Ok(command)
}

fn nenya_command(place: &Path) -> io::Result<Command> {
    let mut command = Command::new(program("nenya"));
    command
        .env_clear()
        .current_dir(place)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
        .stderr(private_file(&place.join("stderr"))?)
        .env("NOTIFY_SOCKET", place.join("notify"));
    Ok(command)
}

fn nenya_until_ready(
    place: &Path,
    command: &mut Command,
    address: SocketAddr,
    log: Option<PathBuf>,
) -> io::Result<(Server, Duration, Instant)> {
    let notices = UnixDatagram::bind(place.join("notify"))?;
    notices.set_read_timeout(Some(PATIENCE))?;
    let (child, began) = start_gateway(command)?;
    let server = Server::new(child, address, address, log);
    let mut message = [0; 4096];
    loop {
        let length = notices
            .recv(&mut message)
            .map_err(|error| with_output(&error, place))?;
        let text = String::from_utf8_lossy(message.get(..length).unwrap_or_default());
        if text.lines().any(|line| line == "READY=1") {
            return Ok((server, began.elapsed(), began));
        }
    }
}

fn nenya_configuration(address: SocketAddr, upstream: SocketAddr, access_log: bool) -> Value {
    let agents: Map<String, Value> = MODELS
        .iter()
        .map(|model| {
            let target = format!("dummy/{}", model.upstream);
            (
                model.agent.to_owned(),
                json!({"strategy": "fallback", "models": [target]}),
            )
        })
        .collect();
    json!({
        "server": {
            "listen_addr": address.to_string(),
            "workers": 1,
            "log_format": "json",
            "log_level": if access_log { "info" } else { "warn" },
        },
        "bouncer": { "enabled": true, "redact_preset": "credentials" },
        "limits": { "keys": { "bench": {
            "requests_per_minute": 1_000_000_000,
            "tokens_per_minute": 1_000_000_000_000_u64,
            "concurrent_requests": 1_000_000,
        } } },
        "providers": { "dummy": { "url": format!("http://{upstream}/v1/chat/completions") } },
        "agents": agents,
    })
}

fn nenya_secrets() -> Value {
    // The models themselves are what `/proxy` is asked for.
    let names = |model: &Model| [model.agent.to_owned(), format!("dummy/{}", model.upstream)];
    let allowed: Vec<String> = MODELS.iter().flat_map(names).collect();
    json!({
        "client_token": "nk-admin-0123456789abcdef0123456789abcdef01234567",
        "provider_keys": { "dummy": "sk-dummy-8f14e45fceea167a5a36dedd4bea2543" },
        "api_keys": { "bench": {
            "name": "bench",
            "token": CLIENT_TOKEN,
            "roles": ["user"],
            "allowed_agents": allowed,
            "enabled": true,
        } },
    })
}

/// Starts a process on the gateways' core; this process is back on its own when it returns.
fn start_gateway(command: &mut Command) -> io::Result<(Child, Instant)> {
    move_to(Core::Gateway)?;
    let began = Instant::now();
    let child = command.spawn();
    move_to(Core::Load)?;
    let program = command.get_program().display().to_string();
    child
        .map(|child| (child, began))
        .map_err(|error| wrong(format!("{program}: {error}")))
}

/// Asks until the first good answer.
fn until_answered(server: &mut Server, model: &str, began: Instant) -> io::Result<Duration> {
    let request = super::request::chat(server.address, model, false, 2048);
    while began.elapsed() < PATIENCE {
        if let Some(status) = server.child.try_wait()? {
            return Err(wrong(format!("it ended with {status}")));
        }
        match ask_once(server.address, &request) {
            Ok(()) => return Ok(began.elapsed()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                std::thread::yield_now()
            }
            Err(error) => return Err(error),
        }
    }
    Err(wrong("it never answered"))
}

fn ask_once(address: SocketAddr, request: &[u8]) -> io::Result<()> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    io::Write::write_all(&mut stream, request)?;
    let (mut reply, mut buffer) = (super::reply::Reply::new(), [0; 4096]);
    while !reply.is_whole() {
        let length = stream.read(&mut buffer)?;
        let bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Err(wrong(
                "the connection was closed before the first reply was whole",
            ));
        }
        reply
            .push(bytes)
            .map_err(|bad| wrong(format!("{bad}\n{}", String::from_utf8_lossy(bytes))))?;
    }
    Ok(())
}

fn free_port() -> io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

fn private_file(path: &Path) -> io::Result<File> {
    // Appended to, so that it can be emptied while it is written.
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

fn write_private(path: &Path, document: &Value) -> io::Result<()> {
    io::Write::write_all(&mut private_file(path)?, document.to_string().as_bytes())
}

/// The error, and what the process wrote last.
fn with_output(error: &io::Error, place: &Path) -> io::Error {
    let text = fs::read(place.join("stderr")).unwrap_or_default();
    let tail = text
        .get(text.len().saturating_sub(2000)..)
        .unwrap_or_default();
    wrong(format!("{error}\n{}", String::from_utf8_lossy(tail)))
}

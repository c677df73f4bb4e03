//! No copy of a provider key is left in this process: every readable page is searched for it,
//! while the answer streams and after it.
//!
//! The key is made by a child process, which writes the secrets file and is the upstream, so that
//! this process never sees the key but in the vault's pages.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use futures_util::StreamExt;
use nenya_provider::{AuthStyle, KeySource, ProviderKind, ProviderSpec, Upstream, tls_config};

use crate::{harness::*, proofs::Keys, tls};

const SECRETS: &str = "NENYA_PROVIDER_TEST_SECRETS";
const WITH_TLS: &str = "NENYA_PROVIDER_TEST_TLS";
/// Before the secret part, for providers that take one key in several parts.
const ACCESS: &str = "NENYA_PROVIDER_TEST_ACCESS";
const ACCESS_ID: &str = "AKIDEXAMPLE:";
const SECRET_LENGTH: usize = 48;

/// The child process; does nothing as a test of its own.
#[test]
fn upstream_in_a_process_of_its_own() {
    let Some(path) = std::env::var_os(SECRETS) else {
        return;
    };
    write_secrets(Path::new(&path));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    println!("port={}", listener.local_addr().unwrap().port());
    let (socket, _) = listener.accept().unwrap();
    if std::env::var_os(WITH_TLS).is_some() {
        let session = rustls::ServerConnection::new(Arc::new(tls::server_config())).unwrap();
        serve(rustls::StreamOwned::new(session, socket));
    } else {
        serve(socket);
    }
}

fn write_secrets(path: &Path) {
    let mut random = [0; 24];
    getrandom::fill(&mut random).unwrap();
    let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = match std::env::var_os(ACCESS) {
        Some(_) => format!("{ACCESS_ID}{secret}:session-{secret}"),
        None => secret,
    };
    let document = serde_json::json!({ "client_token": "nk-client-of-this-test-0123456789", "provider_keys": { NAME: key } });
    fs::write(path, document.to_string()).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Answers one request with the beginning of a stream and waits for the client to leave.
fn serve(mut io: impl Read + Write) {
    let (mut seen, mut piece) = (Vec::new(), [0; 4096]);
    while !seen.ends_with(b"}]}") {
        let length = io.read(&mut piece).unwrap();
        assert!(length > 0);
        seen.extend_from_slice(&piece[..length]);
    }
    io.write_all(format!("{STREAM_HEAD}{}", chunk(EVENT)).as_bytes())
        .unwrap();
    io.flush().unwrap();
    while io.read(&mut piece).is_ok_and(|length| length > 0) {}
}

struct Elsewhere {
    child: Child,
    port: u16,
    /// Kept open, since the child's test runner has more to say.
    _said: BufReader<std::process::ChildStdout>,
}

impl Elsewhere {
    fn start(secrets: &Path, call: Call) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "key_scan::upstream_in_a_process_of_its_own",
                "--nocapture",
            ])
            .env(SECRETS, secrets)
            .stdout(Stdio::piped());
        match call {
            Call::Plain => {}
            Call::Tls => drop(command.env(WITH_TLS, "1")),
            Call::Signed => drop(command.env(ACCESS, "1")),
        }
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let port = said
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("port=")?;
                port.parse().ok()
            });
        Self {
            child,
            port: port.unwrap(),
            _said: said,
        }
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// How often the needle is in readable memory outside its own page.
fn copies(needle: &[u8]) -> usize {
    let finder = memchr::memmem::Finder::new(needle);
    let own_page = needle.as_ptr() as u64 & !4095;
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut page = vec![0_u8; 4096 + needle.len()];
    let mut found = 0;
    for range in readable_ranges() {
        for at in range.step_by(4096).filter(|at| *at != own_page) {
            // Secret pages, and the last bytes before a hole, cannot be read.
            if memory.seek(SeekFrom::Start(at)).is_err() {
                continue;
            }
            let length = memory.read(&mut page).unwrap_or(0);
            found += finder
                .find_iter(&page[..length])
                .filter(|place| *place < 4096)
                .count();
            page.fill(0);
        }
    }
    found
}

fn readable_ranges() -> Vec<std::ops::Range<u64>> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines()
        .filter(|line| {
            line.split(' ')
                .nth(1)
                .is_some_and(|mode| mode.starts_with('r'))
        })
        .filter_map(|line| {
            let (from, to) = line.split(' ').next()?.split_once('-')?;
            Some(u64::from_str_radix(from, 16).ok()?..u64::from_str_radix(to, 16).ok()?)
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Call {
    Plain,
    Tls,
    Signed,
}

fn spec(port: u16, call: Call) -> ProviderSpec {
    let with_tls = call == Call::Tls;
    let scheme = if with_tls { "https" } else { "http" };
    let url = format!("{scheme}://127.0.0.1:{port}/v1/chat/completions")
        .parse()
        .unwrap();
    let mut spec = ProviderSpec::new(NAME, ProviderKind::Http, url);
    spec.danger_allow_private_addresses = true;
    spec.ca_file = with_tls.then(|| tls::file("authority.pem"));
    if call == Call::Signed {
        spec.auth = AuthStyle::SigV4;
        spec.region = Some("us-east-1".to_owned());
    }
    spec
}

fn no_copy_is_left(call: Call) {
    let dir = tempfile::tempdir().unwrap();
    let secrets: PathBuf = dir.path().join("secrets.json");
    let elsewhere = Elsewhere::start(&secrets, call);
    run(async {
        let keys = Arc::new(Keys::at(&secrets));
        let spec = spec(elsewhere.port, call);
        let tls = tls_config(&spec).unwrap();
        let upstream = Upstream::new(Arc::new(spec), keys.clone(), tls, runtime::Aside::new(1));
        let mut stream = ask_streamed(&upstream).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), EVENT);

        let lease = keys.lease(NAME).unwrap();
        let from = if call == Call::Signed {
            ACCESS_ID.len()
        } else {
            0
        };
        let secret = &lease.expose()[from..from + SECRET_LENGTH];
        assert_eq!(copies(secret), 0, "while the answer streams");
        drop(stream);
        assert_eq!(copies(secret), 0, "after the answer");
        drop(upstream);
        let planted = std::hint::black_box(secret.to_vec());
        assert_eq!(copies(secret), 1, "the search finds what is there");
        drop(planted);
    });
}

#[test]
fn no_copy_of_the_key_is_left_by_a_plain_call() {
    no_copy_is_left(Call::Plain);
}

#[test]
fn no_copy_of_the_key_is_left_by_a_call_over_tls() {
    no_copy_is_left(Call::Tls);
}

/// The session token is sent and the secret is only used; neither may stay.
#[test]
fn no_copy_of_secret_or_session_is_left_by_a_signed_call() {
    no_copy_is_left(Call::Signed);
}

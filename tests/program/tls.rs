//! The public listener with a certificate of its own, spoken to by `openssl` and `curl`.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::json;

use crate::harness::socket::{Said, Session, deltas, handshake, until_told};
use crate::harness::{Client, Dummy, Gateway, Request, Setup, USER};

/// The name that the certificates are made for.
const NAME: &str = "gateway.test";
const HSTS: &str = "strict-transport-security";

struct Scene {
    dummy: Dummy,
    gateway: Gateway,
    folder: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let dummy = Dummy::start();
        let setup = Setup::new(&dummy).config(
            "/server/tls",
            json!({"cert_file": "cert.pem", "key_file": "key.pem"}),
        );
        let folder = setup.folder().to_owned();
        make_certificate(&folder);
        Self {
            dummy,
            gateway: setup.start(),
            folder,
        }
    }

    fn address(&self) -> SocketAddr {
        self.gateway.address()
    }

    fn certificate(&self) -> String {
        let text = fs::read_to_string(self.folder.join("cert.pem")).expect("a certificate");
        text.trim().to_owned()
    }

    /// One handshake, and what `openssl` tells of it.
    fn handshake(&self, arguments: &[&str]) -> String {
        let output = Command::new("openssl")
            .args(["s_client", "-connect", &self.address().to_string()])
            .args(["-servername", NAME])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("openssl is installed");
        said(&output)
    }

    /// `curl` that believes in the certificate which is in the folder.
    fn curl(&self, path: &str) -> Command {
        let address = self.address();
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--no-buffer"])
            .args(["--max-time", "30"])
            .arg("--resolve")
            .arg(format!("{NAME}:{}:{}", address.port(), address.ip()))
            .arg("--cacert")
            .arg(self.folder.join("cert.pem"))
            .arg("--header")
            .arg(format!("Authorization: Bearer {USER}"))
            .arg(format!("https://{NAME}:{}{path}", address.port()));
        curl
    }

    /// A way to the gateway that does TLS for one client: `openssl` between two sockets.
    fn tunnel(&self) -> Client {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("an address");
        let client = Client::new(listener.local_addr().expect("an address"));
        let mut openssl = Command::new("openssl");
        openssl
            .args(["s_client", "-quiet", "-verify_return_error"])
            .args(["-connect", &self.address().to_string()])
            .args(["-servername", NAME, "-alpn", "http/1.1", "-CAfile"])
            .arg(self.folder.join("cert.pem"))
            .stderr(Stdio::null());
        std::thread::spawn(move || {
            let (socket, _) = listener.accept().expect("a client");
            carry(&socket, openssl);
        });
        client
    }

    fn chat(&self, model: &str, stream: bool) -> Command {
        let body = json!({"model": model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]});
        let mut curl = self.curl("/v1/chat/completions");
        curl.args(["--header", "Content-Type: application/json", "--data"])
            .arg(body.to_string());
        curl
    }

    fn reload(&self) -> String {
        self.gateway.signal("HUP");
        self.gateway.until_notified("RELOADING=1");
        self.gateway.until_notified("READY=1")
    }

    fn is_served(&self, certificate: &str) -> bool {
        let shown = self.handshake(&[]);
        assert!(shown.contains("BEGIN CERTIFICATE"), "{shown}");
        shown.contains(certificate)
    }
}

/// A new key and a certificate for it, in `cert.pem` and `key.pem`.
fn make_certificate(folder: &Path) {
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", &format!("/CN={NAME}")])
        .args(["-addext", &format!("subjectAltName=DNS:{NAME}")])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder)
        .output()
        .expect("openssl is installed");
    assert!(output.status.success(), "{}", said(&output));
}

/// Carries bytes both ways; a side that ends takes the other with it.
fn carry(socket: &TcpStream, mut openssl: Command) {
    let piped = openssl.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.spawn().expect("openssl is installed");
    let (mut to, mut from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut leaver = Leaver(child);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            pump(&mut &*socket, &mut to);
            leaver.0.kill().ok();
            leaver.0.wait().ok();
        });
        pump(&mut from, &mut &*socket);
        socket.shutdown(Shutdown::Both).ok();
    });
}

/// By hand, since `io::copy` has the kernel wait for the socket with the pipe locked.
fn pump(from: &mut impl Read, to: &mut impl Write) {
    let mut piece = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut piece) {
        if to.write_all(&piece[..count]).is_err() {
            return;
        }
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn answered(curl: &mut Command) -> String {
    let output = curl.output().expect("curl is installed");
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

/// A client that is killed where it is.
struct Leaver(Child);

impl Leaver {
    fn start(curl: &mut Command) -> Self {
        let silent = curl.stdout(Stdio::null()).stderr(Stdio::null());
        Self(silent.spawn().expect("curl is installed"))
    }

    fn leave(&mut self) {
        self.0.kill().expect("it is still there");
        self.0.wait().expect("a child of ours");
    }
}

impl Drop for Leaver {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn http_1_1_is_agreed_on_and_never_http_2() {
    let scene = Scene::new();
    for offers in ["h2,http/1.1", "http/1.1"] {
        let shown = scene.handshake(&["-alpn", offers]);
        assert!(shown.contains("ALPN protocol: http/1.1"), "{shown}");
    }
    let shown = scene.handshake(&["-alpn", "h2"]);
    assert!(!shown.contains("ALPN protocol: h2"), "{shown}");
    let version = answered(scene.curl("/v1/models").args([
        "--http2",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_version}",
    ]));
    assert_eq!(version, "1.1");
}

#[test]
fn old_versions_of_tls_are_refused_and_new_ones_are_not() {
    let scene = Scene::new();
    for (version, name) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let shown = scene.handshake(&[version]);
        assert!(shown.contains(&format!("New, {name}")), "{shown}");
    }
    for version in ["-tls1", "-tls1_1"] {
        // Without the lower level the client itself would not offer it.
        let shown = scene.handshake(&[version, "-cipher", "DEFAULT:@SECLEVEL=0"]);
        assert!(
            shown.contains("SSL alert number") && shown.contains("Cipher is (NONE)"),
            "{version}: {shown}"
        );
    }
}

#[test]
fn a_chat_works_whole_and_streamed() {
    let scene = Scene::new();
    let whole = answered(&mut scene.chat("dummy/ok", false));
    assert!(whole.contains("Hello from the dummy."), "{whole}");
    let streamed = answered(&mut scene.chat("dummy/chunks-2000", true));
    assert_eq!(streamed.matches("\"content\":\"word \"").count(), 2000);
    assert!(streamed.ends_with("data: [DONE]\n\n"), "{streamed}");
}

#[test]
fn a_realtime_session_works_and_its_end_is_heard_on_both_sides() {
    let scene = Scene::new();
    let open = || {
        let request = handshake("/v1/realtime?model=dummy/echo-text", USER);
        let session = Session::ask_by(scene.tunnel(), &scene.gateway, &request);
        let mut session = session.expect("a session");
        session.until("session.created");
        session
    };
    let mut session = open();
    let long = "guten Tag ".repeat(2_000);
    let events = session.ask_for(&long);
    assert_eq!(deltas(&events, "response.output_text.delta"), long);
    session.close(1000, "bye");
    assert_eq!(session.end().1, Said::Close(1000, String::new()));
    until_told(&scene.dummy, |said| said == "close 1000 bye");

    let session = open();
    session.vanish();
    until_told(&scene.dummy, |said| said == "close 1001");
    scene.gateway.until_metric("nenya_realtime_sessions", 0.0);
    scene.dummy.until("open", 0);
}

#[test]
fn browsers_are_told_to_stay_with_tls_only_over_tls() {
    let scene = Scene::new();
    for path in ["/v1/models", "/healthz", "/nothing-here"] {
        let head = answered(scene.curl(path).args(["--dump-header", "-"]));
        assert!(head.to_lowercase().contains(HSTS), "{path}: {head}");
    }
    let streamed = answered(
        scene
            .chat("dummy/ok", true)
            .args(["--dump-header", "-", "--fail"]),
    );
    assert!(streamed.to_lowercase().contains(HSTS), "{streamed}");
    let admin = scene.gateway.page("/healthz");
    assert_eq!(admin.header(HSTS), None, "the admin listener has no TLS");
    let plain = Gateway::before(&scene.dummy);
    let reply = plain.send(&Request::new("GET", "/v1/models").key(USER));
    assert_eq!((reply.status, reply.header(HSTS)), (200, None));
}

#[test]
fn plain_http_gets_no_answer_from_the_tls_port() {
    let scene = Scene::new();
    let outcome = scene
        .gateway
        .client()
        .send(&Request::new("GET", "/v1/models").key(USER));
    assert!(outcome.is_err(), "{outcome:?}");
    assert!(
        answered(&mut scene.curl("/v1/models")).contains("list"),
        "the next client is served"
    );
}

#[test]
fn a_client_that_leaves_over_tls_ends_the_upstream_call() {
    let scene = Scene::new();
    // Before the head, in a silent stream, in a stream that runs, in a whole answer.
    for (model, stream) in [
        ("dummy/stall", true),
        ("dummy/stall-after-2", true),
        ("dummy/delay-50-chunks-100000", true),
        ("dummy/stall-after-9", false),
    ] {
        let mut client = Leaver::start(&mut scene.chat(model, stream));
        scene.dummy.until("open", 1);
        client.leave();
        scene.dummy.until("open", 0);
    }
    assert_eq!(scene.dummy.count("closed_early"), 4);
    scene.gateway.until_metric("nenya_client_gone_total", 4.0);
}

#[test]
fn a_new_certificate_is_served_after_a_reload() {
    let scene = Scene::new();
    let old = scene.certificate();
    assert!(scene.is_served(&old));
    make_certificate(&scene.folder);
    assert!(scene.is_served(&old), "files alone change nothing");
    scene.reload();
    assert!(scene.is_served(&scene.certificate()), "the new one");
    assert!(!scene.is_served(&old));
    let reply = answered(&mut scene.chat("dummy/ok", false));
    assert!(reply.contains("Hello"), "{reply}");
}

#[test]
fn a_certificate_that_cannot_be_used_refuses_the_reload_and_the_old_one_stays() {
    let scene = Scene::new();
    let old = scene.certificate();
    let old_key = fs::read(scene.folder.join("key.pem")).unwrap();
    fs::write(scene.folder.join("cert.pem"), "no certificate at all").unwrap();
    let status = scene.reload();
    assert!(
        status.contains("refused") && status.contains("cert.pem"),
        "{status}"
    );
    assert!(scene.is_served(&old), "after garbage");
    // A good certificate with the key of another.
    make_certificate(&scene.folder);
    fs::write(scene.folder.join("key.pem"), old_key).unwrap();
    let status = scene.reload();
    assert!(status.contains("refused"), "{status}");
    assert!(scene.is_served(&old), "after a pair that does not fit");
}

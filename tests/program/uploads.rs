//! Forms and files: nothing is held, nothing leaves in clear, nobody waits for who has left.
//!
//! The sizes are small by default. `NENYA_TEST_MIB=1024` moves files of 1 GiB.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::json;

use crate::harness::http::PATIENCE;
use crate::harness::store::Store;
use crate::harness::{Dummy, Gateway, PROVIDER_KEY, Reply, Request, Setup, USER};
use crate::resources::{own_kib, resident_kib};

/// 36 letters and digits, as GitHub makes them.
const TOKEN: &str = concat!("gh", "p_R7kQ2mX9vB4nZ1tL8wY3pC6sD5fG0hJaKqWe");
const FORM: &str = "multipart/form-data; boundary=b0";
/// What may be held for one large transfer, in KiB.
const MOST_GROWTH: u64 = 4 << 10;

/// One provider that keeps files.
struct Scene {
    store: Store,
    gateway: Gateway,
    _dummy: Dummy,
}

impl Scene {
    fn new() -> Self {
        Self::with(Store::start("s"), |setup| setup)
    }

    fn with(store: Store, change: impl FnOnce(Setup) -> Setup) -> Self {
        let dummy = Dummy::start();
        let setup = Setup::new(&dummy)
            .config("/server/workers", json!(1))
            .config("/providers/openai", store.provider())
            .secrets("/provider_keys/openai", json!(PROVIDER_KEY));
        Self {
            gateway: change(setup).start(),
            store,
            _dummy: dummy,
        }
    }

    fn send(&self, path: &str, parts: &[Vec<u8>]) -> Reply {
        let bytes = upload(path, parts).bytes();
        self.gateway.client().send_raw(&bytes).expect("an answer")
    }
}

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("--b0\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into()
}

fn file(content: &[u8]) -> Vec<u8> {
    let head = "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    [head.as_bytes(), content, b"\r\n"].concat()
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [&parts.concat()[..], b"--b0--\r\n"].concat()
}

fn upload(path: &str, parts: &[Vec<u8>]) -> Request {
    Request::new("POST", path)
        .key(USER)
        .header("content-type", FORM)
        .body(form(parts))
}

fn refused(reply: &Reply, status: u16, code: &str, param: Option<&str>) {
    let body = reply.json();
    assert_eq!(
        (
            reply.status,
            reply.error_code().as_str(),
            body["error"]["param"].as_str()
        ),
        (status, code, param),
        "{}",
        reply.text()
    );
}

fn mebibytes(usual: u64) -> u64 {
    let asked = std::env::var("NENYA_TEST_MIB").ok();
    asked.map_or(usual, |text| text.parse().expect("a number of MiB"))
}

/// The most memory of its own that a process has while this lives.
struct Watch {
    most: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watch {
    fn of(pid: u32) -> Self {
        let (most, over) = (
            Arc::new(AtomicU64::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (seen, ends) = (Arc::clone(&most), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                seen.fetch_max(own_kib(pid), Ordering::Relaxed);
                crate::harness::pause();
            }
        });
        Self {
            most,
            over,
            thread: Some(thread),
        }
    }

    fn most(mut self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().map(std::thread::JoinHandle::join);
        self.most.load(Ordering::Relaxed)
    }
}

/// Sends a form whose file has `count` times this piece, and returns the status line.
fn send_large(gateway: &Gateway, piece: &[u8], count: u64) -> String {
    let head = "--b0\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let end = "\r\n--b0--\r\n";
    let length = head.len() as u64 + piece.len() as u64 * count + end.len() as u64;
    let mut socket = TcpStream::connect(gateway.address()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "POST /v1/files HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {USER}\r\ncontent-type: {FORM}\r\ncontent-length: {length}\r\n\r\n{head}"
    );
    socket.write_all(request.as_bytes()).unwrap();
    for _ in 0..count {
        // Who answers early may stop reading.
        if socket.write_all(piece).is_err() {
            break;
        }
    }
    socket.write_all(end.as_bytes()).ok();
    let mut answer = Vec::new();
    let mut some = [0; 4096];
    while !answer.windows(2).any(|seen| seen == b"\r\n") {
        match socket.read(&mut some) {
            Ok(count) if count > 0 => answer.extend_from_slice(&some[..count]),
            ended => panic!("no answer: {ended:?}\n{}", gateway.log()),
        }
    }
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

fn receive_large(gateway: &Gateway, length: u64) {
    let mut socket = TcpStream::connect(gateway.address()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "GET /v1/files/file-1/content?bytes={length} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {USER}\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).unwrap();
    let (mut some, mut head, mut body) = (vec![0; 64 << 10], Vec::new(), 0_u64);
    loop {
        let count = socket.read(&mut some).unwrap();
        if count == 0 {
            break;
        }
        if body > 0 {
            body += count as u64;
            continue;
        }
        head.extend_from_slice(&some[..count]);
        if let Some(end) = head.windows(4).position(|seen| seen == b"\r\n\r\n") {
            body = (head.len() - end - 4) as u64;
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head:.500}");
    assert!(
        head.contains(&format!("content-length: {length}\r\n")),
        "{head:.800}"
    );
    assert!(
        head.contains("content-disposition: attachment"),
        "{head:.800}"
    );
    assert_eq!(body, length);
}

fn sum_of(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    })
}

#[test]
fn large_files_pass_both_ways_in_constant_memory() {
    let scene = Scene::new();
    let binary: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let line = format!(
        "{}\n",
        json!({"custom_id": "1", "body": {"messages": [{"role": "user", "content": "word ".repeat(800)}]}})
    );
    let lines = line.repeat((1 << 20) / line.len());
    // Everything that is made once is made before.
    send_large(&scene.gateway, &binary, 8);
    send_large(&scene.gateway, lines.as_bytes(), 8);
    receive_large(&scene.gateway, 8 << 20);
    let count = mebibytes(96);
    for (what, piece) in [("binary", binary.as_slice()), ("lines", lines.as_bytes())] {
        let before = own_kib(scene.gateway.pid());
        let watch = Watch::of(scene.gateway.pid());
        assert_eq!(send_large(&scene.gateway, piece, count), "HTTP/1.1 200 OK");
        let growth = watch.most().saturating_sub(before);
        let after = resident_kib(scene.gateway.pid());
        println!(
            "{count} MiB of {what} sent: {growth} KiB more than {before} KiB, {after} KiB resident after"
        );
        assert!(growth < MOST_GROWTH, "{what}: {growth} KiB");
        assert!(scene.store.last().length > piece.len() as u64 * count);
    }
    let before = own_kib(scene.gateway.pid());
    let watch = Watch::of(scene.gateway.pid());
    receive_large(&scene.gateway, count << 20);
    let growth = watch.most().saturating_sub(before);
    println!("{count} MiB fetched: {growth} KiB more than {before} KiB");
    assert!(growth < MOST_GROWTH, "fetched: {growth} KiB");
}

#[test]
fn a_form_without_secrets_arrives_byte_for_byte() {
    let scene = Scene::new();
    let binary: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let parts = [
        field("purpose", "assistants"),
        file(&binary),
        field("x", "y"),
    ];
    let reply = scene.send("/v1/files", &parts);
    assert_eq!(reply.json()["id"], "file-s", "{}", reply.text());
    let seen = scene.store.last();
    assert_eq!(seen.target(), "/v1/files");
    assert_eq!(seen.header("content-type"), Some(FORM));
    assert_eq!(seen.sum, sum_of(&[&form(&parts)]));
    assert_eq!(seen.length, form(&parts).len() as u64);
}

#[test]
fn a_secret_leaves_neither_in_the_name_of_a_file_nor_in_a_query() {
    let scene = Scene::new();
    let head = format!(
        "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{TOKEN}.txt\"\r\n\r\nx\r\n"
    );
    let escaped = TOKEN.replace('R', "%52");
    let path = format!("/v1/files?note={escaped}&limit=%32&key=mine");
    let reply = scene.send(&path, &[head.into()]);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=2"));
    let seen = scene.store.last();
    assert_eq!(seen.target(), "/v1/files?note=%5BREDACTED%5D&limit=%32");
    let clean = "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"[REDACTED].txt\"\r\n\r\nx\r\n";
    assert_eq!(seen.sum, sum_of(&[&form(&[clean.into()])]));
    for path in ["/v1/files", "/proxy/openai/v1/files"] {
        let listing = Request::new("GET", &format!("{path}?after={TOKEN}")).key(USER);
        assert_eq!(scene.gateway.send(&listing).status, 200);
        assert_eq!(
            scene.store.last().target(),
            "/v1/files?after=%5BREDACTED%5D"
        );
    }
}

#[test]
fn secrets_are_taken_out_of_fields_and_lines_and_counted() {
    let scene = Scene::new();
    let lines = format!(
        "{{\"a\":\"{TOKEN}\"}}\n{{\"b\":\"{}\"}}\n",
        TOKEN.replace('R', "\\u0052")
    );
    let parts = [
        file(lines.as_bytes()),
        field("purpose", "batch"),
        field("note", TOKEN),
    ];
    let reply = scene.send("/v1/files", &parts);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=3"));
    let seen = scene.store.last().text();
    assert_eq!(seen.matches("[REDACTED]").count(), 3, "{seen}");
    assert!(!seen.contains("R7kQ") && !seen.contains("u0052"), "{seen}");
}

#[test]
fn a_form_goes_by_its_model_wherever_the_field_stands() {
    let scene = Scene::with(Store::start("s"), |setup| {
        let agent = json!({"models": [{"provider": "openai", "model": "whisper-large"}]});
        setup.config("/agents/ears", agent)
    });
    let sound = [b"ID3\x04".as_slice(), &[0; 5000]].concat();
    for parts in [
        [field("model", "ears"), field("prompt", TOKEN), file(&sound)],
        [file(&sound), field("prompt", TOKEN), field("model", "ears")],
    ] {
        let reply = scene.send("/v1/audio/transcriptions", &parts);
        assert_eq!(reply.status, 200, "{}", reply.text());
        let seen = scene.store.last().text();
        assert!(seen.contains("\r\n\r\nwhisper-large\r\n"), "{seen:.300}");
        assert!(seen.contains("[REDACTED]") && !seen.contains(TOKEN));
    }
    let before = scene.store.seen().len();
    let unknown = [field("model", "dummy-less/x"), file(&sound)];
    assert_eq!(
        scene.send("/v1/audio/translations", &unknown).status,
        200,
        "by preference"
    );
    let twice = [field("model", "ears"), field("model", "ears"), file(&sound)];
    refused(
        &scene.send("/v1/audio/transcriptions", &twice),
        400,
        "duplicate_key",
        Some("model"),
    );
    let odd = [field("model", ""), file(&sound)];
    refused(
        &scene.send("/v1/audio/transcriptions", &odd),
        400,
        "invalid_field",
        Some("model"),
    );
    let whole = scene
        .store
        .seen()
        .iter()
        .skip(before)
        .filter(|seen| seen.whole)
        .count();
    assert_eq!(whole, 1);
}

#[test]
fn a_model_behind_a_file_too_large_to_hold_is_asked_for_in_front() {
    let scene = Scene::with(Store::start("s"), |setup| {
        setup.config("/server/max_body_bytes", json!(100_000))
    });
    let parts = [file(&[0; 200_000]), field("model", "whisper-1")];
    let reply = scene.send("/v1/audio/transcriptions", &parts);
    refused(&reply, 400, "missing_field", Some("model"));
    assert!(
        reply.text().contains("before the first file"),
        "{}",
        reply.text()
    );
    assert!(scene.store.seen().is_empty());
    let parts = [field("model", "whisper-1"), file(&[0; 200_000])];
    assert_eq!(scene.send("/v1/audio/transcriptions", &parts).status, 200);
}

#[test]
fn what_may_not_pass_never_makes_a_whole_request() {
    let scene = Scene::with(Store::start("s"), |setup| {
        let block = json!([{"class": "credential", "action": "block"}]);
        setup.config("/bouncer/actions", block)
    });
    let wide: Vec<u8> = TOKEN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let padding = file(&[0; 100_000]);
    for (path, part, status, code, param) in [
        (
            "/v1/files",
            field("note", TOKEN),
            400,
            "request_blocked",
            "note",
        ),
        (
            "/v1/files",
            file(format!("{{}}\n{{\"a\":\"{TOKEN}\"}}").as_bytes()),
            400,
            "request_blocked",
            "file",
        ),
        (
            "/v1/files",
            file(b"{}\n{\"a\":"),
            400,
            "invalid_json",
            "file",
        ),
        (
            "/v1/files",
            file(&wide),
            415,
            "unsupported_media_type",
            "file",
        ),
        (
            "/v1/uploads/u/parts",
            file(b"half of a text"),
            415,
            "unsupported_media_type",
            "file",
        ),
    ] {
        let reply = scene.send(path, &[padding.clone(), part]);
        refused(&reply, status, code, Some(param));
    }
    let torn = Request::new("POST", "/v1/files")
        .key(USER)
        .header("content-type", FORM)
        .body(file(&[0; 100_000]));
    refused(&scene.gateway.send(&torn), 400, "invalid_form", None);
    let mixed = Request::new("POST", "/v1/files")
        .key(USER)
        .header("content-type", "multipart/form-data");
    refused(
        &scene.gateway.send(&mixed.body("--x--")),
        400,
        "invalid_form",
        None,
    );
    refused(
        &scene.send("/v1/embeddings", &[field("model", "x")]),
        415,
        "unsupported_media_type",
        None,
    );
    scene.store.until_seen(6);
    assert!(
        scene.store.seen().iter().all(|seen| !seen.whole),
        "{:?}",
        scene.store.seen()
    );
}

#[test]
fn a_form_beyond_its_limit_is_refused_by_its_length_and_by_its_bytes() {
    let scene = Scene::with(Store::start("s"), |setup| {
        setup.config("/server/max_upload_bytes", json!("64 KiB"))
    });
    let parts = [file(&[0; 100_000])];
    let reply = scene.send("/v1/files", &parts);
    refused(&reply, 413, "body_too_large", None);
    assert!(scene.store.seen().is_empty());
    let body = form(&parts);
    let chunked = format!(
        "POST /v1/files HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {USER}\r\ncontent-type: {FORM}\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n",
        body.len()
    );
    let bytes = [chunked.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let reply = scene.gateway.client().send_raw(&bytes).expect("an answer");
    refused(&reply, 413, "body_too_large", None);
    assert!(scene.store.seen().iter().all(|seen| !seen.whole));
}

#[test]
fn a_refusal_in_the_middle_reaches_the_client_before_it_has_sent_all() {
    for enabled in [true, false] {
        let scene = Scene::with(Store::refusing_after("s", 1 << 20), |setup| {
            setup.config("/bouncer/enabled", json!(enabled))
        });
        // 256 MiB, which nobody would read.
        let status = send_large(&scene.gateway, &[0; 64 << 10], 4096);
        assert!(status.starts_with("HTTP/1.1 413"), "{status}");
        assert!(scene.store.last().length < 64 << 20);
        scene.gateway.until_logged("provider_rejected");
    }
}

#[test]
fn a_client_that_leaves_in_the_middle_ends_the_upload_and_the_download() {
    let scene = Scene::new();
    let mut connection = scene.gateway.client().connect().unwrap();
    let begun = upload("/v1/files", &[file(&[0; 1 << 20])]).bytes();
    connection.write(&begun[..begun.len() - 100]).unwrap();
    drop(connection);
    assert!(!scene.store.until_seen(1).whole);
    let mut connection = scene.gateway.client().connect().unwrap();
    let content = Request::new("GET", "/v1/files/a/content?bytes=1073741824").key(USER);
    connection.write(&content.bytes()).unwrap();
    connection.head().unwrap();
    drop(connection);
    scene.gateway.until_metric("nenya_client_gone_total", 2.0);
    scene.gateway.until_metric("nenya_inflight_requests", 1.0);
}

#[test]
fn a_client_that_stops_sending_is_told_so_and_a_slow_provider_is_not_its_fault() {
    let scene = Scene::with(Store::start("s"), |setup| {
        setup.config("/server/body_timeout", json!("200ms"))
    });
    let mut connection = scene.gateway.client().connect().unwrap();
    let begun = upload("/v1/files", &[file(&[0; 50_000])]).bytes();
    connection.write(&begun[..begun.len() - 100]).unwrap();
    // Either the answer comes, or the connection ends: both say that nobody waits any more.
    match connection.reply() {
        Ok(reply) => refused(&reply, 408, "body_timeout", None),
        Err(failure) => println!("{failure}"),
    }
    assert!(!scene.store.until_seen(1).whole);
}

#[test]
fn a_provider_that_reads_nothing_stops_the_client_and_not_the_gateway() {
    let scene = Scene::with(Store::stalling("s"), |setup| {
        setup.config("/providers/openai/first_byte_timeout_seconds", json!(2))
    });
    let before = own_kib(scene.gateway.pid());
    let watch = Watch::of(scene.gateway.pid());
    let gateway = &scene.gateway;
    let status = send_large(gateway, &[0; 1 << 20], 64);
    assert!(status.starts_with("HTTP/1.1 504"), "{status}");
    let growth = watch.most().saturating_sub(before);
    assert!(growth < 2 * MOST_GROWTH, "{growth} KiB");
}

#[test]
fn a_form_for_a_provider_whose_requests_are_signed_is_refused_by_name() {
    let (dummy, store) = (Dummy::start(), Store::start("aws"));
    let mut signed = store.provider();
    signed["auth_style"] = json!("sigv4");
    signed["region"] = json!("us-east-1");
    let gateway = Setup::new(&dummy)
        .config("/providers/signed", signed)
        .secrets("/provider_keys/signed", json!("AKIDEXAMPLE:wJalrXUtnFEMI"))
        .start();
    let body = "--b\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--b--\r\n";
    let request = Request::new("POST", "/v1/files")
        .key(USER)
        .header("x-nenya-provider", "signed")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body);
    let refused = gateway.send(&request);
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (400, "unsupported_by_provider"),
        "{}",
        refused.text()
    );
    assert!(refused.text().contains("sigv4"), "{}", refused.text());
    assert!(store.seen().is_empty());
}

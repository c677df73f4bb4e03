//! Requests that are broken, too large, too deep or ambiguous. None may reach the upstream, and
//! the next request is served.

use std::net::Shutdown;

use serde_json::json;

use crate::harness::{Dummy, Failure, Gateway, Reply, Request, Setup, USER};

/// A gateway, its upstream, and the proof at the end that nothing bad came through.
struct Scene {
    dummy: Dummy,
    gateway: Gateway,
}

impl Scene {
    fn new() -> Self {
        let dummy = Dummy::start();
        let gateway = Setup::new(&dummy)
            .config("/server/max_body_bytes", json!(100_000))
            .start();
        Self { dummy, gateway }
    }

    fn impatient() -> Self {
        let dummy = Dummy::start();
        let gateway = Setup::new(&dummy)
            .config("/server/header_timeout", json!("1s"))
            .config("/server/body_timeout", json!("1s"))
            .config("/server/idle_timeout", json!("1s"))
            .start();
        Self { dummy, gateway }
    }

    fn chat(&self, body: impl Into<Vec<u8>>) -> Reply {
        self.gateway.send(&Request::chat(body).key(USER))
    }

    /// Sends a chat head with `framing` lines, then `body` as it is.
    fn raw(&self, framing: &str, body: &[u8]) -> Result<Reply, Failure> {
        let mut bytes = head(framing);
        bytes.extend_from_slice(body);
        self.gateway.client().send_raw(&bytes)
    }

    fn and_nothing_came_through(&self) {
        assert_eq!(self.dummy.count("requests"), 0, "{}", self.dummy.seen());
        assert_eq!(
            self.gateway.ask("dummy/ok", false).status,
            200,
            "{}",
            self.gateway.log()
        );
    }
}

fn head(framing: &str) -> Vec<u8> {
    format!("POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nauthorization: Bearer {USER}\r\ncontent-type: application/json\r\n{framing}\r\n")
        .into_bytes()
}

/// A refusal with the shape that every client understands.
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
}

/// Either an error answer or a closed connection, where HTTP leaves the choice.
fn refused_or_closed(outcome: Result<Reply, Failure>, statuses: &[u16]) {
    match outcome {
        Ok(reply) => assert!(
            statuses.contains(&reply.status),
            "{}: {}",
            reply.status,
            reply.text()
        ),
        Err(failure) => assert!(
            matches!(failure, Failure::Unanswered | Failure::BrokenOff),
            "{failure}"
        ),
    }
}

#[test]
fn truncated_body_with_content_length_is_not_sent_on() {
    let scene = Scene::new();
    let mut connection = scene.gateway.client().connect().unwrap();
    connection.write(&head("content-length: 500\r\n")).unwrap();
    connection.write(br#"{"model":"dummy/ok","#).unwrap();
    connection.socket().shutdown(Shutdown::Write).unwrap();
    refused_or_closed(connection.reply(), &[400]);
    scene.and_nothing_came_through();
}

#[test]
fn truncated_chunked_body_is_not_sent_on() {
    let scene = Scene::new();
    let mut connection = scene.gateway.client().connect().unwrap();
    connection
        .write(&head("transfer-encoding: chunked\r\n"))
        .unwrap();
    connection
        .write(b"14\r\n{\"model\":\"dummy/ok\"}\r\n")
        .unwrap();
    connection.socket().shutdown(Shutdown::Write).unwrap();
    refused_or_closed(connection.reply(), &[400]);
    scene.and_nothing_came_through();
}

#[test]
fn body_that_never_arrives_is_answered_408() {
    let scene = Scene::impatient();
    for framing in ["content-length: 500\r\n", "transfer-encoding: chunked\r\n"] {
        refused(&scene.raw(framing, b"").unwrap(), 408, "body_timeout");
    }
    scene.and_nothing_came_through();
}

#[test]
fn head_that_never_ends_is_closed() {
    let scene = Scene::impatient();
    let outcome = scene
        .gateway
        .client()
        .send_raw(b"GET /v1/models HTTP/1.1\r\nhost: g\r\n");
    refused_or_closed(outcome, &[408]);
    scene.and_nothing_came_through();
}

#[test]
fn second_head_that_never_ends_is_closed_too() {
    let scene = Scene::impatient();
    let mut connection = scene.gateway.client().connect().unwrap();
    connection
        .write(&Request::new("GET", "/healthz").bytes())
        .unwrap();
    assert_eq!(connection.reply().unwrap().status, 200);
    connection
        .write(b"GET /healthz HTTP/1.1\r\nhost: g\r\n")
        .unwrap();
    refused_or_closed(connection.reply(), &[408]);
    scene.and_nothing_came_through();
}

#[test]
fn oversized_body_with_content_length_is_refused_before_it_is_sent() {
    let scene = Scene::new();
    refused(
        &scene.raw("content-length: 100001\r\n", b"").unwrap(),
        413,
        "body_too_large",
    );
    scene.and_nothing_came_through();
}

#[test]
fn oversized_chunked_body_is_refused_as_soon_as_it_is_too_large() {
    let scene = Scene::new();
    let chunk = format!("{:x}\r\n{}\r\n", 60_000, "a".repeat(60_000));
    // No last chunk: a gateway that waited for the end would never answer.
    let reply = scene
        .raw("transfer-encoding: chunked\r\n", chunk.repeat(2).as_bytes())
        .unwrap();
    refused(&reply, 413, "body_too_large");
    scene.and_nothing_came_through();
}

#[test]
fn a_body_at_the_limit_passes() {
    let scene = Scene::new();
    let frame = r#"{"model":"dummy/ok","messages":[{"role":"user","content":""}]}"#;
    let text = "a".repeat(100_000 - frame.len());
    let body = frame.replace(r#""content":"""#, &format!(r#""content":"{text}""#));
    assert_eq!(body.len(), 100_000);
    assert_eq!(scene.chat(body).status, 200);
}

#[test]
fn content_length_together_with_chunked_is_refused() {
    let scene = Scene::new();
    let body = b"0\r\n\r\nGET /v1/models HTTP/1.1\r\nhost: g\r\n\r\n";
    for framing in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let reply = scene.raw(framing, body);
        refused_or_closed(reply, &[400]);
    }
    scene.and_nothing_came_through();
}

#[test]
fn lengths_that_contradict_each_other_are_refused() {
    let scene = Scene::new();
    for framing in [
        "content-length: 2\r\ncontent-length: 3\r\n",
        "content-length: +2\r\n",
        "content-length: 0x2\r\n",
        "content-length: -1\r\n",
    ] {
        refused_or_closed(scene.raw(framing, b"{}x"), &[400]);
    }
    scene.and_nothing_came_through();
}

#[test]
fn chunk_sizes_that_are_no_numbers_are_refused() {
    let scene = Scene::new();
    for body in [
        &b"zz\r\n{}\r\n0\r\n\r\n"[..],
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ] {
        refused_or_closed(
            scene.raw("transfer-encoding: chunked\r\n", body),
            &[400, 413],
        );
    }
    scene.and_nothing_came_through();
}

#[test]
fn unknown_transfer_codings_are_refused() {
    let scene = Scene::new();
    refused_or_closed(scene.raw("transfer-encoding: gzip\r\n", b"xx"), &[400, 501]);
    refused_or_closed(
        scene.raw("transfer-encoding: identity, chunked\r\n", b"0\r\n\r\n"),
        &[400, 501],
    );
    scene.and_nothing_came_through();
}

#[test]
fn duplicate_keys_are_refused_at_every_level() {
    let scene = Scene::new();
    for body in [
        r#"{"model":"dummy/ok","messages":[],"model":"dummy/echo"}"#,
        r#"{"model":"dummy/ok","MODEL":"dummy/echo","messages":[]}"#,
        r#"{"model":"dummy/ok","messages":[{"role":"user","content":"a","content":"b"}]}"#,
        r#"{"model":"dummy/ok","messages":[],"mod\u0065l":"dummy/echo"}"#,
    ] {
        refused(&scene.chat(body), 400, "duplicate_key");
    }
    scene.and_nothing_came_through();
}

#[test]
fn json_that_is_ten_thousand_deep_is_refused() {
    let scene = Scene::new();
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let reply = scene.chat(format!(
            r#"{{"model":"dummy/ok","messages":[],"x":{deep}}}"#
        ));
        assert_eq!(reply.status, 400, "{}", reply.text());
        let unclosed = scene.chat(format!(
            r#"{{"model":"dummy/ok","x":{}"#,
            open.repeat(10_000)
        ));
        assert_eq!(unclosed.status, 400, "{}", unclosed.text());
    }
    scene.and_nothing_came_through();
}

#[test]
fn bodies_that_are_no_json_are_refused_with_the_place() {
    let scene = Scene::new();
    for body in [
        &b""[..],
        b"hello",
        b"{\"model\":\"dummy/ok\"",
        b"[]",
        b"null",
        b"{\"model\":\"dummy/ok\",}",
        b"{\"model\":NaN}",
        b"\xef\xbb\xbf{}",
    ] {
        let reply = scene.chat(body);
        assert_eq!(
            reply.status,
            400,
            "{:?}: {}",
            String::from_utf8_lossy(body),
            reply.text()
        );
    }
    let reply = scene.chat("{\n  \"model\": oops}");
    refused(&reply, 400, "invalid_json");
    assert!(reply.text().contains("line 2"), "{}", reply.text());
    scene.and_nothing_came_through();
}

#[test]
fn non_utf8_is_refused() {
    let scene = Scene::new();
    let mut body = br#"{"model":"dummy/ok","messages":[{"role":"user","content":""#.to_vec();
    body.extend_from_slice(&[0xff, 0xfe, 0x80]);
    body.extend_from_slice(br#""}]}"#);
    refused(&scene.chat(body), 400, "invalid_json");
    scene.and_nothing_came_through();
}

#[test]
fn fields_of_the_wrong_type_or_missing_are_named() {
    let scene = Scene::new();
    for (body, field) in [
        (r#"{"messages":[]}"#, "model"),
        (r#"{"model":7,"messages":[]}"#, "model"),
        (
            r#"{"model":"dummy/ok","messages":[],"stream":"yes"}"#,
            "stream",
        ),
    ] {
        let reply = scene.chat(body);
        assert_eq!(reply.status, 400, "{}", reply.text());
        assert!(reply.text().contains(field), "{}", reply.text());
    }
    scene.and_nothing_came_through();
}

#[test]
fn nul_and_other_control_bytes_in_headers_are_refused() {
    let scene = Scene::new();
    for line in [
        &b"x-a: a\0b"[..],
        b"x\0a: b",
        b"x-a: a\rb",
        b"x a: b",
        b"x-a\x01: b",
    ] {
        let mut bytes = b"GET /v1/models HTTP/1.1\r\nhost: g\r\n".to_vec();
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(format!("\r\nauthorization: Bearer {USER}\r\n\r\n").as_bytes());
        refused_or_closed(scene.gateway.client().send_raw(&bytes), &[400]);
    }
    scene.and_nothing_came_through();
}

#[test]
fn a_header_of_one_mebibyte_is_refused() {
    let scene = Scene::new();
    let request = Request::new("GET", "/v1/models")
        .key(USER)
        .header("x-large", &"a".repeat(1 << 20));
    refused_or_closed(
        scene.gateway.client().send_raw(&request.bytes()),
        &[400, 431],
    );
    scene.and_nothing_came_through();
}

#[test]
fn thousands_of_headers_are_refused() {
    let scene = Scene::new();
    let request = (0..5000).fold(
        Request::new("GET", "/v1/models").key(USER),
        |request, at| request.header(&format!("x-{at}"), "1"),
    );
    refused_or_closed(
        scene.gateway.client().send_raw(&request.bytes()),
        &[400, 431],
    );
    scene.and_nothing_came_through();
}

#[test]
fn a_token_that_is_not_ascii_is_an_unknown_token() {
    let scene = Scene::new();
    for token in [
        "nk-schlüssel-der-keiner-ist-0123456789",
        "nk-\u{1F511}-0123456789abcdef",
        "nk-\u{7f}\u{80}",
    ] {
        let reply = scene
            .gateway
            .client()
            .send_raw(&Request::new("GET", "/v1/models").key(token).bytes());
        match reply {
            Ok(reply) if reply.status == 400 => {}
            Ok(reply) => refused(&reply, 401, "invalid_api_key"),
            Err(failure) => panic!("{failure}"),
        }
    }
    scene.and_nothing_came_through();
}

#[test]
fn what_is_not_http_at_all_is_refused() {
    let scene = Scene::new();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        let mut connection = scene.gateway.client().connect().unwrap();
        connection.write(bytes).unwrap();
        connection.socket().shutdown(Shutdown::Write).ok();
        refused_or_closed(connection.reply(), &[400, 505]);
    }
    scene.and_nothing_came_through();
}

#[test]
fn paths_that_climb_do_not_leave_the_route() {
    let scene = Scene::new();
    for path in [
        "/proxy/dummy/../../_seen",
        "/proxy/dummy/%2e%2e/%2e%2e/_seen",
        "/proxy/dummy/v1/..%2f..%2f_seen",
        "/v1/../v1/models",
        "//v1/models",
    ] {
        let reply = scene.gateway.send(&Request::new("GET", path).key(USER));
        assert!(
            (400..500).contains(&reply.status),
            "{path}: {} {}",
            reply.status,
            reply.text()
        );
        assert!(
            !reply.text().contains("by_model"),
            "{path} reached the upstream's counters"
        );
    }
}

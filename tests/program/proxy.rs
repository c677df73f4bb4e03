//! `/proxy/{provider}/{path}`: what may not reach the upstream, and what does as it came.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, PROVIDER_KEY, Reply, Request, Setup, USER};

/// A key that may use one agent and one model of the provider.
const LIMITED: &str = "nk-limited-0123456789abcdef0123456789abcdef";
/// 36 letters and digits, as GitHub makes them.
const TOKEN_BODY: &str = "R7kQ2mX9vB4nZ1tL8wY3pC6sD5fG0hJaKqWe";
const CHAT: &str = "/proxy/dummy/v1/chat/completions";
const JSON: &str = "application/json";

struct Scene {
    dummy: Dummy,
    gateway: Gateway,
}

impl Scene {
    fn new() -> Self {
        Self::with(|setup| setup)
    }

    fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        let dummy = Dummy::start();
        let gateway = change(Setup::new(&dummy)).start();
        Self { dummy, gateway }
    }

    /// With the key [`LIMITED`].
    fn with_a_limited_key() -> Self {
        let key = json!({
            "name": "limited", "token": LIMITED, "roles": ["user"], "enabled": true,
            "allowed_agents": ["build", "dummy/tokens-7"],
        });
        let agent = json!({"models": [{"provider": "dummy", "model": "ok"}]});
        Self::with(|setup| {
            setup
                .secrets("/api_keys/limited", key)
                .config("/agents/build", agent)
        })
    }

    fn post(&self, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.gateway.send(&post(kind, body))
    }

    /// Requests of all kinds that came through.
    fn reached(&self) -> u64 {
        self.dummy.count("requests") + self.dummy.count("listings")
    }
}

fn post(kind: &str, body: impl Into<Vec<u8>>) -> Request {
    Request::new("POST", CHAT)
        .key(USER)
        .header("content-type", kind)
        .body(body)
}

fn chat(model: &str) -> String {
    json!({"model": model, "messages": [{"role": "user", "content": "hi"}]}).to_string()
}

fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
}

#[test]
fn methods_that_reflect_or_that_nobody_knows_are_405() {
    let scene = Scene::new();
    for method in ["TRACE", "BREW", "PROPFIND", "trace"] {
        let reply = scene.gateway.send(&Request::new(method, CHAT).key(USER));
        refused(&reply, 405, "method_not_allowed");
        let allowed = reply.header("allow").expect("the methods there are");
        assert!(
            allowed.contains("POST") && !allowed.contains("TRACE"),
            "{allowed}"
        );
        assert!(!reply.text().contains(PROVIDER_KEY));
    }
    assert_eq!(scene.reached(), 0);
}

#[test]
fn every_method_of_the_list_reaches_the_upstream_as_it_is() {
    let scene = Scene::new();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let request = Request::new(method, "/proxy/dummy/v1/files/a").key(USER);
        assert_eq!(scene.gateway.send(&request).status, 200, "{method}");
        let seen = scene.dummy.seen();
        let line = format!("{method} /v1/files/a HTTP/1.1\r\n");
        assert!(
            seen["last_head"].as_str().unwrap().starts_with(&line),
            "{seen}"
        );
    }
}

#[test]
fn paths_that_two_readers_could_read_in_two_ways_are_400() {
    let scene = Scene::new();
    for path in [
        "/proxy/dummy/v1/files;v=1/a",
        "/proxy/dummy/v1/..;/a",
        "/proxy/dummy/v1/%252e%252e/a",
        "/proxy/dummy/v1/a%25",
        "/proxy/dummy/v1/../a",
        "/proxy/dummy/v1/..",
        "/proxy/dummy/../_seen",
        "/proxy/dummy/v1/./a",
        "/proxy/dummy/v1/%2e%2e/a",
        "/proxy/dummy/v1/%2E%2E%2Fa",
        "/proxy/dummy/v1/a%5cb",
        "/proxy/dummy/v1/a%00",
        "/proxy/dummy/v1//a",
        "/proxy/dummy//a",
    ] {
        let reply = scene.gateway.send(&Request::new("GET", path).key(USER));
        assert_eq!(
            reply.error_code(),
            "invalid_path",
            "{path}: {}",
            reply.text()
        );
        assert_eq!(reply.status, 400, "{path}");
    }
    assert_eq!(scene.reached(), 0);
}

#[test]
fn a_body_of_two_types_or_of_none_is_415() {
    let scene = Scene::new();
    let two = post(JSON, chat("ok")).header("content-type", "text/plain");
    refused(&scene.gateway.send(&two), 415, "unsupported_media_type");
    let same = post(JSON, chat("ok")).header("content-type", JSON);
    refused(&scene.gateway.send(&same), 415, "unsupported_media_type");
    let none = Request::new("POST", CHAT).key(USER).body(chat("ok"));
    refused(&scene.gateway.send(&none), 415, "unsupported_media_type");
    assert_eq!(scene.reached(), 0);
}

#[test]
fn a_body_in_a_charset_that_is_not_read_is_415() {
    let scene = Scene::new();
    for kind in [
        "text/plain; charset=utf-16le",
        "text/plain;charset=\"utf-16\"",
        "text/plain; CHARSET=UTF-7",
        "text/plain; format=flowed; charset=ebcdic-us",
        "application/json; charset=utf-16",
        "text/plain; charset = utf-16le",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
    ] {
        refused(&scene.post(kind, "hello"), 415, "unsupported_media_type");
    }
    assert_eq!(scene.reached(), 0);
    for kind in [
        "text/plain",
        "text/plain; charset=UTF-8",
        "text/plain; charset=\"utf-8\"",
    ] {
        assert_eq!(scene.post(kind, "hello").status, 200, "{kind}");
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a_form_that_is_spelt_like_a_query_is_redacted_and_keeps_the_rest() {
    let scene = Scene::new();
    let secret = format!("gh%70_{TOKEN_BODY}");
    let reply = scene.post(FORM, format!("To=%2B49&Body=use+{secret}&n=%32"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=1"));
    let sent = "To=%2B49&Body=use%20%5BREDACTED%5D&n=%32";
    assert_eq!(scene.dummy.last_body(), sent);
    let clean = "a=b+c&d=%41";
    assert_eq!(scene.post(FORM, clean).status, 200);
    assert_eq!(scene.dummy.last_body(), clean);
    let escaped = scene.post(FORM, "a=%7Bno+json+%5Cu0041");
    assert_eq!(escaped.status, 400, "{}", escaped.text());
    refused(
        &scene.post(FORM, b"a=\xff".to_vec()),
        415,
        "unsupported_media_type",
    );
}

#[test]
fn a_form_names_the_model_that_a_key_must_hold() {
    let scene = Scene::with_a_limited_key();
    let ask = |body: &str| {
        let request = Request::new("POST", CHAT).key(LIMITED);
        let request = request.header("content-type", FORM).body(body);
        scene.gateway.send(&request)
    };
    assert_eq!(ask("model=tokens-7&a=b").status, 200);
    let reached = scene.reached();
    for body in ["model=ok&a=b", "a=b"] {
        assert_eq!(ask(body).status, 403, "{body}");
    }
    for body in [
        "model=tokens-7&mod%65l=ok",
        "Model=tokens-7",
        "+model=tokens-7",
        "model=tokens-7&model[]=ok",
        "model=tokens-7&a=b;model=ok",
        "model%00=tokens-7",
    ] {
        let reply = ask(body);
        refused(&reply, 400, "duplicate_key");
        let remedy = "Write the field as `model`, once.";
        assert!(reply.text().contains(remedy), "{}", reply.text());
    }
    assert_eq!(scene.reached(), reached);
}

#[test]
fn json_that_calls_itself_a_form_is_judged_as_json() {
    let scene = Scene::with_a_limited_key();
    let ask = |body: String| {
        let request = Request::new("POST", CHAT).key(LIMITED);
        let request = request.header("content-type", FORM).body(body);
        scene.gateway.send(&request)
    };
    let chat = |model: &str, said: &str| {
        format!(
            r#"{{"messages":[{{"role":"user","content":"my &model=tokens-7&key {said}"}}],"model":"{model}"}}"#
        )
    };
    assert_eq!(ask(chat("ok", "hello")).status, 403);
    let secret = format!("\\u0067hp_{TOKEN_BODY}");
    let reply = ask(chat("tokens-7", &secret));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let arrived: Value = serde_json::from_str(&scene.dummy.last_body()).unwrap();
    assert_eq!(
        arrived["messages"][0]["content"],
        "my &model=tokens-7&key [REDACTED]"
    );
    let hidden = Scene::new().post(FORM, format!("a={secret}"));
    refused(&hidden, 415, "unsupported_media_type");
}

#[test]
fn a_form_of_more_fields_than_may_be_is_refused() {
    let scene = Scene::new();
    let reply = scene.post(FORM, "&".repeat(1_000_000));
    refused(&reply, 400, "invalid_json");
}

#[test]
fn an_escaped_secret_is_taken_out_of_json_that_calls_itself_text() {
    let scene = Scene::new();
    let secret = format!("\\u0067\\u0068p_{TOKEN_BODY}");
    let body =
        format!(r#"{{"model":"ok","messages":[{{"role":"user","content":"use {secret} now"}}]}}"#);
    for (kind, body) in [
        ("text/plain", body.clone()),
        ("text/plain", format!("\r\n {body}")),
        ("text/x-anything; charset=utf-8", body.clone()),
        (JSON, body.clone()),
        ("application/vnd.api+json", body),
    ] {
        let reply = scene.post(kind, body);
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
        let seen = scene.dummy.seen();
        let arrived = seen["last_body"].as_str().unwrap();
        assert!(!arrived.contains(TOKEN_BODY), "{kind}: {arrived}");
        let arrived: Value = serde_json::from_str(arrived).expect("it is still JSON");
        let text = arrived["messages"][0]["content"].as_str().unwrap();
        assert!(text.starts_with("use ") && text.ends_with(" now"), "{text}");
    }
}

#[test]
fn an_escaped_secret_does_not_pass_in_text_that_a_lenient_reader_takes_for_json() {
    let scene = Scene::new();
    let secret = format!("\\u0067\\u0068p_{TOKEN_BODY}");
    let object = format!(r#"{{"model":"ok","input":"{secret}"}}"#);
    // An array, and an object behind the mark that editors put before text.
    for body in [format!("[{object}]"), format!("\u{feff}{object}")] {
        let reply = scene.post("text/plain", body.as_str());
        let seen = scene.dummy.seen();
        assert!(
            !seen["last_body"].as_str().unwrap().contains(TOKEN_BODY),
            "{}: {body}",
            reply.status
        );
    }
}

#[test]
fn a_plain_secret_is_taken_out_of_text() {
    let scene = Scene::new();
    let reply = scene.post("text/plain", format!("use ghp_{TOKEN_BODY} now"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let seen = scene.dummy.seen();
    assert!(
        !seen["last_body"].as_str().unwrap().contains(TOKEN_BODY),
        "{seen}"
    );
}

#[test]
fn the_provider_s_list_of_models_holds_here_too() {
    let models = json!(["^ok$"]);
    let scene = Scene::with(|setup| setup.config("/providers/dummy/allowed_models", models));
    assert_eq!(scene.post(JSON, chat("ok")).status, 200);
    for body in [
        chat("tokens-7"),
        r#"{"input":"no model"}"#.to_owned(),
        r#"{"model":"okay"}"#.to_owned(),
        r#"{"model":7}"#.to_owned(),
    ] {
        let reply = scene.post(JSON, body.as_str());
        refused(&reply, 404, "model_not_found");
        assert_eq!(reply.json()["error"]["param"], "model", "{}", reply.text());
    }
    refused(&scene.post("text/plain", "ok"), 404, "model_not_found");
    let files = Request::new("GET", "/proxy/dummy/v1/files").key(USER);
    refused(&scene.gateway.send(&files), 404, "model_not_found");
    assert_eq!(scene.reached(), 1, "{}", scene.dummy.seen());
}

#[test]
fn a_model_named_twice_is_not_judged_by_one_and_served_by_the_other() {
    let models = json!(["^ok$"]);
    let scene = Scene::with(|setup| setup.config("/providers/dummy/allowed_models", models));
    for body in [
        r#"{"model":"ok","model":"tokens-7"}"#,
        r#"{"model":"tokens-7","model":"ok"}"#,
        r#"{"model":"ok","mod\u0065l":"tokens-7"}"#,
        r#"{"mod\u0065l":"tokens-7","model":"ok"}"#,
        "{\"model\":\"ok\"}{\"model\":\"tokens-7\"}",
    ] {
        for kind in [JSON, "text/plain"] {
            let reply = scene.post(kind, body);
            assert!(
                (400..500).contains(&reply.status),
                "{kind} {body}: {}",
                reply.text()
            );
        }
    }
    assert_eq!(scene.reached(), 0, "{}", scene.dummy.seen());
}

#[test]
fn a_key_limited_to_agents_may_post_models_of_its_list_and_nothing_else() {
    let scene = Scene::with_a_limited_key();
    let send = |method: &str, body: &str| {
        let request = Request::new(method, CHAT)
            .key(LIMITED)
            .header("content-type", JSON)
            .body(body);
        scene.gateway.send(&request)
    };
    // An agent's name means nothing to the provider, which might know a model of that name.
    for model in ["build", "ok", "tokens-70", "dummy/tokens-7"] {
        refused(&send("POST", &chat(model)), 403, "agent_not_allowed");
    }
    refused(
        &send("POST", r#"{"input":"no model"}"#),
        403,
        "agent_not_allowed",
    );
    for method in ["DELETE", "PUT", "PATCH", "GET"] {
        refused(&send(method, &chat("tokens-7")), 403, "agent_not_allowed");
    }
    let listing = Request::new("GET", "/proxy/dummy/v1/models").key(LIMITED);
    refused(&scene.gateway.send(&listing), 403, "agent_not_allowed");
    assert_eq!(scene.reached(), 0, "{}", scene.dummy.seen());
    let reply = send("POST", &chat("tokens-7"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    // The agent itself is used where agents are.
    let agent = Request::to_model("build", false).key(LIMITED);
    assert_eq!(scene.gateway.send(&agent).status, 200);
    assert_eq!(scene.reached(), 2);
}

#[test]
fn an_upstream_that_cuts_before_the_first_byte_is_502_with_an_error_body() {
    let scene = Scene::new();
    for body in [
        // Not even a head; then a head and not one byte of the body.
        json!({"model": "hang-up"}),
        json!({"model": "cut-after-0", "stream": true}),
    ] {
        let reply = scene.post(JSON, body.to_string());
        assert_eq!(reply.status, 502, "{body}: {}", reply.text());
        assert!(!reply.error_code().is_empty(), "{}", reply.text());
        assert!(reply.header("x-request-id").is_some());
    }
    assert_eq!(scene.post(JSON, chat("ok")).status, 200);
}

#[test]
fn an_upstream_that_cuts_in_the_middle_does_not_look_whole() {
    let scene = Scene::new();
    for model in ["cut", "cut-length"] {
        let outcome = scene.gateway.client().send(&post(JSON, chat(model)));
        match outcome {
            Err(_) => {}
            Ok(reply) => assert_eq!(reply.status, 502, "{model}: {}", reply.text()),
        }
    }
    scene.gateway.until_metric(
        "nenya_stream_interrupts_total{provider=\"dummy\",reason=\"truncated\"}",
        2.0,
    );
}

#[test]
fn a_client_that_leaves_ends_the_forwarded_call() {
    let scene = Scene::new();
    for model in ["stall", "stall-after-9"] {
        let mut connection = scene.gateway.client().connect().unwrap();
        connection.write(&post(JSON, chat(model)).bytes()).unwrap();
        scene.dummy.until("open", 1);
        drop(connection);
        scene.dummy.until("open", 0);
    }
    scene.gateway.until_metric("nenya_client_gone_total", 2.0);
}

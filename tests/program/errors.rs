//! What callers are told when something is refused: status, shape, headers.

use crate::harness::{ADMIN, Dummy, Gateway, READER, Reply, Request, Setup, USER};
use serde_json::json;

fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/agents/build", json!({"models": [{"provider": "dummy", "model": "ok"}]}))
        .secrets("/api_keys/scoped", json!({"name": "scoped", "token": SCOPED, "roles": ["user"], "allowed_agents": ["build"]}))
        .secrets("/api_keys/off", json!({"name": "off", "token": OFF, "roles": ["user"], "enabled": false}))
        .secrets("/api_keys/old", json!({"name": "old", "token": OLD, "roles": ["user"], "expires_at": "2020-01-01T00:00:00Z"}))
        .secrets("/api_keys/listed", json!({"name": "listed", "token": LISTED, "roles": ["read-only"], "allowed_endpoints": ["POST /v1/chat/completions"]}))
        .start();
    (dummy, gateway)
}

const SCOPED: &str = "nk-scoped-0123456789abcdef0123456789abcdef";
const OFF: &str = "nk-off-0123456789abcdef0123456789abcdef000";
const OLD: &str = "nk-old-0123456789abcdef0123456789abcdef000";
const LISTED: &str = "nk-listed-0123456789abcdef0123456789abcdef";

/// The whole contract of an error answer.
fn refused(reply: &Reply, status: u16, code: &str) {
    let body = reply.json();
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
    assert!(
        body["error"]["message"]
            .as_str()
            .is_some_and(|message| message.ends_with('.')),
        "{body}"
    );
    assert!(body["error"]["type"].is_string(), "{body}");
    assert!(body["error_kind"].is_string(), "{body}");
    assert!(
        reply
            .header("x-request-id")
            .is_some_and(|id| !id.is_empty())
    );
    security_headers(reply);
}

fn security_headers(reply: &Reply) {
    assert_eq!(
        reply.header("x-content-type-options"),
        Some("nosniff"),
        "{:?}",
        reply.headers
    );
    assert!(
        reply
            .header("cache-control")
            .is_some_and(|value| value.contains("no-store")),
        "{:?}",
        reply.headers
    );
}

fn get(path: &str) -> Request {
    Request::new("GET", path)
}

#[test]
fn a_missing_key_is_401_and_says_how_to_send_one() {
    let (_dummy, gateway) = scene();
    for path in ["/v1/models", "/proxy/dummy/v1/models"] {
        let reply = gateway.send(&get(path));
        refused(&reply, 401, "missing_api_key");
        assert!(
            reply.header("www-authenticate").is_some(),
            "{:?}",
            reply.headers
        );
    }
    refused(
        &gateway.send(&Request::to_model("dummy/ok", false)),
        401,
        "missing_api_key",
    );
}

#[test]
fn an_unknown_key_is_401() {
    let (_dummy, gateway) = scene();
    for key in [
        "nk-unknown-0123456789abcdef0123456789ab",
        "x",
        &format!("{USER}0"),
        USER.strip_suffix(|_: char| true).unwrap(),
    ] {
        refused(
            &gateway.send(&get("/v1/models").key(key)),
            401,
            "invalid_api_key",
        );
    }
    refused(
        &gateway.send(&get("/v1/models").header("authorization", &format!("Basic {USER}"))),
        401,
        "missing_api_key",
    );
}

#[test]
fn keys_are_taken_from_the_headers_of_all_three_clients() {
    let (_dummy, gateway) = scene();
    for (name, value) in [
        ("authorization", format!("bearer {USER}")),
        ("x-api-key", USER.to_owned()),
        ("api-key", USER.to_owned()),
    ] {
        assert_eq!(
            gateway.send(&get("/v1/models").header(name, &value)).status,
            200,
            "{name}"
        );
    }
}

#[test]
fn keys_that_may_not_are_403_with_the_reason() {
    let (_dummy, gateway) = scene();
    let chat = |key: &str, model: &str| gateway.send(&Request::to_model(model, false).key(key));
    refused(&chat(OFF, "build"), 403, "key_disabled");
    refused(&chat(OLD, "build"), 403, "key_expired");
    refused(&chat(READER, "build"), 403, "role_not_allowed");
    refused(&chat(SCOPED, "dummy/ok"), 403, "agent_not_allowed");
    assert_eq!(chat(SCOPED, "build").status, 200);
    refused(
        &gateway.send(&get("/v1/models").key(LISTED)),
        403,
        "endpoint_not_allowed",
    );
    assert_eq!(
        chat(LISTED, "build").status,
        200,
        "an endpoint list overrides the role"
    );
}

#[test]
fn listings_show_what_the_key_may_use() {
    let (_dummy, gateway) = scene();
    let ids = |key: &str| -> Vec<String> {
        let reply = gateway.send(&get("/v1/models").key(key));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let list = reply.json();
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|model| model["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(SCOPED), ["build"]);
    assert!(ids(ADMIN).contains(&"build".to_owned()));
    assert!(ids(READER).contains(&"build".to_owned()));
}

#[test]
fn unknown_routes_methods_and_models_are_told_apart() {
    // With a single provider every name is a model of that one.
    let dummy = Dummy::start();
    let second = json!({"url": dummy.chat_url(), "auth_style": "bearer"});
    let gateway = Setup::new(&dummy)
        .config("/providers/second", second)
        .secrets("/provider_keys/second", json!("sk-second-0123456789abcdef"))
        .start();
    refused(
        &gateway.send(&get("/v1/nothing").key(USER)),
        404,
        "not_found",
    );
    refused(&gateway.send(&get("/").key(USER)), 404, "not_found");
    let reply = gateway.send(&get("/v1/chat/completions").key(USER));
    refused(&reply, 405, "method_not_allowed");
    assert_eq!(reply.header("allow"), Some("POST"));
    refused(
        &gateway.ask("nobody-knows-it", false),
        404,
        "model_not_found",
    );
    refused(&gateway.ask("dummy/", false), 404, "model_not_found");
    refused(
        &gateway.send(&get("/proxy/nobody/v1/models").key(USER)),
        404,
        "provider_not_found",
    );
}

#[test]
fn a_request_id_is_taken_if_it_is_well_formed_and_made_if_not() {
    let (_dummy, gateway) = scene();
    let id = |request: Request| {
        gateway
            .send(&request.key(USER))
            .header("x-request-id")
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        id(get("/v1/models").header("x-request-id", "mine-42")),
        "mine-42"
    );
    for bad in ["", "with space", "a\tb", "<script>", &"x".repeat(500)] {
        let made = id(get("/v1/models").header("x-request-id", bad));
        assert!(!made.is_empty() && made != bad, "{bad} became {made}");
    }
    let (first, second) = (id(get("/v1/models")), id(get("/v1/models")));
    assert_ne!(first, second);
}

#[test]
fn good_answers_have_the_security_headers_too() {
    let (_dummy, gateway) = scene();
    for reply in [
        gateway.send(&get("/v1/models").key(USER)),
        gateway.ask("build", false),
        gateway.ask("build", true),
        gateway.send(&get("/healthz")),
    ] {
        assert_eq!(reply.status, 200, "{}", reply.text());
        security_headers(&reply);
    }
}

#[test]
fn health_and_version_need_no_key() {
    let (_dummy, gateway) = scene();
    assert_eq!(gateway.send(&get("/healthz")).json()["status"], "ok");
    assert_eq!(gateway.send(&get("/version")).status, 200);
}

#[test]
fn statistics_and_metrics_need_a_key_on_the_public_port_and_none_on_the_admin_s() {
    let (_dummy, gateway) = scene();
    for path in ["/statsz", "/metrics"] {
        refused(&gateway.send(&get(path)), 401, "missing_api_key");
        assert_eq!(gateway.send(&get(path).key(READER)).status, 200, "{path}");
        assert_eq!(
            gateway.admin().send(&get(path)).unwrap().status,
            200,
            "{path}"
        );
    }
    assert_eq!(
        gateway
            .admin()
            .send(&get("/v1/models").key(ADMIN))
            .unwrap()
            .status,
        404,
        "the admin port serves no models"
    );
}

#[test]
fn the_proxy_route_passes_everything_on_but_the_caller_s_key() {
    let (dummy, gateway) = scene();
    let body = r#"{"model":"echo","input":"text"}"#;
    let request = Request::new("POST", "/proxy/dummy/v1/embeddings?a=1&b=%20")
        .key(ADMIN)
        .header("content-type", "application/json")
        .body(body);
    let reply = gateway.send(&request);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let seen = dummy.seen();
    let head = seen["last_head"].as_str().unwrap();
    assert!(
        head.starts_with("POST /v1/embeddings?a=1&b=%20 HTTP/1.1\r\n"),
        "{head}"
    );
    assert_eq!(seen["last_body"], body);
    assert!(!head.contains(ADMIN), "{head}");
    assert_eq!(
        seen["authorization"],
        format!("Bearer {}", crate::harness::PROVIDER_KEY)
    );
}

#[test]
fn a_chat_body_reaches_the_upstream_byte_for_byte_but_for_the_model() {
    let (dummy, gateway) = scene();
    let body = "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"caf\\u00e9 \u{1F980}\"} ],\n\t\"temperature\":1.0,\"seed\":12345678901234567890,\"unknown\":{\"b\":1,\"a\":2}, \"model\":\"dummy/ok\" }";
    let reply = gateway.send(&Request::chat(body).key(USER));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(dummy.seen()["last_body"], body.replace("dummy/ok", "ok"));
}

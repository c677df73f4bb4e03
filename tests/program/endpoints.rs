//! The endpoints that are not chats: where they go, what goes along, and who may.

use serde_json::{Value, json};

use crate::harness::store::Store;
use crate::harness::{Dummy, Gateway, PROVIDER_KEY, READER, Reply, Request, Setup, USER, key};

/// A key that may use one agent and nothing else.
const LIMITED: &str = "nk-limited-0123456789abcdef0123456789abcdef";
/// A second key of the role `user`.
const OTHER: &str = "nk-other-0123456789abcdef0123456789abcdef00";
/// 36 letters and digits, as GitHub makes them.
const TOKEN: &str = concat!("gh", "p_R7kQ2mX9vB4nZ1tL8wY3pC6sD5fG0hJaKqWe");
const JSON: &str = "application/json";

/// Two providers, `openai` and `other`, both with a key, and the dummy without one.
struct Scene {
    openai: Store,
    other: Store,
    gateway: Gateway,
    _dummy: Dummy,
}

impl Scene {
    fn new() -> Self {
        Self::with(|setup| setup)
    }

    fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        let (dummy, openai, other) = (
            Dummy::start(),
            Store::start("openai"),
            Store::start("other"),
        );
        let limited = json!({
            "name": "limited", "token": LIMITED, "roles": ["user"], "enabled": true,
            "allowed_agents": ["search"],
        });
        let agent = json!({"strategy": "fallback", "models": [
            {"provider": "other", "model": "small"}, {"provider": "openai", "model": "large"},
        ]});
        let mut listed = other.provider();
        listed["models"] = json!(["listed"]);
        let setup = Setup::new(&dummy)
            .config("/providers/openai", openai.provider())
            .config("/providers/other", listed)
            .config("/agents/search", agent)
            .secrets("/provider_keys/openai", json!(PROVIDER_KEY))
            .secrets("/provider_keys/other", json!(PROVIDER_KEY))
            .secrets("/api_keys/limited", limited)
            .secrets("/api_keys/other", key("other", OTHER, "user"));
        Self {
            gateway: change(setup).start(),
            openai,
            other,
            _dummy: dummy,
        }
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        self.gateway.send(&post(path, body))
    }

    fn get(&self, token: &str, path: &str) -> Reply {
        self.gateway.send(&Request::new("GET", path).key(token))
    }

    /// How many requests both have seen.
    fn reached(&self) -> usize {
        self.openai.seen().len() + self.other.seen().len()
    }
}

fn post(path: &str, body: &Value) -> Request {
    Request::new("POST", path)
        .key(USER)
        .header("content-type", JSON)
        .body(body.to_string())
}

fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
}

fn at(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["at"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn calls_go_below_the_base_path_with_the_model_s_own_name() {
    let scene = Scene::new();
    for path in [
        "/v1/embeddings",
        "/v1/completions",
        "/v1/images/generations",
        "/v1/moderations",
        "/v1/rerank",
        "/v1/a2a",
    ] {
        let body = json!({"input": "x", "model": "search", "n": 1});
        assert_eq!(at(&scene.post(path, &body)), "other", "{path}");
        let seen = scene.other.last();
        assert_eq!(seen.target(), path);
        assert_eq!(seen.text(), r#"{"input":"x","model":"small","n":1}"#);
        assert_eq!(
            seen.header("authorization"),
            Some(format!("Bearer {PROVIDER_KEY}").as_str())
        );
    }
    let direct = json!({"model": "openai/text-embedding-3-small", "input": "x"});
    assert_eq!(at(&scene.post("/v1/embeddings", &direct)), "openai");
    assert_eq!(
        scene.openai.last().text(),
        r#"{"model":"text-embedding-3-small","input":"x"}"#
    );
    assert_eq!(
        at(&scene.post("/v2/rerank", &json!({"model": "listed", "query": "x"}))),
        "other"
    );
    assert_eq!(scene.other.last().target(), "/v1/rerank");
}

#[test]
fn without_a_model_or_with_one_that_nobody_lists_preference_decides() {
    let scene = Scene::new();
    assert_eq!(
        at(&scene.post("/v1/moderations", &json!({"input": "x"}))),
        "openai"
    );
    let unlisted = json!({"input": "x", "model": "text-embedding-3-small"});
    assert_eq!(at(&scene.post("/v1/embeddings", &unlisted)), "openai");
    let named = post("/v1/moderations", &json!({"input": "x"})).header("x-nenya-provider", "other");
    assert_eq!(at(&scene.gateway.send(&named)), "other");
    let wrong =
        post("/v1/moderations", &json!({"input": "x"})).header("x-nenya-provider", "nobody");
    refused(&scene.gateway.send(&wrong), 404, "provider_not_found");
    // Neither of the two is preferred, and nobody guesses.
    for path in ["/v1/rerank", "/v1/a2a"] {
        let reply = scene.post(path, &json!({"query": "x"}));
        refused(&reply, 503, "provider_not_configured");
        for way in ["`provider/model`", "`x-nenya-provider`"] {
            assert!(reply.text().contains(way), "{}", reply.text());
        }
    }
    refused(
        &scene.post("/v1/rerank", &json!({"query": "x", "model": "unknown"})),
        404,
        "model_not_found",
    );
}

#[test]
fn a_read_only_key_and_one_for_other_agents_reach_nobody() {
    let scene = Scene::new();
    let body = json!({"model": "openai/x", "input": "x"});
    for (path, method) in [
        ("/v1/embeddings", "POST"),
        ("/v1/files", "GET"),
        ("/v1/files/file-1", "DELETE"),
        ("/v1/responses/resp_1", "GET"),
    ] {
        let request = Request::new(method, path).key(READER);
        refused(&scene.gateway.send(&request), 403, "role_not_allowed");
    }
    let limited = |method: &str, path: &str, body: &Value| {
        let request = Request::new(method, path).key(LIMITED);
        let request = request.header("content-type", JSON).body(body.to_string());
        scene.gateway.send(&request)
    };
    refused(
        &limited("POST", "/v1/embeddings", &body),
        403,
        "agent_not_allowed",
    );
    refused(
        &limited("POST", "/v1/moderations", &json!({"input": "x"})),
        403,
        "agent_not_allowed",
    );
    refused(&scene.get(LIMITED, "/v1/files"), 403, "agent_not_allowed");
    assert_eq!(scene.reached(), 0);
    let agent = json!({"model": "search", "input": "x"});
    assert_eq!(at(&limited("POST", "/v1/embeddings", &agent)), "other");
}

#[test]
fn a_body_is_redacted_and_two_readers_read_the_same() {
    let scene = Scene::new();
    let escaped = TOKEN.replace('R', "\\u0052");
    let body = format!(r#"{{"model":"openai/x","documents":["{escaped}","b"],"query":"{TOKEN}"}}"#);
    let request = Request::new("POST", "/v1/rerank")
        .key(USER)
        .header("content-type", JSON);
    assert_eq!(scene.gateway.send(&request.clone().body(body)).status, 200);
    let seen = scene.openai.last().text();
    assert!(
        seen.contains("[REDACTED]") && !seen.contains("R7kQ") && !seen.contains("u0052"),
        "{seen}"
    );
    let before = scene.reached();
    for (body, code) in [
        (
            r#"{"model":"openai/a","model":"openai/b"}"#,
            "duplicate_key",
        ),
        (r#"{"Model":"openai/a"}"#, "duplicate_key"),
        (r#"{"model":7}"#, "invalid_field"),
        ("[]", "invalid_json"),
        ("{", "invalid_json"),
    ] {
        refused(&scene.gateway.send(&request.clone().body(body)), 400, code);
    }
    let text = Request::new("POST", "/v1/rerank")
        .key(USER)
        .header("content-type", "text/plain");
    refused(
        &scene.gateway.send(&text.body("hello")),
        415,
        "unsupported_media_type",
    );
    let path = Request::new("GET", "/v1/files/%2e%2e").key(USER);
    refused(&scene.gateway.send(&path), 400, "invalid_path");
    assert_eq!(scene.reached(), before);
}

#[test]
fn usage_is_counted_whole_and_streamed_and_account_headers_stay() {
    let scene = Scene::new();
    let reply = scene.post(
        "/v1/embeddings",
        &json!({"model": "openai/x", "input": "x"}),
    );
    for header in ["set-cookie", "openai-organization"] {
        assert_eq!(reply.header(header), None);
    }
    let input = "nenya_tokens_total{agent=\"\",direction=\"input\",provider=\"openai\"}";
    scene.gateway.until_metric(input, 5.0);
    let stream = json!({"model": "openai/x", "prompt": "x", "stream": true});
    let reply = scene.post("/v1/completions", &stream);
    assert!(
        reply.text().ends_with("data: [DONE]\n\n"),
        "{}",
        reply.text()
    );
    scene.gateway.until_metric(input, 12.0);
    let labels = "{method=\"POST\",path=\"/v1/embeddings\",status=\"200\"}";
    scene
        .gateway
        .until_metric(&format!("nenya_http_requests_total{labels}"), 1.0);
}

#[test]
fn sound_comes_back_as_it_is() {
    let scene = Scene::new();
    let reply = scene.post(
        "/v1/audio/speech",
        &json!({"model": "openai/tts-1", "input": "x"}),
    );
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("audio/mpeg"))
    );
    assert_eq!(reply.body, b"ID3\x04 a sound");
    assert_eq!(reply.header("content-length"), Some("12"));
}

#[test]
fn headers_of_the_client_s_api_go_along_and_its_account_does_not() {
    let scene = Scene::new();
    let mut request = post(
        "/v1/embeddings",
        &json!({"model": "openai/x", "input": "x"}),
    );
    for name in [
        "idempotency-key",
        "openai-beta",
        "anthropic-beta",
        "anthropic-version",
    ] {
        request = request.header(name, "v-1");
    }
    for name in [
        "openai-organization",
        "openai-project",
        "cookie",
        "x-forwarded-for",
    ] {
        request = request.header(name, "1.2.3.4");
    }
    assert_eq!(scene.gateway.send(&request).status, 200);
    let seen = scene.openai.last();
    for name in [
        "idempotency-key",
        "openai-beta",
        "anthropic-beta",
        "anthropic-version",
    ] {
        assert_eq!(seen.header(name), Some("v-1"), "{name}");
    }
    for name in [
        "openai-organization",
        "openai-project",
        "cookie",
        "x-forwarded-for",
    ] {
        assert_eq!(seen.header(name), None, "{name}");
    }
}

#[test]
fn only_what_makes_nothing_goes_on_to_another_provider_after_a_failure() {
    let scene = Scene::new();
    let body = json!({"model": "search", "input": "fail-500"});
    for path in ["/v1/images/generations", "/v1/audio/speech"] {
        let before = scene.openai.seen().len();
        let reply = scene.post(path, &body);
        if path.ends_with("generations") {
            refused(&reply, 502, "provider_error");
        }
        assert_eq!(scene.openai.seen().len(), before, "{path}");
    }
    refused(&scene.post("/v1/embeddings", &body), 502, "provider_error");
    assert_eq!(scene.openai.seen().len(), 1, "embeddings went on");
}

#[test]
fn with_an_idempotency_key_the_same_provider_may_be_asked_again() {
    let scene = Scene::with(|setup| {
        let agent = json!({"strategy": "fallback", "models": [
            {"provider": "other", "model": "a"}, {"provider": "other", "model": "b"},
            {"provider": "openai", "model": "large"},
        ]});
        setup.config("/agents/paint", agent)
    });
    let request = post(
        "/v1/images/generations",
        &json!({"model": "paint", "prompt": "fail-500"}),
    );
    let reply = scene
        .gateway
        .send(&request.clone().header("idempotency-key", "1"));
    refused(&reply, 502, "provider_error");
    let models: Vec<_> = scene.other.seen().iter().map(|seen| seen.text()).collect();
    assert!(
        models[0].contains("\"a\"") && models[1].contains("\"b\""),
        "{models:?}"
    );
    assert!(scene.openai.seen().is_empty());
    refused(&scene.gateway.send(&request), 502, "provider_error");
    assert_eq!(scene.other.seen().len(), 3);
}

#[test]
fn a_provider_that_cannot_be_reached_has_seen_nothing() {
    let scene = Scene::with(|setup| {
        let mut gone = Store::start("gone").provider();
        gone["url"] = json!("http://127.0.0.1:1/v1/chat/completions");
        let agent = json!({"strategy": "fallback", "models": [
            {"provider": "gone", "model": "a"}, {"provider": "openai", "model": "b"},
        ]});
        setup
            .config("/providers/gone", gone)
            .secrets("/provider_keys/gone", json!(PROVIDER_KEY))
            .config("/agents/paint", agent)
    });
    let body = json!({"model": "paint", "prompt": "x"});
    assert_eq!(at(&scene.post("/v1/images/generations", &body)), "openai");
    assert_eq!(scene.openai.last().text(), r#"{"model":"b","prompt":"x"}"#);
}

#[test]
fn an_object_is_asked_for_where_it_was_made_and_by_whom() {
    let scene = Scene::new();
    let made = post("/v1/batches", &json!({"endpoint": "/v1/embeddings"}));
    let made = made.header("x-nenya-provider", "other");
    assert_eq!(scene.gateway.send(&made).json()["id"], "batch-other");
    assert_eq!(at(&scene.get(USER, "/v1/batches/batch-other")), "other");
    // Its output is a file of the same provider and the same key.
    assert_eq!(at(&scene.get(USER, "/v1/files/file-out-other")), "other");
    for path in ["/v1/batches/batch-other", "/v1/files/file-out-other"] {
        refused(&scene.get(OTHER, path), 404, "object_not_found");
        assert_eq!(at(&scene.get(crate::harness::ADMIN, path)), "other");
    }
    // What nobody remembers is asked for by preference.
    assert_eq!(at(&scene.get(USER, "/v1/files/file-of-old")), "openai");
    let cancel = Request::new("POST", "/v1/batches/batch-other/cancel").key(USER);
    assert_eq!(scene.gateway.send(&cancel).status, 200);
    assert_eq!(
        scene.other.last().target(),
        "/v1/batches/batch-other/cancel"
    );
    // A batch of a file goes where the file is.
    let batch = json!({"input_file_id": "file-out-other"});
    assert_eq!(
        scene.post("/v1/batches", &batch).json()["id"],
        "batch-other"
    );
    let joined = post("/v1/uploads", &json!({"purpose": "batch", "bytes": 3}));
    let joined = joined.header("x-nenya-provider", "other");
    assert_eq!(scene.gateway.send(&joined).json()["id"], "upload-other");
    let whole = scene.post(
        "/v1/uploads/upload-other/complete",
        &json!({"part_ids": []}),
    );
    assert_eq!(whole.json()["file"]["id"], "file-joined-other");
    assert_eq!(at(&scene.get(USER, "/v1/files/file-joined-other")), "other");
    let gone = Request::new("DELETE", "/v1/files/file-joined-other").key(USER);
    assert_eq!(at(&scene.gateway.send(&gone)), "other");
    assert_eq!(
        at(&scene.get(USER, "/v1/files/file-joined-other")),
        "openai"
    );
    assert_eq!(
        at(&scene.get(USER, "/v1/responses/resp_1/input_items?limit=2")),
        "openai"
    );
    assert_eq!(
        scene.openai.last().target(),
        "/v1/responses/resp_1/input_items?limit=2"
    );
}

#[test]
fn the_provider_s_list_of_models_holds_here_too() {
    let scene = Scene::with(|setup| {
        setup.config(
            "/providers/openai/allowed_models",
            json!(["^text-", "^large$"]),
        )
    });
    let allowed = json!({"model": "openai/text-embedding-3-small", "input": "x"});
    assert_eq!(at(&scene.post("/v1/embeddings", &allowed)), "openai");
    for body in [
        json!({"model": "openai/gpt-image", "input": "x"}),
        json!({"input": "no model"}),
    ] {
        refused(
            &scene.post("/v1/moderations", &body),
            404,
            "model_not_found",
        );
    }
    refused(
        &scene.post("/v1/batches", &json!({})),
        404,
        "model_not_found",
    );
    assert_eq!(at(&scene.get(USER, "/v1/files")), "openai");
}

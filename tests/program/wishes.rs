//! What operators wish of requests to single providers and models, and what providers want.

use serde_json::{Value, json};

use crate::harness::store::Store;
use crate::harness::{Dummy, Gateway, PROVIDER_KEY, Request, Setup, USER, key};

/// A second key of the role `user`.
const OTHER: &str = "nk-other-0123456789abcdef0123456789abcdef00";

fn provider(dummy: &Dummy, path: &str) -> Value {
    json!({
        "url": format!("http://{}{path}", dummy.address()),
        "auth_style": "none", "danger_allow_private_addresses": true,
    })
}

fn ask(gateway: &Gateway, token: &str, path: &str, body: &Value) {
    let request = Request::new("POST", path).key(token);
    let reply = gateway.send(&request.body(body.to_string()));
    assert_eq!(reply.status, 200, "{}", reply.text());
}

fn question(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "hello"}], "max_tokens": 9000})
}

fn sent(dummy: &Dummy) -> Value {
    serde_json::from_str(&dummy.last_body()).expect("json")
}

#[test]
fn a_prompt_cache_is_named_by_key_and_agent_and_tells_neither() {
    let dummy = Dummy::start();
    let mut named = provider(&dummy, "/v1/chat/completions");
    named["prompt_cache_key"] = json!(true);
    let agent = json!({"models": [{"provider": "named", "model": "ok"}]});
    let gateway = Setup::new(&dummy)
        .config("/providers/named", named)
        .config("/agents/coder", agent)
        .secrets("/api_keys/other", key("other", OTHER, "user"))
        .start();
    let cache_key = |token: &str, model: &str| {
        ask(&gateway, token, "/v1/chat/completions", &question(model));
        sent(&dummy)["prompt_cache_key"].clone()
    };
    let first = cache_key(USER, "coder");
    assert!(first.as_str().is_some_and(|key| key.len() == 32), "{first}");
    assert_eq!(first, cache_key(USER, "coder"));
    assert_ne!(first, cache_key(OTHER, "coder"));
    assert_ne!(first, cache_key(USER, "named/ok"));
    assert_eq!(cache_key(USER, "dummy/ok"), Value::Null);
    let mut own = question("coder");
    own["prompt_cache_key"] = json!("mine");
    ask(&gateway, USER, "/v1/chat/completions", &own);
    assert_eq!(sent(&dummy)["prompt_cache_key"], "mine");
}

#[test]
fn salts_go_to_providers_that_keep_caches_apart_and_a_keys_own_goes_first() {
    let dummy = Dummy::start();
    let mut vllm = provider(&dummy, "/v1/chat/completions");
    vllm["like"] = json!("vllm");
    let agent = |provider: &str| json!({"models": [{"provider": provider, "model": "ok"}], "cache_salt": "of-the-agent"});
    let mut salted = key("other", OTHER, "user");
    salted["cache_salt"] = json!("of-the-key");
    let gateway = Setup::new(&dummy)
        .config("/providers/local", vllm)
        .config("/agents/salted", agent("local"))
        .config("/agents/elsewhere", agent("dummy"))
        .secrets("/api_keys/other", salted)
        .start();
    let salt = |token: &str, model: &str| {
        ask(&gateway, token, "/v1/chat/completions", &question(model));
        sent(&dummy)["cache_salt"].clone()
    };
    assert_eq!(salt(USER, "salted"), "of-the-agent");
    assert_eq!(salt(OTHER, "salted"), "of-the-key");
    assert_eq!(salt(USER, "elsewhere"), Value::Null);
    assert_eq!(salt(USER, "local/ok"), Value::Null);
}

#[test]
fn an_effort_is_said_in_the_words_of_the_provider_unless_the_client_says_one() {
    let dummy = Dummy::start();
    let target = |provider: &str, model: &str| json!({"models": [{"provider": provider, "model": model, "reasoning_effort": "high"}]});
    let gateway = Setup::new(&dummy)
        .config("/providers/claude", provider(&dummy, "/v1/messages"))
        .config("/agents/chat", target("dummy", "ok"))
        .config("/agents/new", target("claude", "claude-opus-4-8"))
        .config("/agents/old", target("claude", "claude-opus-4-5"))
        .start();
    let asked = |body: &Value| {
        ask(&gateway, USER, "/v1/chat/completions", body);
        sent(&dummy)
    };
    assert_eq!(asked(&question("chat"))["reasoning_effort"], "high");
    let mut low = question("chat");
    low["reasoning_effort"] = json!("low");
    assert_eq!(asked(&low)["reasoning_effort"], "low");
    let new = asked(&question("new"));
    assert_eq!(new["output_config"]["effort"], "high", "{new}");
    let old = asked(&question("old"));
    assert!(old["thinking"]["budget_tokens"].is_number(), "{old}");
    assert_eq!(
        asked(&question("dummy/ok"))["reasoning_effort"],
        Value::Null
    );
}

#[test]
fn the_newer_version_of_anthropics_api_is_asked_for_where_it_takes_the_request() {
    let dummy = Dummy::start();
    let (store, pinned) = (Store::start("a"), Store::start("b"));
    let at = |store: &Store| {
        let mut section = store.provider();
        let url = section["url"].as_str().unwrap_or_default();
        section["url"] = json!(url.replace("chat/completions", "messages"));
        section["like"] = json!("anthropic");
        section
    };
    let mut fixed = at(&pinned);
    fixed["headers"] = json!({"anthropic-version": "2023-06-01"});
    let gateway = Setup::new(&dummy)
        .config("/providers/claude", at(&store))
        .config("/providers/pinned", fixed)
        .secrets("/provider_keys/claude", json!(PROVIDER_KEY))
        .secrets("/provider_keys/pinned", json!(PROVIDER_KEY))
        .start();
    let version = |store: &Store, body: &Value| {
        let request = Request::new("POST", "/v1/chat/completions").key(USER);
        // The store answers as no model would; what it was asked is all that matters.
        gateway.send(&request.body(body.to_string()));
        store.last().header("anthropic-version").map(str::to_owned)
    };
    let plain = version(&store, &question("claude/claude-opus-4-5"));
    assert_eq!(plain.as_deref(), Some("2026-10-21"));
    let mut sampled = question("claude/claude-opus-4-5");
    sampled["temperature"] = json!(0.2);
    assert_eq!(version(&store, &sampled).as_deref(), Some("2023-06-01"));
    let fixed = version(&pinned, &question("pinned/claude-opus-4-5"));
    assert_eq!(fixed.as_deref(), Some("2023-06-01"));
}

#[test]
fn calls_of_a_stream_get_the_index_that_their_provider_leaves_out() {
    let dummy = Dummy::start();
    let mut gemini = provider(&dummy, "/v1beta/openai/chat/completions");
    gemini["like"] = json!("gemini");
    let gateway = Setup::new(&dummy).config("/providers/gem", gemini).start();
    let chunk = |delta: Value, finish: Value| {
        let choices = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices});
        Value::from(format!("data: {chunk}\n\n"))
    };
    let call = |name: &str| json!({"id": name, "type": "function", "function": {"name": name, "arguments": "{}"}});
    let pieces = [
        chunk(json!({"tool_calls": [call("a"), call("b")]}), Value::Null),
        chunk(json!({"tool_calls": [call("c")]}), json!("tool_calls")),
        "data: [DONE]\n\n".into(),
    ];
    dummy.plant("calls", "text/event-stream", &pieces);
    let reply = gateway.ask("gem/planted-calls", true);
    for (index, name) in ["a", "b", "c"].iter().enumerate() {
        let completed = format!(r#"{{"index":{index},"id":"{name}""#);
        assert!(reply.text().contains(&completed), "{}", reply.text());
    }
    // A provider that has them is passed as it is.
    let reply = gateway.ask("dummy/planted-calls", true);
    assert!(!reply.text().contains(r#""index":2"#), "{}", reply.text());
}

#[test]
fn a_model_with_an_address_of_its_own_is_asked_there_with_the_providers_key() {
    let dummy = Dummy::start();
    let (usual, apart) = (Store::start("a"), Store::start("b"));
    let url = apart.provider()["url"].clone();
    let url = url.as_str().unwrap_or_default().replace("/v1/", "/other/");
    let models = json!([{"provider": "many", "model": "apart", "url": url}, {"provider": "many", "model": "usual"}]);
    let gateway = Setup::new(&dummy)
        .config("/providers/many", usual.provider())
        .config(
            "/agents/both",
            json!({"strategy": "fallback", "models": models}),
        )
        .secrets("/provider_keys/many", json!(PROVIDER_KEY))
        .start();
    for model in ["many/apart", "many/usual"] {
        let request = Request::new("POST", "/v1/chat/completions").key(USER);
        gateway.send(&request.body(question(model).to_string()));
    }
    assert_eq!(apart.last().target(), "/other/chat/completions");
    let key = format!("Bearer {PROVIDER_KEY}");
    assert_eq!(apart.last().header("authorization"), Some(key.as_str()));
    assert_eq!((apart.seen().len(), usual.seen().len()), (1, 1));
    assert_eq!(usual.last().target(), "/v1/chat/completions");
}

#[test]
fn models_make_agents_where_the_operator_wishes_so() {
    let dummy = Dummy::start();
    let mut listed = provider(&dummy, "/v1/chat/completions");
    listed["models"] = json!(["gpt-5", "codestral-latest"]);
    let gateway = Setup::new(&dummy)
        .config("/providers/listed", listed)
        .config("/discovery", json!({"enabled": true, "auto_agents": true, "auto_agents_config": {"coding": {"enabled": true}}}))
        .start();
    let list = Request::new("GET", "/v1/models").key(USER);
    let body = gateway.send(&list).text();
    assert!(
        body.contains("auto_coding") && !body.contains("auto_large"),
        "{body}"
    );
    ask(
        &gateway,
        USER,
        "/v1/chat/completions",
        &question("auto_coding"),
    );
    assert_eq!(sent(&dummy)["model"], "codestral-latest");
}

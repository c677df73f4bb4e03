//! What clients and providers of different APIs get of each other, on the built program.
//!
//! The SDK tests walk through every pair; here stands what an SDK would not show.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

/// A gateway with a provider of Gemini's own API beside the usual one.
fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let url = format!(
        "http://{}/v1beta/models/{{model}}:generateContent",
        dummy.address()
    );
    let gemini = json!({
        "url": url, "auth_style": "bearer", "danger_allow_private_addresses": true,
    });
    let gateway = Setup::new(&dummy)
        .config("/providers/gem", gemini)
        .secrets("/provider_keys/gem", json!("key-of-gem-0123456789"))
        .start();
    (dummy, gateway)
}

fn post(gateway: &Gateway, path: &str, body: &Value) -> Reply {
    let request = Request::new("POST", path).key(USER);
    gateway.send(&request.body(body.to_string()))
}

fn question(model: &str) -> Value {
    json!({"model": model, "max_tokens": 50, "messages": [{"role": "user", "content": "hello"}]})
}

#[test]
fn the_usage_of_a_stream_is_counted_and_not_shown_to_a_client_that_did_not_ask() {
    let (dummy, gateway) = scene();
    let reply = gateway.ask("dummy/golden-plain", true);
    assert!(dummy.last_body().contains("include_usage"));
    assert!(!reply.text().contains("\"choices\":[]"), "{}", reply.text());
    assert!(reply.text().ends_with("data: [DONE]\n\n"));
    gateway.until_logged("\"prompt_tokens\":24");
}

#[test]
fn a_key_that_the_provider_refuses_with_400_is_not_the_clients_mistake() {
    let (_dummy, gateway) = scene();
    let reply = post(
        &gateway,
        "/v1/messages",
        &question("gem/golden-error-400-key"),
    );
    assert_eq!(reply.status, 502, "{}", reply.text());
    assert_eq!(reply.json()["type"], "error");
}

#[test]
fn a_wrong_method_is_told_in_the_words_of_the_path() {
    let (_dummy, gateway) = scene();
    let reply = gateway.send(&Request::new("DELETE", "/v1/messages").key(USER));
    assert_eq!(
        (reply.status, &reply.json()["type"]),
        (405, &json!("error"))
    );
}

#[test]
fn what_has_no_place_is_noted_or_refused_by_name() {
    let (_dummy, gateway) = scene();
    let mut asked = question("gem/golden-plain");
    asked["logit_bias"] = json!({"1": 5});
    let refused = post(&gateway, "/v1/chat/completions", &asked);
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(refused.json()["error"]["code"], "unsupported_by_provider");
    assert_eq!(refused.json()["error"]["param"], "logit_bias");
}

/// A request of which the other format has no place for a hint.
fn with_a_hint(model: &str) -> Value {
    let mut asked = question(model);
    asked["user"] = json!("u-1");
    asked
}

#[test]
fn a_hint_without_a_place_is_noted_unless_the_operator_is_strict() {
    let (_dummy, gateway) = scene();
    let path = "/v1/chat/completions";
    let noted = post(&gateway, path, &with_a_hint("gem/golden-plain"));
    assert_eq!(noted.status, 200, "{}", noted.text());
    let notes = noted.header("x-nenya-notes").unwrap();
    assert!(notes.split(", ").any(|field| field == "user"), "{notes}");
    gateway.until_logged("\"notes\":\"user\"");
}

#[test]
fn a_strict_gateway_refuses_what_it_would_have_noted() {
    let dummy = Dummy::start();
    let gemini = json!({
        "url": format!("http://{}/v1beta/models/{{model}}:generateContent", dummy.address()),
        "auth_style": "bearer", "danger_allow_private_addresses": true,
    });
    let target = json!([{"provider": "gem", "model": "golden-plain"}]);
    let gateway = Setup::new(&dummy)
        .config("/providers/gem", gemini)
        .secrets("/provider_keys/gem", json!("key-of-gem-0123456789"))
        .config("/formats", json!({"strict": true}))
        .config("/agents/exact", json!({"models": target}))
        .config(
            "/agents/easy",
            json!({"models": target, "strict_formats": false}),
        )
        .start();
    let path = "/v1/chat/completions";
    for name in ["gem/golden-plain", "exact"] {
        let refused = post(&gateway, path, &with_a_hint(name));
        assert_eq!(refused.status, 400, "{name}: {}", refused.text());
        let error = &refused.json()["error"];
        assert_eq!(error["code"], "unsupported_by_provider", "{name}");
        assert_eq!(error["param"], "user", "{name}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.ends_with("`formats.strict` refuses to leave it out)"),
            "{message}"
        );
        assert!(!message.contains("would change the answer"), "{message}");
    }
    let count = post(
        &gateway,
        "/v1/messages/count_tokens",
        &json!({"model": "exact", "x_hint": 1, "messages": [{"role": "user", "content": "hello"}]}),
    );
    assert_eq!(count.status, 400, "{}", count.text());
    let why = "`x_hint` cannot be said in the format gemini; `formats.strict` refuses";
    assert!(count.text().contains(why), "{}", count.text());
    let noted = post(&gateway, path, &with_a_hint("easy"));
    assert_eq!(noted.status, 200, "{}", noted.text());
    let same = post(&gateway, path, &with_a_hint("dummy/golden-plain"));
    assert_eq!(
        same.status,
        200,
        "equal formats leave nothing out: {}",
        same.text()
    );
}

/// A stream for which a client asks more than Mistral's API takes.
fn obfuscated(model: &str) -> Value {
    let mut asked = question(model);
    asked["stream"] = json!(true);
    asked["stream_options"] = json!({"include_usage": true, "include_obfuscation": false});
    asked
}

#[test]
fn what_a_provider_does_not_take_is_noted_or_refused_before_it_is_sent() {
    let dummy = Dummy::start();
    let target = json!([{"provider": "mistral", "model": "golden-plain"}]);
    let mistral = json!({
        "url": format!("http://{}/v1/chat/completions", dummy.address()),
        "danger_allow_private_addresses": true,
    });
    let gateway = Setup::new(&dummy)
        .config("/providers/mistral", mistral)
        .secrets("/provider_keys/mistral", json!("key-of-mistral-0123456789"))
        .config("/agents/easy", json!({"models": target}))
        .config(
            "/agents/exact",
            json!({"models": target, "strict_formats": true}),
        )
        .start();
    let path = "/v1/chat/completions";
    let field = "stream_options.include_obfuscation";
    let refused = post(&gateway, path, &obfuscated("exact"));
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(refused.json()["error"]["code"], "unsupported_by_provider");
    assert_eq!(refused.json()["error"]["param"], field);
    assert_eq!(dummy.count("requests"), 0, "nothing was sent");
    let noted = post(&gateway, path, &obfuscated("easy"));
    assert_eq!(noted.status, 200, "{}", noted.text());
    let notes = noted.header("x-nenya-notes").unwrap();
    assert_eq!(notes, field);
    assert!(!dummy.last_body().contains("stream_options"));
}

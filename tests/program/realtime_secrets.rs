//! Where a secret is found in a realtime session and where it is not, beside the same in a chat.

use serde_json::{Value, json};

use crate::harness::planted::AWS;
use crate::harness::socket::{Session, told, until_told};
use crate::harness::{Dummy, Gateway, Request, Setup, USER};

/// The body that the provider got for a chat.
fn asked_in_chat(dummy: &Dummy, gateway: &Gateway, path: &str, body: &Value) -> String {
    let request = Request::new("POST", path)
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = gateway.send(&request);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let asked = dummy.asked();
    let last = asked.last().expect("a request");
    last["body"].as_str().unwrap_or_default().to_owned()
}

/// What the provider was told of these events, by a gateway as it comes.
fn told_of(events: &[Value]) -> String {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    told_by(&dummy, &gateway, "dummy/ok", events)
}

fn told_by(dummy: &Dummy, gateway: &Gateway, model: &str, events: &[Value]) -> String {
    let before = told(dummy).len();
    let mut session = Session::open(gateway, model, USER);
    session.until("session.created");
    for event in events {
        session.say(event);
    }
    session.close(4000, "");
    session.end();
    until_told(dummy, |said| said == "close 4000");
    told(dummy)[before..].join("\n")
}

fn part(text: &str) -> Value {
    json!({"type": "input_text", "text": text})
}

fn item(content: Value) -> Value {
    json!({"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": content}})
}

#[test]
fn a_secret_over_two_parts_of_a_message_is_found_and_over_two_messages_is_not_as_in_a_chat() {
    let (one, other) = AWS.split_at(9);
    let parts = json!([
        part(&format!("key {one}")),
        part(&format!("{other} is old"))
    ]);
    let input = json!([{"type": "message", "role": "user", "content": parts}]);
    let joined = [
        item(parts.clone()),
        json!({"type": "response.create", "response": {"input": input}}),
    ];
    let events = joined.map(|event| told_of(&[event]));
    let apart = told_of(&[item(json!([part(one)])), item(json!([part(other)]))]);

    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let chat = |messages: Value| {
        let body = json!({"model": "dummy/ok", "messages": messages});
        asked_in_chat(&dummy, &gateway, "/v1/chat/completions", &body)
    };
    let text = |text: &str| json!({"type": "text", "text": text});
    let message = |content: Value| json!({"role": "user", "content": content});
    let whole = chat(json!([message(json!([text(one), text(other)]))]));
    for said in events.iter().chain([&whole]) {
        assert!(!said.contains(one) && !said.contains(other), "{said}");
        assert!(said.contains("[REDACTED]"), "{said}");
    }
    let two = chat(json!([message(json!(one)), message(json!(other))]));
    for said in [&apart, &two] {
        assert!(said.contains(one) && said.contains(other), "{said}");
    }
}

/// A provider that takes `/v1/responses` as it is, and an agent for whose tools credentials may pass.
fn before_tools(dummy: &Dummy) -> Gateway {
    let url = format!("http://{}/v1/responses", dummy.address());
    let provider =
        json!({"url": url, "auth_style": "none", "danger_allow_private_addresses": true});
    let target = json!({"provider": "responses", "model": "ok"});
    let observed = |rule: &str| json!({"rule": rule, "agent": "tools", "action": "observe"});
    Setup::new(dummy)
        .config("/providers/responses", provider)
        .config("/agents/tools", json!({"models": [target]}))
        .config(
            "/bouncer/actions",
            json!([observed("authorization"), observed("assigned-secret")]),
        )
        .start()
}

#[test]
fn credentials_for_a_tool_server_are_replaced_as_in_a_chat_unless_an_agent_may_send_them() {
    let token = concat!("0aB1cD2eF3gH", "4iJ5kL6mN7oP8qR9");
    let tool = json!({"type": "mcp", "server_label": "docs", "server_url": "https://mcp.example/sse",
        "authorization": token,
        "headers": {"Authorization": format!("Bearer {token}"), "X-Api-Key": token, "X-Tenant": "blue"}});
    let event = json!({"type": "session.update", "session": {"tools": [tool]}});
    let dummy = Dummy::start();
    let gateway = before_tools(&dummy);
    for (model, passes) in [("responses/ok", 0), ("tools", 3)] {
        let body = json!({"model": model, "input": "hello", "tools": [tool]});
        let chat = asked_in_chat(&dummy, &gateway, "/v1/responses", &body);
        let events = told_by(&dummy, &gateway, model, std::slice::from_ref(&event));
        for said in [&chat, &events] {
            assert_eq!(said.matches(token).count(), passes, "{model}: {said}");
            assert!(said.contains("\"X-Tenant\":\"blue\""), "{said}");
        }
    }
}

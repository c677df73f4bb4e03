//! Signatures of clients whose API has no field for them: they reach the provider all the same.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER, key};

/// A second key of the role `user`.
const OTHER: &str = "nk-other-0123456789abcdef0123456789abcdef00";

/// A provider of Gemini's API and one of Anthropic's, each with two agents for each answer.
fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    plant(&dummy);
    let provider = |path: &str, style: &str| {
        json!({
            "url": format!("http://{}{path}", dummy.address()),
            "auth_style": style, "danger_allow_private_addresses": true,
        })
    };
    let mut setup = Setup::new(&dummy)
        .config(
            "/providers/gem",
            provider("/v1beta/models/{model}:generateContent", "x-goog"),
        )
        .config("/providers/claude", provider("/v1/messages", "anthropic"))
        .secrets("/provider_keys/gem", json!("key-of-gem-0123456789"))
        .secrets("/provider_keys/claude", json!("key-of-claude-0123456789"))
        .secrets("/api_keys/other", key("other", OTHER, "user"));
    for (provider, model) in [
        ("gem", "planted-gem"),
        ("gem", "planted-gem-stream"),
        ("claude", "planted-claude"),
        ("claude", "planted-claude-stream"),
    ] {
        let agent = json!({"models": [{"provider": provider, "model": model}]});
        for name in ["one", "two"] {
            setup = setup.config(&format!("/agents/{name}-{model}"), agent.clone());
        }
    }
    (dummy, setup.start())
}

fn plant(dummy: &Dummy) {
    let call = json!({"functionCall": {"name": "weather", "args": {"city": "Brno"}},
        "thoughtSignature": "c2lnbmVkLWNhbGw="});
    let candidate = json!({"index": 0, "finishReason": "STOP",
        "content": {"role": "model", "parts": [call]}});
    let reply = json!({"candidates": [candidate]});
    dummy.plant("gem", "application/json", &[reply.to_string().into()]);
    let event = Value::from(format!("data: {reply}\n\n"));
    dummy.plant("gem-stream", "text/event-stream", &[event]);

    let thought =
        json!({"type": "thinking", "thinking": "The city.", "signature": "sealed-thought"});
    let call =
        json!({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Brno"}});
    let mut message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m",
        "content": [thought, call], "stop_reason": "tool_use", "stop_sequence": null,
        "usage": {"input_tokens": 1, "output_tokens": 2}});
    dummy.plant("claude", "application/json", &[message.to_string().into()]);
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    let events = [
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "thinking", "thinking": "", "signature": ""}}),
        json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "thinking_delta", "thinking": "The city."}}),
        json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "signature_delta", "signature": "sealed-thought"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "content_block_start", "index": 1,
            "content_block": {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}}),
        json!({"type": "content_block_delta", "index": 1,
            "delta": {"type": "input_json_delta", "partial_json": "{\"city\":\"Brno\"}"}}),
        json!({"type": "content_block_stop", "index": 1}),
        json!({"type": "message_delta", "usage": {"output_tokens": 2},
            "delta": {"stop_reason": "tool_use", "stop_sequence": null}}),
        json!({"type": "message_stop"}),
    ];
    let event = |data: &Value| {
        let name = data["type"].as_str().unwrap_or_default();
        Value::from(format!("event: {name}\ndata: {data}\n\n"))
    };
    let events: Vec<Value> = events.iter().map(event).collect();
    dummy.plant("claude-stream", "text/event-stream", &events);
}

/// How a client of an API asks and answers.
struct Client {
    path: &'static str,
    has_ids: bool,
}

const OLLAMA: Client = Client {
    path: "/api/chat",
    has_ids: false,
};
const COHERE: Client = Client {
    path: "/v2/chat",
    has_ids: true,
};
const CHAT: Client = Client {
    path: "/v1/chat/completions",
    has_ids: true,
};

impl Client {
    fn send(&self, gateway: &Gateway, token: &str, model: &str, turns: &Value) -> Reply {
        let stream = model.ends_with("-stream");
        let body = json!({"model": model, "messages": turns, "stream": stream});
        let request = Request::new("POST", self.path).key(token);
        let reply = gateway.send(&request.body(body.to_string()));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply
    }

    /// The id of the call, wherever it stands in the answer.
    fn id_in(reply: &Reply) -> Option<String> {
        let text = reply.text();
        let (_, rest) = text.split_once("\"tool_calls\"")?;
        let (_, rest) = rest.split_once("\"id\":\"")?;
        rest.split('"').next().map(str::to_owned)
    }

    /// The conversation with the call and its result, as the client would send it back.
    fn second(&self, id: Option<String>) -> Value {
        let arguments = match self.has_ids {
            true => json!("{\"city\": \"Brno\"}"),
            false => json!({"city": "Brno"}),
        };
        let mut call =
            json!({"type": "function", "function": {"name": "weather", "arguments": arguments}});
        let mut result = json!({"role": "tool", "content": "sunny"});
        if self.has_ids {
            call["id"] = json!(id);
            result["tool_call_id"] = json!(id);
        } else {
            result["tool_name"] = json!("weather");
        }
        json!([
            {"role": "user", "content": "weather?"},
            {"role": "assistant", "tool_calls": [call]},
            result,
        ])
    }

    /// What the provider gets in the second turn.
    fn sent_back(&self, scene: &(Dummy, Gateway), token: &str, model: &str) -> String {
        let (dummy, gateway) = scene;
        let first = json!([{"role": "user", "content": "weather?"}]);
        let reply = self.send(gateway, USER, &format!("one-{model}"), &first);
        let second = self.second(Self::id_in(&reply));
        let agent = if token == USER { "one" } else { "two" };
        let token = if token == OTHER { OTHER } else { USER };
        let agent = if token == OTHER { "one" } else { agent };
        self.send(gateway, token, &format!("{agent}-{model}"), &second);
        dummy.last_body()
    }
}

#[test]
fn calls_go_back_to_gemini_with_their_signature() {
    let scene = scene();
    for (client, model) in both_ways("planted-gem") {
        let back = client.sent_back(&scene, USER, &model);
        assert!(
            back.contains(r#""thoughtSignature":"c2lnbmVkLWNhbGw=""#),
            "{} {model}: {back}",
            client.path
        );
    }
}

#[test]
fn thinking_goes_back_to_anthropic_with_its_signature() {
    let scene = scene();
    for (client, model) in both_ways("planted-claude") {
        let back = client.sent_back(&scene, USER, &model);
        let thought = r#"{"type":"thinking","thinking":"The city.","signature":"sealed-thought"}"#;
        assert!(back.contains(thought), "{} {model}: {back}", client.path);
    }
}

#[test]
fn another_key_and_another_agent_go_without() {
    for (client, model) in both_ways("planted-claude") {
        for token in [OTHER, "another agent"] {
            let scene = scene();
            let back = client.sent_back(&scene, token, &model);
            assert!(!back.contains("sealed"), "{} {model}: {back}", client.path);
        }
    }
}

fn both_ways(model: &str) -> Vec<(Client, String)> {
    let clients = || [OLLAMA, COHERE, CHAT];
    let whole = clients().map(|client| (client, model.to_owned()));
    let streamed = clients().map(|client| (client, format!("{model}-stream")));
    whole.into_iter().chain(streamed).collect()
}

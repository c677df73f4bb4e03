//! Who meets whom in the tests of formats: each SDK its own format at the dummy, and every format
//! behind the gateway, which has a provider for each.

use serde_json::{Map, Value, json};

use crate::sdk::KEYS;

/// Of our own in 127/8, as the other gateways of these tests.
pub(crate) const GATEWAY: &str = "127.86.66.4:8080";

/// Each format of an upstream, the path where the dummy speaks it, and how a key is sent there.
const UPSTREAMS: [(&str, &str, &str); 7] = [
    ("openai-chat", "/v1/chat/completions", "bearer"),
    ("openai-responses", "/v1/responses", "bearer"),
    ("anthropic", "/v1/messages", "anthropic"),
    (
        "gemini",
        "/v1beta/models/{model}:generateContent",
        "bearer+x-goog",
    ),
    ("cohere", "/v2/chat", "bearer"),
    ("bedrock-converse", "/model/{model}/converse", "bearer"),
    ("ollama", "/api/chat", "none"),
];

/// What the test programs read from `FORMAT_TARGETS`.
pub(crate) fn targets(dummy: &str) -> Value {
    let direct = json!({
        "name": "dummy",
        "url": format!("http://{dummy}"),
        "key": "sk-sdk-dummy-0123456789abcdef",
        "upstreams": null,
        "statuses": {"400": [400], "404": [404], "429": [429], "500": [500]},
        "listed": by_label(|_| json!("ok")),
    });
    let [(_, user), ..] = KEYS;
    let gateway = json!({
        "name": "gateway",
        "url": format!("http://{GATEWAY}"),
        "key": user,
        "upstreams": UPSTREAMS.map(|(label, ..)| label),
        "statuses": {"400": [400], "404": [404], "429": [429], "500": [500, 502]},
        "listed": by_label(|label| json!(agent(label))),
    });
    json!([direct, gateway])
}

/// A gateway with a provider for each format.
pub(crate) fn config(dummy: &str) -> Value {
    let providers: Map<String, Value> = UPSTREAMS
        .into_iter()
        .map(|(label, path, auth)| (label.to_owned(), provider(dummy, label, path, auth)))
        .collect();
    let agents: Map<String, Value> = UPSTREAMS
        .into_iter()
        .map(|(label, ..)| {
            (
                agent(label),
                json!({"models": [{"provider": label, "model": "ok"}]}),
            )
        })
        .collect();
    json!({
        "server": {"listen_addr": GATEWAY, "log_format": "json"},
        "providers": providers,
        "agents": agents,
    })
}

/// The agent whose model is behind this format.
fn agent(label: &str) -> String {
    format!("greeter-{label}")
}

fn by_label(value: impl Fn(&str) -> Value) -> Value {
    let by_label = UPSTREAMS.map(|(label, ..)| (label.to_owned(), value(label)));
    by_label.into_iter().collect::<Map<String, Value>>().into()
}

/// The keys that those providers are called with.
pub(crate) fn provider_keys() -> impl Iterator<Item = (String, Value)> {
    UPSTREAMS
        .into_iter()
        .map(|(label, ..)| (label.to_owned(), json!("sk-sdk-dummy-0123456789abcdef")))
}

fn provider(dummy: &str, label: &str, path: &str, auth: &str) -> Value {
    json!({
        "url": format!("http://{dummy}{path}"),
        "api_format": label,
        "auth_style": auth,
        "danger_allow_private_addresses": true,
        // Errors are what is tested: they must not open the circuit.
        "breaker": {"failures": 1000},
    })
}

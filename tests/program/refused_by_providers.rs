//! What a provider says of a request that it refuses, as its client hears of it: judged as the reply
//! would have been.

use serde_json::{Value, json};

use crate::harness::planted::{AWS, say};
use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

/// The model whose requests are refused.
const MODEL: &str = "dummy/planted-bad";

fn refusing(dummy: &Dummy, status: u16, said: &str) {
    let body = json!({"error": {"message": said, "type": "invalid_request_error"}}).to_string();
    let described =
        json!({"name": "bad", "status": status, "type": "application/json", "pieces": [body]});
    dummy.plant_as(&described);
}

fn checking_replies(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/bouncer/redact_output", json!(true))
        .start()
}

/// The same question in the words of every API.
fn questions() -> Vec<(&'static str, Value)> {
    let turns = json!([{"role": "user", "content": "hello"}]);
    let chat = json!({"model": MODEL, "max_tokens": 9, "messages": turns});
    let unstreamed = json!({"model": MODEL, "stream": false, "messages": turns});
    vec![
        ("/v1/chat/completions", chat.clone()),
        ("/v1/responses", json!({"model": MODEL, "input": "hello"})),
        ("/v1/messages", chat.clone()),
        (
            "/v1beta/models/dummy/planted-bad:generateContent",
            json!({"contents": [{"parts": [{"text": "hello"}]}]}),
        ),
        (
            "/model/dummy%2Fplanted-bad/converse",
            json!({"messages": [{"role": "user", "content": [{"text": "hello"}]}]}),
        ),
        ("/v2/chat", unstreamed.clone()),
        ("/api/chat", unstreamed),
        (
            "/v1/completions",
            json!({"model": MODEL, "prompt": "hello"}),
        ),
        ("/v1/moderations", json!({"model": MODEL, "input": "hello"})),
        (
            "/v1/audio/speech",
            json!({"model": MODEL, "input": "hello"}),
        ),
        (
            "/v1/images/generations",
            json!({"model": MODEL, "prompt": "x"}),
        ),
        (
            "/v1/rerank",
            json!({"model": MODEL, "query": "x", "documents": ["y"]}),
        ),
    ]
}

fn ask(gateway: &Gateway, path: &str, body: &Value) -> Reply {
    let request = Request::new("POST", path)
        .key(USER)
        .header("content-type", "application/json");
    gateway.send(&request.body(body.to_string()))
}

#[test]
fn a_secret_in_a_providers_refusal_does_not_arrive_in_any_api() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    for status in [400, 422] {
        refusing(&dummy, status, &format!("bad input near {AWS} here"));
        for (path, body) in questions() {
            let reply = ask(&gateway, path, &body);
            let text = reply.text();
            assert!((400..500).contains(&reply.status), "{path}: {text}");
            assert!(
                text.contains("bad input near [REDACTED] here"),
                "{path}: {text}"
            );
            assert!(!text.contains(AWS), "{path}: {text}");
        }
    }
    gateway.until_metric(
        "nenya_pipeline_redactions_total{action=\"redact\",direction=\"reply\",rule=\"aws-access-key-id\"}",
        2.0 * questions().len() as f64,
    );
    gateway.until_logged("error.message");
    assert!(!gateway.log().contains(AWS), "{}", gateway.log());
}

#[test]
fn a_secret_in_the_refusal_of_a_stream_does_not_arrive() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    refusing(&dummy, 400, &format!("bad input near {AWS} here"));
    let reply = gateway.send(&say(MODEL, "hello", true));
    assert_eq!(reply.status, 400, "{}", reply.text());
    let text = reply.text();
    assert!(text.contains("near [REDACTED] here"), "{text}");
}

#[test]
fn a_refusal_comes_as_it_was_said_where_replies_are_not_checked() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    refusing(&dummy, 400, &format!("bad input near {AWS} here"));
    let reply = gateway.send(&say(MODEL, "hello", false));
    assert!(reply.text().contains(AWS), "{}", reply.text());
}

#[test]
fn stand_ins_in_a_providers_refusal_become_values_again() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config(
            "/bouncer/actions",
            json!([{"action": "placeholder", "direction": "request"}]),
        )
        .start();
    let question = format!("the key is {AWS}.");
    gateway.send(&say("dummy/ok", &question, false));
    let sent = dummy.last_body();
    let stand_in = sent.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let stand_in = stand_in.into_iter().find(|word| word.starts_with("NENYA_"));
    refusing(
        &dummy,
        400,
        &format!("bad input near {} here", stand_in.unwrap()),
    );
    let reply = gateway.send(&say(MODEL, &question, false));
    let expected = format!("bad input near {AWS} here");
    assert!(reply.text().contains(&expected), "{}", reply.text());
}

#[test]
fn a_refusal_that_a_rule_blocks_is_not_told() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_output", json!(true))
        .config(
            "/bouncer/actions",
            json!([{"class": "credential", "direction": "reply", "action": "block"}]),
        )
        .start();
    refusing(&dummy, 400, &format!("bad input near {AWS} here"));
    let reply = gateway.send(&say(MODEL, "hello", false));
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (403, "reply_blocked"),
        "{}",
        reply.text()
    );
    assert!(!reply.text().contains("bad input"), "{}", reply.text());
}

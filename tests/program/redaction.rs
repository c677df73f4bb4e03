//! What leaves for the provider: each action, end to end, and what is told about it.

#![expect(clippy::string_slice, reason = "secrets of ASCII are cut in two")]

use serde_json::{Value, json};

use crate::harness::planted::{AWS, GITHUB, MAIL, said, say};
use crate::harness::{Dummy, Gateway, Request, Setup, USER};

fn with_actions(dummy: &Dummy, actions: Value) -> Gateway {
    Setup::new(dummy)
        .config("/agents/parrot", parrot())
        .config("/bouncer/redact_preset", json!(["credentials", "pii"]))
        .config("/bouncer/actions", actions)
        .start()
}

/// Answers with the last text of the user, as it would have been sent.
fn parrot() -> Value {
    json!({"models": [{"provider": "echo", "model": "echo"}]})
}

/// The lines of the log about single findings.
fn findings(gateway: &Gateway) -> Vec<Value> {
    let log = gateway.log();
    let records = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    records
        .filter(|record: &Value| record["msg"] == "finding")
        .collect()
}

fn question() -> String {
    format!("the key is {AWS}, mail it to {MAIL} please")
}

fn redactions(rule: &str, direction: &str, action: &str) -> String {
    format!(
        "nenya_pipeline_redactions_total{{action=\"{action}\",direction=\"{direction}\",rule=\"{rule}\"}}"
    )
}

#[test]
fn the_label_takes_the_place_of_findings_and_everybody_is_told_how_many() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    let reply = gateway.send(&say("dummy/ok", &question(), false));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(
        reply.header("x-nenya-redactions"),
        Some("credential=1, pii=1")
    );
    let sent = dummy.last_body();
    assert!(
        sent.contains("the key is [REDACTED], mail it to [REDACTED] please"),
        "{sent}"
    );
    gateway.until_metric(&redactions("aws-access-key-id", "request", "redact"), 1.0);
    gateway.until_metric(&redactions("email", "request", "redact"), 1.0);
}

#[test]
fn an_answer_without_findings_has_no_header() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    let reply = gateway.ask("dummy/ok", false);
    assert_eq!(reply.header("x-nenya-redactions"), None);
}

#[test]
fn the_log_names_rule_and_place_and_never_the_value() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    let id = "req-of-this-test-0001";
    let request = say("dummy/ok", &question(), false).header("x-request-id", id);
    gateway.send(&request);
    gateway.until_logged("request served");
    let found = findings(&gateway);
    assert_eq!(found.len(), 2, "{}", gateway.log());
    for (record, rule, class) in [
        (&found[0], "aws-access-key-id", "credential"),
        (&found[1], "email", "pii"),
    ] {
        assert_eq!(record["rule"], rule, "{record}");
        assert_eq!(record["class"], class, "{record}");
        assert_eq!(record["action"], "redact", "{record}");
        assert_eq!(record["direction"], "request", "{record}");
        assert_eq!(record["place"], "messages[0].content", "{record}");
        assert_eq!(record["request_id"], id, "{record}");
        assert_eq!(record["key_name"], "user", "{record}");
    }
    assert_eq!(gateway.log().matches("\"redactions\":2").count(), 1);
    for value in [AWS, MAIL] {
        assert!(!gateway.log().contains(value), "{}", gateway.log());
    }
}

#[test]
fn an_id_of_a_request_that_is_a_secret_stands_nowhere() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    for id in [AWS.to_owned(), format!("trace-{GITHUB}")] {
        let request = say("dummy/ok", "hello", false).header("x-request-id", &id);
        let reply = gateway.send(&request);
        let told = reply.header("x-request-id").unwrap();
        assert!(told.starts_with("req-"), "{told}");
        gateway.until_logged(told);
        let sent = dummy.asked().pop().unwrap().to_string();
        assert!(!sent.contains(&id), "{sent}");
    }
    for value in [AWS, GITHUB] {
        assert!(!gateway.log().contains(value), "{}", gateway.log());
    }
    let kept = "0f8b7c3e-4f0a-4b52-9d1e-2a6c5e7f9012";
    let reply = gateway.send(&say("dummy/ok", "hello", false).header("x-request-id", kept));
    assert_eq!(reply.header("x-request-id"), Some(kept));
}

#[test]
fn a_mask_keeps_the_last_four_characters() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([{"class": "credential", "action": "mask"}]));
    gateway.send(&say("dummy/ok", &question(), false));
    let masked = format!("the key is {}5RVD, mail", "*".repeat(AWS.len() - 4));
    assert!(dummy.last_body().contains(&masked), "{}", dummy.last_body());
}

#[test]
fn what_is_observed_leaves_as_it_is_and_is_counted() {
    let dummy = Dummy::start();
    let actions = json!([{"rule": "email", "action": "observe"}]);
    let gateway = with_actions(&dummy, actions);
    let reply = gateway.send(&say("dummy/ok", &question(), false));
    assert!(dummy.last_body().contains(MAIL), "{}", dummy.last_body());
    assert_eq!(
        reply.header("x-nenya-redactions"),
        Some("credential=1, pii=1")
    );
    gateway.until_metric(&redactions("email", "request", "observe"), 1.0);
    gateway.until_logged("\"redactions\":1");
    assert!(!gateway.log().contains(MAIL), "{}", gateway.log());
}

#[test]
fn a_blocked_request_is_400_with_rule_and_field_and_is_not_sent() {
    let dummy = Dummy::start();
    let gateway = with_actions(
        &dummy,
        json!([{"rule": "aws-access-key-id", "action": "block"}]),
    );
    for stream in [false, true] {
        let reply = gateway.send(&say("dummy/ok", &question(), stream));
        assert_eq!(
            (reply.status, reply.error_code().as_str()),
            (400, "request_blocked"),
            "{}",
            reply.text()
        );
        let error = &reply.json()["error"];
        assert_eq!(error["param"], "messages[0].content", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("`aws-access-key-id`"), "{message}");
        assert!(!reply.text().contains(AWS));
        let header = reply.header("x-nenya-redactions").unwrap();
        assert!(header.contains("credential=1"), "{header}");
    }
    assert_eq!(dummy.count("requests"), 0);
    gateway.until_metric(&redactions("aws-access-key-id", "request", "block"), 2.0);
    assert!(!gateway.log().contains(AWS), "{}", gateway.log());
}

#[test]
fn an_action_may_be_for_one_agent_only() {
    let dummy = Dummy::start();
    let actions = json!([
        {"class": "credential", "action": "block"},
        {"class": "credential", "agent": "parrot", "action": "observe"},
    ]);
    let gateway = with_actions(&dummy, actions);
    let reply = gateway.send(&say("parrot", &question(), false));
    assert!(said(&reply).contains(AWS), "{}", reply.text());
    assert_eq!(
        gateway.send(&say("dummy/ok", &question(), false)).status,
        400
    );
}

#[test]
fn a_stand_in_leaves_and_the_value_comes_back_whole_and_streamed() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([{"action": "placeholder"}]));
    let text = question();
    for stream in [false, true] {
        let reply = gateway.send(&say("parrot", &text, stream));
        assert_eq!(said(&reply), text, "{}", reply.text());
        // The dummy repeats the whole request, in its text and quoted once more.
        let reply = gateway.send(&say("dummy/echo", &text, stream));
        let repeated: Value = serde_json::from_str(&said(&reply)).expect("JSON in the text");
        let body = repeated["body"].as_str().unwrap();
        assert!(body.contains(AWS) && body.contains(MAIL), "{body}");
        let sent = dummy.last_body();
        assert!(!sent.contains(AWS) && !sent.contains(MAIL), "{sent}");
    }
    gateway.until_metric(&redactions("email", "request", "placeholder"), 4.0);
    for value in [AWS, MAIL] {
        assert!(!gateway.log().contains(value), "{}", gateway.log());
    }
}

#[test]
fn the_same_value_gets_the_same_stand_in_within_a_key() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([{"action": "placeholder"}]));
    let sent = |text: &str| {
        gateway.send(&say("dummy/ok", text, false));
        dummy.last_body()
    };
    let (first, second) = (sent(&question()), sent(&question()));
    assert_eq!(first, second);
    let admin = say("dummy/ok", &question(), false).bytes();
    let admin = String::from_utf8(admin)
        .unwrap()
        .replace(USER, crate::harness::ADMIN);
    let reply = gateway.client().send_raw(admin.as_bytes()).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_ne!(dummy.last_body(), first, "another key has other stand-ins");
}

#[test]
fn every_text_of_a_request_is_looked_at() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    let arguments = json!({"line": format!("export TOKEN={GITHUB}\n")}).to_string();
    let body = json!({"model": "dummy/ok", "messages": [
        {"role": "system", "content": format!("use {AWS}")},
        {"role": "user", "content": [{"type": "text", "text": format!("a {AWS} b ")},
            {"type": "text", "text": &GITHUB[..20]}, {"type": "text", "text": &GITHUB[20..]}]},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "run", "arguments": arguments}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": format!("wrote to {MAIL}")},
    ], "tools": [{"type": "function", "function": {"name": "run", "description": format!("for {MAIL}"), "parameters": {}}}]});
    let reply = gateway.send(&Request::chat(body.to_string()).key(USER));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let sent = dummy.last_body();
    for value in [AWS, MAIL, GITHUB, &GITHUB[..20], &GITHUB[20..]] {
        assert!(!sent.contains(value), "{value}: {sent}");
    }
    let sent: Value = serde_json::from_str(&sent).expect("it is still JSON");
    let arguments = sent["messages"][2]["tool_calls"][0]["function"]["arguments"].as_str();
    let arguments: Value = serde_json::from_str(arguments.unwrap()).expect("and so are these");
    assert_eq!(arguments["line"], "export TOKEN=[REDACTED]\n");
}

#[test]
fn a_large_body_is_redacted_by_the_pool_as_a_small_one() {
    let dummy = Dummy::start();
    let gateway = with_actions(&dummy, json!([]));
    let text = format!(
        "{} {AWS} {}",
        "prose. ".repeat(40_000),
        "more. ".repeat(9000)
    );
    let reply = gateway.send(&say("dummy/ok", &text, false));
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=1"));
    let sent = dummy.last_body();
    assert!(sent.contains("[REDACTED]") && !sent.contains(AWS));
}

#[test]
fn nothing_is_looked_for_where_redaction_is_off() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/enabled", json!(false))
        .start();
    let reply = gateway.send(&say("dummy/ok", &question(), false));
    assert_eq!(reply.header("x-nenya-redactions"), None);
    assert!(dummy.last_body().contains(AWS));
}

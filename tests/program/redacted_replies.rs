//! What comes back: secrets and commands in replies, whole and streamed, and how such replies end.

#![expect(clippy::string_slice, reason = "secrets of ASCII are cut in two")]

use std::net::Shutdown;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::planted::{
    AWS, GITHUB, KILL, MAIL, completion, cut, delta, events, in_chunks, joined, said, say,
    stream_of,
};
use crate::harness::{Dummy, Gateway, Reply, Setup};

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
/// How long a provider says nothing; text that is held comes long before its end.
const SILENCE: Duration = Duration::from_secs(30);

fn checking_replies(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/bouncer/redact_output", json!(true))
        .start()
}

fn planted(gateway: &Gateway, dummy: &Dummy, stream: bool, pieces: &[Value]) -> Reply {
    dummy.plant("x", if stream { EVENTS } else { JSON }, pieces);
    gateway.send(&say("dummy/planted-x", "hello", stream))
}

fn metric(rule: &str, action: &str) -> String {
    format!(
        "nenya_pipeline_redactions_total{{action=\"{action}\",direction=\"reply\",rule=\"{rule}\"}}"
    )
}

#[test]
fn a_secret_in_a_whole_reply_does_not_arrive() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let body = completion(&format!("your key is {AWS}, said the model"));
    let reply = planted(&gateway, &dummy, false, &[body.to_string().into()]);
    assert_eq!(said(&reply), "your key is [REDACTED], said the model");
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=1"));
    gateway.until_metric(&metric("aws-access-key-id", "redact"), 1.0);
    gateway.until_logged("choices[0].message.content");
    assert!(!gateway.log().contains(AWS), "{}", gateway.log());
}

#[test]
fn a_reply_passes_as_it_came_where_replies_are_not_checked() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let text = format!("{AWS} and {KILL}\n");
    let body = completion(&text).to_string();
    let reply = planted(&gateway, &dummy, false, &[body.as_str().into()]);
    assert_eq!(reply.text(), body);
    let reply = planted(&gateway, &dummy, true, &in_chunks(&text, 3));
    assert_eq!(said(&reply), text);
}

#[test]
fn a_secret_that_is_cut_over_chunks_does_not_arrive_whatever_the_cut() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_output", json!(true))
        .config("/bouncer/redact_preset", json!(["credentials", "pii"]))
        .start();
    let text = format!("The key is {AWS}; the token {GITHUB} too. Grüße an {MAIL}!");
    for size in [1, 2, 3, 5, 8, 13, 200] {
        let reply = planted(&gateway, &dummy, true, &in_chunks(&text, size));
        assert_eq!(
            said(&reply),
            "The key is [REDACTED]; the token [REDACTED] too. Grüße an [REDACTED]!",
            "in chunks of {size}: {}",
            reply.text()
        );
        assert!(reply.text().ends_with("data: [DONE]\n\n"));
    }
    gateway.until_metric(&metric("aws-access-key-id", "redact"), 7.0);
    gateway.until_logged("\"redactions\":3");
    for value in [AWS, GITHUB, MAIL] {
        assert!(!gateway.log().contains(value), "{}", gateway.log());
    }
}

#[test]
fn a_secret_at_the_end_of_a_stream_is_redacted_before_its_last_event() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let text = format!("The key is {AWS}");
    for without_finish in [false, true] {
        let mut pieces = in_chunks(&text, 4);
        if without_finish {
            pieces.remove(pieces.len() - 2);
        }
        let reply = planted(&gateway, &dummy, true, &pieces);
        assert_eq!(said(&reply), "The key is [REDACTED]", "{}", reply.text());
        assert_eq!(events(&reply).last().map(String::as_str), Some("[DONE]"));
    }
}

#[test]
fn clean_streams_arrive_as_the_bytes_that_were_sent() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let text = [
        "Nothing ",
        "to see, ",
        "only prose ",
        "in ",
        "\u{1f600} pieces.",
    ];
    let pieces = stream_of(&text);
    let reply = planted(&gateway, &dummy, true, &pieces);
    let sent: String = pieces.iter().map(|piece| piece.as_str().unwrap()).collect();
    assert_eq!(
        said(&reply),
        "Nothing to see, only prose in \u{1f600} pieces."
    );
    assert_eq!(reply.header("x-nenya-redactions"), None);
    assert!(reply.text() == sent, "{}\n{sent}", reply.text());
}

#[test]
fn reasoning_and_arguments_of_tools_are_texts_too() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let call = |arguments: &str| {
        let call = json!({"index": 0, "function": {"arguments": arguments}});
        delta(&json!({"tool_calls": [call]}), &Value::Null)
    };
    let thought = |text: &str| delta(&json!({"reasoning_content": text}), &Value::Null);
    let arguments = json!({"token": GITHUB, "n": 1}).to_string();
    let mut pieces: Vec<Value> = cut(&format!("Use {AWS} now"), 5)
        .iter()
        .map(|text| thought(text))
        .collect();
    pieces.extend(cut(&arguments, 4).iter().map(|text| call(text)));
    pieces.push(delta(&json!({}), &json!("tool_calls")));
    pieces.push("data: [DONE]\n\n".into());
    let reply = planted(&gateway, &dummy, true, &pieces);
    assert_eq!(joined(&reply, "/reasoning_content"), "Use [REDACTED] now");
    let arguments = joined(&reply, "/tool_calls/0/function/arguments");
    let arguments: Value = serde_json::from_str(&arguments).expect("they are still JSON");
    assert_eq!(arguments, json!({"token": "[REDACTED]", "n": 1}));
}

#[test]
fn a_command_in_a_whole_reply_is_403() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let body = completion(&format!("Run this:\n{KILL}\n"));
    let reply = planted(&gateway, &dummy, false, &[body.to_string().into()]);
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (403, "reply_blocked"),
        "{}",
        reply.text()
    );
    assert!(!reply.text().contains("rm -rf"), "{}", reply.text());
    assert_eq!(reply.header("x-nenya-redactions"), Some("kill=1"));
    gateway.until_metric(&metric("kill-rm-recursive", "block"), 1.0);
}

#[test]
fn a_command_in_a_stream_ends_it_with_one_event_and_not_the_circuit() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let text = format!("Run this:\n{KILL}\nand be done.");
    for round in 1..=7 {
        let reply = planted(&gateway, &dummy, true, &in_chunks(&text, 3));
        assert_eq!(reply.status, 200);
        let all = events(&reply);
        let [.., error, done] = all.as_slice() else {
            panic!("{}", reply.text());
        };
        assert_eq!(done, "[DONE]");
        let error: Value = serde_json::from_str(error).unwrap();
        assert_eq!(error["error"]["code"], "reply_blocked", "{error}");
        let errors = all.iter().filter(|data| data.contains("\"error\""));
        assert_eq!(errors.count(), 1, "{}", reply.text());
        assert!(!reply.text().contains("rm -rf"), "{}", reply.text());
        assert!(joined(&reply, "/content").starts_with("Run this:"));
        gateway.until_metric(&metric("kill-rm-recursive", "block"), f64::from(round));
    }
    // More often than a circuit allows a provider to fail: it would have answered with 503.
    let metrics = gateway.page("/metrics").text();
    assert!(
        !metrics.contains("nenya_stream_interrupts_total{"),
        "{metrics}"
    );
    gateway.until_logged("\"error_code\":\"reply_blocked\"");
    // Nobody waits for the rest, which the upstream is told.
    dummy.until("open", 0);
}

#[test]
fn a_command_in_the_arguments_of_a_tool_ends_the_stream() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let arguments = json!({"command": "cd /tmp && rm -rf /"}).to_string();
    let call = |arguments: &String| {
        let call = json!({"index": 0, "function": {"name": "sh", "arguments": arguments}});
        delta(&json!({"tool_calls": [call]}), &Value::Null)
    };
    let mut pieces: Vec<Value> = cut(&arguments, 3).iter().map(call).collect();
    pieces.push(delta(&json!({}), &json!("tool_calls")));
    let reply = planted(&gateway, &dummy, true, &pieces);
    assert!(reply.text().contains("reply_blocked"), "{}", reply.text());
    let arrived = joined(&reply, "/tool_calls/0/function/arguments");
    assert!(!arrived.contains("rm -rf"), "{arrived}");
}

#[test]
fn commands_of_the_operator_are_ended_without_the_checking_of_replies() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config(
            "/governance/blocked_execution_patterns",
            json!(["launch_rockets\\b"]),
        )
        .start();
    let text = format!("Keep {AWS} and launch_rockets now");
    let reply = planted(&gateway, &dummy, true, &in_chunks(&text, 4));
    assert!(reply.text().contains("reply_blocked"), "{}", reply.text());
    assert!(joined(&reply, "/content").contains(AWS));
    gateway.until_metric(&metric("blocked-0", "block"), 1.0);
}

#[test]
fn a_stream_that_breaks_gives_what_was_held_and_one_error() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    // What may still become a key is held, and then nothing comes but the end of the connection.
    let mut pieces = in_chunks(&format!("It begins with {}", &AWS[..9]), 4);
    pieces.truncate(pieces.len() - 2);
    pieces.push("data: {\"torn".into());
    let reply = planted(&gateway, &dummy, true, &pieces);
    let all = events(&reply);
    assert_eq!(all.last().map(String::as_str), Some("[DONE]"));
    assert!(
        joined(&reply, "/content").starts_with("It begins with"),
        "{}",
        reply.text()
    );
}

#[test]
fn text_that_is_held_is_let_go_when_the_provider_is_silent() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let mut pieces = in_chunks("the word is AKI", 20);
    pieces.truncate(pieces.len() - 2);
    pieces.push(json!(SILENCE.as_millis()));
    dummy.plant("x", EVENTS, &pieces);
    let mut connection = gateway.client().connect().unwrap();
    let request = say("dummy/planted-x", "hello", true);
    connection.write(&request.bytes()).unwrap();
    connection.head().unwrap();
    let began = Instant::now();
    let mut text = String::new();
    while !text.contains("AKI") {
        text.push_str(&connection.event().unwrap().expect("the stream goes on"));
    }
    assert!(began.elapsed() < SILENCE, "{text}");
}

#[test]
fn what_is_part_of_a_secret_stays_held_while_the_provider_is_silent() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let mut pieces = stream_of(&["key ", GITHUB, "AB"]);
    pieces.truncate(pieces.len() - 2);
    pieces.push(json!(3000));
    pieces.extend(stream_of(&["CD ."]).into_iter().skip(1));
    let reply = planted(&gateway, &dummy, true, &pieces);
    assert_eq!(said(&reply), "key [REDACTED] .", "{}", reply.text());
}

#[test]
fn a_client_that_leaves_a_held_stream_ends_the_call_and_leaks_nothing() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_output", json!(true))
        .config("/limits/keys/user/concurrent_requests", json!(1))
        .start();
    let idle = gateway.metric("nenya_inflight_requests");
    for left in 1..=5 {
        let mut pieces = stream_of(&["found ", AWS, " and ", &GITHUB[..30]]);
        pieces.truncate(pieces.len() - 2);
        pieces.push(Value::Null);
        dummy.plant("x", EVENTS, &pieces);
        let mut connection = gateway.client().connect().unwrap();
        let request = say("dummy/planted-x", "hello", true);
        connection.write(&request.bytes()).unwrap();
        connection.head().unwrap();
        connection.event().unwrap().unwrap();
        connection.socket().shutdown(Shutdown::Both).unwrap();
        dummy.until("open", 0);
        gateway.until_metric("nenya_inflight_requests", idle);
        gateway.until_metric("nenya_client_gone_total", f64::from(left));
    }
    // The place of each came back, and none twice.
    assert_eq!(gateway.ask("dummy/ok", false).status, 200);
    assert!(!gateway.log().contains("panic"), "{}", gateway.log());
    for value in [AWS, &GITHUB[..30]] {
        assert!(!gateway.log().contains(value), "{}", gateway.log());
    }
}

#[test]
fn tokens_are_settled_once_when_the_redactor_ends_a_stream() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_output", json!(true))
        .config("/limits/keys/user/concurrent_requests", json!(1))
        .start();
    let text = format!("Run this:\n{KILL}\nand be done.");
    for _ in 0..4 {
        let reply = planted(&gateway, &dummy, true, &in_chunks(&text, 3));
        assert!(reply.text().contains("reply_blocked"), "{}", reply.text());
        let body = completion(&text).to_string();
        let reply = planted(&gateway, &dummy, false, &[body.into()]);
        assert_eq!(reply.status, 403, "{}", reply.text());
    }
    assert_eq!(gateway.ask("dummy/ok", true).status, 200);
    gateway.until_logged("request served");
    let log = gateway.log();
    let ended = log
        .lines()
        .filter(|line| line.contains("\"error_code\":\"reply_blocked\""));
    assert_eq!(ended.count(), 8, "{log}");
}

#[test]
fn stand_ins_come_back_in_streams_whatever_the_cut() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_preset", json!("pii"))
        .config("/bouncer/actions", json!([{"action": "placeholder"}]))
        .start();
    gateway.send(&say("dummy/ok", &format!("to {MAIL}"), false));
    let sent: Value = serde_json::from_str(&dummy.last_body()).unwrap();
    let text = sent["messages"][0]["content"].as_str().unwrap();
    let stand_in = text.strip_prefix("to ").unwrap().to_owned();
    assert_ne!(stand_in, MAIL);
    for size in 1..=12 {
        for spelt in [stand_in.clone(), stand_in.to_lowercase()] {
            let answer = format!("I wrote to {spelt}, done.");
            dummy.plant("x", EVENTS, &in_chunks(&answer, size));
            let request = say("dummy/planted-x", &format!("to {MAIL}"), true);
            let reply = gateway.send(&request);
            assert_eq!(said(&reply), format!("I wrote to {MAIL}, done."), "{size}");
        }
    }
}

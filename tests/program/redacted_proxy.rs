//! `/proxy`: replies of any format, with what may not pass taken out.

#![expect(clippy::string_slice, reason = "secrets of ASCII are cut in two")]

use serde_json::{Value, json};

use wire::aws_event_stream::{FrameReader, write_frame};

use crate::harness::planted::{AWS, GITHUB, KILL, MAIL, completion, joined, stream_of};
use crate::harness::{Dummy, Failure, Gateway, Reply, Request, Setup, USER};

fn checking_replies(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/bouncer/redact_output", json!(true))
        .start()
}

fn request(text: &str) -> Request {
    let body = json!({"model": "planted-x", "input": text});
    Request::new("POST", "/proxy/dummy/v1/anything")
        .key(USER)
        .header("content-type", "application/json")
        .header("accept-encoding", "gzip")
        .body(body.to_string())
}

fn answered(gateway: &Gateway, dummy: &Dummy, kind: &str, pieces: &[Value]) -> Reply {
    dummy.plant("x", kind, pieces);
    gateway.send(&request("hello"))
}

#[test]
fn json_of_any_shape_is_redacted() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let body = json!({"id": "x1", "output": [{"text": format!("it is {AWS}\n{GITHUB}")}], "n": 7});
    for kind in [
        "application/json",
        "application/vnd.api+json; charset=utf-8",
    ] {
        let pieces = [body.to_string().into()];
        let reply = answered(&gateway, &dummy, kind, &pieces);
        assert_eq!(reply.status, 200, "{}", reply.text());
        let expected =
            json!({"id": "x1", "output": [{"text": "it is [REDACTED]\n[REDACTED]"}], "n": 7});
        assert_eq!(reply.json(), expected, "{}", reply.text());
        assert_eq!(reply.header("x-nenya-redactions"), Some("credential=2"));
        assert_eq!(reply.header("content-type"), Some(kind));
    }
}

#[test]
fn events_are_redacted_over_their_seams() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let pieces = stream_of(&["it is ", &AWS[..7], &AWS[7..], " so"]);
    let reply = answered(&gateway, &dummy, "text/event-stream", &pieces);
    assert_eq!(joined(&reply, "/content"), "it is [REDACTED] so");
    assert!(
        reply.text().ends_with("data: [DONE]\n\n"),
        "{}",
        reply.text()
    );
}

#[test]
fn lines_frames_and_arrays_are_redacted_over_their_seams() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let texts = ["it is ", &AWS[..7], &AWS[7..], " so"];
    let line = |text: &str, done: bool| json!({"model": "m", "message": {"role": "assistant", "content": text}, "done": done});
    let mut lines: Vec<Value> = texts
        .map(|text| format!("{}\n", line(text, false)).into())
        .into();
    lines.push(format!("{}\n", line("", true)).into());
    let reply = answered(&gateway, &dummy, "application/x-ndjson", &lines);
    let said = reply.text();
    let said = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let said: Vec<String> = said
        .map(|line| {
            line["message"]["content"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(said.concat(), "it is [REDACTED] so");

    let element = |text: &str| json!({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]});
    let array = Value::from_iter(texts.map(element)).to_string();
    dummy.plant("x", "application/json", &[array.into()]);
    let body = json!({"model": "planted-x", "input": "hello"});
    let request = Request::new("POST", "/proxy/dummy/v1/x:streamGenerateContent")
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = gateway.send(&request);
    let said = reply.json();
    let said = said.as_array().unwrap().iter();
    let said = said.map(|element| &element["candidates"][0]["content"]["parts"][0]["text"]);
    let said: Vec<&str> = said.filter_map(Value::as_str).collect();
    assert_eq!(said.concat(), "it is [REDACTED] so");
    assert_eq!(reply.header("x-nenya-redactions"), Some("credential=1"));

    let mut frames = Vec::new();
    for text in texts {
        let payload = json!({"contentBlockIndex": 0, "delta": {"text": text}}).to_string();
        write_frame("contentBlockDelta", payload.as_bytes(), false, &mut frames);
    }
    let bytes: Vec<Value> = vec![frames.into()];
    let reply = answered(
        &gateway,
        &dummy,
        "application/vnd.amazon.eventstream",
        &bytes,
    );
    let mut said = String::new();
    let mut reader = FrameReader::new();
    let read = reader.push(&reply.body, |frame| {
        let payload: Value = serde_json::from_slice(frame.payload).unwrap();
        said.push_str(payload["delta"]["text"].as_str().unwrap_or_default());
    });
    read.unwrap();
    assert_eq!(said, "it is [REDACTED] so");
}

#[test]
fn text_is_redacted_over_the_seams_of_its_pieces() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let pieces = ["a key: ", &AWS[..5], &AWS[5..], " and ü", "."].map(Value::from);
    for kind in ["text/plain; charset=utf-8", "application/x-ndjson"] {
        let reply = answered(&gateway, &dummy, kind, &pieces);
        assert_eq!(reply.text(), "a key: [REDACTED] and ü.");
    }
    gateway.until_logged("\"direction\":\"reply\"");
    assert!(!gateway.log().contains(AWS), "{}", gateway.log());
}

#[test]
fn a_compressed_answer_is_not_asked_for_and_not_passed_on() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let gzip = |kind: &str| {
        dummy.plant_as(&json!({"name": "x", "type": kind,
            "extra": "content-encoding: gzip\r\n", "pieces": [[31, 139, 8, 0, 1, 2]]}));
    };
    gzip("application/json");
    let reply = gateway.send(&request("hello"));
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (500, "reply_unchecked"),
        "{}",
        reply.text()
    );
    let seen = dummy.seen();
    let head = seen["last_head"].as_str().unwrap().to_ascii_lowercase();
    assert!(!head.contains("gzip"), "{head}");
    gateway.until_metric("nenya_redaction_failures_total", 1.0);
    // What is no text is not looked at, compressed or not.
    gzip("image/png");
    let reply = gateway.send(&request("hello"));
    assert_eq!(reply.body, [31, 139, 8, 0, 1, 2]);
}

#[test]
fn a_command_ends_json_with_403_events_with_an_event_and_text_with_its_connection() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let text = format!("Run this:\n{KILL}\nnow");
    let body = completion(&text).to_string();
    let reply = answered(&gateway, &dummy, "application/json", &[body.into()]);
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (403, "reply_blocked")
    );
    let pieces = stream_of(&["Well. ", &text]);
    let reply = answered(&gateway, &dummy, "text/event-stream", &pieces);
    assert!(
        joined(&reply, "/content").starts_with("Well. "),
        "{}",
        reply.text()
    );
    assert!(
        reply.text().contains("event: error\ndata: "),
        "{}",
        reply.text()
    );
    assert!(reply.text().contains("reply_blocked"), "{}", reply.text());
    assert!(!reply.text().contains("rm -rf"), "{}", reply.text());
    dummy.plant("x", "text/plain", &[text.into()]);
    let broken = gateway.client().send(&request("hello"));
    assert!(
        matches!(broken, Err(Failure::BrokenOff | Failure::Unanswered)),
        "{broken:?}"
    );
    gateway.until_logged("reply_blocked");
}

#[test]
fn stand_ins_come_back_here_too() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_preset", json!("pii"))
        .config("/bouncer/actions", json!([{"action": "placeholder"}]))
        .start();
    let body = json!({"model": "echo", "messages": [{"role": "user", "content": MAIL}]});
    let request = Request::new("POST", "/proxy/dummy/v1/chat/completions")
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = gateway.send(&request);
    assert!(reply.content().contains(MAIL), "{}", reply.text());
    assert!(!dummy.last_body().contains(MAIL), "{}", dummy.last_body());
    assert_eq!(reply.header("x-nenya-redactions"), Some("pii=1"));
}

#[test]
fn stand_ins_of_a_query_come_back_too() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/bouncer/redact_preset", json!("pii"))
        .config("/bouncer/actions", json!([{"action": "placeholder"}]))
        .start();
    let ask = |query: &str, content: &str| {
        let body = json!({"model": "echo", "messages": [{"role": "user", "content": content}]});
        let path = format!("/proxy/dummy/v1/chat/completions{query}");
        let request = Request::new("POST", &path).key(USER);
        let request = request.header("content-type", "application/json");
        gateway.send(&request.body(body.to_string()))
    };
    assert_eq!(ask("", MAIL).status, 200);
    let sent = dummy.last_body();
    let from = sent.find("NENYA_EMAIL_").unwrap();
    let stand_in = &sent[from..from + sent[from..].find('"').unwrap()];
    let reply = ask(&format!("?to={MAIL}"), &format!("wrote to {stand_in}"));
    assert!(reply.content().contains(MAIL), "{}", reply.text());
}

#[test]
fn held_text_is_let_go_when_the_provider_is_silent() {
    let dummy = Dummy::start();
    let gateway = checking_replies(&dummy);
    let mut pieces = stream_of(&["the word is AKI"]);
    pieces.truncate(pieces.len() - 2);
    pieces.push(json!(30_000));
    dummy.plant("x", "text/event-stream", &pieces);
    let mut connection = gateway.client().connect().unwrap();
    connection.write(&request("hello").bytes()).unwrap();
    connection.head().unwrap();
    let mut text = String::new();
    while !text.contains("AKI") {
        text.push_str(&connection.event().unwrap().expect("it goes on"));
    }
}

#[test]
fn nothing_is_changed_where_replies_are_not_checked() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let text = format!("{AWS}\n{KILL}\n");
    let reply = answered(&gateway, &dummy, "text/plain", &[text.as_str().into()]);
    assert_eq!(reply.text(), text);
}

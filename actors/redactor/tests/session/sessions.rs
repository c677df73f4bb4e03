//! Sessions: events of several replies mixed, whatever comes in between, for as long as they last.

use bytes::Bytes;
use nenya_redactor::{Action, RedactError, RedactionConfig, RedactorHandle, ReplyRedactor};
use serde_json::{Value, json};
use wire::JsonLimits;

use super::support::{ANN, KEY, everything, for_class, now, redactor, stand_ins};

const MAIL: &str = "ann.lee@host-example.com";

fn opened(redactor: &RedactorHandle) -> ReplyRedactor {
    let nothing = now(redactor.redact_text(Bytes::new(), ANN)).unwrap();
    nothing.reply().unwrap()
}

fn delta(response: &str, text: &str) -> Value {
    json!({"type": "response.output_text.delta", "event_id": "e", "response_id": response,
        "item_id": format!("item of {response}"), "output_index": 0, "content_index": 0, "delta": text})
}

fn done(response: &str, text: &str) -> Value {
    json!({"type": "response.output_text.done", "event_id": "e", "response_id": response,
        "item_id": format!("item of {response}"), "output_index": 0, "content_index": 0, "text": text})
}

fn passed(reply: &mut ReplyRedactor, events: &[Value]) -> Vec<Value> {
    let mut out = Vec::new();
    for event in events {
        reply
            .message(Bytes::from(event.to_string()), &mut out)
            .unwrap();
    }
    out.iter()
        .map(|event| serde_json::from_slice(event).unwrap())
        .collect()
}

/// What one response said, delta by delta.
fn said(events: &[Value], response: &str) -> String {
    let own = events
        .iter()
        .filter(|event| event["response_id"] == response);
    own.filter_map(|event| event["delta"].as_str()).collect()
}

#[test]
fn a_secret_is_found_at_every_cut_though_another_reply_and_an_error_come_between() {
    let redactor = redactor(&everything());
    let text = format!("the key {KEY} is mine");
    for cut in 1..text.len() {
        let mut reply = opened(&redactor);
        let between = [
            delta("r2", "another "),
            json!({"type": "error", "event_id": "e", "error": {"type": "invalid_request_error", "message": "no"}}),
            json!({"type": "response.done", "event_id": "e", "response": {"id": "r3", "output": []}}),
        ];
        let mut events = vec![delta("r1", &text[..cut])];
        events.extend(between);
        events.extend([
            delta("r1", &text[cut..]),
            done("r1", &text),
            delta("r2", "voice"),
            done("r2", "another voice"),
        ]);
        let out = passed(&mut reply, &events);
        assert_eq!(
            said(&out, "r1"),
            "the key [REDACTED] is mine",
            "cut at {cut}"
        );
        assert_eq!(said(&out, "r2"), "another voice", "cut at {cut}");
        let whole = out.iter().find(|event| event["text"].is_string()).unwrap();
        assert_eq!(whole["text"], "the key [REDACTED] is mine");
        assert_eq!(
            reply.take_findings().changed(),
            2,
            "once in pieces, once whole"
        );
        assert_eq!(reply.take_findings().changed(), 0, "and told once");
    }
}

#[test]
fn held_text_comes_out_before_its_end() {
    let redactor = redactor(&everything());
    let mut reply = opened(&redactor);
    let beginning = &KEY[..10];
    let out = passed(&mut reply, &[delta("r1", beginning)]);
    assert_eq!(said(&out, "r1"), "");
    assert!(reply.holds());
    let out = passed(&mut reply, &[done("r1", beginning)]);
    assert_eq!(out.len(), 2);
    assert_eq!(
        (out[0]["delta"].as_str(), out[1]["text"].as_str()),
        (Some(beginning), Some(beginning))
    );
    assert!(!reply.holds());
}

#[test]
fn what_is_held_when_the_session_ends_or_stalls_is_a_message() {
    let redactor = redactor(&everything());
    let mut reply = opened(&redactor);
    passed(&mut reply, &[delta("r1", "AKIA")]);
    let mut out = Vec::new();
    reply.stalled_messages(&mut out);
    reply.last_messages(&mut out).unwrap();
    let out: Vec<Value> = out
        .iter()
        .map(|event| serde_json::from_slice(event).unwrap())
        .collect();
    assert_eq!(said(&out, "r1"), "AKIA");
}

#[test]
fn stand_ins_of_every_request_of_the_session_come_back() {
    let redactor = redactor(&stand_ins());
    let mut reply = opened(&redactor);
    let mut names = Vec::new();
    for mail in [MAIL, "bob@host-example.com"] {
        let event = json!({"type": "conversation.item.create", "item": {"type": "message", "role": "user",
            "content": [{"type": "input_text", "text": format!("mail {mail}")}]}});
        let body = Bytes::from(event.to_string());
        let clean = now(redactor.redact_json(body, &JsonLimits::default(), ANN)).unwrap();
        let sent: Value = serde_json::from_slice(clean.get()).unwrap();
        let text = sent["item"]["content"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned();
        names.push(text.strip_prefix("mail ").unwrap().to_owned());
        reply.learn(&clean);
    }
    let (first, second) = names[0].split_at(9);
    let out = passed(
        &mut reply,
        &[
            delta("r1", first),
            delta("r1", &format!("{second} and {}.", names[1])),
            done("r1", "x"),
        ],
    );
    assert_eq!(
        said(&out, "r1"),
        format!("{MAIL} and bob@host-example.com.")
    );
    let called = json!({"type": "response.function_call_arguments.done", "response_id": "r1", "item_id": "i",
        "output_index": 1, "arguments": json!({"to": names[0]}).to_string()});
    let out = passed(&mut reply, &[called]);
    assert_eq!(out[0]["arguments"], json!({"to": MAIL}).to_string());
}

#[test]
fn what_blocks_ends_the_session_after_what_stood_before() {
    let config = RedactionConfig {
        actions: vec![for_class(nenya_redactor::Class::Credential, Action::Block)],
        ..everything()
    };
    let redactor = redactor(&config);
    let mut reply = opened(&redactor);
    let mut out = Vec::new();
    let event = Bytes::from(delta("r1", &format!("before {KEY} after")).to_string());
    let error = reply.message(event, &mut out).unwrap_err();
    assert!(matches!(error, RedactError::Blocked { .. }));
    let out: Vec<Value> = out
        .iter()
        .map(|event| serde_json::from_slice(event).unwrap())
        .collect();
    assert_eq!(said(&out, "r1"), "before ");
}

#[test]
fn sound_passes_as_the_bytes_that_it_came_in() {
    let redactor = redactor(&everything());
    let mut reply = opened(&redactor);
    for sound in ["AAAA", "UklGRg=="] {
        let event = format!(
            r#"{{"type":"response.output_audio.delta", "response_id":"r","item_id":"i","delta":"{sound}"}}"#
        );
        let mut out = Vec::new();
        reply.message(Bytes::from(event.clone()), &mut out).unwrap();
        assert_eq!(out, [event]);
    }
}

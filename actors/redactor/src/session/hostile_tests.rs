//! What a review tried in order to break redaction.

use bytes::Bytes;
use serde_json::json;
use wire::{ChatRequest, JsonLimits};

use super::{Passed, ReplyRedactor, Who};
use crate::config::{Blocked, Preset, RedactionConfig};
use crate::handle::RedactorHandle;
use crate::rule_set::RuleSet;
use crate::table::row::Action;
use crate::treat::actions::ActionRow;

const KEY: &str = concat!("AK", "IAQ3EGRTWJ5YKDUVXL");
const WHO: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

fn all(action: Action) -> RedactionConfig {
    RedactionConfig {
        presets: vec![Preset::Credentials, Preset::Pii],
        actions: vec![ActionRow {
            rule: None,
            class: None,
            agent: None,
            direction: None,
            action,
        }],
        ..RedactionConfig::default()
    }
}

fn handle(config: &RedactionConfig) -> RedactorHandle {
    RedactorHandle::detached(RuleSet::compile(config).unwrap())
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("waits"),
    }
}

fn sent(handle: &RedactorHandle, body: &str) -> String {
    let chat = ChatRequest::parse(Bytes::from(body.to_owned()), &JsonLimits::default()).unwrap();
    let clean = run(handle.redact_chat(chat, WHO)).unwrap();
    String::from_utf8(clean.get().body().to_vec()).unwrap()
}

fn text(handle: &RedactorHandle, text: &str) -> String {
    let clean = run(handle.redact_text(Bytes::from(text.to_owned()), WHO)).unwrap();
    String::from_utf8(clean.get().to_vec()).unwrap()
}

fn reply(handle: &RedactorHandle) -> ReplyRedactor {
    run(handle.redact_text(Bytes::from_static(b"hi"), WHO))
        .unwrap()
        .reply()
        .unwrap()
}

fn passed(passed: Passed) -> String {
    match passed {
        Passed::All(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Passed::UpTo(bytes, error) => format!("{}!{error}", String::from_utf8_lossy(&bytes)),
    }
}

fn streamed(reply: &mut ReplyRedactor, events: &[String]) -> String {
    let all = events
        .iter()
        .map(|event| passed(reply.events(Bytes::from(event.clone()))));
    let all: String = all.collect();
    all + std::str::from_utf8(&reply.finish().unwrap()).unwrap()
}

fn data(value: &serde_json::Value) -> String {
    format!("data: {value}\n\n")
}

fn said(text: &str) -> String {
    data(&json!({"choices":[{"index":0,"delta":{"content":text}}]}))
}

fn with_replies() -> RedactionConfig {
    RedactionConfig {
        replies: true,
        ..all(Action::Redact)
    }
}

const PEM: &str = concat!(
    "-----BEGIN PRIV",
    "ATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n",
    "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n-----END PRIVATE KEY-----"
);

#[test]
fn a_stand_in_saves_nothing_that_stands_beside_it() {
    let config = RedactionConfig {
        patterns: Some(vec!["customer: [^\n]*".to_owned()]),
        ..RedactionConfig::default()
    };
    let out = text(
        &handle(&config),
        "customer: Ann Other NENYA_EMAIL_0123456789AB\n",
    );
    assert_eq!(out, "[REDACTED]NENYA_EMAIL_0123456789AB\n");
    let handle = handle(&all(Action::Redact));
    let out = text(&handle, "password = \"Gh7x!kQ9zRt2/NENYA_ID_0123456789AB\"");
    assert_eq!(out, "password = \"[REDACTED]NENYA_ID_0123456789AB\"");
}

#[test]
fn a_secret_cut_in_two_parts_leaves_no_more_than_a_word() {
    let handle = handle(&all(Action::Redact));
    let ant = concat!(
        "sk-",
        "ant-api03-Q7wE9rT5yU1iO3pA6sD8fG2hJ4kL0zX-cV7bN9mQ1wE3rT5yU7iO9pA2sD4fG6hJ8kL0zXcV1bN3mQ5wE7rT9yU1iO-3pA6sDAA"
    );
    for secret in [PEM, ant, KEY] {
        for cut in 1..secret.len() {
            let (one, two) = secret.split_at(cut);
            let parts = json!([{"type":"text","text":format!("x {one}")},{"type":"text","text":format!("{two} y")}]);
            let body = json!({"model":"m","messages":[{"role":"user","content":parts}]});
            let out: serde_json::Value =
                serde_json::from_str(&sent(&handle, &body.to_string())).unwrap();
            let left = out["messages"][0]["content"][1]["text"].as_str().unwrap();
            assert!(left.len() <= " y".len() + 1, "{cut}: {left}");
        }
    }
}

#[test]
fn held_text_goes_out_after_the_last_of_two_parts() {
    let parts = json!([{"text":"one "},{"text":"two AKIA"}]);
    let event =
        data(&json!({"candidates":[{"content":{"parts":parts},"finishReason":"STOP","index":0}]}));
    let out = streamed(&mut reply(&handle(&with_replies())), &[event]);
    assert!(
        out.contains("\"two AKIA\"") && out.contains("\"one \""),
        "{out}"
    );
}

#[test]
fn an_extra_event_does_not_take_the_name_of_the_next() {
    let events = [said("so AKIA"), "event: done\ndata: [DONE]\n\n".to_owned()];
    let out = streamed(&mut reply(&handle(&with_replies())), &events);
    assert_eq!(out.matches("event: ").count(), 1, "{out}");
}

#[test]
fn half_an_escape_is_not_lost() {
    let arguments = json!({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":\"b. \\"}}]}}]});
    let end = json!({"choices":[{"index":0,"delta":{},"finish_reason":"length"}]});
    let out = streamed(
        &mut reply(&handle(&with_replies())),
        &[data(&arguments), data(&end)],
    );
    assert!(out.contains(r#""arguments":"\\""#), "{out}");
}

#[test]
fn a_block_that_is_found_in_silence_ends_the_reply() {
    let config = RedactionConfig {
        blocked: Blocked::Patterns(vec!["launch missiles".to_owned()]),
        presets: vec![Preset::Credentials, Preset::Pii],
        replies: true,
        ..RedactionConfig::default()
    };
    let mut reply = reply(&handle(&config));
    passed(reply.events(Bytes::from(said("now launch missiles"))));
    reply.stalled();
    let then = reply.events(Bytes::from(said(" and more. ")));
    assert!(matches!(then, Passed::UpTo(bytes, _) if bytes.is_empty()));
}

#[test]
fn a_finish_reason_that_is_the_word_null_ends_nothing() {
    let piece = |text: &str| {
        data(&json!({"choices":[{"index":0,"delta":{"content":text},"finish_reason":"null"}]}))
    };
    let (one, two) = KEY.split_at(9);
    let out = streamed(
        &mut reply(&handle(&with_replies())),
        &[piece(one), piece(two)],
    );
    assert!(out.contains("REDACTED"), "{out}");
}

#[test]
fn what_follows_an_escape_in_text_within_text_is_found() {
    let handle = handle(&all(Action::Redact));
    for input in [
        "DE89370400440532013000",
        "fe80::1ff:fe23:4567:890a",
        "203.0.113.77",
        KEY,
    ] {
        assert_eq!(
            text(&handle, &format!("a\\n{input}\\n")),
            "a\\n[REDACTED]\\n"
        );
    }
}

#[test]
fn findings_in_thousands_of_parts_are_all_taken() {
    let handle = handle(&RedactionConfig {
        inline_limit: 1 << 30,
        ..all(Action::Placeholder)
    });
    let part = |n| json!({"type":"text","text":format!("a{n}@firm-mail.com ")});
    let parts: Vec<_> = (0..4000).map(part).collect();
    let body = json!({"model":"m","messages":[{"role":"user","content":parts}]}).to_string();
    let out = sent(&handle, &body);
    assert!(!out.contains("firm-mail"));
    assert_eq!(out.matches("NENYA_EMAIL_").count(), 4000);
}

#[test]
fn a_value_restored_into_a_line_of_json_leaves_it_json() {
    let handle = handle(&all(Action::Placeholder));
    let clean = run(handle.redact_text(Bytes::from(PEM), WHO)).unwrap();
    let stand_in = String::from_utf8(clean.get().to_vec()).unwrap();
    let mut reply = clean.reply().unwrap();
    let line = format!(
        "{}\n",
        json!({"message":{"role":"assistant","content":stand_in},"done":false})
    );
    let out = passed(reply.text(line.as_bytes()))
        + std::str::from_utf8(&reply.finish().unwrap()).unwrap();
    assert!(
        serde_json::from_str::<serde_json::Value>(&out).is_ok(),
        "{out}"
    );
}

#[test]
fn a_value_restored_into_structured_output_leaves_it_json() {
    let handle = handle(&all(Action::Placeholder));
    let clean = run(handle.redact_text(Bytes::from(PEM), WHO)).unwrap();
    let stand_in = String::from_utf8(clean.get().to_vec()).unwrap();
    let content = json!({"key": stand_in}).to_string();
    let answer = json!({"choices":[{"index":0,"message":{"role":"assistant","content":content}}]})
        .to_string();
    let whole = run(handle.redact_reply(clean.reply().unwrap(), Bytes::from(answer)))
        .unwrap()
        .into_body();
    let whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    let content = whole["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(
        serde_json::from_str::<serde_json::Value>(content).is_ok(),
        "{content}"
    );
}

#[test]
fn a_place_says_nothing_that_a_rule_would_replace() {
    let handle = handle(&all(Action::Redact));
    let body = json!({"model":"m","messages":[{"role":"user","content":"x"}],"metadata":{"ann.other@firm-mail.com":KEY}});
    let chat = ChatRequest::parse(Bytes::from(body.to_string()), &JsonLimits::default()).unwrap();
    let clean = run(handle.redact_chat(chat, WHO)).unwrap();
    assert!(!clean.findings().places()[0].place.contains("ann.other"));
}

fn row(rule: &str, action: Action) -> ActionRow {
    ActionRow {
        rule: Some(rule.to_owned()),
        class: None,
        agent: None,
        direction: None,
        action,
    }
}

#[test]
fn findings_of_an_inspected_text_are_in_its_order() {
    let config = RedactionConfig {
        actions: vec![row("private-key", Action::Observe)],
        ..all(Action::Redact)
    };
    let text = PEM.replace("KEY-----\nMII", &format!("KEY-----\nComment: {KEY}\n\nMII"));
    let inspected = RuleSet::compile(&config)
        .unwrap()
        .inspect(format!("x\n{text}\n").as_bytes());
    let inspected = inspected.unwrap();
    let starts: Vec<_> = inspected
        .findings
        .iter()
        .map(|found| found.range.start)
        .collect();
    assert!(
        starts.is_sorted() && starts.len() >= 2,
        "{:?}",
        inspected.findings
    );
}

#[test]
fn all_that_a_stream_holds_together_is_bounded() {
    let handle = handle(&with_replies());
    let mut reply = reply(&handle);
    let begun = format!("-----BEGIN PRIV{}", "ATE KEY-----\n")
        + &"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n".repeat(5000);
    let ended = (0..100).find(|index| {
        let event = data(&json!({"choices":[{"index":index,"delta":{"content":begun}}]}));
        matches!(reply.events(Bytes::from(event)), Passed::UpTo(..))
    });
    assert!(ended.is_some_and(|index| index > 3), "{ended:?}");
}

#[test]
fn a_long_text_of_beginnings_goes_through_a_stream_as_it_goes_whole() {
    let token = concat!(
        "eyJ",
        "hbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Ims3UW0yIn0.eyJzdWIiOiJ1c3JfVEdQeUM5NjUiLCJzY29wZS",
        "I6ImFkbWluIiwiZXhwIjoxNzkwMDAwMDAwfQ.l1M7nK9RrBufuNB_WfR9teTCFtXE9npzjSrh2_k8JoLIsPENZ72"
    );
    let handle = handle(&with_replies());
    let text = format!("{} then {token} end", "eyJ".repeat(360_000));
    for size in [4096, 200_000] {
        let mut reply = reply(&handle);
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            let Passed::All(bytes) = reply.text(piece) else {
                panic!("the stream is refused");
            };
            out.extend_from_slice(&bytes);
        }
        out.extend_from_slice(&reply.finish().unwrap());
        assert_eq!(out.len(), text.len() - token.len() + "[REDACTED]".len());
        assert!(out.ends_with(b"eyJ then [REDACTED] end"), "{size}");
    }
}

/// Word by word, as models say it: what is held back is counted, not guessed.
#[test]
fn prose_is_not_delayed() {
    let words = "The gateway keeps the provider keys in locked memory and lets each key do only \
                 what it may. It takes secrets and personal data out of what leaves the house, \
                 routes around failing providers and counts every token exactly once, so that \
                 people who run it can sleep. A model would say it like this, with a word each time.";
    // With personal data a word may always become a mail address.
    let handle = handle(&RedactionConfig {
        presets: vec![Preset::Credentials],
        ..with_replies()
    });
    let mut reply = reply(&handle);
    let mut late = Vec::new();
    for word in words
        .split_inclusive(' ')
        .map(|word| format!(" {}", word.trim_end()))
    {
        let event = said(&word);
        if passed(reply.events(Bytes::from(event.clone()))) != event {
            late.push(word);
        }
    }
    // Five words are beginnings of tokens as they stand (` key`, ` do`, ` token`, ` A`, ` a`); each
    // of them waits for the next word, which brings it along.
    assert!(late.len() <= 10, "{late:?}");
}

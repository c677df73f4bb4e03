//! Upstreams that answer nonsense, break off, go silent or send too much. The client always gets
//! a well-formed answer that says so, and no word of the upstream's own text that it should not.

use serde_json::{Value, json};

use crate::harness::{Dummy, Gateway, Reply, Request, Setup, USER};

fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/providers/dummy/first_byte_timeout_seconds", json!(1))
        .config("/providers/dummy/stream_idle_timeout_seconds", json!(1))
        .config("/providers/dummy/timeout_seconds", json!(2))
        .config("/server/max_reply_bytes", json!("1 MiB"))
        .config("/server/max_stream_bytes", json!("1 MiB"))
        .start();
    (dummy, gateway)
}

fn failed(reply: &Reply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (status, code),
        "{}",
        reply.text()
    );
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert!(reply.json()["error_kind"].is_string(), "{}", reply.text());
}

/// The events of a stream, and the JSON of the last one before `[DONE]`.
fn events(reply: &Reply) -> Vec<String> {
    let text = reply.text();
    assert!(
        text.is_empty() || text.ends_with("\n\n"),
        "not at an event boundary: {text:?}"
    );
    text.split("\n\n")
        .filter_map(|event| event.strip_prefix("data: ").map(str::to_owned))
        .collect()
}

fn final_error(reply: &Reply) -> Value {
    let events = events(reply);
    let last = events
        .iter()
        .rev()
        .find(|event| event.as_str() != "[DONE]")
        .expect("an event");
    let last: Value = serde_json::from_str(last).expect("an event of JSON");
    assert!(last["error"].is_object(), "{events:?}");
    last
}

#[test]
fn html_is_not_passed_on() {
    let (_dummy, gateway) = scene();
    for stream in [false, true] {
        let reply = gateway.ask("dummy/html", stream);
        failed(&reply, 502, "provider_bad_reply");
        assert!(!reply.text().contains("doctype"));
    }
}

#[test]
fn an_upstream_that_closes_early_is_a_failure_and_not_a_short_answer() {
    let (_dummy, gateway) = scene();
    for model in [
        "dummy/hang-up",
        "dummy/cut",
        "dummy/cut-length",
        "dummy/lie-length",
    ] {
        let reply = gateway.ask(model, false);
        assert_eq!(reply.status, 502, "{model}: {}", reply.text());
        assert!(
            reply.json()["error"].is_object(),
            "{model}: {}",
            reply.text()
        );
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (dummy, gateway) = scene();
    for stream in [false, true] {
        let reply = gateway.ask("dummy/redirect", stream);
        assert_eq!(reply.status, 502, "{}", reply.text());
        assert_eq!(reply.header("location"), None);
    }
    assert_eq!(dummy.count("redirects_followed"), 0);
}

#[test]
fn broken_and_empty_json_is_not_passed_on() {
    let (_dummy, gateway) = scene();
    for model in ["dummy/bad-json", "dummy/empty"] {
        failed(&gateway.ask(model, false), 502, "provider_bad_reply");
    }
}

#[test]
fn a_length_that_is_too_short_does_not_spill_into_the_next_answer() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/short-length", false);
    assert_eq!(reply.status, 502, "{}", reply.text());
    for _ in 0..3 {
        assert_eq!(
            gateway.ask("dummy/ok", false).content(),
            "Hello from the dummy."
        );
    }
}

#[test]
fn a_stream_without_an_event_is_a_failure() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/empty-stream", true);
    assert_eq!(reply.status, 502, "{}", reply.text());
}

#[test]
fn an_upstream_that_never_answers_is_given_up() {
    let (dummy, gateway) = scene();
    for stream in [false, true] {
        failed(&gateway.ask("dummy/stall", stream), 504, "provider_timeout");
    }
    dummy.until("open", 0);
}

#[test]
fn a_whole_answer_that_stops_in_the_middle_is_given_up() {
    let (dummy, gateway) = scene();
    let reply = gateway.ask("dummy/stall-after-20", false);
    assert_eq!(reply.status, 504, "{}", reply.text());
    dummy.until("open", 0);
}

#[test]
fn a_stream_that_goes_silent_ends_with_a_well_formed_error() {
    let (dummy, gateway) = scene();
    let reply = gateway.ask("dummy/stall-after-2", true);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text().matches("word ").count(), 2);
    assert_eq!(
        final_error(&reply)["error"]["code"],
        "stream_stalled",
        "{}",
        reply.text()
    );
    dummy.until("open", 0);
}

#[test]
fn a_stream_that_is_cut_ends_with_a_well_formed_error() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/cut-after-3", true);
    assert_eq!(reply.text().matches("word ").count(), 3);
    assert_eq!(
        final_error(&reply)["error"]["code"],
        "stream_interrupted",
        "{}",
        reply.text()
    );
}

#[test]
fn a_stream_without_done_is_reported_as_incomplete() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/no-done", true);
    assert!(reply.text().contains("two "), "{}", reply.text());
    assert!(final_error(&reply)["error"]["code"].is_string());
}

#[test]
fn an_error_event_reaches_the_client() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/error-event", true);
    assert!(
        reply.text().contains("one ") && reply.text().contains("two "),
        "{}",
        reply.text()
    );
    assert!(final_error(&reply)["error"].is_object());
}

#[test]
fn a_flood_is_cut_at_the_limit() {
    let (dummy, gateway) = scene();
    let whole = gateway.ask("dummy/flood-64", false);
    assert_eq!(whole.status, 502, "{}", whole.body.len());
    let stream = gateway.ask("dummy/flood-64", true);
    assert!(stream.body.len() < 2 << 20, "{}", stream.body.len());
    assert_eq!(final_error(&stream)["error"]["code"], "stream_too_large");
    dummy.until("open", 0);
}

#[test]
fn close_delimited_answers_and_early_hints_are_understood() {
    let (_dummy, gateway) = scene();
    for model in ["dummy/close-delimited", "dummy/continue-103"] {
        let whole = gateway.ask(model, false);
        assert_eq!(
            (whole.status, whole.content().as_str()),
            (200, "Hello from the dummy."),
            "{model}: {}",
            whole.text()
        );
        let stream = gateway.ask(model, true);
        assert!(
            stream.text().ends_with("data: [DONE]\n\n"),
            "{model}: {}",
            stream.text()
        );
    }
}

#[test]
fn an_early_413_is_read_while_the_body_is_still_being_sent() {
    let (_dummy, gateway) = scene();
    let text = "words and more words, ".repeat(400_000);
    let body = format!(
        r#"{{"model":"dummy/early-413","messages":[{{"role":"user","content":"{text}"}}]}}"#
    );
    let reply = gateway.send(&Request::chat(body).key(USER));
    assert_eq!(reply.status, 413, "{}", reply.text());
    assert!(reply.json()["error"].is_object());
}

#[test]
fn failures_of_the_upstream_become_errors_of_ours() {
    let (_dummy, gateway) = scene();
    for (status, expected) in [
        (500, 502),
        (503, 503),
        (401, 502),
        (403, 502),
        (400, 400),
        (422, 422),
    ] {
        let reply = gateway.ask(&format!("dummy/status-{status}"), false);
        let answered = reply.status;
        assert!(
            answered == expected || (status == 503 && answered == 502),
            "{status} became {answered}: {}",
            reply.text()
        );
        assert!(
            reply.json()["error"]["message"].is_string(),
            "{}",
            reply.text()
        );
    }
}

#[test]
fn a_limit_of_the_upstream_comes_with_its_retry_after() {
    let (_dummy, gateway) = scene();
    let reply = gateway.ask("dummy/status-429", false);
    assert_eq!(reply.status, 429, "{}", reply.text());
    assert_eq!(reply.header("retry-after"), Some("7"));
}

#[test]
fn headers_that_are_the_account_s_own_business_stay_inside() {
    let (_dummy, gateway) = scene();
    for stream in [false, true] {
        let reply = gateway.ask("dummy/talkative", stream);
        assert_eq!(reply.status, 200);
        for name in [
            "set-cookie",
            "openai-organization",
            "x-private",
            "keep-alive",
            "alt-svc",
            "x-ratelimit-remaining-requests",
        ] {
            assert_eq!(reply.header(name), None, "{name} came through");
        }
        assert_ne!(reply.header("server"), Some("dummy/1"));
        assert_ne!(reply.header("x-request-id"), Some("upstream-7"));
    }
}

#[test]
fn nobody_listening_is_a_failure_of_the_network() {
    let (dummy, gateway) = scene();
    drop(dummy);
    let reply = gateway.ask("dummy/ok", false);
    failed(&reply, 502, "provider_unreachable");
}

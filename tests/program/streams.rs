//! Streams: what arrives, when it arrives, and what happens when one side leaves.

use std::net::Shutdown;

use serde_json::{Value, json};

use crate::harness::http::Connection;
use crate::harness::{Dummy, Gateway, Request, Setup, USER};

fn open(gateway: &Gateway, model: &str) -> Connection {
    let mut connection = gateway.client().connect().unwrap();
    connection
        .write(&Request::to_model(model, true).key(USER).bytes())
        .unwrap();
    connection
}

#[test]
fn a_stream_arrives_as_the_upstream_sent_it() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let reply = gateway.ask("dummy/chunks-50", true);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(
        reply
            .header("content-type")
            .unwrap()
            .starts_with("text/event-stream")
    );
    assert_eq!(reply.text().matches("\"content\":\"word \"").count(), 50);
    assert!(
        reply.text().ends_with("data: [DONE]\n\n"),
        "{}",
        reply.text()
    );
}

#[test]
fn usage_is_passed_on_if_it_was_asked_for() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let body = json!({"model": "dummy/tokens-42", "stream": true, "stream_options": {"include_usage": true}, "messages": [{"role": "user", "content": "hi"}]});
    let reply = gateway.send(&Request::chat(body.to_string()).key(USER));
    assert!(
        reply.text().contains(r#""completion_tokens":42"#),
        "{}",
        reply.text()
    );
}

#[test]
fn the_echo_counts_its_tokens_also_where_nobody_asked_for_them() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config(
            "/agents/parrot",
            json!({"models": [{"provider": "echo", "model": "echo"}]}),
        )
        .start();
    let usage = |wanted: bool| json!({"include_usage": wanted});
    for (id, options, is_shown, is_estimated) in [
        ("nobody-asks", Value::Null, false, false),
        ("client-asks", usage(true), true, false),
        ("client-refuses", usage(false), false, true),
    ] {
        let mut body = json!({"model": "parrot", "stream": true, "messages": [{"role": "user", "content": "two words"}]});
        if !options.is_null() {
            body["stream_options"] = options;
        }
        let request = Request::chat(body.to_string()).key(USER);
        let reply = gateway.send(&request.header("x-request-id", id));
        let text = reply.text();
        assert_eq!(reply.status, 200, "{text}");
        assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
        assert_eq!(text.contains("completion_tokens"), is_shown, "{id}: {text}");
        gateway.until_logged(id);
        let log = gateway.log();
        let line = log.lines().find(|line| line.contains(id)).unwrap();
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["tokens_estimated"], is_estimated, "{record}");
        assert!(is_estimated || record["completion_tokens"] == 3, "{record}");
    }
}

#[test]
fn events_are_not_held_back() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    // Nothing follows the second event that could push the others out.
    let mut connection = open(&gateway, "dummy/stall-after-2");
    connection.head().unwrap();
    for _ in 0..2 {
        let event = connection.event().unwrap().unwrap();
        assert!(event.contains("word "), "{event}");
    }
}

#[test]
fn a_client_that_leaves_ends_the_upstream_call_in_every_phase() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    // Before the head, in a silent stream, in a stream that runs, in a whole answer.
    for (model, stream) in [
        ("dummy/stall", true),
        ("dummy/stall-after-2", true),
        ("dummy/delay-50-chunks-100000", true),
        ("dummy/stall-after-9", false),
    ] {
        let mut connection = gateway.client().connect().unwrap();
        connection
            .write(&Request::to_model(model, stream).key(USER).bytes())
            .unwrap();
        dummy.until("open", 1);
        connection.socket().shutdown(Shutdown::Both).unwrap();
        dummy.until("open", 0);
    }
    assert_eq!(dummy.count("closed_early"), 4);
}

#[test]
fn a_slow_reader_does_not_make_the_gateway_swallow_the_stream() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/max_stream_bytes", json!("1 GiB"))
        .start();
    let mut connection = open(&gateway, "dummy/flood-256");
    connection.head().unwrap();
    let before = crate::resources::own_kib(gateway.pid());
    for _ in 0..20 {
        connection.event().unwrap().unwrap();
        crate::harness::pause();
    }
    let grown = crate::resources::own_kib(gateway.pid()).saturating_sub(before);
    assert!(grown < 16 << 10, "{grown} KiB were buffered for one reader");
}

#[test]
fn many_streams_at_once_do_not_mix() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (1..=16)
            .map(|count| {
                let gateway = &gateway;
                scope.spawn(move || {
                    (
                        count,
                        gateway.ask(&format!("dummy/chunks-{}", count * 10), true),
                    )
                })
            })
            .collect();
        for reader in readers {
            let (count, reply) = reader.join().unwrap();
            assert_eq!(reply.text().matches("word ").count(), count * 10);
        }
    });
}

#[test]
fn a_stop_lets_answers_finish_and_ends_streams_with_an_event() {
    let dummy = Dummy::start();
    let mut gateway = Setup::new(&dummy)
        .config("/server/shutdown_timeout", json!("2s"))
        .start();
    let mut endless = open(&gateway, "dummy/delay-50-chunks-100000");
    endless.head().unwrap();
    endless.event().unwrap().unwrap();
    let mut short = gateway.client().connect().unwrap();
    short
        .write(
            &Request::to_model("dummy/slow-first-byte-300", false)
                .key(USER)
                .bytes(),
        )
        .unwrap();
    dummy.until("open", 2);
    gateway.signal("TERM");
    gateway.until_notified("STOPPING=1");
    assert_eq!(short.reply().unwrap().content(), "Hello from the dummy.");
    let mut rest = String::new();
    while let Some(events) = endless.event().unwrap() {
        rest.push_str(&events);
    }
    let last = rest
        .trim_end()
        .split("\n\n")
        .filter(|event| !event.contains("[DONE]"))
        .last()
        .unwrap();
    assert!(
        last.contains("\"error\"") && last.contains("shutting_down"),
        "{last}"
    );
    assert!(gateway.wait().success());
}

#[test]
fn a_second_request_on_the_same_connection_is_served_after_a_stream() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let mut connection = gateway.client().connect().unwrap();
    for stream in [true, false, true] {
        connection
            .write(&Request::to_model("dummy/ok", stream).key(USER).bytes())
            .unwrap();
        assert_eq!(connection.reply().unwrap().status, 200);
    }
}

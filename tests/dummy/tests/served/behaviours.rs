//! What a client of each behaviour gets, byte for byte.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Dummy, body, chat};

fn stated_length(answer: &str) -> Option<usize> {
    let line = answer
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix("content-length: "));
    line.map(|digits| digits.parse().unwrap())
}

#[test]
fn a_good_answer_is_a_whole_completion() {
    let dummy = Dummy::start();
    let answer = dummy.all_bytes("ok", false);
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"),
        "{answer}"
    );
    let completion: Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(
        completion["choices"][0]["message"]["content"],
        "Hello from the dummy."
    );
    assert_eq!(completion["usage"]["total_tokens"], 14);
}

#[test]
fn one_connection_serves_many_requests_even_pipelined() {
    let dummy = Dummy::start();
    let mut connection = dummy.connect();
    let mut requests = chat("ok", false, "");
    requests.extend(chat("ok", true, ""));
    requests.extend(chat("html", false, "connection: close\r\n"));
    connection.write_all(&requests).unwrap();
    let mut answers = String::new();
    connection.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
    assert_eq!(dummy.seen()["requests"], 3);
}

#[test]
fn a_good_stream_is_chunked_events_with_an_end() {
    let answer = Dummy::start().all_bytes("ok", true);
    assert!(answer.contains(
        "content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n"
    ));
    assert_eq!(answer.matches("data: {").count(), 5, "{answer}");
    assert!(
        answer.ends_with("\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"),
        "{answer}"
    );
}

#[test]
fn bodies_that_are_cut_end_with_the_connection() {
    let dummy = Dummy::start();
    let chunked = dummy.all_bytes("cut", false);
    assert!(
        chunked.contains("chunked") && !chunked.ends_with("0\r\n\r\n"),
        "{chunked}"
    );
    let stream = dummy.all_bytes("cut-after-2", true);
    assert_eq!(stream.matches("word ").count(), 2);
    assert!(!stream.ends_with("0\r\n\r\n"));
    let with_length = dummy.all_bytes("cut-length", false);
    assert!(stated_length(&with_length).unwrap() > body(&with_length).len());
    assert_eq!(dummy.all_bytes("hang-up", false), "");
}

#[test]
fn lengths_can_lie() {
    let dummy = Dummy::start();
    let long = dummy.all_bytes("lie-length", false);
    assert_eq!(stated_length(&long), Some(body(&long).len() + 100));
    let short = dummy.all_bytes("short-length", false);
    assert!(stated_length(&short).unwrap() < body(&short).len());
}

#[test]
fn statuses_come_with_an_error_object() {
    let answer = Dummy::start().all_bytes("status-429", false);
    assert!(
        answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n"),
        "{answer}"
    );
    assert!(answer.contains("\r\nretry-after: 7\r\n"));
    let error: Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(error["error"]["code"], "dummy_429");
}

#[test]
fn bodies_can_be_html_broken_or_empty() {
    let dummy = Dummy::start();
    assert!(
        dummy
            .all_bytes("html", false)
            .contains("content-type: text/html\r\n")
    );
    let broken = dummy.all_bytes("bad-json", false);
    assert!(serde_json::from_str::<Value>(body(&broken)).is_err());
    assert_eq!(body(&dummy.all_bytes("empty", false)), "");
    assert_eq!(body(&dummy.all_bytes("empty-stream", true)), "0\r\n\r\n");
}

#[test]
fn a_redirect_that_is_followed_is_noticed() {
    let dummy = Dummy::start();
    assert!(
        dummy
            .all_bytes("redirect", false)
            .contains("HTTP/1.1 302 Found\r\n")
    );
    assert_eq!(dummy.seen()["redirects_followed"], 0);
    dummy
        .connect()
        .write_all(b"GET /_redirected HTTP/1.1\r\n\r\n")
        .unwrap();
    dummy.until_seen("the redirect", |seen| seen["redirects_followed"] == 1);
}

#[test]
fn streams_can_end_without_done_or_with_an_error() {
    let dummy = Dummy::start();
    let unfinished = dummy.all_bytes("no-done", true);
    assert!(!unfinished.contains("[DONE]") && unfinished.ends_with("0\r\n\r\n"));
    let error = dummy.all_bytes("error-event", true);
    assert!(error.contains(r#"data: {"error":{"#), "{error}");
}

#[test]
fn a_close_delimited_answer_has_neither_length_nor_chunks() {
    let answer = Dummy::start().all_bytes("close-delimited", false);
    assert!(
        !answer.contains("content-length") && !answer.contains("chunked"),
        "{answer}"
    );
    assert!(serde_json::from_str::<Value>(body(&answer)).is_ok());
}

#[test]
fn early_hints_come_before_the_answer() {
    let answer = Dummy::start().all_bytes("continue-103", false);
    assert!(
        answer.starts_with("HTTP/1.1 103 Early Hints\r\n"),
        "{answer}"
    );
    assert!(body(&answer).starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn an_early_413_does_not_wait_for_the_body() {
    let dummy = Dummy::start();
    let mut connection = dummy.connect();
    connection
        .write_all(
            b"POST /v1/x HTTP/1.1\r\ncontent-length: 1000000\r\n\r\n{\"model\":\"early-413\",",
        )
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[test]
fn a_slow_first_byte_is_as_slow_as_asked() {
    let dummy = Dummy::start();
    let began = Instant::now();
    dummy.all_bytes("slow-first-byte-120", false);
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[test]
fn a_client_that_leaves_a_stall_or_a_slow_stream_is_counted() {
    let dummy = Dummy::start();
    for model in ["stall", "stall-after-2", "delay-60000-chunks-3"] {
        let mut connection = dummy.connect();
        connection.write_all(&chat(model, true, "")).unwrap();
        dummy.until_seen("the open request", |seen| seen["open"] == 1);
        connection.shutdown(Shutdown::Both).unwrap();
        dummy.until_seen("the early close", |seen| seen["open"] == 0);
    }
    assert_eq!(dummy.seen()["closed_early"], 3);
}

#[test]
fn flaky_and_failing_models_count_their_own_requests() {
    let dummy = Dummy::start();
    let statuses = |model: &str| -> Vec<bool> {
        (0..4)
            .map(|_| dummy.all_bytes(model, false).starts_with("HTTP/1.1 200"))
            .collect()
    };
    assert_eq!(statuses("flaky-2"), [true, false, true, false]);
    assert_eq!(statuses("fail-3"), [false, false, false, true]);
}

#[test]
fn an_echo_and_the_counters_tell_what_was_received() {
    let dummy = Dummy::start();
    let mut connection = dummy.connect();
    connection
        .write_all(&chat(
            "echo",
            false,
            "Authorization: Bearer k-1\r\nconnection: close\r\n",
        ))
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let completion: Value = serde_json::from_str(body(&answer)).unwrap();
    let told: Value = serde_json::from_str(
        completion["choices"][0]["message"]["content"]
            .as_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(told["headers"]["authorization"], "Bearer k-1");
    let seen = dummy.seen();
    assert_eq!(seen["authorization"], "Bearer k-1");
    assert_eq!(told["body"], seen["last_body"]);
}

#[test]
fn models_are_listed_and_listings_are_no_requests() {
    let dummy = Dummy::start();
    let mut connection = dummy.connect();
    connection
        .write_all(b"GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#""object":"list""#), "{answer}");
    assert_eq!(
        (&dummy.seen()["requests"], &dummy.seen()["listings"]),
        (&0.into(), &1.into())
    );
}

#[test]
fn a_flood_is_delivered_whole_and_in_order() {
    let answer = Dummy::start().all_bytes("flood-2", true);
    assert!(answer.len() > 2 << 20);
    assert!(answer.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"));
}

//! Clients that leave before they were answered, or stop reading: what is left of them.

use std::io::Read as _;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::http::Connection;
use crate::harness::{Dummy, Gateway, Request, Setup, USER};

const IN_FLIGHT: &str = "nenya_inflight_requests";
const GONE: &str = "nenya_client_gone_total";

fn open(gateway: &Gateway, model: &str, stream: bool) -> Connection {
    let mut connection = gateway.client().connect().unwrap();
    connection
        .write(&Request::to_model(model, stream).key(USER).bytes())
        .unwrap();
    connection
}

/// The records of requests whose client left before the head.
fn unanswered(gateway: &Gateway) -> Vec<Value> {
    let log = gateway.log();
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|record| record["status"] == 499)
        .collect()
}

#[test]
fn a_client_that_leaves_before_the_head_is_counted_and_logged_once() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let before = gateway.metric(IN_FLIGHT);
    for (left, stream) in [(1, false), (2, true)] {
        let connection = open(&gateway, "dummy/stall", stream);
        dummy.until("open", 1);
        assert!((gateway.metric(IN_FLIGHT) - before - 1.0).abs() < f64::EPSILON);
        connection.socket().shutdown(Shutdown::Both).unwrap();
        dummy.until("open", 0);
        gateway.until_metric(IN_FLIGHT, before);
        gateway.until_metric(GONE, f64::from(left));
    }
    gateway.until_logged("\"status\":499");
    gateway.ask("dummy/ok", false);
    // Lines come in order, and no other one names the provider.
    gateway.until_logged("\"provider\":\"dummy\"");
    let records = unanswered(&gateway);
    assert_eq!(records.len(), 2, "{}", gateway.log());
    for record in records {
        assert_eq!(record["ending"], "client_gone", "{record}");
        assert_eq!(record["route"], "/v1/chat/completions", "{record}");
        assert_eq!(record["key_name"], "user", "{record}");
    }
}

#[test]
fn a_client_that_leaves_while_it_sends_is_counted_too() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let before = gateway.metric(IN_FLIGHT);
    let mut connection = gateway.client().connect().unwrap();
    let head = Request::new("POST", "/v1/chat/completions")
        .key(USER)
        .header("content-type", "application/json")
        .header("content-length", "500");
    connection.write(&head.bytes()).unwrap();
    connection.write(br#"{"model":"dummy/ok","#).unwrap();
    gateway.until_metric(IN_FLIGHT, before + 1.0);
    connection.socket().shutdown(Shutdown::Both).unwrap();
    gateway.until_metric(IN_FLIGHT, before);
    assert_eq!(dummy.count("requests"), 0);
    gateway.until_metric(GONE, 1.0);
    gateway.until_logged("\"status\":499");
    let records = unanswered(&gateway);
    assert_eq!(records.len(), 1, "{}", gateway.log());
    assert_eq!(records[0]["ending"], "client_gone", "{}", records[0]);
    assert_eq!(
        records[0]["error_code"], "body_incomplete",
        "{}",
        records[0]
    );
}

#[test]
fn places_of_those_who_left_come_back() {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/limits/keys/user/concurrent_requests", json!(1))
        .start();
    for _ in 0..3 {
        let connection = open(&gateway, "dummy/stall", false);
        dummy.until("open", 1);
        assert_eq!(gateway.ask("dummy/ok", false).status, 429);
        connection.socket().shutdown(Shutdown::Both).unwrap();
        dummy.until("open", 0);
    }
    gateway.until_metric(GONE, 3.0);
    assert_eq!(gateway.ask("dummy/ok", false).status, 200);
}

fn impatient(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/server/idle_timeout", json!("1s"))
        .config("/server/header_timeout", json!("1s"))
        .config("/server/max_stream_bytes", json!("1 GiB"))
        .start()
}

#[test]
fn a_client_that_stops_reading_is_closed_and_the_upstream_sees_it() {
    let dummy = Dummy::start();
    let gateway = impatient(&dummy);
    let before = gateway.metric(IN_FLIGHT);
    let mut connection = open(&gateway, "dummy/flood-256", true);
    connection.head().unwrap();
    connection.event().unwrap().unwrap();
    let stopped = Instant::now();
    dummy.until("closed_early", 1);
    let took = stopped.elapsed();
    assert!(took > Duration::from_millis(900), "closed after {took:?}");
    assert!(took < Duration::from_secs(10), "closed after {took:?}");
    gateway.until_metric(IN_FLIGHT, before);
    gateway.until_metric("nenya_connections_reaped", 1.0);
    gateway.until_metric(GONE, 1.0);
    let end = loop {
        match connection.event() {
            Ok(Some(_)) => {}
            end => break end,
        }
    };
    assert!(end.is_err(), "the stream has no good end: {end:?}");
}

#[test]
fn a_client_that_waits_for_a_slow_provider_is_not_closed() {
    let dummy = Dummy::start();
    let gateway = impatient(&dummy);
    // Longer than `idle_timeout` before each event, and before a whole answer.
    let streamed = open(&gateway, "dummy/delay-2500-chunks-2", true)
        .reply()
        .unwrap();
    assert!(
        streamed.text().ends_with("data: [DONE]\n\n"),
        "{}",
        streamed.text()
    );
    let whole = gateway.ask("dummy/slow-first-byte-2500", false);
    assert_eq!(whole.status, 200, "{}", whole.text());
    assert!(gateway.metric("nenya_connections_reaped").abs() < f64::EPSILON);
}

/// How slowly [`at_leisure`] reads. The kernel holds a few MiB between gateway and client, so the
/// gateway sees no progress until about the first of them is read: a tenth of this.
const LEISURE: Duration = Duration::from_secs(6);
/// Far above that tenth, far below the whole.
const SHORT_LIMIT: Duration = Duration::from_secs(3);
const FLOOD: usize = 24 << 20;

fn in_between(dummy: &Dummy) -> Gateway {
    Setup::new(dummy)
        .config("/server/idle_timeout", json!("3s"))
        .config("/server/header_timeout", json!("1s"))
        .config("/server/max_stream_bytes", json!("1 GiB"))
        .start()
}

/// Reads by the clock, so that a busy machine makes the client late but never slower: it reads
/// what it has missed. `read` gives the length of a piece, none at the end.
fn at_leisure(mut read: impl FnMut() -> Option<usize>) -> Slowly {
    let began = Instant::now();
    let (mut bytes, mut last, mut longest_wait) = (0, began, Duration::ZERO);
    loop {
        while bytes as f64 / FLOOD as f64 > began.elapsed().as_secs_f64() / LEISURE.as_secs_f64() {
            crate::harness::pause();
        }
        longest_wait = longest_wait.max(last.elapsed());
        last = Instant::now();
        match read() {
            Some(count) => bytes += count,
            None => break,
        }
    }
    Slowly {
        bytes,
        took: began.elapsed(),
        longest_wait,
    }
}

#[derive(Debug)]
struct Slowly {
    bytes: usize,
    took: Duration,
    longest_wait: Duration,
}

impl Slowly {
    /// Whether the client went on all the time; if the machine let it wait, nothing is shown.
    fn went_on(&self) -> bool {
        self.longest_wait < SHORT_LIMIT / 3
    }

    fn was_let_read(&self, gateway: &Gateway) {
        assert!(self.bytes >= FLOOD, "closed: {self:?}");
        assert!(self.took > SHORT_LIMIT, "not slow: {self:?}");
        assert!(gateway.metric("nenya_connections_reaped").abs() < f64::EPSILON);
    }
}

/// Reads until the machine has let a client go on all the time.
fn slowly(read: impl Fn(&Gateway) -> Slowly) {
    let dummy = Dummy::start();
    let mut hindered = Vec::new();
    for _ in 0..10 {
        let gateway = in_between(&dummy);
        let read = read(&gateway);
        if read.went_on() {
            return read.was_let_read(&gateway);
        }
        hindered.push(read);
    }
    panic!("the machine let no client read steadily: {hindered:?}");
}

#[test]
fn a_client_that_reads_a_stream_slowly_but_goes_on_is_not_closed() {
    slowly(|gateway| {
        let mut connection = open(gateway, "dummy/flood-24", true);
        connection.head().unwrap();
        at_leisure(|| Some(connection.chunk().ok()??.len()))
    });
}

#[test]
fn a_client_that_reads_a_whole_answer_slowly_but_goes_on_is_not_closed() {
    slowly(|gateway| {
        let mut connection = open(gateway, "dummy/flood-24", false);
        let head = connection.head().unwrap();
        let length: usize = head.header("content-length").unwrap().parse().unwrap();
        // Some of the body came with the head.
        let mut left = length - (64 << 10);
        let (mut socket, mut piece) = (connection.socket(), vec![0; 16 << 10]);
        let read = at_leisure(|| {
            let count = socket.read(&mut piece).ok().filter(|&count| count > 0)?;
            let more = left > 0;
            left = left.saturating_sub(count);
            more.then_some(count)
        });
        Slowly {
            bytes: read.bytes + (64 << 10),
            ..read
        }
    });
}

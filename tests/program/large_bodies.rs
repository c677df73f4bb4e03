//! Large bodies: while they are worked on, their worker serves others. Only in builds with the
//! feature `faults`, where the work on them can be told to stand still.
//!
//! That work stands still is shown by order alone: what was asked for later is answered, by the
//! only worker that there is, and the large answer has not begun.

use std::fs;
use std::io::ErrorKind;
use std::net::Shutdown;

use serde_json::json;

use crate::harness::http::Connection;
use crate::harness::{ADMIN, Dummy, Gateway, Reply, Request, Setup, USER};

const IN_FLIGHT: &str = "nenya_inflight_requests";
const LARGE: &str = "dummy/flood-4";
const LARGE_TEXT: usize = 4 << 20;
/// A body beyond every length that a worker takes on itself.
const LARGE_PROMPT: usize = 1 << 20;

fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let gateway = Setup::new(&dummy)
        .config("/server/workers", json!(1))
        .start();
    (dummy, gateway)
}

fn order(gateway: &Gateway, kind: &str) {
    let body = json!({"target": "large-bodies", "kind": kind}).to_string();
    let request = Request::new("POST", "/debug/fault")
        .key(ADMIN)
        .header("content-type", "application/json")
        .body(body);
    let answer = gateway.admin().send(&request).expect("an answer");
    assert_eq!(answer.status, 202, "{}", answer.text());
}

fn begin(gateway: &Gateway, request: &Request) -> Connection {
    let mut connection = gateway.client().connect().unwrap();
    connection.write(&request.bytes()).unwrap();
    connection
}

fn large_reply() -> Request {
    Request::to_model(LARGE, false).key(USER)
}

/// The same for a client of another format, so that the reply has to be converted.
fn converted_reply() -> Request {
    let body = json!({"model": LARGE, "max_tokens": 9,
        "messages": [{"role": "user", "content": "hello"}]});
    Request::new("POST", "/v1/messages")
        .key(USER)
        .header("content-type", "application/json")
        .body(body.to_string())
}

fn large_request() -> Request {
    let text = "word ".repeat(LARGE_PROMPT / 5);
    let body = json!({"model": "dummy/ok", "messages": [{"role": "user", "content": text}]});
    Request::chat(body.to_string()).key(USER)
}

fn nothing_came(connection: &Connection) {
    let socket = connection.socket();
    socket.set_nonblocking(true).unwrap();
    let seen = socket.peek(&mut [0]);
    socket.set_nonblocking(false).unwrap();
    let error = seen.expect_err("it was answered, or closed");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

fn is_whole(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.body.len() > LARGE_TEXT, "{} bytes", reply.body.len());
}

fn threads(gateway: &Gateway) -> usize {
    let tasks = format!("/proc/{}/task", gateway.pid());
    fs::read_dir(tasks).unwrap().count()
}

#[test]
fn a_request_is_answered_while_large_replies_before_it_are_worked_on() {
    let (dummy, gateway) = scene();
    order(&gateway, "freeze");
    let mut large = [large_reply(), converted_reply()].map(|asked| begin(&gateway, &asked));
    dummy.until("requests", 2);
    // Its answers are written: what is missing is the gateway's part.
    dummy.until("open", 0);
    for stream in [false, true] {
        assert_eq!(gateway.ask("dummy/ok", stream).status, 200);
    }
    large.iter().for_each(nothing_came);
    order(&gateway, "fail");
    for connection in &mut large {
        is_whole(&connection.reply().unwrap());
    }
}

#[test]
fn a_request_is_answered_while_a_larger_one_before_it_is_read() {
    let (dummy, gateway) = scene();
    order(&gateway, "freeze");
    let before = gateway.metric(IN_FLIGHT);
    let mut large = begin(&gateway, &large_request());
    gateway.until_metric(IN_FLIGHT, before + 1.0);
    assert_eq!(gateway.ask("dummy/ok", false).status, 200);
    nothing_came(&large);
    assert_eq!(dummy.count("requests"), 1);
    order(&gateway, "fail");
    assert_eq!(large.reply().unwrap().status, 200);
    assert_eq!(dummy.count("requests"), 2);
}

#[test]
fn clients_that_leave_while_their_replies_are_worked_on_leave_nothing_open() {
    let (dummy, gateway) = scene();
    let before = gateway.metric(IN_FLIGHT);
    order(&gateway, "freeze");
    let large: Vec<Connection> = (0..6).map(|_| begin(&gateway, &large_reply())).collect();
    dummy.until("requests", 6);
    dummy.until("open", 0);
    gateway.until_metric(IN_FLIGHT, before + 6.0);
    for connection in &large {
        connection.socket().shutdown(Shutdown::Both).unwrap();
    }
    gateway.until_metric(IN_FLIGHT, before);
    gateway.until_metric("nenya_client_gone_total", 6.0);
    order(&gateway, "fail");
    is_whole(&gateway.send(&large_reply()));
}

#[test]
fn a_panic_over_a_large_reply_is_answered_with_500_and_the_next_one_is_whole() {
    let (_dummy, gateway) = scene();
    order(&gateway, "panic");
    let reply = gateway.send(&large_reply());
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (500, "internal_error"),
        "{}",
        reply.text()
    );
    is_whole(&gateway.send(&large_reply()));
}

/// More than can be worked on and wait for it together on any machine of up to three cores: the
/// rest is done by the worker itself.
const FLOOD: usize = 32;
/// Threads that a flood may add: as many jobs as cores, and for each a thread that has just ended
/// one and is not counted as idle yet.
const THREADS_PER_CORE: usize = 4;

#[test]
fn a_flood_of_large_replies_is_answered_by_few_threads() {
    let (_dummy, gateway) = scene();
    is_whole(&gateway.send(&large_reply()));
    let before = threads(&gateway);
    let mut most = 0;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..FLOOD)
            .map(|number| {
                let asked = match number % 2 {
                    0 => large_reply(),
                    _ => converted_reply(),
                };
                let gateway = &gateway;
                scope.spawn(move || is_whole(&gateway.send(&asked)))
            })
            .collect();
        while !clients
            .iter()
            .all(std::thread::ScopedJoinHandle::is_finished)
        {
            most = most.max(threads(&gateway));
            crate::harness::pause();
        }
    });
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!(
        most <= before + THREADS_PER_CORE * cores,
        "{most} threads, {before} before"
    );
}

/// Jobs for each core that are worked on or wait.
const ROOM_PER_CORE: usize = 1 + 8;

#[test]
fn what_finds_no_room_beside_the_worker_is_done_by_it_and_counted() {
    let (_dummy, gateway) = scene();
    order(&gateway, "freeze");
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut large: Vec<Connection> = (0..=ROOM_PER_CORE * cores)
        .map(|_| begin(&gateway, &large_reply()))
        .collect();
    gateway.until_metric("nenya_large_bodies_on_workers", 1.0);
    order(&gateway, "fail");
    for connection in &mut large {
        is_whole(&connection.reply().unwrap());
    }
}

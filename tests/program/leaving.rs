//! Clients that leave at any moment, in every format: upstreams see it, and nothing is left.
//!
//! Facts only; how fast upstreams see it is measured by `cargo xtask bench departures`.

use std::collections::HashSet;
use std::fs;
use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::departing::{self, EVERY, Left, Phase, Seen};
use crate::harness::http::PATIENCE;
use crate::harness::{Client, Dummy, Gateway, Request, Setup, USER};
use crate::resources::own_kib;

const AT_ONCE: usize = 6;
/// Idle connections that may be kept: one for each provider of each request at a time.
const MOST_IDLE: u64 = 7 * AT_ONCE as u64;
const MOST_ROUNDS: u64 = 5;
const CROSSED: &str = "crossed formats";
const EQUAL: &str = "equal formats";
const MOST_GROWTH_KIB: u64 = 4 << 10;

fn scene() -> (Dummy, Gateway) {
    let dummy = Dummy::start();
    let address = dummy.address();
    let gateway = Setup::new(&dummy)
        .config("/server/workers", json!(1))
        .config("/providers", departing::providers(address))
        .config("/agents", departing::agents())
        .secrets("/provider_keys", departing::provider_keys())
        .start();
    let watch = Request::new("POST", "/_marked").body("");
    assert_eq!(Client::new(address).send(&watch).unwrap().status, 200);
    (dummy, gateway)
}

/// What the dummy tells once nothing is open any more.
fn settled(dummy: &Dummy, gateway: &Gateway) -> Value {
    // The question is one itself.
    gateway.until_metric("nenya_inflight_requests", 1.0);
    dummy.until("open", 0);
    let told = Client::new(dummy.address()).send(&Request::new("GET", "/_marked"));
    told.unwrap().json()
}

fn leave(gateway: &Gateway, numbers: std::ops::Range<u64>) -> Vec<Left> {
    let (left, failed) = departing::leave_all(numbers, AT_ONCE, gateway.address(), USER);
    assert!(failed.is_empty(), "{failed:#?}\n{}", gateway.log());
    left
}

/// How much the gateway's memory grew since `memory`, which then holds what it is now.
fn grown_kib(gateway: &Gateway, memory: &mut u64) -> u64 {
    let before = std::mem::replace(memory, own_kib(gateway.pid()));
    memory.saturating_sub(before)
}

fn descriptors(gateway: &Gateway) -> u64 {
    let folder = format!("/proc/{}/fd", gateway.pid());
    fs::read_dir(folder).unwrap().count() as u64
}

#[test]
fn clients_that_leave_at_any_moment_leave_nothing_behind() {
    let (dummy, gateway) = scene();
    let third = EVERY / 3;
    let mut left = leave(&gateway, 0..third);
    settled(&dummy, &gateway);
    let files = descriptors(&gateway);
    let mut memory = own_kib(gateway.pid());
    left.extend(leave(&gateway, third..EVERY));
    let mut told = settled(&dummy, &gateway);
    let mut grown = vec![grown_kib(&gateway, &mut memory)];
    // On a busy machine clients may have left before anything was asked: then others try. What an
    // allocator keeps of a crowd it keeps once, what leaks leaks in every round.
    for round in 1..MOST_ROUNDS {
        if untried(&left, &told).is_none() && grown.iter().any(|kib| *kib < MOST_GROWTH_KIB) {
            break;
        }
        left.extend(leave(&gateway, EVERY * round..EVERY * (round + 1)));
        told = settled(&dummy, &gateway);
        grown.push(grown_kib(&gateway, &mut memory));
    }
    assert_eq!(untried(&left, &told), None);
    every_open_request_was_closed(&left, &told);
    let steady = grown.iter().any(|kib| *kib < MOST_GROWTH_KIB);
    assert!(steady, "{grown:?} KiB more in each round, {memory} KiB now");
    let more = descriptors(&gateway).saturating_sub(files);
    assert!(more <= MOST_IDLE, "{more} descriptors beyond {files}");
    let idle = dummy.count("connections_open");
    assert!(idle <= MOST_IDLE, "{idle} connections to the upstream");
    every_request_has_one_line(&gateway);
    assert!(
        !gateway.log().contains("\"status\":500"),
        "{}",
        gateway.log()
    );
}

fn every_open_request_was_closed(left: &[Left], told: &Value) {
    for one in left {
        let seen = one.seen(told);
        assert_ne!(seen, Seen::StillOpen, "{one:?}");
        if one.departure.phase == Phase::Sending {
            assert_eq!(seen, Seen::Nothing, "{one:?}");
        }
    }
}

/// A phase or a client's format of which no upstream has seen a close yet.
fn untried(left: &[Left], told: &Value) -> Option<&'static str> {
    let closed = left
        .iter()
        .filter(|one| matches!(one.seen(told), Seen::Close(_)));
    let closed: HashSet<&str> = closed
        .flat_map(|one| {
            let formats = match one.departure.crosses() {
                true => CROSSED,
                false => EQUAL,
            };
            [one.departure.phase.label(), one.departure.client(), formats]
        })
        .collect();
    // Chats are asked for when they are there; a large answer may be in the gateway already.
    let phases = Phase::ALL
        .into_iter()
        .filter(|phase| !matches!(phase, Phase::Sending | Phase::SlowReader));
    let mut wanted = phases
        .map(Phase::label)
        .chain(departing::formats())
        .chain([CROSSED, EQUAL]);
    wanted.find(|what| !closed.contains(what))
}

fn every_request_has_one_line(gateway: &Gateway) {
    let served = |text: &str| -> f64 {
        let counts = text.lines().filter(|line| {
            line.starts_with("nenya_http_requests_total{") && line.contains("method=\"POST\"")
        });
        counts
            .filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
            .sum()
    };
    let served = served(&gateway.page("/metrics").text()) as usize;
    let ids = || -> Vec<String> {
        let log = gateway.log();
        let records = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|record| record["method"] == "POST");
        records
            .filter_map(|record| record["request_id"].as_str().map(str::to_owned))
            .collect()
    };
    // Lines are written behind the answers.
    let end = Instant::now() + PATIENCE;
    while ids().len() < served && Instant::now() < end {
        crate::harness::pause();
    }
    let ids = ids();
    let different: HashSet<&String> = ids.iter().collect();
    assert!(served > 0, "{}", gateway.page("/metrics").text());
    assert_eq!((ids.len(), different.len()), (served, served));
}

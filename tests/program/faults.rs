//! Actors that panic, fail and freeze while requests run. Only in builds with the feature
//! `faults`, where the admin listener takes orders to misbehave.

use serde_json::json;

use crate::harness::{ADMIN, Dummy, Gateway, Reply, Request, USER};

fn misbehave(gateway: &Gateway, target: &str, kind: &str) -> Reply {
    let body = json!({"target": target, "kind": kind}).to_string();
    let request = Request::new("POST", "/debug/fault")
        .key(ADMIN)
        .header("content-type", "application/json")
        .body(body);
    gateway.admin().send(&request).expect("an answer")
}

/// Name, panics and restarts of every actor.
fn actors(gateway: &Gateway) -> Vec<(String, u64)> {
    let stats = gateway.page("/statsz").json();
    let children = stats["children"].as_array().expect("a list").iter();
    children
        .map(|child| {
            (
                child["name"].as_str().expect("a name").to_owned(),
                child["panics"].as_u64().unwrap_or(0),
            )
        })
        .collect()
}

/// Waits until every actor is up again.
fn until_well(gateway: &Gateway) {
    let end = std::time::Instant::now() + crate::harness::http::PATIENCE;
    while gateway.send(&Request::new("GET", "/healthz")).status != 200 {
        assert!(
            std::time::Instant::now() < end,
            "never well again: {}",
            gateway.page("/statsz").text()
        );
        crate::harness::pause();
    }
}

/// Waits until an actor has panicked so often and lives again.
fn until_panicked(gateway: &Gateway, name: &str, count: u64) {
    let end = std::time::Instant::now() + crate::harness::http::PATIENCE;
    while !actors(gateway).contains(&(name.to_owned(), count)) {
        assert!(
            std::time::Instant::now() < end,
            "{name} never panicked {count} times: {}",
            gateway.log()
        );
        crate::harness::pause();
    }
    until_well(gateway);
}

#[test]
fn a_thousand_requests_are_answered_while_each_actor_in_turn_panics_ten_times() {
    const REQUESTS: usize = 1000;
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let names: Vec<String> = actors(&gateway).into_iter().map(|(name, _)| name).collect();
    assert!(names.len() >= 5, "{names:?}");
    let failed: Vec<Reply> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let gateway = &gateway;
                scope.spawn(move || {
                    let replies = (0..REQUESTS / 4).map(|at| gateway.ask("dummy/ok", at % 2 == 0));
                    replies
                        .filter(|reply| reply.status != 200)
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for name in &names {
            for count in 1..=10 {
                assert_eq!(misbehave(&gateway, name, "panic").status, 202, "{name}");
                until_panicked(&gateway, name, count);
            }
        }
        clients
            .into_iter()
            .flat_map(|client| client.join().expect("no panic"))
            .collect()
    });
    until_well(&gateway);
    // At most the requests inside a panicking handler fail, and they fail in good form.
    assert!(
        failed.len() <= names.len() * 10,
        "{} of {REQUESTS} failed",
        failed.len()
    );
    for reply in &failed {
        assert!(
            reply.json()["error"]["code"].is_string(),
            "{}",
            reply.text()
        );
    }
    for (name, panics) in actors(&gateway) {
        assert!(panics >= 10, "{name} panicked {panics} times");
    }
    println!(
        "{} of {REQUESTS} failed while {} actors panicked ten times each",
        failed.len(),
        names.len()
    );
}

#[test]
fn a_frozen_actor_is_replaced_and_its_neighbours_serve_on() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for (name, _) in actors(&gateway) {
        assert_eq!(misbehave(&gateway, &name, "freeze").status, 202, "{name}");
        assert_eq!(
            gateway.ask("dummy/ok", false).status,
            200,
            "{name}: {}",
            gateway.log()
        );
    }
    until_well(&gateway);
    gateway.until_logged("ozen");
}

#[test]
fn an_actor_that_fails_is_rebuilt() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    for (name, _) in actors(&gateway) {
        assert_eq!(misbehave(&gateway, &name, "fail").status, 202, "{name}");
        until_well(&gateway);
    }
    assert_eq!(gateway.ask("dummy/ok", true).status, 200);
}

#[test]
fn a_panic_inside_a_worker_is_answered_with_500() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    let reply = misbehave(&gateway, "worker", "panic");
    assert_eq!(
        (reply.status, reply.error_code().as_str()),
        (500, "internal_error"),
        "{}",
        reply.text()
    );
    assert_eq!(gateway.ask("dummy/ok", false).status, 200);
}

#[test]
fn an_unknown_target_and_callers_without_rights_are_refused() {
    let dummy = Dummy::start();
    let gateway = Gateway::before(&dummy);
    assert_eq!(misbehave(&gateway, "nobody", "panic").status, 400);
    let body = json!({"target": "worker", "kind": "panic"}).to_string();
    let request = Request::new("POST", "/debug/fault").key(USER).body(body);
    assert!(
        (400..500).contains(&gateway.send(&request).status),
        "not on the public port"
    );
}

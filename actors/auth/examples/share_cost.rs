//! Prints what the limits cost a request: nanoseconds per admission, with and without limits, on
//! one thread and on several threads that spend from the same key.
//!
//! `cargo run --release --package nenya-auth --example share_cost`

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement is made to be printed"
)]

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use nenya_auth::{
    AuthHandle, ClientAddress, FailureConfig, KeyLimits, LimitTable, RecordFailure, WorkerLimits,
};
use runtime::{ChildSpec, Clock, Tree};

const ROUNDS: u32 = 1_000_000;
const ASKS: u32 = 2_000;
const THREADS: usize = 2;
const PLENTY: u64 = 1 << 60;

fn main() {
    actix_rt::System::new().block_on(async {
        let clock = Clock::system();
        let mut tree = Tree::new(clock.clone());
        let spec = ChildSpec::new("auth-limiter");
        let rules = FailureConfig::default();
        let auth = AuthHandle::declare(&mut tree, spec, clock.clone(), rules, limits());
        let free = AuthHandle::detached(clock, Arc::new(LimitTable::default()));
        let overseer = tree
            .start(|_event| {})
            .await
            .expect("the limiter starts from constants");

        let worker = WorkerLimits::new(free);
        print(
            "admit, nobody has limits",
            time(ROUNDS, || admit(&worker, "any")).await,
        );
        let worker = WorkerLimits::new(auth.clone());
        print(
            "admit, only other keys have limits",
            time(ROUNDS, || admit(&worker, "any")).await,
        );
        print(
            "admit, requests only",
            time(ROUNDS, || admit(&worker, "requests")).await,
        );
        print(
            "admit, all three limits",
            time(ROUNDS, || admit(&worker, "all")).await,
        );
        print(
            "admit and settle, all three limits",
            time(ROUNDS, || settle(&worker)).await,
        );
        print("refusal", time(ROUNDS, || refuse(&worker)).await);
        let racing = race(&auth).await;
        print(
            &format!("admit, all three limits, {THREADS} threads on one key"),
            racing,
        );

        let address = ClientAddress::direct(IpAddr::from([192, 0, 2, 1]));
        let look = || async { assert!(auth.blocked(&address).is_none()) };
        print(
            "look whether an address is blocked",
            time(ROUNDS, look).await,
        );
        let ask = || async {
            let deadline = std::time::Duration::from_secs(1);
            let answer = auth.handle().ask(RecordFailure { address }, deadline).await;
            assert!(answer.is_ok());
        };
        print(
            "for comparison: one ask of the limiter",
            time(ASKS, ask).await,
        );
        overseer.stop().await;
    });
}

fn limits() -> Arc<LimitTable> {
    let none = KeyLimits::default();
    let requests = KeyLimits {
        requests_per_minute: Some(PLENTY),
        ..none
    };
    let all = KeyLimits {
        requests_per_minute: Some(PLENTY),
        tokens_per_minute: Some(PLENTY),
        concurrent_requests: Some(1_000),
    };
    let nothing = KeyLimits {
        tokens_per_minute: Some(1),
        ..none
    };
    let named = [("requests", requests), ("all", all), ("nothing", nothing)];
    let per_key: HashMap<_, _> = named
        .into_iter()
        .map(|(key, limits)| (key.to_owned(), limits))
        .collect();
    Arc::new(LimitTable::new(none, per_key))
}

async fn admit(worker: &WorkerLimits, key: &str) {
    drop(
        worker
            .admit(key, 500)
            .await
            .expect("the limit is never reached here"),
    );
}

async fn settle(worker: &WorkerLimits) {
    let mut admission = worker
        .admit("all", 500)
        .await
        .expect("the limit is never reached here");
    admission.settle(400);
}

async fn refuse(worker: &WorkerLimits) {
    assert!(worker.admit("nothing", 500).await.is_err());
}

/// Nanoseconds per round, after a tenth of the rounds to warm up.
async fn time<F: Future<Output = ()>>(rounds: u32, step: impl Fn() -> F) -> f64 {
    for _ in 0..rounds / 10 {
        step().await;
    }
    let begun = Instant::now();
    for _ in 0..rounds {
        step().await;
    }
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(rounds)
}

async fn race(auth: &AuthHandle) -> f64 {
    let (report, mut reports) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..THREADS {
        let (auth, report) = (auth.clone(), report.clone());
        let arbiter = actix_rt::Arbiter::new();
        let spawned = arbiter.spawn_fn(move || {
            actix_rt::spawn(async move {
                let worker = WorkerLimits::new(auth);
                let took = time(ROUNDS, || admit(&worker, "all")).await;
                report
                    .send(took)
                    .expect("the receiver waits for every thread");
            });
        });
        assert!(spawned);
    }
    let mut slowest = 0.0_f64;
    for _ in 0..THREADS {
        slowest = slowest.max(reports.recv().await.expect("every thread reports"));
    }
    slowest
}

fn print(what: &str, nanoseconds: f64) {
    println!("{nanoseconds:>10.1} ns  {what}");
}

//! Limits per key, from several workers, through the limiter.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose setting cannot be built has failed"
)]

mod support;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nenya_auth::{
    AdoptLimits, AuthHandle, FailureConfig, KeyLimits, LimitError, LimitTable, WorkerLimits,
};
use runtime::{ChildSpec, Clock, ClockHand, Misbehaviour, Overseer, Thaw, Tree};

use support::panicked;

const DEADLINE: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);
/// As many ask at once: one after the other they would wait ten seconds.
const WAITING: u32 = 20;

const NONE: KeyLimits = KeyLimits {
    requests_per_minute: None,
    tokens_per_minute: None,
    concurrent_requests: None,
};

fn table(limited: &[(&str, KeyLimits)]) -> Arc<LimitTable> {
    let per_key: HashMap<_, _> = limited
        .iter()
        .map(|(key, limits)| ((*key).to_owned(), *limits))
        .collect();
    Arc::new(LimitTable::new(NONE, per_key))
}

fn requests(limit: u64) -> KeyLimits {
    KeyLimits {
        requests_per_minute: Some(limit),
        ..NONE
    }
}

fn concurrent(limit: u32) -> KeyLimits {
    KeyLimits {
        concurrent_requests: Some(limit),
        ..NONE
    }
}

async fn started(mailbox: usize, limits: Arc<LimitTable>) -> (Overseer, AuthHandle, ClockHand) {
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock.clone());
    let spec = ChildSpec::new("auth-limiter").mailbox(mailbox);
    let auth = AuthHandle::declare(&mut tree, spec, clock, FailureConfig::default(), limits);
    (tree.start(|_event| {}).await.unwrap(), auth, hand)
}

fn asked(auth: &AuthHandle) -> u64 {
    auth.handle().counters().asked
}

/// Sends `count` requests one after the other and says how many passed.
async fn passed(workers: &[&WorkerLimits], key: &str, count: usize) -> usize {
    let mut passed = 0;
    for worker in workers.iter().cycle().take(count) {
        passed += usize::from(worker.admit(key, 0).await.is_ok());
    }
    passed
}

#[actix_rt::test]
async fn workers_share_a_limit_exactly_and_ask_once_each() {
    let (tree, auth, hand) = started(8, table(&[("a", requests(60))])).await;
    let (one, two) = (
        WorkerLimits::new(auth.clone()),
        WorkerLimits::new(auth.clone()),
    );
    assert_eq!(passed(&[&one, &two], "a", 200).await, 60);
    hand.advance(10 * SECOND);
    assert_eq!(passed(&[&two], "a", 200).await, 10);
    assert_eq!(asked(&auth), 2);
    tree.stop().await;
}

#[actix_rt::test]
async fn key_without_limits_asks_nobody_and_is_counted_nowhere() {
    let (tree, auth, _hand) = started(8, table(&[("a", requests(1))])).await;
    let worker = WorkerLimits::new(auth.clone());
    for _ in 0..100 {
        let admission = worker.admit("free", 1_000_000).await.unwrap();
        assert!(!admission.is_limited() && admission.headers().is_none());
    }
    assert_eq!((asked(&auth), auth.requests_in_flight()), (0, 0));
    tree.stop().await;
}

#[actix_rt::test]
async fn refusal_names_the_exact_time_and_the_state_of_the_limits() {
    let (tree, auth, hand) = started(8, table(&[("a", requests(6))])).await;
    let worker = WorkerLimits::new(auth);
    assert_eq!(passed(&[&worker], "a", 6).await, 6);
    hand.advance(Duration::from_millis(2_500));
    let error = worker.admit("a", 0).await.unwrap_err();
    let wait = error.retry_after().unwrap();
    assert_eq!(wait, Duration::from_millis(7_500));
    let rate = error.headers().unwrap().requests.unwrap();
    assert_eq!(
        (rate.limit, rate.remaining, rate.reset),
        (6, 0, Duration::from_millis(57_500))
    );
    hand.advance(wait);
    assert!(worker.admit("a", 0).await.is_ok());
    tree.stop().await;
}

#[actix_rt::test]
async fn request_larger_than_the_limit_is_refused_for_good() {
    let limits = KeyLimits {
        tokens_per_minute: Some(1000),
        ..NONE
    };
    let (tree, auth, _hand) = started(8, table(&[("a", limits)])).await;
    let error = WorkerLimits::new(auth).admit("a", 1001).await.unwrap_err();
    assert!(matches!(
        error,
        LimitError::TokensNeverFit {
            limit: 1000,
            asked: 1001,
            ..
        }
    ));
    assert_eq!(error.retry_after(), None);
    tree.stop().await;
}

#[actix_rt::test]
async fn settled_tokens_are_free_for_another_worker_at_once() {
    let limits = KeyLimits {
        tokens_per_minute: Some(1000),
        ..NONE
    };
    let (tree, auth, _hand) = started(8, table(&[("a", limits)])).await;
    let (one, two) = (WorkerLimits::new(auth.clone()), WorkerLimits::new(auth));
    let mut admission = one.admit("a", 1000).await.unwrap();
    assert!(two.admit("a", 600).await.is_err());
    admission.settle(400);
    assert!(two.admit("a", 600).await.is_ok());
    assert!(two.admit("a", 1).await.is_err());
    tree.stop().await;
}

#[actix_rt::test]
async fn open_requests_are_exact_over_workers_and_survive_reload_and_rebuild() {
    let (tree, auth, _hand) = started(8, table(&[("a", concurrent(2))])).await;
    let (one, two) = (
        WorkerLimits::new(auth.clone()),
        WorkerLimits::new(auth.clone()),
    );
    let first = one.admit("a", 0).await.unwrap();
    let second = two.admit("a", 0).await.unwrap();
    assert_eq!(
        one.admit("a", 0).await.unwrap_err(),
        LimitError::Concurrency { limit: 2 }
    );

    let adopt = AdoptLimits(table(&[("a", concurrent(3)), ("b", requests(1))]));
    auth.handle().ask(adopt, DEADLINE).await.unwrap();
    let third = two.admit("a", 0).await.unwrap();
    assert_eq!(
        one.admit("a", 0).await.unwrap_err(),
        LimitError::Concurrency { limit: 3 }
    );

    panicked(&auth).await;
    let late = WorkerLimits::new(auth.clone());
    assert_eq!(
        late.admit("a", 0).await.unwrap_err(),
        LimitError::Concurrency { limit: 3 }
    );
    drop((first, second, third));
    assert_eq!(auth.requests_in_flight(), 0);
    assert!(late.admit("a", 0).await.is_ok());
    tree.stop().await;
}

#[actix_rt::test]
async fn rebuilt_limiter_gives_nobody_a_fresh_limit() {
    let (tree, auth, _hand) = started(8, table(&[("a", requests(5))])).await;
    assert_eq!(passed(&[&WorkerLimits::new(auth.clone())], "a", 9).await, 5);
    panicked(&auth).await;
    assert_eq!(passed(&[&WorkerLimits::new(auth.clone())], "a", 9).await, 0);
    assert_eq!(auth.handle().counters().panics, 1);
    tree.stop().await;
}

#[actix_rt::test]
async fn shares_that_are_out_follow_the_table() {
    let (tree, auth, _hand) = started(8, table(&[("a", requests(2))])).await;
    let worker = WorkerLimits::new(auth.clone());
    assert_eq!(passed(&[&worker], "a", 9).await, 2);
    auth.handle()
        .ask(AdoptLimits(table(&[("a", requests(5))])), DEADLINE)
        .await
        .unwrap();
    assert_eq!(passed(&[&worker], "a", 9).await, 3);
    auth.handle()
        .ask(AdoptLimits(table(&[("b", requests(5))])), DEADLINE)
        .await
        .unwrap();
    assert_eq!(passed(&[&worker], "a", 9).await, 9);
    auth.handle()
        .ask(AdoptLimits(table(&[("a", requests(5))])), DEADLINE)
        .await
        .unwrap();
    assert_eq!(passed(&[&worker], "a", 9).await, 0);
    auth.handle()
        .ask(AdoptLimits(table(&[])), DEADLINE)
        .await
        .unwrap();
    assert_eq!(passed(&[&worker], "a", 9).await, 9);
    tree.stop().await;
}

#[actix_rt::test]
async fn limiter_that_cannot_be_asked_is_a_refusal() {
    let (clock, _hand) = Clock::manual();
    let limits = table(&[("a", requests(5))]);
    let worker = WorkerLimits::new(AuthHandle::detached(clock, limits));
    assert_eq!(
        worker.admit("a", 0).await.unwrap_err(),
        LimitError::Unavailable
    );
    assert!(worker.admit("free", 0).await.is_ok());
}

#[actix_rt::test]
async fn full_mailbox_refuses_new_keys_and_leaves_the_others_alone() {
    let (tree, auth, _hand) = started(1, table(&[("a", requests(5)), ("b", requests(5))])).await;
    let worker = WorkerLimits::new(auth.clone());
    assert!(worker.admit("a", 0).await.is_ok());
    let thaw = Thaw::after(DEADLINE);
    assert!(auth.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    assert_eq!(auth.handle().tell(AdoptLimits(table(&[]))), Ok(()));
    assert_eq!(
        worker.admit("b", 0).await.unwrap_err(),
        LimitError::Unavailable
    );
    assert!(worker.admit("a", 0).await.is_ok());
    thaw.thaw();
    tree.stop().await;
}

#[actix_rt::test]
async fn limiter_that_answers_too_late_is_a_refusal_for_all_who_wait_at_once() {
    let (tree, auth, _hand) = started(64, table(&[("a", requests(5))])).await;
    let worker = Rc::new(WorkerLimits::new(auth.clone()));
    let thaw = Thaw::after(DEADLINE);
    assert!(auth.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    let begun = Instant::now();
    let waiting: Vec<_> = (0..WAITING).map(|_| asking(&worker)).collect();
    for refused in waiting {
        assert_eq!(refused.await.unwrap(), Some(LimitError::Unavailable));
    }
    let one_after_the_other = WAITING * Duration::from_millis(500);
    assert!(begun.elapsed() < one_after_the_other);
    thaw.thaw();
    assert_eq!(passed(&[&*worker], "a", 9).await, 5);
    tree.stop().await;
}

/// Asks for one request beside others, and tells why it was refused.
fn asking(worker: &Rc<WorkerLimits>) -> actix_rt::task::JoinHandle<Option<LimitError>> {
    let worker = Rc::clone(worker);
    actix_rt::spawn(async move { worker.admit("a", 0).await.err() })
}

#[actix_rt::test]
async fn worker_that_starts_under_load_asks_once() {
    let (tree, auth, _hand) = started(1, table(&[("a", requests(3))])).await;
    let worker = WorkerLimits::new(auth.clone());
    let (one, two, three, four) = tokio::join!(
        worker.admit("a", 0),
        worker.admit("a", 0),
        worker.admit("a", 0),
        worker.admit("a", 0)
    );
    let passed = [one, two, three, four]
        .into_iter()
        .filter(Result::is_ok)
        .count();
    assert_eq!((passed, asked(&auth)), (3, 1));
    tree.stop().await;
}

#[actix_rt::test]
async fn waiter_goes_on_if_the_one_who_asked_gave_up() {
    let (tree, auth, _hand) = started(8, table(&[("a", requests(3))])).await;
    let worker = WorkerLimits::new(auth.clone());
    let thaw = Thaw::after(DEADLINE);
    assert!(auth.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    let mut gives_up = Box::pin(worker.admit("a", 0));
    let mut waits = Box::pin(worker.admit("a", 0));
    tokio::select! {
        biased;
        _ = &mut gives_up => panic!("a frozen limiter answers nobody"),
        _ = &mut waits => panic!("a frozen limiter answers nobody"),
        () = std::future::ready(()) => drop(gives_up),
    }
    thaw.thaw();
    assert!(waits.await.is_ok());
    assert_eq!(passed(&[&worker], "a", 9).await, 2);
    tree.stop().await;
}

#[test]
fn racing_worker_threads_get_exactly_the_limit() {
    let (clock, _hand) = Clock::manual();
    let counts = actix_rt::System::new().block_on(async move {
        let mut tree = Tree::new(clock.clone());
        let limits = table(&[("a", requests(3_000))]);
        let spec = ChildSpec::new("auth-limiter");
        let auth = AuthHandle::declare(&mut tree, spec, clock, FailureConfig::default(), limits);
        let tree = tree.start(|_event| {}).await.unwrap();
        let (report, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let arbiters: Vec<_> = (0..4).map(|_| actix_rt::Arbiter::new()).collect();
        for arbiter in &arbiters {
            let (auth, report) = (auth.clone(), report.clone());
            arbiter.spawn_fn(move || {
                actix_rt::spawn(async move {
                    let worker = WorkerLimits::new(auth);
                    report.send(passed(&[&worker], "a", 2_000).await).unwrap();
                });
            });
        }
        let mut counts = Vec::new();
        for _ in &arbiters {
            counts.push(reports.recv().await.unwrap());
        }
        for arbiter in arbiters {
            arbiter.stop();
        }
        tree.stop().await;
        counts
    });
    assert_eq!(counts.iter().sum::<usize>(), 3_000);
}

#[actix_rt::test]
async fn a_long_request_is_charged_as_it_goes_and_hears_when_nothing_is_left() {
    let limits = KeyLimits {
        tokens_per_minute: Some(100),
        ..NONE
    };
    let (tree, auth, hand) = started(8, table(&[("a", limits)])).await;
    let worker = WorkerLimits::new(auth);
    let mut open = worker.admit("a", 1).await.unwrap();
    open.settle(0);
    assert_eq!(open.charge(60), Ok(()));
    assert!(matches!(
        open.charge(100),
        Err(LimitError::Tokens { retry_after, .. }) if retry_after > 36 * SECOND
    ));
    assert!(worker.admit("a", 1).await.is_err(), "the debt is the key's");
    hand.advance(40 * SECOND);
    assert_eq!(open.charge(1), Ok(()));
    drop(open);
    tree.stop().await;
}

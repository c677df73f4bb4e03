//! Failures and blocks per address, through the limiter and its snapshot.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose setting cannot be built has failed"
)]

mod support;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use nenya_auth::{
    AdoptFailureRules, AuthHandle, ClientAddress, FailureConfig, KeyLimits, LimitTable,
    RecordFailure, Unblock, WorkerLimits,
};
use runtime::{AskError, ChildSpec, Clock, ClockHand, Misbehaviour, Overseer, Thaw, Tree};

use support::panicked;

const DEADLINE: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);

fn address(text: &str) -> ClientAddress {
    ClientAddress::direct(text.parse::<IpAddr>().unwrap())
}

fn rules() -> FailureConfig {
    FailureConfig {
        max_failures: 3,
        tracked: 100,
        ..FailureConfig::default()
    }
}

async fn started(mailbox: usize) -> (Overseer, AuthHandle, ClockHand) {
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock.clone());
    let spec = ChildSpec::new("auth-limiter").mailbox(mailbox);
    let limits = Arc::new(LimitTable::default());
    let auth = AuthHandle::declare(&mut tree, spec, clock, rules(), limits);
    (tree.start(|_event| {}).await.unwrap(), auth, hand)
}

async fn fail(auth: &AuthHandle, who: &ClientAddress, times: usize) -> Option<Duration> {
    let mut blocked = None;
    for _ in 0..times {
        blocked = auth.record_failure(who).await;
    }
    blocked
}

#[actix_rt::test]
async fn address_that_fails_too_often_is_blocked_for_the_exact_time() {
    let (tree, auth, hand) = started(8).await;
    let who = address("192.0.2.1");
    assert_eq!(fail(&auth, &who, 2).await, None);
    assert_eq!(auth.blocked(&who), None);
    assert_eq!(fail(&auth, &who, 1).await, Some(30 * SECOND));
    hand.advance(Duration::from_millis(29_999));
    assert_eq!(auth.blocked(&who), Some(Duration::from_millis(1)));
    hand.advance(Duration::from_millis(1));
    assert_eq!(auth.blocked(&who), None);
    assert_eq!(fail(&auth, &who, 3).await, Some(60 * SECOND));
    tree.stop().await;
}

#[actix_rt::test]
async fn asking_whether_an_address_is_blocked_asks_nobody() {
    let (tree, auth, _hand) = started(8).await;
    let who = address("192.0.2.1");
    fail(&auth, &who, 3).await;
    let before = auth.handle().counters().asked;
    for _ in 0..1000 {
        assert!(auth.blocked(&who).is_some());
        assert!(auth.blocked(&address("192.0.2.2")).is_none());
    }
    assert_eq!(auth.handle().counters().asked, before);
    tree.stop().await;
}

#[actix_rt::test]
async fn another_address_of_the_same_ipv6_subscriber_is_blocked_too() {
    let (tree, auth, _hand) = started(8).await;
    for n in 1..=3 {
        auth.record_failure(&address(&format!("2001:db8:1:2::{n}")))
            .await;
    }
    assert!(auth.blocked(&address("2001:db8:1:2:ffff::1")).is_some());
    assert!(auth.blocked(&address("2001:db8:1:3::1")).is_none());
    tree.stop().await;
}

#[actix_rt::test]
async fn ten_thousand_failures_of_one_address_cost_one_block_and_touch_nobody_else() {
    let (tree, auth, _hand) = started(8).await;
    let (bad, good) = (address("192.0.2.1"), address("192.0.2.2"));
    for _ in 0..10_000 {
        auth.record_failure(&bad).await;
    }
    assert_eq!(
        (
            auth.failures_total(),
            auth.blocks_total(),
            auth.blocked_count()
        ),
        (10_000, 1, 1)
    );
    assert_eq!(auth.blocked(&good), None);
    assert_eq!(auth.record_failure(&good).await, None);
    tree.stop().await;
}

#[actix_rt::test]
async fn memory_is_bounded_however_many_addresses_fail() {
    let (tree, auth, _hand) = started(8).await;
    fail(&auth, &address("192.0.2.1"), 3).await;
    for n in 0..1_000_u32 {
        auth.record_failure(&ClientAddress::direct(IpAddr::from(n.to_be_bytes())))
            .await;
    }
    let states = tree.observe(DEADLINE).await;
    assert_eq!(states["auth-limiter"]["tracked_addresses"], 100);
    assert!(auth.blocked(&address("192.0.2.1")).is_some());
    tree.stop().await;
}

#[actix_rt::test]
async fn forgotten_block_is_lifted_in_the_snapshot_too() {
    let (tree, auth, hand) = started(8).await;
    for n in 1..=101 {
        fail(&auth, &address(&format!("192.0.2.{n}")), 3).await;
        hand.advance(Duration::from_millis(1));
    }
    assert_eq!((auth.blocked_count(), auth.blocks_total()), (100, 101));
    assert_eq!(auth.blocked(&address("192.0.2.1")), None);
    tree.stop().await;
}

#[actix_rt::test]
async fn unblocked_address_may_try_again_at_once() {
    let (tree, auth, _hand) = started(8).await;
    let who = address("192.0.2.1");
    fail(&auth, &who, 3).await;
    assert_eq!(
        auth.handle().ask(Unblock { address: who }, DEADLINE).await,
        Ok(true)
    );
    assert_eq!((auth.blocked(&who), auth.blocked_count()), (None, 0));
    assert_eq!(
        auth.handle().ask(Unblock { address: who }, DEADLINE).await,
        Ok(false)
    );
    assert_eq!(fail(&auth, &who, 2).await, None);
    tree.stop().await;
}

#[actix_rt::test]
async fn blocks_survive_a_panic_of_the_limiter() {
    let (tree, auth, hand) = started(8).await;
    let who = address("192.0.2.1");
    fail(&auth, &who, 3).await;
    panicked(&auth).await;
    assert_eq!(auth.record_failure(&who).await, Some(30 * SECOND));
    assert!(auth.blocked(&who).is_some());
    hand.advance(30 * SECOND);
    assert_eq!(fail(&auth, &who, 3).await, Some(60 * SECOND));
    assert_eq!(auth.handle().counters().panics, 1);
    tree.stop().await;
}

#[actix_rt::test]
async fn new_rules_hold_at_once_and_after_a_rebuild() {
    let (tree, auth, _hand) = started(8).await;
    let strict = FailureConfig {
        max_failures: 1,
        ..rules()
    };
    auth.handle()
        .ask(AdoptFailureRules(strict), DEADLINE)
        .await
        .unwrap();
    assert!(fail(&auth, &address("192.0.2.1"), 1).await.is_some());
    assert!(auth.handle().misbehave(Misbehaviour::Fail));
    assert!(fail(&auth, &address("192.0.2.2"), 1).await.is_some());
    tree.stop().await;
}

#[actix_rt::test]
async fn failure_that_finds_the_mailbox_full_is_still_in_the_total() {
    let (tree, auth, _hand) = started(1).await;
    let who = address("192.0.2.1");
    let thaw = Thaw::after(DEADLINE);
    assert!(auth.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    assert_eq!(auth.handle().tell(RecordFailure { address: who }), Ok(()));
    assert_eq!(auth.record_failure(&who).await, None);
    assert_eq!(
        (auth.failures_total(), auth.handle().counters().refused),
        (1, 2)
    );
    thaw.thaw();
    tree.stop().await;
}

#[actix_rt::test]
async fn failure_that_is_answered_too_late_counts_once_the_limiter_is_back() {
    let (tree, auth, _hand) = started(8).await;
    let who = address("192.0.2.1");
    fail(&auth, &who, 2).await;
    let thaw = Thaw::after(DEADLINE);
    assert!(auth.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    let early = auth
        .handle()
        .ask(RecordFailure { address: who }, Duration::ZERO)
        .await;
    assert_eq!(early, Err(AskError::Late));
    assert_eq!(auth.record_failure(&who).await, None);
    thaw.thaw();
    let other = address("192.0.2.2");
    assert_eq!(auth.record_failure(&other).await, None);
    assert!(auth.blocked(&who).is_some());
    tree.stop().await;
}

#[actix_rt::test]
async fn detached_limiter_records_nothing_and_blocks_nobody_new() {
    let (clock, _hand) = Clock::manual();
    let auth = AuthHandle::detached(clock, Arc::new(LimitTable::default()));
    let who = address("192.0.2.1");
    assert_eq!(fail(&auth, &who, 20).await, None);
    assert_eq!((auth.failures_total(), auth.blocked(&who)), (20, None));
}

#[actix_rt::test]
async fn observable_state_counts_and_names_neither_address_nor_key() {
    let (clock, _hand) = Clock::manual();
    let mut tree = Tree::new(clock.clone());
    let limits = KeyLimits {
        concurrent_requests: Some(2),
        ..KeyLimits::default()
    };
    let table = LimitTable::new(
        KeyLimits::default(),
        [("marked-key".to_owned(), limits)].into(),
    );
    let spec = ChildSpec::new("auth-limiter");
    let auth = AuthHandle::declare(&mut tree, spec, clock, rules(), Arc::new(table));
    let tree = tree.start(|_event| {}).await.unwrap();
    fail(&auth, &address("192.0.2.77"), 3).await;
    let _open = WorkerLimits::new(auth)
        .admit("marked-key", 0)
        .await
        .unwrap();
    let states = tree.observe(DEADLINE).await;
    assert_eq!(
        states["auth-limiter"],
        serde_json::json!({
            "tracked_addresses": 1, "blocked_addresses": 1, "failures_total": 3,
            "blocks_total": 1, "listed_keys": 1, "metered_keys": 1, "requests_in_flight": 1,
        })
    );
    let shown = states["auth-limiter"].to_string();
    assert!(!shown.contains("marked") && !shown.contains("192.0.2"));
    tree.stop().await;
}

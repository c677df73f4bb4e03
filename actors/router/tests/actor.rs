//! The Router through its messages, supervised as in the program.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use nenya_router::{
    LatencySample, RecordLatency, ReloadRoutes, ReplyShape, Router, RouterHandle, RouterParts,
    RoutesReloaded, RoutingTable, Strategy, WindowRules,
};
use runtime::{AskError, ChildSpec, Clock, Misbehaviour, Observe, Overseer, TellError, Thaw, Tree};
use support::World;

const SOON: Duration = Duration::from_secs(5);
const STREAM: ReplyShape = ReplyShape::Streamed;

async fn supervised(clock: Clock, rules: WindowRules) -> (Overseer, RouterHandle) {
    let parts = RouterParts::new(RoutingTable::default(), rules);
    let mut tree = Tree::new(clock);
    let for_factory = parts.clone();
    let child = ChildSpec::new("router").mailbox(2);
    let handle = tree.declare(child, move |_| Ok(Router::new(for_factory.clone())));
    let overseer = tree.start(|_| ()).await.unwrap();
    (overseer, RouterHandle::new(&parts, handle))
}

fn sample(clock: &Clock, ms: u64) -> LatencySample {
    LatencySample {
        provider: "a".into(),
        model: "m".into(),
        shape: STREAM,
        first_byte: Duration::from_millis(ms),
        at: clock.now(),
    }
}

fn median(router: &RouterHandle) -> Option<Duration> {
    router.latency().median("a", "m", STREAM)
}

#[actix_rt::test]
async fn told_latencies_are_published_as_medians() {
    let clock = Clock::system();
    let (overseer, router) = supervised(clock.clone(), WindowRules::default()).await;
    assert_eq!(median(&router), None);

    let samples = [30, 10, 20].map(|ms| sample(&clock, ms)).to_vec();
    router.actor().tell(RecordLatency(samples)).unwrap();
    let state = router.actor().ask(Observe, SOON).await.unwrap();

    assert_eq!(median(&router), Some(Duration::from_millis(20)));
    assert_eq!(state["samples"], 3);
    assert_eq!(state["latency_keys"], 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_reloaded_table_is_in_service_when_the_ask_returns() {
    let (overseer, router) = supervised(Clock::system(), WindowRules::default()).await;
    let world = World::new().with_echo("echo");
    let table = Arc::new(world.table(Strategy::Fallback, &["echo"]));
    assert!(!router.routes().is_agent("coder"));

    let reloaded = router.actor().ask(ReloadRoutes(table), SOON).await;

    assert_eq!(
        reloaded,
        Ok(RoutesReloaded {
            agents: 1,
            models: 0
        })
    );
    assert!(router.routes().is_agent("coder"));
    overseer.stop().await;
}

#[actix_rt::test]
async fn both_publications_survive_a_panic_of_the_router() {
    let clock = Clock::system();
    let (overseer, router) = supervised(clock.clone(), WindowRules::default()).await;
    let world = World::new().with_echo("echo");
    let table = Arc::new(world.table(Strategy::Fallback, &["echo"]));
    router.actor().ask(ReloadRoutes(table), SOON).await.unwrap();
    let samples = vec![sample(&clock, 5)];
    router
        .actor()
        .ask(RecordLatency(samples), SOON)
        .await
        .unwrap();

    assert!(router.actor().misbehave(Misbehaviour::Panic));
    let state = router.actor().ask(Observe, SOON).await.unwrap();

    assert_eq!(router.actor().counters().panics, 1);
    assert!(router.routes().is_agent("coder"));
    assert_eq!(median(&router), Some(Duration::from_millis(5)));
    assert_eq!(state["agents"], 1, "the table is that of before");
    assert_eq!(state["samples"], 0, "the windows fill anew");
    overseer.stop().await;
}

#[actix_rt::test]
async fn medians_disappear_when_their_samples_are_too_old() {
    let (clock, hand) = Clock::manual();
    let rules = WindowRules {
        look_every: Duration::from_millis(1),
        ..WindowRules::default()
    };
    let (overseer, router) = supervised(clock.clone(), rules).await;
    let samples = vec![sample(&clock, 5)];
    router
        .actor()
        .ask(RecordLatency(samples), SOON)
        .await
        .unwrap();
    assert!(median(&router).is_some());

    hand.advance(rules.max_age + Duration::from_secs(1));
    while router.actor().ask(Observe, SOON).await.unwrap()["latency_keys"] != 0 {}

    assert!(router.latency().is_empty());
    overseer.stop().await;
}

#[actix_rt::test]
async fn a_full_mailbox_refuses_batches_and_planning_goes_on() {
    let clock = Clock::system();
    let (overseer, router) = supervised(clock.clone(), WindowRules::default()).await;
    let until = Thaw::new();
    let freeze = Misbehaviour::Freeze {
        until: until.clone(),
    };
    assert!(router.actor().misbehave(freeze));

    let tell = || router.actor().tell(RecordLatency(vec![sample(&clock, 1)]));
    assert_eq!([tell(), tell()], [Ok(()), Ok(())]);
    assert_eq!(tell(), Err(TellError::Full));
    assert!(
        router.routes().models().is_empty(),
        "snapshots need no actor"
    );
    until.thaw();

    assert_eq!(router.actor().counters().refused, 1);
    overseer.stop().await;
}

#[actix_rt::test]
async fn an_answer_that_comes_after_the_deadline_is_late() {
    let (overseer, router) = supervised(Clock::system(), WindowRules::default()).await;
    let until = Thaw::new();
    let freeze = Misbehaviour::Freeze {
        until: until.clone(),
    };
    assert!(router.actor().misbehave(freeze));

    let hurried = router.actor().ask(Observe, Duration::from_millis(1)).await;
    until.thaw();

    assert_eq!(hurried, Err(AskError::Late));
    overseer.stop().await;
}

#[actix_rt::test]
async fn the_observable_state_names_nothing_that_a_client_sent() {
    let clock = Clock::system();
    let (overseer, router) = supervised(clock.clone(), WindowRules::default()).await;
    let from_a_client = LatencySample {
        model: "mark-of-a-client".into(),
        ..sample(&clock, 5)
    };
    let told = RecordLatency(vec![from_a_client]);
    router.actor().ask(told, SOON).await.unwrap();

    let state = router.actor().ask(Observe, SOON).await.unwrap();

    assert!(!state.to_string().contains("mark-of-a-client"));
    overseer.stop().await;
}

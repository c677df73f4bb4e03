//! Plans and sends against fake providers: choice, fallback, ends, and what is left behind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use nenya_router::{
    AgentSpec, LatencySample, LatencyTable, LatencyWindows, ReplyShape, RouteError, Strategy,
    TargetSpec, WindowRules,
};
use provider::{Answer, Failure, Gates, ProviderError, Verdict};
use runtime::Clock;

use support::{Fake, Reply, World, admission, ask, order, target};

const BROKEN: Verdict = Verdict::Failed(Failure::Broken);

fn told(world: &World) -> Vec<(String, Verdict)> {
    world.outcomes()
}

fn pair(provider: &str, verdict: Verdict) -> (String, Verdict) {
    (provider.to_owned(), verdict)
}

#[actix_rt::test]
async fn the_first_target_answers_and_nobody_else_is_called() {
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let routed = world.chat(&table).await.unwrap();

    assert_eq!((&*routed.provider, &*routed.model), ("a", "m"));
    assert_eq!(routed.attempts, 1);
    assert!(routed.configured);
    assert!(routed.trail.is_empty());
    assert!(matches!(routed.answer, Answer::Whole { status: 200, .. }));
    assert_eq!((a.calls(), b.calls()), (1, 0));
    assert_eq!(told(&world), [pair("a", Verdict::Answered)]);
    assert_eq!(world.measured(), ["a"]);
}

/// Counted for the whole of this binary: no test in it has a reason to ask either.
#[actix_rt::test]
async fn a_happy_request_asks_no_actor() {
    let a = Fake::that(Reply::Chat).await;
    let world = World::new().with("a", &a);
    let table = world.table(Strategy::RoundRobin, &["a"]);

    world.chat(&table).await.unwrap();

    assert_eq!(runtime::asks_made(), 0);
}

#[actix_rt::test]
async fn a_server_error_is_followed_by_the_next_target() {
    let a = Fake::that(Reply::Error(500, "oops")).await;
    let b = Fake::that(Reply::Chat).await;
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let routed = world.chat(&table).await.unwrap();

    assert_eq!(&*routed.provider, "b");
    assert_eq!(routed.attempts, 2);
    assert_eq!(routed.trail.len(), 1);
    assert_eq!(&*routed.trail[0].provider, "a");
    assert_eq!(routed.trail[0].label(), "status");
    assert_eq!(
        told(&world),
        [pair("a", BROKEN), pair("b", Verdict::Answered)]
    );
    assert_eq!(world.measured(), ["b"], "errors are no latency");
}

#[actix_rt::test]
async fn a_provider_that_nobody_answers_for_is_followed_by_the_next() {
    let (a, b) = (Fake::gone().await, Fake::that(Reply::Chat).await);
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let routed = world.chat(&table).await.unwrap();

    assert_eq!(&*routed.provider, "b");
    assert_eq!(routed.trail[0].label(), "connect");
}

#[actix_rt::test]
async fn a_refusal_of_the_request_ends_at_once() {
    for status in [400, 404, 413, 422] {
        let a = Fake::that(Reply::Error(status, "bad")).await;
        let b = Fake::that(Reply::Chat).await;
        let world = World::new().with("a", &a).with("b", &b);
        let table = world.table(Strategy::Fallback, &["a", "b"]);

        let error = world.chat(&table).await.unwrap_err();

        let RouteError::Upstream {
            provider, error, ..
        } = error
        else {
            panic!("{status} gave {error}");
        };
        assert_eq!(&*provider, "a");
        let ProviderError::Status {
            status: seen, body, ..
        } = *error
        else {
            panic!("{status} gave {error}");
        };
        assert_eq!(seen, status);
        assert_eq!(body.unwrap().code.as_deref(), Some("bad"));
        assert_eq!(b.calls(), 0);
        assert_eq!(told(&world), [pair("a", Verdict::Answered)]);
    }
}

#[actix_rt::test]
async fn a_rejected_key_of_the_operator_is_not_the_client_s_problem() {
    for status in [401, 403] {
        let a = Fake::that(Reply::Error(status, "key")).await;
        let b = Fake::that(Reply::Chat).await;
        let world = World::new().with("a", &a).with("b", &b);
        let table = world.table(Strategy::Fallback, &["a", "b"]);

        let routed = world.chat(&table).await.unwrap();

        assert_eq!(&*routed.provider, "b");
        let denied = Verdict::Failed(Failure::Denied);
        assert_eq!(told(&world)[0], pair("a", denied));
    }
}

#[actix_rt::test]
async fn when_all_fail_the_last_error_and_the_earliest_wait_are_told() {
    let a = Fake::that(Reply::Limited(40)).await;
    let b = Fake::that(Reply::Limited(7)).await;
    let c = Fake::that(Reply::Error(503, "down")).await;
    let world = World::new().with("a", &a).with("b", &b).with("c", &c);
    let table = world.table(Strategy::Fallback, &["a", "b", "c"]);

    let error = world.chat(&table).await.unwrap_err();

    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let RouteError::Exhausted {
        last,
        attempts,
        trail,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert!(matches!(*last, ProviderError::Status { status: 503, .. }));
    assert_eq!(attempts, 3);
    let labels: Vec<_> = trail.iter().map(|setback| &*setback.provider).collect();
    assert_eq!(labels, ["a", "b", "c"]);
}

#[actix_rt::test]
async fn between_different_providers_nobody_sleeps() {
    let down = Fake::that(Reply::Error(500, "down")).await;
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let world = names
        .iter()
        .fold(World::new(), |world, name| world.with(name, &down));
    let table = world.table(Strategy::Fallback, &names);

    let began = Instant::now();
    let error = world.chat(&table).await.unwrap_err();

    assert!(matches!(error, RouteError::Exhausted { attempts: 8, .. }));
    // A back-off that doubles from half a second would take half a minute.
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[actix_rt::test]
async fn open_circuits_are_not_called_and_all_open_says_when_to_come_back() {
    let (clock, hand) = Clock::manual();
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let shut = |seconds| {
        let now = clock.now();
        Gates::open().with_shut("m", now + Duration::from_secs(seconds), now)
    };
    let world = World::at(clock.clone())
        .with_gates("a", &a, shut(60))
        .with_gates("b", &b, shut(20));
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let error = world.chat(&table).await.unwrap_err();
    assert_eq!(
        error,
        RouteError::AllShut {
            retry_after: Duration::from_secs(20)
        }
    );
    assert_eq!((a.calls(), b.calls()), (0, 0));

    hand.advance(Duration::from_secs(20));
    let routed = world.chat(&table).await.unwrap();
    assert_eq!(&*routed.provider, "b");
    assert_eq!(routed.attempts, 1);
    assert_eq!(a.calls(), 0);
}

#[actix_rt::test]
async fn an_open_circuit_between_two_targets_does_not_count_as_an_attempt() {
    let (clock, _hand) = Clock::manual();
    let a = Fake::that(Reply::Error(500, "down")).await;
    let (b, c) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let now = clock.now();
    let shut = Gates::open().with_shut("m", now + Duration::from_secs(9), now);
    let world = World::at(clock)
        .with("a", &a)
        .with_gates("b", &b, shut)
        .with("c", &c);
    let table = world.table(Strategy::Fallback, &["a", "b", "c"]);

    let routed = world.chat(&table).await.unwrap();

    assert_eq!(&*routed.provider, "c");
    assert_eq!(routed.attempts, 2);
}

#[actix_rt::test]
async fn retries_end_where_the_agent_says() {
    let (a, b) = (
        Fake::that(Reply::Error(500, "x")).await,
        Fake::that(Reply::Chat).await,
    );
    let world = World::new().with("a", &a).with("b", &b);
    let agent = |max_retries| AgentSpec {
        name: "coder".to_owned(),
        strategy: Strategy::Fallback,
        targets: vec![target("a", "m"), target("a", "n"), target("b", "m")],
        max_retries,
        ..AgentSpec::default()
    };

    let error = world
        .chat(&world.table_of(agent(Some(1))))
        .await
        .unwrap_err();
    assert!(matches!(error, RouteError::Exhausted { attempts: 2, .. }));
    assert_eq!((a.calls(), b.calls()), (2, 0));

    let routed = world.chat(&world.table_of(agent(Some(2)))).await.unwrap();
    assert_eq!(routed.attempts, 3);
}

#[actix_rt::test]
async fn round_robin_spreads_requests_and_falls_back_along_the_ring() {
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let c = Fake::that(Reply::Error(500, "down")).await;
    let world = World::new().with("a", &a).with("b", &b).with("c", &c);
    let table = world.table(Strategy::RoundRobin, &["a", "b", "c"]);

    let mut answered = Vec::new();
    for _ in 0..6 {
        answered.push(world.chat(&table).await.unwrap().provider.to_string());
    }

    assert_eq!(answered, ["a", "b", "a", "a", "b", "a"]);
    assert_eq!(c.calls(), 2);
}

#[actix_rt::test]
async fn the_fastest_target_of_late_goes_first_where_that_is_asked_for() {
    let world = World::new().with_echo("slow").with_echo("fast");
    let agent = AgentSpec {
        name: "coder".to_owned(),
        strategy: Strategy::Fallback,
        order_by_latency: true,
        targets: vec![target("slow", "m"), target("fast", "m")],
        ..AgentSpec::default()
    };
    let table = world.table_of(agent);
    let now = world.clock.now();
    let sample = |provider: &str, ms| LatencySample {
        provider: provider.into(),
        model: "m".into(),
        shape: ReplyShape::Whole,
        first_byte: Duration::from_millis(ms),
        at: now,
    };
    let mut windows = LatencyWindows::new(WindowRules::default());
    windows.record([sample("slow", 900), sample("fast", 90)], now);

    let admission = admission().await;
    let whole = ask(&admission, &world.clock, "coder", false).await;
    let plan = table.plan(whole, windows.table()).unwrap();
    assert_eq!(order(&plan), ["fast", "slow"]);

    let streamed = ask(&admission, &world.clock, "coder", true).await;
    let plan = table.plan(streamed, windows.table()).unwrap();
    assert_eq!(order(&plan), ["slow", "fast"], "no stream was measured");
}

#[actix_rt::test]
async fn a_prompt_goes_only_where_it_fits() {
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let world = World::new().with("a", &a).with("b", &b);
    let agent = |limits: [Option<u64>; 2]| AgentSpec {
        name: "coder".to_owned(),
        strategy: Strategy::Fallback,
        targets: ["a", "b"]
            .iter()
            .zip(limits)
            .map(|(provider, max_context)| TargetSpec {
                max_context,
                ..target(provider, "m")
            })
            .collect(),
        ..AgentSpec::default()
    };

    let table = world.table_of(agent([Some(1), None]));
    assert_eq!(&*world.chat(&table).await.unwrap().provider, "b");

    let table = world.table_of(agent([Some(1), Some(2)]));
    let error = world.chat(&table).await.unwrap_err();
    let RouteError::ContextTooLarge {
        estimated,
        largest: 2,
    } = error
    else {
        panic!("{error}");
    };
    assert!(estimated > 2);
    assert_eq!(a.calls(), 0);
}

#[actix_rt::test]
async fn what_a_provider_keeps_is_asked_for_there_or_nowhere() {
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);
    let admission = admission().await;
    let latency = LatencyTable::default();

    let mut kept = ask(&admission, &world.clock, "coder", false).await;
    kept.ties.kept_by = Some("b".into());
    assert_eq!(order(&table.plan(kept, &latency).unwrap()), ["b"]);

    let mut gone = ask(&admission, &world.clock, "coder", false).await;
    gone.ties.kept_by = Some("c".into());
    let refused = table.plan(gone, &latency).unwrap_err();
    assert_eq!(refused.label(), "kept_elsewhere");
}

#[actix_rt::test]
async fn an_unknown_model_is_not_found_and_nobody_is_called() {
    let (a, b) = (Fake::that(Reply::Chat).await, Fake::that(Reply::Chat).await);
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let error = world.send(&table, "codex", false).await.unwrap_err();

    assert_eq!(
        error,
        RouteError::ModelNotFound {
            model: "codex".to_owned()
        }
    );
    assert_eq!((a.calls(), b.calls()), (0, 0));
}

#[actix_rt::test]
async fn a_model_of_a_client_s_own_choice_is_sent_but_is_no_label() {
    let a = Fake::that(Reply::Chat).await;
    let world = World::new().with("a", &a).with_echo("b");
    let table = world.table(Strategy::Fallback, &["a"]);

    let routed = world.send(&table, "a/some-new-model", false).await.unwrap();

    assert_eq!(&*routed.model, "some-new-model");
    assert!(!routed.configured);
}

#[actix_rt::test]
async fn a_permit_for_one_model_is_no_permit_for_another() {
    let world = World::new().with_echo("a");
    let table = world.table(Strategy::Fallback, &["a"]);
    let admission = admission().await;
    let mut ask = ask(&admission, &world.clock, "coder", false).await;
    ask.permit = support::permit("assistant");

    let error = table.plan(ask, &LatencyTable::default()).unwrap_err();

    assert_eq!(error.label(), "permit_for_another");
}

#[actix_rt::test]
async fn a_provider_without_a_client_on_this_worker_moves_on_and_is_not_blamed() {
    let b = Fake::that(Reply::Chat).await;
    let mut world = World::new().with("b", &b);
    let stranger = World::new().with_echo("a");
    world
        .handles
        .insert("a".to_owned(), stranger.handles["a"].clone());
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let routed = world.chat(&table).await.unwrap();

    assert_eq!(&*routed.provider, "b");
    assert_eq!(routed.trail[0].label(), "not_configured");
    assert_eq!(told(&world), [pair("b", Verdict::Answered)]);
}

#[actix_rt::test]
async fn the_echo_provider_is_a_target_like_any_other() {
    let world = World::new().with_echo("echo");
    let table = world.table(Strategy::RoundRobin, &["echo"]);

    let whole = world.chat(&table).await.unwrap();
    let Answer::Whole { body, .. } = whole.answer else {
        panic!("a whole reply was asked for");
    };
    assert!(String::from_utf8_lossy(&body).contains("hello there, gateway"));

    let stream = world.send(&table, "coder", true).await.unwrap();
    assert!(matches!(stream.answer, Answer::Stream { .. }));
}

#[actix_rt::test]
async fn a_table_is_shared_by_workers_and_outlives_its_replacement() {
    let world = World::new().with_echo("a");
    let table = Arc::new(world.table(Strategy::Fallback, &["a"]));
    let held = Arc::clone(&table);
    drop(table);

    assert!(world.chat(&held).await.is_ok());
}

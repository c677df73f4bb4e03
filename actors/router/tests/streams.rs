//! What is owed after an answer has begun, and what a client leaves behind that goes early.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic, its helpers too"
)]

mod support;

use futures_util::StreamExt;
use nenya_router::{Happened, RouteError, Strategy};
use provider::{Answer, Failure, Gates, ProviderError, Verdict};
use runtime::Clock;

use support::{Fake, Reply, World};

const BROKEN: Verdict = Verdict::Failed(Failure::Broken);

fn told(world: &World) -> Vec<(String, Verdict)> {
    world.outcomes()
}

fn pair(provider: &str, verdict: Verdict) -> (String, Verdict) {
    (provider.to_owned(), verdict)
}

#[actix_rt::test]
async fn a_stream_is_settled_at_its_end_and_not_at_its_beginning() {
    let a = Fake::that(Reply::Stream).await;
    let world = World::new().with("a", &a);
    let table = world.table(Strategy::Fallback, &["a"]);

    let routed = world.send(&table, "coder", true).await.unwrap();
    assert_eq!(world.measured(), ["a"]);
    assert_eq!(told(&world), []);

    let Answer::Stream { mut stream, .. } = routed.answer else {
        panic!("a stream was asked for");
    };
    while let Some(chunk) = stream.next().await {
        chunk.unwrap();
    }
    routed.pass.ended(&world);
    assert_eq!(told(&world), [pair("a", Verdict::Answered)]);
}

#[actix_rt::test]
async fn a_stream_that_is_cut_off_counts_against_the_provider_and_is_not_tried_again() {
    let (a, b) = (
        Fake::that(Reply::CutStream).await,
        Fake::that(Reply::Stream).await,
    );
    let world = World::new().with("a", &a).with("b", &b);
    let table = world.table(Strategy::Fallback, &["a", "b"]);

    let routed = world.send(&table, "coder", true).await.unwrap();
    let Answer::Stream { mut stream, .. } = routed.answer else {
        panic!("a stream was asked for");
    };
    assert!(stream.next().await.unwrap().is_ok());
    let error = stream.next().await.unwrap().unwrap_err();
    routed.pass.failed(&error, &world);

    assert_eq!(error, ProviderError::Truncated);
    assert_eq!(told(&world), [pair("a", BROKEN)]);
    assert_eq!(b.calls(), 0);
}

#[actix_rt::test]
async fn a_client_that_leaves_during_a_stream_counts_against_nobody() {
    let a = Fake::that(Reply::Stream).await;
    let world = World::new().with("a", &a);
    let table = world.table(Strategy::Fallback, &["a"]);

    let routed = world.send(&table, "coder", true).await.unwrap();
    drop(routed);

    assert_eq!(told(&world), []);
}

#[actix_rt::test]
async fn the_first_chunk_of_a_trial_closes_the_circuit_for_the_others() {
    let (clock, _hand) = Clock::manual();
    let a = Fake::that(Reply::CutStream).await;
    let now = clock.now();
    let half_open = Gates::open().with_shut("m", now, now);
    let world = World::at(clock).with_gates("a", &a, half_open);
    let table = world.table(Strategy::Fallback, &["a"]);

    let routed = world.send(&table, "coder", true).await.unwrap();
    assert_eq!(told(&world), [pair("a", Verdict::Answered)]);
    assert!(world.happened.borrow().iter().any(Happened::is_urgent));

    routed.pass.failed(&ProviderError::Truncated, &world);
    assert_eq!(
        told(&world),
        [pair("a", Verdict::Answered), pair("a", BROKEN)]
    );
}

#[actix_rt::test]
async fn dropping_the_request_closes_the_connection_and_gives_the_trial_back() {
    let (clock, _hand) = Clock::manual();
    let silent = Fake::that(Reply::Silence).await;
    let now = clock.now();
    let half_open = Gates::open().with_shut("m", now, now);
    let world = World::at(clock).with_gates("a", &silent, half_open);
    let table = world.table(Strategy::Fallback, &["a"]);

    let request = world.chat(&table);
    tokio::select! {
        _ = request => panic!("nobody answers"),
        () = silent.called() => {}
    }

    silent.left().await;
    assert_eq!(told(&world), []);
    let handle = &world.handles["a"];
    assert!(handle.enter("m", &world.clock).unwrap().is_trial());
}

#[actix_rt::test]
async fn a_second_request_does_not_join_a_trial_that_is_under_way() {
    let (clock, _hand) = Clock::manual();
    let silent = Fake::that(Reply::Silence).await;
    let now = clock.now();
    let half_open = Gates::open().with_shut("m", now, now);
    let world = World::at(clock).with_gates("a", &silent, half_open);
    let table = world.table(Strategy::Fallback, &["a"]);

    let first = world.chat(&table);
    let second = async {
        silent.called().await;
        world.chat(&table).await
    };
    tokio::select! {
        _ = first => panic!("nobody answers"),
        result = second => {
            assert!(matches!(result.unwrap_err(), RouteError::AllShut { .. }));
        }
    }
    assert_eq!(silent.calls(), 1);
}

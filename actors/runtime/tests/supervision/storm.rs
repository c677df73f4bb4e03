//! Many callers on many threads while the actor breaks again and again.

use std::time::Duration;

use actix_rt::Arbiter;
use nenya_runtime::{AskError, BirthCause, ChildSpec, Handle};
use tokio::sync::oneshot;

use crate::stage::{Act, Audience, Count, PATIENCE, Player, Script, declare, tree};

const CALLERS: usize = 3;
const ASKS: usize = 400;

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    answered: usize,
    failed: usize,
}

/// Asks again and again, and breaks the actor with every 20th ask.
async fn call(player: Handle<Player>) -> Tally {
    let mut tally = Tally::default();
    for number in 0..ASKS {
        let answer = match number % 20 {
            19 => player.ask(Act::panic(), PATIENCE).await,
            _ => player.ask(Count, PATIENCE).await.map(drop),
        };
        match answer {
            Ok(()) => tally.answered += 1,
            Err(AskError::Failed) => tally.failed += 1,
            Err(error) => panic!("{error}"),
        }
    }
    tally
}

#[actix_rt::test]
async fn every_ask_is_answered_and_only_the_guilty_ones_fail() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let spec = ChildSpec::new("p").intensity(1_000_000, Duration::from_secs(1));
    let player = declare(&mut tree, spec, "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    let arbiters: Vec<Arbiter> = (0..CALLERS).map(|_| Arbiter::new()).collect();
    let calls = arbiters.iter().map(|arbiter| {
        let (done, is_done) = oneshot::channel();
        let player = player.clone();
        arbiter.spawn(async move { drop(done.send(call(player).await)) });
        is_done
    });
    for tally in futures_util::future::join_all(calls).await {
        let failed = ASKS / 20;
        assert_eq!(
            tally,
            Ok(Tally {
                answered: ASKS - failed,
                failed
            })
        );
    }
    let panics = CALLERS * ASKS / 20;
    for _ in 0..panics {
        assert_eq!(audience.rebuilt("p").await, BirthCause::Panic);
    }
    assert_eq!(player.counters().panics, panics as u64);
    assert_eq!(player.counters().queued, 0);
    for arbiter in arbiters {
        arbiter.stop();
    }
    overseer.stop().await;
}

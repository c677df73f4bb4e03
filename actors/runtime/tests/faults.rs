//! Misbehaviour on request, for tests of the whole program.
#![cfg(feature = "faults")]
#![forbid(unsafe_code)]

use std::time::Duration;

use nenya_runtime::{ChildSpec, Clock, DownCause, Misbehaviour, Ping, Role, Thaw, Tree, TreeEvent};
use tokio::sync::mpsc;

const PATIENCE: Duration = Duration::from_secs(30);

struct Victim;

impl Role for Victim {
    type State = ();

    fn observe(&self) {}
}

#[actix_rt::test]
async fn actor_misbehaves_on_request_and_is_rebuilt() {
    let thaw = Thaw::new();
    for (kind, label) in [
        (Misbehaviour::Panic, "panic"),
        (Misbehaviour::Fail, "error"),
        (
            Misbehaviour::Freeze {
                until: thaw.clone(),
            },
            "freeze",
        ),
        (Misbehaviour::FreezeForGood, "freeze"),
    ] {
        let (sender, mut events) = mpsc::unbounded_channel();
        let mut tree = Tree::new(Clock::system())
            .freeze_check(Duration::from_millis(25), Duration::from_millis(500));
        let victim = tree.declare(ChildSpec::new("v"), |_| Ok(Victim));
        assert!(!victim.misbehave(Misbehaviour::Panic));
        let overseer = tree
            .start(move |event| drop(sender.send(event)))
            .await
            .unwrap();
        assert!(overseer.misbehave("v", kind));
        assert!(!overseer.misbehave("nobody", Misbehaviour::Panic));
        let cause = down(&mut events).await;
        assert_eq!(cause.label(), label);
        victim.ask(Ping, PATIENCE).await.unwrap();
        overseer.stop().await;
    }
    thaw.thaw();
}

#[actix_rt::test]
async fn freeze_that_ends_in_time_is_borne() {
    let mut tree = Tree::new(Clock::system());
    let victim = tree.declare(ChildSpec::new("v"), |_| Ok(Victim));
    let overseer = tree.start(|_| {}).await.unwrap();
    assert!(victim.misbehave(Misbehaviour::Freeze {
        until: Thaw::after(Duration::from_millis(5))
    }));
    victim.ask(Ping, PATIENCE).await.unwrap();
    assert_eq!(victim.counters().restarts, 0);
    overseer.stop().await;
}

async fn down(events: &mut mpsc::UnboundedReceiver<TreeEvent>) -> DownCause {
    loop {
        if let Some(TreeEvent::Down { cause, .. }) = events.recv().await {
            return cause;
        }
    }
}

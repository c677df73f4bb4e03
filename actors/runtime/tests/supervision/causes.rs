//! Cause by cause: what ends an actor, and what follows.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use nenya_runtime::{
    AskError, BirthCause, ChildSpec, Clock, DownCause, Fault, PastIntensity, Published, Restart,
    StartError, Tree, TreeEvent,
};

use crate::stage::{Act, Audience, Count, PATIENCE, Player, Script, declare, generation, tree};

#[actix_rt::test]
async fn panic_in_a_handler_fails_the_caller_and_is_rebuilt_with_fresh_state() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    assert_eq!(
        player.ask(Act::panic(), PATIENCE).await,
        Err(AskError::Failed)
    );
    assert_eq!(audience.rebuilt("p").await, BirthCause::Panic);
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    let counters = player.counters();
    assert_eq!((counters.panics, counters.restarts), (1, 1));
    overseer.stop().await;
}

#[actix_rt::test]
async fn fault_from_a_handler_fails_the_caller_and_is_rebuilt() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let script = Script::default();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &script);
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(
        player.ask(Act::fail(), PATIENCE).await,
        Err(AskError::Failed)
    );
    assert_eq!(
        audience.down("p").await,
        DownCause::Error(Fault::new("on purpose"))
    );
    assert_eq!(audience.rebuilt("p").await, BirthCause::Error);
    assert_eq!(generation(&player).await, 2);
    assert_eq!(player.counters().panics, 0);
    // Not trusted any more, so not asked to stop in an orderly way.
    assert_eq!(script.take(), ["p built", "p gone", "p built"]);
    overseer.stop().await;
}

#[actix_rt::test]
async fn panic_in_a_timer_is_rebuilt_although_the_caller_was_answered() {
    for deed in [Act::panic_in_a_timer(), Act::panic_in_a_task()] {
        let (mut audience, ears) = Audience::new();
        let mut tree = tree();
        let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
        let overseer = tree.start(ears).await.unwrap();
        assert_eq!(player.ask(deed, PATIENCE).await, Ok(()));
        assert_eq!(audience.down("p").await, DownCause::Panic);
        assert_eq!(audience.rebuilt("p").await, BirthCause::Panic);
        assert_eq!(generation(&player).await, 2);
        overseer.stop().await;
    }
}

/// Starts a tree whose second of three children does `wrong` in its factory or in `started`.
async fn first_start_with(
    wrong: impl Fn() -> Result<(), Fault> + Clone + Send + Sync + 'static,
    place: fragile::Place,
) -> (StartError, Vec<String>) {
    let (_audience, ears) = Audience::new();
    let script = Script::default();
    let mut tree = tree();
    let first = declare(&mut tree, ChildSpec::new("first"), "first", &script);
    fragile::declare(&mut tree, "second", place, move |_| wrong());
    let third = declare(&mut tree, ChildSpec::new("third"), "third", &script);
    let error = tree.start(ears).await.unwrap_err();
    assert_eq!(first.ask(Count, PATIENCE).await, Err(AskError::Closed));
    assert_eq!(third.ask(Count, PATIENCE).await, Err(AskError::Closed));
    (error, script.take())
}

#[actix_rt::test]
async fn child_that_does_not_start_ends_the_start_and_stops_those_before_it() {
    for place in [fragile::Place::Factory, fragile::Place::Started] {
        let (error, script) = first_start_with(|| Err(Fault::new("on purpose")), place).await;
        let cause = DownCause::Error(Fault::new("on purpose"));
        assert_eq!(
            error,
            StartError::Child {
                name: "second".into(),
                cause
            }
        );
        assert_eq!(
            error.to_string(),
            "`second` did not start: it failed: on purpose"
        );
        assert_eq!(script, ["first built", "first stopping", "first gone"]);

        let (error, _) = first_start_with(|| panic!("on purpose"), place).await;
        assert_eq!(
            error,
            StartError::Child {
                name: "second".into(),
                cause: DownCause::Panic
            }
        );
    }
}

#[actix_rt::test]
async fn rebuild_that_fails_is_tried_again() {
    for place in [fragile::Place::Factory, fragile::Place::Started] {
        let (mut audience, ears) = Audience::new();
        let mut tree = tree();
        let child = fragile::declare(&mut tree, "c", place, |generation| match generation {
            2 => panic!("on purpose"),
            3 => Err(Fault::new("on purpose")),
            _ => Ok(()),
        });
        let overseer = tree.start(ears).await.unwrap();
        child.tell(fragile::Panic).unwrap();
        assert_eq!(audience.down("c").await, DownCause::Panic);
        assert_eq!(audience.down("c").await, DownCause::Panic);
        assert_eq!(
            audience.down("c").await,
            DownCause::Error(Fault::new("on purpose"))
        );
        assert_eq!(audience.rebuilt("c").await, BirthCause::Error);
        assert!(child.is_up());
        overseer.stop().await;
    }
}

#[actix_rt::test]
async fn factory_that_keeps_failing_passes_the_intensity() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let built = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&built);
    let spec = ChildSpec::new("c").intensity(3, Duration::from_secs(60));
    let place = fragile::Place::Factory;
    let child = fragile::declare_as(&mut tree, spec, place, move |generation| {
        count.fetch_add(1, SeqCst);
        if generation == 1 {
            Ok(())
        } else {
            Err(Fault::new("on purpose"))
        }
    });
    let overseer = tree.start(ears).await.unwrap();
    child.tell(fragile::Panic).unwrap();
    let escalation = overseer.escalated().await;
    assert_eq!(escalation.name, "c");
    assert_eq!(built.load(SeqCst), 1 + 3);
    audience
        .until(|event| matches!(event, TreeEvent::Escalated { .. }).then_some(()))
        .await;
    overseer.stop().await;
}

#[actix_rt::test]
async fn ten_panics_in_a_row_are_within_the_intensity_and_an_eleventh_exits_with_70() {
    let (mut audience, ears) = Audience::new();
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock);
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    for rebuilds in 1..=10 {
        assert_eq!(
            player.ask(Act::panic(), PATIENCE).await,
            Err(AskError::Failed)
        );
        assert_eq!(audience.rebuilt("p").await, BirthCause::Panic);
        assert_eq!(player.counters().restarts, rebuilds);
    }
    hand.advance(Duration::from_millis(9_999));
    assert_eq!(
        player.ask(Act::panic(), PATIENCE).await,
        Err(AskError::Failed)
    );
    let escalation = overseer.escalated().await;
    assert_eq!(
        (escalation.name.as_str(), escalation.exit_code()),
        ("p", 70)
    );
    assert_eq!(player.ask(Count, PATIENCE).await, Err(AskError::Closed));
    overseer.stop().await;
}

#[actix_rt::test]
async fn panics_that_are_longer_ago_than_the_period_do_not_count() {
    let (mut audience, ears) = Audience::new();
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock);
    let spec = ChildSpec::new("p").intensity(1, Duration::from_secs(10));
    let player = declare(&mut tree, spec, "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    for _ in 0..5 {
        player.tell(Act::panic()).unwrap();
        assert_eq!(audience.rebuilt("p").await, BirthCause::Panic);
        hand.advance(Duration::from_secs(10));
    }
    overseer.stop().await;
}

#[actix_rt::test]
async fn child_left_down_says_closed_while_the_rest_goes_on() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let spec = ChildSpec::new("p")
        .intensity(0, Duration::from_secs(10))
        .past_intensity(PastIntensity::LeaveDown);
    let script = Script::default();
    let player = declare(&mut tree, spec, "p", &script);
    let other = declare(&mut tree, ChildSpec::new("other"), "other", &script);
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(
        player.ask(Act::panic(), PATIENCE).await,
        Err(AskError::Failed)
    );
    let name = audience
        .until(|event| match event {
            TreeEvent::GaveUp { name } => Some(name),
            _ => None,
        })
        .await;
    assert_eq!(name, "p");
    assert_eq!(player.ask(Count, PATIENCE).await, Err(AskError::Closed));
    assert_eq!(other.ask(Count, PATIENCE).await, Ok(1));
    assert!(overseer.health_round(PATIENCE).await.is_ok());

    assert!(overseer.rebuild("p").await);
    assert_eq!(audience.rebuilt("p").await, BirthCause::Asked);
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    overseer.stop().await;
}

#[actix_rt::test]
async fn restart_rule_decides_whether_an_orderly_end_is_final() {
    use Restart::{Permanent, Temporary, Transient};
    for (rule, deed, rebuilt) in [
        (Permanent, Act::quit(), true),
        (Transient, Act::quit(), false),
        (Transient, Act::panic(), true),
        (Transient, Act::fail(), true),
        (Temporary, Act::panic(), false),
        (Temporary, Act::quit(), false),
    ] {
        let (mut audience, ears) = Audience::new();
        let mut tree = tree();
        let spec = ChildSpec::new("p").restart(rule);
        let player = declare(&mut tree, spec, "p", &Script::default());
        let overseer = tree.start(ears).await.unwrap();
        player.tell(deed).unwrap();
        let comes_back = audience
            .until(|event| match event {
                TreeEvent::Rebuilt { .. } => Some(true),
                TreeEvent::Stopped { .. } => Some(false),
                _ => None,
            })
            .await;
        assert_eq!(comes_back, rebuilt, "{rule:?}");
        assert_eq!(player.ask(Count, PATIENCE).await.is_ok(), rebuilt);
        overseer.stop().await;
    }
}

#[actix_rt::test]
async fn snapshot_stays_published_during_the_rebuild() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let table = Published::new(0_u64);
    let (writer, script, gate) = (
        table.clone(),
        Script::default(),
        crate::stage::Gate::default(),
    );
    let closed = gate.clone();
    let player = tree.declare(ChildSpec::new("p"), move |birth| {
        if birth.generation > 1 {
            closed.pass();
        }
        writer.publish(birth.generation);
        Ok(Player::new("p", birth, &script))
    });
    let overseer = tree.start(ears).await.unwrap();
    player.tell(Act::panic()).unwrap();
    assert_eq!(audience.down("p").await, DownCause::Panic);
    assert!(!player.is_up());
    assert_eq!(**table.load(), 1);
    gate.open();
    audience.rebuilt("p").await;
    assert_eq!(**table.load(), 2);
    overseer.stop().await;
}

#[actix_rt::test]
async fn panic_in_the_supervision_itself_is_escalated() {
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let (_audience, _) = Audience::new();
    let overseer = tree
        .start(|event| {
            if matches!(event, TreeEvent::Down { .. }) {
                panic!("on purpose");
            }
        })
        .await
        .unwrap();
    player.tell(Act::panic()).unwrap();
    let escalation = overseer.escalated().await;
    assert_eq!(
        escalation.to_string(),
        "`overseer` broke too often, at last it panicked"
    );
    assert_eq!(player.ask(Count, PATIENCE).await, Err(AskError::Closed));
    assert!(overseer.stop().await.is_empty());
}

/// A child that goes wrong while it is made.
mod fragile {
    use nenya_runtime::{ChildSpec, Ctx, Fault, Handle, Handles, Message, Role, Tree};

    #[derive(Clone, Copy)]
    pub(crate) enum Place {
        Factory,
        Started,
    }

    type Check = std::sync::Arc<dyn Fn(u64) -> Result<(), Fault> + Send + Sync>;

    pub(crate) struct Fragile {
        check: Option<Check>,
    }

    impl Role for Fragile {
        type State = ();

        fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
            let generation = ctx.generation();
            self.check
                .as_ref()
                .map_or(Ok(()), |check| check(generation))
        }

        fn observe(&self) {}
    }

    pub(crate) struct Panic;

    impl Message for Panic {
        type Reply = ();
    }

    impl Handles<Panic> for Fragile {
        fn handle(&mut self, _: Panic, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
            panic!("on purpose")
        }
    }

    pub(crate) fn declare(
        tree: &mut Tree,
        name: &str,
        place: Place,
        check: impl Fn(u64) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Handle<Fragile> {
        declare_as(tree, ChildSpec::new(name), place, check)
    }

    pub(crate) fn declare_as(
        tree: &mut Tree,
        spec: ChildSpec,
        place: Place,
        check: impl Fn(u64) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Handle<Fragile> {
        let check: Check = std::sync::Arc::new(check);
        tree.declare(spec, move |birth| match place {
            Place::Factory => {
                check(birth.generation)?;
                Ok(Fragile { check: None })
            }
            Place::Started => Ok(Fragile {
                check: Some(check.clone()),
            }),
        })
    }
}

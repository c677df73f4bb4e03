//! Threads that no longer answer.

use std::time::Duration;

use nenya_runtime::{
    AskError, BirthCause, ChildSpec, Ctx, DownCause, Fault, Handles, Message, Published, Role,
    StartError, TellError, TreeEvent,
};
use tokio::sync::{mpsc, oneshot};

use crate::stage::{
    Act, Audience, Count, Gate, PATIENCE, Player, Script, declare, generation, home, tree,
};

#[actix_rt::test]
async fn frozen_children_are_rebuilt_on_a_fresh_thread_in_declared_order() {
    let (mut audience, ears) = Audience::new();
    let (script, gate) = (Script::default(), Gate::default());
    let mut tree = tree();
    let a = declare(
        &mut tree,
        ChildSpec::new("a").thread("shared"),
        "a",
        &script,
    );
    let other = declare(&mut tree, ChildSpec::new("other"), "other", &script);
    let b = declare(
        &mut tree,
        ChildSpec::new("b").thread("shared"),
        "b",
        &script,
    );
    let overseer = tree.start(ears).await.unwrap();
    let old_home = home(&a).await;
    script.take();

    b.tell(Act::freeze(&gate)).unwrap();
    let frozen = audience
        .until(|event| match event {
            TreeEvent::Frozen { children } => Some(children),
            _ => None,
        })
        .await;
    assert_eq!(frozen, ["a", "b"]);
    assert_eq!(audience.rebuilt("a").await, BirthCause::Freeze);
    assert_eq!(audience.rebuilt("b").await, BirthCause::Freeze);
    assert_eq!(script.take(), ["a built", "b built"]);
    assert_ne!(home(&a).await, old_home);
    assert_eq!(home(&a).await, home(&b).await);
    assert_eq!(generation(&other).await, 1);
    assert!(overseer.health_round(PATIENCE).await.is_ok());
    gate.open();
    overseer.stop().await;
}

#[actix_rt::test]
async fn frozen_child_is_named_by_a_health_round() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    // No check of the tree's own, so that the round finds it frozen.
    let mut tree = tree().freeze_check(Duration::from_secs(3600), Duration::from_secs(3600));
    let a = declare(&mut tree, ChildSpec::new("a"), "a", &Script::default());
    declare(&mut tree, ChildSpec::new("b"), "b", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    a.tell(Act::freeze(&gate)).unwrap();
    let silent = overseer
        .health_round(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert_eq!(silent, ["a"]);
    gate.open();
    assert!(overseer.health_round(PATIENCE).await.is_ok());
    overseer.stop().await;
}

#[actix_rt::test]
async fn asker_that_froze_it_is_told_and_the_one_behind_is_served_by_the_successor() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    let guilty = player.ask(Act::freeze(&gate), PATIENCE);
    let behind = player.ask(Count, PATIENCE);
    let (guilty, behind) = futures_util::future::join(guilty, behind).await;
    assert_eq!((guilty, behind), (Err(AskError::Failed), Ok(1)));
    gate.open();
    overseer.stop().await;
}

#[actix_rt::test]
async fn mailbox_that_froze_full_leaves_its_successor_all_places() {
    let (mut audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(
        &mut tree,
        ChildSpec::new("p").mailbox(2),
        "p",
        &Script::default(),
    );
    let overseer = tree.start(ears).await.unwrap();
    let (entered, is_entered) = oneshot::channel();
    let blocked = gate.clone();
    player
        .tell(Act::new(move |_| {
            entered.send(()).ok();
            blocked.pass();
            Ok(())
        }))
        .unwrap();
    is_entered.await.unwrap();
    assert_eq!([player.tell(Count), player.tell(Count)], [Ok(()), Ok(())]);
    assert_eq!(player.tell(Count), Err(TellError::Full));
    audience.rebuilt("p").await;
    assert_eq!(player.counters().queued, 0);
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    gate.open();
    overseer.stop().await;
}

/// Publishes and tells once it has thawed.
struct Straggler {
    table: Published<u64>,
    gone: mpsc::UnboundedSender<u64>,
    friend: nenya_runtime::Handle<Player>,
    generation: u64,
}

impl Role for Straggler {
    type State = ();

    fn observe(&self) {}
}

impl Drop for Straggler {
    fn drop(&mut self) {
        self.gone.send(self.generation).ok();
    }
}

struct PublishAfter(Gate, std::sync::mpsc::Sender<Result<(), TellError>>);

impl Message for PublishAfter {
    type Reply = ();
}

impl Handles<PublishAfter> for Straggler {
    fn handle(&mut self, message: PublishAfter, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let PublishAfter(gate, told) = message;
        gate.pass();
        self.table.publish(99);
        told.send(self.friend.tell(Count)).ok();
        Ok(())
    }
}

#[actix_rt::test]
async fn thawed_thread_is_not_heard_any_more_and_ends() {
    let (mut audience, ears) = Audience::new();
    let (table, gate, script) = (Published::new(0), Gate::default(), Script::default());
    let mut tree = tree();
    let friend = declare(&mut tree, ChildSpec::new("friend"), "friend", &script);
    let (gone, mut goes) = mpsc::unbounded_channel();
    let (cell, told_to) = (table.clone(), friend.clone());
    let straggler = tree.declare(ChildSpec::new("s"), move |birth| {
        let (table, gone, friend) = (cell.clone(), gone.clone(), told_to.clone());
        table.publish(birth.generation);
        Ok(Straggler {
            table,
            gone,
            friend,
            generation: birth.generation,
        })
    });
    let overseer = tree.start(ears).await.unwrap();
    let (told, was_told) = std::sync::mpsc::channel();
    straggler.tell(PublishAfter(gate.clone(), told)).unwrap();
    // Waits in the frozen mailbox; nobody may handle it there after the thaw.
    let (second_told, second_was_told) = std::sync::mpsc::channel();
    straggler
        .tell(PublishAfter(gate.clone(), second_told))
        .unwrap();
    audience.rebuilt("s").await;
    assert_eq!(**table.load(), 2);

    gate.open();
    let went = tokio::time::timeout(PATIENCE, goes.recv()).await.unwrap();
    assert_eq!(went, Some(1));
    assert_eq!(was_told.recv(), Ok(Err(TellError::Closed)));
    assert!(second_was_told.recv().is_err());
    assert_eq!(**table.load(), 2);
    assert_eq!(friend.ask(Count, PATIENCE).await, Ok(1));
    overseer.stop().await;
}

#[actix_rt::test]
async fn start_that_takes_too_long_counts_as_frozen() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let (script, closed) = (Script::default(), gate.clone());
    let mut tree = tree();
    let spec = ChildSpec::new("p").start_within(Duration::from_millis(50));
    tree.declare(spec, move |birth| {
        closed.pass();
        Ok(Player::new("p", birth, &script))
    });
    let error = tree.start(ears).await.unwrap_err();
    assert_eq!(
        error,
        StartError::Child {
            name: "p".into(),
            cause: DownCause::Freeze
        }
    );
    gate.open();
}

#[actix_rt::test]
async fn rebuild_that_takes_too_long_is_tried_on_another_thread() {
    let (mut audience, ears) = Audience::new();
    let gate = Gate::default();
    let (script, closed) = (Script::default(), gate.clone());
    let mut tree = tree().freeze_check(Duration::from_secs(3600), Duration::from_secs(3600));
    let spec = ChildSpec::new("p")
        .thread("t")
        .start_within(Duration::from_millis(200));
    let player = tree.declare(spec, move |birth| {
        if birth.generation == 2 {
            closed.pass();
        }
        Ok(Player::new("p", birth, &script))
    });
    let neighbour = ChildSpec::new("n").thread("t");
    let neighbour = declare(&mut tree, neighbour, "n", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    let old_home = home(&player).await;
    player.tell(Act::panic()).unwrap();
    assert_eq!(audience.down("p").await, DownCause::Panic);
    assert_eq!(audience.down("p").await, DownCause::Freeze);
    // The neighbour was on the thread that the factory blocked.
    assert_eq!(audience.down("n").await, DownCause::Freeze);
    audience.rebuilt("p").await;
    assert_ne!(home(&player).await, old_home);
    assert_eq!(home(&player).await, home(&neighbour).await);
    gate.open();
    overseer.stop().await;
}

#[actix_rt::test]
async fn child_that_is_busy_but_answers_is_not_frozen() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let spec = ChildSpec::new("p").mailbox(100_000).thread("t");
    let player = declare(&mut tree, spec, "p", &Script::default());
    let neighbour = ChildSpec::new("n").thread("t");
    let neighbour = declare(&mut tree, neighbour, "n", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    // Each message sends the next: without turns the mailbox would never be empty.
    player.tell(Flood).unwrap();
    for _ in 0..10 {
        assert!(neighbour.ask(Count, PATIENCE).await.is_ok());
        assert!(overseer.health_round(PATIENCE).await.is_ok());
    }
    assert!(
        !audience
            .rest()
            .iter()
            .any(|event| matches!(event, TreeEvent::Frozen { .. }))
    );
    overseer.stop().await;
}

struct Flood;

impl Message for Flood {
    type Reply = ();
}

impl Handles<Flood> for Player {
    fn handle(&mut self, _: Flood, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        ctx.this().tell(Flood).ok();
        Ok(())
    }
}

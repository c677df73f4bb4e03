//! Asking and telling, and what a caller learns when it cannot.

use std::time::Duration;

use nenya_runtime::{
    AskError, ChildSpec, Clock, Ctx, DownCause, Fault, Handle, Handles, Message, Observe, Ping,
    Role, TellError, Tree, asks_made,
};
use serde_json::json;
use tokio::sync::oneshot;

use crate::stage::{
    Act, Audience, Count, Gate, PATIENCE, Player, Script, declare, generation, tree,
};

/// Blocks the player, and returns once it is blocked.
async fn block(player: &Handle<Player>, gate: &Gate) {
    let (entered, is_entered) = oneshot::channel();
    let gate = gate.clone();
    let block = Act::new(move |_| {
        entered.send(()).ok();
        gate.pass();
        Ok(())
    });
    player.tell(block).unwrap();
    is_entered.await.unwrap();
}

#[actix_rt::test]
async fn what_is_past_the_bound_is_refused_and_counted() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(
        &mut tree,
        ChildSpec::new("p").mailbox(3),
        "p",
        &Script::default(),
    );
    let overseer = tree.start(ears).await.unwrap();
    block(&player, &gate).await;
    assert!((0..3).all(|_| player.tell(Count).is_ok()));
    // Clones share the bound.
    assert!((0..10).all(|_| player.clone().tell(Count) == Err(TellError::Full)));
    assert_eq!(player.ask(Count, PATIENCE).await, Err(AskError::Full));
    let counters = player.counters();
    assert_eq!(
        (counters.told, counters.refused, counters.queued),
        (4, 11, 3)
    );
    gate.open();
    // The overseer's question waits behind the three.
    assert_eq!(overseer.observe(PATIENCE).await["p"]["told"], 3);
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(4));
    assert_eq!(player.counters().queued, 0);
    overseer.stop().await;
}

#[actix_rt::test]
async fn ask_past_its_deadline_is_late_and_not_begun_with() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    block(&player, &gate).await;
    let late = player.ask(Count, Duration::from_millis(20)).await;
    assert_eq!(late, Err(AskError::Late));
    gate.open();
    assert_eq!(player.ask(Count, PATIENCE).await, Ok(1));
    overseer.stop().await;
}

#[actix_rt::test]
async fn callers_behind_a_panic_are_served_by_the_successor() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    block(&player, &gate).await;
    let guilty = player.ask(Act::panic(), PATIENCE);
    let queued = futures_util::future::join_all((0..50).map(|_| player.ask(Count, PATIENCE)));
    let opened = async { gate.open() };
    let (guilty, queued, ()) = futures_util::future::join3(guilty, queued, opened).await;
    assert_eq!(guilty, Err(AskError::Failed));
    let counts: Result<Vec<_>, _> = queued.into_iter().collect();
    let mut counts = counts.unwrap();
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
    overseer.stop().await;
}

#[actix_rt::test]
async fn during_a_rebuild_a_tell_is_closed_and_an_ask_waits() {
    let (mut audience, ears) = Audience::new();
    let gate = Gate::default();
    let (closed, script) = (gate.clone(), Script::default());
    let mut tree = tree();
    let player = tree.declare(ChildSpec::new("p"), move |birth| {
        if birth.generation == 2 {
            closed.pass();
        }
        Ok(Player::new("p", birth, &script))
    });
    let overseer = tree.start(ears).await.unwrap();
    player.tell(Act::panic()).unwrap();
    assert_eq!(audience.down("p").await, DownCause::Panic);
    assert_eq!(player.tell(Count), Err(TellError::Closed));
    let brief = player.ask(Count, Duration::from_millis(20)).await;
    assert_eq!(brief, Err(AskError::Late));
    assert!(!overseer.children()[0].up);
    let opened = async { gate.open() };
    let asked = player.ask(Count, PATIENCE);
    assert_eq!(futures_util::future::join(asked, opened).await.0, Ok(1));
    overseer.stop().await;
}

#[actix_rt::test]
async fn handle_follows_the_child_through_many_lives() {
    let (mut audience, ears) = Audience::new();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let copy = player.clone();
    assert!(!player.is_up());
    assert_eq!(player.tell(Count), Err(TellError::Closed));
    assert_eq!(player.ask(Count, PATIENCE).await, Err(AskError::Closed));
    let overseer = tree.start(ears).await.unwrap();
    for life in 1..5 {
        assert_eq!(generation(&copy).await, life);
        player.tell(Act::panic()).unwrap();
        audience.rebuilt("p").await;
    }
    assert_eq!((copy.name(), copy.bound(), copy.is_up()), ("p", 1024, true));
    overseer.stop().await;
    assert!(!copy.is_up());
}

#[actix_rt::test]
async fn detached_handle_says_closed() {
    let nobody = Handle::<Player>::detached("nobody");
    assert_eq!(nobody.tell(Count), Err(TellError::Closed));
    assert_eq!(nobody.ask(Count, PATIENCE).await, Err(AskError::Closed));
    assert_eq!(
        (nobody.name(), nobody.is_up(), nobody.counters().refused),
        ("nobody", false, 2)
    );
    assert_eq!(
        format!("{nobody:?}"),
        "Handle { name: \"nobody\", up: false }"
    );
}

#[actix_rt::test]
async fn every_ask_is_counted_for_the_whole_process() {
    let before = asks_made();
    let nobody = Handle::<Player>::detached("nobody");
    nobody.ask(Count, PATIENCE).await.unwrap_err();
    nobody.tell(Count).unwrap_err();
    assert!(asks_made() > before);
    assert_eq!(nobody.counters().asked, 1);
}

#[actix_rt::test]
async fn every_role_answers_ping_and_observe() {
    let (_audience, ears) = Audience::new();
    let mut tree = tree();
    let player = declare(&mut tree, ChildSpec::new("p"), "p", &Script::default());
    let overseer = tree.start(ears).await.unwrap();
    player.ask(Ping, PATIENCE).await.unwrap();
    player.ask(Count, PATIENCE).await.unwrap();
    let state = json!({"generation": 1, "told": 1});
    assert_eq!(player.ask(Observe, PATIENCE).await, Ok(state.clone()));
    let before = player.counters().asked;
    assert_eq!(
        overseer.observe(PATIENCE).await,
        [("p".to_owned(), state)].into()
    );
    assert_eq!(player.counters().asked, before);
    overseer.stop().await;
}

#[actix_rt::test]
async fn full_mailbox_does_not_keep_the_overseer_out() {
    let (_audience, ears) = Audience::new();
    let gate = Gate::default();
    let mut tree = tree();
    let player = declare(
        &mut tree,
        ChildSpec::new("p").mailbox(1),
        "p",
        &Script::default(),
    );
    let overseer = tree.start(ears).await.unwrap();
    block(&player, &gate).await;
    player.tell(Count).unwrap();
    let opened = async { gate.open() };
    let round = overseer.health_round(PATIENCE);
    assert!(futures_util::future::join(round, opened).await.0.is_ok());
    overseer.stop().await;
}

/// Tells itself things at every occasion.
struct Soliloquist {
    heard: Vec<&'static str>,
    ticks: u32,
}

#[derive(Clone)]
struct Line(&'static str);

impl Message for Line {
    type Reply = ();
}

impl Handles<Line> for Soliloquist {
    fn handle(&mut self, Line(line): Line, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.heard.push(line);
        Ok(())
    }
}

#[derive(Clone)]
struct Tick;

impl Message for Tick {
    type Reply = ();
}

impl Handles<Tick> for Soliloquist {
    fn handle(&mut self, _: Tick, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        self.ticks += 1;
        Ok(())
    }
}

const HOUR: Duration = Duration::from_secs(3600);

impl Role for Soliloquist {
    type State = (Vec<&'static str>, u32);

    fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let this = ctx.this().clone();
        ctx.tell_after(HOUR / 2, Line("after"));
        ctx.tell_every(HOUR, Tick);
        ctx.spawn(async move {
            tokio::time::sleep(HOUR).await;
            this.ask(Line("task"), HOUR).await.ok();
        });
        ctx.this()
            .tell(Line("started"))
            .map_err(|_| Fault::new("cannot tell itself"))
    }

    fn observe(&self) -> Self::State {
        (self.heard.clone(), self.ticks)
    }
}

#[actix_rt::test]
async fn day_of_timers_passes_at_once_in_place_under_a_paused_clock() {
    tokio::time::pause();
    let mut tree = Tree::new(Clock::system()).in_place();
    let actor = tree.declare(ChildSpec::new("s"), |_| {
        Ok(Soliloquist {
            heard: Vec::new(),
            ticks: 0,
        })
    });
    let overseer = tree.start(|_| {}).await.unwrap();
    tokio::time::sleep(24 * HOUR + HOUR / 2).await;
    let state = actor.ask(Observe, HOUR).await.unwrap();
    assert_eq!(state, json!([["started", "after", "task"], 24]));
    overseer.stop().await;
    tokio::time::sleep(24 * HOUR).await;
    assert_eq!(actor.ask(Observe, HOUR).await, Err(AskError::Closed));
}

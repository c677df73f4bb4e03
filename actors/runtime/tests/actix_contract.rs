//! Pins what this crate was written around in the actor library.
//!
//! Each test shows one fact, with the library alone. If an upgrade breaks one, the crate has to
//! be thought through again at the place that the test names, even if all else is green.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use actix::{
    Actor, ActorContext, ActorState, Addr, AsyncContext, Context, Handler, Message, Running,
    Supervised, Supervisor, dev::SendError, dev::channel, fut::wrap_future,
};
use actix_rt::{Arbiter, System};
use tokio::sync::{mpsc, oneshot};

const PATIENCE: Duration = Duration::from_secs(20);

/// What a probe saw happen to it.
#[derive(Debug, PartialEq)]
enum Seen {
    Started(ActorState),
    Restarting,
    Stopping { panicking: bool },
    Dropped { panicking: bool },
}

struct Probe(mpsc::UnboundedSender<Seen>);

impl Probe {
    fn new() -> (Self, mpsc::UnboundedReceiver<Seen>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    fn see(&self, seen: Seen) {
        self.0.send(seen).ok();
    }
}

impl Actor for Probe {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.see(Seen::Started(ctx.state()));
    }

    fn stopping(&mut self, _: &mut Self::Context) -> Running {
        self.see(Seen::Stopping {
            panicking: std::thread::panicking(),
        });
        Running::Stop
    }
}

impl Supervised for Probe {
    fn restarting(&mut self, _: &mut Self::Context) {
        self.see(Seen::Restarting);
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.see(Seen::Dropped {
            panicking: std::thread::panicking(),
        });
    }
}

/// Runs a piece of code inside the actor.
struct Do(Box<Deed>);

type Deed = dyn FnOnce(&mut Context<Probe>) + Send;

impl Do {
    fn this(what: impl FnOnce(&mut Context<Probe>) + Send + 'static) -> Self {
        Self(Box::new(what))
    }

    fn nothing() -> Self {
        Self::this(|_| {})
    }

    fn panic() -> Self {
        Self::this(|_| panic!("on purpose"))
    }
}

impl Message for Do {
    type Result = ();
}

impl Handler<Do> for Probe {
    type Result = ();

    fn handle(&mut self, Do(what): Do, ctx: &mut Self::Context) {
        what(ctx);
    }
}

fn add_one(counter: &AtomicUsize) {
    counter.fetch_add(1, SeqCst);
}

async fn all(mut seen: mpsc::UnboundedReceiver<Seen>) -> Vec<Seen> {
    let mut list = Vec::new();
    while let Some(one) = tokio::time::timeout(PATIENCE, seen.recv())
        .await
        .expect("probe ends")
    {
        list.push(one);
    }
    list
}

fn life_that_ends_in_a_panic() -> Vec<Seen> {
    vec![
        Seen::Started(ActorState::Running),
        Seen::Stopping { panicking: true },
        Seen::Dropped { panicking: true },
    ]
}

// `tomb.rs` reports on drop while unwinding, and `hosted.rs` skips `stopping` then.
#[actix_rt::test]
async fn panic_in_a_handler_drops_the_actor_while_unwinding() {
    let (probe, seen) = Probe::new();
    let sent = probe.start().send(Do::panic()).await;
    assert!(sent.is_err());
    assert_eq!(all(seen).await, life_that_ends_in_a_panic());
}

#[actix_rt::test]
async fn panic_in_a_timer_or_a_task_drops_the_actor_while_unwinding() {
    let timer = |ctx: &mut Context<Probe>| {
        ctx.run_later(Duration::ZERO, |_, _| panic!("on purpose"));
    };
    let task = |ctx: &mut Context<Probe>| {
        ctx.spawn(wrap_future(async { panic!("on purpose") }));
    };
    for deed in [Do::this(timer), Do::this(task)] {
        let (probe, seen) = Probe::new();
        let address = probe.start();
        address.send(deed).await.expect("answered before the panic");
        drop(address);
        assert_eq!(all(seen).await, life_that_ends_in_a_panic());
    }
}

// Why `keeper/` exists.
#[actix_rt::test]
async fn supervisor_of_the_library_does_not_survive_a_panic() {
    let (probe, seen) = Probe::new();
    let address = Supervisor::start(|_| probe);
    assert!(address.send(Do::panic()).await.is_err());
    assert_eq!(all(seen).await, life_that_ends_in_a_panic());
    assert!(!address.connected());
}

#[actix_rt::test]
async fn supervisor_of_the_library_restarts_the_same_value() {
    let (probe, mut seen) = Probe::new();
    let address = Supervisor::start(|_| probe);
    address
        .send(Do::this(ActorContext::stop))
        .await
        .expect("answered before the stop");
    address.send(Do::nothing()).await.expect("runs again");
    let mut list = Vec::new();
    while let Ok(one) = seen.try_recv() {
        list.push(one);
    }
    assert!(list.contains(&Seen::Restarting));
    assert!(!list.iter().any(|one| matches!(one, Seen::Dropped { .. })));
}

// `hosted.rs` lets no role start that is dropped at once.
#[test]
fn actor_dropped_before_its_first_turn_is_started_while_stopping() {
    let (probe, mut seen) = Probe::new();
    let (_keeps_open, receiver) = channel::channel(0);
    System::new().block_on(async {
        drop(Context::with_receiver(receiver).into_future(probe));
    });
    assert_eq!(seen.try_recv(), Ok(Seen::Started(ActorState::Stopping)));
}

// `handle.rs` takes a message back that was not begun with.
#[actix_rt::test]
async fn messages_behind_a_panic_are_dropped_and_the_mailbox_is_closed() {
    let (probe, _seen) = Probe::new();
    let address = probe.start();
    let witness = Arc::new(());
    let held = Arc::clone(&witness);
    address.try_send(Do::panic()).expect("sent");
    let behind = address.send(Do::this(move |_| drop(held)));
    assert!(behind.await.is_err());
    assert_eq!(Arc::strong_count(&witness), 1);
    assert!(matches!(
        address.try_send(Do::nothing()),
        Err(SendError::Closed(_))
    ));
}

// `planted.rs` halts by a message: what was sent before is handled, what comes after is not.
#[actix_rt::test]
async fn stop_ends_the_actor_between_two_messages() {
    let (probe, _seen) = Probe::new();
    let address = probe.start();
    let handled = Arc::new(AtomicUsize::new(0));
    let count = |handled: &Arc<AtomicUsize>| {
        let handled = Arc::clone(handled);
        Do::this(move |_| add_one(&handled))
    };
    address.try_send(count(&handled)).expect("sent");
    address
        .try_send(Do::this(ActorContext::stop))
        .expect("sent");
    assert!(address.send(count(&handled)).await.is_err());
    assert_eq!(handled.load(SeqCst), 1);
}

// Why `seat.rs` counts places itself.
#[actix_rt::test]
async fn mailbox_bound_of_the_library_does_not_hold_for_clones() {
    let (probe, _seen) = Probe::new();
    let address = probe.start();
    address
        .send(Do::this(|ctx| ctx.set_mailbox_capacity(4)))
        .await
        .expect("sent");
    let clones: Vec<Addr<Probe>> = (0..100).map(|_| address.clone()).collect();
    let taken = clones
        .iter()
        .filter(|clone| clone.try_send(Do::nothing()).is_ok())
        .count();
    assert_eq!(taken, 100);
}

#[actix_rt::test]
async fn capacity_of_zero_takes_everything() {
    let (probe, _seen) = Probe::new();
    let (sender, receiver) = channel::channel(0);
    let address = Addr::new(sender);
    actix_rt::spawn(Context::with_receiver(receiver).into_future(probe));
    assert!((0..10_000).all(|_| address.try_send(Do::nothing()).is_ok()));
}

// `hosted.rs` makes a pause after so many messages.
#[actix_rt::test]
async fn full_mailbox_is_drained_in_one_turn_unless_the_actor_waits() {
    let turns = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&turns);
    actix_rt::spawn(async move {
        loop {
            counter.fetch_add(1, SeqCst);
            tokio::task::yield_now().await;
        }
    });
    let drain = async |pause: fn(&mut Context<Probe>)| {
        let (probe, _seen) = Probe::new();
        let address = probe.start();
        address.send(Do::nothing()).await.expect("runs");
        address
            .send(Do::this(|ctx| ctx.set_mailbox_capacity(0)))
            .await
            .expect("runs");
        let before = turns.load(SeqCst);
        for _ in 0..1000 {
            address.try_send(Do::this(pause)).expect("sent");
        }
        address.send(Do::nothing()).await.expect("runs");
        turns.load(SeqCst) - before
    };
    assert!(drain(|_| {}).await < 10);
    let waiting = drain(|ctx| ctx.wait(wrap_future(tokio::task::yield_now()))).await;
    assert!(waiting >= 1000);
}

// `planted.rs` runs factories as work of the thread.
#[actix_rt::test]
async fn panic_in_work_given_to_an_arbiter_leaves_it_alive() {
    let arbiter = Arbiter::new();
    let (guard, fell) = oneshot::channel::<()>();
    arbiter.spawn_fn(move || {
        let _guard = guard;
        panic!("on purpose");
    });
    assert!(fell.await.is_err());
    let (answer, answered) = oneshot::channel();
    arbiter.spawn_fn(move || answer.send(()).expect("awaited"));
    answered.await.expect("arbiter lives");
    arbiter.stop();
}

// `thread.rs` ends threads, and drops what was given to one that has ended.
#[actix_rt::test]
async fn stopped_arbiter_drops_its_actors_and_takes_no_work() {
    let arbiter = Arbiter::new();
    let (probe, seen) = Probe::new();
    let address = Probe::start_in_arbiter(&arbiter.handle(), |_| probe);
    address.send(Do::nothing()).await.expect("runs");
    arbiter.stop();
    assert_eq!(
        all(seen).await.last(),
        Some(&Seen::Dropped { panicking: false })
    );
    let handle = arbiter.handle();
    arbiter.join().expect("thread ends");
    assert!(!handle.alive());
    let (guard, dropped) = oneshot::channel::<()>();
    assert!(!handle.spawn_fn(move || drop(guard)));
    assert!(dropped.await.is_err());
}

// A blocked thread must not block those that give it up.
#[actix_rt::test]
async fn stopping_a_blocked_arbiter_does_not_wait_for_it() {
    let arbiter = Arbiter::new();
    let (thaw, frozen) = std::sync::mpsc::channel::<()>();
    let (blocked, is_blocked) = oneshot::channel();
    arbiter.spawn_fn(move || {
        blocked.send(()).expect("awaited");
        frozen.recv().ok();
    });
    is_blocked.await.expect("blocks");
    assert!(arbiter.stop());
    assert!(arbiter.handle().alive());
    drop(thaw);
    arbiter.join().expect("thread ends once it thaws");
}

// Tests of roles with timers need no sleep.
#[actix_rt::test]
async fn paused_clock_lets_a_day_of_hourly_timers_pass() {
    tokio::time::pause();
    const HOUR: Duration = Duration::from_secs(3600);
    let ticks = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ticks);
    let (probe, _seen) = Probe::new();
    let address = probe.start();
    let every_hour = Do::this(move |ctx| {
        ctx.run_interval(HOUR, move |_, _| add_one(&counter));
    });
    address.send(every_hour).await.expect("runs");
    tokio::time::sleep(24 * HOUR + HOUR / 2).await;
    assert_eq!(ticks.load(SeqCst), 24);
}

//! What each way to an actor costs on this machine, one line per way.
//!
//! Owns: the measurement behind the rule that a request without trouble asks nobody.
//! Never does: judge; `cargo xtask bench` compares the lines with its limits.
//! Called by: `cargo xtask bench`, or by hand:
//! `cargo run --release -p nenya-runtime --example costs`.
//!
//! An ask is measured several ways, because most of its cost is waking a thread that sleeps: on an
//! idle machine, with all cores kept awake, many at once, and without a change of thread.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "the lines on stdout are the result")]

use std::{
    error::Error,
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use nenya_runtime::{
    Aside, ChildSpec, Clock, Ctx, Fault, Handle, Handles, Message, Overseer, Permits, Ping,
    Published, Role, Tree,
};

const DEADLINE: Duration = Duration::from_secs(10);
const MAILBOX: usize = 1024;

/// Counts what it is told.
#[derive(Default)]
struct Counter(u64);

impl Role for Counter {
    type State = u64;

    fn observe(&self) -> u64 {
        self.0
    }
}

#[derive(Clone)]
struct Add(u64);

impl Message for Add {
    type Reply = u64;
}

impl Handles<Add> for Counter {
    fn handle(&mut self, Add(by): Add, _: &mut Ctx<'_, Self>) -> Result<u64, Fault> {
        self.0 += by;
        Ok(self.0)
    }
}

/// Breaks the actor.
struct Break;

impl Message for Break {
    type Reply = ();
}

impl Handles<Break> for Counter {
    #[expect(clippy::panic, reason = "a panic is what is measured")]
    fn handle(&mut self, _: Break, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        panic!("on purpose")
    }
}

/// Keeps every core awake and out of the way, while it lives.
struct Insomnia(Arc<AtomicBool>);

impl Insomnia {
    fn begin() -> Self {
        let awake = Arc::new(AtomicBool::new(true));
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let awake = Arc::clone(&awake);
            std::thread::spawn(move || {
                while awake.load(Relaxed) {
                    std::thread::yield_now();
                }
            });
        }
        Self(awake)
    }
}

impl Drop for Insomnia {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    actix_rt::System::new().block_on(async {
        measure_snapshot();
        measure_permit();
        let (near, overseer) = counter(Tree::new(Clock::system()).in_place()).await?;
        measure_ask("ask_same_thread", &near, 50_000, Duration::ZERO).await?;
        overseer.stop().await;
        let (far, overseer) = counter(Tree::new(Clock::system())).await?;
        measure_tell(&far).await?;
        measure_ask("ask_idle", &far, 500, Duration::from_millis(2)).await?;
        measure_aside("aside_idle", 500, Duration::from_millis(2)).await;
        let awake = Insomnia::begin();
        measure_ask("ask_busy", &far, 20_000, Duration::ZERO).await?;
        measure_aside("aside_busy", 20_000, Duration::ZERO).await;
        drop(awake);
        measure_many_asks(&far).await?;
        measure_rebuild(&far).await?;
        overseer.stop().await;
        Ok(())
    })
}

async fn counter(mut tree: Tree) -> Result<(Handle<Counter>, Overseer), Box<dyn Error>> {
    let unlimited = u32::MAX;
    let spec = ChildSpec::new("counter")
        .mailbox(MAILBOX)
        .intensity(unlimited, DEADLINE);
    let handle = tree.declare(spec, |_| Ok(Counter::default()));
    let overseer = tree.start(|_| {}).await?;
    Ok((handle, overseer))
}

/// One at a time, with a `rest` before each in which the threads fall asleep.
async fn measure_ask(
    name: &str,
    counter: &Handle<Counter>,
    rounds: u32,
    rest: Duration,
) -> Result<(), Box<dyn Error>> {
    let mut spent = Duration::ZERO;
    for _ in 0..rounds {
        if !rest.is_zero() {
            tokio::time::sleep(rest).await;
        }
        let since = Instant::now();
        black_box(counter.ask(Add(1), DEADLINE).await?);
        spent += since.elapsed();
    }
    report(name, spent, rounds);
    Ok(())
}

/// A job that takes no time, done aside; with a `rest` as above.
async fn measure_aside(name: &str, rounds: u32, rest: Duration) {
    let aside = Aside::one_per_core();
    let mut spent = Duration::ZERO;
    for _ in 0..rounds {
        if !rest.is_zero() {
            tokio::time::sleep(rest).await;
        }
        let since = Instant::now();
        black_box(aside.run(|| 1).await);
        spent += since.elapsed();
    }
    report(name, spent, rounds);
}

async fn measure_many_asks(counter: &Handle<Counter>) -> Result<(), Box<dyn Error>> {
    const AT_ONCE: u32 = 256;
    const ROUNDS: u32 = 400;
    let since = Instant::now();
    for _ in 0..ROUNDS {
        let asks = (0..AT_ONCE).map(|_| counter.ask(Add(1), DEADLINE));
        for answer in join_all(asks).await {
            black_box(answer?);
        }
    }
    report("ask_256_at_once", since.elapsed(), AT_ONCE * ROUNDS);
    Ok(())
}

/// From the message that breaks the actor to the answer of its successor.
async fn measure_rebuild(counter: &Handle<Counter>) -> Result<(), Box<dyn Error>> {
    const ROUNDS: u32 = 200;
    std::panic::set_hook(Box::new(|_| {}));
    let since = Instant::now();
    for _ in 0..ROUNDS {
        counter.tell(Break)?;
        black_box(counter.ask(Add(1), DEADLINE).await?);
    }
    report("rebuild", since.elapsed(), ROUNDS);
    drop(std::panic::take_hook());
    Ok(())
}

/// Only the sending; the mailbox is emptied between the bursts, off the clock.
async fn measure_tell(counter: &Handle<Counter>) -> Result<(), Box<dyn Error>> {
    const BURST: u32 = 512;
    const ROUNDS: u32 = 400;
    let mut spent = Duration::ZERO;
    for _ in 0..ROUNDS {
        let since = Instant::now();
        for _ in 0..BURST {
            counter.tell(Add(1))?;
        }
        spent += since.elapsed();
        counter.ask(Ping, DEADLINE).await?;
    }
    report("tell", spent, BURST * ROUNDS);
    Ok(())
}

fn measure_snapshot() {
    const ROUNDS: u32 = 10_000_000;
    let table = Published::new(vec![1_u64; 1024]);
    let since = Instant::now();
    for _ in 0..ROUNDS {
        black_box(table.load().len());
    }
    report("snapshot_load", since.elapsed(), ROUNDS);
    let since = Instant::now();
    for _ in 0..ROUNDS {
        black_box(table.load_full().len());
    }
    report("snapshot_load_full", since.elapsed(), ROUNDS);
}

fn measure_permit() {
    const ROUNDS: u32 = 10_000_000;
    let permits = Permits::new(8);
    let since = Instant::now();
    for _ in 0..ROUNDS {
        black_box(permits.try_take());
    }
    report("permit", since.elapsed(), ROUNDS);
}

fn report(name: &str, spent: Duration, rounds: u32) {
    println!(
        "{name:<20} {:>10.1} ns/op",
        spent.as_secs_f64() * 1e9 / f64::from(rounds)
    );
}

//! Long work of a thread that serves many, done aside: on other threads, a few at a time.
//!
//! Owns: the border between what a thread does itself and what it leaves to others, the number of
//! such jobs at once, and the number that may wait for their turn.
//! Never does: know what a job is about, refuse one, or lose one: it is done, or its caller left.
//! Called by: the HTTP workers, for large bodies (parsed, judged, converted), through the provider
//! crate and directly. The redactor has threads of its own, which an actor looks after.
//!
//! The plan:
//! - A caller asks [`Aside::takes`] first. What is small it does where it is: no copy, no
//!   allocation and no change of threads more than without this file.
//! - A job owns its data, and so does its result: bodies are shared bytes, which are not copied.
//! - As many jobs run as there are cores. A job holds its place until it ends, also if its caller
//!   left meanwhile; then its result is dropped on its own thread. So clients that come and go
//!   cannot have more threads than those that stay.
//! - Some wait for a place; a caller that leaves then takes its job with it. Beyond that number
//!   callers do their jobs themselves, as all did before there was this file: a thread that
//!   computes reads nothing from its sockets, and that alone bounds what a flood can bring in.
//!   Those jobs are counted.
//! - A panic goes on in its caller, where it would have been without this file. The edge answers
//!   it with an error and goes on.
//! - No deadline here: dropping the future is one, so that callers set their own.

use std::{
    fmt,
    num::NonZero,
    panic::resume_unwind,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::permits::Permits;

/// What is done with all of a body at once.
///
/// The border lies where ordinary text that is dear to read (source code, whose JSON has an escape
/// every few bytes) keeps a thread for about half a millisecond, and prose for about as long as the
/// way to another thread and back takes, 15 to 40 us: below it that way would be a notable part of
/// the work, above it the wait of the others would be. Measured on 22 Nov 2026 with
/// `cargo run --release -p nenya-wire --example large_cost` and `--example costs` of this crate;
/// the figures are in `docs/benchmarks.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A pass that finds something, or replaces it: 512 KiB take 25 us of prose, 620 us of code.
    Reading,
    /// Taken apart and written anew: 64 KiB take 60 us of prose, 550 us of code.
    Rewriting,
}

impl Work {
    /// The longest body that a thread works on while its other clients wait.
    ///
    /// # Units
    /// Bytes.
    pub const fn longest_here(self) -> usize {
        match self {
            Self::Reading => 512 << 10,
            Self::Rewriting => 64 << 10,
        }
    }
}

/// How many jobs wait for each place.
const WAITING: usize = 8;

/// See the module's text. Clones share their places.
#[derive(Clone)]
pub struct Aside {
    places: Arc<Semaphore>,
    waiting: Permits,
    by_callers: Arc<AtomicU64>,
    #[cfg(feature = "faults")]
    faults: crate::faults::JobFaults,
}

impl Aside {
    /// Room for so many jobs at once; at least one.
    pub fn new(at_once: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(at_once)),
            waiting: Permits::new(at_once.saturating_mul(WAITING)),
            by_callers: Arc::default(),
            #[cfg(feature = "faults")]
            faults: crate::faults::JobFaults::default(),
        }
    }

    /// Room for one job on each core that this process may use.
    pub fn one_per_core() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, NonZero::get))
    }

    /// Whether this work on so many bytes is too long for a thread that serves others.
    pub fn takes(&self, work: Work, bytes: usize) -> bool {
        bytes > work.longest_here()
    }

    /// Does a job on another thread, and gives what it came to.
    ///
    /// Must be called inside a runtime.
    ///
    /// # Panics
    /// With the panic of the job.
    ///
    /// # Cancellation
    /// Safe to drop at any await: a job that waits is dropped with it, one that runs is done to
    /// its end and its result dropped.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        let Some(queued) = self.waiting.try_take() else {
            self.by_callers.fetch_add(1, Relaxed);
            return job();
        };
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return job();
        };
        drop(queued);
        #[cfg(feature = "faults")]
        let job = self.faults.clone().before(job);
        let done = spawn_blocking(move || {
            let _place = place;
            job()
        });
        done.await.unwrap_or_else(|error| gone_on(error))
    }

    /// Jobs since the start that their callers did themselves, since all places were taken, those
    /// to wait in included.
    pub fn done_by_callers(&self) -> u64 {
        self.by_callers.load(Relaxed)
    }

    /// Jobs that could begin at once.
    pub fn free(&self) -> usize {
        self.places.available_permits()
    }

    /// Makes jobs misbehave.
    #[cfg(feature = "faults")]
    pub fn misbehave(&self, kind: crate::Misbehaviour) {
        self.faults.order(kind);
    }
}

/// A job ends without a result if it panics, or if the caller's runtime is being taken down.
fn gone_on<T>(error: JoinError) -> T {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(cancelled) => resume_unwind(Box::new(cancelled)),
    }
}

impl fmt::Debug for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aside")
            .field("free", &self.free())
            .field("waiting", &self.waiting)
            .field("done_by_callers", &self.done_by_callers())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        panic::AssertUnwindSafe,
        sync::mpsc,
        task::{Context, Waker},
        thread::{self, ThreadId},
    };

    use futures_util::FutureExt as _;
    use tokio::sync::oneshot;

    use super::*;

    /// A job that says when it began and ends when it is told to.
    fn held() -> (
        impl FnOnce() -> ThreadId,
        oneshot::Receiver<()>,
        mpsc::Sender<()>,
    ) {
        let (began, beginning) = oneshot::channel();
        let (end, ending) = mpsc::channel();
        let job = move || {
            began.send(()).unwrap();
            ending.recv().unwrap_or_default();
            thread::current().id()
        };
        (job, beginning, end)
    }

    fn polled(future: &mut (impl Future + Unpin)) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        future.poll_unpin(&mut cx).is_ready()
    }

    #[tokio::test]
    async fn a_job_is_done_on_another_thread_while_its_callers_thread_goes_on() {
        let aside = Aside::new(1);
        let (job, beginning, end) = held();
        let mut done = Box::pin(aside.run(job));
        assert!(!polled(&mut done));
        beginning.await.unwrap();
        assert_eq!(aside.free(), 0);
        end.send(()).unwrap();
        assert_ne!(done.await, thread::current().id());
        assert_eq!(aside.free(), 1);
    }

    #[tokio::test]
    async fn no_more_jobs_run_than_there_are_places_and_the_others_follow() {
        let aside = Aside::new(1);
        let (first, first_began, end_first) = held();
        let (second, mut second_began, end_second) = held();
        let (mut one, mut two) = (Box::pin(aside.run(first)), Box::pin(aside.run(second)));
        assert!(!polled(&mut one) && !polled(&mut two));
        first_began.await.unwrap();
        assert!(!polled(&mut two));
        assert!(second_began.try_recv().is_err(), "one at a time");
        end_second.send(()).unwrap();
        end_first.send(()).unwrap();
        one.await;
        two.await;
        assert!(second_began.try_recv().is_ok());
    }

    #[tokio::test]
    async fn a_job_whose_caller_left_is_dropped_if_it_waits_and_keeps_its_place_if_it_runs() {
        let aside = Aside::new(1);
        let (first, first_began, end_first) = held();
        let (second, second_began, _end_second) = held();
        let (mut one, mut two) = (Box::pin(aside.run(first)), Box::pin(aside.run(second)));
        assert!(!polled(&mut one) && !polled(&mut two));
        first_began.await.unwrap();
        drop((one, two));
        assert!(second_began.await.is_err(), "never begun");
        assert_eq!(aside.free(), 0, "the first one still runs");
        end_first.send(()).unwrap();
        // Done behind it.
        aside.run(|| ()).await;
        assert_eq!(aside.waiting.in_use(), 0);
    }

    #[tokio::test]
    async fn a_panic_goes_on_in_the_caller_and_gives_its_place_back() {
        let aside = Aside::new(1);
        let job = aside.run(|| -> () { panic!("of the job") });
        let panic = AssertUnwindSafe(job).catch_unwind().await.unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"of the job"));
        assert_eq!(aside.run(|| 7).await, 7);
    }

    #[tokio::test]
    async fn whoever_finds_no_room_to_wait_does_the_job_itself() {
        let aside = Aside::new(1);
        let (job, beginning, end) = held();
        let mut running = Box::pin(aside.run(job));
        assert!(!polled(&mut running));
        beginning.await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(aside.run(|| ()))).collect();
        assert!(!waiting.iter_mut().any(polled));
        assert_eq!(aside.done_by_callers(), 0);
        let here = aside.run(|| thread::current().id());
        assert_eq!(here.await, thread::current().id());
        assert_eq!(aside.done_by_callers(), 1);
        end.send(()).unwrap();
        running.await;
        for waiting in waiting {
            waiting.await;
        }
    }

    #[test]
    fn a_runtime_that_is_taken_down_leaves_nobody_waiting() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let aside = Aside::new(1);
        let (job, beginning, end) = held();
        let left = aside.clone();
        runtime.spawn(async move { left.run(job).await });
        runtime.block_on(beginning).unwrap();
        end.send(()).unwrap();
        drop(runtime);
        assert_eq!(aside.free(), 1);
    }

    #[test]
    fn only_what_is_longer_than_the_border_is_taken() {
        let aside = Aside::one_per_core();
        assert!(aside.free() > 0);
        for work in [Work::Reading, Work::Rewriting] {
            let longest = work.longest_here();
            assert!(!aside.takes(work, longest) && aside.takes(work, longest + 1));
        }
    }
}

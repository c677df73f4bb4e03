//! The queue before the pool's threads, and what a thread does.
//!
//! Owns: the bound, the deadline of each job, the panic of each job. Never starts a thread: the
//! actor does, so that somebody is there to replace one.
//!
//! The queue outlives the actor. Threads belong to a shift; a rebuilt actor begins a new one, and
//! the jobs that wait are done by it.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runtime::Clock;
use tokio::sync::oneshot;

use crate::error::RedactError;
use crate::prompt::Work;
use crate::rule_set::RuleSet;
use crate::state::{Counters, count};

type Answer<D> = Result<D, RedactError>;

/// A place in the pool: the answer comes when it is there.
#[must_use = "the answer is only in it"]
pub struct Ticket<D> {
    answer: oneshot::Receiver<Answer<D>>,
    deadline: Duration,
}

impl<D> Ticket<D> {
    /// Waits for the answer, until the deadline.
    ///
    /// # Errors
    /// [`RedactError::Late`], [`RedactError::Panicked`], [`RedactError::Closed`], or why the text
    /// could not be redacted.
    ///
    /// # Cancellation
    /// Safe to drop at any time: a job that waits is then skipped.
    pub async fn answer(self) -> Result<D, RedactError> {
        match tokio::time::timeout(self.deadline, self.answer).await {
            Ok(Ok(answer)) => answer,
            // The job says something before it is dropped, unless it panicked.
            Ok(Err(_)) => Err(RedactError::Panicked),
            Err(_) => Err(RedactError::Late {
                deadline: self.deadline,
            }),
        }
    }
}

impl<D> fmt::Debug for Ticket<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// What a job is told when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Work,
    Late,
    Closed,
}

/// A type-erased job. It counts itself as done before it answers, so that who has the answer
/// also sees the count.
type Job = Box<dyn FnOnce(Turn, &Counters) + Send>;

struct Waiting {
    due: Instant,
    job: Job,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Waiting>,
    shift: u64,
    open: bool,
    alive: usize,
}

pub(crate) struct Pool {
    queue: Mutex<Queue>,
    changed: Condvar,
    clock: Clock,
    pub(crate) counters: Counters,
}

impl Pool {
    /// A queue that takes jobs; there is no thread yet to do them.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            queue: Mutex::new(Queue {
                open: true,
                ..Queue::default()
            }),
            changed: Condvar::new(),
            clock,
            counters: Counters::default(),
        }
    }

    /// Takes a job, or refuses it at once.
    pub(crate) fn submit<W: Work>(
        &self,
        work: W,
        rules: Arc<RuleSet>,
    ) -> Result<Ticket<W::Done>, RedactError> {
        let (bound, deadline) = (rules.config().queue.max(1), rules.config().deadline);
        let due = self.clock.now() + deadline;
        let (sender, receiver) = oneshot::channel();
        let job = Box::new(move |turn, counters: &Counters| {
            let answer = (!sender.is_closed()).then(|| answer(turn, work, &rules));
            count(&counters.done);
            // Nobody waits any more: nothing to be done.
            drop(answer.map(|answer| sender.send(answer)));
        });
        let mut queue = self.lock();
        if !queue.open {
            return Err(RedactError::Closed);
        }
        if queue.jobs.len() >= bound {
            count(&self.counters.busy);
            return Err(RedactError::Busy { queue: bound });
        }
        queue.jobs.push_back(Waiting { due, job });
        drop(queue);
        self.changed.notify_one();
        Ok(Ticket {
            answer: receiver,
            deadline,
        })
    }

    /// Begins a new shift and gives its number; threads of earlier ones leave after their job.
    pub(crate) fn new_shift(&self) -> u64 {
        let mut queue = self.lock();
        queue.shift += 1;
        queue.open = true;
        let shift = queue.shift;
        drop(queue);
        self.changed.notify_all();
        shift
    }

    /// Sends the threads of this shift away, unless another one began.
    pub(crate) fn end_shift(&self, shift: u64) {
        let mut queue = self.lock();
        if queue.shift == shift {
            queue.shift += 1;
        }
        drop(queue);
        self.changed.notify_all();
    }

    /// Takes no more jobs and answers those that wait.
    pub(crate) fn close(&self) {
        let mut queue = self.lock();
        queue.open = false;
        let waiting = std::mem::take(&mut queue.jobs);
        drop(queue);
        for Waiting { job, .. } in waiting {
            job(Turn::Closed, &self.counters);
        }
    }

    /// Does jobs until the shift ends. A job that panics ends by itself.
    pub(crate) fn work(&self, shift: u64) {
        self.lock().alive += 1;
        let _present = Present(self);
        while let Some(Waiting { due, job }) = self.next(shift) {
            let turn = if self.clock.now() > due {
                Turn::Late
            } else {
                Turn::Work
            };
            if turn == Turn::Late {
                count(&self.counters.late);
            }
            // The job's own data is dropped in the unwinding; the queue is not touched by it.
            if catch_unwind(AssertUnwindSafe(|| job(turn, &self.counters))).is_err() {
                count(&self.counters.panicked);
                count(&self.counters.done);
            }
        }
    }

    pub(crate) fn alive(&self) -> usize {
        self.lock().alive
    }

    pub(crate) fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    fn next(&self, shift: u64) -> Option<Waiting> {
        let mut queue = self.lock();
        loop {
            if queue.shift != shift {
                return None;
            }
            if let Some(waiting) = queue.jobs.pop_front() {
                return Some(waiting);
            }
            queue = self
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing in here can be left half done by a panic, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

fn answer<W: Work>(turn: Turn, work: W, rules: &Arc<RuleSet>) -> Answer<W::Done> {
    match turn {
        Turn::Work => work.done(rules),
        Turn::Late => Err(RedactError::Late {
            deadline: rules.config().deadline,
        }),
        Turn::Closed => Err(RedactError::Closed),
    }
}

/// Counts a thread as alive, until it ends in whatever way.
struct Present<'p>(&'p Pool);

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.lock().alive -= 1;
    }
}

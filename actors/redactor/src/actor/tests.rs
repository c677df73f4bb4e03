//! The pool and its actor, with prompts that do what no text does: panic, block, kill a thread.

use std::panic::panic_any;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime::{ChildSpec, Clock, ClockHand, Misbehaviour, Overseer, Tree};

use super::*;
use crate::RedactorHandle;
use crate::config::RedactionConfig;
use crate::prompt::Work;
use crate::session::Who;

const SECOND: Duration = Duration::from_secs(1);

/// What the scan of this prompt does.
#[derive(Clone)]
enum Odd {
    Fine,
    Panic,
    /// Panics with something that panics again when it is dropped: ends the thread.
    Kill,
    /// Says that it began and waits until it may go on.
    Wait(Sender<()>, Arc<Mutex<Receiver<()>>>),
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("again");
        }
    }
}

/// What came out, and whether it was scanned.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Scanned,
    Unscanned,
}

impl Work for Odd {
    type Done = Came;

    fn size(&self) -> usize {
        usize::MAX
    }

    fn done(self, _rules: &Arc<RuleSet>) -> Result<Came, RedactError> {
        match &self {
            Self::Fine => {}
            Self::Panic => panic!("a job's own fault"),
            Self::Kill => panic_any(Bomb),
            Self::Wait(began, may_go_on) => {
                began.send(()).unwrap();
                may_go_on.lock().unwrap().recv().unwrap();
            }
        }
        Ok(Came::Scanned)
    }

    fn unscanned(&self, _rules: &Arc<RuleSet>) -> Came {
        Came::Unscanned
    }

    fn passed(self, _rules: &Arc<RuleSet>) -> Came {
        Came::Unscanned
    }
}

/// A prompt that occupies a thread until it is let go.
fn waiting() -> (Odd, Receiver<()>, Sender<()>) {
    let ((began, has_begun), (let_go, may_go_on)) = (channel(), channel());
    (
        Odd::Wait(began, Arc::new(Mutex::new(may_go_on))),
        has_begun,
        let_go,
    )
}

async fn started(config: RedactionConfig) -> (Overseer, RedactorHandle, ClockHand) {
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock.clone());
    let spec = ChildSpec::new("redactor").intensity(100, SECOND);
    let rules = RuleSet::compile(&RedactionConfig {
        patterns: Some(vec![]),
        ..config
    })
    .unwrap();
    let redactor = RedactorHandle::declare(&mut tree, spec, clock, rules);
    (tree.start(|_event| {}).await.unwrap(), redactor, hand)
}

fn small() -> RedactionConfig {
    RedactionConfig {
        workers: 1,
        queue: 1,
        ..RedactionConfig::default()
    }
}

/// Lets the other threads run until `done` says so.
async fn until(done: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(tokio::time::Instant::now() < deadline, "it never happened");
        tokio::task::yield_now().await;
    }
}

#[actix_rt::test]
async fn full_queue_refuses_at_once() {
    let (tree, redactor, _) = started(small()).await;
    let (prompt, began, let_go) = waiting();
    let first = redactor.pool_submit(prompt).unwrap();
    until(|| began.try_recv().is_ok()).await;
    let second = redactor.pool_submit(Odd::Fine).unwrap();
    let third = redactor.work(Odd::Fine).await;
    assert_eq!(third.err(), Some(RedactError::Busy { queue: 1 }));
    let_go.send(()).unwrap();
    assert!(first.answer().await.is_ok() && second.answer().await.is_ok());
    assert_eq!(redactor.state().counts.busy, 1);
    tree.stop().await;
}

#[actix_rt::test]
async fn job_whose_deadline_passed_in_the_queue_is_not_done() {
    let (tree, redactor, hand) = started(RedactionConfig {
        queue: 9,
        ..small()
    })
    .await;
    let (prompt, began, let_go) = waiting();
    let first = redactor.pool_submit(prompt).unwrap();
    until(|| began.try_recv().is_ok()).await;
    let second = redactor.pool_submit(Odd::Panic).unwrap();
    hand.advance(6 * SECOND);
    let_go.send(()).unwrap();
    assert!(first.answer().await.is_ok());
    assert_eq!(
        second.answer().await.err(),
        Some(RedactError::Late {
            deadline: 5 * SECOND
        })
    );
    until(|| redactor.state().counts.done == 2).await;
    assert_eq!(redactor.state().counts.panicked, 0);
    tree.stop().await;
}

#[actix_rt::test]
async fn caller_does_not_wait_past_the_deadline() {
    let deadline = Duration::from_millis(1);
    let (tree, redactor, _) = started(RedactionConfig {
        deadline,
        ..small()
    })
    .await;
    let (prompt, _began, let_go) = waiting();
    assert_eq!(
        redactor.work(prompt).await.err(),
        Some(RedactError::Late { deadline })
    );
    let_go.send(()).unwrap_or_default();
    tree.stop().await;
}

#[actix_rt::test]
async fn panicking_job_does_not_shrink_the_pool() {
    let (tree, redactor, _) = started(small()).await;
    for _ in 0..5 {
        assert_eq!(
            redactor.work(Odd::Panic).await.err(),
            Some(RedactError::Panicked)
        );
        assert!(redactor.work(Odd::Fine).await.is_ok());
    }
    let state = redactor.state();
    assert_eq!(
        (
            state.workers_alive,
            state.counts.panicked,
            state.counts.replaced
        ),
        (1, 5, 0)
    );
    tree.stop().await;
}

#[actix_rt::test]
async fn thread_that_dies_is_replaced() {
    let (tree, redactor, _) = started(small()).await;
    for killed in 1..=3 {
        assert!(redactor.work(Odd::Kill).await.is_err());
        assert!(redactor.work(Odd::Fine).await.is_ok());
        assert_eq!(redactor.state().counts.replaced, killed);
    }
    tree.stop().await;
}

#[actix_rt::test]
async fn jobs_that_wait_survive_a_rebuild_of_the_actor() {
    let (tree, redactor, _) = started(RedactionConfig {
        queue: 9,
        ..small()
    })
    .await;
    let (prompt, began, let_go) = waiting();
    let first = redactor.pool_submit(prompt).unwrap();
    until(|| began.try_recv().is_ok()).await;
    let second = redactor.pool_submit(Odd::Fine).unwrap();
    assert!(redactor.handle().misbehave(Misbehaviour::Panic));
    until(|| redactor.handle().counters().restarts == 1).await;
    // The old thread is still busy, and the new one does what waits.
    assert!(second.answer().await.is_ok());
    let_go.send(()).unwrap();
    assert!(first.answer().await.is_ok());
    until(|| redactor.state().workers_alive == 1).await;
    tree.stop().await;
}

#[actix_rt::test]
async fn another_number_of_workers_takes_effect_with_the_rules() {
    let (tree, redactor, _) = started(small()).await;
    let config = RedactionConfig {
        workers: 3,
        ..small()
    };
    redactor.publish(RuleSet::compile(&config).unwrap());
    until(|| redactor.state().workers_alive == 3).await;
    assert_eq!(redactor.state().counts.replaced, 0);
    tree.stop().await;
}

#[actix_rt::test]
async fn stopped_pool_refuses_and_its_threads_end() {
    let (tree, redactor, _) = started(small()).await;
    assert!(redactor.work(Odd::Fine).await.is_ok());
    tree.stop().await;
    assert_eq!(
        redactor.work(Odd::Fine).await.err(),
        Some(RedactError::Closed)
    );
    until(|| redactor.state().workers_alive == 0).await;
}

#[actix_rt::test]
async fn scan_that_fails_passes_only_where_the_operator_said_so() {
    let (tree, redactor, _) = started(RedactionConfig {
        fail_open: true,
        ..small()
    })
    .await;
    assert_eq!(redactor.work(Odd::Panic).await, Ok(Came::Unscanned));
    let who = Who {
        key_id: "ann",
        agent: None,
    };
    let broken = redactor
        .redact_json("{".into(), &wire::JsonLimits::default(), who)
        .await;
    assert!(matches!(broken, Err(RedactError::Json(_))));
    tree.stop().await;
}

impl RedactorHandle {
    fn pool_submit(&self, prompt: Odd) -> Result<Ticket<Came>, RedactError> {
        self.pool().submit(prompt, self.rules())
    }
}

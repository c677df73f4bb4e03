//! The proof that everybody answered.
//!
//! Owns: the proof type, and the pulses of the HTTP workers.
//! Never does: ping by itself; the notifier asks for a round when the watchdog is due.
//! Called by: `overseer.rs`, the HTTP workers, the notifier (takes the proof).

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::sync::{mpsc, oneshot};

use crate::planted::Child;

/// Says that every child and every HTTP worker answered a ping in time.
///
/// Only a health round makes it, and feeding the watchdog takes it: so no timer can feed the
/// watchdog by itself.
#[derive(Debug)]
#[must_use = "the proof is for feeding the watchdog"]
pub struct AllAnswered(());

/// An HTTP worker's side of its pulse.
///
/// The worker spawns [`Self::beat`] on its own thread. Once the pulse is dropped the worker
/// counts as dead, and every round fails until another worker takes the name or it is forgotten.
#[must_use = "a worker whose pulse does not beat is taken for dead"]
pub struct WorkerPulse {
    pings: mpsc::Receiver<oneshot::Sender<()>>,
}

impl WorkerPulse {
    /// Answers pings, for ever.
    pub async fn beat(mut self) {
        while let Some(ping) = self.pings.recv().await {
            let _heard = ping.send(()).is_ok();
        }
    }
}

impl fmt::Debug for WorkerPulse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkerPulse")
    }
}

/// The overseer's side of the workers' pulses.
#[derive(Debug, Default)]
pub(crate) struct Workers(Mutex<Vec<Worker>>);

#[derive(Debug, Clone)]
struct Worker {
    name: String,
    pings: mpsc::Sender<oneshot::Sender<()>>,
}

impl Workers {
    pub(crate) fn watch(&self, name: String) -> WorkerPulse {
        // One ping at a time; a second one in the queue would be answered by the same turn.
        let (sender, pings) = mpsc::channel(1);
        let mut workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        workers.retain(|worker| worker.name != name);
        workers.push(Worker {
            name,
            pings: sender,
        });
        WorkerPulse { pings }
    }

    pub(crate) fn forget_all(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn all(&self) -> Vec<Worker> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Worker {
    async fn answers(&self) -> bool {
        let (ping, answer) = oneshot::channel();
        self.pings.send(ping).await.is_ok() && answer.await.is_ok()
    }
}

/// Pings all at once and names those that did not answer.
pub(crate) async fn round(
    children: &[std::sync::Arc<dyn Child>],
    workers: &Workers,
    deadline: Duration,
) -> Result<AllAnswered, Vec<String>> {
    let workers = workers.all();
    let expected = children.iter().filter(|child| child.is_expected());
    let child_pings = expected.map(|child| async move {
        let silent = child.ping(deadline).await.is_err();
        silent.then(|| child.spec().name.clone())
    });
    let worker_pings = workers.iter().map(|worker| async move {
        let answered = tokio::time::timeout(deadline, worker.answers()).await;
        (answered != Ok(true)).then(|| worker.name.clone())
    });
    let (children, workers) =
        futures_util::future::join(join_all(child_pings), join_all(worker_pings)).await;
    let silent: Vec<String> = children.into_iter().chain(workers).flatten().collect();
    if silent.is_empty() {
        Ok(AllAnswered(()))
    } else {
        Err(silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: Duration = Duration::from_secs(1);

    #[actix_rt::test]
    async fn round_over_nobody_succeeds() {
        assert!(round(&[], &Workers::default(), DEADLINE).await.is_ok());
    }

    #[actix_rt::test]
    async fn beating_worker_answers_every_round() {
        let workers = Workers::default();
        actix_rt::spawn(workers.watch("http-1".into()).beat());
        assert!(round(&[], &workers, DEADLINE).await.is_ok());
        assert!(round(&[], &workers, DEADLINE).await.is_ok());
    }

    #[actix_rt::test]
    async fn worker_that_does_not_beat_is_named_after_the_deadline() {
        tokio::time::pause();
        let workers = Workers::default();
        let _silent = workers.watch("http-1".into());
        let named = round(&[], &workers, DEADLINE).await.unwrap_err();
        assert_eq!(named, ["http-1"]);
        // The second ping finds the first one still waiting.
        assert!(round(&[], &workers, DEADLINE).await.is_err());
    }

    #[actix_rt::test]
    async fn dead_worker_fails_rounds_until_its_name_is_taken_again() {
        let workers = Workers::default();
        drop(workers.watch("http-1".into()));
        assert!(round(&[], &workers, DEADLINE).await.is_err());
        actix_rt::spawn(workers.watch("http-1".into()).beat());
        assert!(round(&[], &workers, DEADLINE).await.is_ok());
    }

    #[actix_rt::test]
    async fn forgotten_workers_are_not_asked() {
        let workers = Workers::default();
        drop(workers.watch("http-1".into()));
        workers.forget_all();
        assert!(round(&[], &workers, DEADLINE).await.is_ok());
    }
}

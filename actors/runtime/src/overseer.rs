//! The running tree, as the rest of the program sees it.
//!
//! Owns: nothing but a reference to what the keeper shares.
//! Never does: supervise; it passes orders to the keeper and reads what that publishes.
//! Called by: the program, the HTTP workers (pulse), the notifier (health rounds).

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    AllAnswered, Birth, ChildInfo, ChildSpec, Escalation, Fault, Handle, Role, StartError,
    StopReport, WorkerPulse, health,
    keeper::{Command, Shared},
    planted::Planted,
};

/// Talks to the supervision of a running tree, from any thread.
#[derive(Clone)]
pub struct Overseer {
    shared: Arc<Shared>,
}

impl Overseer {
    pub(crate) fn of(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Adds a child at the end of the running tree.
    ///
    /// # Errors
    /// The name is taken, the child did not start, or the tree has been stopped. The tree is as
    /// it was before.
    pub async fn add<R: Role>(
        &self,
        spec: ChildSpec,
        factory: impl Fn(&Birth) -> Result<R, Fault> + Send + Sync + 'static,
    ) -> Result<Handle<R>, StartError> {
        let child = Arc::new(Planted::new(spec, self.shared.clock.clone(), factory));
        let handle = child.handle();
        let added = self.order(|reply| Command::Add { child, reply }).await;
        added.unwrap_or(Err(StartError::Stopped)).map(|()| handle)
    }

    /// Stops a child within its deadline and forgets it. Its handles say `Closed` from then on.
    pub async fn remove(&self, name: &str) -> Option<StopReport> {
        let name = name.to_owned();
        self.order(|reply| Command::Remove { name, reply })
            .await
            .flatten()
    }

    /// Builds a child again with a clean slate, also one that was left down.
    ///
    /// False if there is no such child.
    pub async fn rebuild(&self, name: &str) -> bool {
        let name = name.to_owned();
        self.order(|reply| Command::Rebuild { name, reply })
            .await
            .unwrap_or(false)
    }

    /// Stops all children in reverse order, each within its deadline, and ends their threads.
    ///
    /// A second stop finds nothing to do.
    pub async fn stop(&self) -> Vec<StopReport> {
        self.order(|reply| Command::Stop { reply })
            .await
            .unwrap_or_default()
    }

    /// Sends an order to the keeper. `None` if there is no keeper any more.
    async fn order<T>(&self, make: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.shared.commands.send(make(reply)).await.ok()?;
        answer.await.ok()
    }

    /// Has an HTTP worker watched. The worker spawns [`WorkerPulse::beat`] on its own thread.
    ///
    /// A worker that takes the name of another replaces it.
    pub fn watch_worker(&self, name: String) -> WorkerPulse {
        self.shared.workers.watch(name)
    }

    /// Watches no HTTP worker any more, before the HTTP server is stopped.
    pub fn forget_workers(&self) {
        self.shared.workers.forget_all();
    }

    /// Pings every child and every watched worker, all at once.
    ///
    /// A child that is just being rebuilt has until the deadline to answer. One that was left
    /// down on purpose is not asked.
    ///
    /// # Errors
    /// The names of those that did not answer in time.
    pub async fn health_round(&self, deadline: Duration) -> Result<AllAnswered, Vec<String>> {
        let children = self.shared.children.load_full();
        health::round(&children, &self.shared.workers, deadline).await
    }

    /// The observable state of every child; null for one that did not answer.
    pub async fn observe(&self, deadline: Duration) -> BTreeMap<String, Value> {
        let children = self.shared.children.load_full();
        let answers = children.iter().map(|child| async move {
            let state = child.observe(deadline).await.unwrap_or(Value::Null);
            (child.spec().name.clone(), state)
        });
        join_all(answers).await.into_iter().collect()
    }

    /// Resolves when the program is to exit, because a child broke too often.
    pub async fn escalated(&self) -> Escalation {
        let mut escalation = self.shared.escalation.subscribe();
        loop {
            let current = escalation.borrow_and_update().clone();
            if let Some(escalation) = current {
                return escalation;
            }
            if escalation.changed().await.is_err() {
                // The sender lives in `self.shared`, so this cannot be; nothing happens for ever.
                return std::future::pending().await;
            }
        }
    }

    /// How each child does, without asking it.
    pub fn children(&self) -> Vec<ChildInfo> {
        self.shared
            .children
            .load()
            .iter()
            .map(|child| child.info())
            .collect()
    }

    /// Makes a child misbehave. False if there is no such child, or nobody at home.
    #[cfg(feature = "faults")]
    pub fn misbehave(&self, name: &str, kind: crate::Misbehaviour) -> bool {
        let children = self.shared.children.load();
        let child = children.iter().find(|child| child.spec().name == name);
        child.is_some_and(|child| child.misbehave(kind))
    }
}

impl fmt::Debug for Overseer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Overseer").field(&self.children()).finish()
    }
}

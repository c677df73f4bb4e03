//! Ending children on purpose.
//!
//! Owns: the order of a stop and the patience for each child.
//! Never does: rebuild.
//! Called by: `keeper/mod.rs` (orders), `rebuild.rs` (children that stand upon a lost one).

use super::{Keeper, Standing};
use crate::{StopReport, TreeEvent, tomb::ChildId};

impl Keeper {
    /// Stops everybody, last one first.
    pub(crate) async fn stop_all(&mut self) -> Vec<StopReport> {
        let mut reports = Vec::with_capacity(self.kept.len());
        let ids: Vec<ChildId> = self.kept.iter().rev().map(|kept| kept.child.id()).collect();
        for id in ids {
            reports.extend(self.halt(id).await);
            if let Some(child) = self.child(id) {
                child.close();
            }
        }
        reports
    }

    pub(super) async fn remove(&mut self, name: &str) -> Option<StopReport> {
        let id = self.named(name)?;
        let report = self.halt(id).await;
        self.forget(id);
        self.build_pending().await;
        report
    }

    /// Strikes a child that is not at work off the list.
    pub(super) fn forget(&mut self, id: ChildId) {
        if let Some(child) = self.child(id) {
            child.close();
        }
        self.kept.retain(|kept| kept.child.id() != id);
        self.publish_children();
        self.end_unused_threads();
    }

    /// Lets a child finish what waits in its mailbox and end, within its deadline.
    ///
    /// If it does not, its thread hangs and is given up. `None` if it was not at work.
    pub(super) async fn halt(&mut self, id: ChildId) -> Option<StopReport> {
        let since = self.shared.clock.now();
        let kept = self.kept_mut(id)?;
        let gone = kept.gone.take()?;
        let (child, name) = (kept.child.clone(), kept.name());
        kept.standing = Standing::Down;
        let thread = child.spec().thread_key();
        child.halt();
        // On a thread that was given up there is nothing to wait for.
        let in_time = self.threads.contains(&thread)
            && tokio::time::timeout(child.spec().shutdown, gone)
                .await
                .is_ok();
        if !in_time {
            self.threads.abandon(&thread);
        }
        self.tell(TreeEvent::Stopped {
            name: name.clone(),
            in_time,
        });
        let took = self.shared.clock.now().saturating_duration_since(since);
        Some(StopReport {
            name,
            in_time,
            took,
        })
    }

    pub(super) fn end_unused_threads(&mut self) {
        let used = self
            .kept
            .iter()
            .filter(|kept| kept.standing != Standing::Down);
        let used: Vec<_> = used.map(|kept| kept.child.spec().thread_key()).collect();
        self.threads.keep_only(&used);
    }
}

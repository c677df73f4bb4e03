//! The threads that actors live on.
//!
//! Owns: an arbiter each, whether it still answers, and the mark of one that was given up.
//! Never does: stop a thread that hangs. That cannot be done; it is left alone, and what it says
//! afterwards is not listened to.
//! Called by: `keeper/`; the mark is read by handles and published snapshots.

use std::{
    cell::OnceCell,
    io,
    sync::{
        Arc,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Acquire, Relaxed, Release},
        },
    },
};

use actix_rt::{Arbiter, ArbiterHandle};

thread_local! {
    static MARK: OnceCell<Arc<Mark>> = const { OnceCell::new() };
}

/// Whether the present thread is one that the supervisor has given up.
///
/// Checked where an actor reaches out: a thread that thaws after its children were rebuilt
/// elsewhere may run on, but nobody hears it.
pub(crate) fn is_abandoned() -> bool {
    MARK.try_with(|mark| mark.get().is_some_and(|mark| mark.abandoned.load(Acquire)))
        .unwrap_or(false)
}

#[derive(Debug, Default)]
struct Mark {
    abandoned: AtomicBool,
    answered: AtomicU64,
}

/// One thread with its event loop.
#[derive(Debug)]
pub(crate) struct ChildThread {
    arbiter: ArbiterHandle,
    mark: Arc<Mark>,
    asked: u64,
    missed: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Made for children.
    Own,
    /// The thread that the tree was started on.
    Host,
}

impl ChildThread {
    /// Makes a thread. Needs a running system.
    pub(crate) fn spawn() -> io::Result<Self> {
        let thread = Self::over(Arbiter::try_new()?.handle(), Kind::Own);
        let mark = Arc::clone(&thread.mark);
        thread.run(move || MARK.with(|own| drop(own.set(mark))));
        Ok(thread)
    }

    /// The present thread, for a tree in place.
    pub(crate) fn host() -> Self {
        Self::over(Arbiter::current(), Kind::Host)
    }

    fn over(arbiter: ArbiterHandle, kind: Kind) -> Self {
        Self {
            arbiter,
            mark: Arc::default(),
            asked: 0,
            missed: 0,
            kind,
        }
    }

    /// Runs `work` over there. If the thread is gone, `work` is dropped.
    pub(crate) fn run(&self, work: impl FnOnce() + Send + 'static) {
        let _taken = self.arbiter.spawn_fn(work);
    }

    /// Asks for a sign of life, or counts that the last one is still missing.
    ///
    /// Counted in looks and not in seconds: if the whole process stood still (a paused machine, a
    /// debugger), no look happened and nobody is blamed.
    pub(crate) fn look(&mut self) -> u32 {
        if self.kind == Kind::Host {
            return 0;
        }
        if !self.arbiter.alive() {
            return u32::MAX;
        }
        if self.mark.answered.load(Relaxed) < self.asked {
            self.missed += 1;
            return self.missed;
        }
        self.missed = 0;
        self.asked += 1;
        let (mark, number) = (Arc::clone(&self.mark), self.asked);
        self.run(move || mark.answered.store(number, Relaxed));
        0
    }

    /// Gives the thread up. Should it ever thaw, it finds itself told to end.
    pub(crate) fn abandon(&self) {
        if self.kind == Kind::Own {
            self.mark.abandoned.store(true, Release);
            self.end();
        }
    }

    /// Lets the thread end.
    pub(crate) fn end(&self) {
        if self.kind == Kind::Own {
            let _heard = self.arbiter.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_that_belongs_to_no_tree_is_not_abandoned() {
        assert!(!is_abandoned());
    }
}

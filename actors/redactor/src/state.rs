//! What an operator may see of the redactor: counts, and no text.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::Serialize;

/// Observable state of the redactor and its pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedactorState {
    /// Whether texts are scanned at all.
    pub enabled: bool,
    /// The rules in service: a preset's name, or `configured`.
    pub rules: String,
    /// How many rules look at requests.
    pub patterns: usize,
    /// How many rules look at replies.
    pub patterns_of_replies: usize,
    /// Threads that the pool should have.
    pub workers: usize,
    /// Threads that live.
    pub workers_alive: usize,
    /// Jobs that wait for a thread.
    pub waiting: usize,
    /// Everything counted since the start.
    #[serde(flatten)]
    pub counts: PoolCounts,
}

/// What the pool counted since the start, over all lives of its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PoolCounts {
    /// Jobs that were finished, whatever came of them.
    pub done: u64,
    /// Jobs that were not taken since the queue was full.
    pub busy: u64,
    /// Jobs whose deadline passed while they waited.
    pub late: u64,
    /// Jobs that panicked.
    pub panicked: u64,
    /// Threads that were lost and replaced.
    pub replaced: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) done: AtomicU64,
    pub(crate) busy: AtomicU64,
    pub(crate) late: AtomicU64,
    pub(crate) panicked: AtomicU64,
    pub(crate) replaced: AtomicU64,
}

impl Counters {
    pub(crate) fn read(&self) -> PoolCounts {
        PoolCounts {
            done: self.done.load(Relaxed),
            busy: self.busy.load(Relaxed),
            late: self.late.load(Relaxed),
            panicked: self.panicked.load(Relaxed),
            replaced: self.replaced.load(Relaxed),
        }
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

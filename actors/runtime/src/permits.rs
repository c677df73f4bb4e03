//! A bound that refuses instead of making anybody wait.
//!
//! Owns: a counter with an upper end.
//! Never does: queueing; who gets no permit answers its caller.
//! Called by: mailboxes, and whatever limits work in flight.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{
            AtomicUsize,
            Ordering::{AcqRel, Acquire},
        },
    },
};

/// A number of places, each of which one holder can have at a time.
#[derive(Clone)]
pub struct Permits(Arc<Places>);

struct Places {
    bound: usize,
    taken: AtomicUsize,
}

impl Permits {
    /// Makes `bound` places.
    pub fn new(bound: usize) -> Self {
        Self(Arc::new(Places {
            bound,
            taken: AtomicUsize::new(0),
        }))
    }

    /// Takes a place, if one is free.
    pub fn try_take(&self) -> Option<Permit> {
        let free = |taken| (taken < self.0.bound).then_some(taken + 1);
        self.0.taken.fetch_update(AcqRel, Acquire, free).ok()?;
        Some(Permit(Arc::clone(&self.0)))
    }

    /// How many places are taken now.
    pub fn in_use(&self) -> usize {
        self.0.taken.load(Acquire)
    }

    /// How many places there are.
    pub fn bound(&self) -> usize {
        self.0.bound
    }
}

impl fmt::Debug for Permits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permits({} of {})", self.in_use(), self.bound())
    }
}

/// A place that is given back on drop.
#[must_use = "the place is given back when this is dropped"]
pub struct Permit(Arc<Places>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, AcqRel);
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_place_is_given_once_and_again_after_it_came_back() {
        let permits = Permits::new(2);
        let first = permits.try_take();
        let second = permits.try_take();
        assert!(first.is_some() && second.is_some() && permits.try_take().is_none());
        drop(first);
        assert_eq!(permits.in_use(), 1);
        assert!(permits.try_take().is_some());
    }

    #[test]
    fn bound_of_zero_refuses_everybody() {
        assert!(Permits::new(0).try_take().is_none());
    }

    #[test]
    fn threads_together_never_pass_the_bound() {
        let permits = Permits::new(3);
        let most = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10_000 {
                        let held = permits.try_take();
                        most.fetch_max(permits.in_use(), AcqRel);
                        drop(held);
                    }
                });
            }
        });
        assert!(most.load(Acquire) <= 3);
        assert_eq!(permits.in_use(), 0);
    }
}

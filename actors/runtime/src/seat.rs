//! The place that an actor fills and that its handles look at.
//!
//! Owns: who occupies the place now, in which generation, how full the mailbox is, the counters.
//! Never does: waiting; it says where things stand and lets others wait for a change.
//! Called by: `handle.rs` (reads), `hosted.rs` (occupies), `planted.rs` (vacates).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use actix::Addr;
use arc_swap::{ArcSwapOption, Guard};
use tokio::sync::watch;

use crate::{AskError, Permits, Role, hosted::Hosted};

/// Where a seat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Declared and never started.
    Vacant,
    /// An actor of this generation is being built, or will be.
    Building(u64),
    /// An actor of this generation has the seat.
    Up(u64),
    /// Nobody will come any more.
    Gone,
}

/// One life: its address, and the places in its mailbox.
///
/// The places belong to the life and not to the seat, or a mailbox that froze full would leave
/// its successor none.
pub(crate) struct Occupant<R: Role> {
    pub(crate) generation: u64,
    pub(crate) address: Addr<Hosted<R>>,
    pub(crate) places: Permits,
}

pub(crate) struct Seat<R: Role> {
    name: Box<str>,
    bound: usize,
    generation: AtomicU64,
    occupant: ArcSwapOption<Occupant<R>>,
    phase: watch::Sender<Phase>,
    pub(crate) tally: Tally,
}

/// What is counted over all lives.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) asked: AtomicU64,
    pub(crate) told: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) restarts: AtomicU64,
    pub(crate) panics: AtomicU64,
}

impl Tally {
    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }
}

impl<R: Role> Seat<R> {
    pub(crate) fn new(name: &str, bound: usize) -> Self {
        Self {
            name: name.into(),
            bound,
            generation: AtomicU64::new(0),
            occupant: ArcSwapOption::empty(),
            phase: watch::Sender::new(Phase::Vacant),
            tally: Tally::default(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bound(&self) -> usize {
        self.bound
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Relaxed)
    }

    pub(crate) fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    pub(crate) fn phases(&self) -> watch::Receiver<Phase> {
        self.phase.subscribe()
    }

    pub(crate) fn is_up(&self) -> bool {
        matches!(self.phase(), Phase::Up(_))
            && self
                .occupant
                .load()
                .as_ref()
                .is_some_and(|life| life.address.connected())
    }

    /// Messages that wait in the present mailbox.
    pub(crate) fn queued(&self) -> usize {
        self.occupant
            .load()
            .as_ref()
            .map_or(0, |life| life.places.in_use())
    }

    /// Who has the seat at this moment, for a look without an await.
    pub(crate) fn look(&self) -> Guard<Option<Arc<Occupant<R>>>> {
        self.occupant.load()
    }

    /// Who has the seat at this moment.
    pub(crate) fn occupant(&self) -> Option<Arc<Occupant<R>>> {
        self.occupant.load_full()
    }

    /// Who has the seat now or after the rebuild that is under way.
    ///
    /// # Errors
    /// [`AskError::Closed`] if nobody has it and nobody will.
    pub(crate) async fn next_occupant(
        &self,
        phases: &mut watch::Receiver<Phase>,
    ) -> Result<Arc<Occupant<R>>, AskError> {
        loop {
            let phase = *phases.borrow_and_update();
            match phase {
                Phase::Vacant | Phase::Gone => return Err(AskError::Closed),
                Phase::Building(_) => {}
                Phase::Up(_) => {
                    if let Some(occupant) = self.occupant() {
                        return Ok(occupant);
                    }
                }
            }
            phases.changed().await.map_err(|_| AskError::Closed)?;
        }
    }

    /// Takes no new messages for the present life, which goes on with those it has.
    ///
    /// Its askers go on waiting for it, new ones wait for what comes after.
    pub(crate) fn shut(&self) -> Option<Arc<Occupant<R>>> {
        self.occupant.swap(None)
    }

    /// Shuts the present occupant out and opens the next generation.
    pub(crate) fn vacate(&self) -> u64 {
        let mut next = 0;
        self.phase.send_modify(|phase| {
            self.occupant.store(None);
            next = self.generation.fetch_add(1, Relaxed) + 1;
            *phase = Phase::Building(next);
        });
        next
    }

    /// Gives the seat to a newly built actor.
    ///
    /// False if it is no longer waited for: the seat went to a later generation while the
    /// factory ran on a thread that was given up.
    pub(crate) fn occupy(&self, generation: u64, address: Addr<Hosted<R>>) -> bool {
        let places = Permits::new(self.bound);
        let life = Arc::new(Occupant {
            generation,
            address,
            places,
        });
        self.phase.send_if_modified(|phase| {
            let expected = *phase == Phase::Building(generation);
            if expected {
                self.occupant.store(Some(life));
                *phase = Phase::Up(generation);
            }
            expected
        })
    }

    /// Closes the seat for good: who waits for it is told so.
    pub(crate) fn close(&self) {
        self.vacate();
        self.phase.send_replace(Phase::Gone);
    }
}

impl<R: Role> fmt::Debug for Seat<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat")
            .field("name", &self.name)
            .field("phase", &self.phase())
            .finish()
    }
}

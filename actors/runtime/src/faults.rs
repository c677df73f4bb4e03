//! Misbehaviour on request, for tests of the whole.
//!
//! Owns: the orders, and the thaw of a frozen actor.
//! Never does: exist in a release build; feature `faults` only.
//! Called by: tests and the program's fault route.

use std::{
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{Fault, Handle, Role, hosted::Hosted};

/// What an actor is to do wrong.
#[derive(Debug, Clone)]
pub enum Misbehaviour {
    /// Panic, as in a handler.
    Panic,
    /// Return a fault.
    Fail,
    /// Block the thread.
    Freeze {
        /// Ends it.
        until: Thaw,
    },
    /// Block the thread and never let go.
    FreezeForGood,
}

/// Ends a freeze.
#[derive(Clone, Default)]
pub struct Thaw(Arc<Ice>);

#[derive(Default)]
struct Ice {
    melted: Mutex<bool>,
    changed: Condvar,
    by_itself: Option<Instant>,
}

impl Thaw {
    /// A freeze that lasts until [`Self::thaw`].
    pub fn new() -> Self {
        Self::default()
    }

    /// A freeze that ends by itself.
    pub fn after(time: Duration) -> Self {
        Self(Arc::new(Ice {
            by_itself: Some(Instant::now() + time),
            ..Ice::default()
        }))
    }

    /// Lets everybody go who is frozen on this.
    pub fn thaw(&self) {
        *self.0.melted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_all();
    }

    /// Blocks the thread. For roles of tests that freeze in a place of their own.
    pub fn freeze(&self) {
        let frozen = self.0.melted.lock().unwrap_or_else(PoisonError::into_inner);
        match self.0.by_itself {
            None => drop(self.0.changed.wait_while(frozen, |melted| !*melted)),
            Some(end) => {
                let rest = end.saturating_duration_since(Instant::now());
                drop(
                    self.0
                        .changed
                        .wait_timeout_while(frozen, rest, |melted| !*melted),
                );
            }
        }
    }
}

impl fmt::Debug for Thaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Thaw")
    }
}

impl<R: Role> Handle<R> {
    /// Makes the actor misbehave. False if there is none at this moment.
    pub fn misbehave(&self, kind: Misbehaviour) -> bool {
        self.seat()
            .occupant()
            .is_some_and(|life| life.address.try_send(Order(kind)).is_ok())
    }
}

/// What jobs that are done aside are to do wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobFaults(Arc<Mutex<Option<Misbehaviour>>>);

impl JobFaults {
    /// A panic is for the next job. A freeze is for all jobs until another order, which ends it;
    /// [`Misbehaviour::Fail`] is one without another effect.
    pub(crate) fn order(&self, kind: Misbehaviour) {
        if let Some(Misbehaviour::Freeze { until }) = self.lock().replace(kind) {
            until.thaw();
        }
    }

    /// The job, with what it is to do wrong before.
    pub(crate) fn before<T>(self, job: impl FnOnce() -> T) -> impl FnOnce() -> T {
        move || {
            self.obey();
            job()
        }
    }

    #[expect(clippy::panic, reason = "a panic is what was asked for")]
    fn obey(&self) {
        let mut ordered = self.lock();
        match ordered.clone() {
            Some(Misbehaviour::Freeze { until }) => {
                drop(ordered);
                until.freeze();
            }
            Some(Misbehaviour::FreezeForGood) => {
                drop(ordered);
                Thaw::new().freeze();
            }
            Some(Misbehaviour::Panic) => {
                *ordered = None;
                drop(ordered);
                panic!("asked to panic");
            }
            Some(Misbehaviour::Fail) | None => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Misbehaviour>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Order(Misbehaviour);

impl actix::Message for Order {
    type Result = ();
}

impl<R: Role> actix::Handler<Order> for Hosted<R> {
    type Result = ();

    #[expect(clippy::panic, reason = "a panic is what was asked for")]
    fn handle(&mut self, Order(kind): Order, actix: &mut Self::Context) {
        match kind {
            Misbehaviour::Panic => panic!("asked to panic"),
            Misbehaviour::Fail => self.fail(Fault::new("asked to fail"), actix),
            Misbehaviour::Freeze { until } => until.freeze(),
            Misbehaviour::FreezeForGood => Thaw::new().freeze(),
        }
    }
}

//! A child with the type of its role forgotten, as the keeper sees it.
//!
//! Owns: specification, factory and seat of one child.
//! Never does: decide when to build; `keeper/` does.
//! Called by: `tree.rs` and `overseer.rs` (make it), `keeper/` and `health.rs` (use it).

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::{
    AskError, Birth, BirthCause, ChildInfo, ChildSpec, Clock, Fault, Handle, Observe, Ping, Role,
    hosted::{Halt, Hosted},
    seat::{Phase, Seat, Tally},
    thread::ChildThread,
    tomb::{ChildId, End, Launch, Report, Tomb},
};

type Factory<R> = dyn Fn(&Birth) -> Result<R, Fault> + Send + Sync;

/// What the keeper can do with any child.
pub(crate) trait Child: Send + Sync {
    fn id(&self) -> ChildId;
    fn spec(&self) -> &ChildSpec;
    fn generation(&self) -> u64;
    fn info(&self) -> ChildInfo;
    /// Whether somebody has the seat or will have it again.
    fn is_expected(&self) -> bool;
    /// Shuts the present life out and opens the next generation.
    fn vacate(&self);
    /// Shuts the present life out for good.
    fn close(&self);
    fn count_panic(&self);
    fn count_restart(&self);
    /// Has the present generation built on `thread`.
    fn launch(
        &self,
        cause: BirthCause,
        thread: &ChildThread,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Launch;
    /// Takes no more messages, and asks the present life to end after those that wait.
    fn halt(&self);
    fn ping(&self, deadline: Duration) -> BoxFuture<'_, Result<(), AskError>>;
    fn observe(&self, deadline: Duration) -> BoxFuture<'_, Result<Value, AskError>>;
    #[cfg(feature = "faults")]
    fn misbehave(&self, kind: crate::Misbehaviour) -> bool;
}

/// One child of the tree.
pub(crate) struct Planted<R: Role> {
    id: ChildId,
    spec: ChildSpec,
    clock: Clock,
    factory: Arc<Factory<R>>,
    handle: Handle<R>,
    seat: Arc<Seat<R>>,
}

impl<R: Role> Planted<R> {
    pub(crate) fn new(
        spec: ChildSpec,
        clock: Clock,
        factory: impl Fn(&Birth) -> Result<R, Fault> + Send + Sync + 'static,
    ) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let seat = Arc::new(Seat::new(&spec.name, spec.mailbox));
        Self {
            id: ChildId(IDS.fetch_add(1, Relaxed)),
            spec,
            clock,
            factory: Arc::new(factory),
            handle: Handle::of(Arc::clone(&seat)),
            seat,
        }
    }

    pub(crate) fn handle(&self) -> Handle<R> {
        self.handle.clone()
    }
}

impl<R: Role> Child for Planted<R> {
    fn id(&self) -> ChildId {
        self.id
    }

    fn spec(&self) -> &ChildSpec {
        &self.spec
    }

    fn generation(&self) -> u64 {
        self.seat.generation()
    }

    fn info(&self) -> ChildInfo {
        let counters = self.handle.counters();
        ChildInfo {
            name: self.spec.name.clone(),
            up: self.seat.is_up(),
            generation: self.generation(),
            restarts: counters.restarts,
            panics: counters.panics,
            queued: counters.queued,
            refused: counters.refused,
        }
    }

    fn is_expected(&self) -> bool {
        matches!(self.seat.phase(), Phase::Building(_) | Phase::Up(_))
    }

    fn vacate(&self) {
        self.seat.vacate();
    }

    fn close(&self) {
        self.seat.close();
    }

    fn count_panic(&self) {
        Tally::count(&self.seat.tally.panics);
    }

    fn count_restart(&self) {
        Tally::count(&self.seat.tally.restarts);
    }

    fn launch(
        &self,
        cause: BirthCause,
        thread: &ChildThread,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Launch {
        let birth = Birth {
            cause,
            generation: self.generation(),
        };
        let (tomb, launch) = Tomb::new(self.id, birth.generation, reports);
        let (factory, seat) = (Arc::clone(&self.factory), Arc::clone(&self.seat));
        let clock = self.clock.clone();
        thread.run(move || bear(&*factory, &birth, &seat, clock, tomb));
        launch
    }

    fn halt(&self) {
        if let Some(occupant) = self.seat.shut() {
            // A mailbox that is closed already belongs to a life that is over.
            let _taken = occupant.address.try_send(Halt).is_ok();
        }
    }

    fn ping(&self, deadline: Duration) -> BoxFuture<'_, Result<(), AskError>> {
        Box::pin(self.handle.ask_aside(Ping, deadline))
    }

    fn observe(&self, deadline: Duration) -> BoxFuture<'_, Result<Value, AskError>> {
        Box::pin(self.handle.ask_aside(Observe, deadline))
    }

    #[cfg(feature = "faults")]
    fn misbehave(&self, kind: crate::Misbehaviour) -> bool {
        self.handle.misbehave(kind)
    }
}

/// Runs the factory on the child's own thread. A panic in it unwinds through the tomb.
fn bear<R: Role>(
    factory: &Factory<R>,
    birth: &Birth,
    seat: &Arc<Seat<R>>,
    clock: Clock,
    tomb: Tomb,
) {
    let mut tomb = tomb;
    match factory(birth) {
        Ok(role) => Hosted::settle(role, seat, clock, birth.generation, tomb),
        Err(fault) => tomb.inscribe(End::Fault(fault)),
    }
}

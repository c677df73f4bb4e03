//! A role on the actor library: the only file that implements the library's actor trait.
//!
//! Owns: the private actor type, the envelopes in which messages travel.
//! Never does: admission (`seat.rs`) or waiting for replies (`handle.rs`).
//! Called by: `planted.rs`, which settles a role on a thread.

use std::sync::{Arc, Mutex, PoisonError};

use actix::{ActorContext, ActorState, Addr, AsyncContext, Running, dev::channel};
use tokio::sync::oneshot;

use crate::{
    AskError, Clock, Ctx, Fault, Handle, Handles, Message, Permit, Role,
    seat::Seat,
    tomb::{End, Tomb},
};

/// Messages that one actor may handle before others on its thread get a turn.
///
/// The library drains a mailbox until it is empty, and senders on other threads can keep it from
/// ever being so. High enough to cost nothing, low enough for a ping to come through.
const TURN: u32 = 128;

/// The library's actor: a role and what it was born with.
///
/// The order of the fields is the order of dropping: when the tomb reports, the role is gone.
pub(crate) struct Hosted<R: Role> {
    role: Box<R>,
    frame: Frame<R>,
}

/// What the host knows and the role does not.
pub(crate) struct Frame<R: Role> {
    pub(crate) this: Handle<R>,
    pub(crate) clock: Clock,
    pub(crate) generation: u64,
    pub(crate) tomb: Tomb,
    handled: u32,
}

impl<R: Role> Hosted<R> {
    /// Puts a built role to work on the present thread, unless its seat was given away meanwhile.
    pub(crate) fn settle(role: R, seat: &Arc<Seat<R>>, clock: Clock, generation: u64, tomb: Tomb) {
        // Capacity 0 switches the library's own (leaky) bound off: the permits of the seat count.
        let (sender, receiver) = channel::channel::<Self>(0);
        if !seat.occupy(generation, Addr::new(sender)) {
            return;
        }
        let this = Handle::of(Arc::clone(seat));
        let frame = Frame {
            this,
            clock,
            generation,
            tomb,
            handled: 0,
        };
        let hosted = Self {
            role: Box::new(role),
            frame,
        };
        actix_rt::spawn(actix::Context::with_receiver(receiver).into_future(hosted));
    }

    /// Handles a message whose answer nobody waits for.
    pub(crate) fn receive<M: Message>(&mut self, message: M, actix: &mut actix::Context<Self>)
    where
        R: Handles<M>,
    {
        if self.is_current(actix) {
            self.run(message, actix).ok();
        }
    }

    /// Refuses to work for a seat that belongs to a later generation.
    fn is_current(&mut self, actix: &mut actix::Context<Self>) -> bool {
        let current = self.frame.this.seat().generation() == self.frame.generation;
        if !current {
            actix.terminate();
        }
        current
    }

    fn run<M: Message>(
        &mut self,
        message: M,
        actix: &mut actix::Context<Self>,
    ) -> Result<M::Reply, AskError>
    where
        R: Handles<M>,
    {
        self.give_others_a_turn(actix);
        let mut ctx = Ctx {
            frame: &mut self.frame,
            actix,
        };
        self.role.handle(message, &mut ctx).map_err(|fault| {
            self.fail(fault, actix);
            AskError::Failed
        })
    }

    fn give_others_a_turn(&mut self, actix: &mut actix::Context<Self>) {
        self.frame.handled += 1;
        if self.frame.handled == TURN {
            self.frame.handled = 0;
            actix.wait(actix::fut::wrap_future(tokio::task::yield_now()));
        }
    }

    pub(crate) fn fail(&mut self, fault: Fault, actix: &mut actix::Context<Self>) {
        self.frame.tomb.inscribe(End::Fault(fault));
        actix.terminate();
    }
}

impl<R: Role> actix::Actor for Hosted<R> {
    type Context = actix::Context<Self>;

    fn started(&mut self, actix: &mut Self::Context) {
        // The library also starts an actor that is dropped before its first turn.
        if actix.state() != ActorState::Running {
            return;
        }
        let mut ctx = Ctx {
            frame: &mut self.frame,
            actix,
        };
        match self.role.started(&mut ctx) {
            Ok(()) => self.frame.tomb.born(),
            Err(fault) => self.fail(fault, actix),
        }
    }

    fn stopping(&mut self, _: &mut Self::Context) -> Running {
        // The library also calls this while a panic unwinds.
        if self.frame.tomb.was_born() && !std::thread::panicking() {
            self.role.stopping();
        }
        Running::Stop
    }
}

/// A message nobody waits for, with its place in the mailbox.
pub(crate) struct Told<M> {
    pub(crate) message: M,
    pub(crate) place: Permit,
}

impl<M: Message> actix::Message for Told<M> {
    type Result = ();
}

impl<R: Handles<M>, M: Message> actix::Handler<Told<M>> for Hosted<R> {
    type Result = ();

    fn handle(&mut self, told: Told<M>, actix: &mut Self::Context) {
        let Told { message, place } = told;
        drop(place);
        self.receive(message, actix);
    }
}

/// A message that its asker can take back as long as nobody has begun to handle it.
pub(crate) struct Parcel<M>(Mutex<Option<M>>);

impl<M> Parcel<M> {
    pub(crate) fn new(message: M) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(message))))
    }

    fn open(&self) -> Option<M> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn is_opened(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
    }
}

/// A message whose asker waits, with the way back and (unless it is the overseer's) its place.
pub(crate) struct Asked<M: Message> {
    pub(crate) parcel: Arc<Parcel<M>>,
    pub(crate) reply: oneshot::Sender<Result<M::Reply, AskError>>,
    pub(crate) place: Option<Permit>,
}

impl<M: Message> actix::Message for Asked<M> {
    type Result = ();
}

impl<R: Handles<M>, M: Message> actix::Handler<Asked<M>> for Hosted<R> {
    type Result = ();

    fn handle(&mut self, asked: Asked<M>, actix: &mut Self::Context) {
        let Asked {
            parcel,
            reply,
            place,
        } = asked;
        drop(place);
        // Nobody would learn of the work: an overloaded actor need not do it.
        if reply.is_closed() || !self.is_current(actix) {
            return;
        }
        if let Some(message) = parcel.open() {
            // A panic below drops `reply`, and the asker sees that its parcel was opened.
            let answer = self.run(message, actix);
            let _heard = reply.send(answer).is_ok();
        }
    }
}

/// The overseer's order to end, behind everything that was sent before it.
pub(crate) struct Halt;

impl actix::Message for Halt {
    type Result = ();
}

impl<R: Role> actix::Handler<Halt> for Hosted<R> {
    type Result = ();

    fn handle(&mut self, _: Halt, actix: &mut Self::Context) {
        self.frame.tomb.inscribe(End::Halted);
        actix.stop();
    }
}

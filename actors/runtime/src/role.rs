//! What an actor is to the people who write one: state, messages, handlers.
//!
//! Owns: the traits a role implements and the context its handlers get.
//! Never does: threads, mailboxes or supervision; `hosted.rs` carries a role on the library.
//! Called by: every actor crate.

use std::{borrow::Cow, fmt, future::Future, time::Duration};

use actix::{ActorContext, AsyncContext};
use serde_json::Value;

use crate::{
    Clock, Handle,
    hosted::{Frame, Hosted},
    tomb::End,
};

/// Something that can be said to an actor, with the type of what comes back.
///
/// Named as a verb phrase when it asks or orders (`LeaseKey`), in the past tense when it tells
/// (`KeyRotated`). It carries no borrowed data, since it changes threads.
pub trait Message: Send + 'static {
    /// What the caller holds afterwards; usually a `Result` with the error of that crate.
    type Reply: Send + 'static;
}

/// The state and behaviour of one actor.
///
/// A role need not be `Send`: its factory builds it on the thread that it lives on, and it is
/// dropped there. It is never restarted with old state; after a panic, a [`Fault`] or a freeze
/// the factory builds a new one.
pub trait Role: Sized + 'static {
    /// What can be seen of the actor from outside: small, and without secrets.
    type State: serde::Serialize;

    /// Runs on the actor's thread before its first message.
    ///
    /// # Errors
    /// A [`Fault`] means that the actor cannot do its work. At the first start it ends the start
    /// of the whole tree; in a rebuild it counts against the intensity.
    fn started(&mut self, ctx: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        let _: &Ctx<'_, Self> = ctx;
        Ok(())
    }

    /// Shows the actor's state to an operator.
    fn observe(&self) -> Self::State;

    /// Runs before an orderly end: a stop of the tree, a removal, [`Ctx::stop`].
    ///
    /// Not after a panic, a fault or a freeze, when the state is not to be trusted. What must
    /// happen in every case (wiping keys) belongs into `Drop`.
    fn stopping(&mut self) {}
}

/// Says that a role understands `M`.
pub trait Handles<M: Message>: Role {
    /// Does what the message says and answers.
    ///
    /// Runs on the actor's thread and must be short: nothing else of this actor happens
    /// meanwhile. I/O belongs into [`Ctx::spawn`].
    ///
    /// # Errors
    /// A [`Fault`] ends this actor: the caller gets [`crate::AskError::Failed`] and the
    /// supervisor builds a new one. What merely concerns the caller belongs into the reply.
    fn handle(&mut self, message: M, ctx: &mut Ctx<'_, Self>) -> Result<M::Reply, Fault>;
}

/// Says that an actor cannot go on, and why.
///
/// # Security
/// The text reaches logs. Name the condition, never a value that came from a file or a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Cow<'static, str>);

impl Fault {
    /// Makes a fault from a lower-case sentence without full stop.
    pub fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// What a handler may do besides changing its own state.
pub struct Ctx<'a, R: Role> {
    pub(crate) frame: &'a mut Frame<R>,
    pub(crate) actix: &'a mut actix::Context<Hosted<R>>,
}

impl<R: Role> fmt::Debug for Ctx<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("this", &self.frame.this)
            .finish_non_exhaustive()
    }
}

impl<R: Role> Ctx<'_, R> {
    /// The handle of this actor, for giving away or for telling itself something.
    pub fn this(&self) -> &Handle<R> {
        &self.frame.this
    }

    /// The tree's clock.
    pub fn clock(&self) -> &Clock {
        &self.frame.clock
    }

    /// How often this actor has been built, this time included.
    pub fn generation(&self) -> u64 {
        self.frame.generation
    }

    /// Tells this actor `message` once, `after` from now.
    ///
    /// The timer belongs to this life of the actor: it ends with it, and passes the mailbox by.
    /// Every pending timer costs some nanoseconds per message, so keep them few.
    pub fn tell_after<M: Message>(&mut self, after: Duration, message: M)
    where
        R: Handles<M>,
    {
        self.actix
            .run_later(after, move |hosted, actix| hosted.receive(message, actix));
    }

    /// Tells this actor a copy of `message` again and again.
    ///
    /// # Units
    /// `period` runs from the end of one turn to the next, at least 1 ms. A turn that came late
    /// is not made up for by a burst.
    pub fn tell_every<M: Message + Clone>(&mut self, period: Duration, message: M)
    where
        R: Handles<M>,
    {
        arm(self.actix, period.max(SHORTEST_PERIOD), message);
    }

    /// Runs `task` on this thread until it is done or the actor ends.
    ///
    /// For I/O of the actor's own. The result comes back as a message through [`Self::this`].
    /// A panic in the task counts as one of the actor.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + 'static) {
        self.actix.spawn(actix::fut::wrap_future(task));
    }

    /// Ends this actor after the present message; whether it is built again is for
    /// [`crate::Restart`] to say.
    pub fn stop(&mut self) {
        self.frame.tomb.inscribe(End::Quit);
        self.actix.stop();
    }
}

const SHORTEST_PERIOD: Duration = Duration::from_millis(1);

fn arm<R: Handles<M>, M: Message + Clone>(
    actix: &mut actix::Context<Hosted<R>>,
    period: Duration,
    message: M,
) {
    actix.run_later(period, move |hosted, actix| {
        hosted.receive(message.clone(), actix);
        arm(actix, period, message);
    });
}

/// Asks whether an actor still works through its mailbox. Every role answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping;

impl Message for Ping {
    type Reply = ();
}

impl<R: Role> Handles<Ping> for R {
    fn handle(&mut self, _: Ping, _: &mut Ctx<'_, Self>) -> Result<(), Fault> {
        Ok(())
    }
}

/// Asks for an actor's state as JSON. Every role answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observe;

impl Message for Observe {
    type Reply = Value;
}

impl<R: Role> Handles<Observe> for R {
    fn handle(&mut self, _: Observe, _: &mut Ctx<'_, Self>) -> Result<Value, Fault> {
        Ok(serde_json::to_value(self.observe())
            .unwrap_or_else(|_| Value::from("state cannot be shown as JSON")))
    }
}

//! The way to talk to an actor.
//!
//! Owns: asking, telling, and what a caller learns when it cannot.
//! Never does: keep anything; a handle is a name for a seat and costs a reference count.
//! Called by: everyone outside the actor, and the actor through its context.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::sync::{oneshot, watch};

use crate::{
    Handles, Message, Role,
    hosted::{Asked, Parcel, Told},
    seat::{Phase, Seat, Tally},
    thread,
};

static ASKS: AtomicU64 = AtomicU64::new(0);

/// How many asks this process has made, to any actor.
///
/// For the test that a request without trouble makes none.
pub fn asks_made() -> u64 {
    ASKS.load(Relaxed)
}

/// Talks to one child of the tree and follows it across rebuilds.
pub struct Handle<R: Role> {
    seat: Arc<Seat<R>>,
}

/// Why an ask has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskError {
    /// As many messages wait as the mailbox holds.
    Full,
    /// There is no such actor now, and none is being built.
    Closed,
    /// The deadline passed. The message may have been handled.
    Late,
    /// The actor broke on this very message. It is not tried again.
    Failed,
}

/// Why a tell was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TellError {
    /// As many messages wait as the mailbox holds.
    Full,
    /// There is no such actor at this moment.
    Closed,
}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "mailbox is full",
            Self::Closed => "actor is not running",
            Self::Late => "no answer within the deadline",
            Self::Failed => "actor failed on this message",
        })
    }
}

impl fmt::Display for TellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "mailbox is full",
            Self::Closed => "actor is not running",
        })
    }
}

impl std::error::Error for AskError {}
impl std::error::Error for TellError {}

/// What was counted at one handle's actor, over all its lives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct HandleCounters {
    /// Asks made, whatever came of them.
    pub asked: u64,
    /// Tells that were taken.
    pub told: u64,
    /// Asks and tells that were not taken, because the mailbox was full or there was no actor.
    pub refused: u64,
    /// Messages that wait now.
    pub queued: u64,
    /// How often the actor was built again.
    pub restarts: u64,
    /// How many of its lives ended in a panic.
    pub panics: u64,
}

impl<R: Role> Handle<R> {
    pub(crate) fn of(seat: Arc<Seat<R>>) -> Self {
        Self { seat }
    }

    pub(crate) fn seat(&self) -> &Seat<R> {
        &self.seat
    }

    /// A handle to nobody, for tests: every ask and every tell says `Closed`.
    pub fn detached(name: impl AsRef<str>) -> Self {
        Self::of(Arc::new(Seat::new(name.as_ref(), 0)))
    }

    /// Sends `message` and waits for the answer.
    ///
    /// If the actor is being rebuilt, or is lost before it began with this message, the message
    /// goes to its successor within the same deadline. So a login on a cold path survives the
    /// panic of somebody else's message. Asks that move on in this way may change places.
    ///
    /// # Errors
    /// See [`AskError`].
    ///
    /// # Cancellation
    /// Safe to drop: a message that was not begun with is then skipped, one that was begun with
    /// is finished.
    pub async fn ask<M: Message>(
        &self,
        message: M,
        deadline: Duration,
    ) -> Result<M::Reply, AskError>
    where
        R: Handles<M>,
    {
        ASKS.fetch_add(1, Relaxed);
        Tally::count(&self.seat.tally.asked);
        self.within(deadline, self.exchange(message, Admission::Counted))
            .await
    }

    /// Asks on behalf of the overseer: not counted, and not refused by a full mailbox.
    pub(crate) async fn ask_aside<M: Message>(
        &self,
        message: M,
        deadline: Duration,
    ) -> Result<M::Reply, AskError>
    where
        R: Handles<M>,
    {
        self.within(deadline, self.exchange(message, Admission::Aside))
            .await
    }

    async fn within<T>(
        &self,
        deadline: Duration,
        exchange: impl Future<Output = Result<T, AskError>>,
    ) -> Result<T, AskError> {
        tokio::time::timeout(deadline, exchange)
            .await
            .unwrap_or(Err(AskError::Late))
    }

    async fn exchange<M: Message>(
        &self,
        message: M,
        admission: Admission,
    ) -> Result<M::Reply, AskError>
    where
        R: Handles<M>,
    {
        let parcel = Parcel::new(message);
        let mut phases = self.seat.phases();
        loop {
            let (generation, reply) = self.deliver(&parcel, &mut phases, admission).await?;
            if let Some(answer) = answer_or_end(reply, &mut phases, generation).await {
                return answer;
            }
            if parcel.is_opened() {
                return Err(AskError::Failed);
            }
            life_over(&mut phases, generation).await;
        }
    }

    async fn deliver<M: Message>(
        &self,
        parcel: &Arc<Parcel<M>>,
        phases: &mut watch::Receiver<Phase>,
        admission: Admission,
    ) -> Result<(u64, oneshot::Receiver<Result<M::Reply, AskError>>), AskError>
    where
        R: Handles<M>,
    {
        if thread::is_abandoned() {
            return Err(self.refused(AskError::Closed));
        }
        let occupant = self
            .seat
            .next_occupant(phases)
            .await
            .map_err(|e| self.refused(e))?;
        let place = match admission {
            Admission::Counted => Some(
                occupant
                    .places
                    .try_take()
                    .ok_or_else(|| self.refused(AskError::Full))?,
            ),
            Admission::Aside => None,
        };
        let (reply_to, reply) = oneshot::channel();
        let asked = Asked {
            parcel: Arc::clone(parcel),
            reply: reply_to,
            place,
        };
        // A closed mailbox drops the envelope, which the asker sees at the other end of `reply`.
        let _taken = occupant.address.try_send(asked).is_ok();
        Ok((occupant.generation, reply))
    }

    /// Leaves `message` in the mailbox and goes on.
    ///
    /// # Errors
    /// See [`TellError`]. Both are counted; a caller on a hot path need not do more.
    pub fn tell<M: Message>(&self, message: M) -> Result<(), TellError>
    where
        R: Handles<M>,
    {
        let told = self.leave(message);
        Tally::count(match told {
            Ok(()) => &self.seat.tally.told,
            Err(_) => &self.seat.tally.refused,
        });
        told
    }

    fn leave<M: Message>(&self, message: M) -> Result<(), TellError>
    where
        R: Handles<M>,
    {
        if thread::is_abandoned() {
            return Err(TellError::Closed);
        }
        let seat = self.seat.look();
        let occupant = seat.as_ref().ok_or(TellError::Closed)?;
        let place = occupant.places.try_take().ok_or(TellError::Full)?;
        occupant
            .address
            .try_send(Told { message, place })
            .map_err(|_| TellError::Closed)
    }

    fn refused(&self, error: AskError) -> AskError {
        Tally::count(&self.seat.tally.refused);
        error
    }

    /// What was counted so far.
    pub fn counters(&self) -> HandleCounters {
        let tally = &self.seat.tally;
        HandleCounters {
            asked: tally.asked.load(Relaxed),
            told: tally.told.load(Relaxed),
            refused: tally.refused.load(Relaxed),
            queued: self.seat.queued() as u64,
            restarts: tally.restarts.load(Relaxed),
            panics: tally.panics.load(Relaxed),
        }
    }

    /// The child's name in the tree.
    pub fn name(&self) -> &str {
        self.seat.name()
    }

    /// How many messages the mailbox holds.
    pub fn bound(&self) -> usize {
        self.seat.bound()
    }

    /// Whether an actor is there to take a message at this moment.
    pub fn is_up(&self) -> bool {
        self.seat.is_up()
    }
}

/// Whether a message needs a place in the mailbox.
#[derive(Clone, Copy)]
enum Admission {
    Counted,
    Aside,
}

/// The answer, or `None` once it can no longer come.
async fn answer_or_end<T>(
    mut reply: oneshot::Receiver<Result<T, AskError>>,
    phases: &mut watch::Receiver<Phase>,
    generation: u64,
) -> Option<Result<T, AskError>> {
    tokio::select! {
        biased;
        answer = &mut reply => answer.ok(),
        // Between the two looks the actor may have answered and then died of the next message:
        // an answer that was given is there before the life is over.
        () = life_over(phases, generation) => reply.try_recv().ok(),
    }
}

/// Waits until the seat has left `generation` behind.
async fn life_over(phases: &mut watch::Receiver<Phase>, generation: u64) {
    drop(
        phases
            .wait_for(|phase| *phase != Phase::Up(generation))
            .await,
    );
}

impl<R: Role> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self::of(Arc::clone(&self.seat))
    }
}

impl<R: Role> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("name", &self.name())
            .field("up", &self.is_up())
            .finish()
    }
}

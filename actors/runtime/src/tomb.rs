//! How the end of an actor becomes known, whatever the end was.
//!
//! Owns: the guard that travels with an actor from before its factory runs until after its role
//! was dropped, and says on drop what happened.
//! Never does: decide what follows; `keeper/` does.
//! Called by: `planted.rs` (makes it), `hosted.rs` (carries it).
//!
//! A guard and not a caught result, because a panic can come from a factory, a handler, a timer,
//! a task or a destructor, and all of them drop this.

use tokio::sync::{mpsc, oneshot};

use crate::{DownCause, Fault};

/// Which child a report is about. Names can be used again after a removal; these cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChildId(pub(crate) u64);

/// What reaches the keeper from the children and from its own timers.
#[derive(Debug)]
pub(crate) enum Report {
    /// A life is over. Not sent for one that never began: its starter learns that directly.
    Ended {
        child: ChildId,
        generation: u64,
        cause: DownCause,
    },
    /// The pause after a failed start is over.
    RetryDue { child: ChildId, generation: u64 },
}

/// An end that was not a panic.
#[derive(Debug)]
pub(crate) enum End {
    /// The overseer said so.
    Halted,
    /// The role said so.
    Quit,
    /// The role cannot go on.
    Fault(Fault),
}

/// What the starter of an actor holds.
#[derive(Debug)]
pub(crate) struct Launch {
    /// The role was built and has started, or why not.
    pub(crate) born: oneshot::Receiver<Result<(), DownCause>>,
    /// Resolves (as closed) once the role was dropped.
    pub(crate) gone: oneshot::Receiver<()>,
}

/// Reports on drop how a life ended.
#[derive(Debug)]
pub(crate) struct Tomb {
    child: ChildId,
    generation: u64,
    reports: mpsc::UnboundedSender<Report>,
    born: Option<oneshot::Sender<Result<(), DownCause>>>,
    end: Option<End>,
    _gone: oneshot::Sender<()>,
}

impl Tomb {
    pub(crate) fn new(
        child: ChildId,
        generation: u64,
        reports: mpsc::UnboundedSender<Report>,
    ) -> (Self, Launch) {
        let (born_tx, born) = oneshot::channel();
        let (gone_tx, gone) = oneshot::channel();
        let tomb = Self {
            child,
            generation,
            reports,
            born: Some(born_tx),
            end: None,
            _gone: gone_tx,
        };
        (tomb, Launch { born, gone })
    }

    /// Tells the starter that the role is at work.
    pub(crate) fn born(&mut self) {
        if let Some(born) = self.born.take() {
            let _heard = born.send(Ok(())).is_ok();
        }
    }

    /// Whether the role got as far as to be at work.
    pub(crate) fn was_born(&self) -> bool {
        self.born.is_none()
    }

    /// Notes why the life ends. The first reason stays.
    pub(crate) fn inscribe(&mut self, end: End) {
        self.end.get_or_insert(end);
    }

    fn cause(&mut self) -> DownCause {
        if std::thread::panicking() {
            return DownCause::Panic;
        }
        match self.end.take() {
            Some(End::Halted) => DownCause::Stopped,
            Some(End::Quit) => DownCause::Ended,
            Some(End::Fault(fault)) => DownCause::Error(fault),
            None => DownCause::ThreadGone,
        }
    }
}

impl Drop for Tomb {
    fn drop(&mut self) {
        let cause = self.cause();
        let _heard = match self.born.take() {
            Some(starter) => starter.send(Err(cause)).is_ok(),
            None => {
                let Self {
                    child, generation, ..
                } = *self;
                self.reports
                    .send(Report::Ended {
                        child,
                        generation,
                        cause,
                    })
                    .is_ok()
            }
        };
    }
}

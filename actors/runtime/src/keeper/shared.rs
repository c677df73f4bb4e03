//! What the keeper and the overseers of one tree have in common.
//!
//! Owns: the published list of children, the way for orders, the escalation.
//! Never does: change a child.
//! Called by: `keeper/` (writes), `overseer.rs` (reads, orders).

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    Clock, DownCause, Escalation, StartError, StopReport, TreeEvent, health::Workers,
    planted::Child,
};

pub(crate) type Events = Box<dyn Fn(TreeEvent) + Send + Sync>;

/// An order to the keeper, with the way back.
pub(crate) enum Command {
    Add {
        child: Arc<dyn Child>,
        reply: oneshot::Sender<Result<(), StartError>>,
    },
    Remove {
        name: String,
        reply: oneshot::Sender<Option<StopReport>>,
    },
    Rebuild {
        name: String,
        reply: oneshot::Sender<bool>,
    },
    Stop {
        reply: oneshot::Sender<Vec<StopReport>>,
    },
}

pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) children: ArcSwap<Vec<Arc<dyn Child>>>,
    pub(crate) workers: Workers,
    pub(crate) escalation: watch::Sender<Option<Escalation>>,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) events: Events,
}

impl Shared {
    pub(crate) fn new(clock: Clock, commands: mpsc::Sender<Command>, events: Events) -> Self {
        Self {
            clock,
            children: ArcSwap::default(),
            workers: Workers::default(),
            escalation: watch::Sender::new(None),
            commands,
            events,
        }
    }

    /// Asks the program to exit. The first reason stays.
    pub(crate) fn escalate(&self, name: String, cause: DownCause) {
        self.escalation.send_if_modified(|escalation| {
            let first = escalation.is_none();
            if first {
                *escalation = Some(Escalation { name, cause });
            }
            first
        });
    }
}

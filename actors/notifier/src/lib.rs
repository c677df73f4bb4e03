//! Notifier: the link to the service manager.
//!
//! Owns the `NOTIFY_SOCKET` link, the phase that was announced last, and the counts of what was
//! sent.
//! Never decides whether the program is ready, healthy or stopping: the root says so, and feeding
//! the watchdog needs the proof that every actor and worker answered.
//! Called by the root only: at start, around a reload, at stop, and once per health round.
//!
//! # Actor card
//!
//! | row | answer |
//! |---|---|
//! | owns | the link to the service manager, the last phase and status |
//! | never does | feeds the watchdog from a timer of its own |
//! | messages | [`Ready`], [`Reloading`], [`Reloaded`], [`Stopping`], [`Status`], [`Feed`] |
//! | mailbox bound | that of its child specification; beyond it the caller gets `Full` |
//! | work in flight | none: a datagram is sent within the handler (12 µs measured) |
//! | timeouts | none of its own; a service manager that reads nothing freezes only this thread |
//! | survives a restart | nothing: phase and counts begin anew, the service manager keeps its own |
//! | observable state | [`NotifierState`] |
//! | metrics | [`NotifierState::sent`] and [`NotifierState::failed`] |
//!
//! Without `NOTIFY_SOCKET` (started by hand, in a container) every message is answered with
//! [`Delivery::NoManager`] and nothing else happens.
//!
//! Read next: `actor` for the phases, `link` for what goes over the socket.
#![forbid(unsafe_code)]

mod actor;
mod link;
mod messages;
mod state;
mod status;
mod watchdog;

pub use actor::Notifier;
pub use link::{Link, RecordingLink, SystemdLink};
pub use messages::{Delivery, Feed, Ready, Reloaded, Reloading, Status, Stopping};
pub use state::{NotifierState, Phase, SentCounts};
pub use watchdog::watchdog_period;

//! What the root may ask of the Notifier.
//!
//! Owns the message types and their common answer, [`Delivery`].

use std::time::Duration;

use runtime::{AllAnswered, Message};

/// What became of one message to the service manager.
///
/// A failed delivery is an answer and not a fault of the actor: a broken link to the service
/// manager is counted and shown, and requests go on being served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The datagram was handed to the service manager's socket.
    Sent,
    /// No service manager listens: the program was not started by one.
    NoManager,
    /// The socket is named but refused the datagram; counted, and named in the state.
    Failed,
    /// Not sent, since stopping was announced before and cannot be taken back.
    TooLate,
}

/// Announces that the tree is up and the listeners accept.
#[derive(Clone, Debug)]
pub struct Ready {
    /// One line for `systemctl status`.
    pub status: String,
}

impl Message for Ready {
    type Reply = Delivery;
}

/// Announces that a reload began, with the time that `Type=notify-reload` asks for.
#[derive(Clone, Copy, Debug)]
pub struct Reloading;

impl Message for Reloading {
    type Reply = Delivery;
}

/// Announces that the reload is over, whether the new configuration was taken or refused.
///
/// The service manager waits for this after [`Reloading`], so it is due in both cases; the status
/// says which one it was.
#[derive(Clone, Debug)]
pub struct Reloaded {
    /// One line for `systemctl status`.
    pub status: String,
}

impl Message for Reloaded {
    type Reply = Delivery;
}

/// Announces that the program is going down, and how long open requests may still take.
#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    /// How long the drain may take; the service manager waits at least that long.
    ///
    /// # Units
    /// Sent in whole microseconds; zero asks for no extension, more than 71 minutes is sent as
    /// 71 minutes.
    pub drain: Duration,
}

impl Message for Stopping {
    type Reply = Delivery;
}

/// Shows one line in `systemctl status`.
#[derive(Clone, Debug)]
pub struct Status {
    /// The line; see the crate's limits on it.
    pub text: String,
}

impl Message for Status {
    type Reply = Delivery;
}

/// Feeds the watchdog.
///
/// # Security
/// [`AllAnswered`] is made by the runtime alone, after every actor and every worker answered in
/// time, so a program that is half dead cannot feed its watchdog. It cannot be forged:
///
/// ```compile_fail
/// let forged = nenya_notifier::Feed(runtime::AllAnswered(()));
/// ```
#[derive(Debug)]
pub struct Feed(
    /// The proof of the health round that this feed is for.
    pub AllAnswered,
);

impl Message for Feed {
    type Reply = Delivery;
}

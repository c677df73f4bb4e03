//! The link: one datagram per message, to whoever started us.
//!
//! Owns the ways to send: [`SystemdLink`] over `NOTIFY_SOCKET`, [`RecordingLink`] for tests.
//! Never decides what to say.

use std::env;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use sd_notify::NotifyState;

/// A way to reach the service manager.
///
/// A trait since the library reads the address from the environment of the process, which tests
/// must not change while other threads read it.
pub trait Link: fmt::Debug + Send + 'static {
    /// Whether there is a service manager to talk to.
    fn connected(&self) -> bool;

    /// Sends all of `states` as one datagram.
    ///
    /// # Errors
    /// What the socket said. The datagram was then not delivered, not even in part.
    fn send(&self, states: &[NotifyState<'_>]) -> io::Result<()>;
}

/// The real link, through the socket that `NOTIFY_SOCKET` names.
///
/// Opens a socket per message: after a rebuild, or when the service manager was itself replaced,
/// there is no stale descriptor. Abstract sockets (`@name`) and vsock addresses are not supported
/// by the library; they count as failed deliveries.
#[derive(Clone, Copy, Debug)]
pub struct SystemdLink {
    named: bool,
}

impl SystemdLink {
    /// Looks whether the environment names a socket.
    pub fn from_env() -> Self {
        Self {
            named: env::var_os("NOTIFY_SOCKET").is_some_and(|name| !name.is_empty()),
        }
    }
}

impl Link for SystemdLink {
    fn connected(&self) -> bool {
        self.named
    }

    fn send(&self, states: &[NotifyState<'_>]) -> io::Result<()> {
        sd_notify::notify(states)
    }
}

/// A link that keeps what was sent, for tests of this crate and of the root.
#[derive(Clone, Debug, Default)]
pub struct RecordingLink {
    sent: Arc<Mutex<Vec<String>>>,
    refuses: bool,
}

impl RecordingLink {
    /// A link that takes every datagram.
    pub fn new() -> Self {
        Self::default()
    }

    /// A link whose socket is named but refuses every datagram.
    pub fn refusing() -> Self {
        Self {
            refuses: true,
            ..Self::default()
        }
    }

    /// The datagrams so far, in the order in which they were sent.
    pub fn datagrams(&self) -> Vec<String> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Link for RecordingLink {
    fn connected(&self) -> bool {
        true
    }

    fn send(&self, states: &[NotifyState<'_>]) -> io::Result<()> {
        if self.refuses {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let datagram: String = states.iter().map(|state| format!("{state}\n")).collect();
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(datagram);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_states_share_one_datagram() {
        let link = RecordingLink::new();
        link.send(&[NotifyState::Reloading, NotifyState::MonotonicUsec(7)])
            .unwrap();
        assert_eq!(link.datagrams(), ["RELOADING=1\nMONOTONIC_USEC=7\n"]);
    }

    #[test]
    fn a_refusing_link_keeps_nothing() {
        let link = RecordingLink::refusing();
        assert!(link.send(&[NotifyState::Ready]).is_err());
        assert!(link.datagrams().is_empty());
    }
}

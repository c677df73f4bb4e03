//! What the Notifier shows of itself.
//!
//! Owns the observable state; no text in it comes from a client.

use serde::Serialize;

/// What was announced last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing was announced yet.
    #[default]
    Starting,
    /// `READY=1` was announced.
    Ready,
    /// `RELOADING=1` was announced and its end was not.
    Reloading,
    /// `STOPPING=1` was announced; final.
    Stopping,
}

/// How many datagrams of each kind the service manager took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SentCounts {
    /// `READY=1` after the start.
    pub ready: u64,
    /// `RELOADING=1`.
    pub reloading: u64,
    /// `READY=1` after a reload.
    pub reloaded: u64,
    /// `STOPPING=1`.
    pub stopping: u64,
    /// `STATUS=` alone.
    pub status: u64,
    /// `WATCHDOG=1`.
    pub watchdog: u64,
}

/// The Notifier's answer to `Observe`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotifierState {
    /// Whether a service manager gave us a socket.
    pub connected: bool,
    /// What was announced last.
    pub phase: Phase,
    /// The status line that was announced last.
    pub status: String,
    /// Datagrams that were taken.
    pub sent: SentCounts,
    /// Datagrams that the socket refused.
    pub failed: u64,
    /// What the socket said at the last refusal.
    pub last_failure: Option<String>,
}

//! Supervision, handles, deadlines, permits and clock: what all actors share.
//!
//! Owns: the thin interface between our roles and the actor library under them. A role is plain
//! Rust ([`Role`], [`Handles`]); this crate hosts it on an arbiter thread, gives it a bounded
//! mailbox and a [`Handle`] that follows it, and rebuilds it from its factory when it panics,
//! fails or freezes ([`Tree`], [`Overseer`]).
//!
//! Never does: anything a role is about. It knows no request, no secret and no configuration,
//! and no other crate names a type of the actor library.
//!
//! Called by: every crate below `actors/`, and the program, which writes the tree.
//!
//! Why own code: the library's supervisor does not survive a panic and its mailbox bounds
//! nothing. `tests/actix_contract.rs` pins each such fact that this crate was written around.
//!
//! Read next: `role.rs` (what an actor looks like), `tree.rs` (how a tree is declared),
//! `keeper/mod.rs` (what happens when something breaks).
#![forbid(unsafe_code)]

mod aside;
mod child;
mod clock;
mod event;
#[cfg(feature = "faults")]
mod faults;
mod handle;
mod health;
mod hosted;
mod intensity;
mod keeper;
mod overseer;
mod permits;
mod planted;
mod published;
mod role;
mod seat;
mod thread;
mod tomb;
mod tree;

pub use aside::{Aside, Work};
pub use child::{Birth, BirthCause, ChildSpec, PastIntensity, Restart, Siblings};
pub use clock::{Clock, ClockHand};
pub use event::{ChildInfo, DownCause, Escalation, StartError, StopReport, TreeEvent};
#[cfg(feature = "faults")]
pub use faults::{Misbehaviour, Thaw};
pub use handle::{AskError, Handle, HandleCounters, TellError, asks_made};
pub use health::{AllAnswered, WorkerPulse};
pub use overseer::Overseer;
pub use permits::{Permit, Permits};
pub use published::Published;
pub use role::{Ctx, Fault, Handles, Message, Observe, Ping, Role};
pub use tree::Tree;

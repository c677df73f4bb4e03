//! How a child of the tree wants to be looked after.
//!
//! Owns: the specification that stands beside a factory, and what a factory is told.
//! Never does: act on it; `keeper/` does.
//! Called by: the program's tree, and tests.

use std::{fmt, time::Duration};

/// When a child that ended is built again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Always.
    Permanent,
    /// Unless it ended by itself in an orderly way.
    Transient,
    /// Never.
    Temporary,
}

/// What the end of a child means for those declared after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Siblings {
    /// Nothing.
    Untouched,
    /// They were built upon it: they are stopped in reverse order and built again after it.
    RebuildLater,
}

/// What happens when a child ends more often than its intensity allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastIntensity {
    /// The program is to exit, so that the service manager starts it afresh.
    Exit,
    /// The child stays down and its handle says `Closed`; the rest goes on.
    LeaveDown,
}

/// The specification of one child.
#[derive(Debug, Clone)]
pub struct ChildSpec {
    pub(crate) name: String,
    pub(crate) restart: Restart,
    pub(crate) restarts: u32,
    pub(crate) period: Duration,
    pub(crate) start_within: Duration,
    pub(crate) shutdown: Duration,
    pub(crate) siblings: Siblings,
    pub(crate) past_intensity: PastIntensity,
    pub(crate) mailbox: usize,
    pub(crate) thread: Option<String>,
}

impl ChildSpec {
    /// A permanent child: 10 restarts in 10 s, then the program exits; own thread; mailbox of
    /// 1024; 10 s to start and 5 s to stop; those after it are left untouched.
    ///
    /// The name is that in logs and metrics and must be alone in its tree.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            restart: Restart::Permanent,
            restarts: 10,
            period: Duration::from_secs(10),
            start_within: Duration::from_secs(10),
            shutdown: Duration::from_secs(5),
            siblings: Siblings::Untouched,
            past_intensity: PastIntensity::Exit,
            mailbox: 1024,
            thread: None,
        }
    }

    /// When the child is built again after an end.
    #[must_use]
    pub fn restart(self, restart: Restart) -> Self {
        Self { restart, ..self }
    }

    /// How many rebuilds within `period` are borne; one more is past the intensity.
    #[must_use]
    pub fn intensity(self, restarts: u32, period: Duration) -> Self {
        Self {
            restarts,
            period,
            ..self
        }
    }

    /// How long the factory and `started` may take together. Later counts as frozen.
    #[must_use]
    pub fn start_within(self, start_within: Duration) -> Self {
        Self {
            start_within,
            ..self
        }
    }

    /// How long a stop may take, the messages that wait before it included.
    #[must_use]
    pub fn shutdown(self, shutdown: Duration) -> Self {
        Self { shutdown, ..self }
    }

    /// What the end of this child means for those declared after it.
    #[must_use]
    pub fn siblings(self, siblings: Siblings) -> Self {
        Self { siblings, ..self }
    }

    /// What happens past the intensity.
    #[must_use]
    pub fn past_intensity(self, past_intensity: PastIntensity) -> Self {
        Self {
            past_intensity,
            ..self
        }
    }

    /// How many messages may wait.
    #[must_use]
    pub fn mailbox(self, mailbox: usize) -> Self {
        Self { mailbox, ..self }
    }

    /// Lives on the thread of this name, with all other children that say the same. They also
    /// freeze together.
    #[must_use]
    pub fn thread(self, thread: impl Into<String>) -> Self {
        Self {
            thread: Some(thread.into()),
            ..self
        }
    }

    /// The child's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which thread the child lives on; a name of its own where none was given.
    pub(crate) fn thread_key(&self) -> ThreadKey {
        match &self.thread {
            Some(thread) => ThreadKey::Shared(thread.clone()),
            None => ThreadKey::Own(self.name.clone()),
        }
    }
}

/// Tells threads apart, so that one shared as `x` is not that of a child named `x`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ThreadKey {
    Shared(String),
    Own(String),
}

/// What a factory is told about the life that it is to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// Why now.
    pub cause: BirthCause,
    /// 1 for the first life. Grows with every attempt, failed ones included.
    pub generation: u64,
}

/// Why an actor is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthCause {
    /// It has not lived before.
    FirstStart,
    /// Its last life ended in a panic.
    Panic,
    /// It could not go on or could not start, or ended and is permanent.
    Error,
    /// Its thread no longer answered.
    Freeze,
    /// A child it was built upon was rebuilt.
    Sibling,
    /// An operator asked for it.
    Asked,
}

impl fmt::Display for BirthCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstStart => "first start",
            Self::Panic => "panic",
            Self::Error => "error",
            Self::Freeze => "freeze",
            Self::Sibling => "sibling",
            Self::Asked => "asked",
        })
    }
}

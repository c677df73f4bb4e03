//! What the tree tells about itself.
//!
//! Owns: events for logs and metrics, reports of a stop, the reasons for a failed start.
//! Never does: carry anything a client or a file said. Panic messages are not part of it, since
//! nobody knows what they quote.
//! Called by: `keeper/` (makes them), the program (logs and counts them).

use std::{fmt, io, time::Duration};

use crate::{BirthCause, Fault};

/// Why a child is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownCause {
    /// A handler, a timer, a task, `started` or the factory panicked.
    Panic,
    /// A handler, `started` or the factory returned a fault.
    Error(Fault),
    /// Its thread did not answer within the freeze deadline, or the start did not end in time.
    Freeze,
    /// It ended itself.
    Ended,
    /// The overseer stopped it.
    Stopped,
    /// Its thread ended, or could not be made.
    ThreadGone,
}

impl DownCause {
    pub(crate) fn birth_cause(&self) -> BirthCause {
        match self {
            Self::Panic => BirthCause::Panic,
            Self::Freeze => BirthCause::Freeze,
            Self::Error(_) | Self::Ended | Self::ThreadGone => BirthCause::Error,
            Self::Stopped => BirthCause::Asked,
        }
    }

    /// A word for a metric label.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Error(_) => "error",
            Self::Freeze => "freeze",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
            Self::ThreadGone => "thread",
        }
    }
}

impl fmt::Display for DownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic => f.write_str("panicked"),
            Self::Error(fault) => write!(f, "failed: {fault}"),
            Self::Freeze => f.write_str("froze"),
            Self::Ended => f.write_str("ended by itself"),
            Self::Stopped => f.write_str("was stopped"),
            Self::ThreadGone => f.write_str("lost its thread"),
        }
    }
}

/// Something that happened in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeEvent {
    /// A child is at work for the first time.
    Started {
        /// The child.
        name: String,
    },
    /// A child's life is over, or a rebuild did not succeed.
    Down {
        /// The child.
        name: String,
        /// Why.
        cause: DownCause,
    },
    /// A child is at work again.
    Rebuilt {
        /// The child.
        name: String,
        /// The number of this life.
        generation: u64,
        /// What made it necessary.
        cause: BirthCause,
    },
    /// A thread does not answer; it is given up and its children are rebuilt on another.
    Frozen {
        /// The children that lived there.
        children: Vec<String>,
    },
    /// A child passed its intensity and stays down.
    GaveUp {
        /// The child.
        name: String,
    },
    /// A child passed its intensity and the program is to exit.
    Escalated {
        /// The child.
        name: String,
    },
    /// A child was stopped on purpose, or ended and is not to be rebuilt.
    Stopped {
        /// The child.
        name: String,
        /// Whether it ended within its deadline. If not, its thread was given up.
        in_time: bool,
    },
}

impl fmt::Display for TreeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { name } => write!(f, "`{name}` started"),
            Self::Down { name, cause } => write!(f, "`{name}` {cause}"),
            Self::Rebuilt {
                name,
                generation,
                cause,
            } => {
                write!(f, "`{name}` rebuilt after {cause}, generation {generation}")
            }
            Self::Frozen { children } => {
                write!(
                    f,
                    "thread of `{}` is frozen and given up",
                    children.join("`, `")
                )
            }
            Self::GaveUp { name } => write!(f, "`{name}` broke too often and stays down"),
            Self::Escalated { name } => write!(f, "`{name}` broke too often, the program exits"),
            Self::Stopped {
                name,
                in_time: true,
            } => write!(f, "`{name}` stopped"),
            Self::Stopped {
                name,
                in_time: false,
            } => {
                write!(f, "`{name}` did not stop within its deadline")
            }
        }
    }
}

/// How the stop of one child went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopReport {
    /// The child.
    pub name: String,
    /// Whether it ended within its deadline.
    pub in_time: bool,
    /// How long it took.
    pub took: Duration,
}

/// Why the program is to exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// The child that passed its intensity.
    pub name: String,
    /// What it did last.
    pub cause: DownCause,
}

impl Escalation {
    /// The exit code that tells the service manager to start the program afresh.
    ///
    /// # Source
    /// `EX_SOFTWARE` of sysexits.h: an internal software error.
    pub fn exit_code(&self) -> u8 {
        70
    }
}

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` broke too often, at last it {}",
            self.name, self.cause
        )
    }
}

/// What an operator sees of a child without asking it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChildInfo {
    /// The child.
    pub name: String,
    /// Whether it takes messages now.
    pub up: bool,
    /// The number of its present life.
    pub generation: u64,
    /// How often it was rebuilt.
    pub restarts: u64,
    /// How many of its lives ended in a panic.
    pub panics: u64,
    /// Messages that wait.
    pub queued: u64,
    /// Messages that were not taken.
    pub refused: u64,
}

/// Why a child, and with it the tree, did not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartError {
    /// Two children have this name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// The factory or `started` did not succeed.
    Child {
        /// The child.
        name: String,
        /// What went wrong.
        cause: DownCause,
    },
    /// The system gave no thread.
    Thread {
        /// The child that wanted one.
        name: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// The overseer has been stopped.
    Stopped,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateName { name } => write!(f, "two children are named `{name}`"),
            Self::Child { name, cause } => write!(f, "`{name}` did not start: it {cause}"),
            Self::Thread { name, kind } => write!(f, "no thread for `{name}`: {kind}"),
            Self::Stopped => f.write_str("the tree has been stopped"),
        }
    }
}

impl std::error::Error for StartError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_read_as_sentences() {
        let name = || "vault".to_owned();
        let cause = DownCause::Error(Fault::new("no source"));
        assert_eq!(
            TreeEvent::Down {
                name: name(),
                cause
            }
            .to_string(),
            "`vault` failed: no source"
        );
        let rebuilt = TreeEvent::Rebuilt {
            name: name(),
            generation: 2,
            cause: BirthCause::Panic,
        };
        assert_eq!(
            rebuilt.to_string(),
            "`vault` rebuilt after panic, generation 2"
        );
        let escalation = Escalation {
            name: name(),
            cause: DownCause::Panic,
        };
        assert_eq!(
            escalation.to_string(),
            "`vault` broke too often, at last it panicked"
        );
        assert_eq!(escalation.exit_code(), 70);
    }
}

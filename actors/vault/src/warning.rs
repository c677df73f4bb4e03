//! What works, but should be put right. Shown at start, after a reload, and by `nenya doctor`.

use std::fmt;
use std::path::PathBuf;

use crate::error::VaultError;

/// What works, but should be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The file's group can read it.
    GroupReadable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Everybody in this container can read a mounted file.
    ReadableMount {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A mounted file belongs to somebody who is neither root nor us.
    ForeignMount {
        /// The file.
        path: PathBuf,
        /// The owner's user id.
        owner: u32,
    },
    /// Secrets are in ordinary memory, because the system gave no locked memory.
    PlainMemory {
        /// Why it gave none.
        refused: Box<VaultError>,
    },
    /// A key that can never be used.
    ExpiredKey {
        /// The key's id.
        id: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GroupReadable { path, mode } => write!(
                f,
                "`{0}` has mode {mode:04o}, so its group can read it: `chmod 0600 {0}`",
                path.display()
            ),
            Self::ReadableMount { path, mode } => write!(
                f,
                "`{}` is mounted with mode {mode:04o}: set `defaultMode: 0440` and `fsGroup`, or \
                 `chmod 0600` on the host",
                path.display()
            ),
            Self::ForeignMount { path, owner } => write!(
                f,
                "`{}` is mounted and belongs to user {owner}, who is neither root nor the user of \
                 this process",
                path.display()
            ),
            Self::PlainMemory { refused } => {
                write!(
                    f,
                    "secrets are in ordinary memory that may be swapped out: {refused}"
                )
            }
            Self::ExpiredKey { id } => write!(f, "the key `{id}` has expired"),
        }
    }
}

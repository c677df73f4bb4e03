//! What can be said of a vault without saying a secret.

use serde::Serialize;

use crate::memory::MemoryKind;

/// What an operator may know of a vault. No secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VaultFacts {
    /// The place that the secrets came from; `None` if they were made at start, or are wiped.
    pub source: Option<String>,
    /// The files, in the order in which they were merged.
    pub files: Vec<String>,
    /// The providers that have a key.
    pub providers: Vec<String>,
    /// How many clients are known, the holder of `client_token` included.
    pub identities: usize,
    /// What the secrets are kept in; `None` if there are none.
    pub memory: Option<MemoryKind>,
    /// Bytes of memory that hold secrets, in whole pages.
    pub bytes: usize,
}

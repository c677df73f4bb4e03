//! What can be said to the vault.
//!
//! A request needs none of these: it authenticates and leases on the published snapshot
//! ([`crate::VaultHandle::sealed`]). They are for reloads, for operators, and for callers that
//! have a handle and no snapshot.

use std::sync::Arc;

use runtime::Message;
use serde::Serialize;

use crate::error::VaultError;
use crate::facts::VaultFacts;
use crate::identity::Known;
use crate::lease::Lease;
use crate::sealed::Sealed;
use crate::token::Presented;
use crate::warning::Warning;

/// Asks who holds a token.
#[derive(Debug)]
pub struct Authenticate {
    pub(crate) presented: Presented,
}

impl Authenticate {
    /// Takes the token as the client sent it; wiped when the message is dropped.
    #[must_use]
    pub fn new(presented: Vec<u8>) -> Self {
        Self {
            presented: Presented::new(presented),
        }
    }
}

impl Message for Authenticate {
    type Reply = Option<Known>;
}

/// Asks for the loan of a provider's key.
#[derive(Debug)]
pub struct LeaseKey {
    /// The provider's name.
    pub provider: String,
}

impl Message for LeaseKey {
    type Reply = Option<Lease>;
}

/// Orders all secrets to be read again. If that fails, the old ones stay in service.
#[derive(Debug)]
pub struct ReloadSecrets;

impl Message for ReloadSecrets {
    type Reply = Result<ReloadOutcome, VaultError>;
}

/// Orders a vault that was loaded elsewhere into service; for a reload that swaps everything at
/// once after all of it was validated.
#[derive(Debug)]
pub struct AdoptSealed(pub Arc<Sealed>);

impl Message for AdoptSealed {
    type Reply = ();
}

/// Orders the sources to be read again because a provider's key was exchanged there.
///
/// Like [`ReloadSecrets`], but an error if the provider has no key afterwards, and the answer says
/// whether the key is another one.
#[derive(Debug)]
pub struct RotateKey {
    /// The provider's name.
    pub provider: String,
}

impl Message for RotateKey {
    type Reply = Result<Rotation, VaultError>;
}

/// Orders all secrets to be forgotten. Nobody is known and no key lent from then on; the pages
/// are wiped as soon as the last lease is given back.
#[derive(Debug)]
pub struct Wipe;

impl Message for Wipe {
    type Reply = ();
}

/// What a reload has changed. Tokens are not compared: each load digests them under a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReloadOutcome {
    /// The vault now in service.
    pub facts: VaultFacts,
    /// What should be put right.
    pub warnings: Vec<Warning>,
    /// Providers and how their keys changed.
    pub provider_keys: Changes,
    /// Client ids and how their entries changed.
    pub identities: Changes,
}

/// Names that came, went, or stand for something else now, each sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Not there before.
    pub added: Vec<String>,
    /// Not there any more.
    pub removed: Vec<String>,
    /// There before and now, but not the same.
    pub changed: Vec<String>,
}

impl Changes {
    /// Whether all is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What came of [`RotateKey`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Whether the key in service is another one than before.
    ///
    /// It is the same if the source was not exchanged; under systemd, credentials are read once
    /// at start, so that a new key needs a restart.
    pub changed: bool,
    /// Everything that the reading changed.
    pub outcome: ReloadOutcome,
}

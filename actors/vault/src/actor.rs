//! The actor that replaces the published vault, and the handle to both.

use std::sync::Arc;

use arc_swap::Guard;
use runtime::{ChildSpec, Clock, Handle, Published, Role, Tree};

use crate::changes;
use crate::config::VaultConfig;
use crate::error::VaultError;
use crate::messages::ReloadOutcome;
use crate::sealed::Sealed;
use crate::state::VaultState;

/// Owns the right to say which vault is in service. The vault itself is published.
///
/// A rebuilt one takes over what is published, so that a panic here loses no secret and needs no
/// file.
#[derive(Debug)]
pub struct SecretVault {
    pub(crate) config: VaultConfig,
    pub(crate) sealed: Published<Sealed>,
    pub(crate) reloads: u64,
    pub(crate) reloads_failed: u64,
    pub(crate) last_error: Option<String>,
}

impl SecretVault {
    /// Takes over what is published.
    #[must_use]
    pub fn new(config: VaultConfig, sealed: Published<Sealed>) -> Self {
        Self {
            config,
            sealed,
            reloads: 0,
            reloads_failed: 0,
            last_error: None,
        }
    }

    /// Reads the sources, lets `accept` look at the result, and puts it into service.
    pub(crate) fn reload(
        &mut self,
        clock: &Clock,
        accept: impl FnOnce(&Sealed) -> Result<(), VaultError>,
    ) -> Result<ReloadOutcome, VaultError> {
        let loaded = Sealed::load(&self.config, clock)
            .and_then(|(sealed, warnings)| accept(&sealed).map(|()| (sealed, warnings)));
        match loaded {
            Ok((sealed, warnings)) => {
                let old = self.sealed.load_full();
                let outcome = ReloadOutcome {
                    facts: sealed.facts(),
                    warnings,
                    provider_keys: changes::of_provider_keys(&old, &sealed),
                    identities: changes::of_identities(&old, &sealed),
                };
                self.adopt(Arc::new(sealed));
                Ok(outcome)
            }
            Err(error) => {
                self.reloads_failed += 1;
                self.last_error = Some(error.to_string());
                Err(error)
            }
        }
    }

    /// Puts a vault into service.
    pub(crate) fn adopt(&mut self, sealed: Arc<Sealed>) {
        self.sealed.publish_arc(sealed);
        self.reloads += 1;
        self.last_error = None;
    }
}

impl Role for SecretVault {
    type State = VaultState;

    fn observe(&self) -> VaultState {
        VaultState {
            vault: self.sealed.load().facts(),
            reloads: self.reloads,
            reloads_failed: self.reloads_failed,
            last_error: self.last_error.clone(),
        }
    }
}

/// The way to the vault: its snapshot for requests, its actor for everything that changes it.
#[derive(Debug, Clone)]
pub struct VaultHandle {
    handle: Handle<SecretVault>,
    sealed: Published<Sealed>,
}

impl VaultHandle {
    /// Declares the actor in the tree, with `first` in service from the start.
    ///
    /// The vault is loaded before, since a start without secrets is refused before anything runs.
    pub fn declare(tree: &mut Tree, spec: ChildSpec, config: VaultConfig, first: Sealed) -> Self {
        let sealed = Published::new(first);
        let published = sealed.clone();
        let handle = tree.declare(spec, move |_birth| {
            Ok(SecretVault::new(config.clone(), published.clone()))
        });
        Self { handle, sealed }
    }

    /// A handle without an actor behind it, for tests of what only reads the snapshot.
    #[must_use]
    pub fn detached(sealed: Sealed) -> Self {
        Self {
            handle: Handle::detached("vault"),
            sealed: Published::new(sealed),
        }
    }

    /// The vault in service, for a short look. Not to be held across an await: what holds it
    /// keeps an old vault from being wiped.
    #[must_use]
    pub fn sealed(&self) -> Guard<Arc<Sealed>> {
        self.sealed.load()
    }

    /// The actor.
    #[must_use]
    pub fn handle(&self) -> &Handle<SecretVault> {
        &self.handle
    }
}

//! For whom a text is redacted.

use std::sync::Arc;

use crate::treat::placeholder::{Owner, PlaceholderStore};

/// Who asks, and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who<'w> {
    /// The id of the client key. Stand-ins are its own.
    pub key_id: &'w str,
    /// The agent that is asked; `None` for a model that is asked by its own name.
    pub agent: Option<&'w str>,
}

/// The same, to keep, with the store that its stand-ins are in.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) owner: Owner,
    pub(crate) agent: Option<Arc<str>>,
    pub(crate) store: Arc<PlaceholderStore>,
}

impl Party {
    pub(crate) fn of(who: Who<'_>, store: &Arc<PlaceholderStore>) -> Self {
        Self {
            owner: Owner::of_key(who.key_id),
            agent: who.agent.map(Arc::from),
            store: Arc::clone(store),
        }
    }
}

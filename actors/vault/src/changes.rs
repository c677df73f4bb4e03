//! What differs between two vaults, by name and never by value.

use std::collections::BTreeSet;

use subtle::ConstantTimeEq;

use crate::messages::Changes;
use crate::sealed::Sealed;

/// How the provider keys differ.
pub(crate) fn of_provider_keys(old: &Sealed, new: &Sealed) -> Changes {
    let (before, after) = (old.facts().providers, new.facts().providers);
    between(&before, &after, |provider| same_key(old, new, provider))
}

/// How the clients' entries differ, tokens apart.
pub(crate) fn of_identities(old: &Sealed, new: &Sealed) -> Changes {
    let ids = |sealed: &Sealed| -> Vec<String> {
        sealed
            .identities()
            .iter()
            .map(|identity| identity.id.clone())
            .collect()
    };
    let entry = |sealed: &Sealed, id: &str| {
        sealed
            .identities()
            .iter()
            .find(|identity| identity.id == id)
            .cloned()
    };
    let same = |id: &str| entry(old, id) == entry(new, id);
    between(&ids(old), &ids(new), same)
}

/// Whether both have the same key for this provider.
pub(crate) fn same_key(old: &Sealed, new: &Sealed, provider: &str) -> bool {
    match (old.lease(provider), new.lease(provider)) {
        (Some(old), Some(new)) => old.expose().ct_eq(new.expose()).into(),
        (old, new) => old.is_none() && new.is_none(),
    }
}

fn between(before: &[String], after: &[String], same: impl Fn(&str) -> bool) -> Changes {
    let before: BTreeSet<&String> = before.iter().collect();
    let after: BTreeSet<&String> = after.iter().collect();
    let cloned = |name: &&String| (*name).clone();
    Changes {
        added: after.difference(&before).map(cloned).collect(),
        removed: before.difference(&after).map(cloned).collect(),
        changed: before
            .intersection(&after)
            .filter(|name| !same(name))
            .map(cloned)
            .collect(),
    }
}

//! The supervision tree, written in one place: who is started, in which order, and what happens
//! when one of them fails.
//!
//! Started in this order and stopped in reverse. If the vault is rebuilt, all after it are
//! rebuilt too, since what they know follows from it; the others are rebuilt alone. A provider
//! that keeps failing stays down with its circuit as it was; every other child that keeps failing
//! ends the program with exit code 70, and systemd starts it anew.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth::{AuthHandle, FailureConfig, LimitTable};
use notifier::Notifier;
use provider::{KeySource, ProviderHandle, ProviderParts, ProviderSpec};
use rbac::{Policy, RbacHandle};
use redactor::{RedactorHandle, RuleSet};
use router::{Router, RouterHandle, RouterParts, RoutingTable, WindowRules};
use runtime::{ChildSpec, Clock, Handle, PastIntensity, Siblings, Tree};
use vault::{Sealed, VaultConfig, VaultHandle};

use crate::world::UpstreamTls;

/// Restarts that an actor may need within [`PERIOD`] before its parent gives up.
const INTENSITY: u32 = 10;

/// The period that restarts are counted over.
const PERIOD: Duration = Duration::from_secs(10);

/// What the first children are born with; later changes reach them as messages.
pub struct Seeds {
    /// Where the vault reads secrets again.
    pub vault: VaultConfig,
    /// The secrets that were read at start.
    pub sealed: Sealed,
    /// When failed logins lead to a block.
    pub failures: FailureConfig,
    /// Limits of keys.
    pub limits: LimitTable,
    /// Rights of keys.
    pub policy: Policy,
    /// What to take out of prompts.
    pub rules: RuleSet,
    /// Providers to serve.
    pub specs: Vec<ProviderSpec>,
    /// TLS towards them.
    pub tls: UpstreamTls,
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeds")
            .field("providers", &self.specs.len())
            .finish_non_exhaustive()
    }
}

/// Handles of all actors.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The link to systemd.
    pub notifier: Handle<Notifier>,
    /// Secrets.
    pub vault: VaultHandle,
    /// Failed logins and limits.
    pub auth: AuthHandle,
    /// Rights.
    pub rbac: RbacHandle,
    /// Secrets out of prompts.
    pub redactor: RedactorHandle,
    /// Routes and latencies.
    pub router: RouterHandle,
    /// Providers by name, as of the start.
    pub providers: HashMap<String, ProviderHandle>,
}

/// Declares all actors in start order.
#[must_use]
pub fn declare(tree: &mut Tree, clock: &Clock, seeds: Seeds) -> Staff {
    let notifier = tree.declare(child("notifier"), |_| Ok(Notifier::from_env()));
    let vault = child("vault").siblings(Siblings::RebuildLater);
    let vault = VaultHandle::declare(tree, vault, seeds.vault, seeds.sealed);
    let auth = AuthHandle::declare(
        tree,
        child("auth"),
        clock.clone(),
        seeds.failures,
        Arc::new(seeds.limits),
    );
    let rbac = RbacHandle::declare(tree, child("rbac"), Arc::new(seeds.policy));
    let redactor = RedactorHandle::declare(tree, child("redactor"), clock.clone(), seeds.rules);
    let keys: Arc<dyn KeySource> = Arc::new(vault.clone());
    let declare_provider = |spec: ProviderSpec| {
        let parts = provider_parts(spec, &keys, &seeds.tls);
        let provider = ProviderHandle::declare(tree, provider_child(&parts.spec().name), parts);
        (provider.name().to_owned(), provider)
    };
    let providers = seeds.specs.into_iter().map(declare_provider).collect();
    let parts = RouterParts::new(RoutingTable::default(), WindowRules::default());
    let for_children = parts.clone();
    let router = tree.declare(child("router"), move |_| {
        Ok(Router::new(for_children.clone()))
    });
    let router = RouterHandle::new(&parts, router);
    Staff {
        notifier,
        vault,
        auth,
        rbac,
        redactor,
        router,
        providers,
    }
}

/// What a provider's actor is made of.
#[must_use]
pub fn provider_parts(
    spec: ProviderSpec,
    keys: &Arc<dyn KeySource>,
    tls: &UpstreamTls,
) -> ProviderParts {
    let tls = tls.of(&spec.name);
    ProviderParts::new(Arc::new(spec), Arc::clone(keys), tls)
}

/// The child specification of a provider's actor. All providers share one thread: they wait for
/// the network and compute nothing.
#[must_use]
pub fn provider_child(provider: &str) -> ChildSpec {
    child(&provider_name(provider))
        .thread("providers")
        .past_intensity(PastIntensity::LeaveDown)
}

/// The name of a provider's actor.
#[must_use]
pub fn provider_name(provider: &str) -> String {
    format!("provider-{provider}")
}

fn child(name: &str) -> ChildSpec {
    ChildSpec::new(name)
        .intensity(INTENSITY, PERIOD)
        .shutdown(Duration::from_secs(2))
}

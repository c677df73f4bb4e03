//! What the unit tests of this crate build tables from.

use std::collections::HashMap;
use std::sync::Arc;

use provider::{AuthStyle, Gates, ProviderHandle, ProviderSpec};

use crate::route::Target;
use crate::spec::{AgentSpec, ModelSpec, TargetSpec};

/// A provider that needs a key; nobody ever calls it.
pub(crate) fn keyed_provider(name: &str) -> ProviderHandle {
    let mut spec = ProviderSpec::echo(name);
    spec.kind = provider::ProviderKind::Http;
    spec.auth = AuthStyle::Bearer;
    ProviderHandle::detached(Arc::new(spec), Gates::open())
}

/// Providers that need a key, but for the one called `echo`.
pub(crate) fn providers(names: &[&str]) -> HashMap<String, ProviderHandle> {
    let provider = |name: &&str| match *name {
        "echo" => ProviderHandle::detached(Arc::new(ProviderSpec::echo("echo")), Gates::open()),
        name => keyed_provider(name),
    };
    let named = |name: &&str| ((*name).to_owned(), provider(name));
    names.iter().map(named).collect()
}

pub(crate) fn target(provider: &str, model: &str) -> TargetSpec {
    TargetSpec {
        provider: provider.to_owned(),
        model: model.to_owned(),
        ..TargetSpec::default()
    }
}

pub(crate) fn agent(name: &str, targets: &[TargetSpec]) -> AgentSpec {
    AgentSpec {
        name: name.to_owned(),
        targets: targets.to_vec(),
        ..AgentSpec::default()
    }
}

pub(crate) fn model(provider: &str, model: &str) -> ModelSpec {
    ModelSpec {
        provider: provider.to_owned(),
        model: model.to_owned(),
        ..ModelSpec::default()
    }
}

/// One target per provider name, each with the model `m`.
pub(crate) fn targets(names: &[&str]) -> Vec<Target> {
    let target = |name: &&str| Target {
        provider: keyed_provider(name),
        provider_name: (*name).into(),
        model: "m".into(),
        max_context: None,
        max_output: None,
        effort: None,
        configured: true,
    };
    names.iter().map(target).collect()
}

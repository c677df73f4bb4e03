//! Who is asked for what is no chat: embeddings, images, audio, files and the rest.
//!
//! Owns the choice by model, in the order of a chat, and the choice by preference where no model
//! says it. Nothing is random: the same request of the same configuration goes to the same
//! provider. Sends nothing itself; its caller knows which calls may be repeated.

use std::sync::Arc;

use provider::{ProviderHandle, ProviderKind};
use rbac::{Permit, RoutePermit};
use runtime::Clock;

use crate::error::RouteError;
use crate::latency::{LatencyTable, ReplyShape};
use crate::order::order;
use crate::table::RoutingTable;

/// One provider that may be asked, and for which model.
#[derive(Clone, Debug)]
pub struct DirectTarget {
    /// The provider.
    pub provider: ProviderHandle,
    /// The model's name there.
    pub model: Arc<str>,
    /// Whether the configuration names provider and model together; if not, the model's name is
    /// the client's and must not become a metric label.
    pub configured: bool,
}

impl RoutingTable {
    /// The targets for the model that this permit is for, in order. Contexts are not looked at:
    /// they are those of chats.
    ///
    /// # Errors
    /// [`RouteError::ModelNotFound`], [`RouteError::NoProvider`].
    pub fn direct(
        &self,
        permit: &Permit,
        latency: &LatencyTable,
        clock: &Clock,
    ) -> Result<Vec<DirectTarget>, RouteError> {
        let route = self.resolve(permit.model())?;
        let rule = route.next_rule(0);
        let candidates = route.candidates(ReplyShape::Whole, latency, clock);
        let choices = order(&candidates, &rule).choices;
        let chosen = choices
            .iter()
            .filter_map(|choice| route.targets().get(choice.index));
        let targets: Vec<_> = chosen
            .filter(|target| speaks_http(&target.provider))
            .map(|target| DirectTarget {
                provider: target.provider.clone(),
                model: Arc::clone(&target.model),
                configured: target.configured,
            })
            .collect();
        if targets.is_empty() {
            return Err(RouteError::NoProvider {
                model: permit.model().to_owned(),
            });
        }
        Ok(targets)
    }

    /// The first of the preferred providers that can be called, for a request that names no model.
    ///
    /// If none of them can, the only one that can be called at all; between two nobody guesses.
    pub fn preferred(&self, _permit: &RoutePermit, preferred: &[&str]) -> Option<ProviderHandle> {
        self.first_of(preferred, |_| true)
    }

    /// The same for a model that nobody lists, among the providers that `allows` lets through.
    pub fn preferred_for(
        &self,
        permit: &Permit,
        preferred: &[&str],
        allows: impl Fn(&str) -> bool,
    ) -> Option<DirectTarget> {
        Some(DirectTarget {
            provider: self.first_of(preferred, allows)?,
            model: permit.model().into(),
            configured: false,
        })
    }

    /// The provider of this name, if it can be called for what is no chat.
    pub fn callable(&self, name: &str) -> Option<ProviderHandle> {
        let known = self.providers.get(name)?;
        let usable = known.callable && speaks_http(&known.handle);
        usable.then(|| known.handle.clone())
    }

    fn first_of(
        &self,
        preferred: &[&str],
        allows: impl Fn(&str) -> bool,
    ) -> Option<ProviderHandle> {
        let usable = |name: &str| self.callable(name).filter(|_| allows(name));
        preferred.iter().find_map(|name| usable(name)).or_else(|| {
            let mut all = self.providers.keys().filter_map(|name| usable(name));
            all.next().filter(|_| all.next().is_none())
        })
    }
}

fn speaks_http(provider: &ProviderHandle) -> bool {
    provider.spec().kind != ProviderKind::Echo
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::fixtures::{agent, keyed_provider, model, providers, target};
    use rbac::{Policy, RoleName, RouteClass, Subject};

    fn policy() -> Policy {
        Policy::new(vec![Subject {
            id: "ann".to_owned(),
            name: "ann".to_owned(),
            roles: vec![RoleName::User],
            allowed_agents: Vec::new(),
            allowed_endpoints: Vec::new(),
            enabled: true,
            expires_at: None,
        }])
        .unwrap()
    }

    fn route() -> RoutePermit {
        let entered = policy().enter("ann", "POST", "/v1/embeddings", RouteClass::Model, 0);
        entered.unwrap()
    }

    fn permit(name: &str) -> Permit {
        policy().use_model(route(), name).unwrap()
    }

    fn reached(table: &RoutingTable, name: &str) -> Vec<String> {
        let clock = Clock::system();
        let targets = table.direct(&permit(name), &LatencyTable::default(), &clock);
        let shown = |target: &DirectTarget| format!("{}:{}", target.provider.name(), target.model);
        targets.unwrap().iter().map(shown).collect()
    }

    #[test]
    fn models_are_resolved_as_for_chats() {
        let agents = [agent(
            "search",
            &[target("a", "small"), target("b", "large")],
        )];
        let models = [model("b", "m")];
        let table = RoutingTable::build(&agents, &providers(&["a", "b"]), &models).unwrap();
        assert_eq!(reached(&table, "search"), ["a:small", "b:large"]);
        assert_eq!(reached(&table, "m"), ["b:m"]);
        assert_eq!(reached(&table, "a/x"), ["a:x"]);
    }

    #[test]
    fn preference_goes_by_the_list_and_never_guesses() {
        let table = RoutingTable::build(&[], &providers(&["a", "b", "c"]), &[]).unwrap();
        let name = |preferred: &[&str]| {
            let found = table.preferred(&route(), preferred);
            found.map(|found| found.name().to_owned())
        };
        assert_eq!(name(&["x", "c", "a"]).as_deref(), Some("c"));
        assert_eq!(name(&["x"]), None);
        let one = RoutingTable::build(&[], &providers(&["a", "echo"]), &[]).unwrap();
        assert_eq!(one.preferred(&route(), &["x"]).unwrap().name(), "a");
        assert!(
            one.preferred(&route(), &["echo"])
                .is_none_or(|found| found.name() == "a")
        );
        let narrow = table.preferred_for(&permit("m"), &["a", "b"], |name| name == "b");
        assert_eq!(narrow.unwrap().provider.name(), "b");
    }

    #[test]
    fn a_provider_without_a_key_is_not_preferred() {
        let known = HashMap::from([("a".to_owned(), keyed_provider("a"))]);
        let table = RoutingTable::build_with_keys(&[], &known, &[], &|_| false).unwrap();
        assert!(table.preferred(&route(), &["a"]).is_none());
        assert!(table.callable("a").is_none());
    }

    #[test]
    fn the_echo_provider_has_chats_only() {
        let table = RoutingTable::build(&[], &providers(&["echo"]), &[]).unwrap();
        let clock = Clock::system();
        let refused = table.direct(&permit("m"), &LatencyTable::default(), &clock);
        assert_eq!(refused.unwrap_err().label(), "no_provider");
    }
}

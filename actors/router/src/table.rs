//! The routing table: from the name in a request to the targets that may serve it.
//!
//! Owns the resolution order. Immutable; published by the Router and read by every worker.
//! Never reads the configuration (`assemble` made it) and never calls anybody.
//!
//! # Resolution order
//!
//! 1. an agent of exactly this name;
//! 2. `provider/model`, where the part before the first slash is a provider's name; the rest goes
//!    to that provider unchanged, whether or not its model is listed;
//! 3. a model that providers list, those of the configuration first and then what providers say
//!    they have: all of them, each the fallback of the one before;
//! 4. the one provider that is configured without a list of models and can be called: it gets the
//!    name unchanged. If there are two, nobody guesses. The echo provider counts only while there
//!    is no other;
//! 5. otherwise the model is not found.
//!
//! Names are compared byte for byte, as the policy compares them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use provider::{ModelFacts, ProviderHandle};

use crate::error::{RouteError, RouteTableError, RouteWarning};
use crate::listing::{ListedModel, listed_directly};
use crate::route::{Route, Target};
use crate::spec::{AgentSpec, ModelSpec};

/// Who serves which name. The default one serves nothing.
#[derive(Debug, Default)]
pub struct RoutingTable {
    pub(crate) agents: HashMap<Arc<str>, Arc<Route>>,
    pub(crate) models: HashMap<Arc<str>, Arc<Route>>,
    pub(crate) providers: BTreeMap<Arc<str>, Known>,
    /// Step 4: the provider for names that nobody lists.
    pub(crate) only: Option<Arc<str>>,
    pub(crate) listing: Vec<ListedModel>,
    pub(crate) warnings: Vec<RouteWarning>,
}

/// One provider as the table knows it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) handle: ProviderHandle,
    pub(crate) callable: bool,
    /// The models that it lists, with the prompt tokens that fit where known.
    pub(crate) limits: HashMap<Arc<str>, Limits>,
    /// What else is known of them.
    pub(crate) facts: HashMap<Arc<str>, ModelFacts>,
}

impl RoutingTable {
    /// Builds the table, taking it that every provider has the key that it needs.
    ///
    /// # Errors
    /// [`RouteTableError`] naming agent and field.
    pub fn build(
        agents: &[AgentSpec],
        providers: &HashMap<String, ProviderHandle>,
        models: &[ModelSpec],
    ) -> Result<Self, RouteTableError> {
        Self::build_with_keys(agents, providers, models, &|_| true)
    }

    /// Builds the table without the providers that need a key and have none.
    ///
    /// Those are left out and named in [`RoutingTable::warnings`], since a configuration may well
    /// know more providers than this machine has keys for. To be built again when the vault was
    /// reloaded.
    ///
    /// # Errors
    /// [`RouteTableError`] naming agent and field; the same with and without keys, so that a
    /// configuration is not valid on one machine only.
    pub fn build_with_keys(
        agents: &[AgentSpec],
        providers: &HashMap<String, ProviderHandle>,
        models: &[ModelSpec],
        has_key: &dyn Fn(&str) -> bool,
    ) -> Result<Self, RouteTableError> {
        crate::assemble::table(agents, providers, models, has_key)
    }

    /// What the operator should know of this table.
    pub fn warnings(&self) -> &[RouteWarning] {
        &self.warnings
    }

    /// All names that can be asked for: agents first, then listed models, each by name.
    ///
    /// # Security
    /// Not filtered: the edge shows a caller only what the policy lets it see.
    pub fn models(&self) -> Vec<ListedModel> {
        self.listing.clone()
    }

    /// What is known of one name: an entry of [`RoutingTable::models`], or `provider/model` of a
    /// model that the provider lists. A name that is only passed on is not known.
    ///
    /// # Security
    /// As [`RoutingTable::models`].
    pub fn describe(&self, name: &str) -> Option<ListedModel> {
        let listed = self.listing.iter().find(|entry| entry.id == name);
        if let Some(listed) = listed {
            return Some(listed.clone());
        }
        let (known, model) = self.by_prefix(name)?;
        let limits = known.limits.get(model).filter(|_| known.callable)?;
        let facts = known.facts.get(model).copied().unwrap_or_default();
        Some(listed_directly(name, known.handle.name(), *limits, facts))
    }

    /// Whether a provider is known to have a model, so that the name is not only the client's word.
    pub fn lists(&self, provider: &str, model: &str) -> bool {
        let known = self.providers.get(provider);
        known.is_some_and(|known| known.limits.contains_key(model))
    }

    /// The provider of this name, for `/proxy` and for operators.
    pub fn provider(&self, name: &str) -> Option<&ProviderHandle> {
        Some(&self.providers.get(name)?.handle)
    }

    /// All providers by name, those without a key included.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderHandle> {
        self.providers.values().map(|known| &known.handle)
    }

    /// How many agents the table knows.
    pub fn agent_count(&self) -> usize {
        self.agents.len()
    }

    /// How many models are listed by name.
    pub fn model_count(&self) -> usize {
        self.models.len()
    }

    /// Whether an agent has this name; a metric may then carry it as a label.
    pub fn is_agent(&self, name: &str) -> bool {
        self.agents.contains_key(name)
    }

    /// Finds who serves `name`, by the resolution order of this module.
    pub(crate) fn resolve(&self, name: &str) -> Result<Arc<Route>, RouteError> {
        if let Some(route) = self.agents.get(name) {
            return served(route, name);
        }
        if let Some((known, model)) = self.by_prefix(name) {
            return known.direct(model, name);
        }
        if let Some(route) = self.models.get(name) {
            return served(route, name);
        }
        let only = self.only.as_ref().and_then(|only| self.providers.get(only));
        match only {
            Some(known) => known.direct(name, name),
            None => Err(RouteError::ModelNotFound {
                model: name.to_owned(),
            }),
        }
    }

    fn by_prefix<'n>(&self, name: &'n str) -> Option<(&Known, &'n str)> {
        let (provider, model) = name.split_once('/')?;
        let known = self.providers.get(provider)?;
        (!model.is_empty()).then_some((known, model))
    }
}

/// Tokens that fit, where known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) context: Option<u64>,
    pub(crate) output: Option<u64>,
}

impl Limits {
    fn or(self, other: Self) -> Self {
        Self {
            context: self.context.or(other.context),
            output: self.output.or(other.output),
        }
    }
}

impl Known {
    fn direct(&self, model: &str, asked: &str) -> Result<Arc<Route>, RouteError> {
        if !self.callable {
            return Err(no_provider(asked));
        }
        let target = self.target(model.into(), Limits::default());
        Ok(Arc::new(Route::direct(vec![target])))
    }

    /// A target at this provider; a limit of the agent's own goes before the listed one.
    pub(crate) fn target(&self, model: Arc<str>, own: Limits) -> Target {
        let listed = self.limits.get(&model).copied();
        let known = own.or(listed.unwrap_or_default());
        Target {
            provider: self.handle.clone(),
            provider_name: self.handle.name().into(),
            max_context: known.context,
            max_output: known.output,
            effort: None,
            configured: listed.is_some(),
            model,
        }
    }
}

fn served(route: &Arc<Route>, asked: &str) -> Result<Arc<Route>, RouteError> {
    if route.targets().is_empty() {
        return Err(no_provider(asked));
    }
    Ok(Arc::clone(route))
}

fn no_provider(asked: &str) -> RouteError {
    RouteError::NoProvider {
        model: asked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{agent, keyed_provider, model, providers, target};

    fn reached(table: &RoutingTable, name: &str) -> Vec<String> {
        let route = table.resolve(name).unwrap();
        let target = |target: &Target| format!("{}:{}", target.provider_name, target.model);
        route.targets().iter().map(target).collect()
    }

    fn table(agents: &[AgentSpec], names: &[&str], models: &[ModelSpec]) -> RoutingTable {
        RoutingTable::build(agents, &providers(names), models).unwrap()
    }

    #[test]
    fn an_agent_goes_before_a_provider_and_a_listed_model_of_the_same_name() {
        let agents = [
            agent("b/m", &[target("a", "big")]),
            agent("m", &[target("a", "big")]),
        ];
        let models = [model("b", "m")];
        let table = table(&agents, &["a", "b"], &models);
        assert_eq!(reached(&table, "b/m"), ["a:big"]);
        assert_eq!(reached(&table, "m"), ["a:big"]);
    }

    #[test]
    fn a_provider_prefix_sends_the_rest_unchanged() {
        let table = table(&[], &["openrouter", "x"], &[]);
        let name = "openrouter/meta-llama/llama-4:free";
        assert_eq!(
            reached(&table, name),
            ["openrouter:meta-llama/llama-4:free"]
        );
    }

    #[test]
    fn a_slash_without_a_provider_before_it_is_part_of_the_name() {
        let models = [model("a", "meta-llama/llama-4")];
        let table = table(&[], &["a", "b", "c"], &models);
        assert_eq!(
            reached(&table, "meta-llama/llama-4"),
            ["a:meta-llama/llama-4"]
        );
        assert!(table.resolve("a/").is_err());
        assert!(table.resolve("/a").is_err());
    }

    #[test]
    fn a_model_of_two_providers_has_both_as_targets_in_configured_order() {
        let models = [model("b", "m"), model("a", "m"), model("a", "other")];
        let table = table(&[], &["a", "b"], &models);
        assert_eq!(reached(&table, "m"), ["b:m", "a:m"]);
    }

    #[test]
    fn the_only_provider_without_a_list_gets_any_name() {
        let models = [model("a", "m")];
        let table = table(&[], &["a", "open"], &models);
        assert_eq!(reached(&table, "whatever"), ["open:whatever"]);
        assert_eq!(reached(&table, "m"), ["a:m"]);
    }

    #[test]
    fn between_two_providers_without_a_list_nobody_guesses() {
        let table = table(&[], &["a", "b"], &[]);
        let error = table.resolve("m").unwrap_err();
        assert_eq!(
            error,
            RouteError::ModelNotFound {
                model: "m".to_owned()
            }
        );
    }

    #[test]
    fn the_echo_provider_takes_any_name_only_while_it_is_alone() {
        let alone = RoutingTable::build(&[], &providers(&["echo"]), &[]).unwrap();
        assert_eq!(reached(&alone, "m"), ["echo:m"]);
        let two = table(&[], &["echo", "a"], &[]);
        assert_eq!(reached(&two, "m"), ["a:m"]);
    }

    #[test]
    fn names_are_compared_byte_for_byte() {
        let table = table(&[agent("coder", &[target("a", "m")])], &["a", "b"], &[]);
        assert!(table.resolve("Coder").is_err());
        assert!(table.resolve("coder ").is_err());
        assert!(table.resolve("A/m").is_err());
        assert!(table.is_agent("coder"));
        assert!(!table.is_agent("a/m"));
    }

    #[test]
    fn a_provider_without_a_key_is_known_but_not_called() {
        let known = HashMap::from([("a".to_owned(), keyed_provider("a"))]);
        let agents = [agent("coder", &[target("a", "m")])];
        let models = [model("a", "m")];
        let table = RoutingTable::build_with_keys(&agents, &known, &models, &|_| false).unwrap();
        for name in ["coder", "a/m", "a/x", "m"] {
            let error = table.resolve(name).unwrap_err();
            assert_eq!(error.label(), "no_provider", "{name}");
        }
        assert!(table.provider("a").is_some());
    }

    #[test]
    fn only_what_the_configuration_names_counts_as_configured() {
        let models = [model("a", "m")];
        let agents = [agent("coder", &[target("a", "special")])];
        let table = table(&agents, &["a", "b"], &models);
        let configured = |name: &str| table.resolve(name).unwrap().targets()[0].configured;
        assert!(configured("coder"));
        assert!(configured("m"));
        assert!(configured("a/m"));
        assert!(!configured("a/from-a-client"));
    }

    #[test]
    fn an_empty_table_serves_nothing() {
        assert!(RoutingTable::default().resolve("m").is_err());
        assert!(RoutingTable::default().models().is_empty());
    }
}

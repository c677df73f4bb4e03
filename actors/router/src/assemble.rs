//! How a routing table is put together and checked.
//!
//! Owns the checks of what the configuration says, and the listing.
//! Never reads a key: it asks whether there is one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use provider::{ProviderHandle, ProviderKind, ProviderSpec};

use crate::error::{RouteTableError, RouteWarning};
use crate::listing::listing;
use crate::route::{Route, Target};
use crate::spec::{AgentSpec, ModelSpec, TargetSpec};
use crate::table::{Known, Limits, RoutingTable};

/// Puts the table together; see [`RoutingTable::build_with_keys`].
pub(crate) fn table(
    agents: &[AgentSpec],
    handles: &HashMap<String, ProviderHandle>,
    models: &[ModelSpec],
    has_key: &dyn Fn(&str) -> bool,
) -> Result<RoutingTable, RouteTableError> {
    let mut providers = known_providers(handles, has_key);
    let callable = providers.values().filter(|known| known.callable);
    let callable: Vec<&ProviderSpec> = callable.map(|known| &**known.handle.spec()).collect();
    let only = only_open_provider(&callable, models).map(Arc::from);
    note_models(&mut providers, models)?;
    check_agents(agents, &providers)?;
    note_agent_targets(&mut providers, agents);

    let agent_routes = agents
        .iter()
        .map(|agent| {
            (
                Arc::from(agent.name.as_str()),
                agent_route(agent, &providers),
            )
        })
        .collect();
    let model_routes = model_routes(models, &providers);
    let mut table = RoutingTable {
        warnings: warnings(agents, &agent_routes, &providers),
        agents: agent_routes,
        models: model_routes,
        providers,
        only,
        listing: Vec::new(),
    };
    table.listing = listing(agents, models, &table);
    Ok(table)
}

fn known_providers(
    handles: &HashMap<String, ProviderHandle>,
    has_key: &dyn Fn(&str) -> bool,
) -> BTreeMap<Arc<str>, Known> {
    let known = |(name, handle): (&String, &ProviderHandle)| {
        let known = Known {
            handle: handle.clone(),
            callable: !handle.spec().auth.needs_key()
                || handle.spec().key_names().iter().any(|name| has_key(name)),
            limits: HashMap::new(),
            facts: HashMap::new(),
        };
        (Arc::from(name.as_str()), known)
    };
    handles.iter().map(known).collect()
}

/// The provider that names go to which nobody lists, step 4 of the resolution order, if there is
/// one. Naming a model in an agent does not make a list of the provider's models.
pub fn only_open_provider<'a>(
    callable: &[&'a ProviderSpec],
    models: &[ModelSpec],
) -> Option<&'a str> {
    let written = models.iter().filter(|model| !model.discovered);
    let listing: HashSet<&str> = written.map(|model| model.provider.as_str()).collect();
    let is_echo = |spec: &ProviderSpec| spec.kind == ProviderKind::Echo;
    let others = callable.iter().any(|spec| !is_echo(spec));
    let mut open = callable
        .iter()
        .filter(|spec| !listing.contains(spec.name.as_str()) && (!others || !is_echo(spec)));
    let spec = open.next()?;
    open.next().is_none().then_some(spec.name.as_str())
}

fn note_models(
    providers: &mut BTreeMap<Arc<str>, Known>,
    models: &[ModelSpec],
) -> Result<(), RouteTableError> {
    for model in models {
        let bad = |field| RouteTableError::BadModel {
            provider: model.provider.clone(),
            model: model.model.clone(),
            field,
        };
        let known = providers.get_mut(model.provider.as_str());
        let known = known.ok_or_else(|| bad("provider"))?;
        if model.model.is_empty() {
            return Err(bad("model"));
        }
        if model.max_context == Some(0) {
            return Err(bad("max_context"));
        }
        if model.max_output == Some(0) {
            return Err(bad("max_output"));
        }
        let name: Arc<str> = Arc::from(model.model.as_str());
        known.facts.entry(Arc::clone(&name)).or_insert(model.facts);
        let (context, output) = (model.max_context, model.max_output);
        known
            .limits
            .entry(name)
            .or_insert(Limits { context, output });
    }
    Ok(())
}

fn check_agents(
    agents: &[AgentSpec],
    providers: &BTreeMap<Arc<str>, Known>,
) -> Result<(), RouteTableError> {
    let mut names = HashSet::new();
    for (position, agent) in agents.iter().enumerate() {
        if agent.name.is_empty() {
            return Err(RouteTableError::UnnamedAgent { position });
        }
        let name = || agent.name.clone();
        if !names.insert(agent.name.as_str()) {
            return Err(RouteTableError::DuplicateAgent { agent: name() });
        }
        if agent.targets.is_empty() {
            return Err(RouteTableError::NoTargets { agent: name() });
        }
        for (index, target) in agent.targets.iter().enumerate() {
            check_target(agent, index, target, providers)?;
        }
    }
    Ok(())
}

fn check_target(
    agent: &AgentSpec,
    index: usize,
    target: &TargetSpec,
    providers: &BTreeMap<Arc<str>, Known>,
) -> Result<(), RouteTableError> {
    let agent = || agent.name.clone();
    let field = |name: &str| format!("models[{index}].{name}");
    if !providers.contains_key(target.provider.as_str()) {
        return Err(RouteTableError::UnknownProvider {
            agent: agent(),
            field: field("provider"),
            provider: target.provider.clone(),
        });
    }
    if target.model.is_empty() {
        let field = field("model");
        return Err(RouteTableError::UnnamedModel {
            agent: agent(),
            field,
        });
    }
    let limits = [
        ("max_context", target.max_context),
        ("max_output", target.max_output),
    ];
    match limits.iter().find(|(_, limit)| *limit == Some(0)) {
        Some((name, _)) => Err(RouteTableError::ZeroLimit {
            agent: agent(),
            field: field(name),
        }),
        None => Ok(()),
    }
}

/// A pair that an agent names is configured, also when a client asks for it by its own name.
fn note_agent_targets(providers: &mut BTreeMap<Arc<str>, Known>, agents: &[AgentSpec]) {
    for target in agents.iter().flat_map(|agent| &agent.targets) {
        if let Some(known) = providers.get_mut(target.provider.as_str()) {
            let name = Arc::from(target.model.as_str());
            known.limits.entry(name).or_default();
        }
    }
}

fn agent_route(agent: &AgentSpec, providers: &BTreeMap<Arc<str>, Known>) -> Arc<Route> {
    let targets = agent
        .targets
        .iter()
        .filter_map(|spec| {
            let found = target(providers, &spec.provider, &spec.model, limits_of(spec))?;
            Some(Target {
                effort: spec.effort,
                ..found
            })
        })
        .collect();
    let by_latency = agent.order_by_latency;
    Arc::new(Route::new(
        agent.strategy,
        by_latency,
        agent.max_retries,
        targets,
    ))
}

fn limits_of(spec: &TargetSpec) -> Limits {
    Limits {
        context: spec.max_context,
        output: spec.max_output,
    }
}

/// The target, if its provider may be called.
fn target(
    providers: &BTreeMap<Arc<str>, Known>,
    provider: &str,
    model: &str,
    limits: Limits,
) -> Option<Target> {
    let known = providers.get(provider).filter(|known| known.callable)?;
    Some(known.target(model.into(), limits))
}

fn model_routes(
    models: &[ModelSpec],
    providers: &BTreeMap<Arc<str>, Known>,
) -> HashMap<Arc<str>, Arc<Route>> {
    let mut targets: HashMap<Arc<str>, Vec<Target>> = HashMap::new();
    for model in models {
        let offered = targets.entry(model.model.as_str().into()).or_default();
        offered.extend(target(
            providers,
            &model.provider,
            &model.model,
            Limits::default(),
        ));
    }
    targets
        .into_iter()
        .map(|(name, targets)| (name, Arc::new(Route::direct(targets))))
        .collect()
}

fn warnings(
    agents: &[AgentSpec],
    routes: &HashMap<Arc<str>, Arc<Route>>,
    providers: &BTreeMap<Arc<str>, Known>,
) -> Vec<RouteWarning> {
    let targets = || agents.iter().flat_map(|agent| &agent.targets);
    let left_out = |name: &str| targets().filter(|target| target.provider == name).count();
    let without_key = providers
        .iter()
        .filter(|(_, known)| !known.callable)
        .map(|(name, _)| RouteWarning::ProviderWithoutKey {
            provider: name.to_string(),
            targets: left_out(name),
        });
    let is_empty = |agent: &&AgentSpec| {
        routes
            .get(agent.name.as_str())
            .is_some_and(|route| route.targets().is_empty())
    };
    let without_target =
        agents
            .iter()
            .filter(is_empty)
            .map(|agent| RouteWarning::AgentWithoutTarget {
                agent: agent.name.clone(),
            });
    without_key.chain(without_target).collect()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::fixtures::{agent, model, providers, target};

    fn refused(agents: &[AgentSpec], models: &[ModelSpec]) -> String {
        let known = providers(&["a", "b"]);
        let error = RoutingTable::build(agents, &known, models).unwrap_err();
        error.to_string()
    }

    #[test]
    fn errors_name_agent_and_field() {
        let good = target("a", "m");
        let unnamed = agent("", from_ref(&good));
        assert_eq!(refused(&[unnamed], &[]), "agent 0 has no name");

        let twice = [agent("x", from_ref(&good)), agent("x", from_ref(&good))];
        assert_eq!(refused(&twice, &[]), "agent `x` is defined twice");

        let empty = agent("x", &[]);
        assert_eq!(refused(&[empty], &[]), "agents.x.models: names no target");

        let nobody = agent("x", &[good.clone(), target("openia", "m")]);
        assert_eq!(
            refused(&[nobody], &[]),
            "agents.x.models[1].provider: provider `openia` is not configured"
        );

        let modelless = agent("x", &[target("a", "")]);
        assert_eq!(
            refused(&[modelless], &[]),
            "agents.x.models[0].model: no model is named"
        );

        let zero = TargetSpec {
            max_context: Some(0),
            ..good
        };
        assert_eq!(
            refused(&[agent("x", &[zero])], &[]),
            "agents.x.models[0].max_context: nothing fits into 0 tokens"
        );
    }

    #[test]
    fn listed_models_are_checked_too() {
        let text = refused(&[], &[model("openia", "m")]);
        assert_eq!(
            text,
            "model `m` of provider `openia`: `provider` is not usable"
        );
        let zero = ModelSpec {
            max_output: Some(0),
            ..model("a", "m")
        };
        assert!(refused(&[], &[zero]).contains("`max_output`"));
        assert!(refused(&[], &[model("a", "")]).contains("`model`"));
    }

    #[test]
    fn a_missing_key_is_a_warning_and_the_rest_is_served() {
        let agents = [
            agent("both", &[target("a", "m"), target("b", "m")]),
            agent("one", &[target("a", "m")]),
        ];
        let models = [model("a", "listed"), model("b", "listed")];
        let known = providers(&["a", "b"]);
        let table = table(&agents, &known, &models, &|name| name == "b").unwrap();

        let warnings: Vec<String> = table.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "provider `a` has no key, 2 targets are left out",
                "agent `one` has no target whose provider has a key",
            ]
        );
        assert_eq!(table.resolve("both").unwrap().targets().len(), 1);
        assert_eq!(table.resolve("one").unwrap_err().label(), "no_provider");
        let owners: Vec<_> = table
            .models()
            .into_iter()
            .map(|m| (m.id, m.owned_by))
            .collect();
        let pair = |id: &str, owner: &str| (id.to_owned(), owner.to_owned());
        assert_eq!(owners, [pair("both", "nenya"), pair("listed", "b")]);
    }

    #[test]
    fn a_provider_that_needs_no_key_is_served_without_one() {
        let known = providers(&["echo"]);
        let agents = [agent("x", &[target("echo", "m")])];
        let table = table(&agents, &known, &[], &|_| false).unwrap();
        assert!(table.warnings().is_empty());
        assert!(table.resolve("x").is_ok());
    }

    #[test]
    fn the_limit_of_the_target_goes_before_that_of_the_model() {
        let known = ModelSpec {
            max_context: Some(1000),
            ..model("a", "m")
        };
        let own = TargetSpec {
            max_context: Some(50),
            ..target("a", "m")
        };
        let agents = [
            agent("own", &[own]),
            agent("listed", &[target("a", "m")]),
            agent("unknown", &[target("b", "m")]),
        ];
        let table = RoutingTable::build(&agents, &providers(&["a", "b"]), &[known]).unwrap();
        let limit = |name: &str| table.resolve(name).unwrap().targets()[0].max_context;
        assert_eq!(limit("own"), Some(50));
        assert_eq!(limit("listed"), Some(1000));
        assert_eq!(limit("a/m"), Some(1000));
        assert_eq!(limit("unknown"), None);
    }
}

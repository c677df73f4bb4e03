//! What `GET /v1/models` shows.
//!
//! Owns the entry's shape, and which entries there are in which order.
//! Never decides who may see one: the edge asks the policy per entry.

use std::collections::HashSet;

use provider::{ModelFacts, Price};

use crate::spec::{AgentSpec, ModelSpec};
use crate::table::{Limits, RoutingTable};

/// The owner of agents in listings.
pub const AGENT_OWNER: &str = "nenya";

/// One entry of the listing; how it looks on the wire depends on the client's API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedModel {
    /// What a client sends as `model`.
    pub id: String,
    /// [`AGENT_OWNER`] for agents, else the provider.
    pub owned_by: String,
    /// What is known of it. Of an agent: the limits of its largest target, what all targets can
    /// do, and the mean of their prices.
    pub facts: ModelFacts,
    /// What it is for.
    pub description: Option<String>,
    /// How an agent's targets take turns.
    pub strategy: Option<&'static str>,
}

/// Agents first, then models, each by name; a name that stands twice is that of the one that
/// requests would reach. What cannot be served is not offered.
pub(crate) fn listing(
    agents: &[AgentSpec],
    models: &[ModelSpec],
    table: &RoutingTable,
) -> Vec<ListedModel> {
    let mut listed_agents: Vec<ListedModel> = agents
        .iter()
        .filter(|agent| table.resolve(&agent.name).is_ok())
        .map(|agent| listed_agent(agent, table))
        .collect();
    listed_agents.sort_by(|one, other| one.id.cmp(&other.id));

    let mut seen = HashSet::new();
    let mut listed_models: Vec<ListedModel> = models
        .iter()
        .filter(|model| is_reached_by_its_name(model, table))
        .filter(|model| seen.insert(model.model.as_str()))
        .map(listed_model)
        .collect();
    listed_models.sort_by(|one, other| one.id.cmp(&other.id));
    listed_agents.append(&mut listed_models);
    listed_agents
}

fn listed_agent(agent: &AgentSpec, table: &RoutingTable) -> ListedModel {
    let route = table.agents.get(agent.name.as_str());
    let contexts = route.iter().flat_map(|route| route.targets());
    let all = |of: fn(&ModelFacts) -> Option<bool>| {
        together(agent.targets.iter().map(|target| of(&target.facts)))
    };
    let price = |of: fn(&ModelFacts) -> Option<Price>| {
        mean(agent.targets.iter().map(|target| of(&target.facts)))
    };
    ListedModel {
        id: agent.name.clone(),
        owned_by: AGENT_OWNER.to_owned(),
        facts: ModelFacts {
            max_context: contexts.filter_map(|target| target.max_context).max(),
            max_output: agent.targets.iter().filter_map(|t| t.max_output).max(),
            vision: all(|facts| facts.vision),
            tools: all(|facts| facts.tools),
            reasoning: all(|facts| facts.reasoning),
            input_price: price(|facts| facts.input_price),
            output_price: price(|facts| facts.output_price),
        },
        description: shown(&agent.description),
        strategy: Some(agent.strategy.label()),
    }
}

/// What all targets can do; one that cannot decides, and one that is unknown leaves it open.
fn together(mut flags: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    flags
        .try_fold(Some(true), |all, flag| match flag {
            Some(false) => Err(Some(false)),
            Some(true) => Ok(all),
            None => Ok(None),
        })
        .unwrap_or_else(|cannot| cannot)
}

/// The mean, if all prices are known.
fn mean(prices: impl Iterator<Item = Option<Price>>) -> Option<Price> {
    let prices: Vec<Price> = prices.collect::<Option<_>>()?;
    let sum: u64 = prices.iter().map(|price| price.0).sum();
    let count = u64::try_from(prices.len()).ok()?;
    Some(Price(sum.checked_div(count)?))
}

/// Whether a request for the bare model name ends at this very provider.
fn is_reached_by_its_name(model: &ModelSpec, table: &RoutingTable) -> bool {
    !table.agents.contains_key(model.model.as_str())
        && table.resolve(&model.model).is_ok_and(|route| {
            let first = route.targets().first();
            first.is_some_and(|target| {
                *target.provider_name == *model.provider && *target.model == *model.model
            })
        })
}

fn listed_model(model: &ModelSpec) -> ListedModel {
    let limits = Limits {
        context: model.max_context,
        output: model.max_output,
    };
    ListedModel {
        description: shown(&model.description),
        ..listed_directly(&model.model, &model.provider, limits, model.facts)
    }
}

/// An entry for one model of one provider.
pub(crate) fn listed_directly(
    id: &str,
    provider: &str,
    limits: Limits,
    facts: ModelFacts,
) -> ListedModel {
    ListedModel {
        id: id.to_owned(),
        owned_by: provider.to_owned(),
        facts: ModelFacts {
            max_context: limits.context.or(facts.max_context),
            max_output: limits.output.or(facts.max_output),
            ..facts
        },
        description: None,
        strategy: None,
    }
}

/// Empty text is no text.
fn shown(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{agent, model, providers, target};
    use crate::spec::Strategy;

    #[test]
    fn an_agent_can_do_what_all_of_its_targets_can() {
        let (yes, no, unknown) = (Some(true), Some(false), None);
        assert_eq!(together([yes, yes].into_iter()), yes);
        assert_eq!(together([yes, unknown].into_iter()), unknown);
        assert_eq!(together([unknown, no].into_iter()), no);
        assert_eq!(
            mean([Some(Price(1)), Some(Price(3))].into_iter()),
            Some(Price(2))
        );
        assert_eq!(mean([Some(Price(1)), None].into_iter()), None);
    }

    #[test]
    fn a_model_that_was_found_is_listed_and_makes_no_list() {
        let found = ModelSpec {
            discovered: true,
            facts: ModelFacts {
                vision: Some(true),
                ..ModelFacts::default()
            },
            ..model("a", "found")
        };
        let table = RoutingTable::build(&[], &providers(&["a"]), &[found]).unwrap();
        assert_eq!(table.models()[0].id, "found");
        assert_eq!(table.models()[0].facts.vision, Some(true));
        assert!(table.resolve("never-heard-of").is_ok());
        assert!(table.lists("a", "found") && !table.lists("a", "other"));
        let described = table.describe("a/found").unwrap();
        assert_eq!(
            (described.id.as_str(), described.owned_by.as_str()),
            ("a/found", "a")
        );
        assert!(table.describe("a/other").is_none());
        assert!(table.describe("never-heard-of").is_none());
    }

    #[test]
    fn blank_descriptions_are_not_shown() {
        assert_eq!(shown("  \n"), None);
        assert_eq!(shown(" for code "), Some("for code".to_owned()));
    }

    #[test]
    fn the_listing_has_agents_first_and_everything_once_and_by_name() {
        let coder = AgentSpec {
            description: "writes code".to_owned(),
            strategy: Strategy::Fallback,
            ..agent("coder", &[target("a", "big"), target("b", "small")])
        };
        let agents = [coder, agent("assistant", &[target("b", "small")])];
        let big = ModelSpec {
            max_context: Some(128_000),
            max_output: Some(4096),
            ..model("a", "big")
        };
        let small = ModelSpec {
            max_context: Some(8000),
            ..model("b", "small")
        };
        let models = [small, big, model("b", "big"), model("a", "coder")];
        let table = RoutingTable::build(&agents, &providers(&["a", "b"]), &models).unwrap();

        let listed = table.models();
        let ids: Vec<&str> = listed.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["assistant", "coder", "big", "small"]);
        assert_eq!(listed[1].facts.max_context, Some(128_000));
        assert_eq!(listed[1].strategy, Some("fallback"));
        assert_eq!(listed[1].description.as_deref(), Some("writes code"));
        assert_eq!(listed[0].strategy, Some("round-robin"));
        assert_eq!(listed[2].owned_by, "a");
        assert_eq!(listed[2].facts.max_output, Some(4096));
    }

    #[test]
    fn the_listing_does_not_depend_on_the_order_of_the_configuration() {
        let agents = [
            agent("x", &[target("a", "m")]),
            agent("y", &[target("b", "m")]),
        ];
        let models = [model("a", "one"), model("b", "two"), model("a", "three")];
        let known = providers(&["a", "b"]);
        let listing = |agents: &[AgentSpec], models: &[ModelSpec]| {
            RoutingTable::build(agents, &known, models)
                .unwrap()
                .models()
        };
        let forwards = listing(&agents, &models);
        let mut agents = agents.to_vec();
        let mut models = models.to_vec();
        agents.reverse();
        models.reverse();
        assert_eq!(listing(&agents, &models), forwards);
    }
}

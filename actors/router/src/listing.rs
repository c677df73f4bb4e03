//! What `GET /v1/models` shows.
//!
//! Owns the entry's shape, and which entries there are in which order.
//! Never decides who may see one: the edge asks the policy per entry.

use std::collections::HashSet;

use serde::Serialize;

use crate::spec::{AgentSpec, ModelSpec};
use crate::table::RoutingTable;

/// The owner of agents in listings.
pub const AGENT_OWNER: &str = "nenya";

/// One entry of the listing.
///
/// Serialises to the fields of the API, unknown ones left out.
///
/// # Source
/// OpenAI API reference, "The model object", for `id`, `object` and `owned_by`; the other names
/// are those that existing users of this gateway read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "model")]
pub struct ListedModel {
    /// What a client sends as `model`.
    pub id: String,
    /// [`AGENT_OWNER`] for agents, else the provider.
    pub owned_by: String,
    /// The largest prompt that fits, in tokens; for agents that of the largest target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// The longest completion, in tokens; for agents that of the largest target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How an agent's targets take turns.
    #[serde(rename = "routing_strategy", skip_serializing_if = "Option::is_none")]
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
    ListedModel {
        id: agent.name.clone(),
        owned_by: AGENT_OWNER.to_owned(),
        context_window: contexts.filter_map(|target| target.max_context).max(),
        max_tokens: agent.targets.iter().filter_map(|t| t.max_output).max(),
        description: shown(&agent.description),
        strategy: Some(agent.strategy.label()),
    }
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
    ListedModel {
        id: model.model.clone(),
        owned_by: model.provider.clone(),
        context_window: model.max_context,
        max_tokens: model.max_output,
        description: shown(&model.description),
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
    fn an_entry_has_the_fields_of_the_api_and_no_empty_ones() {
        let entry = ListedModel {
            id: "coder".to_owned(),
            owned_by: AGENT_OWNER.to_owned(),
            context_window: Some(128_000),
            strategy: Some("fallback"),
            ..ListedModel::default()
        };
        assert_eq!(
            serde_json::to_string(&entry).unwrap(),
            r#"{"object":"model","id":"coder","owned_by":"nenya","context_window":128000,"routing_strategy":"fallback"}"#
        );
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
        assert_eq!(listed[1].context_window, Some(128_000));
        assert_eq!(listed[1].strategy, Some("fallback"));
        assert_eq!(listed[1].description.as_deref(), Some("writes code"));
        assert_eq!(listed[0].strategy, Some("round-robin"));
        assert_eq!(listed[2].owned_by, "a");
        assert_eq!(listed[2].max_tokens, Some(4096));
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

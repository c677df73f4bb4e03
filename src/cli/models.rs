//! `nenya models`: which models a configuration serves, and where each fact about them comes from.
//!
//! Reads configuration and secrets as a start would. If `discovery.enabled` is set it asks the
//! providers for their lists, as the gateway would, and nothing else is sent.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::rt::System;
use clap::{Args, ValueEnum};
use futures_util::future::join_all;
use provider::{Catalogue, Endpoint, FactLayers, ListingError, ModelFacts, ProviderSpec, Upstream};
use router::AgentSpec;
use serde_json::{Map, Value, json};

use super::{Place, complain, say};
use crate::catalogue::{Written, layers_of};
use crate::keys::WorldKeys;
use crate::settings::Settings;

/// What is shown.
#[derive(Debug, Args)]
pub(super) struct Models {
    #[command(flatten)]
    place: Place,
    /// Show all facts of one agent, model or provider/model, each with its source
    #[arg(long, value_name = "NAME")]
    explain: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Ask no provider, whatever the configuration says
    #[arg(long)]
    offline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One model of one provider, under the name that was asked for.
struct Shown {
    name: String,
    provider: String,
    model: String,
    layers: FactLayers,
}

type Lists = BTreeMap<String, Catalogue>;

pub(super) fn run(models: &Models) -> ExitCode {
    let settings = match Settings::load(&models.place) {
        Ok(settings) => settings,
        Err(error) => return complain(&error.to_string()),
    };
    let lists = match read_lists(settings, models.offline) {
        Ok(read) => read,
        Err(problem) => return complain(&problem),
    };
    let (written, filters, lists) = lists;
    let mut shown = all(&written, &lists);
    let allowed = |shown: &Shown| {
        let filter = filters.get(&shown.provider);
        filter.is_none_or(|filter| filter.allows(&shown.model))
    };
    shown.retain(allowed);
    if let Some(name) = &models.explain {
        let full = |shown: &Shown| format!("{}/{}", shown.provider, shown.model) == *name;
        let of_agent = |shown: &Shown| shown.name == *name;
        // The same order as requests: an agent's or model's own name first.
        if shown.iter().any(of_agent) {
            shown.retain(of_agent);
        } else {
            shown.retain(full);
        }
        if shown.is_empty() {
            return complain(&format!("no agent or listed model is named `{name}`"));
        }
    }
    match models.format {
        Format::Json => say(&in_json(&shown).to_string()),
        Format::Text if models.explain.is_some() => say(&explained(&shown)),
        Format::Text => say(&listed(&shown)),
    }
}

type Read = (Written, crate::world::ModelFilters, Lists);

fn read_lists(settings: Settings, offline: bool) -> Result<Read, String> {
    let Settings {
        config,
        sealed,
        blueprint,
        ..
    } = settings;
    let mut lists = Lists::new();
    if config.discovery.enabled && !offline {
        let asks = |spec: &ProviderSpec| {
            let mut names = spec.key_names().into_iter();
            let keyed = names.any(|name| sealed.has_key(&name));
            has_list(spec) && (keyed || !spec.auth.needs_key())
        };
        let asked: Vec<ProviderSpec> = blueprint.specs.into_iter().filter(asks).collect();
        let keys = Arc::new(WorldKeys::new(Arc::new(sealed)));
        let tls = blueprint.tls.clone();
        let ask = |spec: ProviderSpec| {
            let (keys, tls) = (Arc::clone(&keys), tls.of(&spec.name));
            async move {
                let name = spec.name.clone();
                let upstream = Upstream::new(Arc::new(spec), keys, tls, runtime::Aside::new(1));
                (name, upstream.list_models().await)
            }
        };
        let asked = asked.into_iter().map(ask);
        let answers = System::new().block_on(join_all(asked));
        for (name, answer) in answers {
            keep(&mut lists, name, answer);
        }
    }
    Ok((blueprint.written, blueprint.filters, lists))
}

fn has_list(spec: &ProviderSpec) -> bool {
    spec.kind != provider::ProviderKind::Echo && spec.locate(Endpoint::Models).is_ok()
}

/// A provider that does not answer is no failure of the command; its models are only unknown.
fn keep(lists: &mut Lists, name: String, answer: Result<Catalogue, ListingError>) {
    match answer {
        Ok(list) => {
            lists.insert(name, list);
        }
        Err(error) => {
            let cause = error.label();
            complain(&format!(
                "warning: the list of `{name}` could not be read: {cause}"
            ));
        }
    }
}

fn all(written: &Written, lists: &Lists) -> Vec<Shown> {
    let found = |provider: &str, model: &str| {
        let list = lists.get(provider);
        let facts = list.and_then(|list| list.models.get(model));
        facts.copied().unwrap_or_default()
    };
    let mut shown: Vec<Shown> = Vec::new();
    for agent in &written.agents {
        shown.extend(of_agent(agent, &found));
    }
    let mut direct: Vec<Shown> = Vec::new();
    let mut add = |provider: &str, model: &str, built_in: ModelFacts| {
        direct.push(Shown {
            name: model.to_owned(),
            provider: provider.to_owned(),
            model: model.to_owned(),
            layers: FactLayers {
                configured: ModelFacts::default(),
                discovered: found(provider, model),
                built_in,
            },
        });
    };
    for model in &written.models {
        add(&model.provider, &model.model, model.facts);
    }
    for (provider, list) in lists {
        let is_written = |name: &str| {
            let mut models = written.models.iter();
            models.any(|model| model.provider == *provider && model.model == name)
        };
        let names = list.models.keys().filter(|name| !is_written(name));
        for name in names {
            add(provider, name, written.built_in(provider, name));
        }
    }
    direct.sort_by(|one, other| (&one.name, &one.provider).cmp(&(&other.name, &other.provider)));
    shown.append(&mut direct);
    shown
}

fn of_agent<'a>(
    agent: &'a AgentSpec,
    found: &'a impl Fn(&str, &str) -> ModelFacts,
) -> impl Iterator<Item = Shown> + 'a {
    agent.targets.iter().map(|target| Shown {
        name: agent.name.clone(),
        provider: target.provider.clone(),
        model: target.model.clone(),
        layers: layers_of(target, found(&target.provider, &target.model)),
    })
}

/// All facts by their names, those of the configuration and of `GET /v1/models` alike.
fn facts_of(layers: &FactLayers) -> Vec<(&'static str, Option<(Value, &'static str)>)> {
    let number = |of: fn(&ModelFacts) -> Option<u64>| {
        layers
            .pick(of)
            .map(|(value, by)| (json!(value), by.label()))
    };
    let flag = |of: fn(&ModelFacts) -> Option<bool>| {
        layers
            .pick(of)
            .map(|(value, by)| (json!(value), by.label()))
    };
    let price = |of: fn(&ModelFacts) -> Option<provider::Price>| {
        let price = layers.pick(of);
        price.map(|(value, by)| (json!(value.dollars()), by.label()))
    };
    vec![
        ("max_context", number(|facts| facts.max_context)),
        ("max_output", number(|facts| facts.max_output)),
        ("supports_vision", flag(|facts| facts.vision)),
        ("supports_tool_calls", flag(|facts| facts.tools)),
        ("supports_reasoning", flag(|facts| facts.reasoning)),
        ("input_cost_per_1m", price(|facts| facts.input_price)),
        ("output_cost_per_1m", price(|facts| facts.output_price)),
    ]
}

fn in_json(shown: &[Shown]) -> Value {
    let models = shown.iter().map(|shown| {
        let facts = facts_of(&shown.layers).into_iter();
        let facts: Map<String, Value> = facts
            .filter_map(|(name, fact)| {
                let (value, source) = fact?;
                Some((name.to_owned(), json!({"value": value, "source": source})))
            })
            .collect();
        json!({"name": shown.name, "provider": shown.provider, "model": shown.model, "facts": facts})
    });
    json!({ "models": models.collect::<Vec<_>>() })
}

fn explained(shown: &[Shown]) -> String {
    let blocks = shown.iter().map(|shown| {
        let mut lines = vec![format!(
            "{}: {} at {}",
            shown.name, shown.model, shown.provider
        )];
        for (name, fact) in facts_of(&shown.layers) {
            let (value, source) = fact.map_or_else(
                || ("unknown".to_owned(), String::new()),
                |(value, source)| (value.to_string(), source.to_owned()),
            );
            lines.push(
                format!("  {name:<20} {value:<12} {source}")
                    .trim_end()
                    .to_owned(),
            );
        }
        lines.join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n")
}

fn listed(shown: &[Shown]) -> String {
    let lines = shown.iter().map(|shown| {
        let context = shown.layers.pick(|facts| facts.max_context);
        let context = context.map_or_else(
            || "context unknown".to_owned(),
            |(tokens, source)| format!("context {tokens} ({})", source.label()),
        );
        format!(
            "{}\t{}/{}\t{context}",
            shown.name, shown.provider, shown.model
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_said_to_be_unknown() {
        let shown = Shown {
            name: "coder".to_owned(),
            provider: "p".to_owned(),
            model: "m".to_owned(),
            layers: FactLayers {
                discovered: ModelFacts {
                    max_context: Some(9),
                    ..ModelFacts::default()
                },
                ..FactLayers::default()
            },
        };
        let text = explained(std::slice::from_ref(&shown));
        assert!(
            text.starts_with("coder: m at p\n  max_context          9            discovered\n"),
            "{text}"
        );
        assert!(text.contains("supports_vision      unknown\n"), "{text}");
        let json = in_json(&[shown]);
        assert_eq!(
            json["models"][0]["facts"].as_object().map(Map::len),
            Some(1)
        );
    }
}

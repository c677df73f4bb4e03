//! `nenya models`: which models a configuration serves, and where each fact about them comes from.
//!
//! Reads configuration and secrets as a start would. If `discovery.enabled` is set it asks the
//! providers for their lists, as the gateway would, and nothing else is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;

use actix_web::rt::System;
use clap::{Args, ValueEnum};
use futures_util::future::join_all;
use provider::{Catalogue, Endpoint, FactLayers, ListingError, ModelFacts, ProviderSpec, Upstream};
use serde_json::{Map, Value, json};
use vault::Sealed;

use super::{Place, complain, say, unknown_model};
use crate::catalogue::{Written, layers_of};
use crate::keys::WorldKeys;
use crate::settings::{Settings, lacks_key};
use crate::world::{ModelFilters, UpstreamTls};

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
    /// Whether it is left out, since its provider has no key.
    keyless: bool,
}

impl Shown {
    /// What is to be said behind it.
    fn remark(&self) -> String {
        if self.keyless {
            format!("left out: no key for `{}`", self.provider)
        } else {
            String::new()
        }
    }
}

type Lists = BTreeMap<String, Catalogue>;

/// What a start would know, and what the providers say.
struct Known {
    written: Written,
    filters: ModelFilters,
    lists: Lists,
    /// The providers that are served, and whether they lack the key that they need.
    served: BTreeMap<String, bool>,
    /// Who gets names that nobody lists.
    only: Option<String>,
}

pub(super) fn run(models: &Models) -> ExitCode {
    let settings = match Settings::load(&models.place) {
        Ok(settings) => settings,
        Err(error) => return complain(&error.to_string()),
    };
    let known = Known::of(settings, models.offline);
    let shown = match &models.explain {
        Some(name) => known.named(name),
        None => Ok(known.all()),
    };
    let shown = match shown {
        Ok(shown) => shown,
        Err(problem) => return complain(&problem),
    };
    match models.format {
        Format::Json => say(&in_json(&shown).to_string()),
        Format::Text if models.explain.is_some() => say(&explained(&shown)),
        Format::Text => say(&listed(&shown)),
    }
}

fn read_lists(specs: Vec<ProviderSpec>, sealed: Sealed, tls: &UpstreamTls) -> Lists {
    let keys = Arc::new(WorldKeys::new(Arc::new(sealed)));
    let ask = |spec: ProviderSpec| {
        let (keys, tls) = (Arc::clone(&keys), tls.of(&spec.name));
        async move {
            let name = spec.name.clone();
            let upstream = Upstream::new(Arc::new(spec), keys, tls, runtime::Aside::new(1));
            (name, upstream.list_models().await)
        }
    };
    let asked = specs.into_iter().map(ask);
    let mut lists = Lists::new();
    for (name, answer) in System::new().block_on(join_all(asked)) {
        keep(&mut lists, name, answer);
    }
    lists
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

impl Known {
    fn of(settings: Settings, offline: bool) -> Self {
        let Settings {
            config,
            resolved,
            sealed,
            blueprint,
            ..
        } = settings;
        let lacks = |spec: &ProviderSpec| lacks_key(&resolved, &sealed, &spec.name);
        let specs = &blueprint.specs;
        let served = specs.iter().map(|spec| (spec.name.clone(), lacks(spec)));
        let served = served.collect();
        let callable: Vec<&ProviderSpec> = specs.iter().filter(|spec| !lacks(spec)).collect();
        let only = router::only_open_provider(&callable, &blueprint.written.models);
        let only = only.map(str::to_owned);
        let asked = callable.into_iter().filter(|spec| has_list(spec));
        let asked: Vec<ProviderSpec> = asked.cloned().collect();
        let lists = if config.discovery.enabled && !offline {
            read_lists(asked, sealed, &blueprint.tls)
        } else {
            Lists::new()
        };
        Self {
            written: blueprint.written,
            filters: blueprint.filters,
            lists,
            served,
            only,
        }
    }

    /// What a request for this name would reach, found in the order of requests.
    fn named(&self, name: &str) -> Result<Vec<Shown>, String> {
        let agent: Vec<Shown> = named(self.of_agents(), name);
        if !agent.is_empty() {
            return Ok(agent);
        }
        if let Some((provider, model)) = name.split_once('/')
            && self.served.contains_key(provider)
            && !model.is_empty()
        {
            return self.passed_on(name, provider, model);
        }
        let listed = named(self.listed(), name);
        if !listed.is_empty() {
            return Ok(listed);
        }
        match &self.only {
            Some(provider) => self.passed_on(name, provider, name),
            None => Err(self.unknown(name)),
        }
    }

    fn passed_on(&self, name: &str, provider: &str, model: &str) -> Result<Vec<Shown>, String> {
        if self.allows(provider, model) {
            Ok(vec![self.direct(name, provider, model)])
        } else {
            Err(format!(
                "`providers.{provider}.allowed_models` does not allow `{model}`"
            ))
        }
    }

    fn unknown(&self, name: &str) -> String {
        let all = self.all();
        let listed: Vec<&str> = all.iter().map(|shown| shown.name.as_str()).collect();
        let served: Vec<&str> = self.served.keys().map(String::as_str).collect();
        unknown_model::said(name, &listed, &served)
    }

    /// Agents, then the models that are reached by their own names.
    fn all(&self) -> Vec<Shown> {
        let mut shown = self.of_agents();
        let taken: BTreeSet<String> = shown.iter().map(|agent| agent.name.clone()).collect();
        let listed = self.listed().into_iter();
        shown.extend(listed.filter(|model| !taken.contains(&model.name)));
        shown
    }

    fn of_agents(&self) -> Vec<Shown> {
        let agents = self.written.agents.iter();
        let targets = agents.flat_map(|agent| agent.targets.iter().map(move |it| (agent, it)));
        let allowed = targets.filter(|(_, target)| self.allows(&target.provider, &target.model));
        let shown = allowed.map(|(agent, target)| Shown {
            layers: layers_of(target, self.found(&target.provider, &target.model)),
            ..self.direct(&agent.name, &target.provider, &target.model)
        });
        shown.collect()
    }

    fn listed(&self) -> Vec<Shown> {
        let written = self.written.models.iter();
        let written = written.map(|model| (model.provider.as_str(), model.model.as_str()));
        let found = self.lists.iter().flat_map(|(provider, list)| {
            let names = list.models.keys();
            names.map(move |name| (provider.as_str(), name.as_str()))
        });
        // Each pair once, in the order of names.
        let both: BTreeSet<(&str, &str)> = written
            .chain(found)
            .filter(|(provider, model)| self.allows(provider, model))
            .map(|(provider, model)| (model, provider))
            .collect();
        let shown = both.into_iter();
        shown
            .map(|(model, provider)| self.direct(model, provider, model))
            .collect()
    }

    fn direct(&self, name: &str, provider: &str, model: &str) -> Shown {
        Shown {
            name: name.to_owned(),
            provider: provider.to_owned(),
            model: model.to_owned(),
            layers: FactLayers {
                configured: ModelFacts::default(),
                discovered: self.found(provider, model),
                built_in: self.written.built_in(provider, model),
            },
            keyless: self.served.get(provider).copied().unwrap_or_default(),
        }
    }

    fn found(&self, provider: &str, model: &str) -> ModelFacts {
        let list = self.lists.get(provider);
        let facts = list.and_then(|list| list.models.get(model));
        facts.copied().unwrap_or_default()
    }

    fn allows(&self, provider: &str, model: &str) -> bool {
        let filter = self.filters.get(provider);
        filter.is_none_or(|filter| filter.allows(model))
    }
}

fn named(mut shown: Vec<Shown>, name: &str) -> Vec<Shown> {
    shown.retain(|shown| shown.name == name);
    shown
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
        let Shown { name, provider, model, keyless, .. } = shown;
        json!({"name": name, "provider": provider, "model": model, "left_out": keyless, "facts": facts})
    });
    json!({ "models": models.collect::<Vec<_>>() })
}

fn explained(shown: &[Shown]) -> String {
    let blocks = shown.iter().map(|shown| {
        let Shown {
            name,
            provider,
            model,
            ..
        } = shown;
        let mut lines = vec![format!("{name}: {model} at {provider}")];
        if shown.keyless {
            lines.push(format!("  {}", shown.remark()));
        }
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
        let (name, remark) = (&shown.name, shown.remark());
        let line = format!(
            "{name}\t{}/{}\t{context}\t{remark}",
            shown.provider, shown.model
        );
        line.trim_end().to_owned()
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
            keyless: false,
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

//! Agents as they are used: for each entry of `models` the providers that it may be sent to.
//!
//! Owns [`Agent`], [`Target`] and the finding of a provider for a model that is named alone. Refuses
//! what leads nowhere: unknown providers, formats without an address, agents without models.

use std::collections::BTreeMap;

use provider::ModelFacts;
use wire::{ApiFormat, Effort};

use super::upstreams::{ProviderKind, Upstream};
use crate::config::Config;
use crate::config::agents::{AgentEntry, ModelEntry, ModelTarget, ReasoningEffort, Strategy};
use crate::config::error::{KeyPath, What};
use crate::config::providers::ProviderEntry;
use crate::config::shape::nearest;
use crate::config::speaking::{Api, apis};
use crate::config::stock::stock;
use crate::config::stock_facts::stock_facts;
use crate::config::stock_models::{stock_model, stock_model_names, stock_models_of};
use crate::config::url::ChatUrl;
use crate::config::validate::reachable;

/// An agent, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The order in which targets are tried.
    pub strategy: Strategy,
    /// How many further targets are tried after the first one failed; `None` for all.
    pub max_retries: Option<u32>,
    /// The targets in order; never empty, each with a provider of [`super::Resolved::upstreams`].
    pub targets: Vec<Target>,
}

/// A model of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The provider.
    pub provider: String,
    /// The model, as the provider calls it.
    pub model: String,
    /// The most tokens that the model takes, as far as it is written.
    pub max_context: Option<u64>,
    /// The most tokens that it answers with, as far as it is written.
    pub max_output: Option<u64>,
    /// How hard the model thinks where a request does not say so.
    pub effort: Option<Effort>,
    /// What is built in of the model.
    pub built_in: ModelFacts,
}

/// Finds the targets of agents among the providers.
pub(super) struct Finder<'c> {
    pub(super) config: &'c Config,
    pub(super) upstreams: &'c BTreeMap<String, Upstream>,
}

type Found = Result<Vec<Target>, (&'static str, What)>;

impl Finder<'_> {
    /// An agent with all its targets; what leads nowhere goes to `report`.
    pub(super) fn agent(
        &self,
        name: &str,
        entry: &AgentEntry,
        report: &mut dyn FnMut(KeyPath, What),
    ) -> Agent {
        let path = KeyPath::of("agents").key(name);
        if entry.models.is_empty() {
            let remedy = "list at least one in `models`";
            report(path.clone(), What::NoModels { remedy });
        }
        let mut targets: Vec<Target> = Vec::new();
        for (index, model) in entry.models.iter().enumerate() {
            let here = path.key("models").index(index);
            match self.targets(model) {
                Ok(found) => targets.extend(found),
                Err(("", what)) => report(here, what),
                Err((key, what)) => report(here.key(key), what),
            }
        }
        Agent {
            name: name.to_owned(),
            description: entry.description.clone().unwrap_or_default(),
            strategy: entry.strategy,
            max_retries: if entry.max_retries == 0 {
                None
            } else {
                Some(entry.max_retries)
            },
            targets,
        }
    }

    fn targets(&self, entry: &ModelEntry) -> Found {
        match entry {
            ModelEntry::Model(target) => self.targets_of(target),
            ModelEntry::Name(name) => self.targets_named(name).map_err(|what| ("", what)),
        }
    }

    /// A model by its name alone, or `provider/model`. Known names go first, since some hold a slash.
    fn targets_named(&self, name: &str) -> Result<Vec<Target>, What> {
        let found = self.providers_with(name)?;
        if !found.is_empty() {
            return Ok(found);
        }
        match name.split_once('/') {
            Some((provider, model))
                if !model.is_empty() && self.upstreams.contains_key(provider) =>
            {
                self.allowed(provider, model)?;
                Ok(vec![self.target(provider, model)])
            }
            _ => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> What {
        let misspelt = name.split_once('/').and_then(|(provider, _)| {
            let nearest = nearest(provider, self.upstreams.keys().map(String::as_str))?;
            let found = provider.to_owned();
            Some(What::MisspeltProvider { found, nearest })
        });
        misspelt.unwrap_or_else(|| self.unknown_model(name))
    }

    fn unknown_model(&self, name: &str) -> What {
        let listed = self
            .upstreams
            .values()
            .flat_map(|upstream| &upstream.models);
        let names = stock_model_names().chain(listed.map(String::as_str));
        What::UnknownModel {
            nearest: nearest(name, names),
        }
    }

    fn targets_of(&self, entry: &ModelTarget) -> Found {
        let provider = entry.provider.as_deref().filter(|name| !name.is_empty());
        let model = entry.model.as_deref().filter(|name| !name.is_empty());
        let searched = entry.provider_rgx.is_some() || entry.model_rgx.is_some();
        let found = match (provider, model) {
            (Some(provider), Some(model)) => {
                self.usable(provider).map_err(|what| ("provider", what))?;
                self.allowed(provider, model)
                    .map_err(|what| ("model", what))?;
                vec![self.target(provider, model)]
            }
            (None, Some(model)) => {
                let found = self.providers_with(model).map_err(|what| ("model", what))?;
                if found.is_empty() {
                    return Err(("model", self.unknown_model(model)));
                }
                found
            }
            (Some(provider), None) => self.all_of(provider).map_err(|what| ("provider", what))?,
            // Refused as a missing feature already.
            (None, None) if searched => Vec::new(),
            (None, None) => {
                return Err((
                    "",
                    What::NoModels {
                        remedy: "write `provider` and `model`",
                    },
                ));
            }
        };
        Ok(found
            .into_iter()
            .map(|target| limited(target, entry))
            .collect())
    }

    /// All that are known to have this model: the built-in knowledge first, then lists of the file.
    fn providers_with(&self, model: &str) -> Result<Vec<Target>, What> {
        let mut found = Vec::new();
        let mut refused = None;
        if let Some(known) = stock_model(model) {
            match self.usable(known.provider) {
                Ok(()) => found.push(self.target(known.provider, known.name)),
                Err(what) => refused = Some(what),
            }
        }
        for (name, upstream) in self.upstreams {
            if upstream.models.iter().any(|listed| listed == model) {
                found.push(self.target(name, model));
            }
        }
        found.dedup_by(|next, before| next.provider == before.provider);
        found.retain(|target| self.allowed(&target.provider, &target.model).is_ok());
        match refused {
            Some(what) if found.is_empty() => Err(what),
            _ => Ok(found),
        }
    }

    fn all_of(&self, provider: &str) -> Result<Vec<Target>, What> {
        self.usable(provider)?;
        let listed = self
            .upstreams
            .get(provider)
            .map(|upstream| upstream.models.as_slice())
            .unwrap_or_default();
        let mut found: Vec<Target> = listed
            .iter()
            .map(|model| self.target(provider, model))
            .collect();
        if found.is_empty() {
            found = stock_models_of(provider)
                .map(|known| self.target(provider, known.name))
                .collect();
        }
        found.retain(|target| self.allowed(provider, &target.model).is_ok());
        if found.is_empty() {
            return Err(What::NoModels {
                remedy: "write `model`, or list models in `providers.<name>.models`",
            });
        }
        Ok(found)
    }

    /// The formats that agents ask for, by provider and model.
    pub(super) fn formats(
        &self,
        report: &mut dyn FnMut(KeyPath, What),
    ) -> Vec<(String, String, ApiFormat)> {
        let mut found: BTreeMap<(String, String), (ApiFormat, KeyPath)> = BTreeMap::new();
        for (name, entry) in &self.config.agents {
            for (index, model) in entry.models.iter().enumerate() {
                let ModelEntry::Model(entry) = model else {
                    continue;
                };
                let Some(format) = entry.format.map(|format| format.get()) else {
                    continue;
                };
                // The address decides.
                if entry.url.is_some() {
                    continue;
                }
                let path = KeyPath::of("agents")
                    .key(name)
                    .key("models")
                    .index(index)
                    .key("format");
                for target in self.targets_of(entry).unwrap_or_default() {
                    if let Err(what) = self.spoken(&target.provider, format) {
                        report(path.clone(), what);
                    }
                    let key = (target.provider, target.model);
                    let (before, other) = found.entry(key).or_insert((format, path.clone()));
                    if *before != format {
                        let reason =
                            "one model of a provider has one format; write the same at both";
                        let other = other.clone();
                        report(path.clone(), What::Contradiction { other, reason });
                    }
                }
            }
        }
        found
            .into_iter()
            .map(|((provider, model), (format, _))| (provider, model, format))
            .collect()
    }

    /// The addresses of single models, by provider and model.
    pub(super) fn addresses(
        &self,
        report: &mut dyn FnMut(KeyPath, What),
    ) -> Vec<(String, String, Api)> {
        let mut found: BTreeMap<(String, String), (Api, KeyPath)> = BTreeMap::new();
        for (name, entry) in &self.config.agents {
            for (index, model) in entry.models.iter().enumerate() {
                let ModelEntry::Model(entry) = model else {
                    continue;
                };
                let Some(url) = &entry.url else { continue };
                let path = KeyPath::of("agents").key(name).key("models").index(index);
                let path = path.key("url");
                for target in self.targets_of(entry).unwrap_or_default() {
                    let Some(api) = self.alone_at(&target.provider, url, entry) else {
                        continue;
                    };
                    let written = self.config.providers.get(&target.provider);
                    let nothing = ProviderEntry::default();
                    reachable(path.clone(), url, written.unwrap_or(&nothing), report);
                    let key = (target.provider, target.model);
                    let (before, other) = found
                        .entry(key)
                        .or_insert_with(|| (api.clone(), path.clone()));
                    if *before != api {
                        let reason =
                            "one model of a provider has one address; write the same at both";
                        let other = other.clone();
                        report(path.clone(), What::Contradiction { other, reason });
                    }
                }
            }
        }
        found
            .into_iter()
            .map(|((provider, model), (api, _))| (provider, model, api))
            .collect()
    }

    fn alone_at(&self, provider: &str, url: &ChatUrl, entry: &ModelTarget) -> Option<Api> {
        let ProviderKind::Http(apis) = &self.upstreams.get(provider)?.kind else {
            return None;
        };
        Some(apis.alone_at(url, entry.format.map(|format| format.get())))
    }

    fn spoken(&self, provider: &str, format: ApiFormat) -> Result<(), What> {
        match self.upstreams.get(provider).map(|upstream| &upstream.kind) {
            Some(ProviderKind::Http(apis)) if apis.speaks(format) => Ok(()),
            _ => Err(What::Contradiction {
                other: KeyPath::of("providers").key(provider).key("format_urls"),
                reason: "no address of the provider belongs to this format; add one there",
            }),
        }
    }

    fn target(&self, provider: &str, model: &str) -> Target {
        Target {
            provider: provider.to_owned(),
            model: model.to_owned(),
            max_context: None,
            max_output: None,
            effort: None,
            built_in: self.built_in(provider, model),
        }
    }

    fn built_in(&self, provider: &str, model: &str) -> ModelFacts {
        let entry = self.config.providers.get(provider);
        stock_facts(entry.map_or(provider, |entry| entry.under(provider)), model)
    }

    fn allowed(&self, provider: &str, model: &str) -> Result<(), What> {
        match self.upstreams.get(provider) {
            Some(upstream) if !upstream.allowed_models.allows(model) => Err(What::Contradiction {
                other: KeyPath::of("providers").key(provider).key("allowed_models"),
                reason: "none of its patterns is found in this model; allow it there or remove it here",
            }),
            _ => Ok(()),
        }
    }

    fn usable(&self, provider: &str) -> Result<(), What> {
        if self.upstreams.contains_key(provider) {
            return Ok(());
        }
        let entry = self.config.providers.get(provider);
        if entry.is_none() && stock(provider).is_none() {
            return Err(What::UnknownProvider {
                nearest: nearest(provider, self.upstreams.keys().map(String::as_str)),
            });
        }
        match apis(provider, entry.unwrap_or(&ProviderEntry::default())) {
            Err((None, What::NoAddress { needs })) => Err(What::NoAddress { needs }),
            // Said at the provider itself.
            _ => Err(What::Rejected),
        }
    }
}

/// With the limits that the entry writes.
fn limited(target: Target, entry: &ModelTarget) -> Target {
    Target {
        max_context: entry.max_context,
        max_output: entry.max_output,
        effort: entry.reasoning_effort.map(ReasoningEffort::get),
        ..target
    }
}

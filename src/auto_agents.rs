//! Agents that are made from the models which are known: quick ones, large ones, those that see,
//! call tools, reason or program.
//!
//! Owns what makes a model one of a kind, and the order, which is that of the names, so that the
//! same models make the same agents. A model of which the needed fact is not known is of no kind.
//! An agent of the configuration goes before one of the same name made here. Pure; called whenever
//! the routing table is built.
//!
//! # Source
//! Names, kinds and limits are those of the system whose configuration files are read here, at its
//! commit 90e4a92; the families of models for programming are our own choice.

use provider::ModelFacts;
use router::{AgentSpec, ModelSpec, Strategy, TargetSpec};

use crate::config::{AutoAgent, Discovery};

/// Most targets of one agent.
const MOST_TARGETS: usize = 256;

/// Beginnings of the names of models that are made for programming, or are good at it.
const CODERS: &[&str] = &[
    "claude-fable",
    "claude-opus",
    "claude-sonnet",
    "codestral",
    "deepseek-coder",
    "deepseek-v",
    "devstral",
    "gemini-2.5-pro",
    "gemini-3",
    "glm-4.",
    "glm-5",
    "gpt-4.1",
    "gpt-5",
    "grok-build",
    "grok-code",
    "kimi-k2",
    "qwen3-coder",
];

/// Which kinds of agents are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted([bool; KINDS.len()]);

/// One kind of agent.
struct Kind {
    name: &'static str,
    description: &'static str,
    strategy: Strategy,
    fits: fn(&str, &ModelFacts) -> bool,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "auto_fast",
        description: "Small and quick models",
        strategy: Strategy::RoundRobin,
        fits: |_, facts| {
            let small = facts.max_context.is_some_and(|most| most <= 32_000);
            small && facts.max_output.is_some_and(|most| most <= 4096)
        },
    },
    Kind {
        name: "auto_reasoning",
        description: "Models that reason",
        strategy: Strategy::Fallback,
        fits: |_, facts| facts.reasoning == Some(true) && holds(facts, 128_000),
    },
    Kind {
        name: "auto_vision",
        description: "Models that see",
        strategy: Strategy::RoundRobin,
        fits: |_, facts| facts.vision == Some(true),
    },
    Kind {
        name: "auto_tools",
        description: "Models that call tools",
        strategy: Strategy::RoundRobin,
        fits: |_, facts| facts.tools == Some(true),
    },
    Kind {
        name: "auto_large",
        description: "Models with a large context",
        strategy: Strategy::Fallback,
        fits: |_, facts| holds(facts, 200_000),
    },
    Kind {
        name: "auto_balanced",
        description: "Models with a middling context",
        strategy: Strategy::RoundRobin,
        fits: |_, facts| holds(facts, 32_001) && !holds(facts, 128_000),
    },
    Kind {
        name: "auto_coding",
        description: "Models for programming",
        strategy: Strategy::Fallback,
        fits: |model, facts| facts.tools == Some(true) && is_coder(model),
    },
];

fn holds(facts: &ModelFacts, tokens: u64) -> bool {
    facts.max_context.is_some_and(|most| most >= tokens)
}

/// Some providers write the maker before the name.
fn is_coder(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let name = name.to_ascii_lowercase();
    CODERS.iter().any(|coder| name.starts_with(coder))
}

impl Wanted {
    /// What the configuration wants: all kinds, or those that it switches on if it names any.
    #[must_use]
    pub fn of(discovery: &Discovery) -> Self {
        if !discovery.enabled || discovery.auto_agents != Some(true) {
            return Self::default();
        }
        let Some(kinds) = &discovery.auto_agents_config else {
            return Self([true; KINDS.len()]);
        };
        let on = |kind: &Option<AutoAgent>| {
            let kind = kind.as_ref();
            kind.and_then(|kind| kind.enabled) == Some(true)
        };
        Self([
            on(&kinds.fast),
            on(&kinds.reasoning),
            on(&kinds.vision),
            on(&kinds.tools),
            on(&kinds.large),
            on(&kinds.balanced),
            on(&kinds.coding),
        ])
    }

    /// The agents that `models` make, but those whose names are taken; none without a model.
    #[must_use]
    pub fn agents(
        self,
        models: &[ModelSpec],
        written: &[AgentSpec],
        by_latency: bool,
    ) -> Vec<AgentSpec> {
        let wanted = KINDS.iter().zip(self.0).filter(|(_, wanted)| *wanted);
        let free = |kind: &Kind| written.iter().all(|agent| agent.name != kind.name);
        wanted
            .filter(|(kind, _)| free(kind))
            .map(|(kind, _)| kind.agent(models, by_latency))
            .filter(|agent| !agent.targets.is_empty())
            .collect()
    }
}

impl Kind {
    fn agent(&self, models: &[ModelSpec], order_by_latency: bool) -> AgentSpec {
        let fitting = models.iter().filter(|model| {
            let facts = ModelFacts {
                max_context: model.max_context.or(model.facts.max_context),
                max_output: model.max_output.or(model.facts.max_output),
                ..model.facts
            };
            (self.fits)(&model.model, &facts)
        });
        let mut targets: Vec<TargetSpec> = fitting.map(target).collect();
        targets.sort_unstable_by(|one, other| {
            (&one.provider, &one.model).cmp(&(&other.provider, &other.model))
        });
        targets.truncate(MOST_TARGETS);
        AgentSpec {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            strategy: self.strategy,
            order_by_latency,
            targets,
            max_retries: None,
        }
    }
}

fn target(model: &ModelSpec) -> TargetSpec {
    TargetSpec {
        provider: model.provider.clone(),
        model: model.model.clone(),
        max_context: model.max_context,
        max_output: model.max_output,
        effort: None,
        facts: model.facts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, context: u64, tools: bool) -> ModelSpec {
        ModelSpec {
            provider: "p".to_owned(),
            model: name.to_owned(),
            max_context: Some(context),
            max_output: Some(4096),
            facts: ModelFacts {
                tools: Some(tools),
                ..ModelFacts::default()
            },
            ..ModelSpec::default()
        }
    }

    fn wanted(json: &str) -> Wanted {
        Wanted::of(&serde_json::from_str(json).expect("a section"))
    }

    fn names(wanted: Wanted, models: &[ModelSpec], written: &[AgentSpec]) -> Vec<String> {
        let agents = wanted.agents(models, written, false);
        agents
            .iter()
            .map(|agent| {
                let targets: Vec<_> = agent.targets.iter().map(|it| it.model.as_str()).collect();
                format!("{}: {}", agent.name, targets.join(" "))
            })
            .collect()
    }

    #[test]
    fn models_make_agents_of_their_kinds_in_the_order_of_their_names() {
        let models = [
            model("maker/gpt-5", 400_000, true),
            model("codestral", 32_000, true),
            model("small", 8_000, false),
            model("mid", 64_000, false),
        ];
        let all = wanted(r#"{"enabled":true,"auto_agents":true}"#);
        assert_eq!(
            names(all, &models, &[]),
            [
                "auto_fast: codestral small",
                "auto_tools: codestral maker/gpt-5",
                "auto_large: maker/gpt-5",
                "auto_balanced: mid",
                "auto_coding: codestral maker/gpt-5",
            ]
        );
    }

    #[test]
    fn only_what_is_switched_on_is_made_and_nothing_takes_a_name_that_is_taken() {
        let models = [model("gpt-5", 400_000, true)];
        let some = wanted(
            r#"{"enabled":true,"auto_agents":true,"auto_agents_config":{"large":{"enabled":true},"tools":{"enabled":false}}}"#,
        );
        assert_eq!(names(some, &models, &[]), ["auto_large: gpt-5"]);
        let taken = AgentSpec {
            name: "auto_large".to_owned(),
            ..AgentSpec::default()
        };
        assert!(names(some, &models, &[taken]).is_empty());
        for off in ["{}", r#"{"auto_agents":true}"#, r#"{"enabled":true}"#] {
            assert_eq!(wanted(off), Wanted::default());
        }
    }
}

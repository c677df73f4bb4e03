//! A plan in words: where each target stands, and why.
//!
//! Owns the texts. Computed only when somebody asks; a request that nobody explains pays nothing.

use std::fmt;

use serde::Serialize;

use crate::order::{Candidate, Choice, Ordered, Rule, Why};
use crate::route::Target;

/// Why a request's targets stand in the order in which they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The name that the client asked for.
    pub model: String,
    /// The agent's strategy.
    pub strategy: &'static str,
    /// Which request of the agent it is, where turns matter.
    pub turn: usize,
    /// The estimate of the prompt, in tokens.
    pub estimated_tokens: u64,
    /// All targets: first those that will be tried, in order, then those left out.
    pub targets: Vec<ExplainedTarget>,
}

/// One target's place and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedTarget {
    /// The provider's configured name.
    pub provider: String,
    /// The model's name at that provider.
    pub model: String,
    /// Its place, counted from 1; `None` if it is left out.
    pub place: Option<usize>,
    /// Why it stands there.
    pub reason: String,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}):", self.model, self.strategy)?;
        for (index, target) in self.targets.iter().enumerate() {
            let separator = if index == 0 { " " } else { "; " };
            write!(f, "{separator}{target}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ExplainedTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{place}. ")?,
            None => f.write_str("not ")?,
        }
        write!(f, "{}/{}: {}", self.provider, self.model, self.reason)
    }
}

/// Puts an order into words.
pub(crate) fn explanation(
    model: &str,
    rule: &Rule,
    targets: &[Target],
    candidates: &[Candidate],
    ordered: &Ordered,
) -> Explanation {
    let chosen = ordered.choices.iter().enumerate();
    let chosen = chosen.filter_map(|(index, choice)| {
        let target = targets.get(choice.index)?;
        Some(explained(target, Some(index + 1), reason(choice, rule)))
    });
    let left_out = (0..targets.len()).filter_map(|index| {
        let reason = left_out_reason(index, candidates, ordered)?;
        Some(explained(targets.get(index)?, None, reason))
    });
    Explanation {
        model: model.to_owned(),
        strategy: rule.strategy.label(),
        turn: rule.turn,
        estimated_tokens: rule.needed,
        targets: chosen.chain(left_out).collect(),
    }
}

fn explained(target: &Target, place: Option<usize>, reason: String) -> ExplainedTarget {
    ExplainedTarget {
        provider: target.provider_name.to_string(),
        model: target.model.to_string(),
        place,
        reason,
    }
}

fn reason(choice: &Choice, rule: &Rule) -> String {
    match choice.why {
        Why::Configured => format!("{} order", rule.strategy.label()),
        Why::Measured(median) => format!("answers after {median:?} in the median"),
        Why::Unmeasured => "not measured lately".to_owned(),
        Why::Explored => "not measured lately, its turn to be".to_owned(),
        Why::Open(open_for) => format!("circuit open for {open_for:?}"),
    }
}

fn left_out_reason(index: usize, candidates: &[Candidate], ordered: &Ordered) -> Option<String> {
    if ordered.choices.iter().any(|choice| choice.index == index) {
        return None;
    }
    if ordered.too_small.contains(&index) {
        let most = candidates.get(index)?.max_context?;
        return Some(format!("takes only {most} tokens"));
    }
    Some("stands before".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fixtures::targets;
    use crate::order::order;
    use crate::spec::Strategy;

    #[test]
    fn an_explanation_names_every_target_once_with_its_reason() {
        let targets = targets(&["a", "b", "c", "d"]);
        let candidate = |index: usize| Candidate {
            first_of_its_name: index.min(2),
            ..Candidate::default()
        };
        let mut candidates: Vec<Candidate> = (0..4).map(candidate).collect();
        candidates[0].open_for = Some(Duration::from_secs(3));
        candidates[1].max_context = Some(10);
        let rule = Rule {
            strategy: Strategy::Fallback,
            by_latency: false,
            turn: 0,
            needed: 11,
        };
        let ordered = order(&candidates, &rule);
        let explained = explanation("coder", &rule, &targets, &candidates, &ordered);
        assert_eq!(
            explained.to_string(),
            "coder (fallback): 1. c/m: fallback order; 2. a/m: circuit open for 3s; \
             not b/m: takes only 10 tokens; not d/m: stands before"
        );
    }

    #[test]
    fn latency_is_given_as_the_reason_where_it_decided() {
        let targets = targets(&["a", "b"]);
        let candidates = [
            Candidate::default(),
            Candidate {
                median: Some(Duration::from_millis(80)),
                first_of_its_name: 1,
                ..Candidate::default()
            },
        ];
        let rule = Rule {
            strategy: Strategy::RoundRobin,
            by_latency: true,
            turn: 0,
            needed: 1,
        };
        let ordered = order(&candidates, &rule);
        let explained = explanation("coder", &rule, &targets, &candidates, &ordered);
        let reasons: Vec<&str> = explained
            .targets
            .iter()
            .map(|t| t.reason.as_str())
            .collect();
        assert_eq!(
            reasons,
            ["answers after 80ms in the median", "not measured lately"]
        );
    }
}

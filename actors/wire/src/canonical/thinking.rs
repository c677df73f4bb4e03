//! How a model of Anthropic's is told to think, whoever asked and by whatever word.
//!
//! # Source
//! Claude docs, extended and adaptive thinking (read 22 Nov 2026): a budget is at least 1024 and
//! below `max_tokens`; with a budget the turn that made the last calls must open with its thinking.

use super::effort::Effort;
use super::parts::PartKind;
use super::raw;
use super::request::{Request, Role, ThinkingMode};
use crate::format::ApiFormat;
use crate::formats::ThinkingForm;

/// What is said about thinking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing: the model's default.
    Unsaid,
    Off,
    /// The model decides; perhaps with an effort.
    Adaptive(Option<Effort>),
    /// At most so many tokens.
    Budget(u64),
    /// It was asked for and cannot be had: noted.
    Impossible,
}

impl Plan {
    /// Whether the model will think because of this.
    pub(crate) fn thinks(self) -> bool {
        matches!(self, Self::Adaptive(_) | Self::Budget(_))
    }
}

/// Least budget that the API takes.
const LEAST: u64 = 1024;

/// What to say to a model of this form whose whole output may have `limit` tokens. A thought is
/// kept if it came from `provider` in `format`.
pub(crate) fn plan(
    request: &Request<'_>,
    form: ThinkingForm,
    limit: u64,
    home: (ApiFormat, &str),
) -> Plan {
    let asked = &request.thinking;
    let budget = asked.budget.and_then(raw::count);
    let effort = asked.effort.or(budget.map(Effort::of_budget));
    if asked.mode == Some(ThinkingMode::Off) || effort == Some(Effort::None) {
        return Plan::Off;
    }
    match (form, asked.mode, effort) {
        (_, None, None) => Plan::Unsaid,
        (ThinkingForm::Effort, _, effort) => Plan::Adaptive(effort),
        (ThinkingForm::Budget, _, _) if calls_without_thinking(request, home) => Plan::Impossible,
        (ThinkingForm::Budget, _, effort) => {
            let wanted = budget.unwrap_or_else(|| effort.unwrap_or(Effort::Medium).budget());
            within(wanted, limit)
        }
    }
}

/// A quarter of the limit is left for the answer.
fn within(wanted: u64, limit: u64) -> Plan {
    let most = limit.saturating_sub(limit / 4);
    if most < LEAST {
        return Plan::Impossible;
    }
    Plan::Budget(wanted.clamp(LEAST, most))
}

/// Whether the last turn of the assistant made calls, and its thinking did not come back.
fn calls_without_thinking(request: &Request<'_>, home: (ApiFormat, &str)) -> bool {
    let last = request
        .turns
        .iter()
        .rev()
        .find(|turn| turn.role == Role::Assistant);
    let Some(last) = last else { return false };
    let thought = last.parts.iter().any(|part| match &part.kind {
        PartKind::Thinking(thought) => thought
            .seal
            .as_ref()
            .is_some_and(|seal| seal.for_upstream(home.0, home.1).is_some()),
        _ => false,
    });
    let calls = |part: &super::parts::Part<'_>| matches!(part.kind, PartKind::Call(_));
    !thought && last.parts.iter().any(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: (ApiFormat, &str) = (ApiFormat::Anthropic, "claude");

    fn asking(mode: Option<ThinkingMode>, effort: Option<Effort>) -> Request<'static> {
        let mut request = Request::new(ApiFormat::OpenAiChat);
        request.thinking.mode = mode;
        request.thinking.effort = effort;
        request
    }

    #[test]
    fn the_budget_stays_below_the_limit() {
        let high = asking(None, Some(Effort::High));
        let plan = |limit| plan(&high, ThinkingForm::Budget, limit, HOME);
        assert_eq!(plan(4096), Plan::Budget(3072));
        assert_eq!(plan(100_000), Plan::Budget(24_576));
        assert_eq!(plan(1200), Plan::Impossible);
    }

    #[test]
    fn off_and_unsaid_are_two_things() {
        let off = asking(None, Some(Effort::None));
        assert_eq!(plan(&off, ThinkingForm::Effort, 4096, HOME), Plan::Off);
        let unsaid = asking(None, None);
        assert_eq!(
            plan(&unsaid, ThinkingForm::Budget, 4096, HOME),
            Plan::Unsaid
        );
    }

    #[test]
    fn a_newer_model_is_told_an_effort() {
        let mut request = asking(Some(ThinkingMode::On), None);
        request.thinking.budget = raw::parse("9000");
        let told = plan(&request, ThinkingForm::Effort, 4096, HOME);
        assert_eq!(told, Plan::Adaptive(Some(Effort::Medium)));
    }
}

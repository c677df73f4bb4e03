//! Sending a plan: one target after another until one answers.
//!
//! Owns the loop and what it leaves behind: outcomes, a latency sample, the trail.
//! Never sleeps: a pause before a *different* provider helps nobody, and one before the same
//! provider is the client's to make, by the `Retry-After` that the error carries.
//! Never sends anything to the client and never tries a second target after an answer was handed
//! over, so one request cannot be answered twice.

use std::sync::Arc;
use std::time::Duration;

use provider::{Answer, CompleteChat, Outcome, Pass, ProviderError, ProviderHandle, Verdict};

use crate::error::RouteError;
use crate::fallback::{self, Next};
use crate::latency::LatencySample;
use crate::plan::Plan;
use crate::route::Target;
use crate::sink::{Happened, OutcomeSink, Upstreams};
use crate::trail::{Setback, SetbackCause, earliest_retry};

/// An answer, and who gave it.
#[derive(Debug)]
pub struct Routed {
    /// The provider's answer; of a stream the first chunk has arrived.
    pub answer: Answer,
    /// The provider's configured name.
    pub provider: Arc<str>,
    /// The model's name at that provider.
    pub model: Arc<str>,
    /// Whether the configuration names this provider and model together. If not, the model's name
    /// is the client's and must not become a metric label.
    pub configured: bool,
    /// How many targets were tried, this one included.
    pub attempts: u32,
    /// From the start of this attempt until the answer's first byte.
    pub first_byte: Duration,
    /// The targets before this one that gave no answer.
    pub trail: Vec<Setback>,
    /// To be told how the answer ended.
    pub pass: AnswerPass,
}

/// What is owed to the provider's breaker for an answer that was begun.
///
/// A whole reply owes nothing any more. Of a stream the end counts: it may still stall or be cut
/// off. Dropped without a word (the client left), it counts for neither side.
#[must_use = "the breaker learns from the end of the answer"]
#[derive(Debug)]
pub struct AnswerPass {
    provider: ProviderHandle,
    owed: Owed,
}

#[derive(Debug)]
enum Owed {
    Nothing,
    /// The end, good or bad.
    End(Pass),
    /// Only a bad end: the good beginning was told already.
    BadEnd(Arc<str>),
}

impl AnswerPass {
    /// The answer was read to its end.
    pub fn ended(self, outcomes: &dyn OutcomeSink) {
        if let Owed::End(pass) = self.owed {
            record(outcomes, &self.provider, pass.answered());
        }
    }

    /// The answer broke off with `error`.
    pub fn failed(self, error: &ProviderError, outcomes: &dyn OutcomeSink) {
        match self.owed {
            Owed::Nothing => {}
            Owed::End(pass) => record(outcomes, &self.provider, pass.failed(error)),
            Owed::BadEnd(model) => {
                let outcome = Outcome {
                    model: model.to_string(),
                    verdict: Verdict::of_error(error),
                    trial: None,
                };
                record(outcomes, &self.provider, outcome);
            }
        }
    }
}

/// A target that was called and gave no answer.
struct Failed {
    error: ProviderError,
    took: Duration,
    next: Next,
}

impl Plan<'_> {
    /// Sends the request to the targets in order, until one answers or refuses it for good.
    ///
    /// # Errors
    /// [`RouteError::Upstream`] if a target refused the request itself;
    /// [`RouteError::AllShut`] if none could be called; [`RouteError::Exhausted`] if all that
    /// were called failed.
    ///
    /// # Cancellation
    /// Safe to drop at any await: the upstream connection is closed at once, a half-open
    /// breaker's trial is given back, and nothing is counted against anybody.
    pub async fn send(
        self,
        upstreams: &dyn Upstreams,
        outcomes: &dyn OutcomeSink,
    ) -> Result<Routed, RouteError> {
        let mut trail = Vec::new();
        let mut attempts = 0_u32;
        for target in self.targets() {
            if !fallback::may_call_another(attempts, self.route.max_retries) {
                break;
            }
            let pass = match target.provider.enter(&target.model, self.ask.clock) {
                Ok(pass) => pass,
                Err(shut) => {
                    let retry_after = shut.retry_after;
                    trail.push(target.setback(SetbackCause::Shut { retry_after }));
                    continue;
                }
            };
            attempts += 1;
            match self.attempt(target, pass, upstreams, outcomes).await {
                Ok(answered) => return Ok(answered.routed(target, attempts, trail)),
                Err(failed) if failed.next == Next::End => {
                    return Err(RouteError::Upstream {
                        provider: Arc::clone(&target.provider_name),
                        model: Arc::clone(&target.model),
                        attempts,
                        error: Box::new(failed.error),
                    });
                }
                Err(Failed { error, took, .. }) => {
                    trail.push(target.setback(SetbackCause::Failed { error, took }));
                }
            }
        }
        Err(without_answer(trail, attempts))
    }

    async fn attempt(
        &self,
        target: &Target,
        pass: Pass,
        upstreams: &dyn Upstreams,
        outcomes: &dyn OutcomeSink,
    ) -> Result<Answered, Failed> {
        let began = self.ask.clock.now();
        let result = self.call(target, upstreams).await;
        let now = self.ask.clock.now();
        let took = now.saturating_duration_since(began);
        match result {
            Ok(answer) => {
                outcomes.record(Happened::Measured(LatencySample {
                    provider: Arc::clone(&target.provider_name),
                    model: Arc::clone(&target.model),
                    shape: self.shape,
                    first_byte: took,
                    at: now,
                }));
                let owed = owed_for(&answer, pass, target, outcomes);
                Ok(Answered {
                    answer,
                    owed,
                    first_byte: took,
                })
            }
            Err(error) => {
                let next = fallback::after(&error, target.provider.spec());
                record(outcomes, &target.provider, pass.failed(&error));
                Err(Failed { error, took, next })
            }
        }
    }

    async fn call(
        &self,
        target: &Target,
        upstreams: &dyn Upstreams,
    ) -> Result<Answer, ProviderError> {
        let upstream = upstreams
            .upstream(&target.provider_name)
            .ok_or(ProviderError::NotConfigured)?;
        upstream
            .complete_chat(CompleteChat {
                prompt: &self.ask.prompt,
                model: &target.model,
                request_id: &self.ask.request_id,
                trace: &self.ask.trace,
                api_headers: &self.ask.api_headers,
                max_output: target.max_output,
                effort: target.effort,
                strict: self.ask.strict,
                ties: &self.ask.ties,
            })
            .await
    }
}

/// A target that answered.
struct Answered {
    answer: Answer,
    owed: Owed,
    first_byte: Duration,
}

impl Answered {
    fn routed(self, target: &Target, attempts: u32, trail: Vec<Setback>) -> Routed {
        Routed {
            answer: self.answer,
            provider: Arc::clone(&target.provider_name),
            model: Arc::clone(&target.model),
            configured: target.configured,
            attempts,
            first_byte: self.first_byte,
            trail,
            pass: AnswerPass {
                provider: target.provider.clone(),
                owed: self.owed,
            },
        }
    }
}

impl Target {
    fn setback(&self, cause: SetbackCause) -> Setback {
        Setback {
            provider: Arc::clone(&self.provider_name),
            model: Arc::clone(&self.model),
            cause,
        }
    }
}

/// What is still owed once the answer has begun.
///
/// The trial of a half-open breaker is settled by the first chunk: it shows that the provider is
/// back, and nobody else may call it until the trial is over, which for a long stream would be
/// minutes.
fn owed_for(answer: &Answer, pass: Pass, target: &Target, outcomes: &dyn OutcomeSink) -> Owed {
    let streams = matches!(answer, Answer::Stream { .. });
    if streams && !pass.is_trial() {
        return Owed::End(pass);
    }
    record(outcomes, &target.provider, pass.answered());
    if streams {
        Owed::BadEnd(Arc::clone(&target.model))
    } else {
        Owed::Nothing
    }
}

/// Nothing is told of a call from which nothing was learnt.
fn record(outcomes: &dyn OutcomeSink, provider: &ProviderHandle, outcome: Outcome) {
    if outcome.verdict != Verdict::Abandoned {
        let provider = provider.clone();
        outcomes.record(Happened::Ended { provider, outcome });
    }
}

fn without_answer(trail: Vec<Setback>, attempts: u32) -> RouteError {
    let retry_after = earliest_retry(&trail);
    let last = trail.iter().rev().find_map(|setback| match &setback.cause {
        SetbackCause::Failed { error, .. } => Some(error.clone()),
        SetbackCause::Shut { .. } => None,
    });
    match last {
        Some(last) => RouteError::Exhausted {
            last: Box::new(last),
            attempts,
            retry_after,
            trail,
        },
        None => RouteError::AllShut {
            retry_after: retry_after.unwrap_or_default(),
        },
    }
}

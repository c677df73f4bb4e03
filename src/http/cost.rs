//! What a request costs: its tokens, settled with the limits, the log and the metrics once.
//!
//! Owns the rule for answers that the provider did not count to their end.

use auth::Admission;
use wire::Usage;

use super::exchange::Exchange;
use super::worker::Worker;

/// What is known of a chat's tokens when its answer has ended.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// What the provider said last.
    pub usage: Option<Usage>,
    /// Whether it said it at the end of a whole answer.
    pub complete: bool,
    /// Tokens of the answer, guessed from what came of it.
    pub estimate: u64,
}

impl Counted {
    /// The tokens of prompt and answer, and how many of each are guessed.
    ///
    /// Where an answer broke off, a provider may have told what it had counted when it began: what
    /// came later is guessed, so that a client that leaves early does not have it for nothing.
    fn tokens(self, prompt_estimate: u64) -> [(u64, u64); 2] {
        let (prompt, completion) = match self.usage {
            Some(usage) => (usage.prompt_tokens, usage.completion_tokens),
            None => (0, 0),
        };
        let missing = |told: u64, guess: u64| match self.usage {
            Some(_) if self.complete => 0,
            _ => guess.saturating_sub(told),
        };
        let unsaid = if prompt == 0 { prompt_estimate } else { 0 };
        let (of_prompt, of_answer) = (missing(0, unsaid), missing(completion, self.estimate));
        [
            (prompt.saturating_add(of_prompt), of_prompt),
            (completion.saturating_add(of_answer), of_answer),
        ]
    }
}

/// What a request took from its key's limits, settled once.
#[derive(Debug)]
pub struct Cost {
    admission: Admission,
    prompt_estimate: u64,
}

impl Cost {
    /// Holds the proof until the answer has ended, for the concurrency limit.
    #[must_use]
    pub const fn new(admission: Admission, prompt_estimate: u64) -> Self {
        Self {
            admission,
            prompt_estimate,
        }
    }

    /// Replaces the estimate by the provider's count. Where the provider gave none (the client
    /// did not ask for it, or left before), `reply_estimate` tokens are added to the prompt's.
    pub fn settle(
        &mut self,
        worker: &Worker,
        exchange: &Exchange,
        usage: Option<Usage>,
        reply_estimate: u64,
    ) {
        let Some(usage) = usage else {
            let estimate = self.prompt_estimate.saturating_add(reply_estimate);
            self.admission.settle(estimate);
            return;
        };
        self.admission.settle(usage.total_tokens);
        let exact = [(usage.prompt_tokens, 0), (usage.completion_tokens, 0)];
        note_tokens(worker, exchange, exact);
    }

    /// Replaces the estimate by what is known of a chat. What the provider did not count is
    /// guessed, and told as such in the log and in a metric of its own.
    pub fn settle_chat(&mut self, worker: &Worker, exchange: &Exchange, counted: Counted) {
        if self.prompt_estimate == 0 {
            // Only tokens were counted.
            return self.admission.settle(0);
        }
        let tokens = counted.tokens(self.prompt_estimate);
        let whole = counted.usage.filter(|_| counted.complete);
        let [(prompt, _), (completion, _)] = tokens;
        let total = whole.map_or(prompt.saturating_add(completion), |usage| {
            usage.total_tokens
        });
        self.admission.settle(total);
        note_tokens(worker, exchange, tokens);
    }
}

/// Counts tokens of prompt and answer, of which the second number each is guessed.
fn note_tokens(worker: &Worker, exchange: &Exchange, tokens: [(u64, u64); 2]) {
    let [(prompt, of_prompt), (completion, of_answer)] = tokens;
    exchange.tokens.set((prompt, completion));
    exchange.tokens_estimated.set(of_prompt + of_answer > 0);
    let (provider, agent) = (exchange.provider.borrow(), exchange.agent.borrow());
    let metrics = &worker.shared.metrics;
    for (direction, (all, guessed)) in ["input", "output"].into_iter().zip(tokens) {
        let labels = [direction, provider.as_str(), agent.as_str()];
        let counted = metrics.tokens.with_label_values(&labels);
        counted.inc_by(all.saturating_sub(guessed));
        if guessed > 0 {
            let guesses = metrics.tokens_estimated.with_label_values(&labels);
            guesses.inc_by(guessed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(usage: Option<(u64, u64)>, complete: bool, estimate: u64) -> [(u64, u64); 2] {
        let usage = usage.map(|(prompt_tokens, completion_tokens)| Usage {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            ..Usage::default()
        });
        let counted = Counted {
            usage,
            complete,
            estimate,
        };
        counted.tokens(10)
    }

    #[test]
    fn what_the_provider_counted_is_not_guessed() {
        assert_eq!(tokens(Some((7, 0)), true, 99), [(7, 0), (0, 0)]);
    }

    #[test]
    fn without_a_count_all_is_guessed() {
        assert_eq!(tokens(None, true, 5), [(10, 10), (5, 5)]);
        assert_eq!(tokens(None, false, 5), [(10, 10), (5, 5)]);
    }

    #[test]
    fn of_a_broken_answer_only_what_was_not_told_is_guessed() {
        assert_eq!(tokens(Some((7, 1)), false, 5), [(7, 0), (5, 4)]);
        assert_eq!(tokens(Some((7, 9)), false, 5), [(7, 0), (9, 0)]);
        assert_eq!(tokens(Some((0, 9)), false, 5), [(10, 10), (9, 0)]);
    }
}

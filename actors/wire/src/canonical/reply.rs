//! What a model answered, whole.

use super::parts::{Extras, Part};
use super::raw::Raw;
use super::text::Text;
use crate::format::ApiFormat;

/// A whole reply, in words of no format.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply<'a> {
    /// The format it was read from: only its writer knows the extras and what else is spelt raw.
    pub(crate) from: Option<ApiFormat>,
    pub(crate) id: Option<Text<'a>>,
    pub(crate) model: Option<Text<'a>>,
    /// Unix seconds.
    pub(crate) created: Option<u64>,
    pub(crate) choices: Vec<Choice<'a>>,
    pub(crate) usage: Option<Counts>,
    /// Tier that was used, as the format spells it.
    pub(crate) tier: Option<Text<'a>>,
    pub(crate) extras: Extras<'a>,
}

/// One candidate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice<'a> {
    pub(crate) index: u64,
    /// Thinking, text, refusals and calls, in order.
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) stop: Stop<'a>,
    pub(crate) logprobs: Vec<TokenLogprob<'a>>,
    pub(crate) extras: Extras<'a>,
}

/// Why a candidate ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop<'a> {
    pub(crate) reason: StopReason,
    /// The sequence that was met.
    pub(crate) sequence: Option<Text<'a>>,
    /// The provider's own words on a refusal or a filter.
    pub(crate) details: Option<Text<'a>>,
}

impl Stop<'_> {
    pub(crate) fn of(reason: StopReason) -> Self {
        Self {
            reason,
            sequence: None,
            details: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum StopReason {
    #[default]
    End,
    Sequence,
    OutputLimit,
    ContextFull,
    ToolCalls,
    Pause,
    Refusal,
    /// The prompt or the answer was blocked by a filter.
    Filtered,
    /// The model made a call or an answer that cannot be read.
    Malformed,
    /// The provider failed or timed out.
    Failed,
}

impl StopReason {
    /// Whether there is no answer to tell: the client gets an error instead of it.
    pub(crate) fn is_failure(self) -> bool {
        matches!(self, Self::Malformed | Self::Failed)
    }
}

/// Log probability of one token of the text.
#[derive(Debug, Clone)]
pub(crate) struct TokenLogprob<'a> {
    pub(crate) token: Text<'a>,
    /// As it was spelt.
    pub(crate) logprob: Raw<'a>,
    /// UTF-8 bytes as an array of numbers, where the format has them.
    pub(crate) bytes: Option<Raw<'a>>,
    pub(crate) top: Vec<Self>,
}

/// Tokens by kind. Counts do not overlap; an absent count is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Prompt tokens that were neither read from nor written to a cache.
    pub input_fresh: Option<u64>,
    /// Prompt tokens read from the provider's cache.
    pub cache_read: Option<u64>,
    /// Prompt tokens written to the cache for minutes.
    pub cache_write_short: Option<u64>,
    /// Prompt tokens written to the cache for an hour or more.
    pub cache_write_long: Option<u64>,
    /// Answer tokens that are not reasoning.
    pub output_text: Option<u64>,
    /// Answer tokens that are reasoning.
    pub output_reasoning: Option<u64>,
    /// Of all prompt tokens, those of audio.
    pub input_audio: Option<u64>,
    /// Of all prompt tokens, those of images.
    pub input_image: Option<u64>,
    /// Of all answer tokens, those of audio.
    pub output_audio: Option<u64>,
    /// Of all answer tokens, those of images.
    pub output_image: Option<u64>,
    /// Predicted tokens that were right.
    pub predicted_accepted: Option<u64>,
    /// Predicted tokens that were wrong.
    pub predicted_rejected: Option<u64>,
    /// Searches that the provider made.
    pub searches: Option<u64>,
    /// Billed input units, where they differ (Cohere).
    pub billed_input: Option<u64>,
    /// Billed output units, where they differ (Cohere).
    pub billed_output: Option<u64>,
}

impl Counts {
    /// All prompt tokens, if any count of them is known.
    pub fn input(&self) -> Option<u64> {
        sum([
            self.input_fresh,
            self.cache_read,
            self.cache_write_short,
            self.cache_write_long,
        ])
    }

    /// All answer tokens, if any count of them is known.
    pub fn output(&self) -> Option<u64> {
        sum([self.output_text, self.output_reasoning])
    }

    /// Prompt tokens written to any cache, if known.
    pub fn cache_write(&self) -> Option<u64> {
        sum([self.cache_write_short, self.cache_write_long])
    }

    /// Takes over every count that `later` knows: providers repeat counts as they grow.
    pub fn update(&mut self, later: &Self) {
        let pairs = [
            (&mut self.input_fresh, later.input_fresh),
            (&mut self.cache_read, later.cache_read),
            (&mut self.cache_write_short, later.cache_write_short),
            (&mut self.cache_write_long, later.cache_write_long),
            (&mut self.output_text, later.output_text),
            (&mut self.output_reasoning, later.output_reasoning),
            (&mut self.input_audio, later.input_audio),
            (&mut self.input_image, later.input_image),
            (&mut self.output_audio, later.output_audio),
            (&mut self.output_image, later.output_image),
            (&mut self.predicted_accepted, later.predicted_accepted),
            (&mut self.predicted_rejected, later.predicted_rejected),
            (&mut self.searches, later.searches),
            (&mut self.billed_input, later.billed_input),
            (&mut self.billed_output, later.billed_output),
        ];
        for (own, later) in pairs {
            *own = later.or(*own);
        }
    }
}

fn sum<const N: usize>(counts: [Option<u64>; N]) -> Option<u64> {
    let known = counts.iter().any(Option::is_some);
    known.then(|| {
        counts
            .iter()
            .flatten()
            .fold(0, |sum, count| u64::saturating_add(sum, *count))
    })
}

//! What a reply cost.
//!
//! # Source
//! OpenAI `CompletionUsage`; DeepSeek counts hits and misses of its cache beside it; Gemini's
//! endpoint leaves thoughts out of `completion_tokens` and counts them in `total_tokens`.

use super::Outcome;
use super::node::inside;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extras, Weight};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::reply::Counts;

#[derive(Default)]
struct Read {
    input: Option<u64>,
    output: Option<u64>,
    total: Option<u64>,
    cached: Option<u64>,
    written: Option<u64>,
    reasoning: Option<u64>,
    counts: Counts,
}

/// The counts; what has no place among them goes to `extras`.
pub(super) fn read<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<Counts> {
    let mut read = Read::default();
    raw::each_member(value, |key, inner| {
        match key {
            "prompt_tokens" => read.input = raw::count(inner),
            "completion_tokens" => read.output = raw::count(inner),
            "total_tokens" => read.total = raw::count(inner),
            "prompt_cache_hit_tokens" => read.cached = read.cached.or(raw::count(inner)),
            // What is not read from the cache is what remains.
            "prompt_cache_miss_tokens" => {}
            "prompt_tokens_details" | "completion_tokens_details"
                if raw::kind(inner) == Kind::Object =>
            {
                details(&mut read, key, inner, extras)?;
            }
            _ if raw::is_null(inner) => {}
            _ => extras.push(inside("usage.", key, inner, Weight::Hint)),
        }
        Ok(())
    })?;
    Ok(read.settled())
}

fn details<'a>(read: &mut Read, of: &str, value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome {
    let input = of == "prompt_tokens_details";
    raw::each_member(value, |key, inner| {
        let counts = &mut read.counts;
        let place = match (key, input) {
            ("cached_tokens", true) => &mut read.cached,
            ("cache_write_tokens", true) => &mut read.written,
            ("audio_tokens", true) => &mut counts.input_audio,
            ("image_tokens", true) => &mut counts.input_image,
            ("reasoning_tokens", false) => &mut read.reasoning,
            ("audio_tokens", false) => &mut counts.output_audio,
            ("image_tokens", false) => &mut counts.output_image,
            ("accepted_prediction_tokens", false) => &mut counts.predicted_accepted,
            ("rejected_prediction_tokens", false) => &mut counts.predicted_rejected,
            // The rest of all, which the others leave.
            ("text_tokens", _) => return Ok(()),
            _ if raw::is_null(inner) => return Ok(()),
            _ => {
                extras.push(inside(&format!("usage.{of}."), key, inner, Weight::Hint));
                return Ok(());
            }
        };
        *place = raw::count(inner).or(*place);
        Ok(())
    })
}

impl Read {
    fn settled(self) -> Counts {
        let mut counts = self.counts;
        let cached = self
            .cached
            .unwrap_or(0)
            .saturating_add(self.written.unwrap_or(0));
        counts.input_fresh = self.input.map(|all| all.saturating_sub(cached));
        counts.cache_read = self.cached;
        counts.cache_write_short = self.written;
        counts.output_reasoning = self.reasoning;
        counts.output_text = self
            .output
            .map(|all| all.saturating_sub(self.reasoning.unwrap_or(0)));
        if let Some(hidden) = self.hidden() {
            counts.output_reasoning = Some(hidden);
        }
        counts
    }

    /// Tokens that only the total counts.
    fn hidden(&self) -> Option<u64> {
        let known = self.input?.checked_add(self.output?)?;
        let hidden = self.total?.checked_sub(known)?;
        (hidden > 0 && self.reasoning.is_none()).then_some(hidden)
    }
}

/// The usage object.
pub(super) fn write(out: &mut Out, counts: &Counts) {
    let (input, output) = (counts.input().unwrap_or(0), counts.output().unwrap_or(0));
    out.open().key("prompt_tokens").number(input);
    out.key("completion_tokens").number(output);
    out.key("total_tokens").number(input.saturating_add(output));
    out.key("prompt_tokens_details").open();
    out.maybe_number("cached_tokens", counts.cache_read);
    out.maybe_number("cache_write_tokens", counts.cache_write());
    out.maybe_number("audio_tokens", counts.input_audio);
    out.maybe_number("image_tokens", counts.input_image);
    out.close().key("completion_tokens_details").open();
    out.maybe_number("reasoning_tokens", counts.output_reasoning);
    out.maybe_number("audio_tokens", counts.output_audio);
    out.maybe_number("image_tokens", counts.output_image);
    out.maybe_number("accepted_prediction_tokens", counts.predicted_accepted);
    out.maybe_number("rejected_prediction_tokens", counts.predicted_rejected);
    out.close().close();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(json: &str) -> Counts {
        read(raw::parse(json).unwrap(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn every_count_finds_its_place_and_comes_back() {
        let json = r#"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
            "prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":10,"audio_tokens":3,
            "image_tokens":4},"completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":5,
            "image_tokens":6,"accepted_prediction_tokens":7,"rejected_prediction_tokens":8}}"#;
        let read = counts(json);
        assert_eq!((read.input_fresh, read.cache_read), (Some(50), Some(40)));
        assert_eq!(
            (read.output_text, read.output_reasoning),
            (Some(30), Some(20))
        );
        let mut out = Out::default();
        write(&mut out, &read);
        let written: serde_json::Value = serde_json::from_slice(&out.into_bytes()).unwrap();
        assert_eq!(
            written,
            serde_json::from_str::<serde_json::Value>(json).unwrap()
        );
    }

    #[test]
    fn hits_of_deepseeks_cache_are_not_counted_twice() {
        let json = r#"{"prompt_tokens":20,"completion_tokens":1,"prompt_cache_hit_tokens":8,
            "prompt_cache_miss_tokens":12}"#;
        let read = counts(json);
        assert_eq!((read.input_fresh, read.cache_read), (Some(12), Some(8)));
    }

    #[test]
    fn thoughts_that_only_the_total_counts_are_reasoning() {
        let read = counts(r#"{"prompt_tokens":72,"completion_tokens":21,"total_tokens":210}"#);
        assert_eq!(
            (read.output_text, read.output_reasoning),
            (Some(21), Some(117))
        );
    }

    #[test]
    fn an_absent_count_stays_absent() {
        assert_eq!(counts("{}"), Counts::default());
    }
}

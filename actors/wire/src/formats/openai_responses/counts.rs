//! Tokens by kind, read and written.
//!
//! # Source
//! `openai` 3.54.0, `response_usage.py` (17 November 2026). `input_tokens` counts what was read
//! from and written to a cache too, `output_tokens` counts reasoning.

use super::fields::Fields;
use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::canonical::reply::Counts;

/// Counts, and whether the document says more than they.
///
/// # Errors
/// That it is no object.
pub(super) fn read_counts(usage: Raw<'_>) -> Result<(Counts, bool), FormatError> {
    let mut fields = Fields::of(usage)?;
    let (mut counts, mut more) = (Counts::default(), false);
    if let Some(details) = fields.take("input_tokens_details") {
        more |= read_input_details(details, &mut counts)?;
    }
    if let Some(details) = fields.take("output_tokens_details") {
        let mut details = Fields::of(details)?;
        counts.output_reasoning = take(&mut details, "reasoning_tokens");
        more |= !details.is_empty();
    }
    let part = |all: u64, of_it: Option<u64>| all.saturating_sub(of_it.unwrap_or(0));
    let input = take(&mut fields, "input_tokens");
    let output = take(&mut fields, "output_tokens");
    counts.input_fresh = input.map(|all| part(part(all, counts.cache_read), counts.cache_write()));
    counts.output_text = output.map(|all| part(all, counts.output_reasoning));
    let total = take(&mut fields, "total_tokens");
    let sum = input
        .zip(output)
        .map(|(input, output)| input.saturating_add(output));
    let honest = counts.input() == input && counts.output() == output && total == sum;
    Ok((counts, more || !honest || !fields.is_empty()))
}

fn take(fields: &mut Fields<'_>, name: &str) -> Option<u64> {
    fields.take(name).and_then(raw::count)
}

fn read_input_details(details: Raw<'_>, counts: &mut Counts) -> Result<bool, FormatError> {
    let mut details = Fields::of(details)?;
    counts.cache_read = take(&mut details, "cached_tokens");
    let written = take(&mut details, "cache_write_tokens");
    counts.cache_write_short = written;
    let mut more = false;
    if let Some(by_time) = details.take("cache_write_tokens_details") {
        let mut by_time = Fields::of(by_time)?;
        counts.cache_write_short = take(&mut by_time, "ttl_30m_tokens");
        counts.cache_write_long = take(&mut by_time, "ttl_12h_tokens");
        more = !by_time.is_empty() || counts.cache_write() != written;
    }
    Ok(more || !details.is_empty())
}

/// `usage` as an object with all that the SDK's types need.
pub(super) fn write_counts(out: &mut Out, counts: &Counts) {
    let (input, output) = (counts.input().unwrap_or(0), counts.output().unwrap_or(0));
    out.open().key("input_tokens").number(input);
    out.key("input_tokens_details").open();
    out.key("cached_tokens")
        .number(counts.cache_read.unwrap_or(0));
    out.key("cache_write_tokens")
        .number(counts.cache_write().unwrap_or(0));
    if let Some(long) = counts.cache_write_long {
        out.key("cache_write_tokens_details").open();
        out.key("ttl_30m_tokens")
            .number(counts.cache_write_short.unwrap_or(0));
        out.key("ttl_12h_tokens").number(long).close();
    }
    out.close();
    out.key("output_tokens").number(output);
    out.key("output_tokens_details").open();
    out.key("reasoning_tokens")
        .number(counts.output_reasoning.unwrap_or(0))
        .close();
    out.key("total_tokens")
        .number(input.saturating_add(output))
        .close();
}

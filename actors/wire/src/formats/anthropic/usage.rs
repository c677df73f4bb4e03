//! Usage: Anthropic's counts do not overlap on the side of the input; thinking is part of the
//! output. In a stream they are cumulative.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::{Raw, count, each_member, is_null, maybe_text};
use crate::canonical::reply::Counts;
use crate::canonical::side::Side;
use crate::canonical::text::Text;

/// What a usage record says.
#[derive(Debug, Default)]
pub(super) struct Spent<'a> {
    pub(super) counts: Counts,
    pub(super) tier: Option<Text<'a>>,
    pub(super) extras: Extras<'a>,
}

/// Reads a record; fields of extras begin with `usage.`.
pub(super) fn read<'a>(raw: Raw<'a>) -> Result<Spent<'a>, FormatError> {
    let mut spent = Spent::default();
    let (mut written, mut output, mut split) = (None, None, false);
    each_member(raw, |key, value| {
        let counts = &mut spent.counts;
        match key {
            _ if is_null(value) => {}
            "input_tokens" => counts.input_fresh = count(value),
            "cache_read_input_tokens" => counts.cache_read = count(value),
            "cache_creation_input_tokens" => written = Some(value),
            "cache_creation" => {
                split = true;
                cache_creation(&mut spent, value)?;
            }
            "output_tokens" => output = count(value),
            "output_tokens_details" => details(&mut spent, value)?,
            "server_tool_use" => server_tools(&mut spent, value)?,
            "service_tier" => spent.tier = maybe_text(value)?,
            "inference_geo" | "speed" => spent.add(key, value, weight_of_place(value)),
            _ => spent.add(key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    spent.total_written(written, split);
    let thought = spent.counts.output_reasoning.unwrap_or(0);
    spent.counts.output_text = output.map(|all| all.saturating_sub(thought));
    Ok(spent)
}

/// What is usual of place and speed says nothing.
fn weight_of_place(value: Raw<'_>) -> Weight {
    const USUAL: [&str; 3] = ["\"standard\"", "\"global\"", "\"not_available\""];
    match USUAL.contains(&value.get()) {
        true => Weight::Nothing,
        false => Weight::Hint,
    }
}

impl<'a> Spent<'a> {
    fn add(&mut self, field: &str, raw: Raw<'a>, weight: Weight) {
        self.extras
            .push(Extra::new(format!("usage.{field}"), raw, weight));
    }

    /// The sum over both times to live, which says nothing new where the parts are there.
    fn total_written(&mut self, total: Option<Raw<'a>>, split: bool) {
        let Some(raw) = total else { return };
        if !split {
            self.counts.cache_write_short = count(raw);
        } else if count(raw) != self.counts.cache_write() {
            self.add("cache_creation_input_tokens", raw, Weight::Unknown);
        }
    }
}

fn cache_creation<'a>(spent: &mut Spent<'a>, raw: Raw<'a>) -> Result<(), FormatError> {
    each_member(raw, |key, value| {
        match key {
            "ephemeral_5m_input_tokens" => spent.counts.cache_write_short = count(value),
            "ephemeral_1h_input_tokens" => spent.counts.cache_write_long = count(value),
            _ => spent.add(&format!("cache_creation.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })
}

fn details<'a>(spent: &mut Spent<'a>, raw: Raw<'a>) -> Result<(), FormatError> {
    each_member(raw, |key, value| {
        match key {
            "thinking_tokens" => spent.counts.output_reasoning = count(value),
            _ => spent.add(
                &format!("output_tokens_details.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}

fn server_tools<'a>(spent: &mut Spent<'a>, raw: Raw<'a>) -> Result<(), FormatError> {
    each_member(raw, |key, value| {
        match key {
            "web_search_requests" => spent.counts.searches = count(value),
            _ => spent.add(&format!("server_tool_use.{key}"), value, Weight::Hint),
        }
        Ok(())
    })
}

/// Writes the members of a record that both the start of a stream and its end may have. Counts
/// that the API always has are zero where they are not known.
pub(super) fn write(counts: &Counts, side: Side<'_, '_>, out: &mut Out) {
    out.key("input_tokens")
        .number(counts.input_fresh.unwrap_or(0));
    if side.get("usage.cache_creation_input_tokens").is_none() {
        out.maybe_number("cache_creation_input_tokens", counts.cache_write());
    }
    out.maybe_number("cache_read_input_tokens", counts.cache_read);
    out.key("output_tokens")
        .number(counts.output().unwrap_or(0));
    let thought = counts.output_reasoning;
    if thought.is_some() || side.under("usage.output_tokens_details.") {
        out.key("output_tokens_details").open();
        out.maybe_number("thinking_tokens", thought);
        side.write(out, "usage.output_tokens_details.", &[]);
        out.close();
    }
    let searches = counts.searches;
    if searches.is_some() || side.under("usage.server_tool_use.") {
        out.key("server_tool_use").open();
        out.maybe_number("web_search_requests", searches);
        side.write(out, "usage.server_tool_use.", &[]);
        out.close();
    }
}

/// Writes what was written to the cache, by time to live.
pub(super) fn write_cache_creation(counts: &Counts, side: Side<'_, '_>, out: &mut Out) {
    let long = counts.cache_write_long;
    if long.is_none() && !side.under("usage.cache_creation.") {
        return;
    }
    out.key("cache_creation").open();
    out.maybe_number("ephemeral_5m_input_tokens", counts.cache_write_short);
    out.maybe_number("ephemeral_1h_input_tokens", long);
    side.write(out, "usage.cache_creation.", &[]);
    out.close();
}

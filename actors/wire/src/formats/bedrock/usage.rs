//! Usage: Bedrock's counts of the input do not overlap, and it tells no count of thinking.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::parts::{Extras, Weight};
use crate::canonical::raw::{Raw, count, each_item, each_member, is_null};
use crate::canonical::reply::Counts;
use crate::canonical::side::Side;

use super::read_settings::add;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Reads a record; fields of extras begin with `usage.`.
pub(super) fn read<'a>(raw: Raw<'a>) -> Result<(Counts, Extras<'a>)> {
    let (mut counts, mut extras) = (Counts::default(), Vec::new());
    let (mut total, mut written, mut split) = (None, None, false);
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "inputTokens" => counts.input_fresh = count(value),
            "outputTokens" => counts.output_text = count(value),
            "cacheReadInputTokens" => counts.cache_read = count(value),
            "totalTokens" => total = Some(value),
            "cacheWriteInputTokens" => written = Some(value),
            "cacheDetails" => {
                let known = details(&mut counts, value)?;
                split = known && counts.cache_write_long.is_some();
                let weight = if known { Weight::Nothing } else { Weight::Hint };
                if !split {
                    add(&mut extras, "usage.cacheDetails", value, weight);
                }
            }
            _ => add(&mut extras, &format!("usage.{key}"), value, Weight::Unknown),
        }
        Ok(())
    })?;
    if !split {
        counts.cache_write_short = written.and_then(count);
        counts.cache_write_long = None;
    }
    let sums = [
        ("usage.cacheWriteInputTokens", written, counts.cache_write()),
        ("usage.totalTokens", total, all(&counts)),
    ];
    for (field, told, summed) in sums {
        if let Some(told) = told.filter(|told| count(told) != summed) {
            add(&mut extras, field, told, Weight::Unknown);
        }
    }
    Ok((counts, extras))
}

/// Whether every entry is of a known time to live, the longer first, as the service sends them.
fn details(counts: &mut Counts, raw: Raw<'_>) -> Result<bool> {
    let mut known = true;
    each_item(raw, |item| {
        let (mut ttl, mut tokens) = (None, None);
        each_member(item, |key, value| {
            match key {
                "ttl" => ttl = Some(value.get()),
                "inputTokens" => tokens = count(value),
                _ => known = false,
            }
            Ok(())
        })?;
        match ttl {
            Some(r#""1h""#) if counts.cache_write_short.is_none() => {
                counts.cache_write_long = tokens;
            }
            Some(r#""5m""#) => counts.cache_write_short = tokens,
            _ => known = false,
        }
        Ok(())
    })?;
    Ok(known)
}

fn all(counts: &Counts) -> Option<u64> {
    let input = counts.input()?;
    Some(input.saturating_add(counts.output()?))
}

/// Writes a record.
pub(super) fn write(counts: &Counts, side: Side<'_, '_>, out: &mut Out) {
    out.key("usage").open();
    out.key("inputTokens")
        .number(counts.input_fresh.unwrap_or(0));
    out.key("outputTokens").number(counts.output().unwrap_or(0));
    if side.get("usage.totalTokens").is_none() {
        let total = all(counts).or(counts.input()).or(counts.output());
        out.key("totalTokens").number(total.unwrap_or(0));
    }
    out.maybe_number("cacheReadInputTokens", counts.cache_read);
    if side.get("usage.cacheWriteInputTokens").is_none() {
        out.maybe_number("cacheWriteInputTokens", counts.cache_write());
    }
    if let Some(long) = counts.cache_write_long {
        out.key("cacheDetails").open_list();
        detail("1h", long, out);
        if let Some(short) = counts.cache_write_short {
            detail("5m", short, out);
        }
        out.close_list();
    }
    side.write(out, "usage.", &[]);
    out.close();
}

fn detail(ttl: &str, tokens: u64, out: &mut Out) {
    out.open().key("ttl").plain(ttl);
    out.key("inputTokens").number(tokens).close();
}

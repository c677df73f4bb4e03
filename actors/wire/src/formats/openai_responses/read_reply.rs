//! A whole reply, read; the final event of a stream carries the same object.

use super::counts::read_counts;
use super::fields::Fields;
use super::read_items::{Item, ItemReader};
use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Part, PartKind, Weight};
use crate::canonical::raw::{self, Raw};
use crate::canonical::reply::{Choice, Reply, Stop, StopReason, TokenLogprob};
use crate::canonical::text::Text;
use crate::format::ApiFormat;

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// A document that is not of this format.
pub(super) fn read_reply<'a>(body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>> {
    let mut fields = Fields::with_nulls(body)?;
    let output = fields
        .take_some("output")
        .ok_or_else(|| FormatError::missing_in("output", body))?;
    let parts = read_output(output, provider)?;
    let mut reply = Reply {
        from: Some(ApiFormat::OpenAiResponses),
        id: fields.text("id")?,
        model: fields.text("model")?,
        tier: fields.text("service_tier")?,
        ..Reply::default()
    };
    fields.take("object");
    read_time(&mut fields, &mut reply);
    read_usage(&mut fields, &mut reply)?;
    let stop = read_stop(&mut fields, &parts, &mut reply)?;
    let choice = Choice {
        logprobs: logprobs_of(&parts)?,
        parts,
        stop,
        ..Choice::default()
    };
    reply.choices.push(choice);
    reply.extras.extend(fields.rest("", weigh));
    Ok(reply)
}

fn read_output<'a>(output: Raw<'a>, provider: &'a str) -> Result<Vec<Part<'a>>> {
    let reader = ItemReader {
        provider: Some(provider),
    };
    let mut parts = Vec::new();
    raw::each_item(output, |item| {
        match reader.item(item)? {
            Item::Said(said) => parts.extend(said),
            Item::Result(part) => parts.push(part),
            Item::Turn(turn) => parts.extend(turn.parts),
        }
        Ok(())
    })?;
    Ok(parts)
}

fn read_time<'a>(fields: &mut Fields<'a>, reply: &mut Reply<'a>) {
    let Some(raw) = fields.take_some("created_at") else {
        return;
    };
    reply.created = raw::count(raw);
    let same = reply
        .created
        .is_some_and(|time| time.to_string() == raw.get());
    if !same {
        let extra = Extra::new("created_at", raw, Weight::Nothing);
        reply.extras.push(extra);
    }
}

fn read_usage<'a>(fields: &mut Fields<'a>, reply: &mut Reply<'a>) -> Result<()> {
    let Some(raw) = fields.take_some("usage") else {
        return Ok(());
    };
    let (mut counts, more) = read_counts(raw)?;
    counts.searches = searches(fields);
    reply.usage = Some(counts);
    let extra = more.then(|| Extra::new("usage", raw, Weight::Nothing));
    reply.extras.extend(extra);
    Ok(())
}

pub(super) fn searches(fields: &Fields<'_>) -> Option<u64> {
    let search = raw::member(fields.peek("tool_usage")?, "web_search")?;
    raw::count(raw::member(search, "num_requests")?)
}

fn read_stop<'a>(
    fields: &mut Fields<'a>,
    parts: &[Part<'a>],
    reply: &mut Reply<'a>,
) -> Result<Stop<'a>> {
    let details = fields.peek("incomplete_details");
    let error = fields.peek("error").filter(|raw| !raw::is_null(raw));
    let status = fields.peek("status").map(raw::text).transpose()?;
    let (reason, known) = reason(status.as_ref(), details, parts);
    let mut stop = Stop::of(reason);
    if let Some(error) = error {
        stop.details = raw::member(error, "message").and_then(Text::of_raw);
    } else {
        fields.take("error");
    }
    if known {
        fields.take("status");
        fields.take("incomplete_details");
    } else if let Some(raw) = fields.take("status") {
        let extra = Extra::new("status", raw, Weight::Hint);
        reply.extras.push(extra);
    }
    Ok(stop)
}

/// Why it ended, and whether that says all of status and details.
pub(super) fn reason(
    status: Option<&Text<'_>>,
    details: Option<Raw<'_>>,
    parts: &[Part<'_>],
) -> (StopReason, bool) {
    let any = |wanted: fn(&PartKind<'_>) -> bool| parts.iter().any(|part| wanted(&part.kind));
    let calls = any(|kind| matches!(kind, PartKind::Call(_)));
    let refused = any(|kind| matches!(kind, PartKind::Refusal(_)));
    let status = status.map_or("".into(), |status| status.decoded());
    match status.as_ref() {
        "completed" => (completed(calls, refused), details.is_none_or(raw::is_null)),
        "incomplete" => incomplete(details),
        "failed" => (StopReason::Failed, details.is_none_or(raw::is_null)),
        _ => (completed(calls, refused), false),
    }
}

pub(super) fn completed(calls: bool, refused: bool) -> StopReason {
    match (calls, refused) {
        (true, _) => StopReason::ToolCalls,
        (false, true) => StopReason::Refusal,
        (false, false) => StopReason::End,
    }
}

fn incomplete(details: Option<Raw<'_>>) -> (StopReason, bool) {
    let Some(details) = details else {
        return (StopReason::OutputLimit, false);
    };
    match raw::member(details, "reason").map(|raw| raw.get()) {
        Some("\"max_output_tokens\"") => (StopReason::OutputLimit, true),
        Some("\"content_filter\"") => (StopReason::Filtered, true),
        _ => (StopReason::OutputLimit, false),
    }
}

fn logprobs_of<'a>(parts: &[Part<'a>]) -> Result<Vec<TokenLogprob<'a>>> {
    let mut all = Vec::new();
    for part in parts {
        let raw = part.extras.iter().find(|extra| extra.field == "logprobs");
        if let Some(extra) = raw {
            read_logprobs(extra.raw, &mut all)?;
        }
    }
    Ok(all)
}

/// # Errors
/// Tokens without text or number.
pub(super) fn read_logprobs<'a>(list: Raw<'a>, all: &mut Vec<TokenLogprob<'a>>) -> Result<()> {
    raw::each_item(list, |item| {
        let mut fields = Fields::of(item)?;
        let mut top = Vec::new();
        if let Some(others) = fields.take("top_logprobs") {
            read_logprobs(others, &mut top)?;
        }
        all.push(TokenLogprob {
            token: fields.needed_text("token")?,
            logprob: fields
                .number("logprob")?
                .ok_or_else(|| FormatError::missing_in("logprob", item))?,
            bytes: fields.take("bytes"),
            top,
        });
        Ok(())
    })
}

/// Most fields of a reply repeat what was asked, or are `null`.
pub(super) fn weigh(name: &str, raw: Raw<'_>) -> Weight {
    let echo = matches!(
        name,
        "background"
            | "completed_at"
            | "error"
            | "instructions"
            | "max_output_tokens"
            | "max_tool_calls"
            | "parallel_tool_calls"
            | "previous_response_id"
            | "prompt_cache_key"
            | "prompt_cache_options"
            | "prompt_cache_retention"
            | "reasoning"
            | "safety_identifier"
            | "store"
            | "temperature"
            | "text"
            | "tool_choice"
            | "tools"
            | "tool_usage"
            | "top_logprobs"
            | "top_p"
            | "truncation"
            | "user"
            | "metadata"
            | "frequency_penalty"
            | "presence_penalty"
    );
    match (echo || raw::is_null(raw), name) {
        (true, _) => Weight::Nothing,
        (
            false,
            "incomplete_details"
            | "conversation"
            | "moderation"
            | "prompt"
            | "prompt_cache_diagnostics"
            | "input_transformations",
        ) => Weight::Hint,
        (false, _) => Weight::Unknown,
    }
}

//! A `GenerateContentResponse`, read whole.

use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, Extras, PartKind, Weight};
use crate::canonical::raw::{
    Raw, count, each_item, each_member, is_null, maybe_text, member, text,
};
use crate::canonical::reply::{Choice, Reply, Stop, StopReason};
use crate::canonical::text::Text;

use super::read_parts::{Writer, read_all};
use super::words::{OWN, camel};
use super::{citations, logprobs, usage};

type Result<T> = std::result::Result<T, FormatError>;

/// Name of the extra that keeps the upstream's word for why it stopped.
pub(super) const FINISH: &str = "finishReason";

/// Name of the extra that says why a prompt was blocked.
pub(super) const FEEDBACK: &str = "promptFeedback";

/// # Errors
/// A document that is no reply, or a member of another type than the format says.
pub(super) fn read<'a>(body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>> {
    let mut reply = Reply {
        from: Some(OWN),
        ..Reply::default()
    };
    let mut known = false;
    each_member(body, |key, value| {
        if is_null(value) {
            return Ok(());
        }
        let name = camel(key);
        known |= matches!(name.as_ref(), "candidates" | "usageMetadata" | FEEDBACK);
        match name.as_ref() {
            "candidates" => each_item(value, |candidate| {
                reply.choices.push(read_candidate(candidate, provider)?);
                Ok(())
            })?,
            "usageMetadata" => {
                let (counts, tier) = usage::read(value)?;
                (reply.usage, reply.tier) = (Some(counts), tier);
                keep(&mut reply.extras, "usageMetadata", value, Weight::Nothing);
            }
            FEEDBACK => keep(&mut reply.extras, FEEDBACK, value, Weight::Nothing),
            "modelVersion" => reply.model = Some(text(value)?),
            "responseId" => reply.id = Some(text(value)?),
            "createTime" => keep(&mut reply.extras, "createTime", value, Weight::Nothing),
            "modelStatus" => keep(&mut reply.extras, "modelStatus", value, Weight::Hint),
            _ => keep(&mut reply.extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    if !known {
        return Err(FormatError::missing_in("candidates", body));
    }
    let feedback = super::words::extra(&reply.extras, FEEDBACK);
    if let (true, Some(feedback)) = (reply.choices.is_empty(), feedback) {
        reply.choices.push(blocked(feedback));
    }
    Ok(reply)
}

fn keep<'a>(extras: &mut Extras<'a>, field: &str, value: Raw<'a>, weight: Weight) {
    extras.push(Extra::new(field.to_owned(), value, weight));
}

/// A prompt that was blocked has no candidates.
fn blocked(feedback: Raw<'_>) -> Choice<'_> {
    Choice {
        stop: block_stop(feedback),
        ..Choice::default()
    }
}

/// The end that a `promptFeedback` tells of.
pub(super) fn block_stop(feedback: Raw<'_>) -> Stop<'_> {
    let said = |name| member(feedback, name).and_then(Text::of_raw);
    Stop {
        reason: StopReason::Filtered,
        sequence: None,
        details: said("blockReasonMessage").or_else(|| said("blockReason")),
    }
}

fn read_candidate<'a>(raw: Raw<'a>, provider: &'a str) -> Result<Choice<'a>> {
    let mut choice = Choice::default();
    let mut word = None;
    let mut cited = Vec::new();
    each_member(raw, |key, value| {
        let extras = &mut choice.extras;
        match camel(key).as_ref() {
            _ if is_null(value) => {}
            "content" => read_content(value, provider, &mut choice)?,
            "index" => choice.index = count(value).unwrap_or(0),
            FINISH => {
                word = maybe_text(value)?;
                let known = word.as_ref().is_none_or(|word| is_known(&word.decoded()));
                let weight = if known { Weight::Nothing } else { Weight::Hint };
                keep(extras, FINISH, value, weight);
            }
            "finishMessage" => choice.stop.details = Some(text(value)?),
            "logprobsResult" => {
                choice.logprobs = logprobs::read(value)?;
                keep(extras, "logprobsResult", value, Weight::Nothing);
            }
            "groundingMetadata" => {
                cited.extend(citations::of_grounding(value)?);
                keep(extras, "groundingMetadata", value, Weight::Hint);
            }
            "citationMetadata" => {
                cited.extend(citations::of_citations(value)?);
                keep(extras, "citationMetadata", value, Weight::Hint);
            }
            "tokenCount" => keep(extras, "tokenCount", value, Weight::Nothing),
            name @ ("safetyRatings"
            | "avgLogprobs"
            | "urlContextMetadata"
            | "groundingAttributions") => keep(extras, name, value, Weight::Hint),
            _ => keep(extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    citations::attach(&mut choice.parts, cited);
    let calls = choice
        .parts
        .iter()
        .any(|part| matches!(part.kind, PartKind::Call(_)));
    let word = word.as_ref().map(Text::decoded);
    choice.stop.reason = reason(word.as_deref(), calls, !choice.parts.is_empty());
    Ok(choice)
}

fn read_content<'a>(raw: Raw<'a>, provider: &'a str, choice: &mut Choice<'a>) -> Result<()> {
    each_member(raw, |key, value| {
        match key {
            _ if is_null(value) => {}
            "parts" => choice.parts = read_all(value, Writer::Provider(provider))?,
            "role" => {}
            _ => keep(
                &mut choice.extras,
                &format!("content.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    let usual = member(raw, "role").and_then(Text::of_raw);
    if choice.parts.is_empty() {
        keep(&mut choice.extras, "content", raw, Weight::Nothing);
    } else if let Some(role) =
        member(raw, "role").filter(|_| !usual.is_some_and(|role| role.is("model")))
    {
        keep(&mut choice.extras, "content.role", role, Weight::Nothing);
    }
    Ok(())
}

/// What a word for the end of a candidate means. Words that no document names are an end if there
/// is something to be read, else a failure.
pub(super) fn reason(word: Option<&str>, calls: bool, said: bool) -> StopReason {
    match word {
        Some("STOP") | None if calls => StopReason::ToolCalls,
        Some("STOP") => StopReason::End,
        Some("MAX_TOKENS") => StopReason::OutputLimit,
        Some(
            "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
            | "MODEL_ARMOR",
        ) => StopReason::Filtered,
        Some(word) if word.starts_with("IMAGE_") => image_reason(word),
        Some(word) if word.starts_with("MALFORMED") => StopReason::Malformed,
        Some("UNEXPECTED_TOOL_CALL" | "TOO_MANY_TOOL_CALLS" | "MISSING_THOUGHT_SIGNATURE") => {
            StopReason::Malformed
        }
        Some("OTHER") => StopReason::Failed,
        _ if said => StopReason::End,
        _ => StopReason::Failed,
    }
}

/// Whether some document names the word.
pub(super) fn is_known(word: &str) -> bool {
    match word {
        "STOP" | "FINISH_REASON_UNSPECIFIED" => true,
        "IMAGE_SAFETY" | "IMAGE_PROHIBITED_CONTENT" | "IMAGE_RECITATION" | "IMAGE_OTHER" => true,
        "MALFORMED_FUNCTION_CALL" | "MALFORMED_RESPONSE" => true,
        word if word.starts_with("IMAGE_") || word.starts_with("MALFORMED") => false,
        word => reason(Some(word), false, true) != StopReason::End,
    }
}

fn image_reason(word: &str) -> StopReason {
    match word {
        "IMAGE_OTHER" => StopReason::Failed,
        _ => StopReason::Filtered,
    }
}

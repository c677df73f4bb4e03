//! A whole reply.

use super::read_parts::{Maker, blocks};
use super::read_settings::add;
use super::{stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::parts::Weight;
use crate::canonical::raw::{Kind, Raw, each_member, is_null, kind, maybe_text, text};
use crate::canonical::reply::{Choice, Reply, Stop, StopReason};
use crate::format::ApiFormat;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Where a model's own fields of a reply stand.
pub(super) const MORE: &str = "additionalModelResponseFields";

pub(super) fn read<'a>(body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>> {
    let mut reply = Reply {
        from: Some(ApiFormat::Bedrock),
        ..Reply::default()
    };
    let (mut choice, mut said) = (Choice::default(), false);
    each_member(body, |key, raw| {
        match key {
            _ if is_null(raw) => {}
            "output" => {
                said = true;
                output(&mut reply, &mut choice, raw, provider)?;
            }
            "stopReason" => stop_reason(&mut choice, raw)?,
            "usage" => {
                let (counts, mut extras) = usage::read(raw)?;
                reply.usage = Some(counts);
                reply.extras.append(&mut extras);
            }
            MORE => model_fields(&mut choice, raw)?,
            "serviceTier" => service_tier(&mut reply, raw)?,
            "metrics" => add(&mut reply.extras, key, raw, Weight::Nothing),
            "trace" | "performanceConfig" => add(&mut reply.extras, key, raw, Weight::Hint),
            _ => add(&mut reply.extras, key, raw, Weight::Unknown),
        }
        Ok(())
    })?;
    if !said {
        return Err(FormatError::missing_in("output", body));
    }
    reply.choices.push(choice);
    Ok(reply)
}

fn output<'a>(
    reply: &mut Reply<'a>,
    choice: &mut Choice<'a>,
    raw: Raw<'a>,
    provider: &'a str,
) -> Result {
    let mut message = None;
    each_member(raw, |key, value| {
        match key {
            "message" => message = Some(value),
            _ => add(
                &mut reply.extras,
                &format!("output.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    let message = message.ok_or_else(|| FormatError::missing_in("message", raw))?;
    let mut said = false;
    each_member(message, |key, value| {
        match key {
            "role" if text(value)?.is("assistant") => {}
            "role" => return Err(FormatError::expected("assistant", value)),
            "content" => {
                choice.parts = blocks(value, Maker::provider(provider))?;
                said = true;
            }
            _ => add(
                &mut reply.extras,
                &format!("output.message.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })?;
    match said {
        true => Ok(()),
        false => Err(FormatError::missing_in("content", message)),
    }
}

/// A reason that has two words here keeps its own.
fn stop_reason<'a>(choice: &mut Choice<'a>, raw: Raw<'a>) -> Result {
    let word = text(raw)?;
    let reason = stops::reason(&word.decoded());
    choice.stop.reason = reason.unwrap_or(StopReason::End);
    let weight = match reason {
        Some(_) => Weight::Nothing,
        None => Weight::Unknown,
    };
    if !word.is(stops::word(choice.stop.reason)) {
        add(&mut choice.extras, "stopReason", raw, weight);
    }
    Ok(())
}

fn model_fields<'a>(choice: &mut Choice<'a>, raw: Raw<'a>) -> Result {
    if kind(raw) != Kind::Object {
        add(&mut choice.extras, MORE, raw, Weight::Unknown);
        return Ok(());
    }
    each_member(raw, |key, value| {
        match (key, kind(value)) {
            ("stop_sequence", Kind::Text) => choice.stop.sequence = maybe_text(value)?,
            _ => add(
                &mut choice.extras,
                &format!("{MORE}.{key}"),
                value,
                Weight::Hint,
            ),
        }
        Ok(())
    })
}

fn service_tier<'a>(reply: &mut Reply<'a>, raw: Raw<'a>) -> Result {
    each_member(raw, |key, value| {
        match key {
            "type" => reply.tier = maybe_text(value)?,
            _ => add(
                &mut reply.extras,
                &format!("serviceTier.{key}"),
                value,
                Weight::Unknown,
            ),
        }
        Ok(())
    })
}

/// What a streamed end says of its reason: the reason, and whether its word is known.
pub(super) fn streamed_stop<'a>(raw: Raw<'a>) -> Result<(Stop<'a>, bool)> {
    let mut choice = Choice::default();
    each_member(raw, |key, value| match key {
        "stopReason" => stop_reason(&mut choice, value),
        MORE if !is_null(value) => model_fields(&mut choice, value),
        _ => Ok(()),
    })?;
    let known = choice
        .extras
        .iter()
        .all(|extra| extra.weight == Weight::Nothing);
    Ok((choice.stop, known))
}

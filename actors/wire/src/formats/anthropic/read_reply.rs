//! A whole reply.

use super::read_parts::{Maker, content};
use super::read_settings::add;
use super::{stops, usage};
use crate::canonical::error::FormatError;
use crate::canonical::parts::Weight;
use crate::canonical::raw::{Raw, each_member, is_null, maybe_text, text};
use crate::canonical::reply::{Choice, Reply};
use crate::format::ApiFormat;

pub(super) fn read<'a>(body: Raw<'a>, provider: &'a str) -> Result<Reply<'a>, FormatError> {
    let mut reply = Reply {
        from: Some(ApiFormat::Anthropic),
        ..Reply::default()
    };
    let (mut choice, mut said) = (Choice::default(), false);
    each_member(body, |key, raw| {
        match key {
            "content" => {
                choice.parts = content(raw, Maker::provider(provider))?;
                said = true;
            }
            "id" => reply.id = Some(text(raw)?),
            "model" => reply.model = Some(text(raw)?),
            "type" => constant(raw, "message")?,
            "role" => constant(raw, "assistant")?,
            _ if is_null(raw) => {}
            "stop_reason" => stop_reason(&mut choice, raw)?,
            "stop_sequence" => choice.stop.sequence = maybe_text(raw)?,
            "stop_details" => stop_details(&mut choice, raw)?,
            "usage" => {
                let mut spent = usage::read(raw)?;
                reply.usage = Some(spent.counts);
                reply.tier = spent.tier.take();
                reply.extras.append(&mut spent.extras);
            }
            "container" | "diagnostics" => add(&mut reply.extras, key, raw, Weight::Hint),
            _ => add(&mut reply.extras, key, raw, Weight::Unknown),
        }
        Ok(())
    })?;
    if !said {
        return Err(FormatError::missing_in("content", body));
    }
    reply.choices.push(choice);
    Ok(reply)
}

fn constant(raw: Raw<'_>, word: &'static str) -> Result<(), FormatError> {
    if text(raw)?.is(word) {
        Ok(())
    } else {
        Err(FormatError::expected(word, raw))
    }
}

fn stop_reason<'a>(choice: &mut Choice<'a>, raw: Raw<'a>) -> Result<(), FormatError> {
    match stops::reason(&text(raw)?.decoded()) {
        Some(reason) => choice.stop.reason = reason,
        None => add(&mut choice.extras, "stop_reason", raw, Weight::Unknown),
    }
    Ok(())
}

fn stop_details<'a>(choice: &mut Choice<'a>, raw: Raw<'a>) -> Result<(), FormatError> {
    each_member(raw, |key, value| {
        match key {
            "type" if value.get() == r#""refusal""# => {}
            "explanation" => choice.stop.details = maybe_text(value)?,
            _ => {
                let field = format!("stop_details.{key}");
                add(&mut choice.extras, &field, value, Weight::Hint);
            }
        }
        Ok(())
    })
}

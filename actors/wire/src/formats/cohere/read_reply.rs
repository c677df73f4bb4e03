//! A chat reply, read whole.

use crate::canonical::error::FormatError;
use crate::canonical::parts::{Extra, PartKind, Weight};
use crate::canonical::raw::{Kind, Raw, count, each_member, is_null, items, kind, member, text};
use crate::canonical::reply::{Choice, Counts, Reply, StopReason, TokenLogprob};
use crate::canonical::text::Text;

use super::read_message::Parts;
use super::side::{OWN, keep};

type Result<T> = std::result::Result<T, FormatError>;

/// # Errors
/// A document that is no reply, or a member of another type than the format says.
pub(super) fn read(body: Raw<'_>) -> Result<Reply<'_>> {
    let mut reply = Reply {
        from: Some(OWN),
        ..Reply::default()
    };
    let mut choice = Choice::default();
    let mut known = false;
    each_member(body, |key, value| {
        match key {
            _ if is_null(value) => {}
            "id" => reply.id = Some(text(value)?),
            "message" => {
                read_message(value, &mut choice)?;
                known = true;
            }
            "finish_reason" => {
                let word = text(value)?;
                choice.stop.reason = reason(&word);
                let weight = match is_known(&word) {
                    true => Weight::Nothing,
                    false => Weight::Hint,
                };
                keep(&mut choice.extras, "finish_reason", value, weight);
            }
            "usage" => {
                reply.usage = Some(read_usage(value)?);
                let units = units_left_out(value);
                reply
                    .extras
                    .extend(units.map(|raw| Extra::new(UNITS, raw, Weight::Hint)));
                keep(&mut reply.extras, "usage", value, Weight::Nothing);
            }
            "logprobs" => {
                choice.logprobs = read_logprobs(value)?;
                keep(&mut choice.extras, "logprobs", value, Weight::Nothing);
            }
            "error" => {
                choice.stop.details = Text::of_raw(value);
                keep(&mut reply.extras, "error", value, Weight::Nothing);
            }
            _ => keep(&mut reply.extras, key, value, Weight::Unknown),
        }
        Ok(())
    })?;
    if !known {
        return Err(FormatError::missing_in("message", body));
    }
    let calls = |choice: &Choice<'_>| {
        let mut parts = choice.parts.iter();
        parts.any(|part| matches!(part.kind, PartKind::Call(_)))
    };
    if choice.stop.reason == StopReason::End && calls(&choice) {
        choice.stop.reason = StopReason::ToolCalls;
    }
    reply.choices.push(choice);
    Ok(reply)
}

fn read_message<'a>(raw: Raw<'a>, choice: &mut Choice<'a>) -> Result<()> {
    let mut parts = Parts::default();
    each_member(raw, |key, value| match key {
        _ if is_null(value) => Ok(()),
        "role" => {
            keep(&mut choice.extras, "message.role", value, Weight::Nothing);
            Ok(())
        }
        _ => parts.take(key, value),
    })?;
    for extra in std::mem::take(&mut parts.extras) {
        let field = format!("message.{}", extra.field);
        keep(&mut choice.extras, &field, extra.raw, extra.weight);
    }
    choice.parts = parts.ordered()?;
    Ok(())
}

/// What a word for the end means.
pub(super) fn reason(word: &Text<'_>) -> StopReason {
    match word.decoded().as_ref() {
        "STOP_SEQUENCE" => StopReason::Sequence,
        "MAX_TOKENS" => StopReason::OutputLimit,
        "ERROR_LIMIT" => StopReason::ContextFull,
        "TOOL_CALL" => StopReason::ToolCalls,
        "ERROR_TOXIC" => StopReason::Filtered,
        "ERROR" | "TIMEOUT" | "USER_CANCEL" => StopReason::Failed,
        _ => StopReason::End,
    }
}

/// Whether some document names the word; others count as the end.
pub(super) fn is_known(word: &Text<'_>) -> bool {
    word.is("COMPLETE") || reason(word) != StopReason::End
}

/// The name of a unit that no other format has.
pub(super) const UNITS: &str = "usage.billed_units.classifications";

/// What was billed beside tokens and searches.
pub(super) fn units_left_out(usage: Raw<'_>) -> Option<Raw<'_>> {
    let units = member(member(usage, "billed_units")?, "classifications")?;
    let none = units.get().parse::<f64>().is_ok_and(|units| units == 0.0);
    (!none).then_some(units)
}

/// Counts of `tokens`; where there are none, those of the bill.
///
/// # Errors
/// A value that is no object.
pub(super) fn read_usage(raw: Raw<'_>) -> Result<Counts> {
    if kind(raw) != Kind::Object {
        return Err(FormatError::expected("an object", raw));
    }
    let of = |object: &str, name: &str| {
        let object = member(raw, object)?;
        member(object, name).and_then(count)
    };
    let cached = member(raw, "cached_tokens").and_then(count);
    let billed_input = of("billed_units", "input_tokens");
    let billed_output = of("billed_units", "output_tokens");
    let input = of("tokens", "input_tokens").or(billed_input);
    Ok(Counts {
        input_fresh: input.map(|input| input.saturating_sub(cached.unwrap_or(0))),
        cache_read: cached,
        output_text: of("tokens", "output_tokens").or(billed_output),
        searches: of("billed_units", "search_units"),
        billed_input,
        billed_output,
        ..Counts::default()
    })
}

fn read_logprobs(raw: Raw<'_>) -> Result<Vec<TokenLogprob<'_>>> {
    let all = items(raw)?.into_iter();
    Ok(all.flat_map(read_logprob).collect())
}

/// One piece of text with the probability of each of its tokens. Only the first one has the text,
/// since the format does not say where in it the others start.
pub(super) fn read_logprob(raw: Raw<'_>) -> Vec<TokenLogprob<'_>> {
    let said = member(raw, "text").and_then(Text::of_raw);
    let numbers = member(raw, "logprobs").and_then(|list| items(list).ok());
    let numbers = numbers.unwrap_or_default().into_iter();
    let numbers = numbers.filter(|number| kind(number) == Kind::Number);
    let token = |(at, logprob)| TokenLogprob {
        token: said.clone().filter(|_| at == 0).unwrap_or(Text::plain("")),
        logprob,
        bytes: None,
        top: Vec::new(),
    };
    numbers.enumerate().map(token).collect()
}

//! Who asks and at which tier, and what this API has no field for.

use super::write_parts::Pen;
use crate::canonical::error::FormatError;
use crate::canonical::raw::{self, Kind, Raw, each_member, kind};
use crate::canonical::request::Request;
use crate::canonical::side::Side;
use crate::canonical::text::Text;

type Result<T = ()> = std::result::Result<T, FormatError>;

/// Writes what is said of the account, and notes or refuses the rest.
pub(super) fn write(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    metadata(pen, request)?;
    tier(pen, request)?;
    without_place(pen, request)
}

/// What the service takes as a key or value of metadata.
fn is_plain(text: &Text<'_>) -> bool {
    let text = text.decoded();
    let fits = |char: char| {
        char.is_ascii_alphanumeric() || char.is_ascii_whitespace() || ":_@$#=/+,-.".contains(char)
    };
    text.len() <= 256 && text.chars().all(fits)
}

fn metadata(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    if let (true, Some(own)) = (pen.own, request.metadata) {
        pen.out.key("requestMetadata").raw(own);
        return Ok(());
    }
    let mut members: Vec<(Text<'_>, Text<'_>)> = Vec::new();
    let mut lost = None;
    if let Some(metadata) = request.metadata {
        each_member(metadata, |key, value| {
            let key = Text::plain(key.to_owned());
            match Text::of_raw(value).filter(|text| is_plain(text)) {
                Some(text) if is_plain(&key) && !key.is_empty() => members.push((key, text)),
                _ => lost = Some("metadata"),
            }
            Ok(())
        })?;
    }
    match &request.user {
        Some(user) if is_plain(user) => members.push((Text::plain("user"), user.borrowed())),
        Some(_) => lost = Some("user"),
        None => {}
    }
    if let Some(field) = lost {
        pen.notes.note(field, request.metadata)?;
    }
    if members.is_empty() {
        return Ok(());
    }
    pen.out.key("requestMetadata").open();
    for (key, value) in &members {
        pen.out.key(&key.decoded()).text(value);
    }
    pen.out.close();
    Ok(())
}

fn tier(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    let side = Side::of(&request.extras, pen.own);
    let word = request.tier.as_ref().map(Text::decoded);
    let word = match word.as_deref() {
        None if side.under("serviceTier.") => None,
        None => return Ok(()),
        Some(word) if pen.own => Some(word),
        Some("auto") => return Ok(()),
        Some("standard_only" | "standard") => Some("default"),
        Some(word @ ("default" | "priority" | "flex" | "reserved")) => Some(word),
        Some(_) => return pen.notes.note("service_tier", None),
    };
    pen.out.key("serviceTier").open();
    if let Some(word) = word {
        pen.out.key("type").plain(word);
    }
    side.write(&mut pen.out, "serviceTier.", &[]);
    pen.out.close();
    Ok(())
}

/// What this API has no field for.
fn without_place(pen: &mut Pen<'_, '_>, request: &Request<'_>) -> Result {
    let is_zero = |raw: &Raw<'_>| raw.get().parse() == Ok(0.0_f64);
    let sampling = &request.sampling;
    let penalty = |raw: Option<Raw<'_>>| raw.is_some_and(|raw| !is_zero(&raw));
    let hints = [
        ("seed", sampling.seed.is_some()),
        ("presence_penalty", penalty(sampling.presence_penalty)),
        ("frequency_penalty", penalty(sampling.frequency_penalty)),
        ("verbosity", request.verbosity.is_some()),
        ("prompt_cache_key", request.cache_key.is_some()),
        ("cache_control", request.cache.is_some()),
        ("reasoning.summary", request.thinking.summary.is_some()),
    ];
    for (field, there) in hints {
        if there {
            pen.notes.note(field, None)?;
        }
    }
    let many = |raw: Raw<'_>| raw::count(raw).is_none_or(|count| count > 1);
    let other = request.modalities.iter().any(|kind| !kind.is("text"));
    let biased = |raw: Raw<'_>| kind(raw) == Kind::Object && raw.get().contains(':');
    let asked = request.logprobs.as_ref().is_some_and(|asked| asked.wanted);
    let refused = [
        ("n", request.candidates.is_some_and(many)),
        ("logit_bias", request.logit_bias.is_some_and(biased)),
        ("logprobs", asked),
        ("modalities", other),
    ];
    match refused.iter().find(|(_, there)| *there) {
        Some((field, _)) => Err(pen.notes.refuse(*field, None)),
        None => Ok(()),
    }
}

//! Reads a whole reply.

use super::node::{self, inside, keep_spelling, member};
use super::read_message::{self, Message};
use super::stops::{self, Before};
use super::{OWN, Outcome, usage};
use crate::canonical::error::FormatError;
use crate::canonical::logprobs::tokens;
use crate::canonical::media;
use crate::canonical::parts::{
    Citation, Extra, Extras, Media, MediaKind, MediaSource, Part, PartKind, Weight,
};
use crate::canonical::raw::{self, Kind, Raw};
use crate::canonical::reply::{Choice, Reply, Stop, StopReason};
use crate::canonical::text::Text;

pub(super) fn read<'a>(body: Raw<'a>, provider: &'a str) -> Outcome<Reply<'a>> {
    let mut reply = Reply {
        from: Some(OWN),
        ..Reply::default()
    };
    let mut choices = None;
    raw::each_member(body, |key, value| {
        match key {
            _ if raw::is_null(value) => {}
            "id" => reply.id = Some(raw::text(value)?),
            "model" => reply.model = Some(raw::text(value)?),
            "created" => created(&mut reply, value),
            "choices" => choices = Some(value),
            "usage" => reply.usage = Some(cost(value, &mut reply.extras)?),
            "service_tier" => reply.tier = Some(raw::text(value)?),
            "object" | "system_fingerprint" => {
                let extra = Extra::new(key.to_owned(), value, Weight::Nothing);
                reply.extras.push(extra);
            }
            _ => reply
                .extras
                .push(Extra::new(key.to_owned(), value, Weight::Unknown)),
        }
        Ok(())
    })?;
    let list = choices.ok_or_else(|| FormatError::missing_in("choices", body))?;
    raw::each_item(list, |item| {
        let position = reply.choices.len() as u64;
        reply.choices.push(choice(item, position, provider)?);
        Ok(())
    })?;
    Ok(reply)
}

fn created<'a>(reply: &mut Reply<'a>, value: Raw<'a>) {
    reply.created = raw::count(value);
    keep_spelling(&mut reply.extras, "created", value);
}

fn cost<'a>(value: Raw<'a>, extras: &mut Extras<'a>) -> Outcome<crate::canonical::reply::Counts> {
    keep_spelling(extras, "usage", value);
    usage::read(value, extras)
}

fn choice<'a>(item: Raw<'a>, position: u64, provider: &'a str) -> Outcome<Choice<'a>> {
    let mut choice = Choice {
        index: position,
        ..Choice::default()
    };
    let (mut message, mut finish) = (None, None);
    raw::each_member(item, |key, value| {
        match key {
            _ if raw::is_null(value) => {}
            "index" => choice.index = raw::count(value).unwrap_or(position),
            "message" => message = Some(value),
            "finish_reason" => finish = Some(value),
            "logprobs" => logprobs(value, &mut choice)?,
            _ => choice
                .extras
                .push(Extra::new(key.to_owned(), value, Weight::Hint)),
        }
        Ok(())
    })?;
    let message = message.ok_or_else(|| FormatError::missing_in("message", item))?;
    said(message, &mut choice, provider)?;
    choice.stop = Stop::of(match finish {
        Some(finish) => stop(finish, &mut choice)?,
        None => stops::reason(&Text::plain("stop"), before(&choice.parts)),
    });
    Ok(choice)
}

fn stop<'a>(finish: Raw<'a>, choice: &mut Choice<'a>) -> Outcome<StopReason> {
    let word = raw::text(finish)?;
    let reason = stops::reason(&word, before(&choice.parts));
    if stops::word(reason).is_none_or(|known| !word.is(known)) {
        let weight = match stops::is_known(&word) {
            true => Weight::Nothing,
            false => Weight::Hint,
        };
        let spelt = Extra::new("finish_reason", finish, weight);
        choice.extras.push(spelt);
    }
    Ok(reason)
}

fn before(parts: &[Part<'_>]) -> Before {
    let any = |what: fn(&PartKind<'_>) -> bool| parts.iter().any(|part| what(&part.kind));
    Before {
        text: any(|kind| matches!(kind, PartKind::Text(text) if !text.is_empty())),
        calls: any(|kind| matches!(kind, PartKind::Call(_))),
        refusal: any(|kind| matches!(kind, PartKind::Refusal(_))),
    }
}

fn said<'a>(value: Raw<'a>, choice: &mut Choice<'a>, provider: &'a str) -> Outcome {
    let mut message = Message::read(value)?;
    let mut parts = message.said(Some(provider))?;
    let role = message
        .role
        .map(|raw| Extra::new("role", raw, Weight::Nothing));
    for extra in role.into_iter().chain(std::mem::take(&mut message.extras)) {
        match extra.field.as_ref() {
            "annotations" if extra.weight != Weight::Nothing => {
                annotations(extra.raw, &mut parts, &mut choice.extras)?;
            }
            "audio" if raw::kind(extra.raw) == Kind::Object => parts.push(audio(extra.raw)?),
            "images" => images(extra.raw, &mut parts)?,
            _ => choice
                .extras
                .push(inside("message.", &extra.field, extra.raw, told(&extra))),
        }
    }
    choice.parts = parts;
    Ok(())
}

fn told(extra: &Extra<'_>) -> Weight {
    match extra.weight {
        // A reply cannot be refused any more.
        Weight::Meaning => Weight::Hint,
        other => other,
    }
}

fn annotations<'a>(list: Raw<'a>, parts: &mut [Part<'a>], extras: &mut Extras<'a>) -> Outcome {
    let text = parts
        .iter_mut()
        .find(|part| matches!(part.kind, PartKind::Text(_)));
    let Some(text) = text else {
        extras.push(inside("message.", "annotations", list, Weight::Hint));
        return Ok(());
    };
    raw::each_item(list, |item| {
        text.citations.push(citation(item)?);
        Ok(())
    })
}

/// One annotation; of other kinds than `url_citation` there is only what was spelt.
pub(super) fn citation(item: Raw<'_>) -> Outcome<Citation<'_>> {
    let mut citation = Citation {
        origin: Some(item),
        ..Citation::default()
    };
    let Some(address) = member(item, "url_citation") else {
        return Ok(citation);
    };
    let (mut start, mut end) = (None, None);
    raw::each_member(address, |key, value| {
        match key {
            "url" => citation.url = raw::maybe_text(value)?,
            "title" => citation.title = raw::maybe_text(value)?,
            "content" => citation.quoted = raw::maybe_text(value)?,
            "start_index" => start = raw::count(value),
            "end_index" => end = raw::count(value),
            _ => {
                let extra = inside("url_citation.", key, value, Weight::Unknown);
                citation.extras.push(extra);
            }
        }
        Ok(())
    })?;
    citation.span = start.zip(end);
    Ok(citation)
}

fn audio(value: Raw<'_>) -> Outcome<Part<'_>> {
    let mut extras = Vec::new();
    let mut data = None;
    raw::each_member(value, |key, inner| {
        match key {
            _ if raw::is_null(inner) => {}
            "data" => data = Some(raw::text(inner)?),
            _ => extras.push(inside("audio.", key, inner, Weight::Hint)),
        }
        Ok(())
    })?;
    let data = data.ok_or_else(|| FormatError::missing_in("data", value))?;
    let media = Media::new(MediaKind::Audio, MediaSource::Base64(data));
    let mut part = Part::new(PartKind::Media(media)).from(value);
    part.extras = extras;
    Ok(part)
}

/// OpenRouter's `images`, which are like parts of a content list.
fn images<'a>(list: Raw<'a>, parts: &mut Vec<Part<'a>>) -> Outcome {
    raw::each_item(list, |item| {
        parts.push(image(item)?);
        Ok(())
    })
}

pub(super) fn image(item: Raw<'_>) -> Outcome<Part<'_>> {
    let mut extras = Vec::new();
    let address = member(item, "image_url");
    let address = address.ok_or_else(|| FormatError::missing_in("image_url", item))?;
    let media = read_message::image(address, &mut extras)?;
    let mut part = Part::new(PartKind::Media(media)).from(item);
    part.extras = extras;
    Ok(part)
}

/// Type and base64 of an image that is spelt out in its address.
pub(super) fn image_data<'p>(part: &'p Part<'_>) -> Option<(Option<Text<'p>>, Text<'p>)> {
    let PartKind::Media(Media {
        source: MediaSource::Base64(data),
        mime,
        ..
    }) = &part.kind
    else {
        return None;
    };
    let sniffed = || media::sniffed(data).map(Text::plain);
    let mime = mime.as_ref().map(|mime| mime.borrowed()).or_else(sniffed);
    Some((mime, data.borrowed()))
}

fn logprobs<'a>(value: Raw<'a>, choice: &mut Choice<'a>) -> Outcome {
    raw::each_member(value, |key, inner| {
        match key {
            _ if raw::is_null(inner) => {}
            "content" => choice.logprobs = tokens(inner)?,
            _ => choice
                .extras
                .push(inside("logprobs.", key, inner, Weight::Hint)),
        }
        Ok(())
    })
}

/// Whether a member of the reply is kept for this format.
pub(super) fn kept<'a>(extras: &Extras<'a>, field: &str, own: bool) -> Option<Raw<'a>> {
    node::find(extras, field).filter(|_| own)
}
